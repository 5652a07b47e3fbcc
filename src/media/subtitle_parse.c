/* subtitle_parse.c - SubRip, WebVTT and ASS/SSA, as they are found rather than as
 * they are specified: whatever cannot be read is passed over. */
#include <ctype.h>
#include <string.h>

#include "nightreel/media.h"

#include "core/banned.h"

struct line {
    const char *text;
    size_t length;
};

/* The next line (LF, CR LF or CR); false at the end. */
static bool next_line(const char **at, const char *end, struct line *line)
{
    if (*at >= end)
        return false;
    const char *stop = *at;
    while (stop < end && *stop != '\n' && *stop != '\r')
        stop++;
    *line = (struct line){*at, (size_t)(stop - *at)};
    *at = stop + (stop < end) + (stop + 1 < end && stop[0] == '\r' && stop[1] == '\n');
    return true;
}

static bool starts_with(const struct line *line, const char *prefix)
{
    size_t length = strlen(prefix);
    return line->length >= length && strncasecmp(line->text, prefix, length) == 0;
}

static bool is_blank(const struct line *line)
{
    for (size_t i = 0; i < line->length; i++)
        if (!isspace((unsigned char)line->text[i]))
            return false;
    return true;
}

static bool is_number(const struct line *line)
{
    bool digit = false;
    for (size_t i = 0; i < line->length; i++) {
        if (!isdigit((unsigned char)line->text[i]) && !isspace((unsigned char)line->text[i]))
            return false;
        digit |= isdigit((unsigned char)line->text[i]) != 0;
    }
    return digit;
}

/* [[h:]m:]s[.,]fraction to milliseconds; moves *at behind it. */
static bool read_time(const char **at, const char *end, int64_t *ms)
{
    int64_t whole = 0, part = 0;
    int digits = 0, colons = 0;
    const char *p = *at;
    while (p < end && (*p == ' ' || *p == '\t'))
        p++;
    for (; p < end && (isdigit((unsigned char)*p) || *p == ':'); p++) {
        if (*p == ':') {
            whole = (whole + part) * 60;
            part = 0;
            colons++;
        } else {
            part = part * 10 + (*p - '0');
            digits++;
        }
        if (digits > 12 || colons > 2)
            return false;
    }
    if (digits == 0 || colons == 0)
        return false;
    *ms = (whole + part) * 1000;
    if (p < end && (*p == '.' || *p == ',')) {
        int64_t scale = 100;
        for (p++; p < end && isdigit((unsigned char)*p); p++, scale /= 10)
            *ms += (*p - '0') * scale;
    }
    *at = p;
    return p == end || isspace((unsigned char)*p);
}

/* ---- SubRip and WebVTT ------------------------------------------------------------ */

/* The cue under construction: from the start of its text to `end`. */
struct open_cue {
    bool open, readable;
    int64_t start_ms, end_ms;
    const char *text;     /* NULL: no line yet */
    const char *end;      /* behind the last line */
    const char *previous; /* behind the line before that */
    bool last_is_number;
};

static enum nr_status close_cue(struct open_cue *cue, bool next_follows, struct nr_cue_list *list, struct nr_error *err)
{
    /* The number of the next cue, where no blank line parts them. */
    const char *end = next_follows && cue->last_is_number ? cue->previous : cue->end;
    enum nr_status status = NR_OK;
    if (cue->open && cue->readable && cue->text && end > cue->text)
        status = nr_cue_list_add(list, cue->start_ms, cue->end_ms, cue->text, (size_t)(end - cue->text), err);
    *cue = (struct open_cue){.open = false};
    return status;
}

static void open_cue(struct open_cue *cue, const struct line *line, const char *arrow)
{
    const char *at = line->text, *end = line->text + line->length;
    *cue = (struct open_cue){.open = true};
    cue->readable = read_time(&at, arrow, &cue->start_ms);
    at = arrow + 3;
    cue->readable = cue->readable && read_time(&at, end, &cue->end_ms);
}

static void extend_cue(struct open_cue *cue, const struct line *line)
{
    if (!cue->text)
        cue->text = cue->end = line->text;
    cue->previous = cue->end;
    cue->end = line->text + line->length;
    cue->last_is_number = is_number(line);
}

static enum nr_status parse_arrows(const char *at, const char *end, struct nr_cue_list *list, struct nr_error *err)
{
    struct open_cue cue = {.open = false};
    struct line line;
    enum nr_status status = NR_OK;
    while (!status && next_line(&at, end, &line)) {
        const char *arrow = memmem(line.text, line.length, "-->", 3);
        if (arrow) {
            status = close_cue(&cue, true, list, err);
            open_cue(&cue, &line, arrow);
        } else if (is_blank(&line)) {
            status = close_cue(&cue, false, list, err);
        } else if (cue.open) {
            extend_cue(&cue, &line);
        }
    }
    return status ? status : close_cue(&cue, false, list, err);
}

/* ---- ASS and SSA ----------------------------------------------------------------------- */

/* Which comma-separated fields of an event hold what; Text is always the last. */
struct event_format {
    int start, end, text;
};

static void read_format(const struct line *line, struct event_format *format)
{
    const char *at = line->text + strlen("Format:"), *end = line->text + line->length;
    struct event_format found = {-1, -1, -1};
    for (int field = 0; at < end; field++) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        struct line name = {at, (size_t)((comma ? comma : end) - at)};
        while (name.length && isspace((unsigned char)*name.text))
            name.text++, name.length--;
        found.start = starts_with(&name, "Start") ? field : found.start;
        found.end = starts_with(&name, "End") ? field : found.end;
        found.text = starts_with(&name, "Text") ? field : found.text;
        at = comma ? comma + 1 : end;
    }
    if (found.start >= 0 && found.end >= 0 && found.text > found.start && found.text > found.end)
        *format = found;
}

static enum nr_status read_dialogue(const struct line *line, const struct event_format *format,
                                    struct nr_cue_list *list, struct nr_error *err)
{
    const char *at = line->text + strlen("Dialogue:"), *end = line->text + line->length;
    int64_t start = 0, stop = 0;
    bool readable = true;
    for (int field = 0; field < format->text; field++) {
        const char *comma = memchr(at, ',', (size_t)(end - at)), *time = at;
        if (!comma)
            return NR_OK;
        if (field == format->start)
            readable &= read_time(&time, comma, &start);
        if (field == format->end)
            readable &= read_time(&time, comma, &stop);
        at = comma + 1;
    }
    return readable ? nr_cue_list_add(list, start, stop, at, (size_t)(end - at), err) : NR_OK;
}

static enum nr_status parse_ass(const char *at, const char *end, struct nr_cue_list *list, struct nr_error *err)
{
    struct event_format format = {1, 2, 9};
    struct line line;
    bool events = false;
    enum nr_status status = NR_OK;
    while (!status && next_line(&at, end, &line)) {
        if (line.length && *line.text == '[')
            events = starts_with(&line, "[Events]");
        else if (events && starts_with(&line, "Format:"))
            read_format(&line, &format);
        else if (starts_with(&line, "Dialogue:"))
            status = read_dialogue(&line, &format, list, err);
    }
    return status;
}

/* ---- which -------------------------------------------------------------------------------- */

static bool looks_like_ass(const char *at, const char *end)
{
    struct line line;
    while (next_line(&at, end, &line))
        if (starts_with(&line, "[Script Info]") || starts_with(&line, "[Events]") || starts_with(&line, "Dialogue:"))
            return true;
        else if (memmem(line.text, line.length, "-->", 3))
            return false;
    return false;
}

enum nr_status nr_subtitles_parse(const char *text, size_t length, struct nr_cue_list *list, struct nr_error *err)
{
    size_t before = list->count;
    if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
        length -= 3;
    }
    enum nr_status status = looks_like_ass(text, text + length) ? parse_ass(text, text + length, list, err)
                                                                : parse_arrows(text, text + length, list, err);
    if (!status && list->count == before)
        return nr_fail(err, NR_ERR_DATA, "no readable subtitle in it");
    return status;
}
