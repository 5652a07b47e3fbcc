/* subtitle_cues.c - cues, their plain lines, and the files they may lie in. */
#include <stdlib.h>
#include <string.h>

#include "media/subtitle_text.h"
#include "nightreel/media.h"

#include "core/banned.h"

void nr_cue_list_release(struct nr_cue_list *list)
{
    if (!list)
        return;
    nr_arena_release(&list->mem);
    free(list->cues);
    *list = (struct nr_cue_list){.count = 0};
}

enum nr_status nr_cue_list_add(struct nr_cue_list *list, int64_t start_ms, int64_t end_ms, const char *text,
                               size_t length, struct nr_error *err)
{
    struct nr_buf plain = {0};
    if (list->count == NR_CUES_MAX)
        return NR_OK;
    nr_subtitle_plain(text, length, &plain);
    enum nr_status status = nr_buf_status(&plain, err);
    if (!status && plain.length) {
        status = nr_array_reserve((void **)&list->cues, &list->capacity, list->count + 1, sizeof *list->cues,
                                  NR_CUES_MAX, err);
        const char *kept = status ? NULL : nr_arena_strndup(&list->mem, plain.data, plain.length);
        if (kept)
            list->cues[list->count++] = (struct nr_cue){start_ms, end_ms, kept};
        else if (!status)
            status = nr_fail_nomem(err, "subtitles");
    }
    nr_buf_release(&plain);
    return status;
}

/* ---- joining ------------------------------------------------------------------ */

enum { ROLLING_LINES = 3 };

/* The last lines put out: where each starts in the buffer. */
struct rolling {
    size_t starts[ROLLING_LINES];
    size_t count, end; /* end: of the text with its last newline */
};

/* Whether this line is among the last ones. */
static bool just_said(const struct rolling *rolling, const struct nr_buf *out, const char *line, size_t length)
{
    for (size_t i = 0; i < rolling->count; i++) {
        size_t end = i + 1 < rolling->count ? rolling->starts[i + 1] : rolling->end;
        size_t said = end - rolling->starts[i] - 1;
        if (said == length && memcmp(out->data + rolling->starts[i], line, length) == 0)
            return true;
    }
    return false;
}

/* Takes the last line back where the new one only carries it on. */
static void take_back_prefix(struct rolling *rolling, struct nr_buf *out, const char *line, size_t length)
{
    if (rolling->count == 0)
        return;
    size_t start = rolling->starts[rolling->count - 1], said = rolling->end - start - 1;
    if (said < length && memcmp(out->data + start, line, said) == 0) {
        out->length = rolling->end = start;
        out->data[start] = '\0';
        rolling->count--;
    }
}

static void say(struct rolling *rolling, struct nr_buf *out, const char *line, size_t length)
{
    if (rolling->count == ROLLING_LINES) {
        memmove(rolling->starts, rolling->starts + 1, (ROLLING_LINES - 1) * sizeof rolling->starts[0]);
        rolling->count--;
    }
    rolling->starts[rolling->count++] = out->length;
    nr_buf_append(out, line, length);
    nr_buf_putc(out, '\n');
    rolling->end = out->length;
}

void nr_subtitles_join(const struct nr_cue_list *list, size_t limit, struct nr_buf *out)
{
    struct rolling rolling = {.end = out->length};
    size_t start = out->length;
    for (size_t i = 0; i < list->count; i++) {
        for (const char *line = list->cues[i].text; line && *line; line += *line == '\n') {
            size_t length = strcspn(line, "\n");
            if (!just_said(&rolling, out, line, length)) {
                take_back_prefix(&rolling, out, line, length);
                if (out->failed || out->length - start + length + 1 > limit)
                    return;
                say(&rolling, out, line, length);
            }
            line += length;
        }
    }
}

/* ---- files beside the video ------------------------------------------------------ */

static const char *const extensions[] = {"srt", "ass", "vtt", "ssa"};

bool nr_subtitle_extension(const char *extension)
{
    for (size_t i = 0; i < NR_COUNT(extensions); i++)
        if (strcmp(extensions[i], extension) == 0)
            return true;
    return false;
}

size_t nr_subtitle_stem(const char *video)
{
    const char *slash = strrchr(video, '/'), *dot = strrchr(video, '.');
    return dot && dot > (slash ? slash + 1 : video) ? (size_t)(dot - video) : strlen(video);
}

bool nr_subtitles_beside(const char *video, const char *language, size_t index, struct nr_buf *out)
{
    static const char *const languages[] = {"",      "zh",    "zh-CN", "zh-Hans", "zh-Hant", "zh-TW", "chs",
                                            "cht",   "chi",   "zho",   "cmn",     "sc",      "tc",    "en",
                                            "en-US", "en-GB", "eng",   "ja",      "jpn",     "ko",    "kor"};
    size_t which = index / NR_COUNT(extensions); /* 0: the language asked for, then the table */
    const char *suffix = which > 0 ? which <= NR_COUNT(languages) ? languages[which - 1] : NULL : language;
    if (which > NR_COUNT(languages))
        return false;
    if (!suffix || strchr(suffix, '/'))
        suffix = "";
    nr_buf_clear(out);
    nr_buf_append(out, video, nr_subtitle_stem(video));
    nr_buf_printf(out, "%s%s.%s", *suffix ? "." : "", suffix, extensions[index % NR_COUNT(extensions)]);
    return true;
}
