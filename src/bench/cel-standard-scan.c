/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-standard-scan.h"

#include "base/cel-clock.h"
#include "base/cel-error.h"
#include "formats/cel-reader.h"
#include "h5/cel-nxraman.h"

#include <glib/gi18n-lib.h>
#include <string.h>

CelStandardScan *cel_standard_scan_new(CelMeasurement *measurement, const CelStandard *standard,
                                       const char *name, GError **error)
{
    g_auto(CelReadOut) out = {.measurement = measurement};
    g_autoptr(GBytes) bytes = cel_nxraman_bytes(measurement, error);
    CelSpectrum *spectrum = bytes != NULL ? cel_read_out_spectrum(&out, error) : NULL;
    if (spectrum == NULL)
        return NULL;
    CelStandardScan *recording = g_new0(CelStandardScan, 1);
    recording->path = g_strdup(name);
    recording->standard = standard;
    recording->standard_name = g_strdup(standard->id);
    recording->bytes = g_steal_pointer(&bytes);
    recording->measurement = g_steal_pointer(&out.measurement);
    recording->spectrum = spectrum;
    return recording;
}

void cel_standard_scan_free(gpointer data)
{
    CelStandardScan *recording = data;
    if (recording == NULL)
        return;
    g_free(recording->path);
    g_free(recording->standard_name);
    g_bytes_unref(recording->bytes);
    cel_measurement_free(recording->measurement);
    cel_spectrum_free(recording->spectrum);
    g_free(recording);
}

gboolean cel_standard_scans_serial(const GPtrArray *recordings, const char *serial, char *out,
                                   gsize size, GError **error)
{
    g_strlcpy(out, serial != NULL ? serial : "", size);
    for (guint i = 0; i < recordings->len; i++) {
        const CelStandardScan *one = g_ptr_array_index(recordings, i);
        const char *own = one->measurement->instrument.serial;
        if (own[0] == '\0' || strcmp(own, out) == 0)
            continue;
        if (out[0] != '\0') {
            g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                        _("%s was measured with the instrument \"%s\", the calibration is for "
                          "\"%s\"; nothing was derived. Give scans of one instrument"),
                        one->path, own, out);
            return FALSE;
        }
        g_strlcpy(out, own, size);
    }
    return TRUE;
}

static gint64 last_recorded(const GPtrArray *recordings)
{
    gint64 last = 0;
    for (guint i = 0; i < recordings->len; i++) {
        const CelStandardScan *one = g_ptr_array_index(recordings, i);
        last = MAX(last, one->measurement->started_wall_us);
    }
    return last;
}

void cel_calibration_complete(CelCalibrationObject *object, const GPtrArray *recordings,
                              const CelCalibrationFacts *facts)
{
    const gint64 recorded_us = last_recorded(recordings);
    CelCalibration *c = &object->calibration;
    g_autofree char *made = cel_clock_iso8601(facts->now_us);
    g_snprintf(c->id, sizeof c->id, "%s-%s", cel_calibration_kind_name(object->kind), made);
    g_strlcpy(c->serial, facts->serial, sizeof c->serial);
    c->made_wall_us = facts->now_us;
    if (facts->valid_days > 0)
        c->valid_until_wall_us = (recorded_us > 0 ? recorded_us : facts->now_us) +
                                 facts->valid_days * (gint64)86400 * G_USEC_PER_SEC;
    if (facts->author != NULL)
        g_strlcpy(object->author, facts->author, sizeof object->author);
    for (guint i = 0; i < recordings->len; i++) {
        const CelStandardScan *one = g_ptr_array_index(recordings, i);
        cel_calibration_object_input(object, one->path, one->bytes,
                                     one->standard_name != NULL ? one->standard_name : "");
        object->simulated = object->simulated || one->measurement->simulated;
    }
}
