/* test_llama_t5.c - models with an encoder in the engine in process. Theirs are random
 * weights that are made here: what they write is nonsense, but within the grammar, and
 * it must depend on what the encoder read. The last tests hold for decoders, too. */
#include "support/support.h"
#include "support/tiny_model.h"
#include "support/tiny_run.h"

static int make_models(void **state)
{
    const struct nr_tiny_model decoder = {.architecture = "llama", .width = 32, .seed = 3},
                               t5 = {.architecture = "t5", .width = 32, .seed = 5},
                               startless = {.architecture = "t5", .width = 32, .seed = 5, .startless = true},
                               latin = {.architecture = "t5", .width = 32, .seed = 5, .latin = true};
    if (nr_scratch_make(state) != 0)
        return -1;
    nr_tiny_model_write(&decoder, "llama.gguf");
    nr_tiny_model_write(&t5, "t5.gguf");
    nr_tiny_model_write(&startless, "startless.gguf");
    nr_tiny_model_write(&latin, "latin.gguf");
    return 0;
}

/* Twice, with the prompts that everybody gets. */
static void check_describes(const char *model)
{
    struct nr_tiny_run runs[2];
    for (size_t i = 0; i < 2; i++) {
        nr_tiny_begin(&runs[i], model, NULL);
        runs[i].params.prompt = NULL;
        nr_tiny_work(&runs[i], nr_tiny_records, NR_TINY_RECORDS);
        if (runs[i].status)
            fail_msg("%s", runs[i].err.text);
        nr_tiny_check_replies(&runs[i]);
    }
    assert_string_equal(runs[0].text, runs[1].text);
    nr_tiny_end(&runs[0]);
    nr_tiny_end(&runs[1]);
}

static void test_describes(void **state)
{
    (void)state;
    nr_tiny_need_engine();
    check_describes("t5.gguf");
    check_describes("llama.gguf");
}

/* The decoder is given the beginning of the reply and the grammar, which are the same
 * for all three: what differs comes through the encoder. */
static void test_encoder_is_read(void **state)
{
    (void)state;
    struct nr_item pair[] = {nr_tiny_records[0], nr_tiny_records[0], nr_tiny_records[0]};
    struct nr_tiny_run run;
    nr_tiny_need_engine();
    pair[1].title = "Winter Soup";
    nr_tiny_describe(&run, "t5.gguf", NULL, pair, 3);
    assert_int_equal(run.count, 6);
    for (size_t again = 0; again < 2; again++) {
        assert_string_not_equal(nr_tiny_text(&run, again, "reply"), nr_tiny_text(&run, 2 + again, "reply"));
        assert_string_equal(nr_tiny_text(&run, again, "reply"), nr_tiny_text(&run, 4 + again, "reply"));
    }
    nr_tiny_end(&run);
}

/* A group's second tries come after all of its first ones: with groups of one record,
 * everything that is said of a record stands together. */
static bool is_one_at_a_time(const struct nr_tiny_run *run)
{
    bool sorted = true;
    assert_true(run->tally.retried > 0);
    for (size_t i = 1; i < run->count; i++)
        sorted &= strcmp(nr_tiny_text(run, i - 1, "video_id"), nr_tiny_text(run, i, "video_id")) <= 0;
    return sorted;
}

static void test_encoder_takes_one_at_a_time(void **state)
{
    (void)state;
    struct nr_tiny_run one, three, decoder;
    nr_tiny_need_engine();
    nr_tiny_begin(&one, "t5.gguf", NULL);
    one.params.batch_width = 1;
    nr_tiny_work(&one, nr_tiny_records, NR_TINY_RECORDS);
    nr_tiny_begin(&three, "t5.gguf", NULL);
    three.params.batch_width = 3;
    nr_tiny_work(&three, nr_tiny_records, NR_TINY_RECORDS);
    nr_tiny_describe(&decoder, "llama.gguf", NULL, nr_tiny_records, NR_TINY_RECORDS);
    assert_string_equal(one.text, three.text);
    assert_true(is_one_at_a_time(&three));
    assert_false(is_one_at_a_time(&decoder));
    nr_tiny_end(&one);
    nr_tiny_end(&three);
    nr_tiny_end(&decoder);
}

static void test_decoder_starts_with_padding(void **state)
{
    (void)state;
    struct nr_tiny_run told, untold;
    nr_tiny_need_engine();
    nr_tiny_describe(&told, "t5.gguf", NULL, nr_tiny_records, 2);
    nr_tiny_describe(&untold, "startless.gguf", NULL, nr_tiny_records, 2);
    assert_int_equal(told.count, untold.count);
    for (size_t i = 0; i < told.count; i++)
        assert_string_equal(nr_tiny_text(&told, i, "reply"), nr_tiny_text(&untold, i, "reply"));
    nr_tiny_end(&told);
    nr_tiny_end(&untold);
}

/* T5 itself knows no Chinese: what the grammar asks for cannot be written. */
static void test_model_without_the_script(void **state)
{
    (void)state;
    struct nr_tiny_run run;
    nr_tiny_need_engine();
    nr_tiny_describe(&run, "latin.gguf", NULL, nr_tiny_records, 2);
    assert_int_equal(run.tally.rejected, 2);
    nr_tiny_check_reply(&run, 0, &nr_tiny_records[0]);
    assert_string_equal(nr_tiny_text(&run, run.count - 1, "video_id"), "2");
    assert_string_equal(nr_tiny_text(&run, run.count - 1, "state"), "broken");
    assert_string_equal(nr_tiny_text(&run, run.count - 1, "why"), "the model stopped in the middle of its reply");
    nr_tiny_end(&run);
}

/* ---- long records, short replies -------------------------------------------------- */

/* A synopsis of `length` letters and blanks that ends with the word. */
static void write_synopsis(struct nr_buf *out, size_t length, const char *word)
{
    for (size_t i = 0; out->length + strlen(word) < length; i++)
        nr_buf_printf(out, "%s ", i % 3 ? "boil" : "the");
    nr_buf_puts(out, word);
}

static void check_long(const char *model, size_t tokens)
{
    struct nr_buf synopsis[2] = {{0}, {0}}, subtitles = {0};
    struct nr_item pair[] = {nr_tiny_records[0], nr_tiny_records[0]};
    struct nr_text words = {.language = "en"};
    double chances[2];
    size_t length;
    struct nr_tiny_run run;
    for (int i = 0; i < 200; i++)
        nr_buf_printf(&subtitles, "Now the cook brings m%c%cmo.\n", 'a' + i % 26, 'a' + i / 26);
    words.subtitles = subtitles.data;
    for (size_t i = 0; i < 2; i++) {
        write_synopsis(&synopsis[i], 900, i ? "rice" : "noodles");
        pair[i].synopsis = synopsis[i].data;
        pair[i].text = &words;
    }
    nr_tiny_begin(&run, model, NULL);
    run.params.prompt = NULL;
    run.params.subtitle_tokens = 900;
    nr_tiny_work(&run, pair, 2);
    if (run.status)
        fail_msg("%s", run.err.text);
    assert_int_equal(run.count, 4);
    for (size_t i = 0; i < run.count; i++) {
        assert_true(strlen(nr_tiny_text(&run, i, "prompt")) > 1700);
        assert_in_range((size_t)nr_json_number(nr_tiny_member(&run, i, "tokens")), tokens, tokens + 1000);
        nr_tiny_check_reply(&run, i, &pair[0]);
    }
    for (size_t i = 0; i < 2; i++)
        chances[i] = *nr_json_vector(run.replies[2 * i], nr_tiny_member(&run, 2 * i, "chances"), &length);
    assert_true(chances[0] != chances[1]); /* where they differ is read, too */
    nr_tiny_end(&run);
    nr_buf_release(&synopsis[0]);
    nr_buf_release(&synopsis[1]);
    nr_buf_release(&subtitles);
}

static void test_long_records(void **state)
{
    (void)state;
    nr_tiny_need_engine();
    check_long("t5.gguf", 1200 + 600); /* the system text is read anew for each record */
    check_long("llama.gguf", 1200);
}

/* Cut anywhere, in the middle of a character's bytes, too: the record of it is whole. */
static void test_reply_is_cut(void **state)
{
    (void)state;
    struct nr_tiny_run run;
    nr_tiny_need_engine();
    for (unsigned most = 40; most < 44; most++) {
        nr_tiny_begin(&run, "llama.gguf", NULL);
        run.params.max_tokens = most;
        nr_tiny_work(&run, nr_tiny_records, NR_TINY_RECORDS);
        assert_int_equal(run.status, NR_OK);
        assert_int_equal(run.tally.rejected, NR_TINY_RECORDS);
        for (size_t i = 0; i < run.count; i++) {
            assert_string_equal(nr_tiny_text(&run, i, "state"), "broken");
            assert_string_equal(nr_tiny_text(&run, i, "why"), "the reply was cut off by its length");
        }
        nr_tiny_end(&run);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_describes),
        cmocka_unit_test(test_encoder_is_read),
        cmocka_unit_test(test_encoder_takes_one_at_a_time),
        cmocka_unit_test(test_decoder_starts_with_padding),
        cmocka_unit_test(test_model_without_the_script),
        cmocka_unit_test(test_long_records),
        cmocka_unit_test(test_reply_is_cut),
    };
    return cmocka_run_group_tests(tests, make_models, nr_scratch_remove);
}
