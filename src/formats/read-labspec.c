/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-readers.h"

#include "formats/cel-read-out.h"
#include "formats/cel-table-private.h"
#include "formats/cel-words.h"

#include <string.h>

/*
 * Text of Horiba's LabSpec for maps and series: lines "#key=value", a line that holds the axis
 * behind one blank cell for each coordinate (time, or x and y), then a line a spectrum, coordinates
 * first. "#AxisUnit[1]=1/cm" or "nm" says the unit. A map that was stopped is filled up with zeros.
 * A single spectrum stands in two columns and is read as any text.
 *
 * Facts from the R package hySpc.read.txt (read_txt_Horiba_xy and _t) and from SpectroChemPy's
 * reader of LabSpec files. No sample of several spectra has been read here.
 */

enum { SCORE = 92, MAX_PLACES = 4 };

/* The first line that is no comment begins with a blank cell. */
static int detect(const guint8 *head, gsize n, const char *file_name)
{
    (void)file_name;
    const guint8 *at = head, *end = head + n;
    while (at < end && *at == '#') {
        const guint8 *stop = memchr(at, '\n', (gsize)(end - at));
        at = stop != NULL ? stop + 1 : end;
    }
    return at > head && at < end && *at == '\t' && cel_head_has(head, n, "#AxisUnit[") ? SCORE : 0;
}

typedef struct {
    const CelReadInput *in;
    CelReadOut *out;
    CelText *text;
    GPtrArray *header; /* of CelHeaderLine */
    char spectral[16]; /* "[1]": which axis is that of the spectrum; "" before it was said */
    CelLine axis_line;
    char decimal;
    gsize n_places, n_points;
    double laser_nm;
    CelUnit unit;
} Map;

static void free_header_line(gpointer data)
{
    CelHeaderLine *line = data;
    g_free(line->key);
    g_free(line->value);
    g_free(line);
}

static void clear_map(Map *map)
{
    g_clear_pointer(&map->text, cel_text_free);
    g_clear_pointer(&map->header, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Map, clear_map)

static gboolean refuse(const Map *map, const CelLine *line, GError **error)
{
    return cel_read_refuse(map->in, CEL_PLACE_LINE, line->number, error,
                           _("the line does not hold one number for each coordinate and point; "
                             "export the one spectrum as text of two columns"));
}

/* "#AxisType[1]=Spectr" says which of the lines "#AxisUnit[...]" is about the spectrum. */
static void take_axis(Map *map, const char *key, const char *value)
{
    static const char type[] = "AxisType", unit[] = "AxisUnit";
    if (g_str_has_prefix(key, type) && strcmp(value, "Spectr") == 0)
        g_strlcpy(map->spectral, key + strlen(type), sizeof map->spectral);
    if (!g_str_has_prefix(key, unit) || strcmp(key + strlen(unit), map->spectral) != 0)
        return;
    const CelWord word = cel_word_axis(value);
    if (word == CEL_WORD_SHIFT || word == CEL_WORD_WAVENUMBER)
        map->unit = CEL_UNIT_SHIFT_CM1;
    else if (word == CEL_WORD_NM)
        map->unit = CEL_UNIT_NM_UNSTATED;
}

static void take_header(Map *map, const CelLine *line)
{
    g_autofree char *text = g_strndup(line->start + 1, line->length - 1);
    char *sign = strchr(text, '=');
    if (sign == NULL || map->header->len >= CEL_TABLE_MAX_HEADER)
        return;
    *sign = '\0';
    CelHeaderLine *entry = g_new(CelHeaderLine, 1);
    *entry = (CelHeaderLine){.key = g_strdup(g_strstrip(text)),
                             .value = g_strdup(g_strstrip(sign + 1)),
                             .line = line->number};
    g_ptr_array_add(map->header, entry);
    double nm = 0.0;
    if (cel_word_laser(entry->key, entry->value, &nm))
        map->laser_nm = nm;
    take_axis(map, entry->key, entry->value);
}

/* Reads @n numbers of @line, the first @skip cells left out. */
static gboolean read_cells(const Map *map, const CelLine *line, gsize skip, double *out, gsize n)
{
    const char *at = line->start, *end = at + line->length;
    CelCell cell;
    gsize i = 0;
    for (; cel_table_next_cell(&at, end, '\t', &cell); i++) {
        if (i < skip)
            continue;
        if (i == skip + n && cell.length == 0 && at == NULL)
            return TRUE; /* a tab at the very end */
        if (i >= skip + n ||
            !cel_text_number(cell.start, cell.length, map->decimal, &out[i - skip]))
            return FALSE;
    }
    return i == skip + n;
}

/* Counts the blank cells and the numbers of the line with the axis. */
static gboolean measure_axis(Map *map, GError **error)
{
    const CelLine *line = &map->axis_line;
    const char *at = line->start, *end = at + line->length;
    CelCell cell;
    map->decimal =
        memchr(at, '.', line->length) == NULL && memchr(at, ',', line->length) != NULL ? ',' : '.';
    while (cel_table_next_cell(&at, end, '\t', &cell)) {
        if (cell.length == 0 && map->n_points == 0)
            map->n_places++;
        else if (cell.length > 0)
            map->n_points++;
    }
    return (map->n_places >= 1 && map->n_places <= MAX_PLACES && map->n_points >= 2 &&
            map->n_points <= CEL_TABLE_MAX_COLUMNS) ||
           refuse(map, line, error);
}

static gboolean read_head(Map *map, GError **error)
{
    CelLine line;
    GError *local = NULL;
    while (cel_text_next(map->text, &line, &local)) {
        if (line.length > 0 && line.start[0] == '#') {
            take_header(map, &line);
            continue;
        }
        map->axis_line = line;
        return measure_axis(map, error);
    }
    if (local != NULL)
        g_propagate_error(error, local);
    else
        cel_read_refuse(map->in, CEL_PLACE_NONE, 0, error, _("the file holds no spectrum"));
    return FALSE;
}

static void add_title(const Map *map, const CelLine *line)
{
    const char *at = line->start, *end = at + line->length;
    g_autoptr(GString) title = g_string_new(NULL);
    CelCell cell;
    for (gsize i = 0; i < map->n_places && cel_table_next_cell(&at, end, '\t', &cell); i++) {
        g_string_append(title, i > 0 ? ", " : "");
        g_string_append_len(title, cell.start, (gssize)cell.length);
    }
    cel_read_add_title(map->out, title->str);
}

/* Goes through the spectra: counts and names them, or (@wanted) stops at one of them. */
static gboolean walk(Map *map, const guint *wanted, guint64 *out_n, CelLine *out_line,
                     GError **error)
{
    GError *local = NULL;
    *out_n = 0;
    cel_text_seek(map->text, &map->axis_line);
    cel_text_next(map->text, out_line, NULL);
    while (cel_text_next(map->text, out_line, &local)) {
        if (cel_line_is_blank(out_line))
            continue;
        if (wanted == NULL && *out_n < CEL_READER_MAX_TITLES)
            add_title(map, out_line);
        if (wanted != NULL && *out_n == *wanted)
            return TRUE;
        (*out_n)++;
    }
    if (local != NULL)
        g_propagate_error(error, local);
    return local == NULL;
}

static gboolean is_empty(const double *y, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        if (y[i] < 0.0 || y[i] > 0.0)
            return FALSE;
    }
    return TRUE;
}

static gboolean finish(Map *map, const CelLine *line, GError **error)
{
    const gsize n = map->n_points;
    g_autofree double *x = g_new(double, n);
    g_autofree double *y = g_new(double, n);
    if (!read_cells(map, &map->axis_line, map->n_places, x, n))
        return refuse(map, &map->axis_line, error);
    if (!read_cells(map, line, map->n_places, y, n))
        return refuse(map, line, error);
    const CelReadPoints points = {
        .unit = map->unit, .x = x, .y = y, .n = n, .laser_nm = map->laser_nm};
    if (!cel_read_finish(map->in, &points, map->out, error))
        return FALSE;
    if (is_empty(y, n))
        cel_read_warn(map->out, CEL_PLACE_LINE, line->number,
                      _("all intensities are zero: this point was not measured before the map was "
                        "stopped"));
    for (guint i = 0; i < map->header->len; i++) {
        const CelHeaderLine *entry = g_ptr_array_index(map->header, i);
        cel_read_header(
            map->out->measurement,
            &(CelReadHeader){.key = entry->key, .value = entry->value, .line = entry->line});
    }
    CelInstrument *instrument = &map->out->measurement->instrument;
    g_strlcpy(instrument->vendor, "Horiba", sizeof instrument->vendor);
    return TRUE;
}

static gboolean read_labspec(const CelReadInput *in, CelReadOut *out, GError **error)
{
    guint index = 0;
    guint64 n = 0;
    CelLine line = {0};
    g_auto(Map) map = {.in = in,
                       .out = out,
                       .text = cel_text_open(in->bytes, in->name, error),
                       .header = g_ptr_array_new_with_free_func(free_header_line),
                       .unit = CEL_N_UNITS};
    return map.text != NULL && read_head(&map, error) && walk(&map, NULL, &n, &line, error) &&
           cel_read_choose(in, out, n, &index, error) && walk(&map, &index, &n, &line, error) &&
           finish(&map, &line, error);
}

const CelReader cel_reader_labspec = {
    .id = "labspec",
    .title = N_("Horiba LabSpec text of several spectra"),
    .validated_on = CEL_READER_UNVALIDATED,
    .detect = detect,
    .read = read_labspec,
};
