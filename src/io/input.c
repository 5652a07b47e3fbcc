/* input.c - files and standard input, plain or compressed (told by the magic bytes). */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zlib.h>
#include <zstd.h>

#include "nightreel/io.h"

#include "core/banned.h"

enum { RAW_BYTES = 1 << 16, TEXT_BYTES = 1 << 16, MAGIC_BYTES = 4 };

enum compression { PLAIN, GZIP, ZSTD };

struct nr_input {
    char *name;
    int fd;
    enum compression compression;
    z_stream gzip;
    ZSTD_DStream *zstd;
    bool raw_end;     /* the descriptor has no more */
    bool member_open; /* in the middle of a compressed member: an end here is a cut */
    bool member_done; /* at least one member is whole: zeros may pad the file behind it */
    size_t raw_used, raw_filled;
    unsigned char raw[RAW_BYTES];
    /* nr_input_line */
    struct nr_buf line;
    size_t text_used, text_filled, line_number;
    char text[TEXT_BYTES];
};

static enum nr_status fill_raw(struct nr_input *in, struct nr_error *err)
{
    if (in->raw_used > 0) {
        memmove(in->raw, in->raw + in->raw_used, in->raw_filled - in->raw_used);
        in->raw_filled -= in->raw_used;
        in->raw_used = 0;
    }
    while (!in->raw_end && in->raw_filled < RAW_BYTES) {
        ssize_t got = read(in->fd, in->raw + in->raw_filled, RAW_BYTES - in->raw_filled);
        if (got < 0 && errno == EINTR && !nr_interrupted())
            continue;
        if (got < 0)
            return nr_fail(err, nr_interrupted() ? NR_ERR_INTERRUPTED : NR_ERR_IO, "cannot read '%s': %s", in->name,
                           strerror(errno));
        in->raw_end = got == 0;
        in->raw_filled += (size_t)got;
        if (got > 0 && in->raw_filled >= MAGIC_BYTES)
            break;
    }
    return NR_OK;
}

/* A frame, or one to be skipped (0x184D2A50 to 5F), which parallel writers put first. */
static bool is_zstd(const struct nr_input *in)
{
    return in->raw_filled >= MAGIC_BYTES &&
           (memcmp(in->raw, "\x28\xb5\x2f\xfd", MAGIC_BYTES) == 0 ||
            ((in->raw[0] & 0xf0) == 0x50 && memcmp(in->raw + 1, "\x2a\x4d\x18", 3) == 0));
}

static enum nr_status detect(struct nr_input *in, struct nr_error *err)
{
    enum { GZIP_WINDOW = 15 + 16 };
    enum nr_status status = fill_raw(in, err);
    if (status)
        return status;
    if (in->raw_filled >= 2 && memcmp(in->raw, "\x1f\x8b", 2) == 0) {
        in->compression = GZIP;
        if (inflateInit2(&in->gzip, GZIP_WINDOW) != Z_OK)
            return nr_fail_nomem(err, in->name);
    } else if (is_zstd(in)) {
        in->compression = ZSTD;
        in->zstd = ZSTD_createDStream();
        if (!in->zstd || ZSTD_isError(ZSTD_initDStream(in->zstd)))
            return nr_fail_nomem(err, in->name);
    }
    return NR_OK;
}

static enum nr_status open_path(struct nr_input *in, const char *path, struct nr_error *err)
{
    struct stat info;
    if (strcmp(path, "-") == 0) {
        in->fd = STDIN_FILENO;
        in->name = strdup("standard input");
        return in->name ? NR_OK : nr_fail_nomem(err, path);
    }
    in->name = strdup(path);
    in->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (!in->name)
        return nr_fail_nomem(err, path);
    if (in->fd < 0)
        return nr_fail(err, NR_ERR_NOINPUT, "cannot open '%s': %s", path, strerror(errno));
    if (fstat(in->fd, &info) == 0 && S_ISDIR(info.st_mode))
        return nr_fail(err, NR_ERR_NOINPUT, "cannot open '%s': %s", path, strerror(EISDIR));
    return NR_OK;
}

enum nr_status nr_input_open(const char *path, struct nr_input **out, struct nr_error *err)
{
    *out = NULL;
    struct nr_input *in = calloc(1, sizeof *in);
    if (!in)
        return nr_fail_nomem(err, path);
    in->fd = -1;
    in->line.max = NR_LINE_MAX;
    enum nr_status status = open_path(in, path, err);
    if (!status)
        status = detect(in, err);
    if (status) {
        nr_input_close(in);
        return status;
    }
    *out = in;
    return NR_OK;
}

static size_t read_plain(struct nr_input *in, void *data, size_t size)
{
    size_t got = in->raw_filled - in->raw_used;
    if (got > size)
        got = size;
    memcpy(data, in->raw + in->raw_used, got);
    in->raw_used += got;
    return got;
}

/* Tapes and block devices pad with zeros; gzip itself skips them. */
static void skip_padding(struct nr_input *in)
{
    while (in->member_done && !in->member_open && in->raw_used < in->raw_filled && in->raw[in->raw_used] == 0)
        in->raw_used++;
}

static enum nr_status read_gzip(struct nr_input *in, void *data, size_t size, size_t *got, struct nr_error *err)
{
    skip_padding(in);
    if (in->raw_used == in->raw_filled && !in->member_open)
        return NR_OK;
    in->gzip.next_in = in->raw + in->raw_used;
    in->gzip.avail_in = (uInt)(in->raw_filled - in->raw_used);
    in->gzip.next_out = data;
    in->gzip.avail_out = (uInt)(size > RAW_BYTES ? RAW_BYTES : size);
    uInt room = in->gzip.avail_out;
    int code = inflate(&in->gzip, Z_NO_FLUSH);
    in->raw_used = in->raw_filled - in->gzip.avail_in;
    *got = room - in->gzip.avail_out;
    in->member_open = code != Z_STREAM_END;
    in->member_done |= code == Z_STREAM_END;
    if (code == Z_STREAM_END)
        code = inflateReset(&in->gzip); /* another member may follow */
    if (code == Z_OK || code == Z_BUF_ERROR)
        return NR_OK;
    return nr_fail(err, NR_ERR_IO, "cannot decompress '%s': %s", in->name, in->gzip.msg ? in->gzip.msg : "damaged");
}

static enum nr_status read_zstd(struct nr_input *in, void *data, size_t size, size_t *got, struct nr_error *err)
{
    ZSTD_inBuffer source = {in->raw, in->raw_filled, in->raw_used};
    ZSTD_outBuffer target = {data, size, 0};
    size_t code = ZSTD_decompressStream(in->zstd, &target, &source);
    in->raw_used = source.pos;
    *got = target.pos;
    in->member_open = code != 0;
    if (ZSTD_isError(code))
        return nr_fail(err, NR_ERR_IO, "cannot decompress '%s': %s", in->name, ZSTD_getErrorName(code));
    return NR_OK;
}

enum nr_status nr_input_read(struct nr_input *in, void *data, size_t size, size_t *got, struct nr_error *err)
{
    *got = 0;
    while (*got == 0 && size > 0) {
        enum nr_status status = NR_OK;
        bool dry = in->raw_used == in->raw_filled;
        if (dry && !in->raw_end)
            status = fill_raw(in, err);
        dry = in->raw_used == in->raw_filled;
        if (!status && dry && (in->compression == PLAIN || !in->member_open))
            return NR_OK;
        if (!status && in->compression == GZIP)
            status = read_gzip(in, data, size, got, err);
        else if (!status && in->compression == ZSTD)
            status = read_zstd(in, data, size, got, err);
        else if (!status)
            *got = read_plain(in, data, size);
        if (status)
            return status;
        if (*got == 0 && dry && in->raw_end && in->member_open)
            return nr_fail(err, NR_ERR_IO, "cannot decompress '%s': it ends in the middle", in->name);
    }
    return NR_OK;
}

/* Moves text up to and without the next newline into in->line; *whole tells that
 * the newline was seen. */
static void take_text(struct nr_input *in, bool *whole)
{
    const char *from = in->text + in->text_used;
    size_t left = in->text_filled - in->text_used;
    const char *newline = memchr(from, '\n', left);
    size_t taken = newline ? (size_t)(newline - from) : left;
    nr_buf_append(&in->line, from, taken);
    in->text_used += taken + (newline != NULL);
    *whole = newline != NULL;
}

enum nr_status nr_input_line(struct nr_input *in, const char **line, size_t *length, struct nr_error *err)
{
    bool whole = false, any = false;
    nr_buf_clear(&in->line);
    while (!whole) {
        if (in->text_used == in->text_filled) {
            in->text_used = 0;
            enum nr_status status = nr_input_read(in, in->text, sizeof in->text, &in->text_filled, err);
            if (status)
                return status;
            if (in->text_filled == 0)
                break;
        }
        any = true;
        take_text(in, &whole);
        if (in->line.failed)
            return nr_fail(err, NR_ERR_DATA, "%s:%zu: a line of more than %zu bytes", in->name, in->line_number + 1,
                           NR_LINE_MAX);
    }
    if (!any)
        return NR_END;
    if (in->line.length && in->line.data[in->line.length - 1] == '\r')
        in->line.data[--in->line.length] = '\0';
    in->line_number++;
    *line = in->line.data ? in->line.data : "";
    *length = in->line.length;
    return NR_OK;
}

size_t nr_input_line_number(const struct nr_input *in)
{
    return in->line_number;
}

const char *nr_input_name(const struct nr_input *in)
{
    return in->name;
}

void nr_input_close(struct nr_input *in)
{
    if (!in)
        return;
    if (in->compression == GZIP)
        inflateEnd(&in->gzip);
    ZSTD_freeDStream(in->zstd);
    if (in->fd > STDERR_FILENO)
        close(in->fd);
    nr_buf_release(&in->line);
    free(in->name);
    free(in);
}

enum nr_status nr_file_read(const char *path, size_t max, char **out, size_t *length, struct nr_error *err)
{
    struct nr_input *in;
    struct nr_buf all = {.max = max};
    char block[4096];
    size_t got = 1;
    *out = NULL;
    enum nr_status status = nr_input_open(path, &in, err);
    if (status)
        return status;
    while (!status && got) {
        status = nr_input_read(in, block, sizeof block, &got, err);
        if (!status)
            nr_buf_append(&all, block, got);
        if (!status && all.failed)
            status = nr_fail(err, NR_ERR_DATA, "'%s' is larger than %zu bytes", in->name, max);
    }
    nr_input_close(in);
    if (!status) {
        *length = all.length;
        *out = nr_buf_detach(&all);
        if (!*out)
            status = nr_fail_nomem(err, path);
    }
    nr_buf_release(&all);
    return status;
}
