/* llama_draft.c - one group of records through the model, `width` of them at a time: a
 * record's prompt, then its reply token by token, then the labels weighed; all that the
 * records under way want next goes into one batch. A record that is finished leaves its
 * sequence to the next one of the group, so that few steps are taken by few records
 * alone: such a step costs nearly as much as a full one. Who is in a batch depends on
 * the group and its order alone. */
#ifdef NR_HAVE_LLAMA
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "language/llama_writer.h"

#include "core/banned.h"

/* A reply that was rejected is tried once more with what it said made less likely. */
#define PENALTY_AGAIN 1.1f

enum { KEYWORDS = 5 }; /* that a reply has at most */

/* What the logits of a sequence are waited for. */
enum phase { FREE, WRITING, SENTIMENT, AUDIENCE };

/* A sequence of the context and the record that has it. */
struct line {
    enum phase phase;
    llama_seq_id sequence;
    struct llama_sampler *grammar;
    size_t position;      /* of its next token */
    int32_t entry;        /* in the last batch: where its logits are */
    llama_token *history; /* max_tokens of them */
    size_t written;
    struct nr_draft *draft;
    const struct nr_prompt *prompt;
};

/* The group. */
struct drafting {
    struct nr_writer *writer;
    const struct nr_prompt *prompts;
    struct nr_draft *drafts;
    size_t count, next;             /* next: the first that is not begun */
    size_t told;                    /* answered, as was reported */
    const struct nr_limits *limits; /* where to report it; NULL: not at all */
    struct line lines[NR_DESCRIBE_WIDTH_MAX];
};

static void add_token(struct nr_writer *w, struct line *line, llama_token token, bool wanted)
{
    line->entry = w->batch.n_tokens;
    nr_batch_add(&w->batch, token, line->position++, line->sequence, wanted);
}

/* `asked`: logits are wanted after the last one. */
static void add_tokens(struct nr_writer *w, struct line *line, const struct nr_tokens *tokens, bool asked)
{
    for (size_t i = 0; i < tokens->count; i++)
        add_token(w, line, tokens->items[i], asked && i + 1 == tokens->count);
    line->draft->tokens += tokens->count;
}

/* ---- a record begins and ends --------------------------------------------------------------- */

static void end_line(struct line *line, const char *why)
{
    line->phase = FREE;
    line->draft->state = why ? NR_DRAFT_BROKEN : NR_DRAFT_MADE;
    snprintf(line->draft->why, sizeof line->draft->why, "%s", why ? why : "");
    nr_buf_puts(&line->draft->reply, "}");
    if (line->grammar)
        llama_sampler_free(line->grammar);
    line->grammar = NULL;
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
static enum nr_status add_record(struct nr_writer *w, struct line *line, struct nr_error *err)
{
    const struct nr_tokens *tail = &w->prompts[line->prompt->language].tail;
    struct nr_tokens record = {0};
    enum nr_status status =
        nr_llama_tokenize(&w->llama, line->prompt->text, strlen(line->prompt->text), false, false, &record, err);
    size_t room = NR_RECORD_TOKENS_MAX - tail->count;
    record.count = record.count < room ? record.count : room;
    if (!status && w->encodes) {
        status = nr_writer_encode(w, line->prompt->language, &record, err);
        line->draft->tokens += w->prompts[line->prompt->language].head.count; /* read anew for each record */
        add_token(w, line, w->start, false);
    }
    for (size_t i = 0; i < record.count && !status && !w->encodes; i++)
        add_token(w, line, record.items[i], false);
    if (!status)
        add_tokens(w, line, tail, true);
    line->draft->tokens += record.count;
    nr_tokens_release(&record);
    return status;
}

/* Gives the sequence to the next record of the group, if there is one. */
static enum nr_status begin_line(struct drafting *d, struct line *line, struct nr_error *err)
{
    struct nr_writer *w = d->writer;
    if (d->next == d->count)
        return NR_OK;
    line->prompt = &d->prompts[d->next];
    line->draft = &d->drafts[d->next++];
    line->phase = WRITING;
    line->written = line->position = 0;
    if (!w->encodes)
        nr_writer_begin(w, line->prompt->language, line->sequence, &line->position);
    nr_buf_puts(&line->draft->reply, NR_REPLY_PREFIX);
    enum nr_status status = make_grammar(w, line, err);
    return status ? status : add_record(w, line, err);
}

/* ---- its steps -------------------------------------------------------------------------------- */

/* Bytes of the reply up to the end of its last keyword, where it has that many, or its
 * second list, the keywords, is closed; 0: it is not whole yet. The grammar lets neither
 * brackets nor quotation marks stand inside a string.
 *
 * The list is ended here and not by the grammar: models have one token for the mark that
 * closes a string and the comma behind it, and where only the bracket is let through
 * they rather go on with the string. */
static size_t find_end(const struct nr_buf *reply, size_t keywords)
{
    size_t closed = 0, quotes = 0;
    for (size_t i = 0; i < reply->length; i++) {
        closed += reply->data[i] == ']';
        quotes += closed == 1 && reply->data[i] == '"';
        if (closed == 2 || quotes == 2 + 2 * keywords) /* 2: of the key */
            return i + 1;
    }
    return 0;
}

static void ask_label(struct nr_writer *w, struct line *line, const struct nr_question *question, enum phase phase)
{
    line->phase = phase;
    add_tokens(w, line, &question->tokens, true);
}

/* Ends the reply after `end` bytes, and with the list: the last token, of which only a
 * part belongs to it, is read as the text that stands there now. `before`: the reply's
 * length without that token. */
static enum nr_status close_reply(struct nr_writer *w, struct line *line, size_t before, size_t end,
                                  struct nr_error *err)
{
    struct nr_buf *reply = &line->draft->reply;
    struct nr_tokens tokens;
    reply->length = end;
    if (reply->data[end - 1] != ']')
        nr_buf_putc(reply, ']');
    enum nr_status status = nr_buf_status(reply, err);
    if (status || !w->sentiment.usable) {
        end_line(line, NULL);
        return status;
    }
    status = nr_llama_tokenize(&w->llama, reply->data + before, reply->length - before, false, false, &tokens, err);
    if (status)
        return status;
    add_tokens(w, line, &tokens, false);
    nr_tokens_release(&tokens);
    ask_label(w, line, &w->sentiment, SENTIMENT);
    return NR_OK;
}

/* Chooses the line's next token, which goes into the batch; behind the last one, the
 * first of the labels that the grammar leaves out. */
static enum nr_status write_token(struct nr_writer *w, struct line *line, struct nr_error *err)
{
    char piece[256];
    struct nr_buf *reply = &line->draft->reply;
    size_t before = reply->length, end;
    float *logits = llama_get_logits_ith(w->context, line->entry);
    llama_token token = nr_picker_pick(&w->picker, line->grammar, logits, line->history, line->written);
    if (token < 0 || llama_vocab_is_eog(w->llama.vocab, token)) {
        end_line(line, "the model stopped in the middle of its reply");
        return NR_OK;
    }
    llama_sampler_accept(line->grammar, token);
    int32_t length = llama_token_to_piece(w->llama.vocab, token, piece, sizeof piece, 0, false);
    nr_buf_append(reply, piece, length > 0 ? (size_t)length : 0);
    line->history[line->written++] = token;
    if (reply->failed)
        return nr_buf_status(reply, err);
    if ((end = find_end(reply, KEYWORDS)))
        return close_reply(w, line, before, end, err);
    line->draft->tokens++;
    if (line->written == w->max_tokens)
        end_line(line, "the reply was cut off by its length");
    else
        add_token(w, line, token, true);
    return NR_OK;
}

/* Takes the answer to a question and writes it behind the reply; what was answered to
 * the first stands before the second. */
static void take_label(struct nr_writer *w, struct line *line)
{
    bool first = line->phase == SENTIMENT;
    const struct nr_question *question = first ? &w->sentiment : &w->audience;
    double chances[NR_LABELS_MAX];
    int label = nr_writer_read_labels(w, question, line->entry, chances);
    nr_buf_printf(&line->draft->reply, "%s%s", question->text, question->labels[label]);
    if (first) {
        line->draft->judged = true;
        memcpy(line->draft->chances, chances, sizeof line->draft->chances);
    }
    if (first && w->audience.usable) {
        add_tokens(w, line, &question->answers[label], false);
        ask_label(w, line, &w->audience, AUDIENCE);
    } else {
        nr_buf_puts(&line->draft->reply, "\"");
        end_line(line, NULL);
    }
}

/* ---- the group -------------------------------------------------------------------------------- */

static enum nr_status step_line(struct drafting *d, struct line *line, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    if (line->phase == WRITING)
        status = write_token(d->writer, line, err);
    else if (line->phase != FREE)
        take_label(d->writer, line);
    return status || line->phase != FREE ? status : begin_line(d, line, err);
}

static void tell(struct drafting *d)
{
    size_t answered = d->next;
    for (size_t i = 0; i < d->writer->width; i++)
        answered -= d->lines[i].phase != FREE;
    if (d->limits && answered != d->told)
        nr_draft_progress(d->limits, answered);
    d->told = answered;
}

static enum nr_status write_group(struct drafting *d, struct nr_error *err)
{
    struct nr_writer *w = d->writer;
    enum nr_status status = NR_OK;
    for (size_t i = 0; i < d->count && !status && !w->encodes; i++)
        status = nr_writer_compute(w, d->prompts[i].language, err);
    w->batch.n_tokens = 0;
    for (bool any = true; any && !status;) {
        for (size_t i = 0; i < w->width && !status; i++)
            status = step_line(d, &d->lines[i], err);
        any = w->batch.n_tokens > 0;
        tell(d);
        if (!status)
            status = nr_writer_decode(w, err);
    }
    return status;
}

enum nr_status nr_writer_draft(void *state, const struct nr_prompt *prompts, size_t count, bool again,
                               const struct nr_limits *limits, struct nr_draft *drafts, struct nr_error *err)
{
    struct nr_writer *w = state;
    struct drafting d = {.writer = w, .prompts = prompts, .drafts = drafts, .count = count};
    llama_token *histories = malloc((size_t)w->width * w->max_tokens * sizeof *histories);
    if (!histories)
        return nr_fail_nomem(err, "replies");
    for (size_t i = 0; i < w->width; i++) {
        d.lines[i].sequence = (llama_seq_id)(NR_FIRST_RECORD + i);
        d.lines[i].history = histories + i * w->max_tokens;
    }
    w->picker.penalty = again ? PENALTY_AGAIN : 1;
    if (!again)
        d.limits = limits;
    enum nr_status status = write_group(&d, err);
    for (size_t i = 0; i < w->width; i++)
        if (d.lines[i].grammar)
            llama_sampler_free(d.lines[i].grammar);
    free(histories);
    return status;
}
#endif
