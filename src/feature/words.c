/* words.c - texts to word counts, by ICU. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>
#include <unicode/uvernum.h>

#include "feature/mel.h"
#include "feature/stop_words.h"
#include "nightreel/feature.h"

#include "core/banned.h"

/* A text is cut into pieces of at most this many bytes at a line's or, failing that, a
 * character's end: bounds ICU's buffers whatever the input. */
#define PIECE_BYTES ((size_t)64 << 10)
enum { WORD_BYTES = 64, YEAR_DIGITS = 4 };

void nr_text_params_default(struct nr_text_params *params)
{
    *params = (struct nr_text_params){.max_subtitle_bytes = 65536};
}

const char *nr_text_params_check(const struct nr_text_params *params)
{
    return params->max_subtitle_bytes > ((size_t)16 << 20) ? "at most 16 MiB of subtitles can be kept in a record"
                                                           : NULL;
}

const char *nr_feature_versions(void)
{
    return "icu " U_ICU_VERSION ", " NR_MEL_LIBRARY;
}

/* ---- ICU's tables: made once, since opening them reads rules and dictionaries ---- */

static struct {
    pthread_once_t once;
    const UNormalizer2 *fold;
    UTransliterator *simplify;
    UBreakIterator *breaks; /* cloned for each count */
    UErrorCode error;
} icu = {.once = PTHREAD_ONCE_INIT};

static void open_tables(void)
{
    static const UChar id[] = u"Hant-Hans";
    icu.fold = unorm2_getNFKCCasefoldInstance(&icu.error);
    icu.simplify = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &icu.error);
    icu.breaks = ubrk_open(UBRK_WORD, "root", NULL, 0, &icu.error);
}

/* ---- the count ---------------------------------------------------------------------- */

/* Open addressing over the words met so far. */
struct slot {
    char *word;
    uint64_t hash, count;
};

struct counting {
    UBreakIterator *breaks;
    UTransliterator *simplify;
    UChar *wide, *folded; /* room for PIECE_BYTES units, and for what they may grow to */
    int32_t folded_capacity;
    struct nr_arena *mem;
    struct slot *slots;
    size_t size, used;       /* size is a power of two */
    struct nr_strings *list; /* words in their order instead of counts; NULL: counts */
    size_t list_capacity;
};

static struct slot *find_slot(struct slot *slots, size_t size, const char *word, uint64_t hash)
{
    size_t at = hash & (size - 1);
    while (slots[at].word && (slots[at].hash != hash || strcmp(slots[at].word, word) != 0))
        at = (at + 1) & (size - 1);
    return &slots[at];
}

static bool grow(struct counting *counting)
{
    size_t size = counting->size ? 2 * counting->size : 1024;
    struct slot *slots = calloc(size, sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; i < counting->size; i++)
        if (counting->slots[i].word)
            *find_slot(slots, size, counting->slots[i].word, counting->slots[i].hash) = counting->slots[i];
    free(counting->slots);
    counting->slots = slots;
    counting->size = size;
    return true;
}

static enum nr_status count_word(struct counting *counting, const char *word, struct nr_error *err)
{
    uint64_t hash = nr_fnv1a(NR_FNV1A_SEED, word, strlen(word));
    if (2 * (counting->used + 1) > counting->size && !grow(counting))
        return nr_fail_nomem(err, "word counts");
    struct slot *slot = find_slot(counting->slots, counting->size, word, hash);
    if (!slot->word) {
        if (counting->used == NR_WORDS_MAX)
            return NR_OK;
        *slot = (struct slot){.word = nr_arena_strdup(counting->mem, word), .hash = hash};
        if (!slot->word)
            return nr_fail_nomem(err, "word counts");
        counting->used++;
    }
    slot->count++;
    return NR_OK;
}

/* Appends to a list in the arena; what it outgrew stays there unused. */
static enum nr_status list_word(struct counting *counting, const char *word, struct nr_error *err)
{
    struct nr_strings *list = counting->list;
    if (list->count == counting->list_capacity) {
        size_t capacity = list->count ? 2 * list->count : 16;
        const char **items = nr_arena_alloc(counting->mem, capacity, sizeof *items);
        if (!items)
            return nr_fail_nomem(err, "the words of a text");
        if (list->count)
            memcpy(items, list->items, list->count * sizeof *items);
        list->items = items;
        counting->list_capacity = capacity;
    }
    list->items[list->count] = nr_arena_strdup(counting->mem, word);
    return list->items[list->count++] ? NR_OK : nr_fail_nomem(err, "the words of a text");
}

/* A word counts when it has a letter, or is a number of as many digits as a year. */
static bool worth_counting(const UChar *units, int32_t length)
{
    int32_t digits = 0;
    bool letter = false;
    for (int32_t i = 0; i < length;) {
        UChar32 c;
        U16_NEXT(units, i, length, c);
        letter |= u_isalpha(c);
        digits += u_isdigit(c) ? 1 : 0;
    }
    return letter || digits == YEAR_DIGITS;
}

/* "earth's" counts as "earth": less the genitive (straight or curly apostrophe). */
static int32_t without_genitive(const UChar *units, int32_t length)
{
    bool genitive =
        length > 2 && units[length - 1] == u's' && (units[length - 2] == u'\'' || units[length - 2] == 0x2019);
    return genitive ? length - 2 : length;
}

static enum nr_status count_span(struct counting *counting, int32_t from, int32_t to, struct nr_error *err)
{
    char word[WORD_BYTES + 1];
    int32_t length = 0;
    UErrorCode error = U_ZERO_ERROR;
    int32_t units = without_genitive(counting->folded + from, to - from);
    if (!worth_counting(counting->folded + from, units))
        return NR_OK;
    u_strToUTF8WithSub(word, WORD_BYTES, &length, counting->folded + from, units, 0xFFFD, NULL, &error);
    if (U_FAILURE(error)) /* too long to be a word */
        return NR_OK;
    word[length] = '\0';
    if (counting->list)
        return counting->list->count < NR_WORDS_MAX ? list_word(counting, word, err) : NR_OK;
    return nr_stop_word(word) ? NR_OK : count_word(counting, word, err);
}

/* NFKC, case fold and simplified characters into counting->folded; its length or -1. */
static int32_t fold(struct counting *counting, const char *text, size_t length)
{
    UErrorCode error = U_ZERO_ERROR;
    int32_t units = 0;
    u_strFromUTF8WithSub(counting->wide, (int32_t)PIECE_BYTES, &units, text, (int32_t)length, 0xFFFD, NULL, &error);
    int32_t folded =
        unorm2_normalize(icu.fold, counting->wide, units, counting->folded, counting->folded_capacity, &error);
    int32_t limit = folded;
    if (U_SUCCESS(error))
        utrans_transUChars(counting->simplify, counting->folded, &folded, counting->folded_capacity, 0, &limit, &error);
    return U_SUCCESS(error) ? folded : -1;
}

static enum nr_status count_piece(struct counting *counting, const char *text, size_t length, struct nr_error *err)
{
    UErrorCode error = U_ZERO_ERROR;
    int32_t folded = fold(counting, text, length);
    if (folded < 0)
        return NR_OK; /* folds to something absurdly long: no words in it */
    ubrk_setText(counting->breaks, counting->folded, folded, &error);
    if (U_FAILURE(error))
        return nr_fail(err, NR_ERR_INTERNAL, "cannot break text into words: %s", u_errorName(error));
    enum nr_status status = NR_OK;
    int32_t from = ubrk_first(counting->breaks);
    for (int32_t to = ubrk_next(counting->breaks); to != UBRK_DONE && !status; to = ubrk_next(counting->breaks)) {
        if (ubrk_getRuleStatus(counting->breaks) >= UBRK_WORD_NONE_LIMIT)
            status = count_span(counting, from, to, err);
        from = to;
    }
    return status;
}

static size_t piece_length(const char *text, size_t left)
{
    size_t length = nr_utf8_prefix(text, left, PIECE_BYTES);
    if (length == left)
        return length;
    const char *newline = memrchr(text, '\n', length);
    return newline ? (size_t)(newline - text) + 1 : length;
}

static enum nr_status put_terms(const struct counting *counting, struct nr_terms *out, struct nr_error *err)
{
    *out = (struct nr_terms){.items = nr_arena_alloc(counting->mem, counting->used + 1, sizeof *out->items)};
    if (!out->items)
        return nr_fail_nomem(err, "word counts");
    for (size_t i = 0; i < counting->size; i++)
        if (counting->slots[i].word)
            out->items[out->count++] = (struct nr_term){counting->slots[i].word, (double)counting->slots[i].count};
    qsort(out->items, out->count, sizeof *out->items, nr_term_compare);
    return NR_OK;
}

static enum nr_status counting_init(struct counting *counting, struct nr_arena *mem, struct nr_error *err)
{
    UErrorCode error = U_ZERO_ERROR;
    pthread_once(&icu.once, open_tables);
    if (U_FAILURE(icu.error))
        return nr_fail(err, NR_ERR_INTERNAL, "cannot open ICU's tables: %s", u_errorName(icu.error));
    *counting = (struct counting){.mem = mem, .folded_capacity = (int32_t)(20 * PIECE_BYTES)};
    counting->breaks = ubrk_clone(icu.breaks, &error);
    counting->simplify = utrans_clone(icu.simplify, &error);
    counting->wide = malloc(PIECE_BYTES * sizeof(UChar));
    counting->folded = malloc((size_t)counting->folded_capacity * sizeof(UChar));
    if (U_FAILURE(error) || !counting->wide || !counting->folded)
        return nr_fail_nomem(err, "word counts");
    return NR_OK;
}

static void counting_release(struct counting *counting)
{
    if (counting->breaks)
        ubrk_close(counting->breaks);
    if (counting->simplify)
        utrans_close(counting->simplify);
    free(counting->wide);
    free(counting->folded);
    free(counting->slots);
}

static enum nr_status count_text(struct counting *counting, const char *text, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    size_t left = strlen(text);
    while (left > 0 && !status) {
        size_t length = piece_length(text, left);
        status = count_piece(counting, text, length, err);
        text += length;
        left -= length;
    }
    return status;
}

enum nr_status nr_words_count(const char *const *texts, size_t count, struct nr_arena *mem, struct nr_terms *out,
                              struct nr_error *err)
{
    struct counting counting = {0};
    enum nr_status status = counting_init(&counting, mem, err);
    for (size_t i = 0; i < count && !status; i++)
        status = count_text(&counting, texts[i] ? texts[i] : "", err);
    if (!status)
        status = put_terms(&counting, out, err);
    counting_release(&counting);
    return status;
}

enum nr_status nr_words_list(const char *const *texts, size_t count, struct nr_arena *mem, struct nr_strings *out,
                             struct nr_error *err)
{
    struct counting counting = {0};
    enum nr_status status = counting_init(&counting, mem, err);
    for (size_t i = 0; i < count && !status; i++) {
        out[i] = (struct nr_strings){.count = 0};
        counting.list = &out[i];
        counting.list_capacity = 0;
        status = count_text(&counting, texts[i] ? texts[i] : "", err);
    }
    counting_release(&counting);
    return status;
}
