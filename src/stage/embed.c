/* embed.c - per item: raw_text, the sentence embedding of title, tags and synopsis,
 * and of the subtitles. Without an embedding model it makes nothing, and fuse hashes. */
#include "stage/describe_vectors.h"

#include "core/banned.h"

static const char *text_of(const struct nr_item *item, struct nr_buf *head)
{
    nr_buf_printf(head, "%s\n", item->title ? item->title : "");
    nr_vectors_put_list(&item->tags, head);
    nr_buf_printf(head, "\n%s", item->synopsis ? item->synopsis : "");
    return item->text ? item->text->subtitles : NULL;
}

static struct nr_block *target_of(struct nr_item *item)
{
    return &item->raw_text;
}

const struct nr_vector_job nr_text_job = {"embed", text_of, target_of};

static enum nr_status key(const struct nr_stage_env *env, const struct nr_item *item, struct nr_buf *out,
                          struct nr_error *err)
{
    return nr_vectors_key(&nr_text_job, env, item, out, err);
}

static enum nr_status run(const struct nr_stage_env *env, struct nr_dataset *data, const size_t *todo, size_t count,
                          const struct nr_stage_sink *sink, struct nr_error *err)
{
    return nr_vectors_run(&nr_text_job, env, data, todo, count, sink, err);
}

const struct nr_stage nr_stage_embed = {
    .name = "embed",
    .summary = "sentence embedding of title, tags, synopsis and subtitles",
    .makes = NR_PART_RAW_TEXT,
    .key = key,
    .run = run,
};
