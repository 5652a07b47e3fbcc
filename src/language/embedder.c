/* embedder.c - documents to vectors, whatever the engine; texts of this run that were
 * embedded before. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <uthash.h>

#include "language/embed_engine.h"
#include "nightreel/io.h"

#include "core/banned.h"

enum { REMEMBERED_MAX = 8192 }; /* vectors: 12 MB for the default model */

struct remembered {
    char digest[NR_DIGEST_HEX];
    bool present;
    UT_hash_handle hh;
    float vector[];
};

struct nr_embedder {
    const struct nr_embed_engine *engine;
    void *state;
    size_t length;
    struct remembered *seen;
};

void nr_add_unit(const float *vector, size_t length, double *sum)
{
    double norm = 0;
    for (size_t i = 0; i < length; i++)
        norm += (double)vector[i] * vector[i];
    for (size_t i = 0; i < length && norm > 0 && isfinite(norm); i++)
        sum[i] += vector[i] / sqrt(norm);
}

enum nr_status nr_embedder_open(const struct nr_embed_plan *plan, unsigned threads, struct nr_embedder **out,
                                struct nr_error *err)
{
    struct nr_embedder *e = calloc(1, sizeof *e);
    *out = NULL;
    if (!e)
        return nr_fail_nomem(err, "an embedding model");
    e->engine = plan->is_file ? &nr_embed_llama : &nr_embed_http;
    enum nr_status status = e->engine->open(plan, threads, &e->state, &e->length, err);
    if (status) {
        nr_embedder_close(e);
        return status;
    }
    *out = e;
    return NR_OK;
}

void nr_embedder_close(struct nr_embedder *e)
{
    struct remembered *entry, *next;
    if (!e)
        return;
    HASH_ITER(hh, e->seen, entry, next)
    {
        HASH_DEL(e->seen, entry);
        free(entry);
    }
    e->engine->close(e->state);
    free(e);
}

size_t nr_embedder_length(const struct nr_embedder *e)
{
    return e->length;
}

/* ---- memory ------------------------------------------------------------------------------- */

static enum nr_status digest_of(const struct nr_document *document, char out[NR_DIGEST_HEX], struct nr_error *err)
{
    struct nr_buf text = {0};
    nr_buf_printf(&text, "%zu %s\n%s", strlen(document->head), document->head, document->body ? document->body : "");
    enum nr_status status = nr_buf_status(&text, err);
    if (!status)
        status = nr_digest_bytes(text.data, text.length, out, err);
    nr_buf_release(&text);
    return status;
}

/* A vector that is not kept for want of memory is merely made again. */
static void remember(struct nr_embedder *e, const char digest[NR_DIGEST_HEX], const float *vector, bool present)
{
    struct remembered *entry = NULL;
    HASH_FIND_STR(e->seen, digest, entry);
    if (entry || HASH_COUNT(e->seen) >= REMEMBERED_MAX)
        return;
    entry = calloc(1, sizeof *entry + e->length * sizeof *vector);
    if (!entry)
        return;
    memcpy(entry->digest, digest, sizeof entry->digest);
    memcpy(entry->vector, vector, e->length * sizeof *vector);
    entry->present = present;
    HASH_ADD_STR(e->seen, digest, entry);
}

static bool recall(const struct nr_embedder *e, const char digest[NR_DIGEST_HEX], float *vector, bool *present)
{
    struct remembered *entry = NULL;
    HASH_FIND_STR(e->seen, digest, entry);
    if (!entry)
        return false;
    memcpy(vector, entry->vector, e->length * sizeof *vector);
    *present = entry->present;
    return true;
}

/* ---- documents ---------------------------------------------------------------------------- */

static bool has_words(const char *text)
{
    return text && text[strspn(text, " \t\r\n")];
}

static void normalise(const double *sum, size_t length, float *out)
{
    double norm = 0;
    for (size_t i = 0; i < length; i++)
        norm += sum[i] * sum[i];
    for (size_t i = 0; i < length; i++)
        out[i] = norm > 0 ? (float)(sum[i] / sqrt(norm)) : 0;
}

/* The mean of the parts, each of which is the mean of its windows. */
static void combine(const double *parts, size_t count, size_t length, double *total, float *out, bool *present)
{
    memset(total, 0, length * sizeof *total);
    *present = false;
    for (size_t p = 0; p < count; p++) {
        const double *part = parts + p * length;
        double norm = 0;
        for (size_t i = 0; i < length; i++)
            norm += part[i] * part[i];
        for (size_t i = 0; i < length && norm > 0; i++)
            total[i] += part[i] / sqrt(norm);
        *present |= norm > 0;
    }
    normalise(total, length, out);
}

/* Embeds the documents todo[0..count) anew. */
static enum nr_status embed(struct nr_embedder *e, const struct nr_document *documents, const size_t *todo,
                            size_t count, float *out, bool *present, struct nr_error *err)
{
    const char *texts[2 * NR_DOCUMENTS_MAX];
    size_t first[NR_DOCUMENTS_MAX + 1], parts = 0;
    for (size_t i = 0; i < count; i++) {
        const struct nr_document *document = &documents[todo[i]];
        first[i] = parts;
        if (has_words(document->head))
            texts[parts++] = document->head;
        if (has_words(document->body))
            texts[parts++] = document->body;
    }
    first[count] = parts;
    double *sums = calloc((parts + 1) * e->length, sizeof *sums);
    if (!sums)
        return nr_fail_nomem(err, "an embedding");
    enum nr_status status = parts ? e->engine->encode(e->state, texts, parts, sums, err) : NR_OK;
    for (size_t i = 0; i < count && !status; i++)
        combine(sums + first[i] * e->length, first[i + 1] - first[i], e->length, sums + parts * e->length,
                out + todo[i] * e->length, &present[todo[i]]);
    free(sums);
    return status;
}

enum nr_status nr_embedder_documents(struct nr_embedder *e, const struct nr_document *documents, size_t count,
                                     float *out, bool *present, struct nr_error *err)
{
    char digests[NR_DOCUMENTS_MAX][NR_DIGEST_HEX];
    size_t todo[NR_DOCUMENTS_MAX], n = 0;
    enum nr_status status = NR_OK;
    for (size_t i = 0; i < count && !status; i++) {
        present[i] = false;
        memset(out + i * e->length, 0, e->length * sizeof *out);
        status = digest_of(&documents[i], digests[i], err);
        if (!status && !recall(e, digests[i], out + i * e->length, &present[i]))
            todo[n++] = i;
    }
    if (!status && n)
        status = embed(e, documents, todo, n, out, present, err);
    for (size_t i = 0; i < n && !status; i++)
        remember(e, digests[todo[i]], out + todo[i] * e->length, present[todo[i]]);
    return status;
}
