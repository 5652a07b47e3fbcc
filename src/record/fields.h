/* fields.h - reading a record's fields out of a JSON document, with one check at
 * the end: the first failure stays, and every call after it does nothing. */
#ifndef NR_RECORD_FIELDS_H
#define NR_RECORD_FIELDS_H

#include "nightreel/io.h"
#include "nightreel/record.h"

struct nr_fields {
    const struct nr_json_doc *doc;
    struct nr_arena *mem; /* of the record that is read */
    struct nr_error *err;
    enum nr_status status;
    const char *where; /* the part that is read, for messages; NULL at the top */
};

/* Parses the text, whose root must be an object; *doc is the caller's to free. */
enum nr_status nr_fields_begin(struct nr_fields *fields, const char *json, size_t length, struct nr_arena *mem,
                               struct nr_json_doc **doc, struct nr_error *err) NR_MUST_CHECK;
/* The status, or NR_ERR_NOMEM where the arena failed on the way. */
enum nr_status nr_fields_end(struct nr_fields *fields) NR_MUST_CHECK;

/* Fails with "'where.key' <what>". */
void nr_fields_fail(struct nr_fields *fields, const char *key, const char *what);

/* Absent and null are the same. A value of the wrong type is a failure. */
const struct nr_json *nr_fields_object(struct nr_fields *fields, const struct nr_json *from, const char *key);
/* Absent: NULL, a failure where it is required. */
const char *nr_fields_text(struct nr_fields *fields, const struct nr_json *from, const char *key, bool required);
double nr_fields_number(struct nr_fields *fields, const struct nr_json *from, const char *key); /* absent: NAN */
int64_t nr_fields_int(struct nr_fields *fields, const struct nr_json *from, const char *key);   /* absent: 0 */
int64_t nr_fields_time(struct nr_fields *fields, const struct nr_json *from, const char *key);  /* NR_TIME_NONE */
/* The index of the text in names[0..count); absent or unknown is a failure. */
int nr_fields_choice(struct nr_fields *fields, const struct nr_json *from, const char *key, const char *const *names,
                     int count);
struct nr_strings nr_fields_strings(struct nr_fields *fields, const struct nr_json *from, const char *key);
/* Exactly `count` numbers; null among them is NAN. */
void nr_fields_floats(struct nr_fields *fields, const struct nr_json *from, const char *key, float *out, size_t count);
/* {"name": weight}, sorted by name. */
struct nr_terms nr_fields_terms(struct nr_fields *fields, const struct nr_json *from, const char *key);
/* A list of numbers, or an object of terms. Absent: an absent block. */
struct nr_block nr_fields_block(struct nr_fields *fields, const struct nr_json *from, const char *key);
void nr_fields_blocks(struct nr_fields *fields, const struct nr_json *from, struct nr_block blocks[NR_BLOCK_COUNT]);
/* The array under `key` (NULL where it is absent or empty) and its length. */
const struct nr_json *nr_fields_array(struct nr_fields *fields, const struct nr_json *from, const char *key,
                                      size_t *count);
/* The array of objects under `key`, each read by `read` into its place (from 0) of *count
 * values of `size` bytes in the record's arena. Messages name them as "key.field". NULL
 * where it is absent or empty. */
typedef void (*nr_fields_reader)(struct nr_fields *fields, const struct nr_json *element, size_t place, void *to);
void *nr_fields_objects(struct nr_fields *fields, const struct nr_json *from, const char *key, size_t size,
                        nr_fields_reader read, size_t *count);
/* An array's element; a failure where it is no object. */
bool nr_fields_is_object(struct nr_fields *fields, const struct nr_json *element, const char *key);
struct nr_interest *nr_fields_interests(struct nr_fields *fields, const struct nr_json *from, size_t *count);

/* ---- and writing: a key with its value, left out where there is none ------------ */

void nr_put_text(struct nr_buf *out, const char *key, const char *text); /* NULL: left out */
void nr_put_number(struct nr_buf *out, const char *key, double value);   /* NAN: null */
void nr_put_known(struct nr_buf *out, const char *key, double value);    /* NAN: left out */
void nr_put_int(struct nr_buf *out, const char *key, int64_t value);
void nr_put_time(struct nr_buf *out, const char *key, int64_t ms); /* NR_TIME_NONE: left out */
void nr_put_strings(struct nr_buf *out, const char *key, const struct nr_strings *list);
void nr_put_terms(struct nr_buf *out, const char *key, const struct nr_terms *terms);
void nr_put_block(struct nr_buf *out, const char *key, const struct nr_block *block); /* absent: left out */
void nr_put_blocks(struct nr_buf *out, const struct nr_block blocks[NR_BLOCK_COUNT]); /* "blocks":{..} */
void nr_put_interests(struct nr_buf *out, const struct nr_interest *interests, size_t count);

#endif
