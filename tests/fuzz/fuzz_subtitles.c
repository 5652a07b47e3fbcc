/* fuzz_subtitles.c - bytes of a subtitle file, whatever they are: encoding, parser, cues,
 * joining. */
#include <stdlib.h>
#include <string.h>

#include "nightreel/io.h"
#include "nightreel/media.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What came out must be what the header promises. */
static void check(const struct nr_cue_list *list, const struct nr_buf *joined, size_t limit)
{
    for (size_t i = 0; i < list->count; i++)
        if (!list->cues[i].text || !list->cues[i].text[0])
            abort();
    if (list->count > NR_CUES_MAX || joined->length > limit)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { LIMIT = 4096 };
    struct nr_buf text = {0}, joined = {0};
    struct nr_cue_list list = {.count = 0};
    struct nr_error err;
    const char *encoding = "";
    enum nr_status status = nr_charset_to_utf8((const char *)data, size, &text, &encoding, &err);
    if (!status)
        status = nr_subtitles_parse(text.data ? text.data : "", text.length, &list, &err);
    if (!status) {
        nr_subtitles_join(&list, LIMIT, &joined);
        check(&list, &joined, LIMIT);
    }
    nr_buf_release(&text);
    nr_buf_release(&joined);
    nr_cue_list_release(&list);
    return 0;
}
