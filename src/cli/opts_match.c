/* opts_match.c - options of the matching. */
#include <string.h>

#include "cli/cli.h"

#include "core/banned.h"

static const char *const modes[] = {[NR_MATCH_CONCAT] = "concat", [NR_MATCH_WEIGHTED] = "weighted", NULL};
static const char *const similarities[] = {
    [NR_SIMILARITY_COSINE] = "cosine", [NR_SIMILARITY_EUCLIDEAN] = "euclidean", NULL};

static enum nr_status parse_weight(struct nr_match_params *params, const char *text, size_t length,
                                   struct nr_error *err)
{
    const char *equals = memchr(text, '=', length);
    size_t name_length = equals ? (size_t)(equals - text) : length;
    enum nr_block_id block;
    double weight;
    if (!equals)
        return nr_fail(err, NR_ERR_USAGE, "'%.*s' is not BLOCK=WEIGHT", (int)length, text);
    if (!nr_block_find(text, name_length, &block))
        return nr_fail(err, NR_ERR_USAGE, "no block is called '%.*s'", (int)name_length, text);
    if (!nr_parse_double(equals + 1, length - name_length - 1, &weight) || weight < 0)
        return nr_fail(err, NR_ERR_USAGE, "the weight of '%.*s' is not a number from 0", (int)name_length, text);
    params->weights[block] = weight;
    return NR_OK;
}

/* The field is the whole struct: naming weights means that they are to be used. */
static enum nr_status parse_weights(void *field, const char *text, struct nr_error *err)
{
    struct nr_match_params *params = field;
    enum nr_status status = NR_OK;
    for (const char *at = text; *at && !status;) {
        size_t length = strcspn(at, ",");
        status = parse_weight(params, at, length, err);
        at += length + (at[length] == ',');
    }
    params->mode = NR_MATCH_WEIGHTED;
    return status;
}

static const struct nr_option scores[] = {
    {"mode", 0, NR_OPTION_CHOICE, "MODE", "concat: all blocks weigh the same (default); weighted: by --weights",
     NR_SETTING(match.mode), modes, NULL},
    {"weights", 0, NR_OPTION_PARSE, "BLOCK=W,...",
     "weights of visual, audio, text, tags, behaviour, semantic (1 where not named; 0 leaves a block out); implies "
     "--mode weighted",
     NR_SETTING(match), NULL, parse_weights},
    {"mmr", 0, NR_OPTION_DOUBLE, "LAMBDA",
     "diversity by maximal marginal relevance: 1 (default) is the order of the scores, less gives up score for videos "
     "unlike those before them in the list",
     NR_SETTING(match.mmr), NULL, NULL},
    {"similarity", 0, NR_OPTION_CHOICE, "NAME", "cosine (default) or euclidean (score = minus the squared distance)",
     NR_SETTING(match.similarity), similarities, NULL},
    {"beta", 0, NR_OPTION_DOUBLE, "B", "sharpness of the probabilities (default 10); never changes an order",
     NR_SETTING(match.beta), NULL, NULL},
};
const struct nr_option_group nr_options_blocks = {"Blocks", NR_BASE_SETTINGS, scores, 2}; /* --mode, --weights */
const struct nr_option_group nr_options_scores = {"Scores", NR_BASE_SETTINGS, scores, NR_COUNT(scores)};

static const struct nr_option options[] = {
    {"top", 'k', NR_OPTION_SIZE, "N", "videos for each user (default 10)", NR_SETTING(match.k), NULL, NULL},
    {"now", 0, NR_OPTION_PARSE, "TIME",
     "when the lists are made: later videos are left out (default: SOURCE_DATE_EPOCH, else the log's last timestamp)",
     NR_SETTING(match.now), NULL, nr_option_parse_time},
    {"explain", 0, NR_OPTION_FLAG, NULL, "say for each video which watched one it is owed to most (because_watched)",
     NR_SETTING(match.explain), NULL, NULL},
    {"include-watched", 0, NR_OPTION_FLAG, NULL, "recommend watched videos too", NR_SETTING(match.include_watched),
     NULL, NULL},
    {"format", 0, NR_OPTION_CHOICE, "NAME", "jsonl (default), json, csv, or trec (a TREC run)",
     NR_SETTING(match.format), nr_ranking_format_names, NULL},
};
const struct nr_option_group nr_options_match = {"Matching", NR_BASE_SETTINGS, options, NR_COUNT(options)};
