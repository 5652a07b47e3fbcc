/* json.c - JSON documents: cJSON's tree, with vectors in an array of their own. */
#include <cjson/cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/json_scan.h"

#include "core/banned.h"

#define SMALL_OBJECT 12 /* members: comparing each with each is quicker than sorting */

/* A vector's node: its type says so, valueint is its number, valuedouble its length. */
#define VECTOR_TYPE cJSON_Raw

struct nr_json_doc {
    cJSON *root;
    struct nr_json_scan scan;
};

static const cJSON *node(const struct nr_json *value)
{
    return (const cJSON *)(const void *)value;
}

static const struct nr_json *value_of(const cJSON *item)
{
    return (const struct nr_json *)(const void *)item;
}

static enum nr_status twice(const char *key, struct nr_error *err)
{
    return nr_fail(err, NR_ERR_DATA, "malformed JSON: the key '%.80s' stands twice in one object", key);
}

static enum nr_status check_keys_sorted(const cJSON *object, size_t count, struct nr_error *err)
{
    const char **keys = calloc(count, sizeof(*keys));
    if (!keys)
        return nr_fail_nomem(err, "a JSON object");
    size_t i = 0;
    for (const cJSON *member = object->child; member; member = member->next)
        keys[i++] = member->string;
    qsort(keys, count, sizeof(*keys), nr_id_order);
    enum nr_status status = NR_OK;
    for (i = 1; i < count && status == NR_OK; i++) {
        if (strcmp(keys[i - 1], keys[i]) == 0)
            status = twice(keys[i], err);
    }
    free(keys);
    return status;
}

/* Which of two equal keys is meant nobody can know, so neither is taken. */
static enum nr_status check_keys(const cJSON *object, struct nr_error *err)
{
    size_t count = 0;
    for (const cJSON *member = object->child; member; member = member->next)
        count++;
    if (count > SMALL_OBJECT)
        return check_keys_sorted(object, count, err);
    for (const cJSON *member = object->child; member; member = member->next) {
        for (const cJSON *other = object->child; other != member; other = other->next) {
            if (strcmp(other->string, member->string) == 0)
                return twice(member->string, err);
        }
    }
    return NR_OK;
}

/* Turns placeholders into vectors, in document order, and checks the objects' keys. */
static enum nr_status settle(struct nr_json_doc *doc, cJSON *item, size_t *vectors, struct nr_error *err)
{
    if (cJSON_IsNumber(item) && isinf(item->valuedouble)) {
        size_t index = (*vectors)++;
        item->type = (item->type & ~0xff) | VECTOR_TYPE;
        item->valueint = (int)index;
        item->valuedouble = (double)(doc->scan.starts[index + 1] - doc->scan.starts[index]);
        return NR_OK;
    }
    enum nr_status status = cJSON_IsObject(item) ? check_keys(item, err) : NR_OK;
    for (cJSON *child = item->child; child && status == NR_OK; child = child->next)
        status = settle(doc, child, vectors, err);
    return status;
}

static enum nr_status build(struct nr_json_doc *doc, struct nr_error *err)
{
    doc->root = cJSON_ParseWithLength(doc->scan.text.data, doc->scan.text.length);
    if (!doc->root) /* the scanner has let it pass: only memory is left to fail */
        return nr_fail_nomem(err, "a JSON document");
    nr_buf_release(&doc->scan.text);
    size_t vectors = 0;
    enum nr_status status = settle(doc, doc->root, &vectors, err);
    if (status == NR_OK && vectors != doc->scan.vector_count)
        status = nr_fail(err, NR_ERR_INTERNAL, "a JSON document lost %zu vectors", doc->scan.vector_count - vectors);
    return status;
}

enum nr_status nr_json_parse(const char *text, size_t length, struct nr_json_doc **out, struct nr_error *err)
{
    struct nr_json_doc *doc = calloc(1, sizeof(*doc));
    if (!doc)
        return nr_fail_nomem(err, "a JSON document");
    enum nr_status status = nr_json_scan(text, length, &doc->scan, err);
    if (status == NR_OK)
        status = build(doc, err);
    if (status != NR_OK) {
        nr_json_free(doc);
        doc = NULL;
    }
    *out = doc;
    return status;
}

const struct nr_json *nr_json_root(const struct nr_json_doc *doc)
{
    return doc ? value_of(doc->root) : NULL;
}

void nr_json_free(struct nr_json_doc *doc)
{
    if (!doc)
        return;
    cJSON_Delete(doc->root);
    nr_json_scan_release(&doc->scan);
    free(doc);
}

enum nr_json_type nr_json_type(const struct nr_json *value)
{
    switch (value ? node(value)->type & 0xff : cJSON_NULL) {
    case cJSON_False:
    case cJSON_True:
        return NR_JSON_BOOL;
    case cJSON_Number:
        return NR_JSON_NUMBER;
    case cJSON_String:
        return NR_JSON_STRING;
    case cJSON_Array:
        return NR_JSON_ARRAY;
    case cJSON_Object:
        return NR_JSON_OBJECT;
    case VECTOR_TYPE:
        return NR_JSON_VECTOR;
    default:
        return NR_JSON_NULL;
    }
}

const struct nr_json *nr_json_get(const struct nr_json *object, const char *key)
{
    return nr_json_type(object) == NR_JSON_OBJECT ? value_of(cJSON_GetObjectItemCaseSensitive(node(object), key))
                                                  : NULL;
}

const char *nr_json_string(const struct nr_json *value)
{
    return nr_json_type(value) == NR_JSON_STRING ? node(value)->valuestring : NULL;
}

double nr_json_number(const struct nr_json *value)
{
    return nr_json_type(value) == NR_JSON_NUMBER ? node(value)->valuedouble : NAN;
}

bool nr_json_bool(const struct nr_json *value)
{
    return value && cJSON_IsTrue(node(value));
}

const char *nr_json_key(const struct nr_json *member)
{
    return member ? node(member)->string : NULL;
}

const struct nr_json *nr_json_first(const struct nr_json *parent)
{
    return parent ? value_of(node(parent)->child) : NULL;
}

const struct nr_json *nr_json_next(const struct nr_json *sibling)
{
    return sibling ? value_of(node(sibling)->next) : NULL;
}

size_t nr_json_size(const struct nr_json *value)
{
    switch (nr_json_type(value)) {
    case NR_JSON_VECTOR:
        return (size_t)node(value)->valuedouble;
    case NR_JSON_ARRAY:
    case NR_JSON_OBJECT:
        return (size_t)cJSON_GetArraySize(node(value));
    default:
        return 0;
    }
}

const double *nr_json_vector(const struct nr_json_doc *doc, const struct nr_json *value, size_t *length)
{
    static const double nothing;
    *length = nr_json_size(value);
    if (nr_json_type(value) != NR_JSON_VECTOR) {
        *length = 0;
        return NULL;
    }
    return *length ? doc->scan.numbers + doc->scan.starts[node(value)->valueint] : &nothing;
}
