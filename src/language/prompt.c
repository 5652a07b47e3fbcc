/* prompt.c - a record in words, filled into a template. */
#include "nightreel/language_prompt.h"

#include <string.h>

#include "core/banned.h"

/* Bytes of each part of a prompt. Three bytes are about one Chinese character or
 * four fifths of an English token, so all but the subtitles stays near 600 tokens. */
enum {
    TITLE_BYTES = 240,
    LIST_BYTES = 240,
    SYNOPSIS_BYTES = 1000,
};

struct filling {
    const struct nr_prompt_source *source;
    bool zh;
    const char *comma; /* between the members of a list */
    enum nr_status status;
    struct nr_error *err;
};

/* What pictures and sound are like comes in English words. */
static const struct {
    const char *en, *zh;
} impressions[] = {
    {"dark", "暗"},          {"bright", "明亮"},        {"colourless", "黑白"},
    {"muted", "色彩淡"},     {"colourful", "色彩丰富"}, {"static", "画面静止"},
    {"calm", "平稳"},        {"fast", "动作快"},        {"quick cuts", "剪辑快"},
    {"quiet", "安静"},       {"loud", "响亮"},          {"many pauses", "停顿多"},
    {"speech", "对白为主"},  {"music", "音乐为主"},     {"silence", "无声"},
    {"mixed", "人声与音乐"},
};

static void put_impressions(const struct nr_strings *words, bool zh, const char *comma, struct nr_buf *out)
{
    for (size_t i = 0; words && i < words->count && i < 8; i++) {
        const char *word = words->items[i];
        for (size_t j = 0; zh && j < NR_COUNT(impressions); j++)
            if (strcmp(impressions[j].en, words->items[i]) == 0)
                word = impressions[j].zh;
        if (i)
            nr_buf_puts(out, comma);
        nr_text_quote(word, strlen(word), 60, out);
    }
}

static void put_list(const struct nr_strings *list, const char *comma, size_t begin, struct nr_buf *out)
{
    for (size_t i = 0; list && i < list->count; i++) {
        size_t used = out->length - begin;
        if (used + 24 > LIST_BYTES)
            return;
        if (used)
            nr_buf_puts(out, comma);
        nr_text_quote(list->items[i], strlen(list->items[i]), LIST_BYTES - used, out);
    }
}

static void put_plain(const char *text, size_t limit, struct nr_buf *out)
{
    if (text)
        nr_text_quote(text, strlen(text), limit, out);
}

/* Appends what stands for the placeholder; false where there is none of that name. */
static bool put_placeholder(struct filling *fill, const char *name, size_t length, struct nr_buf *out)
{
    static const char *const names[] = {"title",   "tags",  "people", "synopsis", "subtitles",
                                        "picture", "sound", "near",   "topics"};
    const struct nr_item *item = fill->source->item;
    size_t which = 0, begin = out->length;
    while (which < NR_COUNT(names) && (strlen(names[which]) != length || strncmp(names[which], name, length) != 0))
        which++;
    switch (which) {
    case 0:
        put_plain(item->title, TITLE_BYTES, out);
        return true;
    case 1:
        put_list(&item->tags, fill->comma, begin, out);
        return true;
    case 2:
        put_list(&item->directors, fill->comma, begin, out);
        put_list(&item->actors, fill->comma, begin, out);
        return true;
    case 3:
        put_plain(item->synopsis, SYNOPSIS_BYTES, out);
        return true;
    case 4:
        if (!fill->status)
            fill->status = nr_subtitles_choose(fill->source, out, fill->err);
        return true;
    case 5:
        put_impressions(item->visual ? &item->visual->words : NULL, fill->zh, fill->comma, out);
        return true;
    case 6:
        put_impressions(item->audio ? &item->audio->words : NULL, fill->zh, fill->comma, out);
        return true;
    case 7:
        put_list(fill->source->neighbours, fill->comma, begin, out);
        return true;
    case 8:
        put_list(fill->source->topics, fill->comma, begin, out);
        return true;
    default:
        return false;
    }
}

/* One line of the template; nothing where all of its placeholders are empty. */
static void render_line(struct filling *fill, const char *line, size_t length, struct nr_buf *out)
{
    size_t begin = out->length, places = 0, filled = 0;
    for (size_t i = 0; i < length;) {
        const char *end = line[i] == '{' ? memchr(line + i, '}', length - i) : NULL;
        size_t before = out->length;
        if (end && put_placeholder(fill, line + i + 1, (size_t)(end - line) - i - 1, out)) {
            places++;
            filled += out->length > before;
            i = (size_t)(end - line) + 1;
        } else {
            nr_buf_putc(out, line[i++]);
        }
    }
    if (places && !filled)
        out->length = begin;
    else
        nr_buf_putc(out, '\n');
}

enum nr_status nr_prompt_render(const struct nr_template *tmpl, const struct nr_prompt_source *source,
                                struct nr_buf *out, struct nr_error *err)
{
    bool zh = nr_prompt_language_of(source->item) == NR_PROMPT_ZH;
    struct filling fill = {source, zh, zh ? "、" : ", ", NR_OK, err};
    size_t begin = out->length;
    for (const char *line = tmpl->record; *line;) {
        size_t length = strcspn(line, "\n");
        render_line(&fill, line, length, out);
        line += length + (line[length] == '\n');
    }
    if (fill.status || out->failed || !out->data)
        return fill.status ? fill.status : nr_buf_status(out, err);
    out->length -= out->length > begin; /* no newline at the end */
    out->data[out->length] = '\0';
    return NR_OK;
}
