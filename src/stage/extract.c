/* extract.c - the stage: keys, work for the workers, replies into records. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nightreel/io.h"
#include "stage/extract.h"

#include "core/banned.h"

#define STAGE (nr_stage_extract.name)

/* ---- key ------------------------------------------------------------------------------ */

static enum nr_status open_root(const struct nr_settings *settings, int *root_fd, struct nr_error *err)
{
    *root_fd = -1;
    return settings->videos ? nr_folder_open(settings->videos, root_fd, err) : NR_OK;
}

static void close_root(int root_fd)
{
    if (root_fd >= 0)
        close(root_fd);
}

/* The digest of a file below --videos, or what keeps it from being read. */
static void put_file(const struct nr_stage_env *env, const char *what, const char *file, bool there, struct nr_buf *key)
{
    char digest[NR_DIGEST_HEX];
    struct nr_error why = {.text = ""};
    struct nr_buf path = {0};
    nr_buf_printf(&path, "%s/%s", env->settings->videos ? env->settings->videos : ".", file);
    if (there && env->file_digest(env->digest_ctx, path.data, digest, &why) == NR_OK)
        nr_buf_printf(key, "%s %s %s\n", what, file, digest);
    else
        nr_buf_printf(key, "%s %s absent %s\n", what, file, why.text);
    nr_buf_release(&path);
}

static void put_vocabulary(const struct nr_stage_env *env, struct nr_buf *key)
{
    char digest[NR_DIGEST_HEX];
    struct nr_error why;
    bool read = env->file_digest(env->digest_ctx, env->settings->text.vocabulary, digest, &why) == NR_OK;
    nr_buf_printf(key, "vocabulary %s\n", read ? digest : why.text);
}

static void put_params(const struct nr_settings *settings, struct nr_buf *key)
{
    const struct nr_decode_params *decode = &settings->decode;
    nr_buf_printf(key, "features %d, %s, %s\n", NR_FEATURE_VERSION, nr_media_versions(), nr_feature_versions());
    nr_buf_printf(key, "frames %d fps %g exact %d fast %d track %d want %u keep %u subtitles %zu\n",
                  (int)decode->frames, decode->frames == NR_FRAMES_FPS ? decode->fps : 0, decode->exact,
                  decode->fast_decode, decode->audio_track, decode->want, decode->keep,
                  settings->text.max_subtitle_bytes);
    if (decode->thumbnails)
        nr_buf_printf(key, "thumbnails %zu in %s\n", decode->max_thumbnails, decode->thumbnails);
    if (settings->text.cues)
        nr_buf_puts(key, "cues\n");
    if (settings->text.vocabulary)
        nr_buf_puts(key, settings->text.cased ? "cased pieces\n" : "uncased pieces\n");
}

static enum nr_status put_words(const struct nr_item *item, struct nr_buf *key, struct nr_error *err)
{
    struct nr_buf words = {0};
    char digest[NR_DIGEST_HEX];
    const char *const texts[] = {item->title, item->synopsis, item->language, item->file, item->subtitles};
    for (size_t i = 0; i < NR_COUNT(texts); i++)
        nr_json_put_string(&words, texts[i]);
    nr_json_put_strings(&words, &item->tags);
    enum nr_status status = nr_buf_status(&words, err);
    if (!status)
        status = nr_digest_bytes(words.data, words.length, digest, err);
    if (!status)
        nr_buf_printf(key, "words %s\n", digest);
    nr_buf_release(&words);
    return status;
}

static enum nr_status extract_key(const struct nr_stage_env *env, const struct nr_item *item, struct nr_buf *key,
                                  struct nr_error *err)
{
    struct nr_extract_inputs inputs;
    int root_fd;
    enum nr_status status = open_root(env->settings, &root_fd, err);
    if (status)
        return status;
    status = nr_extract_inputs_open(&inputs, env, root_fd, item, err);
    close_root(root_fd);
    put_params(env->settings, key);
    if (env->settings->text.vocabulary)
        put_vocabulary(env, key);
    if (!status)
        status = put_words(item, key, err);
    if (!status && nr_extract_has_file(item->file))
        put_file(env, "media", item->file, inputs.media, key);
    if (!status && inputs.subtitle_file.length)
        put_file(env, "subtitles", inputs.subtitle_file.data, inputs.subtitles, key);
    nr_extract_inputs_release(&inputs);
    return status ? status : nr_buf_status(key, err);
}

/* ---- one item -------------------------------------------------------------------------- */

struct run {
    const struct nr_stage_env *env;
    struct nr_dataset *data;
    const size_t *todo;
    size_t count, next;
    const struct nr_stage_sink *sink;
    int root_fd;
    struct nr_wordpiece *wordpiece; /* for texts without a worker; NULL: words are counted */
    char **refusals;                /* per place in todo: why a named file is not there; NULL: it is */
};

static struct nr_item *item_at(const struct run *run, size_t place)
{
    return &run->data->items.items[run->todo[place]];
}

/* What is made anew must not show what was there. Commands that keep a part only add to
 * a record, and leave the error of the part before. */
static void clear_parts(struct nr_item *item, unsigned keep)
{
    item->media = NULL;
    if (keep & NR_WANT_PICTURE)
        item->visual = NULL;
    if (keep & NR_WANT_SOUND)
        item->audio = NULL;
    if (keep & NR_WANT_WORDS)
        item->text = NULL;
    if (keep != NR_WANT_ALL)
        return;
    size_t kept = 0;
    for (size_t i = 0; i < item->error_count; i++)
        if (strcmp(item->errors[i].stage, STAGE) != 0)
            item->errors[kept++] = item->errors[i];
    item->error_count = kept;
}

static enum nr_status set_error(struct run *run, size_t place, const char *reason, bool temporary, struct nr_error *err)
{
    const char *refusal = run->refusals[place] ? run->refusals[place] : "";
    struct nr_error text;
    if (!*refusal && !*reason)
        return NR_OK;
    nr_fail(&text, NR_OK, "%s%s%s%s", temporary ? NR_STAGE_TRANSIENT : "", refusal, *refusal && *reason ? "; " : "",
            reason);
    return nr_item_set_error(item_at(run, place), STAGE, text.text, err);
}

static enum nr_status set_media(struct nr_item *item, enum nr_media_status media, struct nr_error *err)
{
    struct nr_media_info *info = nr_arena_alloc(&item->mem, 1, sizeof *info);
    if (!info)
        return nr_fail_nomem(err, "a media record");
    *info = (struct nr_media_info){.status = media, .duration = NAN, .frame_rate = NAN};
    item->media = info;
    return NR_OK;
}

/* Without a worker: there is nothing to look into, or the worker is lost. Text needs no
 * media. */
static enum nr_status finish_here(struct run *run, size_t place, const char *failure, bool temporary,
                                  struct nr_error *err)
{
    struct nr_item *item = item_at(run, place);
    const struct nr_settings *settings = run->env->settings;
    bool failed = nr_extract_has_file(item->file);
    enum nr_status status = set_media(item, failed ? NR_MEDIA_FAILED : NR_MEDIA_NONE, err);
    if (!status)
        status = set_error(run, place, failure, temporary, err);
    if (!status && (settings->decode.keep & NR_WANT_WORDS))
        status = nr_extract_text(item, &settings->text, run->wordpiece, NULL, err);
    return status ? status : run->sink->item_done(run->sink->ctx, run->todo[place], err);
}

/* ---- replies -------------------------------------------------------------------------------- */

/* The lines of a reply; floats and thumbnails behind the second. */
struct reply {
    size_t rows, columns;
    size_t lengths[NR_THUMBNAILS_MAX], thumbnails;
    const char *record;
    size_t record_length;
    const char *floats, *pictures;
    size_t pictures_length;
};

/* The first line. False where its numbers do not make sense for `room` bytes. */
static bool read_head(const struct nr_json_doc *doc, size_t room, struct reply *out)
{
    const struct nr_json *root = nr_json_root(doc);
    double rows = nr_json_number(nr_json_get(root, "rows"));
    double columns = nr_json_number(nr_json_get(root, "columns"));
    double pictures = 0;
    size_t count;
    const double *lengths = nr_json_vector(doc, nr_json_get(root, "thumbnails"), &count);
    if (count > NR_THUMBNAILS_MAX)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!(lengths[i] > 0 && lengths[i] <= (double)room))
            return false;
        pictures += lengths[i];
        out->lengths[i] = (size_t)lengths[i];
    }
    if (!(rows >= 0 && columns >= 0 && rows * columns * sizeof(float) + pictures == (double)room))
        return false;
    out->thumbnails = count;
    out->rows = (size_t)rows;
    out->columns = (size_t)columns;
    out->pictures_length = (size_t)pictures;
    return true;
}

static enum nr_status split_reply(const struct nr_work_result *result, struct reply *out, struct nr_error *err)
{
    const char *end = result->reply + result->length;
    const char *first = memchr(result->reply, '\n', result->length);
    const char *second = first ? memchr(first + 1, '\n', (size_t)(end - first - 1)) : NULL;
    struct nr_json_doc *doc = NULL;
    if (!second)
        return nr_fail(err, NR_ERR_DATA, "a worker's reply is malformed");
    enum nr_status status = nr_json_parse(result->reply, (size_t)(first - result->reply), &doc, err);
    if (status)
        return status;
    bool fits = read_head(doc, (size_t)(end - second - 1), out);
    nr_json_free(doc);
    out->record = first + 1;
    out->record_length = (size_t)(second - first - 1);
    out->floats = second + 1;
    out->pictures = end - out->pictures_length;
    return fits ? NR_OK : nr_fail(err, NR_ERR_DATA, "a worker's reply is malformed");
}

static enum nr_status write_rows(const char *path, const struct reply *reply, struct nr_error *err)
{
    size_t count = reply->rows * reply->columns;
    float *rows = malloc((count + 1) * sizeof *rows); /* for the alignment */
    if (!rows)
        return nr_fail_nomem(err, "rows per frame");
    memcpy(rows, reply->floats, count * sizeof *rows);
    enum nr_status status = nr_npy_write(path, rows, reply->rows, reply->columns, err);
    free(rows);
    return status;
}

/* The worker's error is read apart, since those of other stages stay. */
static enum nr_status merge_error(struct run *run, size_t place, const struct reply *reply, struct nr_error *err)
{
    struct nr_item apart = {.published_at = NR_TIME_NONE, .duration = NAN};
    enum nr_status status = nr_item_read(&apart, reply->record, reply->record_length, NR_PART_ERRORS, err);
    const char *reason = status ? NULL : nr_item_error(&apart, STAGE);
    if (!status)
        status = set_error(run, place, reason ? reason : "", false, err);
    nr_item_release(&apart);
    return status;
}

static enum nr_status merge(struct run *run, size_t place, const struct nr_work_result *result, struct nr_error *err)
{
    struct nr_item *item = item_at(run, place);
    const struct nr_decode_params *decode = &run->env->settings->decode;
    unsigned parts = NR_PART_MEDIA | (decode->keep & NR_WANT_PICTURE ? NR_PART_VISUAL : 0U) |
                     (decode->keep & NR_WANT_SOUND ? NR_PART_AUDIO : 0U) |
                     (decode->keep & NR_WANT_WORDS ? NR_PART_TEXT : 0U);
    struct reply reply = {0};
    enum nr_status status = split_reply(result, &reply, err);
    if (!status)
        status = nr_item_read(item, reply.record, reply.record_length, parts, err);
    if (!status)
        status = merge_error(run, place, &reply, err);
    /* A media file that could not be opened was none of the worker's business. */
    if (!status && item->media && item->media->status == NR_MEDIA_NONE && nr_extract_has_file(item->file))
        item->media->status = NR_MEDIA_FAILED;
    if (!status && decode->per_frame && reply.rows * reply.columns > 0)
        status = write_rows(decode->per_frame, &reply, err);
    if (status || !item->visual || !(decode->keep & NR_WANT_PICTURE))
        return status;
    if (decode->thumbnails && reply.thumbnails > 0)
        return nr_extract_pictures_write(decode->thumbnails, item, reply.pictures, reply.pictures_length, reply.lengths,
                                         reply.thumbnails, err);
    item->visual->thumbnail_count = 0; /* names come from the pictures, never from a worker */
    return NR_OK;
}

static enum nr_status on_done(void *ctx, const struct nr_work_result *result, struct nr_error *err)
{
    struct run *run = ctx;
    struct nr_error why = {.text = ""};
    if (result->refused)
        nr_report(run->env->reporter, NR_LOG_INFO, "video '%s': its worker was refused %u system calls",
                  item_at(run, result->ticket)->video_id, result->refused);
    if (!result->reply)
        return finish_here(run, result->ticket, result->failure, result->temporary, err);
    enum nr_status status = merge(run, result->ticket, result, &why);
    if (status == NR_ERR_DATA)
        return finish_here(run, result->ticket, why.text, false, err);
    if (status)
        return nr_fail(err, status, "%s", why.text);
    return run->sink->item_done(run->sink->ctx, run->todo[result->ticket], err);
}

/* ---- work ------------------------------------------------------------------------------------- */

static enum nr_status make_work(struct run *run, size_t place, struct nr_extract_inputs *inputs, struct nr_work *work,
                                struct nr_error *err)
{
    struct nr_item *item = item_at(run, place);
    struct nr_buf request = {.max = NR_REQUEST_MAX};
    nr_extract_request_write(run->env->settings, inputs, item, &request);
    work->length = request.length;
    work->request = nr_buf_detach(&request);
    if (!work->request)
        return nr_fail_nomem(err, "a worker's request");
    work->label = inputs->media ? item->file : item->subtitles ? item->subtitles : item->video_id;
    work->ticket = place;
    memcpy(work->fds, inputs->fds, inputs->fd_count * sizeof *work->fds);
    work->fd_count = inputs->fd_count;
    inputs->fd_count = 0; /* handed over */
    const char *vocabulary = run->env->settings->text.vocabulary;
    return vocabulary ? nr_file_open_trusted(vocabulary, &work->fds[work->fd_count++], err) : NR_OK;
}

/* The next item that needs a worker; those that do not are finished on the way. */
static enum nr_status next_work(void *ctx, struct nr_work *work, struct nr_error *err)
{
    struct run *run = ctx;
    while (run->next < run->count) {
        size_t place = run->next++;
        struct nr_item *item = item_at(run, place);
        struct nr_extract_inputs inputs;
        clear_parts(item, run->env->settings->decode.keep);
        enum nr_status status = nr_extract_inputs_open(&inputs, run->env, run->root_fd, item, err);
        if (!status && inputs.reasons.text[0] && !(run->refusals[place] = strdup(inputs.reasons.text)))
            status = nr_fail_nomem(err, "an item's errors");
        bool something = inputs.fd_count > 0;
        if (!status && something)
            status = make_work(run, place, &inputs, work, err);
        nr_extract_inputs_release(&inputs);
        if (!status && !something)
            status = finish_here(run, place, "", false, err);
        if (status || something)
            return status;
    }
    return NR_END;
}

static enum nr_status open_vocabulary(struct run *run, struct nr_error *err)
{
    const struct nr_text_params *text = &run->env->settings->text;
    int fd = -1;
    enum nr_status status = text->vocabulary ? nr_file_open_trusted(text->vocabulary, &fd, err) : NR_OK;
    if (!status)
        status = nr_extract_vocabulary(fd, text->cased, &run->wordpiece, err);
    if (fd >= 0)
        close(fd);
    return status;
}

static enum nr_status extract_run(const struct nr_stage_env *env, struct nr_dataset *data, const size_t *todo,
                                  size_t count, const struct nr_stage_sink *sink, struct nr_error *err)
{
    struct run run = {.env = env, .data = data, .todo = todo, .count = count, .sink = sink};
    const struct nr_work_source source = {next_work, on_done, &run};
    const struct nr_worker_limits limits = {
        .seconds = env->settings->decode.timeout_seconds,
        .memory = env->settings->decode.memory_mib << 20,
        .confined = nr_worker_can_be_confined(),
    };
    if (!env->spawner)
        return nr_fail(err, NR_ERR_INTERNAL, "extract was started without its worker processes");
    enum nr_status status = open_root(env->settings, &run.root_fd, err);
    if (status)
        return status;
    run.refusals = calloc(count + 1, sizeof *run.refusals);
    status = run.refusals ? open_vocabulary(&run, err) : nr_fail_nomem(err, "the plan of extract");
    if (!status)
        status = nr_spawner_run(env->spawner, env->settings->jobs, &limits, &source, err);
    for (size_t i = 0; run.refusals && i < count; i++)
        free(run.refusals[i]);
    free(run.refusals);
    nr_wordpiece_free(run.wordpiece);
    close_root(run.root_fd);
    return status;
}

const struct nr_stage nr_stage_extract = {
    .name = "extract",
    .summary = "decode the videos; picture, sound and words as numbers",
    .makes = NR_PART_MEDIA | NR_PART_VISUAL | NR_PART_AUDIO | NR_PART_TEXT,
    .key = extract_key,
    .run = extract_run,
};
