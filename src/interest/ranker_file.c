/* ranker_file.c - what a ranker learned, as JSON and back. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "interest/ranker.h"
#include "nightreel/io.h"

#include "core/banned.h"

static void put_numbers(struct nr_buf *out, const char *key, const double *values, size_t count)
{
    nr_json_put_key(out, key);
    nr_json_open(out, '[');
    for (size_t i = 0; i < count; i++)
        nr_json_put_double(out, values[i]);
    nr_json_close(out, ']');
}

static void point_to_names(const struct nr_ranker *r, const char **names)
{
    for (size_t f = 0; f < r->width; f++)
        names[f] = r->names[f];
}

static enum nr_status put_trees(const struct nr_ranker *r, struct nr_buf *out, struct nr_error *err)
{
    const char *names[NR_STACK_WIDTH_MAX];
    double importance[NR_STACK_WIDTH_MAX];
    struct nr_buf text = {0};
    point_to_names(r, names);
    enum nr_status status = nr_booster_importance(r->booster, names, r->width, importance, err);
    if (!status)
        status = nr_booster_save(r->booster, &text, err);
    if (!status) {
        put_numbers(out, "importance", importance, r->width);
        nr_json_put_key(out, "trees");
        nr_json_put_string(out, text.data);
    }
    nr_buf_release(&text);
    return status;
}

enum nr_status nr_ranker_save(const void *state, struct nr_buf *out, struct nr_error *err)
{
    const struct nr_ranker *r = state;
    enum nr_status status = NR_OK;
    nr_json_open(out, '{');
    nr_json_put_key(out, "features");
    nr_json_open(out, '[');
    for (size_t f = 0; f < r->width; f++)
        nr_json_put_string(out, r->names[f]);
    nr_json_close(out, ']');
    if (r->weights)
        put_numbers(out, "weights", r->weights, r->weight_count);
    if (r->booster)
        status = put_trees(r, out, err);
    nr_json_close(out, '}');
    return status;
}

/* ---- reading ------------------------------------------------------------------------------------- */

static enum nr_status check_features(const struct nr_ranker *r, const struct nr_json *learned, struct nr_error *err)
{
    const struct nr_json *list = nr_json_get(learned, "features"), *m = nr_json_first(list);
    for (size_t f = 0; f < r->width; f++, m = nr_json_next(m)) {
        const char *name = nr_json_string(m);
        if (!name || strcmp(name, r->names[f]) != 0)
            return nr_fail(err, NR_ERR_DATA,
                           "feature %zu is '%s', but with these videos '%s': were the records made with other blocks "
                           "than those that the model learned from?",
                           f + 1, name ? name : "", r->names[f]);
    }
    return m ? nr_fail(err, NR_ERR_DATA, "there are more features than these videos give") : NR_OK;
}

static enum nr_status read_weights(struct nr_ranker *r, const struct nr_json_doc *doc, const struct nr_json *learned,
                                   struct nr_error *err)
{
    size_t count = 0;
    const double *values = nr_json_vector(doc, nr_json_get(learned, "weights"), &count);
    if (count != r->kind->weights(r->width))
        return nr_fail(err, NR_ERR_DATA, "not as many weights as there should be");
    r->weight_count = count;
    r->weights = malloc((count + 1) * sizeof *r->weights);
    if (!r->weights)
        return nr_fail_nomem(err, "a model");
    if (count)
        memcpy(r->weights, values, count * sizeof *values);
    return NR_OK;
}

enum nr_status nr_ranker_load(const struct nr_ranker_kind *kind, const struct nr_model_params *params,
                              const struct nr_pairs *pairs, const struct nr_json_doc *doc,
                              const struct nr_json *learned, unsigned threads, void **state, struct nr_error *err)
{
    struct nr_ranker *r = calloc(1, sizeof *r);
    *state = r;
    if (!r)
        return nr_fail_nomem(err, "a model");
    *r = (struct nr_ranker){.kind = kind, .params = params, .threads = threads ? threads : nr_cpu_count()};
    enum nr_status status = nr_stack_fit(params, pairs, r->threads, &r->stack, err);
    r->width = r->stack.width;
    for (size_t f = 0; f < r->width; f++)
        nr_stack_feature_name(&r->stack, f, r->names[f]);
    if (!status)
        status = check_features(r, learned, err);
    if (!status)
        status = read_weights(r, doc, learned, err);
    const char *trees = nr_json_string(nr_json_get(learned, "trees"));
    if (!status && kind->trees)
        status = trees ? nr_booster_load(trees, strlen(trees), &r->booster, err)
                       : nr_fail(err, NR_ERR_DATA, "there are no trees");
    if (!status) { /* score() cannot fail: what it does must work */
        float row[NR_STACK_WIDTH_MAX] = {0};
        double said;
        status = kind->score(r, row, 1, &said, err);
    }
    return status;
}

/* ---- in words -------------------------------------------------------------------------------------- */

void nr_ranker_tell(const void *state, struct nr_buf *out)
{
    const struct nr_ranker *r = state;
    const char *names[NR_STACK_WIDTH_MAX];
    double importance[NR_STACK_WIDTH_MAX];
    struct nr_scored_item order[NR_STACK_WIDTH_MAX];
    point_to_names(r, names);
    if (!r->booster || nr_booster_importance(r->booster, names, r->width, importance, NULL))
        return;
    for (size_t f = 0; f < r->width; f++)
        order[f] = (struct nr_scored_item){importance[f], (uint32_t)f};
    nr_scored_sort(order, r->width);
    for (size_t i = 0; i < r->width; i++)
        nr_buf_printf(out, "%.1f%% of the trees' gain: %s\n", 100 * order[i].score, names[order[i].item]);
}
