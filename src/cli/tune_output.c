/* tune_output.c - see tune_output.h. */
#include "cli/tune_output.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/banned.h"

/* ---- the table -------------------------------------------------------------------------------- */

static void put_cell(const char *text, int width, struct nr_buf *out)
{
    nr_buf_printf(out, "  %*s", width, text);
}

static void put_number(double value, const char *format, int width, struct nr_buf *out)
{
    char text[NR_NUMBER_MAX] = "-";
    if (isfinite(value) && strcmp(format, "+") == 0)
        snprintf(text, sizeof text, "%+.4f", value);
    else if (isfinite(value) && strcmp(format, ".") == 0)
        snprintf(text, sizeof text, "%.4f", value);
    else if (isfinite(value))
        nr_format_double(text, value);
    put_cell(text, width, out);
}

static const char *fate(const struct nr_tune *tune, const struct nr_search_finding *found)
{
    if (found->kept)
        return "yes";
    if (!isfinite(found->gain.mean))
        return "-";
    if (!(found->gain.mean > found->gain.error))
        return "no";
    return tune->reverted ? "no: the whole is not sure" : "no: moved to equal";
}

static void put_findings(const struct nr_tune *tune, struct nr_buf *out)
{
    nr_buf_printf(out, "%-26s  %9s  %9s  %9s  %9s  %8s  %s\n", "parameter", "default", "searched", "tuned", "gain",
                  "error", "kept");
    for (size_t i = 0; i < tune->count; i++) {
        const struct nr_tune_finding *finding = &tune->findings[i];
        char name[64];
        snprintf(name, sizeof name, "%s%s%s", finding->option, finding->key ? " " : "",
                 finding->key ? finding->key : "");
        nr_buf_printf(out, "%-26s", name);
        put_number(finding->default_value, "", 9, out);
        put_number(finding->found.searched, "", 9, out);
        put_number(finding->found.value, "", 9, out);
        put_number(finding->found.gain.mean, "+", 9, out);
        put_number(finding->found.gain.error, ".", 8, out);
        nr_buf_printf(out, "  %s\n", fate(tune, &finding->found));
    }
    if (!tune->count)
        nr_buf_puts(out, "(nothing of this model matters for this log and catalogue)\n");
    if (tune->towards_equal > 0)
        nr_buf_printf(out, "weights moved %.0f%% of the way to equal: that lost less than one standard error\n",
                      100 * tune->towards_equal);
    if (tune->reverted)
        nr_buf_printf(out,
                      "what was left gains %+.4f on users whom nobody chose by, no more than a standard error (%.4f): "
                      "the default stays\n",
                      tune->whole.mean, tune->whole.error);
}

static void put_comparison(const char *name, const struct nr_tune_comparison *of, struct nr_buf *out)
{
    nr_buf_printf(out, "%-26s  %6zu", name, of->users);
    put_number(of->default_mean, ".", 9, out);
    put_number(of->tuned_mean, ".", 9, out);
    put_number(of->gain.mean, "+", 10, out);
    put_number(of->gain.error, ".", 8, out);
    nr_buf_putc(out, '\n');
}

static void put_comparisons(const struct nr_tune *tune, struct nr_buf *out)
{
    nr_buf_printf(out, "\n%-26s  %6s  %9s  %9s  %10s  %8s\n", tune->measure, "users", "default", "tuned", "difference",
                  "error");
    put_comparison("validation: searched on", &tune->searched, out);
    put_comparison("validation: judged by", &tune->judged, out);
    put_comparison("test", &tune->test, out);
}

static void put_reliability(const struct nr_tune_beta *beta, struct nr_buf *out)
{
    nr_buf_printf(out, "\n%-26s  %31s  %31s\n", "probability", "default: count, said, true",
                  "tuned: count, said, true");
    for (size_t b = 0; b < NR_RELIABILITY_BINS; b++) {
        const struct nr_reliability *const both[] = {&beta->before[b], &beta->after[b]};
        char name[64];
        if (both[0]->count == 0 && both[1]->count == 0)
            continue;
        snprintf(name, sizeof name, "%g to %g", nr_reliability_edges[b], nr_reliability_edges[b + 1]);
        nr_buf_printf(out, "%-26s", name);
        for (size_t i = 0; i < 2; i++) {
            nr_buf_printf(out, "  %11.0f", both[i]->count);
            if (both[i]->count > 0)
                nr_buf_printf(out, " %9.6f %9.6f", both[i]->predicted, both[i]->observed);
            else
                nr_buf_printf(out, " %9s %9s", "-", "-");
        }
        nr_buf_putc(out, '\n');
    }
    nr_buf_puts(
        out, "(count: candidates of held-out pairs; said: their mean probability; true: share that was the pair's)\n");
}

static void put_beta(const struct nr_tune_beta *beta, struct nr_buf *out)
{
    static const char *const ends[] = {
        [NR_BETA_AT_LEAST] = " (the least that is tried: scores say nothing)",
        [NR_BETA_AT_MOST] = " (the greatest that is tried)",
    };
    if (!beta->fitted)
        return;
    nr_buf_puts(out, "\nbeta ");
    nr_buf_double(out, beta->default_value);
    nr_buf_puts(out, " -> ");
    nr_buf_double(out, beta->value);
    if (beta->end == NR_BETA_AT_LEAST || beta->end == NR_BETA_AT_MOST)
        nr_buf_puts(out, ends[beta->end]);
    nr_buf_printf(out, "; it changes no order\n%-26s  %6s  %9s  %9s  %10s\n", "-log P", "users", "default", "tuned",
                  "pairs");
    nr_buf_printf(out, "%-26s  %6zu  %9.4f  %9.4f  %10zu\n", "validation: fitted to", beta->users, beta->loss_default,
                  beta->loss_tuned, beta->pairs);
    nr_buf_printf(out, "%-26s  %6zu  %9.4f  %9.4f  %10zu\n", "test", beta->test_users, beta->test_loss_default,
                  beta->test_loss_tuned, beta->test_pairs);
    put_reliability(beta, out);
}

static void put_head(const struct nr_tune *tune, const struct nr_tune_params *params, const char *before,
                     struct nr_buf *out)
{
    nr_buf_printf(out, "%snightreel %s, model %s, %s; data %.16s, split %s, seed %zu, %zu trials\n", before, NR_VERSION,
                  params->model, tune->measure, tune->digest, nr_split_names[params->split.split], params->seed,
                  params->trials);
    nr_buf_printf(out, "%strain %zu pairs, %zu of them held back to tune by; test %zu pairs of %zu users\n", before,
                  tune->outer.train, tune->inner.test, tune->outer.test, tune->outer.test_users);
}

void nr_tune_put_table(const struct nr_tune *tune, const struct nr_tune_params *params, struct nr_buf *out)
{
    put_head(tune, params, "", out);
    nr_buf_putc(out, '\n');
    put_findings(tune, out);
    put_comparisons(tune, out);
    put_beta(&tune->beta, out);
}

/* ---- the config file ------------------------------------------------------------------------------ */

void nr_tune_put_config(const struct nr_tune *tune, const struct nr_tune_params *params, const char *command,
                        struct nr_buf *out)
{
    bool content = strcmp(params->model, "content") == 0;
    put_head(tune, params, "# ", out);
    nr_buf_printf(out, "# %s on the test side: default %.4f, tuned %.4f, difference %+.4f (standard error %.4f)\n",
                  tune->measure, tune->test.default_mean, tune->test.tuned_mean, tune->test.gain.mean,
                  tune->test.gain.error);
    nr_buf_puts(out, "# made by: ");
    for (; *command; command++) /* a newline would end the comment */
        nr_buf_putc(out, (unsigned char)*command < ' ' ? ' ' : *command);
    nr_buf_putc(out, '\n');
    nr_buf_printf(out, "# for: nightreel %s --config FILE\n", content ? "run (or backtest)" : "backtest");
    nr_tune_write_config(tune, out);
}
