/* nightreel/media_workers.h - the second half of media.h: processes that do jobs on
 * files nobody trusts. Include nightreel/media.h.
 *
 * main --fork--> spawner --fork, one for each piece of work--> worker
 *
 * The spawner is forked first of all, while the process has one thread and nothing
 * open; it runs nothing but media and feature code. For each piece of work the
 * parent sends it the end of a socket and the open files (SCM_RIGHTS); it forks a
 * worker, which reads the request from the socket, runs the job, writes the reply
 * and exits. Nothing else crosses. A worker that dies or closes without a reply
 * costs its own piece of work. When the parent goes away, so do all of them.
 */
#ifndef NIGHTREEL_MEDIA_WORKERS_H
#define NIGHTREEL_MEDIA_WORKERS_H

#include "nightreel/core.h"

#define NR_WORKER_FILES_MAX 8
#define NR_REQUEST_MAX      ((size_t)16 << 20)  /* bytes of a request */
#define NR_REPLY_MAX        ((size_t)256 << 20) /* bytes of a reply; a longer one is a failure */
#define NR_JOBS_MAX         256

/* Runs in a worker: a request and open files in, a reply out. A request of NULL
 * asks it, in the spawner and before the first fork, to prepare what every worker
 * would otherwise have to (dictionaries, tables); its reply is ignored. */
typedef enum nr_status (*nr_worker_job)(const char *request, size_t length, const int *fds, size_t fd_count,
                                        struct nr_buf *reply, struct nr_error *err);

/* Forks the spawner. To be called first of all in main. */
struct nr_spawner;
enum nr_status nr_spawner_start(nr_worker_job job, struct nr_spawner **out, struct nr_error *err) NR_MUST_CHECK;
void nr_spawner_stop(struct nr_spawner *spawner);

/* One piece of work. */
struct nr_work {
    char *request; /* malloc'ed; taken over */
    size_t length;
    int fds[NR_WORKER_FILES_MAX]; /* taken over: closed once they are sent */
    size_t fd_count;
    const char *label; /* what it is about, for messages; borrowed until it is done */
    size_t ticket;     /* the caller's name for it */
};

/* What came of it: a reply, or why there is none ("worker was killed by signal 11
 * while decoding 'x.mp4'"). All borrowed during the call. */
struct nr_work_result {
    size_t ticket;
    const char *reply; /* NULL: see failure */
    size_t length;
    const char *failure;
    bool temporary;   /* the cause may be gone next time: no memory, no process */
    unsigned refused; /* system calls that a confined worker tried and was refused */
};

struct nr_work_source {
    /* Fills *work (zeroed) with the next piece; NR_END when there is none. */
    enum nr_status (*next)(void *ctx, struct nr_work *work, struct nr_error *err);
    /* A piece is finished; they finish in any order. */
    enum nr_status (*done)(void *ctx, const struct nr_work_result *result, struct nr_error *err);
    void *ctx;
};

/* What a worker may use. A confined one, before it looks at its files:
 *   - gives up privileges for good (no_new_privs) and puts itself behind a filter
 *     of system calls (seccomp) that leaves it reading, writing and seeking in the
 *     descriptors it was handed, and memory that is not executable: no sockets, no
 *     opening, no starting of programs. What would open a file or ask a device is
 *     answered with EPERM; anything else ends it;
 *   - may grow by `memory` bytes over what it has at its start (RLIMIT_AS: the
 *     libraries alone take some 250 MB of addresses), use `seconds` of processor
 *     time (RLIMIT_CPU) and write no file. */
struct nr_worker_limits {
    double seconds; /* of wall clock, then it is killed */
    size_t memory;  /* bytes; 0: no limit */
    bool confined;
};
/* False in builds with sanitizers and under valgrind, whose runtimes need more than the
 * filter leaves. */
bool nr_worker_can_be_confined(void);

/* Does all pieces on up to `jobs` workers (0: nr_cpu_count()) at a time. Stops with
 * NR_ERR_INTERRUPTED when asked to, with the callback's status when one fails; workers
 * are gone when it returns. */
enum nr_status nr_spawner_run(struct nr_spawner *spawner, unsigned jobs, const struct nr_worker_limits *limits,
                              const struct nr_work_source *source, struct nr_error *err) NR_MUST_CHECK;

#endif
