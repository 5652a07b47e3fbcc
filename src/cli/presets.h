/* presets.h - sets of options for kinds of sites.
 *
 * To add a preset: a row in presets.c, and its name in the list of choices there.
 */
#ifndef NR_CLI_PRESETS_H
#define NR_CLI_PRESETS_H

#include "cli/cli.h"

/* Sets what the preset of cli->preset sets and the command has. A filter of the preset
 * counts where no other is given; its caps where the catalogue has the columns. */
enum nr_status nr_preset_apply(struct nr_cli *cli, struct nr_error *err) NR_MUST_CHECK;
/* The presets and what they set, for --help. */
void nr_presets_help(struct nr_buf *out);

#endif
