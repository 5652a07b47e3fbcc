/* extract_request.c - what a worker is asked, as two lines of JSON. */
#include <math.h>
#include <string.h>

#include "nightreel/io.h"
#include "stage/extract.h"

#include "core/banned.h"

static void put_number(struct nr_buf *out, const char *key, double value)
{
    nr_json_put_key(out, key);
    nr_json_put_double(out, value);
}

static void put_flag(struct nr_buf *out, const char *key, bool value)
{
    nr_json_put_key(out, key);
    nr_json_put_bool(out, value);
}

void nr_extract_request_write(const struct nr_settings *settings, const struct nr_extract_inputs *inputs,
                              const struct nr_item *item, struct nr_buf *out)
{
    const struct nr_decode_params *decode = &settings->decode;
    nr_json_open(out, '{');
    put_number(out, "frames", decode->frames);
    put_number(out, "fps", decode->fps);
    put_flag(out, "exact", decode->exact);
    put_flag(out, "fast_decode", decode->fast_decode);
    put_number(out, "audio_track", decode->audio_track);
    put_number(out, "want", decode->want);
    put_number(out, "keep", decode->keep);
    put_flag(out, "per_frame", decode->per_frame != NULL);
    put_number(out, "thumbnails", decode->thumbnails ? (double)decode->max_thumbnails : 0);
    put_flag(out, "cues", settings->text.cues);
    put_flag(out, "vocabulary", settings->text.vocabulary != NULL);
    put_flag(out, "cased", settings->text.cased);
    put_number(out, "max_subtitle_bytes", (double)settings->text.max_subtitle_bytes);
    put_flag(out, "media", inputs->media);
    put_flag(out, "subtitles", inputs->subtitles);
    nr_json_put_key(out, "subtitle_file");
    nr_json_put_string(out, inputs->subtitle_file.data ? inputs->subtitle_file.data : "");
    nr_json_close(out, '}');
    nr_buf_putc(out, '\n');
    nr_item_write(item, NR_PART_CATALOGUE, out);
}

static double get_number(const struct nr_json *root, const char *key)
{
    double value = nr_json_number(nr_json_get(root, key));
    return isfinite(value) ? value : 0;
}

static void read_settings(struct nr_extract_request *request, const struct nr_json *root)
{
    nr_decode_params_default(&request->decode);
    request->decode.frames = (enum nr_frames_mode)get_number(root, "frames");
    request->decode.fps = get_number(root, "fps");
    request->decode.exact = nr_json_bool(nr_json_get(root, "exact"));
    request->decode.fast_decode = nr_json_bool(nr_json_get(root, "fast_decode"));
    request->decode.audio_track = (int)get_number(root, "audio_track");
    request->decode.want = (unsigned)get_number(root, "want");
    request->decode.keep = (unsigned)get_number(root, "keep");
    request->per_frame = nr_json_bool(nr_json_get(root, "per_frame"));
    request->thumbnails = (size_t)get_number(root, "thumbnails");
    request->vocabulary = nr_json_bool(nr_json_get(root, "vocabulary"));
    request->text.cased = nr_json_bool(nr_json_get(root, "cased"));
    request->text.cues = nr_json_bool(nr_json_get(root, "cues"));
    request->text.max_subtitle_bytes = (size_t)get_number(root, "max_subtitle_bytes");
    request->media = nr_json_bool(nr_json_get(root, "media"));
    request->subtitles = nr_json_bool(nr_json_get(root, "subtitles"));
    request->subtitle_file = nr_arena_strdup(&request->item.mem, nr_json_string(nr_json_get(root, "subtitle_file")));
}

enum nr_status nr_extract_request_read(struct nr_extract_request *request, const char *text, size_t length,
                                       struct nr_error *err)
{
    const char *newline = memchr(text, '\n', length);
    struct nr_json_doc *doc = NULL;
    *request = (struct nr_extract_request){.item = {.published_at = NR_TIME_NONE, .duration = NAN}};
    if (!newline)
        return nr_fail(err, NR_ERR_INTERNAL, "a worker's request has one line");
    size_t head = (size_t)(newline - text);
    enum nr_status status = nr_json_parse(text, head, &doc, err);
    if (!status) {
        read_settings(request, nr_json_root(doc));
        status = nr_item_read(&request->item, newline + 1, length - head - 1, NR_PART_CATALOGUE, err);
    }
    nr_json_free(doc);
    return status;
}
