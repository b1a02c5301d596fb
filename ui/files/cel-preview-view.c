/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "files/cel-preview-view.h"

#include "base/cel-error.h"
#include "base/cel-text.h"
#include "formats/cel-preview.h"
#include "instruments/cel-facts-group.h"
#include "plot/cel-plot-view.h"

#include <glib/gi18n-lib.h>

/* Measuring a text that wraps takes up to two milliseconds; all of them in one frame would take
 * two frames' time. */
enum { FIRST_ROWS = 8, LEAST_PLOT = 220, FACTS_IN_A_STEP = 2, STEP_MS = 16 };

struct _CelPreviewView {
    AdwBin parent;
    AdwPreferencesPage *page;
    AdwPreferencesGroup *facts;
    CelPlotView *plot;
    GtkLabel *problem, *table;
    GPtrArray *fact_rows;
    GPtrArray *coming; /* Fact: on the way */
    char *numbers;     /* likewise, for the table */
    guint step;        /* a timeout: some of them come */
    CelTask *task;     /* (nullable): the newest look */
};

G_DEFINE_FINAL_TYPE(CelPreviewView, cel_preview_view, ADW_TYPE_BIN)

/* ---- looking ---- */

typedef struct {
    char *path;
    double laser_nm;
    CelPreview *preview;
    CelPlotTrace *trace;
} Look;

static void look_free(gpointer data)
{
    Look *look = data;
    g_free(look->path);
    cel_preview_free(look->preview);
    g_clear_pointer(&look->trace, cel_plot_trace_unref);
    g_free(look);
}

static gboolean look_run(gpointer data, CelJob *job, GError **error)
{
    Look *look = data;
    const CelReadOptions options = {.laser_nm = look->laser_nm};
    look->preview = cel_reader_preview(look->path, &options, job, error);
    if (look->preview == NULL)
        return FALSE;
    look->trace = cel_plot_trace_new_spectrum(look->preview->mean, _("the file's spectrum"),
                                              CEL_TRACE_SAMPLE);
    return TRUE;
}

/* ---- showing ---- */

/** Fact: a row on its way. */
typedef struct {
    const char *title; /* constant */
    char *value;
} Fact;

static void fact_free(gpointer data)
{
    Fact *fact = data;
    g_free(fact->value);
    g_free(fact);
}

/* Texts of a file are foreign: shown with nothing invisible in them. */
static void add(CelPreviewView *view, const char *title, const char *value)
{
    if (value == NULL)
        return;
    Fact *fact = g_new0(Fact, 1);
    fact->title = title;
    fact->value = cel_text_printable(value);
    g_ptr_array_add(view->coming, fact);
}

static gboolean show_some(gpointer data)
{
    CelPreviewView *view = data;
    const guint n = MIN(view->coming->len, FACTS_IN_A_STEP);
    for (guint i = 0; i < n; i++) {
        const Fact *fact = g_ptr_array_index(view->coming, i);
        cel_facts_add(view->facts, view->fact_rows, fact->title, fact->value);
    }
    g_ptr_array_remove_range(view->coming, 0, n);
    if (n > 0)
        return G_SOURCE_CONTINUE;
    gtk_label_set_text(view->table, view->numbers);
    view->step = 0;
    return G_SOURCE_REMOVE;
}

static void forget(CelPreviewView *view)
{
    g_clear_handle_id(&view->step, g_source_remove);
    g_ptr_array_set_size(view->coming, 0);
    cel_facts_clear(view->facts, view->fact_rows);
    gtk_label_set_text(view->table, "");
}

static const char *kind_word(CelSpectrumKind kind)
{
    static const char *const words[CEL_N_KINDS] = {
        [CEL_KIND_UNKNOWN] = N_("the file does not say; taken for Raman on your word"),
        [CEL_KIND_RAMAN] = N_("Raman"),
        [CEL_KIND_INFRARED] = N_("infrared: can be looked at, not compared"),
        [CEL_KIND_OTHER] = N_("something else: can be looked at, not compared"),
    };
    return _(words[kind]);
}

static void add_axis(CelPreviewView *view, const CelPreview *preview)
{
    g_autofree char *axis = preview->n_points == 0
                                ? g_strdup(preview->axis_unit)
                                : g_strdup_printf(_("%s, %.6g to %.6g"), preview->axis_unit,
                                                  preview->x[0], preview->x[preview->n_points - 1]);
    g_autofree char *points = g_strdup_printf("%zu", preview->n_points);
    g_autofree char *laser = preview->laser_nm > 0.0
                                 ? g_strdup_printf(_("%.6g nm"), preview->laser_nm)
                                 : g_strdup(_("not stated: without it there is no Raman shift"));
    add(view, _("Axis"), axis);
    add(view, _("Points"), points);
    add(view, _("Excitation wavelength"), laser);
}

static void add_notes(CelPreviewView *view, const CelPreview *preview)
{
    const GPtrArray *warnings = preview->out.warnings;
    for (guint i = 0; i < preview->guesses->len; i++)
        add(view, _("Taken as"), g_ptr_array_index(preview->guesses, i));
    for (guint i = 0; warnings != NULL && i < warnings->len; i++)
        add(view, _("Odd"), ((const CelReadWarning *)g_ptr_array_index(warnings, i))->text);
    if (!cel_preview_validated(preview))
        add(view, _("Reader"),
            _("written from a description of the format, never met a real file: "
              "a lead at most"));
    if (preview->out.measurement->simulated)
        add(view, _("Data"), _("SIMULATED / TRAINING DATA, NOT TO BE USED AS EVIDENCE"));
}

static char *first_rows(const CelPreview *preview)
{
    GString *text = g_string_new(NULL);
    for (gsize i = 0; i < MIN(preview->n_points, (gsize)FIRST_ROWS); i++)
        g_string_append_printf(text, "%s%12.6g  %12.6g", i > 0 ? "\n" : "", preview->x[i],
                               preview->y[i]);
    return g_string_free(text, FALSE);
}

static void show(CelPreviewView *view, const Look *look)
{
    const CelPreview *preview = look->preview;
    g_autoptr(GPtrArray) traces = g_ptr_array_new();
    g_autofree char *several =
        g_strdup_printf(_("%u of %u"), preview->out.spectrum, MAX(1, preview->out.n_spectra));
    add(view, _("File"), preview->name);
    add(view, _("Format"), _(preview->out.reader->title));
    add(view, _("Kind"), kind_word(preview->out.kind));
    add_axis(view, preview);
    add(view, _("Spectrum"), preview->out.n_spectra > 1 ? several : NULL);
    add_notes(view, preview);
    g_free(view->numbers);
    view->numbers = first_rows(preview);
    g_ptr_array_add(traces, look->trace);
    cel_plot_view_set_traces(view->plot, traces);
    view->step = g_timeout_add_full(G_PRIORITY_DEFAULT_IDLE, STEP_MS, show_some, view, NULL);
}

static void set_state(CelPreviewView *view, const GError *error, gboolean shown)
{
    gtk_widget_set_visible(GTK_WIDGET(view->problem), error != NULL);
    gtk_label_set_text(view->problem, error != NULL ? error->message : "");
    gtk_widget_set_visible(GTK_WIDGET(view->page), shown);
}

static void look_done(gpointer owner, gpointer data, const GError *error)
{
    CelPreviewView *view = owner;
    if (g_error_matches(error, CEL_ERROR, CEL_ERROR_CANCELLED))
        return; /* another file is looked at */
    g_clear_object(&view->task);
    forget(view);
    if (error == NULL)
        show(view, data);
    set_state(view, error, error == NULL);
}

void cel_preview_view_look(CelPreviewView *view, CelDesk *desk, const char *path, double laser_nm)
{
    cel_task_cancel(view->task);
    g_clear_object(&view->task);
    if (path == NULL) {
        set_state(view, NULL, FALSE);
        return;
    }
    Look *look = g_new0(Look, 1);
    look->path = g_strdup(path);
    look->laser_nm = laser_nm;
    const CelTaskOrder order = {.lane = CEL_LANE_COMPUTE,
                                .run = look_run,
                                .done = look_done,
                                .data = look,
                                .free = look_free,
                                .owner = view};
    view->task = g_object_ref(cel_task_start(cel_desk_lanes(desk), &order));
}

/* ---- the widget ---- */

static void cel_preview_view_dispose(GObject *object)
{
    CelPreviewView *view = CEL_PREVIEW_VIEW(object);
    g_clear_object(&view->task);
    g_clear_handle_id(&view->step, g_source_remove);
    g_clear_pointer(&view->coming, g_ptr_array_unref);
    g_clear_pointer(&view->numbers, g_free);
    g_clear_pointer(&view->fact_rows, g_ptr_array_unref);
    G_OBJECT_CLASS(cel_preview_view_parent_class)->dispose(object);
}

static void cel_preview_view_class_init(CelPreviewViewClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = cel_preview_view_dispose;
}

static AdwPreferencesGroup *add_group(CelPreviewView *view, const char *title, GtkWidget *child)
{
    AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP(adw_preferences_group_new());
    adw_preferences_group_set_title(group, title);
    if (child != NULL)
        adw_preferences_group_add(group, child);
    adw_preferences_page_add(view->page, group);
    return group;
}

static void make_parts(CelPreviewView *view)
{
    view->problem = GTK_LABEL(gtk_label_new(NULL));
    view->table = GTK_LABEL(gtk_label_new(NULL));
    view->plot = CEL_PLOT_VIEW(cel_plot_view_new());
    view->page = ADW_PREFERENCES_PAGE(adw_preferences_page_new());
    gtk_label_set_wrap(view->problem, TRUE);
    gtk_label_set_xalign(view->problem, 0.0F);
    gtk_label_set_xalign(view->table, 0.0F);
    gtk_widget_add_css_class(GTK_WIDGET(view->problem), "problem");
    gtk_widget_add_css_class(GTK_WIDGET(view->table), "monospace");
    gtk_widget_set_size_request(GTK_WIDGET(view->plot), -1, LEAST_PLOT);
    cel_plot_view_set_title(view->plot, _("Spectrum of the file"));
}

static void cel_preview_view_init(CelPreviewView *view)
{
    GtkWidget *column = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
    view->fact_rows = g_ptr_array_new();
    view->coming = g_ptr_array_new_with_free_func(fact_free);
    make_parts(view);
    add_group(view, _("Spectrum"), GTK_WIDGET(view->plot));
    view->facts = add_group(view, _("What the file is"), NULL);
    add_group(view, _("First rows"), GTK_WIDGET(view->table));
    gtk_widget_set_vexpand(GTK_WIDGET(view->page), TRUE);
    gtk_box_append(GTK_BOX(column), GTK_WIDGET(view->problem));
    gtk_box_append(GTK_BOX(column), GTK_WIDGET(view->page));
    adw_bin_set_child(ADW_BIN(view), column);
    set_state(view, NULL, FALSE);
}

GtkWidget *cel_preview_view_new(void)
{
    return g_object_new(CEL_TYPE_PREVIEW_VIEW, NULL);
}
