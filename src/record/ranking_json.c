/* ranking_json.c - a user's recommendations as JSON and back. */
#include "record/fields.h"

#include <string.h>

#include "core/banned.h"

#define FILL_POPULARITY "popularity"

static void put_because_watched(const struct nr_ranked *item, struct nr_buf *out)
{
    nr_json_put_key(out, "because_watched");
    nr_json_open(out, '{');
    nr_put_text(out, "video_id", item->watched_id);
    nr_put_text(out, "title", item->watched_title);
    nr_put_number(out, "share", item->watched_share);
    nr_json_close(out, '}');
}

static void put_ranked(const struct nr_ranked *item, size_t rank, struct nr_buf *out)
{
    nr_json_open(out, '{');
    nr_put_int(out, "rank", (int64_t)rank);
    nr_put_text(out, "video_id", item->video_id);
    nr_put_text(out, "title", item->title);
    nr_put_number(out, "score", item->score);
    nr_put_number(out, "probability", item->probability);
    nr_json_put_key(out, "parts");
    nr_json_open(out, '{');
    for (size_t i = 0; i < item->part_count; i++)
        nr_put_number(out, item->parts[i].name, item->parts[i].value);
    nr_json_close(out, '}');
    nr_put_strings(out, "because", &item->because);
    if (item->watched_id)
        put_because_watched(item, out);
    if (item->filled)
        nr_put_text(out, "fill", FILL_POPULARITY);
    nr_json_close(out, '}');
}

void nr_ranking_write(const struct nr_ranking *ranking, struct nr_buf *out)
{
    nr_json_open(out, '{');
    nr_put_text(out, "user_id", ranking->user_id);
    nr_put_time(out, "generated_at", ranking->generated_at);
    nr_put_text(out, "model", ranking->model);
    nr_put_number(out, "beta", ranking->beta);
    nr_put_interests(out, ranking->interests, ranking->interest_count);
    nr_json_put_key(out, "items");
    nr_json_open(out, '[');
    for (size_t i = 0; i < ranking->count; i++)
        put_ranked(&ranking->items[i], i + 1, out);
    nr_json_close(out, ']');
    nr_json_close(out, '}');
}

/* The order of the parts is the order of the sum, so it is kept. */
static void read_parts(struct nr_fields *fields, const struct nr_json *from, struct nr_ranked *item)
{
    const struct nr_json *object = nr_fields_object(fields, from, "parts");
    size_t count = nr_json_size(object);
    item->parts = count ? nr_arena_alloc(fields->mem, count, sizeof(*item->parts)) : NULL;
    for (const struct nr_json *m = item->parts ? nr_json_first(object) : NULL; m; m = nr_json_next(m)) {
        if (nr_json_type(m) != NR_JSON_NUMBER && nr_json_type(m) != NR_JSON_NULL)
            nr_fields_fail(fields, "parts", "holds a value that is no number");
        item->parts[item->part_count++] =
            (struct nr_part){.name = nr_arena_strdup(fields->mem, nr_json_key(m)), .value = nr_json_number(m)};
    }
}

static void read_because_watched(struct nr_fields *fields, const struct nr_json *from, struct nr_ranked *item)
{
    const struct nr_json *object = nr_fields_object(fields, from, "because_watched");
    if (!object)
        return;
    item->watched_id = nr_fields_text(fields, object, "video_id", true);
    item->watched_title = nr_fields_text(fields, object, "title", false);
    item->watched_share = nr_fields_number(fields, object, "share");
}

static void read_ranked(struct nr_fields *fields, const struct nr_json *from, size_t place, void *to)
{
    struct nr_ranked *item = to;
    if (nr_fields_int(fields, from, "rank") != (int64_t)place + 1)
        nr_fields_fail(fields, "rank", "is not the item's place in the list");
    item->video_id = nr_fields_text(fields, from, "video_id", true);
    item->title = nr_fields_text(fields, from, "title", false);
    item->score = nr_fields_number(fields, from, "score");
    item->probability = nr_fields_number(fields, from, "probability");
    read_parts(fields, from, item);
    item->because = nr_fields_strings(fields, from, "because");
    read_because_watched(fields, from, item);
    const char *fill = nr_fields_text(fields, from, "fill", false);
    item->filled = fill != NULL;
    if (fill && strcmp(fill, FILL_POPULARITY) != 0)
        nr_fields_fail(fields, "fill", "has an unknown value");
}

enum nr_status nr_ranking_read(struct nr_ranking *ranking, const char *json, size_t length, struct nr_error *err)
{
    struct nr_fields fields;
    struct nr_json_doc *doc;
    enum nr_status status = nr_fields_begin(&fields, json, length, &ranking->mem, &doc, err);
    if (status != NR_OK)
        return status;
    const struct nr_json *root = nr_json_root(doc);
    ranking->user_id = nr_fields_text(&fields, root, "user_id", true);
    ranking->generated_at = nr_fields_time(&fields, root, "generated_at");
    ranking->model = nr_fields_text(&fields, root, "model", true);
    ranking->beta = nr_fields_number(&fields, root, "beta");
    ranking->interests = nr_fields_interests(&fields, root, &ranking->interest_count);
    ranking->items = nr_fields_objects(&fields, root, "items", sizeof *ranking->items, read_ranked, &ranking->count);
    nr_json_free(doc);
    return nr_fields_end(&fields);
}
