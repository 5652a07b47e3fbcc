/* grammar.c - the form of a reply, as GBNF (llama.cpp) and as a JSON schema. */
#include <string.h>

#include "nightreel/io.h"
#include "nightreel/language_evidence.h"
#include "nightreel/language_reply.h"

#include "core/banned.h"

const char *const nr_sentiment_names[NR_SENTIMENT_COUNT] = {"positive", "neutral", "negative"};

/* Scripts whose letters a reply may use. No sentence end inside a summary: it is one
 * sentence. No quotation marks, brackets or backslashes anywhere: the JSON is valid
 * whatever the model says. */
struct script {
    const char *summary_first, *summary_rest, *end;
    const char *topic, *keyword;
    struct nr_summary_bounds bounds;
    int topic_most, keyword_most; /* characters */
};
static const struct script scripts[] = {
    {"[一-鿿《A-Za-z0-9]",
     "[一-鿿㐀-䶿A-Za-z0-9，、：；《》“”·％%—-]",
     "。",
     "[一-鿿A-Za-z0-9]",
     "[一-鿿A-Za-z0-9·]",
     {8, 60},
     8,
     10},
    {"[A-ZÀ-Þ0-9]", "[A-Za-zÀ-ɏ0-9 ,;:'’()&%-]", ".", "[A-Za-zÀ-ɏ0-9 &'-]", "[A-Za-zÀ-ɏ0-9 &'-]", {20, 170}, 24, 28},
    {"[^\"\\\\\\x00-\\x20\\x7F{}<>]",
     "[^\"\\\\\\x00-\\x1F\\x7F{}<>\\[\\]]",
     ".",
     "[^\"\\\\\\x00-\\x1F\\x7F{}<>,\\[\\]]",
     "[^\"\\\\\\x00-\\x1F\\x7F{}<>,\\[\\]]",
     {8, 170},
     20,
     24},
};

static const struct script *script_of(const struct nr_item *item)
{
    const char *language = nr_item_language(item);
    return &scripts[strcmp(language, "zh") == 0 ? 0 : strcmp(language, "en") == 0 ? 1 : 2];
}

struct nr_summary_bounds nr_summary_bounds_of(const struct nr_item *item)
{
    return script_of(item)->bounds;
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

static size_t write_tags(const struct script *script, const struct nr_strings *tags, struct nr_buf *out)
{
    size_t written = 0;
    for (size_t i = 0; i < tags->count && written < 8; i++) {
        if (fits(script, tags->items[i]))
            nr_buf_printf(out, "%s\"\\\"%s\\\"\"", written++ ? " | " : "tag ::= ", tags->items[i]);
    }
    if (written)
        nr_buf_putc(out, '\n');
    return written;
}

void nr_grammar_write(const struct nr_item *item, struct nr_buf *out)
{
    const struct script *s = script_of(item);
    bool tags = write_tags(s, &item->tags, out) > 0;
    nr_buf_printf(out,
                  "root ::= summary \"\\\", \\\"topics\\\": [\" %s (\", \" topic){1,3} \"], \\\"keywords\\\": [\" "
                  "keyword (\", \" keyword){0,4} \"]\"\n",
                  tags ? "tag" : "topic");
    nr_buf_printf(out, "summary ::= %s sc{%zu,%zu} \"%s\"\nsc ::= %s\n", s->summary_first, s->bounds.least - 1,
                  s->bounds.most - 1, s->end, s->summary_rest);
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

void nr_schema_write(const struct nr_item *item, struct nr_buf *out)
{
    const struct script *s = script_of(item);
    nr_buf_puts(out, "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"summary\",\"topics\","
                     "\"keywords\",\"sentiment\"],\"properties\":");
    nr_json_open(out, '{');
    nr_json_put_key(out, "summary");
    nr_buf_printf(out, "{\"type\":\"string\",\"minLength\":%zu,\"maxLength\":%zu}", s->bounds.least, s->bounds.most);
    put_string_list(out, "topics", 2, NR_REPLY_TOPICS_MAX, s->topic_most);
    put_string_list(out, "keywords", 1, NR_REPLY_KEYWORDS_MAX, s->keyword_most);
    nr_json_put_key(out, "sentiment");
    nr_buf_puts(out, "{\"type\":\"string\",\"enum\":[\"positive\",\"neutral\",\"negative\"]}");
    nr_json_close(out, '}');
    nr_buf_putc(out, '}');
}
