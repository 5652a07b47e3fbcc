/* test_heads.c - heads learned from labels that can be told apart and from labels that
 * cannot. */
#include <math.h>

#include "support/support.h"

#include "nightreel/language_heads.h"
#include "nightreel/language_reply.h"

enum { VIDEOS = 60, LENGTH = 6 };

struct classroom {
    char ids[VIDEOS][8];
    struct nr_label labels[VIDEOS];
    float vectors[VIDEOS][LENGTH];
    struct nr_head_example examples[VIDEOS];
};

static const char *topics[3] = {"space", "food", "music"};

/* Video i is of topic i % 3, shown by its vector where `told`; a little noise. */
static struct classroom *make_classroom(bool told)
{
    static struct classroom c;
    uint32_t seed = 7;
    for (size_t i = 0; i < VIDEOS; i++) {
        snprintf(c.ids[i], sizeof c.ids[i], "v%zu", i);
        c.labels[i] = (struct nr_label){c.ids[i], {&topics[i % 3], 1}, (int)(i % 3)};
        for (size_t j = 0; j < LENGTH; j++) {
            seed = seed * 1664525u + 1013904223u;
            c.vectors[i][j] = (float)(seed >> 16) / 65536.0f * 0.4f + (told && j == i % 3 ? 1.0f : 0.0f);
        }
        c.examples[i] = (struct nr_head_example){&c.labels[i], c.vectors[i]};
    }
    return &c;
}

static void test_learns(void **state)
{
    (void)state;
    struct classroom *c = make_classroom(true);
    struct nr_heads heads;
    struct nr_error err;
    assert_int_equal(nr_heads_train(c->examples, VIDEOS, LENGTH, "m", 2, &heads, &err), NR_OK);
    assert_int_equal(heads.topics.count, 3);
    assert_int_equal(heads.topics.records, VIDEOS);
    assert_true(heads.topics.f1 > 0.98 && heads.sentiment.accuracy > 0.98);
    assert_float_equal(heads.sentiment.baseline, 1.0 / 3, 1e-9);
    struct nr_description d = {.engine = "llama", .sentiment = "neutral"};
    struct nr_item item = {.video_id = "x", .description = &d};
    const float food[LENGTH] = {0.2f, 1.2f, 0.2f, 0.2f, 0.2f, 0.2f};
    assert_int_equal(nr_heads_apply(&heads, food, &item, &err), NR_OK);
    assert_int_equal(d.topics.count, 1);
    assert_string_equal(d.topics.items[0], "food");
    assert_string_equal(d.sentiment, "neutral"); /* number 1, as food is */
    assert_true(fabs(d.sentiment_score) < 0.5);
    nr_arena_release(&item.mem);
    nr_heads_release(&heads);
}

/* Cross-validation must not be fooled by what was learned by heart. */
static void test_admits_that_nothing_is_there(void **state)
{
    (void)state;
    struct classroom *c = make_classroom(false);
    struct nr_heads heads;
    struct nr_error err;
    assert_int_equal(nr_heads_train(c->examples, VIDEOS, LENGTH, "m", 1, &heads, &err), NR_OK);
    assert_true(heads.sentiment.accuracy < 0.55);
    assert_true(heads.topics.f1 < 0.6); /* always saying all three gives 0.5 */
    nr_heads_release(&heads);
}

static void test_order_does_not_matter(void **state)
{
    (void)state;
    struct classroom *c = make_classroom(true);
    struct nr_heads heads, other;
    struct nr_error err;
    assert_int_equal(nr_heads_train(c->examples, VIDEOS, LENGTH, "m", 1, &heads, &err), NR_OK);
    for (size_t i = 0; i < VIDEOS / 2; i++) {
        struct nr_head_example swap = c->examples[i];
        c->examples[i] = c->examples[VIDEOS - 1 - i];
        c->examples[VIDEOS - 1 - i] = swap;
    }
    assert_int_equal(nr_heads_train(c->examples, VIDEOS, LENGTH, "m", 2, &other, &err), NR_OK);
    for (size_t h = 0; h < 3; h++)
        assert_memory_equal(heads.topics.heads[h].theta, other.topics.heads[h].theta, (LENGTH + 1) * sizeof(double));
    nr_heads_release(&heads);
    nr_heads_release(&other);
}

static void test_too_few(void **state)
{
    (void)state;
    struct classroom *c = make_classroom(true);
    struct nr_heads heads;
    struct nr_error err;
    assert_int_equal(nr_heads_train(c->examples, 0, LENGTH, "m", 1, &heads, &err), NR_ERR_DATA);
    nr_heads_release(&heads);
    assert_int_equal(nr_heads_train(c->examples, 6, LENGTH, "m", 1, &heads, &err), NR_ERR_DATA);
    assert_non_null(strstr(err.text, "nothing to learn"));
    nr_heads_release(&heads);
}

static void test_file(void **state)
{
    (void)state;
    struct classroom *c = make_classroom(true);
    struct nr_heads heads, read;
    struct nr_error err;
    const char *path = nr_scratch_path("heads.json");
    assert_int_equal(nr_heads_train(c->examples, VIDEOS, LENGTH, "m", 1, &heads, &err), NR_OK);
    assert_int_equal(nr_heads_write(&heads, path, &err), NR_OK);
    assert_int_equal(nr_heads_read(path, &read, &err), NR_OK);
    assert_string_equal(read.model, "m");
    assert_int_equal(read.topics.count, 3);
    assert_memory_equal(read.mean, heads.mean, LENGTH * sizeof(float));
    assert_memory_equal(read.sentiment.heads[2].theta, heads.sentiment.heads[2].theta, (LENGTH + 1) * sizeof(double));
    assert_float_equal(read.topics.threshold, heads.topics.threshold, 0);
    nr_heads_release(&read);
    nr_heads_release(&heads);
    static const char *const wrong[] = {"",
                                        "{}",
                                        "[1]",
                                        "{\"format\":1,\"model\":\"m\",\"length\":2,\"mean\":[0,0]}",
                                        "{\"format\":1,\"model\":\"m\",\"length\":2,\"mean\":[0],\"topics\":{"
                                        "\"records\":1,\"lambda\":1,\"threshold\":0.5,"
                                        "\"heads\":[{\"name\":\"a\",\"positives\":1,\"bias\":0,\"weights\":[1,2]}]}}",
                                        "{\"format\":1,\"model\":\"m\",\"length\":2,\"mean\":[0,0],\"topics\":{"
                                        "\"records\":1,\"lambda\":1,\"threshold\":0.5,"
                                        "\"heads\":[{\"name\":\"a\",\"positives\":1,\"bias\":0,\"weights\":[1]}]}}"};
    for (size_t i = 0; i < NR_COUNT(wrong); i++)
        assert_int_equal(nr_heads_read(nr_scratch_puts("bad.json", wrong[i]), &read, &err), NR_ERR_DATA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_learns),
        cmocka_unit_test(test_admits_that_nothing_is_there),
        cmocka_unit_test(test_order_does_not_matter),
        cmocka_unit_test(test_too_few),
        cmocka_unit_test(test_file),
    };
    return cmocka_run_group_tests(tests, nr_scratch_make, nr_scratch_remove);
}
