/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-readers.h"

#include "formats/cel-import.h"

#include <string.h>

enum { SCORE_TEXT = 10, SCORE_OURS = 100 };

static int detect(const guint8 *head, gsize n, const char *file_name)
{
    (void)file_name;
    static const char mark[] = "# " CEL_CSV_MARK;
    if (n >= sizeof mark - 1 && memcmp(head, mark, sizeof mark - 1) == 0)
        return SCORE_OURS;
    if (n >= 2 && ((head[0] == 0xff && head[1] == 0xfe) || (head[0] == 0xfe && head[1] == 0xff)))
        return SCORE_TEXT;
    gsize controls = 0;
    for (gsize i = 0; i < n; i++)
        controls += head[i] < 0x09 || (head[i] >= 0x0e && head[i] < 0x20);
    /* A few zero bytes are still given to the text reader, whose message names the line. */
    return controls * 2 <= n ? SCORE_TEXT : 1;
}

static gboolean read_text(const CelReadInput *in, CelReadOut *out, GError **error)
{
    g_auto(CelImport) import = {0};
    if (!cel_import_open(&import, in, out, error))
        return FALSE;
    import.format = cel_reader_text.id;
    /* JCAMP-DX packs many intensities after one position: as columns it would be read wrongly. */
    const GPtrArray *header = import.table->header;
    for (guint i = 0; i < header->len; i++) {
        const CelHeaderLine *entry = g_ptr_array_index(header, i);
        if (g_ascii_strcasecmp(entry->key, "JCAMP-DX") == 0 ||
            g_ascii_strcasecmp(entry->key, "JCAMPDX") == 0)
            return cel_read_refuse(in, CEL_PLACE_LINE, entry->line, error,
                                   _("this is JCAMP-DX, whose lines are not columns; export the "
                                     "spectrum as two columns"));
    }
    return cel_import_read(&import, error);
}

const CelReader cel_reader_text = {
    .id = "text",
    .title = N_("Text with columns (TXT, CSV, TSV)"),
    .validated_on =
        "Horiba LabSpec, Renishaw WiRE, Zolix, Neegala and LightNovo exports; WITec sheets "
        "of weathered plastics; OpenSpecy HDPE",
    .detect = detect,
    .read = read_text,
};
