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
    const struct nr_reply_form *form;
    struct nr_arena *mem; /* of the description */
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

static bool list_has(const struct nr_strings *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcasecmp(list->items[i], text) == 0)
            return true;
    return false;
}

/* ---- summary ------------------------------------------------------------------------ */

/* Where the last clause of text[0..length) begins: at the mark before it; 0: there is
 * only one. */
static size_t last_clause(const char *text, size_t length)
{
    size_t clause = 0;
    for (size_t pos = 0; pos < length;) {
        size_t at = pos;
        uint32_t c = nr_utf8_next(text, length, &pos);
        if (c == ',' || c == ';' || c == 0xFF0C || c == 0xFF1B || c == 0x3002)
            clause = at;
    }
    return clause;
}

/* The first `most` tokens end where a clause does, if that leaves half of them. */
static size_t cut_at_clause(const char *text, size_t length, size_t most)
{
    size_t end = nr_text_tokens_cut(text, length, most), clause = last_clause(text, end);
    if (end == length)
        return length;
    return nr_text_tokens(text, clause) * 2 >= most ? clause : end;
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

/* Without the last clause of a sentence that is as long as the form lets it be: the
 * model was made to stop there, in the middle of it. */
static size_t drop_broken_end(struct reading *r, const char *sentence, size_t length)
{
    enum { SLACK = 3 }; /* characters: the model's next token did not fit */
    struct nr_summary_bounds bounds = nr_summary_bounds_of(r->form);
    size_t characters = 0;
    for (size_t pos = 0; pos < length; characters++)
        nr_utf8_next(sentence, length, &pos);
    size_t clause = characters + SLACK >= bounds.most ? last_clause(sentence, length) : 0;
    return clause * 2 >= length ? clause : length;
}

/* Appends the sentence to *out, its full stop included, without the clauses that the
 * record does not support; cut at a clause where it has more than `room` tokens and
 * nothing comes before it. False: the summary ends before it. */
static bool add_sentence(struct reading *r, char *sentence, size_t length, size_t room, struct nr_buf *out)
{
    const char *stop = r->zh ? "。" : ".";
    size_t reserved = 1; /* for the full stop */
    length = drop_broken_end(r, sentence, trim_end(sentence, length));
    if (room <= reserved || (out->length && nr_text_tokens(sentence, length) > room - reserved))
        return false;
    length = trim_end(sentence, cut_at_clause(sentence, length, room - reserved));
    char after = sentence[length];
    sentence[length] = '\0';
    size_t supported = r->form->pictures ? length : nr_evidence_supported_length(&r->evidence, sentence, CLAUSE_LEAST);
    supported = trim_end(sentence, supported);
    sentence[length] = after;
    if (!supported)
        return false;
    if (out->length && !r->zh)
        nr_buf_putc(out, ' ');
    nr_buf_append(out, sentence, supported);
    nr_buf_puts(out, strchr("!?", sentence[supported - 1]) ? "" : stop);
    return supported == length;
}

/* Whole clean sentences within the form's tokens. NULL where nothing is left. */
static char *tidy_summary(struct reading *r, const char *text)
{
    struct nr_buf line = {0}, summary = {0};
    size_t pos = 0, start = 0, length = 0, most = r->form->summary_tokens;
    nr_text_quote(text, strlen(text), 4000, &line);
    for (bool more = line.data != NULL; more && nr_sentence_next(line.data, &pos, &start, &length);) {
        size_t used = summary.length ? nr_text_tokens(summary.data, summary.length) : 0;
        more = add_sentence(r, line.data + start, length, most > used ? most - used : 0, &summary);
    }
    char *out = summary.length && !summary.failed ? nr_arena_strdup(r->mem, summary.data) : NULL;
    nr_buf_release(&line);
    nr_buf_release(&summary);
    return out;
}

/* A small model falls back on the examples where it has nothing to say. */
static bool is_from_examples(const struct nr_template *tmpl, const char *text)
{
    for (size_t i = 0; i < tmpl->count; i++)
        if (strcmp(tmpl->messages[i].role, "assistant") == 0 && strstr(tmpl->messages[i].text, text))
            return true;
    return false;
}

static const char *find_untruth(const struct reading *r, const char *summary)
{
    if (!nr_evidence_has_numbers(&r->evidence, summary))
        return "the summary has a number that the record lacks";
    if (!r->form->pictures && nr_evidence_support(&r->evidence, summary) < SUPPORT_LEAST)
        return "the summary is not about the record";
    return NULL;
}

/* Models weave topics that they were offered, and did not choose, into their story. */
static const char *find_borrowed_topic(const struct reading *r, const char *summary)
{
    const struct nr_strings *offered = r->form->topics;
    struct nr_item said = {.title = (char *)summary};
    struct nr_evidence words;
    const char *found = NULL;
    nr_evidence_init(&words, &said);
    for (size_t i = 0; offered && i < offered->count && !found; i++) {
        const char *topic = offered->items[i];
        if (nr_evidence_has(&words, topic) && !nr_evidence_has(&r->evidence, topic) &&
            !list_has(&r->out->topics, topic))
            found = topic;
    }
    nr_evidence_release(&words);
    return found;
}

/* Drops clauses from the end while `find` finds something in what is left; returns
 * what it finds in the whole where too little would be left, which then stays whole. */
static const char *drop_clauses(const struct reading *r, char *summary, size_t least,
                                const char *(*find)(const struct reading *, const char *))
{
    const char *why = find(r, summary), *stop = r->zh ? "。" : ".";
    char *left = why ? nr_arena_strdup(r->mem, summary) : NULL;
    while (left && find(r, left)) {
        size_t end = last_clause(left, trim_end(left, strlen(left)));
        end = trim_end(left, end);
        memcpy(left + end, stop, strlen(stop) + 1); /* no longer than what it replaces */
        if (!end || nr_text_characters(left) < least)
            return why;
    }
    if (left)
        memcpy(summary, left, strlen(left) + 1);
    return left || !why ? NULL : why;
}

static bool accept_summary(struct reading *r, const char *text)
{
    struct nr_summary_bounds bounds = nr_summary_bounds_of(r->form);
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
    const char *untruth = drop_clauses(r, summary, bounds.least, find_untruth);
    if (untruth)
        return reject(r, untruth);
    /* Only where something else is left to say: it may be true in other words, or seen. */
    if (!r->form->pictures)
        drop_clauses(r, summary, bounds.least, find_borrowed_topic);
    r->out->summary = summary;
    return true;
}

/* ---- topics and keywords -------------------------------------------------------------- */

/* A topic that is no tag: of the record's script, and not one of the prompt's examples. */
static bool is_new_topic(struct reading *r, const char *topic)
{
    bool known = nr_evidence_has(&r->evidence, topic);
    double han = nr_text_han_share(topic);
    if (r->zh ? nr_text_characters(topic) > 12 || (han == 0 && !known) : han > 0)
        return false;
    return known || !is_from_examples(r->tmpl, topic);
}

/* The topic as the catalogue spells it, as it is where it is new and fits, or NULL. */
static const char *keep_topic(struct reading *r, const char *topic)
{
    const char *tag = nr_topics_find(r->form->vocabulary, topic);
    if (!tag && list_has(&r->form->item->tags, topic))
        tag = topic;
    if (nr_tag_is_format(topic))
        return NULL;
    return tag ? tag : is_new_topic(r, topic) ? topic : NULL;
}

/* A keyword is no sentence: at most three words. */
static const char *keep_keyword(struct reading *r, const char *keyword)
{
    size_t blanks = 0;
    for (const char *c = keyword; *c; c++)
        blanks += *c == ' ';
    bool fits = list_has(&r->form->item->tags, keyword) || list_has(&r->out->topics, keyword) ||
                nr_evidence_has(&r->evidence, keyword);
    return blanks <= 2 && fits ? keyword : NULL;
}

static void take_list(struct reading *r, const struct nr_json *array,
                      const char *(*keep)(struct reading *, const char *), size_t most, struct nr_strings *out)
{
    out->items = nr_arena_alloc(r->mem, most, sizeof *out->items);
    out->count = 0;
    for (const struct nr_json *at = nr_json_first(array); at && out->items && out->count < most;
         at = nr_json_next(at)) {
        const char *text = nr_json_string(at);
        struct nr_buf clean = {0};
        if (text)
            nr_text_quote(text, strlen(text), 90, &clean);
        while (clean.length && clean.data[clean.length - 1] == ' ')
            clean.data[--clean.length] = '\0';
        const char *kept = clean.length && !clean.failed ? keep(r, clean.data) : NULL;
        if (kept && !list_has(out, kept)) {
            out->items[out->count] = nr_arena_strdup(r->mem, kept);
            out->count += out->items[out->count] != NULL;
        }
        nr_buf_release(&clean);
    }
}

static bool is_known(const struct reading *r, const char *topic)
{
    return nr_topics_find(r->form->vocabulary, topic) || list_has(&r->form->item->tags, topic);
}

/* Known topics before new ones, which are listed besides. A description without topics
 * helps nobody: the tags are true, at least. */
static void order_topics(struct reading *r, const struct nr_strings *said)
{
    struct nr_strings *topics = &r->out->topics, *new_topics = &r->out->new_topics;
    const struct nr_strings *from = said->count ? said : &r->form->item->tags;
    *topics = (struct nr_strings){nr_arena_alloc(r->mem, NR_REPLY_TOPICS_MAX, sizeof *topics->items), 0};
    *new_topics = (struct nr_strings){nr_arena_alloc(r->mem, NR_REPLY_TOPICS_MAX, sizeof *topics->items), 0};
    if (!topics->items || !new_topics->items)
        return;
    for (size_t i = 0; i < from->count && topics->count < NR_REPLY_TOPICS_MAX; i++)
        if (is_known(r, from->items[i]))
            topics->items[topics->count++] = from->items[i];
    for (size_t i = 0; i < from->count && topics->count < NR_REPLY_TOPICS_MAX; i++)
        if (!is_known(r, from->items[i]))
            topics->items[topics->count++] = new_topics->items[new_topics->count++] = from->items[i];
}

/* Topics, sentiment and audience: choices among known words, good even where the
 * sentence before them is not. */
static void take_labels(struct reading *r, const struct nr_json *root)
{
    struct nr_strings said;
    take_list(r, nr_json_get(root, "topics"), keep_topic, NR_REPLY_TOPICS_MAX, &said);
    order_topics(r, &said);
    r->check->sentiment = nr_sentiment_find(nr_json_string(nr_json_get(root, "sentiment")));
    int audience = nr_audience_find(nr_json_string(nr_json_get(root, "audience")));
    r->out->audience = nr_audience_names[audience >= 0 ? audience : NR_AUDIENCE_GENERAL];
    r->check->labelled = said.count > 0 && r->check->sentiment >= 0;
}

static bool accept_object(struct reading *r, const struct nr_json *root)
{
    if (nr_json_type(root) != NR_JSON_OBJECT)
        return reject(r, "no JSON object");
    take_labels(r, root);
    if (!accept_summary(r, nr_json_string(nr_json_get(root, "summary"))))
        return false;
    take_list(r, nr_json_get(root, "keywords"), keep_keyword, NR_REPLY_KEYWORDS_MAX, &r->out->keywords);
    r->out->language = nr_item_language(r->form->item);
    return true;
}

bool nr_reply_accept(const char *json, size_t length, const struct nr_reply_form *form, const struct nr_template *tmpl,
                     struct nr_arena *mem, struct nr_description *out, struct nr_reply_check *check)
{
    struct reading r = {.form = form, .mem = mem, .tmpl = tmpl, .out = out, .check = check};
    struct nr_json_doc *doc = NULL;
    struct nr_error err;
    r.zh = nr_prompt_language_of(form->item) == NR_PROMPT_ZH;
    *check = (struct nr_reply_check){.sentiment = -1};
    if (nr_json_parse(json, length, &doc, &err))
        return reject(&r, "no valid JSON");
    nr_evidence_init(&r.evidence, form->item);
    bool accepted = accept_object(&r, nr_json_root(doc));
    nr_evidence_release(&r.evidence);
    nr_json_free(doc);
    return accepted;
}
