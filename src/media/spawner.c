/* spawner.c - the process that forks workers, and the parent's way to it. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "media/worker.h"

#include "core/banned.h"

/* ---- in the spawner ---------------------------------------------------------------- */

struct nursery {
    int control;
    nr_worker_job job;
    bool prepared;
    pid_t workers[NR_JOBS_MAX];
    size_t count;
};

/* A terminal's or a service manager's signals go to the whole group. The parent
 * decides what becomes of work under way, so they are not for us. */
static void ignore_signals(void)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE};
    for (size_t i = 0; i < NR_COUNT(signals); i++)
        signal(signals[i], SIG_IGN);
}

/* What a library might print must not end up in the parent's output. */
static void leave_standard_streams(void)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null >= 0 && dup2(null, STDIN_FILENO) >= 0 && dup2(null, STDOUT_FILENO) >= 0)
        close(null);
}

static void close_all(const int *fds, size_t count)
{
    for (size_t i = 0; i < count; i++)
        close(fds[i]);
}

/* Once, before the first fork. Should it fail, so will every job, and say so. */
static void prepare(struct nursery *nursery)
{
    struct nr_buf ignored = {0};
    struct nr_error err;
    enum nr_status status = nursery->prepared ? NR_OK : nursery->job(NULL, 0, NULL, 0, &ignored, &err);
    (void)status;
    nursery->prepared = true;
    nr_buf_release(&ignored);
}

/* fds[0] is the worker's end of its channel. */
static struct nr_answer spawn(struct nursery *nursery, const struct nr_order *order, int *fds, size_t fd_count)
{
    if (fd_count == 0 || nursery->count == NR_JOBS_MAX)
        return (struct nr_answer){.pid = -1, .status = EINVAL};
    prepare(nursery);
    pid_t pid = fork();
    if (pid == 0) {
        close(nursery->control);
        nr_worker_main(fds[0], nursery->job, order, fds + 1, fd_count - 1);
    }
    if (pid < 0)
        return (struct nr_answer){.pid = -1, .status = errno};
    nursery->workers[nursery->count++] = pid;
    return (struct nr_answer){.pid = pid};
}

/* Waits for it to end by itself, at most patience_ms. */
static bool ends_by_itself(pid_t pid, int patience_ms, int *status)
{
    const struct timespec nap = {.tv_nsec = 1000000};
    for (int waited = 0; waited <= patience_ms; waited++) {
        if (waitpid(pid, status, WNOHANG) == pid)
            return true;
        if (waited < patience_ms)
            nanosleep(&nap, NULL);
    }
    return false;
}

static struct nr_answer reap(struct nursery *nursery, pid_t pid, int patience_ms)
{
    for (size_t i = 0; i < nursery->count; i++) {
        if (nursery->workers[i] != pid)
            continue;
        struct nr_answer answer = {.pid = pid};
        if (!ends_by_itself(pid, patience_ms, &answer.status)) {
            answer.killed_here = true;
            kill(pid, SIGKILL);
            while (waitpid(pid, &answer.status, 0) < 0 && errno == EINTR)
                ;
        }
        nursery->workers[i] = nursery->workers[--nursery->count];
        return answer;
    }
    return (struct nr_answer){.pid = -1, .status = ESRCH};
}

_Noreturn void nr_spawner_main(int control, nr_worker_job job)
{
    struct nursery nursery = {.control = control, .job = job};
    struct nr_order order;
    int fds[NR_WORKER_FILES_MAX + 1];
    size_t fd_count = 0;
    ignore_signals();
    leave_standard_streams();
    while (nr_fds_receive(control, &order, sizeof order, fds, NR_COUNT(fds), &fd_count) == (ssize_t)sizeof order) {
        struct nr_answer answer = order.kind == NR_ORDER_SPAWN ? spawn(&nursery, &order, fds, fd_count)
                                                               : reap(&nursery, order.pid, order.patience_ms);
        close_all(fds, fd_count);
        if (!nr_bytes_send(control, &answer, sizeof answer))
            break;
    }
    while (nursery.count > 0) /* the parent is gone, or done */
        reap(&nursery, nursery.workers[0], 0);
    _exit(0);
}

/* ---- in the parent ------------------------------------------------------------------- */

enum nr_status nr_spawner_start(nr_worker_job job, struct nr_spawner **out, struct nr_error *err)
{
    int ends[2];
    *out = NULL;
    struct nr_spawner *spawner = calloc(1, sizeof *spawner);
    if (!spawner)
        return nr_fail_nomem(err, "the media spawner");
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) {
        free(spawner);
        return nr_fail(err, NR_ERR_INTERNAL, "cannot make a socket for the media spawner: %m");
    }
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        nr_spawner_main(ends[1], job);
    }
    close(ends[1]);
    *spawner = (struct nr_spawner){.control = ends[0], .pid = pid};
    if (pid < 0) {
        close(ends[0]);
        free(spawner);
        return nr_fail(err, NR_ERR_INTERNAL, "cannot fork the media spawner: %m");
    }
    *out = spawner;
    return NR_OK;
}

void nr_spawner_stop(struct nr_spawner *spawner)
{
    if (!spawner)
        return;
    close(spawner->control);
    while (waitpid(spawner->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    free(spawner);
}

enum nr_status nr_spawner_order(struct nr_spawner *spawner, const struct nr_order *order, const int *fds,
                                size_t fd_count, struct nr_answer *answer, struct nr_error *err)
{
    if (nr_fds_send(spawner->control, order, sizeof *order, fds, fd_count) < 0 ||
        !nr_bytes_receive(spawner->control, answer, sizeof *answer))
        return nr_fail(err, NR_ERR_INTERNAL, "the media spawner is gone");
    return NR_OK;
}
