/* embed_engine.h - what turns texts into vectors: one table, whatever the engine. */
#ifndef NR_LANGUAGE_EMBED_ENGINE_H
#define NR_LANGUAGE_EMBED_ENGINE_H

#include "nightreel/language_embed.h"

enum { NR_EMBED_WINDOWS_MAX = 16 }; /* of one part of a document */

struct nr_embed_engine {
    enum nr_status (*open)(const struct nr_embed_plan *plan, unsigned threads, void **state, size_t *length,
                           struct nr_error *err);
    /* Adds to sums[i * length ..] the L2-normalised vectors of the windows of texts[i],
     * none of which is blank. */
    enum nr_status (*encode)(void *state, const char *const *texts, size_t count, double *sums, struct nr_error *err);
    void (*close)(void *state);
};
extern const struct nr_embed_engine nr_embed_llama, nr_embed_http;

/* The windows to take of `windows`: window i of `taken` is number i * windows / taken. */
static inline size_t nr_windows_taken(size_t windows)
{
    return windows < NR_EMBED_WINDOWS_MAX ? windows : NR_EMBED_WINDOWS_MAX;
}
/* Adds vector / |vector| to sum; nothing where it is zero or not finite. */
void nr_add_unit(const float *vector, size_t length, double *sum);

#endif
