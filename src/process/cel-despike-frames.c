/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/cel-despike.h"

#include "process/cel-filter.h"
#include "process/cel-select.h"

#include <math.h>

enum { DRIFT_REACH = 25 };

typedef struct {
    const CelFrames *frames;
    double threshold;
    gsize reach;
    double *excess; /* n_rows x n: frame minus median over frames minus slow drift */
    double *sd;     /* n: noise of one frame */
    double *column; /* n_rows: scratch */
} Work;

/* Bleaching and laser drift move a whole frame, slowly along the axis; a spike is fast. */
static void take_off_drift(double *excess, gsize n)
{
    g_autofree double *slow = g_new(double, n);
    cel_filter_median(excess, n, DRIFT_REACH, FALSE, slow);
    for (gsize i = 0; i < n; i++)
        excess[i] -= slow[i];
}

/* Noise of one frame: the larger of what the detector must have (shot and read noise, when they are
 * known) and of what two frames in succession differ by, in which the bands cancel. */
static void fill_noise(Work *w, const double *median)
{
    const CelFrames *frames = w->frames;
    const gsize n = frames->n;
    g_autofree double *difference = g_new(double, n), *one = g_new(double, n);
    for (gsize i = 0; i < n; i++) {
        const double shot =
            frames->gain_e_per_count > 0.0 ? MAX(median[i], 0.0) / frames->gain_e_per_count : 0.0;
        w->sd[i] = sqrt(shot + frames->read_noise_counts * frames->read_noise_counts);
    }
    for (gsize f = 0; f + 1 < frames->n_rows; f++) {
        for (gsize i = 0; i < n; i++)
            difference[i] = (frames->rows[f + 1][i] - frames->rows[f][i]) / G_SQRT2;
        cel_noise_local(difference, n, one);
        for (gsize i = 0; i < n; i++)
            w->sd[i] = MAX(w->sd[i], one[i]);
    }
}

static void fill(Work *w)
{
    const CelFrames *frames = w->frames;
    const gsize n = frames->n;
    g_autofree double *median = g_new(double, n);
    for (gsize i = 0; i < n; i++) {
        for (gsize f = 0; f < frames->n_rows; f++)
            w->column[f] = frames->rows[f][i];
        median[i] = cel_median(w->column, frames->n_rows);
    }
    for (gsize f = 0; f < frames->n_rows; f++) {
        for (gsize i = 0; i < n; i++)
            w->excess[f * n + i] = frames->rows[f][i] - median[i];
        take_off_drift(w->excess + f * n, n);
    }
    fill_noise(w, median);
}

/* Index of the lowest of the samples first..last. */
static gsize lowest(const double *y, gsize first, gsize last)
{
    gsize at = first;
    for (gsize i = first + 1; i <= last; i++)
        at = y[i] < y[at] ? i : at;
    return at;
}

/* Whether sample @i stands in a peak: above the straight line between the lowest samples on either
 * side of it. The lowest of many noisy samples lies some standard deviations below their mean,
 * which the threshold of a peak includes. */
static gboolean in_peak(const Work *w, const double *y, gsize i)
{
    const gsize n = w->frames->n;
    if (i == 0 || i == n - 1)
        return FALSE;
    const gsize a = lowest(y, i > w->reach ? i - w->reach : 0, i - 1);
    const gsize b = lowest(y, i + 1, MIN(n - 1, i + w->reach));
    const double t = (double)(i - a) / (double)(b - a);
    return y[i] - ((1.0 - t) * y[a] + t * y[b]) > w->threshold * w->sd[i];
}

static gboolean peak_in_two(const Work *w, gsize i)
{
    gsize count = 0;
    for (gsize f = 0; f < w->frames->n_rows; f++)
        count += in_peak(w, w->frames->rows[f], i) ? 1 : 0;
    return count >= 2;
}

/* Which frame is struck at @i: it alone stands out. Returns FALSE when none does. */
static gboolean struck(const Work *w, gsize i, gsize *out_frame)
{
    const gsize n = w->frames->n;
    gsize count = 0;
    for (gsize f = 0; f < w->frames->n_rows; f++) {
        if (w->excess[f * n + i] > w->threshold * w->sd[i]) {
            *out_frame = f;
            count++;
        }
    }
    return count == 1;
}

/* What leaving out one frame changes in the mean: it is replaced by the mean of the others, moved
 * by its own slow drift, which all frames together carry into the mean. */
static double shift_without(const Work *w, gsize frame, gsize i)
{
    const gsize n = w->frames->n;
    double others = 0.0;
    for (gsize f = 0; f < w->frames->n_rows; f++)
        others += f != frame ? w->excess[f * n + i] : 0.0;
    others /= (double)(w->frames->n_rows - 1);
    return (others - w->excess[frame * n + i]) / (double)w->frames->n_rows;
}

gsize cel_despike_frames(const CelFrames *frames, double threshold, gsize reach, double *out_shift,
                         guint *out_left_out)
{
    const gsize n = frames->n;
    g_return_val_if_fail(frames->n_rows >= 3 && n >= 8, 0);
    g_autofree double *excess = g_new(double, frames->n_rows *n), *sd = g_new(double, n);
    g_autofree double *column = g_new(double, frames->n_rows);
    Work w = {.frames = frames,
              .threshold = threshold,
              .reach = reach,
              .excess = excess,
              .sd = sd,
              .column = column};
    fill(&w);
    gsize untouched = 0;
    for (gsize i = 0; i < n; i++) {
        gsize frame = 0;
        out_shift[i] = 0.0;
        out_left_out[i] = 0;
        if (!struck(&w, i, &frame))
            continue;
        if (peak_in_two(&w, i)) {
            untouched++;
            continue;
        }
        out_shift[i] = shift_without(&w, frame, i);
        out_left_out[i] = 1;
    }
    return untouched;
}
