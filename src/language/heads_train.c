/* heads_train.c - learning heads from labels. */
#include "nightreel/language_heads.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "nightreel/language_reply.h"
#include "nightreel/linalg.h"

#include "core/banned.h"

static const double lambdas[] = {1e-1, 1e-2, 1e-3, 1e-4};

/* All heads of one kind to be learned from the same vectors. */
struct course {
    const struct nr_head_example **examples; /* by video_id; those that have a label of the kind */
    const float **rows;                      /* centred */
    unsigned *fold;
    size_t count, length;
    const char **names;
    size_t heads;
    bool *labels;    /* heads x count */
    double *chances; /* heads x count: of the fold left out, at one lambda */
    double *thetas;  /* heads x (length + 1) */
    double lambda;
    unsigned left_out;       /* fold; NR_HEAD_FOLDS: none */
    struct nr_error *errors; /* by head */
    enum nr_status *statuses;
};

static bool has_topic(const struct nr_label *label, const char *topic)
{
    for (size_t i = 0; i < label->topics.count; i++)
        if (strcasecmp(label->topics.items[i], topic) == 0)
            return true;
    return false;
}

/* ---- one pass over all heads -------------------------------------------------------------- */

static void fit_head(void *ctx, size_t h, unsigned worker)
{
    struct course *c = ctx;
    const float **rows = malloc((c->count ? c->count : 1) * sizeof *rows);
    bool *labels = malloc((c->count ? c->count : 1) * sizeof *labels);
    size_t n = 0;
    double *theta = c->thetas + h * (c->length + 1);
    (void)worker;
    for (size_t i = 0; i < c->count && rows && labels; i++) {
        if (c->fold[i] == c->left_out)
            continue;
        rows[n] = c->rows[i];
        labels[n++] = c->labels[h * c->count + i];
    }
    c->statuses[h] = rows && labels ? nr_logistic_fit(rows, labels, n, c->length, c->lambda, theta, &c->errors[h])
                                    : nr_fail_nomem(&c->errors[h], "heads");
    for (size_t i = 0; i < c->count && !c->statuses[h]; i++)
        if (c->fold[i] == c->left_out)
            c->chances[h * c->count + i] = nr_logistic_chance(theta, c->rows[i], c->length);
    free(rows);
    free(labels);
}

static enum nr_status fit_all(struct course *c, double lambda, unsigned left_out, unsigned threads,
                              struct nr_error *err)
{
    c->lambda = lambda;
    c->left_out = left_out;
    memset(c->thetas, 0, c->heads * (c->length + 1) * sizeof *c->thetas);
    nr_parallel(threads, c->heads, fit_head, c);
    for (size_t h = 0; h < c->heads; h++)
        if (c->statuses[h])
            return nr_fail(err, c->statuses[h], "%s", c->errors[h].text);
    return NR_OK;
}

/* ---- what cross-validation says ------------------------------------------------------------ */

struct topic_score {
    double f1, precision, recall;
};

static struct topic_score score_topics(const struct course *c, double threshold)
{
    double right = 0, said = 0, gold = 0;
    for (size_t i = 0; i < c->count; i++)
        gold += (double)c->examples[i]->label->topics.count;
    for (size_t i = 0; i < c->heads * c->count; i++) {
        bool says = c->chances[i] >= threshold;
        said += says;
        right += says && c->labels[i];
    }
    return (struct topic_score){said + gold > 0 ? 2 * right / (said + gold) : 0, said > 0 ? right / said : 0,
                                gold > 0 ? right / gold : 0};
}

static void judge_topics(const struct course *c, struct nr_head_set *best)
{
    for (int step = 1; step < 40; step++) {
        double threshold = step / 40.0;
        struct topic_score score = score_topics(c, threshold);
        if (score.f1 <= best->f1)
            continue;
        best->lambda = c->lambda;
        best->threshold = threshold;
        best->f1 = score.f1;
        best->precision = score.precision;
        best->recall = score.recall;
    }
}

static size_t likeliest(const double *chances, size_t heads, size_t stride)
{
    size_t best = 0;
    for (size_t h = 1; h < heads; h++)
        if (chances[h * stride] > chances[best * stride])
            best = h;
    return best;
}

static void judge_sentiment(const struct course *c, struct nr_head_set *best)
{
    size_t right = 0;
    for (size_t i = 0; i < c->count; i++)
        right += c->labels[likeliest(c->chances + i, c->heads, c->count) * c->count + i];
    double accuracy = (double)right / (double)c->count;
    if (accuracy > best->accuracy) {
        best->accuracy = accuracy;
        best->lambda = c->lambda;
    }
}

/* Finds the lambda over the folds, then learns from everything. */
static enum nr_status learn(struct course *c, bool sentiment, unsigned threads, struct nr_arena *mem,
                            struct nr_head_set *out, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    *out = (struct nr_head_set){.records = c->count, .lambda = lambdas[1], .threshold = 0.5};
    for (size_t l = 0; l < NR_COUNT(lambdas) && !status; l++) {
        for (unsigned fold = 0; fold < NR_HEAD_FOLDS && !status; fold++)
            status = fit_all(c, lambdas[l], fold, threads, err);
        if (!status)
            (sentiment ? judge_sentiment : judge_topics)(c, out);
    }
    if (!status)
        status = fit_all(c, out->lambda, NR_HEAD_FOLDS, threads, err);
    out->heads = nr_arena_alloc(mem, c->heads, sizeof *out->heads);
    for (size_t h = 0; h < c->heads && out->heads && !status; h++) {
        struct nr_head *head = &out->heads[out->count++];
        *head = (struct nr_head){.name = nr_arena_strdup(mem, c->names[h])};
        head->theta = nr_arena_alloc(mem, c->length + 1, sizeof *head->theta);
        for (size_t i = 0; i < c->count; i++)
            head->positives += c->labels[h * c->count + i];
        if (head->theta)
            memcpy(head->theta, c->thetas + h * (c->length + 1), (c->length + 1) * sizeof *head->theta);
        out->baseline = fmax(out->baseline, (double)head->positives / (double)c->count);
    }
    return !status && mem->failed ? nr_fail_nomem(err, "heads") : status;
}

/* ---- what is to be learned ------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
    const char *const *left = a, *const *right = b;
    int order = strcasecmp(*left, *right);
    return order ? order : strcmp(*left, *right);
}

/* Topics that enough examples have, by name. */
static enum nr_status choose_topics(struct course *c, struct nr_arena *scratch, struct nr_error *err)
{
    size_t total = 0, count = 0;
    for (size_t i = 0; i < c->count; i++)
        total += c->examples[i]->label->topics.count;
    const char **all = nr_arena_alloc(scratch, total ? total : 1, sizeof *all);
    c->names = nr_arena_alloc(scratch, total ? total : 1, sizeof *c->names);
    if (!all || !c->names)
        return nr_fail_nomem(err, "heads");
    for (size_t i = 0; i < c->count; i++)
        for (size_t j = 0; j < c->examples[i]->label->topics.count; j++)
            all[count++] = c->examples[i]->label->topics.items[j];
    qsort(all, count, sizeof *all, by_name);
    for (size_t i = 0, run = 0; i < count; i++) {
        run = i && strcasecmp(all[i], all[i - 1]) == 0 ? run + 1 : 1;
        if (run == NR_HEAD_POSITIVES_LEAST)
            c->names[c->heads++] = all[i];
    }
    return NR_OK;
}

static void choose_sentiments(struct course *c)
{
    size_t counts[NR_SENTIMENT_COUNT] = {0}, enough = 0;
    for (size_t i = 0; i < c->count; i++)
        counts[c->examples[i]->label->sentiment]++;
    for (int i = 0; i < NR_SENTIMENT_COUNT; i++)
        enough += counts[i] >= NR_HEAD_POSITIVES_LEAST;
    c->names = (const char **)nr_sentiment_names;
    c->heads = enough >= 2 ? NR_SENTIMENT_COUNT : 0;
}

static enum nr_status make_room(struct course *c, bool sentiment, struct nr_arena *scratch, struct nr_error *err)
{
    c->labels = nr_arena_alloc(scratch, c->heads * c->count, sizeof *c->labels);
    c->chances = nr_arena_alloc(scratch, c->heads * c->count, sizeof *c->chances);
    c->thetas = nr_arena_alloc(scratch, c->heads, (c->length + 1) * sizeof *c->thetas);
    c->errors = nr_arena_alloc(scratch, c->heads, sizeof *c->errors);
    c->statuses = nr_arena_alloc(scratch, c->heads, sizeof *c->statuses);
    if (scratch->failed)
        return nr_fail_nomem(err, "heads");
    for (size_t h = 0; h < c->heads; h++)
        for (size_t i = 0; i < c->count; i++) {
            const struct nr_label *label = c->examples[i]->label;
            c->labels[h * c->count + i] = sentiment ? label->sentiment == (int)h : has_topic(label, c->names[h]);
        }
    return NR_OK;
}

static int by_video(const void *a, const void *b)
{
    const struct nr_head_example *const *left = a, *const *right = b;
    return nr_id_compare((*left)->label->video_id, (*right)->label->video_id);
}

static enum nr_status take_examples(struct course *c, const struct nr_head_example *examples, size_t count,
                                    const float *mean, bool sentiment, struct nr_arena *scratch, struct nr_error *err)
{
    c->examples = nr_arena_alloc(scratch, count, sizeof *c->examples);
    c->rows = nr_arena_alloc(scratch, count, sizeof *c->rows);
    c->fold = nr_arena_alloc(scratch, count, sizeof *c->fold);
    if (scratch->failed)
        return nr_fail_nomem(err, "heads");
    for (size_t i = 0; i < count; i++)
        if (sentiment ? examples[i].label->sentiment >= 0 : examples[i].label->topics.count > 0)
            c->examples[c->count++] = &examples[i];
    qsort(c->examples, c->count, sizeof *c->examples, by_video);
    for (size_t i = 0; i < c->count; i++) {
        float *row = nr_arena_alloc(scratch, c->length, sizeof *row);
        if (!row)
            return nr_fail_nomem(err, "heads");
        for (size_t j = 0; j < c->length; j++)
            row[j] = c->examples[i]->vector[j] - mean[j];
        c->rows[i] = row;
        c->fold[i] = (unsigned)(nr_id_hash(c->examples[i]->label->video_id) % NR_HEAD_FOLDS);
    }
    return NR_OK;
}

static enum nr_status teach(const struct nr_head_example *examples, size_t count, bool sentiment, unsigned threads,
                            struct nr_heads *heads, struct nr_head_set *out, struct nr_error *err)
{
    struct course c = {.length = heads->length};
    struct nr_arena scratch = {0};
    enum nr_status status = take_examples(&c, examples, count, heads->mean, sentiment, &scratch, err);
    if (!status && sentiment)
        choose_sentiments(&c);
    else if (!status)
        status = choose_topics(&c, &scratch, err);
    if (!status && c.heads)
        status = make_room(&c, sentiment, &scratch, err);
    if (!status && c.heads)
        status = learn(&c, sentiment, threads, &heads->mem, out, err);
    nr_arena_release(&scratch);
    return status;
}

/* In the order of video_id, like everything that is learned. */
static enum nr_status find_mean(const struct nr_head_example *examples, size_t count, struct nr_heads *heads,
                                struct nr_error *err)
{
    const struct nr_head_example **order = malloc(count * sizeof *order);
    heads->mean = nr_arena_alloc(&heads->mem, heads->length, sizeof *heads->mean);
    if (!order || !heads->mean) {
        free(order);
        return nr_fail_nomem(err, "heads");
    }
    for (size_t i = 0; i < count; i++)
        order[i] = &examples[i];
    qsort(order, count, sizeof *order, by_video);
    for (size_t j = 0; j < heads->length; j++) {
        double sum = 0;
        for (size_t i = 0; i < count; i++)
            sum += order[i]->vector[j];
        heads->mean[j] = (float)(sum / (double)count);
    }
    free(order);
    return NR_OK;
}

enum nr_status nr_heads_train(const struct nr_head_example *examples, size_t count, size_t length, const char *model,
                              unsigned threads, struct nr_heads *out, struct nr_error *err)
{
    *out = (struct nr_heads){.length = length};
    out->model = nr_arena_strdup(&out->mem, model);
    if (!count)
        return nr_fail(err, NR_ERR_DATA, "none of the labelled videos is in the catalogue with words to learn from");
    enum nr_status status = find_mean(examples, count, out, err);
    if (!status)
        status = teach(examples, count, false, threads, out, &out->topics, err);
    if (!status)
        status = teach(examples, count, true, threads, out, &out->sentiment, err);
    if (!status && !out->topics.count && !out->sentiment.count)
        status = nr_fail(err, NR_ERR_DATA, "no topic and no two sentiments have %d labelled videos: nothing to learn",
                         NR_HEAD_POSITIVES_LEAST);
    return status;
}
