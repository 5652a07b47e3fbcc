/* cmd_tokens.c - lines of text to tokens, to look at or to compare with another
 * tokenizer's. */
#include <stdlib.h>

#include "cli/cli.h"
#include "nightreel/feature_tokens.h"

#include "core/banned.h"

enum { FLUSH_BYTES = 1 << 16 };

static void put_line(const struct nr_wordpiece *wordpiece, const struct nr_token_ids *found, struct nr_buf *out)
{
    nr_json_open(out, '{');
    nr_json_put_key(out, "tokens");
    nr_json_open(out, '[');
    for (size_t i = 0; i < found->count; i++)
        nr_json_put_string(out, nr_wordpiece_piece(wordpiece, found->ids[i]));
    nr_json_close(out, ']');
    nr_json_put_key(out, "ids");
    nr_json_open(out, '[');
    for (size_t i = 0; i < found->count; i++)
        nr_json_put_int(out, found->ids[i]);
    nr_json_close(out, ']');
    nr_json_close(out, '}');
    nr_buf_putc(out, '\n');
}

static enum nr_status encode_lines(struct nr_input *in, struct nr_wordpiece *wordpiece, struct nr_error *err)
{
    struct nr_token_ids found = {0};
    struct nr_buf out = {0};
    const char *line;
    size_t length;
    enum nr_status status;
    while (!(status = nr_input_line(in, &line, &length, err))) {
        found.count = 0;
        status = nr_wordpiece_encode(wordpiece, line, length, &found, err);
        if (!status)
            put_line(wordpiece, &found, &out);
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

static enum nr_status run(struct nr_cli *cli, int argc, char **argv, size_t *failed_items, struct nr_error *err)
{
    const struct nr_text_params *params = &cli->settings.text;
    struct nr_wordpiece *wordpiece = NULL;
    struct nr_input *in = NULL;
    char *vocabulary = NULL;
    size_t length;
    (void)argc;
    (void)failed_items;
    if (!params->vocabulary)
        return nr_fail(err, NR_ERR_USAGE, "name a vocabulary: --tokenizer wordpiece:FILE");
    enum nr_status status = nr_file_read(params->vocabulary, NR_VOCABULARY_MAX, &vocabulary, &length, err);
    if (!status)
        status = nr_wordpiece_new(vocabulary, length, params->cased, &wordpiece, err);
    free(vocabulary);
    if (!status)
        status = nr_input_open(argv[0], &in, err);
    if (!status)
        status = encode_lines(in, wordpiece, err);
    nr_input_close(in);
    nr_wordpiece_free(wordpiece);
    return status;
}

const struct nr_command nr_command_tokens = {
    .name = "tokens",
    .summary = "lines of text to the WordPiece tokens and numbers of a BERT model",
    .usage = "--tokenizer wordpiece:VOCAB.txt [options] FILE|-",
    .details = "Writes a line of JSON for each line: {\"tokens\":[...],\"ids\":[...]}, without [CLS] and [SEP]. The\n"
               "rules are those of the reference tokenizer.",
    .example = "nightreel tokens --tokenizer wordpiece:bert-base-chinese/vocab.txt titles.txt",
    .groups = {&nr_options_words, &nr_options_general},
    .min_args = 1,
    .max_args = 1,
    .light = true,
    .run = run,
};
