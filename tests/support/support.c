/* support.c - scratch files, random values, real data. */
#include "support/support.h"

#include <dirent.h>
#include <ftw.h>
#include <math.h>
#include <unistd.h>

static char folder[64];

int nr_scratch_make(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/nightreel-test-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info;
    (void)kind;
    (void)where;
    return remove(path);
}

int nr_scratch_remove(void **state)
{
    (void)state;
    return nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

const char *nr_scratch_folder(void)
{
    return folder;
}

const char *nr_scratch_path(const char *name)
{
    static char paths[8][512];
    static size_t next;
    char *path = paths[next++ % NR_COUNT(paths)];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

const char *nr_scratch_write(const char *name, const void *bytes, size_t length)
{
    const char *path = nr_scratch_path(name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    return path;
}

const char *nr_scratch_puts(const char *name, const char *text)
{
    return nr_scratch_write(name, text, strlen(text));
}

char *nr_scratch_read(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long size = ftell(file);
    assert_true(size >= 0);
    rewind(file);
    char *bytes = malloc((size_t)size + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, (size_t)size, file), size);
    bytes[size] = '\0';
    fclose(file);
    if (length)
        *length = (size_t)size;
    return bytes;
}

size_t nr_scratch_count(void)
{
    size_t count = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (const struct dirent *entry = readdir(dir); entry; entry = readdir(dir))
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(dir);
    return count;
}

uint64_t nr_random_next(struct nr_random *random)
{
    random->state += UINT64_C(0x9E3779B97F4A7C15);
    return nr_splitmix64(random->state);
}

size_t nr_random_below(struct nr_random *random, size_t bound)
{
    return (size_t)(nr_random_next(random) % bound);
}

double nr_random_unit(struct nr_random *random)
{
    return (double)(nr_random_next(random) >> 11) * 0x1p-53;
}

double nr_random_double(struct nr_random *random)
{
    double value;
    do {
        uint64_t bits = nr_random_next(random);
        memcpy(&value, &bits, sizeof value);
    } while (!isfinite(value));
    return value;
}

float nr_random_float(struct nr_random *random)
{
    float value;
    do {
        uint32_t bits = (uint32_t)nr_random_next(random);
        memcpy(&value, &bits, sizeof value);
    } while (!isfinite(value));
    return value;
}

const char *nr_shared_path(const char *name)
{
    static char path[4096];
    const char *shared = getenv("NIGHTREEL_SHARED");
    if (shared && *shared) {
        snprintf(path, sizeof path, "%s/%s", shared, name);
        if (access(path, R_OK) == 0)
            return path;
    }
    printf("skipped: no '%s' under NIGHTREEL_SHARED\n", name);
    return NULL;
}
