/* chat.h - what is said to an OpenAI-compatible chat endpoint, and what is made of its
 * answer. Sending is engine_http.c's matter. */
#ifndef NR_LANGUAGE_CHAT_H
#define NR_LANGUAGE_CHAT_H

#include "language/engine.h"

/* How the form of the reply is asked for, from the strictest that servers know on. */
enum nr_chat_form { NR_CHAT_SCHEMA, NR_CHAT_JSON, NR_CHAT_PLAIN };

struct nr_chat_request {
    const char *model;
    const struct nr_describe_params *params;
    const struct nr_prompt *prompt;
    bool again; /* a first reply was rejected */
    enum nr_chat_form form;
};
/* Appends the request's body; pictures go as data URLs behind the text. NR_ERR_NOINPUT:
 * a picture cannot be read (it is named). */
enum nr_status nr_chat_put_request(const struct nr_chat_request *request, struct nr_buf *out,
                                   struct nr_error *err) NR_MUST_CHECK;

/* Fills the draft from the body of a reply with code 200: made, or broken with the
 * reason. The tokens that it says were used are added. */
void nr_chat_take_reply(const struct nr_buf *body, struct nr_draft *draft);
/* What a refusal says of itself (error.message), quoted into `out`; "" for nothing. */
void nr_chat_take_refusal(const struct nr_buf *body, char *out, size_t size);

#endif
