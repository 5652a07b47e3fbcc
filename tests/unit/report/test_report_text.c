/* Rankings as text: columns, hostile titles, empty lists. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "nightreel/report.h"

static void assert_text(const char *json, const char *expected)
{
    struct nr_ranking ranking = {0};
    struct nr_buf text = {0};
    struct nr_error err = {""};
    if (nr_ranking_read(&ranking, json, strlen(json), &err))
        fail_msg("%s", err.text);
    nr_report_text(&ranking, &text);
    assert_string_equal(text.data, expected);
    nr_buf_release(&text);
    nr_ranking_release(&ranking);
}

#define HEAD "{\"user_id\":\"u1\",\"generated_at\":\"2026-01-01T02:00:00Z\",\"model\":\"content\",\"beta\":10,"

static void an_empty_list_says_what_is_known(void **state)
{
    (void)state;
    assert_text(HEAD "\"interests\":[],\"items\":[]}", "u1  nothing known yet: what most people watch\n");
    assert_text(HEAD "\"interests\":[{\"tag\":\"战争\",\"kind\":\"genre\",\"weight\":-0.2}],\"items\":[]}",
                "u1  nothing known yet: what most people watch\n");
}

static void wide_characters_take_two_columns(void **state)
{
    (void)state;
    assert_text(
        HEAD "\"interests\":[{\"tag\":\"科幻\",\"kind\":\"genre\",\"weight\":0.41}],\"items\":["
             "{\"rank\":1,\"video_id\":\"1\",\"title\":\"星际穿越\",\"score\":0.8731,\"probability\":0.312,"
             "\"parts\":{\"text\":0.2231,\"tags\":0.65,\"audio\":0.001},\"because\":[\"科幻\",\"动作\"]},"
             "{\"rank\":2,\"video_id\":\"2\",\"title\":\"Up\",\"score\":-0.1,\"probability\":0,"
             "\"parts\":{\"tags\":-0.1},\"because\":[]}]}",
        "u1  likes 科幻 41%\n"
        "   1. 星际穿越                              score  0.873  P  31.2%  科幻, 动作 (tags 0.65, text 0.22)\n"
        "   2. Up                                    score -0.100  P   0.0%  \n");
}

static void titles_cannot_drive_a_terminal(void **state)
{
    (void)state;
    assert_text(HEAD "\"interests\":[],\"items\":[{\"rank\":1,\"video_id\":\"9\",\"title\":\"a\\u001b[2Jb\\u202e\","
                     "\"score\":0.5,\"probability\":0.5,\"parts\":{},\"because\":[],\"fill\":\"popularity\"}]}",
                "u1  nothing known yet: what most people watch\n"
                "   1. a?[2Jb?                               score  0.500  P  50.0%  popular with others\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_list_says_what_is_known),
        cmocka_unit_test(wide_characters_take_two_columns),
        cmocka_unit_test(titles_cannot_drive_a_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
