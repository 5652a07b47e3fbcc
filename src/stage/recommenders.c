/* recommenders.c - the table of models that need more than pairs, and both kinds by name. */
#include "stage/recommenders.h"

#include <string.h>

#include "core/banned.h"

const struct nr_recommender *const nr_recommenders[] = {&nr_recommender_content};
const size_t nr_recommender_count = NR_COUNT(nr_recommenders);

const struct nr_recommender *nr_recommender_find(const char *name)
{
    for (size_t i = 0; i < nr_recommender_count; i++)
        if (strcmp(nr_recommenders[i]->name, name) == 0)
            return nr_recommenders[i];
    return NULL;
}

enum nr_status nr_recommender_check(const char *name, const struct nr_item_list *items, struct nr_error *err)
{
    const struct nr_recommender *recommender = nr_recommender_find(name);
    const struct nr_model *model = nr_model_find(name, strlen(name));
    if (!recommender && !model)
        return nr_fail(err, NR_ERR_USAGE, "no model is called '%s' (see 'nightreel backtest --list-models')", name);
    if ((recommender ? recommender->needs_items : model->needs_records) && !items->count)
        return nr_fail(err, NR_ERR_USAGE, "the model '%s' needs a catalogue: give --catalogue FILE or --items RECORDS",
                       name);
    return NR_OK;
}

struct taking {
    struct nr_eval_data *data;
    struct nr_eval_run *run;
};

static enum nr_status take_entry(void *ctx, const char *user_id, const char *video_id, double score,
                                 struct nr_error *err)
{
    struct taking *taking = ctx;
    return nr_eval_add_entry(taking->data, taking->run, user_id, strlen(user_id), video_id, strlen(video_id), score,
                             err);
}

enum nr_status nr_recommend(const struct nr_training *training, const char *model, struct nr_eval_data *data,
                            struct nr_eval_run *run, struct nr_error *err)
{
    const struct nr_recommender *recommender = nr_recommender_find(model);
    struct taking taking = {data, run};
    return recommender ? recommender->lists(training, take_entry, &taking, err)
                       : nr_model_lists(nr_model_find(model, strlen(model)), training, take_entry, &taking, err);
}
