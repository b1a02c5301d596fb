/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-readers.h"

#include "base/cel-error.h"
#include "formats/cel-import.h"

/*
 * Text of B&W Tek's BWSpec and BWRam: lines "key;value", a line of titles (Pixel;Wavelength;
 * Wavenumber;Raman Shift;Dark;Reference;Raw data #1;Dark Subtracted #1;...), then all pixels; those
 * outside the calibrated range have blanks for a position. Decimal signs are those of the computer
 * it was written on. Raw and dark are taken, so that nothing the maker's program did to the
 * difference
 * ("dark_compensate") comes in unseen. The converter has 16 bits: 65535 in Raw is a full pixel.
 */

enum { SCORE = 95, FULL_COUNTS = 65535 };

static int detect(const guint8 *head, gsize n, const char *file_name)
{
    (void)file_name;
    return cel_head_starts(head, n, "File Version;BW") && cel_head_has(head, n, "laser_wavelength;")
               ? SCORE
               : 0;
}

static gboolean read_bwtek(const CelReadInput *in, CelReadOut *out, GError **error)
{
    g_auto(CelImport) import = {0};
    if (!cel_import_open(&import, in, out, error))
        return FALSE;
    import.format = cel_reader_bwtek.id;
    import.skip_blank = TRUE;
    import.saturation_counts = FULL_COUNTS;
    if (!cel_import_read(&import, error))
        return FALSE;
    CelMeasurement *m = out->measurement;
    out->kind = CEL_KIND_RAMAN;
    const char *frames = cel_import_value(&import, "average number");
    if (frames != NULL)
        cel_measurement_note(m, CEL_META_FRAMES, frames);
    g_strlcpy(m->instrument.vendor, "B&W Tek", sizeof m->instrument.vendor);
    return TRUE;
}

const CelReader cel_reader_bwtek = {
    .id = "bwtek",
    .title = N_("B&W Tek text"),
    .validated_on = "36 files of i-Raman 532 and 785 and i-Raman Plus 785 (BWRam and BWSpec 4.11)",
    .detect = detect,
    .read = read_bwtek,
};
