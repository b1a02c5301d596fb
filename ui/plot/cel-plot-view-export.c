/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Copies and files: made on a worker from a copy of what is shown. */
#include "cel-heard.h"
#include "plot/cel-plot-export.h"
#include "plot/cel-plot-view-private.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

/** Job: what a worker makes. */
typedef struct {
    CelPlotExport *what;
    char *path; /* (nullable): no file but a copy */
} Job;

static void job_free(gpointer data)
{
    Job *job = data;
    cel_plot_export_free(job->what);
    g_free(job->path);
    g_free(job);
}

static Job *job_new(CelPlotView *view, const char *path)
{
    Job *job = g_new0(Job, 1);
    job->what = g_new0(CelPlotExport, 1);
    job->what->model = cel_plot_model_copy(view->model);
    if (view->below != NULL)
        job->what->below = cel_plot_model_copy(view->below->model);
    job->path = g_strdup(path);
    return job;
}

static void start(CelPlotView *view, Job *job, GTaskThreadFunc work, GAsyncReadyCallback done)
{
    g_autoptr(GTask) task = g_task_new(view, NULL, done, NULL);
    g_task_set_task_data(task, job, job_free);
    g_task_run_in_thread(task, work);
}

static void tell_failure(CelPlotView *view, const char *heading, const GError *error)
{
    GtkRoot *root = gtk_widget_get_root(GTK_WIDGET(view));
    GtkWidget *dialog = adw_message_dialog_new(GTK_IS_WINDOW(root) ? GTK_WINDOW(root) : NULL,
                                               heading, error->message);
    adw_message_dialog_add_response(ADW_MESSAGE_DIALOG(dialog), "close", _("Close"));
    cel_heard_dialog(ADW_MESSAGE_DIALOG(dialog));
    gtk_window_present(GTK_WINDOW(dialog));
}

/* ---- copies ---- */

static void make_picture(GTask *task, gpointer source, gpointer data, GCancellable *cancel)
{
    GError *error = NULL;
    (void)source;
    (void)cancel;
    GBytes *png = cel_plot_export_png(((Job *)data)->what, &error);
    GdkTexture *texture = png != NULL ? gdk_texture_new_from_bytes(png, &error) : NULL;
    g_clear_pointer(&png, g_bytes_unref);
    if (texture != NULL)
        g_task_return_pointer(task, texture, g_object_unref);
    else
        g_task_return_error(task, error);
}

static void picture_made(GObject *source, GAsyncResult *result, gpointer unused)
{
    g_autoptr(GError) error = NULL;
    (void)unused;
    g_autoptr(GdkTexture) texture = g_task_propagate_pointer(G_TASK(result), &error);
    if (texture == NULL)
        tell_failure(CEL_PLOT_VIEW(source), _("The picture could not be copied"), error);
    else
        gdk_clipboard_set_texture(gtk_widget_get_clipboard(GTK_WIDGET(source)), texture);
}

void cel_plot_view_copy_picture(CelPlotView *view)
{
    start(view, job_new(view, NULL), make_picture, picture_made);
}

static void make_table(GTask *task, gpointer source, gpointer data, GCancellable *cancel)
{
    (void)source;
    (void)cancel;
    g_task_return_pointer(task, cel_plot_export_table(((Job *)data)->what->model, '\t'), g_free);
}

static void table_made(GObject *source, GAsyncResult *result, gpointer unused)
{
    (void)unused;
    g_autofree char *table = g_task_propagate_pointer(G_TASK(result), NULL);
    if (table != NULL)
        gdk_clipboard_set_text(gtk_widget_get_clipboard(GTK_WIDGET(source)), table);
}

void cel_plot_view_copy_values(CelPlotView *view)
{
    start(view, job_new(view, NULL), make_table, table_made);
}

/* ---- files ---- */

static void write_file(GTask *task, gpointer source, gpointer data, GCancellable *cancel)
{
    const Job *job = data;
    GError *error = NULL;
    (void)source;
    (void)cancel;
    if (cel_plot_export_save(job->what, job->path, &error))
        g_task_return_boolean(task, TRUE);
    else
        g_task_return_error(task, error);
}

static void file_written(GObject *source, GAsyncResult *result, gpointer unused)
{
    g_autoptr(GError) error = NULL;
    const Job *job = g_task_get_task_data(G_TASK(result));
    (void)unused;
    if (!g_task_propagate_boolean(G_TASK(result), &error))
        tell_failure(CEL_PLOT_VIEW(source), _("The plot was not saved"), error);
    else
        g_signal_emit_by_name(source, "exported", job->path);
}

void cel_plot_view_save(CelPlotView *view, const char *path)
{
    start(view, job_new(view, path), write_file, file_written);
}

static void file_chosen(GtkNativeDialog *dialog, int response, CelPlotView *view)
{
    g_autoptr(GFile) file = response == GTK_RESPONSE_ACCEPT
                                ? gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog))
                                : NULL;
    g_autofree char *path = file != NULL ? g_file_get_path(file) : NULL;
    if (path != NULL)
        cel_plot_view_save(view, path);
    gtk_native_dialog_destroy(dialog);
    g_object_unref(dialog);
}

static void add_filters(GtkFileChooser *chooser)
{
    static const struct {
        const char *name, *pattern;
    } kinds[] = {{N_("Picture or values (.png .svg .pdf .csv)"), "*.[PpSsCc][NnVvDdSs][GgFfVv]"},
                 {N_("All files"), "*"}};
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autoptr(GtkFileFilter) filter = gtk_file_filter_new();
        gtk_file_filter_set_name(filter, _(kinds[i].name));
        gtk_file_filter_add_pattern(filter, kinds[i].pattern);
        gtk_file_chooser_add_filter(chooser, filter);
    }
}

void cel_plot_view_export(CelPlotView *view)
{
    GtkRoot *root = gtk_widget_get_root(GTK_WIDGET(view));
    GtkFileChooserNative *dialog =
        gtk_file_chooser_native_new(_("Save the plot: .png, .svg, .pdf, or .csv for the values"),
                                    GTK_IS_WINDOW(root) ? GTK_WINDOW(root) : NULL,
                                    GTK_FILE_CHOOSER_ACTION_SAVE, _("Save"), _("Cancel"));
    gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(dialog), TRUE);
    gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(dialog), _("spectrum.png"));
    add_filters(GTK_FILE_CHOOSER(dialog));
    g_signal_connect_object(dialog, "response", G_CALLBACK(file_chosen), view, 0);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(dialog));
}
