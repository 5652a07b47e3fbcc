/* meaning.c - per item: raw_semantic, the sentence embedding of the description. */
#include "stage/describe_vectors.h"

#include "core/banned.h"

static const char *text_of(const struct nr_item *item, struct nr_buf *head)
{
    if (!item->description)
        return NULL;
    nr_buf_printf(head, "%s\n", item->description->summary ? item->description->summary : "");
    nr_vectors_put_list(&item->description->topics, head);
    nr_buf_putc(head, '\n');
    nr_vectors_put_list(&item->description->keywords, head);
    return NULL;
}

static struct nr_block *target_of(struct nr_item *item)
{
    return &item->raw_semantic;
}

static const struct nr_vector_job job = {"meaning", text_of, target_of};

static enum nr_status key(const struct nr_stage_env *env, const struct nr_item *item, struct nr_buf *out,
                          struct nr_error *err)
{
    return nr_vectors_key(&job, env, item, out, err);
}

static enum nr_status run(const struct nr_stage_env *env, struct nr_dataset *data, const size_t *todo, size_t count,
                          const struct nr_stage_sink *sink, struct nr_error *err)
{
    return nr_vectors_run(&job, env, data, todo, count, sink, err);
}

const struct nr_stage nr_stage_meaning = {
    .name = "meaning",
    .summary = "sentence embedding of the description",
    .makes = NR_PART_RAW_SEMANTIC,
    .key = key,
    .run = run,
};
