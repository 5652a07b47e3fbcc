/* match_inputs.c - see match_inputs.h. */
#include "stage/match_inputs.h"

#include <stdlib.h>
#include <string.h>

#include "nightreel/io.h"

#include "core/banned.h"

#define IDS_MAX ((size_t)1 << 28)

/* The id on a line, without the blanks around it; nothing of a comment. */
static const char *id_of(const char *line, size_t *length)
{
    static const char mark[] = "\xef\xbb\xbf"; /* some editors begin a file with it */
    size_t from = *length >= 3 && memcmp(line, mark, 3) == 0 ? 3 : 0;
    from += strspn(line + from, " \t\r");
    while (*length > from && strchr(" \t\r", line[*length - 1]))
        (*length)--;
    *length = *length > from && line[from] != '#' ? *length - from : 0;
    return line + from;
}

static void sort_ids(const char **ids, size_t count, struct nr_strings *out)
{
    *out = (struct nr_strings){ids, 0};
    if (count > 1)
        qsort(ids, count, sizeof *ids, nr_id_order);
    for (size_t i = 0; i < count; i++)
        if (out->count == 0 || strcmp(ids[out->count - 1], ids[i]) != 0)
            ids[out->count++] = ids[i];
}

static enum nr_status read_ids(const char *path, struct nr_arena *mem, struct nr_strings *out, struct nr_error *err)
{
    struct nr_input *in;
    const char *line, **ids = NULL;
    size_t length, count = 0, capacity = 0;
    enum nr_status status = nr_input_open(path, &in, err);
    if (status)
        return status;
    while (!status && (status = nr_input_line(in, &line, &length, err)) == NR_OK) {
        const char *id = id_of(line, &length);
        if (!length)
            continue;
        if (memchr(id, '\0', length) || !nr_utf8_valid(id, length)) {
            status = nr_fail(err, NR_ERR_DATA, "%s:%zu: this is no text", nr_input_name(in), nr_input_line_number(in));
            break;
        }
        status = nr_array_reserve((void **)&ids, &capacity, count + 1, sizeof *ids, IDS_MAX, err);
        if (!status)
            ids[count++] = nr_arena_strndup(mem, id, length);
    }
    nr_input_close(in);
    if (status == NR_END)
        status = NR_OK;
    const char **kept = nr_arena_alloc(mem, count + 1, sizeof *kept);
    if (!status && mem->failed)
        status = nr_fail_nomem(err, "a list of ids");
    for (size_t i = 0; i < count && !status; i++)
        kept[i] = ids[i];
    free(ids);
    if (!status)
        sort_ids(kept, count, out);
    return status;
}

enum nr_status nr_match_inputs_load(struct nr_match_inputs *inputs, const struct nr_settings *settings,
                                    struct nr_match_params *params, struct nr_error *err)
{
    const struct nr_match_files *files = &settings->match_files;
    struct {
        const char *option, *path;
        struct nr_strings *into;
        const struct nr_strings **use;
    } lists[] = {{"--allow", files->allow, &inputs->allow, &params->candidates.allow},
                 {"--deny", files->deny, &inputs->deny, &params->candidates.deny},
                 {"--users", files->users, &inputs->users, &params->lists.users}};
    enum nr_status status = NR_OK;
    *inputs = (struct nr_match_inputs){.allow = {NULL, 0}};
    for (size_t l = 0; l < NR_COUNT(lists) && !status; l++) {
        if (!lists[l].path)
            continue;
        status = read_ids(lists[l].path, &inputs->mem, lists[l].into, err);
        if (status)
            nr_fail_prefix(err, status, "'%s'", lists[l].option);
        *lists[l].use = lists[l].into;
    }
    return status;
}

void nr_match_inputs_release(struct nr_match_inputs *inputs)
{
    nr_arena_release(&inputs->mem);
    *inputs = (struct nr_match_inputs){.allow = {NULL, 0}};
}

enum nr_status nr_match_inputs_check(const struct nr_settings *settings, const struct nr_item_list *items,
                                     struct nr_error *err)
{
    struct nr_match_params params = settings->match;
    struct nr_match_inputs inputs;
    enum nr_status status = nr_match_inputs_load(&inputs, settings, &params, err);
    if (!status)
        status = nr_match_columns_check(&params, items, err);
    nr_match_inputs_release(&inputs);
    return status;
}
