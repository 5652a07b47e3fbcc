/* eval_output.c - tables, JSON and CSV of measures. */
#include "cli/eval_output.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "nightreel/io.h"

#include "core/banned.h"

enum { CELL = 80, LABEL = 20, COLUMN_LEAST = 10 };

/* ---- table --------------------------------------------------------------------------- */

static void put_number(char *cell, double value)
{
    if (isnan(value))
        snprintf(cell, CELL, "undefined");
    else
        snprintf(cell, CELL, "%.4f", value);
}

/* The value; what it could be in other orders of equal scores; users without one. */
static void format_value(char *cell, const struct nr_eval_value *value)
{
    char best[CELL], worst[CELL];
    put_number(cell, value->value);
    put_number(best, value->best);
    put_number(worst, value->worst);
    size_t used = strlen(cell);
    if (strcmp(best, worst) != 0)
        used += (size_t)snprintf(cell + used, CELL - used, " [%.12s, %.12s]", worst, best);
    if (value->undefined && !isnan(value->value))
        snprintf(cell + used, CELL - used, " (%zu undefined)", value->undefined);
}

/* The rows above the measures. */
static const char *const counts[] = {"users", "missing", "empty", "unjudged", "tie rate"};

static void format_count(char *cell, const struct nr_eval_result *result, size_t row)
{
    const size_t numbers[] = {result->users, result->missing, result->empty, result->unjudged};
    if (row < NR_COUNT(numbers))
        snprintf(cell, CELL, "%zu", numbers[row]);
    else
        snprintf(cell, CELL, "%.4f", result->tie_rate);
}

static void format_row(char *cell, const struct nr_eval_result *result, size_t row)
{
    if (row < NR_COUNT(counts))
        format_count(cell, result, row);
    else
        format_value(cell, &result->values[row - NR_COUNT(counts)]);
}

static size_t column_width(const struct nr_eval_result *result)
{
    size_t width = strlen(result->run) > COLUMN_LEAST ? strlen(result->run) : COLUMN_LEAST;
    char cell[CELL];
    for (size_t row = 0; row < NR_COUNT(counts) + result->count; row++) {
        format_row(cell, result, row);
        width = strlen(cell) > width ? strlen(cell) : width;
    }
    return width;
}

static void trim_line(struct nr_buf *out)
{
    while (out->length && out->data[out->length - 1] == ' ')
        out->length--;
    nr_buf_putc(out, '\n');
}

static void write_table(const struct nr_eval_result *results, size_t count, struct nr_buf *out)
{
    char cell[CELL];
    nr_buf_printf(out, "%-*s", LABEL, "");
    for (size_t r = 0; r < count; r++)
        nr_buf_printf(out, "  %-*s", (int)column_width(&results[r]), results[r].run);
    trim_line(out);
    for (size_t row = 0; row < NR_COUNT(counts) + results[0].count; row++) {
        const char *label = row < NR_COUNT(counts) ? counts[row] : results[0].values[row - NR_COUNT(counts)].name;
        nr_buf_printf(out, "%-*s", LABEL, label);
        for (size_t r = 0; r < count; r++) {
            format_row(cell, &results[r], row);
            nr_buf_printf(out, "  %-*s", (int)column_width(&results[r]), cell);
        }
        trim_line(out);
    }
}

/* ---- JSON, CSV ------------------------------------------------------------------------ */

static void write_json(const struct nr_eval_result *results, size_t count, struct nr_buf *out)
{
    nr_json_open(out, '{');
    nr_json_put_key(out, "runs");
    nr_json_open(out, '[');
    for (size_t r = 0; r < count; r++) {
        nr_json_open(out, '{');
        nr_json_put_key(out, "run");
        nr_json_put_string(out, results[r].run);
        nr_json_put_key(out, "users");
        nr_json_put_int(out, (int64_t)results[r].users);
        nr_json_put_key(out, "measures");
        nr_json_open(out, '{');
        for (size_t v = 0; v < results[r].count; v++) {
            nr_json_put_key(out, results[r].values[v].name);
            nr_json_put_double(out, results[r].values[v].value); /* undefined: null */
        }
        nr_json_close(out, '}');
        nr_json_close(out, '}');
    }
    nr_json_close(out, ']');
    nr_json_close(out, '}');
    nr_buf_putc(out, '\n');
}

/* An undefined value is an empty field. */
static void put_field(struct nr_buf *out, double value)
{
    nr_buf_putc(out, ',');
    if (!isnan(value))
        nr_buf_double(out, value);
}

static void write_csv(const struct nr_eval_result *results, size_t count, struct nr_buf *out)
{
    nr_buf_puts(out, "run,measure,value,best,worst,users,missing,empty,undefined,tie_rate\n");
    for (size_t r = 0; r < count; r++) {
        const struct nr_eval_result *result = &results[r];
        for (size_t v = 0; v < result->count; v++) {
            const struct nr_eval_value *value = &result->values[v];
            nr_csv_put(out, result->run);
            nr_buf_printf(out, ",%s", value->name);
            put_field(out, value->value);
            put_field(out, value->best);
            put_field(out, value->worst);
            nr_buf_printf(out, ",%zu,%zu,%zu,%zu", result->users, result->missing, result->empty, value->undefined);
            put_field(out, result->tie_rate);
            nr_buf_putc(out, '\n');
        }
    }
}

const char *const nr_eval_format_names[NR_EVAL_FORMAT_COUNT + 1] = {
    [NR_EVAL_TABLE] = "table", [NR_EVAL_JSON] = "json", [NR_EVAL_CSV] = "csv"};

static void (*const writers[NR_EVAL_FORMAT_COUNT])(const struct nr_eval_result *results, size_t count,
                                                   struct nr_buf *out) = {
    [NR_EVAL_TABLE] = write_table, [NR_EVAL_JSON] = write_json, [NR_EVAL_CSV] = write_csv};

void nr_eval_write(const struct nr_eval_result *results, size_t count, enum nr_eval_format format, struct nr_buf *out)
{
    writers[format](results, count, out);
}

void nr_eval_write_users(const struct nr_eval_result *results, size_t count, struct nr_buf *out)
{
    nr_buf_puts(out, "run,user_id,measure,value\n");
    for (size_t r = 0; r < count; r++)
        for (size_t u = 0; u < results[r].users; u++)
            for (size_t v = 0; v < results[r].count; v++) {
                const struct nr_eval_value *value = &results[r].values[v];
                if (!value->per_user)
                    continue;
                nr_csv_put(out, results[r].run);
                nr_buf_putc(out, ',');
                nr_csv_put(out, results[r].user_ids[u]);
                nr_buf_printf(out, ",%s", value->name);
                put_field(out, value->per_user[u]);
                nr_buf_putc(out, '\n');
            }
}

void nr_eval_write_measures(struct nr_buf *out)
{
    static const char *const needs[] = {
        [NR_NEEDS_NOTHING] = "", [NR_NEEDS_TRAIN] = " (needs --train)", [NR_NEEDS_ITEMS] = " (needs --items)"};
    for (size_t m = 0; m < nr_measure_count; m++) {
        const struct nr_measure *measure = &nr_measures[m];
        nr_buf_printf(out, "%-16s %s%s\n%-16s source: %s%s\n", measure->name, measure->definition,
                      needs[measure->needs], "", measure->source, measure->usual ? "" : "; on request");
    }
}
