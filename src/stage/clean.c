/* clean.c - behaviour log and declared interests from their files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "nightreel/io.h"
#include "nightreel/stage.h"
#include "stage/tag_list.h"

#include "core/banned.h"

#define DECLARED_MAX ((size_t)1 << 28)

/* ---- rejects and summary ------------------------------------------------------ */

static enum nr_status put_note(void *ctx, const struct nr_clean_note *note, struct nr_error *err)
{
    struct nr_output *out = ctx;
    struct nr_buf line = {0}, row = {0};
    for (size_t i = 0; i < note->count; i++) {
        if (i)
            nr_buf_putc(&row, ',');
        nr_csv_put(&row, note->fields[i]);
    }
    nr_buf_printf(&line, "%zu,%s,%s,", note->line,
                  note->verdict == NR_CLEAN_REJECT   ? "rejected"
                  : note->verdict == NR_CLEAN_REPAIR ? "repaired"
                                                     : "merged",
                  nr_clean_rules[note->rule].name);
    nr_csv_put(&line, note->detail);
    nr_buf_putc(&line, ',');
    nr_csv_put(&line, row.data ? row.data : "");
    nr_buf_putc(&line, '\n');
    enum nr_status status = nr_buf_status(&line, err);
    if (!status)
        status = nr_output_write(out, line.data, line.length, err);
    nr_buf_release(&row);
    nr_buf_release(&line);
    return status;
}

static void put_count(struct nr_buf *out, const char *key, size_t count)
{
    nr_json_put_key(out, key);
    nr_json_put_int(out, (int64_t)count);
}

static enum nr_status write_summary(const char *path, const struct nr_clean_tally *tally, struct nr_error *err)
{
    struct nr_buf text = {0};
    nr_json_open(&text, '{');
    put_count(&text, "rows_in", tally->rows_in);
    put_count(&text, "kept", tally->kept);
    put_count(&text, "rejected", tally->rejected);
    put_count(&text, "merged", tally->merged);
    put_count(&text, "repaired", tally->repaired);
    put_count(&text, "events", tally->events);
    nr_json_put_key(&text, "rules");
    nr_json_open(&text, '{');
    for (int rule = 0; rule < NR_RULE_COUNT; rule++)
        put_count(&text, nr_clean_rules[rule].name, tally->per_rule[rule]);
    nr_json_close(&text, '}');
    nr_json_close(&text, '}');
    nr_buf_putc(&text, '\n');
    enum nr_status status = nr_file_write(path, &text, err);
    nr_buf_release(&text);
    return status;
}

/* ---- the log ----------------------------------------------------------------------- */

static enum nr_status read_header(struct nr_cleaner *cleaner, const struct nr_csv *csv, struct nr_error *err)
{
    size_t count = nr_csv_columns(csv);
    bool is_data = false;
    const char **names = calloc(count ? count : 1, sizeof *names);
    if (!names)
        return nr_fail_nomem(err, "a header");
    for (size_t i = 0; i < count; i++)
        names[i] = nr_csv_header(csv, i);
    enum nr_status status = nr_cleaner_header(cleaner, names, count, &is_data, err);
    if (status)
        status = nr_fail_prefix(err, status, "'%s'", nr_csv_name(csv));
    if (!status && is_data)
        status = nr_cleaner_row(cleaner, names, count, 1, false, err);
    free(names);
    return status;
}

static enum nr_status read_rows(const struct nr_stage_env *env, struct nr_cleaner *cleaner, struct nr_csv *csv,
                                struct nr_error *err)
{
    enum { REPORT_EVERY = 100000 };
    struct nr_csv_row row;
    size_t rows = 0;
    enum nr_status status;
    while ((status = nr_csv_next(csv, &row, err)) == NR_OK) {
        status = nr_cleaner_row(cleaner, row.fields, row.count, row.line, row.unreadable, err);
        if (status)
            return status;
        if (++rows % REPORT_EVERY == 0)
            nr_report_progress(env->reporter, "clean", rows, 0);
    }
    return status == NR_END ? NR_OK : status;
}

/* Reads `csv` into data->events, or to where the environment says; notes go to `rejects` where it is not NULL. */
static enum nr_status clean_csv(const struct nr_stage_env *env, struct nr_csv *csv, struct nr_output *rejects,
                                struct nr_dataset *data, struct nr_clean_tally *tally, struct nr_error *err)
{
    struct nr_cleaner *cleaner;
    int64_t now = env->settings->match.now;
    if (now == NR_TIME_NONE)
        now = (int64_t)time(NULL) * 1000;
    enum nr_status status =
        nr_cleaner_new(&env->settings->clean, now, rejects ? put_note : NULL, rejects, &cleaner, err);
    if (!status && env->put_event)
        status = nr_cleaner_stream(cleaner, env->put_event, env->event_ctx, env->settings->threads, err);
    if (!status)
        status = read_header(cleaner, csv, err);
    if (!status)
        status = read_rows(env, cleaner, csv, err);
    if (!status)
        status = nr_cleaner_finish(cleaner, env->put_event ? NULL : &data->events, tally, err);
    nr_cleaner_free(cleaner);
    return status;
}

static enum nr_status clean_log(const struct nr_stage_env *env, struct nr_dataset *data, struct nr_error *err)
{
    static const char header[] = "line,kind,rule,detail,row\n";
    const struct nr_settings *settings = env->settings;
    struct nr_output *rejects = NULL;
    struct nr_csv *csv = NULL;
    struct nr_clean_tally tally = {0};
    enum nr_status status = nr_csv_open(settings->behaviour, &csv, err);
    if (!status && settings->rejects)
        status = nr_output_open(settings->rejects, &rejects, err);
    if (!status && rejects)
        status = nr_output_write(rejects, header, sizeof header - 1, err);
    if (!status)
        status = clean_csv(env, csv, rejects, data, &tally, err);
    if (!status && rejects) {
        status = nr_output_commit(rejects, err);
        rejects = NULL;
    }
    if (!status && settings->clean_summary)
        status = write_summary(settings->clean_summary, &tally, err);
    if (!status)
        nr_report(env->reporter, NR_LOG_INFO, "%zu rows: %zu kept, %zu rejected, %zu merged, %zu repaired",
                  tally.rows_in, tally.kept, tally.rejected, tally.merged, tally.repaired);
    nr_output_abandon(rejects);
    nr_csv_close(csv);
    return status;
}

/* ---- declared interests ------------------------------------------------------------- */

static enum nr_status add_declared(struct nr_declared_list *list, const char *user, const char *tags,
                                   struct nr_error *err)
{
    enum nr_status status = nr_array_reserve((void **)&list->entries, &list->capacity, list->count + 1,
                                             sizeof *list->entries, DECLARED_MAX, err);
    if (status)
        return status;
    struct nr_declared *entry = &list->entries[list->count];
    *entry = (struct nr_declared){.user_id = nr_arena_strdup(&list->mem, user)};
    status = nr_tag_list_split(tags, &list->mem, &entry->tags, err);
    list->count += !status;
    return status;
}

static enum nr_status read_interests(const struct nr_stage_env *env, struct nr_dataset *data, struct nr_error *err)
{
    struct nr_csv *csv;
    struct nr_csv_row row;
    enum nr_status status = nr_csv_open(env->settings->interests, &csv, err);
    if (status)
        return status;
    int user = nr_csv_find(csv, "user_id"), tags = nr_csv_find(csv, "tags");
    if (user < 0 || tags < 0)
        status = nr_fail(err, NR_ERR_DATA, "'%s' has no column '%s'", nr_csv_name(csv), user < 0 ? "user_id" : "tags");
    while (!status && (status = nr_csv_next(csv, &row, err)) == NR_OK) {
        if (row.unreadable || row.count <= (size_t)user || row.count <= (size_t)tags || !*row.fields[user]) {
            nr_report(env->reporter, NR_LOG_WARNING, "%s:%zu: row without a user or tags, left out", nr_csv_name(csv),
                      row.line);
            data->failed_rows++;
        } else
            status = add_declared(&data->declared, row.fields[user], row.fields[tags], err);
    }
    nr_csv_close(csv);
    return status == NR_END ? NR_OK : status;
}

static enum nr_status run(const struct nr_stage_env *env, struct nr_dataset *data, const size_t *todo, size_t count,
                          const struct nr_stage_sink *sink, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    (void)todo;
    (void)count;
    (void)sink;
    if (env->settings->behaviour)
        status = clean_log(env, data, err);
    if (!status && env->settings->interests)
        status = read_interests(env, data, err);
    return status;
}

const struct nr_stage nr_stage_clean = {
    .name = "clean",
    .summary = "find, repair or reject bad rows of a behaviour log",
    .run = run,
};
