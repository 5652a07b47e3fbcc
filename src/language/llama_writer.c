/* llama_writer.c - opening the in-process describe engine: model, context, the fixed
 * parts of the prompts. */
#ifdef NR_HAVE_LLAMA
#include "language/llama_writer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/banned.h"

/* Stands for the record's block while the model's chat template is applied, so that
 * its text never goes through the template or is searched for control tokens. */
#define MARK "\x1F"

static bool on_abort(void *ctx)
{
    (void)ctx;
    return nr_interrupted() != 0;
}

enum nr_status nr_writer_decode(struct nr_writer *w, struct nr_error *err)
{
    int32_t failed = w->batch.n_tokens ? llama_decode(w->context, w->batch) : 0;
    w->batch.n_tokens = 0;
    if (nr_interrupted())
        return nr_fail(err, NR_ERR_INTERRUPTED, "interrupted");
    return failed
               ? nr_fail(err, NR_ERR_INTERNAL, "the language model failed (%d): %s", (int)failed, nr_llama_complaint())
               : NR_OK;
}

/* ---- the prompt around the record ----------------------------------------------------- */

/* The model's own chat form; false where it has none that the library knows. */
static bool put_chat(const struct nr_llama *llama, const struct nr_template *tmpl, struct nr_buf *out)
{
    struct llama_chat_message messages[NR_TEMPLATE_MESSAGES_MAX + 1];
    const char *form = llama_model_chat_template(llama->model, NULL);
    if (!form)
        return false;
    for (size_t i = 0; i < tmpl->count; i++)
        messages[i] = (struct llama_chat_message){tmpl->messages[i].role, tmpl->messages[i].text};
    messages[tmpl->count] = (struct llama_chat_message){"user", MARK};
    int32_t length = llama_chat_apply_template(form, messages, tmpl->count + 1, true, NULL, 0);
    char *text = length > 0 ? malloc((size_t)length + 1) : NULL;
    if (!text)
        return false;
    llama_chat_apply_template(form, messages, tmpl->count + 1, true, text, length + 1);
    nr_buf_append(out, text, (size_t)length);
    free(text);
    return true;
}

/* Plain text for a base model: it goes on as the examples do. */
static void put_plain(const struct nr_template *tmpl, struct nr_buf *out)
{
    for (size_t i = 0; i < tmpl->count; i++) {
        bool asked = strcmp(tmpl->messages[i].role, "user") == 0;
        nr_buf_puts(out, tmpl->messages[i].text);
        nr_buf_puts(out, asked ? "\n" : "\n\n");
    }
    nr_buf_puts(out, MARK "\n");
}

static enum nr_status make_prompt(struct nr_writer *w, const struct nr_template *tmpl, struct nr_writer_prompt *out,
                                  struct nr_error *err)
{
    struct nr_buf text = {0};
    if (!put_chat(&w->llama, tmpl, &text))
        put_plain(tmpl, &text);
    nr_buf_puts(&text, NR_REPLY_PREFIX);
    enum nr_status status = nr_buf_status(&text, err);
    const char *mark = status ? NULL : strstr(text.data, MARK);
    if (!status && !mark)
        status = nr_fail(err, NR_ERR_UNAVAILABLE, "the model's chat template leaves out the user's message");
    if (!status)
        status = nr_llama_tokenize(&w->llama, text.data, (size_t)(mark - text.data), true, true, &out->head, err);
    if (!status)
        status = nr_llama_tokenize(&w->llama, mark + 1, strlen(mark + 1), false, true, &out->tail, err);
    nr_buf_release(&text);
    return status;
}

static enum nr_status make_question(struct nr_writer *w, const char *text, const char *const *labels, int count,
                                    struct nr_question *out, struct nr_error *err)
{
    *out = (struct nr_question){.labels = labels, .count = count, .text = text, .usable = true};
    enum nr_status status = nr_llama_tokenize(&w->llama, text, strlen(text), false, false, &out->tokens, err);
    for (int i = 0; i < count && !status; i++) {
        status = nr_llama_tokenize(&w->llama, labels[i], strlen(labels[i]), false, false, &out->answers[i], err);
        out->usable &= !status && out->answers[i].count > 0;
        for (int j = 0; j < i && out->usable; j++)
            out->usable = out->answers[i].items[0] != out->answers[j].items[0];
    }
    return status;
}

static void question_release(struct nr_question *question)
{
    nr_tokens_release(&question->tokens);
    for (int i = 0; i < question->count; i++)
        nr_tokens_release(&question->answers[i]);
}

/* ---- the context -------------------------------------------------------------------------- */

static enum nr_status make_context(struct nr_writer *w, unsigned threads, struct nr_error *err)
{
    size_t heads = 0, longest = 0,
           own = NR_RECORD_TOKENS_MAX + w->max_tokens + w->sentiment.tokens.count + w->audience.tokens.count + 24;
    for (int i = 0; i < NR_PROMPT_LANGUAGE_COUNT; i++) {
        heads += w->prompts[i].head.count;
        longest = w->prompts[i].head.count > longest ? w->prompts[i].head.count : longest;
    }
    int32_t trained = llama_model_n_ctx_train(w->llama.model);
    if (longest + own > (size_t)trained)
        return nr_fail(err, NR_ERR_UNAVAILABLE, "the prompt of %zu tokens is too long for the model's %d", longest,
                       (int)trained);
    struct llama_context_params params = llama_context_default_params();
    w->batch_capacity = w->width * NR_RECORD_TOKENS_MAX + longest;
    params.n_ctx = (uint32_t)((heads + w->width * own + 255) / 256 * 256);
    params.n_batch = (uint32_t)w->batch_capacity;
    params.n_ubatch = 512;
    params.n_seq_max = NR_FIRST_RECORD + w->width;
    params.n_outputs_max = params.n_seq_max;
    params.kv_unified = true; /* what lets sequences share the beginning */
    params.n_threads = params.n_threads_batch = (int32_t)threads;
    params.no_perf = true;
    params.abort_callback = on_abort;
    w->context = llama_init_from_model(w->llama.model, params);
    w->batch = llama_batch_init((int32_t)w->batch_capacity, 0, 1);
    return w->context && w->batch.token
               ? NR_OK
               : nr_fail(err, NR_ERR_NOMEM, "cannot make a context for the language model: %s", nr_llama_complaint());
}

enum nr_status nr_writer_begin(struct nr_writer *w, enum nr_prompt_language language, size_t index, size_t *position,
                               struct nr_error *err)
{
    struct nr_writer_prompt *prompt = &w->prompts[language];
    llama_memory_t memory = llama_get_memory(w->context);
    llama_seq_id sequence = (llama_seq_id)(NR_FIRST_RECORD + index);
    if (!prompt->computed) {
        w->batch.n_tokens = 0;
        for (size_t i = 0; i < prompt->head.count; i++)
            nr_batch_add(&w->batch, prompt->head.items[i], i, (llama_seq_id)language, i + 1 == prompt->head.count);
        enum nr_status status = nr_writer_decode(w, err);
        if (status)
            return status;
        prompt->computed = true;
    }
    llama_memory_seq_rm(memory, sequence, -1, -1);
    llama_memory_seq_cp(memory, (llama_seq_id)language, sequence, -1, -1);
    *position = prompt->head.count;
    return NR_OK;
}

/* ---- labels --------------------------------------------------------------------------------- */

int nr_writer_read_labels(struct nr_writer *w, const struct nr_question *question, int32_t entry,
                          double chances[NR_LABELS_MAX])
{
    const float *logits = llama_get_logits_ith(w->context, entry);
    double most = -INFINITY, sum = 0;
    int best = 0;
    for (int i = 0; i < question->count; i++)
        most = fmax(most, logits[question->answers[i].items[0]]);
    for (int i = 0; i < question->count; i++) {
        sum += chances[i] = exp(logits[question->answers[i].items[0]] - most);
        best = chances[i] > chances[best] ? i : best;
    }
    for (int i = 0; i < question->count; i++)
        chances[i] /= sum;
    return best;
}

static size_t count_tokens(void *ctx, const char *text, size_t length)
{
    struct nr_writer *w = ctx;
    int32_t count =
        length < INT32_MAX ? llama_tokenize(w->llama.vocab, text, (int32_t)length, NULL, 0, false, false) : 0;
    return count < 0 ? (size_t)-count : (size_t)count;
}

/* ---- open and close --------------------------------------------------------------------------- */

static void writer_close(void *state)
{
    struct nr_writer *w = state;
    if (!w)
        return;
    for (int i = 0; i < NR_PROMPT_LANGUAGE_COUNT; i++) {
        nr_tokens_release(&w->prompts[i].head);
        nr_tokens_release(&w->prompts[i].tail);
    }
    question_release(&w->sentiment);
    question_release(&w->audience);
    if (w->batch.token)
        llama_batch_free(w->batch);
    if (w->context)
        llama_free(w->context);
    nr_llama_release(&w->llama);
    free(w->picker.all);
    free(w);
}

static enum nr_status prepare(struct nr_writer *w, const struct nr_describe_plan *plan, unsigned threads,
                              struct nr_error *err)
{
    enum nr_status status = NR_OK;
    for (int i = 0; i < NR_PROMPT_LANGUAGE_COUNT && !status; i++)
        status = make_prompt(w, &plan->templates[i], &w->prompts[i], err);
    if (!status)
        status = make_question(w, NR_REPLY_SENTIMENT, nr_sentiment_names, NR_SENTIMENT_COUNT, &w->sentiment, err);
    if (!status)
        status = make_question(w, NR_REPLY_AUDIENCE, nr_audience_names, NR_AUDIENCE_COUNT, &w->audience, err);
    if (!status)
        status = make_context(w, threads, err);
    w->picker = (struct nr_picker){.llama = &w->llama, .penalty = 1};
    w->picker.all = malloc((size_t)llama_vocab_n_tokens(w->llama.vocab) * sizeof *w->picker.all);
    return !status && !w->picker.all ? nr_fail_nomem(err, "a language model") : status;
}

static enum nr_status writer_open(const struct nr_describe_params *params, const struct nr_describe_plan *plan,
                                  void **state, struct nr_engine_info *info, struct nr_error *err)
{
    struct nr_writer *w = calloc(1, sizeof *w);
    const char *name = strrchr(plan->model, '/');
    *state = w;
    if (!w)
        return nr_fail_nomem(err, "a language model");
    w->width = params->batch_width;
    w->max_tokens = params->max_tokens;
    *info = (struct nr_engine_info){.width = w->width,
                                    .threads = params->threads ? params->threads : nr_cpu_count(),
                                    .repeatable = true,
                                    .tokens = {count_tokens, w}};
    snprintf(info->model, sizeof info->model, "%s", name ? name + 1 : plan->model);
    enum nr_status status = nr_llama_load(plan->model, &w->llama, err);
    if (!status && !llama_model_has_decoder(w->llama.model))
        status = nr_fail(err, NR_ERR_UNAVAILABLE, "'%s' cannot write: it is a model for embeddings", plan->model);
    return status ? status : prepare(w, plan, info->threads, err);
}

const struct nr_engine nr_engine_llama = {
    .name = "llama", .open = writer_open, .draft = nr_writer_draft, .close = writer_close};
#endif
