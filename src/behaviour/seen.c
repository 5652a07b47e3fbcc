/* seen.c - see seen.h: open addressing, the place by the hash's upper bits, so that a
 * table is in the order of its hashes and grows by one pass from end to end. */
#include "behaviour/seen.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/banned.h"

enum { PART_BITS = 4, PART_MIN = 64, PER_LINE = 4 };
#define PART_MAX ((size_t)1 << 31)

void nr_seen_init(struct nr_seen *seen)
{
    *seen = (struct nr_seen){.key = {0}};
    nr_hash_key(seen->key);
}

void nr_seen_release(struct nr_seen *seen)
{
    for (size_t i = 0; i < NR_SEEN_PARTS; i++)
        nr_table_free(seen->parts[i].entries, seen->parts[i].capacity * sizeof(struct nr_seen_entry));
    *seen = (struct nr_seen){.key = {0}};
}

static size_t part_of(uint64_t low)
{
    return (size_t)(low >> (64 - PART_BITS));
}

/* The 32 bits behind the part's, spread over the capacity, from the start of a cache
 * line: most searches end in the first line. */
static size_t place_of(uint64_t low, size_t capacity)
{
    return (size_t)((low << PART_BITS >> 32) * (capacity / PER_LINE) >> 32) * PER_LINE;
}

/* ---- hashes ------------------------------------------------------------------------- */

enum { FIXED = sizeof(double) + sizeof(int64_t) + 2 };

size_t nr_seen_identity_size(const struct nr_event *event)
{
    return FIXED + strlen(event->user_id) + strlen(event->video_id) + 2 +
           (event->comment ? strlen(event->comment) + 1 : 0);
}

/* Copies a string with its NUL and moves *to behind it. */
static const char *copy_text(const char *text, char **to)
{
    char *copy = *to;
    size_t size = strlen(text) + 1;
    memcpy(copy, text, size);
    *to += size;
    return copy;
}

/* Every zero is one, every NAN is one, no string holds a NUL. */
void nr_seen_identity(struct nr_event *event, char *out)
{
    double value = isnan(event->value) ? (double)NAN : event->value + 0.0;
    memcpy(out, &value, sizeof value);
    memcpy(out + sizeof value, &event->time, sizeof event->time);
    out[FIXED - 2] = (char)event->action;
    out[FIXED - 1] = event->comment != NULL;
    out += FIXED;
    event->user_id = copy_text(event->user_id, &out);
    event->video_id = copy_text(event->video_id, &out);
    if (event->comment)
        event->comment = copy_text(event->comment, &out);
}

struct nr_event_hash nr_seen_hash(const struct nr_seen *seen, const char *identity, size_t size)
{
    uint64_t hash[2];
    nr_hash_keyed(seen->key, identity, size, hash);
    return (struct nr_event_hash){hash[0], (uint32_t)hash[1]};
}

/* ---- the tables ---------------------------------------------------------------------- */

void nr_seen_prefetch(const struct nr_seen *seen, const struct nr_event_hash *hash)
{
    size_t part = part_of(hash->low), capacity = seen->parts[part].capacity;
    if (capacity)
        __builtin_prefetch(&seen->parts[part].entries[place_of(hash->low, capacity)], 1);
}

/* The place that holds the hash, or where it belongs. */
static struct nr_seen_entry *find(struct nr_seen_entry *entries, size_t capacity, uint64_t low, uint32_t high)
{
    size_t at = place_of(low, capacity);
    while (entries[at].line && (entries[at].low != low || entries[at].high != high))
        at = at + 1 == capacity ? 0 : at + 1;
    return &entries[at];
}

static enum nr_status grow(struct nr_seen *seen, size_t part, struct nr_error *err)
{
    size_t old = seen->parts[part].capacity, capacity = old ? old + old / 16 * PER_LINE : PART_MIN;
    struct nr_seen_entry *grown = capacity < PART_MAX ? nr_table_new(capacity * sizeof *grown) : NULL;
    if (!grown)
        return nr_fail_nomem(err, "what tells repeated rows");
    for (size_t i = 0; i < old; i++) {
        const struct nr_seen_entry *entry = &seen->parts[part].entries[i];
        if (entry->line)
            *find(grown, capacity, entry->low, entry->high) = *entry;
    }
    nr_table_free(seen->parts[part].entries, old * sizeof *grown);
    seen->parts[part].entries = grown;
    seen->parts[part].capacity = capacity;
    return NR_OK;
}

enum nr_status nr_seen_add(struct nr_seen *seen, const struct nr_event_hash *hash, size_t line, size_t *first,
                           struct nr_error *err)
{
    size_t part = part_of(hash->low);
    enum nr_status status = NR_OK;
    if (seen->parts[part].count >= seen->parts[part].capacity / 5 * 4)
        status = grow(seen, part, err);
    if (status)
        return status;
    struct nr_seen_entry *entry = find(seen->parts[part].entries, seen->parts[part].capacity, hash->low, hash->high);
    *first = entry->line;
    if (entry->line)
        return NR_OK;
    uint32_t known = line < NR_SEEN_LINE_MAX ? (uint32_t)line : NR_SEEN_LINE_MAX;
    *entry = (struct nr_seen_entry){hash->low, hash->high, known};
    seen->parts[part].count++;
    return NR_OK;
}
