/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/baseline-weights.h"

#include <float.h>
#include <math.h>

/* A weight of exp(-70) = 4e-31 is lost in rounding beside any lambda that is allowed; much smaller
 * ones have squares below the normal numbers, on which processors are a hundred times slower. */
static const double ARPLS_MAX_ARGUMENT = 70.0;
/* Squares of it stay in range, and the weight of such a residual is 0 or 1 long before. */
static const double MAX_ARGUMENT = 1e150;

/* Sums over the residuals: eight parts of one spectrum's, or one for each spectrum. */
typedef struct {
    const CelResiduals *res;
    double sum[CEL_LANES] CEL_LANES_ALIGNED;
    double count[CEL_LANES] CEL_LANES_ALIGNED;
    double mean[CEL_LANES] CEL_LANES_ALIGNED;
    double squares[CEL_LANES] CEL_LANES_ALIGNED;
} Moments;

#define CEL_LANES_BODY "process/baseline-weights-body.h"
#include "process/cel-lanes-forms.h"
CEL_LANES_DISPATCH(sum_one, Moments *)
CEL_LANES_DISPATCH(square_one, Moments *)
CEL_LANES_DISPATCH(sum_many, Moments *)
CEL_LANES_DISPATCH(square_many, Moments *)
CEL_LANES_DISPATCH(weigh_one, CelWeigh *)
CEL_LANES_DISPATCH(weigh_beside, CelWeigh *)

static double mean_of(double sum, double count)
{
    return count < 2.0 ? 0.0 : sum / count;
}

/* equal residuals: the logistic becomes a step, without a division by zero */
static double deviation_of(double squares, double count)
{
    return count < 2.0 ? 0.0 : fmax(sqrt(squares / (count - 1.0)), DBL_MIN);
}

void cel_negatives(const CelResiduals *res, CelNegatives *out)
{
    Moments m = {.res = res};
    sum_one(&m);
    *out = (CelNegatives){.count = cel_lanes_sum(m.count), .sum = cel_lanes_sum(m.sum)};
    out->mean = m.mean[0] = mean_of(out->sum, out->count);
    square_one(&m);
    out->deviation = deviation_of(cel_lanes_sum(m.squares), out->count);
}

void cel_negatives_many(const CelResiduals *res, CelNegatives out[CEL_LANES])
{
    Moments m = {.res = res};
    sum_many(&m);
    for (gsize k = 0; k < cel_lanes_width(); k++)
        m.mean[k] = mean_of(m.sum[k], m.count[k]);
    square_many(&m);
    for (gsize k = 0; k < cel_lanes_width(); k++)
        out[k] = (CelNegatives){.count = m.count[k],
                                .sum = m.sum[k],
                                .mean = m.mean[k],
                                .deviation = deviation_of(m.squares[k], m.count[k])};
}

void cel_weigh_one(CelWeigh *w)
{
    for (gsize k = 1; k < CEL_LANES; k++) {
        w->scale[k] = w->scale[0];
        w->centre[k] = w->centre[0];
    }
    weigh_one(w);
}

void cel_weigh_many(CelWeigh *w)
{
    weigh_beside(w);
}
