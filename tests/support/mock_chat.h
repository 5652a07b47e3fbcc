/* mock_chat.h - an OpenAI-compatible chat endpoint that does what a script says, and
 * descriptions by it of a few records. */
#ifndef NR_TESTS_MOCK_CHAT_H
#define NR_TESTS_MOCK_CHAT_H

#include "nightreel/io.h"
#include "nightreel/language.h"
#include "support/http_server.h"

enum { NR_MOCK_ITEMS = 12 };

/* What the server does. Chat requests count from 0. Zeroed but for the codes it answers
 * well: nr_mock_script_init(). */
struct nr_mock_script {
    const char *chat[8]; /* the model's message in each chat reply; the last one goes on */
    const char *finish;  /* finish_reason; NULL: "stop" */
    const char *raw;     /* the whole body of a chat reply instead */
    int chat_code, models_code;
    int fail_first, fail_from; /* so many first requests, and those from this number on (-1: none), get fail_code */
    int fail_code;
    const char *extra;   /* headers of failures, each with CR LF */
    const char *refused; /* requests whose body has this get HTTP 400 */
    double delay;
    size_t fill;
    bool hang_up;
    size_t tokens; /* usage.total_tokens; 0: no usage */
    /* what came */
    char last_body[262144], last_head[4096];
    int chats;
    double times[64]; /* s, of the first requests */
    struct nr_buf body;
};
void nr_mock_script_init(struct nr_mock_script *script, const char *message);
void nr_mock_script_release(struct nr_mock_script *script);
void nr_mock_chat(void *ctx, const struct nr_http_received *request, struct nr_http_answer *answer);

struct nr_mock_outcome {
    enum nr_status status;
    struct nr_error err;
    struct nr_describe_tally tally;
    struct nr_item items[NR_MOCK_ITEMS]; /* English, about the film Gravity, or as the caller filled them */
    char problems[NR_MOCK_ITEMS][400];
    size_t done, most_open;
    double seconds;
};
/* Parameters for tests: no backoff to speak of is to be expected, a retry comes after 0.5 s. */
void nr_mock_params(struct nr_describe_params *params);
void nr_mock_fill(struct nr_mock_outcome *out, size_t count);
/* Describes the first `count` items at params->llm. */
void nr_mock_describe(const struct nr_describe_params *params, size_t count, struct nr_mock_outcome *out);
/* The same against a server that follows the script. */
void nr_mock_run(struct nr_mock_script *script, struct nr_describe_params *params, size_t count,
                 struct nr_mock_outcome *out);
void nr_mock_outcome_release(struct nr_mock_outcome *out);

/* A reply about the items that is good but for one keyword that no record has. */
extern const char nr_mock_good[];

#endif
