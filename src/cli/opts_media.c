/* opts_media.c - options of the media: where the videos are, what is decoded. */
#include <string.h>

#include "cli/cli.h"

#include "core/banned.h"

/* The field is the whole struct: a mode, and with fps=N its number. */
static enum nr_status parse_frames(void *field, const char *text, struct nr_error *err)
{
    struct nr_decode_params *params = field;
    if (strcmp(text, "keyframes") == 0) {
        params->frames = NR_FRAMES_KEY;
    } else if (strcmp(text, "all") == 0) {
        params->frames = NR_FRAMES_ALL;
    } else if (strncmp(text, "fps=", 4) == 0 && nr_parse_double(text + 4, strlen(text + 4), &params->fps)) {
        params->frames = NR_FRAMES_FPS;
    } else {
        return nr_fail(err, NR_ERR_USAGE, "--frames '%s' is not keyframes, fps=N or all", text);
    }
    return NR_OK;
}

/* The field is the whole struct: a vocabulary, and how to read with it. */
static enum nr_status parse_tokenizer(void *field, const char *text, struct nr_error *err)
{
    static const struct {
        const char *prefix;
        bool cased;
    } kinds[] = {{"wordpiece:", false}, {"wordpiece-cased:", true}};
    struct nr_text_params *params = field;
    params->vocabulary = params->model = NULL;
    if (strcmp(text, "words") == 0)
        return NR_OK;
    if (strcmp(text, "model") == 0 || (strncmp(text, "model:", 6) == 0 && text[6])) {
        params->model = text[5] ? text + 6 : "";
        return NR_OK;
    }
    for (size_t i = 0; i < NR_COUNT(kinds); i++) {
        size_t length = strlen(kinds[i].prefix);
        if (strncmp(text, kinds[i].prefix, length) == 0 && text[length]) {
            params->vocabulary = text + length;
            params->cased = kinds[i].cased;
            return NR_OK;
        }
    }
    return nr_fail(err, NR_ERR_USAGE,
                   "--tokenizer '%s' is not words, wordpiece:FILE, wordpiece-cased:FILE, model or model:FILE", text);
}

static const struct nr_option videos[] = {
    {"videos", 0, NR_OPTION_STRING, "DIR", "folder of the videos: a record's `file` must lie inside it",
     NR_SETTING(videos), NULL, NULL},
    {"jobs", 'j', NR_OPTION_UINT, "N", "worker processes at a time (default: one per processor)", NR_SETTING(jobs),
     NULL, NULL},
    {"timeout-per-file", 0, NR_OPTION_DOUBLE, "S", "give a file up after S seconds (default 600)",
     NR_SETTING(decode.timeout_seconds), NULL, NULL},
    {"mem-limit", 0, NR_OPTION_SIZE, "MIB",
     "give a file up whose worker grows by more than this (default 1024; 0: no limit)", NR_SETTING(decode.memory_mib),
     NULL, NULL},
};
const struct nr_option_group nr_options_videos = {"Videos", NR_BASE_SETTINGS, videos, NR_COUNT(videos)};

static const struct nr_option decode[] = {
    {"frames", 0, NR_OPTION_PARSE, "WHICH",
     "keyframes (default; motion and cuts stay unknown), fps=N (the first frame of each 1/N second by timestamps) "
     "or all",
     NR_SETTING(decode), NULL, parse_frames},
    {"exact", 0, NR_OPTION_FLAG, NULL, "count every pixel (default: one luma sample for each chroma sample)",
     NR_SETTING(decode.exact), NULL, NULL},
    {"fast-decode", 0, NR_OPTION_FLAG, NULL,
     "no loop filter, half the resolution where the codec can: faster, less exact", NR_SETTING(decode.fast_decode),
     NULL, NULL},
    {"cues", 0, NR_OPTION_FLAG, NULL, "keep subtitles with their times in the records", NR_SETTING(text.cues), NULL,
     NULL},
    {"audio-track", 0, NR_OPTION_INT, "N", "sound track, from 0 (default: the one the file marks)",
     NR_SETTING(decode.audio_track), NULL, NULL},
};
const struct nr_option_group nr_options_decode = {"Decoding", NR_BASE_SETTINGS, decode, NR_COUNT(decode)};

static const struct nr_option pictures[] = {
    {"thumbnails", 0, NR_OPTION_STRING, "DIR",
     "write small JPEG pictures here, named by their content: one of each of the longest shots, of key frames "
     "spread over the video with --frames keyframes; with --vision, describe reads them",
     NR_SETTING(decode.thumbnails), NULL, NULL},
    {"max-thumbnails", 0, NR_OPTION_SIZE, "N", "thumbnails of a video, at most (default 8)",
     NR_SETTING(decode.max_thumbnails), NULL, NULL},
};
const struct nr_option_group nr_options_pictures = {"Pictures", NR_BASE_SETTINGS, pictures, NR_COUNT(pictures)};

static const struct nr_option words[] = {
    {"tokenizer", 0, NR_OPTION_PARSE, "WHICH",
     "what counts as a word: words (default); wordpiece:VOCAB.txt or wordpiece-cased:VOCAB.txt, the pieces of a "
     "BERT model; model or model:FILE.gguf, a language model's own tokens",
     NR_SETTING(text), NULL, parse_tokenizer},
};
const struct nr_option_group nr_options_words = {"Words", NR_BASE_SETTINGS, words, NR_COUNT(words)};
