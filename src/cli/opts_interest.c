/* opts_interest.c - options of fusion, of behaviour factors and of profiles. */
#include "cli/cli.h"

#include "core/banned.h"

static const struct nr_option fuse[] = {
    {"stats", 0, NR_OPTION_STRING, "FILE",
     "the catalogue's statistics: taken from FILE where it is there, else fitted and written there",
     NR_SETTING(fuse.stats), NULL, NULL},
    {"fused", 0, NR_OPTION_FLAG, NULL,
     "also write `fused`: the dense blocks one after another, zeros for those that a video lacks",
     NR_SETTING(fuse.write_fused), NULL, NULL},
};
const struct nr_option_group nr_options_fuse = {"Fusion", NR_BASE_SETTINGS, fuse, NR_COUNT(fuse)};

static const struct nr_option factors[] = {
    {"factors", 0, NR_OPTION_SIZE, "N", "numbers in the behaviour block, 1 to 256 (default 32)",
     NR_SETTING(factors.factors), NULL, NULL},
    {"factor-alpha", 0, NR_OPTION_DOUBLE, "A",
     "how much surer a watched video is than one that was not: 1 + A times the event's weight (default 2)",
     NR_SETTING(factors.alpha), NULL, NULL},
    {"factor-lambda", 0, NR_OPTION_DOUBLE, "L", "how strongly factors are held near zero (default 5)",
     NR_SETTING(factors.lambda), NULL, NULL},
};
const struct nr_option_group nr_options_factors = {"Behaviour factors", NR_BASE_SETTINGS, factors, NR_COUNT(factors)};

static const struct nr_option profile[] = {
    {"max-interests", 0, NR_OPTION_SIZE, "N", "interest tags kept for each user (default 20)",
     NR_SETTING(profile.max_interests), NULL, NULL},
    {"searches", 0, NR_OPTION_CHOICE, "HOW",
     "what words that were searched for do: all (default; as a video with these words, and by the tags they name), "
     "tags "
     "(by those alone) or off",
     NR_SETTING(profile.searches), nr_search_modes, NULL},
    {"clusters", 0, NR_OPTION_SIZE, "N",
     "divide a user's past into up to N parts, of which the best one counts for each video (default 1, at most 16)",
     NR_SETTING(profile.clusters), NULL, NULL},
};
const struct nr_option_group nr_options_profile = {"Profiles", NR_BASE_SETTINGS, profile, NR_COUNT(profile)};
