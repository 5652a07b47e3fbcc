/* config.c - INI files through inih. */
#include <stdlib.h>
#include <string.h>

#include <ini.h>

#include "nightreel/io.h"

#include "core/banned.h"

#define CONFIG_MAX ((size_t)1 << 20)

struct config_reader {
    enum nr_status (*set)(void *ctx, const char *section, const char *key, const char *value, struct nr_error *err);
    void *ctx;
    struct nr_error *err;
    enum nr_status status;
};

/* inih's handler: 1 goes on, 0 makes ini_parse_string return the line number. */
static int on_entry(void *user, const char *section, const char *key, const char *value)
{
    struct config_reader *reader = user;
    reader->status = reader->set(reader->ctx, section, key, value, reader->err);
    return reader->status == NR_OK;
}

/* inih goes on after an error and reports the first line only: each line is given
 * to it alone, so that reading stops there, and the section is kept in front. */
static enum nr_status read_line(struct config_reader *reader, const char *path, const char *section, const char *line,
                                size_t number)
{
    struct nr_buf text = {0};
    struct nr_error *err = reader->err;
    /* inih cuts a longer line in two (the newline and the NUL are among them). */
    if (strlen(line) + 2 > (size_t)ini_max_line)
        return nr_fail(err, NR_ERR_CONFIG, "%s:%zu: a line of more than %d bytes", path, number, ini_max_line - 2);
    nr_buf_printf(&text, "%s\n%s\n", section, line);
    enum nr_status status = nr_buf_status(&text, err);
    int failed = status ? 0 : ini_parse_string(text.data, on_entry, reader);
    nr_buf_release(&text);
    if (reader->status)
        return nr_fail_prefix(err, reader->status, "%s:%zu", path, number);
    if (failed)
        return nr_fail(err, NR_ERR_CONFIG, "%s:%zu: expected 'name = value'", path, number);
    return status;
}

enum nr_status nr_config_read(const char *path,
                              enum nr_status (*set)(void *ctx, const char *section, const char *key, const char *value,
                                                    struct nr_error *err),
                              void *ctx, struct nr_error *err)
{
    struct nr_error scratch;
    struct config_reader reader = {set, ctx, err ? err : &scratch, NR_OK};
    char *text, *line, *next;
    const char *section = "";
    size_t length, number = 0;
    enum nr_status status = nr_file_read(path, CONFIG_MAX, &text, &length, reader.err);
    if (status)
        return status;
    line = strncmp(text, "\xEF\xBB\xBF", 3) == 0 ? text + 3 : text;
    for (; line && *line && !status; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        number++;
        line += strspn(line, " \t\r");
        if (*line == '[')
            section = line;
        if (*line && *line != '#' && *line != ';')
            status = read_line(&reader, path, section, *line == '[' ? "" : line, number);
    }
    free(text);
    return status;
}
