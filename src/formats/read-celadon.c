/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-number.h"
#include "formats/cel-readers.h"
#include "formats/read-hdf5.h"
#include "h5/cel-nxraman.h"

#include <math.h>
#include <string.h>

/* Our own measurements: sealed files, and what `convert` and `acquire` write. The entries of a file
 * are replicates and blanks; "entry" is the first. */

#define OWN_GROUP "celadon_measurement"
#define FIRST     "entry"

gboolean cel_celadon_claims(const CelH5Node *root)
{
    return cel_h5_find(root, FIRST "/" OWN_GROUP) != NULL;
}

static gboolean check_call(const CelReadInput *in, GError **error)
{
    if (in->options->axis_unit == NULL && in->options->column == 0)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                _("%s: this measurement states its own axis; read it without axis unit and column"),
                in->name);
    return FALSE;
}

/* A training record is no evidence, whatever was measured for it, and does not become evidence by
 * being sealed once more. */
static gboolean is_training(const CelH5Node *root)
{
    gint64 training = 0;
    if (cel_h5_find(root, "/celadon/training") == NULL)
        return FALSE;
    return !cel_h5_get_int(root, "/celadon/training", &training, NULL) || training != 0;
}

/* Returns: (transfer container): names of the entries, the first one first. */
static GPtrArray *list_entries(const CelH5Node *root)
{
    GPtrArray *names = g_ptr_array_new();
    GPtrArray *children = cel_h5_children(root);
    g_ptr_array_add(names, (gpointer)(guintptr)FIRST);
    for (guint i = 0; i < children->len; i++) {
        const CelH5Node *child = g_ptr_array_index(children, i);
        const char *name = cel_h5_name(child);
        if (cel_h5_type(child) == CEL_H5_GROUP && !g_str_equal(name, FIRST) &&
            cel_h5_find(child, OWN_GROUP) != NULL)
            g_ptr_array_add(names, (gpointer)(guintptr)name);
    }
    return names;
}

static void note_call(const CelReadInput *in, const CelReadOut *out, const char *entry)
{
    CelMeasurement *m = out->measurement;
    if (out->n_spectra > 1) {
        g_autofree char *text = g_strdup_printf(
            "%u of %u (%s)%s", out->spectrum, out->n_spectra, entry,
            in->options->spectrum == 0 ? " (the first; no other was asked for)" : "");
        cel_measurement_note(m, "spectrum", text);
    }
    if (in->options->laser_nm <= 0.0)
        return;
    g_autofree char *in_file = cel_number_format(m->calibration.laser_nm);
    cel_measurement_note(m, "laser_in_file", in_file);
    cel_measurement_note(m, "laser_from", "given on import");
    m->calibration.laser_nm = in->options->laser_nm;
}

/* A processed spectrum carries its standard deviations and marks beside the plot. */
static void take_processed(const CelH5Node *root, const char *entry, CelReadOut *out)
{
    const CelMeasurement *m = out->measurement;
    if (m->imported_axis == NULL || m->n_frames != 1 || m->n_dark_frames != 0)
        return;
    gsize n = 0, n_marks = 0;
    g_autofree char *place = g_strconcat(entry, "/data/intensity_errors", NULL);
    g_autofree char *marks = g_strconcat(entry, "/" OWN_GROUP "/mask", NULL);
    g_autofree double *errors = cel_h5_get_f64(root, place, &n, NULL);
    g_autofree double *mask = cel_h5_get_f64(root, marks, &n_marks, NULL);
    gboolean ok = errors != NULL && n == m->n_pixels;
    for (gsize i = 0; ok && i < n; i++) {
        ok = isfinite(errors[i] * errors[i]);
        errors[i] *= errors[i];
    }
    if (ok)
        out->variance = g_steal_pointer(&errors);
    if (mask == NULL || n_marks != m->n_pixels)
        return;
    out->mask = g_new(guint8, n_marks);
    for (gsize i = 0; i < n_marks; i++)
        out->mask[i] = (guint8)CLAMP(mask[i], 0.0, 255.0);
}

gboolean cel_celadon_read(const CelReadInput *in, const CelH5Node *root, CelReadOut *out,
                          GError **error)
{
    guint index = 0;
    g_autoptr(GPtrArray) entries = list_entries(root);
    if (!check_call(in, error) || !cel_read_choose(in, out, entries->len, &index, error))
        return FALSE;
    for (guint i = 0; entries->len > 1 && i < entries->len; i++)
        cel_read_add_title(out, g_ptr_array_index(entries, i));
    const char *entry = g_ptr_array_index(entries, index);
    g_autoptr(GError) local = NULL;
    CelMeasurement *m = out->measurement = cel_nxraman_read_entry(root, entry, &local);
    if (m == NULL) {
        g_set_error(error, CEL_ERROR, local->domain == CEL_ERROR ? local->code : CEL_ERROR_INPUT,
                    _("%s: this HDF5 file is no measurement of this program: %s"), in->name,
                    local->message);
        return FALSE;
    }
    note_call(in, out, entry);
    take_processed(root, entry, out);
    out->kind = CEL_KIND_RAMAN;
    cel_read_check_simulated(m, m->instrument.simulated ||
                                    cel_reader_names_simulated(m->instrument.driver));
    if (!is_training(root))
        return TRUE;
    m->simulated = TRUE;
    if (g_tree_lookup(m->notes, "training") == NULL)
        cel_measurement_note(m, "training", "from a training record");
    return TRUE;
}
