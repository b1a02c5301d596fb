/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-clock.h"
#include "h5/cel-nxraman-fields.h"

#include <math.h>
#include <string.h>

enum { KNOT, CORRECTION, U_CORRECTION, KNOT_ROWS };

static gboolean any(const double *values, gsize n)
{
    gboolean found = FALSE;
    for (gsize i = 0; i < n; i++)
        found = found || fpclassify(values[i]) != FP_ZERO;
    return found;
}

static guint n_coefficients(const CelCalibration *c)
{
    return MIN(c->n_coefficients, CEL_CALIBRATION_MAX_COEFFICIENTS);
}

/* ---- writing: what is not known is absent ---- */

static void put_covariance(CelH5Node *group, const CelCalibration *c)
{
    double values[CEL_CALIBRATION_MAX_COEFFICIENTS * CEL_CALIBRATION_MAX_COEFFICIENTS];
    const gsize n = n_coefficients(c), shape[] = {n, n};
    for (gsize a = 0; a < n; a++) {
        for (gsize b = 0; b < n; b++)
            values[a * n + b] = c->covariance[a][b];
    }
    if (any(values, n * n)) {
        CelH5Node *node = cel_h5_put(group, "covariance", CEL_H5_F64, 2, shape, values, FALSE);
        cel_h5_attr_text(node, "long_name", "Covariance of the coefficients");
    }
}

static void put_correction(CelH5Node *group, const CelCalibration *c)
{
    double values[KNOT_ROWS * CEL_CALIBRATION_MAX_KNOTS];
    const gsize n = MIN(c->n_knots, CEL_CALIBRATION_MAX_KNOTS), shape[] = {KNOT_ROWS, n};
    if (any(c->supported_cm1, 2)) {
        CelH5Node *range = cel_h5_put_f64(group, "supported_range", c->supported_cm1, 2);
        cel_h5_attr_text(range, "units", "1/cm");
    }
    if (n == 0)
        return;
    memcpy(values + KNOT * n, c->knot_cm1, n * sizeof *values);
    memcpy(values + CORRECTION * n, c->correction_cm1, n * sizeof *values);
    memcpy(values + U_CORRECTION * n, c->u_correction_cm1, n * sizeof *values);
    CelH5Node *node = cel_h5_put(group, "shift_correction", CEL_H5_F64, 2, shape, values, FALSE);
    cel_h5_attr_text(node, "units", "1/cm");
    cel_h5_attr_text(node, "long_name", "Shifts, what is added there, its standard uncertainty");
}

static void put_times(CelH5Node *entry, CelH5Node *group, const CelCalibration *c)
{
    CelH5Node *device =
        cel_h5_group(entry, "instrument/instrument_calibration_spectrometer", "NXcalibration");
    if (c->n_coefficients == 0)
        cel_h5_put_text(device, "calibration_status", "no calibration");
    if (c->n_coefficients > 0 && c->made_wall_us > 0) {
        g_autofree char *made = cel_clock_iso8601(c->made_wall_us);
        cel_h5_put_text(device, "calibration_status", "calibration time provided");
        cel_h5_put_text(device, "calibration_time", made);
    }
    if (c->valid_until_wall_us != 0)
        cel_h5_attr_text(cel_h5_put_int(group, "valid_until_wall_us", c->valid_until_wall_us),
                         "units", "us");
}

/* For other programs: the axis in nm and, where it is known, how well the shifts are. */
static gboolean put_axis(CelH5Node *group, const CelMeasurement *m, GError **error)
{
    const CelCalibration *c = &m->calibration;
    g_autoptr(CelAxis) axis = cel_calibration_axis(c, m->n_pixels, error);
    if (axis == NULL)
        return FALSE;
    CelH5Node *values = cel_h5_put(group, "calibrated_axis", CEL_H5_F64, 1, &m->n_pixels,
                                   cel_axis_values(axis), TRUE);
    cel_h5_attr_text(values, "units", "nm");
    if (c->laser_nm <= 0.0)
        return TRUE;
    g_autofree double *u = g_new(double, m->n_pixels);
    g_autoptr(CelAxis) shift = cel_calibration_shift_axis(c, m->n_pixels, u, error);
    if (shift == NULL)
        return FALSE;
    if (any(u, m->n_pixels)) {
        CelH5Node *node = cel_h5_put(group, "u_raman_shift", CEL_H5_F64, 1, &m->n_pixels, u, TRUE);
        cel_h5_attr_text(node, "units", "1/cm");
        cel_h5_attr_text(node, "long_name", "Standard uncertainty of the Raman shift (1/cm)");
    }
    return TRUE;
}

gboolean cel_nxraman_put_calibration(CelH5Node *entry, const CelMeasurement *m, GError **error)
{
    const CelCalibration *c = &m->calibration;
    cel_h5_group(entry, "measurement_data_calibration_1", "NXprocess");
    CelH5Node *group = cel_h5_group(entry, CEL_NXRAMAN_CALIBRATION, "NXcalibration");
    cel_h5_put_text(group, "medium", cel_unit_name(c->medium));
    put_times(entry, group, c);
    put_correction(group, c);
    if (c->n_coefficients == 0)
        return TRUE;
    cel_h5_put_f64(group, "coefficients", c->coefficients, n_coefficients(c));
    put_covariance(group, c);
    return put_axis(group, m, error);
}

/* ---- reading ---- */

/* A dataset of @rows x *@in_out_n finite numbers. @in_out_n: 0 takes what is there.
 * Returns: (nullable): its values; NULL without error when it is absent. */
static double *read_rows(const CelH5Node *entry, const char *path, gsize rows, gsize *in_out_n,
                         GError **error)
{
    gsize shape[CEL_H5_MAX_RANK] = {0}, n = 0;
    const CelH5Node *node = cel_h5_find(entry, path);
    if (node == NULL)
        return NULL;
    g_autofree double *values = cel_h5_get_f64(entry, path, &n, error);
    if (values == NULL)
        return NULL;
    gboolean good = cel_h5_shape(node, shape) == 2 && shape[0] == rows && shape[1] > 0 &&
                    (*in_out_n == 0 || shape[1] == *in_out_n);
    for (gsize i = 0; good && i < n; i++)
        good = isfinite(values[i]);
    if (!good) {
        cel_nxraman_wrong(path, error);
        return NULL;
    }
    *in_out_n = shape[1];
    return g_steal_pointer(&values);
}

static gboolean read_coefficients(const CelH5Node *entry, CelCalibration *c, GError **error)
{
    gsize n = 0;
    g_autofree double *values = cel_h5_get_f64(entry, CEL_NXRAMAN_COEFFICIENTS, &n, error);
    if (values == NULL)
        return FALSE;
    if (n != c->n_coefficients || n > CEL_CALIBRATION_MAX_COEFFICIENTS)
        return cel_nxraman_wrong(CEL_NXRAMAN_COEFFICIENTS, error);
    for (gsize i = 0; i < n; i++) {
        if (!isfinite(values[i]))
            return cel_nxraman_wrong(CEL_NXRAMAN_COEFFICIENTS, error);
        c->coefficients[i] = values[i];
    }
    return TRUE;
}

static gboolean read_covariance(const CelH5Node *entry, CelCalibration *c, GError **error)
{
    g_autoptr(GError) failed = NULL;
    gsize n = c->n_coefficients;
    g_autofree double *values = read_rows(entry, CEL_NXRAMAN_COVARIANCE, n, &n, &failed);
    if (failed != NULL) {
        g_propagate_error(error, g_steal_pointer(&failed));
        return FALSE;
    }
    for (gsize a = 0; values != NULL && a < n; a++)
        memcpy(c->covariance[a], values + a * n, n * sizeof *values);
    return TRUE;
}

static gboolean read_correction(const CelH5Node *entry, CelCalibration *c, GError **error)
{
    g_autoptr(GError) failed = NULL;
    gsize n = 0;
    g_autofree double *values = read_rows(entry, CEL_NXRAMAN_KNOTS, KNOT_ROWS, &n, &failed);
    if (failed != NULL) {
        g_propagate_error(error, g_steal_pointer(&failed));
        return FALSE;
    }
    if (n > CEL_CALIBRATION_MAX_KNOTS)
        return cel_nxraman_wrong(CEL_NXRAMAN_KNOTS, error);
    if (values != NULL) {
        memcpy(c->knot_cm1, values + KNOT * n, n * sizeof *values);
        memcpy(c->correction_cm1, values + CORRECTION * n, n * sizeof *values);
        memcpy(c->u_correction_cm1, values + U_CORRECTION * n, n * sizeof *values);
    }
    c->n_knots = (guint)n;
    return TRUE;
}

static gboolean read_limits(const CelH5Node *entry, CelCalibration *c, GError **error)
{
    if (cel_h5_find(entry, CEL_NXRAMAN_VALID_UNTIL) != NULL &&
        !cel_h5_get_int(entry, CEL_NXRAMAN_VALID_UNTIL, &c->valid_until_wall_us, error))
        return FALSE;
    if (cel_h5_find(entry, CEL_NXRAMAN_SUPPORTED) == NULL)
        return TRUE;
    gsize n = 0;
    g_autofree double *range = cel_h5_get_f64(entry, CEL_NXRAMAN_SUPPORTED, &n, error);
    if (range == NULL)
        return FALSE;
    if (n != 2 || !isfinite(range[0]) || !isfinite(range[1]))
        return cel_nxraman_wrong(CEL_NXRAMAN_SUPPORTED, error);
    memcpy(c->supported_cm1, range, sizeof c->supported_cm1);
    return TRUE;
}

gboolean cel_nxraman_read_calibration(const CelH5Node *entry, CelCalibration *c, GError **error)
{
    g_autofree char *medium = cel_h5_get_text(entry, CEL_NXRAMAN_MEDIUM, error);
    if (medium == NULL)
        return FALSE;
    if (!cel_unit_from_name(medium, &c->medium))
        return cel_nxraman_wrong(CEL_NXRAMAN_MEDIUM, error);
    if (!read_limits(entry, c, error) || !read_correction(entry, c, error))
        return FALSE;
    return c->n_coefficients == 0 ||
           (read_coefficients(entry, c, error) && read_covariance(entry, c, error));
}
