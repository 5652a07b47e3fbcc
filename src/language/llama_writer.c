/* llama_writer.c - opening the in-process describe engine: model, adapter, context. */
#ifdef NR_HAVE_LLAMA
#include "language/llama_writer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/banned.h"

static bool on_abort(void *ctx)
{
    (void)ctx;
    return nr_interrupted() != 0;
}

enum nr_status nr_writer_decode(struct nr_writer *w, struct nr_error *err)
{
    nr_llama_forget();
    int32_t failed = w->batch.n_tokens ? llama_decode(w->context, w->batch) : 0;
    w->batch.n_tokens = 0;
    if (nr_interrupted())
        return nr_fail(err, NR_ERR_INTERRUPTED, "interrupted");
    return failed
               ? nr_fail(err, NR_ERR_INTERNAL, "the language model failed (%d): %s", (int)failed, nr_llama_complaint())
               : NR_OK;
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
    if (longest + own > (size_t)trained && !w->encodes) /* the positions of an encoder are relative */
        return nr_fail(err, NR_ERR_UNAVAILABLE, "the prompt of %zu tokens is too long for the model's %d", longest,
                       (int)trained);
    struct llama_context_params params = llama_context_default_params();
    w->batch_capacity = w->width * NR_RECORD_TOKENS_MAX + longest + w->encodes; /* the encoder's end token */
    params.n_ctx = (uint32_t)((heads + w->width * own + 255) / 256 * 256);
    params.n_batch = (uint32_t)w->batch_capacity;
    params.n_ubatch = w->encodes ? params.n_batch : 512; /* an encoder takes all at once */
    params.n_seq_max = NR_FIRST_RECORD + w->width;
    params.n_outputs_max = w->encodes ? params.n_batch : params.n_seq_max;
    params.kv_unified = true; /* what lets sequences share the beginning */
    params.n_threads = params.n_threads_batch = (int32_t)threads;
    params.no_perf = true;
    params.abort_callback = on_abort;
    nr_llama_forget();
    w->context = llama_init_from_model(w->llama.model, params);
    w->batch = llama_batch_init((int32_t)w->batch_capacity, 0, 1);
    return w->context && w->batch.token
               ? NR_OK
               : nr_fail(err, NR_ERR_NOMEM, "cannot make a context for the language model: %s", nr_llama_complaint());
}

enum nr_status nr_writer_compute(struct nr_writer *w, enum nr_prompt_language language, struct nr_error *err)
{
    struct nr_writer_prompt *prompt = &w->prompts[language];
    if (prompt->computed)
        return NR_OK;
    w->batch.n_tokens = 0;
    for (size_t i = 0; i < prompt->head.count; i++)
        nr_batch_add(&w->batch, prompt->head.items[i], i, (llama_seq_id)language, i + 1 == prompt->head.count);
    enum nr_status status = nr_writer_decode(w, err);
    prompt->computed = !status;
    return status;
}

void nr_writer_begin(struct nr_writer *w, enum nr_prompt_language language, llama_seq_id sequence, size_t *position)
{
    llama_memory_t memory = llama_get_memory(w->context);
    llama_memory_seq_rm(memory, sequence, -1, -1);
    llama_memory_seq_cp(memory, (llama_seq_id)language, sequence, -1, -1);
    *position = w->prompts[language].head.count;
}

enum nr_status nr_writer_encode(struct nr_writer *w, enum nr_prompt_language language, const struct nr_tokens *record,
                                struct nr_error *err)
{
    const struct nr_tokens *head = &w->prompts[language].head;
    llama_token end = llama_vocab_eos(w->llama.vocab);
    size_t n = 0;
    llama_memory_seq_rm(llama_get_memory(w->context), NR_FIRST_RECORD, -1, -1);
    w->batch.n_tokens = 0;
    for (size_t i = 0; i < head->count; i++)
        nr_batch_add(&w->batch, head->items[i], n++, NR_FIRST_RECORD, true);
    for (size_t i = 0; i < record->count; i++)
        nr_batch_add(&w->batch, record->items[i], n++, NR_FIRST_RECORD, true);
    if (end >= 0)
        nr_batch_add(&w->batch, end, n++, NR_FIRST_RECORD, true);
    nr_llama_forget();
    int32_t failed = llama_encode(w->context, w->batch);
    w->batch.n_tokens = 0;
    if (nr_interrupted())
        return nr_fail(err, NR_ERR_INTERRUPTED, "interrupted");
    return failed ? nr_fail(err, NR_ERR_INTERNAL, "the encoder failed (%d): %s", (int)failed, nr_llama_complaint())
                  : NR_OK;
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
    nr_writer_release_prompts(w);
    if (w->batch.token)
        llama_batch_free(w->batch);
    if (w->context)
        llama_free(w->context);
    nr_llama_release(&w->llama);
    free(w->picker.all);
    free(w);
}

static enum nr_status apply_adapter(struct nr_writer *w, const struct nr_describe_plan *plan, struct nr_error *err)
{
    float scale = (float)plan->lora_scale;
    nr_llama_forget();
    struct llama_adapter_lora *adapter = llama_adapter_lora_init(w->llama.model, plan->lora); /* freed with the model */
    if (!adapter || llama_set_adapters_lora(w->context, &adapter, 1, &scale) != 0)
        return nr_fail(err, NR_ERR_UNAVAILABLE, "cannot apply adapter '%s' to '%s': %s", plan->lora, plan->model,
                       *nr_llama_complaint() ? nr_llama_complaint() : "it was made for another model");
    return NR_OK;
}

static enum nr_status prepare(struct nr_writer *w, const struct nr_describe_plan *plan, unsigned threads,
                              struct nr_error *err)
{
    enum nr_status status = nr_writer_make_prompts(w, plan->templates, err);
    if (!status)
        status = make_context(w, threads, err);
    if (!status && plan->lora)
        status = apply_adapter(w, plan, err);
    w->picker = (struct nr_picker){.llama = &w->llama, .penalty = 1};
    w->picker.all = malloc((size_t)llama_vocab_n_tokens(w->llama.vocab) * sizeof *w->picker.all);
    return !status && !w->picker.all ? nr_fail_nomem(err, "a language model") : status;
}

/* The token before the reply where an encoder read the prompt. Where the file names
 * none: T5 begins with padding, and has no token for a beginning. */
static enum nr_status choose_start(struct nr_writer *w, const struct nr_describe_plan *plan, struct nr_error *err)
{
    w->start = llama_model_decoder_start_token(w->llama.model);
    if (w->start < 0)
        w->start = llama_vocab_bos(w->llama.vocab);
    if (w->start < 0)
        w->start = llama_vocab_pad(w->llama.vocab);
    return w->start >= 0 && w->start < llama_vocab_n_tokens(w->llama.vocab)
               ? NR_OK
               : nr_fail(err, NR_ERR_UNAVAILABLE, "cannot use model '%s': no token to start its decoder with",
                         plan->model);
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
                                    .group = w->width > 1 ? w->width * NR_GROUP_WIDTHS : 1,
                                    .threads = params->threads ? params->threads : nr_cpu_count(),
                                    .repeatable = true,
                                    .tokens = {count_tokens, w}};
    snprintf(info->model, sizeof info->model, "%s", name ? name + 1 : plan->model);
    enum nr_status status = nr_llama_load(plan->model, &w->llama, err);
    if (!status && !llama_model_has_decoder(w->llama.model))
        status = nr_fail(err, NR_ERR_UNAVAILABLE, "'%s' cannot write: it is a model for embeddings", plan->model);
    if (!status && llama_model_has_encoder(w->llama.model)) {
        w->encodes = true;
        info->group = info->width = w->width = 1; /* what was encoded last is what every sequence looks at */
        status = choose_start(w, plan, err);
    }
    return status ? status : prepare(w, plan, info->threads, err);
}

const struct nr_engine nr_engine_llama = {
    .name = "llama", .open = writer_open, .draft = nr_writer_draft, .close = writer_close};
#endif
