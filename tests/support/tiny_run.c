/* tiny_run.c - records described by a tiny model. */
#include "support/tiny_run.h"

#include "nightreel/feature.h"
#include "nightreel/language_evidence.h"
#include "nightreel/language_reply.h"

/* A character is a token to these models. */
static const char prompt[] = "@@system\nDescribe it.\n@@user\nTitle: {title}\nAbout: {synopsis}\n{subtitles}\n";

void nr_tiny_need_engine(void)
{
    if (nr_language_engine_version())
        return;
    print_message("no language engine in this build: nothing to try tiny models with\n");
    skip();
}

static enum nr_status on_done(void *ctx, size_t task, const char *problem, struct nr_error *err)
{
    (void)err;
    assert_null(problem);
    assert_int_equal(task, (*(size_t *)ctx)++);
    return NR_OK;
}

static void read_replies(struct nr_tiny_run *run)
{
    struct nr_error err;
    run->text = nr_scratch_read(run->params.record, NULL);
    for (const char *line = run->text; *line; line += strcspn(line, "\n") + 1) {
        assert_true(run->count < NR_TINY_REPLIES_MAX);
        assert_int_equal(nr_json_parse(line, strcspn(line, "\n"), &run->replies[run->count++], &err), NR_OK);
    }
}

void nr_tiny_begin(struct nr_tiny_run *run, const char *model, const char *lora)
{
    *run = (struct nr_tiny_run){.count = 0};
    nr_describe_params_default(&run->params);
    run->params.llm = nr_scratch_path(model);
    run->params.lora = lora ? nr_scratch_path(lora) : NULL;
    run->params.prompt = nr_scratch_puts("prompt.txt", prompt);
    run->params.batch_width = 2;
    run->params.threads = 1;
    run->params.max_tokens = 1000; /* characters and bytes */
    run->params.record = nr_scratch_path("replies.jsonl");
}

void nr_tiny_work(struct nr_tiny_run *run, const struct nr_item *records, size_t count)
{
    struct nr_describe_plan plan;
    struct nr_item items[NR_TINY_RECORDS_MAX];
    struct nr_describe_task tasks[NR_TINY_RECORDS_MAX];
    size_t done = 0;
    assert_true(count <= NR_TINY_RECORDS_MAX);
    run->status = nr_describe_plan_make(&run->params, &plan, &run->err);
    if (run->status)
        return;
    for (size_t i = 0; i < count; i++) {
        items[i] = records[i];
        tasks[i] = (struct nr_describe_task){.item = &items[i]};
    }
    struct nr_describe_job job = {.params = &run->params,
                                  .plan = &plan,
                                  .count_words = nr_words_count,
                                  .tasks = tasks,
                                  .count = count,
                                  .done = on_done,
                                  .ctx = &done};
    run->status = nr_describe(&job, &run->tally, &run->err);
    if (!run->status) {
        assert_int_equal(done, count);
        read_replies(run);
    }
    for (size_t i = 0; i < count; i++)
        nr_arena_release(&items[i].mem);
    nr_describe_plan_release(&plan);
}

void nr_tiny_end(struct nr_tiny_run *run)
{
    for (size_t i = 0; i < run->count; i++)
        nr_json_free(run->replies[i]);
    free(run->text);
}

void nr_tiny_describe(struct nr_tiny_run *run, const char *model, const char *lora, const struct nr_item *records,
                      size_t count)
{
    nr_tiny_begin(run, model, lora);
    nr_tiny_work(run, records, count);
    if (run->status)
        fail_msg("%s", run->err.text);
}

const struct nr_json *nr_tiny_member(const struct nr_tiny_run *run, size_t reply, const char *key)
{
    assert_true(reply < run->count);
    return nr_json_get(nr_json_root(run->replies[reply]), key);
}

const char *nr_tiny_text(const struct nr_tiny_run *run, size_t reply, const char *key)
{
    const char *text = nr_json_string(nr_tiny_member(run, reply, key));
    assert_non_null(text);
    return text;
}

/* ---- records ------------------------------------------------------------------------------ */

static const char *zh_tags[] = {"科幻"}, *en_tags[] = {"food", "cooking"};
const struct nr_item nr_tiny_records[NR_TINY_RECORDS] = {
    {.video_id = "1",
     .title = "Thai Green Curry",
     .language = "en",
     .tags = {en_tags, 2},
     .synopsis = "Fry the green paste in coconut cream, add chicken and basil."},
    {.video_id = "2",
     .title = "流浪地球",
     .language = "zh",
     .tags = {zh_tags, 1},
     .synopsis = "太阳即将膨胀，人类推动地球离开太阳系。</s> <pad>"},
    {.video_id = "3"}, /* nothing at all */
};

static void check_list(const struct nr_json *list, size_t most)
{
    assert_int_equal(nr_json_type(list), NR_JSON_ARRAY);
    assert_in_range(nr_json_size(list), 1, most);
    for (const struct nr_json *at = nr_json_first(list); at; at = nr_json_next(at))
        assert_true(nr_json_string(at) && *nr_json_string(at));
}

void nr_tiny_check_reply(const struct nr_tiny_run *run, size_t reply, const struct nr_item *item)
{
    struct nr_reply_form form = {.item = item, .summary_tokens = run->params.summary_tokens};
    struct nr_summary_bounds bounds = nr_summary_bounds_of(&form);
    struct nr_json_doc *doc = NULL;
    struct nr_error err;
    size_t count = 0;
    const char *text = nr_tiny_text(run, reply, "reply");
    assert_string_equal(nr_tiny_text(run, reply, "state"), "made");
    assert_int_equal(strncmp(text, NR_REPLY_PREFIX, strlen(NR_REPLY_PREFIX)), 0);
    assert_int_equal(nr_json_parse(text, strlen(text), &doc, &err), NR_OK);
    const struct nr_json *root = nr_json_root(doc);
    const char *summary = nr_json_string(nr_json_get(root, "summary"));
    assert_non_null(summary);
    assert_in_range(nr_text_characters(summary), bounds.least + 1, bounds.most + 1); /* with the full stop */
    check_list(nr_json_get(root, "topics"), NR_REPLY_TOPICS_MAX);
    check_list(nr_json_get(root, "keywords"), NR_REPLY_KEYWORDS_MAX);
    assert_true(nr_sentiment_find(nr_json_string(nr_json_get(root, "sentiment"))) >= 0);
    assert_true(nr_audience_find(nr_json_string(nr_json_get(root, "audience"))) >= 0);
    const double *chances = nr_json_vector(run->replies[reply], nr_tiny_member(run, reply, "chances"), &count);
    assert_int_equal(count, NR_SENTIMENT_COUNT);
    nr_assert_near(chances[0] + chances[1] + chances[2], 1, 1e-9);
    nr_json_free(doc);
}

void nr_tiny_check_replies(const struct nr_tiny_run *run)
{
    assert_true(run->count >= NR_TINY_RECORDS);
    for (size_t i = 0; i < run->count; i++)
        nr_tiny_check_reply(run, i, &nr_tiny_records[nr_tiny_text(run, i, "video_id")[0] - '1']);
}
