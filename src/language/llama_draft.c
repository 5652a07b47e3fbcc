/* llama_draft.c - one group of records through the model: their prompts in one batch,
 * then token by token together, then the sentiment labels weighed. */
#ifdef NR_HAVE_LLAMA
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "language/llama_writer.h"

#include "core/banned.h"

/* A reply that was rejected is tried once more with what it said made less likely. */
#define PENALTY_AGAIN 1.1f

/* One record on its way through the model. */
struct line {
    struct llama_sampler *grammar;
    size_t position; /* of its next token */
    int32_t entry;   /* in the last batch: where its logits are */
    llama_token *history;
    size_t written;
    llama_token pending; /* written, but not yet in the context */
    bool live;
    int label; /* the answer to the last question */
    double chances[NR_LABELS_MAX];
    struct nr_draft *draft;
    const struct nr_prompt *prompt;
};

static void end_line(struct line *line, const char *why)
{
    line->live = false;
    line->draft->state = why ? NR_DRAFT_BROKEN : NR_DRAFT_MADE;
    snprintf(line->draft->why, sizeof line->draft->why, "%s", why ? why : "");
}

static enum nr_status make_grammar(struct nr_writer *w, struct line *line, struct nr_error *err)
{
    struct nr_buf text = {0};
    nr_grammar_write(&line->prompt->form, &text);
    enum nr_status status = nr_buf_status(&text, err);
    if (!status)
        line->grammar = llama_sampler_init_grammar(w->llama.vocab, text.data, "root");
    if (!status && !line->grammar)
        status = nr_fail(err, NR_ERR_INTERNAL, "the language engine refuses the grammar of a reply");
    nr_buf_release(&text);
    return status;
}

/* Puts the record's own part of the prompt into the batch; an encoder reads it, and
 * only the beginning of the reply is left for the batch. */
static enum nr_status add_record(struct nr_writer *w, struct line *line, size_t index, struct nr_error *err)
{
    const struct nr_tokens *tail = &w->prompts[line->prompt->language].tail;
    llama_seq_id sequence = (llama_seq_id)(NR_FIRST_RECORD + index);
    struct nr_tokens record = {0};
    enum nr_status status =
        nr_llama_tokenize(&w->llama, line->prompt->text, strlen(line->prompt->text), false, false, &record, err);
    size_t room = NR_RECORD_TOKENS_MAX - tail->count;
    record.count = record.count < room ? record.count : room;
    if (!status && w->encodes) {
        status = nr_writer_encode(w, line->prompt->language, &record, err);
        line->draft->tokens += w->prompts[line->prompt->language].head.count; /* read anew for each record */
        nr_batch_add(&w->batch, w->start, line->position++, sequence, false);
    }
    for (size_t i = 0; i < record.count && !status && !w->encodes; i++)
        nr_batch_add(&w->batch, record.items[i], line->position++, sequence, false);
    for (size_t i = 0; i < tail->count && !status; i++)
        nr_batch_add(&w->batch, tail->items[i], line->position++, sequence, i + 1 == tail->count);
    line->entry = w->batch.n_tokens - 1;
    line->draft->tokens += record.count + tail->count;
    nr_tokens_release(&record);
    return status;
}

static enum nr_status begin_lines(struct nr_writer *w, struct line *lines, size_t count, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    for (size_t i = 0; i < count && !status && !w->encodes;
         i++) /* computes the beginnings before the batch is filled */
        status = nr_writer_begin(w, lines[i].prompt->language, i, &lines[i].position, err);
    w->batch.n_tokens = 0;
    for (size_t i = 0; i < count && !status; i++) {
        lines[i].live = true;
        lines[i].history = malloc(w->max_tokens * sizeof *lines[i].history);
        nr_buf_puts(&lines[i].draft->reply, NR_REPLY_PREFIX);
        status = lines[i].history ? make_grammar(w, &lines[i], err) : nr_fail_nomem(err, "a reply");
        if (!status)
            status = add_record(w, &lines[i], i, err);
    }
    return status ? status : nr_writer_decode(w, err);
}

/* The reply is whole when its second list, the keywords, is closed: the grammar lets
 * no bracket stand inside a string. */
static bool is_whole(const struct nr_buf *reply)
{
    size_t closed = 0;
    for (size_t i = 0; i < reply->length; i++)
        closed += reply->data[i] == ']';
    return closed == 2;
}

/* Chooses the line's next token; it goes into the batch unless the line ends there. */
static void step_line(struct nr_writer *w, struct line *line, size_t index)
{
    char piece[256];
    float *logits = llama_get_logits_ith(w->context, line->entry);
    llama_token token = nr_picker_pick(&w->picker, line->grammar, logits, line->history, line->written);
    if (token < 0 || llama_vocab_is_eog(w->llama.vocab, token)) {
        end_line(line, "the model stopped in the middle of its reply");
        return;
    }
    llama_sampler_accept(line->grammar, token);
    int32_t length = llama_token_to_piece(w->llama.vocab, token, piece, sizeof piece, 0, false);
    nr_buf_append(&line->draft->reply, piece, length > 0 ? (size_t)length : 0);
    line->history[line->written++] = token;
    line->draft->tokens++;
    line->pending = token;
    if (line->draft->reply.failed)
        end_line(line, "out of memory");
    else if (is_whole(&line->draft->reply))
        end_line(line, NULL);
    else if (line->written == w->max_tokens)
        end_line(line, "the reply was cut off by its length");
    if (!line->live)
        return;
    line->entry = w->batch.n_tokens;
    nr_batch_add(&w->batch, token, line->position++, (llama_seq_id)(NR_FIRST_RECORD + index), true);
}

static enum nr_status write_lines(struct nr_writer *w, struct line *lines, size_t count, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    for (bool any = true; any && !status;) {
        any = false;
        for (size_t i = 0; i < count; i++) {
            if (lines[i].live)
                step_line(w, &lines[i], i);
            any |= lines[i].live;
        }
        status = nr_writer_decode(w, err);
    }
    return status;
}

static void add_tokens(struct nr_writer *w, struct line *line, const struct nr_tokens *tokens, size_t index, bool last)
{
    for (size_t i = 0; i < tokens->count; i++)
        nr_batch_add(&w->batch, tokens->items[i], line->position++, (llama_seq_id)(NR_FIRST_RECORD + index),
                     last && i + 1 == tokens->count);
    line->entry = w->batch.n_tokens - 1;
}

static bool is_made(const struct line *line)
{
    return line->draft->state == NR_DRAFT_MADE;
}

/* Asks for a label of every whole reply, all in one batch, and writes the likeliest
 * behind the reply. */
static enum nr_status ask_labels(struct nr_writer *w, const struct nr_question *question, struct line *lines,
                                 size_t count, struct nr_error *err)
{
    for (size_t i = 0; i < count; i++)
        if (is_made(&lines[i]))
            add_tokens(w, &lines[i], &question->tokens, i, true);
    enum nr_status status = nr_writer_decode(w, err);
    for (size_t i = 0; i < count && !status; i++) {
        if (!is_made(&lines[i]))
            continue;
        lines[i].label = nr_writer_read_labels(w, question, lines[i].entry, lines[i].chances);
        lines[i].draft->tokens += question->tokens.count;
        nr_buf_printf(&lines[i].draft->reply, "%s%s", question->text, question->labels[lines[i].label]);
    }
    return status;
}

/* The two labels that the grammar leaves out; what was answered to the first stands
 * before the second. */
static enum nr_status judge_lines(struct nr_writer *w, struct line *lines, size_t count, struct nr_error *err)
{
    for (size_t i = 0; i < count; i++)
        if (is_made(&lines[i]))
            nr_batch_add(&w->batch, lines[i].pending, lines[i].position++, (llama_seq_id)(NR_FIRST_RECORD + i), false);
    enum nr_status status = ask_labels(w, &w->sentiment, lines, count, err);
    for (size_t i = 0; i < count && !status; i++) {
        if (!is_made(&lines[i]))
            continue;
        lines[i].draft->judged = true;
        memcpy(lines[i].draft->chances, lines[i].chances, sizeof lines[i].draft->chances);
        add_tokens(w, &lines[i], &w->sentiment.answers[lines[i].label], i, false);
    }
    if (!status && w->audience.usable)
        status = ask_labels(w, &w->audience, lines, count, err);
    w->batch.n_tokens = 0;
    for (size_t i = 0; i < count && !status; i++)
        nr_buf_puts(&lines[i].draft->reply, is_made(&lines[i]) ? "\"" : "");
    return status;
}

enum nr_status nr_writer_draft(void *state, const struct nr_prompt *prompts, size_t count, bool again,
                               const struct nr_limits *limits, struct nr_draft *drafts, struct nr_error *err)
{
    struct nr_writer *w = state;
    struct line lines[NR_DESCRIBE_WIDTH_MAX];
    (void)limits;
    memset(lines, 0, sizeof lines);
    for (size_t i = 0; i < count; i++) {
        lines[i].prompt = &prompts[i];
        lines[i].draft = &drafts[i];
    }
    w->picker.penalty = again ? PENALTY_AGAIN : 1;
    enum nr_status status = begin_lines(w, lines, count, err);
    if (!status)
        status = write_lines(w, lines, count, err);
    if (!status && w->sentiment.usable)
        status = judge_lines(w, lines, count, err);
    for (size_t i = 0; i < count; i++) {
        nr_buf_putc(&drafts[i].reply, '}');
        if (lines[i].grammar)
            llama_sampler_free(lines[i].grammar);
        free(lines[i].history);
    }
    return status;
}
#endif
