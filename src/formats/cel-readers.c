/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-readers.h"

#include "base/cel-error.h"
#include "base/cel-file.h"
#include "formats/cel-import.h"

#include <string.h>

/* Of readers with the same score the first wins, so the generic one stands last. */
static const CelReader *const table[] = {
    &cel_reader_celadon, &cel_reader_rruff, &cel_reader_enlighten,
    &cel_reader_bwtek,   &cel_reader_text,
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

static const CelReader *find_reader(GBytes *bytes, const char *name)
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

static GBytes *open_file(const char *path, const CelReader **out_reader, char **out_name,
                         GError **error)
{
    g_autoptr(GBytes) bytes = cel_file_read(path, CEL_READER_MAX_BYTES, error);
    if (bytes == NULL)
        return NULL;
    *out_name = g_filename_display_name(path);
    *out_reader = find_reader(bytes, *out_name);
    if (*out_reader == NULL) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("%s: line 1: the content is of no known format; export the spectrum as text "
                      "or CSV"),
                    *out_name);
        return NULL;
    }
    return g_steal_pointer(&bytes);
}

CelMeasurement *cel_reader_load(const char *path, const CelReadOptions *options, CelJob *job,
                                GError **error)
{
    const CelReader *reader = NULL;
    g_autofree char *name = NULL;
    g_autoptr(GBytes) bytes = open_file(path, &reader, &name, error);
    return bytes != NULL ? reader->read(bytes, name, options, job, error) : NULL;
}

CelSpectrum *cel_reader_load_spectrum(const char *path, const CelReadOptions *options, CelJob *job,
                                      GError **error)
{
    const CelReader *reader = NULL;
    g_autofree char *name = NULL;
    g_autoptr(GBytes) bytes = open_file(path, &reader, &name, error);
    if (bytes == NULL)
        return NULL;
    if (reader->read_spectrum != NULL)
        return reader->read_spectrum(bytes, name, options, job, error);
    g_autoptr(CelMeasurement) m = reader->read(bytes, name, options, job, error);
    return m != NULL ? cel_import_spectrum(NULL, m, error) : NULL;
}
