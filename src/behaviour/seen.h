/* seen.h - which events a log has had, by their hashes. */
#ifndef NR_BEHAVIOUR_SEEN_H
#define NR_BEHAVIOUR_SEEN_H

#include "nightreel/io.h"
#include "nightreel/record.h"

/* 96 bits of an event's identity: user, video, action, time, value and comment. The hash
 * is SipHash-2-4 under a key that nobody knows beforehand, so that the chance that any
 * two of n different events have the same one is n^2 / 2^97: for 10 million events
 * 6e-16, for a thousand million 6e-12. */
struct nr_event_hash {
    uint64_t low;
    uint32_t high;
};

/* 16 bytes: a thousand million events have to fit into memory. */
struct nr_seen_entry {
    uint64_t low;
    uint32_t high;
    uint32_t line; /* of the first such event; 0: the place is free */
};

/* Tables that grow one at a time: never are the old and the new form of all of them in
 * memory together. 20 to 30 bytes for each different event. */
enum { NR_SEEN_PARTS = 16 };
#define NR_SEEN_LINE_MAX UINT32_MAX /* stands for every line from there on */
struct nr_seen {
    struct {
        struct nr_seen_entry *entries;
        size_t count, capacity;
    } parts[NR_SEEN_PARTS];
    unsigned char key[NR_HASH_KEY];
};

/* All that makes two events the same, in a form that no two different ones share; it holds
 * the event's strings. *event is changed to one with its strings there. */
size_t nr_seen_identity_size(const struct nr_event *event);
void nr_seen_identity(struct nr_event *event, char *out);

void nr_seen_init(struct nr_seen *seen);
void nr_seen_release(struct nr_seen *seen);
/* Of nr_seen_identity(); by the key alone, which does not change. */
struct nr_event_hash nr_seen_hash(const struct nr_seen *seen, const char *identity, size_t size);
/* Has the processor fetch what nr_seen_add() will look at. */
void nr_seen_prefetch(const struct nr_seen *seen, const struct nr_event_hash *hash);
/* *first is the line of the first event with that hash; 0: this one, now known. */
enum nr_status nr_seen_add(struct nr_seen *seen, const struct nr_event_hash *hash, size_t line, size_t *first,
                           struct nr_error *err) NR_MUST_CHECK;

#endif
