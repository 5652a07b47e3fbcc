/* test_llama_lora.c - adapters in the engine in process, with models of random weights
 * that are made here: what they write is nonsense, but it must change with the adapter
 * and with nothing else. */
#include "support/support.h"
#include "support/tiny_model.h"
#include "support/tiny_run.h"

static int make_models(void **state)
{
    const struct nr_tiny_model decoder = {.architecture = "llama", .width = 32, .seed = 3},
                               wide = {.architecture = "llama", .width = 48, .seed = 3},
                               t5 = {.architecture = "t5", .width = 32, .seed = 5};
    if (nr_scratch_make(state) != 0)
        return -1;
    nr_tiny_model_write(&decoder, "llama.gguf");
    nr_tiny_model_write(&t5, "t5.gguf");
    nr_tiny_adapter_write(&decoder, 7, "adapter.gguf");
    nr_tiny_adapter_write(&wide, 7, "wide-adapter.gguf");
    nr_tiny_adapter_write(&t5, 7, "t5-adapter.gguf");
    return 0;
}

/* No reply of the one run is also that of the other. */
static void check_all_differ(const struct nr_tiny_run *a, const struct nr_tiny_run *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        assert_string_equal(nr_tiny_text(a, i, "prompt"), nr_tiny_text(b, i, "prompt"));
        assert_string_not_equal(nr_tiny_text(a, i, "reply"), nr_tiny_text(b, i, "reply"));
    }
}

static void check_adapter(const char *model, const char *const adapters[4])
{
    struct nr_tiny_run plain, none, with, again, half;
    nr_tiny_describe(&plain, model, NULL, nr_tiny_records, NR_TINY_RECORDS);
    nr_tiny_describe(&none, model, adapters[0], nr_tiny_records, NR_TINY_RECORDS);
    nr_tiny_describe(&with, model, adapters[1], nr_tiny_records, NR_TINY_RECORDS);
    nr_tiny_describe(&again, model, adapters[2], nr_tiny_records, NR_TINY_RECORDS);
    nr_tiny_describe(&half, model, adapters[3], nr_tiny_records, NR_TINY_RECORDS);
    assert_string_equal(plain.text, none.text);
    assert_string_equal(with.text, again.text);
    check_all_differ(&plain, &with);
    check_all_differ(&plain, &half);
    check_all_differ(&with, &half);
    nr_tiny_check_replies(&plain);
    nr_tiny_check_replies(&with);
    nr_tiny_end(&plain);
    nr_tiny_end(&none);
    nr_tiny_end(&with);
    nr_tiny_end(&again);
    nr_tiny_end(&half);
}

static void test_adapter_changes_the_text(void **state)
{
    (void)state;
    static const char *const adapters[] = {"adapter.gguf:0", "adapter.gguf", "adapter.gguf:1.0", "adapter.gguf:0.5"};
    nr_tiny_need_engine();
    check_adapter("llama.gguf", adapters);
}

static void test_adapter_of_an_encoder_decoder(void **state)
{
    (void)state;
    static const char *const adapters[] = {"t5-adapter.gguf:0", "t5-adapter.gguf", "t5-adapter.gguf:1",
                                           "t5-adapter.gguf:0.5"};
    nr_tiny_need_engine();
    check_adapter("t5.gguf", adapters);
}

static void check_refused(const char *lora, const char *why)
{
    struct nr_tiny_run run;
    nr_tiny_begin(&run, "llama.gguf", lora);
    nr_tiny_work(&run, nr_tiny_records, 1);
    assert_int_equal(run.status, NR_ERR_UNAVAILABLE);
    if (!strstr(run.err.text, lora) || !strstr(run.err.text, "llama.gguf") || !strstr(run.err.text, why))
        fail_msg("'%s' and '%s' are not in: %s", lora, why, run.err.text);
    nr_tiny_end(&run);
}

static void test_adapter_of_another_model(void **state)
{
    (void)state;
    nr_tiny_need_engine();
    check_refused("wide-adapter.gguf", "has incorrect shape");
    check_refused("t5-adapter.gguf", "model arch and LoRA arch mismatch");
    check_refused("llama.gguf", "expect general.type to be 'adapter', but got: model");
}

static void test_adapter_damaged(void **state)
{
    (void)state;
    size_t length;
    nr_tiny_need_engine();
    char *bytes = nr_scratch_read(nr_scratch_path("adapter.gguf"), &length);
    for (size_t cut = 97; cut < length; cut += 97) {
        nr_scratch_write("cut.gguf", bytes, cut);
        check_refused("cut.gguf", ": ");
    }
    nr_scratch_write("cut.gguf", bytes, length - 40); /* of the last tensor alone */
    check_refused("cut.gguf", "data is not within the file bounds");
    free(bytes);
}

static void test_model_damaged(void **state)
{
    (void)state;
    size_t length;
    struct nr_tiny_run run;
    nr_tiny_need_engine();
    char *bytes = nr_scratch_read(nr_scratch_path("llama.gguf"), &length);
    for (size_t cut = 0; cut < length; cut += length / 9) {
        nr_scratch_write("cut.gguf", bytes, cut);
        nr_tiny_begin(&run, "cut.gguf", NULL);
        nr_tiny_work(&run, nr_tiny_records, 1);
        assert_int_equal(run.status, NR_ERR_UNAVAILABLE);
        assert_non_null(strstr(run.err.text, cut < 4 ? "no GGUF" : "cut.gguf': "));
        assert_null(strstr(run.err.text, "failed to load model")); /* the library's last words, without the cause */
        nr_tiny_end(&run);
    }
    free(bytes);
}

static void test_adapter_scale(void **state)
{
    (void)state;
    struct nr_tiny_run run;
    struct nr_describe_plan plan;
    nr_tiny_need_engine();
    nr_tiny_begin(&run, "llama.gguf", "adapter.gguf:1e39");
    assert_int_equal(nr_describe_plan_make(&run.params, &plan, &run.err), NR_ERR_USAGE);
    assert_string_equal(run.err.text, "--lora FILE:SCALE: the scale must be from -100 to 100, not 1e+39");
    nr_tiny_begin(&run, "llama.gguf", "adapter.gguf:-0.25");
    assert_int_equal(nr_describe_plan_make(&run.params, &plan, &run.err), NR_OK);
    assert_float_equal(plan.lora_scale, -0.25, 0);
    assert_string_equal(plan.lora, nr_scratch_path("adapter.gguf"));
    nr_describe_plan_release(&plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_adapter_changes_the_text),
        cmocka_unit_test(test_adapter_of_an_encoder_decoder),
        cmocka_unit_test(test_adapter_of_another_model),
        cmocka_unit_test(test_adapter_damaged),
        cmocka_unit_test(test_model_damaged),
        cmocka_unit_test(test_adapter_scale),
    };
    return cmocka_run_group_tests(tests, make_models, nr_scratch_remove);
}
