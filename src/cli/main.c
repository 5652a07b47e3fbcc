/* main.c - the program: environment, media spawner, options, command, exit code,
 * in that order, because
 *   - numeric libraries start their threads before main, as the environment says;
 *   - the spawner must be forked while the process has one thread and has opened
 *     nothing. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/terminal.h"

#include "core/banned.h"

enum { EXIT_USAGE = 64, EXIT_SOME_FAILED = 3 };

/* Sets what is unset and runs the program again where anything was. Our own
 * threads and processes spread the work; a BLAS or OpenMP that starts threads of
 * its own on top would take processors from them, and spinning ones stall. */
static void fix_environment(char **argv)
{
    static const struct {
        const char *name, *value;
    } wanted[] = {{"OPENBLAS_NUM_THREADS", "1"}, {"OMP_NUM_THREADS", "1"}, {"OMP_WAIT_POLICY", "passive"}};
    bool changed = false;
    for (size_t i = 0; i < NR_COUNT(wanted); i++) {
        if (!getenv(wanted[i].name))
            changed |= setenv(wanted[i].name, wanted[i].value, 0) == 0;
    }
    if (changed)
        execv("/proc/self/exe", argv); /* where it fails the program is merely slower */
}

static const struct nr_command *find_command(const char *name)
{
    for (size_t i = 0; i < nr_command_count; i++)
        if (strcmp(nr_commands[i]->name, name) == 0)
            return nr_commands[i];
    return NULL;
}

static int print_and_exit(struct nr_buf *text)
{
    bool written = text->data && fputs(text->data, stdout) >= 0 && fflush(stdout) == 0;
    nr_buf_release(text);
    return written ? 0 : nr_cli_exit_code(NR_ERR_IO);
}

/* nightreel, nightreel --help, --version, help [COMMAND]; -1 where it is a command. */
static int answer_without_command(int argc, char **argv)
{
    struct nr_buf text = {0};
    const char *word = argc > 1 ? argv[1] : "";
    if (argc < 2) {
        nr_help_overview(&text);
        fputs(text.data ? text.data : "", stderr);
        nr_buf_release(&text);
        return EXIT_USAGE;
    }
    if (strcmp(word, "--version") == 0 || strcmp(word, "version") == 0)
        nr_buf_puts(&text, "nightreel " NR_VERSION "\n");
    else if (strcmp(word, "help") == 0 && argc > 2 && find_command(argv[2]))
        nr_help_command(find_command(argv[2]), &text);
    else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0)
        nr_help_overview(&text);
    else
        return -1;
    return print_and_exit(&text);
}

/* "nightreel COMMAND ARGUMENT..." for a shell. */
static const char *quote_command(int argc, char **argv, struct nr_arena *mem)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./,:=+-";
    struct nr_buf line = {0};
    nr_buf_puts(&line, "nightreel");
    for (int i = 1; i < argc; i++) {
        bool bare = *argv[i] && strspn(argv[i], plain) == strlen(argv[i]);
        nr_buf_puts(&line, bare ? " " : " '");
        for (const char *c = argv[i]; *c; c++)
            nr_buf_puts(&line, *c == '\'' ? "'\\''" : (const char[]){*c, '\0'});
        nr_buf_puts(&line, bare ? "" : "'");
    }
    const char *kept = line.failed ? NULL : nr_arena_strdup(mem, line.data);
    nr_buf_release(&line);
    return kept ? kept : "";
}

static void on_signal(int number)
{
    nr_interrupt(number);
}

static void catch_signals(void)
{
    struct sigaction stop = {.sa_handler = on_signal}, ignore = {.sa_handler = SIG_IGN};
    sigemptyset(&stop.sa_mask);
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGHUP, &stop, NULL);
    sigaction(SIGPIPE, &ignore, NULL); /* a failed write is reported as one */
}

static enum nr_status flush_output(struct nr_error *err)
{
    return fflush(stdout) == 0 ? NR_OK : nr_fail(err, NR_ERR_IO, "cannot write to standard output: %m");
}

static enum nr_status run_command(struct nr_cli *cli, int argc, char **argv, size_t *failed, struct nr_error *err)
{
    enum nr_status status = cli->command->run(cli, argc, argv, failed, err);
    if (!status)
        status = flush_output(err);
    if (status == NR_ERR_INTERRUPTED)
        nr_fail(err, status, "stopped by signal %d (%s); what was finished is saved", nr_interrupted(),
                strsignal(nr_interrupted()));
    return status;
}

/* Options, reporter, the command itself. */
static enum nr_status prepare_and_run(struct nr_cli *cli, int argc, char **argv, size_t *failed, struct nr_error *err)
{
    struct nr_terminal terminal = {.command = cli->command->name};
    int positional = 0;
    enum nr_status status = nr_options_parse(cli, argc, argv, &positional, err);
    if (!status && cli->help) {
        struct nr_buf text = {0};
        nr_help_command(cli->command, &text);
        status = nr_cli_write(&text, err);
        nr_buf_release(&text);
        if (!status)
            status = flush_output(err);
        if (status)
            nr_terminal_message(&terminal, err->text);
        return status;
    }
    if (!status)
        status = nr_terminal_open(&terminal, cli, err);
    if (!status) {
        nr_terminal_reporter(&terminal, &cli->reporter);
        cli->env = (struct nr_stage_env){.settings = &cli->settings,
                                         .spawner = cli->spawner,
                                         .reporter = &cli->reporter,
                                         .folders = nr_subtitle_folders_new()};
        status = run_command(cli, positional, argv + argc - positional, failed, err);
        nr_subtitle_folders_free(cli->env.folders);
    }
    if (status)
        nr_terminal_message(&terminal, err->text);
    nr_terminal_close(&terminal, !status);
    return status;
}

int main(int argc, char **argv)
{
    int answered = answer_without_command(argc, argv);
    if (answered >= 0)
        return answered;
    struct nr_cli cli = {.command = find_command(argv[1])};
    struct nr_error err = {.text = ""};
    size_t failed = 0;
    if (!cli.command) {
        fprintf(stderr, "nightreel: unknown command '%s'; see 'nightreel --help'\n", argv[1]);
        return EXIT_USAGE;
    }
    if (!cli.command->light)
        fix_environment(argv);
    enum nr_status status = NR_OK;
    if (cli.command->workers)
        status = nr_spawner_start(nr_extract_job, &cli.spawner, &err);
    catch_signals(); /* behind the fork: workers keep the default actions */
    nr_settings_default(&cli.settings);
    cli.command_line = quote_command(argc, argv, &cli.mem);
    if (!status && cli.command->own_size && !(cli.own = calloc(1, cli.command->own_size)))
        status = nr_fail_nomem(&err, "options");
    if (status) {
        fprintf(stderr, "nightreel %s: %s\n", cli.command->name, err.text);
    } else {
        if (cli.command->own_default)
            cli.command->own_default(cli.own);
        status = prepare_and_run(&cli, argc - 1, argv + 1, &failed, &err);
    }
    nr_spawner_stop(cli.spawner);
    free(cli.own);
    nr_arena_release(&cli.mem);
    return status ? nr_cli_exit_code(status) : failed ? EXIT_SOME_FAILED : 0;
}
