/* reply.c - a model's reply is a stranger's: parsed, bounded, held against the record. */
#include "nightreel/language_reply.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "nightreel/io.h"
#include "nightreel/language_evidence.h"

#include "core/banned.h"

/* Below these shares of supported words a summary tells another story than the
 * record, or one of its clauses does and goes. Set on the demo's descriptions: true ones stay
 * above 0.45 and 0.36, invented clauses below 0.28. */
#define SUPPORT_LEAST 0.34
#define CLAUSE_LEAST  0.32

struct reading {
    struct nr_item *item;
    const struct nr_template *tmpl;
    struct nr_evidence evidence;
    struct nr_description *out;
    struct nr_reply_check *check;
    bool zh;
};

static bool reject(struct reading *r, const char *why)
{
    snprintf(r->check->why, sizeof r->check->why, "%s", why);
    return false;
}

/* ---- summary ------------------------------------------------------------------------ */

/* The first `most` characters end where a clause does, if that leaves half of them. */
static size_t cut_at_clause(const char *text, size_t length, size_t most)
{
    size_t pos = 0, count = 0, clause = 0, clause_at = 0;
    while (pos < length && count < most) {
        size_t at = pos;
        uint32_t c = nr_utf8_next(text, length, &pos);
        count++;
        if (c == ',' || c == ';' || c == 0xFF0C || c == 0xFF1B) {
            clause = at;
            clause_at = count;
        }
    }
    if (pos >= length)
        return length;
    return clause_at * 2 >= most ? clause : pos;
}

/* Without what cannot stand before a full stop. */
static size_t trim_end(const char *text, size_t length)
{
    static const char *const tails[] = {"。", "，", "、", "；", "：", ".", ",", ";", ":", " ", "…"};
    for (size_t i = 0; i < NR_COUNT(tails); i++) {
        size_t tail = strlen(tails[i]);
        if (length >= tail && memcmp(text + length - tail, tails[i], tail) == 0) {
            length -= tail;
            i = (size_t)-1; /* from the first again */
        }
    }
    return length;
}

/* One clean sentence: within the bounds, without the clauses that the record does not
 * support, with its full stop. NULL where nothing is left. */
static char *tidy_summary(struct reading *r, const char *text)
{
    struct nr_buf line = {0};
    size_t pos = 0, start = 0, length = 0;
    char *sentence = NULL;
    nr_text_quote(text, strlen(text), 2000, &line);
    if (line.data && nr_sentence_next(line.data, &pos, &start, &length)) {
        char *first = line.data + start;
        length = trim_end(first, length);
        length = trim_end(first, cut_at_clause(first, length, nr_summary_bounds_of(r->item).most));
        first[length] = '\0';
        length = trim_end(first, nr_evidence_supported_length(&r->evidence, first, CLAUSE_LEAST));
        bool ended = length && strchr("!?", first[length - 1]);
        if (length)
            sentence = nr_arena_printf(&r->item->mem, "%.*s%s", (int)length, first, ended ? "" : r->zh ? "。" : ".");
    }
    nr_buf_release(&line);
    return sentence;
}

/* A small model falls back on the examples where it has nothing to say. */
static bool is_from_examples(const struct nr_template *tmpl, const char *text)
{
    for (size_t i = 0; i < tmpl->count; i++)
        if (strcmp(tmpl->messages[i].role, "assistant") == 0 && strstr(tmpl->messages[i].text, text))
            return true;
    return false;
}

static bool accept_summary(struct reading *r, const char *text)
{
    struct nr_summary_bounds bounds = nr_summary_bounds_of(r->item);
    if (!text || !*text)
        return reject(r, "no summary");
    double han = nr_text_han_share(text);
    if (r->zh ? han < 0.5 : han > 0.3)
        return reject(r, "the summary is in another language");
    char *summary = tidy_summary(r, text);
    if (!summary)
        return reject(r, "the summary is not about the record");
    if (nr_text_characters(summary) < bounds.least)
        return reject(r, "the summary is too short");
    if (nr_text_loops(summary))
        return reject(r, "the summary goes round in circles");
    if (is_from_examples(r->tmpl, summary))
        return reject(r, "the summary is one of the examples");
    if (!nr_evidence_has_numbers(&r->evidence, summary))
        return reject(r, "the summary has a number that the record lacks");
    if (nr_evidence_support(&r->evidence, summary) < SUPPORT_LEAST)
        return reject(r, "the summary is not about the record");
    r->out->summary = summary;
    return true;
}

/* ---- topics and keywords -------------------------------------------------------------- */

static bool list_has(const struct nr_strings *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcasecmp(list->items[i], text) == 0)
            return true;
    return false;
}

static bool topic_fits(struct reading *r, const char *topic)
{
    if (list_has(&r->item->tags, topic))
        return true;
    bool known = nr_evidence_has(&r->evidence, topic);
    double han = nr_text_han_share(topic);
    if (r->zh ? nr_text_characters(topic) > 12 || (han == 0 && !known) : han > 0)
        return false;
    return known || !is_from_examples(r->tmpl, topic);
}

/* A keyword is no sentence: at most three words. */
static bool keyword_fits(struct reading *r, const char *keyword)
{
    size_t blanks = 0;
    for (const char *c = keyword; *c; c++)
        blanks += *c == ' ';
    if (blanks > 2)
        return false;
    return list_has(&r->item->tags, keyword) || list_has(&r->out->topics, keyword) ||
           nr_evidence_has(&r->evidence, keyword);
}

static void take_list(struct reading *r, const struct nr_json *array, bool (*fits)(struct reading *, const char *),
                      size_t most, struct nr_strings *out)
{
    out->items = nr_arena_alloc(&r->item->mem, most, sizeof *out->items);
    out->count = 0;
    for (const struct nr_json *at = nr_json_first(array); at && out->items && out->count < most;
         at = nr_json_next(at)) {
        const char *text = nr_json_string(at);
        struct nr_buf clean = {0};
        if (text)
            nr_text_quote(text, strlen(text), 90, &clean);
        while (clean.length && clean.data[clean.length - 1] == ' ')
            clean.data[--clean.length] = '\0';
        if (clean.length && !clean.failed && !list_has(out, clean.data) && fits(r, clean.data)) {
            out->items[out->count] = nr_arena_strdup(&r->item->mem, clean.data);
            out->count += out->items[out->count] != NULL;
        }
        nr_buf_release(&clean);
    }
}

/* A description without topics helps nobody: the tags are true, at least. */
static void default_topics(struct reading *r)
{
    size_t count = r->item->tags.count < NR_REPLY_TOPICS_MAX ? r->item->tags.count : NR_REPLY_TOPICS_MAX;
    for (size_t i = 0; r->out->topics.items && i < count; i++)
        r->out->topics.items[r->out->topics.count++] = r->item->tags.items[i];
}

static int find_sentiment(const char *text)
{
    for (int i = 0; text && i < NR_SENTIMENT_COUNT; i++)
        if (strcasecmp(nr_sentiment_names[i], text) == 0)
            return i;
    return -1;
}

static bool accept_object(struct reading *r, const struct nr_json *root)
{
    if (nr_json_type(root) != NR_JSON_OBJECT)
        return reject(r, "no JSON object");
    if (!accept_summary(r, nr_json_string(nr_json_get(root, "summary"))))
        return false;
    take_list(r, nr_json_get(root, "topics"), topic_fits, NR_REPLY_TOPICS_MAX, &r->out->topics);
    if (!r->out->topics.count)
        default_topics(r);
    take_list(r, nr_json_get(root, "keywords"), keyword_fits, NR_REPLY_KEYWORDS_MAX, &r->out->keywords);
    r->check->sentiment = find_sentiment(nr_json_string(nr_json_get(root, "sentiment")));
    return true;
}

bool nr_reply_accept(const char *json, size_t length, struct nr_item *item, const struct nr_template *tmpl,
                     struct nr_description *out, struct nr_reply_check *check)
{
    struct reading r = {.item = item, .tmpl = tmpl, .out = out, .check = check};
    struct nr_json_doc *doc = NULL;
    struct nr_error err;
    r.zh = nr_prompt_language_of(item) == NR_PROMPT_ZH;
    *check = (struct nr_reply_check){.sentiment = -1};
    if (nr_json_parse(json, length, &doc, &err))
        return reject(&r, "no valid JSON");
    nr_evidence_init(&r.evidence, item);
    bool accepted = accept_object(&r, nr_json_root(doc));
    nr_evidence_release(&r.evidence);
    nr_json_free(doc);
    return accepted;
}
