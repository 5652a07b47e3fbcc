/* models.c - the models that scripts/setup gets, and where it puts them. */
#include "language/models.h"
#include "nightreel/language_tokens.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/banned.h"

const struct nr_known_model nr_known_models[] = {
    {NR_MODEL_DESCRIBE, "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf", "Qwen2.5-Coder 1.5B Instruct, Q4_K_M",
     "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046", "Apache-2.0", "--model default"},
    {NR_MODEL_DESCRIBE, "gemma-3-270m-q4_k_m.gguf", "Gemma 3 270M, Q4_K_M",
     "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818", "Gemma Terms of Use", "--model small"},
    {NR_MODEL_EMBED, "multilingual-e5-small-q4_0.gguf", "multilingual-e5-small, Q4_0",
     "d1519bff7743741f28d8ce09a6a807b358dd4cf31a59a29d32536c4c0ce3978a", "MIT", "--model default"},
};
const size_t nr_known_model_count = NR_COUNT(nr_known_models);

bool nr_known_model_path(const struct nr_known_model *model, struct nr_buf *path)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    size_t begin = path->length;
    if (cache && *cache)
        nr_buf_printf(path, "%s/nightreel/models/%s", cache, model->file);
    else
        nr_buf_printf(path, "%s/.cache/nightreel/models/%s", home ? home : "", model->file);
    return !path->failed && access(path->data + begin, R_OK) == 0;
}

static bool is_gguf(const char *path)
{
    char magic[4] = "";
    FILE *file = fopen(path, "rb");
    size_t got = file ? fread(magic, 1, sizeof magic, file) : 0;
    if (file)
        fclose(file);
    return got == sizeof magic && memcmp(magic, "GGUF", sizeof magic) == 0;
}

/* A model file that was named must be there, and something must be able to read it. */
enum nr_status nr_model_file_check(const char *path, const char *option, struct nr_error *err)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return nr_fail(err, NR_ERR_UNAVAILABLE, "cannot open model '%s' (%s): %s", path, option, strerror(errno));
    if (!S_ISREG(info.st_mode) || access(path, R_OK) != 0)
        return nr_fail(err, NR_ERR_UNAVAILABLE, "cannot open model '%s' (%s): %s", path, option,
                       S_ISREG(info.st_mode) ? strerror(errno) : "not a file");
    if (!nr_language_engine_version())
        return nr_fail(err, NR_ERR_UNAVAILABLE,
                       "cannot use model '%s' (%s): this build has no language engine; run scripts/setup and build "
                       "again",
                       path, option);
    double limit = nr_memory_limit();
    if ((double)info.st_size > limit) /* it is mapped, and would be read from the disk again for every token */
        return nr_fail(err, NR_ERR_UNAVAILABLE,
                       "cannot use model '%s' (%s): its %.1f GB do not fit into %.1f GB of memory", path, option,
                       (double)info.st_size / 1e9, limit / 1e9);
    return is_gguf(path)
               ? NR_OK
               : nr_fail(err, NR_ERR_UNAVAILABLE, "cannot use model '%s' (%s): it is no GGUF file", path, option);
}

/* The best known model of that use in the cache; false where there is none. */
bool nr_known_model_find(enum nr_model_use use, struct nr_buf *path)
{
    for (size_t i = 0; i < nr_known_model_count && nr_language_engine_version(); i++) {
        size_t begin = path->length;
        if (nr_known_models[i].use != use)
            continue;
        if (nr_known_model_path(&nr_known_models[i], path))
            return true;
        path->length = begin;
    }
    return false;
}

enum nr_status nr_model_tokenizer_find(const char *name, struct nr_buf *path, struct nr_error *err)
{
    if (name && *name) {
        nr_buf_puts(path, name);
        return nr_model_file_check(name, "--tokenizer", err);
    }
    return nr_known_model_find(NR_MODEL_DESCRIBE, path)
               ? NR_OK
               : nr_fail(err, NR_ERR_UNAVAILABLE,
                         "--tokenizer model: no language model was found; scripts/setup --model default gets one, or "
                         "name one: --tokenizer model:FILE.gguf");
}

bool nr_is_url(const char *text)
{
    return strncasecmp(text, "http://", 7) == 0 || strncasecmp(text, "https://", 8) == 0;
}
