/* NumPy's array files. */
#include "support/support.h"

#include "nightreel/io.h"

static void what_cannot_be_written_is_named(void **state)
{
    float one = 1;
    struct nr_error err;
    (void)state;
    assert_int_equal(nr_npy_write("/nowhere/a.npy", &one, 1, 1, &err), NR_ERR_CANTCREATE);
    assert_int_equal(nr_npy_write(nr_scratch_path("a.npy"), &one, SIZE_MAX, 2, &err), NR_ERR_USAGE);
    assert_int_equal(nr_npy_write(nr_scratch_path("a.npy"), &one, SIZE_MAX / 4, 2, &err), NR_ERR_USAGE);
    assert_int_equal(nr_scratch_count(), 0);
}

static void the_header_is_version_1_0(void **state)
{
    const float values[] = {1, 2.5f, -3, 0, 1e-30f, 7};
    size_t length;
    const char *path = nr_scratch_path("a.npy");
    (void)state;
    assert_int_equal(nr_npy_write(path, values, 2, 3, NULL), NR_OK);
    char *bytes = nr_scratch_read(path, &length);
    assert_memory_equal(bytes, "\x93NUMPY\x01\x00", 8);
    size_t header = (size_t)(unsigned char)bytes[8] + 256 * (size_t)(unsigned char)bytes[9];
    assert_int_equal((10 + header) % 64, 0);
    assert_int_equal(length, 10 + header + sizeof values);
    assert_int_equal(bytes[10 + header - 1], '\n');
    assert_non_null(strstr(bytes + 10, "'descr': '<f4'"));
    assert_non_null(strstr(bytes + 10, "'fortran_order': False"));
    assert_non_null(strstr(bytes + 10, "'shape': (2, 3)"));
    assert_memory_equal(bytes + 10 + header, values, sizeof values);
    free(bytes);
    assert_int_equal(nr_npy_write(path, values, 0, 3, NULL), NR_OK);
    free(nr_scratch_read(path, &length));
    assert_int_equal(length, 10 + header);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_written_is_named),
        cmocka_unit_test(the_header_is_version_1_0),
    };
    return cmocka_run_group_tests(tests, nr_scratch_make, nr_scratch_remove);
}
