/* charset.c - encodings through ICU. */
#include "io/charset.h"

#include <stdlib.h>
#include <string.h>

#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>

#include "nightreel/io.h"

#include "core/banned.h"

static const struct {
    const char *encoding;
    const char *bytes;
    size_t length;
} byte_order_marks[] = {
    {"UTF-8", "\xef\xbb\xbf", 3}, {"UTF-32LE", "\xff\xfe\0\0", 4}, {"UTF-32BE", "\0\0\xfe\xff", 4},
    {"UTF-16LE", "\xff\xfe", 2},  {"UTF-16BE", "\xfe\xff", 2},     {"GB18030", "\x84\x31\x95\x33", 4},
};

/* UTF-16 without a mark: ASCII letters and blanks have a zero byte on one side. */
static const char *guess_utf16(const unsigned char *data, size_t length)
{
    size_t zeros[2] = {0, 0};
    for (size_t i = 0; i < length; i++)
        zeros[i % 2] += data[i] == 0;
    if (zeros[1] > length / 8 && zeros[0] * 8 < zeros[1])
        return "UTF-16LE";
    if (zeros[0] > length / 8 && zeros[1] * 8 < zeros[0])
        return "UTF-16BE";
    return NULL;
}

/* Share of double-byte characters that are GB 2312 level 1 (the 3,755 everyday
 * Chinese characters): over .9 in Chinese text in GBK or GB 18030, under .5 in Big5
 * and Shift_JIS, near 0 in Latin text. ICU's detector wants longer text than a
 * subtitle file often has. */
static double everyday_chinese(const unsigned char *data, size_t length)
{
    size_t pairs = 0, everyday = 0;
    for (size_t i = 0; i + 1 < length; i++) {
        if (data[i] < 0x80)
            continue;
        bool punctuation = data[i] >= 0xa1 && data[i] <= 0xa3 && data[i + 1] >= 0xa1;
        pairs += !punctuation;
        everyday += data[i] >= 0xb0 && data[i] <= 0xd7 && data[i + 1] >= 0xa1;
        i++;
    }
    return pairs >= 2 ? (double)everyday / (double)pairs : 0;
}

/* The best of ICU's guesses among encodings that may be met here. */
static const char *ask_icu(const char *sample, size_t length)
{
    static const char *const accepted[] = {
        "GB18030",      "Big5",         "Shift_JIS",    "EUC-JP",       "EUC-KR",       "ISO-2022-JP",  "windows-1250",
        "windows-1251", "windows-1252", "windows-1253", "windows-1254", "windows-1255", "windows-1256", "ISO-8859-1",
        "ISO-8859-2",   "ISO-8859-5",   "ISO-8859-6",   "ISO-8859-7",   "ISO-8859-8",   "ISO-8859-9",   "KOI8-R"};
    UErrorCode code = U_ZERO_ERROR;
    const char *found = NULL;
    int32_t matches = 0;
    UCharsetDetector *detector = ucsdet_open(&code);
    ucsdet_setText(detector, sample, (int32_t)length, &code);
    const UCharsetMatch **all = ucsdet_detectAll(detector, &matches, &code);
    for (int32_t i = 0; U_SUCCESS(code) && i < matches && !found; i++) {
        const char *name = ucsdet_getName(all[i], &code);
        for (size_t k = 0; U_SUCCESS(code) && k < NR_COUNT(accepted) && !found; k++)
            if (strcmp(name, accepted[k]) == 0)
                found = accepted[k];
    }
    ucsdet_close(detector);
    return found;
}

/* UTF-8 with a few bad bytes is still UTF-8: the rows that hold them are refused,
 * not the file. */
static bool mostly_utf8(const char *sample, size_t length)
{
    enum { GOOD_PER_BAD = 8 };
    size_t good = 0, bad = 0;
    for (size_t at = 0; at < length;) {
        size_t from = at;
        uint32_t c = nr_utf8_next(sample, length, &at);
        bad += c == 0xFFFD && at == from + 1;
        good += at > from + 1;
    }
    return good >= GOOD_PER_BAD * bad;
}

const char *nr_charset_detect(const char *sample, size_t length, bool cut, size_t *bom)
{
    static const double CHINESE_SHARE = 0.7;
    *bom = 0;
    for (size_t i = 0; i < NR_COUNT(byte_order_marks); i++)
        if (length >= byte_order_marks[i].length &&
            memcmp(sample, byte_order_marks[i].bytes, byte_order_marks[i].length) == 0) {
            *bom = byte_order_marks[i].length;
            return byte_order_marks[i].encoding;
        }
    size_t whole = cut && length > 4 ? nr_utf8_prefix(sample, length, length - 4) : length;
    const char *utf16 = guess_utf16((const unsigned char *)sample, length);
    if (utf16)
        return utf16;
    if (mostly_utf8(sample, whole))
        return "UTF-8";
    const char *icu = ask_icu(sample, length);
    bool korean = icu && strcmp(icu, "EUC-KR") == 0; /* its syllables lie where everyday Chinese does */
    if (!korean && everyday_chinese((const unsigned char *)sample, length) >= CHINESE_SHARE)
        return "GB18030";
    return icu ? icu : "windows-1252";
}

struct nr_charset_decoder {
    UConverter *from, *to;
    UChar pivot[1024];
    UChar *pivot_source, *pivot_target;
};

struct nr_charset_decoder *nr_charset_decoder_new(const char *encoding)
{
    UErrorCode code = U_ZERO_ERROR;
    struct nr_charset_decoder *decoder = calloc(1, sizeof *decoder);
    if (!decoder)
        return NULL;
    decoder->from = ucnv_open(encoding, &code);
    decoder->to = ucnv_open("UTF-8", &code);
    decoder->pivot_source = decoder->pivot_target = decoder->pivot;
    if (U_FAILURE(code)) {
        nr_charset_decoder_free(decoder);
        return NULL;
    }
    return decoder;
}

void nr_charset_decode(struct nr_charset_decoder *decoder, const char *data, size_t length, bool last,
                       struct nr_buf *out)
{
    char piece[4096];
    const char *source = data, *end = data + length;
    UErrorCode code = U_BUFFER_OVERFLOW_ERROR;
    while (code == U_BUFFER_OVERFLOW_ERROR) {
        char *target = piece;
        code = U_ZERO_ERROR;
        ucnv_convertEx(decoder->to, decoder->from, &target, piece + sizeof piece, &source, end, decoder->pivot,
                       &decoder->pivot_source, &decoder->pivot_target, decoder->pivot + NR_COUNT(decoder->pivot), false,
                       last, &code);
        nr_buf_append(out, piece, (size_t)(target - piece));
    }
}

void nr_charset_decoder_free(struct nr_charset_decoder *decoder)
{
    if (!decoder)
        return;
    ucnv_close(decoder->from);
    ucnv_close(decoder->to);
    free(decoder);
}

enum nr_status nr_charset_to_utf8(const char *data, size_t length, struct nr_buf *out, const char **encoding,
                                  struct nr_error *err)
{
    size_t bom, sample = length > NR_CHARSET_SAMPLE ? NR_CHARSET_SAMPLE : length;
    *encoding = nr_charset_detect(data, sample, sample < length, &bom);
    if (strcmp(*encoding, "UTF-8") == 0 && nr_utf8_valid(data + bom, length - bom)) {
        nr_buf_append(out, data + bom, length - bom);
        return nr_buf_status(out, err);
    }
    struct nr_charset_decoder *decoder = nr_charset_decoder_new(*encoding);
    if (!decoder)
        return nr_fail_nomem(err, "a character set converter");
    nr_charset_decode(decoder, data + bom, length - bom, true, out);
    nr_charset_decoder_free(decoder);
    return nr_buf_status(out, err);
}
