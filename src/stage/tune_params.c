/* tune_params.c - see tune_params.h. */
#include "stage/tune_params.h"

#include <stdio.h>
#include <string.h>

#include "core/banned.h"

#define POINT(field)      offsetof(struct nr_tune_point, field)
#define CONTENT           "content"
#define IN_LOGARITHM      .logarithmic = true
#define BETWEEN(from, to) .low = (from), .high = (to)

/* ---- when a parameter matters ------------------------------------------------------------- */

/* One block alone weighs the same whatever its weight. */
static bool is_block(const struct nr_tune_facts *facts, int block)
{
    return facts->block_count > 1 && facts->blocks[block];
}

static bool is_action(const struct nr_tune_facts *facts, int action)
{
    return facts->action_count > 1 && facts->actions[action];
}

static bool is_decay_days(const struct nr_tune_facts *facts, int number)
{
    (void)number;
    return facts->timed && !(facts->base->settings.weights.decay_events > 0);
}

static bool is_decay_events(const struct nr_tune_facts *facts, int number)
{
    (void)number;
    return facts->base->settings.weights.decay_events > 0;
}

static bool has_factors(const struct nr_tune_facts *facts, int number)
{
    (void)number;
    return facts->blocks[NR_BLOCK_BEHAVIOUR];
}

static bool has_times(const struct nr_tune_facts *facts, int number)
{
    (void)number;
    return facts->timed;
}

/* ---- the table ---------------------------------------------------------------------------- */

#define WEIGHT(block, name)                                                                                            \
    {                                                                                                                  \
        .option = "weights", .key = (name), .what = "weight of the block in the score", .model = CONTENT,              \
        BETWEEN(0.05, 20), IN_LOGARITHM, .share = true, .offset = POINT(settings.match.weights[block]),                \
        .matters = is_block, .number = (block)                                                                         \
    }
#define MODEL(model_name, name, does, from, to, is_whole, field)                                                       \
    {                                                                                                                  \
        .option = (name), .what = (does), .model = (model_name), BETWEEN(from, to), IN_LOGARITHM, .whole = (is_whole), \
        .offset = POINT(model.field)                                                                                   \
    }
#define ACTION(action_id, name, from, to)                                                                              \
    {                                                                                                                  \
        .option = "action-weights", .key = (name), .what = "what the action is worth", .model = CONTENT,               \
        BETWEEN(from, to), IN_LOGARITHM, .offset = POINT(settings.weights.action[action_id]), .matters = is_action,    \
        .number = (action_id)                                                                                          \
    }

const struct nr_tune_row nr_tune_rows[] = {
    WEIGHT(NR_BLOCK_VISUAL, "visual"),
    WEIGHT(NR_BLOCK_AUDIO, "audio"),
    WEIGHT(NR_BLOCK_TEXT, "text"),
    WEIGHT(NR_BLOCK_TAGS, "tags"),
    WEIGHT(NR_BLOCK_BEHAVIOUR, "behaviour"),
    WEIGHT(NR_BLOCK_SEMANTIC, "semantic"),
    {.option = "mmr",
     .what = "order of the scores (1) against unlikeness within a list",
     .model = CONTENT,
     BETWEEN(0.5, 1),
     .offset = POINT(settings.match.mmr)},
    {.option = "decay",
     .key = "days",
     .what = "half-life of an event's weight",
     .model = CONTENT,
     BETWEEN(0.05, 3000),
     IN_LOGARITHM,
     .offset = POINT(settings.weights.decay_days),
     .matters = is_decay_days},
    {.option = "decay",
     .key = "events",
     .what = "the same in events, where --decay is in events",
     .model = CONTENT,
     BETWEEN(1, 500),
     IN_LOGARITHM,
     .offset = POINT(settings.weights.decay_events),
     .matters = is_decay_events},
    ACTION(NR_ACTION_VIEW, "view", 0.1, 10),
    ACTION(NR_ACTION_LIKE, "like", 0.1, 10),
    ACTION(NR_ACTION_COMMENT, "comment", 0.1, 10),
    ACTION(NR_ACTION_SHARE, "share", 0.1, 10),
    ACTION(NR_ACTION_FAVORITE, "favorite", 0.1, 10),
    ACTION(NR_ACTION_DISLIKE, "dislike", -10, -0.1),
    ACTION(NR_ACTION_RATING, "rating", 0.1, 10),
    ACTION(NR_ACTION_SEARCH, "search", 0.05, 5),
    ACTION(NR_ACTION_COMPLETE, "complete", 0.1, 10),
    ACTION(NR_ACTION_ANSWER, "answer", 0.1, 10),
    {.option = "factors",
     .what = "numbers in the behaviour block",
     .model = CONTENT,
     BETWEEN(4, 128),
     IN_LOGARITHM,
     .whole = true,
     .offset = POINT(settings.factors.factors),
     .matters = has_factors},
    {.option = "factor-alpha",
     .what = "how much surer a watched video is",
     .model = CONTENT,
     BETWEEN(0.05, 50),
     IN_LOGARITHM,
     .offset = POINT(settings.factors.alpha),
     .matters = has_factors},
    {.option = "factor-lambda",
     .what = "how strongly factors are held near zero",
     .model = CONTENT,
     BETWEEN(0.1, 200),
     IN_LOGARITHM,
     .offset = POINT(settings.factors.lambda),
     .matters = has_factors},
    {.option = "popularity-half-life",
     .what = "days after which what was watched counts half",
     .model = "popularity",
     BETWEEN(1, 4000),
     IN_LOGARITHM,
     .offset = POINT(model.popularity.half_life_days),
     .matters = has_times},
    MODEL("item-knn", "knn-neighbours", "nearest videos of each", 5, 1000, true, item_knn.neighbours),
    MODEL("item-knn", "knn-shrink", "added to the cosine's denominator", 0.1, 500, false, item_knn.shrink),
    MODEL("ease", "ease-lambda", "regularisation", 1, 10000, false, ease.lambda),
    MODEL("ease-recent", "ease-recent-lambda", "regularisation", 1, 10000, false, ease_recent.lambda),
    MODEL("ease-recent", "ease-recent-half-life", "videos after which one counts half as much", 1, 1000, false,
          ease_recent.half_life),
    MODEL("transitions", "transitions-window", "places in a sequence that count as soon after", 1, 100, true,
          transitions.window),
    MODEL("transitions", "transitions-half-life", "videos after which one counts half as much", 0.5, 500, false,
          transitions.half_life),
    {.option = "transitions-out-damping",
     .what = "power of the first video's viewers",
     .model = "transitions",
     BETWEEN(0, 1),
     .offset = POINT(model.transitions.out_damping)},
    {.option = "transitions-in-damping",
     .what = "power of the second video's viewers",
     .model = "transitions",
     BETWEEN(0, 1),
     .offset = POINT(model.transitions.in_damping)},
    MODEL("ials", "ials-factors", "length of a vector", 4, 256, true, ials.factors),
    MODEL("ials", "ials-alpha", "what a pair weighs more than none", 0.05, 100, false, ials.alpha),
    MODEL("ials", "ials-lambda", "regularisation", 0.1, 1000, false, ials.lambda),
    MODEL("content-map", "content-map-lambda", "regularisation", 1, 10000, false, content_map.lambda),
    MODEL("content-map", "content-map-least", "users from which on a video's own vector is taken", 1, 50, true,
          content_map.least),
    MODEL("trees", "trees-rounds", "how many", 20, 1000, true, trees.rounds),
    MODEL("trees", "trees-depth", "how deep", 1, 10, true, trees.depth),
    MODEL("trees", "trees-rate", "learning rate", 0.005, 0.5, false, trees.rate),
    MODEL("trees", "trees-min-weight", "least weight of a leaf", 0.1, 200, false, trees.min_weight),
};
const size_t nr_tune_row_count = NR_COUNT(nr_tune_rows);
_Static_assert(NR_COUNT(nr_tune_rows) <= NR_SEARCH_PARAMETERS_MAX, "more rows than a search takes");

size_t nr_tune_choose(const struct nr_tune_facts *facts, const struct nr_tune_row *rows[NR_SEARCH_PARAMETERS_MAX])
{
    size_t count = 0;
    for (size_t r = 0; r < nr_tune_row_count; r++) {
        const struct nr_tune_row *row = &nr_tune_rows[r];
        if (strcmp(row->model, facts->model) == 0 && (!row->matters || row->matters(facts, row->number)))
            rows[count++] = row;
    }
    return count;
}

/* ---- values -------------------------------------------------------------------------------- */

double nr_tune_get(const struct nr_tune_row *row, const struct nr_tune_point *point)
{
    const void *field = (const char *)point + row->offset;
    return row->whole ? (double)*(const size_t *)field : *(const double *)field;
}

void nr_tune_set(const struct nr_tune_row *row, double value, struct nr_tune_point *point)
{
    void *field = (char *)point + row->offset;
    if (row->whole)
        *(size_t *)field = (size_t)value;
    else
        *(double *)field = value;
}

void nr_tune_range(const struct nr_tune_row *row, const struct nr_tune_point *base, struct nr_search_range *out)
{
    *out = (struct nr_search_range){.low = row->low,
                                    .high = row->high,
                                    .logarithmic = row->logarithmic,
                                    .whole = row->whole,
                                    .share = row->share,
                                    .default_value = nr_tune_get(row, base)};
}

/* ---- text ---------------------------------------------------------------------------------- */

static void put_double(struct nr_buf *out, const char *name, double value)
{
    nr_buf_printf(out, "%s ", name);
    nr_buf_double(out, value);
    nr_buf_putc(out, '\n');
}

void nr_tune_describe_factors(const struct nr_tune_point *point, struct nr_buf *out)
{
    const struct nr_factor_params *factors = &point->settings.factors;
    for (int a = 0; a < NR_ACTION_COUNT; a++)
        put_double(out, nr_action_names[a].name, point->settings.weights.action[a]);
    put_double(out, "rating-max", point->settings.weights.rating_max);
    nr_buf_printf(out, "comments %d\n", point->settings.weights.comments);
    nr_buf_printf(out, "factors %zu %zu %zu %zu %zu %zu\n", factors->factors, factors->iterations, factors->cg_steps,
                  factors->min_item_users, factors->min_users, factors->min_items);
    put_double(out, "alpha", factors->alpha);
    put_double(out, "lambda", factors->lambda);
}

/* Models learn from one another's scores: every parameter of every one. */
static void describe_models(const struct nr_model_params *m, struct nr_buf *out)
{
    const double doubles[] = {m->popularity.half_life_days,
                              m->item_knn.shrink,
                              m->ease.lambda,
                              m->ease.half_life,
                              m->ease_recent.lambda,
                              m->ease_recent.half_life,
                              m->transitions.half_life,
                              m->transitions.out_damping,
                              m->transitions.in_damping,
                              m->ials.alpha,
                              m->ials.lambda,
                              m->content_map.lambda,
                              m->trees.rate,
                              m->trees.min_weight,
                              m->trees.column_share};
    const size_t sizes[] = {m->item_knn.neighbours, m->transitions.window, m->ials.factors,     m->ials.iterations,
                            m->content_map.least,   m->trees.folds,        m->trees.candidates, m->trees.rounds,
                            m->trees.depth,         m->ials.cg_steps};
    for (size_t i = 0; i < NR_COUNT(doubles); i++)
        put_double(out, "model", doubles[i]);
    for (size_t i = 0; i < NR_COUNT(sizes); i++)
        nr_buf_printf(out, "model %zu\n", sizes[i]);
}

void nr_tune_describe(const struct nr_tune_point *point, const char *model, struct nr_buf *out)
{
    const struct nr_settings *settings = &point->settings;
    nr_buf_printf(out, "model %s\n", model);
    if (strcmp(model, CONTENT) != 0) {
        describe_models(&point->model, out);
        return;
    }
    nr_tune_describe_factors(point, out);
    nr_buf_printf(out, "searches %d clusters %zu\n", settings->profile.searches, settings->profile.clusters);
    put_double(out, "decay-days", settings->weights.decay_days);
    put_double(out, "decay-events", settings->weights.decay_events);
    for (int b = 0; b < NR_BLOCK_COUNT; b++)
        put_double(out, nr_block_defs[b].name, settings->match.weights[b]);
    put_double(out, "mmr", settings->match.mmr);
    nr_buf_printf(out, "mode %d similarity %d watched %d\n", (int)settings->match.mode, (int)settings->match.similarity,
                  (int)settings->match.include_watched);
}

static void put_value(const struct nr_tune_finding *finding, struct nr_buf *out)
{
    if (finding->key && strcmp(finding->option, "decay") == 0 && !(finding->found.value > 0)) {
        nr_buf_puts(out, "none");
        return;
    }
    if (finding->key)
        nr_buf_printf(out, "%s=", finding->key);
    nr_buf_double(out, finding->found.value);
}

void nr_tune_write_config(const struct nr_tune *tune, struct nr_buf *out)
{
    for (size_t i = 0; i < tune->count; i++) {
        const struct nr_tune_finding *finding = &tune->findings[i];
        bool more = finding->key && i > 0 && strcmp(tune->findings[i - 1].option, finding->option) == 0;
        if (more)
            nr_buf_putc(out, ',');
        else
            nr_buf_printf(out, "%s%s = ", i ? "\n" : "", finding->option);
        put_value(finding, out);
    }
    nr_buf_puts(out, tune->count ? "\n" : "");
    if (tune->beta.fitted) {
        nr_buf_puts(out, "beta = ");
        nr_buf_double(out, tune->beta.value);
        nr_buf_putc(out, '\n');
    }
}

void nr_tune_list_parameters(struct nr_buf *out, nr_tune_entry put)
{
    nr_buf_puts(out, "\nParameters:\n");
    for (size_t r = 0; r < nr_tune_row_count; r++) {
        const struct nr_tune_row *row = &nr_tune_rows[r];
        char name[64], note[64];
        snprintf(name, sizeof name, "%s%s%s", row->option, row->key ? " " : "", row->key ? row->key : "");
        snprintf(note, sizeof note, "%g to %g%s", row->low, row->high, row->logarithmic ? ", log" : "");
        put(out, name, note, row->what);
    }
    put(out, "beta", "0.01 to 1000", "sharpness of the probabilities, fitted at the end");
}
