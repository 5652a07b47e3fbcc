/* eval_records.c - an evaluation for programs: JSON and CSV. */
#include <math.h>

#include "cli/eval_output.h"
#include "nightreel/io.h"

#include "core/banned.h"

/* ---- JSON ------------------------------------------------------------------------------ */

static void put_member(const char *key, double value, struct nr_buf *out)
{
    nr_json_put_key(out, key);
    nr_json_put_double(out, value); /* undefined: null */
}

static void put_count(const char *key, size_t count, struct nr_buf *out)
{
    nr_json_put_key(out, key);
    nr_json_put_int(out, (int64_t)count);
}

/* What an object of numbers by measure holds. */
enum column { VALUE, BEST, WORST, UNDEFINED, DIFFERENCE, P };

static double number_of(const struct nr_eval_value *value, const struct nr_significance *against, enum column column)
{
    switch (column) {
    case VALUE:
        return value->value;
    case BEST:
        return value->best;
    case WORST:
        return value->worst;
    case UNDEFINED:
        return (double)value->undefined;
    case DIFFERENCE:
        return against->difference;
    case P:
        return against->p;
    }
    return NAN;
}

static void put_numbers(const char *key, const struct nr_eval_result *result, const struct nr_significance *against,
                        enum column column, struct nr_buf *out)
{
    nr_json_put_key(out, key);
    nr_json_open(out, '{');
    for (size_t v = 0; v < result->count; v++)
        put_member(result->values[v].name, number_of(&result->values[v], against ? &against[v] : NULL, column), out);
    nr_json_close(out, '}');
}

/* NULL for measures of a run as a whole. */
static void put_intervals(const char *key, const struct nr_eval_result *result, const struct nr_interval *intervals,
                          const struct nr_significance *against, struct nr_buf *out)
{
    nr_json_put_key(out, key);
    nr_json_open(out, '{');
    for (size_t v = 0; v < result->count; v++) {
        const struct nr_interval *interval = against ? &against[v].interval : &intervals[v];
        nr_json_put_key(out, result->values[v].name);
        if (isnan(interval->low)) {
            nr_json_put_double(out, NAN);
            continue;
        }
        nr_json_open(out, '[');
        nr_json_put_double(out, interval->low);
        nr_json_put_double(out, interval->high);
        nr_json_close(out, ']');
    }
    nr_json_close(out, '}');
}

static void put_run(const struct nr_eval_result *result, const struct nr_eval_comparison *comparison,
                    struct nr_buf *out)
{
    nr_json_open(out, '{');
    nr_json_put_key(out, "run");
    nr_json_put_string(out, result->run);
    put_count("users", result->users, out);
    put_numbers("measures", result, NULL, VALUE, out);
    put_count("n_missing", result->missing, out);
    put_count("n_empty", result->empty, out);
    put_count("n_unjudged", result->unjudged, out);
    put_member("tie_rate", result->tie_rate, out);
    put_numbers("best", result, NULL, BEST, out);
    put_numbers("worst", result, NULL, WORST, out);
    put_numbers("undefined", result, NULL, UNDEFINED, out);
    if (comparison)
        put_intervals("intervals", result, comparison->intervals, NULL, out);
    if (comparison && comparison->against) {
        put_numbers("differences", result, comparison->against, DIFFERENCE, out);
        put_intervals("difference_intervals", result, NULL, comparison->against, out);
        put_numbers("p_values", result, comparison->against, P, out);
    }
    nr_json_close(out, '}');
}

static void put_runs(const struct nr_eval_report *report, const struct nr_eval_block *block, struct nr_buf *out)
{
    nr_json_put_key(out, "runs");
    nr_json_open(out, '[');
    for (size_t r = 0; r < report->run_count; r++)
        put_run(&block->results[r], block->comparisons ? &block->comparisons[r] : NULL, out);
    nr_json_close(out, ']');
}

static void put_significance(const struct nr_eval_report *report, struct nr_buf *out)
{
    nr_json_put_key(out, "significance");
    nr_json_open(out, '{');
    put_member("level", report->significance->level, out);
    put_count("resamples", report->significance->resamples, out);
    put_count("permutations", report->significance->permutations, out);
    put_count("seed", (size_t)report->significance->seed, out);
    nr_json_put_key(out, "against");
    nr_json_put_string(out, report->run_count > 1 ? report->blocks[0].results[0].run : NULL);
    nr_json_close(out, '}');
}

void nr_eval_write_json(const struct nr_eval_report *report, struct nr_buf *out)
{
    nr_json_open(out, '{');
    put_runs(report, &report->blocks[0], out);
    nr_json_put_key(out, "undefined_rule");
    nr_json_put_string(out, nr_eval_undefined_names[report->params->undefined]);
    if (report->blocks[0].comparisons)
        put_significance(report, out);
    if (report->block_count > 1) {
        nr_json_put_key(out, "slices");
        nr_json_open(out, '[');
        for (size_t b = 1; b < report->block_count; b++) {
            nr_json_open(out, '{');
            nr_json_put_key(out, "slice");
            nr_json_put_string(out, report->blocks[b].slice);
            nr_json_put_key(out, "group");
            nr_json_put_string(out, report->blocks[b].group);
            put_runs(report, &report->blocks[b], out);
            nr_json_close(out, '}');
        }
        nr_json_close(out, ']');
    }
    nr_json_close(out, '}');
    nr_buf_putc(out, '\n');
}

/* ---- CSV ------------------------------------------------------------------------------- */

/* An undefined value is an empty field. */
static void put_field(struct nr_buf *out, double value)
{
    nr_buf_putc(out, ',');
    if (!isnan(value))
        nr_buf_double(out, value);
}

static void put_text(struct nr_buf *out, const char *text)
{
    nr_buf_putc(out, ',');
    nr_csv_put(out, text ? text : "");
}

static void put_sure(const struct nr_eval_comparison *comparison, size_t v, struct nr_buf *out)
{
    static const struct nr_significance none = {0, NAN, {NAN, NAN}, NAN};
    const struct nr_significance *against = comparison && comparison->against ? &comparison->against[v] : &none;
    put_field(out, comparison ? comparison->intervals[v].low : NAN);
    put_field(out, comparison ? comparison->intervals[v].high : NAN);
    put_field(out, against->difference);
    put_field(out, against->interval.low);
    put_field(out, against->interval.high);
    put_field(out, against->p);
}

static void put_rows(const struct nr_eval_report *report, const struct nr_eval_block *block, size_t r,
                     struct nr_buf *out)
{
    const struct nr_eval_result *result = &block->results[r];
    for (size_t v = 0; v < result->count; v++) {
        const struct nr_eval_value *value = &result->values[v];
        nr_csv_put(out, result->run);
        nr_buf_printf(out, ",%s", value->name);
        put_field(out, value->value);
        put_field(out, value->best);
        put_field(out, value->worst);
        nr_buf_printf(out, ",%zu,%zu,%zu,%zu", result->users, result->missing, result->empty, value->undefined);
        put_field(out, result->tie_rate);
        put_text(out, block->slice);
        put_text(out, block->group);
        put_sure(block->comparisons ? &block->comparisons[r] : NULL, v, out);
        put_text(out, nr_eval_undefined_names[report->params->undefined]);
        nr_buf_putc(out, '\n');
    }
}

void nr_eval_write_csv(const struct nr_eval_report *report, struct nr_buf *out)
{
    nr_buf_puts(out, "run,measure,value,best,worst,users,missing,empty,undefined,tie_rate,slice,group,low,high,"
                     "difference,difference_low,difference_high,p,undefined_rule\n");
    for (size_t b = 0; b < report->block_count; b++)
        for (size_t r = 0; r < report->run_count; r++)
            put_rows(report, &report->blocks[b], r, out);
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
