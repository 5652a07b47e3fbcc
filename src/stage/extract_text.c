/* extract_text.c - title, tags, synopsis and subtitles to word counts. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stage/extract.h"

#include "core/banned.h"

static void join_tags(const struct nr_strings *tags, struct nr_buf *out)
{
    for (size_t i = 0; i < tags->count; i++)
        nr_buf_printf(out, "%s\n", tags->items[i]);
}

/* The subtitles as the record keeps them: whole lines within the limit; NULL: none. */
static const char *kept_subtitles(struct nr_item *item, const struct nr_cue_list *cues, size_t limit)
{
    struct nr_buf text = {0};
    const char *kept = NULL;
    if (cues)
        nr_subtitles_join(cues, limit, &text);
    if (text.length)
        kept = nr_arena_strndup(&item->mem, text.data, text.length - 1); /* without the last newline */
    nr_buf_release(&text);
    return kept;
}

/* The cues whose words fit into the limit, in the order of the file. */
static void keep_cues(struct nr_item *item, struct nr_text *text, const struct nr_cue_list *cues, size_t limit)
{
    size_t bytes = 0, count = 0;
    while (count < cues->count && (bytes += strlen(cues->cues[count].text) + 1) <= limit)
        count++;
    text->cues = nr_arena_alloc(&item->mem, count + 1, sizeof *text->cues);
    for (size_t i = 0; text->cues && i < count; i++) {
        text->cues[i] = cues->cues[i];
        text->cues[i].text = nr_arena_strdup(&item->mem, cues->cues[i].text);
    }
    text->cue_count = text->cues ? count : 0;
}

static enum nr_status fill_text(struct nr_item *item, struct nr_text *text, struct nr_wordpiece *wordpiece,
                                const struct nr_cue_list *cues, struct nr_buf *tags, struct nr_buf *words,
                                struct nr_error *err)
{
    join_tags(&item->tags, tags);
    if (cues)
        nr_subtitles_join(cues, NR_EXTRACT_SUBTITLES_MAX, words);
    enum nr_status status = nr_buf_status(tags, err);
    if (!status)
        status = nr_buf_status(words, err);
    if (status)
        return status;
    const char *texts[] = {item->title, item->synopsis, words->data, tags->data};
    text->language = item->language && *item->language
                         ? item->language
                         : nr_arena_strdup(&item->mem, nr_language_detect(texts, NR_COUNT(texts) - 1));
    return wordpiece ? nr_wordpiece_count(wordpiece, texts, NR_COUNT(texts), &item->mem, &text->terms, err)
                     : nr_words_count(texts, NR_COUNT(texts), &item->mem, &text->terms, err);
}

enum nr_status nr_extract_read(int fd, struct nr_buf *out, struct nr_error *err)
{
    char chunk[16384];
    ssize_t got;
    while ((got = pread(fd, chunk, sizeof chunk, (off_t)out->length)) > 0)
        nr_buf_append(out, chunk, (size_t)got);
    if (got < 0)
        return nr_fail(err, NR_ERR_DATA, "cannot read it: %m");
    return out->failed ? nr_fail(err, NR_ERR_DATA, "it has more than %zu MiB", out->max >> 20) : NR_OK;
}

enum nr_status nr_extract_vocabulary(int fd, bool cased, struct nr_wordpiece **out, struct nr_error *err)
{
    struct nr_buf text = {.max = NR_VOCABULARY_MAX};
    struct nr_error why;
    *out = NULL;
    if (fd < 0)
        return NR_OK;
    enum nr_status status = nr_extract_read(fd, &text, &why);
    if (!status)
        status = nr_wordpiece_new(text.data ? text.data : "", text.length, cased, out, &why);
    nr_buf_release(&text);
    return status ? nr_fail(err, status, "the vocabulary: %s", why.text) : NR_OK;
}

enum nr_status nr_extract_text(struct nr_item *item, const struct nr_text_params *params,
                               struct nr_wordpiece *wordpiece, const struct nr_cue_list *cues, struct nr_error *err)
{
    struct nr_buf tags = {0}, words = {0};
    struct nr_text *text = nr_arena_alloc(&item->mem, 1, sizeof *text);
    enum nr_status status =
        text ? fill_text(item, text, wordpiece, cues, &tags, &words, err) : nr_fail_nomem(err, "a text");
    if (!status)
        text->subtitles = kept_subtitles(item, cues, params->max_subtitle_bytes);
    if (!status && params->cues && cues)
        keep_cues(item, text, cues, params->max_subtitle_bytes);
    if (!status && item->mem.failed)
        status = nr_fail_nomem(err, "a text");
    if (!status)
        item->text = text;
    nr_buf_release(&tags);
    nr_buf_release(&words);
    return status;
}
