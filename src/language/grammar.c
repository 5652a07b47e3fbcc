/* grammar.c - the form of a reply, as GBNF (llama.cpp) and as a JSON schema. */
#include <string.h>
#include <strings.h>

#include "nightreel/io.h"
#include "nightreel/language_evidence.h"
#include "nightreel/language_reply.h"

#include "core/banned.h"

const char *const nr_sentiment_names[NR_SENTIMENT_COUNT] = {"positive", "neutral", "negative"};
const char *const nr_audience_names[NR_AUDIENCE_COUNT] = {"general", "children", "adults", "learners", "experts"};

static int find_name(const char *const *names, int count, const char *name)
{
    for (int i = 0; name && i < count; i++)
        if (strcasecmp(names[i], name) == 0)
            return i;
    return -1;
}

int nr_sentiment_find(const char *name)
{
    return find_name(nr_sentiment_names, NR_SENTIMENT_COUNT, name);
}

int nr_audience_find(const char *name)
{
    return find_name(nr_audience_names, NR_AUDIENCE_COUNT, name);
}

/* Scripts whose letters a reply may use. No sentence end inside a sentence. No quotation marks, brackets or backslashes anywhere: the JSON is valid
 * whatever the model says. */
struct script {
    const char *summary_first, *summary_rest, *end, *between;
    const char *topic, *keyword;
    size_t least;                 /* characters of a sentence */
    double characters_a_token;    /* as nr_text_tokens() counts, roughly */
    int topic_most, keyword_most; /* characters */
};
static const struct script scripts[] = {
    {"[一-鿿《A-Za-z0-9]", "[一-鿿㐀-䶿A-Za-z0-9，、：；《》“”·％%—-]", "。", "",
     "[一-鿿A-Za-z0-9]", "[一-鿿A-Za-z0-9·]", 8, 1.0, 8, 10},
    {"[A-ZÀ-Þ0-9]", "[A-Za-zÀ-ɏ0-9 ,;:'’()&%-]", ".", " ", "[A-Za-zÀ-ɏ0-9 &'-]", "[A-Za-zÀ-ɏ0-9 &'-]", 20, 3.4, 24, 28},
    {"[^\"\\\\\\x00-\\x20\\x7F{}<>]", "[^\"\\\\\\x00-\\x1F\\x7F{}<>\\[\\]]", ".", " ",
     "[^\"\\\\\\x00-\\x1F\\x7F{}<>,\\[\\]]", "[^\"\\\\\\x00-\\x1F\\x7F{}<>,\\[\\]]", 8, 3.4, 20, 24},
};

static const struct script *script_of(const struct nr_item *item)
{
    const char *language = nr_item_language(item);
    return &scripts[strcmp(language, "zh") == 0 ? 0 : strcmp(language, "en") == 0 ? 1 : 2];
}

/* A sentence of the most tokens that the summary may have; more sentences where there
 * is room for them. */
struct nr_summary_bounds nr_summary_bounds_of(const struct nr_reply_form *form)
{
    enum { SENTENCE_TOKENS = 50 };
    const struct script *script = script_of(form->item);
    size_t tokens = form->summary_tokens < SENTENCE_TOKENS ? form->summary_tokens : SENTENCE_TOKENS;
    size_t most = (size_t)((double)tokens * script->characters_a_token);
    size_t least = script->least < most / 2 ? script->least : most / 2;
    return (struct nr_summary_bounds){least, most, 1 + (form->summary_tokens - tokens) / SENTENCE_TOKENS};
}

/* A tag that may stand in the grammar as it is and suits the script. */
static bool fits(const struct script *script, const char *tag)
{
    double han = nr_text_han_share(tag);
    size_t characters = nr_text_characters(tag);
    if (!characters || characters > 24 || strpbrk(tag, "\"\\[]{}<>\n\r\t") || !nr_utf8_valid(tag, strlen(tag)))
        return false;
    return script == &scripts[0] ? han > 0.5 : script == &scripts[1] ? han == 0 : true;
}

/* The rule of the known topics; their number. */
static size_t write_known(const struct script *script, const struct nr_reply_form *form, struct nr_buf *out)
{
    const struct nr_strings *known = form->topics && form->topics->count ? form->topics : &form->item->tags;
    size_t written = 0;
    for (size_t i = 0; i < known->count && written < NR_KNOWN_TOPICS_MAX; i++) {
        if (fits(script, known->items[i]))
            nr_buf_printf(out, "%s\"\\\"%s\\\"\"", written++ ? " | " : "known ::= ", known->items[i]);
    }
    if (written)
        nr_buf_putc(out, '\n');
    return written;
}

void nr_grammar_write(const struct nr_reply_form *form, struct nr_buf *out)
{
    const struct script *s = script_of(form->item);
    struct nr_summary_bounds bounds = nr_summary_bounds_of(form);
    bool known = write_known(s, form, out) > 0;
    nr_buf_printf(out,
                  "root ::= sentence (\"%s\" sentence){0,%zu} \"\\\", \\\"topics\\\": [\" topics \"], "
                  "\\\"keywords\\\": [\" keyword (\", \" keyword){0,%d} \"]\"\n",
                  s->between, bounds.sentences - 1, NR_REPLY_KEYWORDS_MAX - 1);
    nr_buf_puts(out, known ? "topics ::= known (\", \" (known | topic))?\n" : "topics ::= topic (\", \" topic)?\n");
    nr_buf_printf(out, "sentence ::= %s sc{%zu,%zu} \"%s\"\nsc ::= %s\n", s->summary_first, bounds.least - 1,
                  bounds.most - 1, s->end, s->summary_rest);
    nr_buf_printf(out, "topic ::= \"\\\"\" tc{2,%d} \"\\\"\"\ntc ::= %s\n", s->topic_most, s->topic);
    nr_buf_printf(out, "keyword ::= \"\\\"\" kc{1,%d} \"\\\"\"\nkc ::= %s\n", s->keyword_most, s->keyword);
}

static void put_string_list(struct nr_buf *out, const char *key, int least, int most, int characters)
{
    nr_json_put_key(out, key);
    nr_buf_printf(out,
                  "{\"type\":\"array\",\"minItems\":%d,\"maxItems\":%d,\"items\":{\"type\":\"string\",\"minLength\":1,"
                  "\"maxLength\":%d}}",
                  least, most, characters);
}

static void put_labels(struct nr_buf *out, const char *key, const char *const *names, int count)
{
    nr_json_put_key(out, key);
    nr_buf_puts(out, "{\"type\":\"string\",\"enum\":");
    nr_json_open(out, '[');
    for (int i = 0; i < count; i++)
        nr_json_put_string(out, names[i]);
    nr_buf_puts(out, "]}");
}

void nr_schema_write(const struct nr_reply_form *form, struct nr_buf *out)
{
    const struct script *s = script_of(form->item);
    struct nr_summary_bounds bounds = nr_summary_bounds_of(form);
    nr_buf_puts(out, "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"summary\",\"topics\","
                     "\"keywords\",\"sentiment\",\"audience\"],\"properties\":");
    nr_json_open(out, '{');
    nr_json_put_key(out, "summary");
    nr_buf_printf(out, "{\"type\":\"string\",\"minLength\":%zu,\"maxLength\":%zu}", bounds.least,
                  bounds.most * bounds.sentences);
    put_string_list(out, "topics", 1, NR_REPLY_TOPICS_MAX, s->topic_most);
    put_string_list(out, "keywords", 1, NR_REPLY_KEYWORDS_MAX, s->keyword_most);
    put_labels(out, "sentiment", nr_sentiment_names, NR_SENTIMENT_COUNT);
    put_labels(out, "audience", nr_audience_names, NR_AUDIENCE_COUNT);
    nr_json_close(out, '}');
    nr_buf_putc(out, '}');
}
