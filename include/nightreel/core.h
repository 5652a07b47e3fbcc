/* nightreel/core.h - what every room stands on: status, errors, memory, bytes,
 * hashes, numbers, time, threads. Depends on libc alone.
 *
 * Conventions of the whole project
 *   - A function that can fail returns `enum nr_status` and, on failure, fills
 *     the caller's `struct nr_error` (which may be NULL). It never prints and
 *     never exits.
 *   - `_init`/`_release` handle contents, `_new`/`_free` the object itself;
 *     release and free accept NULL and zeroed objects.
 *   - All strings are UTF-8 and NUL-terminated unless a length is beside them.
 */
#ifndef NIGHTREEL_CORE_H
#define NIGHTREEL_CORE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NR_VERSION "0.1.0"

#define NR_MUST_CHECK        __attribute__((warn_unused_result))
#define NR_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define NR_COUNT(array)      (sizeof(array) / sizeof((array)[0]))

/* ---- status and errors ------------------------------------------------- */

/* The command line turns these into exit codes; see src/cli/exit.c. */
enum nr_status {
    NR_OK = 0,
    NR_END,             /* no failure: nothing more to read */
    NR_ERR_USAGE,       /* the caller asked for something meaningless */
    NR_ERR_DATA,        /* the input is there but malformed */
    NR_ERR_NOINPUT,     /* an input does not exist or may not be read */
    NR_ERR_UNAVAILABLE, /* a service, engine or model that was named is not there */
    NR_ERR_INTERNAL,    /* a bug, or a library failed where it must not */
    NR_ERR_NOMEM,       /* out of memory, or a stated maximum was exceeded */
    NR_ERR_CANTCREATE,  /* an output cannot be created */
    NR_ERR_IO,          /* reading or writing failed half-way */
    NR_ERR_LOCKED,      /* another run holds the store */
    NR_ERR_CONFIG,      /* a configuration file is wrong */
    NR_ERR_INTERRUPTED, /* a signal asked to stop; finished work is saved */
};

/* Why something failed: what failed first, lower case, subject in single
 * quotes, then the cause, no full stop. */
struct nr_error {
    char text[1024];
};

/* Fills *err (if not NULL), truncating at a character boundary; returns status. */
enum nr_status nr_fail(struct nr_error *err, enum nr_status status, const char *format, ...) NR_PRINTF(3, 4);

/* Puts "prefix: " before the message already in *err; returns status. */
enum nr_status nr_fail_prefix(struct nr_error *err, enum nr_status status, const char *format, ...) NR_PRINTF(3, 4);

/* The usual out-of-memory failure for `what`. */
enum nr_status nr_fail_nomem(struct nr_error *err, const char *what);

/* ---- notices, progress, interruption ------------------------------------ */

enum nr_log_level { NR_LOG_DEBUG, NR_LOG_INFO, NR_LOG_WARNING };

/* Where notices and progress go; both callbacks may be NULL (silence). Called
 * from the thread that runs the pipeline only. */
struct nr_reporter {
    void (*log)(void *ctx, enum nr_log_level level, const char *message);
    /* `done` of `total` (0: unknown) units of `what`, e.g. "extract". */
    void (*progress)(void *ctx, const char *what, size_t done, size_t total);
    void *ctx;
};

void nr_report(const struct nr_reporter *to, enum nr_log_level level, const char *format, ...) NR_PRINTF(3, 4);
void nr_report_progress(const struct nr_reporter *to, const char *what, size_t done, size_t total);

/* Asks everything long-running to stop soon (async-signal-safe). */
void nr_interrupt(int signal_number);
/* The signal that asked to stop, or 0. */
int nr_interrupted(void);

/* ---- memory -------------------------------------------------------------- */

/* a * b, or false where it overflows size_t. */
bool nr_size_mul(size_t a, size_t b, size_t *out);

/* Makes room for `need` elements of `size` bytes in *array (capacity *cap),
 * growing geometrically. NR_ERR_NOMEM beyond `max` elements. */
enum nr_status nr_array_reserve(void **array, size_t *cap, size_t need, size_t size, size_t max,
                                struct nr_error *err) NR_MUST_CHECK;

/* Bytes that this process may have at most: the least of the machine's memory, its
 * cgroup's limit and its own; INFINITY where nothing tells. */
double nr_memory_limit(void);
/* The most bytes of this process that were in memory at a time since the reset (or its
 * start, where resetting is not possible); NAN where nothing tells. */
void nr_memory_peak_reset(void);
double nr_memory_peak(void);

/* Grow-only memory that is given back all at once. Zeroed is empty and ready.
 * Failure is sticky: once an allocation failed, `failed` stays set and
 * everything after returns NULL, so that a builder checks once at its end. */
struct nr_arena {
    struct nr_arena_chunk *head;
    size_t total; /* bytes handed out */
    bool failed;
};

#define NR_ARENA_MAX ((size_t)1 << 32) /* bytes one arena may hand out */

void *nr_arena_alloc(struct nr_arena *arena, size_t count, size_t size); /* zeroed, 16-byte aligned */
char *nr_arena_strndup(struct nr_arena *arena, const char *text, size_t length);
char *nr_arena_strdup(struct nr_arena *arena, const char *text); /* NULL stays NULL */
char *nr_arena_printf(struct nr_arena *arena, const char *format, ...) NR_PRINTF(2, 3);
void nr_arena_release(struct nr_arena *arena);

/* ---- bytes ---------------------------------------------------------------- */

#define NR_BUF_DEFAULT_MAX ((size_t)1 << 30)

/* Growable bytes, always NUL-terminated when data is not NULL. Zeroed is empty
 * and ready. Failure (memory, or more than `max` bytes; 0 means
 * NR_BUF_DEFAULT_MAX) is sticky: check nr_buf_status() once at the end. */
struct nr_buf {
    char *data;
    size_t length;
    size_t capacity;
    size_t max;
    bool failed;
};

void nr_buf_append(struct nr_buf *buf, const void *data, size_t length);
void nr_buf_puts(struct nr_buf *buf, const char *text);
void nr_buf_putc(struct nr_buf *buf, char c);
void nr_buf_printf(struct nr_buf *buf, const char *format, ...) NR_PRINTF(2, 3);
void nr_buf_double(struct nr_buf *buf, double value); /* nr_format_double */
void nr_buf_clear(struct nr_buf *buf);                /* keeps the capacity and clears the failure */
void nr_buf_release(struct nr_buf *buf);
enum nr_status nr_buf_status(const struct nr_buf *buf, struct nr_error *err) NR_MUST_CHECK;
/* Takes the bytes out (caller frees with free()); NULL after a failure. */
char *nr_buf_detach(struct nr_buf *buf);

/* ---- text ------------------------------------------------------------------ */

/* A list of strings; the storage belongs to whatever arena made it. */
struct nr_strings {
    const char **items;
    size_t count;
};

bool nr_strings_contain(const struct nr_strings *list, const char *text);
/* The next element of a field that holds a list: split at 、 ， ； ｜ and , | / ; with the
 * blanks around it trimmed (the full-width one too), empty ones passed over. *at moves on;
 * false at the end. */
bool nr_list_next(const char *text, size_t length, size_t *at, const char **element, size_t *element_length);
/* Bytewise order, as every comparison of ids; NULL sorts first. */
int nr_id_compare(const char *a, const char *b);
/* Two const char * by it, for qsort and bsearch. */
int nr_id_order(const void *a, const void *b);
/* The place of an id in a list in that order, or SIZE_MAX. */
size_t nr_id_find(const char *const *ids, size_t count, const char *id);
/* The longest prefix of text[0..length) of at most `limit` bytes that ends at a
 * character boundary. */
size_t nr_utf8_prefix(const char *text, size_t length, size_t limit);
bool nr_utf8_valid(const char *text, size_t length);
/* Decodes the character at text[*pos] (*pos < length) and moves *pos behind it;
 * an invalid byte gives 0xFFFD and moves by one. */
uint32_t nr_utf8_next(const char *text, size_t length, size_t *pos);

/* ---- numbers ----------------------------------------------------------------- */

#define NR_NUMBER_MAX 32 /* bytes, with the NUL, that nr_format_* need */

/* Shortest text that reads back as the same double; "null" when not finite. */
size_t nr_format_double(char out[NR_NUMBER_MAX], double value);
/* 9 significant digits: reads back as the same float; "null" when not finite. */
size_t nr_format_float(char out[NR_NUMBER_MAX], float value);
/* The whole of text[0..length), blanks trimmed, as a finite number in the C locale. */
bool nr_parse_double(const char *text, size_t length, double *out);
bool nr_parse_int64(const char *text, size_t length, int64_t *out);
/* A total order: rising, all NANs alike and behind every number. */
int nr_double_compare(double a, double b);

/* ---- the best of many --------------------------------------------------------- */

/* An item with its score in double. */
struct nr_scored_item {
    double score;
    uint32_t item;
};
/* The best `k` of a row that is scored item by item: a heap, the worst on top. */
void nr_scored_push(struct nr_scored_item *heap, size_t *count, size_t k, struct nr_scored_item entry);
/* Score descending, then item rising. */
void nr_scored_sort(struct nr_scored_item *entries, size_t count);

/* ---- hashes -------------------------------------------------------------------- */

#define NR_FNV1A_SEED UINT64_C(14695981039346656037)

/* 64-bit FNV-1a (Fowler, Noll, Vo), continued from `seed`. */
uint64_t nr_fnv1a(uint64_t seed, const void *data, size_t length);
/* splitmix64 (Steele, Lea, Flood 2014): adds 0x9E3779B97F4A7C15 to x, then mixes. */
uint64_t nr_splitmix64(uint64_t x);
/* h(id) of the hash split: the integer itself for ^(0|[1-9][0-9]{0,17})$, else nr_fnv1a. */
uint64_t nr_id_hash(const char *id);

/* ---- time ------------------------------------------------------------------------ */

#define NR_TIME_NONE INT64_MIN /* milliseconds since 1970-01-01T00:00:00Z, or this */

/* Epoch seconds (optionally with a fraction), epoch milliseconds (absolute value
 * of 1e11 and more), or ISO 8601 (date, or date and time with `T` or a blank,
 * optional fraction and zone; no zone means UTC). */
bool nr_time_parse(const char *text, size_t length, int64_t *out_ms);
/* "2026-01-01T02:00:00Z" (with .mmm where not zero), "" for NR_TIME_NONE. */
void nr_time_format(char out[NR_NUMBER_MAX], int64_t ms);
double nr_clock_seconds(void); /* monotonic */

/* ---- threads ----------------------------------------------------------------------- */

/* Processors this process may use, at least 1. */
unsigned nr_cpu_count(void);

/* Calls work(ctx, index, worker) for index 0..count-1 on up to `threads`
 * threads (0: nr_cpu_count()); worker in [0, threads) names the scratch to use.
 * Indices are handed out in rising order. Returns when all are done; with one
 * thread, or where a thread cannot be made, the caller's thread does the work. */
void nr_parallel(unsigned threads, size_t count, void (*work)(void *ctx, size_t index, unsigned worker), void *ctx);

#include "nightreel/core_tables.h"

#endif
