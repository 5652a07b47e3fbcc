/* JSON: what is refused, what is read, vectors, and writing. */
#include "support/support.h"

#include <math.h>

#include "nightreel/io.h"

static enum nr_status parse(const char *text, struct nr_json_doc **doc, struct nr_error *err)
{
    return nr_json_parse(text, strlen(text), doc, err);
}

static void malformed_text_is_refused_with_its_place(void **state)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"", "malformed JSON at byte 1: a value is expected here"},
        {"  ", "malformed JSON at byte 3: a value is expected here"},
        {"nul", "malformed JSON at byte 1: a value is expected here"},
        {"01", "malformed JSON at byte 1: a value is expected here"},
        {"+1", "malformed JSON at byte 1: a value is expected here"},
        {"1.", "malformed JSON at byte 1: a value is expected here"},
        {".5", "malformed JSON at byte 1: a value is expected here"},
        {"1e", "malformed JSON at byte 1: a value is expected here"},
        {"-", "malformed JSON at byte 1: a value is expected here"},
        {"NaN", "malformed JSON at byte 1: a value is expected here"},
        {"Infinity", "malformed JSON at byte 1: a value is expected here"},
        {"1 2", "malformed JSON at byte 3: more text after the document's end"},
        {"[1,]", "malformed JSON at byte 4: a value is expected here"},
        {"[1 2]", "malformed JSON at byte 4: ',' or ']' is expected here"},
        {"[1,2", "malformed JSON at byte 5: ',' or ']' is expected here"},
        {"[,]", "malformed JSON at byte 2: a value is expected here"},
        {"{\"a\":1,}", "malformed JSON at byte 8: a key in double quotes is expected here"},
        {"{a:1}", "malformed JSON at byte 2: a key in double quotes is expected here"},
        {"{\"a\" 1}", "malformed JSON at byte 6: ':' is expected here"},
        {"{\"a\":1", "malformed JSON at byte 7: ',' or '}' is expected here"},
        {"\"abc", "malformed JSON at byte 1: the string does not end"},
        {"\"a\nb\"", "malformed JSON at byte 3: a control character in a string"},
        {"\"\\x\"", "malformed JSON at byte 2: a bad escape in a string"},
        {"\"\\u12\"", "malformed JSON at byte 2: a bad escape in a string"},
        {"\"\\u0000\"", "malformed JSON at byte 2: a bad escape in a string"},
        {"\"\\ud800\"", "malformed JSON at byte 2: a bad escape in a string"},
        {"\"\\udc00\\ud800\"", "malformed JSON at byte 2: a bad escape in a string"},
        {"\"\\ud800\\u0041\"", "malformed JSON at byte 2: a bad escape in a string"},
        {"\"\xff\"", "malformed JSON at byte 1: the string is not valid UTF-8"},
        {"\"\xed\xa0\x80\"", "malformed JSON at byte 1: the string is not valid UTF-8"},
        {"{\"a\":1,\"b\":2,\"a\":3}", "malformed JSON: the key 'a' stands twice in one object"},
        {"{\"a\":1,\"\\u0061\":3}", "malformed JSON: the key 'a' stands twice in one object"},
    };
    (void)state;
    for (size_t i = 0; i < NR_COUNT(cases); i++) {
        struct nr_json_doc *doc = NULL;
        struct nr_error err = {""};
        assert_int_equal(parse(cases[i].text, &doc, &err), NR_ERR_DATA);
        assert_null(doc);
        assert_string_equal(err.text, cases[i].message);
    }
}

static void a_nul_byte_is_no_json(void **state)
{
    struct nr_json_doc *doc;
    (void)state;
    assert_int_equal(nr_json_parse("1\0", 2, &doc, NULL), NR_ERR_DATA);
    assert_int_equal(nr_json_parse("\"a\0b\"", 5, &doc, NULL), NR_ERR_DATA);
    assert_int_equal(nr_json_parse("[1,\0002]", 6, &doc, NULL), NR_ERR_DATA);
}

/* Infinity is what stands for a vector inside, so no number may be read as one. */
static void numbers_beyond_a_double_are_refused(void **state)
{
    static const char *const bad[] = {"1e999", "-1e999", "[1e999]", "{\"a\":[1,1e400]}", "[\"x\",1e999]"};
    char digits[400];
    struct nr_json_doc *doc;
    struct nr_error err;
    (void)state;
    for (size_t i = 0; i < NR_COUNT(bad); i++) {
        assert_int_equal(parse(bad[i], &doc, &err), NR_ERR_DATA);
        assert_non_null(strstr(err.text, "too large"));
    }
    memset(digits, '9', sizeof digits);
    assert_int_equal(nr_json_parse(digits, sizeof digits, &doc, &err), NR_ERR_DATA);
    assert_int_equal(parse("1.7976931348623157e308", &doc, &err), NR_OK);
    assert_true(nr_json_number(nr_json_root(doc)) == 1.7976931348623157e308);
    nr_json_free(doc);
}

static enum nr_status parse_nested(size_t depth, const char *open, const char *close, struct nr_error *err)
{
    struct nr_buf text = {0};
    struct nr_json_doc *doc;
    for (size_t i = 0; i < depth; i++)
        nr_buf_puts(&text, open);
    nr_buf_puts(&text, "\"x\"");
    for (size_t i = 0; i < depth; i++)
        nr_buf_puts(&text, close);
    enum nr_status status = nr_json_parse(text.data, text.length, &doc, err);
    nr_json_free(doc);
    nr_buf_release(&text);
    return status;
}

static void nesting_ends_at_64_levels(void **state)
{
    struct nr_error err;
    (void)state;
    assert_int_equal(parse_nested(64, "[", "]", &err), NR_OK);
    assert_int_equal(parse_nested(64, "{\"a\":", "}", &err), NR_OK);
    assert_int_equal(parse_nested(65, "[", "]", &err), NR_ERR_DATA);
    assert_int_equal(parse_nested(65, "{\"a\":", "}", &err), NR_ERR_DATA);
    assert_int_equal(parse_nested(1000000, "[", "", &err), NR_ERR_DATA);
    assert_non_null(strstr(err.text, "more than 64 levels deep"));
}

/* A few bytes of text must not become gigabytes of nodes. */
static void the_number_of_nodes_is_bounded(void **state)
{
    struct nr_buf text = {0};
    struct nr_json_doc *doc;
    struct nr_error err;
    (void)state;
    nr_buf_puts(&text, "[\"\"");
    for (size_t i = 0; i <= (size_t)4 << 20; i++)
        nr_buf_puts(&text, ",0");
    nr_buf_puts(&text, "]");
    assert_int_equal(nr_json_parse(text.data, text.length, &doc, &err), NR_ERR_DATA);
    assert_non_null(strstr(err.text, "too many values"));
    nr_buf_release(&text);
}

static void getters_take_null_and_other_types(void **state)
{
    struct nr_json_doc *doc;
    size_t length = 7;
    (void)state;
    assert_int_equal(parse("{\"a\":\"x\"}", &doc, NULL), NR_OK);
    const struct nr_json *root = nr_json_root(doc), *a = nr_json_get(root, "a");
    assert_null(nr_json_get(root, "A"));
    assert_null(nr_json_get(a, "a"));
    assert_null(nr_json_get(NULL, "a"));
    assert_null(nr_json_string(root));
    assert_null(nr_json_string(NULL));
    assert_true(isnan(nr_json_number(a)));
    assert_false(nr_json_bool(a));
    assert_null(nr_json_first(a));
    assert_null(nr_json_next(NULL));
    assert_null(nr_json_key(NULL));
    assert_int_equal(nr_json_size(NULL), 0);
    assert_null(nr_json_vector(doc, a, &length));
    assert_int_equal(length, 0);
    assert_int_equal(nr_json_type(NULL), NR_JSON_NULL);
    assert_null(nr_json_root(NULL));
    nr_json_free(doc);
    nr_json_free(NULL);
}

static void arrays_of_numbers_are_vectors_wherever_they_stand(void **state)
{
    const char *text = "\xEF\xBB\xBF{\"a\":[1, -2.5e1 ,3],\"b\":[[4],[],[5,\"x\"],[6,null]],\"c\":[ ],\"d\":1}";
    struct nr_json_doc *doc;
    size_t length;
    (void)state;
    assert_int_equal(parse(text, &doc, NULL), NR_OK);
    const struct nr_json *root = nr_json_root(doc);
    const double *a = nr_json_vector(doc, nr_json_get(root, "a"), &length);
    assert_int_equal(length, 3);
    assert_true(a[0] == 1 && a[1] == -25 && a[2] == 3);
    const struct nr_json *b = nr_json_get(root, "b"), *element = nr_json_first(b);
    assert_int_equal(nr_json_type(b), NR_JSON_ARRAY);
    assert_int_equal(nr_json_size(b), 4);
    assert_true(*nr_json_vector(doc, element, &length) == 4 && length == 1);
    element = nr_json_next(element);
    assert_int_equal(nr_json_type(element), NR_JSON_VECTOR);
    assert_non_null(nr_json_vector(doc, element, &length));
    assert_int_equal(length, 0);
    element = nr_json_next(element);
    assert_int_equal(nr_json_type(element), NR_JSON_ARRAY);
    assert_true(nr_json_number(nr_json_first(element)) == 5);
    assert_int_equal(nr_json_type(nr_json_next(element)), NR_JSON_ARRAY);
    assert_int_equal(nr_json_type(nr_json_get(root, "c")), NR_JSON_VECTOR);
    assert_true(nr_json_number(nr_json_get(root, "d")) == 1);
    nr_json_free(doc);
}

static void strings_are_decoded(void **state)
{
    struct nr_json_doc *doc;
    (void)state;
    assert_int_equal(parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u4e2d\\ud83d\\uDE00\\u00e9\\u001f科\"", &doc, NULL), NR_OK);
    assert_string_equal(nr_json_string(nr_json_root(doc)), "\"\\/\b\f\n\r\t中😀é\x1f科");
    nr_json_free(doc);
}

static void writers_set_commas_and_escapes(void **state)
{
    const float floats[] = {0.1f, -3, NAN, 1e-30f};
    const char *words[] = {"a", NULL, "\"\\\n\x01\x7f"};
    struct nr_strings list = {words, 3};
    struct nr_buf out = {0};
    (void)state;
    nr_json_open(&out, '{');
    nr_json_put_key(&out, "a,");
    nr_json_put_double(&out, 0.1);
    nr_json_put_key(&out, "b[");
    nr_json_open(&out, '[');
    nr_json_put_int(&out, INT64_MIN);
    nr_json_put_bool(&out, true);
    nr_json_put_string(&out, "中\xff\xe4\xb8");
    nr_json_put_double(&out, INFINITY);
    nr_json_open(&out, '{');
    nr_json_close(&out, '}');
    nr_json_put_floats(&out, NULL, 0);
    nr_json_close(&out, ']');
    nr_json_put_key(&out, "");
    nr_json_put_floats(&out, floats, 4);
    nr_json_put_key(&out, "s");
    nr_json_put_strings(&out, &list);
    nr_json_close(&out, '}');
    nr_buf_putc(&out, '\n');
    nr_json_put_int(&out, 1);
    assert_int_equal(nr_buf_status(&out, NULL), NR_OK);
    assert_string_equal(out.data,
                        "{\"a,\":0.1,\"b[\":[-9223372036854775808,true,\"中\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\","
                        "null,{},[]],\"\":[0.100000001,-3,null,1e-30],"
                        "\"s\":[\"a\",null,\"\\\"\\\\\\n\\u0001\x7f\"]}\n1");
    nr_buf_release(&out);
}

static void vectors_come_back_bit_for_bit(void **state)
{
    enum { COUNT = 20000 };
    struct nr_random random = {1};
    struct nr_buf out = {0};
    struct nr_json_doc *doc;
    float *values = calloc(COUNT, sizeof *values);
    size_t length;
    (void)state;
    assert_non_null(values);
    for (size_t i = 0; i < COUNT; i++)
        values[i] = nr_random_float(&random);
    nr_json_put_floats(&out, values, COUNT);
    assert_int_equal(nr_json_parse(out.data, out.length, &doc, NULL), NR_OK);
    const double *back = nr_json_vector(doc, nr_json_root(doc), &length);
    assert_int_equal(length, COUNT);
    for (size_t i = 0; i < COUNT; i++)
        assert_true((float)back[i] == values[i]);
    nr_json_free(doc);
    nr_buf_release(&out);
    free(values);
}

/* The vectors' own codec against the C library, over the whole range of floats and
 * around the edges of its exact part. */
static void vectors_are_the_bytes_and_bits_of_the_c_library(void **state)
{
    struct nr_buf out = {0};
    (void)state;
    for (uint32_t bits = 1; bits < UINT32_C(0x7F800000); bits += 40009) {
        char expected[NR_NUMBER_MAX];
        struct nr_json_doc *doc;
        double number;
        size_t length;
        float value;
        memcpy(&value, &bits, sizeof value);
        value = bits & 1 ? value : -value;
        nr_buf_clear(&out);
        nr_json_put_floats(&out, &value, 1);
        size_t count = nr_format_float(expected, value);
        assert_int_equal(out.length, count + 2);
        assert_memory_equal(out.data + 1, expected, count);
        assert_int_equal(nr_json_parse(out.data, out.length, &doc, NULL), NR_OK);
        assert_true(nr_parse_double(expected, count, &number));
        assert_true(*nr_json_vector(doc, nr_json_root(doc), &length) == number);
        nr_json_free(doc);
    }
    nr_buf_release(&out);
}

static void doubles_in_vectors_come_back_bit_for_bit(void **state)
{
    static const char *const edges[] = {"9007199254740993",
                                        "900000000000000",
                                        "9e22",
                                        "1e23",
                                        "1e-22",
                                        "123456789012345678",
                                        "4.9406564584124654e-324",
                                        "0.1e-1",
                                        "-0.0",
                                        "1E+2",
                                        "0e5",
                                        "17976931348623157e292",
                                        "2.2250738585072011e-308",
                                        "0.000000000000001",
                                        "5e-23",
                                        "1e0",
                                        "10000000000000000000000"};
    struct nr_random random = {9};
    struct nr_buf out = {0};
    (void)state;
    for (size_t i = 0; i < 20000; i++) {
        struct nr_json_doc *doc;
        double expected;
        size_t length;
        nr_buf_clear(&out);
        nr_buf_putc(&out, '[');
        if (i < NR_COUNT(edges))
            nr_buf_puts(&out, edges[i]);
        else
            nr_buf_double(&out, i & 1 ? nr_random_double(&random) : (double)nr_random_below(&random, 1 << 30) / 1e7);
        assert_true(nr_parse_double(out.data + 1, out.length - 1, &expected));
        nr_buf_putc(&out, ']');
        assert_int_equal(nr_json_parse(out.data, out.length, &doc, NULL), NR_OK);
        assert_true(*nr_json_vector(doc, nr_json_root(doc), &length) == expected);
        nr_json_free(doc);
    }
    nr_buf_release(&out);
}

/* Damaged text is refused or read, never more: valgrind and the sanitizers look on. */
static void damaged_text_never_crashes(void **state)
{
    static const char sample[] =
        "{\"a\":[1,2.5,-3e2],\"b\":{\"c\":[\"x\\u4e2d\",null,true]},\"d\":[[1],[]],\"e\":-0.5e-3}";
    struct nr_random random = {2};
    char text[sizeof sample];
    (void)state;
    for (int i = 0; i < 6000; i++) {
        struct nr_json_doc *doc = NULL;
        size_t length = 1 + nr_random_below(&random, sizeof sample - 1);
        memcpy(text, sample, sizeof sample);
        for (size_t k = nr_random_below(&random, 4); k > 0; k--)
            text[nr_random_below(&random, length)] = "{}[]\",:019.eE-\\u\0\x80\xff\n "[nr_random_below(&random, 21)];
        enum nr_status status = nr_json_parse(text, length, &doc, NULL);
        assert_true(status == NR_OK || status == NR_ERR_DATA);
        nr_json_free(doc);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(malformed_text_is_refused_with_its_place),
        cmocka_unit_test(a_nul_byte_is_no_json),
        cmocka_unit_test(numbers_beyond_a_double_are_refused),
        cmocka_unit_test(nesting_ends_at_64_levels),
        cmocka_unit_test(the_number_of_nodes_is_bounded),
        cmocka_unit_test(getters_take_null_and_other_types),
        cmocka_unit_test(arrays_of_numbers_are_vectors_wherever_they_stand),
        cmocka_unit_test(strings_are_decoded),
        cmocka_unit_test(writers_set_commas_and_escapes),
        cmocka_unit_test(vectors_come_back_bit_for_bit),
        cmocka_unit_test(vectors_are_the_bytes_and_bits_of_the_c_library),
        cmocka_unit_test(doubles_in_vectors_come_back_bit_for_bit),
        cmocka_unit_test(damaged_text_never_crashes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
