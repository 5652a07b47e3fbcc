/* opts_behaviour.c - options of cleaning and of event weights. */
#include <string.h>

#include "cli/cli.h"

#include "core/banned.h"

static enum nr_status parse_rule(void *field, const char *text, struct nr_error *err)
{
    return nr_clean_params_set_rule(field, text, err);
}

static enum nr_status parse_decay(void *field, const char *text, struct nr_error *err)
{
    return nr_weight_params_set_decay(field, text, err);
}

/* One scale for what is believed and for what it is worth. */
static enum nr_status parse_rating_max(void *field, const char *text, struct nr_error *err)
{
    struct nr_settings *settings = (struct nr_settings *)field;
    double max;
    if (!nr_parse_double(text, strlen(text), &max))
        return nr_fail(err, NR_ERR_USAGE, "'%s' is no number", text);
    settings->clean.rating_max = settings->weights.rating_max = max;
    return NR_OK;
}

static enum nr_status parse_actions(void *field, const char *text, struct nr_error *err)
{
    return nr_weight_params_set_actions(field, text, err);
}

static const struct nr_option clean[] = {
    {"map", 0, NR_OPTION_STRING, "F=COL,...",
     "which columns hold user, video, action, value, time, watch, comment, or are not zero for an action "
     "(like=is_like) (default: by their names)",
     NR_SETTING(clean.map), NULL, NULL},
    {"rule", 0, NR_OPTION_PARSE, "RULE=WHAT",
     "set a cleaning rule to reject, repair, merge or keep (see 'clean --help')", NR_SETTING(clean), NULL, parse_rule},
    {"since", 0, NR_OPTION_PARSE, "TIME", "events before are out of range (default 1990-01-01)",
     NR_SETTING(clean.since), NULL, nr_option_parse_time},
    {"until", 0, NR_OPTION_PARSE, "TIME", "events after are out of range (default: a day from now)",
     NR_SETTING(clean.until), NULL, nr_option_parse_time},
    {"rating-max", 0, NR_OPTION_PARSE, "R", "ratings lie in 0..R, and R/2 is neither for nor against (default 5)", 0,
     NULL, parse_rating_max},
    {"max-watch", 0, NR_OPTION_DOUBLE, "SECONDS", "longest watch time that is believed (default 86400)",
     NR_SETTING(clean.max_watch), NULL, NULL},
    {"outlier-mads", 0, NR_OPTION_DOUBLE, "M", "bound of the rule watch-outlier (default 5)",
     NR_SETTING(clean.outlier_mads), NULL, NULL},
    {"repeat-seconds", 0, NR_OPTION_DOUBLE, "S", "views of a video within S seconds are one (default 30)",
     NR_SETTING(clean.repeat_seconds), NULL, NULL},
};
const struct nr_option_group nr_options_clean = {"Cleaning", NR_BASE_SETTINGS, clean, NR_COUNT(clean)};

static const struct nr_option weights[] = {
    {"decay", 0, NR_OPTION_PARSE, "days=H|events=N|none",
     "half-life of an event's weight, counted from the user's own last event (default days=30)", NR_SETTING(weights),
     NULL, parse_decay},
    {"action-weights", 0, NR_OPTION_PARSE, "A=W,...",
     "what actions are worth (default view=1, like=2, comment=2, share=3, favorite=3, dislike=-3, rating=3, "
     "search=0.5, "
     "complete=2, answer=1)",
     NR_SETTING(weights), NULL, parse_actions},
    {"comments", 0, NR_OPTION_CHOICE, "HOW",
     "sentiment (default): a comment counts by what it says, blame against the video; plain: as it is",
     NR_SETTING(weights.comments), nr_comment_modes, NULL},
};
const struct nr_option_group nr_options_weights = {"Event weights", NR_BASE_SETTINGS, weights, NR_COUNT(weights)};
