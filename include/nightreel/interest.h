/* nightreel/interest.h - what a person likes: interest tags and a vector per block. */
#ifndef NIGHTREEL_INTEREST_H
#define NIGHTREEL_INTEREST_H

#include "nightreel/core.h"
#include "nightreel/record.h"

struct nr_profile_params {
    size_t max_interests; /* interest tags kept in a user record */
};
void nr_profile_params_default(struct nr_profile_params *params);
const char *nr_profile_params_check(const struct nr_profile_params *params);

#endif
