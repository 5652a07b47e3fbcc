/* nightreel/feature.h - numbers from frames, sound and words: histograms, MFCC,
 * word segmentation. Pure: no files, no clock.
 */
#ifndef NIGHTREEL_FEATURE_H
#define NIGHTREEL_FEATURE_H

#include "nightreel/core.h"
#include "nightreel/record.h"
#include "nightreel/record_frame.h"

/* Part of the keys of stored results: raise it when any number below changes. */
#define NR_FEATURE_VERSION 5
/* Versions of the libraries behind this room, for keys of results. */
const char *nr_feature_versions(void);

/* ---- pictures ------------------------------------------------------------------ */

/* Counts of the values 0..31, 32..63, ... of B, then G, then R: the same as OpenCV's
 * calcHist(frame, [c], None, [8], [0, 256]).
 *
 * YUV becomes BGR by the integer arithmetic of swscale's plain yuv2rgb, bit for bit
 * (8 bits, chroma replicated): with y = (Y - offset) << 3, u = (U - 128) << 3, ...
 *     R = (y*cy >> 16) + (v*crv >> 16),  B likewise,  G with both,  clipped to 0..255
 * where the c are the matrix's coefficients (libswscale/yuv2rgb.c) in 1/8192.
 * Deeper samples are shifted so that the same products hold.
 *
 * `every`: each pixel; otherwise one luma, the top left one, for each chroma sample
 * (grey and BGR: every second pixel of every second row), except in pictures of less
 * than NR_SMALL_PICTURE pixels, which always count whole. Returns the number of pixels
 * counted, 0 for a frame that is malformed. */
uint64_t nr_histogram_count(const struct nr_frame *frame, bool every, uint32_t counts[NR_HISTOGRAM_BINS]);

/* One pixel as B, G, R and its luma, all 0..255, by the same formula. */
void nr_frame_pixel(const struct nr_frame *frame, int x, int y, uint8_t bgr[3], uint8_t *luma);

/* Gathers a video's frames. */
struct nr_picture_meter;
struct nr_picture_params {
    bool every;      /* see nr_histogram_count */
    bool continuous; /* frames follow each other closely enough for motion and cuts */
    bool per_frame;  /* keep every frame's histogram */
    size_t pictures; /* key pictures to keep: of the longest shots, or spread over the frames */
};
enum nr_status nr_picture_meter_new(const struct nr_picture_params *params, struct nr_picture_meter **out,
                                    struct nr_error *err) NR_MUST_CHECK;
void nr_picture_meter_free(struct nr_picture_meter *meter);
enum nr_status nr_picture_meter_add(struct nr_picture_meter *meter, const struct nr_frame *frame,
                                    struct nr_error *err) NR_MUST_CHECK;
/* Ends the video: mean and population standard deviation over the frames, shots, and what
 * it is like in words. *found is false where no frame was added. Arrays go into *mem. To
 * be called once. */
enum nr_status nr_picture_meter_finish(struct nr_picture_meter *meter, struct nr_arena *mem, struct nr_visual *out,
                                       bool *found, struct nr_error *err) NR_MUST_CHECK;

/* A small picture as people see it: turned, with square pixels, B, G, R bytes row by row. */
#define NR_KEY_PICTURE_SIDE 320 /* pixels each way, at most */
struct nr_key_picture {
    double time; /* s from the start of the video */
    int width, height;
    uint8_t *bgr; /* malloc'ed */
};
enum nr_status nr_key_picture_take(const struct nr_frame *frame, struct nr_key_picture *out,
                                   struct nr_error *err) NR_MUST_CHECK;
/* After finish: the pictures kept, by time; borrowed. */
const struct nr_key_picture *nr_picture_meter_pictures(const struct nr_picture_meter *meter, size_t *count);
/* frames x NR_HISTOGRAM_BINS shares of pixels (with per_frame); borrowed. */
const float *nr_picture_meter_rows(const struct nr_picture_meter *meter, size_t *frames);
#define NR_PICTURE_ROWS_MAX ((size_t)2 << 20) /* frames kept with per_frame: 192 MiB */

/* ---- sound ------------------------------------------------------------------------ */

/* MFCC as librosa 0.11's feature.mfcc(y, sr=22050, n_mfcc=20) has it: frames of 2048
 * every 512 samples, centred, zeros around the clip, periodic Hann window, power
 * spectrum, 128 bands of Slaney's mel scale over 0..11025 Hz with Slaney's norm,
 * 10 log10(max(p, 1e-10)), nothing lower than 80 dB below the clip's maximum, DCT-II
 * orthonormal. A clip of n > 0 samples has 1 + n / 512 frames. */
#define NR_MEL_BANDS  128
#define NR_MEL_WINDOW 2048
#define NR_MEL_HOP    512
/* The mel powers of a clip are kept (top_db needs their maximum): 384 bytes a frame, a
 * megabyte a minute. Sound after this many frames (4 hours, 238 MB) is not looked at. */
#define NR_MEL_FRAMES_MAX ((size_t)4 * 3600 * NR_PCM_RATE / NR_MEL_HOP)

struct nr_sound_meter;
enum nr_status nr_sound_meter_new(struct nr_sound_meter **out, struct nr_error *err) NR_MUST_CHECK;
void nr_sound_meter_free(struct nr_sound_meter *meter);
/* Mono samples at NR_PCM_RATE; values that are not finite count as 0. */
enum nr_status nr_sound_meter_add(struct nr_sound_meter *meter, const float *pcm, size_t count,
                                  struct nr_error *err) NR_MUST_CHECK;
/* Ends the clip: mean and population standard deviation of the coefficients, and what
 * it sounds like. *found is false where no sample was added. To be called once. */
enum nr_status nr_sound_meter_finish(struct nr_sound_meter *meter, struct nr_arena *mem, struct nr_audio *out,
                                     bool *found, struct nr_error *err) NR_MUST_CHECK;
/* After finish: NR_MFCC_COUNT rows of *frames values each; caller frees. */
enum nr_status nr_sound_meter_rows(const struct nr_sound_meter *meter, float **rows, size_t *frames,
                                   struct nr_error *err) NR_MUST_CHECK;

/* ---- words -------------------------------------------------------------------------- */

struct nr_text_params {
    const char *vocabulary;    /* of a BERT model: WordPiece pieces count instead of words; NULL: words */
    bool cased;                /* with a vocabulary: of a cased model */
    const char *model;         /* a language model whose tokens count instead ("": the set-up's); NULL: none */
    size_t max_subtitle_bytes; /* plain subtitle words kept in a record; 65536 */
    bool cues;                 /* keep the subtitles' cues with their times, too */
};
void nr_text_params_default(struct nr_text_params *params);
const char *nr_text_params_check(const struct nr_text_params *params);

/* Word counts over several texts together: NFKC, case fold, traditional to
 * simplified, ICU word breaks (Chinese by its dictionary). Dropped: what has no letter
 * or digit, function words (the table in stop_words.c), numbers but those of four
 * digits (years), words of more than 64 bytes, and behind NR_WORDS_MAX distinct words
 * new ones. Texts are UTF-8; NULL is empty. */
#define NR_WORDS_MAX 50000
enum nr_status nr_words_count(const char *const *texts, size_t count, struct nr_arena *mem, struct nr_terms *out,
                              struct nr_error *err) NR_MUST_CHECK;

/* The words of each text in their order, every time they stand there, function words too:
 * out[i] of texts[i], at most NR_WORDS_MAX. */
enum nr_status nr_words_list(const char *const *texts, size_t count, struct nr_arena *mem, struct nr_strings *out,
                             struct nr_error *err) NR_MUST_CHECK;

/* ISO 639-1 by the script that most letters have (Latin counts as English):
 * "zh", "ja" (any kana to speak of), "ko", "en", "ru", "ar", ...; "" where there is
 * too little to tell. */
const char *nr_language_detect(const char *const *texts, size_t count);

#include "nightreel/feature_blocks.h"

#endif
