/* wordpiece.c - text to BERT's words, words to pieces. */
#include <stdlib.h>
#include <string.h>
#include <unicode/utf8.h>

#include "feature/bert_characters.h"
#include "feature/piece_trie.h"
#include "nightreel/feature_tokens.h"

#include "core/banned.h"

enum { WORD_BYTES = 4 * NR_WORDPIECE_CHARACTERS };

struct nr_wordpiece {
    char *text; /* the vocabulary, its lines ended by NUL */
    const char **pieces;
    size_t count;
    int32_t unknown;
    struct nr_piece_trie begins, goes_on; /* without their "##" */
    struct nr_bert_characters characters;
};

/* ---- the vocabulary ------------------------------------------------------------------ */

static size_t trimmed(const char *line, size_t length)
{
    while (length > 0 && strchr(" \t\r\v\f", line[length - 1]) && line[length - 1])
        length--;
    return length;
}

static enum nr_status split_lines(struct nr_wordpiece *wordpiece, size_t length, struct nr_error *err)
{
    size_t capacity = 0;
    for (char *line = wordpiece->text, *end = line + length; line < end;) {
        char *newline = memchr(line, '\n', (size_t)(end - line));
        char *stop = newline ? newline : end;
        enum nr_status status = nr_array_reserve((void **)&wordpiece->pieces, &capacity, wordpiece->count + 1,
                                                 sizeof *wordpiece->pieces, NR_WORDPIECE_PIECES, err);
        if (status)
            return status == NR_ERR_NOMEM && wordpiece->count == NR_WORDPIECE_PIECES
                       ? nr_fail(err, NR_ERR_DATA, "a vocabulary of more than %d pieces", NR_WORDPIECE_PIECES)
                       : status;
        line[trimmed(line, (size_t)(stop - line))] = '\0';
        wordpiece->pieces[wordpiece->count++] = line;
        line = stop + 1;
    }
    return NR_OK;
}

/* The pieces of one kind: those that begin words, or those that go on. */
static enum nr_status build(struct nr_wordpiece *wordpiece, bool goes_on, struct nr_piece_trie *trie,
                            struct nr_error *err)
{
    struct nr_piece *pieces = malloc((wordpiece->count + 1) * sizeof *pieces);
    size_t count = 0;
    if (!pieces)
        return nr_fail_nomem(err, "a vocabulary");
    for (size_t i = 0; i < wordpiece->count; i++) {
        const char *piece = wordpiece->pieces[i];
        bool marked = piece[0] == '#' && piece[1] == '#';
        const char *bytes = goes_on ? piece + 2 : piece;
        if (goes_on && !marked)
            continue;
        size_t length = strlen(bytes);
        if (length > 0 && length <= WORD_BYTES)
            pieces[count++] = (struct nr_piece){bytes, length, (int32_t)i};
    }
    enum nr_status status = nr_piece_trie_build(trie, pieces, count, err);
    free(pieces);
    return status;
}

static enum nr_status find_unknown(struct nr_wordpiece *wordpiece, struct nr_error *err)
{
    wordpiece->unknown = -1;
    for (size_t i = 0; i < wordpiece->count; i++)
        if (strcmp(wordpiece->pieces[i], "[UNK]") == 0)
            wordpiece->unknown = (int32_t)i;
    return wordpiece->unknown >= 0 ? NR_OK : nr_fail(err, NR_ERR_DATA, "there is no piece [UNK] in the vocabulary");
}

enum nr_status nr_wordpiece_new(const char *vocabulary, size_t length, bool cased, struct nr_wordpiece **out,
                                struct nr_error *err)
{
    struct nr_wordpiece *wordpiece = calloc(1, sizeof *wordpiece);
    *out = NULL;
    if (!wordpiece || !(wordpiece->text = malloc(length + 1))) {
        free(wordpiece);
        return nr_fail_nomem(err, "a vocabulary");
    }
    memcpy(wordpiece->text, vocabulary, length);
    wordpiece->text[length] = '\0';
    wordpiece->characters.cased = cased;
    enum nr_status status = split_lines(wordpiece, length, err);
    if (!status)
        status = find_unknown(wordpiece, err);
    if (!status)
        status = build(wordpiece, false, &wordpiece->begins, err);
    if (!status)
        status = build(wordpiece, true, &wordpiece->goes_on, err);
    if (status)
        nr_wordpiece_free(wordpiece);
    else
        *out = wordpiece;
    return status;
}

void nr_wordpiece_free(struct nr_wordpiece *wordpiece)
{
    if (!wordpiece)
        return;
    nr_bert_characters_release(&wordpiece->characters);
    nr_piece_trie_release(&wordpiece->begins);
    nr_piece_trie_release(&wordpiece->goes_on);
    free(wordpiece->pieces);
    free(wordpiece->text);
    free(wordpiece);
}

const char *nr_wordpiece_piece(const struct nr_wordpiece *wordpiece, int32_t id)
{
    return wordpiece->pieces[id];
}

int32_t nr_wordpiece_unknown(const struct nr_wordpiece *wordpiece)
{
    return wordpiece->unknown;
}

/* ---- words to pieces -------------------------------------------------------------------- */

struct encoding {
    struct nr_wordpiece *wordpiece;
    struct nr_token_ids *out;
    char word[WORD_BYTES]; /* as far as it is short enough */
    size_t bytes, characters;
    struct nr_error *err;
};

static enum nr_status put(struct encoding *work, int32_t id)
{
    struct nr_token_ids *out = work->out;
    enum nr_status status =
        nr_array_reserve((void **)&out->ids, &out->capacity, out->count + 1, sizeof *out->ids, SIZE_MAX / 8, work->err);
    if (!status)
        out->ids[out->count++] = id;
    return status;
}

static enum nr_status end_word(struct encoding *work)
{
    const struct nr_piece_trie *trie = &work->wordpiece->begins;
    size_t count = work->out->count, length = work->bytes;
    bool known = work->characters <= NR_WORDPIECE_CHARACTERS;
    enum nr_status status = NR_OK;
    for (size_t at = 0, matched = 0; !status && known && at < length; at += matched) {
        int32_t id = nr_piece_trie_longest(trie, work->word + at, length - at, &matched);
        known = id >= 0;
        if (known)
            status = put(work, id);
        trie = &work->wordpiece->goes_on;
    }
    if (!status && !known) {
        work->out->count = count;
        status = put(work, work->wordpiece->unknown);
    }
    work->bytes = work->characters = 0;
    return status;
}

static void add_unit(struct encoding *work, int32_t unit)
{
    if (++work->characters <= NR_WORDPIECE_CHARACTERS)
        U8_APPEND_UNSAFE(work->word, work->bytes, unit);
}

static enum nr_status add_character(struct encoding *work, const struct nr_bert_character *character)
{
    enum nr_status status = NR_OK;
    bool alone = character->kind != NR_BERT_OTHER;
    if (character->kind == NR_BERT_DROPPED)
        return NR_OK;
    if (alone && work->characters > 0)
        status = end_word(work);
    for (unsigned i = 0; !status && i < character->count; i++) {
        bool punctuation = character->punctuation >> i & 1;
        if (punctuation && work->characters > 0)
            status = end_word(work);
        add_unit(work, character->units[i]);
        if (!status && punctuation)
            status = end_word(work);
    }
    if (!status && alone && work->characters > 0)
        status = end_word(work);
    return status;
}

enum nr_status nr_wordpiece_encode(struct nr_wordpiece *wordpiece, const char *text, size_t length,
                                   struct nr_token_ids *out, struct nr_error *err)
{
    struct encoding work = {.wordpiece = wordpiece, .out = out, .err = err};
    enum nr_status status = NR_OK;
    for (size_t at = 0; !status && at < length;) {
        UChar32 c;
        U8_NEXT(text, at, length, c);
        if (c < 0)
            continue;
        const struct nr_bert_character *character = nr_bert_character(&wordpiece->characters, c);
        status = character ? add_character(&work, character) : nr_fail_nomem(err, "tokens");
    }
    return !status && work.characters > 0 ? end_word(&work) : status;
}

/* ---- pieces counted -------------------------------------------------------------------- */

static enum nr_status put_terms(const struct nr_wordpiece *wordpiece, const uint32_t *counts, struct nr_arena *mem,
                                struct nr_terms *out, struct nr_error *err)
{
    size_t distinct = 0;
    for (size_t id = 0; id < wordpiece->count; id++)
        distinct += counts[id] > 0;
    *out = (struct nr_terms){.items = nr_arena_alloc(mem, distinct + 1, sizeof *out->items)};
    if (!out->items)
        return nr_fail_nomem(err, "token counts");
    for (size_t id = 0; id < wordpiece->count; id++)
        if (counts[id] > 0)
            out->items[out->count++] = (struct nr_term){nr_arena_strdup(mem, wordpiece->pieces[id]), counts[id]};
    if (mem->failed)
        return nr_fail_nomem(err, "token counts");
    qsort(out->items, out->count, sizeof *out->items, nr_term_compare);
    return NR_OK;
}

enum nr_status nr_wordpiece_count(struct nr_wordpiece *wordpiece, const char *const *texts, size_t count,
                                  struct nr_arena *mem, struct nr_terms *out, struct nr_error *err)
{
    struct nr_token_ids found = {0};
    uint32_t *counts = calloc(wordpiece->count, sizeof *counts);
    enum nr_status status = counts ? NR_OK : nr_fail_nomem(err, "token counts");
    for (size_t i = 0; !status && i < count; i++)
        if (texts[i])
            status = nr_wordpiece_encode(wordpiece, texts[i], strlen(texts[i]), &found, err);
    for (size_t i = 0; !status && i < found.count; i++)
        counts[found.ids[i]] += found.ids[i] != wordpiece->unknown;
    if (!status)
        status = put_terms(wordpiece, counts, mem, out, err);
    free(counts);
    free(found.ids);
    return status;
}
