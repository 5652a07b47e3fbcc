/* curriculum.c - see curriculum.h; the rules are in nightreel/match_candidates.h. */
#include "match/curriculum.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "match/scorer.h"

#include "core/banned.h"

#define NO_STEP  UINT32_MAX
#define ROUNDING 1e-6 /* levels are floats */

/* A pair (after, before) of positions in the index. */
struct wait {
    uint32_t before, after;
};

/* The videos of one lesson of a course. */
struct step {
    size_t first, count; /* in `lessons` */
    bool opens;          /* the course begins with it */
};

struct lesson {
    const char *course;
    double number;
    uint32_t item;
};

struct nr_curriculum {
    bool *bound; /* by item: waits for others; NULL: no order */
    struct wait *waits;
    size_t wait_count;    /* by `before`, then `after` */
    size_t *wait_starts;  /* by item, of the waits behind it; items + 1 */
    uint32_t *wait_total; /* by item: what it waits for by id */
    struct lesson *lessons;
    size_t lesson_count; /* by course, number, item */
    struct step *steps;
    size_t step_count;
    uint32_t *step_of; /* by item */

    float *levels; /* by item, -INFINITY: for everybody; NULL: no levels */
    const char **level_ids;
    float *level_values; /* of the whole catalogue, by video_id */
    size_t level_count;
    double lowest, step;
};

/* ---- what the catalogue says ---------------------------------------------------------------- */

static bool read_level(const char *text, double *level)
{
    static const struct {
        const char *name;
        double level;
    } words[] = {{"beginner", 1}, {"初级", 1}, {"intermediate", 2}, {"中级", 2}, {"advanced", 3}, {"高级", 3}};
    for (size_t w = 0; w < NR_COUNT(words); w++)
        if (strcasecmp(text, words[w].name) == 0) {
            *level = words[w].level;
            return true;
        }
    return nr_parse_double(text, strlen(text), level);
}

static int by_wait(const void *a, const void *b)
{
    const struct wait *left = a, *right = b;
    if (left->before != right->before)
        return left->before < right->before ? -1 : 1;
    return (left->after > right->after) - (left->after < right->after);
}

/* The candidates that a video names in `prerequisites`. */
static enum nr_status take_prerequisites(struct nr_curriculum *c, const struct nr_match_index *index, size_t item,
                                         const char *text, size_t *capacity, struct nr_match_notes *notes,
                                         struct nr_error *err)
{
    const char *id;
    char *name;
    size_t at = 0, length, first = c->wait_count;
    enum nr_status status = NR_OK;
    while (!status && nr_list_next(text, strlen(text), &at, &id, &length)) {
        if (!(name = strndup(id, length)))
            return nr_fail_nomem(err, "what videos wait for");
        size_t before = nr_match_index_find(index, name), w = first;
        free(name);
        while (w < c->wait_count && c->waits[w].before != before)
            w++;
        if (before == SIZE_MAX)
            nr_match_doubt(notes, NR_DOUBT_PREREQUISITE, index->items[item], text);
        if (before == SIZE_MAX || w < c->wait_count)
            continue;
        status = nr_array_reserve((void **)&c->waits, capacity, c->wait_count + 1, sizeof *c->waits, UINT32_MAX, err);
        if (!status)
            c->waits[c->wait_count++] = (struct wait){(uint32_t)before, (uint32_t)item};
    }
    c->wait_total[item] = (uint32_t)(c->wait_count - first);
    c->bound[item] = c->wait_total[item] > 0;
    return status;
}

static int by_lesson(const void *a, const void *b)
{
    const struct lesson *left = a, *right = b;
    int order = strcmp(left->course, right->course);
    if (!order)
        order = (left->number > right->number) - (left->number < right->number);
    return order ? order : (left->item > right->item) - (left->item < right->item);
}

static void make_steps(struct nr_curriculum *c)
{
    if (c->lesson_count > 1)
        qsort(c->lessons, c->lesson_count, sizeof *c->lessons, by_lesson);
    for (size_t l = 0; l < c->lesson_count; l++) {
        const struct lesson *before = l ? &c->lessons[l - 1] : NULL, *now = &c->lessons[l];
        bool opens = !before || strcmp(before->course, now->course) != 0;
        if (opens || before->number < now->number)
            c->steps[c->step_count++] = (struct step){l, 0, opens};
        c->steps[c->step_count - 1].count++;
        c->step_of[now->item] = (uint32_t)(c->step_count - 1);
        if (!c->steps[c->step_count - 1].opens && !c->wait_total[now->item])
            c->bound[now->item] = true;
    }
}

static void start_waits(struct nr_curriculum *c, size_t items)
{
    if (c->wait_count > 1)
        qsort(c->waits, c->wait_count, sizeof *c->waits, by_wait);
    for (size_t w = 0; w < c->wait_count; w++)
        c->wait_starts[c->waits[w].before + 1]++;
    for (size_t i = 0; i < items; i++)
        c->wait_starts[i + 1] += c->wait_starts[i];
}

static enum nr_status make_order(struct nr_curriculum *c, const struct nr_match_index *index,
                                 struct nr_match_notes *notes, struct nr_error *err)
{
    const struct nr_match_columns *columns = &index->columns;
    size_t course = nr_match_columns_find(columns, "course", strlen("course")), capacity = 0;
    size_t lesson = nr_match_columns_find(columns, "lesson", strlen("lesson"));
    size_t needs = nr_match_columns_find(columns, "prerequisites", strlen("prerequisites"));
    enum nr_status status = NR_OK;
    notes->no_course = !columns->any && needs == SIZE_MAX && (course == SIZE_MAX || lesson == SIZE_MAX);
    c->bound = calloc(index->count + 1, sizeof *c->bound);
    c->wait_starts = calloc(index->count + 2, sizeof *c->wait_starts);
    c->wait_total = calloc(index->count + 1, sizeof *c->wait_total);
    c->lessons = malloc((index->count + 1) * sizeof *c->lessons);
    c->steps = malloc((index->count + 1) * sizeof *c->steps);
    c->step_of = malloc((index->count + 1) * sizeof *c->step_of);
    if (!c->bound || !c->wait_starts || !c->wait_total || !c->lessons || !c->steps || !c->step_of)
        return nr_fail_nomem(err, "the order of courses");
    for (size_t i = 0; i < index->count && !status; i++) {
        const struct nr_item *item = index->items[i];
        const char *before = nr_match_columns_text(columns, item, needs);
        const char *in = nr_match_columns_text(columns, item, course);
        const char *number = nr_match_columns_text(columns, item, lesson);
        double value;
        c->step_of[i] = NO_STEP;
        if (before)
            status = take_prerequisites(c, index, i, before, &capacity, notes, err);
        if (in && number && nr_parse_double(number, strlen(number), &value))
            c->lessons[c->lesson_count++] = (struct lesson){in, value, (uint32_t)i};
        else if (in && number)
            nr_match_doubt(notes, NR_DOUBT_LESSON, item, number);
    }
    make_steps(c);
    start_waits(c, index->count);
    return status;
}

/* By video_id, of all items; those of the index are among them, in the same order. */
static enum nr_status make_levels(struct nr_curriculum *c, const struct nr_match_index *index,
                                  const struct nr_item_list *items, struct nr_match_notes *notes, struct nr_error *err)
{
    const struct nr_match_columns *columns = &index->columns;
    size_t column = nr_match_columns_find(columns, "difficulty", strlen("difficulty")), *order = NULL, at = 0;
    enum nr_status status = nr_item_list_order(items, &order, err);
    notes->no_difficulty = !columns->any && column == SIZE_MAX;
    c->lowest = INFINITY;
    c->levels = malloc((index->count + 1) * sizeof *c->levels);
    c->level_ids = malloc((items->count + 1) * sizeof *c->level_ids);
    c->level_values = malloc((items->count + 1) * sizeof *c->level_values);
    if (!status && (!c->levels || !c->level_ids || !c->level_values))
        status = nr_fail_nomem(err, "the levels of videos");
    for (size_t i = 0; i < items->count && !status; i++) {
        const struct nr_item *item = &items->items[order[i]];
        const char *text = nr_match_columns_text(columns, item, column);
        bool candidate = at < index->count && index->items[at] == item;
        double level = -INFINITY;
        if (text && !read_level(text, &level))
            nr_match_doubt(notes, NR_DOUBT_DIFFICULTY, item, text);
        if (candidate)
            c->levels[at++] = (float)level;
        if (!isfinite(level))
            continue;
        c->level_ids[c->level_count] = item->video_id;
        c->level_values[c->level_count++] = (float)level;
        c->lowest = fmin(c->lowest, (float)level);
    }
    free(order);
    return status;
}

enum nr_status nr_curriculum_new(const struct nr_match_index *index, const struct nr_item_list *items,
                                 struct nr_match_notes *notes, struct nr_curriculum **out, struct nr_error *err)
{
    const struct nr_candidate_params *asked = &index->params->candidates;
    enum nr_status status = NR_OK;
    *out = NULL;
    if (!asked->course_order && isnan(asked->difficulty_step))
        return NR_OK;
    struct nr_curriculum *c = calloc(1, sizeof *c);
    if (!c)
        return nr_fail_nomem(err, "the order of courses");
    c->step = asked->difficulty_step;
    if (asked->course_order)
        status = make_order(c, index, notes, err);
    if (!status && !isnan(asked->difficulty_step))
        status = make_levels(c, index, items, notes, err);
    if (status)
        nr_curriculum_free(c);
    else
        *out = c;
    return status;
}

void nr_curriculum_free(struct nr_curriculum *c)
{
    if (!c)
        return;
    free(c->bound);
    free(c->waits);
    free(c->wait_starts);
    free(c->wait_total);
    free(c->lessons);
    free(c->steps);
    free(c->step_of);
    free(c->levels);
    free(c->level_ids);
    free(c->level_values);
    free(c);
}

/* ---- what a user is ready for ------------------------------------------------------------------- */

static int by_position(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

/* The step behind that of an item, or NULL. */
static const struct step *next_step(const struct nr_curriculum *c, uint32_t item)
{
    size_t step = c->step_of[item] == NO_STEP ? c->step_count : (size_t)c->step_of[item] + 1;
    return step < c->step_count && !c->steps[step].opens ? &c->steps[step] : NULL;
}

/* Videos that wait for `watched` ones, a place for each of these: with several
 * prerequisites they are there several times. NULL `out` counts. */
static size_t follow(const struct nr_curriculum *c, const uint32_t *watched, size_t count, uint32_t *out)
{
    size_t found = 0;
    for (size_t w = 0; w < count; w++) {
        const struct step *step = next_step(c, watched[w]);
        for (size_t n = c->wait_starts[watched[w]]; n < c->wait_starts[watched[w] + 1]; n++, found++)
            if (out)
                out[found] = c->waits[n].after;
        for (size_t l = 0; step && l < step->count; l++) {
            uint32_t item = c->lessons[step->first + l].item;
            if (c->wait_total[item])
                continue;
            if (out)
                out[found] = item;
            found++;
        }
    }
    return found;
}

/* Keeps, each once, those that are there often enough: `followers` is sorted. */
static size_t keep_ready(const struct nr_curriculum *c, uint32_t *followers, size_t count)
{
    size_t kept = 0;
    for (size_t f = 0, same; f < count; f += same) {
        uint32_t item = followers[f];
        for (same = 1; f + same < count && followers[f + same] == item; same++)
            continue;
        if (same >= c->wait_total[item])
            followers[kept++] = item;
    }
    return kept;
}

static enum nr_status unlock(const struct nr_curriculum *c, const struct nr_match_index *index,
                             struct nr_match_user *user, struct nr_arena *mem, struct nr_error *err)
{
    const struct nr_user *known = user->user;
    uint32_t *watched = nr_arena_alloc(mem, known->watched_count + 1, sizeof *watched);
    size_t count = 0;
    for (size_t w = 0; w < known->watched_count && watched; w++) {
        size_t item = known->watched[w].weight > 0 ? nr_match_index_find(index, known->watched[w].video_id) : SIZE_MAX;
        if (item != SIZE_MAX)
            watched[count++] = (uint32_t)item;
    }
    size_t followers = watched ? follow(c, watched, count, NULL) : 0;
    user->unlocked = nr_arena_alloc(mem, followers + 1, sizeof *user->unlocked);
    if (!watched || !user->unlocked)
        return nr_fail_nomem(err, "what a user is ready for");
    follow(c, watched, count, user->unlocked);
    qsort(user->unlocked, followers, sizeof *user->unlocked, by_position);
    user->unlocked_count = keep_ready(c, user->unlocked, followers);
    return NR_OK;
}

/* The highest level that the user may be shown. */
static double find_reach(const struct nr_curriculum *c, const struct nr_user *user)
{
    double highest = -INFINITY;
    for (size_t w = 0; w < user->watched_count; w++) {
        size_t place = user->watched[w].weight > 0 ? nr_id_find(c->level_ids, c->level_count, user->watched[w].video_id)
                                                   : SIZE_MAX;
        if (place != SIZE_MAX)
            highest = fmax(highest, c->level_values[place]);
    }
    return (isfinite(highest) ? highest : c->lowest - 1) + c->step + ROUNDING;
}

enum nr_status nr_curriculum_begin(const struct nr_curriculum *c, const struct nr_match_index *index,
                                   struct nr_match_user *user, struct nr_arena *mem, struct nr_error *err)
{
    if (!c)
        return NR_OK;
    if (c->levels)
        user->reach = find_reach(c, user->user);
    return c->bound ? unlock(c, index, user, mem, err) : NR_OK;
}

bool nr_curriculum_bars(const struct nr_curriculum *c, const struct nr_match_user *user, size_t item, size_t *next)
{
    if (c->levels && c->levels[item] > user->reach)
        return true;
    if (!c->bound || !c->bound[item])
        return false;
    while (*next < user->unlocked_count && user->unlocked[*next] < item)
        (*next)++;
    return *next == user->unlocked_count || user->unlocked[*next] != item;
}
