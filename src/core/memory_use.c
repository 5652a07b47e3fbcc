/* memory_use.c - how much memory this process may have, and has had. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "nightreel/core.h"

#include "core/banned.h"

/* The number that a file begins with, or NAN ("max"). */
static double number_in(const char *path)
{
    char line[64];
    double value = NAN;
    FILE *file = fopen(path, "r");
    if (file && fgets(line, sizeof line, file) && !nr_parse_double(line, strcspn(line, "\n"), &value))
        value = NAN;
    if (file)
        fclose(file);
    return value;
}

double nr_memory_limit(void)
{
    struct rlimit own;
    double limit = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    double cage = number_in("/sys/fs/cgroup/memory.max");
    limit = limit > 0 ? limit : INFINITY;
    limit = isnan(cage) ? limit : fmin(limit, cage);
    return getrlimit(RLIMIT_AS, &own) == 0 && own.rlim_cur != RLIM_INFINITY ? fmin(limit, (double)own.rlim_cur) : limit;
}

void nr_memory_peak_reset(void)
{
    FILE *file = fopen("/proc/self/clear_refs", "w");
    if (!file)
        return;
    fputs("5", file);
    fclose(file);
}

double nr_memory_peak(void)
{
    static const char name[] = "VmHWM:";
    char line[128];
    double kib = NAN;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && isnan(kib) && fgets(line, sizeof line, file))
        if (strncmp(line, name, strlen(name)) == 0) {
            const char *number = line + strlen(name);
            size_t length = strcspn(number, "k");
            kib = nr_parse_double(number, length, &kib) ? kib : NAN;
            break;
        }
    if (file)
        fclose(file);
    return kib * 1024;
}
