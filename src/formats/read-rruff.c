/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-readers.h"

#include "base/cel-error.h"
#include "formats/cel-import.h"

#include <string.h>

/*
 * The text files of the RRUFF project (rruff.info; Lafuente, Downs, Yang, Stone 2015, "The power of
 * databases: the RRUFF project"): lines "##KEY=value" from ##NAMES= on, then "x, y", then ##END=.
 * Raman files are in cm-1. Newer files state ##FILETYPE= and ##RAMAN WAVELENGTH=; older ones say
 * what they are only in their file name. A laser is taken from the header alone.
 */

enum { SCORE = 95, SCORE_ID = 80 };

static int detect(const guint8 *head, gsize n, const char *file_name)
{
    (void)file_name;
    if (cel_head_starts(head, n, "##NAMES="))
        return SCORE;
    return cel_head_starts(head, n, "##") && cel_head_has(head, n, "##RRUFFID=") ? SCORE_ID : 0;
}

static gboolean contains(const char *text, const char *word)
{
    g_autofree char *small = g_ascii_strdown(text, -1);
    return strstr(small, word) != NULL;
}

static void note_kind(const CelImport *import, const char *name, CelMeasurement *m)
{
    g_autofree char *base = g_path_get_basename(name);
    const char *type = cel_import_value(import, "FILETYPE");
    const char *said = type != NULL ? type : base;
    if (contains(said, "processed"))
        cel_measurement_note(m, CEL_META_BASELINE, "removed");
    const char *mineral = cel_import_value(import, "NAMES");
    const char *id = cel_import_value(import, "RRUFFID");
    g_autofree char *title = g_strjoin(" ", mineral != NULL ? mineral : "?", id, NULL);
    cel_measurement_note(m, CEL_META_TITLE, title);
}

static gboolean read_rruff(const CelReadInput *in, CelReadOut *out, GError **error)
{
    g_auto(CelImport) import = {0};
    if (!cel_import_open(&import, in, out, error))
        return FALSE;
    import.format = cel_reader_rruff.id;
    import.fixed_unit = CEL_UNIT_SHIFT_CM1;
    if (!cel_import_read(&import, error))
        return FALSE;
    if (out->kind == CEL_KIND_UNKNOWN)
        out->kind = CEL_KIND_RAMAN;
    note_kind(&import, in->name, out->measurement);
    return TRUE;
}

const CelReader cel_reader_rruff = {
    .id = "rruff",
    .title = N_("RRUFF text"),
    .validated_on = "89 files of 532, 780 and 785 nm; 30 pairs raw and processed of 514 nm",
    .detect = detect,
    .read = read_rruff,
};
