/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-readers.h"

#include "formats/cel-import.h"

#include <math.h>
#include <string.h>

/*
 * Text of Ocean Optics' (Ocean Insight's) OceanView and SpectraSuite: lines "key: value", a line
 * ">>>>>Begin Spectral Data<<<<<" (or "Begin Processed Spectral Data"), then two columns without
 * titles; SpectraSuite closes with ">>>>>End ...". OceanView states "XAxis mode: Wavelengths" or
 * "Raman Shifts"; SpectraSuite does not say what its axis is, and puts the serial number in
 * brackets behind each setting: "Integration Time (usec): 60000 (USB4F06998)".
 *
 * Facts from headers quoted in public readers of such files (the R packages spHelper and lightr,
 * the specpr converter of the USGS). No sample has been read here.
 */

enum { SCORE = 90, MAX_SERIAL = 64 };

/* The mark stands at the beginning of a line: within a line it is a note of a file that was made
 * from such a text. */
static int detect(const guint8 *head, gsize n, const char *file_name)
{
    (void)file_name;
    static const char *const marks[] = {"\n>>>>>Begin Spectral Data<<<<<",
                                        "\n>>>>>Begin Processed Spectral Data<<<<<"};
    return cel_head_has(head, n, marks[0]) || cel_head_has(head, n, marks[1]) ? SCORE : 0;
}

/* "60000 (USB4F06998)": the number alone, in @factor. */
static void take_number(const CelImport *import, const char *key, const char *meta, double factor)
{
    const char *value = cel_import_value(import, key);
    if (value == NULL)
        return;
    double number = 0.0;
    const char *bracket = strchr(value, '(');
    const gsize length = bracket != NULL ? (gsize)(bracket - value) : strlen(value);
    if (cel_text_number(value, length, import->table->decimal, &number))
        cel_read_set_field(import->out->measurement, meta, "", number * factor);
}

static void note_settings(const CelImport *import)
{
    CelMeasurement *m = import->out->measurement;
    const char *serial = cel_import_value(import, "Spectrometer");
    if (serial == NULL)
        serial = cel_import_value(import, "Spectrometers");
    if (serial != NULL && strlen(serial) < MAX_SERIAL) {
        cel_measurement_note(m, CEL_META_SERIAL, serial);
        cel_read_set_field(m, CEL_META_SERIAL, serial, NAN);
    }
    take_number(import, "Integration Time (usec)", CEL_META_INTEGRATION_MS, 1e-3);
    take_number(import, "Integration Time (msec)", CEL_META_INTEGRATION_MS, 1.0);
    take_number(import, "Spectra Averaged", CEL_META_FRAMES, 1.0);
    g_strlcpy(m->instrument.vendor, "Ocean Optics", sizeof m->instrument.vendor);
}

static gboolean read_ocean(const CelReadInput *in, CelReadOut *out, GError **error)
{
    g_auto(CelImport) import = {0};
    if (!cel_import_open(&import, in, out, error))
        return FALSE;
    import.format = cel_reader_ocean.id;
    import.end_mark = ">>>>>";
    if (!cel_import_read(&import, error))
        return FALSE;
    note_settings(&import);
    return TRUE;
}

const CelReader cel_reader_ocean = {
    .id = "ocean",
    .title = N_("OceanView and SpectraSuite text"),
    .validated_on = CEL_READER_UNVALIDATED,
    .detect = detect,
    .read = read_ocean,
};
