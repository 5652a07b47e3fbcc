/* threads.c - work spread over threads. */
#include "nightreel/core.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "core/banned.h"

enum { THREADS_MAX = 256 };

unsigned nr_cpu_count(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    int count = CPU_COUNT(&set);
    return count < 1 ? 1 : (unsigned)count;
}

struct crew {
    void (*work)(void *ctx, size_t index, unsigned worker);
    void *ctx;
    size_t count;
    atomic_size_t next;
};

struct member {
    struct crew *crew;
    unsigned worker;
};

static void *member_run(void *arg)
{
    struct member *self = arg;
    struct crew *crew = self->crew;
    for (;;) {
        size_t index = atomic_fetch_add(&crew->next, 1);
        if (index >= crew->count)
            return NULL;
        crew->work(crew->ctx, index, self->worker);
    }
}

void nr_parallel(unsigned threads, size_t count, void (*work)(void *ctx, size_t index, unsigned worker), void *ctx)
{
    struct crew crew = {.work = work, .ctx = ctx, .count = count};
    struct member members[THREADS_MAX];
    pthread_t ids[THREADS_MAX];
    if (threads == 0)
        threads = nr_cpu_count();
    if (threads > THREADS_MAX)
        threads = THREADS_MAX;
    if (threads > count)
        threads = count ? (unsigned)count : 1;
    unsigned started = 1; /* member 0 is the caller */
    for (; started < threads; started++) {
        members[started] = (struct member){&crew, started};
        if (pthread_create(&ids[started], NULL, member_run, &members[started]) != 0)
            break;
    }
    members[0] = (struct member){&crew, 0};
    member_run(&members[0]);
    for (unsigned i = 1; i < started; i++)
        pthread_join(ids[i], NULL);
}
