/* gguf_file.h - GGUF files made by tests: version 3 of the format, float tensors.
 *
 * Begin with a zeroed struct, put the keys and the tensors, write it. Failures end
 * the running test.
 */
#ifndef NR_TESTS_GGUF_FILE_H
#define NR_TESTS_GGUF_FILE_H

#include "support/support.h"

struct nr_gguf {
    struct nr_buf keys, tensors, data;
    uint64_t key_count, tensor_count;
};
void nr_gguf_put_u32(struct nr_gguf *gguf, const char *key, uint32_t value);
void nr_gguf_put_f32(struct nr_gguf *gguf, const char *key, float value);
void nr_gguf_put_bool(struct nr_gguf *gguf, const char *key, bool value);
void nr_gguf_put_text(struct nr_gguf *gguf, const char *key, const char *value);
void nr_gguf_put_texts(struct nr_gguf *gguf, const char *key, const char *const *values, size_t count);
void nr_gguf_put_i32s(struct nr_gguf *gguf, const char *key, const int32_t *values, size_t count);
void nr_gguf_put_f32s(struct nr_gguf *gguf, const char *key, const float *values, size_t count);
/* `rows` rows of `columns` values each; 0 rows: a vector. */
void nr_gguf_put_tensor(struct nr_gguf *gguf, const char *name, const float *values, size_t columns, size_t rows);
/* The path of the file in the scratch folder, as nr_scratch_write(); releases the contents. */
const char *nr_gguf_write(struct nr_gguf *gguf, const char *name);

#endif
