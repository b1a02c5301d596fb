/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-readers.h"

#include "formats/cel-import.h"

#include <math.h>
#include <string.h>

/*
 * Text of Neegala's portable instruments: lines "key,value" from "id," on, then Pixels, Wavelength,
 * Wavenumbers, Raman_Shift, Raw_Data, Background_Data, Processed_Data. Wavenumbers is that of the
 * light, so the axis is Raman_Shift. Processed is raw less background. The integration time has its
 * unit in a line of its own.
 */

enum { SCORE = 95 };

static int detect(const guint8 *head, gsize n, const char *file_name)
{
    (void)file_name;
    return cel_head_starts(head, n, "id,") && cel_head_has(head, n, "Raman_Shift,Raw_Data,") ? SCORE
                                                                                             : 0;
}

static void note_settings(const CelImport *import, CelMeasurement *m)
{
    static const struct {
        const char *key, *meta;
    } texts[] = {{"name", CEL_META_TITLE}, {"device", CEL_META_INSTRUMENT}};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        const char *value = cel_import_value(import, texts[i].key);
        if (value == NULL)
            continue;
        cel_measurement_note(m, texts[i].meta, value);
        cel_read_set_field(m, texts[i].meta, value, NAN);
    }
    const char *unit = cel_import_value(import, "integ_unit");
    double time = 0.0;
    if (unit == NULL || !cel_import_number(import, "integ_time", &time))
        return;
    if (strcmp(unit, "ms") == 0 || strcmp(unit, "s") == 0)
        cel_read_set_field(m, CEL_META_INTEGRATION_MS, "",
                           time * (strcmp(unit, "s") == 0 ? 1000.0 : 1.0));
}

static gboolean read_neegala(const CelReadInput *in, CelReadOut *out, GError **error)
{
    g_auto(CelImport) import = {0};
    if (!cel_import_open(&import, in, out, error))
        return FALSE;
    import.format = cel_reader_neegala.id;
    if (!cel_import_read(&import, error))
        return FALSE;
    out->kind = out->kind == CEL_KIND_UNKNOWN ? CEL_KIND_RAMAN : out->kind;
    note_settings(&import, out->measurement);
    g_strlcpy(out->measurement->instrument.vendor, "Neegala",
              sizeof out->measurement->instrument.vendor);
    return TRUE;
}

const CelReader cel_reader_neegala = {
    .id = "neegala",
    .title = N_("Neegala text"),
    .validated_on = "polystyrene at 532 nm of an EZI860",
    .detect = detect,
    .read = read_neegala,
};
