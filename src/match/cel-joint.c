/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-joint.h"

#include "match/cel-joint-private.h"
#include "match/cel-scan-kernel.h"

#include <math.h>
#include <string.h>

/* Two channels of the grid make one here: bands narrower than that are not left by the smoothing,
 * and the fit costs half. */
#define STEP_CM1 (2 * CEL_JOINT_GRID_CM1)
#define LOW_CM1  250.0 /* below, the flank of the Rayleigh line is no smooth background */
#define HIGH_CM1 3200.0
#define KNOT_CM1 150.0
/* Standard deviation by which the sample is smoothed, and the noise averaged. */
#define SMOOTH_CM1 3.0
#define NOISE_CM1  150.0
/* Price of a shift by one channel here, 4 cm-1. */
#define SHIFT_PRICE 0.008

enum {
    MAX_N = CEL_JOINT_MAX_N,
    MAX_K = CEL_JOINT_MAX_K,
    MIN_COMMON = 62, /* channels */
    MAX_LAG = 3,     /* 12 cm-1, as in the search */
    N_LAGS = 2 * MAX_LAG + 1,
    N_BROAD = 3,
    N_TILTS = CEL_JOINT_TILTS,
    N_CHOOSING = 10, /* references that choose what all have in common */
    N_RANGES = 8,    /* references of one source have few */
    N_DECIDING = 5,  /* of these, the best speak */
};

static const double broad_cm1[N_BROAD] = {3, 6, 9}; /* the first is the sample's own smoothing */
static const double tilts[N_TILTS] = {0, 0.7, 1.4}; /* per 1000 cm-1 */

typedef CelJointRange Range;

typedef struct {
    guint first, n;                /* channels of STEP_CM1 */
    double y[MAX_N];               /* smoothed */
    double weight[N_TILTS][MAX_N]; /* square root of the weight, times the tilt */
    double spline[MAX_N][4];       /* the four splines that are not 0 there, times weight[0] */
    guint8 cell[MAX_N];            /* the first of them */
    Range ranges[N_RANGES];        /* met before; n 0: none yet */
    Range *range;                  /* of the references at hand */
    guint next;                    /* of @ranges, to be overwritten */
    CelNoiseBell bells[N_BROAD];
    CelJointBeside beside; /* the references at hand */
} Joint;

static double place(guint channel)
{
    return channel * STEP_CM1 + CEL_JOINT_GRID_CM1 / 2;
}

static double value_at(const CelJointCurve *c, guint i)
{
    return c->y != NULL ? c->y[i] : (double)c->y_single[i];
}

/* Channels of STEP_CM1 that lie wholly in @curve and in the range of the fit.
 * Returns: how many; @out_first is the first. */
static guint halved(const CelJointCurve *curve, guint *out_first)
{
    const guint low = (guint)(LOW_CM1 / STEP_CM1), high = (guint)(HIGH_CM1 / STEP_CM1);
    const guint from = MAX((curve->first + 1) / 2, low),
                to = MIN((curve->first + curve->n) / 2, high);
    *out_first = from;
    return to > from ? to - from : 0;
}

static void halve(const CelJointCurve *curve, guint first, guint n, double *out)
{
    for (guint i = 0; i < n; i++) {
        const guint k = 2 * (first + i) - curve->first;
        out[i] = 0.5 * (value_at(curve, k) + value_at(curve, k + 1));
    }
}

/* ---- the sample ---- */

static void set_splines(Joint *joint)
{
    const double origin = floor(place(joint->first) / KNOT_CM1);
    for (guint i = 0; i < joint->n; i++) {
        const double at = place(joint->first + i) / KNOT_CM1 - origin, t = at - floor(at);
        double *s = joint->spline[i];
        joint->cell[i] = (guint8)at;
        s[0] = (1 - t) * (1 - t) * (1 - t) / 6;
        s[1] = (4 - 6 * t * t + 3 * t * t * t) / 6;
        s[2] = (1 + 3 * t + 3 * t * t - 3 * t * t * t) / 6;
        s[3] = t * t * t / 6;
    }
}

/* Height of the highest local maximum between two places above the values @away channels to either
 * side; 0: there is none. */
static double stands_out(const Joint *joint, double from, double to, guint *out_at)
{
    enum { AWAY = 7 }; /* 28 cm-1: wider than the band */
    double best = 0;
    for (guint i = AWAY; i + AWAY < joint->n; i++) {
        const double *y = joint->y + i, x = place(joint->first + i);
        const double height = y[0] - 0.5 * (y[-AWAY] + y[AWAY]);
        if (x < from || x > to || y[0] < y[-1] || y[0] < y[1] || height <= best)
            continue;
        best = height;
        *out_at = i;
    }
    return best;
}

static void blank(guint8 *out, const Joint *joint, double from, double to)
{
    for (guint i = 0; i < joint->n; i++)
        if (place(joint->first + i) >= from && place(joint->first + i) <= to)
            out[i] = 1;
}

/* Six standard deviations of the noise, in either band; one at most four times the other. The
 * widths that are left out are those of the bands with their shoulder at 1190. */
static gboolean blank_carotenoid(const Joint *joint, double noise, guint8 *mask)
{
    guint a = 0, b = 0;
    const double low = stands_out(joint, 1144, 1166, &a), high = stands_out(joint, 1504, 1532, &b);
    if (!(MIN(low, high) > 6 * noise) || high > 4 * low || high < 0.3 * low)
        return FALSE;
    blank(mask, joint, place(joint->first + a) - 22, place(joint->first + a) + 22);
    blank(mask, joint, 1178, 1202);
    blank(mask, joint, place(joint->first + b) - 26, place(joint->first + b) + 26);
    return TRUE;
}

static void set_weights(Joint *joint, const double *variance, const guint8 *mask)
{
    const double whole = sqrt(sqrt(variance[joint->n / 2]));
    for (guint i = 0; i < joint->n; i++) {
        const double w = mask[i] != 0 ? 0 : whole / sqrt(sqrt(variance[i]));
        for (guint t = 0; t < N_TILTS; t++)
            joint->weight[t][i] = w * exp(-tilts[t] * (place(joint->first + i) - 1000) / 1000);
        for (guint d = 0; d < 4; d++)
            joint->spline[i][d] *= w;
    }
}

static double middle(const double *variance, guint n)
{
    double sum = 0;
    for (guint i = 0; i < n; i++)
        sum += sqrt(variance[i]);
    return sum / n;
}

static gboolean prepare(Joint *joint, const CelJointCurve *sample, CelJointFit *fit)
{
    for (guint i = 0; i < N_RANGES; i++)
        joint->ranges[i].n = 0;
    joint->next = 0;
    joint->range = &joint->ranges[0];
    for (guint b = 0; b < N_BROAD; b++)
        joint->bells[b] = cel_noise_bell(broad_cm1[b] / STEP_CM1);
    joint->n = halved(sample, &joint->first);
    if (joint->n < MIN_COMMON || joint->n > MAX_N)
        return FALSE;
    g_autofree double *fine = g_new(double, 2 * sample->n);
    double *variance = fine + sample->n, own[MAX_N];
    guint8 mask[MAX_N] = {0};
    for (guint k = 0; k < sample->n; k++)
        fine[k] = value_at(sample, k);
    cel_noise_variance(fine, sample->mask, sample->n, NOISE_CM1 / CEL_JOINT_GRID_CM1, variance);
    halve(sample, joint->first, joint->n, joint->y);
    for (guint i = 0; i < joint->n; i++) {
        const guint k = 2 * (joint->first + i) - sample->first;
        own[i] = 0.5 * (variance[k] + variance[k + 1]);
        mask[i] = sample->mask != NULL && (sample->mask[k] | sample->mask[k + 1]) != 0;
    }
    cel_noise_smooth(joint->y, joint->n, SMOOTH_CM1 / STEP_CM1);
    fit->carotenoid = blank_carotenoid(joint, middle(own, joint->n), mask);
    set_splines(joint);
    set_weights(joint, own, mask);
    return TRUE;
}

/* ---- the splines over one range ---- */

static guint n_splines(const Joint *joint, const Range *r)
{
    return (guint)(joint->cell[r->from + r->n - 1] - joint->cell[r->from]) + 4;
}

/* Channels from @i on that lie between the same two knots. Returns: the first that does not. */
static guint cell_end(const Joint *joint, const Range *r, guint i)
{
    const guint8 cell = joint->cell[r->from + i];
    while (i < r->n && joint->cell[r->from + i] == cell)
        i++;
    return i;
}

/* B'W v, for v already times w. Between two knots the four sums stay in registers. */
static void against_splines(const Joint *joint, const Range *r, const double *v, double *out)
{
    memset(out, 0, MAX_K * sizeof *out);
    for (guint i = 0; i < r->n;) {
        const guint end = cell_end(joint, r, i);
        double *at = out + (joint->cell[r->from + i] - joint->cell[r->from]);
        double sum[4] = {0};
        for (; i < end; i++)
            for (guint d = 0; d < 4; d++)
                sum[d] += v[i] * joint->spline[r->from + i][d];
        for (guint d = 0; d < 4; d++)
            at[d] += sum[d];
    }
}

/* B'WWB, its lower band. */
static void square_splines(const Joint *joint, Range *r)
{
    memset(r->chol, 0, sizeof r->chol);
    for (guint i = 0; i < r->n;) {
        const guint end = cell_end(joint, r, i);
        const guint j = (guint)(joint->cell[r->from + i] - joint->cell[r->from]);
        double sum[4][4] = {{0}};
        for (; i < end; i++) {
            const double *s = joint->spline[r->from + i];
            for (guint a = 0; a < 4; a++)
                for (guint b = 0; b < 4; b++)
                    sum[a][b] += s[a] * s[b];
        }
        for (guint a = 0; a < 4; a++)
            for (guint b = 0; b <= a; b++)
                r->chol[j + a][a - b] += sum[a][b];
    }
}

static void factor(const Joint *joint, Range *r)
{
    const guint k = n_splines(joint, r);
    double trace = 0;
    square_splines(joint, r);
    for (guint j = 0; j < k; j++)
        trace += r->chol[j][0];
    /* splines that reach into the range with their tail only are held by this and nothing else */
    for (guint j = 0; j < k; j++)
        r->chol[j][0] += 1e-9 * trace;
    for (guint j = 0; j < k; j++) {
        for (guint d = MIN(j, 3); d > 0; d--) {
            for (guint e = d + 1; e <= MIN(j, 3); e++)
                r->chol[j][d] -= r->chol[j][e] * r->chol[j - d][e - d];
            r->chol[j][d] /= r->chol[j - d][0];
            r->chol[j][0] -= r->chol[j][d] * r->chol[j][d];
        }
        r->chol[j][0] = sqrt(MAX(r->chol[j][0], 1e-300));
    }
}

/* L z = z, in place. Returns: |z|^2, what the splines explain. */
static double forward(const Range *r, guint k, double *z)
{
    double sum = 0;
    for (guint j = 0; j < k; j++) {
        for (guint d = 1; d <= MIN(j, 3); d++)
            z[j] -= r->chol[j][d] * z[j - d];
        z[j] /= r->chol[j][0];
        sum += z[j] * z[j];
    }
    return sum;
}

static void backward(const Range *r, guint k, double *z)
{
    for (guint j = k; j-- > 0;) {
        for (guint d = 1; d < 4 && j + d < k; d++)
            z[j] -= r->chol[j + d][d] * z[j + d];
        z[j] /= r->chol[j][0];
    }
}

/* What the background leaves of the sample over channels @from..@from + @n. */
static void set_range(Joint *joint, guint from, guint n)
{
    for (guint i = 0; i < N_RANGES; i++) {
        joint->range = &joint->ranges[i];
        if (joint->range->n == n && joint->range->from == from)
            return;
    }
    Range *r = joint->range = &joint->ranges[joint->next];
    joint->next = (joint->next + 1) % N_RANGES;
    double z[MAX_K], sum = 0, mean = 0;
    r->from = from;
    r->n = n;
    memset(r->has_u, 0, sizeof r->has_u);
    factor(joint, r);
    for (guint i = 0; i < n; i++)
        mean += joint->y[from + i] / n;
    for (guint i = 0; i < n; i++)
        r->left[i] = joint->weight[0][from + i] * (joint->y[from + i] - mean);
    against_splines(joint, r, r->left, z);
    forward(r, n_splines(joint, r), z);
    backward(r, n_splines(joint, r), z);
    for (guint i = 0; i < n; i++) {
        const guint c = from + i, j = (guint)(joint->cell[c] - joint->cell[from]);
        for (guint d = 0; d < 4; d++)
            r->left[i] -= joint->spline[c][d] * z[j + d];
        sum += r->left[i] * r->left[i];
    }
    r->norm = sqrt(sum);
}

/* ---- references side by side ---- */

/* The channels of the sample that @curve has. Returns: FALSE: too few. */
static gboolean common(const Joint *joint, const CelJointCurve *curve, guint *out_from,
                       guint *out_n)
{
    guint first = 0;
    const guint n = halved(curve, &first);
    const guint from = MAX(first, joint->first), to = MIN(first + n, joint->first + joint->n);
    *out_from = from - joint->first;
    *out_n = to - from;
    return to >= from + MIN_COMMON;
}

/* Lays the @n references side by side over the range at hand, channel by channel. */
static void lay(Joint *joint, const CelJointCurve *const curves[CEL_LANES], guint n)
{
    const gsize width = cel_lanes_width(), n_channels = joint->range->n;
    const guint from = 2 * (joint->first + joint->range->from);
    double *raw = joint->beside.raw;
    gboolean single = TRUE;
    for (guint lane = 0; lane < n; lane++)
        single = single && curves[lane]->y == NULL;
    for (gsize i = 0; i < n_channels && single; i++)
        for (gsize lane = 0; lane < n; lane++) {
            const float *y = curves[lane]->y_single + (from - curves[lane]->first) + 2 * i;
            raw[i * width + lane] = 0.5 * ((double)y[0] + (double)y[1]);
        }
    for (gsize lane = 0; lane < n && !single; lane++) {
        double y[MAX_N];
        halve(curves[lane], from / 2, (guint)n_channels, y);
        for (gsize i = 0; i < n_channels; i++)
            raw[i * width + lane] = y[i];
    }
    for (gsize lane = n; lane < width; lane++) /* without a reference */
        for (gsize i = 0; i < n_channels; i++)
            raw[i * width + lane] = 0;
    joint->beside.n = (guint)n_channels;
}

/* What references are correlated with under the weights of @tilt: made when first asked for. */
static const float *correlated(const Joint *joint, guint tilt)
{
    Range *r = joint->range;
    for (guint i = 0; i < r->n && !r->has_u[tilt]; i++)
        r->u[tilt][i] = (float)(r->left[i] * joint->weight[tilt][r->from + i] / r->norm);
    r->has_u[tilt] = TRUE;
    return r->u[tilt];
}

/* Best correlation of @y, over the range, within MAX_LAG, less the price of the shift. @norm: its
 * length, that of the reference where it stands: a shift by a band's width changes it little. */
static double correlate(const Joint *joint, const float *y, guint tilt, double norm)
{
    const Range *r = joint->range;
    const float *u = correlated(joint, tilt);
    CelScanPair pairs[N_LAGS];
    double sums[N_LAGS], best = -1;
    /* -MAX_LAG..0 begin with the same of @y, the others with the same of @u */
    for (int lag = -MAX_LAG; lag <= MAX_LAG; lag++) {
        const guint by = (guint)ABS(lag), n = r->n - by;
        pairs[lag + MAX_LAG] = lag > 0 ? (CelScanPair){u, y + by, n} : (CelScanPair){u + by, y, n};
    }
    cel_scan_kernel()->sums(pairs, N_LAGS, sums);
    for (int lag = -MAX_LAG; lag <= MAX_LAG; lag++)
        best = MAX(best, sums[lag + MAX_LAG] * r->norm / norm - SHIFT_PRICE * lag * lag);
    return MIN(best, 1);
}

/* The score of each lane under the weights of @tilt; they are smoothed. */
static void score_lanes(Joint *joint, guint tilt, guint n_lanes, double out[CEL_LANES])
{
    const Range *r = joint->range;
    const gsize width = cel_lanes_width();
    CelJointBeside *b = &joint->beside;
    const CelJointBackground background = {.range = r,
                                           .weight = joint->weight[tilt] + r->from,
                                           .spline = (const double(*)[4])joint->spline + r->from,
                                           .cell = joint->cell + r->from,
                                           .n_splines = n_splines(joint, r)};
    cel_joint_explain_beside(b, &background);
    for (guint lane = 0; lane < n_lanes; lane++) {
        const double sum = b->whole[lane], rest = sum - b->explained[lane];
        /* what is left by rounding alone is nothing */
        const double norm = (rest > 1e-9 * sum ? sqrt(rest) : 0) * r->norm;
        float y[MAX_N];
        for (guint i = 0; i < r->n && norm > 0; i++)
            y[i] = (float)b->y[i * width + lane];
        out[lane] = norm > 0 ? correlate(joint, y, tilt, norm) : 0;
    }
}

/* Scores of a reference for each broadening and tilt that is asked for, NAN: the others, or all
 * when too little is in common. */
typedef struct {
    double score[N_BROAD][N_TILTS];
} Tried;

typedef struct {
    guint broad_from, broad_to, tilt_from, tilt_to;
} Asked;

/* References over the range at hand, and where their scores go. */
typedef struct {
    guint n;
    const CelJointCurve *curves[CEL_LANES];
    Tried *out[CEL_LANES];
} Lanes;

static void try_lanes(Joint *joint, const Asked *asked, Lanes *lanes)
{
    if (lanes->n == 0)
        return;
    lay(joint, lanes->curves, lanes->n);
    for (guint b = asked->broad_from; b < asked->broad_to; b++) {
        cel_joint_smooth_beside(&joint->beside, &joint->bells[b]);
        for (guint t = asked->tilt_from; t < asked->tilt_to; t++) {
            double scores[CEL_LANES];
            score_lanes(joint, t, lanes->n, scores);
            for (guint lane = 0; lane < lanes->n; lane++)
                lanes->out[lane]->score[b][t] = scores[lane];
        }
    }
    lanes->n = 0;
}

/* Has the processor read what is tried soon. */
static void fetch(const CelJointCurve *curve)
{
    if (curve->y == NULL)
        cel_scan_fetch(curve->y_single, curve->n * sizeof(float));
}

static void clear(Tried *tried)
{
    for (guint b = 0; b < N_BROAD; b++)
        for (guint t = 0; t < N_TILTS; t++)
            tried->score[b][t] = NAN;
}

/* Those that lie side by side cover the same range: the next one that does not begins anew. */
static void try_all(Joint *joint, const CelJointCurve *curves, guint n, const Asked *asked,
                    Tried *out)
{
    const guint width = (guint)cel_lanes_width();
    Lanes lanes = {.n = 0};
    for (guint i = 0; i < n; i++) {
        guint from = 0, n_common = 0;
        clear(&out[i]);
        if (i + width < n)
            fetch(&curves[i + width]);
        if (!common(joint, &curves[i], &from, &n_common))
            continue;
        if (lanes.n == width || joint->range->from != from || joint->range->n != n_common)
            try_lanes(joint, asked, &lanes);
        if (lanes.n == 0)
            set_range(joint, from, n_common);
        lanes.curves[lanes.n] = &curves[i];
        lanes.out[lanes.n++] = &out[i];
    }
    try_lanes(joint, asked, &lanes);
}

/* ---- what all have in common ---- */

/* Sum of the cubes of the best scores, so that the best of them has most to say. */
static double sum_of_best(const Tried *tried, guint n, guint b, guint t)
{
    double best[N_DECIDING] = {0}, sum = 0;
    for (guint i = 0; i < n; i++) {
        double score = tried[i].score[b][t];
        for (guint k = 0; k < N_DECIDING && !isnan(score); k++) {
            const double kept = best[k];
            best[k] = MAX(score, kept);
            score = MIN(score, kept);
        }
    }
    for (guint k = 0; k < N_DECIDING; k++)
        sum += best[k] * best[k] * best[k];
    return sum;
}

/* The one broadening and the one tilt under which the best references fit best. */
static Asked choose(const Tried *tried, guint n)
{
    Asked best = {0, 1, 0, 1};
    double highest = sum_of_best(tried, n, 0, 0);
    for (guint b = 0; b < N_BROAD; b++) {
        for (guint t = 0; t < N_TILTS; t++) {
            const double sum = sum_of_best(tried, n, b, t);
            if (sum <= highest)
                continue;
            highest = sum;
            best = (Asked){b, b + 1, t, t + 1};
        }
    }
    return best;
}

/* Scores of the @n references, from what all of them have in common. */
static void score_all(Joint *joint, const CelJointCurve *references, guint n, double *out_scores,
                      CelJointFit *fit)
{
    static const Asked everything = {0, N_BROAD, 0, N_TILTS};
    g_autofree Tried *tried = g_new(Tried, n + 1);
    const guint n_tried = MIN(n, N_CHOOSING);
    try_all(joint, references, n_tried, &everything, tried);
    const Asked best = choose(tried, n_tried);
    try_all(joint, references + n_tried, n - n_tried, &best, tried + n_tried);
    for (guint i = 0; i < n; i++)
        out_scores[i] = tried[i].score[best.broad_from][best.tilt_from];
    fit->broadened_cm1 = broad_cm1[best.broad_from];
    fit->tilt = tilts[best.tilt_from];
}

gboolean cel_joint_scores(const CelJointCurve *sample, const CelJointCurve *references, guint n,
                          double *out_scores, CelJointFit *out_fit)
{
    Joint *joint = g_aligned_alloc(1, sizeof *joint, sizeof(CelEight));
    CelJointFit fit = {0};
    for (guint i = 0; i < n; i++)
        out_scores[i] = NAN;
    const gboolean enough = prepare(joint, sample, &fit);
    if (enough)
        score_all(joint, references, n, out_scores, &fit);
    g_aligned_free(joint);
    if (enough && out_fit != NULL)
        *out_fit = fit;
    return enough;
}
