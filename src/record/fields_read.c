/* fields_read.c - the values of a record's JSON, checked and copied. */
#include "record/fields.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/banned.h"

#define INTEGER_MAX 9007199254740992.0 /* 2^53: whole numbers that a double holds */

enum nr_status nr_fields_begin(struct nr_fields *fields, const char *json, size_t length, struct nr_arena *mem,
                               struct nr_json_doc **doc, struct nr_error *err)
{
    enum nr_status status = nr_json_parse(json, length, doc, err);
    *fields = (struct nr_fields){.doc = *doc, .mem = mem, .err = err, .status = status};
    if (status == NR_OK && nr_json_type(nr_json_root(*doc)) != NR_JSON_OBJECT) {
        fields->status = nr_fail(err, NR_ERR_DATA, "the record is no JSON object");
        nr_json_free(*doc);
        *doc = NULL;
    }
    return fields->status;
}

enum nr_status nr_fields_end(struct nr_fields *fields)
{
    if (fields->status == NR_OK && fields->mem->failed)
        fields->status = nr_fail_nomem(fields->err, "a record");
    return fields->status;
}

void nr_fields_fail(struct nr_fields *fields, const char *key, const char *what)
{
    if (fields->status != NR_OK)
        return;
    const char *where = fields->where ? fields->where : "";
    fields->status = nr_fail(fields->err, NR_ERR_DATA, "'%s%s%.80s' %s", where, *where ? "." : "", key, what);
}

/* The value under `key`, NULL where it is absent or null, or of another type (a failure). */
static const struct nr_json *typed(struct nr_fields *fields, const struct nr_json *from, const char *key,
                                   enum nr_json_type type, const char *what)
{
    const struct nr_json *value = fields->status == NR_OK ? nr_json_get(from, key) : NULL;
    if (!value || nr_json_type(value) == NR_JSON_NULL)
        return NULL;
    if (nr_json_type(value) == type)
        return value;
    nr_fields_fail(fields, key, what);
    return NULL;
}

const struct nr_json *nr_fields_object(struct nr_fields *fields, const struct nr_json *from, const char *key)
{
    return typed(fields, from, key, NR_JSON_OBJECT, "is no object");
}

const char *nr_fields_text(struct nr_fields *fields, const struct nr_json *from, const char *key, bool required)
{
    const struct nr_json *value = typed(fields, from, key, NR_JSON_STRING, "is no string");
    if (!value && required)
        nr_fields_fail(fields, key, "is missing");
    return nr_arena_strdup(fields->mem, nr_json_string(value));
}

double nr_fields_number(struct nr_fields *fields, const struct nr_json *from, const char *key)
{
    return nr_json_number(typed(fields, from, key, NR_JSON_NUMBER, "is no number"));
}

int64_t nr_fields_int(struct nr_fields *fields, const struct nr_json *from, const char *key)
{
    double value = nr_fields_number(fields, from, key);
    if (isnan(value))
        return 0;
    if (value != floor(value) || fabs(value) > INTEGER_MAX) {
        nr_fields_fail(fields, key, "is no whole number");
        return 0;
    }
    return (int64_t)value;
}

int64_t nr_fields_time(struct nr_fields *fields, const struct nr_json *from, const char *key)
{
    const char *text = nr_json_string(typed(fields, from, key, NR_JSON_STRING, "is no string"));
    int64_t ms = NR_TIME_NONE;
    if (text && !nr_time_parse(text, strlen(text), &ms)) {
        nr_fields_fail(fields, key, "is no time");
        return NR_TIME_NONE;
    }
    return ms;
}

int nr_fields_choice(struct nr_fields *fields, const struct nr_json *from, const char *key, const char *const *names,
                     int count)
{
    const char *text = nr_json_string(typed(fields, from, key, NR_JSON_STRING, "is no string"));
    for (int i = 0; text && i < count; i++) {
        if (strcmp(names[i], text) == 0)
            return i;
    }
    nr_fields_fail(fields, key, text ? "has an unknown value" : "is missing");
    return 0;
}

const struct nr_json *nr_fields_array(struct nr_fields *fields, const struct nr_json *from, const char *key,
                                      size_t *count)
{
    *count = 0;
    const struct nr_json *value = fields->status == NR_OK ? nr_json_get(from, key) : NULL;
    if (!value || nr_json_type(value) == NR_JSON_NULL)
        return NULL;
    if (nr_json_type(value) == NR_JSON_VECTOR && nr_json_size(value) == 0)
        return NULL; /* [] could have been either */
    if (nr_json_type(value) != NR_JSON_ARRAY) {
        nr_fields_fail(fields, key, "is no list");
        return NULL;
    }
    *count = nr_json_size(value);
    return value;
}

bool nr_fields_is_object(struct nr_fields *fields, const struct nr_json *element, const char *key)
{
    if (nr_json_type(element) != NR_JSON_OBJECT)
        nr_fields_fail(fields, key, "holds something that is no object");
    return fields->status == NR_OK;
}

void *nr_fields_objects(struct nr_fields *fields, const struct nr_json *from, const char *key, size_t size,
                        nr_fields_reader read, size_t *count)
{
    const char *outer = fields->where;
    size_t length;
    const struct nr_json *array = nr_fields_array(fields, from, key, &length);
    char *values = length ? nr_arena_alloc(fields->mem, length, size) : NULL;
    *count = 0;
    fields->where = key;
    for (const struct nr_json *e = values ? nr_json_first(array) : NULL; e; e = nr_json_next(e)) {
        if (!nr_fields_is_object(fields, e, "[]"))
            break;
        read(fields, e, *count, values + *count * size);
        ++*count;
    }
    fields->where = outer;
    return values;
}

struct nr_strings nr_fields_strings(struct nr_fields *fields, const struct nr_json *from, const char *key)
{
    struct nr_strings list = {0};
    size_t count;
    const struct nr_json *array = nr_fields_array(fields, from, key, &count);
    if (!array || !(list.items = nr_arena_alloc(fields->mem, count, sizeof(*list.items))))
        return list;
    for (const struct nr_json *e = nr_json_first(array); e && fields->status == NR_OK; e = nr_json_next(e)) {
        if (nr_json_type(e) != NR_JSON_STRING)
            nr_fields_fail(fields, key, "holds something that is no string");
        list.items[list.count++] = nr_arena_strdup(fields->mem, nr_json_string(e));
    }
    if (fields->status != NR_OK || fields->mem->failed)
        return (struct nr_strings){0};
    return list;
}

/* Numbers of a list; where null is among them the parser has made it no vector. */
static float *read_floats(struct nr_fields *fields, const struct nr_json *value, const char *key, size_t *count)
{
    *count = nr_json_size(value);
    float *out = *count ? nr_arena_alloc(fields->mem, *count, sizeof(*out)) : NULL;
    if (!out)
        return NULL;
    size_t length;
    const double *numbers = nr_json_vector(fields->doc, value, &length);
    const struct nr_json *element = nr_json_first(value);
    for (size_t i = 0; i < *count; i++) {
        double number = numbers ? numbers[i] : nr_json_number(element);
        if (!numbers && isnan(number) && nr_json_type(element) != NR_JSON_NULL)
            nr_fields_fail(fields, key, "holds something that is no number");
        if (fabs(number) > 3.4028235677973364e38) /* rounds to infinity as a float */
            nr_fields_fail(fields, key, "holds a number that is too large");
        out[i] = fields->status == NR_OK ? (float)number : 0;
        element = nr_json_next(element);
    }
    return out;
}

static bool is_list(const struct nr_json *value)
{
    return nr_json_type(value) == NR_JSON_VECTOR || nr_json_type(value) == NR_JSON_ARRAY;
}

void nr_fields_floats(struct nr_fields *fields, const struct nr_json *from, const char *key, float *out, size_t count)
{
    const struct nr_json *value = nr_json_get(from, key);
    if (!is_list(value) || nr_json_size(value) != count) {
        nr_fields_fail(fields, key, is_list(value) ? "has the wrong number of numbers" : "is no list of numbers");
        return;
    }
    size_t got;
    const float *numbers = read_floats(fields, value, key, &got);
    if (numbers)
        memcpy(out, numbers, count * sizeof(*out));
}

static struct nr_terms read_terms(struct nr_fields *fields, const struct nr_json *object, const char *key)
{
    struct nr_terms terms = {0};
    size_t count = nr_json_size(object);
    if (count == 0 || !(terms.items = nr_arena_alloc(fields->mem, count, sizeof(*terms.items))))
        return terms;
    for (const struct nr_json *m = nr_json_first(object); m; m = nr_json_next(m)) {
        if (nr_json_type(m) != NR_JSON_NUMBER)
            nr_fields_fail(fields, key, "holds a weight that is no number");
        terms.items[terms.count++] =
            (struct nr_term){.name = nr_arena_strdup(fields->mem, nr_json_key(m)), .weight = nr_json_number(m)};
    }
    if (fields->status != NR_OK || fields->mem->failed)
        return (struct nr_terms){0};
    qsort(terms.items, terms.count, sizeof(*terms.items), nr_term_compare);
    return terms;
}

struct nr_terms nr_fields_terms(struct nr_fields *fields, const struct nr_json *from, const char *key)
{
    return read_terms(fields, nr_fields_object(fields, from, key), key);
}

struct nr_block nr_fields_block(struct nr_fields *fields, const struct nr_json *from, const char *key)
{
    struct nr_block block = {0};
    const struct nr_json *value = fields->status == NR_OK ? nr_json_get(from, key) : NULL;
    if (is_list(value))
        block.values = read_floats(fields, value, key, &block.length);
    else if (nr_json_type(value) == NR_JSON_OBJECT)
        block.terms = read_terms(fields, value, key);
    else if (nr_json_type(value) != NR_JSON_NULL)
        nr_fields_fail(fields, key, "is neither a list of numbers nor an object of weights");
    if (!block.values)
        block.length = 0;
    return block;
}

void nr_fields_blocks(struct nr_fields *fields, const struct nr_json *from, struct nr_block blocks[NR_BLOCK_COUNT])
{
    const struct nr_json *object = nr_fields_object(fields, from, "blocks");
    fields->where = "blocks";
    for (size_t i = 0; i < NR_BLOCK_COUNT; i++)
        blocks[i] = nr_fields_block(fields, object, nr_block_defs[i].name);
    fields->where = NULL;
}

static void read_interest(struct nr_fields *fields, const struct nr_json *element, size_t place, void *to)
{
    (void)place;
    *(struct nr_interest *)to = (struct nr_interest){
        .kind = (enum nr_tag_kind)nr_fields_choice(fields, element, "kind", nr_tag_kind_names, NR_TAG_KIND_COUNT),
        .tag = nr_fields_text(fields, element, "tag", true),
        .weight = nr_fields_number(fields, element, "weight"),
    };
}

struct nr_interest *nr_fields_interests(struct nr_fields *fields, const struct nr_json *from, size_t *count)
{
    return nr_fields_objects(fields, from, "interests", sizeof(struct nr_interest), read_interest, count);
}
