/* Subtitles: nonsense first, then each format, markup, rolling captions, file names. */
#include "support/support.h"

#include "nightreel/media.h"

static enum nr_status parse(const char *text, struct nr_cue_list *list)
{
    struct nr_error err;
    return nr_subtitles_parse(text, strlen(text), list, &err);
}

/* The joined lines of a parsed text. */
static char *lines_of(const char *text)
{
    struct nr_cue_list list = {.count = 0};
    struct nr_buf out = {0};
    assert_int_equal(parse(text, &list), NR_OK);
    nr_subtitles_join(&list, 1 << 20, &out);
    nr_cue_list_release(&list);
    return nr_buf_detach(&out);
}

static void check_lines(const char *text, const char *want)
{
    char *lines = lines_of(text);
    assert_string_equal(lines ? lines : "", want);
    free(lines);
}

static void nonsense_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "\n\n\n",
                                        "just words",
                                        "WEBVTT\n",
                                        "1\n00:00:01,000 --> \n",
                                        "1\nabc --> def\nlost\n",
                                        "[Script Info]\n[Events]\nFormat: A, B\n",
                                        "Dialogue: 1,2,3",
                                        "-->",
                                        "00:00:01,000 --> 00:00:02,000"};
    for (size_t i = 0; i < NR_COUNT(texts); i++) {
        struct nr_cue_list list = {.count = 0};
        assert_int_equal(parse(texts[i], &list), NR_ERR_DATA);
        nr_cue_list_release(&list);
    }
}

static void subrip_is_read(void **state)
{
    (void)state;
    struct nr_cue_list list = {.count = 0};
    assert_int_equal(parse("\xef\xbb\xbf"
                           "1\r\n00:00:01,500 --> 00:01:02,040\r\n你好\r\n<i>world</i>\r\n\r\n"
                           "2\r\n01:00:00,000 --> 01:00:01,000\r\nend\r\n",
                           &list),
                     NR_OK);
    assert_int_equal(list.count, 2);
    assert_int_equal(list.cues[0].start_ms, 1500);
    assert_int_equal(list.cues[0].end_ms, 62040);
    assert_string_equal(list.cues[0].text, "你好\nworld");
    assert_int_equal(list.cues[1].start_ms, 3600000);
    nr_cue_list_release(&list);
}

static void a_broken_cue_costs_itself(void **state)
{
    (void)state;
    check_lines("1\n00:00:01,000 --> 00:00:02,000\none\n\n2\n00:00:xx,000 --> 00:00:04,000\ntwo\n\n"
                "3\n00:00:05,000 --> 00:00:06,000\nthree\n",
                "one\nthree\n");
    /* no blank line between cues: the number is no text */
    check_lines("1\n00:00:01,000 --> 00:00:02,000\none\n2\n00:00:03,000 --> 00:00:04,000\ntwo\n", "one\ntwo\n");
    /* but a number that is said is */
    check_lines("1\n00:00:01,000 --> 00:00:02,000\n1984\n", "1984\n");
}

static void webvtt_is_read(void **state)
{
    (void)state;
    check_lines("WEBVTT - title\nKind: captions\n\nNOTE a remark\n\nSTYLE\n::cue { color: red }\n\n"
                "intro\n00:01.000 --> 00:02.500 align:start position:10%\n<v Roger>Hello <b>there</b></v>\n\n"
                "00:00:03.000 --> 00:00:04.000\n<00:03.500><c>rock</c> &amp; roll &#39;n&#x27; &lt;3\n",
                "Hello there\nrock & roll 'n' <3\n");
}

static void ass_is_read(void **state)
{
    (void)state;
    check_lines("[Script Info]\nTitle: x\n[V4+ Styles]\nFormat: Name, Fontname\nStyle: a, b\n[Events]\n"
                "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
                "Comment: 0,0:00:00.00,0:00:01.00,D,,0,0,0,,not said\n"
                "Dialogue: 0,0:00:01.00,0:00:02.00,D,,0,0,0,,{\\an8\\b1}Hello, world{\\b0}\\Nsecond\\hline\n"
                "Dialogue: 0,0:00:03.00,0:00:04.00,D,,0,0,0,,{\\p1}m 0 0 l 100 0{\\p0}\n"
                "Dialogue: 0,broken,0:00:04.00,D,,0,0,0,,lost\n"
                "Dialogue: too,short\n",
                "Hello, world\nsecond line\n");
    /* SSA: other columns */
    check_lines("[Events]\nFormat: Marked, Start, End, Style, Text\nDialogue: Marked=0,0:00:01.00,0:00:02.00,D,a, b\n",
                "a, b\n");
}

static void plain_text_stays(void **state)
{
    (void)state;
    check_lines("00:01.000 --> 00:02.000\na < b & c > d {note} \\o/ AT&T\n", "a < b & c > d {note} \\o/ AT&T\n");
    check_lines("00:01.000 --> 00:02.000\n  two \t blanks  \n", "two blanks\n");
}

static void rolling_captions_are_said_once(void **state)
{
    (void)state;
    check_lines("00:01.000 --> 00:02.000\nhello there\n\n00:02.000 --> 00:03.000\nhello there\nhow are\n\n"
                "00:03.000 --> 00:04.000\nhow are you\n\n00:04.000 --> 00:05.000\nhow are you\nfine\n",
                "hello there\nhow are you\nfine\n");
}

static void joining_stops_between_lines(void **state)
{
    (void)state;
    struct nr_cue_list list = {.count = 0};
    struct nr_buf out = {0};
    assert_int_equal(parse("00:01.000 --> 00:02.000\n第一句\n\n00:02.000 --> 00:03.000\n第二句\n", &list), NR_OK);
    nr_subtitles_join(&list, 12, &out);
    assert_string_equal(out.data, "第一句\n");
    nr_buf_release(&out);
    nr_cue_list_release(&list);
}

/* Whatever the bytes, nothing breaks; sanitizers watch. */
static void any_bytes_are_survived(void **state)
{
    (void)state;
    static const char *const seeds[] = {
        "1\n00:00:01,500 --> 00:01:02,040\n<i>hey</i> {\\p1} &amp; \\N\n\n2\n00:00:03,000 --> 00:00:04,000\nx\n",
        "[Events]\nFormat: Layer, Start, End, Text\nDialogue: 0,0:00:01.00,0:00:02.00,{\\an8}a\\Nb\n",
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<v R>hi</v> <00:01.500> &#x41;\n"};
    struct nr_random random = {21};
    for (int i = 0; i < 3000; i++) {
        char text[256];
        size_t length = (size_t)snprintf(text, sizeof text, "%s", seeds[i % 3]);
        for (size_t changes = nr_random_below(&random, 12); changes > 0; changes--)
            text[nr_random_below(&random, length)] = (char)nr_random_below(&random, 256);
        struct nr_cue_list list = {.count = 0};
        struct nr_error err;
        char *exact = malloc(length);
        memcpy(exact, text, length);
        enum nr_status status = nr_subtitles_parse(exact, length, &list, &err);
        assert_true(status == NR_OK || status == NR_ERR_DATA);
        free(exact);
        nr_cue_list_release(&list);
    }
}

static void names_beside_are_tried_in_order(void **state)
{
    (void)state;
    struct nr_buf name = {0};
    assert_true(nr_subtitles_beside("a.b/clip.mp4", "zh", 0, &name));
    assert_string_equal(name.data, "a.b/clip.zh.srt");
    assert_true(nr_subtitles_beside("a.b/clip", NULL, 0, &name));
    assert_string_equal(name.data, "a.b/clip.srt");
    assert_true(nr_subtitles_beside("clip.mp4", "../../etc", 0, &name));
    assert_string_equal(name.data, "clip.srt");
    size_t count = 0;
    while (nr_subtitles_beside("clip.mp4", "fr", count, &name))
        count++;
    assert_true(count > 8 && count < 200);
    nr_buf_release(&name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nonsense_is_refused),
        cmocka_unit_test(subrip_is_read),
        cmocka_unit_test(a_broken_cue_costs_itself),
        cmocka_unit_test(webvtt_is_read),
        cmocka_unit_test(ass_is_read),
        cmocka_unit_test(plain_text_stays),
        cmocka_unit_test(rolling_captions_are_said_once),
        cmocka_unit_test(joining_stops_between_lines),
        cmocka_unit_test(any_bytes_are_survived),
        cmocka_unit_test(names_beside_are_tried_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
