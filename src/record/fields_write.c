/* fields_write.c - keys with their values; what there is none of is left out. */
#include "record/fields.h"

#include <math.h>

#include "core/banned.h"

void nr_put_text(struct nr_buf *out, const char *key, const char *text)
{
    if (!text)
        return;
    nr_json_put_key(out, key);
    nr_json_put_string(out, text);
}

void nr_put_number(struct nr_buf *out, const char *key, double value)
{
    nr_json_put_key(out, key);
    nr_json_put_double(out, value);
}

void nr_put_known(struct nr_buf *out, const char *key, double value)
{
    if (isfinite(value))
        nr_put_number(out, key, value);
}

void nr_put_int(struct nr_buf *out, const char *key, int64_t value)
{
    nr_json_put_key(out, key);
    nr_json_put_int(out, value);
}

void nr_put_time(struct nr_buf *out, const char *key, int64_t ms)
{
    char text[NR_NUMBER_MAX];
    nr_time_format(text, ms);
    if (*text)
        nr_put_text(out, key, text);
}

void nr_put_strings(struct nr_buf *out, const char *key, const struct nr_strings *list)
{
    nr_json_put_key(out, key);
    nr_json_put_strings(out, list);
}

void nr_put_terms(struct nr_buf *out, const char *key, const struct nr_terms *terms)
{
    nr_json_put_key(out, key);
    nr_json_open(out, '{');
    for (size_t i = 0; i < terms->count; i++)
        nr_put_number(out, terms->items[i].name, terms->items[i].weight);
    nr_json_close(out, '}');
}

void nr_put_block(struct nr_buf *out, const char *key, const struct nr_block *block)
{
    if (block->terms.count > 0) {
        nr_put_terms(out, key, &block->terms);
    } else if (block->length > 0) {
        nr_json_put_key(out, key);
        nr_json_put_floats(out, block->values, block->length);
    }
}

void nr_put_blocks(struct nr_buf *out, const struct nr_block blocks[NR_BLOCK_COUNT])
{
    nr_json_put_key(out, "blocks");
    nr_json_open(out, '{');
    for (size_t i = 0; i < NR_BLOCK_COUNT; i++)
        nr_put_block(out, nr_block_defs[i].name, &blocks[i]);
    nr_json_close(out, '}');
}

void nr_put_interests(struct nr_buf *out, const struct nr_interest *interests, size_t count)
{
    nr_json_put_key(out, "interests");
    nr_json_open(out, '[');
    for (size_t i = 0; i < count; i++) {
        nr_json_open(out, '{');
        nr_put_text(out, "tag", interests[i].tag);
        nr_put_text(out, "kind", nr_tag_kind_names[interests[i].kind]);
        nr_put_number(out, "weight", interests[i].weight);
        nr_json_close(out, '}');
    }
    nr_json_close(out, ']');
}
