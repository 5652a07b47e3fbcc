/* choose_measures.c - parameters of an evaluation, and the measures that they ask for. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "eval/measures.h"

#include "core/banned.h"

void nr_eval_params_default(struct nr_eval_params *params)
{
    *params = (struct nr_eval_params){.cutoffs = {5, 10, 20}, .cutoff_count = 3};
}

const char *nr_eval_params_check(const struct nr_eval_params *params)
{
    if (params->cutoff_count < 1 || params->cutoff_count > NR_CUTOFFS_MAX)
        return "from 1 to 16 cutoffs can be evaluated at once";
    for (size_t i = 0; i < params->cutoff_count; i++)
        if (params->cutoffs[i] < 1 || (i && params->cutoffs[i] <= params->cutoffs[i - 1]))
            return "cutoffs must be at least 1 and rise";
    return NULL;
}

static size_t base_length(const struct nr_measure *measure)
{
    return strcspn(measure->name, "@");
}

/* "ndcg@k" is named by itself and, where no other measure has that name, by "ndcg". */
static bool names(const char *word, size_t length, const struct nr_measure *measure)
{
    if (strlen(measure->name) == length && memcmp(measure->name, word, length) == 0)
        return true;
    if (base_length(measure) != length || memcmp(measure->name, word, length) != 0)
        return false;
    for (size_t m = 0; m < nr_measure_count; m++)
        if (strlen(nr_measures[m].name) == length && memcmp(nr_measures[m].name, word, length) == 0)
            return false;
    return true;
}

static bool available(const struct nr_eval_data *data, const struct nr_measure *measure)
{
    return measure->needs == NR_NEEDS_TRAIN   ? data->has_train
           : measure->needs == NR_NEEDS_ITEMS ? data->item_count > 0
                                              : true;
}

static enum nr_status choose_word(const struct nr_eval_data *data, const char *word, size_t length, bool *chosen,
                                  struct nr_error *err)
{
    bool all = length == 3 && memcmp(word, "all", 3) == 0, found = all;
    for (size_t m = 0; m < nr_measure_count; m++) {
        const struct nr_measure *measure = &nr_measures[m];
        if (!all && !names(word, length, measure))
            continue;
        found = true;
        if (!all && !available(data, measure))
            return nr_fail(err, NR_ERR_USAGE, "'%s' needs %s", measure->name,
                           measure->needs == NR_NEEDS_TRAIN ? "the training log" : "item records");
        chosen[m] |= available(data, measure);
    }
    return found
               ? NR_OK
               : nr_fail(err, NR_ERR_USAGE, "no measure is called '%.*s' (with a cutoff they are named as in 'ndcg@k')",
                         (int)length, word);
}

static enum nr_status choose(const struct nr_eval_data *data, const char *list, bool *chosen, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    for (size_t m = 0; m < nr_measure_count && !list; m++)
        chosen[m] = nr_measures[m].usual && available(data, &nr_measures[m]);
    while (list && *list && !status) {
        size_t length = strcspn(list, ",");
        status = choose_word(data, list, length, chosen, err);
        list += length + (list[length] == ',');
    }
    return status;
}

static void add_value(struct nr_eval_value *values, size_t *count, const struct nr_measure *measure, size_t k)
{
    struct nr_eval_value *value = &values[(*count)++];
    *value = (struct nr_eval_value){.measure = measure, .k = k, .value = NAN, .best = NAN, .worst = NAN};
    if (k == SIZE_MAX)
        snprintf(value->name, sizeof value->name, "%s", measure->name);
    else
        snprintf(value->name, sizeof value->name, "%.*s@%zu", (int)base_length(measure), measure->name, k);
}

enum nr_status nr_measures_choose(const struct nr_eval_data *data, const struct nr_eval_params *params,
                                  struct nr_eval_value **values, size_t *count, struct nr_error *err)
{
    bool *chosen = calloc(nr_measure_count, sizeof *chosen);
    *values = calloc(nr_measure_count * params->cutoff_count, sizeof **values);
    *count = 0;
    enum nr_status status =
        chosen && *values ? choose(data, params->measures, chosen, err) : nr_fail_nomem(err, "the measures");
    for (size_t m = 0; m < nr_measure_count && !status; m++) {
        bool cut = nr_measures[m].name[base_length(&nr_measures[m])] == '@';
        if (chosen[m] && !cut)
            add_value(*values, count, &nr_measures[m], SIZE_MAX);
        for (size_t c = 0; c < params->cutoff_count && chosen[m] && cut; c++)
            add_value(*values, count, &nr_measures[m], params->cutoffs[c]);
    }
    free(chosen);
    if (status) {
        free(*values);
        *values = NULL;
    }
    return status;
}
