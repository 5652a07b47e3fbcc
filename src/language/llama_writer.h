/* llama_writer.h - the in-process describe engine: one model, one context, the
 * prompts' beginnings computed once, several records decoded together.
 *
 * Sequences of the context: 0 and 1 hold the beginning (system text and examples) of
 * the Chinese and the English prompt; 2.. are the records under way, each begun as a
 * copy of its language's beginning, which shares the cells and costs nothing. */
#ifndef NR_LANGUAGE_LLAMA_WRITER_H
#define NR_LANGUAGE_LLAMA_WRITER_H

#include "language/engine.h"
#include "language/llama_model.h"

enum {
    NR_RECORD_TOKENS_MAX = 1200, /* of a record's block; the rest is cut off */
    NR_FIRST_RECORD = NR_PROMPT_LANGUAGE_COUNT,
    /* Widths in a group: the end of a group, where sequences stand empty, is paid for
     * once a group; what a killed run loses is at most a group. */
    NR_GROUP_WIDTHS = 3,
};

/* The parts of the prompt around a record's block, by language. */
struct nr_writer_prompt {
    struct nr_tokens head, tail; /* tail: up to and with NR_REPLY_PREFIX */
    bool computed;               /* head is in the context */
};

/* Labels of which the model is asked for the likeliest, by their first tokens. */
enum { NR_LABELS_MAX = 8 };
struct nr_question {
    const char *const *labels;
    int count;
    const char *text;                        /* what stands before the label */
    struct nr_tokens tokens;                 /* of the text */
    struct nr_tokens answers[NR_LABELS_MAX]; /* of the labels */
    bool usable;                             /* the first tokens differ */
};

struct nr_writer {
    struct nr_llama llama;
    struct llama_context *context;
    struct llama_batch batch;
    size_t batch_capacity;
    unsigned width, max_tokens;
    struct nr_writer_prompt prompts[NR_PROMPT_LANGUAGE_COUNT];
    struct nr_picker picker;
    struct nr_question sentiment, audience;
    bool encodes; /* an encoder reads the prompt (T5), and the decoder starts with `start` */
    llama_token start;
};

/* The fixed parts of the prompts, and the questions. */
enum nr_status nr_writer_make_prompts(struct nr_writer *writer, const struct nr_template *templates,
                                      struct nr_error *err) NR_MUST_CHECK;
void nr_writer_release_prompts(struct nr_writer *writer);

/* Runs the batch; NR_ERR_INTERRUPTED, NR_ERR_INTERNAL. */
enum nr_status nr_writer_decode(struct nr_writer *writer, struct nr_error *err) NR_MUST_CHECK;
/* Computes the beginning of a language's prompt where it is not yet; uses the batch. */
enum nr_status nr_writer_compute(struct nr_writer *writer, enum nr_prompt_language language,
                                 struct nr_error *err) NR_MUST_CHECK;
/* Makes a record's sequence a copy of the computed beginning; *position is where it
 * goes on. */
void nr_writer_begin(struct nr_writer *writer, enum nr_prompt_language language, llama_seq_id sequence,
                     size_t *position);
/* For a model that encodes: reads system text and record (at most NR_RECORD_TOKENS_MAX
 * tokens), for the first sequence. */
enum nr_status nr_writer_encode(struct nr_writer *writer, enum nr_prompt_language language,
                                const struct nr_tokens *record, struct nr_error *err) NR_MUST_CHECK;
/* Chances of the question's labels among themselves from the logits at batch entry
 * `entry`; returns the likeliest. Those of the sentiments are taken as they are: subtracting what the model says of an empty
 * record (contextual calibration) was measured and is worse with both default
 * models, since nothing is rightly called neutral and everything else then is not. */
int nr_writer_read_labels(struct nr_writer *writer, const struct nr_question *question, int32_t entry,
                          double chances[NR_LABELS_MAX]);

/* The engine's draft function. */
enum nr_status nr_writer_draft(void *state, const struct nr_prompt *prompts, size_t count, bool again,
                               const struct nr_limits *limits, struct nr_draft *drafts, struct nr_error *err);

#endif
