/* opts_interest.c - options of fusion and of profiles. */
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

static const struct nr_option profile[] = {
    {"max-interests", 0, NR_OPTION_SIZE, "N", "interest tags kept for each user (default 20)",
     NR_SETTING(profile.max_interests), NULL, NULL},
};
const struct nr_option_group nr_options_profile = {"Profiles", NR_BASE_SETTINGS, profile, NR_COUNT(profile)};
