/* item_write.c - an item as JSON; the keys' order is fixed. */
#include "record/fields.h"

#include <math.h>
#include <string.h>

#include "core/banned.h"

/* A table whose header names a column twice keeps the first: a key twice in one
 * object is no record. */
static bool extra_seen(const struct nr_item *item, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (strcmp(item->extra[i].name, item->extra[index].name) == 0)
            return true;
    }
    return false;
}

static void put_extra(const struct nr_item *item, struct nr_buf *out)
{
    if (item->extra_count == 0)
        return;
    nr_json_put_key(out, "extra");
    nr_json_open(out, '{');
    for (size_t i = 0; i < item->extra_count; i++) {
        if (!extra_seen(item, i))
            nr_put_text(out, item->extra[i].name, item->extra[i].value);
    }
    nr_json_close(out, '}');
}

static void put_catalogue(const struct nr_item *item, struct nr_buf *out)
{
    nr_put_text(out, "video_id", item->video_id);
    nr_put_text(out, "title", item->title);
    nr_put_strings(out, "tags", &item->tags);
    nr_put_strings(out, "actors", &item->actors);
    nr_put_strings(out, "directors", &item->directors);
    nr_put_text(out, "synopsis", item->synopsis);
    nr_put_text(out, "file", item->file);
    nr_put_text(out, "subtitles", item->subtitles);
    nr_put_text(out, "language", item->language);
    nr_put_time(out, "published_at", item->published_at);
    nr_put_known(out, "duration", item->duration);
    put_extra(item, out);
}

static void put_media_video(const struct nr_media_info *media, struct nr_buf *out)
{
    nr_json_put_key(out, "video");
    nr_json_open(out, '{');
    nr_put_text(out, "codec", media->video_codec);
    nr_put_int(out, "width", media->width);
    nr_put_int(out, "height", media->height);
    nr_put_known(out, "frame_rate", media->frame_rate);
    nr_json_close(out, '}');
}

static void put_media_audio(const struct nr_media_info *media, struct nr_buf *out)
{
    nr_json_put_key(out, "audio");
    nr_json_open(out, '{');
    nr_put_text(out, "codec", media->audio_codec);
    nr_put_int(out, "sample_rate", media->sample_rate);
    nr_put_int(out, "channels", media->channels);
    nr_json_close(out, '}');
}

static void put_media(const struct nr_media_info *media, struct nr_buf *out)
{
    nr_json_put_key(out, "media");
    nr_json_open(out, '{');
    nr_put_text(out, "status", nr_media_status_names[media->status]);
    nr_put_text(out, "container", media->container);
    nr_put_known(out, "duration", media->duration);
    nr_put_int(out, "bytes", media->bytes);
    if (media->video_codec)
        put_media_video(media, out);
    if (media->audio_codec)
        put_media_audio(media, out);
    nr_put_strings(out, "subtitles", &media->subtitles);
    nr_json_close(out, '}');
}

static void put_shots(const struct nr_visual *visual, struct nr_buf *out)
{
    if (!visual->shots) {
        nr_put_number(out, "shots", NAN);
        return;
    }
    nr_json_put_key(out, "shots");
    nr_json_open(out, '[');
    for (size_t i = 0; i < visual->shot_count; i++) {
        nr_json_open(out, '{');
        nr_put_number(out, "start", visual->shots[i].start);
        nr_put_number(out, "end", visual->shots[i].end);
        nr_json_close(out, '}');
    }
    nr_json_close(out, ']');
}

static void put_thumbnails(const struct nr_visual *visual, struct nr_buf *out)
{
    nr_json_put_key(out, "thumbnails");
    nr_json_open(out, '[');
    for (size_t i = 0; i < visual->thumbnail_count; i++) {
        nr_json_open(out, '{');
        nr_put_number(out, "time", visual->thumbnails[i].time);
        nr_put_text(out, "file", visual->thumbnails[i].file);
        nr_json_close(out, '}');
    }
    nr_json_close(out, ']');
}

static void put_visual(const struct nr_visual *visual, struct nr_buf *out)
{
    nr_json_put_key(out, "visual");
    nr_json_open(out, '{');
    nr_put_int(out, "frames", visual->frames);
    nr_json_put_key(out, "histogram");
    nr_json_put_floats(out, visual->histogram, NR_COUNT(visual->histogram));
    nr_put_number(out, "brightness", visual->brightness);
    nr_put_number(out, "colourfulness", visual->colourfulness);
    nr_put_number(out, "motion", visual->motion);
    nr_put_number(out, "cuts_per_minute", visual->cuts_per_minute);
    put_shots(visual, out);
    nr_put_strings(out, "words", &visual->words);
    if (visual->thumbnail_count > 0)
        put_thumbnails(visual, out);
    nr_json_close(out, '}');
}

static void put_audio(const struct nr_audio *audio, struct nr_buf *out)
{
    nr_json_put_key(out, "audio");
    nr_json_open(out, '{');
    nr_put_number(out, "seconds", audio->seconds);
    nr_json_put_key(out, "mfcc");
    nr_json_put_floats(out, audio->mfcc, NR_COUNT(audio->mfcc));
    nr_put_number(out, "loudness", audio->loudness);
    nr_put_number(out, "silence_ratio", audio->silence_ratio);
    nr_put_text(out, "hint", audio->hint);
    nr_put_strings(out, "words", &audio->words);
    nr_json_close(out, '}');
}

static void put_cues(const struct nr_text *text, struct nr_buf *out)
{
    nr_json_put_key(out, "cues");
    nr_json_open(out, '[');
    for (size_t i = 0; i < text->cue_count; i++) {
        const struct nr_cue *cue = &text->cues[i];
        nr_json_open(out, '{');
        if (cue->start_ms != NR_TIME_NONE && cue->end_ms != NR_TIME_NONE) {
            nr_put_number(out, "start", (double)cue->start_ms / 1000);
            nr_put_number(out, "end", (double)cue->end_ms / 1000);
        }
        nr_put_text(out, "text", cue->text);
        nr_json_close(out, '}');
    }
    nr_json_close(out, ']');
}

static void put_text_part(const struct nr_text *text, struct nr_buf *out)
{
    nr_json_put_key(out, "text");
    nr_json_open(out, '{');
    nr_put_text(out, "language", text->language);
    nr_put_terms(out, "terms", &text->terms);
    nr_put_text(out, "subtitles", text->subtitles);
    if (text->cue_count > 0)
        put_cues(text, out);
    nr_json_close(out, '}');
}

static void put_description(const struct nr_description *description, struct nr_buf *out)
{
    nr_json_put_key(out, "description");
    nr_json_open(out, '{');
    nr_put_text(out, "engine", description->engine);
    nr_put_text(out, "labels_by", description->labels_by);
    nr_put_text(out, "model", description->model);
    nr_put_text(out, "model_hash", description->model_hash);
    if (description->batch_width)
        nr_put_int(out, "batch_width", description->batch_width);
    if (description->threads)
        nr_put_int(out, "threads", description->threads);
    nr_put_text(out, "prompt_hash", description->prompt_hash);
    nr_put_text(out, "language", description->language);
    nr_put_text(out, "summary", description->summary);
    nr_put_strings(out, "topics", &description->topics);
    if (description->new_topics.count)
        nr_put_strings(out, "new_topics", &description->new_topics);
    nr_put_strings(out, "keywords", &description->keywords);
    nr_put_text(out, "sentiment", description->sentiment);
    nr_put_number(out, "sentiment_score", description->sentiment_score);
    nr_put_text(out, "audience", description->audience);
    nr_put_strings(out, "neighbours", &description->neighbours);
    if (description->pictures)
        nr_put_int(out, "pictures", description->pictures);
    nr_json_close(out, '}');
}

static void put_errors(const struct nr_item *item, struct nr_buf *out)
{
    nr_json_put_key(out, "errors");
    nr_json_open(out, '[');
    for (size_t i = 0; i < item->error_count; i++) {
        nr_json_open(out, '{');
        nr_put_text(out, "stage", item->errors[i].stage);
        nr_put_text(out, "reason", item->errors[i].reason);
        nr_json_close(out, '}');
    }
    nr_json_close(out, ']');
}

static bool any_block(const struct nr_item *item)
{
    for (size_t i = 0; i < NR_BLOCK_COUNT; i++) {
        if (nr_block_present(&item->blocks[i]))
            return true;
    }
    return false;
}

void nr_item_write(const struct nr_item *item, unsigned parts, struct nr_buf *out)
{
    nr_json_open(out, '{');
    if (parts & NR_PART_CATALOGUE)
        put_catalogue(item, out);
    if ((parts & NR_PART_MEDIA) && item->media)
        put_media(item->media, out);
    if ((parts & NR_PART_VISUAL) && item->visual)
        put_visual(item->visual, out);
    if ((parts & NR_PART_AUDIO) && item->audio)
        put_audio(item->audio, out);
    if ((parts & NR_PART_TEXT) && item->text)
        put_text_part(item->text, out);
    if ((parts & NR_PART_BLOCKS) && any_block(item))
        nr_put_blocks(out, item->blocks);
    if ((parts & NR_PART_DESCRIPTION) && item->description)
        put_description(item->description, out);
    if (parts & NR_PART_RAW_TEXT)
        nr_put_block(out, "raw_text", &item->raw_text);
    if (parts & NR_PART_RAW_SEMANTIC)
        nr_put_block(out, "raw_semantic", &item->raw_semantic);
    if ((parts & NR_PART_ERRORS) && item->error_count > 0)
        put_errors(item, out);
    nr_json_close(out, '}');
}
