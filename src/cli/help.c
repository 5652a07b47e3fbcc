/* help.c - --help, printed from the tables. */
#include <string.h>

#include "cli/cli.h"

#include "core/banned.h"

enum { HELP_COLUMN = 26, HELP_WIDTH = 96 };

/* Appends `text` wrapped at HELP_WIDTH, continuation lines indented to HELP_COLUMN. */
static void put_wrapped(struct nr_buf *out, const char *text)
{
    size_t column = HELP_COLUMN;
    while (*text) {
        size_t word = strcspn(text, " ");
        if (column > HELP_COLUMN && column + 1 + word > HELP_WIDTH) {
            nr_buf_printf(out, "\n%*s", HELP_COLUMN, "");
            column = HELP_COLUMN;
        } else if (column > HELP_COLUMN) {
            nr_buf_putc(out, ' ');
            column++;
        }
        nr_buf_append(out, text, word);
        column += word;
        text += word + strspn(text + word, " ");
    }
    nr_buf_putc(out, '\n');
}

/* `left` and, from HELP_COLUMN on, `text`. */
static void put_columns(struct nr_buf *out, const struct nr_buf *left, const char *text)
{
    if (left->length + 1 >= HELP_COLUMN)
        nr_buf_printf(out, "%s\n%*s", left->data, HELP_COLUMN, "");
    else
        nr_buf_printf(out, "%-*s", HELP_COLUMN, left->data ? left->data : "");
    put_wrapped(out, text);
}

void nr_help_entry(struct nr_buf *out, const char *name, const char *note, const char *text)
{
    struct nr_buf left = {.max = 256};
    nr_buf_printf(&left, "  %s (%s)", name, note);
    put_columns(out, &left, text);
    nr_buf_release(&left);
}

static void put_option(struct nr_buf *out, const struct nr_option *option)
{
    struct nr_buf left = {.max = 256};
    if (option->letter)
        nr_buf_printf(&left, "  -%c, ", option->letter);
    else
        nr_buf_puts(&left, "      ");
    nr_buf_printf(&left, "--%s", option->name);
    if (option->choices) {
        nr_buf_putc(&left, ' ');
        for (int i = 0; option->choices[i]; i++)
            nr_buf_printf(&left, "%s%s", i ? "|" : "", option->choices[i]);
    } else if (option->argument)
        nr_buf_printf(&left, " %s", option->argument);
    put_columns(out, &left, option->help);
    nr_buf_release(&left);
}

void nr_help_command(const struct nr_command *command, struct nr_buf *out)
{
    nr_buf_printf(out, "nightreel %s - %s\n\nUsage: nightreel %s %s\n", command->name, command->summary, command->name,
                  command->usage);
    if (command->details)
        nr_buf_printf(out, "\n%s\n", command->details);
    for (const struct nr_option_group *const *group = command->groups; *group; group++) {
        nr_buf_printf(out, "\n%s:\n", (*group)->title);
        for (size_t i = 0; i < (*group)->count; i++)
            put_option(out, &(*group)->options[i]);
    }
    if (command->more_help)
        command->more_help(out);
    nr_buf_printf(out, "\nExample:\n  %s\n", command->example);
}

static const char exit_codes[] =
    "Exit codes: 0 all done; 3 done, but some items failed (each is named; the rest is valid);\n"
    "64 usage; 65 bad input data; 66 input missing; 69 an engine or model that was named is not\n"
    "there; 70 internal; 73 cannot create output; 74 I/O error; 75 another run holds the store;\n"
    "78 bad config; 128+N stopped by signal N, finished work saved.\n";

void nr_help_overview(struct nr_buf *out)
{
    nr_buf_puts(out, "nightreel " NR_VERSION " - ranked video recommendations from CSV logs and video files\n\n"
                     "Usage: nightreel COMMAND [options] [arguments]\n"
                     "       nightreel COMMAND --help\n\nCommands:\n");
    for (size_t i = 0; i < nr_command_count; i++)
        nr_buf_printf(out, "  %-10s  %s\n", nr_commands[i]->name, nr_commands[i]->summary);
    nr_buf_puts(out, "\n'-' is standard input or output wherever a file is named. Records between stages are\n"
                     "JSON Lines.\n\n");
    nr_buf_puts(out, exit_codes);
    nr_buf_puts(out, "\nExample:\n"
                     "  nightreel run --behaviour user_behavior.csv --catalogue video_content.csv \\\n"
                     "      --videos media --store night.db --out recommendations.jsonl\n");
}
