/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli-calibrate.h"

#include "cel-wavelength.h"

static void add_residuals(CelCalibrationObject *object, const CelWavelengthFit *fit)
{
    for (guint i = 0; i < fit->lines->len; i++) {
        const CelWavelengthLine *line = &g_array_index(fit->lines, CelWavelengthLine, i);
        if (!(line->nm > 0.0))
            continue;
        CelCalibrationResidual residual = {.reference = line->nm,
                                           .u_reference = line->u_nm,
                                           .measured = line->pixel,
                                           .u_measured = line->u_pixel,
                                           .deviation = line->deviation_nm,
                                           .u_deviation = line->u_deviation_nm,
                                           .used = line->used};
        g_strlcpy(residual.standard, line->lamp->id, sizeof residual.standard);
        g_array_append_val(object->residuals, residual);
    }
}

static void add_notes(CelCalibrationObject *object, const CelWavelengthFit *fit, gsize n_pixels)
{
    cel_calibration_object_note(object,
                                "%u lines found, %u assigned, %u used; RMS %.4f nm, largest %.4f "
                                "nm, left out in turn %.4f nm",
                                fit->n_found, fit->n_assigned, fit->n_used, fit->rms_nm,
                                fit->worst_nm, fit->cross_validated_nm);
    cel_calibration_object_note(object, "polynomial of degree %u%s", fit->degree,
                                fit->held ? ", orders above 3 held back" : "");
    cel_calibration_object_note(object,
                                "expected chance patterns as good: 1e%.0f; pixels %.0f to %.0f of "
                                "%zu lie between lines, the others are extrapolated",
                                fit->false_alarms_log10, fit->supported_px[0], fit->supported_px[1],
                                n_pixels);
}

static const char *state_of(const CelWavelengthLine *line)
{
    if (line->used)
        return "";
    if (line->saturated)
        return _("saturated");
    return line->blended ? _("blended") : _("not used");
}

static void print_lines(const Cli *cli, const CelWavelengthFit *fit, gsize n_pixels)
{
    if (cli->json)
        return;
    cli_print(cli, "%10s %12s %10s %9s\n", _("pixel"), _("nm (air)"), _("deviation"), "u");
    for (guint i = 0; i < fit->lines->len; i++) {
        const CelWavelengthLine *line = &g_array_index(fit->lines, CelWavelengthLine, i);
        if (line->nm > 0.0)
            cli_print(cli, "%10.3f %12.4f %10.4f %9.4f %s\n", line->pixel, line->nm,
                      line->deviation_nm, line->u_deviation_nm, state_of(line));
        else
            cli_print(cli, "%10.3f %12s\n", line->pixel, _("unknown"));
    }
    cli_print(cli,
              _("%u of %u lines assigned, %u used, polynomial of degree %u; deviation RMS %.4f nm, "
                "largest %.4f nm, of lines left out in turn %.4f nm\n"),
              fit->n_assigned, fit->n_found, fit->n_used, fit->degree, fit->rms_nm, fit->worst_nm,
              fit->cross_validated_nm);
    cli_print(cli, _("pixels %.0f to %.0f of %zu lie between lines, the others are extrapolated\n"),
              fit->supported_px[0], fit->supported_px[1], n_pixels);
}

/* Where a laser was stated: the shifts between which lines stood, and the worst uncertainty there.
 */
static void add_shifts(CelCalibration *c, const CelWavelengthFit *fit, double laser_nm,
                       gsize n_pixels)
{
    g_autofree double *u = g_new0(double, n_pixels);
    c->laser_nm = laser_nm;
    g_autoptr(CelAxis) axis =
        laser_nm > 0.0 ? cel_calibration_shift_axis(c, n_pixels, u, NULL) : NULL;
    for (gsize i = 0; axis != NULL && i < n_pixels; i++) {
        const gboolean inside =
            (double)i >= fit->supported_px[0] && (double)i <= fit->supported_px[1];
        if (!inside)
            continue;
        c->u_axis_cm1 = MAX(c->u_axis_cm1, u[i]);
        if (!(c->supported_cm1[1] > c->supported_cm1[0]))
            c->supported_cm1[0] = cel_axis_values(axis)[i];
        c->supported_cm1[1] = cel_axis_values(axis)[i] + 1e-9;
    }
}

/* An instrument's own recording carries the calibration it was made under; the lamp is to give a
 * new one, from the pixels. */
static CelSpectrum *on_pixels(const CelStandardScan *scan, GError **error)
{
    if (scan->measurement->imported_axis != NULL)
        return cel_spectrum_copy(scan->spectrum);
    g_autoptr(CelMeasurement) raw = cel_measurement_copy(scan->measurement);
    raw->calibration = (CelCalibration){0};
    const CelReadOut out = {.measurement = raw};
    return cel_read_out_spectrum(&out, error);
}

static CelCalibrationObject *derive(const Cli *cli, const CliCalibrateWords *words,
                                    const GPtrArray *scans, GError **error)
{
    g_autofree CelWavelengthScan *lamps = g_new0(CelWavelengthScan, scans->len);
    g_autoptr(GPtrArray) spectra =
        g_ptr_array_new_with_free_func((GDestroyNotify)cel_spectrum_free);
    for (guint i = 0; i < scans->len; i++) {
        const CelStandardScan *scan = g_ptr_array_index(scans, i);
        CelSpectrum *spectrum = on_pixels(scan, error);
        if (spectrum == NULL)
            return NULL;
        g_ptr_array_add(spectra, spectrum);
        lamps[i] = (CelWavelengthScan){scan->standard, spectrum, scan->path};
        if (scan->standard == NULL) {
            cli_usage(error, _("%s: which lamp was measured? Name it with --standard"), scan->path);
            return NULL;
        }
    }
    g_autoptr(CelWavelengthFit) fit = cel_wavelength_fit(lamps, scans->len, cli->job, error);
    if (fit == NULL)
        return NULL;
    const CelStandardScan *first = g_ptr_array_index(scans, 0);
    const gsize n_pixels = cel_spectrum_length(first->spectrum);
    CelCalibrationObject *object = cel_calibration_object_new(CEL_CALIBRATION_WAVELENGTH);
    object->calibration = fit->calibration;
    add_residuals(object, fit);
    add_notes(object, fit, n_pixels);
    const double in_file_nm = first->measurement->calibration.laser_nm;
    add_shifts(&object->calibration, fit, words->laser_nm > 0.0 ? words->laser_nm : in_file_nm,
               n_pixels);
    print_lines(cli, fit, n_pixels);
    return object;
}

const CliCalibrateKind cli_calibrate_wavelength = {
    .kind = CEL_CALIBRATION_WAVELENGTH,
    .derive = derive,
};
