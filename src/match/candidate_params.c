/* candidate_params.c - filters and caps as they are written. */
#include <string.h>
#include <strings.h>

#include "match/caps.h"
#include "match/gate.h"

#include "core/banned.h"

enum nr_status nr_match_params_add_filter(struct nr_match_params *params, const char *text, struct nr_error *err)
{
    struct nr_candidate_params *asked = &params->candidates;
    const struct nr_item_list nothing = {0};
    struct nr_match_columns columns;
    struct nr_condition *condition;
    enum nr_status status = nr_match_columns_init(&columns, &nothing, err);
    if (!status) {
        /* those behind may be columns of the catalogue's own, of another kind */
        const struct nr_condition_syntax syntax = {NULL, columns.columns, columns.extra_first, true};
        status = nr_condition_parse(&syntax, text, &condition, err);
        if (!status)
            nr_condition_free(condition);
        nr_match_columns_release(&columns);
    }
    for (size_t f = 0; f < asked->filter_count && !status; f++)
        if (strcmp(asked->filters[f], text) == 0)
            return NR_OK;
    if (!status && asked->filter_count == NR_FILTERS_MAX)
        status = nr_fail(err, NR_ERR_USAGE, "more than %d filters: join them by 'and'", NR_FILTERS_MAX);
    if (!status)
        asked->filters[asked->filter_count++] = text;
    return status;
}

static enum nr_status add_cap(struct nr_list_params *lists, const char *text, size_t length, struct nr_error *err)
{
    const char *equals = memchr(text, '=', length);
    size_t name = equals ? (size_t)(equals - text) : length;
    int64_t most;
    if (!equals || name == 0 || !nr_parse_int64(equals + 1, length - name - 1, &most))
        return nr_fail(err, NR_ERR_USAGE, "'%.*s' is not COLUMN=N", (int)length, text);
    if (most < 1)
        return nr_fail(err, NR_ERR_USAGE, "'%.*s': N must be at least 1", (int)length, text);
    for (size_t c = 0; c < lists->cap_count; c++)
        if (lists->caps[c].length == name && strncasecmp(lists->caps[c].column, text, name) == 0)
            return nr_fail(err, NR_ERR_USAGE, "column '%.*s' is there twice", (int)name, text);
    if (lists->cap_count == NR_CAPS_MAX)
        return nr_fail(err, NR_ERR_USAGE, "more than %d columns", NR_CAPS_MAX);
    lists->caps[lists->cap_count++] = (struct nr_cap){text, name, (size_t)most};
    return NR_OK;
}

enum nr_status nr_match_params_set_caps(struct nr_match_params *params, const char *text, struct nr_error *err)
{
    struct nr_list_params *lists = &params->lists;
    enum nr_status status = NR_OK;
    lists->cap_count = 0;
    lists->caps_optional = false;
    if (strcmp(text, "none") == 0)
        return NR_OK;
    for (const char *at = text; !status;) {
        size_t length = strcspn(at, ",");
        status = add_cap(lists, at, length, err);
        if (at[length] == '\0')
            break;
        at += length + 1;
    }
    return status;
}

enum nr_status nr_match_columns_check(const struct nr_match_params *params, const struct nr_item_list *items,
                                      struct nr_error *err)
{
    struct nr_match_columns columns;
    struct nr_gate gate;
    size_t column;
    enum nr_status status = nr_match_columns_init(&columns, items, err);
    if (!status) {
        status = nr_gate_init(&gate, params, &columns, err);
        if (!status)
            nr_gate_release(&gate);
        for (size_t c = 0; c < params->lists.cap_count && !status; c++)
            status = nr_caps_column(params, c, &columns, &column, err);
    }
    nr_match_columns_release(&columns);
    return status;
}
