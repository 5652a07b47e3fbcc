/* weights.c - what an event is worth. */
#include <math.h>
#include <string.h>

#include "nightreel/behaviour.h"

#include "core/banned.h"

static const double DAY_MS = 86400000;

void nr_weight_params_default(struct nr_weight_params *params)
{
    *params = (struct nr_weight_params){
        .action =
            {
                [NR_ACTION_VIEW] = 1,
                [NR_ACTION_LIKE] = 2,
                [NR_ACTION_COMMENT] = 2,
                [NR_ACTION_SHARE] = 3,
                [NR_ACTION_FAVORITE] = 3,
                [NR_ACTION_DISLIKE] = -3,
                [NR_ACTION_RATING] = 3,
                [NR_ACTION_SEARCH] = 0.5,
                [NR_ACTION_COMPLETE] = 2,
                [NR_ACTION_ANSWER] = 1,
            },
        .rating_max = 5,
        .decay_days = 30,
    };
}

const char *nr_weight_params_check(const struct nr_weight_params *params)
{
    for (int action = 0; action < NR_ACTION_COUNT; action++)
        if (!isfinite(params->action[action]))
            return "action weights must be finite";
    if (!(params->rating_max > 0))
        return "the greatest rating must be above 0";
    if (!(params->decay_days >= 0) || !(params->decay_events >= 0))
        return "a half-life must be at least 0";
    return NULL;
}

enum nr_status nr_weight_params_set_decay(struct nr_weight_params *params, const char *text, struct nr_error *err)
{
    double half_life;
    bool days = strncmp(text, "days=", 5) == 0, events = strncmp(text, "events=", 7) == 0;
    const char *number = text + (days ? 5 : 7);
    if (strcmp(text, "none") == 0) {
        params->decay_days = params->decay_events = 0;
        return NR_OK;
    }
    if ((!days && !events) || !nr_parse_double(number, strlen(number), &half_life) || half_life <= 0)
        return nr_fail(err, NR_ERR_USAGE, "expected days=H, events=N or none, not '%s'", text);
    params->decay_days = days ? half_life : 0;
    params->decay_events = events ? half_life : 0;
    return NR_OK;
}

enum nr_status nr_weight_params_set_actions(struct nr_weight_params *params, const char *text, struct nr_error *err)
{
    while (*text) {
        size_t length = strcspn(text, ","), key = strcspn(text, "=");
        char name[32];
        enum nr_action action;
        double weight;
        bool fits = key < length && key < sizeof name;
        if (fits) {
            memcpy(name, text, key);
            name[key] = '\0';
        }
        if (!fits || !nr_action_find(name, &action) || !nr_parse_double(text + key + 1, length - key - 1, &weight))
            return nr_fail(err, NR_ERR_USAGE, "expected ACTION=WEIGHT, not '%.*s'", (int)length, text);
        params->action[action] = weight;
        text += length + (text[length] == ',');
    }
    return NR_OK;
}

const char *const nr_comment_modes[] = {[NR_COMMENTS_SENTIMENT] = "sentiment", [NR_COMMENTS_PLAIN] = "plain", NULL};

static double comment_factor(const struct nr_weight_params *params, double sentiment)
{
    if (params->comments == NR_COMMENTS_PLAIN || isnan(sentiment))
        return 1;
    double s = fmax(-1, fmin(1, sentiment));
    return s < 0 ? 1 + 2 * s : 1 + s;
}

double nr_event_weight(const struct nr_weight_params *params, const struct nr_event *event, double duration)
{
    double weight = params->action[event->action];
    if (event->action == NR_ACTION_RATING) {
        double middle = params->rating_max / 2;
        return isnan(event->value) ? 0 : weight * (event->value - middle) / middle;
    }
    if (event->action == NR_ACTION_VIEW && event->watch_seconds >= 0 && duration > 0)
        weight *= fmin(event->watch_seconds / duration, 1);
    if (event->action == NR_ACTION_COMMENT)
        weight *= comment_factor(params, event->sentiment);
    return weight;
}

double nr_event_decay(const struct nr_weight_params *params, int64_t ms, size_t later)
{
    if (params->decay_events > 0)
        return exp2(-(double)later / params->decay_events);
    if (params->decay_days > 0)
        return exp2(-(double)ms / DAY_MS / params->decay_days);
    return 1;
}
