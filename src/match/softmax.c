/* softmax.c - see softmax.h. */
#include "match/softmax.h"

#include <math.h>

#include "core/banned.h"

void nr_softmax_add(struct nr_softmax *sum, double top, double scaled)
{
    if (!(scaled > 0))
        return;
    if (top > sum->top) {
        sum->scaled = sum->scaled * exp(sum->top - top) + scaled;
        sum->top = top;
    } else if (top == sum->top) {
        sum->scaled += scaled; /* most often; spares the exponential */
    } else {
        sum->scaled += scaled * exp(top - sum->top);
    }
}

double nr_softmax_log(const struct nr_softmax *sum)
{
    return sum->scaled > 0 ? sum->top + log(sum->scaled) : -INFINITY;
}
