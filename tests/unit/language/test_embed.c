/* test_embed.c - embeddings by an endpoint that answers well, badly or not at all, and
 * the settings of a model. */
#include <math.h>

#include "support/http_server.h"
#include "support/support.h"

#include "nightreel/io.h"
#include "nightreel/language_embed.h"

enum answer { GOOD, BACKWARDS, SHORT_VECTOR, TOO_FEW, HTML, REFUSED, NO_KEY, INFINITE, HUNG_UP };

struct script {
    enum answer answer;
    size_t posts, inputs; /* so far */
    size_t most_inputs;   /* in one request */
    size_t longest;       /* bytes of an input */
    char first[256];      /* of the last request's inputs */
    struct nr_buf body;
};

/* A text's vector: (1, its length, 0), so that means can be told. */
static void put_vector(struct nr_buf *out, const char *text, size_t index, enum answer answer)
{
    nr_json_open(out, '{');
    nr_json_put_key(out, "index");
    nr_json_put_int(out, (int64_t)index);
    nr_json_put_key(out, "embedding");
    nr_buf_printf(out, answer == SHORT_VECTOR && strcmp(text, "nightreel") != 0 ? "[1,%zu]" : "[1,%zu,%s]",
                  strlen(text), answer == INFINITE ? "1e300" : "0");
    nr_json_close(out, '}');
}

static void answer_inputs(struct script *s, const struct nr_json *inputs)
{
    const char *texts[256];
    size_t count = 0;
    for (const struct nr_json *at = nr_json_first(inputs); at && count < 256; at = nr_json_next(at))
        texts[count++] = nr_json_string(at);
    s->inputs += count;
    s->most_inputs = count > s->most_inputs ? count : s->most_inputs;
    snprintf(s->first, sizeof s->first, "%s", count ? texts[0] : "");
    nr_json_open(&s->body, '{');
    nr_json_put_key(&s->body, "data");
    nr_json_open(&s->body, '[');
    for (size_t i = 0; i < count - (s->answer == TOO_FEW && count > 1); i++) {
        size_t which = s->answer == BACKWARDS ? count - 1 - i : i;
        s->longest = strlen(texts[which]) > s->longest ? strlen(texts[which]) : s->longest;
        put_vector(&s->body, texts[which], which, s->answer);
    }
    nr_json_close(&s->body, ']');
    nr_json_close(&s->body, '}');
}

static void handle(void *ctx, const struct nr_http_received *request, struct nr_http_answer *answer)
{
    struct script *s = ctx;
    struct nr_json_doc *doc = NULL;
    struct nr_error err;
    if (strcmp(request->path, "/v1/models") == 0) {
        answer->code = s->answer == NO_KEY ? 401 : 200;
        answer->body = "{\"data\":[{\"id\":\"some-e5\"}]}";
        return;
    }
    bool probe = s->posts++ == 0;
    nr_buf_clear(&s->body);
    answer->code = s->answer == REFUSED && !probe ? 503 : 200;
    answer->hang_up = s->answer == HUNG_UP && !probe;
    answer->body = "<html>";
    if (strcmp(request->path, "/v1/embeddings") != 0 || (s->answer == HTML && !probe))
        return;
    if (nr_json_parse(request->body, strlen(request->body), &doc, &err) == NR_OK)
        answer_inputs(s, nr_json_get(nr_json_root(doc), "input"));
    nr_json_free(doc);
    answer->body = s->body.data;
}

static enum nr_status open_at(const char *url, const char *ini, struct nr_embedder **out, struct nr_error *err)
{
    struct nr_embed_params params;
    struct nr_embed_plan plan;
    nr_embed_params_default(&params);
    params.model = url;
    params.ini = ini;
    params.timeout = 5;
    *out = NULL;
    enum nr_status status = nr_embed_plan_make(&params, &plan, err);
    if (!status)
        status = nr_embedder_open(&plan, 1, out, err);
    nr_embed_plan_release(&plan);
    return status;
}

/* The direction of (1, n, 0). */
static void assert_length(const float *vector, double n)
{
    assert_float_equal(vector[0], 1 / sqrt(1 + n * n), 1e-6);
    assert_float_equal(vector[1], n / sqrt(1 + n * n), 1e-6);
    assert_float_equal(vector[2], 0, 0);
}

static void check_good(enum answer answer)
{
    struct script s = {.answer = answer};
    struct nr_http_server *server = nr_http_server_start(handle, &s);
    struct nr_embedder *embedder;
    struct nr_error err;
    float out[4 * 3];
    bool present[4];
    const struct nr_document documents[] = {{"a", NULL}, {" \n", NULL}, {"ab", "abcd"}, {"", "abc"}};
    assert_int_equal(open_at(nr_http_server_url(server), NULL, &embedder, &err), NR_OK);
    assert_int_equal(nr_embedder_length(embedder), 3);
    assert_int_equal(nr_embedder_documents(embedder, documents, 4, out, present, &err), NR_OK);
    assert_int_equal(s.posts, 2); /* the probe, and all four windows in one */
    assert_int_equal(s.most_inputs, 4);
    assert_true(present[0] && !present[1] && present[2] && present[3]);
    assert_length(out, 1);
    assert_float_equal(out[3] + out[4] + out[5], 0, 0);
    assert_length(out + 9, 3);
    double x = 1 / sqrt(5) + 1 / sqrt(17), y = 2 / sqrt(5) + 4 / sqrt(17); /* the mean of the parts */
    assert_float_equal(out[6], x / hypot(x, y), 1e-6);
    assert_float_equal(out[7], y / hypot(x, y), 1e-6);
    /* seen before: nobody is asked */
    assert_int_equal(nr_embedder_documents(embedder, documents + 2, 1, out, present, &err), NR_OK);
    assert_int_equal(s.posts, 2);
    assert_float_equal(out[0], x / hypot(x, y), 1e-6);
    nr_embedder_close(embedder);
    nr_http_server_stop(server);
    nr_buf_release(&s.body);
}

static void test_good(void **state)
{
    (void)state;
    check_good(GOOD);
    check_good(BACKWARDS);
}

static void test_windows_and_settings(void **state)
{
    (void)state;
    struct script s = {.answer = GOOD};
    struct nr_http_server *server = nr_http_server_start(handle, &s);
    struct nr_embedder *embedder;
    struct nr_error err;
    struct nr_buf text = {0};
    float out[3];
    bool present;
    const char *ini = nr_scratch_puts("model.ini", "prefix = \"query: \"\nwindow = 20\n");
    assert_int_equal(open_at(nr_http_server_url(server), ini, &embedder, &err), NR_OK);
    for (int i = 0; i < 1000; i++)
        nr_buf_printf(&text, "%s", i % 2 ? "词" : "word ");
    struct nr_document document = {text.data, NULL};
    s.inputs = s.longest = 0;
    assert_int_equal(nr_embedder_documents(embedder, &document, 1, out, &present, &err), NR_OK);
    assert_int_equal(s.inputs, 16); /* of fifty windows */
    assert_int_equal(strncmp(s.first, "query: word ", 12), 0);
    assert_true(s.longest <= strlen("query: ") + 10 * strlen("word 词") + 1);
    nr_embedder_close(embedder);
    nr_http_server_stop(server);
    nr_buf_release(&s.body);
    nr_buf_release(&text);
}

static void test_bad_answers(void **state)
{
    (void)state;
    static const struct {
        enum answer answer;
        const char *why;
    } cases[] = {{SHORT_VECTOR, "vectors of 3 numbers"},
                 {TOO_FEW, "vectors of 3 numbers"},
                 {HTML, "no JSON"},
                 {REFUSED, "HTTP 503"},
                 {INFINITE, "vectors of 3"},
                 {HUNG_UP, "cannot reach"}};
    const struct nr_document documents[] = {{"a", NULL}, {"b", NULL}};
    for (size_t i = 0; i < NR_COUNT(cases); i++) {
        struct script s = {.answer = cases[i].answer};
        struct nr_http_server *server = nr_http_server_start(handle, &s);
        struct nr_embedder *embedder;
        struct nr_error err = {.text = ""};
        float out[6];
        bool present[2];
        assert_int_equal(open_at(nr_http_server_url(server), NULL, &embedder, &err), NR_OK);
        assert_int_equal(nr_embedder_documents(embedder, documents, 2, out, present, &err), NR_ERR_IO);
        if (!strstr(err.text, cases[i].why))
            fail_msg("'%s' is not in '%s'", cases[i].why, err.text);
        nr_embedder_close(embedder);
        nr_http_server_stop(server);
        nr_buf_release(&s.body);
    }
}

static void test_cannot_open(void **state)
{
    (void)state;
    struct script s = {.answer = NO_KEY};
    struct nr_http_server *server = nr_http_server_start(handle, &s);
    struct nr_embedder *embedder;
    struct nr_error err;
    assert_int_equal(open_at(nr_http_server_url(server), NULL, &embedder, &err), NR_ERR_UNAVAILABLE);
    assert_non_null(strstr(err.text, "NIGHTREEL_API_KEY"));
    nr_http_server_stop(server);
    assert_int_equal(open_at("http://127.0.0.1:1", NULL, &embedder, &err), NR_ERR_UNAVAILABLE);
    nr_buf_release(&s.body);
}

static void test_bad_settings(void **state)
{
    (void)state;
    static const char *const wrong[] = {"pooling = max\n", "window = 3\n", "window = many\n", "colour = red\n"};
    for (size_t i = 0; i < NR_COUNT(wrong); i++) {
        struct nr_embed_params params = {.model = "http://127.0.0.1:1", .timeout = 1};
        struct nr_embed_plan plan;
        struct nr_error err;
        params.ini = nr_scratch_puts("bad.ini", wrong[i]);
        assert_int_equal(nr_embed_plan_make(&params, &plan, &err), NR_ERR_CONFIG);
        assert_non_null(strstr(err.text, "bad.ini:1"));
    }
}

/* What a vector depends on is in its key. */
static void test_key(void **state)
{
    (void)state;
    struct nr_embed_params params = {.model = "http://127.0.0.1:1/v1", .name = "m", .timeout = 1};
    struct nr_embed_plan plan;
    struct nr_error err;
    struct nr_buf plain = {0}, other = {0};
    assert_int_equal(nr_embed_plan_make(&params, &plan, &err), NR_OK);
    nr_embed_key(&plan, &plain);
    nr_embed_plan_release(&plan);
    params.ini = nr_scratch_puts("cls.ini", "pooling = cls\n");
    assert_int_equal(nr_embed_plan_make(&params, &plan, &err), NR_OK);
    nr_embed_key(&plan, &other);
    nr_embed_plan_release(&plan);
    assert_string_not_equal(plain.data, other.data);
    assert_non_null(strstr(plain.data, "127.0.0.1:1/v1 name m"));
    nr_buf_release(&plain);
    nr_buf_release(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),         cmocka_unit_test(test_windows_and_settings),
        cmocka_unit_test(test_bad_answers),  cmocka_unit_test(test_cannot_open),
        cmocka_unit_test(test_bad_settings), cmocka_unit_test(test_key),
    };
    return cmocka_run_group_tests(tests, nr_scratch_make, nr_scratch_remove);
}
