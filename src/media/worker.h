/* worker.h - what parent, spawner and workers say to each other.
 *
 * control (SOCK_SEQPACKET, parent to spawner): struct nr_order, with the worker's end
 * of its channel and the open files attached to NR_ORDER_SPAWN; each order is answered
 * by one struct nr_answer.
 * channel (SOCK_STREAM, parent to worker): a struct nr_message_head and the request; back
 * a struct nr_message_head and the reply, or the error's text.
 */
#ifndef NR_MEDIA_WORKER_H
#define NR_MEDIA_WORKER_H

#include <stdint.h>
#include <sys/types.h>

#include "nightreel/media_workers.h"

enum nr_order_kind { NR_ORDER_SPAWN = 1, NR_ORDER_REAP };

struct nr_order {
    int32_t kind;
    int32_t pid;         /* NR_ORDER_REAP: killed where it still runs */
    int32_t patience_ms; /* after this long */
    int32_t confined;    /* NR_ORDER_SPAWN: struct nr_worker_limits */
    int32_t cpu_seconds;
    uint64_t memory;
};

struct nr_answer {
    int32_t pid;         /* of the new worker, or -1 */
    int32_t status;      /* wait status of the reaped one, or errno */
    int32_t killed_here; /* it had to be killed */
};

struct nr_message_head {
    uint32_t status;  /* of a reply: enum nr_status of the job */
    uint32_t refused; /* of a reply: system calls that the filter answered with EPERM */
    uint64_t length;  /* bytes that follow */
};

/* One message with descriptors; fails with errno. Both retry on EINTR. */
int nr_fds_send(int socket, const void *data, size_t length, const int *fds, size_t fd_count);
/* Length received, 0 at the end, -1. Descriptors are close-on-exec. */
ssize_t nr_fds_receive(int socket, void *data, size_t length, int *fds, size_t fds_max, size_t *fd_count);

/* The whole of data, from or to a blocking socket; false where the other end is gone. */
bool nr_bytes_send(int socket, const void *data, size_t length);
bool nr_bytes_receive(int socket, void *data, size_t length);

/* The worker's whole life behind the fork. */
_Noreturn void nr_worker_main(int channel, nr_worker_job job, const struct nr_order *order, const int *fds,
                              size_t fd_count);
/* Limits, then the filter of system calls; see struct nr_worker_limits. */
enum nr_status nr_worker_confine(const struct nr_order *order, struct nr_error *err) NR_MUST_CHECK;
/* System calls that the filter has answered with EPERM so far. */
unsigned nr_worker_refused(void);
/* The spawner's. */
_Noreturn void nr_spawner_main(int control, nr_worker_job job);

/* The parent's side of control. */
struct nr_spawner {
    int control;
    pid_t pid;
};
enum nr_status nr_spawner_order(struct nr_spawner *spawner, const struct nr_order *order, const int *fds,
                                size_t fd_count, struct nr_answer *answer, struct nr_error *err) NR_MUST_CHECK;

#endif
