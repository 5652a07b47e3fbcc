/* output.c - files that appear whole or not at all, and standard output. */
#include "nightreel/io.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/banned.h"

#define OUTPUT_BUFFER ((size_t)64 << 10)
#define NAME_TRIES    16

struct nr_output {
    int fd;
    char *name;      /* for messages */
    char *target;    /* where the file goes; NULL: written directly */
    char *temporary; /* beside the target */
    char *data;
    size_t length;
};

static enum nr_status cannot(const struct nr_output *out, enum nr_status status, const char *verb, struct nr_error *err)
{
    return nr_fail(err, status, "cannot %s '%s': %s", verb, out->name, strerror(errno));
}

static enum nr_status write_all(struct nr_output *out, const char *data, size_t length, struct nr_error *err)
{
    while (length > 0) {
        ssize_t done = write(out->fd, data, length);
        if (done < 0 && errno == EINTR && !nr_interrupted())
            continue;
        if (done < 0)
            return cannot(out, NR_ERR_IO, "write", err);
        data += done;
        length -= (size_t)done;
    }
    return NR_OK;
}

static enum nr_status flush(struct nr_output *out, struct nr_error *err)
{
    enum nr_status status = write_all(out, out->data, out->length, err);
    out->length = 0;
    return status;
}

/* A free name in the target's folder: a rename does not cross file systems. */
static bool name_temporary(struct nr_output *out)
{
    uint64_t number = 0;
    if (getrandom(&number, sizeof(number), 0) != (ssize_t)sizeof(number))
        number = (uint64_t)getpid();
    const char *slash = strrchr(out->target, '/');
    int folder = slash ? (int)(slash + 1 - out->target) : 0;
    free(out->temporary);
    return asprintf(&out->temporary, "%.*s.%.100s.%016llx.tmp", folder, out->target, out->target + folder,
                    (unsigned long long)number) >= 0 ||
           (out->temporary = NULL);
}

static enum nr_status open_temporary(struct nr_output *out, const struct stat *old, struct nr_error *err)
{
    for (int i = 0; i < NAME_TRIES && out->fd < 0; i++) {
        if (!name_temporary(out))
            return nr_fail_nomem(err, "an output");
        out->fd = open(out->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
        if (out->fd < 0 && errno != EEXIST)
            break;
    }
    if (out->fd < 0) {
        enum nr_status status = cannot(out, NR_ERR_CANTCREATE, "create", err);
        free(out->temporary);
        out->temporary = NULL;
        return status;
    }
    if (old && fchmod(out->fd, old->st_mode & 07777) != 0) /* a private file stays private */
        return cannot(out, NR_ERR_CANTCREATE, "create", err);
    return NR_OK;
}

/* What stands at the path now decides: a link is followed, so that the link stays;
 * a device or a pipe is written to, never replaced. */
static enum nr_status open_target(struct nr_output *out, const char *path, struct nr_error *err)
{
    struct stat old;
    bool exists = stat(path, &old) == 0;
    if (exists && S_ISDIR(old.st_mode)) {
        errno = EISDIR;
        return cannot(out, NR_ERR_CANTCREATE, "create", err);
    }
    if (exists && !S_ISREG(old.st_mode)) {
        out->fd = open(path, O_WRONLY | O_CLOEXEC);
        return out->fd >= 0 ? NR_OK : cannot(out, NR_ERR_CANTCREATE, "open", err);
    }
    out->target = exists ? realpath(path, NULL) : strdup(path);
    if (!out->target)
        return cannot(out, NR_ERR_CANTCREATE, "create", err);
    return open_temporary(out, exists ? &old : NULL, err);
}

enum nr_status nr_output_open(const char *path, struct nr_output **result, struct nr_error *err)
{
    *result = NULL;
    struct nr_output *out = calloc(1, sizeof(*out));
    if (!out)
        return nr_fail_nomem(err, "an output");
    bool standard = strcmp(path, "-") == 0;
    out->fd = standard ? STDOUT_FILENO : -1;
    out->name = strdup(standard ? "standard output" : path);
    out->data = malloc(OUTPUT_BUFFER);
    enum nr_status status = out->name && out->data ? NR_OK : nr_fail_nomem(err, "an output");
    if (status == NR_OK && !standard)
        status = open_target(out, path, err);
    if (status != NR_OK) {
        nr_output_abandon(out);
        return status;
    }
    *result = out;
    return NR_OK;
}

enum nr_status nr_output_write(struct nr_output *out, const void *data, size_t length, struct nr_error *err)
{
    if (length > OUTPUT_BUFFER - out->length) {
        enum nr_status status = flush(out, err);
        if (status != NR_OK)
            return status;
    }
    if (length > OUTPUT_BUFFER)
        return write_all(out, data, length, err);
    if (length)
        memcpy(out->data + out->length, data, length);
    out->length += length;
    return NR_OK;
}

/* The new name reaches the disk with its folder. Some file systems cannot do that
 * for a folder, and the file itself is safe by then: a failure is no failure. */
static void sync_folder(const char *path)
{
    char *copy = strdup(path);
    int fd = copy ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
    free(copy);
}

static enum nr_status publish(struct nr_output *out, struct nr_error *err)
{
    if (fsync(out->fd) != 0)
        return cannot(out, NR_ERR_IO, "write", err);
    int fd = out->fd;
    out->fd = -1;
    if (close(fd) != 0)
        return cannot(out, NR_ERR_IO, "write", err);
    if (rename(out->temporary, out->target) != 0)
        return cannot(out, NR_ERR_CANTCREATE, "create", err);
    free(out->temporary);
    out->temporary = NULL;
    sync_folder(out->target);
    return NR_OK;
}

/* A device or a pipe: its own close can still report what a write did not. */
static enum nr_status close_direct(struct nr_output *out, struct nr_error *err)
{
    int fd = out->fd;
    out->fd = -1;
    if (fd != STDOUT_FILENO && close(fd) != 0)
        return cannot(out, NR_ERR_IO, "write", err);
    return NR_OK;
}

enum nr_status nr_output_commit(struct nr_output *out, struct nr_error *err)
{
    enum nr_status status = flush(out, err);
    if (status == NR_OK)
        status = out->target ? publish(out, err) : close_direct(out, err);
    nr_output_abandon(out);
    return status;
}

void nr_output_abandon(struct nr_output *out)
{
    if (!out)
        return;
    if (out->fd > STDERR_FILENO)
        close(out->fd);
    if (out->temporary)
        unlink(out->temporary);
    free(out->temporary);
    free(out->target);
    free(out->data);
    free(out->name);
    free(out);
}

enum nr_status nr_file_write(const char *path, const struct nr_buf *text, struct nr_error *err)
{
    struct nr_output *out = NULL;
    enum nr_status status = nr_buf_status(text, err);
    if (!status)
        status = nr_output_open(path, &out, err);
    if (!status && text->length)
        status = nr_output_write(out, text->data, text->length, err);
    if (!status)
        return nr_output_commit(out, err);
    nr_output_abandon(out);
    return status;
}
