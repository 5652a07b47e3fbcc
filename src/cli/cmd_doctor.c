/* cmd_doctor.c - what is installed, what is found, what is missing and how to get it. */
#include <stdio.h>

#include "cli/cli.h"

#include "core/banned.h"

static enum nr_status run(struct nr_cli *cli, int argc, char **argv, size_t *failed_items, struct nr_error *err)
{
    struct nr_buf out = {0};
    (void)cli;
    (void)argc;
    (void)argv;
    (void)failed_items;
    nr_buf_printf(&out, "nightreel %s, %u processors\n", NR_VERSION, nr_cpu_count());
    enum nr_status status = nr_cli_write(&out, err);
    nr_buf_release(&out);
    return status;
}

const struct nr_command nr_command_doctor = {
    .name = "doctor",
    .summary = "say what is installed, which engines and models are found, and what is missing",
    .usage = "",
    .example = "nightreel doctor",
    .groups = {&nr_options_general},
    .run = run,
};
