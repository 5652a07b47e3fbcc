/* http_server.c - just enough HTTP/1.1 for a client that closes after each answer. */
#include "support/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { REQUEST_MAX = 4 << 20 };

struct nr_http_server {
    int listener;
    char url[64];
    pthread_t thread;
    nr_http_handler handler;
    void *ctx;
    pthread_mutex_t turn; /* the handler's */
    atomic_bool stop;
    atomic_size_t requests, open, asked, most_asked; /* asked: not yet being answered */
};

struct connection {
    struct nr_http_server *server;
    int fd;
};

static void send_all(int fd, const char *data, size_t length)
{
    while (length) {
        ssize_t sent = send(fd, data, length, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        data += sent;
        length -= (size_t)sent;
    }
}

/* The whole request, NUL-terminated; the body begins at *body. 0: none came. */
static size_t receive(int fd, char *data, size_t *body)
{
    size_t length = 0, wanted = SIZE_MAX;
    *body = 0;
    while (length < wanted && length < REQUEST_MAX - 1) {
        ssize_t got = recv(fd, data + length, REQUEST_MAX - 1 - length, 0);
        if (got <= 0)
            return 0;
        length += (size_t)got;
        data[length] = '\0';
        char *end = strstr(data, "\r\n\r\n");
        if (!*body && end) {
            const char *field = strcasestr(data, "\ncontent-length:");
            *body = (size_t)(end - data) + 4;
            wanted = *body + (field && field < end ? strtoul(field + 16, NULL, 10) : 0);
        }
    }
    return length;
}

/* The handler's answer; its strings are copied, since the next request may change them. */
static struct nr_http_answer ask(struct nr_http_server *server, char *data, size_t body)
{
    char path[256] = "", method[16] = "";
    sscanf(data, "%15s %255s", method, path);
    if (body)
        data[body - 1] = '\0'; /* the head ends there */
    struct nr_http_answer answer = {.code = 200, .body = ""};
    struct nr_http_received request = {method, path, data, data + body, atomic_fetch_add(&server->requests, 1)};
    pthread_mutex_lock(&server->turn);
    server->handler(server->ctx, &request, &answer);
    answer.body = strdup(answer.body);
    answer.extra = answer.extra ? strdup(answer.extra) : NULL;
    pthread_mutex_unlock(&server->turn);
    return answer;
}

static void put_answer(int fd, const struct nr_http_answer *answer)
{
    char head[512], blanks[4096];
    int n = snprintf(head, sizeof head,
                     "HTTP/1.1 %d Answer\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n%sConnection: "
                     "close\r\n\r\n",
                     answer->code, answer->fill + strlen(answer->body), answer->extra ? answer->extra : "");
    send_all(fd, head, (size_t)n);
    memset(blanks, ' ', sizeof blanks);
    for (size_t left = answer->fill; left;) {
        size_t part = left < sizeof blanks ? left : sizeof blanks;
        send_all(fd, blanks, part);
        left -= part;
    }
    send_all(fd, answer->body, strlen(answer->body));
}

static void answer_one(struct nr_http_server *server, int fd, char *data)
{
    size_t body = 0, length = receive(fd, data, &body);
    if (!length)
        return;
    struct nr_http_answer answer = ask(server, data, body);
    size_t now = atomic_fetch_add(&server->asked, 1) + 1;
    if (now > atomic_load(&server->most_asked))
        atomic_store(&server->most_asked, now);
    for (double waited = 0; waited < answer.delay && !atomic_load(&server->stop); waited += 0.02)
        nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    atomic_fetch_sub(&server->asked, 1); /* the client may send its next one from here on */
    if (!answer.hang_up)
        put_answer(fd, &answer);
    free((char *)answer.body);
    free((char *)answer.extra);
}

static void *serve_one(void *ctx)
{
    struct connection *connection = ctx;
    char *data = malloc(REQUEST_MAX);
    if (data)
        answer_one(connection->server, connection->fd, data);
    free(data);
    shutdown(connection->fd, SHUT_RDWR);
    close(connection->fd);
    atomic_fetch_sub(&connection->server->open, 1);
    free(connection);
    return NULL;
}

static void begin_connection(struct nr_http_server *server, int fd)
{
    pthread_t thread;
    struct connection *connection = malloc(sizeof *connection);
    atomic_fetch_add(&server->open, 1);
    if (connection)
        *connection = (struct connection){server, fd};
    if (!connection || pthread_create(&thread, NULL, serve_one, connection) != 0) {
        atomic_fetch_sub(&server->open, 1);
        close(fd);
        free(connection);
        return;
    }
    pthread_detach(thread);
}

static void *serve(void *ctx)
{
    struct nr_http_server *server = ctx;
    while (!atomic_load(&server->stop)) {
        struct pollfd waiting = {.fd = server->listener, .events = POLLIN};
        if (poll(&waiting, 1, 20) <= 0)
            continue;
        int fd = accept(server->listener, NULL, NULL);
        if (fd >= 0)
            begin_connection(server, fd);
    }
    while (atomic_load(&server->open))
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    return NULL;
}

struct nr_http_server *nr_http_server_start(nr_http_handler handler, void *ctx)
{
    struct nr_http_server *server = calloc(1, sizeof *server);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    if (!server)
        return NULL;
    server->handler = handler;
    server->ctx = ctx;
    pthread_mutex_init(&server->turn, NULL);
    server->listener = socket(AF_INET, SOCK_STREAM, 0);
    if (server->listener < 0 || bind(server->listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(server->listener, 64) != 0 || getsockname(server->listener, (struct sockaddr *)&address, &length) != 0 ||
        pthread_create(&server->thread, NULL, serve, server) != 0) {
        if (server->listener >= 0)
            close(server->listener);
        free(server);
        return NULL;
    }
    snprintf(server->url, sizeof server->url, "http://127.0.0.1:%d", ntohs(address.sin_port));
    return server;
}

const char *nr_http_server_url(const struct nr_http_server *server)
{
    return server->url;
}

size_t nr_http_server_requests(const struct nr_http_server *server)
{
    return atomic_load(&server->requests);
}

size_t nr_http_server_most_asked(const struct nr_http_server *server)
{
    return atomic_load(&server->most_asked);
}

void nr_http_server_stop(struct nr_http_server *server)
{
    if (!server)
        return;
    atomic_store(&server->stop, true);
    pthread_join(server->thread, NULL);
    close(server->listener);
    pthread_mutex_destroy(&server->turn);
    free(server);
}
