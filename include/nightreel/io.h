/* nightreel/io.h - bytes in and out: files (gzip, zstd, stdin), atomic outputs,
 * CSV, JSON, NumPy arrays, character sets, digests, HTTP, configuration files.
 *
 * "-" names standard input or output wherever a path is taken. Each third-party
 * library is named in one file: libcsv in csv.c, cJSON in json.c, ICU's converters
 * in charset.c, zlib and zstd in input.c, libsodium in digest.c, libcurl in http.c,
 * inih in config.c.
 */
#ifndef NIGHTREEL_IO_H
#define NIGHTREEL_IO_H

#include "nightreel/core.h"

/* ---- input: plain, gzip or zstd by content, "-" is stdin -------------------- */

struct nr_input;
/* NR_ERR_NOINPUT where it cannot be opened or is a folder. */
enum nr_status nr_input_open(const char *path, struct nr_input **out, struct nr_error *err) NR_MUST_CHECK;
/* Up to `size` bytes; *got = 0 at the end. Not to be mixed with nr_input_line, which
 * reads ahead. A compressed file that is cut short or damaged is NR_ERR_IO. */
enum nr_status nr_input_read(struct nr_input *in, void *data, size_t size, size_t *got,
                             struct nr_error *err) NR_MUST_CHECK;
/* The next line without its newline (or CR LF), valid until the next call; NR_END
 * at the end. A line of more than NR_LINE_MAX bytes is NR_ERR_DATA. */
enum nr_status nr_input_line(struct nr_input *in, const char **line, size_t *length,
                             struct nr_error *err) NR_MUST_CHECK;
size_t nr_input_line_number(const struct nr_input *in); /* of the last line read, from 1 */
const char *nr_input_name(const struct nr_input *in);   /* for messages: the path, or "standard input" */
void nr_input_close(struct nr_input *in);
#define NR_LINE_MAX ((size_t)64 << 20)

/* The whole of an input of at most `max` bytes (NR_ERR_DATA beyond); caller frees
 * *out (NUL-terminated). */
enum nr_status nr_file_read(const char *path, size_t max, char **out, size_t *length,
                            struct nr_error *err) NR_MUST_CHECK;

/* ---- output: a temporary file that takes its name on commit ----------------- */

/* A new file has mode 0644 less the umask, a replaced one keeps its mode. A path
 * that is a device or a pipe is written to directly, as standard output is; every
 * write is checked (with SIGPIPE ignored a closed pipe is NR_ERR_IO like any other). */
struct nr_output;
enum nr_status nr_output_open(const char *path, struct nr_output **out, struct nr_error *err) NR_MUST_CHECK;
enum nr_status nr_output_write(struct nr_output *out, const void *data, size_t length,
                               struct nr_error *err) NR_MUST_CHECK;
/* Flushes, syncs, renames. Frees *out whatever happens. */
enum nr_status nr_output_commit(struct nr_output *out, struct nr_error *err) NR_MUST_CHECK;
/* Throws the temporary file away (stdout: what was written stays). NULL is fine. */
void nr_output_abandon(struct nr_output *out);

/* The three above in one go; a text that failed to grow is reported as such. */
enum nr_status nr_file_write(const char *path, const struct nr_buf *text, struct nr_error *err) NR_MUST_CHECK;

/* ---- CSV --------------------------------------------------------------------- */

/* A CSV table: the delimiter (comma, tab, semicolon) is taken from the header
 * line; UTF-8 with or without BOM, other encodings detected in the first 64 KiB and
 * converted; quoted newlines; LF, CR LF, CR; blank lines are no rows. Fields are
 * NUL-terminated UTF-8 without the blanks around unquoted ones, valid until the
 * next call. What is wrong with a row is that row's matter: see `unreadable`. */
struct nr_csv;
enum nr_status nr_csv_open(const char *path, struct nr_csv **out,
                           struct nr_error *err) NR_MUST_CHECK; /* reads the header */
size_t nr_csv_columns(const struct nr_csv *csv);
const char *nr_csv_header(const struct nr_csv *csv, size_t column);
/* Column with that name (blanks and ASCII case ignored), or -1. */
int nr_csv_find(const struct nr_csv *csv, const char *name);
struct nr_csv_row {
    const char **fields;
    size_t count; /* may differ from nr_csv_columns: the caller decides */
    size_t line;  /* physical line the row starts on, from 1 */
    /* A NUL byte or invalid characters in it, a quote that never closes (then it is
     * the one line that the quote stands on), a field over 1 MiB, a row over 4 MiB
     * or 4096 fields. Its fields are what could be made of it. */
    bool unreadable;
};
enum nr_status nr_csv_next(struct nr_csv *csv, struct nr_csv_row *row, struct nr_error *err) NR_MUST_CHECK; /* NR_END */
const char *nr_csv_name(const struct nr_csv *csv);
const char *nr_csv_encoding(const struct nr_csv *csv); /* "UTF-8", "GB18030", ... */
void nr_csv_close(struct nr_csv *csv);
/* Appends a field, quoted where it must be; the caller adds commas and newlines. */
void nr_csv_put(struct nr_buf *out, const char *field);

/* ---- JSON: reading (cJSON behind), writing (straight to a buffer) -------------- */

struct nr_json; /* a value inside a document; borrowed from it */
struct nr_json_doc;
/* Parses one document, strictly (RFC 8259): no key twice in one object, no \u0000,
 * numbers within a double. Arrays of numbers are kept apart as vectors of double (no
 * node per number). At most 64 levels deep and 4 Mi values outside vectors. The
 * error names the byte, from 1. */
enum nr_status nr_json_parse(const char *text, size_t length, struct nr_json_doc **out,
                             struct nr_error *err) NR_MUST_CHECK;
const struct nr_json *nr_json_root(const struct nr_json_doc *doc);
void nr_json_free(struct nr_json_doc *doc);
enum nr_json_type {
    NR_JSON_NULL,
    NR_JSON_BOOL,
    NR_JSON_NUMBER,
    NR_JSON_STRING,
    NR_JSON_ARRAY,
    NR_JSON_OBJECT,
    NR_JSON_VECTOR
};
enum nr_json_type nr_json_type(const struct nr_json *value); /* NULL value: NR_JSON_NULL */
/* All of these take NULL and the wrong type, and then give NULL, NAN, false, 0. */
const struct nr_json *nr_json_get(const struct nr_json *object, const char *key);
const char *nr_json_string(const struct nr_json *value);
double nr_json_number(const struct nr_json *value);
bool nr_json_bool(const struct nr_json *value);
const char *nr_json_key(const struct nr_json *member);             /* of an object's member */
const struct nr_json *nr_json_first(const struct nr_json *parent); /* array element or object member */
const struct nr_json *nr_json_next(const struct nr_json *sibling);
size_t nr_json_size(const struct nr_json *value);
/* The numbers of a vector (an empty array is an empty vector too); borrowed. */
const double *nr_json_vector(const struct nr_json_doc *doc, const struct nr_json *value, size_t *length);

/* Writers keep track of commas by looking at the last byte of the buffer: values
 * and keys get one unless they come first, after a bracket, a key or a newline. */
void nr_json_open(struct nr_buf *out, char bracket);  /* '{' or '[' */
void nr_json_close(struct nr_buf *out, char bracket); /* '}' or ']' */
void nr_json_put_key(struct nr_buf *out, const char *key);
void nr_json_put_string(struct nr_buf *out, const char *text); /* NULL: null; invalid UTF-8 becomes U+FFFD */
void nr_json_put_double(struct nr_buf *out, double value);     /* shortest; not finite: null */
void nr_json_put_int(struct nr_buf *out, int64_t value);
void nr_json_put_bool(struct nr_buf *out, bool value);
void nr_json_put_floats(struct nr_buf *out, const float *values, size_t count); /* [..] in 9 digits */
void nr_json_put_strings(struct nr_buf *out, const struct nr_strings *list);

/* ---- other formats ------------------------------------------------------------- */

/* NumPy .npy version 1.0, little-endian float32, C order, shape (rows, columns). */
enum nr_status nr_npy_write(const char *path, const float *values, size_t rows, size_t columns,
                            struct nr_error *err) NR_MUST_CHECK;

/* Text of unknown encoding to UTF-8 (BOM, then valid UTF-8, then ICU's detector
 * among UTF-16/32, GB18030, Big5, Shift_JIS, EUC, Windows-125x). *encoding names what it was. */
enum nr_status nr_charset_to_utf8(const char *data, size_t length, struct nr_buf *out, const char **encoding,
                                  struct nr_error *err) NR_MUST_CHECK;

/* BLAKE2b-256. */
#define NR_DIGEST_HEX 65
enum nr_status nr_digest_bytes(const void *data, size_t length, char out[NR_DIGEST_HEX],
                               struct nr_error *err) NR_MUST_CHECK;
enum nr_status nr_digest_file(const char *path, char out[NR_DIGEST_HEX], struct nr_error *err) NR_MUST_CHECK;

/* SipHash-2-4 with 128 bits (Aumasson, Bernstein 2012): for tables in memory whose keys
 * come from others. Without the key nobody can make two inputs meet. */
#define NR_HASH_KEY 16
void nr_hash_key(unsigned char key[NR_HASH_KEY]); /* a random one */
void nr_hash_keyed(const unsigned char key[NR_HASH_KEY], const void *data, size_t length, uint64_t out[2]);

struct nr_http_reply {
    long code; /* HTTP status */
    struct nr_buf body;
    double retry_after; /* s, of a Retry-After in either form; NAN: none */
    char redirect[256]; /* where it would lead; "": nowhere */
};
/* POSTs (body NULL: GETs) JSON to an http(s) URL; `bearer` may be NULL; at most
 * max_bytes of reply (NR_ERR_DATA beyond) in `seconds` (NR_ERR_IO beyond). A reply
 * with an error code is NR_OK. Does not follow redirects; proxies of the environment
 * are used but for this machine. NR_ERR_UNAVAILABLE where no connection is made.
 * The caller releases reply->body. */
enum nr_status nr_http_json(const char *url, const char *bearer, const char *body, double seconds, size_t max_bytes,
                            struct nr_http_reply *reply, struct nr_error *err) NR_MUST_CHECK;

/* Several requests in flight. */
struct nr_http_request {
    const char *url, *bearer, *body; /* borrowed until it is done; as for nr_http_json() */
    double seconds;
    size_t max_bytes;
};
struct nr_http_done {
    size_t ticket;
    enum nr_status status; /* as nr_http_json() returns it, with its text in err */
    struct nr_error err;
    struct nr_http_reply reply; /* the caller releases reply.body */
};
struct nr_http_pool;
enum nr_status nr_http_pool_open(struct nr_http_pool **out, struct nr_error *err) NR_MUST_CHECK;
enum nr_status nr_http_pool_send(struct nr_http_pool *pool, const struct nr_http_request *request, size_t ticket,
                                 struct nr_error *err) NR_MUST_CHECK;
/* The next request that is done, in any order; NR_END where none is within `seconds`. */
enum nr_status nr_http_pool_wait(struct nr_http_pool *pool, double seconds, struct nr_http_done *done,
                                 struct nr_error *err) NR_MUST_CHECK;
void nr_http_pool_close(struct nr_http_pool *pool); /* what is in flight is given up */

/* Appends base64 (RFC 4648, padded), by libsodium. */
void nr_base64_put(struct nr_buf *out, const void *data, size_t length);

/* Reads an INI file, calling set() for each `key = value` (section "" at the top;
 * indentation means nothing; a line of more than 198 bytes is NR_ERR_CONFIG, but for a comment).
 * set() returns NR_OK, or fails with its own message, to which file:line is put. */
enum nr_status nr_config_read(const char *path,
                              enum nr_status (*set)(void *ctx, const char *section, const char *key, const char *value,
                                                    struct nr_error *err),
                              void *ctx, struct nr_error *err) NR_MUST_CHECK;

#endif
