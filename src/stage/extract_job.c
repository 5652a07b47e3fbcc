/* extract_job.c - the job of the media workers: one file's frames, sound and subtitles
 * to numbers and words. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nightreel/io.h"
#include "stage/extract.h"

#include "core/banned.h"

struct extraction {
    struct nr_extract_request request;
    struct nr_picture_meter *picture; /* NULL: not kept */
    struct nr_sound_meter *sound;     /* likewise */
    struct nr_wordpiece *wordpiece;   /* NULL: words are counted */
    struct nr_cue_list embedded, beside;
    struct nr_media_info *info;
    struct nr_error reasons;
    struct nr_extract_pictures pictures;
    float *rows; /* with --per-frame */
    size_t row_count, column_count;
};

/* ---- frames and sound to the meters ------------------------------------------------ */

static enum nr_status on_picture(void *ctx, const struct nr_frame *frame, struct nr_error *err)
{
    struct extraction *work = ctx;
    return work->picture ? nr_picture_meter_add(work->picture, frame, err) : NR_OK;
}

static enum nr_status on_sound(void *ctx, const float *pcm, size_t count, struct nr_error *err)
{
    struct extraction *work = ctx;
    return work->sound ? nr_sound_meter_add(work->sound, pcm, count, err) : NR_OK;
}

static enum nr_status open_meters(struct extraction *work, struct nr_error *err)
{
    const struct nr_decode_params *decode = &work->request.decode;
    const struct nr_picture_params params = {
        .every = decode->exact,
        .continuous = decode->frames != NR_FRAMES_KEY,
        .per_frame = work->request.per_frame,
        .pictures = work->request.thumbnails,
    };
    enum nr_status status = NR_OK;
    if (decode->keep & NR_WANT_PICTURE)
        status = nr_picture_meter_new(&params, &work->picture, err);
    if (!status && (decode->keep & NR_WANT_SOUND))
        status = nr_sound_meter_new(&work->sound, err);
    return status;
}

static enum nr_status finish_picture(struct extraction *work, struct nr_error *err)
{
    struct nr_item *item = &work->request.item;
    struct nr_visual *visual = nr_arena_alloc(&item->mem, 1, sizeof *visual);
    if (!visual)
        return nr_fail_nomem(err, "picture features");
    bool found = false;
    enum nr_status status = nr_picture_meter_finish(work->picture, &item->mem, visual, &found, err);
    if (status || !found)
        return status;
    item->visual = visual;
    size_t count;
    const struct nr_key_picture *pictures = nr_picture_meter_pictures(work->picture, &count);
    status = nr_extract_pictures_encode(pictures, count, item, &work->pictures, err);
    return !status && item->mem.failed ? nr_fail_nomem(err, "picture features") : status;
}

static enum nr_status finish_sound(struct extraction *work, struct nr_error *err)
{
    struct nr_item *item = &work->request.item;
    struct nr_audio *audio = nr_arena_alloc(&item->mem, 1, sizeof *audio);
    bool found = false;
    if (!audio)
        return nr_fail_nomem(err, "sound features");
    enum nr_status status = nr_sound_meter_finish(work->sound, &item->mem, audio, &found, err);
    if (!status && found)
        item->audio = audio;
    return !status && item->mem.failed ? nr_fail_nomem(err, "sound features") : status;
}

static enum nr_status keep_rows(struct extraction *work, struct nr_error *err)
{
    if (!work->request.per_frame)
        return NR_OK;
    if (work->picture) {
        const float *rows = nr_picture_meter_rows(work->picture, &work->row_count);
        work->column_count = NR_HISTOGRAM_BINS;
        size_t bytes = work->row_count * NR_HISTOGRAM_BINS * sizeof *rows;
        work->rows = malloc(bytes + 1);
        if (!work->rows)
            return nr_fail_nomem(err, "rows per frame");
        if (bytes)
            memcpy(work->rows, rows, bytes);
        return NR_OK;
    }
    if (!work->sound)
        return NR_OK;
    work->row_count = NR_MFCC_COUNT;
    return nr_sound_meter_rows(work->sound, &work->rows, &work->column_count, err);
}

static enum nr_status decode_media(struct extraction *work, int fd, struct nr_error *err)
{
    struct nr_decode_sink sink = {on_picture, on_sound, work};
    struct nr_item *item = &work->request.item;
    enum nr_status status = open_meters(work, err);
    if (!status)
        status = nr_media_decode(fd, &work->request.decode, item->language, &sink, &item->mem, work->info,
                                 &work->embedded, &work->reasons, err);
    if (!status && work->picture)
        status = finish_picture(work, err);
    if (!status && work->sound)
        status = finish_sound(work, err);
    return status ? status : keep_rows(work, err);
}

/* ---- subtitles in a file of their own -------------------------------------------------- */

static enum nr_status add_subtitle_name(struct extraction *work, const char *encoding, struct nr_error *err)
{
    struct nr_arena *mem = &work->request.item.mem;
    struct nr_strings *list = &work->info->subtitles;
    const char *slash = strrchr(work->request.subtitle_file, '/');
    const char **items = nr_arena_alloc(mem, list->count + 1, sizeof *items);
    const char *name = nr_arena_printf(mem, "file %s %s", encoding, slash ? slash + 1 : work->request.subtitle_file);
    if (!items || !name)
        return nr_fail_nomem(err, "the list of subtitles");
    items[0] = name;
    if (list->count)
        memcpy(items + 1, list->items, list->count * sizeof *items);
    list->items = items;
    list->count++;
    return NR_OK;
}

static enum nr_status parse_subtitles(struct extraction *work, int fd, struct nr_error *err)
{
    struct nr_buf raw = {.max = NR_EXTRACT_SUBTITLES_MAX}, text = {.max = 4 * NR_EXTRACT_SUBTITLES_MAX};
    const char *encoding = "?";
    enum nr_status status = nr_extract_read(fd, &raw, err);
    if (!status)
        status = nr_charset_to_utf8(raw.data ? raw.data : "", raw.length, &text, &encoding, err);
    if (!status)
        status = add_subtitle_name(work, encoding, err);
    if (!status)
        status = nr_subtitles_parse(text.data ? text.data : "", text.length, &work->beside, err);
    nr_buf_release(&raw);
    nr_buf_release(&text);
    return status;
}

static void add_reason(struct extraction *work, const char *what, const char *why)
{
    char *to = work->reasons.text;
    size_t used = strlen(to);
    snprintf(to + used, sizeof work->reasons.text - used, "%s%s: %s", used ? "; " : "", what, why);
}

static enum nr_status read_subtitles(struct extraction *work, int fd, struct nr_error *err)
{
    struct nr_error why = {.text = ""};
    enum nr_status status = parse_subtitles(work, fd, &why);
    if (status == NR_ERR_NOMEM || status == NR_ERR_INTERNAL)
        return nr_fail(err, status, "%s", why.text);
    if (status) {
        char what[300];
        snprintf(what, sizeof what, "subtitles '%s'", work->request.subtitle_file);
        add_reason(work, what, why.text);
    }
    return NR_OK;
}

/* ---- the reply ------------------------------------------------------------------------------ */

static enum nr_status write_reply(struct extraction *work, struct nr_buf *reply, struct nr_error *err)
{
    struct nr_item *item = &work->request.item;
    nr_json_open(reply, '{');
    nr_json_put_key(reply, "rows");
    nr_json_put_int(reply, (int64_t)work->row_count);
    nr_json_put_key(reply, "columns");
    nr_json_put_int(reply, (int64_t)work->column_count);
    nr_json_put_key(reply, "thumbnails");
    nr_json_open(reply, '[');
    for (size_t i = 0; i < work->pictures.count; i++)
        nr_json_put_int(reply, (int64_t)work->pictures.lengths[i]);
    nr_json_close(reply, ']');
    nr_json_close(reply, '}');
    nr_buf_putc(reply, '\n');
    if (work->reasons.text[0]) {
        enum nr_status status = nr_item_set_error(item, nr_stage_extract.name, work->reasons.text, err);
        if (status)
            return status;
    }
    nr_item_write(item, NR_PART_MEDIA | NR_PART_VISUAL | NR_PART_AUDIO | NR_PART_TEXT | NR_PART_ERRORS, reply);
    nr_buf_putc(reply, '\n');
    if (work->rows)
        nr_buf_append(reply, work->rows, work->row_count * work->column_count * sizeof *work->rows);
    if (work->pictures.count)
        nr_buf_append(reply, work->pictures.bytes.data, work->pictures.bytes.length);
    return nr_buf_status(reply, err);
}

static enum nr_status extract(struct extraction *work, const int *fds, size_t fd_count, struct nr_error *err)
{
    struct nr_extract_request *request = &work->request;
    size_t wanted = (size_t)request->media + request->subtitles + request->vocabulary;
    if (fd_count != wanted)
        return nr_fail(err, NR_ERR_INTERNAL, "a worker got %zu files, not %zu", fd_count, wanted);
    work->info = nr_arena_alloc(&request->item.mem, 1, sizeof *work->info);
    if (!work->info)
        return nr_fail_nomem(err, "a media record");
    *work->info = (struct nr_media_info){.duration = NAN, .frame_rate = NAN};
    request->item.media = work->info;
    enum nr_status status = request->media ? decode_media(work, fds[0], err) : NR_OK;
    if (!status && request->subtitles)
        status = read_subtitles(work, fds[request->media], err);
    const struct nr_cue_list *cues = work->beside.count ? &work->beside : &work->embedded;
    if (!status && (request->decode.keep & NR_WANT_WORDS))
        status = nr_extract_vocabulary(request->vocabulary ? fds[wanted - 1] : -1, request->text.cased,
                                       &work->wordpiece, err);
    if (!status && (request->decode.keep & NR_WANT_WORDS))
        status = nr_extract_text(&request->item, &request->text, work->wordpiece, cues, err);
    return status;
}

/* Opens what every worker needs, before any is forked: dictionaries above all. */
static enum nr_status warm_up(struct nr_error *err)
{
    const char *text = "warm up 热身";
    struct nr_arena mem = {0};
    struct nr_terms terms;
    enum nr_status status = nr_words_count(&text, 1, &mem, &terms, err);
    nr_arena_release(&mem);
    return status;
}

enum nr_status nr_extract_job(const char *request, size_t length, const int *fds, size_t fd_count, struct nr_buf *reply,
                              struct nr_error *err)
{
    struct extraction work = {.reasons.text = ""};
    if (!request)
        return warm_up(err);
    enum nr_status status = nr_extract_request_read(&work.request, request, length, err);
    if (!status)
        status = extract(&work, fds, fd_count, err);
    if (!status)
        status = write_reply(&work, reply, err);
    nr_picture_meter_free(work.picture);
    nr_sound_meter_free(work.sound);
    nr_wordpiece_free(work.wordpiece);
    nr_buf_release(&work.pictures.bytes);
    nr_cue_list_release(&work.embedded);
    nr_cue_list_release(&work.beside);
    free(work.rows);
    nr_item_release(&work.request.item);
    return status;
}
