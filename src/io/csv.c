/* csv.c - CSV tables through libcsv.
 *
 * The text is handed to libcsv line by line, so that at most one row ends in a
 * hand-over and physical line numbers are known even with newlines in quotes. Lines
 * without quotes need no parser: csv_line.c cuts them, a byte at a time being most of
 * the time that a long log takes. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <csv.h>

#include "io/charset.h"
#include "io/csv_line.h"
#include "nightreel/io.h"

#include "core/banned.h"

#define FIELD_MAX ((size_t)1 << 20)
#define ROW_MAX   ((size_t)4 << 20)
/* Bytes looked at twice in one file because a quote did not close. Beyond them such
 * a quote costs all it swallowed: a file made of them must not take forever. */
#define RESCAN_MAX ((size_t)32 << 20)
enum { BLOCK = 1 << 16, FIELDS_MAX = 4096 };

/* A row that is being put together: fields one after the other, NULs between. */
struct row_builder {
    struct nr_buf bytes;
    size_t *offsets;
    size_t count, capacity;
    bool too_large, ended;
};

struct nr_csv {
    struct nr_input *in;
    struct csv_parser parser;
    bool parser_ready;
    char delimiter;
    const char *encoding;
    struct nr_charset_decoder *decoder; /* NULL: UTF-8 as it is */
    struct nr_buf text;                 /* read and converted, not yet parsed */
    size_t text_used;
    bool end;
    size_t line; /* of the next byte of text */
    /* The row in the works: its text stays until it is whole. */
    bool row_started, row_unreadable;
    bool row_plain;   /* it needed no parser: csv->fields point into text */
    size_t row_at;    /* where in text it starts */
    size_t row_line;  /* and on which line */
    size_t row_first; /* bytes of its first physical line */
    size_t row_bytes; /* of it so far */
    bool line_open;   /* the last piece was cut out of a very long line */
    size_t rescanned;
    struct row_builder row;
    const char **fields; /* of the row that is whole */
    size_t field_capacity, field_count;
    const char **header; /* own copies */
    size_t columns;
    struct nr_arena mem;
};

/* ---- libcsv's callbacks ------------------------------------------------------ */

static void on_field(void *data, size_t length, void *ctx)
{
    struct row_builder *row = ctx;
    struct nr_error ignored;
    if (length > FIELD_MAX || row->count == FIELDS_MAX ||
        nr_array_reserve((void **)&row->offsets, &row->capacity, row->count + 1, sizeof *row->offsets, FIELDS_MAX,
                         &ignored)) {
        row->too_large = true;
        return;
    }
    row->offsets[row->count++] = row->bytes.length;
    nr_buf_append(&row->bytes, data, length);
    nr_buf_putc(&row->bytes, '\0');
}

static void on_row(int terminator, void *ctx)
{
    struct row_builder *row = ctx;
    (void)terminator;
    row->ended = true;
}

/* ---- text ---------------------------------------------------------------------- */

/* Appends the next block of the file to csv->text, as UTF-8. */
static enum nr_status read_block(struct nr_csv *csv, struct nr_error *err)
{
    char block[BLOCK];
    size_t got;
    enum nr_status status = nr_input_read(csv->in, block, sizeof block, &got, err);
    if (status)
        return status;
    csv->end = got == 0;
    if (csv->decoder)
        nr_charset_decode(csv->decoder, block, got, csv->end, &csv->text);
    else
        nr_buf_append(&csv->text, block, got);
    return nr_buf_status(&csv->text, err);
}

static void drop_used(struct nr_csv *csv)
{
    size_t used = csv->row_started ? csv->row_at : csv->text_used;
    size_t left = csv->text.length - used;
    if (used == 0)
        return;
    memmove(csv->text.data, csv->text.data + used, left);
    csv->text.length = left;
    csv->text.data[left] = '\0';
    csv->text_used -= used;
    csv->row_at = 0;
}

/* Reads the sample, finds the encoding, converts what was read. */
static enum nr_status start_text(struct nr_csv *csv, struct nr_error *err)
{
    size_t bom;
    enum nr_status status = NR_OK;
    while (!csv->end && csv->text.length < NR_CHARSET_SAMPLE && !status)
        status = read_block(csv, err);
    if (status)
        return status;
    const char *sample = csv->text.data ? csv->text.data : "";
    csv->encoding = nr_charset_detect(sample, csv->text.length, !csv->end, &bom);
    csv->text_used = bom;
    if (strcmp(csv->encoding, "UTF-8") == 0)
        return NR_OK;
    struct nr_buf raw = csv->text;
    csv->text = (struct nr_buf){.max = raw.max};
    csv->text_used = 0;
    csv->decoder = nr_charset_decoder_new(csv->encoding);
    if (csv->decoder)
        nr_charset_decode(csv->decoder, raw.data + bom, raw.length - bom, csv->end, &csv->text);
    else
        status = nr_fail_nomem(err, "a character set converter");
    nr_buf_release(&raw);
    return status ? status : nr_buf_status(&csv->text, err);
}

/* The next physical line with its end; a piece of one where it is very long. */
static enum nr_status next_piece(struct nr_csv *csv, const char **piece, size_t *length, struct nr_error *err)
{
    size_t seen = 0;
    for (;;) {
        const char *from = csv->text.data ? csv->text.data + csv->text_used : "";
        size_t left = csv->text.length - csv->text_used;
        size_t at = seen;
        while (at < left && from[at] != '\n' && from[at] != '\r')
            at++;
        /* A CR at the very end may be half of a CR LF: look further. */
        bool whole = at < left && (from[at] == '\n' || at + 1 < left || csv->end);
        if (whole || csv->end || at >= ROW_MAX) {
            size_t terminator = at == left ? 0 : from[at] == '\r' && at + 1 < left && from[at + 1] == '\n' ? 2 : 1;
            *piece = from;
            *length = at + terminator;
            csv->text_used += *length;
            csv->line += terminator > 0;
            csv->line_open = terminator == 0;
            return *length ? NR_OK : NR_END;
        }
        seen = at;
        drop_used(csv);
        enum nr_status status = read_block(csv, err);
        if (status)
            return status;
    }
}

/* ---- rows -------------------------------------------------------------------------- */

/* What libcsv makes no row of: blanks that are no delimiters. */
static bool is_blank(const struct nr_csv *csv, const char *piece, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        bool blank = strchr(" \t\r\n", piece[i]) && piece[i] != csv->delimiter;
        if (!blank || !piece[i])
            return false;
    }
    return true;
}

static void row_reset(struct nr_csv *csv)
{
    nr_buf_clear(&csv->row.bytes);
    csv->row.count = 0;
    csv->row.too_large = csv->row.ended = false;
    csv->row_bytes = 0;
    csv->row_started = csv->row_unreadable = csv->row_plain = false;
}

/* Invalid bytes, or what a converter has put in their place. */
static bool is_damaged(const struct nr_csv *csv, const char *piece, size_t length)
{
    return memchr(piece, 0, length) || !nr_utf8_valid(piece, length) ||
           (csv->decoder && memmem(piece, length, "\xEF\xBF\xBD", 3));
}

static enum nr_status parse(struct nr_csv *csv, const char *piece, size_t length, struct nr_error *err)
{
    if (csv_parse(&csv->parser, piece, length, on_field, on_row, &csv->row) != length)
        return nr_fail(err, NR_ERR_DATA, "%s:%zu: %s", nr_input_name(csv->in), csv->row_line,
                       csv_strerror(csv_error(&csv->parser)));
    return NR_OK;
}

/* Ends the row at the end of the text; false where that is inside quotes. */
static bool finish(struct nr_csv *csv)
{
    csv_set_opts(&csv->parser, CSV_STRICT | CSV_STRICT_FINI);
    bool closed = csv_fini(&csv->parser, on_field, on_row, &csv->row) == 0;
    csv_set_opts(&csv->parser, 0);
    if (!closed)
        csv_fini(&csv->parser, on_field, on_row, &csv->row);
    return closed;
}

/* A quote that does not close has swallowed the rows behind it. Only the line it
 * stands on is given up, and reading goes on behind that. */
static enum nr_status give_up_first_line(struct nr_csv *csv, struct nr_error *err)
{
    size_t line = csv->row_line, next = csv->row_at + csv->row_first;
    csv->rescanned += csv->row_bytes;
    row_reset(csv);
    csv->row_line = line;
    const char *first = csv->text.data + csv->row_at;
    size_t length = csv->row_first;
    while (length && strchr("\r\n", first[length - 1]))
        length--;
    enum nr_status status = parse(csv, first, length, err);
    finish(csv);
    csv->row_unreadable = true;
    csv->text_used = next;
    csv->line = line + 1;
    csv->line_open = false;
    return status;
}

static enum nr_status end_unclosed(struct nr_csv *csv, struct nr_error *err)
{
    bool more = csv->row_first < csv->row_bytes; /* not one line that is too long by itself */
    if ((more || csv->row_bytes <= ROW_MAX) && csv->rescanned <= RESCAN_MAX)
        return give_up_first_line(csv, err);
    csv->row_unreadable = true;
    return NR_OK;
}

/* Gives the parser one piece; csv->row.ended tells whether a row came out. */
static enum nr_status feed(struct nr_csv *csv, const char *piece, size_t length, struct nr_error *err)
{
    csv->row_bytes += length;
    csv->row_unreadable |= is_damaged(csv, piece, length);
    enum nr_status status = parse(csv, piece, length, err);
    if (status || csv->row.ended || csv->row_bytes <= ROW_MAX)
        return status;
    finish(csv);
    csv->row.ended = csv->row.too_large = true;
    return end_unclosed(csv, err);
}

static enum nr_status end_of_text(struct nr_csv *csv, struct nr_error *err)
{
    if (!csv->row_started)
        return NR_END;
    if (!finish(csv))
        return end_unclosed(csv, err);
    return csv->row.ended ? NR_OK : NR_END;
}

/* Skips what is left of a line that was too long for a row. */
static enum nr_status skip_open_line(struct nr_csv *csv, struct nr_error *err)
{
    const char *piece;
    size_t length;
    enum nr_status status = NR_OK;
    while (csv->line_open && !status)
        status = next_piece(csv, &piece, &length, err);
    return status;
}

static enum nr_status point_fields(struct nr_csv *csv, struct nr_error *err)
{
    struct row_builder *row = &csv->row;
    enum nr_status status = nr_array_reserve((void **)&csv->fields, &csv->field_capacity, row->count + 1,
                                             sizeof *csv->fields, FIELDS_MAX + 1, err);
    if (!status)
        status = nr_buf_status(&row->bytes, err);
    for (size_t i = 0; i < row->count && !status; i++)
        csv->fields[i] = row->bytes.data + row->offsets[i];
    csv->field_count = row->count;
    return status;
}

/* The next line as a row, where no more than cutting is to be done. */
static bool take_plain_line(struct nr_csv *csv)
{
    if (csv->columns == 0) /* the header */
        return false;
    struct nr_csv_line line = {.fields = csv->fields, .max = csv->columns};
    char *text = csv->text.data + csv->text_used;
    size_t left = csv->text.length - csv->text_used;
    if (!nr_csv_line_cut(&line, text, left > FIELD_MAX ? FIELD_MAX : left, csv->delimiter))
        return false;
    csv->row_plain = true;
    for (size_t i = 0; i < line.count && !line.ascii; i++)
        csv->row_unreadable |= is_damaged(csv, line.fields[i], strlen(line.fields[i]));
    csv->field_count = line.count;
    csv->text_used += line.length;
    csv->row_line = csv->line++;
    return true;
}

/* Reads until a row is whole; NR_END behind the last one. */
static enum nr_status build_row(struct nr_csv *csv, struct nr_error *err)
{
    row_reset(csv);
    enum nr_status status = skip_open_line(csv, err);
    while (!csv->row.ended && !status) {
        if (!csv->row_started && take_plain_line(csv))
            return NR_OK;
        const char *piece;
        size_t length, line = csv->line;
        status = next_piece(csv, &piece, &length, err);
        if (status == NR_END)
            return end_of_text(csv, err);
        if (status)
            return status;
        if (!csv->row_started && is_blank(csv, piece, length))
            continue;
        if (!csv->row_started) {
            csv->row_started = true;
            csv->row_line = line;
            csv->row_at = (size_t)(piece - csv->text.data);
            csv->row_first = length;
        }
        status = feed(csv, piece, length, err);
    }
    return status;
}

enum nr_status nr_csv_next(struct nr_csv *csv, struct nr_csv_row *row, struct nr_error *err)
{
    if (nr_interrupted())
        return nr_fail(err, NR_ERR_INTERRUPTED, "interrupted while reading '%s'", nr_input_name(csv->in));
    enum nr_status status = build_row(csv, err);
    if (!status && !csv->row_plain)
        status = point_fields(csv, err);
    if (status)
        return status;
    *row = (struct nr_csv_row){csv->fields, csv->field_count, csv->row_line, csv->row_unreadable || csv->row.too_large};
    return NR_OK;
}

/* ---- the table ------------------------------------------------------------------------ */

/* Tab, semicolon or comma, whichever the first line has most of outside quotes. */
static char find_delimiter(const struct nr_csv *csv)
{
    static const char candidates[] = ",\t;";
    size_t counts[3] = {0}, best = 0;
    bool quoted = false;
    const char *at = csv->text.data ? csv->text.data + csv->text_used : "";
    at += strspn(at, "\r\n");
    for (; *at && (quoted || !strchr("\r\n", *at)); at++) {
        const char *candidate = strchr(candidates, *at);
        quoted ^= *at == '"';
        if (candidate && !quoted)
            counts[candidate - candidates]++;
    }
    for (size_t i = 1; i < NR_COUNT(counts); i++)
        if (counts[i] > counts[best])
            best = i;
    return candidates[best];
}

static enum nr_status start_parser(struct nr_csv *csv, struct nr_error *err)
{
    if (csv_init(&csv->parser, 0) != 0)
        return nr_fail_nomem(err, "a CSV parser");
    csv->parser_ready = true;
    csv_set_blk_size(&csv->parser, BLOCK); /* it grows its field buffer by this much at a time */
    csv->delimiter = find_delimiter(csv);
    csv_set_delim(&csv->parser, (unsigned char)csv->delimiter);
    return NR_OK;
}

static enum nr_status read_header(struct nr_csv *csv, struct nr_error *err)
{
    struct nr_csv_row row;
    enum nr_status status = nr_csv_next(csv, &row, err);
    if (status == NR_END)
        return nr_fail(err, NR_ERR_DATA, "'%s' is empty: a header line is expected", nr_input_name(csv->in));
    if (status)
        return status;
    if (row.unreadable)
        return nr_fail(err, NR_ERR_DATA, "%s:%zu: the header line is no text", nr_input_name(csv->in), row.line);
    csv->columns = row.count;
    csv->header = nr_arena_alloc(&csv->mem, row.count, sizeof *csv->header);
    for (size_t i = 0; i < row.count && csv->header; i++)
        csv->header[i] = nr_arena_strdup(&csv->mem, row.fields[i]);
    return csv->mem.failed ? nr_fail_nomem(err, "a CSV header") : NR_OK;
}

enum nr_status nr_csv_open(const char *path, struct nr_csv **out, struct nr_error *err)
{
    *out = NULL;
    struct nr_csv *csv = calloc(1, sizeof *csv);
    if (!csv)
        return nr_fail_nomem(err, path);
    csv->line = 1;
    enum nr_status status = nr_input_open(path, &csv->in, err);
    if (!status)
        status = start_text(csv, err);
    if (!status)
        status = start_parser(csv, err);
    if (!status)
        status = read_header(csv, err);
    if (status) {
        nr_csv_close(csv);
        return status;
    }
    *out = csv;
    return NR_OK;
}

size_t nr_csv_columns(const struct nr_csv *csv)
{
    return csv->columns;
}

const char *nr_csv_header(const struct nr_csv *csv, size_t column)
{
    return column < csv->columns ? csv->header[column] : NULL;
}

int nr_csv_find(const struct nr_csv *csv, const char *name)
{
    for (size_t i = 0; i < csv->columns; i++) {
        const char *header = csv->header[i] + strspn(csv->header[i], " \t");
        size_t length = strlen(header);
        while (length && strchr(" \t", header[length - 1]))
            length--;
        if (length == strlen(name) && strncasecmp(header, name, length) == 0)
            return (int)i;
    }
    return -1;
}

const char *nr_csv_name(const struct nr_csv *csv)
{
    return nr_input_name(csv->in);
}

const char *nr_csv_encoding(const struct nr_csv *csv)
{
    return csv->encoding;
}

void nr_csv_close(struct nr_csv *csv)
{
    if (!csv)
        return;
    if (csv->parser_ready)
        csv_free(&csv->parser);
    nr_charset_decoder_free(csv->decoder);
    nr_input_close(csv->in);
    nr_buf_release(&csv->text);
    nr_buf_release(&csv->row.bytes);
    free(csv->row.offsets);
    free(csv->fields);
    nr_arena_release(&csv->mem);
    free(csv);
}

void nr_csv_put(struct nr_buf *out, const char *field)
{
    static const bool special[256] = {[','] = 1, ['"'] = 1, ['\r'] = 1, ['\n'] = 1, [';'] = 1, ['\t'] = 1};
    bool quoted = *field == ' ';
    size_t length = 0;
    for (; field[length]; length++)
        quoted |= special[(unsigned char)field[length]];
    quoted |= length && field[length - 1] == ' ';
    if (!quoted) {
        nr_buf_append(out, field, length);
        return;
    }
    nr_buf_putc(out, '"');
    for (; *field; field++) {
        if (*field == '"')
            nr_buf_putc(out, '"');
        nr_buf_putc(out, *field);
    }
    nr_buf_putc(out, '"');
}
