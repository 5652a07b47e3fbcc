/* backtest_output.c - see backtest_output.h. */
#include "cli/backtest_output.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/banned.h"

enum nr_status nr_backtest_digest(struct nr_backtest_source *source, struct nr_error *err)
{
    char both[2 * NR_DIGEST_HEX] = "";
    source->digest[0] = '\0';
    if (strcmp(source->behaviour, "-") == 0)
        return NR_OK;
    enum nr_status status = nr_digest_file(source->behaviour, both, err);
    if (!status && source->catalogue)
        status = nr_digest_file(source->catalogue, both + strlen(both), err);
    return status ? status : nr_digest_bytes(both, strlen(both), source->digest, err);
}

/* ---- what reproduces it -------------------------------------------------------------------- */

static void put_command(const struct nr_backtest_source *source, struct nr_buf *out)
{
    nr_buf_puts(out, source->command);
    if (!strstr(source->command, " --seed"))
        nr_buf_printf(out, " --seed %zu", source->params->seed);
}

/* ---- table ------------------------------------------------------------------------------------ */

static void put_label(const struct nr_backtest_row *row, char *out, size_t size)
{
    bool cold = strcmp(row->candidates, "all") != 0;
    snprintf(out, size, "%s%s%s%s%s", row->model, *row->perturb ? " " : "", row->perturb, cold ? " among " : "",
             cold ? row->candidates : "");
}

static void put_value(double value, int width, struct nr_buf *out)
{
    if (isnan(value))
        nr_buf_printf(out, "  %*s", width, "-");
    else
        nr_buf_printf(out, "  %*.4f", width, value);
}

static int width_of(const char *name)
{
    return strlen(name) > 7 ? (int)strlen(name) : 7;
}

static void put_split(const struct nr_backtest *b, const struct nr_backtest_params *params, struct nr_buf *out)
{
    const struct nr_split_tally *split = &b->split;
    double tested = (double)(split->test + split->dropped);
    nr_buf_printf(out, "split %s: train %zu pairs, test %zu pairs of %zu users, %zu videos",
                  nr_split_names[params->split.split], split->train, split->test, split->test_users,
                  b->data.item_count);
    if (split->dropped)
        nr_buf_printf(out, "; dropped %zu test pairs of users unseen in train (%.2f%%)", split->dropped,
                      100 * (double)split->dropped / tested);
    nr_buf_putc(out, '\n');
}

/* The measure whose interval and p the table has: the first NDCG, else the first. */
static size_t primary(const struct nr_eval_result *result)
{
    for (size_t v = 0; v < result->count; v++)
        if (strncmp(result->values[v].name, "ndcg", 4) == 0)
            return v;
    return 0;
}

enum { CERTAINTY = 26 }; /* columns */

/* "[0.1150, 0.1342]  p 0.0123" */
static void put_certainty(const struct nr_backtest_row *row, size_t value, struct nr_buf *out)
{
    char interval[32] = "", p[16] = "";
    const struct nr_eval_comparison *c = &row->comparison;
    if (c->intervals && !isnan(c->intervals[value].low))
        snprintf(interval, sizeof interval, "[%.4f, %.4f]", c->intervals[value].low, c->intervals[value].high);
    if (c->against && !isnan(c->against[value].p))
        snprintf(p, sizeof p, "p %.4f", c->against[value].p);
    nr_buf_printf(out, "  %-16s  %-8s", interval, p);
}

static void write_table(const struct nr_backtest *b, const struct nr_backtest_source *source, struct nr_buf *out)
{
    const struct nr_eval_result *first = &b->rows[0].result;
    char label[120];
    int wide = 5;
    for (size_t r = 0; r < b->count; r++) {
        put_label(&b->rows[r], label, sizeof label);
        wide = (int)strlen(label) > wide ? (int)strlen(label) : wide;
    }
    put_split(b, source->params, out);
    nr_buf_printf(out, "%-*s", wide, "model");
    size_t main_value = primary(first);
    for (size_t v = 0; v < first->count; v++)
        nr_buf_printf(out, "  %*s%*s", width_of(first->values[v].name), first->values[v].name,
                      v == main_value ? CERTAINTY + 2 : 0, "");
    nr_buf_printf(out, "  %7s  %6s\n", "seconds", "MiB");
    for (size_t r = 0; r < b->count; r++) {
        const struct nr_backtest_row *row = &b->rows[r];
        put_label(row, label, sizeof label);
        nr_buf_printf(out, "%-*s", wide, label);
        for (size_t v = 0; v < row->result.count; v++) {
            put_value(row->result.values[v].value, width_of(row->result.values[v].name), out);
            if (v == main_value)
                put_certainty(row, v, out);
        }
        nr_buf_printf(out, "  %7.2f  %6.0f\n", row->seconds, row->peak_bytes / 0x1p20);
    }
    if (!b->rows[0].comparison.intervals)
        nr_buf_puts(out, "fewer than 100 test users: differences between models are not significant\n");
    put_command(source, out);
    nr_buf_printf(out, "  (nightreel %s, data %.16s)\n", NR_VERSION, *source->digest ? source->digest : "unknown");
}

/* ---- JSON, CSV ----------------------------------------------------------------------------------- */

/* intervals: {measure: [low, high]}; p_values, differences: against the first model. */
static void put_certainties(const struct nr_backtest_row *row, struct nr_buf *out)
{
    const struct nr_eval_comparison *c = &row->comparison;
    nr_json_put_key(out, "intervals");
    nr_json_open(out, '{');
    for (size_t v = 0; v < row->result.count && c->intervals; v++) {
        nr_json_put_key(out, row->result.values[v].name);
        nr_json_open(out, '[');
        nr_json_put_double(out, c->intervals[v].low);
        nr_json_put_double(out, c->intervals[v].high);
        nr_json_close(out, ']');
    }
    nr_json_close(out, '}');
    for (int which = 0; which < 2 && c->against; which++) {
        nr_json_put_key(out, which ? "p_values" : "differences");
        nr_json_open(out, '{');
        for (size_t v = 0; v < row->result.count; v++) {
            nr_json_put_key(out, row->result.values[v].name);
            nr_json_put_double(out, which ? c->against[v].p : c->against[v].difference);
        }
        nr_json_close(out, '}');
    }
}

static void put_row(const struct nr_backtest_row *row, struct nr_buf *out)
{
    nr_json_open(out, '{');
    nr_json_put_key(out, "model");
    nr_json_put_string(out, row->model);
    nr_json_put_key(out, "candidates");
    nr_json_put_string(out, row->candidates);
    nr_json_put_key(out, "perturb");
    nr_json_put_string(out, *row->perturb ? row->perturb : NULL);
    nr_json_put_key(out, "users");
    nr_json_put_int(out, (int64_t)row->result.users);
    nr_json_put_key(out, "seconds");
    nr_json_put_double(out, row->seconds);
    nr_json_put_key(out, "peak_bytes");
    nr_json_put_double(out, row->peak_bytes);
    nr_json_put_key(out, "measures");
    nr_json_open(out, '{');
    for (size_t v = 0; v < row->result.count; v++) {
        nr_json_put_key(out, row->result.values[v].name);
        nr_json_put_double(out, row->result.values[v].value);
    }
    nr_json_close(out, '}');
    put_certainties(row, out);
    nr_json_close(out, '}');
}

static void write_json(const struct nr_backtest *b, const struct nr_backtest_source *source, struct nr_buf *out)
{
    struct nr_buf command = {0};
    put_command(source, &command);
    nr_json_open(out, '{');
    nr_json_put_key(out, "version");
    nr_json_put_string(out, NR_VERSION);
    nr_json_put_key(out, "command");
    nr_json_put_string(out, command.data);
    nr_json_put_key(out, "data");
    nr_json_put_string(out, *source->digest ? source->digest : NULL);
    nr_json_put_key(out, "split");
    nr_json_put_string(out, nr_split_names[source->params->split.split]);
    nr_json_put_key(out, "seed");
    nr_json_put_int(out, (int64_t)source->params->seed);
    const struct nr_split_tally *split = &b->split;
    const struct {
        const char *name;
        size_t value;
    } counts[] = {{"train_pairs", split->train},
                  {"test_pairs", split->test},
                  {"dropped_pairs", split->dropped},
                  {"test_users", split->test_users},
                  {"videos", b->data.item_count}};
    for (size_t i = 0; i < NR_COUNT(counts); i++) {
        nr_json_put_key(out, counts[i].name);
        nr_json_put_int(out, (int64_t)counts[i].value);
    }
    nr_json_put_key(out, "models");
    nr_json_open(out, '[');
    for (size_t r = 0; r < b->count; r++)
        put_row(&b->rows[r], out);
    nr_json_close(out, ']');
    nr_json_close(out, '}');
    nr_buf_putc(out, '\n');
    nr_buf_release(&command);
}

static void put_field(double value, struct nr_buf *out)
{
    nr_buf_putc(out, ',');
    if (!isnan(value))
        nr_buf_double(out, value);
}

static void write_csv(const struct nr_backtest *b, const struct nr_backtest_source *source, struct nr_buf *out)
{
    (void)source;
    nr_buf_puts(out, "model,candidates,perturb,users,seconds,peak_bytes");
    for (size_t v = 0; v < b->rows[0].result.count; v++) {
        const char *name = b->rows[0].result.values[v].name;
        nr_buf_printf(out, ",%s,%s low,%s high,%s p", name, name, name, name);
    }
    nr_buf_putc(out, '\n');
    for (size_t r = 0; r < b->count; r++) {
        const struct nr_backtest_row *row = &b->rows[r];
        nr_csv_put(out, row->model);
        nr_buf_printf(out, ",%s,%s,%zu", row->candidates, row->perturb, row->result.users);
        put_field(row->seconds, out);
        put_field(row->peak_bytes, out);
        for (size_t v = 0; v < row->result.count; v++) {
            const struct nr_eval_comparison *c = &row->comparison;
            put_field(row->result.values[v].value, out);
            put_field(c->intervals ? c->intervals[v].low : NAN, out);
            put_field(c->intervals ? c->intervals[v].high : NAN, out);
            put_field(c->against ? c->against[v].p : NAN, out);
        }
        nr_buf_putc(out, '\n');
    }
}

void nr_backtest_write(const struct nr_backtest *b, const struct nr_backtest_source *source, enum nr_eval_format format,
                       struct nr_buf *out)
{
    static void (*const writers[NR_EVAL_FORMAT_COUNT])(const struct nr_backtest *, const struct nr_backtest_source *,
                                                       struct nr_buf *) = {
        [NR_EVAL_TABLE] = write_table, [NR_EVAL_JSON] = write_json, [NR_EVAL_CSV] = write_csv};
    writers[format](b, source, out);
}
