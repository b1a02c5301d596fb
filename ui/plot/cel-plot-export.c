/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/cel-plot-export.h"

#include "base/cel-error.h"
#include "base/cel-file.h"
#include "base/cel-number.h"
#include "draw/cel-draw-file.h"
#include "plot/cel-plot-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static gboolean any_saturated(const CelPlotCurve *curve)
{
    for (gsize i = 0; curve->mask != NULL && i < curve->n; i++)
        if ((curve->mask[i] & CEL_MASK_SATURATED) != 0)
            return TRUE;
    return FALSE;
}

/** Column: numbers of a curve, or which of them were saturated. */
typedef struct {
    const CelPlotCurve *curve;
    enum { OF_X, OF_Y, OF_SATURATION } of;
} Column;

static gboolean same_axis(const CelPlotCurve *a, const CelPlotCurve *b)
{
    return a->n == b->n && memcmp(a->x, b->x, a->n * sizeof *a->x) == 0;
}

static void add_columns(GArray *columns, const CelPlotCurve *curve, const CelPlotCurve *before)
{
    if (before == NULL || !same_axis(before, curve))
        g_array_append_val(columns, ((Column){curve, OF_X}));
    g_array_append_val(columns, ((Column){curve, OF_Y}));
    if (any_saturated(curve))
        g_array_append_val(columns, ((Column){curve, OF_SATURATION}));
}

static GArray *columns_of(const CelPlotModel *model)
{
    GArray *columns = g_array_new(FALSE, FALSE, sizeof(Column));
    const GPtrArray *traces = cel_plot_model_traces(model);
    const CelPlotCurve *before = NULL;
    for (guint i = 0; i < traces->len; i++) {
        const CelPlotCurve *curve = cel_plot_trace_curve(g_ptr_array_index(traces, i));
        add_columns(columns, curve, before);
        before = curve;
    }
    if (cel_plot_model_live(model) != NULL)
        add_columns(columns, cel_plot_trace_curve(cel_plot_model_live(model)), before);
    return columns;
}

/* A name that holds the separator, quotes or a line's end is put in quotes (RFC 4180). */
static void append_name(GString *out, const char *name, char separator)
{
    const char special[] = {separator, '"', '\n', '\r', '\0'};
    if (strpbrk(name, special) == NULL) {
        g_string_append(out, name);
        return;
    }
    g_string_append_c(out, '"');
    for (const char *c = name; *c != '\0'; c++) {
        if (*c == '"')
            g_string_append_c(out, '"');
        g_string_append_c(out, *c);
    }
    g_string_append_c(out, '"');
}

static void append_names(GString *out, const CelPlotModel *model, const GArray *columns,
                         char separator)
{
    for (guint i = 0; i < columns->len; i++) {
        const Column *column = &g_array_index(columns, Column, i);
        const char *label = column->curve->label != NULL ? column->curve->label : _("intensity");
        if (i > 0)
            g_string_append_c(out, separator);
        if (column->of == OF_SATURATION)
            label = _("saturated");
        append_name(out, column->of == OF_X ? cel_plot_model_x_title(model) : label, separator);
    }
    g_string_append_c(out, '\n');
}

static void append_cell(GString *out, const Column *column, gsize row)
{
    if (row >= column->curve->n)
        return;
    if (column->of == OF_SATURATION)
        g_string_append_c(out, column->curve->mask[row] & CEL_MASK_SATURATED ? '1' : '0');
    else
        cel_number_append(out, column->of == OF_X ? column->curve->x[row] : column->curve->y[row]);
}

char *cel_plot_export_table(const CelPlotModel *model, char separator)
{
    g_autoptr(GArray) columns = columns_of(model);
    GString *out = g_string_new(NULL);
    gsize n_rows = 0;
    append_names(out, model, columns, separator);
    for (guint i = 0; i < columns->len; i++)
        n_rows = MAX(n_rows, g_array_index(columns, Column, i).curve->n);
    for (gsize row = 0; row < n_rows; row++) {
        for (guint i = 0; i < columns->len; i++) {
            if (i > 0)
                g_string_append_c(out, separator);
            append_cell(out, &g_array_index(columns, Column, i), row);
        }
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}

static GBytes *picture(const CelPlotExport *what, CelDrawKind kind, GError **error)
{
    g_auto(CelPlotPicture) upper = {0};
    g_auto(CelPlotPicture) lower = {0};
    cel_plot_model_picture(what->model, &upper);
    upper.plot.font_size = 10.0;
    upper.plot.cursor = NULL; /* its read-out would stand on the curve for good */
    if (what->below != NULL) {
        cel_plot_model_picture(what->below, &lower);
        lower.plot.font_size = upper.plot.font_size;
        lower.plot.cursor = NULL;
        upper.plot.below = &lower.plot;
    }
    return cel_draw_to_bytes(&upper.plot, cel_plot_model_title(what->model), kind, error);
}

GBytes *cel_plot_export_png(const CelPlotExport *what, GError **error)
{
    return picture(what, CEL_DRAW_PNG, error);
}

gboolean cel_plot_export_save(const CelPlotExport *what, const char *path, GError **error)
{
    CelDrawKind kind = CEL_DRAW_PNG;
    g_autofree char *small = g_ascii_strdown(path, -1);
    g_autoptr(GBytes) bytes = NULL;
    if (g_str_has_suffix(small, ".csv")) {
        char *table = cel_plot_export_table(what->model, ',');
        bytes = g_bytes_new_take(table, strlen(table));
    } else if (cel_draw_kind_of(path, &kind)) {
        bytes = picture(what, kind, error);
    } else {
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                    _("%s: end the name in .png, .svg or .pdf for the picture, or in .csv for the "
                      "values"),
                    path);
    }
    return bytes != NULL && cel_file_write(path, bytes, 0644, error);
}

void cel_plot_export_free(CelPlotExport *what)
{
    if (what == NULL)
        return;
    cel_plot_model_free(what->model);
    cel_plot_model_free(what->below);
    g_free(what);
}
