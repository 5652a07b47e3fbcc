/* Users and rankings as JSON. */
#include "support/support.h"

#include <math.h>

#include "nightreel/io.h"
#include "nightreel/record.h"

static struct nr_random rnd = {3};

static void malformed_users_are_refused_by_key(void **state)
{
    static const struct {
        const char *json, *message;
    } cases[] = {
        {"[1]", "the record is no JSON object"},
        {"{}", "'user_id' is missing"},
        {"{\"user_id\":\"u\"}", "'source' is missing"},
        {"{\"user_id\":\"u\",\"source\":\"stars\"}", "'source' has an unknown value"},
        {"{\"user_id\":\"u\",\"source\":\"both\",\"events\":0.5}", "'events' is no whole number"},
        {"{\"user_id\":\"u\",\"source\":\"both\",\"interests\":[{}]}", "'interests.kind' is missing"},
        {"{\"user_id\":\"u\",\"source\":\"both\",\"interests\":[{\"kind\":\"genre\"}]}", "'interests.tag' is missing"},
        {"{\"user_id\":\"u\",\"source\":\"both\",\"watched\":[{\"weight\":1}]}", "'watched.video_id' is missing"},
        {"{\"user_id\":\"u\",\"source\":\"both\",\"watched\":{}}", "'watched' is no list"},
        {"{\"user_id\":\"u\",\"source\":\"both\",\"blocks\":[1]}", "'blocks' is no object"},
    };
    (void)state;
    for (size_t i = 0; i < NR_COUNT(cases); i++) {
        struct nr_user user = {0};
        struct nr_error err = {""};
        assert_int_equal(nr_user_read(&user, cases[i].json, strlen(cases[i].json), &err), NR_ERR_DATA);
        assert_string_equal(err.text, cases[i].message);
        nr_user_release(&user);
    }
}

static void a_user_is_written_in_order(void **state)
{
    static const char json[] =
        "{\"user_id\":\"u1\",\"source\":\"both\",\"events\":12,\"last_event\":\"2026-01-01T02:00:00.125Z\","
        "\"interests\":[{\"tag\":\"科幻\",\"kind\":\"genre\",\"weight\":0.41},{\"tag\":\"吴京\",\"kind\":\"actor\","
        "\"weight\":-0.1}],\"unknown_tags\":[\"天文\"],\"watched\":[{\"video_id\":\"1\",\"weight\":2.5},"
        "{\"video_id\":\"10\",\"weight\":-1}],\"blocks\":{\"visual\":[0.600000024,0.800000012],"
        "\"tags\":{\"genre:科幻\":1}}}";
    struct nr_user user = {0};
    struct nr_buf out = {0};
    (void)state;
    assert_int_equal(nr_user_read(&user, json, strlen(json), NULL), NR_OK);
    assert_int_equal(user.source, NR_USER_BOTH);
    assert_int_equal(user.last_event, INT64_C(1767232800125));
    assert_int_equal(user.interests[1].kind, NR_TAG_ACTOR);
    assert_true(user.blocks[NR_BLOCK_VISUAL].values[0] == 0.6f);
    nr_user_write(&user, &out);
    assert_string_equal(out.data, json);
    nr_buf_release(&out);
    nr_user_release(&user);
}

static void malformed_rankings_are_refused_by_key(void **state)
{
    static const struct {
        const char *json, *message;
    } cases[] = {
        {"{\"user_id\":\"u\"}", "'model' is missing"},
        {"{\"user_id\":\"u\",\"model\":\"content\",\"items\":[{\"rank\":2,\"video_id\":\"1\"}]}",
         "'items.rank' is not the item's place in the list"},
        {"{\"user_id\":\"u\",\"model\":\"content\",\"items\":[{\"rank\":1}]}", "'items.video_id' is missing"},
        {"{\"user_id\":\"u\",\"model\":\"content\",\"items\":[{\"rank\":1,\"video_id\":\"1\",\"parts\":{\"tags\":\"x\"}"
         "}]}",
         "'items.parts' holds a value that is no number"},
        {"{\"user_id\":\"u\",\"model\":\"content\",\"items\":[{\"rank\":1,\"video_id\":\"1\",\"fill\":\"luck\"}]}",
         "'items.fill' has an unknown value"},
        {"{\"user_id\":\"u\",\"model\":\"content\",\"items\":[[1]]}", "'items.[]' holds something that is no object"},
    };
    (void)state;
    for (size_t i = 0; i < NR_COUNT(cases); i++) {
        struct nr_ranking ranking = {0};
        struct nr_error err = {""};
        assert_int_equal(nr_ranking_read(&ranking, cases[i].json, strlen(cases[i].json), &err), NR_ERR_DATA);
        assert_string_equal(err.text, cases[i].message);
        nr_ranking_release(&ranking);
    }
}

static void a_ranking_is_written_in_order(void **state)
{
    static const char json[] =
        "{\"user_id\":\"u1\",\"generated_at\":\"2026-01-01T02:00:00Z\",\"model\":\"content\",\"beta\":10,"
        "\"interests\":[{\"tag\":\"科幻\",\"kind\":\"genre\",\"weight\":0.41}],"
        "\"items\":[{\"rank\":1,\"video_id\":\"1\",\"title\":\"星际穿越\",\"score\":0.8731,\"probability\":0.312,"
        "\"parts\":{\"visual\":0.05,\"tags\":0.51},\"because\":[\"科幻\",\"动作\"]},"
        "{\"rank\":2,\"video_id\":\"9\",\"score\":0,\"probability\":null,\"parts\":{},\"because\":[],"
        "\"fill\":\"popularity\"}]}";
    struct nr_ranking ranking = {0};
    struct nr_buf out = {0};
    (void)state;
    assert_int_equal(nr_ranking_read(&ranking, json, strlen(json), NULL), NR_OK);
    assert_int_equal(ranking.count, 2);
    assert_string_equal(ranking.items[0].parts[1].name, "tags"); /* in the order of the sum */
    assert_true(ranking.items[1].filled && !ranking.items[0].filled);
    assert_true(isnan(ranking.items[1].probability));
    assert_null(ranking.items[1].title);
    nr_ranking_write(&ranking, &out);
    assert_string_equal(out.data, json);
    nr_buf_release(&out);
    nr_ranking_release(&ranking);
}

/* Weights are any doubles: what a later stage sums must be the same bits. */
static void random_users_come_back_byte_for_byte(void **state)
{
    (void)state;
    for (int i = 0; i < 200; i++) {
        struct nr_user user = {.user_id = "用户\"1\"", .last_event = NR_TIME_NONE}, back = {0};
        struct nr_buf first = {0}, second = {0};
        user.source = (enum nr_user_source)nr_random_below(&rnd, 4);
        user.watched_count = nr_random_below(&rnd, 50);
        user.watched = nr_arena_alloc(&user.mem, 50, sizeof *user.watched);
        for (size_t k = 0; k < user.watched_count; k++)
            user.watched[k] = (struct nr_watched){nr_arena_printf(&user.mem, "%03zu", k), nr_random_double(&rnd)};
        struct nr_block *block = &user.blocks[nr_random_below(&rnd, NR_BLOCK_COUNT)];
        block->length = nr_random_below(&rnd, 300);
        block->values = nr_arena_alloc(&user.mem, 300, sizeof *block->values);
        for (size_t k = 0; k < block->length; k++)
            block->values[k] = nr_random_float(&rnd);
        user.clusters = nr_arena_alloc(&user.mem, 2, sizeof *user.clusters);
        user.cluster_count = i % 2 ? 2 : 0;
        for (size_t c = 0; c < 2; c++)
            user.clusters[c] = (struct nr_user_cluster){.weight = nr_random_unit(&rnd), .videos = 3};
        user.clusters[1].blocks[NR_BLOCK_VISUAL] = *block;
        nr_user_write(&user, &first);
        assert_int_equal(nr_user_read(&back, first.data, first.length, NULL), NR_OK);
        for (size_t k = 0; k < user.watched_count; k++)
            assert_true(back.watched[k].weight == user.watched[k].weight);
        nr_user_write(&back, &second);
        assert_string_equal(second.data, first.data);
        nr_buf_release(&first);
        nr_buf_release(&second);
        nr_user_release(&user);
        nr_user_release(&back);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(malformed_users_are_refused_by_key),    cmocka_unit_test(a_user_is_written_in_order),
        cmocka_unit_test(malformed_rankings_are_refused_by_key), cmocka_unit_test(a_ranking_is_written_in_order),
        cmocka_unit_test(random_users_come_back_byte_for_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
