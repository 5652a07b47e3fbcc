/* tiny_model.c - vocabularies, keys and tensors as llama.cpp wants them of the two
 * architectures. */
#include "support/tiny_model.h"

#include "support/gguf_file.h"

enum { TOKENS_MAX = 512, PIECE_MAX = 24, HEADS = 2, RANK = 2, BUCKETS = 8 };
enum { UNKNOWN = 2, CONTROL = 3, NORMAL = 1, DEFINED = 4, BYTE = 6 }; /* kinds of tokens */
#define BLANK "\xE2\x96\x81"                                          /* as SentencePiece writes a space */

/* ---- vocabularies ----------------------------------------------------------------------- */

struct vocabulary {
    char texts[TOKENS_MAX][PIECE_MAX];
    const char *items[TOKENS_MAX];
    float scores[TOKENS_MAX];
    int32_t kinds[TOKENS_MAX];
    size_t count;
};

static void add_token(struct vocabulary *v, int32_t kind, float score, const char *text)
{
    assert_true(v->count < TOKENS_MAX);
    snprintf(v->texts[v->count], PIECE_MAX, "%s", text);
    v->items[v->count] = v->texts[v->count];
    v->scores[v->count] = score;
    v->kinds[v->count++] = kind;
}

static void add_characters(struct vocabulary *v)
{
    add_token(v, NORMAL, -5, BLANK);
    for (char c = '!'; c <= '~'; c++)
        add_token(v, NORMAL, -5, (char[]){c, '\0'});
}

static void make_pieces(struct vocabulary *v)
{
    static const char *const words[] = {"positive", "neutral", "negative"};
    add_token(v, UNKNOWN, 0, "<unk>");
    add_token(v, CONTROL, 0, "<s>");
    add_token(v, CONTROL, 0, "</s>");
    for (unsigned byte = 0; byte < 256; byte++) {
        char text[PIECE_MAX];
        snprintf(text, sizeof text, "<0x%02X>", byte);
        add_token(v, BYTE, 0, text);
    }
    add_characters(v);
    for (size_t i = 0; i < NR_COUNT(words); i++)
        add_token(v, DEFINED, 0, words[i]);
}

static void make_unigrams(struct vocabulary *v, bool latin)
{
    static const char *const words[] = {BLANK "positive", BLANK "neutral", BLANK "negative", BLANK "general",
                                        BLANK "children", BLANK "adults",  BLANK "learners", BLANK "experts"};
    static const char *const han[] = {"。", "，", "流", "浪", "地", "球", "太", "阳", "人", "类",
                                      "推", "动", "离", "开", "科", "幻", "的", "是", "一", "在"};
    add_token(v, CONTROL, 0, "<pad>");
    add_token(v, CONTROL, 0, "</s>");
    add_token(v, UNKNOWN, 0, "<unk>");
    add_characters(v);
    for (size_t i = 0; !latin && i < NR_COUNT(han); i++)
        add_token(v, NORMAL, -5, han[i]);
    for (size_t i = 0; i < NR_COUNT(words); i++)
        add_token(v, NORMAL, -2, words[i]);
}

static void put_vocabulary(struct nr_gguf *gguf, const char *kind, const struct vocabulary *v)
{
    nr_gguf_put_text(gguf, "tokenizer.ggml.model", kind);
    nr_gguf_put_texts(gguf, "tokenizer.ggml.tokens", v->items, v->count);
    nr_gguf_put_f32s(gguf, "tokenizer.ggml.scores", v->scores, v->count);
    nr_gguf_put_i32s(gguf, "tokenizer.ggml.token_type", v->kinds, v->count);
}

/* ---- weights ----------------------------------------------------------------------------- */

/* One tensor: `gain` / sqrt(columns) bounds its values; 0: all are 1. Sizes stand for
 * the model's: 'w' its width, 'f' its inner width, 'v' its vocabulary, 'h' its heads,
 * 'b' the buckets of distances; ' ' a vector. */
struct tensor {
    const char *name;
    char columns, rows;
    float gain;
};
/* Gains above 1 where the text must depend on what was read. */
static const struct tensor llama_tensors[] = {
    {"token_embd.weight", 'w', 'v', 4},     {"output_norm.weight", 'w', ' ', 0},
    {"output.weight", 'w', 'v', 4},         {"blk.0.attn_norm.weight", 'w', ' ', 0},
    {"blk.0.attn_q.weight", 'w', 'w', 4},   {"blk.0.attn_k.weight", 'w', 'w', 4},
    {"blk.0.attn_v.weight", 'w', 'w', 4},   {"blk.0.attn_output.weight", 'w', 'w', 2},
    {"blk.0.ffn_norm.weight", 'w', ' ', 0}, {"blk.0.ffn_gate.weight", 'w', 'f', 2},
    {"blk.0.ffn_up.weight", 'w', 'f', 2},   {"blk.0.ffn_down.weight", 'f', 'w', 2},
};
static const struct tensor t5_tensors[] = {
    {"token_embd.weight", 'w', 'v', 4},
    {"output.weight", 'w', 'v', 4},
    {"enc.output_norm.weight", 'w', ' ', 0},
    {"enc.blk.0.attn_norm.weight", 'w', ' ', 0},
    {"enc.blk.0.attn_rel_b.weight", 'h', 'b', 1},
    {"enc.blk.0.attn_q.weight", 'w', 'w', 1},
    {"enc.blk.0.attn_k.weight", 'w', 'w', 1},
    {"enc.blk.0.attn_v.weight", 'w', 'w', 2},
    {"enc.blk.0.attn_o.weight", 'w', 'w', 2},
    {"enc.blk.0.ffn_norm.weight", 'w', ' ', 0},
    {"enc.blk.0.ffn_up.weight", 'w', 'f', 2},
    {"enc.blk.0.ffn_down.weight", 'f', 'w', 2},
    {"dec.output_norm.weight", 'w', ' ', 0},
    {"dec.blk.0.attn_norm.weight", 'w', ' ', 0},
    {"dec.blk.0.attn_rel_b.weight", 'h', 'b', 1},
    {"dec.blk.0.attn_q.weight", 'w', 'w', 1},
    {"dec.blk.0.attn_k.weight", 'w', 'w', 1},
    {"dec.blk.0.attn_v.weight", 'w', 'w', 2},
    {"dec.blk.0.attn_o.weight", 'w', 'w', 2},
    {"dec.blk.0.cross_attn_norm.weight", 'w', ' ', 0},
    {"dec.blk.0.cross_attn_q.weight", 'w', 'w', 2},
    {"dec.blk.0.cross_attn_k.weight", 'w', 'w', 2},
    {"dec.blk.0.cross_attn_v.weight", 'w', 'w', 8},
    {"dec.blk.0.cross_attn_o.weight", 'w', 'w', 8},
    {"dec.blk.0.ffn_norm.weight", 'w', ' ', 0},
    {"dec.blk.0.ffn_up.weight", 'w', 'f', 2},
    {"dec.blk.0.ffn_down.weight", 'f', 'w', 2},
};

static bool is_t5(const struct nr_tiny_model *model)
{
    return strcmp(model->architecture, "t5") == 0;
}

static size_t size_of(const struct nr_tiny_model *model, char what, size_t vocabulary)
{
    switch (what) {
    case 'w':
        return model->width;
    case 'f':
        return 2 * model->width;
    case 'v':
        return vocabulary;
    case 'h':
        return HEADS;
    case 'b':
        return BUCKETS;
    default:
        return 0;
    }
}

static void put_random(struct nr_gguf *gguf, const char *name, float gain, size_t columns, size_t rows,
                       struct nr_random *random)
{
    size_t count = columns * (rows ? rows : 1);
    float *values = calloc(count, sizeof *values), most = gain / sqrtf((float)columns);
    assert_non_null(values);
    for (size_t i = 0; i < count; i++)
        values[i] = gain > 0 ? most * (float)(2 * nr_random_unit(random) - 1) : 1;
    nr_gguf_put_tensor(gguf, name, values, columns, rows);
    free(values);
}

static void put_size(struct nr_gguf *gguf, const char *architecture, const char *key, size_t value)
{
    char name[64];
    snprintf(name, sizeof name, "%s.%s", architecture, key);
    nr_gguf_put_u32(gguf, name, (uint32_t)value);
}

static void put_sizes(struct nr_gguf *gguf, const struct nr_tiny_model *model)
{
    char name[64];
    const char *architecture = model->architecture;
    nr_gguf_put_text(gguf, "general.architecture", architecture);
    nr_gguf_put_text(gguf, "general.type", "model");
    put_size(gguf, architecture, "context_length", is_t5(model) ? 512 : 16384); /* as T5 says, which has no limit */
    put_size(gguf, architecture, "embedding_length", model->width);
    put_size(gguf, architecture, "block_count", 1);
    put_size(gguf, architecture, "feed_forward_length", 2 * model->width);
    put_size(gguf, architecture, "attention.head_count", HEADS);
    snprintf(name, sizeof name, "%s.attention.layer_norm_rms_epsilon", architecture);
    nr_gguf_put_f32(gguf, name, 1e-6f);
    if (is_t5(model))
        put_size(gguf, architecture, "attention.relative_buckets_count", BUCKETS);
    if (is_t5(model) && !model->startless)
        put_size(gguf, architecture, "decoder_start_token_id", 0);
}

const char *nr_tiny_model_write(const struct nr_tiny_model *model, const char *name)
{
    struct vocabulary vocabulary = {.count = 0};
    struct nr_gguf gguf = {.key_count = 0};
    struct nr_random random = {model->seed};
    bool t5 = is_t5(model);
    const struct tensor *tensors = t5 ? t5_tensors : llama_tensors;
    size_t count = t5 ? NR_COUNT(t5_tensors) : NR_COUNT(llama_tensors);
    if (t5)
        make_unigrams(&vocabulary, model->latin);
    else
        make_pieces(&vocabulary);
    put_sizes(&gguf, model);
    put_vocabulary(&gguf, t5 ? "t5" : "llama", &vocabulary);
    nr_gguf_put_bool(&gguf, "tokenizer.ggml.add_space_prefix", t5);
    for (size_t i = 0; i < count; i++)
        put_random(&gguf, tensors[i].name, tensors[i].gain, size_of(model, tensors[i].columns, vocabulary.count),
                   size_of(model, tensors[i].rows, vocabulary.count), &random);
    return nr_gguf_write(&gguf, name);
}

const char *nr_tiny_adapter_write(const struct nr_tiny_model *model, uint64_t seed, const char *name)
{
    static const char *const llama_names[] = {"blk.0.attn_v.weight", "blk.0.attn_output.weight"};
    static const char *const t5_names[] = {"enc.blk.0.attn_v.weight", "dec.blk.0.cross_attn_v.weight"};
    const char *const *names = is_t5(model) ? t5_names : llama_names;
    struct nr_gguf gguf = {.key_count = 0};
    struct nr_random random = {seed};
    nr_gguf_put_text(&gguf, "general.architecture", model->architecture);
    nr_gguf_put_text(&gguf, "general.type", "adapter");
    nr_gguf_put_text(&gguf, "adapter.type", "lora");
    nr_gguf_put_f32(&gguf, "adapter.lora.alpha", 2 * RANK);
    for (size_t i = 0; i < 2; i++) {
        char part[PIECE_MAX * 2];
        snprintf(part, sizeof part, "%s.lora_a", names[i]);
        put_random(&gguf, part, 4, model->width, RANK, &random);
        snprintf(part, sizeof part, "%s.lora_b", names[i]);
        put_random(&gguf, part, 4, RANK, model->width, &random);
    }
    return nr_gguf_write(&gguf, name);
}
