/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-readers.h"

#include "formats/cel-import.h"

#include <string.h>

/*
 * Text of Renishaw's WiRE for several spectra: titles "#X", "#Y" (or "#Z", "#Time", ...), "#Wave",
 * "#Intensity" with two tabs between them, then all points of the first spectrum, of the second and
 * so on, each line beginning with the place it was measured at. A single spectrum has only the last
 * two columns and is read as any text. "Wave" does not say in which unit.
 *
 * Facts from the files of public data sets and their readers. No sample of several spectra has been
 * read here.
 */

enum { SCORE = 90, MAX_PLACES = 8 };

static int detect(const guint8 *head, gsize n, const char *file_name)
{
    (void)file_name;
    static const char wave[] = "\t#Wave\t";
    const guint8 *end = memchr(head, '\n', n);
    const gsize line = end != NULL ? (gsize)(end - head) : 0;
    return line > 0 && head[0] == '#' && cel_head_has(head, line, wave) &&
                   cel_head_has(head, line, "#Intensity")
               ? SCORE
               : 0;
}

typedef struct {
    CelColumns columns; /* the places, the axis, the intensity */
    gsize n_places;
    GArray *starts; /* of gsize: first row of each spectrum */
} Map;

static void clear_map(Map *map)
{
    cel_columns_clear(&map->columns);
    g_clear_pointer(&map->starts, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Map, clear_map)

static gboolean same_place(const Map *map, gsize a, gsize b)
{
    for (gsize i = 0; i < map->n_places; i++) {
        const double *place = map->columns.values[i];
        if (place[a] < place[b] || place[a] > place[b])
            return FALSE;
    }
    return TRUE;
}

static void split(Map *map)
{
    for (gsize row = 0; row < map->columns.n_rows; row++) {
        if (row == 0 || !same_place(map, row - 1, row))
            g_array_append_val(map->starts, row);
    }
}

static char *place_text(const CelImport *import, const Map *map, gsize row)
{
    GString *text = g_string_new(NULL);
    for (gsize i = 0; i < map->n_places; i++)
        g_string_append_printf(text, "%s%s %g", i > 0 ? ", " : "", import->table->titles[i],
                               map->columns.values[i][row]);
    return g_string_free(text, FALSE);
}

static gboolean pick(const CelImport *import, Map *map, GError **error)
{
    guint index = 0;
    const guint n = map->starts->len;
    if (!cel_read_choose(import->in, import->out, n, &index, error))
        return FALSE;
    for (guint i = 0; i < MIN(n, (guint)CEL_READER_MAX_TITLES); i++) {
        g_autofree char *title = place_text(import, map, g_array_index(map->starts, gsize, i));
        cel_read_add_title(import->out, title);
    }
    const gsize start = g_array_index(map->starts, gsize, index);
    const gsize end =
        index + 1 < n ? g_array_index(map->starts, gsize, index + 1) : map->columns.n_rows;
    const CelReadPoints points = {.unit = CEL_N_UNITS,
                                  .unit_text = import->table->titles[map->n_places],
                                  .x = map->columns.values[map->n_places] + start,
                                  .y = map->columns.values[map->n_places + 1] + start,
                                  .n = end - start};
    if (!cel_read_finish(import->in, &points, import->out, error))
        return FALSE;
    g_autofree char *place = place_text(import, map, start);
    cel_read_header(import->out->measurement, &(CelReadHeader){.key = "place", .value = place});
    g_strlcpy(import->out->measurement->instrument.vendor, "Renishaw",
              sizeof import->out->measurement->instrument.vendor);
    return TRUE;
}

static gboolean check_titles(const CelImport *import, GError **error)
{
    const gsize n = import->table->n_columns;
    char **titles = import->table->titles;
    return (titles != NULL && n >= 3 && n <= MAX_PLACES && strcmp(titles[n - 2], "Wave") == 0 &&
            strcmp(titles[n - 1], "Intensity") == 0) ||
           cel_read_refuse(import->in, CEL_PLACE_LINE, 1, error,
                           _("the columns are not places, wave and intensity; export each spectrum "
                             "as text of two columns"));
}

static gboolean read_wire(const CelReadInput *in, CelReadOut *out, GError **error)
{
    static const gsize index[MAX_PLACES] = {0, 1, 2, 3, 4, 5, 6, 7};
    g_auto(CelImport) import = {0};
    if (!cel_import_open(&import, in, out, error) || !check_titles(&import, error))
        return FALSE;
    g_auto(Map) map = {.columns = {.index = index, .n = import.table->n_columns},
                       .n_places = import.table->n_columns - 2,
                       .starts = g_array_new(FALSE, FALSE, sizeof(gsize))};
    if (!cel_table_read(import.table, &map.columns, in->job, error))
        return FALSE;
    split(&map);
    return pick(&import, &map, error);
}

const CelReader cel_reader_wire = {
    .id = "wire",
    .title = N_("Renishaw WiRE text of several spectra"),
    .validated_on = CEL_READER_UNVALIDATED,
    .detect = detect,
    .read = read_wire,
};
