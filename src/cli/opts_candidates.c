/* opts_candidates.c - options of who is recommended what, and of what a list may hold. */
#include <math.h>
#include <string.h>

#include "cli/cli.h"

#include "core/banned.h"

static enum nr_status parse_filter(void *field, const char *text, struct nr_error *err)
{
    return nr_match_params_add_filter(field, text, err);
}

static enum nr_status parse_caps(void *field, const char *text, struct nr_error *err)
{
    return nr_match_params_set_caps(field, text, err);
}

/* A file that is read twice: when a run begins and when it ends. */
static enum nr_status parse_file(void *field, const char *text, struct nr_error *err)
{
    if (strcmp(text, "-") == 0)
        return nr_fail(err, NR_ERR_USAGE, "a file is needed: standard input is for records");
    *(const char **)field = text;
    return NR_OK;
}

static enum nr_status parse_or_off(void *field, const char *text, struct nr_error *err)
{
    double *number = field;
    if (strcmp(text, "off") == 0)
        *number = NAN;
    else if (!nr_parse_double(text, strlen(text), number))
        return nr_fail(err, NR_ERR_USAGE, "takes a number or off, not '%s'", text);
    return NR_OK;
}

static const struct nr_option candidates[] = {
    {"filter", 0, NR_OPTION_PARSE, "CONDITION",
     "only videos for which it holds; given several times, all must. COLUMN = != < <= > >= VALUE, COLUMN [not] in (A, "
     "B), COLUMN [not] has VALUE (an element of tags, actors, ...; a part of a text), joined by and, or, not, "
     "parentheses; now, now-30d are times. Columns: those of the catalogue, and topics, sentiment, audience. False "
     "where the video does not have the column",
     NR_SETTING(match), NULL, parse_filter},
    {"language", 0, NR_OPTION_STRING, "L,...", "only videos in these languages: zh,en (zh is also zh-CN)",
     NR_SETTING(match.candidates.languages), NULL, NULL},
    {"allow", 0, NR_OPTION_PARSE, "FILE", "only the videos whose ids stand in FILE, one a line (# begins a comment)",
     NR_SETTING(match_files.allow), NULL, parse_file},
    {"deny", 0, NR_OPTION_PARSE, "FILE", "none of the videos whose ids stand in FILE", NR_SETTING(match_files.deny),
     NULL, parse_file},
    {"available-from", 0, NR_OPTION_STRING, "COLUMN",
     "the column that says since when a video is available (default available_from, where the catalogue has it)",
     NR_SETTING(match.candidates.available_from), NULL, NULL},
    {"available-until", 0, NR_OPTION_STRING, "COLUMN",
     "and until when; of a date that day counts (default available_until, likewise)",
     NR_SETTING(match.candidates.available_until), NULL, NULL},
    {"viewer-age", 0, NR_OPTION_DOUBLE, "YEARS", "no video whose age_rating is above it",
     NR_SETTING(match.candidates.viewer_age), NULL, NULL},
    {"course-order", 0, NR_OPTION_FLAG, NULL,
     "a video waits until the user has watched its prerequisites (video_ids), or else the lesson before it in its "
     "course (columns course, lesson)",
     NR_SETTING(match.candidates.course_order), NULL, NULL},
    {"difficulty-step", 0, NR_OPTION_PARSE, "N|off",
     "no video whose difficulty (a number, or beginner, intermediate, advanced) is more than N above the highest that "
     "the user has watched (default off)",
     NR_SETTING(match.candidates.difficulty_step), NULL, parse_or_off},
};
const struct nr_option_group nr_options_candidates = {"Candidates", NR_BASE_SETTINGS, candidates, NR_COUNT(candidates)};

static const struct nr_option lists[] = {
    {"max-per", 0, NR_OPTION_PARSE, "COLUMN=N,...|none",
     "at most N videos of a list with the same value: author=2,genre=5 (any text column; genre is tags, actor, "
     "director)",
     NR_SETTING(match), NULL, parse_caps},
    {"duplicates-above", 0, NR_OPTION_PARSE, "S|off",
     "no video beside one that it is like by more than S, the mean cosine of their blocks (sound or picture among "
     "them), or whose file it is; 1: only the same file (default off)",
     NR_SETTING(match.lists.duplicates_above), NULL, parse_or_off},
    {"users", 0, NR_OPTION_PARSE, "FILE",
     "lists only for the users whose ids stand in FILE, one a line; one without a record gets that of " NR_ANYBODY,
     NR_SETTING(match_files.users), NULL, parse_file},
    {"anonymous", 0, NR_OPTION_FLAG, NULL,
     "also a list for people whom nobody knows, as user_id " NR_ANYBODY ": by popularity, or by the declared interests "
     "of a user " NR_ANYBODY,
     NR_SETTING(match.lists.anonymous), NULL, NULL},
};
const struct nr_option_group nr_options_lists = {"Lists", NR_BASE_SETTINGS, lists, NR_COUNT(lists)};
