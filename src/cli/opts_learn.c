/* opts_learn.c - which model makes the lists. */
#include "cli/cli.h"
#include "nightreel/eval_split.h"
#include "nightreel/stage_backtest.h"
#include "nightreel/stage_learn.h"

#include "core/banned.h"

static const struct nr_option options[] = {
    {"model", 0, NR_OPTION_STRING, "NAME",
     "what ranks the videos (default content; see 'nightreel profile --list-models'); users whom it does not know get "
     "content's lists",
     NR_SETTING(learn.model), NULL, NULL},
    {"fallback", 0, NR_OPTION_STRING, "NAME",
     "the model to take, with a warning, where the first one cannot be trained (default: that is an error)",
     NR_SETTING(learn.fallback), NULL, NULL},
    {"positive", 0, NR_OPTION_STRING, "RULE",
     "which events a model other than content learns from (default: " NR_RULE_DEFAULT ")", NR_SETTING(learn.positive),
     NULL, NULL},
};
const struct nr_option_group nr_options_learn = {"Model", NR_BASE_SETTINGS, options, NR_COUNT(options)};

enum nr_status nr_cli_write_models(struct nr_error *err)
{
    struct nr_buf text = {0};
    nr_backtest_list_models(&text);
    enum nr_status status = nr_cli_write(&text, err);
    nr_buf_release(&text);
    return status;
}
