/* cmd_profile.c - behaviour and declared interests to user records. */
#include <string.h>

#include "cli/cli.h"
#include "cli/presets.h"
#include "nightreel/stage_learn.h"
#include "nightreel/stage_update.h"

#include "core/banned.h"

enum tags_format { TAGS_CSV, TAGS_TABLE };

struct profile_options {
    const char *items, *model_out, *update;
    bool list_models, tags;
    int format;
};

static const struct nr_option files[] = {
    {"model-out", 0, NR_OPTION_STRING, "FILE",
     "trains --model and writes it, to be read by 'nightreel match --model-file'; what it learned (features and "
     "their importance, weights) goes into --log-file",
     offsetof(struct profile_options, model_out), NULL, NULL},
    {"list-models", 0, NR_OPTION_FLAG, NULL, "print every model", offsetof(struct profile_options, list_models), NULL,
     NULL},
    {"items", 0, NR_OPTION_STRING, "FILE", "item records with their blocks (JSON Lines)",
     offsetof(struct profile_options, items), NULL, NULL},
};
static const struct nr_option state_options[] = {
    {"update", 0, NR_OPTION_STRING, "STATE",
     "add the log to STATE (a store: made where it is missing) and make anew only the records that it, or a change of "
     "items, interests or options, concerns; writes all records, as if all logs were one",
     offsetof(struct profile_options, update), NULL, NULL},
};
static const struct nr_option_group state_group = {"From night to night", NR_BASE_COMMAND, state_options,
                                                   NR_COUNT(state_options)};

static const char *const tags_formats[] = {[TAGS_CSV] = "csv", [TAGS_TABLE] = "table", NULL};
static const struct nr_option outputs[] = {
    {"tags", 0, NR_OPTION_FLAG, NULL,
     "write what users like and dislike (user_id,kind,tag,weight) instead of their records: of each the "
     "--max-interests "
     "strongest",
     offsetof(struct profile_options, tags), NULL, NULL},
    {"format", 0, NR_OPTION_CHOICE, "NAME", "with --tags: csv (default), or a table for people to read",
     offsetof(struct profile_options, format), tags_formats, NULL},
};
static const struct nr_option_group output_group = {"Output", NR_BASE_COMMAND, outputs, NR_COUNT(outputs)};

static const struct nr_option_group file_group = {"Files", NR_BASE_COMMAND, files, NR_COUNT(files)};

static const struct nr_option interests[] = {
    {"interests", 0, NR_OPTION_STRING, "FILE", "declared interests (CSV: user_id,tags; best first)",
     NR_SETTING(interests), NULL, NULL},
};
static const struct nr_option text_options[] = {
    {"stats", 0, NR_OPTION_STRING, "FILE",
     "the catalogue's statistics as fuse wrote them: places searches among videos that were embedded, or fused by "
     "others' "
     "statistics (default: what the records' words make)",
     NR_SETTING(fuse.stats), NULL, NULL},
};
static const struct nr_option_group text_group = {"Searches", NR_BASE_SETTINGS, text_options, NR_COUNT(text_options)};

static const struct nr_option_group interest_group = {"Inputs", NR_BASE_SETTINGS, interests, NR_COUNT(interests)};

/* What was learned: line by line into the log, the first line in the summary. */
static void tell(const struct nr_cli *cli, const struct nr_trained *trained)
{
    struct nr_buf text = {0};
    const char *name = trained->model->name;
    if (trained->model->tell)
        trained->model->tell(trained->state, &text);
    for (const char *line = text.data; line && *line; line += strcspn(line, "\n") + 1)
        nr_report(&cli->reporter, NR_LOG_DEBUG, "%s: %.*s", name, (int)strcspn(line, "\n"), line);
    nr_report(&cli->reporter, NR_LOG_INFO, "%s learned from %zu users and %zu videos%s%.*s", name,
              trained->pairs.user_count, trained->pairs.item_count, text.length ? "; " : "",
              text.data ? (int)strcspn(text.data, "\n") : 0, text.data ? text.data : "");
    nr_buf_release(&text);
}

static enum nr_status train(const struct nr_cli *cli, const struct nr_dataset *data, struct nr_error *err)
{
    const struct profile_options *own = cli->own;
    struct nr_trained *trained;
    enum nr_status status = nr_learn(&cli->env, data, &trained, err);
    if (!status && !trained)
        status = nr_fail(err, NR_ERR_DATA, "content took the model's place: there is nothing to write to '%s'",
                         own->model_out);
    if (!status)
        tell(cli, trained);
    if (!status)
        status = nr_trained_write(trained, own->model_out, err);
    nr_trained_free(trained);
    return status;
}

static enum nr_status check(const struct nr_cli *cli, const char *log, struct nr_error *err)
{
    const struct profile_options *own = cli->own;
    const char *model = cli->settings.learn.model;
    if (!log)
        return nr_fail(err, NR_ERR_USAGE, "a behaviour log is missing; see 'nightreel profile --help'");
    if (!own->items)
        return nr_fail(err, NR_ERR_USAGE, "'--items FILE' is missing; see 'nightreel profile --help'");
    if (strcmp(own->items, "-") == 0 && strcmp(log, "-") == 0)
        return nr_fail(err, NR_ERR_USAGE, "'--items' and the log cannot both be standard input");
    if (own->model_out && (!model || strcmp(model, "content") == 0))
        return nr_fail(err, NR_ERR_USAGE, "'--model-out' needs '--model NAME', and content has nothing to keep");
    if (model && strcmp(model, "content") != 0 && !own->model_out)
        return nr_fail(err, NR_ERR_USAGE, "'--model %s' needs '--model-out FILE'", model);
    if (own->update && (own->tags || own->model_out))
        return nr_fail(err, NR_ERR_USAGE, "'--update' writes records: neither '--tags' nor '--model-out' goes with it");
    if (own->format != TAGS_CSV && !own->tags)
        return nr_fail(err, NR_ERR_USAGE, "'--format' is of '--tags'");
    return nr_learn_check(&cli->settings.learn, err);
}

static enum nr_status write_record(void *ctx, const char *json, size_t length, struct nr_error *err)
{
    struct nr_buf *line = ctx;
    nr_buf_append(line, json, length);
    return nr_cli_write(line, err);
}

/* The state first, whole; then what it holds. */
static enum nr_status update(struct nr_cli *cli, struct nr_dataset *data, struct nr_error *err)
{
    const struct profile_options *own = cli->own;
    struct nr_update_tally tally;
    struct nr_store *store = NULL;
    struct nr_buf line = {0};
    enum nr_status status = nr_store_open(own->update, NR_STORE_WRITE, &store, err);
    if (!status)
        status = nr_profile_update(&cli->env, store, data, &tally, err);
    if (!status)
        status = nr_state_records(store, write_record, &line, err);
    if (!status)
        nr_report(&cli->reporter, NR_LOG_INFO, "%zu new events, %zu records made anew", tally.events, tally.made);
    nr_buf_release(&line);
    nr_store_close(store);
    return status;
}

static enum nr_status run(struct nr_cli *cli, int argc, char **argv, size_t *failed_items, struct nr_error *err)
{
    static const struct nr_stage *const stages[] = {&nr_stage_clean, &nr_stage_profile};
    const struct profile_options *own = cli->own;
    struct nr_dataset data = {0};
    size_t failed_before;
    if (own->list_models)
        return nr_cli_write_models(err);
    enum nr_status status = check(cli, argc ? argv[0] : NULL, err);
    if (status)
        return status;
    size_t most = cli->settings.profile.max_interests;
    if (own->tags)
        cli->settings.profile.max_interests = SIZE_MAX; /* dislikes are the last */
    cli->settings.behaviour = argv[0];
    status = nr_cli_read_items(own->items, &data.items, err);
    if (!status)
        status = own->update ? update(cli, &data, err)
                             : nr_cli_run_stages(cli, stages, NR_COUNT(stages), &data, &failed_before, err);
    *failed_items = data.failed_rows; /* items that failed earlier are the business of who made the records */
    if (!status && own->model_out)
        status = train(cli, &data, err);
    if (!status && !own->update)
        status = own->tags ? nr_cli_write_tags(&data.users, own->format == TAGS_TABLE, most, err)
                           : nr_cli_write_users(&data.users, err);
    nr_dataset_release(&data);
    return status;
}

const struct nr_command nr_command_profile = {
    .name = "profile",
    .summary = "make every user's interests and a vector per block from a behaviour log",
    .usage = "--items RECORDS [--interests FILE] [options] BEHAVIOUR|-",
    .details = "The log may be a clean one or a raw one: it passes the cleaning rules either way, which leave a\n"
               "clean log as it is. A user's block is the weighted mean of those of the videos they watched;\n"
               "negatives (dislikes, low ratings) take away at most half of it. Declared interests give the\n"
               "tags block with weight 0.8^position. A user left with nothing gets what is popular. With --tags:\n"
               "weights of likes sum to 1, dislikes are negative.\n"
               "With --update the log is one night's: records are those of all logs that STATE has seen. A change\n"
               "of an item's blocks concerns all who watched it; with 'fuse --stats FILE' blocks stay as they are\n"
               "when others come into the catalogue. 'store forget' removes a user from STATE.",
    .example = "nightreel profile --items items.jsonl --interests interests.csv clean.csv > users.jsonl\n"
               "nightreel profile --items items.jsonl --update state.db tonight.csv > users.jsonl",
    .more_help = nr_presets_help,
    .groups = {&file_group, &output_group, &state_group, &interest_group, &nr_options_learn, &nr_options_models,
               &nr_options_weights, &nr_options_profile, &text_group, &nr_options_embed, &nr_options_clean,
               &nr_options_preset, &nr_options_general},
    .own_size = sizeof(struct profile_options),
    .max_args = 1,
    .run = run,
};
