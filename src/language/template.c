/* template.c - prompt templates: the built-in ones, or files. */
#include "nightreel/language_prompt.h"

#include <stdlib.h>
#include <string.h>

#include "nightreel/io.h"

#include "core/banned.h"

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

/* `path`: a file, or NULL: the built-in one. */
static enum nr_status load_one(const char *path, const struct nr_builtin_prompt *builtin, struct nr_arena *mem,
                               struct nr_template *out, struct nr_buf *all, struct nr_error *err)
{
    const char *name = path ? path : builtin->file;
    char *file = NULL;
    size_t length = 0;
    enum nr_status status = path ? nr_file_read(path, NR_PROMPT_BYTES_MAX, &file, &length, err) : NR_OK;
    const char *text = path ? file : builtin->text;
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

static enum nr_status load_language(const char *file, const char *dir, size_t index, struct nr_arena *mem,
                                    struct nr_template *out, struct nr_buf *all, struct nr_error *err)
{
    const struct nr_builtin_prompt *builtin = &nr_builtin_prompts[index];
    const char *path = file;
    if (!file && dir && !(path = nr_arena_printf(mem, "%s/%s", dir, builtin->file)))
        return nr_fail_nomem(err, "a prompt template");
    return load_one(path, builtin, mem, out, all, err);
}

enum nr_status nr_templates_load(const char *file, const char *dir, struct nr_arena *mem, struct nr_template *out,
                                 char hash[17], struct nr_error *err)
{
    struct nr_buf all = {0};
    char digest[NR_DIGEST_HEX] = "";
    enum nr_status status = NR_OK;
    for (size_t i = 0; i < NR_PROMPT_LANGUAGE_COUNT && !status; i++)
        status = load_language(file, dir, i, mem, &out[i], &all, err);
    if (!status)
        status = nr_buf_status(&all, err);
    if (!status)
        status = nr_digest_bytes(all.data, all.length, digest, err);
    memcpy(hash, digest, 16);
    hash[16] = '\0';
    nr_buf_release(&all);
    return status;
}
