/* tag_list.c - see tag_list.h. */
#include "stage/tag_list.h"

#include <string.h>

#include "core/banned.h"

enum nr_status nr_tag_list_split(const char *text, struct nr_arena *mem, struct nr_strings *out, struct nr_error *err)
{
    size_t length = strlen(text), at = 0, most = 0, tag_length;
    const char *tag;
    while (nr_list_next(text, length, &at, &tag, &tag_length))
        most++;
    *out = (struct nr_strings){nr_arena_alloc(mem, most + 1, sizeof *out->items), 0};
    at = 0;
    while (out->items && nr_list_next(text, length, &at, &tag, &tag_length)) {
        const char *copy = nr_arena_strndup(mem, tag, tag_length);
        if (copy && !nr_strings_contain(out, copy))
            out->items[out->count++] = copy;
    }
    return mem->failed ? nr_fail_nomem(err, "tags") : NR_OK;
}
