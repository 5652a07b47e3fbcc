/* trained_read.c - a model from its file. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "interest/trained_read.h"

#include "core/banned.h"

enum { FORMAT = 1, COUNT_MAX = 1 << 30 };

struct reading {
    struct nr_input *in;
    struct nr_json_doc *doc; /* of the last line */
    const struct nr_json *root;
    struct nr_trained *trained;
    size_t capacity; /* of pairs */
    struct nr_error *err;
};

static enum nr_status wrong(const struct reading *r, const char *what)
{
    return nr_fail(r->err, NR_ERR_DATA, "'%s': line %zu: %s", nr_input_name(r->in), nr_input_line_number(r->in), what);
}

static enum nr_status next_line(struct reading *r)
{
    const char *line;
    size_t length;
    nr_json_free(r->doc);
    r->doc = NULL;
    enum nr_status status = nr_input_line(r->in, &line, &length, r->err);
    if (status == NR_END)
        return nr_fail(r->err, NR_ERR_DATA,
                       "'%s': the file ends after line %zu: make it again with profile --model-out",
                       nr_input_name(r->in), nr_input_line_number(r->in));
    if (!status && nr_json_parse(line, length, &r->doc, r->err) != NR_OK)
        return wrong(r, "no JSON: is this a file of profile --model-out?");
    r->root = status ? NULL : nr_json_root(r->doc);
    return status;
}

static bool read_count(const struct nr_json *from, const char *key, size_t *out)
{
    double number = nr_json_number(nr_json_get(from, key));
    if (!(number >= 0 && number <= COUNT_MAX) || floor(number) != number)
        return false;
    *out = (size_t)number;
    return true;
}

static bool read_params(const struct nr_json *from, struct nr_model_params *params)
{
    nr_model_params_default(params);
    for (const struct nr_json *m = nr_json_first(from); m; m = nr_json_next(m)) {
        size_t p = 0;
        double value = nr_json_number(m);
        while (p < nr_model_param_count && strcmp(nr_model_param_table[p].name, nr_json_key(m)) != 0)
            p++;
        if (p == nr_model_param_count || !isfinite(value) || fabs(value) > 1e15)
            return false;
        char *field = (char *)params + nr_model_param_table[p].offset;
        if (nr_model_param_table[p].type == NR_PARAM_DOUBLE)
            *(double *)(void *)field = value;
        else if (value < 0)
            return false;
        else if (nr_model_param_table[p].type == NR_PARAM_SIZE)
            *(size_t *)(void *)field = (size_t)value;
        else
            *(int *)(void *)field = (int)value;
    }
    return nr_model_params_check(params) == NULL;
}

static enum nr_status read_head(struct reading *r, size_t *items, size_t *users)
{
    struct nr_trained *t = r->trained;
    enum nr_status status = next_line(r);
    if (status)
        return status;
    const char *name = nr_json_string(nr_json_get(r->root, "model"));
    if (nr_json_number(nr_json_get(r->root, "nightreel_model")) != FORMAT)
        return wrong(r, "no file of profile --model-out, or one of another version");
    t->model = name ? nr_model_find(name, strlen(name)) : NULL;
    if (!t->model)
        return wrong(r, "a model that is not known here");
    if (!read_params(nr_json_get(r->root, "params"), &t->params))
        return wrong(r, "parameters that are not known or out of range");
    if (!read_count(r->root, "items", items) || !read_count(r->root, "users", users) || *items >= UINT32_MAX)
        return wrong(r, "no numbers of items and users");
    return NR_OK;
}

static enum nr_status read_items(struct reading *r, size_t count)
{
    struct nr_pairs *pairs = &r->trained->pairs;
    enum nr_status status = next_line(r);
    if (status)
        return status;
    const struct nr_json *list = nr_json_get(r->root, "items");
    if (nr_json_size(list) != count)
        return wrong(r, "not as many items as the first line says");
    pairs->items = nr_arena_alloc(&pairs->mem, count + 1, sizeof *pairs->items);
    for (const struct nr_json *m = nr_json_first(list); m && pairs->items; m = nr_json_next(m)) {
        const char *id = nr_json_string(m);
        if (!id || (pairs->item_count && strcmp(pairs->items[pairs->item_count - 1], id) >= 0))
            return wrong(r, "items are not in the order of their ids, each once");
        pairs->items[pairs->item_count++] = nr_arena_strdup(&pairs->mem, id);
    }
    return pairs->mem.failed ? nr_fail_nomem(r->err, "a model's videos") : NR_OK;
}

static enum nr_status grow(struct reading *r, size_t need)
{
    struct nr_pairs *pairs = &r->trained->pairs;
    if (need <= r->capacity)
        return NR_OK;
    struct nr_pair *all = nr_arena_alloc(&pairs->mem, 2 * need, sizeof *all);
    if (!all)
        return nr_fail_nomem(r->err, "a model's pairs");
    if (pairs->pairs)
        memcpy(all, pairs->pairs, pairs->starts[pairs->user_count] * sizeof *all);
    pairs->pairs = all;
    r->capacity = 2 * need;
    return NR_OK;
}

static enum nr_status read_user(struct reading *r)
{
    struct nr_pairs *pairs = &r->trained->pairs;
    size_t count = 0, time_count = 0, at = pairs->starts[pairs->user_count];
    enum nr_status status = next_line(r);
    if (status)
        return status;
    const char *id = nr_json_string(nr_json_get(r->root, "user"));
    const double *items = nr_json_vector(r->doc, nr_json_get(r->root, "items"), &count);
    const double *times = nr_json_vector(r->doc, nr_json_get(r->root, "times"), &time_count);
    if (!id || (pairs->user_count && strcmp(pairs->users[pairs->user_count - 1], id) >= 0))
        return wrong(r, "users are not in the order of their ids, each once");
    if (!items || !times || count != time_count)
        return wrong(r, "a user without items, or without a time for each");
    status = grow(r, at + count + 1);
    for (size_t i = 0; i < count && !status; i++) {
        if (!(items[i] >= 0 && items[i] < (double)pairs->item_count && fabs(times[i]) <= 0x1p63))
            return wrong(r, "an item or a time out of range");
        int64_t time = times[i] <= -0x1p63 || times[i] >= 0x1p63 ? NR_TIME_NONE : (int64_t)times[i];
        pairs->pairs[at + i] = (struct nr_pair){.item = (uint32_t)items[i], .weight = 1, .time = time};
        pairs->last_time = time > pairs->last_time ? time : pairs->last_time;
    }
    pairs->users[pairs->user_count++] = nr_arena_strdup(&pairs->mem, id);
    pairs->starts[pairs->user_count] = at + count;
    return status;
}

static enum nr_status read_pairs(struct reading *r, size_t items, size_t users)
{
    struct nr_pairs *pairs = &r->trained->pairs;
    pairs->last_time = NR_TIME_NONE;
    enum nr_status status = read_items(r, items);
    pairs->users = nr_arena_alloc(&pairs->mem, users + 1, sizeof *pairs->users);
    pairs->starts = nr_arena_alloc(&pairs->mem, users + 1, sizeof *pairs->starts);
    if (pairs->mem.failed)
        return nr_fail_nomem(r->err, "a model's users");
    if (!status)
        status = grow(r, 1);
    if (!status)
        pairs->starts[0] = 0;
    for (size_t u = 0; u < users && !status; u++)
        status = read_user(r);
    return pairs->mem.failed ? nr_fail_nomem(r->err, "a model's users") : status;
}

static enum nr_status read_learned(struct reading *r, const struct nr_item_list *items, unsigned threads)
{
    struct nr_trained *t = r->trained;
    enum nr_status status = next_line(r);
    if (!status)
        status = nr_trained_records(t, items, r->err);
    if (status)
        return status;
    const struct nr_json *learned = nr_json_get(r->root, "learned");
    if (!t->model->load)
        return t->model->fit(&t->params, &t->pairs, threads, &t->state, r->err);
    status = t->model->load(&t->params, &t->pairs, r->doc, learned, threads, &t->state, r->err);
    return status == NR_ERR_DATA ? nr_fail_prefix(r->err, status, "'%s'", nr_input_name(r->in)) : status;
}

enum nr_status nr_trained_read(const char *path, const struct nr_item_list *items, unsigned threads,
                               struct nr_trained **out, struct nr_error *err)
{
    struct reading r = {.trained = calloc(1, sizeof *r.trained), .err = err};
    size_t item_count = 0, user_count = 0;
    *out = r.trained;
    if (!r.trained)
        return nr_fail_nomem(err, "a model");
    enum nr_status status = nr_input_open(path, &r.in, err);
    if (status)
        return status;
    status = read_head(&r, &item_count, &user_count);
    if (!status)
        status = read_pairs(&r, item_count, user_count);
    if (!status)
        status = read_learned(&r, items, threads);
    nr_json_free(r.doc);
    nr_input_close(r.in);
    return status;
}
