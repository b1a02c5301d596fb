/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-readers.h"

#include <string.h>

/* Of readers with the same score the first wins, so the generic one stands last. */
static const CelReader *const table[] = {
    &cel_reader_celadon,   &cel_reader_cha,         &cel_reader_nexus, &cel_reader_rruff,
    &cel_reader_enlighten, &cel_reader_bwtek,       &cel_reader_wdf,   &cel_reader_opus,
    &cel_reader_spa,       &cel_reader_spe,         &cel_reader_witec, &cel_reader_openspecy,
    &cel_reader_neegala,   &cel_reader_ocean,       &cel_reader_wire,  &cel_reader_labspec,
    &cel_reader_jcamp,     &cel_reader_jcamp_other, &cel_reader_spc,   &cel_reader_spc_other,
    &cel_reader_text,
};

enum { HEAD_BYTES = 64 * 1024 };

const CelReader *const *cel_readers(gsize *out_n)
{
    *out_n = G_N_ELEMENTS(table);
    return table;
}

gboolean cel_head_has(const guint8 *head, gsize n, const char *needle)
{
    return memmem(head, n, needle, strlen(needle)) != NULL;
}

gboolean cel_head_starts(const guint8 *head, gsize n, const char *prefix)
{
    const gsize mark = n >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0 ? 3 : 0,
                length = strlen(prefix);
    return n >= mark + length && memcmp(head + mark, prefix, length) == 0;
}

gboolean cel_reader_names_simulated(const char *name)
{
    return g_ascii_strncasecmp(name, "simulated", strlen("simulated")) == 0;
}

const CelReader *cel_reader_find(GBytes *bytes, const char *name)
{
    gsize n = 0;
    const guint8 *head = g_bytes_get_data(bytes, &n);
    const CelReader *best = NULL;
    int best_score = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        const int score = table[i]->detect(head, MIN(n, HEAD_BYTES), name);
        if (score > best_score) {
            best_score = score;
            best = table[i];
        }
    }
    return best;
}
