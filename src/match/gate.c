/* gate.c - see gate.h; what is asked is said in nightreel/match_candidates.h. */
#include "match/gate.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "core/banned.h"

enum { DAY_MS = 86400 * 1000 };

const char *const nr_left_out_names[NR_OUT_COUNT] = {
    [NR_OUT_UNPUBLISHED] = "not published yet",
    [NR_OUT_ALLOW] = "not in --allow",
    [NR_OUT_DENY] = "in --deny",
    [NR_OUT_WINDOW] = "not available now",
    [NR_OUT_AGE] = "above the viewer's age",
    [NR_OUT_LANGUAGE] = "in another language",
    [NR_OUT_FILTER] = "by --filter",
};

const char *const nr_doubt_names[NR_DOUBT_COUNT] = {
    [NR_DOUBT_FROM] = "begin of availability is no time: left out",
    [NR_DOUBT_UNTIL] = "end of availability is no time: left out",
    [NR_DOUBT_AGE] = "'age_rating' is no number: left out",
    [NR_DOUBT_LESSON] = "'lesson' is no number: waits for none",
    [NR_DOUBT_DIFFICULTY] = "'difficulty' is no level: for everybody",
    [NR_DOUBT_PREREQUISITE] = "one of 'prerequisites' is no candidate: not waited for",
};

/* ---- making ---------------------------------------------------------------------------- */

static enum nr_status add_filter(struct nr_gate *gate, const char *text, struct nr_error *err)
{
    const struct nr_condition_syntax syntax = {"filter", gate->columns->columns, gate->columns->count,
                                               gate->columns->any};
    enum nr_status status = nr_condition_parse(&syntax, text, &gate->filters[gate->filter_count], err);
    gate->filter_count += status == NR_OK;
    return status;
}

/* The column that an option names, or the usual one, where it is there. */
static enum nr_status find_column(const struct nr_gate *gate, const char *option, const char *named, const char *usual,
                                  size_t *out, struct nr_error *err)
{
    const char *name = named ? named : usual;
    *out = nr_match_columns_find(gate->columns, name, strlen(name));
    if (*out == SIZE_MAX && named && !gate->columns->any)
        return nr_match_columns_refuse(gate->columns, option, name, strlen(name), err);
    enum nr_column_kind kind = *out == SIZE_MAX ? NR_COLUMN_ANY : gate->columns->columns[*out].kind;
    if (kind != NR_COLUMN_ANY && kind != NR_COLUMN_TEXT && kind != NR_COLUMN_TIME)
        return nr_fail(err, NR_ERR_USAGE, "%s: column '%s' holds no times", option, name);
    return NR_OK;
}

enum nr_status nr_gate_init(struct nr_gate *gate, const struct nr_match_params *params,
                            const struct nr_match_columns *columns, struct nr_error *err)
{
    const struct nr_candidate_params *asked = &params->candidates;
    *gate = (struct nr_gate){.params = params, .columns = columns, .age = SIZE_MAX};
    enum nr_status status =
        find_column(gate, "--available-from", asked->available_from, "available_from", &gate->from, err);
    if (!status)
        status = find_column(gate, "--available-until", asked->available_until, "available_until", &gate->until, err);
    if (!isnan(asked->viewer_age))
        gate->age = nr_match_columns_find(columns, "age_rating", strlen("age_rating"));
    if (!status && !isnan(asked->viewer_age) && gate->age == SIZE_MAX && !columns->any)
        status = nr_match_columns_refuse(columns, "--viewer-age", "age_rating", strlen("age_rating"), err);
    for (size_t f = 0; f < asked->filter_count && !status; f++)
        status = add_filter(gate, asked->filters[f], err);
    if (!status && !asked->filter_count && asked->preset_filter)
        status = add_filter(gate, asked->preset_filter, err);
    if (status)
        nr_gate_release(gate);
    return status;
}

void nr_gate_release(struct nr_gate *gate)
{
    for (size_t f = 0; f < gate->filter_count; f++)
        nr_condition_free(gate->filters[f]);
    gate->filter_count = 0;
}

/* ---- asking ------------------------------------------------------------------------------ */

static bool listed(const struct nr_strings *ids, const char *id)
{
    return nr_id_find(ids->items, ids->count, id) != SIZE_MAX;
}

/* "2026-06-30", without a time of day. */
static bool is_whole_day(const char *text)
{
    return strlen(text) == 10 && text[4] == '-' && text[7] == '-';
}

/* The time in a column: *has, where there is one; false where it cannot be read. */
static bool read_time(const struct nr_gate *gate, const struct nr_item *item, size_t column, bool end,
                      enum nr_doubt_kind kind, struct nr_match_notes *notes, bool *has, int64_t *ms)
{
    *has = false;
    if (column == SIZE_MAX)
        return true;
    struct nr_column_value value = nr_match_columns_get(gate->columns, item, column);
    if (gate->columns->columns[column].kind == NR_COLUMN_TIME) {
        *has = !isnan(value.number);
        *ms = *has ? (int64_t)value.number : 0;
        return true;
    }
    *has = value.text != NULL;
    if (!*has)
        return true;
    if (!nr_time_parse(value.text, strlen(value.text), ms)) {
        nr_match_doubt(notes, kind, item, value.text);
        return false;
    }
    *ms += end && is_whole_day(value.text) ? DAY_MS - 1 : 0;
    return true;
}

static bool is_available(const struct nr_gate *gate, const struct nr_item *item, struct nr_match_notes *notes)
{
    int64_t now = gate->params->now, from, until;
    bool has_from, has_until;
    if (now == NR_TIME_NONE)
        return true;
    if (!read_time(gate, item, gate->from, false, NR_DOUBT_FROM, notes, &has_from, &from) ||
        !read_time(gate, item, gate->until, true, NR_DOUBT_UNTIL, notes, &has_until, &until))
        return false;
    return (!has_from || from <= now) && (!has_until || now <= until);
}

/* "12", "12+" */
static bool is_old_enough(const struct nr_gate *gate, const struct nr_item *item, struct nr_match_notes *notes)
{
    const char *text = nr_match_columns_text(gate->columns, item, gate->age);
    double age;
    if (!text)
        return true;
    size_t length = strcspn(text, "+");
    bool number = nr_parse_double(text, length, &age) && strspn(text + length, "+ ") == strlen(text + length);
    if (!number)
        nr_match_doubt(notes, NR_DOUBT_AGE, item, text);
    return number && age <= gate->params->candidates.viewer_age;
}

/* Is it that language, or a kind of it: "zh-CN" of "zh"? */
static bool speaks(const char *language, const char *wanted, size_t length)
{
    return strncasecmp(language, wanted, length) == 0 && strchr("-_", language[length]);
}

static bool in_languages(const struct nr_gate *gate, const struct nr_item *item)
{
    const char *wanted, *list = gate->params->candidates.languages;
    size_t at = 0, length;
    struct nr_column_value value =
        nr_match_columns_get(gate->columns, item, nr_match_columns_find(gate->columns, "language", strlen("language")));
    while (value.text && nr_list_next(list, strlen(list), &at, &wanted, &length))
        if (speaks(value.text, wanted, length))
            return true;
    return false;
}

static bool passes_filters(const struct nr_gate *gate, const struct nr_item *item)
{
    for (size_t f = 0; f < gate->filter_count; f++)
        if (!nr_condition_holds(gate->filters[f], gate->params->now, nr_match_columns_get, gate->columns, item))
            return false;
    return true;
}

static bool is_published(const struct nr_item *item, int64_t now)
{
    return now == NR_TIME_NONE || item->published_at == NR_TIME_NONE || item->published_at <= now;
}

bool nr_gate_passes(const struct nr_gate *gate, const struct nr_item *item, struct nr_match_notes *notes)
{
    const struct nr_candidate_params *asked = &gate->params->candidates;
    enum nr_left_out why = NR_OUT_COUNT;
    if (!is_published(item, gate->params->now))
        why = NR_OUT_UNPUBLISHED;
    else if (asked->allow && !listed(asked->allow, item->video_id))
        why = NR_OUT_ALLOW;
    else if (asked->deny && listed(asked->deny, item->video_id))
        why = NR_OUT_DENY;
    else if (!is_available(gate, item, notes))
        why = NR_OUT_WINDOW;
    else if (gate->age != SIZE_MAX && !is_old_enough(gate, item, notes))
        why = NR_OUT_AGE;
    else if (asked->languages && !in_languages(gate, item))
        why = NR_OUT_LANGUAGE;
    else if (!passes_filters(gate, item))
        why = NR_OUT_FILTER;
    if (why == NR_OUT_COUNT)
        return true;
    notes->left_out[why]++;
    return false;
}
