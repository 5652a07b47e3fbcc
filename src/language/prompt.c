/* prompt.c - template files, and a record filled into one. */
#include "nightreel/language_prompt.h"

#include <stdlib.h>
#include <string.h>

#include "nightreel/io.h"

#include "core/banned.h"

/* Bytes of each part of a prompt. Three bytes are about one Chinese character or
 * four fifths of an English token, so a full prompt stays near 900 tokens. */
enum {
    TITLE_BYTES = 240,
    LIST_BYTES = 240,
    SYNOPSIS_BYTES = 1000,
    SUBTITLES_BYTES = 900,
};

/* ---- templates ------------------------------------------------------------------- */

static const char *role_of(const char *line, size_t length)
{
    static const char *const roles[] = {"system", "user", "assistant"};
    for (size_t i = 0; i < NR_COUNT(roles); i++)
        if (length == strlen(roles[i]) + 2 && strncmp(line, "@@", 2) == 0 &&
            strncmp(line + 2, roles[i], length - 2) == 0)
            return roles[i];
    return NULL;
}

/* The end of the block that begins at `text`: the next line that starts with @@. */
static const char *block_end(const char *text)
{
    if (strncmp(text, "@@", 2) == 0)
        return text;
    const char *next = strstr(text, "\n@@");
    return next ? next + 1 : text + strlen(text);
}

static size_t trimmed(const char *text, size_t length)
{
    while (length && (text[length - 1] == '\n' || text[length - 1] == '\r' || text[length - 1] == ' '))
        length--;
    return length;
}

enum nr_status nr_template_parse(const char *text, const char *name, struct nr_arena *mem, struct nr_template *out,
                                 struct nr_error *err)
{
    *out = (struct nr_template){.count = 0};
    const char *at = block_end(text);
    while (*at) {
        const char *newline = strchr(at, '\n');
        size_t length = trimmed(at, newline ? (size_t)(newline - at) : strlen(at));
        const char *role = role_of(at, length);
        if (!role)
            return nr_fail(err, NR_ERR_DATA, "'%s' is no prompt template: unknown block '%.*s'", name, (int)length, at);
        if (out->count == NR_TEMPLATE_MESSAGES_MAX)
            return nr_fail(err, NR_ERR_DATA, "'%s' has more than %d blocks", name, NR_TEMPLATE_MESSAGES_MAX);
        const char *body = newline ? newline + 1 : at + strlen(at), *end = block_end(body);
        char *copy = nr_arena_strndup(mem, body, trimmed(body, (size_t)(end - body)));
        out->messages[out->count++] = (struct nr_message){role, copy};
        at = end;
    }
    if (mem->failed)
        return nr_fail_nomem(err, "a prompt template");
    if (!out->count || strcmp(out->messages[out->count - 1].role, "user") != 0 ||
        !strstr(out->messages[out->count - 1].text, "{title}"))
        return nr_fail(err, NR_ERR_DATA, "'%s' is no prompt template: its last block must be @@user with {title} in it",
                       name);
    out->record = out->messages[--out->count].text;
    return NR_OK;
}

static enum nr_status load_one(const char *dir, size_t index, struct nr_arena *mem, struct nr_template *out,
                               struct nr_buf *all, struct nr_error *err)
{
    const struct nr_builtin_prompt *builtin = &nr_builtin_prompts[index];
    const char *name = dir ? nr_arena_printf(mem, "%s/%s", dir, builtin->file) : builtin->file;
    if (!name)
        return nr_fail_nomem(err, "a prompt template");
    char *file = NULL;
    size_t length = 0;
    enum nr_status status = dir ? nr_file_read(name, NR_PROMPT_BYTES_MAX, &file, &length, err) : NR_OK;
    const char *text = dir ? file : builtin->text;
    if (!status && !nr_utf8_valid(text, strlen(text)))
        status = nr_fail(err, NR_ERR_DATA, "'%s' is not UTF-8", name);
    if (!status) {
        nr_buf_puts(all, text);
        nr_buf_putc(all, '\f');
        status = nr_template_parse(text, name, mem, out, err);
    }
    free(file);
    return status;
}

enum nr_status nr_templates_load(const char *dir, struct nr_arena *mem, struct nr_template *out, char hash[17],
                                 struct nr_error *err)
{
    struct nr_buf all = {0};
    char digest[NR_DIGEST_HEX] = "";
    enum nr_status status = NR_OK;
    for (size_t i = 0; i < NR_PROMPT_LANGUAGE_COUNT && !status; i++)
        status = load_one(dir, i, mem, &out[i], &all, err);
    if (!status)
        status = nr_buf_status(&all, err);
    if (!status)
        status = nr_digest_bytes(all.data, all.length, digest, err);
    memcpy(hash, digest, 16);
    hash[16] = '\0';
    nr_buf_release(&all);
    return status;
}

/* ---- a record in words --------------------------------------------------------------- */

struct filling {
    const struct nr_item *item;
    const struct nr_strings *neighbours;
    bool zh;
    const char *comma; /* between the members of a list */
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
static bool put_placeholder(const struct filling *fill, const char *name, size_t length, struct nr_buf *out)
{
    static const char *const names[] = {"title", "tags", "people", "synopsis", "subtitles", "picture", "sound", "near"};
    const struct nr_item *item = fill->item;
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
        nr_subtitles_choose(item->text ? item->text->subtitles : NULL, SUBTITLES_BYTES, out);
        return true;
    case 5:
        put_impressions(item->visual ? &item->visual->words : NULL, fill->zh, fill->comma, out);
        return true;
    case 6:
        put_impressions(item->audio ? &item->audio->words : NULL, fill->zh, fill->comma, out);
        return true;
    case 7:
        put_list(fill->neighbours, fill->comma, begin, out);
        return true;
    default:
        return false;
    }
}

/* One line of the template; nothing where all of its placeholders are empty. */
static void render_line(const struct filling *fill, const char *line, size_t length, struct nr_buf *out)
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

void nr_prompt_render(const struct nr_template *tmpl, const struct nr_item *item, const struct nr_strings *neighbours,
                      struct nr_buf *out)
{
    bool zh = nr_prompt_language_of(item) == NR_PROMPT_ZH;
    struct filling fill = {item, neighbours, zh, zh ? "、" : ", "};
    size_t begin = out->length;
    for (const char *line = tmpl->record; *line;) {
        size_t length = strcspn(line, "\n");
        render_line(&fill, line, length, out);
        line += length + (line[length] == '\n');
    }
    if (out->failed || !out->data)
        return;
    out->length -= out->length > begin; /* no newline at the end */
    out->data[out->length] = '\0';
}
