/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-frame.h"

#include <math.h>
#include <string.h>

/* Distance of the knots of the background: several times the widest Raman band of a solid, so that
 * no band is mistaken for background; a background that bends faster was no fluorescence. */
#define KNOT_CHANNELS 80 /* 160 cm-1 */

/* Median of |second difference| of white noise of standard deviation 1: 0.6745 sqrt(1 + 4 + 1). */
#define SECOND_DIFFERENCE 1.6521

static int ascending(gconstpointer a, gconstpointer b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double noise_of(const CelFrame *frame, const double *y)
{
    g_autofree double *bend = g_new(double, frame->n);
    gsize m = 0;
    for (guint k = 1; k + 1 < frame->n; k++)
        if (!frame->is_masked[k - 1] && !frame->is_masked[k] && !frame->is_masked[k + 1])
            bend[m++] = fabs(y[k - 1] - 2 * y[k] + y[k + 1]);
    qsort(bend, m, sizeof *bend, ascending);
    return m > 0 ? bend[m / 2] / SECOND_DIFFERENCE : 0;
}

/* The cubic B-spline on knots at -2, -1, 0, 1, 2. */
static double spline(double t)
{
    const double a = fabs(t);
    if (a >= 2)
        return 0;
    return a < 1 ? (4 - 6 * a * a + 3 * a * a * a) / 6 : (2 - a) * (2 - a) * (2 - a) / 6;
}

/* Gram, Schmidt, each curve against those before it, twice for accuracy. */
static void straighten(CelFrame *frame, double *curve)
{
    for (int pass = 0; pass < 2; pass++)
        cel_frame_project(frame, curve);
    const double length = sqrt(cel_frame_dot(frame, curve, curve));
    if (length < 1e-6) /* all its channels are masked */
        return;
    for (guint k = 0; k < frame->n; k++)
        curve[k] /= length;
    frame->n_basis++;
}

static void make_basis(CelFrame *frame)
{
    const guint spans = MAX(2, (frame->n + KNOT_CHANNELS / 2) / KNOT_CHANNELS);
    const double step = (frame->n - 1.0) / spans;
    frame->basis = g_new(double, (gsize)(spans + 3) * frame->n);
    for (guint s = 0; s < spans + 3; s++) {
        double *curve = frame->basis + (gsize)frame->n_basis * frame->n;
        for (guint k = 0; k < frame->n; k++)
            curve[k] = frame->is_masked[k] ? 0 : spline(k / step - s + 1);
        straighten(frame, curve);
    }
}

/* Puts @raw in the place of the processed sample, in the latter's unit. */
static void take_raw(CelFrame *frame, const CelView *raw)
{
    g_autofree double *y = g_new(double, frame->n);
    cel_frame_draw(frame, raw, 0, y);
    const double noise = noise_of(frame, y);
    cel_frame_project(frame, y);
    const double square = cel_frame_dot(frame, y, y);
    const double scale = square > 0 ? cel_frame_dot(frame, y, frame->y) / square : 0;
    if (!(scale > 0))
        return;
    for (guint k = 0; k < frame->n; k++)
        frame->y[k] = scale * y[k];
    frame->noise = scale * noise;
}

CelFrame *cel_frame_new(const CelView *sample, const CelView *raw, guint from, guint to)
{
    CelFrame *frame = g_new0(CelFrame, 1);
    frame->from = from;
    frame->n = to - from;
    frame->is_masked = g_malloc0(frame->n);
    frame->y = g_new(double, frame->n);
    for (guint m = 0; m < sample->n_masked; m++) {
        const guint channel = sample->first + sample->masked[m];
        if (channel >= from && channel < to)
            frame->is_masked[channel - from] = TRUE;
    }
    cel_frame_draw(frame, sample, 0, frame->y);
    frame->noise = noise_of(frame, frame->y);
    make_basis(frame);
    cel_frame_project(frame, frame->y);
    if (raw != NULL)
        take_raw(frame, raw);
    frame->yy = cel_frame_dot(frame, frame->y, frame->y);
    return frame;
}

void cel_frame_free(CelFrame *frame)
{
    if (frame == NULL)
        return;
    g_free(frame->y);
    g_free(frame->basis);
    g_free(frame->is_masked);
    g_free(frame);
}

static double level_at(const CelView *view, int channel)
{
    const int k = channel - (int)view->first;
    return k >= 0 && k < (int)view->n ? (double)view->level[k] : 0;
}

void cel_frame_draw(const CelFrame *frame, const CelView *view, double lag, double *out)
{
    const double whole = floor(lag), t = lag - whole;
    /* Catmull, Rom 1974: goes through the channels, slopes from their neighbours */
    const double a = -0.5 * t + t * t - 0.5 * t * t * t, b = 1 - 2.5 * t * t + 1.5 * t * t * t;
    const double c = 0.5 * t + 2 * t * t - 1.5 * t * t * t, d = -0.5 * t * t + 0.5 * t * t * t;
    const int first = (int)frame->from + (int)whole;
    double before = level_at(view, first - 1), at = level_at(view, first),
           after = level_at(view, first + 1);
    for (guint k = 0; k < frame->n; k++) {
        const double next = level_at(view, first + (int)k + 2);
        out[k] = frame->is_masked[k] ? 0 : a * before + b * at + c * after + d * next;
        before = at;
        at = after;
        after = next;
    }
}

void cel_frame_project(const CelFrame *frame, double *values)
{
    for (guint s = 0; s < frame->n_basis; s++) {
        const double *curve = frame->basis + (gsize)s * frame->n;
        const double part = cel_frame_dot(frame, values, curve);
        for (guint k = 0; k < frame->n; k++)
            values[k] -= part * curve[k];
    }
}

double cel_frame_dot(const CelFrame *frame, const double *a, const double *b)
{
    double sum[4] = {0, 0, 0, 0};
    guint k = 0;
    for (; k + 3 < frame->n; k += 4) {
        sum[0] += a[k] * b[k];
        sum[1] += a[k + 1] * b[k + 1];
        sum[2] += a[k + 2] * b[k + 2];
        sum[3] += a[k + 3] * b[k + 3];
    }
    for (; k < frame->n; k++)
        sum[0] += a[k] * b[k];
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}
