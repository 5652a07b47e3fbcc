/* rules.c - the table of cleaning rules, and the parameters. */
#include <string.h>

#include "nightreel/behaviour.h"

#include "core/banned.h"

const char *const nr_clean_verdict_names[] = {"reject", "repair", "merge", "keep"};

enum {
    REJECT = 1 << NR_CLEAN_REJECT,
    REPAIR = 1 << NR_CLEAN_REPAIR,
    MERGE = 1 << NR_CLEAN_MERGE,
    KEEP = 1 << NR_CLEAN_KEEP,
};

const struct nr_clean_rule_def nr_clean_rules[NR_RULE_COUNT] = {
    [NR_RULE_UNREADABLE] = {"unreadable", "a NUL byte, invalid characters, or a row of more than 4 MiB",
                            NR_CLEAN_REJECT, REJECT},
    [NR_RULE_COLUMNS] = {"columns",
                         "another number of fields than the header (repair: missing ones are empty, further"
                         " ones dropped)",
                         NR_CLEAN_REJECT, REJECT | REPAIR},
    [NR_RULE_HEADER] = {"header", "the header again, as where logs were joined end to end", NR_CLEAN_REJECT, REJECT},
    [NR_RULE_USER] = {"user", "no user id", NR_CLEAN_REJECT, REJECT},
    [NR_RULE_VIDEO] = {"video", "no video id (a search needs none)", NR_CLEAN_REJECT, REJECT},
    [NR_RULE_ID_LENGTH] = {"id-length", "a user or video id of more than 256 bytes", NR_CLEAN_REJECT, REJECT},
    [NR_RULE_BLANKS] = {"blanks", "blanks around a user id, a video id or an action (repair: cut off)", NR_CLEAN_REPAIR,
                        REJECT | REPAIR},
    [NR_RULE_ACTION] = {"action", "an unknown action, or none at all", NR_CLEAN_REJECT, REJECT},
    [NR_RULE_TIME] = {"time",
                      "a time stamp that is missing, in a log that has any, or cannot be read (repair: the event has"
                      " no time)",
                      NR_CLEAN_REJECT, REJECT | REPAIR},
    [NR_RULE_TIME_RANGE] = {"time-range", "a time before --since or after --until (repair: the event has no time)",
                            NR_CLEAN_REJECT, REJECT | REPAIR | KEEP},
    [NR_RULE_RATING] = {"rating",
                        "a rating that is missing (always rejected) or outside 0..--rating-max (repair: the nearer"
                        " end)",
                        NR_CLEAN_REJECT, REJECT | REPAIR},
    [NR_RULE_VALUE] = {"value", "a value that is no number, of an action other than rating (repair: none)",
                       NR_CLEAN_REPAIR, REJECT | REPAIR},
    [NR_RULE_WATCH] = {"watch", "a watch time that is no number, negative, or over --max-watch (repair: none)",
                       NR_CLEAN_REPAIR, REJECT | REPAIR},
    [NR_RULE_WATCH_OUTLIER] = {"watch-outlier",
                               "a watch time far above those of the video's other events: over the"
                               " median by --outlier-mads of the logarithm and by 4 times (repair:"
                               " that bound)",
                               NR_CLEAN_REPAIR, REPAIR | KEEP},
    [NR_RULE_DUPLICATE] = {"duplicate",
                           "the same user, video, action, time, value and comment as a row before (merge: that one"
                           " takes the longer watch time; reject: it stays as it is)",
                           NR_CLEAN_MERGE, REJECT | MERGE | KEEP},
    [NR_RULE_REPEATED_VIEW] = {"repeated-view",
                               "a view within --repeat-seconds of the same user's view of the same"
                               " video: one view, with the longer watch time",
                               NR_CLEAN_MERGE, MERGE | KEEP},
};

void nr_clean_params_default(struct nr_clean_params *params)
{
    *params = (struct nr_clean_params){
        .since = INT64_C(631152000000), /* 1990: a time that got lost is of 1970, public logs begin in the 1990s */
        .until = NR_TIME_NONE,
        .rating_max = 5,
        .max_watch = 86400,
        .outlier_mads = 5,
        .repeat_seconds = 30,
    };
    for (int rule = 0; rule < NR_RULE_COUNT; rule++)
        params->verdicts[rule] = nr_clean_rules[rule].verdict;
}

const char *nr_clean_params_check(const struct nr_clean_params *params)
{
    if (!(params->rating_max > 0))
        return "the greatest rating must be above 0";
    if (!(params->max_watch > 0))
        return "the greatest watch time must be above 0";
    if (!(params->outlier_mads >= 1))
        return "the outlier bound must be at least 1";
    if (!(params->repeat_seconds >= 0))
        return "the time within which views are one must be at least 0";
    if (params->until != NR_TIME_NONE && params->until < params->since)
        return "--until lies before --since";
    return NULL;
}

/* The index of `text` in a list of names, or -1. */
static int find_name(const char *const *names, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], text) == 0)
            return (int)i;
    return -1;
}

enum nr_status nr_clean_params_set_rule(struct nr_clean_params *params, const char *text, struct nr_error *err)
{
    const char *equals = strchr(text, '=');
    int verdict = equals ? find_name(nr_clean_verdict_names, 4, equals + 1) : -1;
    for (int rule = 0; rule < NR_RULE_COUNT && verdict >= 0; rule++) {
        const struct nr_clean_rule_def *def = &nr_clean_rules[rule];
        if (strlen(def->name) != (size_t)(equals - text) || strncmp(def->name, text, strlen(def->name)) != 0)
            continue;
        if (!(def->allowed & 1u << verdict))
            return nr_fail(err, NR_ERR_USAGE, "rule '%s' cannot be set to '%s'", def->name, equals + 1);
        params->verdicts[rule] = (enum nr_clean_verdict)verdict;
        return NR_OK;
    }
    return nr_fail(err, NR_ERR_USAGE, "'%s' is no RULE=reject|repair|merge|keep", text);
}
