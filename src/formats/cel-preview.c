/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-preview.h"

#include "base/cel-hash.h"
#include "formats/cel-read-out.h"

#include <math.h>
#include <string.h>

void cel_preview_free(CelPreview *preview)
{
    if (preview == NULL)
        return;
    cel_read_out_clear(&preview->out);
    g_free(preview->name);
    g_free(preview->sha256);
    g_clear_pointer(&preview->guesses, g_ptr_array_unref);
    g_clear_pointer(&preview->mean, cel_spectrum_free);
    g_free(preview);
}

gboolean cel_preview_validated(const CelPreview *preview)
{
    return !g_str_equal(preview->out.reader->validated_on, CEL_READER_UNVALIDATED);
}

static const char *note(const CelPreview *preview, const char *key)
{
    return g_tree_lookup(preview->out.measurement->notes, key);
}

/* What the readers chose without being told: the notes they share. */
static void list_guesses(CelPreview *preview)
{
    static const char *const keys[] = {"axis_unit",          "columns",    CEL_META_COLUMN_CHOICE,
                                       "encoding",           "spectrum",   "axis_order",
                                       "rows_without_value", "laser_from", "laser_in_file"};
    preview->guesses = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        const char *text = note(preview, keys[i]);
        const gboolean stand_in = i == 0 && !preview->unit_known; /* nobody gave these pixels */
        if (text != NULL && !stand_in)
            g_ptr_array_add(preview->guesses, g_strdup_printf("%s: %s", keys[i], text));
    }
}

static gboolean fill(CelPreview *preview, gboolean unit_known, GError **error)
{
    const CelMeasurement *m = preview->out.measurement;
    preview->mean = cel_read_out_spectrum(&preview->out, error);
    if (preview->mean == NULL)
        return FALSE;
    const char *said = note(preview, "axis_unit");
    const CelUnit unit = cel_axis_unit(cel_spectrum_axis(preview->mean));
    preview->unit_known = unit_known;
    preview->axis_unit = !unit_known                                        ? "not stated"
                         : said != NULL && strstr(said, "absolute") != NULL ? "cm-1 (absolute)"
                         : preview->out.kind > CEL_KIND_RAMAN && unit == CEL_UNIT_PIXEL
                             ? "not ours"
                             : cel_unit_name(unit);
    preview->n_points = cel_spectrum_length(preview->mean);
    preview->x = cel_spectrum_x(preview->mean);
    preview->y = cel_spectrum_y(preview->mean);
    preview->laser_nm = m->calibration.laser_nm;
    gsize n = 0;
    const void *data = g_bytes_get_data(preview->out.source, &n);
    preview->sha256 = cel_digest_hex("sha256", data, n);
    list_guesses(preview);
    if (preview->laser_nm <= 0.0 && preview->out.kind <= CEL_KIND_RAMAN)
        cel_read_warn(&preview->out, CEL_PLACE_NONE, 0,
                      _("the file does not state the laser wavelength; give it with --laser-nm"));
    if (!cel_preview_validated(preview))
        cel_read_warn(&preview->out, CEL_PLACE_NONE, 0,
                      _("this reader has never been tried on a real file of its format; what it "
                        "reads is a lead at most"));
    return TRUE;
}

CelPreview *cel_reader_preview(const char *path, const CelReadOptions *given, CelJob *job,
                               GError **error)
{
    CelReadOptions options = given != NULL ? *given : (CelReadOptions){0};
    options.any_kind = TRUE;
    g_autoptr(CelPreview) preview = g_new0(CelPreview, 1);
    g_autoptr(GError) unit = NULL;
    preview->name = g_filename_display_name(path);
    gboolean ok = cel_reader_load_file(path, &options, job, &preview->out, &unit);
    if (!ok && g_error_matches(unit, CEL_ERROR, CEL_ERROR_UNIT) && options.axis_unit == NULL) {
        options.axis_unit = "pixel"; /* any numbers may stand on such an axis */
        cel_read_out_clear(&preview->out);
        ok = cel_reader_load_file(path, &options, job, &preview->out, NULL);
        if (ok)
            cel_read_warn(&preview->out, CEL_PLACE_NONE, 0, "%s", unit->message);
    }
    if (!ok) {
        g_propagate_error(error, g_steal_pointer(&unit));
        return NULL;
    }
    return fill(preview, unit == NULL, error) ? g_steal_pointer(&preview) : NULL;
}

static void put_rows(const CelPreview *preview, const char *key, gsize first, gsize n,
                     CelJsonWriter *json)
{
    cel_json_open(json, key, '[');
    for (gsize i = first; i < first + n; i++) {
        cel_json_open(json, NULL, '[');
        cel_json_number(json, NULL, preview->x[i], 0);
        cel_json_number(json, NULL, preview->y[i], 0);
        cel_json_close(json);
    }
    cel_json_close(json);
}

static void put_texts(const GPtrArray *texts, const char *key, CelJsonWriter *json)
{
    cel_json_open(json, key, '[');
    for (guint i = 0; texts != NULL && i < texts->len; i++)
        cel_json_text(json, NULL, g_ptr_array_index(texts, i));
    cel_json_close(json);
}

static void put_warnings(const GPtrArray *warnings, CelJsonWriter *json)
{
    static const char *const places[CEL_N_PLACES] = {NULL, "line", "byte"};
    cel_json_open(json, "warnings", '[');
    for (guint i = 0; warnings != NULL && i < warnings->len; i++) {
        const CelReadWarning *warning = g_ptr_array_index(warnings, i);
        cel_json_open(json, NULL, '{');
        if (places[warning->place] != NULL)
            cel_json_int(json, places[warning->place], (gint64)warning->at);
        cel_json_text(json, "text", warning->text);
        cel_json_close(json);
    }
    cel_json_close(json);
}

void cel_preview_json(const CelPreview *preview, gsize rows, CelJsonWriter *json)
{
    const CelReadOut *out = &preview->out;
    cel_json_text(json, "format", out->reader->id);
    cel_json_text(json, "format_title", _(out->reader->title));
    cel_json_text(json, "validated_on", out->reader->validated_on);
    cel_json_bool(json, "validated", cel_preview_validated(preview));
    cel_json_text(json, "kind", cel_kind_name(out->kind));
    cel_json_text(json, "kind_text", out->kind_text);
    cel_json_text(json, "axis_unit", preview->axis_unit);
    cel_json_bool(json, "axis_unit_known", preview->unit_known);
    cel_json_int(json, "points", (gint64)preview->n_points);
    cel_json_number(json, "laser_nm", preview->laser_nm > 0.0 ? preview->laser_nm : (double)NAN, 0);
    cel_json_int(json, "spectra", out->n_spectra);
    cel_json_int(json, "spectrum", out->spectrum);
    put_texts(out->titles, "titles", json);
    cel_json_bool(json, "simulated", out->measurement->simulated);
    put_texts(preview->guesses, "guesses", json);
    put_warnings(out->warnings, json);
    if (rows >= preview->n_points) {
        put_rows(preview, "rows", 0, preview->n_points, json);
    } else {
        put_rows(preview, "first", 0, rows, json);
        put_rows(preview, "last", preview->n_points - rows, rows, json);
    }
    cel_json_text(json, "sha256", preview->sha256);
}
