/* HTTP against a server of a few lines that answers what the test says. */
#include "support/support.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "nightreel/io.h"

struct server {
    int listener;
    char url[64];
    const char *reply; /* NULL: says nothing for a while */
    char request[4096];
    pthread_t thread;
};

/* Reads up to the blank line and then as much as Content-Length says. */
static void read_request(struct server *server, int client)
{
    size_t length = 0;
    for (;;) {
        ssize_t got = read(client, server->request + length, sizeof server->request - 1 - length);
        if (got <= 0)
            return;
        length += (size_t)got;
        server->request[length] = '\0';
        const char *end = strstr(server->request, "\r\n\r\n"), *size = strstr(server->request, "Content-Length: ");
        if (end && length >= (size_t)(end + 4 - server->request) + (size ? strtoul(size + 16, NULL, 10) : 0))
            return;
    }
}

static void *serve(void *ctx)
{
    struct server *server = ctx;
    int client = accept(server->listener, NULL, NULL);
    if (client < 0)
        return NULL;
    read_request(server, client);
    if (server->reply)
        (void)!send(client, server->reply, strlen(server->reply), MSG_NOSIGNAL);
    else
        sleep(2);
    close(client);
    return NULL;
}

static void start_server(struct server *server, const char *reply)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    *server = (struct server){.reply = reply, .listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    assert_int_equal(bind(server->listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(server->listener, 1), 0);
    assert_int_equal(getsockname(server->listener, (struct sockaddr *)&address, &size), 0);
    snprintf(server->url, sizeof server->url, "http://127.0.0.1:%d/v1/x", ntohs(address.sin_port));
    assert_int_equal(pthread_create(&server->thread, NULL, serve, server), 0);
}

static void stop_server(struct server *server)
{
    pthread_join(server->thread, NULL);
    close(server->listener);
}

static void wrong_addresses_are_unavailable(void **state)
{
    static const char *const urls[] = {"ftp://127.0.0.1/x", "file:///etc/passwd", "http://127.0.0.1:1/x", "not a url",
                                       ""};
    struct nr_http_reply reply;
    (void)state;
    for (size_t i = 0; i < NR_COUNT(urls); i++) {
        struct nr_error err = {""};
        assert_int_equal(nr_http_json(urls[i], NULL, NULL, 5, 1000, &reply, &err), NR_ERR_UNAVAILABLE);
        assert_non_null(strstr(err.text, "cannot reach '"));
        assert_null(reply.body.data);
    }
    assert_int_equal(nr_http_json("http://127.0.0.1:1/", "key\r\nX: y", NULL, 5, 1000, &reply, NULL), NR_ERR_USAGE);
}

static void a_post_carries_body_and_key(void **state)
{
    struct server server;
    struct nr_http_reply reply;
    (void)state;
    start_server(&server, "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{\"a\":1}");
    assert_int_equal(nr_http_json(server.url, "secret", "{\"b\":2}", 5, 1000, &reply, NULL), NR_OK);
    stop_server(&server);
    assert_int_equal(reply.code, 200);
    assert_string_equal(reply.body.data, "{\"a\":1}");
    assert_non_null(strstr(server.request, "POST /v1/x HTTP/1.1\r\n"));
    assert_non_null(strstr(server.request, "Authorization: Bearer secret\r\n"));
    assert_non_null(strstr(server.request, "Content-Type: application/json\r\n"));
    assert_non_null(strstr(server.request, "\r\n\r\n{\"b\":2}"));
    nr_buf_release(&reply.body);
}

static void error_codes_and_redirects_are_replies(void **state)
{
    struct server server;
    struct nr_http_reply reply;
    (void)state;
    start_server(&server, "HTTP/1.1 500 No\r\nContent-Length: 4\r\n\r\noops");
    assert_int_equal(nr_http_json(server.url, NULL, NULL, 5, 1000, &reply, NULL), NR_OK);
    stop_server(&server);
    assert_int_equal(reply.code, 500);
    assert_string_equal(reply.body.data, "oops");
    assert_non_null(strstr(server.request, "GET /v1/x"));
    assert_null(strstr(server.request, "Authorization"));
    nr_buf_release(&reply.body);
    start_server(&server, "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n");
    assert_int_equal(nr_http_json(server.url, NULL, NULL, 5, 1000, &reply, NULL), NR_OK);
    stop_server(&server);
    assert_int_equal(reply.code, 302);
    nr_buf_release(&reply.body);
}

static void replies_too_long_too_late_or_cut_are_failures(void **state)
{
    struct server server;
    struct nr_http_reply reply;
    struct nr_error err;
    (void)state;
    start_server(&server, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789");
    assert_int_equal(nr_http_json(server.url, NULL, "{}", 5, 9, &reply, &err), NR_ERR_DATA);
    stop_server(&server);
    assert_non_null(strstr(err.text, "is larger than 9 bytes"));
    start_server(&server, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234");
    assert_int_equal(nr_http_json(server.url, NULL, "{}", 5, 100, &reply, &err), NR_ERR_IO);
    stop_server(&server);
    start_server(&server, NULL);
    assert_int_equal(nr_http_json(server.url, NULL, "{}", 0.3, 100, &reply, &err), NR_ERR_IO);
    stop_server(&server);
    assert_non_null(strstr(err.text, "within 0.3 s"));
    assert_null(reply.body.data);
}

/* A proxy of the environment must not see what goes to this machine. */
static void proxies_are_not_for_this_machine(void **state)
{
    struct server server;
    struct nr_http_reply reply;
    (void)state;
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    start_server(&server, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
    assert_int_equal(nr_http_json(server.url, NULL, NULL, 5, 100, &reply, NULL), NR_OK);
    stop_server(&server);
    unsetenv("http_proxy");
    nr_buf_release(&reply.body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_addresses_are_unavailable),
        cmocka_unit_test(a_post_carries_body_and_key),
        cmocka_unit_test(error_codes_and_redirects_are_replies),
        cmocka_unit_test(replies_too_long_too_late_or_cut_are_failures),
        cmocka_unit_test(proxies_are_not_for_this_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
