/* mel.h - power in Slaney's mel bands of a stream of samples. */
#ifndef NR_FEATURE_MEL_H
#define NR_FEATURE_MEL_H

#include "nightreel/feature.h"

struct nr_mel; /* window, filterbank and transform: one for each clip */
enum nr_status nr_mel_new(struct nr_mel **out, struct nr_error *err) NR_MUST_CHECK;
void nr_mel_free(struct nr_mel *mel);
/* Band powers of the two frames of NR_MEL_WINDOW samples that start at samples[0] and
 * samples[NR_MEL_HOP]. */
void nr_mel_pair(struct nr_mel *mel, const float *samples, float first[NR_MEL_BANDS], float second[NR_MEL_BANDS]);

/* DCT-II, orthonormal, of NR_MEL_BANDS values, the first NR_MFCC_COUNT coefficients:
 * X_k = s_k sum_j x_j cos(pi k (2j + 1) / (2 n)), s_0 = sqrt(1/n), s_k = sqrt(2/n). */
struct nr_dct {
    float basis[NR_MEL_BANDS][NR_MFCC_COUNT];
};
void nr_dct_init(struct nr_dct *dct);
void nr_dct_apply(const struct nr_dct *dct, const float bands[NR_MEL_BANDS], float out[NR_MFCC_COUNT]);

#endif
