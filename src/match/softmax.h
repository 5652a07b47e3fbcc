/* softmax.h - a streaming log-sum-exp. Private to match. */
#ifndef NR_MATCH_SOFTMAX_H
#define NR_MATCH_SOFTMAX_H

/* sum = exp(top) * scaled: parts are added one after the other without overflow
 * (Milakov and Gimelshein, Online normalizer calculation for softmax, 2018). */
struct nr_softmax {
    double top, scaled; /* start with -INFINITY and 0 */
};

/* Adds exp(top) * scaled. */
void nr_softmax_add(struct nr_softmax *sum, double top, double scaled);
/* Natural logarithm of the sum; -INFINITY where nothing was added. */
double nr_softmax_log(const struct nr_softmax *sum);

#endif
