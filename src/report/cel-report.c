/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/cel-report.h"

#include "base/cel-error.h"
#include "draw/cel-draw-spectrum.h"
#include "report/cel-page.h"
#include "report/cel-report-text.h"

#include <cairo-pdf.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#define DETECTOR "/entry/instrument/detector_1"
#define NOTES    "/entry/celadon_measurement/notes"

static const double PLOT_HIGHEST = 250.0, PLOT_LOWEST = 120.0, BODY = 8.6, QR_SIZE = 62.0,
                    BAND_FWHM_CM1 = 10.0;
enum { CURVE_POINTS = 1200, MAX_MARKS = 200 };

/** Paper: what one page is made of. */
typedef struct {
    const CelSealed *sealed;
    JsonObject *record, *answer, *hit; /* @hit: (nullable): the first one */
    const char *file_name, *sha256, *sm3;
    const GPtrArray *verdict;
    gboolean chinese;
    double plot_height;
    CelPage page;
} Paper;

static const char *word(const Paper *paper, CelReportWord which)
{
    return cel_report_word(which, paper->chinese);
}

static JsonObject *member_object(JsonObject *object, const char *key)
{
    JsonNode *node = object != NULL ? json_object_get_member(object, key) : NULL;
    return node != NULL && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

static JsonArray *member_array(JsonObject *object, const char *key)
{
    JsonNode *node = object != NULL ? json_object_get_member(object, key) : NULL;
    return node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
}

/* Returns: (nullable): the text of @key, NULL when it is absent, no text or empty. */
static const char *member_text(JsonObject *object, const char *key)
{
    JsonNode *node = object != NULL ? json_object_get_member(object, key) : NULL;
    if (node == NULL || !JSON_NODE_HOLDS_VALUE(node) ||
        json_node_get_value_type(node) != G_TYPE_STRING)
        return NULL;
    const char *text = json_node_get_string(node);
    return *text != '\0' ? text : NULL;
}

static const char *stated(const Paper *paper, const char *text)
{
    return text != NULL ? text : word(paper, CEL_WORD_NOT_STATED);
}

/* The element @i of @array as text; "" when it is none. */
static const char *element_text(JsonArray *array, guint i)
{
    JsonNode *node = json_array_get_element(array, i);
    return JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING
               ? json_node_get_string(node)
               : "";
}

static double element_number(JsonArray *array, guint i)
{
    JsonNode *node = json_array_get_element(array, i);
    return JSON_NODE_HOLDS_VALUE(node) ? json_node_get_double(node) : NAN;
}

static void pair_row(Paper *paper, CelReportWord left, const char *left_text, CelReportWord right,
                     const char *right_text)
{
    const double a = cel_page_pair(&paper->page, 0, word(paper, left), left_text);
    const double b = cel_page_pair(&paper->page, 1, word(paper, right), right_text);
    paper->page.y += MAX(a, b);
}

static char *instrument_text(const Paper *paper)
{
    JsonObject *inst = member_object(paper->record, "inst");
    const char *model = member_text(inst, "model"), *serial = member_text(inst, "serial");
    return g_strdup_printf("%s %s %s",
                           member_text(inst, "vendor") ? member_text(inst, "vendor") : "",
                           stated(paper, model), serial != NULL ? serial : "");
}

/* What the driver was proven on, as the record has it. */
static const char *validation_text(const Paper *paper)
{
    const char *text = member_text(paper->record, "driver_validation");
    if (g_strcmp0(text, "replay-only") == 0)
        return word(paper, CEL_WORD_REPLAY_ONLY);
    if (g_strcmp0(text, "simulation") == 0)
        return word(paper, CEL_WORD_SIMULATION);
    return stated(paper, g_strcmp0(text, "not stated") != 0 ? text : NULL);
}

typedef struct {
    char *after; /* (nullable) */
    guint n_steps;
} LaserNotes;

static LaserNotes read_laser_notes(const Paper *paper)
{
    LaserNotes found = {0};
    const CelH5Node *group = cel_h5_find(cel_sealed_root(paper->sealed), NOTES);
    GPtrArray *notes =
        group != NULL && cel_h5_type(group) == CEL_H5_GROUP ? cel_h5_children(group) : NULL;
    for (guint i = 0; notes != NULL && i < notes->len; i++) {
        const CelH5Node *note = g_ptr_array_index(notes, i);
        const char *key = cel_h5_attr(note, "key");
        found.n_steps += key != NULL && g_str_has_prefix(key, "laser.edge.");
        if (g_strcmp0(key, "laser.after") == 0 && found.after == NULL)
            found.after = cel_h5_get_text(note, "", NULL);
    }
    return found;
}

/* Never a better state than the record has. */
static char *laser_text(const Paper *paper)
{
    LaserNotes notes = read_laser_notes(paper);
    g_autofree char *after = notes.after;
    if (after == NULL)
        return g_strdup(word(paper, CEL_WORD_NOT_STATED));
    const CelReportWord state = strcmp(after, "off (read back)") == 0 ? CEL_WORD_OFF_READ_BACK
                                : g_str_has_prefix(after, "off (commanded")
                                    ? CEL_WORD_OFF_COMMANDED
                                    : CEL_WORD_LASER_UNKNOWN;
    g_autoptr(GString) text = g_string_new(word(paper, state));
    if (notes.n_steps > 0) {
        g_autofree char *n = g_strdup_printf("%u", notes.n_steps);
        g_auto(GStrv) parts = g_strsplit(word(paper, CEL_WORD_LASER_STEPS), "%u", 2);
        g_string_append_printf(text, "; %s%s%s", parts[0], n, parts[1]);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static char *replicates_text(const Paper *paper)
{
    JsonObject *r = member_object(paper->answer, "replicates");
    if (r == NULL)
        return g_strdup(word(paper, CEL_WORD_NOT_STATED));
    return g_strdup_printf("%d / %d / %d",
                           (int)json_object_get_int_member_with_default(r, "planned", 0),
                           (int)json_object_get_int_member_with_default(r, "valid", 0),
                           (int)json_object_get_int_member_with_default(r, "agree", 0));
}

static char *library_text(const Paper *paper)
{
    JsonArray *libraries = member_array(paper->record, "lib");
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint i = 0; libraries != NULL && i < json_array_get_length(libraries); i++) {
        JsonNode *node = json_array_get_element(libraries, i);
        JsonObject *library = JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
        const char *hash = member_text(library, "sha256");
        g_string_append_printf(
            out, "%s%s %s (%.12s)", i > 0 ? "; " : "", stated(paper, member_text(library, "name")),
            member_text(library, "version") ? member_text(library, "version") : "",
            hash != NULL ? hash : "-");
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* The number at @path with its units. */
static char *node_text(const Paper *paper, const char *path)
{
    const CelH5Node *node = cel_h5_find(cel_sealed_root(paper->sealed), path);
    const char *unit = node != NULL ? cel_h5_attr(node, "units") : NULL;
    gsize n = 0;
    g_autofree double *values = cel_h5_get_f64(cel_sealed_root(paper->sealed), path, &n, NULL);
    if (values == NULL || n != 1 || !(values[0] > 0.0))
        return g_strdup(word(paper, CEL_WORD_NOT_STATED));
    return g_strdup_printf("%.6g %s", values[0], unit != NULL ? unit : "");
}

static char *acquisition_text(const Paper *paper)
{
    gsize shape[CEL_H5_MAX_RANK] = {0};
    const CelH5Node *raw = cel_h5_find(cel_sealed_root(paper->sealed), DETECTOR "/raw_data/raw");
    g_autofree char *time = node_text(paper, DETECTOR "/count_time");
    if (raw == NULL || cel_h5_shape(raw, shape) != 2)
        return g_steal_pointer(&time);
    return g_strdup_printf("%zu \u00d7 %s", shape[0], time);
}

static void draw_head(Paper *paper)
{
    CelPage *page = &paper->page;
    const char *title = word(paper, CEL_WORD_TITLE);
    if (cel_sealed_is_training(paper->sealed))
        cel_page_watermark(page, word(paper, CEL_WORD_TRAINING));
    cairo_set_source_rgb(page->cr, 0.0, 0.0, 0.0);
    cel_page_text(page, title, 16.0, TRUE);
    if (cel_sealed_is_training(paper->sealed))
        cel_page_text(page, word(paper, CEL_WORD_TRAINING), 11.0, TRUE);
    page->y += 3.0;
}

static void draw_facts(Paper *paper)
{
    JsonObject *record = paper->record, *method = member_object(record, "method");
    g_autofree char *instrument = instrument_text(paper);
    g_autofree char *library = library_text(paper);
    g_autofree char *replicates = replicates_text(paper);
    g_autofree char *laser = node_text(paper, "/entry/instrument/beam_incident/wavelength");
    g_autofree char *time = acquisition_text(paper);
    g_autofree char *laser_after = laser_text(paper);
    g_autofree char *method_text =
        g_strdup_printf("%s %s", stated(paper, member_text(method, "id")),
                        member_text(method, "version") ? member_text(method, "version") : "");
    pair_row(paper, CEL_WORD_CASE, stated(paper, member_text(record, "case")), CEL_WORD_EXHIBIT,
             stated(paper, member_text(record, "item")));
    pair_row(paper, CEL_WORD_OPERATOR,
             stated(paper, member_text(member_object(record, "op"), "id")), CEL_WORD_TIME,
             stated(paper, member_text(record, "t_wall")));
    pair_row(paper, CEL_WORD_INSTRUMENT, instrument, CEL_WORD_LASER, laser);
    pair_row(paper, CEL_WORD_DRIVER_PROVEN, validation_text(paper), CEL_WORD_LASER_AFTER,
             laser_after);
    pair_row(paper, CEL_WORD_METHOD, method_text, CEL_WORD_LIBRARY, library);
    pair_row(paper, CEL_WORD_ACQUISITION, time, CEL_WORD_REPLICATES, replicates);
}

/** Curve: points that the plot borrows. */
typedef struct {
    double *x, *y;
    gsize n;
} Curve;

static void curve_clear(Curve *curve)
{
    g_free(curve->x);
    g_free(curve->y);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Curve, curve_clear)

static void scale_to_one(Curve *curve)
{
    double highest = 0.0;
    for (gsize i = 0; i < curve->n; i++)
        highest = fmax(highest, curve->y[i]);
    for (gsize i = 0; highest > 0.0 && i < curve->n; i++)
        curve->y[i] /= highest;
}

static gboolean read_curve(const Paper *paper, const char *x_path, const char *y_path, Curve *curve,
                           GError **error)
{
    const CelH5Node *root = cel_sealed_root(paper->sealed);
    gsize n_y = 0;
    curve->x = cel_h5_get_f64(root, x_path, &curve->n, error);
    curve->y = curve->x != NULL ? cel_h5_get_f64(root, y_path, &n_y, error) : NULL;
    if (curve->y == NULL)
        return FALSE;
    if (n_y != curve->n) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, _("%s: axis and intensity differ in length"),
                    y_path);
        return FALSE;
    }
    scale_to_one(curve);
    return TRUE;
}

/* Band tables have no curve: each band becomes a Lorentzian of a nominal width. */
static void bands_curve(const Curve *sample, JsonObject *answer, Curve *curve)
{
    JsonArray *positions = member_array(answer, "reference_bands_cm1");
    JsonArray *heights = member_array(answer, "reference_bands_intensity");
    const guint n_bands = positions != NULL ? json_array_get_length(positions) : 0;
    if (n_bands == 0 || heights == NULL || json_array_get_length(heights) != n_bands)
        return;
    curve->n = CURVE_POINTS;
    curve->x = g_new(double, CURVE_POINTS);
    curve->y = g_new0(double, CURVE_POINTS);
    const double from = sample->x[0], to = sample->x[sample->n - 1];
    for (gsize i = 0; i < CURVE_POINTS; i++) {
        curve->x[i] = from + (to - from) * (double)i / (CURVE_POINTS - 1);
        for (guint b = 0; b < n_bands; b++) {
            const double u = (curve->x[i] - element_number(positions, b)) / (BAND_FWHM_CM1 / 2.0);
            curve->y[i] += element_number(heights, b) / (1.0 + u * u);
        }
    }
    scale_to_one(curve);
}

static void reference_curve(const Paper *paper, const Curve *sample, Curve *curve)
{
    if (cel_h5_find(cel_sealed_root(paper->sealed), "/celadon/reference/intensity") != NULL)
        read_curve(paper, "/celadon/reference/raman_shift", "/celadon/reference/intensity", curve,
                   NULL);
    else
        bands_curve(sample, paper->answer, curve);
}

static gsize collect_marks(JsonObject *hit, CelMark *marks)
{
    static const char *const keys[CEL_N_MARKS] = {"matched_cm1", "missing_cm1", "extra_cm1"};
    gsize n = 0;
    for (guint kind = 0; hit != NULL && kind < CEL_N_MARKS; kind++) {
        JsonArray *values = member_array(hit, keys[kind]);
        for (guint i = 0; values != NULL && i < json_array_get_length(values); i++) {
            if (n < MAX_MARKS)
                marks[n++] = (CelMark){element_number(values, i), (CelMarkKind)kind};
        }
    }
    return n;
}

static int compare_marks(gconstpointer a, gconstpointer b)
{
    const double x = ((const CelMark *)a)->x, y = ((const CelMark *)b)->x;
    return (x > y) - (x < y);
}

static char *reference_label(const Paper *paper)
{
    const char *name = member_text(paper->hit, paper->chinese ? "name_zh" : "name_en");
    if (name == NULL)
        name = member_text(paper->hit, "id");
    return g_strdup_printf("%s: %s", word(paper, CEL_WORD_REFERENCE), stated(paper, name));
}

static gboolean draw_spectrum(Paper *paper, GError **error)
{
    g_auto(Curve) sample = {0};
    g_auto(Curve) reference = {0};
    CelMark marks[MAX_MARKS];
    if (!read_curve(paper, "/entry/data/raman_shift", "/entry/data/intensity", &sample, error))
        return FALSE;
    reference_curve(paper, &sample, &reference);
    g_autofree char *label = reference_label(paper);
    const CelTrace traces[] = {
        {.x = reference.x,
         .y = reference.y,
         .n = reference.n,
         .label = label,
         .red = 0.45,
         .green = 0.45,
         .blue = 0.45,
         .width = 0.7,
         .dashed = TRUE,
         .fill_below = TRUE},
        {.x = sample.x,
         .y = sample.y,
         .n = sample.n,
         .label = word(paper, CEL_WORD_SAMPLE),
         .red = 0.05,
         .green = 0.2,
         .blue = 0.45,
         .width = 0.9},
    };
    const gboolean with_reference = reference.n > 0;
    const gsize n_marks = collect_marks(paper->hit, marks);
    qsort(marks, n_marks, sizeof *marks, compare_marks);
    CelPlot plot = {.traces = with_reference ? traces : traces + 1,
                    .n_traces = with_reference ? 2 : 1,
                    .marks = marks,
                    .n_marks = n_marks,
                    .x_label = word(paper, CEL_WORD_AXIS_SHIFT),
                    .y_label = word(paper, CEL_WORD_AXIS_INTENSITY),
                    .x_min = sample.x[0],
                    .x_max = sample.x[sample.n - 1],
                    .font = CEL_PAGE_FONT,
                    .font_size = 6.8};
    for (guint kind = 0; n_marks > 0 && kind < CEL_N_MARKS; kind++)
        plot.mark_labels[kind] = word(paper, (CelReportWord)(CEL_WORD_MATCHED + kind));
    CelPage *page = &paper->page;
    cel_draw_plot(page->cr, &plot, page->left, page->y, page->right - page->left,
                  paper->plot_height);
    cairo_set_source_rgb(page->cr, 0.0, 0.0, 0.0);
    page->y += paper->plot_height;
    return TRUE;
}

static void draw_result(Paper *paper)
{
    CelPage *page = &paper->page;
    JsonObject *claim = member_object(paper->answer, "claim");
    cel_page_heading(page, word(paper, CEL_WORD_SECTION_RESULT));
    cel_page_text(
        page, stated(paper, member_text(paper->answer, paper->chinese ? "label_zh" : "label_en")),
        11.5, TRUE);
    cel_page_text(page, stated(paper, member_text(claim, paper->chinese ? "zh_CN" : "en")), 9.0,
                  FALSE);
}

static void draw_list(Paper *paper, CelReportWord heading, JsonArray *texts)
{
    cel_page_heading(&paper->page, word(paper, heading));
    const guint n = texts != NULL ? json_array_get_length(texts) : 0;
    for (guint i = 0; i < n; i++)
        cel_page_bullet(&paper->page, element_text(texts, i), BODY);
    if (n == 0)
        cel_page_bullet(&paper->page, word(paper, CEL_WORD_NONE), BODY);
}

static void draw_deviations(Paper *paper)
{
    JsonArray *rows = member_array(paper->answer, "deviations");
    g_autoptr(JsonArray) texts = json_array_new();
    for (guint i = 0; rows != NULL && i < json_array_get_length(rows); i++) {
        JsonNode *node = json_array_get_element(rows, i);
        JsonObject *row = JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
        json_array_add_string_element(
            texts, stated(paper, member_text(row, paper->chinese ? "zh" : "en")));
    }
    draw_list(paper, CEL_WORD_SECTION_DEVIATIONS, texts);
}

static void draw_limits(Paper *paper)
{
    cel_page_heading(&paper->page, word(paper, CEL_WORD_SECTION_LIMITS));
    cel_page_bullet(&paper->page, word(paper, CEL_WORD_NOT_VALIDATED), BODY);
    cel_page_bullet(&paper->page, word(paper, CEL_WORD_SCOPE), BODY);
    cel_page_bullet(&paper->page, word(paper, CEL_WORD_ENDING), BODY);
}

/* The names of the verification's lines of one state; "celadon verify" prints what each says. */
static void draw_verdict(Paper *paper, CelVerdictState state, CelReportWord heading)
{
    g_autoptr(GString) names = g_string_new(word(paper, heading));
    const char *separator = ": ";
    for (guint i = 0; i < paper->verdict->len; i++) {
        const CelVerdictLine *line = g_ptr_array_index(paper->verdict, i);
        if (line->state != state)
            continue;
        g_string_append_printf(names, "%s%s", separator, line->id);
        separator = ", ";
    }
    cel_page_text(&paper->page, names->str, 7.2, FALSE);
}

static void draw_integrity(Paper *paper)
{
    CelPage *page = &paper->page;
    cel_page_heading(page, word(paper, CEL_WORD_SECTION_INTEGRITY));
    const double top = page->y, width = page->right - page->left - QR_SIZE - 8.0;
    g_autofree char *qr =
        g_strdup_printf("CEL1|%s|%s|sm3:%s", stated(paper, member_text(paper->record, "item")),
                        stated(paper, member_text(paper->record, "fid")), paper->sm3);
    cel_page_qr(page, qr, page->right - QR_SIZE, top, QR_SIZE);
    g_autofree char *lines =
        g_strdup_printf("%s\nSHA-256 %s\nSM3     %s", paper->file_name, paper->sha256, paper->sm3);
    cel_page_mono(page, lines, width);
    const double right = page->right;
    page->right -= QR_SIZE + 8.0;
    draw_verdict(paper, CEL_VERDICT_PROVEN, CEL_WORD_PROVEN);
    draw_verdict(paper, CEL_VERDICT_NOT_PROVEN, CEL_WORD_NOT_PROVEN);
    page->right = right;
    page->y = MAX(page->y, top + QR_SIZE);
}

static void draw_foot(Paper *paper)
{
    CelPage *page = &paper->page;
    cel_page_text(page, word(paper, CEL_WORD_END), 7.5, FALSE);
    page->y = CEL_PAGE_HEIGHT - CEL_PAGE_MARGIN + 4.0;
    cel_page_text(page, word(paper, CEL_WORD_SIGNATURES), 8.0, FALSE);
    g_autofree char *foot = g_strdup_printf(
        "%s  %s  %s", stated(paper, member_text(paper->record, "item")),
        stated(paper, member_text(paper->record, "fid")), word(paper, CEL_WORD_PAGE));
    cel_page_text(page, foot, 7.0, FALSE);
}

/* Returns: FALSE on an error; what does not fit is in @out_excess, in points. */
static gboolean draw_body(Paper *paper, double *out_excess, GError **error)
{
    draw_head(paper);
    draw_facts(paper);
    cel_page_heading(&paper->page, word(paper, CEL_WORD_SECTION_SPECTRUM));
    if (!draw_spectrum(paper, error))
        return FALSE;
    draw_result(paper);
    draw_list(paper, CEL_WORD_SECTION_REASONS,
              member_array(paper->answer, paper->chinese ? "why_zh" : "why"));
    draw_deviations(paper);
    draw_limits(paper);
    draw_integrity(paper);
    *out_excess = paper->page.y - (CEL_PAGE_HEIGHT - CEL_PAGE_MARGIN - 10.0);
    return TRUE;
}

static CelPage new_page(cairo_surface_t *surface)
{
    return (CelPage){.cr = cairo_create(surface),
                     .font = CEL_PAGE_FONT,
                     .left = CEL_PAGE_MARGIN,
                     .right = CEL_PAGE_WIDTH - CEL_PAGE_MARGIN,
                     .y = CEL_PAGE_MARGIN - 8.0};
}

/* The words come first: the plot gets the height that they leave. */
static gboolean fit_plot(Paper *paper, GError **error)
{
    double excess = 0.0;
    cairo_surface_t *surface = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, NULL);
    paper->plot_height = PLOT_HIGHEST;
    paper->page = new_page(surface);
    const gboolean ok = draw_body(paper, &excess, error);
    cairo_destroy(paper->page.cr);
    cairo_surface_destroy(surface);
    if (!ok)
        return FALSE;
    paper->plot_height = MIN(PLOT_HIGHEST, PLOT_HIGHEST - excess);
    if (paper->plot_height >= PLOT_LOWEST)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM,
                _("The record does not fit on one page (%.0f points too long); nothing was "
                  "printed, because a page with a line missing would mislead"),
                PLOT_LOWEST - paper->plot_height);
    return FALSE;
}

static gboolean draw_page(Paper *paper, cairo_surface_t *surface, GError **error)
{
    double excess = 0.0;
    paper->page = new_page(surface);
    const gboolean ok = draw_body(paper, &excess, error);
    if (ok)
        draw_foot(paper);
    cairo_destroy(paper->page.cr);
    return ok;
}

gboolean cel_report_has_font(GError **error)
{
    PangoFontFamily **families = NULL;
    int n = 0;
    gboolean found = FALSE;
    pango_font_map_list_families(pango_cairo_font_map_get_default(), &families, &n);
    for (int i = 0; i < n && !found; i++)
        found = strcmp(pango_font_family_get_name(families[i]), CEL_PAGE_FONT) == 0;
    g_free(families);
    if (!found)
        g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM,
                    _("The font %s is missing, so the paper would be unreadable; install the "
                      "package fonts-wqy-microhei"),
                    CEL_PAGE_FONT);
    return found;
}

static cairo_status_t append_bytes(void *closure, const unsigned char *data, unsigned int n)
{
    g_byte_array_append(closure, data, n);
    return CAIRO_STATUS_SUCCESS;
}

static GBytes *make_pdf(Paper *paper, GError **error)
{
    g_autoptr(GByteArray) pdf = g_byte_array_new();
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(append_bytes, pdf, CEL_PAGE_WIDTH, CEL_PAGE_HEIGHT);
    const char *sealed_at = member_text(paper->record, "t_wall");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE,
                                   sealed_at != NULL ? sealed_at : "2000-01-01T00:00:00Z");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, word(paper, CEL_WORD_TITLE));
    const gboolean ok = draw_page(paper, surface, error);
    cairo_surface_finish(surface);
    const cairo_status_t status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (ok && status != CAIRO_STATUS_SUCCESS)
        g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM, _("The PDF cannot be made: %s"),
                    cairo_status_to_string(status));
    if (!ok || status != CAIRO_STATUS_SUCCESS)
        return NULL;
    return g_byte_array_free_to_bytes(g_steal_pointer(&pdf));
}

GBytes *cel_report_pdf(const CelReportRequest *request, GError **error)
{
    if (request->form != CEL_REPORT_CARD) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                    _("Only the one-page record can be issued: the court page and the expert annex "
                      "need a second examiner and a release in the register, which this version "
                      "does not keep"));
        return NULL;
    }
    if (!cel_report_has_font(error))
        return NULL;
    Paper paper = {.sealed = request->sealed,
                   .record = cel_sealed_record(request->sealed),
                   .answer = cel_sealed_answer(request->sealed),
                   .file_name = request->file_name,
                   .sha256 = request->file_sha256,
                   .sm3 = request->file_sm3,
                   .verdict = request->verdict,
                   .chinese = request->chinese};
    JsonArray *hits = member_array(paper.answer, "hits");
    if (hits != NULL && json_array_get_length(hits) > 0 &&
        JSON_NODE_HOLDS_OBJECT(json_array_get_element(hits, 0)))
        paper.hit = json_array_get_object_element(hits, 0);
    return fit_plot(&paper, error) ? make_pdf(&paper, error) : NULL;
}
