/* eval_inputs.c - truth, training log and runs from files. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nightreel/io.h"
#include "nightreel/io_trec.h"
#include "nightreel/stage_eval.h"
#include "stage/event_texts.h"

#include "core/banned.h"

/* ---- behaviour logs --------------------------------------------------------------------- */

enum nr_status nr_eval_read_log(const struct nr_stage_env *env, const char *path, struct nr_event_log *log,
                                struct nr_error *err)
{
    struct nr_settings settings = *env->settings;
    struct nr_stage_env own = *env;
    struct nr_dataset data = {0};
    settings.behaviour = path;
    settings.interests = settings.rejects = settings.clean_summary = NULL;
    own.settings = &settings;
    enum nr_status status = nr_stage_clean.run(&own, &data, NULL, 0, NULL, err);
    if (!status)
        status = nr_events_feel(&data.events, err);
    if (!status) {
        *log = data.events;
        data.events = (struct nr_event_log){0};
    }
    nr_dataset_release(&data);
    return status;
}

/* Adds each pair of the log that passes the rule. */
static enum nr_status read_pairs(const struct nr_stage_env *env, const char *path, const struct nr_rule *rule,
                                 struct nr_eval_data *data, bool train, struct nr_error *err)
{
    struct nr_event_log log = {0};
    struct nr_positive *pairs = NULL;
    size_t count = 0;
    enum nr_status status = nr_eval_read_log(env, path, &log, err);
    if (!status)
        status = nr_positives_find(&log, rule, &pairs, &count, err);
    data->has_train |= train; /* also where nobody watched anything */
    for (size_t i = 0; i < count && !status; i++)
        status = train ? nr_eval_add_train(data, pairs[i].user_id, pairs[i].video_id, err)
                       : nr_eval_add_truth(data, pairs[i].user_id, pairs[i].video_id, 1, err);
    free(pairs);
    nr_event_log_release(&log);
    return status;
}

enum nr_status nr_eval_read_train(const struct nr_stage_env *env, const char *path, struct nr_eval_data *data,
                                  struct nr_error *err)
{
    return read_pairs(env, path, NULL, data, true, err);
}

/* ---- judgements --------------------------------------------------------------------------- */

static bool blank_line(const char *line, size_t length)
{
    return strspn(line, " \t\r") == length;
}

static enum nr_status next_line(struct nr_input *in, const char **line, size_t *length, struct nr_error *err)
{
    enum nr_status status;
    do
        status = nr_input_line(in, line, length, err);
    while (!status && blank_line(*line, *length));
    return status;
}

static enum nr_status add_judgement(struct nr_eval_data *data, const struct nr_trec_entry *entry, struct nr_error *err)
{
    struct nr_arena mem = {0};
    const char *user = nr_arena_strndup(&mem, entry->user, entry->user_length);
    const char *video = nr_arena_strndup(&mem, entry->video, entry->video_length);
    enum nr_status status =
        mem.failed ? nr_fail_nomem(err, "a judgement") : nr_eval_add_truth(data, user, video, entry->value, err);
    nr_arena_release(&mem);
    return status;
}

static enum nr_status line_error(const struct nr_input *in, enum nr_status status, struct nr_error *err)
{
    return nr_fail_prefix(err, status, "%s:%zu", nr_input_name(in), nr_input_line_number(in));
}

static enum nr_status read_qrels(struct nr_input *in, const char *line, size_t length, struct nr_eval_data *data,
                                 struct nr_error *err)
{
    enum nr_status status = NR_OK;
    struct nr_trec_entry entry;
    while (!status) {
        status = nr_trec_qrels_line(line, length, &entry)
                     ? add_judgement(data, &entry, err)
                     : nr_fail(err, NR_ERR_DATA, "not a line of USER 0 VIDEO RELEVANCE");
        if (status)
            return line_error(in, status, err);
        status = next_line(in, &line, &length, err);
    }
    return status == NR_END ? NR_OK : status;
}

/* Four words with a small whole number at the end: MovieLens' u.data has four, too,
 * but a time at the end. */
static bool looks_like_qrels(const char *line, size_t length)
{
    struct nr_trec_entry entry;
    return nr_trec_qrels_line(line, length, &entry) && fabs(entry.value) < 1e6 && entry.value == floor(entry.value);
}

enum nr_status nr_eval_read_truth(const struct nr_stage_env *env, const char *path, const struct nr_rule *rule,
                                  struct nr_eval_data *data, struct nr_error *err)
{
    struct nr_input *in;
    const char *line;
    size_t length;
    if (strcmp(path, "-") == 0)
        return read_pairs(env, path, rule, data, false, err);
    enum nr_status status = nr_input_open(path, &in, err);
    if (status)
        return status;
    status = next_line(in, &line, &length, err);
    bool qrels = !status && looks_like_qrels(line, length);
    if (qrels)
        status = read_qrels(in, line, length, data, err);
    nr_input_close(in);
    if (qrels || (status && status != NR_END))
        return status;
    return read_pairs(env, path, rule, data, false, err);
}

/* ---- runs ------------------------------------------------------------------------------------ */

/* Whether a list is in an order of its own (diversified): it says that its ranks are its
 * places, and its scores rise somewhere. */
static bool goes_by_place(const struct nr_json *items)
{
    double place = 0, before = INFINITY;
    bool rises = false;
    for (const struct nr_json *item = nr_json_first(items); item; item = nr_json_next(item)) {
        double score = nr_json_number(nr_json_get(item, "score"));
        if (nr_json_number(nr_json_get(item, "rank")) != ++place)
            return false;
        rises |= score > before;
        before = score;
    }
    return rises;
}

static enum nr_status add_record(struct nr_eval_data *data, struct nr_eval_run *run, const struct nr_json *record,
                                 struct nr_error *err)
{
    const char *user = nr_json_string(nr_json_get(record, "user_id"));
    const struct nr_json *items = nr_json_get(record, "items");
    double rank = 0;
    if (!user || !items || (nr_json_type(items) != NR_JSON_ARRAY && nr_json_type(items) != NR_JSON_VECTOR))
        return nr_fail(err, NR_ERR_DATA, "not a recommendation record: 'user_id' or 'items' is missing");
    bool by_place = goes_by_place(items);
    enum nr_status status = nr_eval_add_list(data, run, user, err);
    for (const struct nr_json *item = nr_json_first(items); item && !status; item = nr_json_next(item)) {
        const char *video = nr_json_string(nr_json_get(item, "video_id"));
        const struct nr_json *score = nr_json_get(item, "score");
        rank++;
        if (!video)
            return nr_fail(err, NR_ERR_DATA, "user '%s': entry %.0f has no 'video_id'", user, rank);
        status = nr_eval_add_entry(data, run, user, strlen(user), video, strlen(video),
                                   score && !by_place ? nr_json_number(score) : -rank, err);
    }
    return status;
}

static enum nr_status read_records(struct nr_input *in, const char *line, size_t length, struct nr_eval_data *data,
                                   struct nr_eval_run *run, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    while (!status) {
        struct nr_json_doc *doc = NULL;
        status = nr_json_parse(line, length, &doc, err);
        if (!status)
            status = add_record(data, run, nr_json_root(doc), err);
        nr_json_free(doc);
        if (status)
            return line_error(in, status, err);
        status = next_line(in, &line, &length, err);
    }
    return status == NR_END ? NR_OK : status;
}

static enum nr_status read_array(struct nr_input *in, const char *line, size_t length, struct nr_eval_data *data,
                                 struct nr_eval_run *run, struct nr_error *err)
{
    struct nr_buf text = {.max = (size_t)4 << 30};
    struct nr_json_doc *doc = NULL;
    enum nr_status status = NR_OK;
    while (!status) {
        nr_buf_append(&text, line, length);
        nr_buf_putc(&text, '\n');
        status = nr_input_line(in, &line, &length, err);
    }
    status = status == NR_END ? nr_buf_status(&text, err) : status;
    if (!status)
        status = nr_json_parse(text.data, text.length, &doc, err);
    for (const struct nr_json *record = status ? NULL : nr_json_first(nr_json_root(doc)); record && !status;
         record = nr_json_next(record))
        status = add_record(data, run, record, err);
    nr_json_free(doc);
    nr_buf_release(&text);
    return status ? nr_fail_prefix(err, status, "%s", nr_input_name(in)) : NR_OK;
}

static enum nr_status read_trec(struct nr_input *in, const char *line, size_t length, struct nr_eval_data *data,
                                struct nr_eval_run *run, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    struct nr_trec_entry entry;
    while (!status) {
        status = nr_trec_run_line(line, length, &entry)
                     ? nr_eval_add_entry(data, run, entry.user, entry.user_length, entry.video, entry.video_length,
                                         entry.value, err)
                     : nr_fail(err, NR_ERR_DATA, "not a line of USER Q0 VIDEO RANK SCORE TAG");
        if (status)
            return line_error(in, status, err);
        status = next_line(in, &line, &length, err);
    }
    return status == NR_END ? NR_OK : status;
}

static enum nr_status add_row(const struct nr_csv *csv, const struct nr_csv_row *row, const int *columns,
                              struct nr_eval_data *data, struct nr_eval_run *run, struct nr_error *err)
{
    double value;
    if (row->unreadable || row->count != nr_csv_columns(csv))
        return nr_fail(err, NR_ERR_DATA, "%s:%zu: %zu fields where the header has %zu, or not text", nr_csv_name(csv),
                       row->line, row->count, nr_csv_columns(csv));
    const char *user = row->fields[columns[0]], *video = row->fields[columns[1]];
    int scored = columns[2] >= 0 ? columns[2] : columns[3];
    if (!nr_parse_double(row->fields[scored], strlen(row->fields[scored]), &value))
        return nr_fail(err, NR_ERR_DATA, "%s:%zu: '%s' is no number", nr_csv_name(csv), row->line, row->fields[scored]);
    return nr_eval_add_entry(data, run, user, strlen(user), video, strlen(video), columns[2] >= 0 ? value : -value,
                             err);
}

static enum nr_status read_csv_run(const char *path, struct nr_eval_data *data, struct nr_eval_run *run,
                                   struct nr_error *err)
{
    struct nr_csv *csv;
    struct nr_csv_row row;
    enum nr_status status = nr_csv_open(path, &csv, err);
    if (status)
        return status;
    const int columns[] = {nr_csv_find(csv, "user_id"), nr_csv_find(csv, "video_id"), nr_csv_find(csv, "score"),
                           nr_csv_find(csv, "rank")};
    if (columns[0] < 0 || columns[1] < 0 || (columns[2] < 0 && columns[3] < 0))
        status = nr_fail(err, NR_ERR_DATA,
                         "'%s' is neither recommendations, nor a TREC run, nor CSV with the columns user_id, video_id "
                         "and score or rank",
                         path);
    while (!status && (status = nr_csv_next(csv, &row, err)) == NR_OK)
        status = add_row(csv, &row, columns, data, run, err);
    nr_csv_close(csv);
    return status == NR_END ? NR_OK : status;
}

enum nr_status nr_eval_read_run(const char *path, struct nr_eval_data *data, struct nr_eval_run *run,
                                struct nr_error *err)
{
    struct nr_input *in;
    const char *line;
    size_t length;
    struct nr_trec_entry entry;
    enum nr_status status = nr_input_open(path, &in, err);
    if (status)
        return status;
    status = next_line(in, &line, &length, err);
    char first = '\0';
    if (!status)
        first = line[strspn(line, " \t\r")];
    bool csv = !status && first != '{' && first != '[' && !nr_trec_run_line(line, length, &entry);
    if (status == NR_END) /* no list at all: every user is missing */
        status = NR_OK;
    else if (!status && !csv)
        status = first == '{'   ? read_records(in, line, length, data, run, err)
                 : first == '[' ? read_array(in, line, length, data, run, err)
                                : read_trec(in, line, length, data, run, err);
    nr_input_close(in);
    if (csv && strcmp(path, "-") == 0)
        return nr_fail(err, NR_ERR_DATA, "standard input is neither recommendations nor a TREC run");
    return csv ? read_csv_run(path, data, run, err) : status;
}
