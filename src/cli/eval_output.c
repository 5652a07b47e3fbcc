/* eval_output.c - formats of an evaluation, and what its measures mean. */
#include "cli/eval_output.h"

#include "core/banned.h"

const char *const nr_eval_undefined_names[] = {[NR_UNDEFINED_SKIP] = "skip", [NR_UNDEFINED_ZERO] = "zero", NULL};

const char *const nr_eval_ties_names[] = {
    [NR_TIES_ID] = "id", [NR_TIES_TREC] = "trec", [NR_TIES_EXPECTED] = "expected", NULL};

const char *const nr_eval_format_names[NR_EVAL_FORMAT_COUNT + 1] = {
    [NR_EVAL_TABLE] = "table", [NR_EVAL_JSON] = "json", [NR_EVAL_CSV] = "csv"};

static void (*const writers[NR_EVAL_FORMAT_COUNT])(const struct nr_eval_report *report, struct nr_buf *out) = {
    [NR_EVAL_TABLE] = nr_eval_write_table, [NR_EVAL_JSON] = nr_eval_write_json, [NR_EVAL_CSV] = nr_eval_write_csv};

void nr_eval_write(const struct nr_eval_report *report, enum nr_eval_format format, struct nr_buf *out)
{
    writers[format](report, out);
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
    nr_buf_puts(out, "\nslices:\n");
    for (size_t s = 0; s < nr_slice_count; s++)
        nr_buf_printf(out, "%-16s %s%s\n", nr_slice_defs[s].name, nr_slice_defs[s].definition,
                      needs[nr_slice_defs[s].needs]);
    nr_buf_printf(out,
                  "%-16s relevant videos by a field of the catalogue: language, tags, actors, directors (the first "
                  "one) or a further column; lists stay whole%s\n",
                  "FIELD", needs[NR_NEEDS_ITEMS]);
}
