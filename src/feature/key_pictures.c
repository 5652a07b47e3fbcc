/* key_pictures.c - which frames to keep small copies of, without knowing what comes.
 *
 * A shot's middle is known when it is over. Candidates are taken ever more rarely (the
 * next when the shot is GROWTH times as old as at the last one): of the last few one is
 * within a fifth of the middle, at the cost of a dozen copies a shot. */
#include "feature/key_pictures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/banned.h"

#define GROWTH 1.5
enum { CANDIDATES = 4 }; /* 1.5^3 > 2: one of them is at or before the middle */

struct kept {
    struct nr_key_picture picture;
    double weight; /* s that it stands for */
};

struct nr_key_pictures {
    size_t max;
    struct kept *kept; /* up to `max`, and one more on the way */
    struct nr_key_picture *list;
    size_t count;
    struct nr_key_picture candidates[CANDIDATES];
    size_t candidate_count;
    double opened;     /* the first candidate's time */
    int64_t every, at; /* without shots: each `every`th frame is kept */
};

enum nr_status nr_key_pictures_new(size_t max, struct nr_key_pictures **out, struct nr_error *err)
{
    struct nr_key_pictures *pictures = calloc(1, sizeof *pictures);
    *out = pictures;
    if (pictures) {
        pictures->max = max;
        pictures->every = 1;
        pictures->kept = calloc(max + 1, sizeof *pictures->kept);
        pictures->list = calloc(max + 1, sizeof *pictures->list);
    }
    if (pictures && pictures->kept && pictures->list)
        return NR_OK;
    nr_key_pictures_free(pictures);
    *out = NULL;
    return nr_fail_nomem(err, "key pictures");
}

static void drop(struct nr_key_picture *picture)
{
    free(picture->bgr);
    *picture = (struct nr_key_picture){.bgr = NULL};
}

void nr_key_pictures_free(struct nr_key_pictures *pictures)
{
    if (!pictures)
        return;
    for (size_t i = 0; i < pictures->count; i++)
        drop(&pictures->kept[i].picture);
    for (size_t i = 0; i < CANDIDATES; i++)
        drop(&pictures->candidates[i]);
    free(pictures->kept);
    free(pictures->list);
    free(pictures);
}

enum nr_status nr_key_pictures_offer(struct nr_key_pictures *pictures, const struct nr_frame *frame,
                                     struct nr_error *err)
{
    size_t count = pictures->candidate_count;
    if (count > 0) {
        double age = pictures->candidates[count - 1].time - pictures->opened;
        if (frame->time - pictures->opened < GROWTH * age || frame->time <= pictures->candidates[count - 1].time)
            return NR_OK;
    } else {
        pictures->opened = frame->time;
    }
    if (count == CANDIDATES) {
        drop(&pictures->candidates[0]);
        memmove(pictures->candidates, pictures->candidates + 1, (CANDIDATES - 1) * sizeof *pictures->candidates);
        pictures->candidates[--count] = (struct nr_key_picture){.bgr = NULL};
    }
    enum nr_status status = nr_key_picture_take(frame, &pictures->candidates[count], err);
    if (!status)
        pictures->candidate_count = count + 1;
    return status;
}

static int compare_times(const void *a, const void *b)
{
    const struct kept *x = a, *y = b;
    return (x->picture.time > y->picture.time) - (x->picture.time < y->picture.time);
}

/* Takes the picture over. The one that stands for least goes, of equals the last. */
static void keep(struct nr_key_pictures *pictures, struct nr_key_picture *picture, double weight)
{
    pictures->kept[pictures->count++] = (struct kept){*picture, weight};
    *picture = (struct nr_key_picture){.bgr = NULL};
    if (pictures->count <= pictures->max)
        return;
    qsort(pictures->kept, pictures->count, sizeof *pictures->kept, compare_times);
    size_t least = 0;
    for (size_t i = 1; i < pictures->count; i++)
        if (pictures->kept[i].weight <= pictures->kept[least].weight)
            least = i;
    drop(&pictures->kept[least].picture);
    pictures->kept[least] = pictures->kept[--pictures->count];
}

/* Candidates from `end` on are the next shot's. */
void nr_key_pictures_close(struct nr_key_pictures *pictures, double start, double end)
{
    double middle = (start + end) / 2;
    size_t best = CANDIDATES, later = 0;
    for (size_t i = 0; i < pictures->candidate_count; i++) {
        const struct nr_key_picture *one = &pictures->candidates[i];
        if (one->time >= end)
            continue;
        later = i + 1;
        if (one->time >= start &&
            (best == CANDIDATES || fabs(one->time - middle) < fabs(pictures->candidates[best].time - middle)))
            best = i;
    }
    if (best < CANDIDATES)
        keep(pictures, &pictures->candidates[best], end - start);
    for (size_t i = 0; i < later; i++)
        drop(&pictures->candidates[i]);
    size_t left = pictures->candidate_count - later;
    memmove(pictures->candidates, pictures->candidates + later, left * sizeof *pictures->candidates);
    for (size_t i = left; i < pictures->candidate_count; i++)
        pictures->candidates[i] = (struct nr_key_picture){.bgr = NULL};
    pictures->candidate_count = left;
    if (left > 0)
        pictures->opened = end;
}

/* Each `every`th frame is kept; when there are too many, every second of them goes. */
enum nr_status nr_key_pictures_spread(struct nr_key_pictures *pictures, const struct nr_frame *frame,
                                      struct nr_error *err)
{
    if (pictures->at++ % pictures->every != 0)
        return NR_OK;
    if (pictures->count == pictures->max) {
        size_t left = 0;
        for (size_t i = 0; i < pictures->count; i++) {
            if (i % 2 == 0)
                pictures->kept[left++] = pictures->kept[i];
            else
                drop(&pictures->kept[i].picture);
        }
        pictures->count = left;
        pictures->every *= 2;
        if ((pictures->at - 1) % pictures->every != 0)
            return NR_OK;
    }
    struct nr_key_picture picture;
    enum nr_status status = nr_key_picture_take(frame, &picture, err);
    if (!status)
        keep(pictures, &picture, 0);
    return status;
}

const struct nr_key_picture *nr_key_pictures_list(struct nr_key_pictures *pictures, size_t *count)
{
    qsort(pictures->kept, pictures->count, sizeof *pictures->kept, compare_times);
    for (size_t i = 0; i < pictures->count; i++)
        pictures->list[i] = pictures->kept[i].picture;
    *count = pictures->count;
    return pictures->list;
}
