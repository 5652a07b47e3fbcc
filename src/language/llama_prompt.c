/* llama_prompt.c - the fixed parts of the prompts as a model's tokens. */
#ifdef NR_HAVE_LLAMA
#include "language/llama_writer.h"

#include <stdlib.h>
#include <string.h>

#include "core/banned.h"

/* Stands for the record's block while the model's chat template is applied, so that
 * its text never goes through the template or is searched for control tokens. */
#define MARK "\x1F"

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

/* What an encoder reads before the record: the system text. The examples stay out:
 * such a model is made for one task and reads a few hundred tokens. */
static enum nr_status make_encoder_prompt(struct nr_writer *w, const struct nr_template *tmpl,
                                          struct nr_writer_prompt *out, struct nr_error *err)
{
    struct nr_buf text = {0};
    for (size_t i = 0; i < tmpl->count; i++)
        if (strcmp(tmpl->messages[i].role, "system") == 0)
            nr_buf_printf(&text, "%s\n", tmpl->messages[i].text);
    enum nr_status status = nr_buf_status(&text, err);
    if (!status)
        status = nr_llama_tokenize(&w->llama, text.data ? text.data : "", text.length, false, false, &out->head, err);
    if (!status)
        status = nr_llama_tokenize(&w->llama, NR_REPLY_PREFIX, strlen(NR_REPLY_PREFIX), false, false, &out->tail, err);
    nr_buf_release(&text);
    return status;
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

enum nr_status nr_writer_make_prompts(struct nr_writer *w, const struct nr_template *templates, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    for (int i = 0; i < NR_PROMPT_LANGUAGE_COUNT && !status; i++)
        status = (w->encodes ? make_encoder_prompt : make_prompt)(w, &templates[i], &w->prompts[i], err);
    if (!status)
        status = make_question(w, NR_REPLY_SENTIMENT, nr_sentiment_names, NR_SENTIMENT_COUNT, &w->sentiment, err);
    if (!status)
        status = make_question(w, NR_REPLY_AUDIENCE, nr_audience_names, NR_AUDIENCE_COUNT, &w->audience, err);
    return status;
}

void nr_writer_release_prompts(struct nr_writer *w)
{
    for (int i = 0; i < NR_PROMPT_LANGUAGE_COUNT; i++) {
        nr_tokens_release(&w->prompts[i].head);
        nr_tokens_release(&w->prompts[i].tail);
    }
    question_release(&w->sentiment);
    question_release(&w->audience);
}
#endif
