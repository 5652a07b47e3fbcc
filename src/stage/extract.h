/* extract.h - the extract stage: a parent that opens files and keeps records, and a
 * job in worker processes that looks into the files.
 *
 *   extract.c          the stage: key, plan, merging replies
 *   extract_inputs.c   which files an item has, opened safely (parent)
 *   extract_request.c  the request: parameters and the item's catalogue part
 *   extract_job.c      the job (worker)
 *   extract_reply.c    the reply taken apart (parent)
 *   extract_pictures.c thumbnails (made in the worker, written by the parent)
 *   extract_text.c     the text part (both: text needs no media)
 */
#ifndef NR_STAGE_EXTRACT_H
#define NR_STAGE_EXTRACT_H

#include "nightreel/feature_tokens.h"
#include "nightreel/stage.h"

/* ---- inputs -------------------------------------------------------------------------- */

#define NR_EXTRACT_FILES_MAX 2 /* the media file and one file of subtitles; a vocabulary goes along */

struct nr_extract_inputs {
    bool media, subtitles; /* which of them are there; in this order in fds */
    int fds[NR_EXTRACT_FILES_MAX];
    size_t fd_count;
    struct nr_buf subtitle_file; /* its name, relative like the item's `file` */
    struct nr_error reasons;     /* why one that the item names is not there */
};

/* `root_fd`: the --videos folder, -1 where there is none. The subtitles are those that
 * the item names, else the best of those beside the media file. */
enum nr_status nr_extract_inputs_open(struct nr_extract_inputs *inputs, const struct nr_stage_env *env, int root_fd,
                                      const struct nr_item *item, struct nr_error *err) NR_MUST_CHECK;
void nr_extract_inputs_release(struct nr_extract_inputs *inputs);
bool nr_extract_has_file(const char *file);

/* ---- the request ------------------------------------------------------------------------ */

struct nr_extract_request {
    struct nr_decode_params decode;
    struct nr_text_params text;
    bool media, subtitles, vocabulary, per_frame;
    size_t thumbnails;         /* at most */
    const char *subtitle_file; /* in item.mem */
    struct nr_item item;       /* its catalogue part */
};

void nr_extract_request_write(const struct nr_settings *settings, const struct nr_extract_inputs *inputs,
                              const struct nr_item *item, struct nr_buf *out);
enum nr_status nr_extract_request_read(struct nr_extract_request *request, const char *text, size_t length,
                                       struct nr_error *err) NR_MUST_CHECK;

/* The reply: a line {"rows":R,"columns":C,"thumbnails":[BYTES,...]}, the record's parts in
 * a line, then R x C floats (--per-frame; otherwise none) and the thumbnails. */

/* The lines of a reply; floats and thumbnails behind the second. */
struct nr_extract_reply {
    size_t rows, columns;
    size_t lengths[NR_THUMBNAILS_MAX], thumbnails;
    const char *record;
    size_t record_length;
    const char *floats, *pictures;
    size_t pictures_length;
};
/* NR_ERR_DATA where it is malformed; borrowed from the result. */
enum nr_status nr_extract_reply_split(const struct nr_work_result *result, struct nr_extract_reply *out,
                                      struct nr_error *err) NR_MUST_CHECK;
/* Writes the floats as a matrix (.npy). */
enum nr_status nr_extract_reply_rows(const char *path, const struct nr_extract_reply *reply,
                                     struct nr_error *err) NR_MUST_CHECK;

/* ---- thumbnails -------------------------------------------------------------------------- */

struct nr_extract_pictures {
    struct nr_buf bytes; /* one JPEG after the other */
    size_t lengths[NR_THUMBNAILS_MAX];
    size_t count;
};
/* As item->visual->thumbnails, their names still empty. */
enum nr_status nr_extract_pictures_encode(const struct nr_key_picture *pictures, size_t count, struct nr_item *item,
                                          struct nr_extract_pictures *out, struct nr_error *err) NR_MUST_CHECK;
/* Names them by their digests and writes those that are not in `folder`. NR_ERR_DATA where
 * lengths and bytes do not fit together. */
enum nr_status nr_extract_pictures_write(const char *folder, struct nr_item *item, const char *bytes, size_t length,
                                         const size_t lengths[NR_THUMBNAILS_MAX], size_t count,
                                         struct nr_error *err) NR_MUST_CHECK;

/* ---- text ---------------------------------------------------------------------------------- */

#define NR_EXTRACT_SUBTITLES_MAX ((size_t)16 << 20) /* bytes of a subtitle file, and of plain words */

/* item->text from title, tags, synopsis and the subtitles (NULL: none): words, or the
 * pieces of a vocabulary where there is one. With params->cues the cues are kept with
 * their times. */
enum nr_status nr_extract_text(struct nr_item *item, const struct nr_text_params *params,
                               struct nr_wordpiece *wordpiece, const struct nr_cue_list *cues,
                               struct nr_error *err) NR_MUST_CHECK;
/* From a vocabulary's file; *out is NULL where fd is -1. */
enum nr_status nr_extract_vocabulary(int fd, bool cased, struct nr_wordpiece **out, struct nr_error *err) NR_MUST_CHECK;
/* The whole of a file, of at most out->max bytes, from its start. */
enum nr_status nr_extract_read(int fd, struct nr_buf *out, struct nr_error *err) NR_MUST_CHECK;

#endif
