/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/cel-despike.h"

#include "process/cel-select.h"

#include <math.h>
#include <string.h>

/* Of a Gaussian: 1 / inverse normal(3/4); the paper's 0.6745 is its inverse. */
static const double MAD_TO_SD = 1.482602218505602;

static double median_of(const double *values, gsize n)
{
    g_autofree double *copy = g_memdup2(values, n * sizeof *copy);
    return cel_median(copy, n);
}

static gboolean flag_jumps(CelSpikeData *data, double threshold)
{
    const gsize n = data->n - 1;
    g_autofree double *jump = g_new(double, n), *deviation = g_new(double, n);
    for (gsize i = 0; i < n; i++)
        jump[i] = data->y[i + 1] - data->y[i];
    const double median = median_of(jump, n);
    for (gsize i = 0; i < n; i++)
        deviation[i] = fabs(jump[i] - median);
    const double mad = median_of(deviation, n);
    for (gsize i = 0; i < n && mad > 0.0; i++)
        data->flags[i] = 0.6745 * deviation[i] / mad > threshold;
    return mad > 0.0;
}

/* The paper's code takes the mean of the good samples within @reach, where the end of the index
 * range leaves out the last sample; a replaced sample counts as good for the next one. */
static gboolean replace_by_mean(CelSpikeData *data, guint8 *bad, gsize i, gsize reach)
{
    double sum = 0.0, spread = 0.0, good = 0.0;
    const gsize end = MIN(data->n - 1, i + reach + 1);
    for (gsize j = i > reach ? i - reach : 0; j < end; j++) {
        if (bad[j])
            continue;
        sum += data->y[j];
        spread += data->variance != NULL ? data->variance[j] : 0.0;
        good += 1.0;
    }
    if (good < 1.0)
        return FALSE;
    data->y[i] = sum / good;
    if (data->variance != NULL) /* of one sample, predicted by the mean of others */
        data->variance[i] = spread / good * (1.0 + 1.0 / good);
    bad[i] = 0;
    return TRUE;
}

gboolean cel_despike_whitaker_hayes(CelSpikeData *data, double threshold, gsize reach)
{
    if (!flag_jumps(data, threshold))
        return FALSE;
    g_autofree guint8 *bad = g_memdup2(data->flags, data->n);
    for (gsize i = 0; i < data->n; i++) {
        if (bad[i] && !replace_by_mean(data, bad, i, reach))
            return FALSE;
    }
    return TRUE;
}

enum { NOISE_REACH = 32, NOISE_HOP = 8 };

/* Standard deviation of white noise from second differences, whose variance is six times its
 * own. */
static double noise_of(const double *y, gsize first, gsize end, double *scratch)
{
    for (gsize i = first + 1; i + 1 < end; i++)
        scratch[i - first - 1] = fabs(y[i - 1] - 2.0 * y[i] + y[i + 1]);
    return MAD_TO_SD * cel_median(scratch, end - first - 2) / sqrt(6.0);
}

/* Range without the highest and lowest 2 %, in which spikes have no say. */
static double robust_range(const double *y, gsize n)
{
    g_autofree double *low = g_memdup2(y, n * sizeof *low);
    g_autofree double *high = g_memdup2(y, n * sizeof *high);
    return cel_select(high, n, n - 1 - n / 50) - cel_select(low, n, n / 50);
}

void cel_noise_local(const double *y, gsize n, double *out_sd)
{
    g_autofree double *scratch = g_new(double, n);
    const double least = MAX(0.5 * noise_of(y, 0, n, scratch), 1e-5 * robust_range(y, n));
    double sd = least;
    for (gsize i = 0; i < n; i++) {
        if (i % NOISE_HOP == 0) {
            const gsize first = i > NOISE_REACH ? i - NOISE_REACH : 0;
            const gsize end = MIN(n, i + NOISE_REACH + 1);
            sd = end - first < NOISE_REACH ? least : noise_of(y, first, end, scratch);
        }
        out_sd[i] = MAX(sd, least);
    }
}

enum { SIDE = 3, MAX_WIDTH = 3, MAX_PASSES = 8, LEVEL_REACH = 16 };
/* No farther than this from a sample stands anything that its trial looks at. */
enum { TRIAL_REACH = 2 * LEVEL_REACH + 2 * SIDE + 2 * MAX_WIDTH };
static const double SHAPE_MARGIN = 1.25, SHAPE_SD = 3.0, MAX_SHARE = 0.05;
static const double MAX_LEVEL_RATIO = 10.0;

/* What the neighbours of a run have to say about one of its samples: the weights of their
 * least-squares parabola there, and the sum of the squared weights. */
typedef struct {
    double weight[2 * SIDE], squares;
} Parabola;

/* A run of samples a..b between the neighbours that predict it. */
typedef struct {
    gsize a, b, side; /* side: neighbours used on either side, 2 or 3 */
} Run;

static Run run_of(gsize a, gsize b, gsize n)
{
    return (Run){.a = a, .b = b, .side = MIN(MIN(a, n - 1 - b), SIDE)};
}

/* Neighbour @k of a run: alternately on its left and on its right, outwards. */
static gsize neighbour(const Run *run, gsize k)
{
    return k % 2 == 0 ? run->a - 1 - k / 2 : run->b + 1 + k / 2;
}

/* The places of the neighbours are symmetric about the middle of the run, so that the odd and even
 * parts of the parabola separate. */
static Parabola parabola_at(const Run *run, gsize i)
{
    const double middle = 0.5 * (double)(run->a + run->b), tau = (double)i - middle;
    const double n = 2.0 * (double)run->side;
    double t2 = 0.0, t4 = 0.0;
    Parabola out = {.squares = 0.0};
    for (gsize k = 0; k < 2 * run->side; k++) {
        const double t = (double)neighbour(run, k) - middle;
        t2 += t * t;
        t4 += t * t * t * t;
    }
    for (gsize k = 0; k < 2 * run->side; k++) {
        const double t = (double)neighbour(run, k) - middle, square = t * t;
        out.weight[k] =
            (t4 - t2 * square + (n * square - t2) * tau * tau) / (n * t4 - t2 * t2) + t * tau / t2;
        out.squares += out.weight[k] * out.weight[k];
    }
    return out;
}

static double predict(const Run *run, const Parabola *parabola, const double *y)
{
    double value = 0.0;
    for (gsize k = 0; k < 2 * run->side; k++)
        value += parabola->weight[k] * y[neighbour(run, k)];
    return value;
}

typedef struct {
    CelSpikeData *data;
    const CelSpikeOptions *options;
    const double *sd;        /* local noise */
    guint8 *open;            /* not 0: the sample was not tried since something near it changed */
    double k[MAX_WIDTH + 1]; /* steepest band for every width of a run */
    /* for every width, side (2 or SIDE) and sample of a run, wherever it lies */
    Parabola parabolas[MAX_WIDTH + 1][SIDE + 1][MAX_WIDTH];
} Search;

static void fill_parabolas(Search *s)
{
    for (gsize width = 1; width <= s->options->max_width; width++) {
        for (gsize side = 2; side <= SIDE; side++) {
            const Run run = {.a = SIDE, .b = SIDE + width - 1, .side = side};
            for (gsize i = 0; i < width; i++)
                s->parabolas[width][side][i] = parabola_at(&run, run.a + i);
        }
    }
}

static const Parabola *parabola_of(const Search *s, const Run *run, gsize i)
{
    return &s->parabolas[run->b - run->a + 1][run->side][i - run->a];
}

static double band(gboolean lorentz, double u)
{
    return lorentz ? 1.0 / (1.0 + 4.0 * u * u) : exp(-4.0 * G_LN2 * u * u);
}

/* p / fall of a band @fwhm wide whose middle stands @offset from that of the run. */
static double steepness(gboolean lorentz, double fwhm, gsize width, double offset)
{
    const double edge = 0.5 * (double)(width + 1);
    const double left = band(lorentz, (edge + offset) / fwhm);
    const double right = band(lorentz, (edge - offset) / fwhm);
    double p = 0.0;
    for (gsize k = 1; k <= width; k++) {
        const double t = (double)k / (double)(width + 1);
        const double inside = band(lorentz, ((double)k - edge - offset) / fwhm);
        p = MAX(p, inside - (1.0 - t) * left - t * right);
    }
    const double fall_left = left - band(lorentz, (edge + 1.0 + offset) / fwhm);
    const double fall_right = right - band(lorentz, (edge + 1.0 - offset) / fwhm);
    return p / MAX(fall_left, fall_right);
}

static double steepest(double fwhm, gsize width)
{
    double k = 0.0;
    for (int step = 0; step <= 10; step++) {
        k = MAX(k, steepness(FALSE, fwhm, width, 0.05 * step));
        k = MAX(k, steepness(TRUE, fwhm, width, 0.05 * step));
    }
    return SHAPE_MARGIN * k;
}

/* Noise at the run: shot noise grows with the level, of which the local noise is the usual one; at
 * a higher level it is raised accordingly, never lowered. */
static double noise_at(const Search *s, const Run *run, double level)
{
    const CelSpikeData *d = s->data;
    double around[2 * LEVEL_REACH + 1], variance[2 * SIDE];
    const gsize first = run->a > LEVEL_REACH ? run->a - LEVEL_REACH : 0;
    const gsize end = MIN(d->n, first + 2 * LEVEL_REACH + 1);
    for (gsize i = first; i < end; i++)
        around[i - first] = d->y[i];
    const double usual = cel_median(around, end - first);
    double ratio = 1.0;
    if (level > 0.0)
        ratio = usual > 0.0 ? CLAMP(level / usual, 1.0, MAX_LEVEL_RATIO) : MAX_LEVEL_RATIO;
    const double sd = s->sd[run->a] * sqrt(ratio);
    if (d->variance == NULL)
        return sd;
    for (gsize k = 0; k < 2 * run->side; k++)
        variance[k] = d->variance[neighbour(run, k)];
    return MAX(sd, sqrt(cel_median(variance, 2 * run->side)));
}

/* Condition 1, for the samples that are not flagged yet; finds how far the highest of them stands
 * above the chord between the neighbours of the run. */
static gboolean stands_out(const Search *s, const Run *run, double sd, double *out_height)
{
    const double *y = s->data->y;
    const double slope = (y[run->b + 1] - y[run->a - 1]) / (double)(run->b - run->a + 2);
    gboolean any = FALSE;
    for (gsize i = run->a; i <= run->b; i++) {
        const Parabola *parabola = parabola_of(s, run, i);
        if (s->data->flags[i])
            continue;
        const double excess = y[i] - predict(run, parabola, y);
        if (excess <= s->options->threshold * sd * sqrt(1.0 + parabola->squares))
            return FALSE;
        const double height = y[i] - y[run->a - 1] - slope * (double)(i + 1 - run->a);
        *out_height = any ? MAX(*out_height, height) : height;
        any = TRUE;
    }
    return any;
}

/* The usual difference of neighbours around the run: the slope of what lies under it. */
static double usual_slope(const Search *s, const Run *run)
{
    double jumps[2 * LEVEL_REACH];
    const gsize first = run->a > LEVEL_REACH ? run->a - LEVEL_REACH : 0;
    const gsize end = MIN(s->data->n - 1, first + 2 * LEVEL_REACH);
    for (gsize i = first; i < end; i++)
        jumps[i - first] = s->data->y[i + 1] - s->data->y[i];
    return cel_median(jumps, end - first);
}

/* Condition 2. The steeper of the two sides counts: beside a doublet the other one rises again. */
static gboolean steeper_than_bands(const Search *s, const Run *run, double sd, double height)
{
    const double *y = s->data->y, k = s->k[run->b - run->a + 1];
    const double slope = usual_slope(s, run);
    const double left = y[run->a - 1] - y[run->a - 2] - slope;
    const double right = y[run->b + 1] - y[run->b + 2] + slope;
    const double spread = sqrt(1.0 + 0.5 * (1.0 + k) * (1.0 + k) + 0.5 * k * k);
    return height > k * MAX(MAX(left, right), 0.0) + SHAPE_SD * sd * spread;
}

/* Flagged samples side by side, this run included, are one event and bound by the same width. */
static gboolean narrow_enough(const Search *s, const Run *run)
{
    gsize a = run->a, b = run->b;
    while (a > 0 && s->data->flags[a - 1])
        a--;
    while (b + 1 < s->data->n && s->data->flags[b + 1])
        b++;
    return b - a + 1 <= s->options->max_width;
}

/* The local noise is the least that noise_at() can say: what does not stand out of it, nearly every
 * run, needs no closer look. */
static gboolean is_spike(const Search *s, const Run *run)
{
    double height = 0.0;
    if (!stands_out(s, run, s->sd[run->a], &height) || !narrow_enough(s, run))
        return FALSE;
    const Parabola *middle = parabola_of(s, run, (run->a + run->b) / 2);
    const double sd = noise_at(s, run, predict(run, middle, s->data->y));
    return stands_out(s, run, sd, &height) && steeper_than_bands(s, run, sd, height);
}

static void replace(CelSpikeData *d, const Run *run)
{
    double replaced[MAX_WIDTH], variance = 0.0, squares = 0.0;
    for (gsize k = 0; d->variance != NULL && k < 2 * run->side; k++)
        variance += d->variance[neighbour(run, k)] / (2.0 * (double)run->side);
    for (gsize i = run->a; i <= run->b; i++) {
        const Parabola parabola = parabola_at(run, i);
        replaced[i - run->a] = predict(run, &parabola, d->y);
        squares = parabola.squares;
    }
    for (gsize i = run->a; i <= run->b; i++) {
        d->y[i] = replaced[i - run->a];
        d->flags[i] = 1;
        if (d->variance != NULL)
            d->variance[i] = variance * (1.0 + squares);
    }
}

/* Tries the runs that hold sample @i, narrow ones first. */
static gboolean try_sample(const Search *s, gsize i)
{
    for (gsize width = 1; width <= s->options->max_width; width++) {
        for (gsize a = i + 1 - MIN(width, i + 1); a <= i; a++) {
            if (a < 2 || a + width + 2 > s->data->n)
                continue;
            const Run run = run_of(a, a + width - 1, s->data->n);
            if (is_spike(s, &run)) {
                replace(s->data, &run);
                return TRUE;
            }
        }
    }
    return FALSE;
}

/* A trial that failed would fail again until something near it changes. */
static void open_around(const Search *s, gsize i)
{
    const gsize first = i > TRIAL_REACH ? i - TRIAL_REACH : 0;
    memset(s->open + first, 1, MIN(s->data->n, i + TRIAL_REACH + 1) - first);
}

static gboolean search_once(const Search *s)
{
    gboolean found = FALSE;
    const double *y = s->data->y;
    for (gsize i = 2; i + 2 < s->data->n; i++) {
        if (s->data->flags[i] || !s->open[i] || !(y[i] > y[i - 1] || y[i] > y[i + 1]))
            continue;
        s->open[i] = 0;
        if (try_sample(s, i)) {
            open_around(s, i);
            found = TRUE;
        }
    }
    return found;
}

gsize cel_despike_limit(gsize n)
{
    return (gsize)(MAX_SHARE * (double)n);
}

/* Once all are known, every run is predicted afresh from the samples as they were measured. */
static gsize replace_all(CelSpikeData *d, const double *measured, const double *variance)
{
    gsize count = 0;
    for (gsize i = 0; i < d->n; i++) {
        if (!d->flags[i])
            continue;
        d->y[i] = measured[i];
        if (variance != NULL)
            d->variance[i] = variance[i];
        count++;
    }
    for (gsize a = 0; a < d->n && count <= cel_despike_limit(d->n); a++) {
        gsize b = a;
        while (b + 1 < d->n && d->flags[a] && d->flags[b + 1])
            b++;
        if (d->flags[a]) {
            const Run run = run_of(a, b, d->n);
            replace(d, &run);
        }
        a = b;
    }
    return count;
}

gsize cel_despike_single(CelSpikeData *data, const CelSpikeOptions *options)
{
    g_return_val_if_fail(data->n >= 8 && options->max_width <= MAX_WIDTH, 0);
    g_autofree double *sd = g_new(double, data->n);
    g_autofree double *measured = g_memdup2(data->y, data->n * sizeof *measured);
    g_autofree double *variance = g_memdup2(data->variance, data->n * sizeof *variance);
    g_autofree guint8 *open = g_malloc(data->n);
    Search s = {.data = data, .options = options, .sd = sd, .open = open};
    memset(open, 1, data->n);
    cel_noise_local(data->y, data->n, sd);
    fill_parabolas(&s);
    for (gsize width = 1; width <= options->max_width; width++)
        s.k[width] = steepest(options->band_fwhm, width);
    for (int pass = 0; pass < MAX_PASSES && search_once(&s); pass++)
        continue;
    const gsize count = replace_all(data, measured, variance);
    for (gsize i = 0; i < data->n && count > cel_despike_limit(data->n); i++)
        data->flags[i] = 0;
    return count;
}
