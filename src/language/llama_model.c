/* llama_model.c - llama.cpp: loading, tokens, the grammar's greedy choice. */
#ifdef NR_HAVE_LLAMA
#include "language/llama_model.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nightreel/language.h"

#include "core/banned.h"

/* The library logs through one callback per process. The first complaint has the
 * cause; those behind it say that something failed. */
static char complaint[256];

static void on_log(enum ggml_log_level level, const char *text, void *user)
{
    (void)user;
    if (level != GGML_LOG_LEVEL_ERROR || complaint[0])
        return;
    size_t name = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    if (strncmp(text + name, ": ", 2) == 0) /* of the function that complains */
        text += name + 2;
    snprintf(complaint, sizeof complaint, "%.*s", (int)strcspn(text, "\n"), text);
}

static void start_backend(void)
{
    llama_log_set(on_log, NULL);
    llama_backend_init();
}

void nr_llama_forget(void)
{
    complaint[0] = '\0';
}

const char *nr_llama_complaint(void)
{
    return complaint;
}

const char *nr_language_engine_version(void)
{
    static char text[64];
    snprintf(text, sizeof text, "llama.cpp (ggml %s)", ggml_version());
    return text;
}

static enum nr_status load(const char *path, bool vocabulary_only, struct nr_llama *out, struct nr_error *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct llama_model_params params = llama_model_default_params();
    pthread_once(&once, start_backend);
    params.n_gpu_layers = 0;
    params.vocab_only = vocabulary_only;
    nr_llama_forget();
    *out = (struct nr_llama){.model = llama_model_load_from_file(path, params)};
    if (!out->model)
        return nr_fail(err, NR_ERR_UNAVAILABLE, "cannot load model '%s': %s", path,
                       complaint[0] ? complaint : "not a GGUF file");
    out->vocab = llama_model_get_vocab(out->model);
    return NR_OK;
}

enum nr_status nr_llama_load(const char *path, struct nr_llama *out, struct nr_error *err)
{
    return load(path, false, out, err);
}

enum nr_status nr_llama_load_vocabulary(const char *path, struct nr_llama *out, struct nr_error *err)
{
    return load(path, true, out, err);
}

void nr_llama_release(struct nr_llama *llama)
{
    if (llama->model)
        llama_model_free(llama->model);
    *llama = (struct nr_llama){.model = NULL};
}

enum nr_status nr_llama_tokenize(const struct nr_llama *llama, const char *text, size_t length, bool edges,
                                 bool special, struct nr_tokens *out, struct nr_error *err)
{
    *out = (struct nr_tokens){.count = 0};
    if (length > INT32_MAX / 4)
        return nr_fail(err, NR_ERR_DATA, "a text of %zu bytes is too long for a model", length);
    /* Never more tokens than bytes and edges; the call is made once. */
    size_t capacity = length + 8;
    out->items = malloc(capacity * sizeof *out->items);
    if (!out->items)
        return nr_fail_nomem(err, "tokens");
    int32_t count = llama_tokenize(llama->vocab, text, (int32_t)length, out->items, (int32_t)capacity, edges, special);
    if (count < 0) {
        nr_tokens_release(out);
        return nr_fail(err, NR_ERR_INTERNAL, "the model's tokenizer failed");
    }
    out->count = (size_t)count;
    return NR_OK;
}

void nr_tokens_release(struct nr_tokens *tokens)
{
    free(tokens->items);
    *tokens = (struct nr_tokens){.count = 0};
}

void nr_batch_add(struct llama_batch *batch, llama_token token, size_t position, llama_seq_id sequence, bool wanted)
{
    int32_t i = batch->n_tokens++;
    batch->token[i] = token;
    batch->pos[i] = (llama_pos)position;
    batch->n_seq_id[i] = 1;
    batch->seq_id[i][0] = sequence;
    batch->logits[i] = wanted;
}

/* ---- greedy, within the grammar ---------------------------------------------------------- */

enum { TOP = 64, HISTORY = 64 };

/* Each token that was used is made less likely, once (Keskar et al. 2019). */
static void penalise(float *logits, float penalty, const llama_token *history, size_t count)
{
    size_t first = count > HISTORY ? count - HISTORY : 0;
    for (size_t i = first; i < count && penalty != 1.0f; i++) {
        size_t j = first;
        while (j < i && history[j] != history[i])
            j++;
        float *logit = &logits[history[i]];
        if (j == i)
            *logit = *logit > 0 ? *logit / penalty : *logit * penalty;
    }
}

static llama_token best_allowed(struct llama_sampler *grammar, llama_token_data *candidates, size_t count)
{
    llama_token_data_array array = {candidates, count, -1, false};
    llama_token best = -1;
    float best_logit = -INFINITY;
    llama_sampler_apply(grammar, &array);
    for (size_t i = 0; i < array.size; i++)
        if (array.data[i].logit > best_logit) {
            best_logit = array.data[i].logit;
            best = array.data[i].id;
        }
    return best;
}

/* The TOP best of the vocabulary, best first; their number. */
static size_t take_top(const float *logits, size_t count, llama_token_data top[TOP])
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (n == TOP && logits[i] <= top[TOP - 1].logit)
            continue;
        size_t j = n < TOP ? n++ : TOP - 1;
        for (; j > 0 && top[j - 1].logit < logits[i]; j--)
            top[j] = top[j - 1];
        top[j] = (llama_token_data){(llama_token)i, logits[i], 0};
    }
    return n;
}

static bool closes_string(const struct nr_picker *picker, llama_token token)
{
    char piece[64];
    int32_t length = llama_token_to_piece(picker->llama->vocab, token, piece, sizeof piece, 0, false);
    return length > 0 && piece[0] == '"';
}

/* Among the best tokens that begin with a quotation mark. */
static llama_token best_closing(const struct nr_picker *picker, struct llama_sampler *grammar,
                                const llama_token_data *top, size_t count)
{
    llama_token_data closing[TOP];
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (closes_string(picker, top[i].id))
            closing[n++] = top[i];
    return n ? best_allowed(grammar, closing, n) : -1;
}

llama_token nr_picker_pick(const struct nr_picker *picker, struct llama_sampler *grammar, float *logits,
                           const llama_token *history, size_t history_count)
{
    size_t vocabulary = (size_t)llama_vocab_n_tokens(picker->llama->vocab);
    llama_token_data top[TOP], first;
    penalise(logits, picker->penalty, history, history_count);
    /* Masking a whole vocabulary takes tens of milliseconds, and nearly always the
     * best token or one of the next 64 is allowed. */
    size_t n = take_top(logits, vocabulary, top);
    first = top[0];
    llama_token best = best_allowed(grammar, &first, 1);
    /* Models have one token for the mark that closes a string and the comma behind it.
     * Where a list is full, that one is not allowed, and the next best would rather go on
     * with the string than close it in another way. */
    if (best < 0 && closes_string(picker, top[0].id))
        best = best_closing(picker, grammar, top, n);
    if (best < 0)
        best = best_allowed(grammar, top, n);
    if (best < 0) {
        for (size_t i = 0; i < vocabulary; i++)
            picker->all[i] = (llama_token_data){(llama_token)i, logits[i], 0};
        best = best_allowed(grammar, picker->all, vocabulary);
    }
    return best;
}
#endif
