/* SPDX-License-Identifier: GPL-3.0-or-later */
/* correct.nonlinearity: counts that follow the light, after the detector's own polynomial. The
 * variance is carried by the slope of the map, the mask is kept.
 * correct.intensity: counts times the instrument's response curve (ASTM E2911). The variance grows
 * by the square of the factor and, with systematic=yes, by the uncertainty of the curve. That part
 * is one smooth error shared by all samples: counted as noise it would drown weak bands on a high
 * background, from which subtracting the background takes it off again; so it is left out unless
 * ratios of bands are wanted. Its largest value stands in the metadata. Samples for which the curve
 * is less certain than max_u are marked out of range; beyond the curve nothing is kept. */
#include "process/step-util.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum { REFUSE, PASS };
enum { MIN_SAMPLES = 2 };
static const char *const when_absent[] = {"refuse", "pass", NULL};

/* ---- correct.nonlinearity ---- */

/* Detectors that are worth measuring with are linear to a few per cent (Ocean Optics states up to
 * 8 % before correction); a larger one is a sign of wrong coefficients. */
static const double MOST_NONLINEAR = 0.5;

enum { WHEN_ABSENT, N_NONLINEARITY_PARAMS };
static const CelParamDef nonlinearity_params[] = {
    [WHEN_ABSENT] = {.key = "when_absent",
                     .label = N_("Without coefficients"),
                     .unit = "1",
                     .type = CEL_PARAM_CHOICE,
                     .min = REFUSE,
                     .max = PASS,
                     .initial = REFUSE,
                     .choices = when_absent},
};
G_STATIC_ASSERT(G_N_ELEMENTS(nonlinearity_params) == N_NONLINEARITY_PARAMS);

/* Passes @in on with a note that it was not corrected, or refuses with @why. */
static CelSpectrum *run_without(const CelSpectrum *in, const CelParams *params, const char *meta,
                                const char *why, GError **error)
{
    if (cel_params_get(params, WHEN_ABSENT) == REFUSE) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_INPUT, why);
        return NULL;
    }
    CelSpectrum *out = cel_spectrum_copy(in);
    if (cel_spectrum_meta(out, meta) == NULL)
        cel_spectrum_set_meta(out, meta, "absent");
    return out;
}

/* The polynomial sum of c[k] counts^k and its derivative. */
static double divisor(const CelStepInputs *inputs, double counts, double *out_slope)
{
    double value = 0.0, slope = 0.0;
    for (guint k = inputs->n_nonlinearity; k-- > 0;) {
        slope = slope * counts + value;
        value = value * counts + inputs->nonlinearity[k];
    }
    *out_slope = slope;
    return value;
}

static gboolean may_linearise(const CelSpectrum *in, GError **error)
{
    const char *done = cel_spectrum_meta(in, CEL_META_NONLINEARITY);
    if (g_strcmp0(done, "corrected") == 0) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                    _("The nonlinearity was corrected before; a second time would falsify the "
                      "counts. Take one of the two steps out of the recipe"));
        return FALSE;
    }
    if (g_strcmp0(cel_spectrum_meta(in, CEL_META_DARK), "subtracted") != 0) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("The nonlinearity is corrected on counts of light, and the dark of this "
                      "spectrum was not subtracted; put dark.subtract before this step"));
        return FALSE;
    }
    return TRUE;
}

static CelSpectrum *run_nonlinearity(const CelSpectrum *in, const CelParams *params,
                                     const CelStepInputs *inputs, GError **error)
{
    if (inputs->nonlinearity == NULL || inputs->n_nonlinearity == 0)
        return run_without(in, params, CEL_META_NONLINEARITY,
                           _("The measurement carries no nonlinearity coefficients, so its counts "
                             "may not follow the light; derive them with several integration "
                             "times, or set when_absent=pass"),
                           error);
    if (!may_linearise(in, error))
        return NULL;
    double *y = cel_step_y(in), *variance = cel_step_variance(in);
    for (gsize i = 0; i < cel_spectrum_length(in); i++) {
        double slope = 0.0;
        /* below 0 there is noise only, for which the polynomial was not made */
        const double p = divisor(inputs, MAX(y[i], 0.0), &slope);
        if (!(fabs(p - 1.0) <= MOST_NONLINEAR)) {
            g_set_error(error, CEL_ERROR, CEL_ERROR_NUMERIC,
                        _("At %g counts the nonlinearity coefficients ask for a division by %g, "
                          "which no detector needs; they are wrong or for other counts, and "
                          "nothing was corrected"),
                        y[i], p);
            g_free(y);
            g_free(variance);
            return NULL;
        }
        const double gain = (p - MAX(y[i], 0.0) * slope) / (p * p);
        y[i] /= p;
        if (variance != NULL)
            variance[i] *= gain * gain;
    }
    CelSpectrum *out =
        cel_spectrum_derive(in, cel_spectrum_axis(in), y, variance, cel_step_mask(in), error);
    if (out != NULL)
        cel_spectrum_set_meta(out, CEL_META_NONLINEARITY, "corrected");
    return out;
}

const CelStepDef cel_step_correct_nonlinearity = {
    .id = "correct.nonlinearity",
    .version = 1,
    .title = N_("Correct the detector's nonlinearity"),
    .reference = "definition: counts / sum of c[k] counts^k, as instrument makers store it",
    .params = nonlinearity_params,
    .n_params = N_NONLINEARITY_PARAMS,
    .run = run_nonlinearity,
};

/* ---- correct.intensity ---- */

/* A laser that was set anew excites elsewhere; a diode's own drift stays within this. */
static const double SAME_LASER_NM = 1.0;

enum { ABSENT, OUTSIDE, MAX_U, SYSTEMATIC, N_INTENSITY_PARAMS };
enum { CROP, REFUSE_OUTSIDE };
static const char *const outside_names[] = {"crop", "refuse", NULL};
static const CelParamDef intensity_params[] = {
    [ABSENT] = {.key = "when_absent",
                .label = N_("Without a response curve"),
                .unit = "1",
                .type = CEL_PARAM_CHOICE,
                .min = REFUSE,
                .max = PASS,
                .initial = REFUSE,
                .choices = when_absent},
    [OUTSIDE] = {.key = "outside",
                 .label = N_("Beyond the curve"),
                 .unit = "1",
                 .type = CEL_PARAM_CHOICE,
                 .min = CROP,
                 .max = REFUSE_OUTSIDE,
                 .initial = CROP,
                 .choices = outside_names},
    [MAX_U] = {.key = "max_u",
               .label = N_("Largest relative uncertainty of the curve"),
               .unit = "1",
               .type = CEL_PARAM_REAL,
               .min = 1e-3,
               .max = 1.0,
               .initial = 0.25},
    [SYSTEMATIC] = {.key = "systematic",
                    .label = N_("Count the curve's uncertainty as noise"),
                    .unit = "1",
                    .type = CEL_PARAM_BOOL,
                    .min = 0,
                    .max = 1,
                    .initial = 0},
};
G_STATIC_ASSERT(G_N_ELEMENTS(intensity_params) == N_INTENSITY_PARAMS);
G_STATIC_ASSERT((int)ABSENT == (int)WHEN_ABSENT);

static gboolean check_instrument(const CelSpectrum *in, const CelResponse *r, GError **error)
{
    double laser_nm = 0.0;
    const char *serial = cel_spectrum_meta(in, CEL_META_SERIAL);
    if (!cel_spectrum_meta_number(in, CEL_META_LASER_NM, &laser_nm) ||
        !(fabs(laser_nm - r->laser_nm) <= SAME_LASER_NM)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT,
                    _("The response curve holds for excitation at %g nm, the spectrum was excited "
                      "at %g nm (0: not stated); its intensities were not corrected. Derive a "
                      "curve with a standard for this laser"),
                    r->laser_nm, laser_nm);
        return FALSE;
    }
    if (serial != NULL && r->serial[0] != '\0' && strcmp(serial, r->serial) != 0) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("The response curve belongs to instrument %s, the spectrum to %s; its "
                      "intensities were not corrected. Use the curve of its own instrument"),
                    r->serial, serial);
        return FALSE;
    }
    return TRUE;
}

static gboolean may_weigh(const CelSpectrum *in, const CelResponse *r, GError **error)
{
    const char *done = cel_spectrum_meta(in, CEL_META_INTENSITY);
    if (done != NULL && strcmp(done, "absent") != 0) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                    _("The intensities were corrected before (%s); a second time would falsify "
                      "them. Take one of the two steps out of the recipe"),
                    done);
        return FALSE;
    }
    if (cel_axis_unit(cel_spectrum_axis(in)) != CEL_UNIT_SHIFT_CM1) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT,
                    _("The response curve stands on Raman shifts, the spectrum on %s; calibrate "
                      "its axis first"),
                    cel_unit_name(cel_axis_unit(cel_spectrum_axis(in))));
        return FALSE;
    }
    return check_instrument(in, r, error);
}

/* Samples @out_first..@out_last (exclusive) on which the curve says something. */
static gboolean find_common(const CelSpectrum *in, const CelResponse *r, const CelParams *params,
                            gsize out_range[2], GError **error)
{
    const double *x = cel_spectrum_x(in), low = r->shift_cm1[0], high = r->shift_cm1[r->n - 1];
    const gsize n = cel_spectrum_length(in);
    gsize first = 0, last = n;
    while (first < n && x[first] < low)
        first++;
    while (last > first && x[last - 1] > high)
        last--;
    out_range[0] = first;
    out_range[1] = last;
    if (last - first >= MIN_SAMPLES &&
        (last - first == n || cel_params_get(params, OUTSIDE) == CROP))
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("The response curve says nothing outside %g to %g cm-1, the spectrum goes from "
                  "%g to %g; its intensities were not corrected. Crop it first, or derive a curve "
                  "over its whole range"),
                low, high, x[0], x[n - 1]);
    return FALSE;
}

typedef struct {
    double *y, *variance;
    guint8 *mask;
    double largest_u;
} Weighed;

static Weighed weigh(const CelSpectrum *in, const CelResponse *r, const CelParams *params,
                     const gsize range[2])
{
    const gsize n = range[1] - range[0];
    const double *y = cel_spectrum_y(in) + range[0], *variance = cel_spectrum_variance(in);
    const guint8 *mask = cel_spectrum_mask(in);
    const gboolean systematic = cel_params_get_bool(params, SYSTEMATIC);
    Weighed w = {g_new(double, n), variance != NULL ? g_new(double, n) : NULL, g_new0(guint8, n),
                 0.0};
    for (gsize i = 0; i < n; i++) {
        double factor = 1.0, u = 0.0;
        cel_response_at(r, cel_spectrum_x(in)[range[0] + i], &factor, &u);
        w.y[i] = y[i] * factor;
        if (variance != NULL)
            w.variance[i] = factor * factor *
                            (variance[range[0] + i] + (systematic ? y[i] * y[i] * u * u : 0.0));
        w.mask[i] = mask != NULL ? mask[range[0] + i] : 0;
        if (u > cel_params_get(params, MAX_U))
            w.mask[i] |= CEL_MASK_OUT_OF_RANGE;
        else
            w.largest_u = MAX(w.largest_u, u);
    }
    return w;
}

static void note_curve(const CelResponse *r, double largest_u, CelSpectrum *out)
{
    g_autofree char *digest = cel_response_sha256(r);
    g_autofree char *note =
        g_strdup_printf("%s %s %s%s%s", digest, r->standard, r->lot, r->lot[0] != '\0' ? " " : "",
                        r->confirmed ? "confirmed" : "unconfirmed");
    cel_spectrum_set_meta(out, CEL_META_INTENSITY, note);
    cel_spectrum_set_meta_number(out, CEL_META_INTENSITY_U, largest_u);
}

static CelSpectrum *run_intensity(const CelSpectrum *in, const CelParams *params,
                                  const CelStepInputs *inputs, GError **error)
{
    const CelResponse *r = inputs->response;
    gsize range[2];
    if (r == NULL)
        return run_without(in, params, CEL_META_INTENSITY,
                           _("The measurement carries no response curve, so its relative "
                             "intensities are those of this instrument; derive one with an "
                             "intensity standard, or set when_absent=pass"),
                           error);
    if (!may_weigh(in, r, error) || !find_common(in, r, params, range, error))
        return NULL;
    g_autoptr(CelAxis) axis =
        cel_axis_new(CEL_UNIT_SHIFT_CM1, cel_spectrum_x(in) + range[0], range[1] - range[0], error);
    if (axis == NULL)
        return NULL;
    const Weighed w = weigh(in, r, params, range);
    CelSpectrum *out = cel_spectrum_derive(in, axis, w.y, w.variance, w.mask, error);
    if (out != NULL)
        note_curve(r, w.largest_u, out);
    return out;
}

const CelStepDef cel_step_correct_intensity = {
    .id = "correct.intensity",
    .version = 1,
    .title = N_("Correct the relative intensities"),
    .reference = "ASTM E2911: counts times the certified over the measured output of a standard",
    .params = intensity_params,
    .n_params = N_INTENSITY_PARAMS,
    .run = run_intensity,
};
