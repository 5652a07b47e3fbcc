/* trained.c - see nightreel/interest_trained.h. */
#include <stdlib.h>
#include <string.h>

#include "interest/trained_read.h"

#include "core/banned.h"

/* ---- learning ---------------------------------------------------------------------------------- */

static const struct nr_item nothing = {.published_at = NR_TIME_NONE};

enum nr_status nr_trained_records(struct nr_trained *t, const struct nr_item_list *items, struct nr_error *err)
{
    size_t *order = NULL, at = 0;
    t->records = malloc((t->pairs.item_count + 1) * sizeof *t->records);
    enum nr_status status = t->records ? nr_item_list_order(items, &order, err) : nr_fail_nomem(err, "the catalogue");
    for (size_t i = 0; i < t->pairs.item_count && !status; i++) {
        while (at < items->count && strcmp(items->items[order[at]].video_id, t->pairs.items[i]) < 0)
            at++;
        bool found = at < items->count && strcmp(items->items[order[at]].video_id, t->pairs.items[i]) == 0;
        t->records[i] = found ? &items->items[order[at]] : &nothing;
    }
    free(order);
    t->pairs.records = items->count ? t->records : NULL;
    return status;
}

enum nr_status nr_trained_fit(const struct nr_model *model, const struct nr_model_params *params,
                              struct nr_pairs *pairs, const struct nr_item_list *items, unsigned threads,
                              struct nr_trained **out, struct nr_error *err)
{
    struct nr_trained *t = calloc(1, sizeof *t);
    *out = t;
    if (!t) {
        nr_pairs_release(pairs);
        return nr_fail_nomem(err, "a model");
    }
    *t = (struct nr_trained){.model = model, .params = *params, .pairs = *pairs};
    *pairs = (struct nr_pairs){.user_count = 0};
    enum nr_status status = nr_trained_records(t, items, err);
    return status ? status : model->fit(&t->params, &t->pairs, threads, &t->state, err);
}

void nr_trained_free(struct nr_trained *trained)
{
    if (!trained)
        return;
    if (trained->model)
        trained->model->free(trained->state);
    nr_pairs_release(&trained->pairs);
    free(trained->records);
    free(trained);
}

/* ---- writing ----------------------------------------------------------------------------------- */

static void put_params(const struct nr_model_params *params, struct nr_buf *out)
{
    nr_json_put_key(out, "params");
    nr_json_open(out, '{');
    for (size_t p = 0; p < nr_model_param_count; p++) {
        const struct nr_model_param *def = &nr_model_param_table[p];
        const char *field = (const char *)params + def->offset;
        nr_json_put_key(out, def->name);
        if (def->type == NR_PARAM_DOUBLE)
            nr_json_put_double(out, *(const double *)(const void *)field);
        else if (def->type == NR_PARAM_SIZE)
            nr_json_put_int(out, (int64_t) * (const size_t *)(const void *)field);
        else
            nr_json_put_int(out, *(const int *)(const void *)field);
    }
    nr_json_close(out, '}');
}

static void put_count(struct nr_buf *out, const char *key, size_t count)
{
    nr_json_put_key(out, key);
    nr_json_put_int(out, (int64_t)count);
}

static void put_head(const struct nr_trained *t, struct nr_buf *out)
{
    nr_json_open(out, '{');
    put_count(out, "nightreel_model", 1);
    nr_json_put_key(out, "model");
    nr_json_put_string(out, t->model->name);
    put_count(out, "items", t->pairs.item_count);
    put_count(out, "users", t->pairs.user_count);
    put_params(&t->params, out);
    nr_json_close(out, '}');
    nr_buf_putc(out, '\n');
    nr_json_open(out, '{');
    nr_json_put_key(out, "items");
    nr_json_open(out, '[');
    for (size_t i = 0; i < t->pairs.item_count; i++)
        nr_json_put_string(out, t->pairs.items[i]);
    nr_json_close(out, ']');
    nr_json_close(out, '}');
    nr_buf_putc(out, '\n');
}

static void put_user(const struct nr_pairs *pairs, size_t user, struct nr_buf *out)
{
    nr_json_open(out, '{');
    nr_json_put_key(out, "user");
    nr_json_put_string(out, pairs->users[user]);
    nr_json_put_key(out, "items");
    nr_json_open(out, '[');
    for (size_t p = pairs->starts[user]; p < pairs->starts[user + 1]; p++)
        nr_json_put_int(out, pairs->pairs[p].item);
    nr_json_close(out, ']');
    nr_json_put_key(out, "times");
    nr_json_open(out, '[');
    for (size_t p = pairs->starts[user]; p < pairs->starts[user + 1]; p++)
        nr_json_put_int(out, pairs->pairs[p].time);
    nr_json_close(out, ']');
    nr_json_close(out, '}');
    nr_buf_putc(out, '\n');
}

static enum nr_status flush(struct nr_output *out, struct nr_buf *text, struct nr_error *err)
{
    enum nr_status status = nr_buf_status(text, err);
    if (!status)
        status = nr_output_write(out, text->data, text->length, err);
    nr_buf_clear(text);
    return status;
}

enum nr_status nr_trained_write(const struct nr_trained *t, const char *path, struct nr_error *err)
{
    struct nr_output *out = NULL;
    struct nr_buf text = {0};
    enum nr_status status = nr_output_open(path, &out, err);
    if (!status) {
        put_head(t, &text);
        status = flush(out, &text, err);
    }
    for (size_t u = 0; u < t->pairs.user_count && !status; u++) {
        put_user(&t->pairs, u, &text);
        status = flush(out, &text, err);
    }
    if (!status) {
        nr_json_open(&text, '{');
        nr_json_put_key(&text, "learned");
        if (t->model->save)
            status = t->model->save(t->state, &text, err);
        else
            nr_json_put_string(&text, NULL);
        nr_json_close(&text, '}');
        nr_buf_putc(&text, '\n');
    }
    if (!status)
        status = flush(out, &text, err);
    nr_buf_release(&text);
    if (status) {
        nr_output_abandon(out);
        return status;
    }
    return nr_output_commit(out, err);
}
