/* options.c - parses argv and config files by the option tables. */
#include "cli/options.h"

#include <getopt.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/presets.h"

#include "core/banned.h"

enum { OPTIONS_MAX = 256, LETTERS_MAX = 2 * OPTIONS_MAX + 3, LONG_BASE = 1000 };

/* The options of one command in the form that getopt_long wants. */
struct getopt_tables {
    const struct nr_option *options[OPTIONS_MAX];
    const struct nr_option_group *groups[OPTIONS_MAX];
    struct option longs[OPTIONS_MAX + 1];
    char letters[LETTERS_MAX];
    size_t count;
};

static void *option_field(struct nr_cli *cli, const struct nr_option_group *group, const struct nr_option *option)
{
    char *base = group->base == NR_BASE_SETTINGS ? (char *)&cli->settings
                 : group->base == NR_BASE_CLI    ? (char *)cli
                                                 : (char *)cli->own;
    return base + option->offset;
}

static enum nr_status tables_fill(struct getopt_tables *tables, const struct nr_command *command, struct nr_error *err)
{
    char *letter = tables->letters;
    *letter++ = ':'; /* a missing argument is told apart from an unknown option */
    for (const struct nr_option_group *const *group = command->groups; *group; group++) {
        for (size_t i = 0; i < (*group)->count; i++) {
            const struct nr_option *option = &(*group)->options[i];
            if (tables->count == OPTIONS_MAX)
                return nr_fail(err, NR_ERR_INTERNAL, "'%s' has more than %d options", command->name, OPTIONS_MAX);
            bool flag = option->type == NR_OPTION_FLAG;
            tables->longs[tables->count] = (struct option){option->name, flag ? no_argument : required_argument, NULL,
                                                           LONG_BASE + (int)tables->count};
            if (option->letter) {
                *letter++ = option->letter;
                if (!flag)
                    *letter++ = ':';
            }
            tables->options[tables->count] = option;
            tables->groups[tables->count++] = *group;
        }
    }
    return NR_OK;
}

static enum nr_status set_choice(const struct nr_option *option, int *field, const char *text, struct nr_error *err)
{
    struct nr_buf list = {.max = 512};
    for (int i = 0; option->choices[i]; i++) {
        if (strcmp(option->choices[i], text) == 0) {
            *field = i;
            nr_buf_release(&list);
            return NR_OK;
        }
        nr_buf_printf(&list, "%s%s", i ? ", " : "", option->choices[i]);
    }
    nr_fail(err, NR_ERR_USAGE, "'--%s' takes one of %s, not '%s'", option->name, list.data ? list.data : "", text);
    nr_buf_release(&list);
    return NR_ERR_USAGE;
}

static enum nr_status set_integer(const struct nr_option *option, void *field, const char *text, struct nr_error *err)
{
    int64_t value, low = option->type == NR_OPTION_INT ? INT_MIN : 0;
    int64_t high = option->type == NR_OPTION_UINT ? UINT_MAX : option->type == NR_OPTION_INT ? INT_MAX : INT64_MAX;
    if (!nr_parse_int64(text, strlen(text), &value) || value < low || value > high)
        return nr_fail(err, NR_ERR_USAGE, "'--%s' takes a whole number%s, not '%s'", option->name,
                       low == 0 ? " from 0" : "", text);
    if (option->type == NR_OPTION_UINT)
        *(unsigned *)field = (unsigned)value;
    else if (option->type == NR_OPTION_INT)
        *(int *)field = (int)value;
    else
        *(size_t *)field = (size_t)value;
    return NR_OK;
}

static enum nr_status set_flag(const struct nr_option *option, bool *field, const char *text, struct nr_error *err)
{
    static const char *const yes[] = {"yes", "true", "on", "1"}, *const no[] = {"no", "false", "off", "0"};
    if (!text)
        text = "yes";
    for (size_t i = 0; i < NR_COUNT(yes); i++) {
        if (strcmp(text, yes[i]) == 0 || strcmp(text, no[i]) == 0) {
            *field = strcmp(text, yes[i]) == 0;
            return NR_OK;
        }
    }
    return nr_fail(err, NR_ERR_USAGE, "'%s' takes yes or no, not '%s'", option->name, text);
}

/* `text` is NULL for a flag on the command line. */
static enum nr_status option_set(struct nr_cli *cli, const struct nr_option_group *group,
                                 const struct nr_option *option, const char *text, struct nr_error *err)
{
    void *field = option_field(cli, group, option);
    switch (option->type) {
    case NR_OPTION_FLAG:
        return set_flag(option, field, text, err);
    case NR_OPTION_STRING:
        *(const char **)field = text;
        return NR_OK;
    case NR_OPTION_UINT:
    case NR_OPTION_SIZE:
    case NR_OPTION_INT:
        return set_integer(option, field, text, err);
    case NR_OPTION_DOUBLE:
        if (!nr_parse_double(text, strlen(text), field))
            return nr_fail(err, NR_ERR_USAGE, "'--%s' takes a number, not '%s'", option->name, text);
        return NR_OK;
    case NR_OPTION_CHOICE:
        return set_choice(option, field, text, err);
    case NR_OPTION_PARSE: {
        enum nr_status status = option->parse(field, text, err);
        return status ? nr_fail_prefix(err, status, "'--%s'", option->name) : NR_OK;
    }
    }
    return nr_fail(err, NR_ERR_INTERNAL, "option '%s' has no type", option->name);
}

static enum nr_status options_refuse(const struct nr_cli *cli, int code, char **argv, struct nr_error *err)
{
    const char *word = optopt && optopt < LONG_BASE ? NULL : argv[optind - 1];
    if (code == ':' && word)
        return nr_fail(err, NR_ERR_USAGE, "'%s' needs an argument; see 'nightreel %s --help'", word,
                       cli->command->name);
    if (code == ':')
        return nr_fail(err, NR_ERR_USAGE, "'-%c' needs an argument; see 'nightreel %s --help'", optopt,
                       cli->command->name);
    if (word)
        return nr_fail(err, NR_ERR_USAGE, "unknown option '%s'; see 'nightreel %s --help'", word, cli->command->name);
    return nr_fail(err, NR_ERR_USAGE, "unknown option '-%c'; see 'nightreel %s --help'", optopt, cli->command->name);
}

/* The option behind what getopt_long returned. */
static size_t option_index(const struct getopt_tables *tables, int code)
{
    if (code >= LONG_BASE)
        return (size_t)(code - LONG_BASE);
    size_t i = 0;
    while (tables->options[i]->letter != code)
        i++;
    return i;
}

static enum nr_status parse_once(struct nr_cli *cli, const struct getopt_tables *tables, int argc, char **argv,
                                 struct nr_error *err)
{
    int code;
    opterr = 0;
    optind = 0; /* glibc: start anew, whatever was parsed before */
    while ((code = getopt_long(argc, argv, tables->letters, tables->longs, NULL)) != -1) {
        if (code == '?' || code == ':')
            return options_refuse(cli, code, argv, err);
        size_t i = option_index(tables, code);
        enum nr_status status = option_set(cli, tables->groups[i], tables->options[i], optarg, err);
        if (status)
            return status;
    }
    return NR_OK;
}

/* A config file, and what stood in it: it may be a pipe that can be read once. */
struct config_line {
    const char *key, *value;
    struct config_line *next;
};
struct config {
    struct nr_cli *cli;
    struct config_line *first, **end;
};

static enum nr_status config_entry(void *ctx, const char *section, const char *key, const char *value,
                                   struct nr_error *err)
{
    struct config *config = ctx;
    struct nr_arena *mem = &config->cli->mem;
    if (*section)
        return nr_fail(err, NR_ERR_CONFIG, "section '[%s]' is not known; options stand without a section", section);
    enum nr_status status = nr_options_set(config->cli, key, value, err);
    if (status)
        return NR_ERR_CONFIG;
    struct config_line *line = nr_arena_alloc(mem, 1, sizeof *line);
    if (line)
        *line = (struct config_line){nr_arena_strdup(mem, key), nr_arena_strdup(mem, value), NULL};
    if (mem->failed)
        return nr_fail_nomem(err, key);
    *config->end = line;
    config->end = &line->next;
    return NR_OK;
}

/* The preset, then everything that was said explicitly once more: it wins, wherever it stood. */
static enum nr_status apply_preset(struct nr_cli *cli, const struct getopt_tables *tables, const struct config *config,
                                   int argc, char **argv, struct nr_error *err)
{
    enum nr_status status = nr_preset_apply(cli, err);
    for (const struct config_line *line = config->first; line && !status; line = line->next)
        status = nr_options_set(cli, line->key, line->value, err);
    return status ? status : parse_once(cli, tables, argc, argv, err);
}

enum nr_status nr_options_parse(struct nr_cli *cli, int argc, char **argv, int *positional_count, struct nr_error *err)
{
    struct getopt_tables tables = {.count = 0};
    struct config config = {.cli = cli, .end = &config.first};
    enum nr_status status = tables_fill(&tables, cli->command, err);
    if (!status)
        status = parse_once(cli, &tables, argc, argv, err);
    if (!status && cli->config) { /* the command line wins over the file: it is read again */
        status = nr_config_read(cli->config, config_entry, &config, err);
        if (!status)
            status = parse_once(cli, &tables, argc, argv, err);
    }
    if (!status && cli->preset)
        status = apply_preset(cli, &tables, &config, argc, argv, err);
    if (status || cli->help)
        return status;
    const struct nr_command *command = cli->command;
    *positional_count = argc - optind;
    if (*positional_count < command->min_args || (command->max_args >= 0 && *positional_count > command->max_args))
        return nr_fail(err, NR_ERR_USAGE, "%s arguments; usage: nightreel %s %s",
                       *positional_count < command->min_args ? "too few" : "too many", command->name, command->usage);
    const char *wrong = nr_settings_check(&cli->settings);
    return wrong ? nr_fail(err, NR_ERR_USAGE, "%s", wrong) : NR_OK;
}

enum nr_status nr_option_parse_time(void *field, const char *text, struct nr_error *err)
{
    if (!nr_time_parse(text, strlen(text), field))
        return nr_fail(err, NR_ERR_USAGE, "'%s' is no time: epoch seconds or ISO 8601", text);
    return NR_OK;
}

bool nr_options_have(const struct nr_cli *cli, const char *name)
{
    for (const struct nr_option_group *const *group = cli->command->groups; *group; group++)
        for (size_t i = 0; i < (*group)->count; i++)
            if (strcmp((*group)->options[i].name, name) == 0)
                return true;
    return false;
}

enum nr_status nr_options_set(struct nr_cli *cli, const char *name, const char *value, struct nr_error *err)
{
    for (const struct nr_option_group *const *group = cli->command->groups; *group; group++)
        for (size_t i = 0; i < (*group)->count; i++)
            if (strcmp((*group)->options[i].name, name) == 0) {
                const char *kept = nr_arena_strdup(&cli->mem, value);
                return kept ? option_set(cli, *group, &(*group)->options[i], kept, err) : nr_fail_nomem(err, name);
            }
    return nr_fail(err, NR_ERR_CONFIG, "unknown option '%s'", name);
}
