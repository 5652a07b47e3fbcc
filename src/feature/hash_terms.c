/* hash_terms.c - document frequencies, tags as terms, signed feature hashing. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nightreel/feature.h"

#include "core/banned.h"

/* Sorted names to terms that count how often each occurs. */
static enum nr_status count_names(const char *const *names, size_t count, struct nr_arena *mem, struct nr_terms *out,
                                  struct nr_error *err)
{
    size_t distinct = 0;
    for (size_t i = 0; i < count; i++)
        distinct += i == 0 || strcmp(names[i - 1], names[i]) != 0;
    *out = (struct nr_terms){nr_arena_alloc(mem, distinct, sizeof *out->items), 0};
    if (!out->items)
        return nr_fail_nomem(err, "word counts");
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || strcmp(names[i - 1], names[i]) != 0)
            out->items[out->count++] = (struct nr_term){nr_arena_strdup(mem, names[i]), 0};
        out->items[out->count - 1].weight += 1;
    }
    return mem->failed ? nr_fail_nomem(err, "word counts") : NR_OK;
}

enum nr_status nr_document_counts_fit(const struct nr_terms *const *documents, size_t count, struct nr_arena *mem,
                                      struct nr_document_counts *out, struct nr_error *err)
{
    size_t total = 0, at = 0;
    *out = (struct nr_document_counts){.documents = 0};
    for (size_t i = 0; i < count; i++) {
        total += documents[i] ? documents[i]->count : 0;
        out->documents += documents[i] != NULL;
    }
    const char **names = calloc(total ? total : 1, sizeof *names);
    if (!names)
        return nr_fail_nomem(err, "word counts");
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; documents[i] && k < documents[i]->count; k++)
            names[at++] = documents[i]->items[k].name;
    qsort(names, total, sizeof *names, nr_id_order);
    enum nr_status status = count_names(names, total, mem, &out->terms, err);
    free(names);
    return status;
}

double nr_document_count(const struct nr_document_counts *counts, const char *name)
{
    struct nr_term key = {.name = name};
    const struct nr_term *found =
        counts->terms.count ? bsearch(&key, counts->terms.items, counts->terms.count, sizeof key, nr_term_compare)
                            : NULL;
    return found ? found->weight : 0;
}

double nr_idf(const struct nr_document_counts *counts, const char *name)
{
    return log((1 + (double)counts->documents) / (1 + nr_document_count(counts, name))) + 1;
}

enum nr_status nr_tag_terms(const struct nr_item *item, struct nr_arena *mem, struct nr_terms *out,
                            struct nr_error *err)
{
    const struct nr_strings *lists[NR_TAG_KIND_COUNT] = {&item->tags, &item->actors, &item->directors};
    size_t total = item->tags.count + item->actors.count + item->directors.count, at = 0;
    *out = (struct nr_terms){nr_arena_alloc(mem, total, sizeof *out->items), 0};
    for (int kind = 0; kind < NR_TAG_KIND_COUNT && out->items; kind++)
        for (size_t i = 0; i < lists[kind]->count; i++)
            out->items[at++] =
                (struct nr_term){nr_arena_printf(mem, "%s:%s", nr_tag_kind_names[kind], lists[kind]->items[i]), 1};
    if (mem->failed)
        return nr_fail_nomem(err, "the tags of a video");
    qsort(out->items, at, sizeof *out->items, nr_term_compare);
    for (size_t i = 0; i < at; i++)
        if (out->count == 0 || strcmp(out->items[out->count - 1].name, out->items[i].name) != 0)
            out->items[out->count++] = out->items[i];
    return NR_OK;
}

void nr_hash_terms(const struct nr_terms *terms, const struct nr_document_counts *counts, float *row)
{
    double sums[NR_HASH_DIMENSIONS] = {0};
    for (size_t i = 0; i < terms->count; i++) {
        const struct nr_term *term = &terms->items[i];
        if (term->weight <= 0)
            continue;
        uint64_t hash = nr_splitmix64(nr_fnv1a(NR_FNV1A_SEED, term->name, strlen(term->name)));
        double value = (1 + log(term->weight)) * nr_idf(counts, term->name);
        sums[hash % NR_HASH_DIMENSIONS] += hash & NR_HASH_DIMENSIONS ? -value : value;
    }
    for (size_t j = 0; j < NR_HASH_DIMENSIONS; j++)
        row[j] = (float)sums[j];
}

enum nr_status nr_hash_tfidf(const struct nr_terms *const *documents, size_t count, float *rows, struct nr_error *err)
{
    struct nr_arena mem = {0};
    struct nr_document_counts counts;
    enum nr_status status = nr_document_counts_fit(documents, count, &mem, &counts, err);
    for (size_t i = 0; i < count && !status; i++) {
        static const struct nr_terms none;
        nr_hash_terms(documents[i] ? documents[i] : &none, &counts, rows + i * NR_HASH_DIMENSIONS);
    }
    nr_arena_release(&mem);
    return status;
}
