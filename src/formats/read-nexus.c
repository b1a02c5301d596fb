/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/read-hdf5.h"

#include "formats/cel-words.h"

#include <math.h>
#include <string.h>

/*
 * NeXus files of others: every NXdata group with a plottable signal is one spectrum, or several
 * when the signal has two dimensions. The one that the chain of `default` attributes leads to is
 * the first (NeXus manual, "Find the plottable data"). Positions are the last of `axes`.
 */

enum { MAX_PATHS = 10000, MAX_NOTES = 500 };

/* One group with a signal. */
typedef struct {
    char *path;
    const CelH5Node *group, *signal, *axis;
    gsize n_spectra, n_points;
} Plot;

static void free_plot(gpointer data)
{
    Plot *plot = data;
    g_free(plot->path);
    g_free(plot);
}

static gboolean is_numbers(const CelH5Node *node)
{
    return node != NULL && cel_h5_type(node) != CEL_H5_GROUP && cel_h5_type(node) != CEL_H5_TEXT;
}

static const CelH5Node *child(const CelH5Node *group, const char *name)
{
    return name != NULL && *name != '\0' && strchr(name, '/') == NULL ? cel_h5_find(group, name)
                                                                      : NULL;
}

/* The old way: the dataset itself says signal=1. */
static const CelH5Node *find_marked(const CelH5Node *group)
{
    GPtrArray *children = cel_h5_children(group);
    for (guint i = 0; i < children->len; i++) {
        const CelH5Node *node = g_ptr_array_index(children, i);
        double one = 0.0;
        const char *text = cel_h5_attr(node, "signal");
        if (is_numbers(node) && ((text != NULL && g_str_equal(text, "1")) ||
                                 (cel_h5_attr_number(node, "signal", &one) && one == 1.0)))
            return node;
    }
    return NULL;
}

static const CelH5Node *find_signal(const CelH5Node *group)
{
    const CelH5Node *named = child(group, cel_h5_attr(group, "signal"));
    return is_numbers(named) ? named : find_marked(group);
}

/* The last axis: the one along the spectrum. "a:b" and "[a,b]" are the old spellings. */
static const CelH5Node *find_axis(const CelH5Node *group, const CelH5Node *signal, guint rank)
{
    const char *name = cel_h5_attr_at(group, "axes", rank - 1);
    if (name == NULL)
        name = cel_h5_attr_at(group, "axes", 0);
    if (name == NULL)
        name = cel_h5_attr(signal, "axes");
    if (name == NULL)
        return NULL;
    g_auto(GStrv) parts = g_strsplit_set(name, "[]:,", 0);
    const char *last = "";
    for (gsize i = 0; parts[i] != NULL; i++)
        last = *g_strstrip(parts[i]) != '\0' ? parts[i] : last;
    const CelH5Node *axis = child(group, last);
    return is_numbers(axis) ? axis : NULL;
}

static gboolean look(const CelH5Node *node, const char *path, gpointer user_data)
{
    GPtrArray *plots = user_data;
    gsize shape[CEL_H5_MAX_RANK] = {0}, axis_shape[CEL_H5_MAX_RANK] = {0};
    const CelH5Node *signal = cel_h5_type(node) == CEL_H5_GROUP ? find_signal(node) : NULL;
    const guint rank = signal != NULL ? cel_h5_shape(signal, shape) : 0;
    const CelH5Node *axis = rank > 0 ? find_axis(node, signal, rank) : NULL;
    const gsize n = rank > 0 ? shape[rank - 1] : 0;
    if (axis == NULL || n < 2 || cel_h5_shape(axis, axis_shape) != 1 || axis_shape[0] != n ||
        (rank == 2 && shape[0] == 0))
        return FALSE;
    Plot *plot = g_new(Plot, 1);
    *plot = (Plot){g_strdup(path), node, signal, axis, rank == 2 ? shape[0] : 1, n};
    g_ptr_array_add(plots, plot);
    return plots->len >= MAX_PATHS;
}

/* Where the chain of `default` attributes ends. */
static char *follow_default(const CelH5Node *root)
{
    GString *path = g_string_new(NULL);
    const CelH5Node *node = root;
    for (guint i = 0; node != NULL && i < CEL_H5_MAX_DEPTH; i++) {
        const char *next = cel_h5_attr(node, "default");
        node = child(node, next);
        if (node != NULL)
            g_string_append_printf(path, "/%s", next);
    }
    return g_string_free(path, FALSE);
}

static GPtrArray *find_plots(const CelH5Node *root)
{
    GPtrArray *plots = g_ptr_array_new_with_free_func(free_plot);
    cel_hdf5_visit(root, look, plots);
    g_autofree char *wanted = follow_default(root);
    for (guint i = 0; *wanted != '\0' && i < plots->len; i++) {
        const Plot *plot = g_ptr_array_index(plots, i);
        if (!g_str_has_prefix(plot->path, wanted))
            continue;
        g_ptr_array_insert(plots, 0, g_ptr_array_steal_index(plots, i));
        break;
    }
    return plots;
}

/* Which plot, and in @out_row which spectrum of it, is spectrum @index of the file. */
static const Plot *find_spectrum(const GPtrArray *plots, guint index, gsize *out_row)
{
    gsize before = 0;
    for (guint i = 0; i < plots->len; i++) {
        const Plot *plot = g_ptr_array_index(plots, i);
        if (index - before < plot->n_spectra) {
            *out_row = index - before;
            return plot;
        }
        before += plot->n_spectra;
    }
    return NULL;
}

static void add_titles(CelReadOut *out, const GPtrArray *plots)
{
    guint n = 0;
    for (guint i = 0; i < plots->len; i++) {
        const Plot *plot = g_ptr_array_index(plots, i);
        for (gsize row = 0; row < plot->n_spectra && n < CEL_READER_MAX_TITLES; row++, n++) {
            g_autofree char *title = cel_hdf5_title(plot->path);
            g_autofree char *numbered = g_strdup_printf("%s [%" G_GSIZE_FORMAT "]", title, row + 1);
            cel_read_add_title(out, plot->n_spectra > 1 ? numbered : title);
        }
    }
}

/* --- what the file says of the axis, the laser and the kind --- */

static const char *axis_text(const Plot *plot)
{
    const char *units = cel_h5_attr(plot->axis, "units");
    return units != NULL ? units : cel_h5_attr(plot->axis, "unit");
}

static CelUnit unit_of(const Plot *plot)
{
    const char *units = axis_text(plot), *label = cel_h5_attr(plot->axis, "long_name");
    CelWord word = units != NULL ? cel_word_axis(units) : CEL_WORD_UNKNOWN;
    if (word == CEL_WORD_UNKNOWN)
        word = cel_word_axis(label != NULL ? label : cel_h5_name(plot->axis));
    switch (word) {
    case CEL_WORD_SHIFT:
    case CEL_WORD_WAVENUMBER:
        return CEL_UNIT_SHIFT_CM1;
    case CEL_WORD_NM:
        return CEL_UNIT_NM_UNSTATED;
    case CEL_WORD_PIXEL:
        return CEL_UNIT_PIXEL;
    default:
        return CEL_N_UNITS;
    }
}

/* The group that holds the whole measurement: the first part of the path. */
static const CelH5Node *entry_of(const CelH5Node *root, const Plot *plot)
{
    g_auto(GStrv) parts = g_strsplit(plot->path, "/", 3);
    return parts[0] != NULL && parts[1] != NULL ? cel_h5_find(root, parts[1]) : root;
}

static double find_laser(const CelH5Node *entry)
{
    static const char *const places[] = {"instrument/beam_incident/wavelength",
                                         "instrument/source_laser/wavelength",
                                         "instrument/laser/wavelength"};
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        gsize n = 0;
        const CelH5Node *node = cel_h5_find(entry, places[i]);
        if (!is_numbers(node))
            continue;
        const char *unit = cel_h5_attr(node, "units");
        unit = unit != NULL ? unit : cel_h5_attr(node, "unit");
        g_autofree double *nm = cel_h5_get_f64(node, "", &n, NULL);
        if (nm != NULL && n == 1 && unit != NULL && g_str_equal(unit, "nm") && nm[0] >= 200.0 &&
            nm[0] <= 2000.0)
            return nm[0];
    }
    return 0.0;
}

static gboolean set_kind(const CelReadInput *in, CelReadOut *out, const CelH5Node *entry,
                         GError **error)
{
    static const char *const places[] = {"definition", "experiment_type"};
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        const CelH5Node *node = cel_h5_find(entry, places[i]);
        if (node == NULL || cel_h5_type(node) != CEL_H5_TEXT)
            continue;
        g_autofree char *text = cel_h5_get_text(node, "", NULL);
        if (text == NULL)
            continue;
        if (cel_word_is_infrared("", text))
            return cel_read_set_kind(in, out, CEL_KIND_INFRARED, text, error);
        if (cel_word_is_raman("type", text))
            return cel_read_set_kind(in, out, CEL_KIND_RAMAN, text, error);
    }
    return TRUE;
}

typedef struct {
    CelMeasurement *m;
    guint n;
} Notes;

static gboolean note_text(const CelH5Node *node, const char *path, gpointer user_data)
{
    Notes *notes = user_data;
    g_autofree char *text =
        cel_h5_type(node) == CEL_H5_TEXT ? cel_h5_get_text(node, "", NULL) : NULL;
    g_autofree char *key = cel_hdf5_title(path);
    const CelReadHeader header = {.key = key, .value = text};
    if (text != NULL)
        cel_read_header(notes->m, &header);
    return ++notes->n >= MAX_NOTES;
}

static void take_instrument(const CelH5Node *entry, CelMeasurement *m)
{
    g_autofree char *model =
        cel_h5_find(entry, "instrument/device_information/model") != NULL
            ? cel_h5_get_text(entry, "instrument/device_information/model", NULL)
            : NULL;
    if (model != NULL && strlen(model) < sizeof m->instrument.model)
        g_strlcpy(m->instrument.model, model, sizeof m->instrument.model);
    cel_read_check_simulated(m, FALSE);
}

static void take_errors(const Plot *plot, CelReadOut *out)
{
    gsize n = 0;
    g_autofree char *name = g_strconcat(cel_h5_name(plot->signal), "_errors", NULL);
    const CelH5Node *node = child(plot->group, name);
    g_autofree double *errors =
        is_numbers(node) && plot->n_spectra == 1 ? cel_h5_get_f64(node, "", &n, NULL) : NULL;
    gboolean ok = errors != NULL && n == plot->n_points;
    const gboolean falling = ok && g_tree_lookup(out->measurement->notes, "axis_order") != NULL;
    double *variance = ok ? g_new(double, n) : NULL;
    for (gsize i = 0; ok && i < n; i++) {
        variance[falling ? n - 1 - i : i] = errors[i] * errors[i];
        ok = isfinite(errors[i] * errors[i]);
    }
    if (ok)
        out->variance = g_steal_pointer(&variance);
    g_free(variance);
}

static gboolean read_plot(const CelReadInput *in, const CelH5Node *entry, const Plot *plot,
                          gsize row, CelReadOut *out, GError **error)
{
    gsize n_x = 0, n_y = 0;
    g_autofree double *x = cel_h5_get_f64(plot->axis, "", &n_x, error);
    g_autofree double *y = x != NULL ? cel_h5_get_f64(plot->signal, "", &n_y, error) : NULL;
    if (y == NULL || !set_kind(in, out, entry, error))
        return FALSE;
    if (n_x != plot->n_points || n_y != plot->n_points * plot->n_spectra)
        return cel_read_refuse(in, CEL_PLACE_NONE, 0, error, _("the file is damaged (\"%s\")"),
                               plot->path);
    const CelReadPoints points = {.unit = unit_of(plot),
                                  .unit_text = axis_text(plot),
                                  .x = x,
                                  .y = y + row * plot->n_points,
                                  .n = plot->n_points,
                                  .laser_nm = find_laser(entry)};
    return cel_read_finish(in, &points, out, error);
}

gboolean cel_nexus_read(const CelReadInput *in, const CelH5Node *root, CelReadOut *out,
                        GError **error)
{
    g_autoptr(GPtrArray) plots = find_plots(root);
    guint64 n = 0;
    guint index = 0;
    gsize row = 0;
    for (guint i = 0; i < plots->len; i++)
        n += ((const Plot *)g_ptr_array_index(plots, i))->n_spectra;
    if (n == 0)
        return cel_read_refuse(in, CEL_PLACE_NONE, 0, error,
                               _("this HDF5 file holds no NeXus data with a signal and an axis; "
                                 "export the spectrum as text or CSV"));
    if (!cel_read_choose(in, out, n, &index, error))
        return FALSE;
    if (n > 1)
        add_titles(out, plots);
    const Plot *plot = find_spectrum(plots, index, &row);
    const CelH5Node *entry = entry_of(root, plot);
    if (!read_plot(in, entry, plot, row, out, error))
        return FALSE;
    Notes notes = {.m = out->measurement};
    cel_hdf5_visit(entry, note_text, &notes);
    take_instrument(entry, out->measurement);
    take_errors(plot, out);
    return TRUE;
}
