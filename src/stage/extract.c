/* extract.c - the stage: keys, work for the workers, replies into records. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nightreel/io.h"
#include "nightreel/language_tokens.h"
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

static void put_tokenizer(const struct nr_stage_env *env, struct nr_buf *key)
{
    char digest[65];
    struct nr_error why;
    struct nr_buf path = {0};
    bool found = nr_model_tokenizer_find(env->settings->text.model, &path, &why) == NR_OK &&
                 env->file_digest(env->digest_ctx, path.data, digest, &why) == NR_OK;
    nr_buf_printf(key, "tokens of %s\n", found ? digest : why.text);
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
    if (env->settings->text.model)
        put_tokenizer(env, key);
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
    struct nr_wordpiece *wordpiece;       /* for texts without a worker; NULL: words are counted */
    struct nr_model_tokenizer *tokenizer; /* --tokenizer model; NULL: none */
    char **refusals;                      /* per place in todo: why a named file is not there; NULL: it is */
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

/* With --tokenizer model: a language model stays out of the confined workers, and so its
 * tokens are counted here, over what the record keeps of the subtitles. */
static enum nr_status count_tokens(struct run *run, struct nr_item *item, struct nr_error *err)
{
    struct nr_buf tags = {0};
    if (!run->tokenizer || !item->text)
        return NR_OK;
    for (size_t i = 0; i < item->tags.count; i++)
        nr_buf_printf(&tags, "%s\n", item->tags.items[i]);
    const char *texts[] = {item->title, item->synopsis, item->text->subtitles, tags.data};
    enum nr_status status = nr_buf_status(&tags, err);
    if (!status)
        status = nr_model_tokenizer_count(run->tokenizer, texts, NR_COUNT(texts), &item->mem, &item->text->terms, err);
    nr_buf_release(&tags);
    return status;
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
    if (!status)
        status = count_tokens(run, item, err);
    return status ? status : run->sink->item_done(run->sink->ctx, run->todo[place], err);
}

/* ---- replies -------------------------------------------------------------------------------- */

/* The worker's error is read apart, since those of other stages stay. */
static enum nr_status merge_error(struct run *run, size_t place, const struct nr_extract_reply *reply,
                                  struct nr_error *err)
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
    struct nr_extract_reply reply = {0};
    enum nr_status status = nr_extract_reply_split(result, &reply, err);
    if (!status)
        status = nr_item_read(item, reply.record, reply.record_length, parts, err);
    if (!status)
        status = merge_error(run, place, &reply, err);
    /* A media file that could not be opened was none of the worker's business. */
    if (!status && item->media && item->media->status == NR_MEDIA_NONE && nr_extract_has_file(item->file))
        item->media->status = NR_MEDIA_FAILED;
    if (!status && decode->per_frame && reply.rows * reply.columns > 0)
        status = nr_extract_reply_rows(decode->per_frame, &reply, err);
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
    if (!status)
        status = count_tokens(run, item_at(run, result->ticket), &why);
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

static enum nr_status open_tokenizer(struct run *run, struct nr_error *err)
{
    const char *name = run->env->settings->text.model;
    struct nr_buf path = {0};
    if (!name)
        return NR_OK;
    enum nr_status status = nr_model_tokenizer_find(name, &path, err);
    if (!status)
        status = nr_model_tokenizer_open(path.data, &run->tokenizer, err);
    nr_buf_release(&path);
    return status;
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
        status = open_tokenizer(&run, err);
    if (!status)
        status = nr_spawner_run(env->spawner, env->settings->jobs, &limits, &source, err);
    for (size_t i = 0; run.refusals && i < count; i++)
        free(run.refusals[i]);
    free(run.refusals);
    nr_wordpiece_free(run.wordpiece);
    nr_model_tokenizer_close(run.tokenizer);
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
