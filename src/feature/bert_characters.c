/* bert_characters.c - BERT's rules for single characters, by ICU's properties. */
#include "feature/bert_characters.h"

#include <stdlib.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "core/banned.h"

enum { PAGE = 256 };

/* The reference's tables are those of Unicode 8: what came later is of no category, and six
 * characters were of another one than today. */
static bool has_category(UChar32 c, uint32_t mask)
{
    static const struct {
        UChar32 c;
        uint32_t mask;
    } then[] = {{0x166D, U_GC_PO_MASK}, {0x1734, U_GC_MN_MASK}, {0x1885, U_GC_LO_MASK},
                {0x1886, U_GC_LO_MASK}, {0xA9BD, U_GC_MC_MASK}, {0x111C9, U_GC_PO_MASK}};
    UVersionInfo age;
    for (size_t i = 0; i < NR_COUNT(then); i++)
        if (then[i].c == c)
            return (then[i].mask & mask) != 0;
    u_charAge(c, age);
    return age[0] <= 8 && (U_GET_GC_MASK(c) & mask) != 0;
}

static bool is_control(UChar32 c)
{
    return c != '\t' && c != '\n' && c != '\r' && has_category(c, U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CO_MASK);
}

static bool is_ideograph(UChar32 c)
{
    static const struct {
        UChar32 first, last;
    } ranges[] = {{0x4E00, 0x9FFF},   {0x3400, 0x4DBF},   {0x20000, 0x2A6DF}, {0x2A700, 0x2B73F},
                  {0x2B740, 0x2B81F}, {0x2B920, 0x2CEAF}, {0xF900, 0xFAFF},   {0x2F800, 0x2FA1F}};
    for (size_t i = 0; i < NR_COUNT(ranges); i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return true;
    return false;
}

static bool is_punctuation(UChar32 c)
{
    bool ascii = c > 32 && c < 127;
    return ascii ? !u_isalnum(c) : has_category(c, U_GC_P_MASK);
}

static void add_unit(struct nr_bert_character *out, UChar32 unit)
{
    if (out->count == NR_BERT_UNITS)
        return;
    if (is_punctuation(unit))
        out->punctuation |= (uint8_t)(1U << out->count);
    out->units[out->count++] = unit;
}

static void add_lower(struct nr_bert_character *out, UChar32 c)
{
    UChar from[2], to[8];
    UErrorCode error = U_ZERO_ERROR;
    int32_t length = 0, at = 0;
    U16_APPEND_UNSAFE(from, length, c);
    length = u_strToLower(to, NR_COUNT(to), from, length, "", &error);
    while (U_SUCCESS(error) && at < length) {
        UChar32 unit;
        U16_NEXT(to, at, length, unit);
        add_unit(out, unit);
    }
}

/* Decomposed, without nonspacing marks, in lower case. */
static void add_uncased(struct nr_bert_character *out, UChar32 c)
{
    UErrorCode error = U_ZERO_ERROR;
    const UNormalizer2 *decompose = unorm2_getNFDInstance(&error);
    UChar parts[2 * NR_BERT_UNITS];
    int32_t length = U_SUCCESS(error) ? unorm2_getDecomposition(decompose, c, parts, NR_COUNT(parts), &error) : -1;
    int32_t at = 0;
    if (length < 0 || U_FAILURE(error)) {
        length = 0;
        U16_APPEND_UNSAFE(parts, length, c);
    }
    while (at < length) {
        UChar32 part;
        U16_NEXT(parts, at, length, part);
        if (!has_category(part, U_GC_MN_MASK))
            add_lower(out, part);
    }
}

static void find_out(bool cased, UChar32 c, struct nr_bert_character *out)
{
    *out = (struct nr_bert_character){.kind = NR_BERT_DROPPED};
    if (c == 0 || c == 0xFFFD || U_IS_SURROGATE(c) || is_control(c))
        return;
    if (u_isUWhiteSpace(c)) {
        out->kind = NR_BERT_SPACE;
    } else {
        out->kind = is_ideograph(c) ? NR_BERT_IDEOGRAPH : NR_BERT_OTHER;
        if (cased)
            add_unit(out, c);
        else
            add_uncased(out, c);
    }
}

const struct nr_bert_character *nr_bert_character(struct nr_bert_characters *characters, int32_t c)
{
    struct nr_bert_character **page = &characters->pages[c / PAGE];
    if (!*page) {
        *page = malloc(PAGE * sizeof **page);
        for (int32_t i = 0; *page && i < PAGE; i++)
            find_out(characters->cased, c / PAGE * PAGE + i, &(*page)[i]);
        if (!*page)
            return NULL;
    }
    return &(*page)[c % PAGE];
}

void nr_bert_characters_release(struct nr_bert_characters *characters)
{
    for (size_t i = 0; i < NR_COUNT(characters->pages); i++)
        free(characters->pages[i]);
}
