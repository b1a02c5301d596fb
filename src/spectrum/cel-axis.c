/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spectrum/cel-axis.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct CelAxis {
    gatomicrefcount refs;
    CelUnit unit;
    gsize n;
    double step;
    double *values;
};

static const char *const unit_names[CEL_N_UNITS] = {
    [CEL_UNIT_PIXEL] = "pixel",         [CEL_UNIT_NM_AIR] = "nm_air",
    [CEL_UNIT_NM_VACUUM] = "nm_vacuum", [CEL_UNIT_NM_UNSTATED] = "nm_unstated",
    [CEL_UNIT_SHIFT_CM1] = "cm-1",
};

static const double WAVELENGTH_MIN_NM = 100.0, WAVELENGTH_MAX_NM = 20000.0;
static const double CIDDOR_MIN_NM = 200.0, CIDDOR_MAX_NM = 2000.0;

static gboolean is_wavelength(CelUnit unit)
{
    return unit == CEL_UNIT_NM_AIR || unit == CEL_UNIT_NM_VACUUM || unit == CEL_UNIT_NM_UNSTATED;
}

static gboolean check_value(CelUnit unit, const double *values, gsize i, GError **error)
{
    if (!isfinite(values[i])) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("Axis value %" G_GSIZE_FORMAT " is not a finite number"), i + 1);
        return FALSE;
    }
    if (i > 0 && values[i] <= values[i - 1]) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("Axis value %" G_GSIZE_FORMAT " (%g) does not increase after %g; each "
                      "position may stand only once, in increasing order"),
                    i + 1, values[i], values[i - 1]);
        return FALSE;
    }
    if (is_wavelength(unit) && (values[i] < WAVELENGTH_MIN_NM || values[i] > WAVELENGTH_MAX_NM)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT,
                    _("Axis value %" G_GSIZE_FORMAT " (%g) is no wavelength in nm; is this axis "
                      "a Raman shift?"),
                    i + 1, values[i]);
        return FALSE;
    }
    return TRUE;
}

static double median_step(const double *values, gsize n)
{
    g_autofree double *steps = g_new(double, n - 1);
    for (gsize i = 0; i + 1 < n; i++)
        steps[i] = values[i + 1] - values[i];
    return gsl_stats_select(steps, 1, n - 1, (n - 1) / 2);
}

CelAxis *cel_axis_new(CelUnit unit, const double *values, gsize n, GError **error)
{
    g_return_val_if_fail((guint)unit < CEL_N_UNITS, NULL);
    if (n < 2 || n > CEL_AXIS_MAX_POINTS) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("An axis has 2 to %d points, this one %" G_GSIZE_FORMAT), CEL_AXIS_MAX_POINTS,
                    n);
        return NULL;
    }
    for (gsize i = 0; i < n; i++) {
        if (!check_value(unit, values, i, error))
            return NULL;
    }
    CelAxis *axis = g_new(CelAxis, 1);
    g_atomic_ref_count_init(&axis->refs);
    axis->unit = unit;
    axis->n = n;
    axis->values = g_memdup2(values, n * sizeof *values);
    axis->step = median_step(values, n);
    return axis;
}

CelAxis *cel_axis_new_pixels(gsize n, GError **error)
{
    g_autofree double *values = g_new(double, MAX(n, 1));
    for (gsize i = 0; i < n; i++)
        values[i] = (double)i;
    return cel_axis_new(CEL_UNIT_PIXEL, values, n, error);
}

/* Ciddor 1996, equation 1; @sigma2: squared vacuum wavenumber in um^-2 */
static double ciddor_index(double sigma2)
{
    return 1.0 + 1e-8 * (5792105.0 / (238.0185 - sigma2) + 167917.0 / (57.362 - sigma2));
}

double cel_vacuum_to_air_nm(double nm)
{
    return nm / ciddor_index(1e6 / (nm * nm));
}

double cel_air_to_vacuum_nm(double nm)
{
    double vacuum = nm;
    for (int i = 0; i < 4; i++) /* the index varies so slowly that two rounds already converge */
        vacuum = nm * ciddor_index(1e6 / (vacuum * vacuum));
    return vacuum;
}

CelAxis *cel_axis_raman_shift(const CelAxis *wavelengths, double laser_nm, GError **error)
{
    if (!is_wavelength(wavelengths->unit)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT,
                    _("A Raman shift needs an axis in nm, this one is in %s; export the spectrum "
                      "with its calibrated axis"),
                    unit_names[wavelengths->unit]);
        return NULL;
    }
    if (!(laser_nm >= CIDDOR_MIN_NM && laser_nm <= CIDDOR_MAX_NM)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT,
                    _("A Raman shift needs the laser wavelength (200..2000 nm); give it with "
                      "--laser-nm"));
        return NULL;
    }
    const gboolean air = wavelengths->unit == CEL_UNIT_NM_AIR;
    const double laser_vacuum = air ? cel_air_to_vacuum_nm(laser_nm) : laser_nm;
    g_autofree double *shift = g_new(double, wavelengths->n);
    for (gsize i = 0; i < wavelengths->n; i++) {
        const double nm = wavelengths->values[i];
        shift[i] = 1e7 / laser_vacuum - 1e7 / (air ? cel_air_to_vacuum_nm(nm) : nm);
    }
    return cel_axis_new(CEL_UNIT_SHIFT_CM1, shift, wavelengths->n, error);
}

CelAxis *cel_axis_ref(const CelAxis *axis)
{
    CelAxis *mutable_axis = (CelAxis *)axis; /* only the counter changes */
    g_atomic_ref_count_inc(&mutable_axis->refs);
    return mutable_axis;
}

void cel_axis_unref(CelAxis *axis)
{
    if (axis == NULL || !g_atomic_ref_count_dec(&axis->refs))
        return;
    g_free(axis->values);
    g_free(axis);
}

CelUnit cel_axis_unit(const CelAxis *axis)
{
    return axis->unit;
}

gsize cel_axis_length(const CelAxis *axis)
{
    return axis->n;
}

const double *cel_axis_values(const CelAxis *axis)
{
    return axis->values;
}

gboolean cel_axis_equal(const CelAxis *a, const CelAxis *b)
{
    return a == b || (a->unit == b->unit && a->n == b->n &&
                      memcmp(a->values, b->values, a->n * sizeof *a->values) == 0);
}

CelAxis *cel_axis_crop(const CelAxis *axis, gsize first, gsize n, GError **error)
{
    g_return_val_if_fail(first <= axis->n && n <= axis->n - first, NULL);
    return cel_axis_new(axis->unit, axis->values + first, n, error);
}

gsize cel_axis_nearest(const CelAxis *axis, double value)
{
    gsize low = 0, high = axis->n - 1;
    while (high - low > 1) {
        const gsize middle = low + (high - low) / 2;
        if (axis->values[middle] <= value)
            low = middle;
        else
            high = middle;
    }
    return value - axis->values[low] <= axis->values[high] - value ? low : high;
}

double cel_axis_step(const CelAxis *axis)
{
    return axis->step;
}

const char *cel_unit_name(CelUnit unit)
{
    g_return_val_if_fail((guint)unit < CEL_N_UNITS, NULL);
    return unit_names[unit];
}

gboolean cel_unit_from_name(const char *name, CelUnit *out_unit)
{
    for (guint i = 0; i < CEL_N_UNITS; i++) {
        if (strcmp(unit_names[i], name) == 0) {
            *out_unit = (CelUnit)i;
            return TRUE;
        }
    }
    return FALSE;
}
