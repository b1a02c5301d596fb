/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui-test.h"

#include "base/cel-error.h"
#include "bench/cel-practice.h"
#include "jail/cel-jail.h"

#include <libintl.h>
#include <locale.h>
#include <png.h>
#include <string.h>

#define PASSPHRASE "practice"

enum { PATIENCE_MS = 30000 };

static CelApplication *application;

void ui_test_init(int *argc, char ***argv)
{
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = g_path_get_dirname(self);
    g_autofree char *built = g_build_filename(folder, "..", "..", "po", NULL);
    const char *other = g_getenv("CELADON_TEST_CATALOGUE");
    cel_init();
    setlocale(LC_ALL, "C.UTF-8");
    bindtextdomain(GETTEXT_PACKAGE, other != NULL ? other : built);
    bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
    textdomain(GETTEXT_PACKAGE);
    cel_jail_start();
    /* As in a program that runs its loop: workers may not run on it what is for the main thread. */
    g_main_context_acquire(NULL);
    gtk_disable_setlocale();
    gtk_test_init(argc, argv, NULL);
    adw_init();
    g_object_set(gtk_settings_get_default(), "gtk-cursor-blink", FALSE, NULL); /* same pictures */
}

/* ---- the main loop ---- */

gboolean ui_pump(UiDone done, gpointer data, guint most_ms)
{
    const gint64 end_us = g_get_monotonic_time() + (gint64)most_ms * 1000;
    while (!(done != NULL && done(data)) && g_get_monotonic_time() < end_us) {
        while (g_main_context_iteration(NULL, FALSE))
            ;
        g_usleep(1000);
    }
    return done == NULL || done(data);
}

static gboolean nothing_runs(gpointer window)
{
    GListModel *running = cel_lanes_visible(cel_desk_lanes(cel_window_desk(window)));
    return g_list_model_get_n_items(running) == 0;
}

void ui_pump_idle(CelWindow *window, guint ms)
{
    ui_pump(NULL, NULL, 30);
    g_assert_true(ui_pump(nothing_runs, window, PATIENCE_MS));
    ui_pump(NULL, NULL, ms);
}

/* ---- lab and window ---- */

static gboolean is_open(gpointer window)
{
    return *cel_desk_facts(cel_window_desk(window))->lab_folder != '\0';
}

CelWindow *ui_window(char **folder)
{
    g_autoptr(GError) error = NULL;
    if (*folder == NULL) {
        g_autofree char *base = g_dir_make_tmp("celadon-ui-XXXXXX", &error);
        g_assert_no_error(error);
        *folder = g_build_filename(base, "lab", NULL);
        const CelPractice practice = {
            .folder = *folder, .passphrase = PASSPHRASE, .clock = cel_clock_system()};
        cel_practice_found(&practice, NULL, &error);
        g_assert_no_error(error);
    }
    application = cel_application_new(G_APPLICATION_NON_UNIQUE | G_APPLICATION_HANDLES_OPEN);
    g_application_register(G_APPLICATION(application), NULL, &error);
    g_assert_no_error(error);
    g_application_activate(G_APPLICATION(application));
    CelWindow *window = cel_application_window(application);
    cel_desk_open_lab(cel_window_desk(window), *folder, NULL, NULL);
    g_assert_true(ui_pump(is_open, window, PATIENCE_MS));
    cel_window_home(window);
    ui_pump_idle(window, 50);
    return window;
}

void ui_window_end(void)
{
    gtk_window_destroy(GTK_WINDOW(cel_application_window(application)));
    ui_pump(NULL, NULL, 20);
    cel_desk_stop(cel_application_desk(application));
    g_clear_object(&application);
}

static gboolean somebody(gpointer window)
{
    return *cel_desk_facts(cel_window_desk(window))->person != '\0';
}

void ui_sign_in(CelWindow *window, const char *folder, const char *who)
{
    g_autofree char *name = g_strconcat(who, ".key", NULL);
    g_autofree char *path = g_build_filename(folder, "people", name, NULL);
    cel_desk_sign_out(cel_window_desk(window));
    cel_desk_sign_in(cel_window_desk(window), path, PASSPHRASE, NULL, NULL);
    g_assert_true(ui_pump(somebody, window, PATIENCE_MS));
    cel_window_home(window);
    ui_pump_idle(window, 50);
}

static gboolean has_instrument(gpointer window)
{
    return cel_desk_facts(cel_window_desk(window))->has_instrument;
}

void ui_open_instrument(CelWindow *window, const char *id, const char *settings)
{
    cel_desk_open_instrument(cel_window_desk(window), id, settings, NULL, NULL);
    g_assert_true(ui_pump(has_instrument, window, PATIENCE_MS));
    ui_pump_idle(window, 50);
}

/* ---- widgets ---- */

static const char *text_of(GtkWidget *widget)
{
    if (GTK_IS_LABEL(widget))
        return gtk_label_get_text(GTK_LABEL(widget));
    if (GTK_IS_BUTTON(widget) && gtk_button_get_label(GTK_BUTTON(widget)) != NULL)
        return gtk_button_get_label(GTK_BUTTON(widget));
    if (ADW_IS_PREFERENCES_ROW(widget))
        return adw_preferences_row_get_title(ADW_PREFERENCES_ROW(widget));
    return gtk_widget_get_tooltip_text(widget);
}

GtkWidget *ui_find(GtkWidget *root, GType type, const char *text)
{
    if (!gtk_widget_get_visible(root) || !gtk_widget_get_child_visible(root))
        return NULL;
    if (g_type_is_a(G_OBJECT_TYPE(root), type) &&
        (text == NULL || g_strcmp0(text_of(root), text) == 0))
        return root;
    for (GtkWidget *child = gtk_widget_get_first_child(root); child != NULL;
         child = gtk_widget_get_next_sibling(child)) {
        GtkWidget *found = ui_find(child, type, text);
        if (found != NULL)
            return found;
    }
    return NULL;
}

GtkWidget *ui_find_class(GtkWidget *root, const char *name)
{
    if (!gtk_widget_get_visible(root) || !gtk_widget_get_child_visible(root))
        return NULL;
    if (gtk_widget_has_css_class(root, name))
        return root;
    for (GtkWidget *child = gtk_widget_get_first_child(root); child != NULL;
         child = gtk_widget_get_next_sibling(child)) {
        GtkWidget *found = ui_find_class(child, name);
        if (found != NULL)
            return found;
    }
    return NULL;
}

gboolean ui_holds(GtkWidget *root, const char *words)
{
    if (!gtk_widget_get_mapped(root))
        return FALSE;
    if (GTK_IS_LABEL(root) && strstr(gtk_label_get_text(GTK_LABEL(root)), words) != NULL)
        return TRUE;
    for (GtkWidget *child = gtk_widget_get_first_child(root); child != NULL;
         child = gtk_widget_get_next_sibling(child))
        if (ui_holds(child, words))
            return TRUE;
    return FALSE;
}

GtkWidget *ui_reads(const char *words)
{
    GListModel *windows = gtk_window_get_toplevels();
    GtkWidget *found = NULL;
    for (guint i = 0; found == NULL && i < g_list_model_get_n_items(windows); i++) {
        g_autoptr(GtkWidget) top = g_list_model_get_item(windows, i);
        found = ui_holds(top, words) ? top : NULL;
    }
    return found;
}

void ui_click(GtkWidget *root, const char *text)
{
    GtkWidget *button = ui_find(root, GTK_TYPE_BUTTON, text);
    if (button == NULL)
        g_error("no button \"%s\" is in view", text);
    g_assert_true(gtk_widget_is_sensitive(button));
    g_signal_emit_by_name(button, "clicked");
}

/* Returns: (nullable): what was drawn last; NULL while something is to be drawn anew. */
static GskRenderNode *drawn(GtkWidget *window, double scale)
{
    g_autoptr(GdkPaintable) paintable = gtk_widget_paintable_new(window);
    GtkSnapshot *snapshot = gtk_snapshot_new();
    gtk_snapshot_scale(snapshot, (float)scale, (float)scale);
    gdk_paintable_snapshot(paintable, snapshot, gtk_widget_get_width(window),
                           gtk_widget_get_height(window));
    return gtk_snapshot_free_to_node(snapshot);
}

/* Thousands of pictures: packing them well takes longer than drawing them. */
static gboolean write_png(GdkTexture *texture, const char *path)
{
    const gsize width = (gsize)gdk_texture_get_width(texture), stride = 4 * width;
    const gsize height = (gsize)gdk_texture_get_height(texture);
    g_autofree guchar *pixels = g_malloc(stride * height);
    gdk_texture_download(texture, pixels, stride);
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .width = (guint32)width,
                       .height = (guint32)height,
                       .format = PNG_FORMAT_BGRA,
                       .flags = PNG_IMAGE_FLAG_FAST};
    return png_image_write_to_file(&image, path, FALSE, pixels, (png_int_32)stride, NULL) != 0;
}

gboolean ui_shot(GtkWidget *window, const char *path, double scale)
{
    enum { TRIES = 50, WAIT_MS = 7 };
    const int width = gtk_widget_get_width(window), height = gtk_widget_get_height(window);
    GtkNative *native = gtk_widget_get_native(window);
    GskRenderer *renderer = native != NULL ? gtk_native_get_renderer(native) : NULL;
    if (renderer == NULL || width <= 0 || height <= 0)
        return FALSE;
    g_autoptr(GskRenderNode) node = drawn(window, scale);
    /* what moves, such as a live view, is between two frames now and then */
    for (int i = 0; node == NULL && i < TRIES; i++) {
        ui_pump(NULL, NULL, WAIT_MS);
        node = drawn(window, scale);
    }
    if (node == NULL)
        return FALSE;
    g_autoptr(GdkTexture) texture = gsk_renderer_render_texture(
        renderer, node, &GRAPHENE_RECT_INIT(0, 0, (float)(width * scale), (float)(height * scale)));
    return write_png(texture, path);
}

GtkWidget *ui_toplevel(const char *type)
{
    GtkWidget *found = NULL;
    g_autoptr(GListModel) windows = g_object_ref(gtk_window_get_toplevels());
    for (guint i = 0; i < g_list_model_get_n_items(windows); i++) {
        g_autoptr(GtkWidget) window = g_list_model_get_item(windows, i);
        if (strcmp(G_OBJECT_TYPE_NAME(window), type) == 0 && gtk_widget_get_visible(window))
            found = window;
    }
    return found;
}
