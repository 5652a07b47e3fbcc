/* commands.c - the table of commands, in the order of the chain. */
#include "cli/cli.h"

#include "core/banned.h"

const struct nr_command *const nr_commands[] = {
    &nr_command_run,     &nr_command_clean,   &nr_command_catalogue, &nr_command_extract,  &nr_command_decode,
    &nr_command_visual,  &nr_command_audio,   &nr_command_text,      &nr_command_fuse,     &nr_command_describe,
    &nr_command_profile, &nr_command_match,   &nr_command_split,     &nr_command_evaluate, &nr_command_backtest,
    &nr_command_tune,    &nr_command_similar, &nr_command_report,    &nr_command_store,    &nr_command_tokens,
    &nr_command_doctor,
};
const size_t nr_command_count = NR_COUNT(nr_commands);
