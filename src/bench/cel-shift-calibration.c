/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-shift-calibration.h"

#include "base/cel-error.h"
#include "formats/cel-reader.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum { LEAST_FRAMES = 4 }; /* of a recording whose halves are compared */

/** Run: the scans as they are calibrated with. */
typedef struct {
    GArray *scans;      /* of CelShiftScan */
    GPtrArray *spectra; /* of those made here */
    GPtrArray *names;
    CelCalibration base; /* where has_base */
    gboolean has_base;
} Run;

static void run_clear(Run *run)
{
    g_array_unref(run->scans);
    g_ptr_array_unref(run->spectra);
    g_ptr_array_unref(run->names);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Run, run_clear)

/* ---- axes ---- */

/* The calibration that the axes rest on: the one given, or what the instrument itself stated.
 * Corrections that it holds already are left out: they are derived anew. */
static void find_base(Run *run, const CelShiftRequest *request)
{
    const CelStandardScan *first = g_ptr_array_index(request->recordings, 0);
    run->base = request->base != NULL ? *request->base : first->measurement->calibration;
    run->has_base = request->base != NULL ||
                    (first->measurement->imported_axis == NULL && run->base.n_coefficients > 0);
    run->base.n_knots = 0;
    if (request->laser_nm > 0.0)
        run->base.laser_nm = request->laser_nm;
}

/* Puts a spectrum of pixels on the base's shifts. */
static gboolean put_on_base(const Run *run, const char *name, CelSpectrum *spectrum, GError **error)
{
    const gsize n = cel_spectrum_length(spectrum);
    if (!(run->base.laser_nm > 0.0)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT,
                    _("%s: shifts need the laser's wavelength; give what is on its label with "
                      "--laser-nm"),
                    name);
        return FALSE;
    }
    g_autoptr(CelAxis) axis = cel_calibration_shift_axis(&run->base, n, NULL, error);
    if (axis == NULL || !cel_spectrum_set_axis(spectrum, axis, error))
        return FALSE;
    cel_spectrum_set_meta_number(spectrum, CEL_META_LASER_NM, run->base.laser_nm);
    return TRUE;
}

static gboolean is_of_pixels(const CelMeasurement *m)
{
    return m->imported_axis == NULL || cel_axis_unit(m->imported_axis) == CEL_UNIT_PIXEL;
}

static gboolean add_scan(Run *run, const CelStandardScan *scan, const CelSpectrum *spectrum,
                         const char *part, GError **error)
{
    CelSpectrum *copy = cel_spectrum_copy(spectrum);
    char *name = g_strconcat(scan->path, part, NULL);
    g_ptr_array_add(run->spectra, copy);
    g_ptr_array_add(run->names, name);
    if (run->has_base && !is_of_pixels(scan->measurement)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT,
                    _("%s: its axis was calibrated by another program, and --base speaks of "
                      "pixels; leave --base away to correct the axis as it is"),
                    name);
        return FALSE;
    }
    if (run->has_base && !put_on_base(run, name, copy, error))
        return FALSE;
    const CelShiftScan one = {scan->standard, copy, name};
    g_array_append_val(run->scans, one);
    return TRUE;
}

/* ---- halves of a recording ---- */

/* The first or the last half of the frames, as a measurement of its own. */
static CelMeasurement *half_of(const CelMeasurement *m, gboolean last)
{
    CelMeasurement *half = cel_measurement_copy(m);
    const gsize n = m->n_frames / 2;
    if (last) {
        const gsize skip = m->n_frames - n;
        memmove(half->frames, half->frames + skip * m->n_pixels,
                n * m->n_pixels * sizeof *half->frames);
        if (half->frame_us != NULL)
            memmove(half->frame_us, half->frame_us + skip, n * sizeof *half->frame_us);
    }
    half->n_frames = n;
    return half;
}

static gboolean add_half(Run *run, const CelStandardScan *scan, gboolean last, GError **error)
{
    g_auto(CelReadOut) out = {.measurement = half_of(scan->measurement, last)};
    g_autoptr(CelSpectrum) spectrum = cel_read_out_spectrum(&out, error);
    return spectrum != NULL &&
           add_scan(run, scan, spectrum, last ? _(" (last half)") : _(" (first half)"), error);
}

/* A recording of several frames is given as its two halves, so that a laser that drifts while they
 * are taken is seen as one that drifts between recordings. */
static gboolean add_input(Run *run, const CelStandardScan *scan, GError **error)
{
    if (scan->measurement->n_frames < LEAST_FRAMES)
        return add_scan(run, scan, scan->spectrum, "", error);
    return add_half(run, scan, FALSE, error) && add_half(run, scan, TRUE, error);
}

/* ---- the object ---- */

static void add_residuals(CelCalibrationObject *object, const CelShiftFit *fit)
{
    for (guint i = 0; i < fit->lines->len; i++) {
        const CelShiftLine *line = &g_array_index(fit->lines, CelShiftLine, i);
        CelCalibrationResidual residual = {.reference = line->accepted_cm1,
                                           .u_reference = line->u_accepted_cm1,
                                           .measured = line->measured_cm1,
                                           .u_measured = line->u_fit_cm1,
                                           .deviation = line->after_cm1,
                                           .u_deviation =
                                               0.5 * line->limit_cm1, /* the limit is k = 2 */
                                           .used = line->used};
        g_strlcpy(residual.standard, line->standard->id, sizeof residual.standard);
        g_array_append_val(object->residuals, residual);
    }
}

static void note_standards(CelCalibrationObject *object, const CelShiftFit *fit)
{
    for (guint i = 0; i < fit->standards->len; i++) {
        const CelShiftStandard *s = &g_array_index(fit->standards, CelShiftStandard, i);
        const double celsius = s->standard->celsius;
        g_autofree char *warm = isnan(celsius) ? g_strdup("temperature not stated by the source")
                                               : g_strdup_printf("at %g degrees C", celsius);
        cel_calibration_object_note(object,
                                    "%s: %u scans, %u lines, alone puts the laser %+.2f +- %.2f "
                                    "cm-1 from the assumed one; accepted values %s: %s",
                                    s->standard->id, s->n_scans, s->n_lines, s->laser_cm1,
                                    s->u_laser_cm1, warm, s->standard->source);
    }
    if (fit->silicon_cm1 > 0.0)
        cel_calibration_object_note(object, "silicon taken as %.2f cm-1", fit->silicon_cm1);
}

static void add_notes(CelCalibrationObject *object, const CelShiftFit *fit)
{
    const CelCalibration *c = &fit->calibration;
    if (c->n_coefficients == 0)
        cel_calibration_object_note(object, "an axis already calibrated: this corrects shifts as "
                                            "they were recorded and holds for such axes only");
    cel_calibration_object_note(
        object,
        "laser %.3f nm (u %.3f), assumed %.3f nm; offset %+.2f +- %.2f "
        "cm-1; %s",
        c->laser_nm, c->u_laser_nm, fit->assumed_laser_nm, fit->laser_cm1, fit->u_laser_cm1,
        fit->laser_is_traced ? "the wavelengths are those of a lamp"
                             : "if the wavelengths of the axis are right: a shift standard "
                               "alone cannot tell a moved laser from a moved grating");
    if (fit->n_lamp_lines > 0)
        cel_calibration_object_note(object,
                                    "lamp: %u lines, smooth correction of order %u, RMS %.2f cm-1",
                                    fit->n_lamp_lines, fit->lamp_order, fit->lamp_rms_cm1);
    cel_calibration_object_note(object,
                                "residual correction of order %u; between standards %.2f cm-1; "
                                "supported %.0f to %.0f cm-1, outside extrapolated",
                                fit->residual_order, fit->between_cm1, c->supported_cm1[0],
                                c->supported_cm1[1]);
    note_standards(object, fit);
}

/* ---- for people ---- */

const char *cel_shift_line_state(const CelShiftLine *line)
{
    if (line->saturated)
        return _("saturated");
    if (!line->used)
        return _("not used");
    if (!line->supported)
        return _("extrapolated");
    return fabs(line->after_cm1) > line->limit_cm1 ? _("beyond its limit") : "";
}

/* ---- all of it ---- */

static CelShiftFit *fit_all(Run *run, const CelShiftRequest *request, CelJob *job, GError **error)
{
    find_base(run, request);
    for (guint i = 0; i < request->recordings->len; i++)
        if (!add_input(run, g_ptr_array_index(request->recordings, i), error))
            return NULL;
    return cel_shift_fit(run->has_base ? &run->base : NULL,
                         (const CelShiftScan *)(void *)run->scans->data, run->scans->len, NULL, job,
                         error);
}

CelCalibrationObject *cel_shift_calibrate(const CelShiftRequest *request, CelShiftFit **out_fit,
                                          CelJob *job, GError **error)
{
    g_return_val_if_fail(request->recordings->len > 0, NULL);
    g_auto(Run) run = {.scans = g_array_new(FALSE, TRUE, sizeof(CelShiftScan)),
                       .spectra = g_ptr_array_new_with_free_func((GDestroyNotify)cel_spectrum_free),
                       .names = g_ptr_array_new_with_free_func(g_free)};
    g_autoptr(CelShiftFit) fit = fit_all(&run, request, job, error);
    if (fit == NULL)
        return NULL;
    CelCalibrationObject *object = cel_calibration_object_new(CEL_CALIBRATION_SHIFT);
    object->calibration = fit->calibration;
    add_residuals(object, fit);
    add_notes(object, fit);
    *out_fit = g_steal_pointer(&fit);
    return object;
}
