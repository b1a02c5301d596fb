/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-intensity.h"

#include "base/cel-error.h"
#include "process/cel-band-solve.h"
#include "process/cel-peaks.h"
#include "process/step-util.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum { MIN_SAMPLES = 64, SMOOTH_ORDER = 2, NOISE_BLOCK = 32 };
/* Certificates of glasses hold for the excitation they name; a diode laser of that name stands
 * within this. */
static const double SAME_LASER_NM = 2.0;
static const double MIN_RANGE_CM1 = 500.0, COMMON_RANGE_CM1 = 200.0;
/* The wavelength of structure that smoothing halves. */
static const double SMOOTH_CM1 = 60.0;
static const double MIN_SNR = 10.0, WELL_KNOWN = 0.03, MAX_DISAGREEMENT = 0.10;
/* Counts this far above those at this distance on both sides are no luminescence of a glass; noise
 * is taken down before. */
static const double BAND_CM1 = 40.0, BAND_CONTRAST = 0.10, BAND_SNR = 10.0, BAND_SMOOTH_CM1 = 12.0;
/* The laser's own line lies this near to 0. */
static const double LASER_LINE_CM1 = 15.0;

/* The part of a scan that a curve is made of. */
typedef struct {
    gsize first, n;
    const double *x, *y; /* borrowed */
    double *variance;    /* of each sample of y */
    double *smooth;      /* y smoothed, > 0 */
    double *u_smooth;    /* its standard uncertainty */
    double *light;       /* certified */
} Scan;

static void scan_clear(Scan *scan)
{
    g_free(scan->variance);
    g_free(scan->smooth);
    g_free(scan->u_smooth);
    g_free(scan->light);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Scan, scan_clear)

/* ---- what is stated ---- */

static gboolean check_lot(const CelIntensityOptions *o, GError **error)
{
    if (o->lot != NULL && strcmp(o->lot, o->certificate->lot) == 0)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("The certificate %s holds for \"%s\", the standard that was measured is \"%s\"; "
                  "another lot has another light, so nothing was derived. Load the certificate of "
                  "this lot"),
                o->certificate->id, o->certificate->lot, o->lot != NULL ? o->lot : "");
    return FALSE;
}

static gboolean check_laser(const CelIntensityCertificate *c, double laser_nm, GError **error)
{
    if (laser_nm > 0.0 && (c->laser_nm <= 0.0 || fabs(laser_nm - c->laser_nm) <= SAME_LASER_NM))
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT,
                _("The certificate %s holds for excitation at %g nm, the laser of this scan is %g "
                  "nm (0: not stated); nothing was derived. Use the standard for this laser"),
                c->id, c->laser_nm, laser_nm);
    return FALSE;
}

static gboolean check_celsius(const CelIntensityOptions *o, GError **error)
{
    const double *limits = o->certificate->celsius;
    if (isnan(limits[0]) || (o->celsius >= limits[0] && o->celsius <= limits[1]))
        return TRUE;
    if (isnan(o->celsius))
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                    _("The certificate %s holds from %g to %g degrees C only; state the "
                      "temperature of the standard during the scan"),
                    o->certificate->id, limits[0], limits[1]);
    else
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("The certificate %s holds from %g to %g degrees C, the standard had %g; its "
                      "light was another, so nothing was derived. Measure again within these "
                      "limits"),
                    o->certificate->id, limits[0], limits[1], o->celsius);
    return FALSE;
}

static gboolean check_expiry(const CelIntensityOptions *o, GError **error)
{
    const gint64 expires = o->certificate->expires_wall_us;
    if (expires == 0 || o->now_wall_us == 0 || o->now_wall_us <= expires)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                _("The certificate %s has expired; nothing was derived. Have the standard "
                  "recertified, or use another"),
                o->certificate->id);
    return FALSE;
}

static gboolean check_confirmation(const CelIntensityOptions *o, GError **error)
{
    if (o->second != NULL || o->unconfirmed)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                _("Nothing shows that the scan is of %s: the broad light of another glass, or of a "
                  "lamp, would give another curve without any sign. Give a curve of this "
                  "instrument made with a second source, or an earlier one; or say that it goes "
                  "unconfirmed, which the curve will carry"),
                o->certificate->id);
    return FALSE;
}

static gboolean check_state(const CelSpectrum *scan, GError **error)
{
    const char *done = cel_spectrum_meta(scan, CEL_META_INTENSITY);
    if (cel_axis_unit(cel_spectrum_axis(scan)) != CEL_UNIT_SHIFT_CM1) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT,
                    _("The scan of the standard stands on %s; calibrate its axis to Raman shifts "
                      "first"),
                    cel_unit_name(cel_axis_unit(cel_spectrum_axis(scan))));
        return FALSE;
    }
    if (done == NULL || strcmp(done, "absent") == 0)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("The scan of the standard was intensity-corrected already (%s); a curve made of "
                  "it would correct nothing. Take the raw scan"),
                done);
    return FALSE;
}

/* ---- the scan ---- */

/* The longest run of samples for which the certificate speaks. */
static void find_range(const CelSpectrum *spectrum, const CelIntensityCertificate *c,
                       double laser_nm, Scan *scan)
{
    const gsize n = cel_spectrum_length(spectrum);
    double value = 0.0;
    gsize first = 0;
    while (first < n &&
           !cel_intensity_certificate_value(c, cel_spectrum_x(spectrum)[first], laser_nm, &value))
        first++;
    gsize last = first;
    while (last < n &&
           cel_intensity_certificate_value(c, cel_spectrum_x(spectrum)[last], laser_nm, &value))
        last++;
    scan->first = first;
    scan->n = last - first;
    scan->x = cel_spectrum_x(spectrum) + first;
    scan->y = cel_spectrum_y(spectrum) + first;
}

static gboolean check_range(const Scan *scan, const CelIntensityCertificate *c, GError **error)
{
    if (scan->n >= MIN_SAMPLES && scan->x[scan->n - 1] - scan->x[0] >= MIN_RANGE_CM1)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("The scan covers less than %g cm-1 of the range that the certificate %s holds "
                  "for (%g to %g), or the standard gives too little light there; nothing was "
                  "derived"),
                MIN_RANGE_CM1, c->id, c->range[0], c->range[1]);
    return FALSE;
}

static gboolean check_saturation(const CelSpectrum *spectrum, const Scan *scan, GError **error)
{
    const guint8 *mask = cel_spectrum_mask(spectrum);
    for (gsize i = 0; mask != NULL && i < scan->n; i++) {
        if ((mask[scan->first + i] & (CEL_MASK_SATURATED | CEL_MASK_NONLINEAR)) == 0)
            continue;
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("The scan of the standard is saturated or beyond the linear range at %g "
                      "cm-1, so its shape is not that of the light; measure it with a shorter "
                      "integration time"),
                    scan->x[i]);
        return FALSE;
    }
    return TRUE;
}

/* Sums of a weighted straight line, for variance = read noise^2 + gain x counts. */
typedef struct {
    double w, wx, wy, wxx, wxy;
} LineSums;

/* Without a variance: read and shot noise from the second differences within blocks, each block
 * weighing as its relative uncertainty asks. */
static void estimate_variance(Scan *scan)
{
    LineSums s = {.w = 0.0};
    for (gsize at = 0; at + NOISE_BLOCK <= scan->n; at += NOISE_BLOCK) {
        const double noise = cel_peaks_noise(scan->y + at, NOISE_BLOCK);
        const double v = noise * noise, w = v > 0.0 ? 1.0 / (v * v) : 0.0;
        double level = 0.0;
        for (gsize i = at; i < at + NOISE_BLOCK; i++)
            level += MAX(scan->y[i], 0.0) / NOISE_BLOCK;
        s.w += w;
        s.wx += w * level;
        s.wy += w * v;
        s.wxx += w * level * level;
        s.wxy += w * level * v;
    }
    const double det = s.w * s.wxx - s.wx * s.wx;
    double gain = det > 0.0 ? (s.w * s.wxy - s.wx * s.wy) / det : 0.0;
    gain = MAX(gain, 0.0);
    double read = s.w > 0.0 ? (s.wy - gain * s.wx) / s.w : 1.0;
    if (read < 0.0) { /* shot noise alone */
        read = 0.0;
        gain = s.wxx > 0.0 ? s.wxy / s.wxx : 0.0;
    }
    for (gsize i = 0; i < scan->n; i++)
        scan->variance[i] = MAX(read + gain * MAX(scan->y[i], 0.0), G_MINDOUBLE);
}

static void take_variance(const CelSpectrum *spectrum, Scan *scan)
{
    scan->variance = g_new(double, scan->n);
    const double *given = cel_spectrum_variance(spectrum);
    gboolean whole = given != NULL;
    for (gsize i = 0; whole && i < scan->n; i++) {
        scan->variance[i] = given[scan->first + i];
        whole = scan->variance[i] > 0.0;
    }
    if (!whole)
        estimate_variance(scan);
}

static gboolean smooth(const CelSpectrum *spectrum, Scan *scan, GError **error)
{
    const guint8 *mask = cel_spectrum_mask(spectrum);
    const gsize n = scan->n;
    const double step = (scan->x[n - 1] - scan->x[0]) / (double)(n - 1);
    const double lambda = pow(SMOOTH_CM1 / step / (2.0 * G_PI), 2 * SMOOTH_ORDER);
    g_autofree double *weights = g_new(double, n);
    for (gsize i = 0; i < n; i++)
        weights[i] = mask == NULL || mask[scan->first + i] == 0 ? 1.0 : 0.0;
    scan->smooth = g_memdup2(scan->y, n * sizeof(double));
    scan->u_smooth = g_memdup2(scan->variance, n * sizeof(double));
    if (!cel_band_whittaker(scan->smooth, weights, scan->u_smooth, n, lambda, SMOOTH_ORDER)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_NUMERIC,
                    _("The scan of the standard has too few usable samples to be smoothed; measure "
                      "it again"));
        return FALSE;
    }
    /* what smoothing a second time still takes away tells what the first one took (Tukey's
     * twicing): where the scan is steep or curved the curve is less certain */
    g_autofree double *twice = g_memdup2(scan->smooth, n * sizeof(double));
    if (!cel_band_whittaker(twice, weights, NULL, n, lambda, SMOOTH_ORDER))
        memcpy(twice, scan->y, n * sizeof(double));
    for (gsize i = 0; i < n; i++)
        scan->u_smooth[i] = hypot(sqrt(MAX(scan->u_smooth[i], 0.0)), twice[i] - scan->smooth[i]);
    return TRUE;
}

static double offset_of(const Scan *scan, const CelIntensityOptions *o)
{
    if (o->u_offset_counts > 0.0)
        return o->u_offset_counts;
    double least = scan->variance[0];
    for (gsize i = 1; i < scan->n; i++)
        least = MIN(least, scan->variance[i]);
    return sqrt(least);
}

/* Leaves the run of samples around the strongest one that stand well above their uncertainty. */
static void cut_dim_ends(Scan *scan, double u_offset)
{
    gsize top = 0, first, last;
    for (gsize i = 1; i < scan->n; i++)
        top = scan->smooth[i] > scan->smooth[top] ? i : top;
    for (first = top; first > 0; first--) {
        if (!(scan->smooth[first - 1] > MIN_SNR * hypot(scan->u_smooth[first - 1], u_offset)))
            break;
    }
    for (last = top + 1; last < scan->n; last++) {
        if (!(scan->smooth[last] > MIN_SNR * hypot(scan->u_smooth[last], u_offset)))
            break;
    }
    scan->n = last - first;
    scan->first += first;
    scan->x += first;
    scan->y += first;
    memmove(scan->smooth, scan->smooth + first, scan->n * sizeof(double));
    memmove(scan->u_smooth, scan->u_smooth + first, scan->n * sizeof(double));
    memmove(scan->variance, scan->variance + first, scan->n * sizeof(double));
}

/* ---- is it that standard at all? ---- */

/* Where a band would stand and what its contrast is: how far the counts are above those one band
 * width to either side, whichever are higher, as a share of these. */
typedef struct {
    double shift_cm1, contrast;
} Band;

/* The place of highest contrast between @low and @high among bands well above the noise. */
static Band strongest_band(const CelSpectrum *spectrum, const double *variance, double low,
                           double high)
{
    const CelAxis *axis = cel_spectrum_axis(spectrum);
    const double *x = cel_spectrum_x(spectrum);
    const gsize n = cel_spectrum_length(spectrum);
    g_autofree double *y = g_memdup2(cel_spectrum_y(spectrum), n * sizeof(double));
    g_autofree double *v = g_memdup2(variance, n * sizeof(double));
    g_autofree double *weights = g_new(double, n);
    for (gsize i = 0; i < n; i++)
        weights[i] = 1.0;
    Band best = {NAN, 0.0};
    const double scale = BAND_SMOOTH_CM1 / cel_axis_step(axis) / (2.0 * G_PI);
    if (!cel_band_whittaker(y, weights, v, n, pow(scale, 2 * SMOOTH_ORDER), SMOOTH_ORDER))
        return best;
    for (gsize i = cel_axis_nearest(axis, low); i < n && x[i] <= high; i++) {
        const double left = y[cel_axis_nearest(axis, x[i] - BAND_CM1)];
        const double right = y[cel_axis_nearest(axis, x[i] + BAND_CM1)];
        const double around = MAX(MAX(left, right), 0.0), above = y[i] - around;
        const double contrast = above / MAX(around, sqrt(MAX(v[i], 0.0)));
        if (above > BAND_SNR * sqrt(MAX(v[i], 0.0)) && contrast > best.contrast)
            best = (Band){x[i], contrast};
    }
    return best;
}

/* A band or line in the scan, or the laser's line in that of a lamp. */
static gboolean check_bands(const CelSpectrum *spectrum, const Scan *scan,
                            const CelIntensityCertificate *c, GError **error)
{
    Scan whole = {.n = cel_spectrum_length(spectrum),
                  .x = cel_spectrum_x(spectrum),
                  .y = cel_spectrum_y(spectrum)};
    g_autofree double *variance = NULL;
    take_variance(spectrum, &whole);
    variance = whole.variance;
    const Band laser = strongest_band(spectrum, variance, -LASER_LINE_CM1, LASER_LINE_CM1);
    if (c->kind == CEL_SOURCE_LAMP && fabs(laser.shift_cm1) <= LASER_LINE_CM1) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("The laser's own line stands at %.1f cm-1 in the scan of a lamp: the laser "
                      "was on, or it is no lamp. Measure the lamp alone"),
                    laser.shift_cm1);
        return FALSE;
    }
    const Band band = strongest_band(spectrum, variance, scan->x[0], scan->x[scan->n - 1]);
    if (!(band.contrast > BAND_CONTRAST))
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("The scan has a band at %.0f cm-1, %.0f %% above what is %g cm-1 beside it, but "
                  "the light of %s has none so narrow: it is another thing, or light of the room "
                  "fell in. Nothing was derived"),
                band.shift_cm1, 100.0 * band.contrast, BAND_CM1, c->id);
    return FALSE;
}

/* ---- the curve ---- */

static CelResponse *make_curve(const Scan *scan, const CelIntensityOptions *o, double laser_nm,
                               double u_offset)
{
    const double u_axis = o->u_axis_cm1 > 0.0 ? o->u_axis_cm1 : 1.0;
    CelResponse *r = cel_response_new(scan->n);
    double least = G_MAXDOUBLE;
    for (gsize i = 0; i < scan->n; i++) {
        r->shift_cm1[i] = scan->x[i];
        r->factor[i] = scan->light[i] / scan->smooth[i];
        least = MIN(least, r->factor[i]);
    }
    for (gsize i = 0; i < scan->n; i++) {
        const gsize a = i > 0 ? i - 1 : 0, b = MIN(i + 1, scan->n - 1);
        /* on the axis of the scan, however wrong, the certificate was read beside its place; on a
         * better axis the curve itself stands beside its place: the worse of the two */
        const double span = scan->x[b] - scan->x[a];
        const double slope = MAX(fabs(log(scan->light[b] / scan->light[a])),
                                 fabs(log(scan->smooth[b] / scan->smooth[a]))) /
                             span;
        const double parts[] = {o->certificate->u_relative, scan->u_smooth[i] / scan->smooth[i],
                                u_offset / scan->smooth[i], u_axis * slope};
        for (gsize k = 0; k < G_N_ELEMENTS(parts); k++)
            r->u_relative[i] = hypot(r->u_relative[i], parts[k]);
    }
    for (gsize i = 0; i < scan->n; i++)
        r->factor[i] /= least;
    g_strlcpy(r->standard, o->certificate->id, sizeof r->standard);
    g_strlcpy(r->lot, o->certificate->lot, sizeof r->lot);
    r->laser_nm = laser_nm;
    r->u_common = o->certificate->u_relative;
    return r;
}

/* What a point's uncertainty is without the certificate's part. */
static double own_part(double u, const CelResponse *r)
{
    return sqrt(MAX(u * u - r->u_common * r->u_common, 0.0));
}

/* Logarithm of a / b where both are known well; FALSE elsewhere. */
static gboolean log_ratio(const CelResponse *a, gsize i, const CelResponse *b, double *out)
{
    double factor = 0.0, u = 0.0;
    if (!cel_response_at(b, a->shift_cm1[i], &factor, &u) || own_part(u, b) > WELL_KNOWN ||
        own_part(a->u_relative[i], a) > WELL_KNOWN)
        return FALSE;
    *out = log(a->factor[i] / factor);
    return TRUE;
}

double cel_intensity_disagreement(const CelResponse *a, const CelResponse *b)
{
    double low = G_MAXDOUBLE, high = -G_MAXDOUBLE, from = G_MAXDOUBLE, to = -G_MAXDOUBLE;
    for (gsize i = 0; i < a->n; i++) {
        double ratio = 0.0;
        if (!log_ratio(a, i, b, &ratio))
            continue;
        low = MIN(low, ratio);
        high = MAX(high, ratio);
        from = MIN(from, a->shift_cm1[i]);
        to = MAX(to, a->shift_cm1[i]);
    }
    /* the scale that makes the largest deviation smallest lies in the middle */
    return to - from >= COMMON_RANGE_CM1 ? expm1(0.5 * (high - low)) : NAN;
}

static gboolean confirm(CelResponse *r, const CelIntensityOptions *o, GError **error)
{
    if (o->second == NULL)
        return TRUE;
    const double limit = o->max_disagreement > 0.0 ? o->max_disagreement : MAX_DISAGREEMENT;
    const double found = cel_intensity_disagreement(r, o->second);
    r->confirmed = found <= limit;
    if (r->confirmed)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("The curve differs from the second one (%s) by up to %.0f %%, at most %.0f %% is "
                  "accepted: one of the two scans is not of the standard it names, or the "
                  "instrument was changed between them. Nothing was derived; measure both again"),
                o->second->standard, 100.0 * found, 100.0 * limit);
    return FALSE;
}

static gboolean check_stated(const CelSpectrum *scan, const CelIntensityOptions *o, double laser_nm,
                             GError **error)
{
    return check_lot(o, error) && check_laser(o->certificate, laser_nm, error) &&
           check_celsius(o, error) && check_expiry(o, error) && check_confirmation(o, error) &&
           check_state(scan, error);
}

CelResponse *cel_intensity_derive(const CelSpectrum *spectrum, const CelIntensityOptions *o,
                                  GError **error)
{
    double laser_nm = o->laser_nm;
    if (laser_nm <= 0.0)
        cel_spectrum_meta_number(spectrum, CEL_META_LASER_NM, &laser_nm);
    if (!check_stated(spectrum, o, laser_nm, error))
        return NULL;
    g_auto(Scan) scan = {.n = 0};
    find_range(spectrum, o->certificate, laser_nm, &scan);
    if (!check_range(&scan, o->certificate, error) || !check_saturation(spectrum, &scan, error))
        return NULL;
    take_variance(spectrum, &scan);
    const double u_offset = offset_of(&scan, o);
    if (!smooth(spectrum, &scan, error))
        return NULL;
    if (!check_bands(spectrum, &scan, o->certificate, error))
        return NULL;
    cut_dim_ends(&scan, u_offset);
    if (!check_range(&scan, o->certificate, error))
        return NULL;
    scan.light = g_new(double, scan.n);
    for (gsize i = 0; i < scan.n; i++)
        cel_intensity_certificate_value(o->certificate, scan.x[i], laser_nm, &scan.light[i]);
    g_autoptr(CelResponse) r = make_curve(&scan, o, laser_nm, u_offset);
    const char *serial = cel_spectrum_meta(spectrum, CEL_META_SERIAL);
    g_strlcpy(r->serial, serial != NULL ? serial : "", sizeof r->serial);
    return confirm(r, o, error) ? g_steal_pointer(&r) : NULL;
}
