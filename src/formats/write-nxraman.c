/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-writers-private.h"
#include "h5/cel-nxraman.h"

#include <glib/gi18n-lib.h>

/* NeXus NXraman in HDF5: the form of our own measurements without a seal. Every viewer that follows
 * the NeXus attributes `default`, `signal` and `axes` opens it with the plot. */

static CelMeasurement *measurement_of(const CelWriteItem *item)
{
    CelMeasurement *m = item->measurement != NULL ? cel_measurement_copy(item->measurement)
                                                  : cel_measurement_from_spectrum(item->spectrum);
    if (item->source_sha256 != NULL)
        cel_measurement_note(m, CEL_META_SOURCE_SHA256, item->source_sha256);
    return m;
}

static void put_mask(CelH5Node *root, const char *entry, const CelSpectrum *spectrum)
{
    if (!cel_write_is_marked(spectrum))
        return;
    g_autofree char *place = g_strconcat(entry, "/celadon_measurement", NULL);
    cel_h5_put_bytes(cel_h5_group(root, place, NULL), "mask", cel_spectrum_mask(spectrum),
                     cel_spectrum_length(spectrum));
}

static gboolean put_item(CelH5Node *root, const CelWriteItem *item, gsize index, GError **error)
{
    g_autoptr(CelMeasurement) m = measurement_of(item);
    g_autofree char *entry =
        index == 0 ? g_strdup("entry") : g_strdup_printf("entry_%" G_GSIZE_FORMAT, index + 1);
    const CelNxramanLabels labels = {.entry = entry,
                                     .title = cel_spectrum_meta(item->spectrum, CEL_META_TITLE)};
    if (!cel_nxraman_write_entry(root, m, &labels, error))
        return FALSE;
    cel_nxraman_set_entry_plot(root, entry, item->spectrum, labels.title);
    put_mask(root, entry, item->spectrum);
    return TRUE;
}

static GBytes *write_nxraman(const CelWriteInput *in, GError **error)
{
    g_autoptr(CelH5Node) root = cel_h5_tree_new();
    for (gsize i = 0; i < in->n; i++) {
        if (!put_item(root, &in->items[i], i, error))
            return NULL;
    }
    return cel_h5_to_bytes(root, error);
}

static guint nxraman_losses(const CelWriteInput *in)
{
    (void)in;
    return 0;
}

static const char *const endings[] = {"nxs", "h5", "hdf5", NULL};

const CelWriter cel_writer_nxraman = {
    .id = "celadon",
    .title = N_("NeXus NXraman (HDF5)"),
    .endings = endings,
    .max_spectra = 1000,
    .losses = nxraman_losses,
    .write = write_nxraman,
};
