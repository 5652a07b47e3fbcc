/* item_read.c - an item out of its JSON. */
#include "record/fields.h"

#include <math.h>

#include "core/banned.h"

/* NULL where the part is absent; then its struct is not made. */
static const struct nr_json *enter(struct nr_fields *fields, const struct nr_json *root, const char *key)
{
    const struct nr_json *part = nr_fields_object(fields, root, key);
    fields->where = part ? key : NULL;
    return part;
}

static void read_extra(struct nr_fields *fields, const struct nr_json *root, struct nr_item *item)
{
    const struct nr_json *object = enter(fields, root, "extra");
    size_t count = nr_json_size(object);
    item->extra = count ? nr_arena_alloc(fields->mem, count, sizeof(*item->extra)) : NULL;
    item->extra_count = 0;
    for (const struct nr_json *m = item->extra ? nr_json_first(object) : NULL; m; m = nr_json_next(m)) {
        const char *value = nr_json_string(m);
        if (!value)
            nr_fields_fail(fields, nr_json_key(m), "is no string");
        item->extra[item->extra_count++] = (struct nr_field){.name = nr_arena_strdup(fields->mem, nr_json_key(m)),
                                                             .value = nr_arena_strdup(fields->mem, value)};
    }
    fields->where = NULL;
}

static void read_catalogue(struct nr_fields *fields, const struct nr_json *root, struct nr_item *item)
{
    const char *video_id = nr_fields_text(fields, root, "video_id", item->video_id == NULL);
    if (!video_id) /* the part is not there */
        return;
    if (!*video_id)
        nr_fields_fail(fields, "video_id", "is empty");
    item->video_id = video_id;
    item->title = nr_fields_text(fields, root, "title", false);
    item->tags = nr_fields_strings(fields, root, "tags");
    item->actors = nr_fields_strings(fields, root, "actors");
    item->directors = nr_fields_strings(fields, root, "directors");
    item->synopsis = nr_fields_text(fields, root, "synopsis", false);
    item->file = nr_fields_text(fields, root, "file", false);
    item->subtitles = nr_fields_text(fields, root, "subtitles", false);
    item->language = nr_fields_text(fields, root, "language", false);
    item->published_at = nr_fields_time(fields, root, "published_at");
    item->duration = nr_fields_number(fields, root, "duration");
    read_extra(fields, root, item);
}

static void read_media_streams(struct nr_fields *fields, const struct nr_json *part, struct nr_media_info *media)
{
    const struct nr_json *video = nr_fields_object(fields, part, "video");
    const struct nr_json *audio = nr_fields_object(fields, part, "audio");
    fields->where = "media.video";
    media->video_codec = nr_fields_text(fields, video, "codec", video != NULL);
    media->width = nr_fields_int(fields, video, "width");
    media->height = nr_fields_int(fields, video, "height");
    media->frame_rate = nr_fields_number(fields, video, "frame_rate");
    fields->where = "media.audio";
    media->audio_codec = nr_fields_text(fields, audio, "codec", audio != NULL);
    media->sample_rate = nr_fields_int(fields, audio, "sample_rate");
    media->channels = nr_fields_int(fields, audio, "channels");
}

static void read_media(struct nr_fields *fields, const struct nr_json *root, struct nr_item *item)
{
    const struct nr_json *part = enter(fields, root, "media");
    struct nr_media_info *media = part ? nr_arena_alloc(fields->mem, 1, sizeof(*media)) : NULL;
    if (!media)
        return;
    media->status =
        (enum nr_media_status)nr_fields_choice(fields, part, "status", nr_media_status_names, NR_MEDIA_FAILED + 1);
    media->container = nr_fields_text(fields, part, "container", false);
    media->duration = nr_fields_number(fields, part, "duration");
    media->bytes = nr_fields_int(fields, part, "bytes");
    media->subtitles = nr_fields_strings(fields, part, "subtitles");
    read_media_streams(fields, part, media);
    fields->where = NULL;
    item->media = media;
}

static void read_shot(struct nr_fields *fields, const struct nr_json *element, size_t place, void *to)
{
    (void)place;
    *(struct nr_shot *)to =
        (struct nr_shot){nr_fields_number(fields, element, "start"), nr_fields_number(fields, element, "end")};
}

static void read_thumbnail(struct nr_fields *fields, const struct nr_json *element, size_t place, void *to)
{
    (void)place;
    *(struct nr_thumbnail *)to =
        (struct nr_thumbnail){nr_fields_number(fields, element, "time"), nr_fields_text(fields, element, "file", true)};
}

static void read_visual(struct nr_fields *fields, const struct nr_json *root, struct nr_item *item)
{
    const struct nr_json *part = enter(fields, root, "visual");
    struct nr_visual *visual = part ? nr_arena_alloc(fields->mem, 1, sizeof(*visual)) : NULL;
    if (!visual)
        return;
    visual->frames = nr_fields_int(fields, part, "frames");
    nr_fields_floats(fields, part, "histogram", visual->histogram, NR_COUNT(visual->histogram));
    visual->brightness = nr_fields_number(fields, part, "brightness");
    visual->colourfulness = nr_fields_number(fields, part, "colourfulness");
    visual->motion = nr_fields_number(fields, part, "motion");
    visual->cuts_per_minute = nr_fields_number(fields, part, "cuts_per_minute");
    visual->shots = nr_fields_objects(fields, part, "shots", sizeof *visual->shots, read_shot, &visual->shot_count);
    visual->words = nr_fields_strings(fields, part, "words");
    visual->thumbnails = nr_fields_objects(fields, part, "thumbnails", sizeof *visual->thumbnails, read_thumbnail,
                                           &visual->thumbnail_count);
    fields->where = NULL;
    item->visual = visual;
}

static void read_audio(struct nr_fields *fields, const struct nr_json *root, struct nr_item *item)
{
    const struct nr_json *part = enter(fields, root, "audio");
    struct nr_audio *audio = part ? nr_arena_alloc(fields->mem, 1, sizeof(*audio)) : NULL;
    if (!audio)
        return;
    audio->seconds = nr_fields_number(fields, part, "seconds");
    nr_fields_floats(fields, part, "mfcc", audio->mfcc, NR_COUNT(audio->mfcc));
    audio->loudness = nr_fields_number(fields, part, "loudness");
    audio->silence_ratio = nr_fields_number(fields, part, "silence_ratio");
    audio->hint = nr_fields_text(fields, part, "hint", false);
    audio->words = nr_fields_strings(fields, part, "words");
    fields->where = NULL;
    item->audio = audio;
}

static int64_t milliseconds(double seconds)
{
    return fabs(seconds) < 1e12 ? llround(seconds * 1000) : NR_TIME_NONE; /* NAN: none */
}

static void read_cue(struct nr_fields *fields, const struct nr_json *element, size_t place, void *to)
{
    (void)place;
    *(struct nr_cue *)to = (struct nr_cue){
        .start_ms = milliseconds(nr_fields_number(fields, element, "start")),
        .end_ms = milliseconds(nr_fields_number(fields, element, "end")),
        .text = nr_fields_text(fields, element, "text", true),
    };
}

static void read_text(struct nr_fields *fields, const struct nr_json *root, struct nr_item *item)
{
    const struct nr_json *part = enter(fields, root, "text");
    struct nr_text *text = part ? nr_arena_alloc(fields->mem, 1, sizeof(*text)) : NULL;
    if (!text)
        return;
    text->language = nr_fields_text(fields, part, "language", true);
    text->terms = nr_fields_terms(fields, part, "terms");
    text->subtitles = nr_fields_text(fields, part, "subtitles", false);
    text->cues = nr_fields_objects(fields, part, "cues", sizeof *text->cues, read_cue, &text->cue_count);
    fields->where = NULL;
    item->text = text;
}

static void read_description(struct nr_fields *fields, const struct nr_json *root, struct nr_item *item)
{
    const struct nr_json *part = enter(fields, root, "description");
    struct nr_description *description = part ? nr_arena_alloc(fields->mem, 1, sizeof(*description)) : NULL;
    if (!description)
        return;
    description->engine = nr_fields_text(fields, part, "engine", true);
    description->labels_by = nr_fields_text(fields, part, "labels_by", false);
    description->model = nr_fields_text(fields, part, "model", false);
    description->model_hash = nr_fields_text(fields, part, "model_hash", false);
    description->batch_width = nr_fields_int(fields, part, "batch_width");
    description->threads = nr_fields_int(fields, part, "threads");
    description->prompt_hash = nr_fields_text(fields, part, "prompt_hash", false);
    description->language = nr_fields_text(fields, part, "language", false);
    description->summary = nr_fields_text(fields, part, "summary", false);
    description->topics = nr_fields_strings(fields, part, "topics");
    description->new_topics = nr_fields_strings(fields, part, "new_topics");
    description->keywords = nr_fields_strings(fields, part, "keywords");
    description->sentiment = nr_fields_text(fields, part, "sentiment", false);
    description->sentiment_score = nr_fields_number(fields, part, "sentiment_score");
    description->audience = nr_fields_text(fields, part, "audience", false);
    description->neighbours = nr_fields_strings(fields, part, "neighbours");
    description->pictures = nr_fields_int(fields, part, "pictures");
    fields->where = NULL;
    item->description = description;
}

static void read_errors(struct nr_fields *fields, const struct nr_json *root, struct nr_item *item)
{
    size_t count;
    const struct nr_json *array = nr_fields_array(fields, root, "errors", &count);
    fields->where = "errors";
    for (const struct nr_json *e = nr_json_first(array); e; e = nr_json_next(e)) {
        if (!nr_fields_is_object(fields, e, "[]"))
            break;
        const char *stage = nr_fields_text(fields, e, "stage", true);
        const char *reason = nr_fields_text(fields, e, "reason", true);
        if (fields->status == NR_OK && stage && reason)
            fields->status = nr_item_set_error(item, stage, reason, fields->err);
    }
    fields->where = NULL;
}

static void read_parts(struct nr_fields *fields, const struct nr_json *root, unsigned parts, struct nr_item *item)
{
    if (parts & NR_PART_CATALOGUE)
        read_catalogue(fields, root, item);
    if (parts & NR_PART_MEDIA)
        read_media(fields, root, item);
    if (parts & NR_PART_VISUAL)
        read_visual(fields, root, item);
    if (parts & NR_PART_AUDIO)
        read_audio(fields, root, item);
    if (parts & NR_PART_TEXT)
        read_text(fields, root, item);
    if ((parts & NR_PART_BLOCKS) && nr_json_get(root, "blocks"))
        nr_fields_blocks(fields, root, item->blocks);
    if (parts & NR_PART_DESCRIPTION)
        read_description(fields, root, item);
    if ((parts & NR_PART_RAW_TEXT) && nr_json_get(root, "raw_text"))
        item->raw_text = nr_fields_block(fields, root, "raw_text");
    if ((parts & NR_PART_RAW_SEMANTIC) && nr_json_get(root, "raw_semantic"))
        item->raw_semantic = nr_fields_block(fields, root, "raw_semantic");
    if (parts & NR_PART_ERRORS)
        read_errors(fields, root, item);
}

enum nr_status nr_item_read(struct nr_item *item, const char *json, size_t length, unsigned parts, struct nr_error *err)
{
    struct nr_fields fields;
    struct nr_json_doc *doc;
    enum nr_status status = nr_fields_begin(&fields, json, length, &item->mem, &doc, err);
    if (status != NR_OK)
        return status;
    read_parts(&fields, nr_json_root(doc), parts, item);
    nr_json_free(doc);
    return nr_fields_end(&fields);
}
