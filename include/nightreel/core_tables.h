/* nightreel/core_tables.h - the second half of core.h: what logs of millions of rows need.
 * Include nightreel/core.h, not this. */
#ifndef NIGHTREEL_CORE_TABLES_H
#define NIGHTREEL_CORE_TABLES_H

#include "nightreel/core.h"

/* A zeroed table that will be read all over: where it is large, in memory of its own that
 * goes back to the system, and in huge pages, or looking up addresses takes longer than
 * looking up entries. NULL where memory is short. */
void *nr_table_new(size_t bytes);
void nr_table_free(void *table, size_t bytes); /* as many as it was made with */

/* Strings of which each is kept once, in an arena: equal ones have the same address.
 * Zeroed is empty and ready; the arena goes with it or is kept, the table alone is released. */
struct nr_intern {
    struct nr_intern_entry *entries;
    size_t count, capacity;
    uint64_t seed;
};
/* NULL stays NULL; also NULL where memory is short, and then mem->failed is set. */
const char *nr_intern_add(struct nr_intern *table, struct nr_arena *mem, const char *text);
void nr_intern_release(struct nr_intern *table);

/* A thread that takes work over, one batch at a time and in the order given, while the
 * caller makes the next. NULL where none can be made: the caller does the work. */
struct nr_relay;
struct nr_relay *nr_relay_new(void (*work)(void *ctx, void *batch), void *ctx);
void nr_relay_give(struct nr_relay *relay, void *batch); /* waits until the one before is done */
void nr_relay_wait(struct nr_relay *relay);              /* until nothing is in the works */
void nr_relay_free(struct nr_relay *relay);              /* waits, too */

#endif
