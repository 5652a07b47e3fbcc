/* worker.c - one process, one file: reads a request, runs the job, replies, exits. */
#include "media/worker.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/banned.h"

/* Exits without running what main registered: that belongs to the parent. */
static _Noreturn void leave(void)
{
    _exit(0); /* which closes the channel */
}

/* By write(2): a confined worker has no call that knows of sockets. SIGPIPE is ignored
 * here. */
static bool write_all(int channel, const void *data, size_t length)
{
    const char *at = data;
    while (length > 0) {
        ssize_t written = write(channel, at, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        at += written;
        length -= (size_t)written;
    }
    return true;
}

static void reply(int channel, enum nr_status status, const void *data, size_t length)
{
    struct nr_message_head head = {.status = (uint32_t)status, .refused = nr_worker_refused(), .length = length};
    if (write_all(channel, &head, sizeof head))
        write_all(channel, data, length);
}

_Noreturn void nr_worker_main(int channel, nr_worker_job job, const struct nr_order *order, const int *fds,
                              size_t fd_count)
{
    struct nr_message_head head;
    struct nr_error err = {.text = ""};
    struct nr_buf out = {.max = NR_REPLY_MAX};
    const struct rlimit no_core = {0, 0};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setrlimit(RLIMIT_CORE, &no_core);
    if (!nr_bytes_receive(channel, &head, sizeof head) || head.length > NR_REQUEST_MAX)
        leave();
    char *request = malloc(head.length + 1);
    if (!request || !nr_bytes_receive(channel, request, head.length))
        leave();
    request[head.length] = '\0';
    enum nr_status status = order->confined ? nr_worker_confine(order, &err) : NR_OK;
    if (!status)
        status = job(request, head.length, fds, fd_count, &out, &err);
    if (!status)
        status = nr_buf_status(&out, &err);
    if (status)
        reply(channel, status, err.text, strlen(err.text));
    else
        reply(channel, NR_OK, out.data, out.length);
    free(request);
    nr_buf_release(&out);
    leave();
}
