/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-readers.h"

#include "formats/cel-import.h"

/*
 * WITec's ASCII export of a graph: "//Exported ASCII-File", "[Header]" with lines "key = value"
 * (FileName, GraphName, SizeX, SizeY, SizeGraph, XAxisUnit, DataUnit), "[Data]", a line of titles,
 * then the axis and one column a spectrum. XAxisUnit is "rel. 1/cm" for Raman shift, "nm", or
 * "1/cm".
 *
 * Facts from the documentation of DiadFit, the writer in the R package hyperSpec.utils and
 * Gwyddion's WITec module. No sample of this form has been read here.
 */

enum { SCORE = 95 };

static int detect(const guint8 *head, gsize n, const char *file_name)
{
    (void)file_name;
    return cel_head_starts(head, n, "//Exported ASCII-File") ? SCORE : 0;
}

/* SizeX times SizeY spectra of SizeGraph points, where the header says so. */
static gboolean check_sizes(const CelImport *import, gsize n_spectra, GError **error)
{
    double across = 0.0, down = 0.0;
    if (!cel_import_number(import, "SizeX", &across) || !cel_import_number(import, "SizeY", &down))
        return TRUE;
    const double stated = across * down;
    return (stated >= (double)n_spectra && stated <= (double)n_spectra) ||
           cel_read_refuse(import->in, CEL_PLACE_LINE, import->table->first.number, error,
                           _("the header speaks of %g x %g spectra, the lines hold %" G_GSIZE_FORMAT
                             "; export again"),
                           across, down, n_spectra);
}

static void list_titles(const CelImport *import, gsize n_spectra)
{
    for (gsize i = 1; n_spectra > 1 && import->table->titles != NULL && i <= n_spectra; i++)
        cel_read_add_title(import->out, import->table->titles[i]);
}

static gboolean read_witec(const CelReadInput *in, CelReadOut *out, GError **error)
{
    guint index = 0;
    g_auto(CelImport) import = {0};
    if (!cel_import_open(&import, in, out, error))
        return FALSE;
    import.format = cel_reader_witec.id;
    const gsize n = import.table->n_columns - 1;
    if (!check_sizes(&import, n, error) || !cel_read_choose(in, out, n, &index, error))
        return FALSE;
    list_titles(&import, n);
    import.y_column = index + 1;
    if (!cel_import_read(&import, error))
        return FALSE;
    g_strlcpy(out->measurement->instrument.vendor, "WITec",
              sizeof out->measurement->instrument.vendor);
    return TRUE;
}

const CelReader cel_reader_witec = {
    .id = "witec",
    .title = N_("WITec ASCII export"),
    .validated_on = CEL_READER_UNVALIDATED,
    .detect = detect,
    .read = read_witec,
};
