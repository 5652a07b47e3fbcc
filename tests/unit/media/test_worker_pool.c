/* Workers that crash, hang, say nothing or too much; replies of any size; interrupts
 * last, since nothing takes one back. */
#include "support/support.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nightreel/media.h"

enum { TICKETS = 64, BIG_REPLY = 8 << 20 };

/* What a confined worker must not do; says what came of it. */
static enum nr_status misbehave(const char *how, struct nr_buf *reply, struct nr_error *err)
{
    int code = 0;
    if (strcmp(how, "open") == 0)
        code = open("/etc/passwd", O_RDONLY);
    else if (strcmp(how, "create") == 0)
        code = open("made-by-a-worker", O_WRONLY | O_CREAT, 0600);
    else if (strcmp(how, "connect") == 0)
        code = socket(AF_INET, SOCK_STREAM, 0);
    else if (strcmp(how, "start") == 0)
        code = execl("/bin/true", "true", (char *)NULL);
    else if (strcmp(how, "fork") == 0)
        code = fork();
    else if (strcmp(how, "code") == 0)
        code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED;
    else if (strcmp(how, "eat") == 0)
        for (volatile char *bytes; (bytes = malloc(1 << 20));)
            bytes[0] = 1;
    else
        return NR_END;
    if (strcmp(how, "eat") == 0)
        return nr_fail_nomem(err, "everything");
    nr_buf_puts(reply, code < 0 ? strerror(errno) : "it was let");
    return NR_OK;
}

/* The job: the request says what to do. */
static enum nr_status act(const char *request, size_t length, const int *fds, size_t fd_count, struct nr_buf *reply,
                          struct nr_error *err)
{
    if (!request)
        return NR_OK;
    signal(SIGSEGV, SIG_DFL); /* a sanitizer catches it, and dies otherwise */
    if (strcmp(request, "crash") == 0)
        raise(SIGSEGV);
    if (strcmp(request, "abort") == 0)
        raise(SIGABRT);
    if (strcmp(request, "die") == 0)
        raise(SIGKILL);
    if (strcmp(request, "exit") == 0)
        _exit(7);
    while (strcmp(request, "hang") == 0)
        pause();
    if (strcmp(request, "fail") == 0)
        return nr_fail(err, NR_ERR_DATA, "it does not want to");
    if (strcmp(request, "print") == 0)
        (void)!write(STDOUT_FILENO, "this must not be seen\n", 22);
    if (strcmp(request, "big") == 0)
        for (int i = 0; i < BIG_REPLY; i++)
            nr_buf_putc(reply, (char)('a' + i % 26));
    if (strcmp(request, "read") == 0) {
        char bytes[16];
        for (size_t i = 0; i < fd_count; i++) {
            ssize_t got = pread(fds[i], bytes, sizeof bytes, 0);
            nr_buf_append(reply, bytes, got > 0 ? (size_t)got : 0);
        }
        return NR_OK;
    }
    enum nr_status status = misbehave(request, reply, err);
    if (status != NR_END)
        return status;
    if (reply->length == 0)
        nr_buf_append(reply, request, length);
    return NR_OK;
}

static struct nr_spawner *spawner;

/* Work by name; what came of it. */
struct plan {
    const char *requests[TICKETS];
    size_t count, next, done;
    char *replies[TICKETS];
    size_t lengths[TICKETS];
    char failures[TICKETS][256];
    bool temporary[TICKETS];
    unsigned refused[TICKETS];
    const char *file; /* opened and sent along with each */
    enum nr_status stop_with;
    bool confined;
    size_t memory;
};

static enum nr_status next(void *ctx, struct nr_work *work, struct nr_error *err)
{
    struct plan *plan = ctx;
    if (plan->next == plan->count)
        return NR_END;
    const char *request = plan->requests[plan->next];
    work->request = strdup(request);
    work->length = strlen(request);
    work->label = "x.mp4";
    work->ticket = plan->next++;
    if (plan->file)
        for (; work->fd_count < 2; work->fd_count++)
            assert_int_equal(nr_file_open_trusted(plan->file, &work->fds[work->fd_count], err), NR_OK);
    return NR_OK;
}

static enum nr_status done(void *ctx, const struct nr_work_result *result, struct nr_error *err)
{
    struct plan *plan = ctx;
    plan->done++;
    plan->refused[result->ticket] = result->refused;
    if (result->reply) {
        plan->replies[result->ticket] = malloc(result->length + 1);
        memcpy(plan->replies[result->ticket], result->reply, result->length);
        plan->replies[result->ticket][result->length] = '\0';
        plan->lengths[result->ticket] = result->length;
    } else {
        snprintf(plan->failures[result->ticket], sizeof plan->failures[0], "%s", result->failure);
        plan->temporary[result->ticket] = result->temporary;
    }
    return plan->stop_with ? nr_fail(err, plan->stop_with, "enough") : NR_OK;
}

static enum nr_status run(struct plan *plan, unsigned jobs, double seconds)
{
    const struct nr_work_source source = {next, done, plan};
    const struct nr_worker_limits limits = {.seconds = seconds, .memory = plan->memory, .confined = plan->confined};
    struct nr_error err = {.text = ""};
    while (plan->requests[plan->count])
        plan->count++;
    return nr_spawner_run(spawner, jobs, &limits, &source, &err);
}

static void release(struct plan *plan)
{
    for (size_t i = 0; i < TICKETS; i++)
        free(plan->replies[i]);
}

static void nothing_to_do_is_done(void **state)
{
    (void)state;
    struct plan plan = {.count = 0};
    assert_int_equal(run(&plan, 2, 10), NR_OK);
}

static void a_lost_worker_costs_its_own_work(void **state)
{
    (void)state;
    struct plan plan = {.requests = {"one", "crash", "two", "abort", "exit", "die", "fail", "three"}};
    assert_int_equal(run(&plan, 2, 10), NR_OK);
    assert_int_equal(plan.done, 8);
    assert_string_equal(plan.replies[0], "one");
    assert_string_equal(plan.replies[2], "two");
    assert_string_equal(plan.replies[7], "three");
    assert_string_equal(plan.failures[1], "worker was killed by signal 11 while decoding 'x.mp4'");
    assert_string_equal(plan.failures[3], "worker was killed by signal 6 while decoding 'x.mp4'");
    assert_string_equal(plan.failures[4], "worker ended without a reply while decoding 'x.mp4'");
    assert_string_equal(plan.failures[5], "worker was killed by signal 9 while decoding 'x.mp4'");
    assert_string_equal(plan.failures[6], "it does not want to");
    assert_true(plan.temporary[5] && !plan.temporary[1] && !plan.temporary[6]);
    release(&plan);
}

static void a_hanging_worker_is_stopped(void **state)
{
    (void)state;
    struct plan plan = {.requests = {"hang", "one", "hang", "two"}};
    double started = nr_clock_seconds();
    assert_int_equal(run(&plan, 2, 0.3), NR_OK);
    assert_true(nr_clock_seconds() - started < 5);
    assert_string_equal(plan.failures[0], "decoding 'x.mp4' took more than 0.3 s and was stopped");
    assert_string_equal(plan.replies[1], "one");
    assert_string_equal(plan.replies[3], "two");
    release(&plan);
}

static void big_replies_and_requests_pass(void **state)
{
    (void)state;
    char *long_request = calloc(1, (5 << 20) + 1);
    memset(long_request, 'r', 5 << 20);
    struct plan plan = {.requests = {"big", long_request, "big", "small"}};
    assert_int_equal(run(&plan, 4, 60), NR_OK);
    assert_int_equal(plan.lengths[0], BIG_REPLY);
    assert_int_equal(plan.lengths[2], BIG_REPLY);
    assert_int_equal(plan.replies[2][27], 'b');
    assert_int_equal(plan.lengths[1], 5 << 20);
    assert_string_equal(plan.replies[3], "small");
    free(long_request);
    release(&plan);
}

static void files_are_handed_over(void **state)
{
    (void)state;
    struct plan plan = {.requests = {"read", "read"}, .file = nr_scratch_puts("f", "abc")};
    assert_int_equal(run(&plan, 2, 10), NR_OK);
    assert_string_equal(plan.replies[0], "abcabc");
    assert_string_equal(plan.replies[1], "abcabc");
    release(&plan);
}

/* Opening is refused; sockets, programs, processes and code made up end the worker;
 * the descriptors that it was handed and its reply are all it has. */
static void a_confined_worker_can_do_nothing_but_its_work(void **state)
{
    (void)state;
    if (!nr_worker_can_be_confined())
        skip();
    struct plan plan = {.requests = {"open", "create", "connect", "start", "fork", "code", "read", "big", "abort"},
                        .file = nr_scratch_puts("g", "abc"),
                        .confined = true};
    assert_int_equal(run(&plan, 3, 10), NR_OK);
    assert_string_equal(plan.replies[0], "Operation not permitted");
    assert_string_equal(plan.replies[1], "Operation not permitted");
    assert_int_equal(plan.refused[0], 2); /* and its call of signal() */
    assert_int_equal(plan.refused[1], 2);
    assert_int_equal(plan.refused[6], 1);
    for (size_t i = 2; i <= 5; i++) {
        assert_null(plan.replies[i]);
        assert_string_equal(plan.failures[i], "worker was killed by signal 31 while decoding 'x.mp4'");
        assert_false(plan.temporary[i]);
    }
    assert_string_equal(plan.replies[6], "abcabc");
    assert_int_equal(plan.lengths[7], BIG_REPLY);
    assert_string_equal(plan.failures[8], "worker was killed by signal 6 while decoding 'x.mp4'");
    release(&plan);
}

static void a_worker_may_grow_so_far_and_no_further(void **state)
{
    (void)state;
    if (!nr_worker_can_be_confined())
        skip();
    struct plan plan = {.requests = {"eat", "small"}, .confined = true, .memory = 64 << 20};
    assert_int_equal(run(&plan, 1, 60), NR_OK);
    assert_string_equal(plan.failures[0], "decoding 'x.mp4' needs more than the 64 MiB of --mem-limit");
    assert_false(plan.temporary[0]);
    assert_string_equal(plan.replies[1], "small");
    release(&plan);
}

static void workers_cannot_write_to_our_output(void **state)
{
    (void)state;
    struct plan plan = {.requests = {"print"}};
    assert_int_equal(run(&plan, 1, 10), NR_OK);
    assert_string_equal(plan.replies[0], "print");
    release(&plan);
}

static void all_workers_at_once_and_one_by_one(void **state)
{
    (void)state;
    for (unsigned jobs = 0; jobs <= 8; jobs += 4) {
        struct plan plan = {.count = 0};
        for (size_t i = 0; i < TICKETS - 1; i++)
            plan.requests[i] = i % 5 == 4 ? "crash" : "fine";
        assert_int_equal(run(&plan, jobs, 20), NR_OK);
        assert_int_equal(plan.done, TICKETS - 1);
        for (size_t i = 0; i < TICKETS - 1; i++)
            assert_true(i % 5 == 4 ? plan.failures[i][0] != '\0' : strcmp(plan.replies[i], "fine") == 0);
        release(&plan);
    }
}

static void a_failing_caller_ends_it(void **state)
{
    (void)state;
    struct plan plan = {.requests = {"one", "hang", "hang"}, .stop_with = NR_ERR_IO};
    double started = nr_clock_seconds();
    assert_int_equal(run(&plan, 3, 60), NR_ERR_IO);
    assert_true(nr_clock_seconds() - started < 5);
    release(&plan);
}

static void an_interrupt_ends_it(void **state)
{
    (void)state;
    struct plan plan = {.requests = {"hang", "hang"}};
    double started = nr_clock_seconds();
    nr_interrupt(SIGTERM);
    assert_int_equal(run(&plan, 2, 60), NR_ERR_INTERRUPTED);
    assert_true(nr_clock_seconds() - started < 5);
    assert_int_equal(plan.done, 0);
    release(&plan);
}

/* Stopping leaves no process behind: neither running nor unreaped. */
static void nobody_is_left(void **state)
{
    (void)state;
    nr_spawner_stop(spawner);
    nr_spawner_stop(NULL);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_to_do_is_done),
        cmocka_unit_test(a_lost_worker_costs_its_own_work),
        cmocka_unit_test(a_hanging_worker_is_stopped),
        cmocka_unit_test(big_replies_and_requests_pass),
        cmocka_unit_test(files_are_handed_over),
        cmocka_unit_test(workers_cannot_write_to_our_output),
        cmocka_unit_test(a_confined_worker_can_do_nothing_but_its_work),
        cmocka_unit_test(a_worker_may_grow_so_far_and_no_further),
        cmocka_unit_test(all_workers_at_once_and_one_by_one),
        cmocka_unit_test(a_failing_caller_ends_it),
        cmocka_unit_test(an_interrupt_ends_it),
        cmocka_unit_test(nobody_is_left),
    };
    struct nr_error err;
    if (nr_spawner_start(act, &spawner, &err))
        return 1;
    return cmocka_run_group_tests(tests, nr_scratch_make, nr_scratch_remove);
}
