/* fd_passing.c - bytes and descriptors over Unix sockets. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "media/worker.h"

#include "core/banned.h"

enum { FDS_MAX = NR_WORKER_FILES_MAX + 1 }; /* the files and the channel */

union control_room {
    char bytes[CMSG_SPACE(FDS_MAX * sizeof(int))];
    struct cmsghdr alignment;
};

int nr_fds_send(int socket, const void *data, size_t length, const int *fds, size_t fd_count)
{
    union control_room room = {.bytes = {0}};
    struct iovec piece = {.iov_base = (void *)(uintptr_t)data, .iov_len = length};
    struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};
    if (fd_count > FDS_MAX) {
        errno = EINVAL;
        return -1;
    }
    if (fd_count > 0) {
        message.msg_control = room.bytes;
        message.msg_controllen = CMSG_SPACE(fd_count * sizeof(int));
        struct cmsghdr *head = CMSG_FIRSTHDR(&message);
        head->cmsg_level = SOL_SOCKET;
        head->cmsg_type = SCM_RIGHTS;
        head->cmsg_len = CMSG_LEN(fd_count * sizeof(int));
        memcpy(CMSG_DATA(head), fds, fd_count * sizeof(int));
    }
    ssize_t sent;
    do
        sent = sendmsg(socket, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? -1 : 0;
}

ssize_t nr_fds_receive(int socket, void *data, size_t length, int *fds, size_t fds_max, size_t *fd_count)
{
    union control_room room;
    struct iovec piece = {.iov_base = data, .iov_len = length};
    struct msghdr message = {
        .msg_iov = &piece, .msg_iovlen = 1, .msg_control = room.bytes, .msg_controllen = sizeof room.bytes};
    ssize_t got;
    *fd_count = 0;
    do
        got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    if (got <= 0)
        return got;
    for (struct cmsghdr *head = CMSG_FIRSTHDR(&message); head; head = CMSG_NXTHDR(&message, head)) {
        if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS)
            continue;
        size_t count = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        if (count > fds_max)
            count = fds_max;
        memcpy(fds, CMSG_DATA(head), count * sizeof(int));
        *fd_count = count;
    }
    return got;
}

bool nr_bytes_send(int socket, const void *data, size_t length)
{
    const char *at = data;
    while (length > 0) {
        ssize_t sent = send(socket, at, length, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        at += sent;
        length -= (size_t)sent;
    }
    return true;
}

bool nr_bytes_receive(int socket, void *data, size_t length)
{
    char *at = data;
    while (length > 0) {
        ssize_t got = recv(socket, at, length, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        length -= (size_t)got;
    }
    return true;
}
