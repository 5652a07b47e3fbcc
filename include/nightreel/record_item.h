/* nightreel/record_item.h - the items of record.h: a video, what is known and what was
 * found. Include nightreel/record.h, not this. */
#ifndef NIGHTREEL_RECORD_ITEM_H
#define NIGHTREEL_RECORD_ITEM_H

#include "nightreel/record.h"

/* ---- items: a video, what is known and what was found ------------------------- */

struct nr_field {
    const char *name, *value;
};
/* Why a stage could not do its part for this item. */
struct nr_item_error {
    const char *stage, *reason;
};

enum nr_media_status { NR_MEDIA_NONE, NR_MEDIA_OK, NR_MEDIA_PARTIAL, NR_MEDIA_FAILED };
extern const char *const nr_media_status_names[]; /* "none" "ok" "partial" "failed" */

struct nr_media_info {
    enum nr_media_status status;
    const char *container; /* FFmpeg's demuxer name, or libsndfile's format */
    double duration;       /* s; NAN where unknown */
    int64_t bytes;
    const char *video_codec; /* NULL: no picture */
    int64_t width, height;
    double frame_rate;       /* average, frames/s; NAN where unknown */
    const char *audio_codec; /* NULL: no sound */
    int64_t sample_rate, channels;
    struct nr_strings subtitles; /* "embedded subrip zh", "file GBK 03.srt", ... */
};

#define NR_HISTOGRAM_BINS 24 /* 8 each of B, G, R */
/* Times in s from the first picture; a shot ends where the next begins. */
struct nr_shot {
    double start, end;
};
#define NR_SHOTS_MAX 5000 /* in a record; the last one then lasts to the end */
struct nr_thumbnail {
    double time;
    const char *file; /* below the folder of thumbnails: a digest of the picture, ".jpg" */
};
struct nr_visual {
    int64_t frames;                         /* sampled */
    float histogram[2 * NR_HISTOGRAM_BINS]; /* mean, then standard deviation over frames */
    double brightness;                      /* mean luma, 0..1 */
    double colourfulness;                   /* Hasler and Suesstrunk 2003, 0..~1 (their M / 255) */
    double motion, cuts_per_minute;         /* NAN with key frames only */
    struct nr_shot *shots;                  /* NULL with key frames only */
    size_t shot_count;
    struct nr_thumbnail *thumbnails; /* where they were asked for */
    size_t thumbnail_count;
    struct nr_strings words;
};

#define NR_MFCC_COUNT 20
struct nr_audio {
    double seconds;                 /* of sound decoded */
    float mfcc[2 * NR_MFCC_COUNT];  /* mean, then standard deviation over frames */
    double loudness, silence_ratio; /* RMS dBFS (at least -120); share of silent frames, 0..1 */
    const char *hint;               /* "speech" "music" "silence" "mixed" */
    struct nr_strings words;
};

/* A subtitle. */
struct nr_cue {
    int64_t start_ms, end_ms; /* NR_TIME_NONE where the cue's times are unreadable */
    const char *text;         /* plain UTF-8, lines separated by \n */
};

struct nr_text {
    const char *language;  /* "zh", "en", ...; the catalogue's, else detected, else "" */
    struct nr_terms terms; /* word -> count */
    const char *subtitles; /* plain words of the subtitles, capped; NULL where none */
    struct nr_cue *cues;   /* where they were asked for; capped alike */
    size_t cue_count;
};

struct nr_description {
    const char *engine;           /* "llama" "http" "extractive" "replay" */
    const char *labels_by;        /* engine of topics, sentiment and audience where the summary is another's; or NULL */
    const char *model;            /* file or model name; NULL for extractive */
    const char *model_hash;       /* first 16 hex digits of its BLAKE2b; NULL where unknown */
    int64_t batch_width, threads; /* 0 where meaningless */
    const char *prompt_hash;      /* 16 hex digits of the template; NULL for extractive */
    const char *language;         /* that it is written in: "zh", "en", ... */
    const char *summary;
    struct nr_strings topics, keywords;
    struct nr_strings new_topics; /* those of the topics that are no tag of the catalogue */
    const char *sentiment;        /* "positive" "neutral" "negative" */
    double sentiment_score;       /* -1..1 */
    const char *audience;         /* "general" "children" "adults" "learners" "experts" */
    struct nr_strings neighbours; /* titles the model was told are near */
    int64_t pictures;             /* of the video that it was shown */
};

struct nr_item {
    struct nr_arena mem;
    const char *video_id, *title, *synopsis; /* synopsis: the catalogue's `description` */
    const char *file, *subtitles, *language; /* NULL where not given */
    struct nr_strings tags, actors, directors;
    int64_t published_at; /* ms, NR_TIME_NONE */
    double duration;      /* s, from the catalogue; NAN; see nr_item_duration */
    struct nr_field *extra;
    size_t extra_count;
    struct nr_media_info *media; /* NULL: that stage has not run */
    struct nr_visual *visual;    /* NULL: no picture, or not run */
    struct nr_audio *audio;
    struct nr_text *text;
    struct nr_block blocks[NR_BLOCK_COUNT];
    struct nr_description *description;
    struct nr_block raw_text, raw_semantic; /* embeddings before statistics; kept in the store, not in JSON Lines */
    struct nr_item_error *errors;
    size_t error_count;
};

void nr_item_release(struct nr_item *item);
/* Adds an error (copied); replaces an older one of the same stage. */
enum nr_status nr_item_set_error(struct nr_item *item, const char *stage, const char *reason,
                                 struct nr_error *err) NR_MUST_CHECK;
const char *nr_item_error(const struct nr_item *item, const char *stage); /* NULL: none */
/* Seconds: the catalogue's word, else what the media said; NAN. */
double nr_item_duration(const struct nr_item *item);

struct nr_item_list {
    struct nr_item *items; /* malloc'ed */
    size_t count, capacity;
};
void nr_item_list_release(struct nr_item_list *list);
/* Appends a zeroed item with NAN/NR_TIME_NONE where those mean unknown. */
enum nr_status nr_item_list_add(struct nr_item_list *list, struct nr_item **out, struct nr_error *err) NR_MUST_CHECK;
/* Indices of the items by video_id, bytewise; caller frees. */
enum nr_status nr_item_list_order(const struct nr_item_list *list, size_t **out, struct nr_error *err) NR_MUST_CHECK;

/* Parts of an item's JSON: which keys are written, or taken over on reading. */
enum nr_item_part {
    NR_PART_CATALOGUE = 1 << 0,
    NR_PART_MEDIA = 1 << 1,
    NR_PART_VISUAL = 1 << 2,
    NR_PART_AUDIO = 1 << 3,
    NR_PART_TEXT = 1 << 4,
    NR_PART_BLOCKS = 1 << 5,
    NR_PART_DESCRIPTION = 1 << 6,
    NR_PART_ERRORS = 1 << 7,
    NR_PART_RAW_TEXT = 1 << 8,
    NR_PART_RAW_SEMANTIC = 1 << 9,
    NR_PART_RECORD = 0xff, /* what a JSON Lines record carries */
};
/* One line without its newline. Reading back gives the same bits. */
void nr_item_write(const struct nr_item *item, unsigned parts, struct nr_buf *out);
/* Merges the parts present in the JSON into *item (from nr_item_list_add): a part
 * that is there replaces the item's, an error that of the same stage. Unknown keys
 * are ignored. NR_ERR_DATA names the key that is malformed; an item without a
 * video_id must get one where NR_PART_CATALOGUE is asked for. */
enum nr_status nr_item_read(struct nr_item *item, const char *json, size_t length, unsigned parts,
                            struct nr_error *err) NR_MUST_CHECK;

#include "nightreel/record_user.h"

#endif
