/* open_beneath.c - opens what a catalogue names without leaving its folder. */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "media/open_beneath.h"
#include "nightreel/media.h"

#include "core/banned.h"

/* O_NONBLOCK: a FIFO must not hold the parent up before it is seen to be one. */
#define OPEN_FLAGS (O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)

/* Why a path is not even tried, or NULL. */
static const char *refusal(const char *path)
{
    if (!*path)
        return "the name is empty";
    if (*path == '/')
        return "absolute paths are not allowed here";
    if (strstr(path, "://"))
        return "URLs are not allowed here";
    for (const char *part = path; part; part = strchr(part, '/')) {
        part += *part == '/';
        if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == '\0'))
            return "'..' is not allowed here";
    }
    return NULL;
}

static bool is_link(int folder, const char *name)
{
    struct stat about;
    int cause = errno;
    bool link = fstatat(folder, name, &about, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(about.st_mode);
    errno = cause;
    return link;
}

/* Where openat2 is missing: component by component, following no link at all. */
static int open_by_steps(int root_fd, const char *path)
{
    int folder = fcntl(root_fd, F_DUPFD_CLOEXEC, 0);
    while (folder >= 0) {
        char part[256];
        size_t length = strcspn(path, "/");
        if (length >= sizeof part) {
            close(folder);
            errno = ENAMETOOLONG;
            return -1;
        }
        memcpy(part, path, length);
        part[length] = '\0';
        path += length + strspn(path + length, "/");
        int next = openat(folder, length ? part : ".",
                          *path ? O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC : OPEN_FLAGS | O_NOFOLLOW);
        int cause = next < 0 && is_link(folder, length ? part : ".") ? ELOOP : errno;
        close(folder);
        errno = cause;
        if (next < 0 || !*path)
            return next;
        folder = next;
    }
    return folder;
}

int nr_open_beneath(int root_fd, const char *path)
{
    if (refusal(path)) {
        errno = EINVAL;
        return -1;
    }
    struct open_how how = {.flags = OPEN_FLAGS, .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
    for (int tries = 0; tries < 16; tries++) { /* EAGAIN: the tree was renamed meanwhile */
        int fd = (int)syscall(SYS_openat2, root_fd, path, &how, sizeof how);
        if (fd >= 0 || (errno != EAGAIN && errno != EINTR))
            return fd >= 0 || (errno != ENOSYS && errno != EPERM) ? fd : open_by_steps(root_fd, path);
    }
    return -1;
}

/* Keeps a regular file only. */
static enum nr_status keep_regular(int opened, const char *path, int *fd, struct nr_error *err)
{
    struct stat about;
    enum nr_status status = NR_OK;
    if (fstat(opened, &about) < 0)
        status = nr_fail(err, NR_ERR_IO, "cannot look at '%s': %m", path);
    else if (!S_ISREG(about.st_mode))
        status = nr_fail(err, NR_ERR_DATA, "'%s' is not a regular file", path);
    if (status)
        close(opened);
    else
        *fd = opened;
    return status;
}

enum nr_status nr_file_open_beneath(int root_fd, const char *path, int *fd, struct nr_error *err)
{
    int opened = nr_open_beneath(root_fd, path);
    *fd = -1;
    if (opened >= 0)
        return keep_regular(opened, path, fd, err);
    int cause = errno;
    const char *why = refusal(path);
    if (why)
        return nr_fail(err, NR_ERR_DATA, "'%s' is refused: %s", path, why);
    errno = cause;
    if (errno == EXDEV)
        return nr_fail(err, NR_ERR_DATA, "'%s' is refused: it leads out of the videos folder", path);
    if (errno == ELOOP)
        return nr_fail(err, NR_ERR_DATA, "'%s' is refused: there is a symbolic link on the way", path);
    return nr_fail(err, NR_ERR_NOINPUT, "cannot open '%s': %m", path);
}

enum nr_status nr_file_open_trusted(const char *path, int *fd, struct nr_error *err)
{
    *fd = -1;
    int opened = open(path, OPEN_FLAGS);
    if (opened < 0)
        return nr_fail(err, NR_ERR_NOINPUT, "cannot open '%s': %m", path);
    return keep_regular(opened, path, fd, err);
}

enum nr_status nr_folder_open(const char *path, int *fd, struct nr_error *err)
{
    *fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    return *fd < 0 ? nr_fail(err, NR_ERR_NOINPUT, "cannot open folder '%s': %m", path) : NR_OK;
}
