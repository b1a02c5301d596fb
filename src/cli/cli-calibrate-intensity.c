/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli-calibrate.h"

#include "cel-intensity.h"

#include "base/cel-clock.h"

#include <math.h>
#include <string.h>

/* A converter that is full gives one number again and again; light with noise does not. */
enum { FULL_SAMPLES = 3 };

static void mark_full(const CelMeasurement *m, CelSpectrum *spectrum)
{
    const gsize n = cel_spectrum_length(spectrum);
    const guint8 *mask = cel_spectrum_mask(spectrum);
    g_autofree guint8 *marked = mask != NULL ? g_memdup2(mask, n) : g_new0(guint8, n);
    for (gsize f = 0; f < m->n_frames && m->n_pixels == n; f++) {
        const double *y = m->frames + f * n;
        double top = y[0];
        guint full = 0;
        for (gsize i = 1; i < n; i++)
            top = MAX(top, y[i]);
        for (gsize i = 0; i < n; i++)
            full += y[i] >= top ? 1 : 0;
        for (gsize i = 0; full >= FULL_SAMPLES && i < n; i++)
            marked[i] |= y[i] >= top ? CEL_MASK_SATURATED : 0;
    }
    cel_spectrum_set_mask(spectrum, marked);
}

/* The response curve in the calibration file @path; NULL with error when it holds none. */
static CelResponse *load_second(const char *path, GError **error)
{
    g_autoptr(CelCalibrationObject) object = cel_calibration_object_load(path, error);
    if (object == NULL)
        return NULL;
    if (object->response == NULL) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("%s: this calibration holds no response curve; give one of the kind "
                      "intensity"),
                    path);
        return NULL;
    }
    return cel_response_from_text(object->response, strlen(object->response), error);
}

static const CelStandardScan *one_scan(const GPtrArray *scans, GError **error)
{
    const CelStandardScan *scan = g_ptr_array_index(scans, 0);
    if (scans->len == 1 && scan->standard_name != NULL)
        return scan;
    cli_usage(error, _("An intensity calibration takes one scan of one standard; name its "
                       "certificate with --standard (an id that ships, or the path of your own)"));
    return NULL;
}

static void add_notes(CelCalibrationObject *object, const CelResponse *r,
                      const CelIntensityCertificate *c, const CliCalibrateWords *words)
{
    double top = 0.0, worst = 0.0;
    for (gsize i = 0; i < r->n; i++) {
        top = MAX(top, r->factor[i]);
        worst = MAX(worst, r->u_relative[i]);
    }
    cel_calibration_object_note(object, "certificate %s, lot %s: %s", c->id, c->lot, c->source);
    if (!isnan(words->celsius))
        cel_calibration_object_note(object, "standard at %g degrees C, as stated", words->celsius);
    cel_calibration_object_note(object,
                                "%.1f to %.1f cm-1, largest weight %.2f, relative standard "
                                "uncertainty up to %.1f %%, %.1f %% of it the certificate's",
                                r->shift_cm1[0], r->shift_cm1[r->n - 1], top, 100.0 * worst,
                                100.0 * r->u_common);
    cel_calibration_object_note(object, "%s",
                                r->confirmed ? "confirmed by a second curve"
                                             : "not confirmed by a second source");
}

static CelCalibrationObject *wrap(const Cli *cli, const CelResponse *r,
                                  const CelIntensityCertificate *c, const CliCalibrateWords *words)
{
    CelCalibrationObject *object = cel_calibration_object_new(CEL_CALIBRATION_INTENSITY);
    object->response = cel_response_to_text(r);
    object->calibration.laser_nm = r->laser_nm;
    object->calibration.supported_cm1[0] = r->shift_cm1[0];
    object->calibration.supported_cm1[1] = r->shift_cm1[r->n - 1];
    add_notes(object, r, c, words);
    if (!cli->json)
        cli_print(cli, _("%s (lot %s): response from %.0f to %.0f cm-1, %s\n"), c->name_en, c->lot,
                  r->shift_cm1[0], r->shift_cm1[r->n - 1],
                  r->confirmed ? _("confirmed") : _("not confirmed by a second source"));
    return object;
}

static CelCalibrationObject *derive(const Cli *cli, const CliCalibrateWords *words,
                                    const GPtrArray *scans, GError **error)
{
    const CelStandardScan *scan = one_scan(scans, error);
    g_autoptr(CelIntensityCertificate) certificate =
        scan != NULL ? cel_intensity_certificate_load(scan->standard_name, error) : NULL;
    if (certificate == NULL)
        return NULL;
    g_autoptr(CelResponse) second =
        words->second != NULL ? load_second(words->second, error) : NULL;
    if (words->second != NULL && second == NULL)
        return NULL;
    mark_full(scan->measurement, scan->spectrum);
    g_autoptr(CelSpectrum) shifted = cel_spectrum_to_shift(scan->spectrum, words->laser_nm, error);
    if (shifted == NULL)
        return NULL;
    const double stated_nm =
        words->laser_nm > 0.0 ? words->laser_nm : scan->measurement->calibration.laser_nm;
    const CelIntensityOptions options = {
        .certificate = certificate,
        .lot = words->lot,
        .laser_nm = stated_nm,
        .celsius = words->celsius,
        .now_wall_us = cel_clock_wall_us(cel_clock_system()),
        .u_axis_cm1 = scan->measurement->calibration.u_axis_cm1,
        .second = second,
        .unconfirmed = words->unconfirmed,
    };
    g_autoptr(CelResponse) r = cel_intensity_derive(shifted, &options, error);
    if (r == NULL)
        return NULL;
    const char *serial =
        words->serial != NULL ? words->serial : scan->measurement->instrument.serial;
    g_strlcpy(r->serial, serial, sizeof r->serial);
    return wrap(cli, r, certificate, words);
}

const CliCalibrateKind cli_calibrate_intensity = {
    .kind = CEL_CALIBRATION_INTENSITY,
    .derive = derive,
};
