/* extractive.c - a description made of the record's own words, without a model.
 *
 * A word weighs its count, and two more where the title has it; words of one
 * character, numbers and stop words weigh nothing. A sentence is worth
 *   sum of the weights of its distinct words / sqrt(max(number of them, 4)),
 * once and a half as much in the synopsis as in the subtitles: the synopsis was
 * written to say what the video is about. A sentence that the summary has no room for
 * comes after all that it has room for. Nothing outside the item is looked at, so
 * that a description stays what it is when the catalogue grows. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "language/lexicon.h"
#include "nightreel/language.h"
#include "nightreel/language_evidence.h"
#include "nightreel/language_prompt.h"
#include "nightreel/language_reply.h"

#include "core/banned.h"

enum { SENTENCES_MAX = 200, SENTENCE_BYTES = 400, TITLE_BYTES = 200, KEYWORDS = 5 };
#define SYNOPSIS_FACTOR 1.5
#define TITLE_BONUS     2.0
/* A score nearer to zero than this counts as neutral. */
#define FEELING_LEAST 0.3
/* Twice somewhere, or once in the title. */
#define AUDIENCE_LEAST 1.5

struct extraction {
    struct nr_item *item;
    nr_word_counter count_words;
    size_t summary_tokens;
    struct nr_arena scratch;
    struct nr_terms words; /* of the whole record, weighted */
    size_t room;           /* tokens that the title leaves for a sentence */
    const char *best;
    bool best_fits;
    size_t best_length;
    double best_value;
};

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static const struct nr_term *find_word(const struct nr_terms *words, const char *name)
{
    size_t low = 0, high = words->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(words->items[middle].name, name);
        if (order == 0)
            return &words->items[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* A word of one character, a number (with its measure word: 一年, 三天) and a stop
 * word say nothing about a subject. */
static bool says_something(const char *word)
{
    static const char numerals[] = "一二三四五六七八九十百千万两第几半";
    size_t length = strlen(word), left = 0;
    for (size_t pos = 0; pos < length;) {
        size_t at = pos;
        char character[8] = "";
        nr_utf8_next(word, length, &pos);
        memcpy(character, word + at, pos - at);
        left += !strstr(numerals, character);
    }
    return left > 1 && word[strspn(word, "0123456789.,:-")] && !nr_word_is_stop(word);
}

/* Fills words: counts over the record, then weights. */
static enum nr_status weigh_words(struct extraction *x, struct nr_error *err)
{
    const struct nr_item *item = x->item;
    const char *title = or_empty(item->title);
    struct nr_terms in_title = {0};
    size_t count = 0;
    const char **texts = nr_arena_alloc(&x->scratch, item->tags.count + 3, sizeof *texts);
    if (!texts)
        return nr_fail_nomem(err, "a description");
    texts[count++] = title;
    texts[count++] = or_empty(item->synopsis);
    texts[count++] = or_empty(item->text ? item->text->subtitles : NULL);
    for (size_t i = 0; i < item->tags.count; i++)
        texts[count++] = item->tags.items[i];
    enum nr_status status = x->count_words(texts, count, &x->scratch, &x->words, err);
    if (!status)
        status = x->count_words(&title, 1, &x->scratch, &in_title, err);
    for (size_t i = 0; i < x->words.count && !status; i++) {
        struct nr_term *word = &x->words.items[i];
        word->weight += find_word(&in_title, word->name) ? TITLE_BONUS : 0;
    }
    return status;
}

static enum nr_status weigh_sentence(struct extraction *x, const char *text, size_t length, double factor,
                                     struct nr_error *err)
{
    struct nr_terms words = {0};
    const char *copy = nr_arena_strndup(&x->scratch, text, length);
    if (!copy)
        return nr_fail_nomem(err, "a description");
    enum nr_status status = x->count_words(&copy, 1, &x->scratch, &words, err);
    double sum = 0;
    size_t counted = 0;
    for (size_t i = 0; i < words.count && !status; i++) {
        const struct nr_term *word =
            says_something(words.items[i].name) ? find_word(&x->words, words.items[i].name) : NULL;
        sum += word ? word->weight : 0;
        counted += word != NULL;
    }
    double value = factor * sum / sqrt(counted > 4 ? (double)counted : 4.0);
    bool fits = nr_text_tokens(text, length) <= x->room;
    if (!status && (!x->best || fits > x->best_fits || (fits == x->best_fits && value > x->best_value))) {
        x->best = text;
        x->best_fits = fits;
        x->best_length = length;
        x->best_value = value;
    }
    return status;
}

static enum nr_status weigh_sentences(struct extraction *x, const char *text, double factor, struct nr_error *err)
{
    size_t pos = 0, start = 0, length = 0, seen = 0;
    enum nr_status status = NR_OK;
    while (text && !status && seen++ < SENTENCES_MAX && nr_sentence_next(text, &pos, &start, &length))
        status = weigh_sentence(x, text + start, length, factor, err);
    return status;
}

/* Appends at most `most` tokens; what is cut off leaves an ellipsis. */
static void put_cut(const char *text, size_t length, size_t limit, size_t most, struct nr_buf *out)
{
    struct nr_buf clean = {0};
    nr_text_quote(text, length, limit, &clean);
    if (clean.data && !clean.failed) {
        size_t end = nr_text_tokens_cut(clean.data, clean.length, most);
        if (end < clean.length && most)
            end = nr_text_tokens_cut(clean.data, clean.length, most - 1);
        nr_buf_append(out, clean.data, end);
        nr_buf_puts(out, end < clean.length ? "…" : "");
    }
    nr_buf_release(&clean);
}

/* "Title: best sentence", or the tags where there is no sentence. */
static void write_summary(struct extraction *x, struct nr_buf *out)
{
    const struct nr_item *item = x->item;
    const char *title = or_empty(item->title);
    bool zh = nr_prompt_language_of(item) == NR_PROMPT_ZH;
    put_cut(title, strlen(title), TITLE_BYTES, x->best ? x->summary_tokens / 2 : x->summary_tokens, out);
    if (x->best) {
        if (out->length)
            nr_buf_puts(out, zh ? "：" : ": ");
        size_t used = out->length ? nr_text_tokens(out->data, out->length) : 0;
        put_cut(x->best, x->best_length, SENTENCE_BYTES, x->summary_tokens > used ? x->summary_tokens - used : 0, out);
        return;
    }
    struct nr_buf tags = {0};
    for (size_t i = 0; i < item->tags.count && i < NR_REPLY_TOPICS_MAX; i++) {
        nr_buf_puts(&tags, i ? zh ? "、" : ", " : zh ? "（" : " (");
        nr_text_quote(item->tags.items[i], strlen(item->tags.items[i]), 60, &tags);
    }
    if (tags.length)
        nr_buf_puts(&tags, zh ? "）" : ")");
    size_t used = out->length ? nr_text_tokens(out->data, out->length) : 0;
    if (tags.length && !tags.failed && used + nr_text_tokens(tags.data, tags.length) <= x->summary_tokens)
        nr_buf_append(out, tags.data, tags.length);
    nr_buf_release(&tags);
}

static int by_weight(const void *a, const void *b)
{
    const struct nr_term *left = a, *right = b;
    if (left->weight != right->weight)
        return left->weight < right->weight ? 1 : -1;
    size_t left_length = nr_text_characters(left->name), right_length = nr_text_characters(right->name);
    if (left_length != right_length) /* the longer one is the more particular one */
        return left_length < right_length ? 1 : -1;
    return strcmp(left->name, right->name);
}

static void take_keywords(struct extraction *x, struct nr_strings *out)
{
    struct nr_arena *mem = &x->item->mem;
    out->items = nr_arena_alloc(mem, KEYWORDS, sizeof *out->items);
    qsort(x->words.items, x->words.count, sizeof *x->words.items, by_weight); /* last use of their order by name */
    for (size_t i = 0; i < x->words.count && out->items && out->count < KEYWORDS; i++)
        if (says_something(x->words.items[i].name))
            out->items[out->count++] = nr_arena_strdup(mem, x->words.items[i].name);
}

/* (p - n) / (p + n + 3) over the pleasant and unpleasant words that occur: none makes
 * 0, one alone 0.25, which is not enough to leave the neutral middle. */
static void judge_sentiment(const struct extraction *x, struct nr_description *out)
{
    double pleasant = 0, unpleasant = 0;
    for (size_t i = 0; i < x->words.count; i++) {
        int feeling = nr_word_feeling(x->words.items[i].name);
        pleasant += feeling > 0;
        unpleasant += feeling < 0;
    }
    double score = (pleasant - unpleasant) / (pleasant + unpleasant + 3);
    out->sentiment_score = score;
    out->sentiment = nr_sentiment_names[score >= FEELING_LEAST    ? NR_SENTIMENT_POSITIVE
                                        : score <= -FEELING_LEAST ? NR_SENTIMENT_NEGATIVE
                                                                  : NR_SENTIMENT_NEUTRAL];
}

/* The audience that the words speak of most, where they do so enough. */
static enum nr_audience judge_audience(const struct extraction *x)
{
    double weight[NR_AUDIENCE_COUNT] = {AUDIENCE_LEAST};
    int best = NR_AUDIENCE_GENERAL;
    for (size_t i = 0; i < x->words.count; i++) {
        int audience = nr_word_audience(x->words.items[i].name);
        if (audience != NR_AUDIENCE_GENERAL)
            weight[audience] += x->words.items[i].weight;
    }
    for (int i = 1; i < NR_AUDIENCE_COUNT; i++)
        if (weight[i] > weight[best])
            best = i;
    return (enum nr_audience)best;
}

static enum nr_status write_description(struct extraction *x, struct nr_error *err)
{
    struct nr_arena *mem = &x->item->mem;
    struct nr_description *out = nr_arena_alloc(mem, 1, sizeof *out);
    struct nr_buf summary = {0};
    if (!out)
        return nr_fail_nomem(err, "a description");
    write_summary(x, &summary);
    out->engine = "extractive";
    out->summary = nr_arena_strdup(mem, summary.data ? summary.data : "");
    out->topics.count = x->item->tags.count < NR_REPLY_TOPICS_MAX ? x->item->tags.count : NR_REPLY_TOPICS_MAX;
    out->topics.items = x->item->tags.items;
    judge_sentiment(x, out);
    out->audience = nr_audience_names[judge_audience(x)];
    out->language = nr_item_language(x->item);
    take_keywords(x, &out->keywords);
    enum nr_status status = nr_buf_status(&summary, err);
    nr_buf_release(&summary);
    if (!status && mem->failed)
        status = nr_fail_nomem(err, "a description");
    if (!status)
        x->item->description = out;
    return status;
}

enum nr_status nr_describe_extractive(struct nr_item *item, unsigned summary_tokens, nr_word_counter count_words,
                                      struct nr_error *err)
{
    struct extraction x = {.item = item, .count_words = count_words, .summary_tokens = summary_tokens};
    size_t title = nr_text_tokens(or_empty(item->title), strlen(or_empty(item->title)));
    x.room = summary_tokens - (title < summary_tokens / 2 ? title : summary_tokens / 2) - 1;
    enum nr_status status = weigh_words(&x, err);
    if (!status)
        status = weigh_sentences(&x, item->synopsis, SYNOPSIS_FACTOR, err);
    if (!status)
        status = weigh_sentences(&x, item->text ? item->text->subtitles : NULL, 1, err);
    if (!status)
        status = write_description(&x, err);
    nr_arena_release(&x.scratch);
    return status;
}
