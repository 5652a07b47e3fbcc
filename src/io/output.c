/* output.c - files that take their name only when they are whole. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nightreel/io.h"

#include "core/banned.h"

enum { OUTPUT_BUFFER = 1 << 16 };

struct nr_output {
    char *path;      /* what it will be called; NULL: standard output, or a device */
    char *temporary; /* what it is called until then */
    char *name;      /* for messages */
    int fd;
    size_t used;
    char buffer[OUTPUT_BUFFER];
};

static void output_free(struct nr_output *out)
{
    if (out->fd > STDERR_FILENO)
        close(out->fd);
    free(out->path);
    free(out->temporary);
    free(out->name);
    free(out);
}

/* A pipe, a device, /dev/full: nothing to rename, written to directly. */
static bool is_special(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && !S_ISREG(info.st_mode);
}

static enum nr_status open_named(struct nr_output *out, const char *path, struct nr_error *err)
{
    if (is_special(path)) {
        out->fd = open(path, O_WRONLY | O_CLOEXEC);
        return out->fd < 0 ? nr_fail(err, NR_ERR_CANTCREATE, "cannot open '%s': %s", path, strerror(errno)) : NR_OK;
    }
    out->path = strdup(path);
    if (!out->path || asprintf(&out->temporary, "%s.tmp-XXXXXX", path) < 0) {
        out->temporary = NULL;
        return nr_fail_nomem(err, path);
    }
    out->fd = mkostemp(out->temporary, O_CLOEXEC);
    if (out->fd < 0) {
        int cause = errno;
        free(out->temporary);
        out->temporary = NULL;
        return nr_fail(err, NR_ERR_CANTCREATE, "cannot create '%s': %s", path, strerror(cause));
    }
    mode_t mask = umask(0);
    umask(mask);
    fchmod(out->fd, 0666 & ~mask); /* what open() would have given */
    return NR_OK;
}

enum nr_status nr_output_open(const char *path, struct nr_output **result, struct nr_error *err)
{
    bool standard = strcmp(path, "-") == 0;
    *result = NULL;
    struct nr_output *out = calloc(1, sizeof *out);
    if (!out)
        return nr_fail_nomem(err, path);
    out->fd = standard ? STDOUT_FILENO : -1;
    out->name = strdup(standard ? "standard output" : path);
    enum nr_status status = out->name ? NR_OK : nr_fail_nomem(err, path);
    if (!status && !standard)
        status = open_named(out, path, err);
    if (status) {
        output_free(out);
        return status;
    }
    *result = out;
    return NR_OK;
}

static enum nr_status write_all(struct nr_output *out, const char *data, size_t length, struct nr_error *err)
{
    while (length) {
        ssize_t written = write(out->fd, data, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return nr_fail(err, NR_ERR_IO, "cannot write '%s': %s", out->name, strerror(errno));
        data += written;
        length -= (size_t)written;
    }
    return NR_OK;
}

static enum nr_status flush(struct nr_output *out, struct nr_error *err)
{
    enum nr_status status = write_all(out, out->buffer, out->used, err);
    out->used = 0;
    return status;
}

enum nr_status nr_output_write(struct nr_output *out, const void *data, size_t length, struct nr_error *err)
{
    if (length > OUTPUT_BUFFER - out->used) {
        enum nr_status status = flush(out, err);
        if (status)
            return status;
    }
    if (length > OUTPUT_BUFFER)
        return write_all(out, data, length, err);
    memcpy(out->buffer + out->used, data, length);
    out->used += length;
    return NR_OK;
}

enum nr_status nr_output_commit(struct nr_output *out, struct nr_error *err)
{
    enum nr_status status = flush(out, err);
    if (!status && out->path && fsync(out->fd) != 0)
        status = nr_fail(err, NR_ERR_IO, "cannot write '%s': %s", out->name, strerror(errno));
    if (!status && out->path && rename(out->temporary, out->path) != 0)
        status = nr_fail(err, NR_ERR_CANTCREATE, "cannot create '%s': %s", out->name, strerror(errno));
    if (status) {
        nr_output_abandon(out);
        return status;
    }
    output_free(out);
    return NR_OK;
}

void nr_output_abandon(struct nr_output *out)
{
    if (!out)
        return;
    if (out->temporary)
        unlink(out->temporary);
    output_free(out);
}
