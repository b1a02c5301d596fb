/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devset.h"

#include "base/cel-error.h"
#include "base/cel-number.h"

#include <string.h>

/* One line of a table; quotes as in RFC 4180 when the delimiter is a comma. */
static GStrv split(const char *line, char delimiter)
{
    g_autoptr(GPtrArray) cells = g_ptr_array_new();
    GString *cell = g_string_new(NULL);
    gboolean quoted = FALSE;
    for (const char *c = line; *c != '\0'; c++) {
        if (delimiter == ',' && *c == '"') {
            if (quoted && c[1] == '"')
                g_string_append_c(cell, *c++);
            else
                quoted = !quoted;
        } else if (*c == delimiter && !quoted) {
            g_ptr_array_add(cells, g_string_free(cell, FALSE));
            cell = g_string_new(NULL);
        } else if (*c != '\r') {
            g_string_append_c(cell, *c);
        }
    }
    g_ptr_array_add(cells, g_string_free(cell, FALSE));
    g_ptr_array_add(cells, NULL);
    return (GStrv)g_ptr_array_free(g_steal_pointer(&cells), FALSE);
}

GPtrArray *dev_table(const char *path, char delimiter, GError **error)
{
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, error))
        return NULL;
    GPtrArray *rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (gsize i = 0; lines[i] != NULL; i++)
        if (lines[i][0] != '#' && lines[i][0] != '\0')
            g_ptr_array_add(rows, split(lines[i], delimiter));
    return rows;
}

guint dev_column(const GPtrArray *table, const char *name)
{
    const char *const *header = table->pdata[0];
    for (guint i = 0; header[i] != NULL; i++)
        if (strcmp(header[i], name) == 0)
            return i;
    g_error("no column %s", name);
}

static void case_free(gpointer data)
{
    DevCase *one = data;
    g_free(one->file);
    g_free(one->truth_id);
    g_free(one->group);
    g_free(one->family);
    g_free(one->split);
    g_free(one->specimen);
    g_free(one);
}

GPtrArray *dev_cases(const char *manifest, GError **error)
{
    g_autoptr(GPtrArray) table = dev_table(manifest, '\t', error);
    if (table == NULL)
        return NULL;
    g_autofree char *folder = g_path_get_dirname(manifest);
    GPtrArray *cases = g_ptr_array_new_with_free_func(case_free);
    for (guint i = 1; i < table->len; i++) {
        const GStrv row = table->pdata[i];
        DevCase *one = g_new0(DevCase, 1);
        one->file = g_build_filename(folder, row[dev_column(table, "file")], NULL);
        one->truth_id = g_strdup(row[dev_column(table, "truth_id")]);
        one->group = g_strdup(row[dev_column(table, "group")]);
        one->family = g_strdup(row[dev_column(table, "family")]);
        one->split = g_strdup(row[dev_column(table, "split")]);
        one->specimen = g_strdup(row[dev_column(table, "specimen")]);
        one->baseline_removed = strcmp(row[dev_column(table, "baseline")], "removed") == 0;
        const char *laser = row[dev_column(table, "laser_nm")];
        cel_number_parse(laser, strlen(laser), '.', &one->laser_nm);
        g_ptr_array_add(cases, one);
    }
    return cases;
}

static CelSpectrum *from_text(char *text, GError **error)
{
    g_autoptr(GArray) x = g_array_new(FALSE, FALSE, sizeof(double));
    g_autoptr(GArray) y = g_array_new(FALSE, FALSE, sizeof(double));
    for (char *line = text; line != NULL && *line != '\0';) {
        const gsize length = strcspn(line, "\n"), first = strcspn(line, "\t");
        double a = 0, b = 0;
        if (first < length && cel_number_parse(line, first, '.', &a) &&
            cel_number_parse(line + first + 1, length - first - 1, '.', &b) &&
            (x->len == 0 || a > g_array_index(x, double, x->len - 1))) {
            g_array_append_val(x, a);
            g_array_append_val(y, b);
        }
        line += length + (line[length] == '\n');
    }
    g_autoptr(CelAxis) axis =
        cel_axis_new(CEL_UNIT_SHIFT_CM1, (const double *)(void *)x->data, x->len, error);
    return axis != NULL ? cel_spectrum_new(axis, (const double *)(void *)y->data, error) : NULL;
}

CelSpectrum *dev_spectrum(const DevCase *one, GError **error)
{
    g_autofree char *text = NULL;
    if (!g_file_get_contents(one->file, &text, NULL, error))
        return NULL;
    CelSpectrum *spectrum = from_text(text, error);
    if (spectrum == NULL)
        return NULL;
    if (one->laser_nm > 0)
        cel_spectrum_set_meta_number(spectrum, CEL_META_LASER_NM, one->laser_nm);
    if (one->baseline_removed)
        cel_spectrum_set_meta(spectrum, CEL_META_BASELINE, "removed");
    return spectrum;
}
