/* presets.c - see presets.h. */
#include "cli/presets.h"

#include <string.h>

#include "core/banned.h"

enum { SETTINGS_MAX = 8 };

/* Starting points by what such sites are like; `tune` finds what a log bears out. */
static const struct preset {
    const char *name, *why;
    struct {
        const char *option, *value;
    } settings[SETTINGS_MAX + 1]; /* the last one NULL */
} presets[] = {
    {"none", "", {{NULL, NULL}}},
    {"short-video",
     "taste moves within days, a clip watched to its end or passed on says more than a view, and a list must not be "
     "one author's, nor uploads of the same clip",
     {{"decay", "days=7"},
      {"action-weights", "view=0.5,complete=2,share=4,dislike=-4"},
      {"mmr", "0.7"},
      {"max-per", "author=2"},
      {"duplicates-above", "0.7"},
      {"filter", "not duration > 600"}}},
    {"streaming",
     "films and series: taste lasts, ratings and favourites are meant, one episode stands for its series, and what is "
     "shorter than five minutes is a trailer",
     {{"decay", "days=90"},
      {"action-weights", "complete=3,rating=4,favorite=4"},
      {"mmr", "0.85"},
      {"max-per", "series=1,director=3"},
      {"filter", "not duration < 300"}}},
    {"education",
     "finished lessons and answers count, not clicks; a lesson comes behind those that it builds on, and no more than "
     "a level above what is known; a list offers several courses",
     {{"decay", "days=180"},
      {"action-weights", "view=0.5,complete=4,answer=3"},
      {"course-order", "yes"},
      {"difficulty-step", "1"},
      {"max-per", "course=3"}}},
};

static const char *const names[] = {"none", "short-video", "streaming", "education", NULL};
static const struct nr_option options[] = {
    {"preset", 0, NR_OPTION_CHOICE, NULL,
     "options for a kind of site (see below); what is given explicitly wins, in whatever order",
     offsetof(struct nr_cli, preset), names, NULL},
};
const struct nr_option_group nr_options_preset = {"Presets", NR_BASE_CLI, options, NR_COUNT(options)};

enum nr_status nr_preset_apply(struct nr_cli *cli, struct nr_error *err)
{
    const struct preset *preset = &presets[cli->preset];
    enum nr_status status = NR_OK;
    for (size_t s = 0; preset->settings[s].option && !status; s++) {
        const char *option = preset->settings[s].option, *value = preset->settings[s].value;
        if (!nr_options_have(cli, option))
            continue;
        if (strcmp(option, "filter") == 0)
            cli->settings.match.candidates.preset_filter = value;
        else
            status = nr_options_set(cli, option, value, err);
        if (strcmp(option, "max-per") == 0)
            cli->settings.match.lists.caps_optional = true;
    }
    return status;
}

void nr_presets_help(struct nr_buf *out)
{
    nr_buf_puts(out, "\nPresets set, of the options that a command has (profile, match and run share them):\n");
    for (size_t p = 1; p < NR_COUNT(presets); p++) {
        struct nr_buf text = {.max = 1024};
        for (size_t s = 0; presets[p].settings[s].option; s++)
            nr_buf_printf(&text, strchr(presets[p].settings[s].value, ' ') ? "--%s '%s' " : "--%s %s ",
                          presets[p].settings[s].option, presets[p].settings[s].value);
        nr_buf_printf(&text, "- %s", presets[p].why);
        nr_help_entry(out, presets[p].name, "preset", text.data ? text.data : "");
        nr_buf_release(&text);
    }
    nr_buf_puts(out, "A preset's filter holds where no --filter is given, its --max-per where the catalogue has the\n"
                     "columns. They are starting points, not measured on your log: 'tune' is for that.\n");
}
