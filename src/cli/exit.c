/* exit.c - statuses as exit codes (those of sysexits.h where one fits). */
#include "cli/cli.h"

#include "core/banned.h"

int nr_cli_exit_code(enum nr_status status)
{
    switch (status) {
    case NR_OK:
    case NR_END:
        return 0;
    case NR_ERR_USAGE:
        return 64;
    case NR_ERR_DATA:
        return 65;
    case NR_ERR_NOINPUT:
        return 66;
    case NR_ERR_UNAVAILABLE:
        return 69;
    case NR_ERR_INTERNAL:
    case NR_ERR_NOMEM:
        return 70;
    case NR_ERR_CANTCREATE:
        return 73;
    case NR_ERR_IO:
        return 74;
    case NR_ERR_LOCKED:
        return 75;
    case NR_ERR_CONFIG:
        return 78;
    case NR_ERR_INTERRUPTED:
        return 128 + nr_interrupted();
    }
    return 70;
}
