/* extract_inputs.c - opens what an item names, and nothing else. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "stage/extract.h"

#include "core/banned.h"

bool nr_extract_has_file(const char *file)
{
    return file && *file;
}

static enum nr_status open_one(const struct nr_settings *settings, int root_fd, const char *path, int *fd,
                               struct nr_error *err)
{
    *fd = -1;
    if (settings->decode.trusted_paths)
        return nr_file_open_trusted(path, fd, err);
    if (root_fd < 0)
        return nr_fail(err, NR_ERR_NOINPUT, "cannot open '%s': no --videos folder was given", path);
    return nr_file_open_beneath(root_fd, path, fd, err);
}

static void note(struct nr_extract_inputs *inputs, const struct nr_error *why)
{
    char *to = inputs->reasons.text;
    size_t used = strlen(to);
    snprintf(to + used, sizeof inputs->reasons.text - used, "%s%s", used ? "; " : "", why->text);
}

/* The first name in the order of nr_subtitles_beside() that can be opened. */
static enum nr_status open_beside(struct nr_extract_inputs *inputs, const struct nr_stage_env *env, int root_fd,
                                  const struct nr_item *item, struct nr_error *err)
{
    struct nr_error ignored;
    int fd = -1;
    if (env->folders &&
        !nr_subtitle_folders_may_have(env->folders, env->settings->decode.trusted_paths ? -1 : root_fd, item->file))
        return NR_OK;
    for (size_t i = 0; nr_subtitles_beside(item->file, item->language, i, &inputs->subtitle_file); i++) {
        enum nr_status status = nr_buf_status(&inputs->subtitle_file, err);
        if (status)
            return status;
        const char *name = inputs->subtitle_file.data;
        if (strcmp(name, item->file) == 0 || open_one(env->settings, root_fd, name, &fd, &ignored))
            continue;
        inputs->subtitles = true;
        inputs->fds[inputs->fd_count++] = fd;
        return NR_OK;
    }
    nr_buf_clear(&inputs->subtitle_file);
    return NR_OK;
}

static enum nr_status open_named(struct nr_extract_inputs *inputs, const struct nr_settings *settings, int root_fd,
                                 const char *file, struct nr_error *err)
{
    struct nr_error why;
    int fd = -1;
    nr_buf_puts(&inputs->subtitle_file, file);
    if (open_one(settings, root_fd, file, &fd, &why)) {
        note(inputs, &why);
    } else {
        inputs->subtitles = true;
        inputs->fds[inputs->fd_count++] = fd;
    }
    return nr_buf_status(&inputs->subtitle_file, err);
}

enum nr_status nr_extract_inputs_open(struct nr_extract_inputs *inputs, const struct nr_stage_env *env, int root_fd,
                                      const struct nr_item *item, struct nr_error *err)
{
    const struct nr_settings *settings = env->settings;
    struct nr_error why;
    int fd = -1;
    *inputs = (struct nr_extract_inputs){.media = false};
    if (nr_extract_has_file(item->file)) {
        if (open_one(settings, root_fd, item->file, &fd, &why)) {
            note(inputs, &why);
        } else {
            inputs->media = true;
            inputs->fds[inputs->fd_count++] = fd;
        }
    }
    if (!(settings->decode.want & NR_WANT_WORDS))
        return NR_OK;
    if (nr_extract_has_file(item->subtitles))
        return open_named(inputs, settings, root_fd, item->subtitles, err);
    return nr_extract_has_file(item->file) ? open_beside(inputs, env, root_fd, item, err) : NR_OK;
}

void nr_extract_inputs_release(struct nr_extract_inputs *inputs)
{
    for (size_t i = 0; i < inputs->fd_count; i++)
        close(inputs->fds[i]);
    nr_buf_release(&inputs->subtitle_file);
    *inputs = (struct nr_extract_inputs){.media = false};
}
