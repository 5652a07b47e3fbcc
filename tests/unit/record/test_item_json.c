/* Items as JSON: refusals, exact keys, and write -> read -> write over random records. */
#include "support/support.h"

#include <math.h>

#include "nightreel/io.h"
#include "nightreel/record.h"

/* ---- random items --------------------------------------------------------------- */

static struct nr_random rnd = {1};

static const char *const odd_texts[] = {"",
                                        "a",
                                        "星际穿越",
                                        "\"quoted\\",
                                        "line\nfeed\ttab\r",
                                        "😀𠀀",
                                        "e\xCC\x81",
                                        "\xE2\x80\xA8\xE2\x80\x8B\xEF\xBB\xBF",
                                        "bad \xff\xc3 bytes",
                                        "</script>",
                                        "{\"a\":[1,2]}",
                                        "1e999",
                                        "\x01\x1f\x7f"};

static const char *some_text(struct nr_arena *mem)
{
    return nr_arena_printf(mem, "%s%zu", odd_texts[nr_random_below(&rnd, NR_COUNT(odd_texts))],
                           nr_random_below(&rnd, 1000));
}

static bool now_and_then(void)
{
    return nr_random_below(&rnd, 3) == 0;
}

static const char *maybe_text(struct nr_arena *mem)
{
    return now_and_then() ? NULL : some_text(mem);
}

static double maybe_number(void)
{
    return now_and_then() ? NAN : nr_random_double(&rnd);
}

static int64_t some_int(void)
{
    return (int64_t)(nr_random_next(&rnd) >> 11);
}

static struct nr_strings some_texts(struct nr_arena *mem)
{
    struct nr_strings list = {.count = nr_random_below(&rnd, 4)};
    list.items = list.count ? nr_arena_alloc(mem, list.count, sizeof *list.items) : NULL;
    for (size_t i = 0; i < list.count; i++)
        list.items[i] = some_text(mem);
    return list;
}

static struct nr_terms some_terms(struct nr_arena *mem)
{
    struct nr_terms terms = {.count = nr_random_below(&rnd, 40)};
    terms.items = terms.count ? nr_arena_alloc(mem, terms.count, sizeof *terms.items) : NULL;
    for (size_t i = 0; i < terms.count; i++) {
        terms.items[i].name = nr_arena_printf(mem, "%04zu 科幻\"", i);
        terms.items[i].weight = nr_random_double(&rnd);
    }
    return terms;
}

static struct nr_block some_block(struct nr_arena *mem, bool sparse)
{
    struct nr_block block = {0};
    if (now_and_then())
        return block;
    if (sparse) {
        block.terms = some_terms(mem);
        return block;
    }
    block.length = 1 + nr_random_below(&rnd, 600);
    block.values = nr_arena_alloc(mem, block.length, sizeof *block.values);
    for (size_t i = 0; i < block.length; i++)
        block.values[i] = nr_random_float(&rnd);
    if (now_and_then())
        block.values[nr_random_below(&rnd, block.length)] = NAN;
    return block;
}

static void fill_catalogue(struct nr_item *item)
{
    struct nr_arena *mem = &item->mem;
    item->video_id = nr_arena_printf(mem, "v%zu%s", nr_random_below(&rnd, 100), some_text(mem));
    item->title = maybe_text(mem);
    item->synopsis = maybe_text(mem);
    item->file = maybe_text(mem);
    item->subtitles = maybe_text(mem);
    item->language = maybe_text(mem);
    item->tags = some_texts(mem);
    item->actors = some_texts(mem);
    item->directors = some_texts(mem);
    item->published_at = now_and_then() ? NR_TIME_NONE : some_int() % INT64_C(4000000000000);
    item->duration = maybe_number();
    item->extra_count = nr_random_below(&rnd, 3);
    item->extra = nr_arena_alloc(mem, 3, sizeof *item->extra);
    for (size_t i = 0; i < item->extra_count; i++)
        item->extra[i] = (struct nr_field){nr_arena_printf(mem, "%zu\n", i), some_text(mem)};
}

static void fill_media(struct nr_item *item)
{
    struct nr_arena *mem = &item->mem;
    struct nr_media_info *media = item->media = nr_arena_alloc(mem, 1, sizeof *media);
    *media = (struct nr_media_info){.status = (enum nr_media_status)nr_random_below(&rnd, 4),
                                    .container = maybe_text(mem),
                                    .duration = maybe_number(),
                                    .bytes = some_int(),
                                    .video_codec = maybe_text(mem),
                                    .width = some_int(),
                                    .height = 2,
                                    .frame_rate = maybe_number(),
                                    .audio_codec = maybe_text(mem),
                                    .sample_rate = 44100,
                                    .channels = 2,
                                    .subtitles = some_texts(mem)};
}

static void fill_shots(struct nr_visual *visual, struct nr_arena *mem)
{
    if (now_and_then())
        return;
    visual->shot_count = 2;
    visual->shots = nr_arena_alloc(mem, 2, sizeof *visual->shots);
    visual->shots[1] = (struct nr_shot){1.5, 1e9 / 3};
    visual->thumbnail_count = 1;
    visual->thumbnails = nr_arena_alloc(mem, 1, sizeof *visual->thumbnails);
    visual->thumbnails[0] = (struct nr_thumbnail){2.0 / 3, some_text(mem)};
}

static void fill_found(struct nr_item *item)
{
    struct nr_arena *mem = &item->mem;
    item->visual = nr_arena_alloc(mem, 1, sizeof *item->visual);
    *item->visual = (struct nr_visual){.frames = some_int(),
                                       .brightness = maybe_number(),
                                       .colourfulness = maybe_number(),
                                       .motion = maybe_number(),
                                       .cuts_per_minute = maybe_number(),
                                       .words = some_texts(mem)};
    fill_shots(item->visual, mem);
    for (size_t i = 0; i < NR_COUNT(item->visual->histogram); i++)
        item->visual->histogram[i] = nr_random_float(&rnd);
    item->audio = nr_arena_alloc(mem, 1, sizeof *item->audio);
    *item->audio =
        (struct nr_audio){maybe_number(), {0}, maybe_number(), maybe_number(), maybe_text(mem), some_texts(mem)};
    for (size_t i = 0; i < NR_COUNT(item->audio->mfcc); i++)
        item->audio->mfcc[i] = nr_random_float(&rnd);
    item->text = nr_arena_alloc(mem, 1, sizeof *item->text);
    *item->text = (struct nr_text){.language = some_text(mem), .terms = some_terms(mem), .subtitles = maybe_text(mem)};
    if (now_and_then())
        return;
    item->text->cue_count = 2;
    item->text->cues = nr_arena_alloc(mem, 2, sizeof *item->text->cues);
    item->text->cues[0] = (struct nr_cue){some_int() % 86399999, 86399999, some_text(mem)};
    item->text->cues[1] = (struct nr_cue){NR_TIME_NONE, NR_TIME_NONE, some_text(mem)};
}

static void fill_description(struct nr_item *item)
{
    struct nr_arena *mem = &item->mem;
    item->description = nr_arena_alloc(mem, 1, sizeof *item->description);
    *item->description = (struct nr_description){.engine = some_text(mem),
                                                 .model = maybe_text(mem),
                                                 .model_hash = maybe_text(mem),
                                                 .batch_width = some_int(),
                                                 .threads = now_and_then() ? 0 : 2,
                                                 .prompt_hash = maybe_text(mem),
                                                 .summary = some_text(mem),
                                                 .topics = some_texts(mem),
                                                 .keywords = some_texts(mem),
                                                 .sentiment = maybe_text(mem),
                                                 .sentiment_score = maybe_number(),
                                                 .neighbours = some_texts(mem)};
}

static void fill_item(struct nr_item *item)
{
    fill_catalogue(item);
    if (!now_and_then())
        fill_media(item);
    if (!now_and_then())
        fill_found(item);
    for (size_t i = 0; i < NR_BLOCK_COUNT; i++)
        item->blocks[i] = some_block(&item->mem, nr_block_defs[i].kind == NR_BLOCK_SPARSE);
    if (!now_and_then())
        fill_description(item);
    item->raw_text = some_block(&item->mem, now_and_then());
    item->raw_semantic = some_block(&item->mem, false);
    for (size_t i = nr_random_below(&rnd, 3); i > 0; i--)
        assert_int_equal(nr_item_set_error(item, some_text(&item->mem), some_text(&item->mem), NULL), NR_OK);
}

/* ---- tests ---------------------------------------------------------------------- */

static struct nr_item *new_item(struct nr_item_list *list)
{
    struct nr_item *item;
    assert_int_equal(nr_item_list_add(list, &item, NULL), NR_OK);
    return item;
}

static void malformed_items_are_refused_by_key(void **state)
{
    static const struct {
        const char *json, *message;
    } cases[] = {
        {"[]", "the record is no JSON object"},
        {"\"x\"", "the record is no JSON object"},
        {"{}", "'video_id' is missing"},
        {"{\"video_id\":null}", "'video_id' is missing"},
        {"{\"video_id\":\"\"}", "'video_id' is empty"},
        {"{\"video_id\":1}", "'video_id' is no string"},
        {"{\"video_id\":\"v\",\"title\":[]}", "'title' is no string"},
        {"{\"video_id\":\"v\",\"tags\":\"x\"}", "'tags' is no list"},
        {"{\"video_id\":\"v\",\"tags\":[1]}", "'tags' is no list"},
        {"{\"video_id\":\"v\",\"tags\":[\"a\",1]}", "'tags' holds something that is no string"},
        {"{\"video_id\":\"v\",\"published_at\":\"soon\"}", "'published_at' is no time"},
        {"{\"video_id\":\"v\",\"duration\":\"1\"}", "'duration' is no number"},
        {"{\"video_id\":\"v\",\"extra\":{\"x\":1}}", "'extra.x' is no string"},
        {"{\"video_id\":\"v\",\"media\":[]}", "'media' is no object"},
        {"{\"video_id\":\"v\",\"media\":{}}", "'media.status' is missing"},
        {"{\"video_id\":\"v\",\"media\":{\"status\":\"odd\"}}", "'media.status' has an unknown value"},
        {"{\"video_id\":\"v\",\"media\":{\"status\":\"ok\",\"bytes\":1.5}}", "'media.bytes' is no whole number"},
        {"{\"video_id\":\"v\",\"media\":{\"status\":\"ok\",\"bytes\":1e300}}", "'media.bytes' is no whole number"},
        {"{\"video_id\":\"v\",\"media\":{\"status\":\"ok\",\"video\":{}}}", "'media.video.codec' is missing"},
        {"{\"video_id\":\"v\",\"visual\":{\"frames\":1}}", "'visual.histogram' is no list of numbers"},
        {"{\"video_id\":\"v\",\"visual\":{\"histogram\":[1]}}", "'visual.histogram' has the wrong number of numbers"},
        {"{\"video_id\":\"v\",\"text\":{\"language\":\"\",\"terms\":{\"a\":\"b\"}}}",
         "'text.terms' holds a weight that is no number"},
        {"{\"video_id\":\"v\",\"text\":{\"language\":\"\",\"terms\":{\"a\":1,\"a\":1}}}",
         "malformed JSON: the key 'a' stands twice in one object"},
        {"{\"video_id\":\"v\",\"blocks\":{\"text\":1}}",
         "'blocks.text' is neither a list of numbers nor an object of weights"},
        {"{\"video_id\":\"v\",\"blocks\":{\"text\":[1,\"x\"]}}", "'blocks.text' holds something that is no number"},
        {"{\"video_id\":\"v\",\"blocks\":{\"text\":[1e39]}}", "'blocks.text' holds a number that is too large"},
        {"{\"video_id\":\"v\",\"errors\":[[]]}", "'errors.[]' holds something that is no object"},
        {"{\"video_id\":\"v\",\"errors\":[{\"stage\":\"x\"}]}", "'errors.reason' is missing"},
    };
    (void)state;
    for (size_t i = 0; i < NR_COUNT(cases); i++) {
        struct nr_item_list list = {0};
        struct nr_error err = {""};
        enum nr_status status =
            nr_item_read(new_item(&list), cases[i].json, strlen(cases[i].json), NR_PART_RECORD, &err);
        assert_string_equal(err.text, cases[i].message);
        assert_int_equal(status, NR_ERR_DATA);
        nr_item_list_release(&list);
    }
}

static void an_empty_item_has_the_fixed_keys(void **state)
{
    struct nr_item_list list = {0};
    struct nr_buf out = {0};
    (void)state;
    struct nr_item *item = new_item(&list);
    item->video_id = "1";
    nr_item_write(item, NR_PART_RECORD, &out);
    assert_string_equal(out.data, "{\"video_id\":\"1\",\"tags\":[],\"actors\":[],\"directors\":[]}");
    nr_buf_release(&out);
    nr_item_list_release(&list);
}

static void a_full_item_is_written_in_order(void **state)
{
    static const char json[] =
        "{\"video_id\":\"1\",\"title\":\"星际穿越\",\"tags\":[\"科幻\",\"动作\"],\"actors\":[],\"directors\":[\"诺兰\"]"
        ","
        "\"synopsis\":\"s\",\"file\":\"a.mp4\",\"subtitles\":\"a.srt\",\"language\":\"zh\","
        "\"published_at\":\"2014-11-07T00:00:00Z\",\"duration\":14.5,\"extra\":{\"b\":\"1\",\"a\":\"2\"},"
        "\"media\":{\"status\":\"partial\",\"container\":\"mov\",\"duration\":14.25,\"bytes\":1000,"
        "\"video\":{\"codec\":\"h264\",\"width\":320,\"height\":240,\"frame_rate\":25},"
        "\"audio\":{\"codec\":\"aac\",\"sample_rate\":44100,\"channels\":2},\"subtitles\":[\"embedded subrip zh\"]},"
        "\"text\":{\"language\":\"zh\",\"terms\":{\"地球\":2,\"宇航员\":1},\"subtitles\":\"x\"},"
        "\"blocks\":{\"visual\":[1,0.5],\"tags\":{\"genre:动作\":0.5,\"genre:科幻\":0.25}},"
        "\"description\":{\"engine\":\"llama\",\"model\":\"m.gguf\",\"model_hash\":\"0123456789abcdef\","
        "\"batch_width\":4,\"threads\":2,\"prompt_hash\":\"fedcba9876543210\",\"summary\":\"s\",\"topics\":[\"t\"],"
        "\"keywords\":[],\"sentiment\":\"positive\",\"sentiment_score\":0.5,\"neighbours\":[]},"
        "\"errors\":[{\"stage\":\"extract\",\"reason\":\"it is cut short\"}]}";
    struct nr_item_list list = {0};
    struct nr_buf out = {0};
    struct nr_error err = {""};
    (void)state;
    struct nr_item *item = new_item(&list);
    assert_int_equal(nr_item_read(item, json, strlen(json), NR_PART_RECORD, &err), NR_OK);
    assert_int_equal(item->media->width, 320);
    assert_true(item->blocks[NR_BLOCK_VISUAL].values[1] == 0.5f);
    assert_string_equal(item->blocks[NR_BLOCK_TAGS].terms.items[1].name, "genre:科幻");
    assert_string_equal(nr_item_error(item, "extract"), "it is cut short");
    nr_item_write(item, NR_PART_RECORD, &out);
    assert_string_equal(out.data, json);
    nr_buf_release(&out);
    nr_item_list_release(&list);
}

static void undefined_numbers_are_null_and_come_back(void **state)
{
    struct nr_item_list list = {0};
    struct nr_buf out = {0};
    struct nr_visual visual = {.frames = 3, .motion = NAN, .cuts_per_minute = NAN};
    (void)state;
    struct nr_item *item = new_item(&list);
    item->video_id = "1";
    item->visual = &visual;
    nr_item_write(item, NR_PART_VISUAL, &out);
    assert_non_null(strstr(out.data, "\"motion\":null,\"cuts_per_minute\":null,\"shots\":null,\"words\":[]}}"));
    assert_null(strstr(out.data, "video_id"));
    struct nr_item *back = new_item(&list);
    assert_int_equal(nr_item_read(back, out.data, out.length, NR_PART_VISUAL, NULL), NR_OK);
    assert_true(isnan(back->visual->motion) && back->visual->frames == 3);
    assert_null(back->video_id);
    nr_buf_release(&out);
    nr_item_list_release(&list);
}

static void parts_that_are_there_replace_and_others_stay(void **state)
{
    static const char first[] = "{\"video_id\":\"1\",\"title\":\"a\",\"text\":{\"language\":\"zh\",\"terms\":{}},"
                                "\"errors\":[{\"stage\":\"a\",\"reason\":\"1\"},{\"stage\":\"b\",\"reason\":\"2\"}]}";
    static const char second[] = "{\"text\":{\"language\":\"en\",\"terms\":{\"b\":1,\"a\":2}},\"raw_text\":[0.5],"
                                 "\"errors\":[{\"stage\":\"b\",\"reason\":\"3\"}],\"unknown\":[1]}";
    struct nr_item_list list = {0};
    (void)state;
    struct nr_item *item = new_item(&list);
    assert_int_equal(nr_item_read(item, first, strlen(first), NR_PART_RECORD, NULL), NR_OK);
    assert_int_equal(nr_item_read(item, second, strlen(second), NR_PART_RECORD, NULL), NR_OK);
    assert_string_equal(item->title, "a");
    assert_string_equal(item->text->language, "en");
    assert_string_equal(item->text->terms.items[0].name, "a"); /* sorted, however they were written */
    assert_string_equal(nr_item_error(item, "a"), "1");
    assert_string_equal(nr_item_error(item, "b"), "3");
    assert_null(item->raw_text.values); /* not asked for */
    assert_int_equal(nr_item_read(item, second, strlen(second), NR_PART_RAW_TEXT, NULL), NR_OK);
    assert_int_equal(item->raw_text.length, 1);
    nr_item_list_release(&list);
}

static void a_column_named_twice_is_written_once(void **state)
{
    struct nr_field extra[] = {{"x", "1"}, {"x", "2"}, {"y", "3"}};
    struct nr_item_list list = {0};
    struct nr_buf out = {0};
    (void)state;
    struct nr_item *item = new_item(&list);
    item->video_id = "1";
    item->extra = extra;
    item->extra_count = 3;
    nr_item_write(item, NR_PART_CATALOGUE, &out);
    assert_non_null(strstr(out.data, "\"extra\":{\"x\":\"1\",\"y\":\"3\"}"));
    nr_buf_release(&out);
    nr_item_list_release(&list);
}

static void random_items_come_back_byte_for_byte(void **state)
{
    const unsigned all = NR_PART_RECORD | NR_PART_RAW_TEXT | NR_PART_RAW_SEMANTIC;
    (void)state;
    for (int i = 0; i < 300; i++) {
        struct nr_item_list list = {0};
        struct nr_buf first = {0}, second = {0};
        struct nr_error err = {""};
        fill_item(new_item(&list));
        nr_item_write(&list.items[0], all, &first);
        assert_false(list.items[0].mem.failed);
        assert_null(strchr(first.data, '\n'));
        struct nr_item *back = new_item(&list);
        if (nr_item_read(back, first.data, first.length, all, &err) != NR_OK)
            fail_msg("%s in %s", err.text, first.data);
        nr_item_write(back, all, &second);
        assert_string_equal(second.data, first.data);
        nr_buf_release(&first);
        nr_buf_release(&second);
        nr_item_list_release(&list);
    }
}

static void damaged_items_never_crash(void **state)
{
    struct nr_item_list list = {0};
    struct nr_buf out = {0};
    (void)state;
    fill_item(new_item(&list));
    nr_item_write(&list.items[0], NR_PART_RECORD, &out);
    for (int i = 0; i < 2000; i++) {
        struct nr_item_list other = {0};
        char *text = malloc(out.length);
        assert_non_null(text);
        memcpy(text, out.data, out.length);
        for (size_t k = nr_random_below(&rnd, 6); k > 0; k--)
            text[nr_random_below(&rnd, out.length)] = "{}[]\",:019.eE-\\u\0\x80\xff\n "[nr_random_below(&rnd, 21)];
        enum nr_status status =
            nr_item_read(new_item(&other), text, 1 + nr_random_below(&rnd, out.length), NR_PART_RECORD, NULL);
        assert_true(status == NR_OK || status == NR_ERR_DATA);
        nr_item_list_release(&other);
        free(text);
    }
    nr_buf_release(&out);
    nr_item_list_release(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(malformed_items_are_refused_by_key),
        cmocka_unit_test(an_empty_item_has_the_fixed_keys),
        cmocka_unit_test(a_full_item_is_written_in_order),
        cmocka_unit_test(undefined_numbers_are_null_and_come_back),
        cmocka_unit_test(parts_that_are_there_replace_and_others_stay),
        cmocka_unit_test(a_column_named_twice_is_written_once),
        cmocka_unit_test(random_items_come_back_byte_for_byte),
        cmocka_unit_test(damaged_items_never_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
