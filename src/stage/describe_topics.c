/* describe_topics.c - see describe_topics.h. */
#include "stage/describe_topics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nightreel/language_evidence.h"
#include "stage/describe_vectors.h"

#include "core/banned.h"

/* Fewer vectors than this have no mean worth subtracting. */
enum { CENTRE_LEAST = 10 };

struct proposal {
    const struct nr_topics *vocabulary;
    struct nr_embedder *embedder; /* NULL: none */
    size_t tags, length;          /* tags looked at; floats of a vector */
    bool *han;                    /* by tag: in Chinese characters */
    float *vectors;               /* by tag; NULL without an embedder */
    float *means[2];              /* of the items' vectors: in other languages, in Chinese */
};

struct scored {
    const char *tag;
    double score;
    size_t rank;
};

static int by_score(const void *a, const void *b)
{
    const struct scored *left = a, *right = b;
    if (left->score != right->score)
        return left->score < right->score ? 1 : -1;
    return left->rank < right->rank ? -1 : left->rank > right->rank;
}

static bool is_han(const char *text)
{
    return nr_text_han_share(text) > 0.5;
}

static bool is_chinese(const struct nr_item *item)
{
    return strcmp(nr_item_language(item), "zh") == 0;
}

/* Subtracts the mean of the rows whose `kind` is `which`, where there are enough, and
 * keeps it in *mean. */
static void centre(float *rows, const bool *kind, bool which, size_t count, size_t length, float *mean)
{
    size_t members = 0;
    for (size_t i = 0; i < count; i++)
        members += kind[i] == which;
    for (size_t j = 0; j < length; j++) {
        double sum = 0;
        for (size_t i = 0; i < count; i++)
            sum += kind[i] == which ? rows[i * length + j] : 0;
        float value = members >= CENTRE_LEAST ? (float)(sum / (double)members) : 0;
        for (size_t i = 0; i < count; i++)
            rows[i * length + j] -= kind[i] == which ? value : 0;
        if (mean)
            mean[j] = value;
    }
}

static enum nr_status embed_tags(struct proposal *p, struct nr_arena *mem, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    p->vectors = nr_arena_alloc(mem, p->tags ? p->tags : 1, p->length * sizeof *p->vectors);
    if (!p->vectors)
        return nr_fail_nomem(err, "the catalogue's topics");
    for (size_t i = 0; i < p->tags && !status; i += NR_DOCUMENTS_MAX) {
        struct nr_document documents[NR_DOCUMENTS_MAX];
        bool present[NR_DOCUMENTS_MAX];
        size_t n = p->tags - i < NR_DOCUMENTS_MAX ? p->tags - i : NR_DOCUMENTS_MAX;
        for (size_t j = 0; j < n; j++)
            documents[j] = (struct nr_document){p->vocabulary->frequent.items[i + j], NULL};
        status = nr_embedder_documents(p->embedder, documents, n, p->vectors + i * p->length, present, err);
    }
    for (int kind = 0; kind < 2 && !status; kind++)
        centre(p->vectors, p->han, kind == 1, p->tags, p->length, NULL);
    return status;
}

/* The means of what is embedded, by language. */
static enum nr_status average_items(struct proposal *p, const struct nr_item_list *items, struct nr_arena *mem,
                                    struct nr_error *err)
{
    size_t count = 0;
    float *rows = malloc((items->count ? items->count : 1) * p->length * sizeof *rows);
    bool *kinds = malloc((items->count ? items->count : 1) * sizeof *kinds);
    enum nr_status status = rows && kinds ? NR_OK : nr_fail_nomem(err, "the catalogue's topics");
    for (size_t i = 0; i < items->count && !status; i++) {
        const struct nr_block *raw = &items->items[i].raw_text;
        if (!raw->values || raw->length != p->length)
            continue;
        kinds[count] = is_chinese(&items->items[i]);
        memcpy(rows + count++ * p->length, raw->values, p->length * sizeof *rows);
    }
    for (int kind = 0; kind < 2 && !status; kind++) {
        p->means[kind] = nr_arena_alloc(mem, p->length, sizeof **p->means);
        if (!p->means[kind])
            status = nr_fail_nomem(err, "the catalogue's topics");
        else
            centre(rows, kinds, kind == 1, count, p->length, p->means[kind]);
    }
    free(rows);
    free(kinds);
    return status;
}

/* Cosine of a centred tag and the item, which is centred on the way. */
static double similarity(const struct proposal *p, const struct nr_item *item, size_t tag)
{
    const float *a = p->vectors + tag * p->length, *b = item->raw_text.values, *mean = p->means[is_chinese(item)];
    double dot = 0, left = 0, right = 0;
    for (size_t i = 0; i < p->length; i++) {
        double y = (double)b[i] - mean[i];
        dot += a[i] * y;
        left += (double)a[i] * a[i];
        right += y * y;
    }
    return left > 0 && right > 0 ? dot / sqrt(left * right) : 0;
}

static double score(const struct proposal *p, const struct nr_item *item, const struct nr_evidence *evidence,
                    size_t tag)
{
    enum { OWN = 4, CONTAINED = 2 };
    const char *name = p->vocabulary->frequent.items[tag];
    for (size_t i = 0; i < item->tags.count; i++)
        if (nr_topics_find(p->vocabulary, item->tags.items[i]) == name)
            return OWN + 1.0 / (double)(1 + i);
    bool embedded = p->vectors && item->raw_text.values && item->raw_text.length == p->length;
    double near = embedded ? similarity(p, item, tag) : 0;
    return nr_evidence_has(evidence, name) ? CONTAINED + near : near;
}

static enum nr_status propose_one(const struct proposal *p, const struct nr_item *item, struct nr_arena *mem,
                                  struct nr_strings *row, struct nr_error *err)
{
    struct scored *scores = malloc((p->tags ? p->tags : 1) * sizeof *scores);
    struct nr_evidence evidence;
    size_t count = 0;
    *row = (struct nr_strings){nr_arena_alloc(mem, NR_TOPIC_CANDIDATES, sizeof *row->items), 0};
    if (!scores || !row->items) {
        free(scores);
        return nr_fail_nomem(err, "the catalogue's topics");
    }
    nr_evidence_init(&evidence, item);
    for (size_t i = 0; i < p->tags; i++)
        if (p->han[i] == is_chinese(item) && !nr_tag_is_format(p->vocabulary->frequent.items[i]))
            scores[count++] = (struct scored){p->vocabulary->frequent.items[i], score(p, item, &evidence, i), i};
    qsort(scores, count, sizeof *scores, by_score);
    while (row->count < count && row->count < NR_TOPIC_CANDIDATES) {
        row->items[row->count] = scores[row->count].tag;
        row->count++;
    }
    nr_evidence_release(&evidence);
    free(scores);
    return NR_OK;
}

enum nr_status nr_topics_propose(struct nr_embedder *embedder, struct nr_item_list *items, const size_t *todo,
                                 size_t count, const struct nr_topics *vocabulary, struct nr_arena *mem,
                                 struct nr_strings *rows, struct nr_error *err)
{
    struct nr_arena scratch = {0};
    struct proposal p = {.vocabulary = vocabulary,
                         .embedder = embedder,
                         .tags =
                             vocabulary->frequent.count < NR_TOPIC_TAGS ? vocabulary->frequent.count : NR_TOPIC_TAGS,
                         .length = embedder ? nr_embedder_length(embedder) : 0};
    enum nr_status status = NR_OK;
    p.han = nr_arena_alloc(&scratch, p.tags ? p.tags : 1, sizeof *p.han);
    if (!p.han)
        return nr_fail_nomem(err, "the catalogue's topics");
    for (size_t i = 0; i < p.tags; i++)
        p.han[i] = is_han(vocabulary->frequent.items[i]);
    if (embedder)
        status = nr_vectors_ensure_text(embedder, items, todo, count, err);
    if (!status && embedder)
        status = embed_tags(&p, &scratch, err);
    if (!status && embedder)
        status = average_items(&p, items, &scratch, err);
    for (size_t i = 0; i < count && !status; i++)
        status = propose_one(&p, &items->items[todo[i]], mem, &rows[i], err);
    nr_arena_release(&scratch);
    return status;
}
