/* nightreel/behaviour.h - behaviour logs: cleaning rules, action weights, decay. */
#ifndef NIGHTREEL_BEHAVIOUR_H
#define NIGHTREEL_BEHAVIOUR_H

#include "nightreel/core.h"
#include "nightreel/record.h"

struct nr_clean_params {
    const char *map; /* "user=userId,video=movieId,..."; NULL: by the header */
};
void nr_clean_params_default(struct nr_clean_params *params);
const char *nr_clean_params_check(const struct nr_clean_params *params);

/* What an event is worth: action weight x min(watch ratio, 1) x decay. */
struct nr_weight_params {
    double action[NR_ACTION_COUNT];
    double decay_days;   /* half-life in days; 0: none */
    double decay_events; /* half-life in events; 0: by days */
};
void nr_weight_params_default(struct nr_weight_params *params);
const char *nr_weight_params_check(const struct nr_weight_params *params);

#endif
