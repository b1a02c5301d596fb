/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-number.h"
#include "formats/cel-read-out.h"
#include "formats/cel-readers.h"
#include "h5/cel-nxraman.h"

#include <string.h>

/* Our own measurements (*.cel.h5), NeXus NXraman in HDF5, read by the jailed child of h5/. */

enum { SCORE = 60, MAX_BYTES = 64 * 1024 * 1024 };

/* HDF5 File Format Specification, section II.A: the signature at the start of the superblock. */
static int detect(const guint8 *head, gsize n, const char *file_name)
{
    (void)file_name;
    static const guint8 signature[] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
    return n >= sizeof signature && memcmp(head, signature, sizeof signature) == 0 ? SCORE : 0;
}

static gboolean check_call(const CelReadInput *in, GError **error)
{
    if (in->options->axis_unit != NULL || in->options->column != 0) {
        g_set_error(
            error, CEL_ERROR, CEL_ERROR_USAGE,
            _("%s: this measurement states its own axis; read it without axis unit and column"),
            in->name);
        return FALSE;
    }
    return g_bytes_get_size(in->bytes) <= MAX_BYTES ||
           cel_read_refuse(in, CEL_PLACE_NONE, 0, error,
                           _("a measurement of more than 64 MiB is not read"));
}

static void note_missing(CelMeasurement *m, const char *key, const char *text)
{
    if (g_tree_lookup(m->notes, key) == NULL)
        cel_measurement_note(m, key, text);
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

static void finish(const CelReadInput *in, CelMeasurement *m)
{
    /* The verdict of the day's check comes from the lab's own record, never from a file. */
    g_tree_remove(m->notes, CEL_META_AXIS_CHECK);
    if (in->options->laser_nm <= 0.0)
        return;
    g_autofree char *in_file = cel_number_format(m->calibration.laser_nm);
    cel_measurement_note(m, "laser_in_file", in_file);
    cel_measurement_note(m, "laser_from", "given on import");
    m->calibration.laser_nm = in->options->laser_nm;
}

static gboolean read_celadon(const CelReadInput *in, CelReadOut *out, GError **error)
{
    if (!check_call(in, error))
        return FALSE;
    g_autoptr(CelH5Node) root = cel_h5_read_jailed(in->bytes, in->name, error);
    if (root == NULL)
        return FALSE;
    g_autoptr(GError) local = NULL;
    CelMeasurement *m = out->measurement = cel_nxraman_read(root, &local);
    if (m == NULL) {
        g_set_error(error, CEL_ERROR, local->domain == CEL_ERROR ? local->code : CEL_ERROR_INPUT,
                    _("%s: this HDF5 file is no measurement of this program: %s"), in->name,
                    local->message);
        return FALSE;
    }
    finish(in, m);
    out->kind = CEL_KIND_RAMAN;
    cel_read_check_simulated(m, m->instrument.simulated ||
                                    cel_reader_names_simulated(m->instrument.driver));
    if (is_training(root)) {
        m->simulated = TRUE;
        note_missing(m, "training", "from a training record");
    }
    return TRUE;
}

const CelReader cel_reader_celadon = {
    .id = "celadon",
    .title = N_("Celadon measurement (NXraman, HDF5)"),
    .validated_on = "files written by this program",
    .detect = detect,
    .read = read_celadon,
};
