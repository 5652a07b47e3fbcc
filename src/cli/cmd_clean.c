/* cmd_clean.c - a raw behaviour log to a clean one. */
#include "cli/cli.h"
#include "cli/event_csv.h"

#include "core/banned.h"

static const struct nr_option outputs[] = {
    {"rejects", 0, NR_OPTION_STRING, "FILE",
     "write every rejected, repaired or merged row here with its line and rule (CSV)", NR_SETTING(rejects), NULL, NULL},
    {"summary", 0, NR_OPTION_STRING, "FILE", "write the counts here (JSON): rows_in = kept + rejected + merged",
     NR_SETTING(clean_summary), NULL, NULL},
};
static const struct nr_option_group output_group = {"Outputs", NR_BASE_SETTINGS, outputs, NR_COUNT(outputs)};

/* Rows on their way to standard output. The header goes with the first of them: a log
 * that cannot be read at all leaves nothing there. */
static enum nr_status put_event(void *ctx, const struct nr_event *event, struct nr_error *err)
{
    enum { FLUSH_BYTES = 1 << 16 };
    struct nr_buf *text = ctx;
    nr_event_put_csv(event, text);
    return text->length >= FLUSH_BYTES ? nr_cli_write(text, err) : NR_OK;
}

static enum nr_status run(struct nr_cli *cli, int argc, char **argv, size_t *failed_items, struct nr_error *err)
{
    static const struct nr_stage *const stages[] = {&nr_stage_clean};
    struct nr_dataset data = {0};
    struct nr_buf text = {0};
    (void)argc;
    cli->settings.behaviour = argv[0];
    cli->env.put_event = put_event;
    cli->env.event_ctx = &text;
    nr_buf_puts(&text, NR_EVENT_CSV_HEADER);
    enum nr_status status = nr_cli_run_stages(cli, stages, NR_COUNT(stages), &data, failed_items, err);
    if (!status)
        status = nr_cli_write(&text, err);
    nr_buf_release(&text);
    nr_dataset_release(&data);
    return status;
}

/* The rules' lines of --help come from the table of rules. */
static void put_rules(struct nr_buf *out)
{
    nr_buf_puts(out, "\nRules (default; change one with --rule NAME=reject|repair|merge|keep):\n");
    for (int rule = 0; rule < NR_RULE_COUNT; rule++)
        nr_help_entry(out, nr_clean_rules[rule].name, nr_clean_verdict_names[nr_clean_rules[rule].verdict],
                      nr_clean_rules[rule].what);
    nr_buf_puts(out,
                "\nMemory: rows go out as they are read, and 20 to 30 bytes are kept for each different one, where\n"
                "no rule needs the whole log. These hold it in memory:\n"
                "  repeated-view=merge   unless the log holds no views (one of ratings, say)\n"
                "  watch-outlier=repair  where the log has watch times\n"
                "  duplicate=merge       where the log has watch times\n"
                "Rows that lack a time wait for the first that has one. Repeats are told by 96 bits of a keyed\n"
                "hash: the chance that any row of 10 million goes for another's sake is 6e-16.\n");
}

const struct nr_command nr_command_clean = {
    .name = "clean",
    .summary = "find, repair or reject bad rows of a behaviour log (CSV) and write a clean one",
    .usage = "[options] FILE|-",
    .details = "Columns: user_id,video_id,action,value,timestamp, optional watch_seconds,comment, under these or\n"
               "well-known other names (MovieLens, RecBole, one column per action as is_click, is_like), or by\n"
               "--map. Comma, tab or semicolon; gzip and zstd; any usual encoding; blanks around a field are no\n"
               "part of it. The clean log has the same columns in this order, times in epoch seconds. Cleaning\n"
               "a clean log by the same rules changes nothing.",
    .more_help = put_rules,
    .example = "zcat logs/*.csv.gz | nightreel clean --rejects rejects.csv --summary summary.json - > clean.csv",
    .groups = {&output_group, &nr_options_clean, &nr_options_general},
    .min_args = 1,
    .max_args = 1,
    .light = true,
    .run = run,
};
