/* test_reply.c - what of a model's reply is kept. */
#include "support/support.h"

#include "nightreel/io.h"
#include "nightreel/language_evidence.h"
#include "nightreel/language_reply.h"

static const char *zh_tags[] = {"科幻", "动作"};
static const char *en_tags[] = {"sci-fi", "drama"};

static struct nr_item zh_item(void)
{
    return (struct nr_item){.video_id = "1",
                            .title = "星际穿越",
                            .language = "zh",
                            .tags = {zh_tags, 2},
                            .synopsis = "前宇航员库珀告别女儿，随探险队穿过土星旁的虫洞。地球上的庄稼一年年枯死。"};
}

static struct nr_item en_item(void)
{
    return (struct nr_item){.video_id = "2",
                            .title = "Gravity",
                            .language = "en",
                            .tags = {en_tags, 2},
                            .synopsis = "Debris destroys a shuttle and leaves 2 astronauts adrift above the Earth."};
}

/* Tags of the catalogue. */
static const char *known[] = {"Space", "太空旅行", "海洋"};
static const struct nr_topics vocabulary = {.tags = {known, 3}, .frequent = {known, 3}};

static const struct nr_template examples = {
    .messages = {{"assistant", "{\"summary\": \"走丢的小狗被找到。\", \"topics\": [\"宠物\", \"失而复得\"]}"}},
    .count = 1};

/* Whether the reply is accepted; *out is the item's then. */
static bool accept(struct nr_item *item, const char *json, struct nr_description *out, struct nr_reply_check *check)
{
    *out = (struct nr_description){.summary = NULL};
    struct nr_reply_form form = {.item = item, .vocabulary = &vocabulary, .summary_tokens = 50};
    return nr_reply_accept(json, strlen(json), &form, &examples, &item->mem, out, check);
}

static void refuse(struct nr_item item, const char *json, const char *why)
{
    struct nr_description out;
    struct nr_reply_check check;
    assert_false(accept(&item, json, &out, &check));
    if (!strstr(check.why, why))
        fail_msg("%s: rejected as '%s'", json, check.why);
    nr_arena_release(&item.mem);
}

static void test_rejects(void **state)
{
    (void)state;
    refuse(zh_item(), "", "JSON");
    refuse(zh_item(), "{\"summary\": ", "JSON");
    refuse(zh_item(), "[1]", "object");
    refuse(zh_item(), "{}", "no summary");
    refuse(zh_item(), "{\"summary\": 3}", "no summary");
    refuse(zh_item(), "{\"summary\": \"\"}", "no summary");
    refuse(zh_item(), "{\"summary\": \"库珀。\"}", "short");
    refuse(zh_item(), "{\"summary\": \"，。\"}", "language");
    refuse(zh_item(), "{\"summary\": \"The astronaut says goodbye.\"}", "language");
    refuse(en_item(), "{\"summary\": \"前宇航员库珀告别女儿穿过虫洞去寻找新的家园和人类的未来的希望。\"}", "language");
    refuse(zh_item(), "{\"summary\": \"土星旁的虫洞土星旁的虫洞土星旁的虫洞土星旁的虫洞。\"}", "circles");
    refuse(zh_item(), "{\"summary\": \"走丢的小狗被找到。\"}", "summary");
    refuse(en_item(), "{\"summary\": \"Debris destroys a shuttle and leaves 7 astronauts adrift.\"}", "number");
    refuse(zh_item(), "{\"summary\": \"年轻厨师教大家怎样炖一锅好吃的红烧肉。\"}", "not about");
}

/* The sentence is worth nothing, the choices are good. */
static void test_labels_of_a_rejected_reply(void **state)
{
    (void)state;
    struct nr_item item = zh_item();
    struct nr_description out;
    struct nr_reply_check check;
    assert_false(
        accept(&item,
               "{\"summary\": \"年轻厨师教大家怎样炖一锅好吃的红烧肉。\", \"topics\": [\"海洋\"], \"sentiment\": "
               "\"negative\", \"audience\": \"adults\"}",
               &out, &check));
    assert_true(check.labelled);
    assert_int_equal(check.sentiment, NR_SENTIMENT_NEGATIVE);
    assert_int_equal(out.topics.count, 1);
    assert_string_equal(out.topics.items[0], "海洋");
    assert_string_equal(out.audience, "adults");
    assert_false(accept(&item, "{\"summary\": \"好\", \"topics\": [\"海洋\"]}", &out, &check));
    assert_false(check.labelled); /* no sentiment */
    nr_arena_release(&item.mem);
}

static void test_accepts_zh(void **state)
{
    (void)state;
    struct nr_item item = zh_item();
    struct nr_description out;
    struct nr_reply_check check;
    assert_true(accept(&item,
                       "{\"summary\": \"前宇航员库珀告别女儿，穿过土星旁的虫洞，从此成为拯救银河系的国王。再说一句。\","
                       "\"topics\": [\"告别地球\", \"科幻\", \"失而复得\", \"太空旅行\", \"space\", \"galaxy\"],"
                       "\"keywords\": [\"库珀\", \"马修\", \"虫洞\", \"太空旅行\"], \"sentiment\": "
                       "\"positive\",\"audience\": \"Children\"}",
                       &out, &check));
    /* one sentence, without the clause that was made up */
    assert_string_equal(out.summary, "前宇航员库珀告别女儿，穿过土星旁的虫洞。");
    /* no doubles, nothing from the examples; known ones first, as the catalogue spells them */
    assert_int_equal(out.topics.count, 4);
    assert_string_equal(out.topics.items[0], "科幻");
    assert_string_equal(out.topics.items[1], "太空旅行");
    assert_string_equal(out.topics.items[2], "Space");
    assert_string_equal(out.topics.items[3], "告别地球");
    assert_int_equal(out.new_topics.count, 1);
    assert_string_equal(out.new_topics.items[0], "告别地球");
    assert_string_equal(out.audience, "children");
    assert_string_equal(out.language, "zh");
    /* 马修 is not in the record; 太空旅行 is a topic */
    assert_int_equal(out.keywords.count, 3);
    assert_string_equal(out.keywords.items[0], "库珀");
    assert_string_equal(out.keywords.items[1], "虫洞");
    assert_string_equal(out.keywords.items[2], "太空旅行");
    assert_int_equal(check.sentiment, NR_SENTIMENT_POSITIVE);
    nr_arena_release(&item.mem);
}

static void test_accepts_en(void **state)
{
    (void)state;
    struct nr_item item = en_item();
    struct nr_description out;
    struct nr_reply_check check;
    assert_true(accept(&item,
                       "{\"summary\": \"Debris leaves 2 astronauts adrift above the Earth\", \"topics\": [],"
                       "\"keywords\": [\"SHUTTLE\", \"art\", \"two astronauts adrift above the Earth\"],"
                       "\"sentiment\": \"grim\"}",
                       &out, &check));
    assert_string_equal(out.summary, "Debris leaves 2 astronauts adrift above the Earth.");
    assert_int_equal(out.topics.count, 2); /* the tags */
    assert_string_equal(out.topics.items[0], "sci-fi");
    assert_int_equal(out.keywords.count, 1); /* no piece of a word, no sentence */
    assert_string_equal(out.keywords.items[0], "SHUTTLE");
    assert_int_equal(check.sentiment, -1);
    nr_arena_release(&item.mem);
}

/* What is made up goes, where it stands at the end; nothing is kept of what begins so. */
static void test_untrue_end_is_cut(void **state)
{
    (void)state;
    struct nr_item item = zh_item();
    struct nr_description out;
    struct nr_reply_check check;
    assert_true(accept(&item, "{\"summary\": \"前宇航员库珀告别女儿，那一年是2067年。\"}", &out, &check));
    assert_string_equal(out.summary, "前宇航员库珀告别女儿。");
    assert_false(accept(&item, "{\"summary\": \"那一年是2067年，前宇航员库珀告别女儿。\"}", &out, &check));
    assert_non_null(strstr(check.why, "number"));
    nr_arena_release(&item.mem);
}

/* A topic that was offered and that neither the record nor the reply's topics have. */
static void test_borrowed_topic_is_cut(void **state)
{
    (void)state;
    static const char *offered[] = {"海洋", "太空旅行"};
    struct nr_strings topics = {offered, 2};
    struct nr_item item = zh_item();
    struct nr_reply_form form = {.item = &item, .topics = &topics, .vocabulary = &vocabulary, .summary_tokens = 50};
    struct nr_description out = {.summary = NULL};
    struct nr_reply_check check;
    static const char text[] = "{\"summary\": \"前宇航员库珀告别女儿，穿过土星旁的海洋。\", \"topics\": [\"科幻\"], "
                               "\"keywords\": [\"库珀\", \"海洋\"]}";
    assert_true(nr_reply_accept(text, strlen(text), &form, &examples, &item.mem, &out, &check));
    assert_string_equal(out.summary, "前宇航员库珀告别女儿。");
    assert_int_equal(out.keywords.count, 1);
    nr_arena_release(&item.mem);
}

static void test_long_summary_is_cut(void **state)
{
    (void)state;
    struct nr_item item = zh_item();
    struct nr_description out;
    struct nr_reply_check check;
    struct nr_buf json = {0};
    nr_buf_puts(&json, "{\"summary\": \"前宇航员库珀告别女儿，随探险队穿过土星旁的虫洞，地球上的庄稼一年年枯死");
    for (int i = 0; i < 40; i++)
        nr_buf_printf(&json, "，库珀%c告别%c女儿", 'a' + i % 26, 'A' + i % 26);
    nr_buf_puts(&json, "\"}");
    assert_true(accept(&item, json.data, &out, &check));
    assert_true(nr_text_tokens(out.summary, strlen(out.summary)) <= 50);
    assert_non_null(strstr(out.summary, "枯死"));
    nr_buf_release(&json);
    nr_arena_release(&item.mem);
}

static void test_evidence(void **state)
{
    (void)state;
    struct nr_item item = en_item();
    struct nr_evidence evidence;
    nr_evidence_init(&evidence, &item);
    assert_true(nr_evidence_has(&evidence, "Shuttle"));
    assert_true(nr_evidence_has(&evidence, "adrift above"));
    assert_false(nr_evidence_has(&evidence, "shut"));
    assert_false(nr_evidence_has(&evidence, ""));
    assert_true(nr_evidence_has_numbers(&evidence, "2 astronauts"));
    assert_false(nr_evidence_has_numbers(&evidence, "20 astronauts"));
    assert_float_equal(nr_evidence_support(&evidence, "a 7"), 1, 0);
    assert_float_equal(nr_evidence_support(&evidence, "debris and pirates"), 0.5, 1e-12);
    assert_int_equal(nr_evidence_supported_length(&evidence, "Debris, wild pirates dancing ashore, shuttle", 0.3), 6);
    nr_evidence_release(&evidence);
}

static void test_several_sentences(void **state)
{
    (void)state;
    static const char json[] = "{\"summary\": \"Debris destroys a shuttle. It leaves 2 astronauts adrift! They see the "
                               "Earth. Debris destroys a shuttle.\"}";
    static const struct {
        size_t tokens;
        const char *summary;
    } cases[] = {{50, "Debris destroys a shuttle. It leaves 2 astronauts adrift! They see the Earth. Debris destroys a "
                      "shuttle."},
                 {16, "Debris destroys a shuttle. It leaves 2 astronauts adrift!"},
                 {10, "Debris destroys a shuttle."}};
    for (size_t i = 0; i < NR_COUNT(cases); i++) {
        struct nr_item item = en_item();
        struct nr_reply_form form = {.item = &item, .summary_tokens = cases[i].tokens};
        struct nr_description out = {.summary = NULL};
        struct nr_reply_check check;
        assert_true(nr_reply_accept(json, strlen(json), &form, &examples, &item.mem, &out, &check));
        assert_string_equal(out.summary, cases[i].summary);
        assert_true(nr_text_tokens(out.summary, strlen(out.summary)) <= cases[i].tokens);
        nr_arena_release(&item.mem);
    }
}

static void test_loops(void **state)
{
    (void)state;
    assert_false(nr_text_loops(""));
    assert_false(nr_text_loops("一年一年又一年，庄稼枯死了。"));
    assert_true(nr_text_loops("海边，海边，海边，海边，海边，海边，海边。"));
    assert_true(nr_text_loops("he walks home, he walks home, he walks home, he walks home, "));
}

static void test_schema_is_json(void **state)
{
    (void)state;
    struct nr_item items[] = {zh_item(), en_item(), {.language = "ja", .title = "日本"}};
    for (size_t i = 0; i < NR_COUNT(items); i++) {
        struct nr_buf out = {0};
        struct nr_json_doc *doc = NULL;
        struct nr_error err;
        struct nr_reply_form form = {.item = &items[i], .vocabulary = &vocabulary, .summary_tokens = 50};
        nr_schema_write(&form, &out);
        assert_int_equal(nr_json_parse(out.data, out.length, &doc, &err), NR_OK);
        assert_int_equal(nr_json_size(nr_json_get(nr_json_get(nr_json_root(doc), "properties"), "sentiment")), 2);
        nr_json_free(doc);
        nr_buf_release(&out);
    }
}

static void test_grammar_tags(void **state)
{
    (void)state;
    const char *tags[] = {"科幻", "sci-fi", "a\"b", "x]y", "动\n作", "武侠"};
    struct nr_item item = {.language = "zh", .tags = {tags, 6}};
    struct nr_buf out = {0};
    struct nr_strings proposed = {known, 3};
    struct nr_reply_form form = {.item = &item, .vocabulary = &vocabulary, .summary_tokens = 120};
    nr_grammar_write(&form, &out);
    assert_non_null(strstr(out.data, "sentence){0,1}")); /* 120 tokens: two sentences */
    assert_non_null(
        strstr(out.data, "known ::= \"\\\"科幻\\\"\" | \"\\\"武侠\\\"\"\n")); /* only what suits and is safe */
    nr_buf_clear(&out);
    form.topics = &proposed;
    nr_grammar_write(&form, &out);
    assert_non_null(strstr(out.data, "known ::= \"\\\"太空旅行\\\"\" | \"\\\"海洋\\\"\"\n"));
    nr_buf_clear(&out);
    item.tags.count = 0;
    form.topics = NULL;
    nr_grammar_write(&form, &out);
    assert_null(strstr(out.data, "known"));
    nr_buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rejects),
        cmocka_unit_test(test_accepts_zh),
        cmocka_unit_test(test_accepts_en),
        cmocka_unit_test(test_untrue_end_is_cut),
        cmocka_unit_test(test_borrowed_topic_is_cut),
        cmocka_unit_test(test_long_summary_is_cut),
        cmocka_unit_test(test_evidence),
        cmocka_unit_test(test_loops),
        cmocka_unit_test(test_schema_is_json),
        cmocka_unit_test(test_grammar_tags),
        cmocka_unit_test(test_several_sentences),
        cmocka_unit_test(test_labels_of_a_rejected_reply),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
