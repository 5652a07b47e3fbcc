/* gguf_file.c - the GGUF format: magic, counts, keys with typed values, descriptions
 * of the tensors, then their bytes, each begun at a multiple of 32. Everything is
 * little-endian. */
#include "support/gguf_file.h"

enum { VERSION = 3, ALIGNMENT = 32, TENSOR_F32 = 0 };
enum { VALUE_U32 = 4, VALUE_I32 = 5, VALUE_F32 = 6, VALUE_BOOL = 7, VALUE_TEXT = 8, VALUE_ARRAY = 9 };

static void put_number(struct nr_buf *out, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        nr_buf_putc(out, (char)(value >> 8 * i & 0xFF));
}

static void put_float(struct nr_buf *out, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    put_number(out, bits, 4);
}

static void put_text(struct nr_buf *out, const char *text)
{
    put_number(out, strlen(text), 8);
    nr_buf_puts(out, text);
}

static void pad(struct nr_buf *out)
{
    while (out->length % ALIGNMENT)
        nr_buf_putc(out, '\0');
}

static void put_key(struct nr_gguf *gguf, const char *key, uint32_t type)
{
    put_text(&gguf->keys, key);
    put_number(&gguf->keys, type, 4);
    gguf->key_count++;
}

static void put_array(struct nr_gguf *gguf, const char *key, uint32_t type, size_t count)
{
    put_key(gguf, key, VALUE_ARRAY);
    put_number(&gguf->keys, type, 4);
    put_number(&gguf->keys, count, 8);
}

void nr_gguf_put_u32(struct nr_gguf *gguf, const char *key, uint32_t value)
{
    put_key(gguf, key, VALUE_U32);
    put_number(&gguf->keys, value, 4);
}

void nr_gguf_put_f32(struct nr_gguf *gguf, const char *key, float value)
{
    put_key(gguf, key, VALUE_F32);
    put_float(&gguf->keys, value);
}

void nr_gguf_put_bool(struct nr_gguf *gguf, const char *key, bool value)
{
    put_key(gguf, key, VALUE_BOOL);
    put_number(&gguf->keys, value, 1);
}

void nr_gguf_put_text(struct nr_gguf *gguf, const char *key, const char *value)
{
    put_key(gguf, key, VALUE_TEXT);
    put_text(&gguf->keys, value);
}

void nr_gguf_put_texts(struct nr_gguf *gguf, const char *key, const char *const *values, size_t count)
{
    put_array(gguf, key, VALUE_TEXT, count);
    for (size_t i = 0; i < count; i++)
        put_text(&gguf->keys, values[i]);
}

void nr_gguf_put_i32s(struct nr_gguf *gguf, const char *key, const int32_t *values, size_t count)
{
    put_array(gguf, key, VALUE_I32, count);
    for (size_t i = 0; i < count; i++)
        put_number(&gguf->keys, (uint32_t)values[i], 4);
}

void nr_gguf_put_f32s(struct nr_gguf *gguf, const char *key, const float *values, size_t count)
{
    put_array(gguf, key, VALUE_F32, count);
    for (size_t i = 0; i < count; i++)
        put_float(&gguf->keys, values[i]);
}

void nr_gguf_put_tensor(struct nr_gguf *gguf, const char *name, const float *values, size_t columns, size_t rows)
{
    put_text(&gguf->tensors, name);
    put_number(&gguf->tensors, rows ? 2 : 1, 4);
    put_number(&gguf->tensors, columns, 8);
    if (rows)
        put_number(&gguf->tensors, rows, 8);
    put_number(&gguf->tensors, TENSOR_F32, 4);
    put_number(&gguf->tensors, gguf->data.length, 8);
    for (size_t i = 0; i < columns * (rows ? rows : 1); i++)
        put_float(&gguf->data, values[i]);
    pad(&gguf->data);
    gguf->tensor_count++;
}

const char *nr_gguf_write(struct nr_gguf *gguf, const char *name)
{
    struct nr_buf file = {0};
    nr_buf_puts(&file, "GGUF");
    put_number(&file, VERSION, 4);
    put_number(&file, gguf->tensor_count, 8);
    put_number(&file, gguf->key_count, 8);
    nr_buf_append(&file, gguf->keys.data, gguf->keys.length);
    nr_buf_append(&file, gguf->tensors.data, gguf->tensors.length);
    pad(&file);
    nr_buf_append(&file, gguf->data.data, gguf->data.length);
    assert_false(file.failed || gguf->keys.failed || gguf->tensors.failed || gguf->data.failed);
    const char *path = nr_scratch_write(name, file.data, file.length);
    nr_buf_release(&file);
    nr_buf_release(&gguf->keys);
    nr_buf_release(&gguf->tensors);
    nr_buf_release(&gguf->data);
    return path;
}
