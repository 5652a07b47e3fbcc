/* models.c - the models that scripts/setup gets, and where it puts them. */
#include <stdlib.h>
#include <unistd.h>

#include "nightreel/language.h"

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
