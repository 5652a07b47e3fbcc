/* eval_table.c - an evaluation for people: a block of measures by runs for everybody and
 * for each group of a slice, and beneath it how sure that is. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/eval_output.h"

#include "core/banned.h"

enum { CELL = 80, LABEL = 20, COLUMN_LEAST = 10 };

static void put_number(char *cell, double value)
{
    if (isnan(value))
        snprintf(cell, CELL, "undefined");
    else
        snprintf(cell, CELL, "%.4f", value);
}

static void trim_line(struct nr_buf *out)
{
    while (out->length && out->data[out->length - 1] == ' ')
        out->length--;
    nr_buf_putc(out, '\n');
}

/* ---- values ---------------------------------------------------------------------------- */

/* The value; what it could be in other orders of equal scores; users without one. */
static void format_value(char *cell, const struct nr_eval_value *value, enum nr_undefined rule)
{
    char best[CELL], worst[CELL];
    put_number(cell, value->value);
    put_number(best, value->best);
    put_number(worst, value->worst);
    size_t used = strlen(cell);
    if (strcmp(best, worst) != 0)
        used += (size_t)snprintf(cell + used, CELL - used, " [%.12s, %.12s]", worst, best);
    if (value->undefined)
        snprintf(cell + used, CELL - used, " (%zu undefined, %s)", value->undefined,
                 rule == NR_UNDEFINED_ZERO ? "as 0" : "skipped");
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

/* Measures of nobody have no rows. */
static size_t row_count(const struct nr_eval_result *result)
{
    return NR_COUNT(counts) + (result->users ? result->count : 0);
}

static void format_row(char *cell, const struct nr_eval_result *result, size_t row, enum nr_undefined rule)
{
    if (row < NR_COUNT(counts))
        format_count(cell, result, row);
    else
        format_value(cell, &result->values[row - NR_COUNT(counts)], rule);
}

static size_t column_width(const struct nr_eval_result *result, enum nr_undefined rule)
{
    size_t width = strlen(result->run) > COLUMN_LEAST ? strlen(result->run) : COLUMN_LEAST;
    char cell[CELL];
    for (size_t row = 0; row < row_count(result); row++) {
        format_row(cell, result, row, rule);
        width = strlen(cell) > width ? strlen(cell) : width;
    }
    return width;
}

static void write_values(const struct nr_eval_report *report, const struct nr_eval_block *block, struct nr_buf *out)
{
    const struct nr_eval_result *results = block->results;
    enum nr_undefined rule = report->params->undefined;
    char cell[CELL];
    nr_buf_printf(out, "%-*s", LABEL, "");
    for (size_t r = 0; r < report->run_count; r++)
        nr_buf_printf(out, "  %-*s", (int)column_width(&results[r], rule), results[r].run);
    trim_line(out);
    for (size_t row = 0; row < row_count(&results[0]); row++) {
        const char *label = row < NR_COUNT(counts) ? counts[row] : results[0].values[row - NR_COUNT(counts)].name;
        nr_buf_printf(out, "%-*s", LABEL, label);
        for (size_t r = 0; r < report->run_count; r++) {
            format_row(cell, &results[r], row, rule);
            nr_buf_printf(out, "  %-*s", (int)column_width(&results[r], rule), cell);
        }
        trim_line(out);
    }
}

/* ---- how sure ---------------------------------------------------------------------------- */

enum { INTERVAL = 18, DIFFERENCE = 28, PROBABILITY = 8 };

static void format_interval(char *cell, const struct nr_interval *interval)
{
    if (isnan(interval->low))
        snprintf(cell, CELL, "undefined");
    else
        snprintf(cell, CELL, "[%.4f, %.4f]", interval->low, interval->high);
}

static void put_interval(const struct nr_interval *interval, size_t width, struct nr_buf *out)
{
    char cell[CELL];
    format_interval(cell, interval);
    nr_buf_printf(out, "  %-*s", (int)width, cell);
}

static void put_against(const struct nr_significance *against, struct nr_buf *out)
{
    char cell[CELL], interval[CELL];
    format_interval(interval, &against->interval);
    if (isnan(against->difference))
        snprintf(cell, CELL, "undefined");
    else
        snprintf(cell, CELL, "%+.4f %.40s", against->difference, interval);
    nr_buf_printf(out, "  %-*s", DIFFERENCE, cell);
    if (isnan(against->p))
        snprintf(cell, CELL, "undefined");
    else
        snprintf(cell, CELL, against->p < 0.0001 ? "<0.0001" : "%.4f", against->p);
    nr_buf_printf(out, "  %-*s", PROBABILITY, cell);
}

static size_t interval_width(const char *run)
{
    return strlen(run) > INTERVAL ? strlen(run) : INTERVAL;
}

static void write_sure_head(const struct nr_eval_report *report, const struct nr_eval_block *block, struct nr_buf *out)
{
    const struct nr_significance_params *params = report->significance;
    nr_buf_printf(out, "\n%g%% intervals by %zu resamples of users", 100 * params->level, params->resamples);
    if (report->run_count > 1)
        nr_buf_printf(out, "; differences from %s, p by %zu flips of signs", block->results[0].run,
                      params->permutations);
    nr_buf_printf(out, "; seed %llu", (unsigned long long)params->seed);
    if (block->results[0].users < NR_SIGNIFICANCE_USERS_LEAST)
        nr_buf_printf(out, "; %zu users are few", block->results[0].users);
    nr_buf_printf(out, "\n%-*s", LABEL, "");
    for (size_t r = 0; r < report->run_count; r++) {
        nr_buf_printf(out, "  %-*s", (int)interval_width(block->results[r].run), block->results[r].run);
        if (r)
            nr_buf_printf(out, "  %-*s  %-*s", DIFFERENCE, "difference", PROBABILITY, "p");
    }
    trim_line(out);
}

static void write_sure(const struct nr_eval_report *report, const struct nr_eval_block *block, struct nr_buf *out)
{
    const struct nr_eval_result *first = &block->results[0];
    write_sure_head(report, block, out);
    for (size_t v = 0; v < first->count; v++) {
        if (!first->values[v].per_user)
            continue;
        nr_buf_printf(out, "%-*s", LABEL, first->values[v].name);
        for (size_t r = 0; r < report->run_count; r++) {
            put_interval(&block->comparisons[r].intervals[v], interval_width(block->results[r].run), out);
            if (r)
                put_against(&block->comparisons[r].against[v], out);
        }
        trim_line(out);
    }
}

/* Values of a catalogue are anybody's text. */
static void put_name(const char *name, struct nr_buf *out)
{
    for (; *name; name++)
        nr_buf_putc(out, (unsigned char)*name < 0x20 || *name == 0x7f ? ' ' : *name);
}

void nr_eval_write_table(const struct nr_eval_report *report, struct nr_buf *out)
{
    for (size_t b = 0; b < report->block_count; b++) {
        const struct nr_eval_block *block = &report->blocks[b];
        if (block->slice) {
            nr_buf_printf(out, "\n%s: ", block->slice);
            put_name(block->group, out);
            nr_buf_putc(out, '\n');
        }
        write_values(report, block, out);
        if (block->comparisons && block->results[0].users)
            write_sure(report, block, out);
    }
}
