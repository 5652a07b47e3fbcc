/* opts_general.c - options that every command takes, and those of the inputs. */
#include "cli/cli.h"

#include "core/banned.h"

#define CLI_FIELD(field) offsetof(struct nr_cli, field)

static const struct nr_option general[] = {
    {"help", 'h', NR_OPTION_FLAG, NULL, "print this and exit", CLI_FIELD(help), NULL, NULL},
    {"verbose", 'v', NR_OPTION_FLAG, NULL, "one summary line on standard error at the end, and notices",
     CLI_FIELD(verbose), NULL, NULL},
    {"log-file", 0, NR_OPTION_STRING, "FILE", "append notices and progress, with times, to FILE", CLI_FIELD(log_file),
     NULL, NULL},
    {"config", 0, NR_OPTION_STRING, "FILE", "read options as 'name = value' lines from FILE; the command line wins",
     CLI_FIELD(config), NULL, NULL},
    {"threads", 0, NR_OPTION_UINT, "N", "threads (default: one per processor); never changes a result",
     CLI_FIELD(settings.threads), NULL, NULL},
};
const struct nr_option_group nr_options_general = {"General", NR_BASE_CLI, general, NR_COUNT(general)};
