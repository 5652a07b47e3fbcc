/* nightreel/store_state.h - what profiles are made from, kept from night to night in a
 * store: events (those that passed the rules of single rows), the records that were made of
 * them, and by what. All of it is changed within one transaction: a process that is killed
 * leaves the state as it was.
 *
 * What must be made anew is "touched": videos, whose events have to be looked at together,
 * and users.
 */
#ifndef NIGHTREEL_STORE_STATE_H
#define NIGHTREEL_STORE_STATE_H

#include "nightreel/record.h"
#include "nightreel/store.h"

/* An event, and what the rules that need the whole log made of it. */
struct nr_store_event {
    int64_t id;            /* rising, in the order in which they came */
    struct nr_event event; /* as it came; borrowed during a call */
    bool gone;             /* merged into another one */
    double watch_seconds;  /* that counts */
};
typedef enum nr_status (*nr_store_event_fn)(void *ctx, const struct nr_store_event *event, struct nr_error *err);

/* Begins and ends the one transaction; nothing is touched at its start. End: keeps what was
 * done where `keep`, else the state is as before. */
enum nr_status nr_state_begin(struct nr_store *store, struct nr_error *err) NR_MUST_CHECK;
enum nr_status nr_state_end(struct nr_store *store, bool keep, struct nr_error *err) NR_MUST_CHECK;

/* Adds an event and touches its user and its video. With `once` an event that is there in
 * all its fields is not added again. */
enum nr_status nr_state_add(struct nr_store *store, const struct nr_event *event, bool once,
                            struct nr_error *err) NR_MUST_CHECK;
/* What the rules make of an event from now on; touches its user. */
enum nr_status nr_state_mark(struct nr_store *store, const struct nr_store_event *event,
                             struct nr_error *err) NR_MUST_CHECK;

/* What a digest belongs to, and whom a change touches. */
enum nr_state_kind {
    NR_STATE_SETTINGS, /* key "": everyone and all videos */
    NR_STATE_SEARCHES, /* key "": users who searched with words */
    NR_STATE_TAGS,     /* key "": users who declared something */
    NR_STATE_ITEM,     /* key: a video; users with an event about it */
    NR_STATE_DECLARED, /* key: a user; that user */
    NR_STATE_KIND_COUNT
};
/* Notes the digest and touches whom it concerns where it was another one or none. */
enum nr_status nr_state_note(struct nr_store *store, enum nr_state_kind kind, const char *key, const char *digest,
                             struct nr_error *err) NR_MUST_CHECK;
/* Forgets the digests of this kind that were not noted since begin, touching likewise. */
enum nr_status nr_state_settle(struct nr_store *store, enum nr_state_kind kind, struct nr_error *err) NR_MUST_CHECK;

/* The touched videos, bytewise, copied into *mem. */
enum nr_status nr_state_videos(struct nr_store *store, struct nr_arena *mem, struct nr_strings *out,
                               struct nr_error *err) NR_MUST_CHECK;
enum nr_status nr_state_users(struct nr_store *store, struct nr_arena *mem, struct nr_strings *out,
                              struct nr_error *err) NR_MUST_CHECK;
/* The events about a video, or of a user, by id. */
enum nr_status nr_state_video_events(struct nr_store *store, const char *video_id, nr_store_event_fn fn, void *ctx,
                                     struct nr_error *err) NR_MUST_CHECK;
enum nr_status nr_state_user_events(struct nr_store *store, const char *user_id, nr_store_event_fn fn, void *ctx,
                                    struct nr_error *err) NR_MUST_CHECK;

/* A user's record (JSON); NULL: the user has none any more. */
enum nr_status nr_state_put(struct nr_store *store, const char *user_id, const char *json, size_t length,
                            struct nr_error *err) NR_MUST_CHECK;
/* All records by user_id, bytewise. */
enum nr_status nr_state_records(struct nr_store *store,
                                enum nr_status (*fn)(void *ctx, const char *json, size_t length, struct nr_error *err),
                                void *ctx, struct nr_error *err) NR_MUST_CHECK;

/* Removes all that is known of a user, from the file's pages too; *found tells whether
 * anything was. */
enum nr_status nr_state_forget(struct nr_store *store, const char *user_id, bool *found,
                               struct nr_error *err) NR_MUST_CHECK;

#endif
