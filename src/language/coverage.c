/* coverage.c - the sentences of a video's subtitles that stand for all of them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "language/lexicon.h"
#include "nightreel/language_evidence.h"
#include "nightreel/language_prompt.h"

#include "core/banned.h"

enum { SENTENCES_MAX = 600, SENTENCE_BYTES = 600 };
/* How much a sentence's length counts against it; from the paper (see the header). */
#define COST_EXPONENT 0.3
#define TITLE_FACTOR  2.0
#define GAP           " … "

struct sentence {
    const char *text;      /* quoted */
    size_t number, tokens; /* number: among all sentences */
    struct nr_terms words;
    bool chosen;
};

struct choice {
    const struct nr_prompt_source *source;
    struct nr_arena mem;
    struct sentence *sentences;
    size_t count;
    struct nr_terms words; /* of all sentences, weighted; 0 once covered */
};

static size_t count_tokens(const struct nr_prompt_source *source, const char *text)
{
    const struct nr_token_counter *counter = &source->tokens;
    return counter->count ? counter->count(counter->ctx, text, strlen(text)) : nr_text_tokens(text, strlen(text));
}

static struct nr_term *find_word(struct nr_terms *words, const char *name)
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

static size_t count_sentences(const char *text)
{
    size_t pos = 0, start, length, count = 0;
    while (nr_sentence_next(text, &pos, &start, &length))
        count++;
    return count;
}

/* Quotes the sentences, at even distances where there are too many. */
static enum nr_status take_sentences(struct choice *c, const char *text, struct nr_error *err)
{
    size_t total = count_sentences(text), wanted = total < SENTENCES_MAX ? total : SENTENCES_MAX;
    size_t pos = 0, start, length;
    c->sentences = nr_arena_alloc(&c->mem, wanted ? wanted : 1, sizeof *c->sentences);
    for (size_t i = 0; c->sentences && nr_sentence_next(text, &pos, &start, &length); i++) {
        struct nr_buf line = {0};
        if (i && i * wanted / total == (i - 1) * wanted / total)
            continue;
        nr_text_quote(text + start, length, SENTENCE_BYTES, &line);
        const char *copy = line.data && !line.failed ? nr_arena_strdup(&c->mem, line.data) : NULL;
        nr_buf_release(&line);
        if (copy && *copy)
            c->sentences[c->count++] =
                (struct sentence){.text = copy, .number = i, .tokens = count_tokens(c->source, copy)};
    }
    return c->mem.failed ? nr_fail_nomem(err, "the subtitles") : NR_OK;
}

/* All words with the root of their count, the title's twice as much, stop words nothing. */
static enum nr_status weigh_words(struct choice *c, struct nr_error *err)
{
    const struct nr_item *item = c->source->item;
    size_t lines = item->tags.count + 2;
    const char **texts = nr_arena_alloc(&c->mem, c->count + lines, sizeof *texts);
    struct nr_terms title = {0};
    if (!texts)
        return nr_fail_nomem(err, "the subtitles");
    for (size_t i = 0; i < c->count; i++)
        texts[i] = c->sentences[i].text;
    enum nr_status status = c->source->count_words(texts, c->count, &c->mem, &c->words, err);
    texts[0] = item->title ? item->title : "";
    texts[1] = item->synopsis ? item->synopsis : "";
    for (size_t i = 0; i < item->tags.count; i++)
        texts[2 + i] = item->tags.items[i];
    if (!status)
        status = c->source->count_words(texts, lines, &c->mem, &title, err);
    for (size_t i = 0; i < c->words.count && !status; i++) {
        struct nr_term *word = &c->words.items[i];
        word->weight = nr_word_is_stop(word->name) ? 0 : sqrt(word->weight);
        word->weight *= find_word(&title, word->name) ? TITLE_FACTOR : 1;
    }
    for (size_t i = 0; i < c->count && !status; i++)
        status = c->source->count_words(&c->sentences[i].text, 1, &c->mem, &c->sentences[i].words, err);
    return status;
}

static double gain(struct choice *c, const struct sentence *sentence)
{
    double sum = 0;
    for (size_t i = 0; i < sentence->words.count; i++) {
        const struct nr_term *word = find_word(&c->words, sentence->words.items[i].name);
        sum += word ? word->weight : 0;
    }
    return sum / pow((double)(sentence->tokens ? sentence->tokens : 1), COST_EXPONENT);
}

/* The best sentence that still fits, or NULL; of equals the earlier one. */
static struct sentence *best_sentence(struct choice *c, size_t room)
{
    struct sentence *best = NULL;
    double best_gain = 0;
    for (size_t i = 0; i < c->count; i++) {
        struct sentence *sentence = &c->sentences[i];
        if (sentence->chosen || sentence->tokens > room)
            continue;
        double value = gain(c, sentence);
        if (value > best_gain) {
            best = sentence;
            best_gain = value;
        }
    }
    return best;
}

static void choose(struct choice *c, size_t budget)
{
    size_t gap = count_tokens(c->source, GAP), total = 0, room = budget;
    for (size_t i = 0; i < c->count; i++)
        total += c->sentences[i].tokens;
    for (size_t i = 0; total <= budget && i < c->count; i++)
        c->sentences[i].chosen = true; /* all of them fit */
    struct sentence *best;
    while (total > budget && (best = best_sentence(c, room))) {
        size_t cost = best->tokens + gap; /* the gap before the next one */
        best->chosen = true;
        room -= cost < room ? cost : room;
        for (size_t i = 0; i < best->words.count; i++) {
            struct nr_term *word = find_word(&c->words, best->words.items[i].name);
            if (word)
                word->weight = 0;
        }
    }
}

/* The chosen ones in order; the beginning of the first where not even one fits. */
static void write_chosen(const struct choice *c, struct nr_buf *out)
{
    size_t previous = SIZE_MAX, written = 0;
    for (size_t i = 0; i < c->count; i++) {
        if (!c->sentences[i].chosen)
            continue;
        nr_buf_puts(out, !written ? "" : previous + 1 == c->sentences[i].number ? " " : GAP);
        nr_buf_puts(out, c->sentences[i].text);
        previous = c->sentences[i].number;
        written++;
    }
    if (!written && c->count) {
        const char *first = c->sentences[0].text;
        nr_buf_append(out, first, nr_text_tokens_cut(first, strlen(first), c->source->subtitle_tokens));
    }
}

enum nr_status nr_subtitles_choose(const struct nr_prompt_source *source, struct nr_buf *out, struct nr_error *err)
{
    struct choice c = {.source = source};
    const char *text = source->item->text ? source->item->text->subtitles : NULL;
    if (!text || !source->subtitle_tokens)
        return NR_OK;
    enum nr_status status = take_sentences(&c, text, err);
    if (!status && c.count)
        status = weigh_words(&c, err);
    if (!status) {
        choose(&c, source->subtitle_tokens);
        write_chosen(&c, out);
    }
    nr_arena_release(&c.mem);
    return status;
}
