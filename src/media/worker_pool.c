/* worker_pool.c - the parent's loop: gives out work, takes replies, loses no time to a
 * worker that hangs. Never blocks on a worker: channels are polled in both directions. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "media/worker.h"

#include "core/banned.h"

/* An interrupt is noticed after this long at the latest. */
enum { POLL_MS = 200, READ_BYTES = 64 << 10 };
/* A worker that closed its channel has this long to finish dying. */
enum { DYING_MS = 200 };

/* One worker under way. */
struct seat {
    pid_t pid;
    int channel;
    struct nr_work work;
    size_t sent; /* of head and request */
    struct nr_message_head head;
    size_t head_got;
    struct nr_buf reply;
    double deadline;
    bool over; /* nothing more will come */
};

struct pool {
    struct nr_spawner *spawner;
    const struct nr_work_source *source;
    const struct nr_worker_limits *limits;
    struct seat *seats;
    struct pollfd *polls;
    size_t count, jobs;
    bool exhausted;
    char *buffer;
};

static void work_release(struct nr_work *work)
{
    free(work->request);
    for (size_t i = 0; i < work->fd_count; i++)
        close(work->fds[i]);
    *work = (struct nr_work){0};
}

static enum nr_status report_failure(struct pool *pool, size_t ticket, bool temporary, const char *text,
                                     struct nr_error *err)
{
    struct nr_work_result result = {.ticket = ticket, .failure = text, .temporary = temporary};
    return pool->source->done(pool->source->ctx, &result, err);
}

/* ---- starting --------------------------------------------------------------------- */

/* A worker with its channel; pid -1 and errno in *status where there is none. */
static enum nr_status fork_worker(struct pool *pool, const struct nr_work *work, int *channel, struct nr_answer *answer,
                                  struct nr_error *err)
{
    int ends[2], fds[NR_WORKER_FILES_MAX + 1];
    *channel = -1;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
        *answer = (struct nr_answer){.pid = -1, .status = errno};
        return NR_OK;
    }
    fds[0] = ends[1];
    memcpy(fds + 1, work->fds, work->fd_count * sizeof *fds);
    struct nr_order order = {
        .kind = NR_ORDER_SPAWN,
        .confined = pool->limits->confined,
        .cpu_seconds = (int32_t)ceil(fmin(pool->limits->seconds, INT32_MAX / 2)) + 1,
        .memory = pool->limits->memory,
    };
    enum nr_status status = nr_spawner_order(pool->spawner, &order, fds, work->fd_count + 1, answer, err);
    close(ends[1]);
    if (!status && answer->pid > 0 && fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0)
        *channel = ends[0];
    else
        close(ends[0]);
    return status;
}

/* Takes the work over. */
static enum nr_status take_seat(struct pool *pool, struct nr_work *work, struct nr_error *err)
{
    struct nr_answer answer;
    struct seat *seat = &pool->seats[pool->count];
    size_t ticket = work->ticket;
    *seat = (struct seat){.deadline = nr_clock_seconds() + pool->limits->seconds, .reply.max = NR_REPLY_MAX};
    enum nr_status status = fork_worker(pool, work, &seat->channel, &answer, err);
    for (size_t i = 0; i < work->fd_count; i++)
        close(work->fds[i]);
    work->fd_count = 0;
    if (!status && seat->channel >= 0) {
        seat->pid = answer.pid;
        seat->work = *work;
        pool->count++;
        return NR_OK;
    }
    work_release(work);
    if (status)
        return status;
    struct nr_error why;
    nr_fail(&why, NR_ERR_INTERNAL, "cannot fork a worker: %s", strerror(answer.status));
    return report_failure(pool, ticket, true, why.text, err);
}

static enum nr_status fill_seats(struct pool *pool, struct nr_error *err)
{
    while (!pool->exhausted && pool->count < pool->jobs) {
        struct nr_work work = {0};
        enum nr_status status = pool->source->next(pool->source->ctx, &work, err);
        if (status == NR_END)
            pool->exhausted = true;
        if (!status)
            status = take_seat(pool, &work, err);
        else
            work_release(&work);
        if (status && status != NR_END)
            return status;
    }
    return NR_OK;
}

/* ---- talking ------------------------------------------------------------------------- */

static void send_some(struct seat *seat)
{
    struct nr_message_head head = {.length = seat->work.length};
    bool in_head = seat->sent < sizeof head;
    size_t done = in_head ? seat->sent : seat->sent - sizeof head;
    const char *from = in_head ? (const char *)&head : seat->work.request;
    size_t left = (in_head ? sizeof head : seat->work.length) - done;
    ssize_t sent = send(seat->channel, from + done, left, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0)
        seat->sent += (size_t)sent;
    else if (sent < 0 && errno != EAGAIN && errno != EINTR)
        seat->sent = sizeof head + seat->work.length; /* it is gone: what it said last still counts */
}

static bool wants_to_send(const struct seat *seat)
{
    return seat->sent < sizeof(struct nr_message_head) + seat->work.length;
}

static bool has_whole_reply(const struct seat *seat)
{
    return seat->head_got == sizeof seat->head && seat->reply.length == seat->head.length;
}

static void take_bytes(struct seat *seat, const char *data, size_t length)
{
    size_t missing = sizeof seat->head - seat->head_got;
    size_t head = length < missing ? length : missing;
    memcpy((char *)&seat->head + seat->head_got, data, head);
    seat->head_got += head;
    nr_buf_append(&seat->reply, data + head, length - head);
    bool too_much = seat->head_got == sizeof seat->head &&
                    (seat->head.length > NR_REPLY_MAX || seat->reply.length > seat->head.length);
    seat->over = too_much || seat->reply.failed || has_whole_reply(seat);
}

static void receive_some(struct pool *pool, struct seat *seat)
{
    ssize_t got = recv(seat->channel, pool->buffer, READ_BYTES, MSG_DONTWAIT);
    if (got > 0)
        take_bytes(seat, pool->buffer, (size_t)got);
    else if (got == 0 || (errno != EAGAIN && errno != EINTR))
        seat->over = true;
}

/* ---- finishing ------------------------------------------------------------------------- */

/* `dying`: it is ending by itself, and how it ends is of interest. */
static enum nr_status reap(struct pool *pool, struct seat *seat, bool dying, struct nr_answer *answer,
                           struct nr_error *err)
{
    struct nr_order order = {.kind = NR_ORDER_REAP, .pid = seat->pid, .patience_ms = dying ? DYING_MS : 0};
    *answer = (struct nr_answer){0};
    close(seat->channel);
    return nr_spawner_order(pool->spawner, &order, NULL, 0, answer, err);
}

/* Why there is no reply. A signal 9 that was not ours: most likely memory ran out. */
static void explain(const struct pool *pool, const struct seat *seat, const struct nr_answer *end, struct nr_error *why,
                    bool *temporary)
{
    int wait_status = end->status;
    *temporary = false;
    if (has_whole_reply(seat)) {
        bool outgrown = seat->head.status == NR_ERR_NOMEM && pool->limits->confined && pool->limits->memory;
        if (outgrown)
            nr_fail(why, NR_ERR_NOMEM, "decoding '%s' needs more than the %zu MiB of --mem-limit", seat->work.label,
                    pool->limits->memory >> 20);
        else
            nr_fail(why, NR_ERR_INTERNAL, "%s", seat->reply.data ? seat->reply.data : "worker failed");
        *temporary = seat->head.status == NR_ERR_NOMEM && !outgrown;
    } else if (seat->reply.length > 0 && (seat->head.length > NR_REPLY_MAX || seat->reply.failed)) {
        nr_fail(why, NR_ERR_INTERNAL, "worker's reply about '%s' is too long", seat->work.label);
    } else if (WIFSIGNALED(wait_status) && !end->killed_here) {
        nr_fail(why, NR_ERR_INTERNAL, "worker was killed by signal %d while decoding '%s'", WTERMSIG(wait_status),
                seat->work.label);
        *temporary = WTERMSIG(wait_status) == SIGKILL;
    } else {
        nr_fail(why, NR_ERR_INTERNAL, "worker ended without a reply while decoding '%s'", seat->work.label);
    }
}

static enum nr_status finish(struct pool *pool, size_t index, bool late, struct nr_error *err)
{
    struct seat seat = pool->seats[index];
    struct nr_answer end;
    pool->seats[index] = pool->seats[--pool->count];
    enum nr_status status = reap(pool, &seat, !late && !has_whole_reply(&seat), &end, err);
    struct nr_work_result result = {.ticket = seat.work.ticket,
                                    .refused = has_whole_reply(&seat) ? seat.head.refused : 0};
    struct nr_error why = {.text = ""};
    if (has_whole_reply(&seat) && seat.head.status == NR_OK) {
        result.reply = seat.reply.data ? seat.reply.data : "";
        result.length = seat.reply.length;
    } else if (late) {
        nr_fail(&why, NR_ERR_INTERNAL, "decoding '%s' took more than %g s and was stopped", seat.work.label,
                pool->limits->seconds);
    } else {
        explain(pool, &seat, &end, &why, &result.temporary);
    }
    result.failure = result.reply ? NULL : why.text;
    if (!status)
        status = pool->source->done(pool->source->ctx, &result, err);
    work_release(&seat.work);
    nr_buf_release(&seat.reply);
    return status;
}

static void abandon(struct pool *pool)
{
    struct nr_error ignored;
    struct nr_answer answer;
    while (pool->count > 0) {
        struct seat *seat = &pool->seats[--pool->count];
        enum nr_status status = reap(pool, seat, false, &answer, &ignored);
        (void)status; /* without a spawner there are no workers either */
        work_release(&seat->work);
        nr_buf_release(&seat->reply);
    }
}

/* ---- the loop ---------------------------------------------------------------------------- */

static int poll_timeout(const struct pool *pool)
{
    double now = nr_clock_seconds(), wait = POLL_MS / 1000.0;
    for (size_t i = 0; i < pool->count; i++)
        wait = fmin(wait, fmax(0, pool->seats[i].deadline - now));
    return (int)ceil(wait * 1000);
}

static enum nr_status turn(struct pool *pool, struct nr_error *err)
{
    for (size_t i = 0; i < pool->count; i++)
        pool->polls[i] = (struct pollfd){.fd = pool->seats[i].channel,
                                         .events = (short)(POLLIN | (wants_to_send(&pool->seats[i]) ? POLLOUT : 0))};
    if (poll(pool->polls, pool->count, poll_timeout(pool)) < 0 && errno != EINTR)
        return nr_fail(err, NR_ERR_INTERNAL, "cannot wait for workers: %m");
    double now = nr_clock_seconds();
    enum nr_status status = NR_OK;
    /* Downwards: finish() moves the last seat, already looked at, into the gap. */
    for (size_t i = pool->count; i-- > 0 && !status;) {
        struct seat *seat = &pool->seats[i];
        if (pool->polls[i].revents & POLLOUT)
            send_some(seat);
        if (pool->polls[i].revents & (POLLIN | POLLHUP | POLLERR))
            receive_some(pool, seat);
        if (seat->over || now >= seat->deadline)
            status = finish(pool, i, !seat->over, err);
    }
    return status;
}

enum nr_status nr_spawner_run(struct nr_spawner *spawner, unsigned jobs, const struct nr_worker_limits *limits,
                              const struct nr_work_source *source, struct nr_error *err)
{
    struct pool pool = {.spawner = spawner, .source = source, .limits = limits, .jobs = jobs ? jobs : nr_cpu_count()};
    if (pool.jobs > NR_JOBS_MAX)
        pool.jobs = NR_JOBS_MAX;
    pool.seats = calloc(pool.jobs, sizeof *pool.seats);
    pool.polls = calloc(pool.jobs, sizeof *pool.polls);
    pool.buffer = malloc(READ_BYTES);
    enum nr_status status = pool.seats && pool.polls && pool.buffer ? NR_OK : nr_fail_nomem(err, "the workers' table");
    while (!status) {
        if (nr_interrupted())
            status = nr_fail(err, NR_ERR_INTERRUPTED, "interrupted");
        else
            status = fill_seats(&pool, err);
        if (!status && pool.count == 0)
            break;
        if (!status)
            status = turn(&pool, err);
    }
    abandon(&pool);
    free(pool.seats);
    free(pool.polls);
    free(pool.buffer);
    return status;
}
