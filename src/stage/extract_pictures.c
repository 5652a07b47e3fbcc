/* extract_pictures.c - key pictures as JPEG: made by the worker, written by the parent
 * under the digest of their bytes, so that no name comes from a catalogue or a worker. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nightreel/io.h"
#include "stage/extract.h"

#include "core/banned.h"

enum { NAME_DIGITS = 32 };

enum nr_status nr_extract_pictures_encode(const struct nr_key_picture *pictures, size_t count, struct nr_item *item,
                                          struct nr_extract_pictures *out, struct nr_error *err)
{
    struct nr_visual *visual = item->visual;
    visual->thumbnails = nr_arena_alloc(&item->mem, count + 1, sizeof *visual->thumbnails);
    if (!visual->thumbnails)
        return nr_fail_nomem(err, "thumbnails");
    for (size_t i = 0; i < count; i++) {
        const struct nr_key_picture *one = &pictures[i];
        size_t start = out->bytes.length;
        enum nr_status status = nr_jpeg_encode(one->bgr, one->width, one->height, &out->bytes, err);
        if (status)
            return status;
        visual->thumbnails[i] = (struct nr_thumbnail){one->time, ""};
        out->lengths[i] = out->bytes.length - start;
    }
    out->count = visual->thumbnail_count = count;
    return NR_OK;
}

static enum nr_status name_picture(const void *jpeg, size_t length, struct nr_arena *mem, const char **name,
                                   struct nr_error *err)
{
    char digest[NR_DIGEST_HEX];
    enum nr_status status = nr_digest_bytes(jpeg, length, digest, err);
    if (status)
        return status;
    *name = nr_arena_printf(mem, "%.*s.jpg", NAME_DIGITS, digest);
    return *name ? NR_OK : nr_fail_nomem(err, "thumbnails");
}

static enum nr_status write_new(const char *folder, const char *name, const char *jpeg, size_t length,
                                struct nr_error *err)
{
    struct nr_buf path = {0}, bytes = {0};
    nr_buf_printf(&path, "%s/%s", folder, name);
    enum nr_status status = nr_buf_status(&path, err);
    if (!status && access(path.data, F_OK) != 0) {
        nr_buf_append(&bytes, jpeg, length);
        status = nr_file_write(path.data, &bytes, err);
    }
    nr_buf_release(&path);
    nr_buf_release(&bytes);
    return status;
}

enum nr_status nr_extract_pictures_write(const char *folder, struct nr_item *item, const char *bytes, size_t length,
                                         const size_t lengths[NR_THUMBNAILS_MAX], size_t count, struct nr_error *err)
{
    struct nr_visual *visual = item->visual;
    if (count > 0 && mkdir(folder, 0777) != 0 && errno != EEXIST)
        return nr_fail(err, NR_ERR_CANTCREATE, "cannot create the folder '%s': %m", folder);
    if (count != (visual ? visual->thumbnail_count : 0))
        return nr_fail(err, NR_ERR_DATA, "a worker's reply is malformed");
    for (size_t i = 0; i < count; i++) {
        if (lengths[i] > length)
            return nr_fail(err, NR_ERR_DATA, "a worker's reply is malformed");
        const char **name = &visual->thumbnails[i].file;
        enum nr_status status = name_picture(bytes, lengths[i], &item->mem, name, err);
        if (!status)
            status = write_new(folder, *name, bytes, lengths[i], err);
        if (status)
            return status;
        bytes += lengths[i];
        length -= lengths[i];
    }
    return NR_OK;
}
