/* shots.h - where one shot ends and the next begins, from the histograms of frames. */
#ifndef NR_FEATURE_SHOTS_H
#define NR_FEATURE_SHOTS_H

#include "nightreel/core.h"
#include "nightreel/record.h"

/* The distance of two frames is the earth mover's distance of their histograms, the mean
 * of B, G and R over the whole range: 0 alike, 1 black and white. (The share of pixels
 * that change bins would leap wherever a plain surface in a fade crosses from one bin to
 * the next.) Frames whose distance from the one before stands out from the last
 * NR_SHOT_WINDOW distances by NR_SHOT_LOW_MADS scaled median absolute deviations (1.4826
 * MAD, a normal distribution's sigma) form a transition, which ends when it has been calm
 * for NR_SHOT_CALM_SECONDS (the twin comparison of Zhang, Kankanhalli and Smoliar 1993,
 * "Automatic partitioning of full-motion video"). It is
 *   - a cut where one distance stands out by NR_SHOT_HIGH_MADS, is most of the transition,
 *     and the picture, looked at pixel by pixel, changes far more than around it,
 *   - a fade where it passes through black: the boundary is the middle of the black,
 *   - a dissolve where it leads from one picture straight to another: the boundary lies
 *     where half of the way is done,
 * and otherwise movement, or a flash: the picture afterwards is the one before. */
#define NR_SHOT_WINDOW       48
#define NR_SHOT_LOW_MADS     4.0
#define NR_SHOT_HIGH_MADS    10.0
#define NR_SHOT_CALM_SECONDS 0.25

struct nr_shot_finder;
enum nr_status nr_shot_finder_new(struct nr_shot_finder **out, struct nr_error *err) NR_MUST_CHECK;
void nr_shot_finder_free(struct nr_shot_finder *finder);
/* What the finder looks at. */
#define NR_SHOT_GRID (3 * 960)
struct nr_shot_look {
    const float *shares; /* of pixels in each bin */
    const uint8_t *grid; /* B, G, R of 960 pixels spread over the picture */
    double luma;         /* mean, 0..1 */
    double time;
};
/* The next frame. *boundaries is how many are known by now: they are found up to three
 * seconds late. */
enum nr_status nr_shot_finder_add(struct nr_shot_finder *finder, const struct nr_shot_look *look, size_t *boundaries,
                                  struct nr_error *err) NR_MUST_CHECK;
/* After the last frame. */
enum nr_status nr_shot_finder_finish(struct nr_shot_finder *finder, size_t *boundaries,
                                     struct nr_error *err) NR_MUST_CHECK;
/* Times of the first frames of the second shot, the third, ...; borrowed. */
const double *nr_shot_finder_boundaries(const struct nr_shot_finder *finder);

#endif
