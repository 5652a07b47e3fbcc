/* mel.h - power in Slaney's mel bands of a stream of samples. */
#ifndef NR_FEATURE_MEL_H
#define NR_FEATURE_MEL_H

#include "nightreel/feature.h"

/* Built with USE_SIMD KissFFT does four transforms side by side. The packaged library
 * rounds otherwise (it is compiled with -ffast-math): 2e-7 apart. */
#ifdef USE_SIMD
#define NR_MEL_LIBRARY "kissfft simd"
#else
#define NR_MEL_LIBRARY "kissfft"
#endif

struct nr_mel; /* window, filterbank and transform: one for each clip */
enum nr_status nr_mel_new(struct nr_mel **out, struct nr_error *err) NR_MUST_CHECK;
void nr_mel_free(struct nr_mel *mel);
/* Band powers of the NR_MEL_BLOCK frames of NR_MEL_WINDOW samples that start at
 * samples[0], samples[NR_MEL_HOP], ... */
#define NR_MEL_BLOCK         8
#define NR_MEL_BLOCK_SAMPLES (NR_MEL_WINDOW + (NR_MEL_BLOCK - 1) * NR_MEL_HOP)
void nr_mel_block(struct nr_mel *mel, const float *samples, float out[NR_MEL_BLOCK][NR_MEL_BANDS]);

/* DCT-II, orthonormal, of NR_MEL_BANDS values, the first NR_MFCC_COUNT coefficients:
 * X_k = s_k sum_j x_j cos(pi k (2j + 1) / (2 n)), s_0 = sqrt(1/n), s_k = sqrt(2/n). */
struct nr_dct {
    _Alignas(16) float basis[NR_MEL_BANDS][NR_MFCC_COUNT];
};
void nr_dct_init(struct nr_dct *dct);
/* Of `count` sets of NR_MEL_BANDS values. */
void nr_dct_apply(const struct nr_dct *dct, const float *bands, size_t count, float out[][NR_MFCC_COUNT]);

#endif
