/* nightreel/language_prompt.h - from a record to the words that a model is given.
 *
 * A template file has blocks: a line "@@system", "@@user" or "@@assistant", then the
 * text. The last block, a @@user one, is the record's: its placeholders {title}
 * {tags} {people} {synopsis} {subtitles} {picture} {sound} {near} {topics} are filled from
 * the item, and a line whose placeholders are all empty is left out. The blocks
 * before it are the system text and worked examples.
 */
#ifndef NIGHTREEL_LANGUAGE_PROMPT_H
#define NIGHTREEL_LANGUAGE_PROMPT_H

#include "nightreel/core.h"
#include "nightreel/language.h"

#define NR_TEMPLATE_MESSAGES_MAX 32
#define NR_PROMPT_BYTES_MAX      ((size_t)256 << 10) /* of a template file */

enum nr_prompt_language { NR_PROMPT_ZH, NR_PROMPT_EN, NR_PROMPT_LANGUAGE_COUNT };

struct nr_message {
    const char *role; /* "system" "user" "assistant" */
    const char *text;
};

struct nr_template {
    struct nr_message messages[NR_TEMPLATE_MESSAGES_MAX]; /* all but the record's block */
    size_t count;
    const char *record;
};

/* Defaults compiled in from data/prompts (prompt_builtin.c is made by CMake). */
struct nr_builtin_prompt {
    const char *file, *text;
};
extern const struct nr_builtin_prompt nr_builtin_prompts[NR_PROMPT_LANGUAGE_COUNT];

/* Splits `text` (copied to the arena). NR_ERR_DATA, with `name`, where it is no template. */
enum nr_status nr_template_parse(const char *text, const char *name, struct nr_arena *mem, struct nr_template *out,
                                 struct nr_error *err) NR_MUST_CHECK;
/* All languages from one `file`, from `dir`, or the built-in ones where both are NULL;
 * hash: 16 hex digits. */
enum nr_status nr_templates_load(const char *file, const char *dir, struct nr_arena *mem, struct nr_template *out,
                                 char hash[17], struct nr_error *err) NR_MUST_CHECK;

/* How a model counts tokens; NULL where a structure has it: nr_text_tokens(). */
struct nr_token_counter {
    size_t (*count)(void *ctx, const char *text, size_t length);
    void *ctx;
};

/* What a prompt is made of besides its template; borrowed. */
struct nr_prompt_source {
    const struct nr_item *item;
    const struct nr_strings *neighbours, *topics;
    nr_word_counter count_words;
    struct nr_token_counter tokens;
    size_t subtitle_tokens;
};
/* Appends the record's block, filled in. At most about 4 kB and the subtitles' tokens,
 * whatever the item holds. */
enum nr_status nr_prompt_render(const struct nr_template *tmpl, const struct nr_prompt_source *source,
                                struct nr_buf *out, struct nr_error *err) NR_MUST_CHECK;
/* Which template an item takes: Chinese for Chinese, English for everything else. */
enum nr_prompt_language nr_prompt_language_of(const struct nr_item *item);

/* Appends at most `limit` bytes of untrusted text as one line of plain characters:
 * control, format and private characters go, blanks are folded, and whatever could
 * end the quotation or spell a model's control token (" < > [ ] { } \ `) becomes a
 * harmless likeness. A cut is marked by an ellipsis. */
void nr_text_quote(const char *text, size_t length, size_t limit, struct nr_buf *out);
/* Appends the sentences of the item's subtitles that together cover most of its words
 * within the source's budget of tokens, in order, gaps marked by an ellipsis; quoted as
 * above. Greedy by (weight of the words that are new) / tokens^0.3, after Lin and Bilmes,
 * Multi-document summarization via budgeted maximization of submodular functions, 2010; a
 * word weighs the root of its count, twice as much where title, tags or synopsis have it.
 * Of more than 600 sentences, 600 at even distances are looked at. */
enum nr_status nr_subtitles_choose(const struct nr_prompt_source *source, struct nr_buf *out,
                                   struct nr_error *err) NR_MUST_CHECK;

/* The sentence that begins at text[*pos]: its bounds, blanks trimmed; false at the end.
 * Sentences end at 。！？!?… and line breaks, and at a full stop before a blank. */
bool nr_sentence_next(const char *text, size_t *pos, size_t *start, size_t *length);

#endif
