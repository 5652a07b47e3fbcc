/* confine.c - the cage of a worker: resource limits, then a filter of system calls
 * through libseccomp. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include <seccomp.h>

#include "media/worker.h"

#include "core/banned.h"

#if defined(__SANITIZE_ADDRESS__)
enum { CAN_BE_CONFINED = 0 };
#else
enum { CAN_BE_CONFINED = 1 };
#endif

/* Valgrind preloads libraries of its own into what it runs. */
static bool under_valgrind(void)
{
    const char *preloaded = getenv("LD_PRELOAD");
    return preloaded && strstr(preloaded, "/vgpreload_");
}

bool nr_worker_can_be_confined(void)
{
    return CAN_BE_CONFINED && !under_valgrind();
}

/* Bytes of addresses that the process has now; 0 where unknown. */
static size_t own_size(void)
{
    unsigned long pages = 0;
    FILE *statm = fopen("/proc/self/statm", "re");
    if (!statm)
        return 0;
    char line[64];
    int64_t value;
    if (fgets(line, sizeof line, statm) && nr_parse_int64(line, strcspn(line, " "), &value) && value > 0)
        pages = (unsigned long)value;
    fclose(statm);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static bool set_limit(int which, rlim_t value)
{
    const struct rlimit limit = {value, value};
    return setrlimit(which, &limit) == 0;
}

static enum nr_status limit_resources(const struct nr_order *order, struct nr_error *err)
{
    size_t own = own_size();
    bool set = set_limit(RLIMIT_CPU, (rlim_t)order->cpu_seconds) && set_limit(RLIMIT_FSIZE, 0);
    if (set && order->memory)
        set = own > 0 && set_limit(RLIMIT_AS, (rlim_t)(own + order->memory));
    return set ? NR_OK : nr_fail(err, NR_ERR_INTERNAL, "cannot limit a worker's resources: %s", strerror(errno));
}

/* What decoding with one thread and our own input and output need. Closing, sleeping
 * and asking for the time touch nothing outside; the last three let an abort() end as
 * one instead of as a forbidden call. */
static const int allowed[] = {
    SCMP_SYS(read),         SCMP_SYS(pread64),
    SCMP_SYS(write),        SCMP_SYS(lseek),
    SCMP_SYS(close),        SCMP_SYS(brk),
    SCMP_SYS(munmap),       SCMP_SYS(mremap),
    SCMP_SYS(madvise),      SCMP_SYS(futex),
    SCMP_SYS(exit_group),   SCMP_SYS(exit),
    SCMP_SYS(rt_sigreturn), SCMP_SYS(clock_gettime),
    SCMP_SYS(gettimeofday), SCMP_SYS(clock_nanosleep),
    SCMP_SYS(sched_yield),  SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(gettid),       SCMP_SYS(getpid),
};

/* What a library may try and can do without. */
static const int refused[] = {
    SCMP_SYS(openat),
    SCMP_SYS(open),
    SCMP_SYS(ioctl),
    SCMP_SYS(newfstatat),
    SCMP_SYS(fstat),
    SCMP_SYS(stat),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(getrandom),
    SCMP_SYS(sysinfo),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(uname),
    SCMP_SYS(prctl),
    SCMP_SYS(fcntl),
    SCMP_SYS(getcwd),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(prlimit64),
};

/* A refused call is a signal, whose handler answers in the kernel's place and counts. */
static volatile sig_atomic_t refused_count;

#if defined(__x86_64__)
#define CAN_COUNT              1
#define ANSWER(context, value) ((context)->uc_mcontext.gregs[REG_RAX] = (value))
#elif defined(__aarch64__)
#define CAN_COUNT              1
#define ANSWER(context, value) ((context)->uc_mcontext.regs[0] = (unsigned long long)(value))
#else
#define CAN_COUNT              0 /* refused all the same */
#define ANSWER(context, value) ((void)(context))
#endif

static void answer_refused(int number, siginfo_t *info, void *context)
{
    (void)number;
    (void)info;
    refused_count = refused_count + 1;
    ANSWER((ucontext_t *)context, -EPERM);
}

unsigned nr_worker_refused(void)
{
    return (unsigned)refused_count;
}

static uint32_t refusal(void)
{
    struct sigaction action = {.sa_sigaction = answer_refused, .sa_flags = SA_SIGINFO | SA_NODEFER};
    sigemptyset(&action.sa_mask);
    bool counted = CAN_COUNT && sigaction(SIGSYS, &action, NULL) == 0;
    return counted ? SCMP_ACT_TRAP : SCMP_ACT_ERRNO(EPERM);
}

static int add_rules(scmp_filter_ctx filter)
{
    uint32_t refuse = refusal();
    int code = 0;
    for (size_t i = 0; i < NR_COUNT(allowed) && code == 0; i++)
        code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
    for (size_t i = 0; i < NR_COUNT(refused) && code == 0; i++)
        code = seccomp_rule_add(filter, refuse, refused[i], 0);
    /* memory, but never such that what was written can be run */
    if (code == 0)
        code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    if (code == 0)
        code =
            seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    /* a signal to itself alone: abort() */
    if (code == 0)
        code =
            seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()));
    return code;
}

static enum nr_status filter_calls(struct nr_error *err)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (!filter)
        return nr_fail_nomem(err, "a filter of system calls");
    int code = add_rules(filter);
    if (code == 0)
        code = seccomp_load(filter);
    seccomp_release(filter);
    return code == 0 ? NR_OK
                     : nr_fail(err, NR_ERR_INTERNAL, "cannot confine a worker: %s (does this system allow seccomp?)",
                               strerror(-code));
}

enum nr_status nr_worker_confine(const struct nr_order *order, struct nr_error *err)
{
    tzset(); /* reads its file now or never */
    enum nr_status status = limit_resources(order, err);
    return status ? status : filter_calls(err);
}
