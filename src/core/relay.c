/* relay.c - one thread that takes work over, a batch at a time. */
#include "nightreel/core.h"

#include <pthread.h>
#include <stdlib.h>

#include "core/banned.h"

struct nr_relay {
    void (*work)(void *ctx, void *batch);
    void *ctx;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    void *batch; /* in the works; NULL: idle */
    bool ended;
};

static void *relay_run(void *arg)
{
    struct nr_relay *relay = arg;
    pthread_mutex_lock(&relay->lock);
    for (;;) {
        while (!relay->batch && !relay->ended)
            pthread_cond_wait(&relay->changed, &relay->lock);
        if (!relay->batch)
            break;
        pthread_mutex_unlock(&relay->lock);
        relay->work(relay->ctx, relay->batch);
        pthread_mutex_lock(&relay->lock);
        relay->batch = NULL;
        pthread_cond_broadcast(&relay->changed);
    }
    pthread_mutex_unlock(&relay->lock);
    return NULL;
}

struct nr_relay *nr_relay_new(void (*work)(void *ctx, void *batch), void *ctx)
{
    struct nr_relay *relay = calloc(1, sizeof *relay);
    if (!relay)
        return NULL;
    relay->work = work;
    relay->ctx = ctx;
    pthread_mutex_init(&relay->lock, NULL);
    pthread_cond_init(&relay->changed, NULL);
    if (pthread_create(&relay->thread, NULL, relay_run, relay) == 0)
        return relay;
    pthread_cond_destroy(&relay->changed);
    pthread_mutex_destroy(&relay->lock);
    free(relay);
    return NULL;
}

/* With the lock held. */
static void wait_idle(struct nr_relay *relay)
{
    while (relay->batch)
        pthread_cond_wait(&relay->changed, &relay->lock);
}

void nr_relay_wait(struct nr_relay *relay)
{
    pthread_mutex_lock(&relay->lock);
    wait_idle(relay);
    pthread_mutex_unlock(&relay->lock);
}

void nr_relay_give(struct nr_relay *relay, void *batch)
{
    pthread_mutex_lock(&relay->lock);
    wait_idle(relay);
    relay->batch = batch;
    pthread_cond_broadcast(&relay->changed);
    pthread_mutex_unlock(&relay->lock);
}

void nr_relay_free(struct nr_relay *relay)
{
    if (!relay)
        return;
    pthread_mutex_lock(&relay->lock);
    relay->ended = true;
    pthread_cond_broadcast(&relay->changed);
    pthread_mutex_unlock(&relay->lock);
    pthread_join(relay->thread, NULL);
    pthread_cond_destroy(&relay->changed);
    pthread_mutex_destroy(&relay->lock);
    free(relay);
}
