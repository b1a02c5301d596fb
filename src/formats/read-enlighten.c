/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-readers.h"

#include "base/cel-error.h"
#include "formats/cel-import.h"

#include <string.h>

/*
 * CSV of Wasatch Photonics' ENLIGHTEN: lines "key,value", a blank line, a line of titles (Pixel,
 * Wavelength, Wavenumber, Processed, Raw, Dark, Reference in any selection), then the points. The
 * Wavenumber column is the Raman shift against the stated "Laser Wavelength" (in nm). Points
 * outside the region of interest hold NA. Times are in ms, temperatures in degrees C.
 */

enum { SCORE = 95 };

static int detect(const guint8 *head, gsize n, const char *file_name)
{
    (void)file_name;
    return cel_head_starts(head, n, "ENLIGHTEN Version,") ? SCORE : 0;
}

static void note_settings(const CelImport *import, CelMeasurement *m)
{
    static const struct {
        const char *key, *meta;
    } texts[] = {{"Label", CEL_META_TITLE},
                 {"Scan Averaging", CEL_META_FRAMES},
                 {"Baseline Correction Algo", "baseline_method"},
                 {"Technique", "technique"}};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        const char *value = cel_import_value(import, texts[i].key);
        if (value != NULL)
            cel_measurement_note(m, texts[i].meta, value);
    }
    if (cel_import_value(import, "Baseline Correction Algo") != NULL)
        cel_measurement_note(m, CEL_META_BASELINE, "removed");
    cel_import_number(import, "Integration Time", &m->integration_ms);
    m->has_temperature = cel_import_number(import, "Temperature", &m->detector_celsius);
    g_strlcpy(m->instrument.vendor, "Wasatch Photonics", sizeof m->instrument.vendor);
}

static gboolean read_enlighten(const CelReadInput *in, CelReadOut *out, GError **error)
{
    g_auto(CelImport) import = {0};
    if (!cel_import_open(&import, in, out, error))
        return FALSE;
    import.format = cel_reader_enlighten.id;
    import.prefer_processed = TRUE;
    import.skip_blank = TRUE;
    if (!cel_import_read(&import, error))
        return FALSE;
    note_settings(&import, out->measurement);
    return TRUE;
}

const CelReader cel_reader_enlighten = {
    .id = "enlighten",
    .title = N_("Wasatch ENLIGHTEN CSV"),
    .validated_on = "80 chemicals of a WP-785XS (version 4.1.44); 2 samples of a WP-785X (4.1.6)",
    .detect = detect,
    .read = read_enlighten,
};
