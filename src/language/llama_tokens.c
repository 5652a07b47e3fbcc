/* llama_tokens.c - a model's tokenizer alone. */
#ifdef NR_HAVE_LLAMA
#include "nightreel/language_tokens.h"

#include <stdlib.h>
#include <string.h>

#include "language/llama_model.h"

#include "core/banned.h"

struct nr_model_tokenizer {
    struct nr_llama llama;
};

enum nr_status nr_model_tokenizer_open(const char *path, struct nr_model_tokenizer **out, struct nr_error *err)
{
    struct nr_model_tokenizer *t = calloc(1, sizeof *t);
    *out = NULL;
    if (!t)
        return nr_fail_nomem(err, "a tokenizer");
    enum nr_status status = nr_llama_load_vocabulary(path, &t->llama, err);
    if (status) {
        free(t);
        return status;
    }
    *out = t;
    return NR_OK;
}

void nr_model_tokenizer_close(struct nr_model_tokenizer *t)
{
    if (!t)
        return;
    nr_llama_release(&t->llama);
    free(t);
}

enum nr_status nr_model_tokenizer_encode(const struct nr_model_tokenizer *t, const char *text, size_t length,
                                         int32_t **ids, size_t *count, struct nr_error *err)
{
    struct nr_tokens tokens;
    enum nr_status status = nr_llama_tokenize(&t->llama, text, length, false, false, &tokens, err);
    *ids = tokens.items;
    *count = tokens.count;
    return status;
}

void nr_model_tokenizer_piece(const struct nr_model_tokenizer *t, int32_t id, struct nr_buf *out)
{
    char piece[512];
    int32_t length = llama_token_to_piece(t->llama.vocab, id, piece, sizeof piece, 0, false);
    nr_buf_append(out, piece, length > 0 ? (size_t)length : 0);
}

/* ---- counting ------------------------------------------------------------------------------ */

static int by_id(const void *a, const void *b)
{
    llama_token left = *(const llama_token *)a, right = *(const llama_token *)b;
    return left < right ? -1 : left > right;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct nr_term *)a)->name, ((const struct nr_term *)b)->name);
}

/* The token without blanks at its edges, in the arena; NULL where it does not count. */
static const char *name_of(const struct nr_model_tokenizer *t, llama_token id, struct nr_arena *mem)
{
    struct nr_buf piece = {0};
    const char *name = NULL;
    nr_model_tokenizer_piece(t, id, &piece);
    if (piece.data && !piece.failed) {
        char *first = piece.data + strspn(piece.data, " \t\r\n");
        size_t length = strlen(first);
        while (length && strchr(" \t\r\n", first[length - 1]))
            length--;
        bool letters = false;
        for (size_t i = 0; i < length; i++)
            letters |= (first[i] & 0x80) != 0 || ((first[i] | 0x20) >= 'a' && (first[i] | 0x20) <= 'z');
        if (letters && nr_utf8_valid(first, length))
            name = nr_arena_strndup(mem, first, length);
    }
    nr_buf_release(&piece);
    return name;
}

/* Sorted tokens to terms; the same names (with and without a blank) become one. */
static enum nr_status make_terms(const struct nr_model_tokenizer *t, const struct nr_tokens *tokens,
                                 struct nr_arena *mem, struct nr_terms *out, struct nr_error *err)
{
    *out = (struct nr_terms){.items = nr_arena_alloc(mem, tokens->count + 1, sizeof *out->items)};
    if (!out->items)
        return nr_fail_nomem(err, "tokens");
    for (size_t i = 0; i < tokens->count;) {
        size_t run = i;
        while (run < tokens->count && tokens->items[run] == tokens->items[i])
            run++;
        const char *name = name_of(t, tokens->items[i], mem);
        if (name)
            out->items[out->count++] = (struct nr_term){name, (double)(run - i)};
        i = run;
    }
    qsort(out->items, out->count, sizeof *out->items, by_name);
    size_t kept = 0;
    for (size_t i = 0; i < out->count; i++) {
        if (kept && strcmp(out->items[kept - 1].name, out->items[i].name) == 0)
            out->items[kept - 1].weight += out->items[i].weight;
        else
            out->items[kept++] = out->items[i];
    }
    out->count = kept;
    return mem->failed ? nr_fail_nomem(err, "tokens") : NR_OK;
}

enum nr_status nr_model_tokenizer_count(const struct nr_model_tokenizer *t, const char *const *texts, size_t count,
                                        struct nr_arena *mem, struct nr_terms *out, struct nr_error *err)
{
    struct nr_buf all = {0};
    struct nr_tokens tokens = {0};
    for (size_t i = 0; i < count; i++)
        nr_buf_printf(&all, "%s\n", texts[i] ? texts[i] : "");
    enum nr_status status = nr_buf_status(&all, err);
    if (!status)
        status = nr_llama_tokenize(&t->llama, all.data ? all.data : "", all.length, false, false, &tokens, err);
    if (!status && tokens.count)
        qsort(tokens.items, tokens.count, sizeof *tokens.items, by_id);
    if (!status)
        status = make_terms(t, &tokens, mem, out, err);
    nr_tokens_release(&tokens);
    nr_buf_release(&all);
    return status;
}
#endif
