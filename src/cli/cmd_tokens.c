/* cmd_tokens.c - lines of text to tokens, to look at or to compare with another
 * tokenizer's. */
#include <stdlib.h>

#include "cli/cli.h"
#include "nightreel/feature_tokens.h"
#include "nightreel/language_tokens.h"

#include "core/banned.h"

enum { FLUSH_BYTES = 1 << 16 };

/* One of the two. */
struct tokenizer {
    struct nr_wordpiece *wordpiece;
    struct nr_model_tokenizer *model;
};

static void put_piece(const struct tokenizer *t, int32_t id, struct nr_buf *out)
{
    struct nr_buf piece = {0};
    if (t->model)
        nr_model_tokenizer_piece(t->model, id, &piece);
    nr_json_put_string(out, t->wordpiece ? nr_wordpiece_piece(t->wordpiece, id) : piece.data ? piece.data : "");
    nr_buf_release(&piece);
}

static void put_line(const struct tokenizer *t, const int32_t *ids, size_t count, struct nr_buf *out)
{
    nr_json_open(out, '{');
    nr_json_put_key(out, "tokens");
    nr_json_open(out, '[');
    for (size_t i = 0; i < count; i++)
        put_piece(t, ids[i], out);
    nr_json_close(out, ']');
    nr_json_put_key(out, "ids");
    nr_json_open(out, '[');
    for (size_t i = 0; i < count; i++)
        nr_json_put_int(out, ids[i]);
    nr_json_close(out, ']');
    nr_json_close(out, '}');
    nr_buf_putc(out, '\n');
}

static enum nr_status encode_line(const struct tokenizer *t, const char *line, size_t length,
                                  struct nr_token_ids *found, struct nr_buf *out, struct nr_error *err)
{
    int32_t *ids = NULL;
    size_t count = 0;
    found->count = 0;
    enum nr_status status = t->wordpiece ? nr_wordpiece_encode(t->wordpiece, line, length, found, err)
                                         : nr_model_tokenizer_encode(t->model, line, length, &ids, &count, err);
    if (!status)
        put_line(t, t->wordpiece ? found->ids : ids, t->wordpiece ? found->count : count, out);
    free(ids);
    return status;
}

static enum nr_status encode_lines(struct nr_input *in, const struct tokenizer *t, struct nr_error *err)
{
    struct nr_token_ids found = {0};
    struct nr_buf out = {0};
    const char *line;
    size_t length;
    enum nr_status status;
    while (!(status = nr_input_line(in, &line, &length, err))) {
        status = encode_line(t, line, length, &found, &out, err);
        if (!status && out.length >= FLUSH_BYTES)
            status = nr_cli_write(&out, err);
        if (status)
            break;
    }
    if (status == NR_END)
        status = nr_cli_write(&out, err);
    nr_buf_release(&out);
    free(found.ids);
    return status;
}

static enum nr_status open_wordpiece(const struct nr_text_params *params, struct tokenizer *t, struct nr_error *err)
{
    char *vocabulary = NULL;
    size_t length;
    enum nr_status status = nr_file_read(params->vocabulary, NR_VOCABULARY_MAX, &vocabulary, &length, err);
    if (!status)
        status = nr_wordpiece_new(vocabulary, length, params->cased, &t->wordpiece, err);
    free(vocabulary);
    return status;
}

static enum nr_status open_model(const struct nr_text_params *params, struct tokenizer *t, struct nr_error *err)
{
    struct nr_buf path = {0};
    enum nr_status status = nr_model_tokenizer_find(params->model, &path, err);
    if (!status)
        status = nr_model_tokenizer_open(path.data, &t->model, err);
    nr_buf_release(&path);
    return status;
}

static enum nr_status run(struct nr_cli *cli, int argc, char **argv, size_t *failed_items, struct nr_error *err)
{
    const struct nr_text_params *params = &cli->settings.text;
    struct tokenizer tokenizer = {NULL, NULL};
    struct nr_input *in = NULL;
    (void)argc;
    (void)failed_items;
    if (!params->vocabulary && !params->model)
        return nr_fail(err, NR_ERR_USAGE, "name a vocabulary or a model: --tokenizer wordpiece:FILE, or model");
    enum nr_status status = (params->model ? open_model : open_wordpiece)(params, &tokenizer, err);
    if (!status)
        status = nr_input_open(argv[0], &in, err);
    if (!status)
        status = encode_lines(in, &tokenizer, err);
    nr_input_close(in);
    nr_wordpiece_free(tokenizer.wordpiece);
    nr_model_tokenizer_close(tokenizer.model);
    return status;
}

const struct nr_command nr_command_tokens = {
    .name = "tokens",
    .summary = "lines of text to the tokens and numbers of a BERT model or a language model",
    .usage = "--tokenizer wordpiece:VOCAB.txt|model[:FILE.gguf] [options] FILE|-",
    .details =
        "Writes a line of JSON for each line: {\"tokens\":[...],\"ids\":[...]}, without [CLS] and [SEP], begin and\n"
        "end. The rules of WordPiece are those of the reference tokenizer.",
    .example = "nightreel tokens --tokenizer wordpiece:bert-base-chinese/vocab.txt titles.txt",
    .groups = {&nr_options_words, &nr_options_general},
    .min_args = 1,
    .max_args = 1,
    .light = true,
    .run = run,
};
