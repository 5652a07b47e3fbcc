/* describe_vectors.h - what the stages embed and meaning have in common: the
 * sentence-embedding model over texts of items. */
#ifndef NR_STAGE_DESCRIBE_VECTORS_H
#define NR_STAGE_DESCRIBE_VECTORS_H

#include "nightreel/stage.h"

struct nr_vector_job {
    const char *stage;
    /* Appends the text that stands for the item; a longer second part, or NULL. */
    const char *(*text)(const struct nr_item *item, struct nr_buf *head);
    struct nr_block *(*target)(struct nr_item *item);
};

/* A stage's key and run. Without an embedding model nothing is made or stored. The
 * model is loaded when there is something to do, and closed at the end. */
enum nr_status nr_vectors_key(const struct nr_vector_job *job, const struct nr_stage_env *env,
                              const struct nr_item *item, struct nr_buf *key, struct nr_error *err) NR_MUST_CHECK;
enum nr_status nr_vectors_run(const struct nr_vector_job *job, const struct nr_stage_env *env, struct nr_dataset *data,
                              const size_t *todo, size_t count, const struct nr_stage_sink *sink,
                              struct nr_error *err) NR_MUST_CHECK;

/* Embeds the text of the items todo[0..count) that have no raw_text yet. A text that
 * the model fails over leaves its item without. */
enum nr_status nr_vectors_ensure_text(struct nr_embedder *embedder, struct nr_item_list *items, const size_t *todo,
                                      size_t count, struct nr_error *err) NR_MUST_CHECK;
extern const struct nr_vector_job nr_text_job; /* embed.c: raw_text */

/* Opens the embedding model that the settings mean; *out is NULL where there is none. */
enum nr_status nr_vectors_open(const struct nr_stage_env *env, struct nr_embedder **out,
                               struct nr_error *err) NR_MUST_CHECK;

/* Appends the members of a list, separated by ", ". */
void nr_vectors_put_list(const struct nr_strings *list, struct nr_buf *out);

#endif
