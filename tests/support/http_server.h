/* http_server.h - a tiny HTTP server on the loopback for tests: a thread a
 * connection, a handler that answers, called by one of them at a time. */
#ifndef NR_TESTS_HTTP_SERVER_H
#define NR_TESTS_HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>

struct nr_http_received {
    const char *method, *path, *head, *body; /* head: request line and headers */
    size_t number;                           /* from 0, over the server's life */
};
struct nr_http_answer {
    int code;
    const char *body;
    size_t fill;       /* send so many blanks before the body */
    double delay;      /* seconds before the answer */
    bool hang_up;      /* close without an answer */
    const char *extra; /* more header lines, each with CR LF; may be NULL */
};
typedef void (*nr_http_handler)(void *ctx, const struct nr_http_received *request, struct nr_http_answer *answer);

struct nr_http_server;
/* Listens on 127.0.0.1; NULL where that fails. */
struct nr_http_server *nr_http_server_start(nr_http_handler handler, void *ctx);
const char *nr_http_server_url(const struct nr_http_server *server); /* http://127.0.0.1:PORT */
size_t nr_http_server_requests(const struct nr_http_server *server);
size_t nr_http_server_most_asked(const struct nr_http_server *server); /* requests at one time */
void nr_http_server_stop(struct nr_http_server *server);

#endif
