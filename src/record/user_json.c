/* user_json.c - a user's record as JSON and back. */
#include "record/fields.h"

#include <stdlib.h>

#include "core/banned.h"

static void put_watched(const struct nr_user *user, struct nr_buf *out)
{
    nr_json_put_key(out, "watched");
    nr_json_open(out, '[');
    for (size_t i = 0; i < user->watched_count; i++) {
        nr_json_open(out, '{');
        nr_put_text(out, "video_id", user->watched[i].video_id);
        nr_put_number(out, "weight", user->watched[i].weight);
        nr_json_close(out, '}');
    }
    nr_json_close(out, ']');
}

static void put_clusters(const struct nr_user *user, struct nr_buf *out)
{
    nr_json_put_key(out, "clusters");
    nr_json_open(out, '[');
    for (size_t i = 0; i < user->cluster_count; i++) {
        nr_json_open(out, '{');
        nr_put_number(out, "weight", user->clusters[i].weight);
        nr_put_int(out, "videos", user->clusters[i].videos);
        nr_put_blocks(out, user->clusters[i].blocks);
        nr_json_close(out, '}');
    }
    nr_json_close(out, ']');
}

void nr_user_write(const struct nr_user *user, struct nr_buf *out)
{
    nr_json_open(out, '{');
    nr_put_text(out, "user_id", user->user_id);
    nr_put_text(out, "source", nr_user_source_names[user->source]);
    nr_put_int(out, "events", user->events);
    nr_put_time(out, "last_event", user->last_event);
    nr_put_interests(out, user->interests, user->interest_count);
    nr_put_strings(out, "unknown_tags", &user->unknown_tags);
    put_watched(user, out);
    nr_put_blocks(out, user->blocks);
    if (user->cluster_count)
        put_clusters(user, out);
    nr_json_close(out, '}');
}

static int compare_watched(const void *a, const void *b)
{
    return nr_id_compare(((const struct nr_watched *)a)->video_id, ((const struct nr_watched *)b)->video_id);
}

static void read_watched_video(struct nr_fields *fields, const struct nr_json *element, size_t place, void *to)
{
    (void)place;
    *(struct nr_watched *)to = (struct nr_watched){
        .video_id = nr_fields_text(fields, element, "video_id", true),
        .weight = nr_fields_number(fields, element, "weight"),
    };
}

static void read_watched(struct nr_fields *fields, const struct nr_json *root, struct nr_user *user)
{
    user->watched =
        nr_fields_objects(fields, root, "watched", sizeof *user->watched, read_watched_video, &user->watched_count);
    if (user->watched_count > 1)
        qsort(user->watched, user->watched_count, sizeof(*user->watched), compare_watched);
}

static void read_cluster(struct nr_fields *fields, const struct nr_json *element, size_t place, void *to)
{
    struct nr_user_cluster *cluster = to;
    (void)place;
    *cluster = (struct nr_user_cluster){.weight = nr_fields_number(fields, element, "weight"),
                                        .videos = nr_fields_int(fields, element, "videos")};
    nr_fields_blocks(fields, element, cluster->blocks);
}

enum nr_status nr_user_read(struct nr_user *user, const char *json, size_t length, struct nr_error *err)
{
    struct nr_fields fields;
    struct nr_json_doc *doc;
    enum nr_status status = nr_fields_begin(&fields, json, length, &user->mem, &doc, err);
    if (status != NR_OK)
        return status;
    const struct nr_json *root = nr_json_root(doc);
    user->user_id = nr_fields_text(&fields, root, "user_id", true);
    user->source =
        (enum nr_user_source)nr_fields_choice(&fields, root, "source", nr_user_source_names, NR_USER_POPULARITY + 1);
    user->events = nr_fields_int(&fields, root, "events");
    user->last_event = nr_fields_time(&fields, root, "last_event");
    user->interests = nr_fields_interests(&fields, root, &user->interest_count);
    user->unknown_tags = nr_fields_strings(&fields, root, "unknown_tags");
    read_watched(&fields, root, user);
    nr_fields_blocks(&fields, root, user->blocks);
    user->clusters =
        nr_fields_objects(&fields, root, "clusters", sizeof *user->clusters, read_cluster, &user->cluster_count);
    nr_json_free(doc);
    return nr_fields_end(&fields);
}
