/* test_report_tags.c - likes and dislikes as lines. */
#include "support/support.h"

#include "nightreel/report.h"

static void likes_and_dislikes_are_listed(void **state)
{
    struct nr_interest interests[] = {{NR_TAG_GENRE, "科幻", 0.6},
                                      {NR_TAG_ACTOR, "Wu\x1b[2J", 0.4},
                                      {NR_TAG_GENRE, "mild", -0.1},
                                      {NR_TAG_DIRECTOR, "Guo", -0.25}};
    struct nr_user user = {.user_id = "u1", .interests = interests, .interest_count = 4};
    struct nr_buf out = {0};
    (void)state;
    nr_report_tags(&user, 9, &out);
    assert_string_equal(out.data, "u1\n"
                                  "  likes     60.0%  genre     科幻\n"
                                  "  likes     40.0%  actor     Wu?[2J\n"
                                  "  dislikes  10.0%  genre     mild\n"
                                  "  dislikes  25.0%  director  Guo\n");
    nr_buf_clear(&out);
    nr_report_tags(&user, 1, &out);
    assert_string_equal(out.data, "u1\n  likes     60.0%  genre     科幻\n  dislikes  25.0%  director  Guo\n");
    nr_buf_clear(&out);
    user.interest_count = 0;
    nr_report_tags(&user, 1, &out);
    assert_string_equal(out.data, "u1  nothing known yet\n");
    nr_buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(likes_and_dislikes_are_listed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
