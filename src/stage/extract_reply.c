/* extract_reply.c - what comes back from a worker, taken apart. */
#include <stdlib.h>
#include <string.h>

#include "nightreel/io.h"
#include "stage/extract.h"

#include "core/banned.h"

/* The first line. False where its numbers do not make sense for `room` bytes. */
static bool read_head(const struct nr_json_doc *doc, size_t room, struct nr_extract_reply *out)
{
    const struct nr_json *root = nr_json_root(doc);
    double rows = nr_json_number(nr_json_get(root, "rows"));
    double columns = nr_json_number(nr_json_get(root, "columns"));
    double pictures = 0;
    size_t count;
    const double *lengths = nr_json_vector(doc, nr_json_get(root, "thumbnails"), &count);
    if (count > NR_THUMBNAILS_MAX)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!(lengths[i] > 0 && lengths[i] <= (double)room))
            return false;
        pictures += lengths[i];
        out->lengths[i] = (size_t)lengths[i];
    }
    if (!(rows >= 0 && columns >= 0 && rows * columns * sizeof(float) + pictures == (double)room))
        return false;
    out->thumbnails = count;
    out->rows = (size_t)rows;
    out->columns = (size_t)columns;
    out->pictures_length = (size_t)pictures;
    return true;
}

enum nr_status nr_extract_reply_split(const struct nr_work_result *result, struct nr_extract_reply *out,
                                      struct nr_error *err)
{
    const char *end = result->reply + result->length;
    const char *first = memchr(result->reply, '\n', result->length);
    const char *second = first ? memchr(first + 1, '\n', (size_t)(end - first - 1)) : NULL;
    struct nr_json_doc *doc = NULL;
    if (!second)
        return nr_fail(err, NR_ERR_DATA, "a worker's reply is malformed");
    enum nr_status status = nr_json_parse(result->reply, (size_t)(first - result->reply), &doc, err);
    if (status)
        return status;
    bool fits = read_head(doc, (size_t)(end - second - 1), out);
    nr_json_free(doc);
    out->record = first + 1;
    out->record_length = (size_t)(second - first - 1);
    out->floats = second + 1;
    out->pictures = end - out->pictures_length;
    return fits ? NR_OK : nr_fail(err, NR_ERR_DATA, "a worker's reply is malformed");
}

enum nr_status nr_extract_reply_rows(const char *path, const struct nr_extract_reply *reply, struct nr_error *err)
{
    size_t count = reply->rows * reply->columns;
    float *rows = malloc((count + 1) * sizeof *rows); /* for the alignment */
    if (!rows)
        return nr_fail_nomem(err, "rows per frame");
    memcpy(rows, reply->floats, count * sizeof *rows);
    enum nr_status status = nr_npy_write(path, rows, reply->rows, reply->columns, err);
    free(rows);
    return status;
}
