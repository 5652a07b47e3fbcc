/* npy.c - NumPy's array file, format version 1.0
 * (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html). */
#include <stdio.h>
#include <string.h>

#include "nightreel/io.h"

#include "core/banned.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "values are written as they lie in memory");

enum { HEADER_BYTES = 128, MAGIC_BYTES = 10 };

/* Magic, version, header length, then the description padded to 128 bytes in all. */
static void make_header(char header[HEADER_BYTES], size_t rows, size_t columns)
{
    static const char magic[] = "\x93NUMPY\x01";
    memset(header, ' ', HEADER_BYTES);
    memcpy(header, magic, sizeof magic); /* with its NUL: minor version 0 */
    header[8] = HEADER_BYTES - MAGIC_BYTES;
    header[9] = 0;
    int used = snprintf(header + MAGIC_BYTES, HEADER_BYTES - MAGIC_BYTES,
                        "{'descr': '<f4', 'fortran_order': False, 'shape': (%zu, %zu), }", rows, columns);
    header[MAGIC_BYTES + used] = ' '; /* instead of snprintf's NUL */
    header[HEADER_BYTES - 1] = '\n';
}

enum nr_status nr_npy_write(const char *path, const float *values, size_t rows, size_t columns, struct nr_error *err)
{
    char header[HEADER_BYTES];
    size_t count, bytes;
    struct nr_output *out;
    if (!nr_size_mul(rows, columns, &count) || !nr_size_mul(count, sizeof *values, &bytes))
        return nr_fail(err, NR_ERR_USAGE, "an array of %zu x %zu is too large for '%s'", rows, columns, path);
    make_header(header, rows, columns);
    enum nr_status status = nr_output_open(path, &out, err);
    if (status)
        return status;
    status = nr_output_write(out, header, sizeof header, err);
    if (!status && bytes)
        status = nr_output_write(out, values, bytes, err);
    if (!status)
        return nr_output_commit(out, err);
    nr_output_abandon(out);
    return status;
}
