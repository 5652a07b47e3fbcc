/* subtitle_folders.c - listings of folders, reduced to what may be subtitles. */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <uthash.h>

#include "media/open_beneath.h"
#include "media/subtitle_text.h"
#include "nightreel/media.h"

#include "core/banned.h"

struct folder {
    UT_hash_handle hh;
    bool listed; /* false: it cannot be, so that each name has to be tried */
    char **names;
    size_t count, capacity;
    char path[]; /* the key */
};

struct nr_subtitle_folders {
    struct folder *table;
};

struct nr_subtitle_folders *nr_subtitle_folders_new(void)
{
    return calloc(1, sizeof(struct nr_subtitle_folders));
}

void nr_subtitle_folders_free(struct nr_subtitle_folders *folders)
{
    struct folder *folder, *next;
    if (!folders)
        return;
    HASH_ITER(hh, folders->table, folder, next)
    {
        HASH_DEL(folders->table, folder);
        for (size_t i = 0; i < folder->count; i++)
            free(folder->names[i]);
        free(folder->names);
        free(folder);
    }
    free(folders);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool keep_name(struct folder *folder, const char *name)
{
    struct nr_error ignored;
    const char *dot = strrchr(name, '.');
    if (!dot || !nr_subtitle_extension(dot + 1))
        return true;
    if (nr_array_reserve((void **)&folder->names, &folder->capacity, folder->count + 1, sizeof *folder->names,
                         SIZE_MAX / 64, &ignored))
        return false;
    folder->names[folder->count] = strdup(name);
    return folder->names[folder->count++] != NULL;
}

static bool list(struct folder *folder, int root_fd)
{
    const char *path = *folder->path ? folder->path : ".";
    int fd = root_fd >= 0 ? nr_open_beneath(root_fd, path) : open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *stream = fd >= 0 ? fdopendir(fd) : NULL;
    bool kept = stream != NULL;
    if (!stream && fd >= 0)
        close(fd);
    for (const struct dirent *entry; kept && (entry = readdir(stream));)
        kept = keep_name(folder, entry->d_name);
    if (stream)
        closedir(stream);
    if (folder->count > 1 && kept)
        qsort(folder->names, folder->count, sizeof *folder->names, compare_names);
    return kept;
}

static struct folder *find(struct nr_subtitle_folders *folders, int root_fd, const char *path, size_t length)
{
    struct folder *folder = NULL;
    HASH_FIND(hh, folders->table, path, length, folder);
    if (folder)
        return folder;
    folder = calloc(1, sizeof *folder + length + 1);
    if (!folder)
        return NULL;
    memcpy(folder->path, path, length);
    folder->listed = list(folder, root_fd);
    HASH_ADD_KEYPTR(hh, folders->table, folder->path, length, folder);
    return folder;
}

/* A name's place among those that begin with a stem and a dot: in front of them, behind
 * them, or one of them. */
struct stem {
    const char *bytes;
    size_t length;
};

static int compare_stem(const void *key, const void *element)
{
    const struct stem *stem = key;
    const char *name = *(char *const *)element;
    int order = strncmp(stem->bytes, name, stem->length);
    return order ? order : '.' - (unsigned char)name[stem->length];
}

bool nr_subtitle_folders_may_have(struct nr_subtitle_folders *folders, int root_fd, const char *video)
{
    const char *slash = strrchr(video, '/'), *name = slash ? slash + 1 : video;
    const struct folder *folder = find(folders, root_fd, video, slash ? (size_t)(slash - video + (slash == video)) : 0);
    const struct stem stem = {name, nr_subtitle_stem(video) - (size_t)(name - video)};
    if (!folder || !folder->listed)
        return true;
    return folder->count > 0 &&
           bsearch(&stem, folder->names, folder->count, sizeof *folder->names, compare_stem) != NULL;
}
