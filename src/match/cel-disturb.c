/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-disturb.h"

#include "base/cel-hash.h"
#include "process/cel-peaks.h"
#include "process/cel-transfer.h"

#include <math.h>
#include <string.h>

const CelDisturbanceSize cel_disturbance_sizes[CEL_N_DISTURBANCES] = {
    [CEL_DISTURB_SHIFT] = {"shift", 1.0, "standard uncertainties of the axis, as its sd",
                           "what the instrument itself says of its axis"},
    [CEL_DISTURB_NOISE] = {"noise", 1.0, "times the noise of this spectrum, added to it",
                           "a second measurement of the same length has as much noise of its own"},
    [CEL_DISTURB_BASELINE] = {"baseline", 3.1622776601683795,
                              "times stiffer, as recorded, or as much softer",
                              "half a decade: bases that an analyst would have defended as well"},
    [CEL_DISTURB_DROPPED] =
        {"dropped-band", 0.5, "of the copies lack one band below this part of the strongest",
         "what a repaired cosmic ray or a background takes away; without one of "
         "its strong bands it would be another spectrum"},
    [CEL_DISTURB_RESOLUTION] = {"resolution", 0.2, "of the resolution, sharper, as is, or broader",
                                "slit, temperature and focus between two days"},
};

/* Bands that may stand for a resolution that is not known: lower ones may be noise. */
#define STRONG             0.1
#define MIN_RESOLUTION_CM1 2.0
#define MAX_RESOLUTION_CM1 20.0
#define ASSUMED_AXIS_U_CM1 1.0
/* A dropped band reaches this far to either side of its maximum, in full widths. */
#define DROPPED_REACH 1.0

enum { N_WIDTHS = 2 }; /* as it is, broader */

struct CelDisturber {
    CelDisturbInput input;
    guint64 state[4]; /* of the generator */
    double noise, sharper_by;
    gsize n;
    double
        *curves[CEL_DISTURB_MAX_BASES][N_WIDTHS]; /* broader: NULL where no resolution is known */
    double *x, *y, *noise_raw;
    GArray *droppable; /* CelPeak */
};

/* ---- numbers that look random: xoshiro256++ (Blackman, Vigna 2021, ACM TOMS 47, 36), seeded
 * through splitmix64 (Steele, Lea, Flood 2014) ---- */

static guint64 splitmix(guint64 *at)
{
    guint64 z = *at += G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static guint64 rotated(guint64 value, int by)
{
    return (value << by) | (value >> (64 - by));
}

static guint64 draw(CelDisturber *d)
{
    guint64 *s = d->state;
    const guint64 out = rotated(s[0] + s[3], 23) + s[0], t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotated(s[3], 45);
    return out;
}

/* Sum of four even deviates of 16 bits (Irwin, Hall): nearly normal, sd 1, never beyond 3.5. */
static double draw_normal(CelDisturber *d)
{
    const guint64 bits = draw(d);
    const guint64 sum =
        (bits & 0xffff) + ((bits >> 16) & 0xffff) + ((bits >> 32) & 0xffff) + (bits >> 48);
    return ((double)sum / 65536.0 - 2.0) * 1.7320508075688772; /* root of 3 */
}

static guint draw_below(CelDisturber *d, guint n)
{
    return n > 0 ? (guint)((draw(d) >> 32) * n >> 32) : 0;
}

static void seed(CelDisturber *d, const CelSpectrum *raw)
{
    const gsize bytes = cel_spectrum_length(raw) * sizeof(double);
    const CelDigestPart parts[] = {{cel_spectrum_x(raw), bytes}, {cel_spectrum_y(raw), bytes}};
    guint8 digest[CEL_DIGEST_BYTES] = {0};
    guint64 at = 0;
    cel_digest_parts("sha256", parts, G_N_ELEMENTS(parts), digest);
    for (guint i = 0; i < sizeof at; i++)
        at = at << 8 | digest[i];
    for (guint i = 0; i < G_N_ELEMENTS(d->state); i++)
        d->state[i] = splitmix(&at);
}

/* ---- preparation ---- */

static double highest(const GArray *peaks)
{
    double top = 0;
    for (guint i = 0; i < peaks->len; i++)
        top = MAX(top, g_array_index(peaks, CelPeak, i).height);
    return top;
}

static double resolution(const CelDisturbInput *input)
{
    const double top = highest(input->peaks);
    double narrowest = MAX_RESOLUTION_CM1;
    if (input->resolution_cm1 > 0)
        return input->resolution_cm1;
    for (guint i = 0; i < input->peaks->len; i++) {
        const CelPeak *peak = &g_array_index(input->peaks, CelPeak, i);
        if (peak->height >= STRONG * top)
            narrowest = MIN(narrowest, peak->fwhm);
    }
    return top > 0 ? MAX(narrowest, MIN_RESOLUTION_CM1) : 0;
}

static GArray *find_droppable(const GArray *peaks)
{
    const double below = cel_disturbance_sizes[CEL_DISTURB_DROPPED].size * highest(peaks);
    GArray *out = g_array_new(FALSE, FALSE, sizeof(CelPeak));
    for (guint i = 0; i < peaks->len; i++)
        if (g_array_index(peaks, CelPeak, i).height < below)
            g_array_append_val(out, g_array_index(peaks, CelPeak, i));
    return out;
}

static void fill_curves(CelDisturber *d, double width)
{
    const double more = cel_disturbance_sizes[CEL_DISTURB_RESOLUTION].size;
    const double by = cel_broaden_by(width, (1 + more) * width);
    for (guint b = 0; b < d->input.n_bases; b++) {
        const double *y = cel_spectrum_y(d->input.bases[b]);
        d->curves[b][0] = g_memdup2(y, d->n * sizeof *y);
        if (!(width > 0))
            continue;
        d->curves[b][1] = g_memdup2(y, d->n * sizeof *y);
        cel_broaden(cel_spectrum_x(d->input.bases[0]), d->curves[b][1], d->n, by);
    }
    d->sharper_by = width > 0 ? cel_broaden_by((1 - more) * width, width) : 0;
}

CelDisturber *cel_disturber_new(const CelDisturbInput *input)
{
    g_return_val_if_fail(input->n_bases >= 1 && input->n_bases <= CEL_DISTURB_MAX_BASES, NULL);
    CelDisturber *d = g_new0(CelDisturber, 1);
    d->input = *input;
    d->n = cel_spectrum_length(input->bases[0]);
    d->noise = cel_peaks_noise(cel_spectrum_y(input->raw), cel_spectrum_length(input->raw)) *
               cel_disturbance_sizes[CEL_DISTURB_NOISE].size;
    d->x = g_new(double, d->n);
    d->y = g_new(double, d->n);
    d->noise_raw = g_new(double, d->n + 2 * (gsize)input->reach);
    d->droppable = find_droppable(input->peaks);
    fill_curves(d, resolution(input));
    seed(d, input->raw);
    return d;
}

void cel_disturber_free(CelDisturber *d)
{
    if (d == NULL)
        return;
    for (guint b = 0; b < CEL_DISTURB_MAX_BASES; b++)
        for (guint w = 0; w < N_WIDTHS; w++)
            g_free(d->curves[b][w]);
    g_free(d->x);
    g_free(d->y);
    g_free(d->noise_raw);
    g_array_unref(d->droppable);
    g_free(d);
}

double cel_disturber_sharper_by(const CelDisturber *d)
{
    return d->sharper_by;
}

/* ---- one copy ---- */

/* A straight line in place of the band. */
static void drop(CelDisturber *d, const CelPeak *peak)
{
    const double *x = cel_spectrum_x(d->input.bases[0]);
    const double reach = DROPPED_REACH * peak->fwhm;
    gsize from = peak->index, to = peak->index;
    while (from > 0 && peak->position - x[from] < reach)
        from--;
    while (to + 1 < d->n && x[to] - peak->position < reach)
        to++;
    const double a = d->y[from], b = d->y[to], span = x[to] - x[from];
    for (gsize i = from + 1; i < to; i++)
        d->y[i] = a + (b - a) * (x[i] - x[from]) / span;
}

static void add_noise(CelDisturber *d)
{
    const guint reach = d->input.reach;
    for (gsize i = 0; i < d->n + 2 * (gsize)reach; i++)
        d->noise_raw[i] = d->noise * draw_normal(d);
    for (gsize i = 0; i < d->n; i++) {
        double sum = d->input.smoothing == NULL ? d->noise_raw[i + reach] : 0;
        for (guint k = 0; d->input.smoothing != NULL && k <= 2 * reach; k++)
            sum += d->input.smoothing[k] * d->noise_raw[i + k];
        d->y[i] += sum;
    }
}

CelView *cel_disturber_next(CelDisturber *d, CelDisturbance *out)
{
    const double u = d->input.axis_u_cm1 > 0 ? d->input.axis_u_cm1 : ASSUMED_AXIS_U_CM1;
    *out = (CelDisturbance){
        .shift_cm1 = cel_disturbance_sizes[CEL_DISTURB_SHIFT].size * u * draw_normal(d),
        .base = draw_below(d, d->input.n_bases),
        .width = d->sharper_by > 0 ? (int)draw_below(d, 3) - 1 : 0,
    };
    memcpy(d->y, d->curves[out->base][out->width > 0 ? 1 : 0], d->n * sizeof *d->y);
    const gboolean lacks = (draw(d) >> 63) != 0;
    const guint which = draw_below(d, d->droppable->len);
    if (lacks && d->droppable->len > 0) {
        const CelPeak *peak = &g_array_index(d->droppable, CelPeak, which);
        out->dropped_cm1 = peak->position;
        drop(d, peak);
    }
    add_noise(d);
    for (gsize i = 0; i < d->n; i++)
        d->x[i] = cel_spectrum_x(d->input.bases[0])[i] + out->shift_cm1;
    const CelCurve curve = {
        .x = d->x, .y = d->y, .mask = cel_spectrum_mask(d->input.bases[0]), .n = d->n};
    return cel_view_new(&curve);
}
