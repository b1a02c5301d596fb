/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page-check.h"
#include "scene-lab.h"
#include "scenes.h"

#include "cel-settings.h"
#include "cel-touch.h"

#include <glib/gstdio.h>
#include <string.h>

/*
 * Every scene in every size and theme, as a picture and as a list of what is wrong with it. One
 * process a language; the language comes from LANGUAGE, the pictures from under the folder --out.
 *   OUT/THEME/SIZE/SCENE.png   OUT/findings.tsv: scene, theme, size, kind, where, text
 *   OUT/texts.tsv: scene, text
 */

enum { LAB_TARGET_PX = 44, SETTLE_MS = 50, STILL_MS = 150, MOST_TRIES = 4 };

/** Options: what was asked for. */
typedef struct {
    char *out, *sizes, *themes, *only;
    gboolean no_pictures;
    int every; /* 0, 1: all; else only each so-many-th scene */
} Options;

/** Run: everything one process works with. */
typedef struct {
    Options options;
    char **sizes, **themes;
    CelWindow *window;
    char *folder;
    GSettings *settings;
    FILE *findings, *texts;
    guint n_scenes, n_pictures, n_findings;
} Run;

/** Size: "1280x800" or "1280x800@2". */
typedef struct {
    int width, height;
    double scale;
} Size;

static gboolean read_size(const char *text, Size *size)
{
    char *end = NULL;
    size->width = (int)g_ascii_strtoll(text, &end, 10);
    size->height = *end == 'x' ? (int)g_ascii_strtoll(end + 1, &end, 10) : 0;
    size->scale = *end == '@' ? (double)g_ascii_strtoll(end + 1, &end, 10) : 1.0;
    return size->width > 0 && size->height > 0 && size->scale > 0.0 && *end == '\0';
}

/* ---- bringing the window into shape ---- */

static GtkWidget *main_window(const Run *run)
{
    return GTK_WIDGET(run->window);
}

/* Shadows take some pixels of what is asked for; nobody promises how many. */
static void resize(Run *run, const Size *size)
{
    int ask_width = size->width, ask_height = size->height;
    for (int i = 0; i < MOST_TRIES; i++) {
        gtk_window_set_default_size(GTK_WINDOW(run->window), ask_width, ask_height);
        ui_pump(NULL, NULL, SETTLE_MS);
        const int width = gtk_widget_get_width(main_window(run));
        const int height = gtk_widget_get_height(main_window(run));
        if (width == size->width && height == size->height)
            return;
        ask_width += size->width - width;
        ask_height += size->height - height;
    }
}

static void close_other_windows(Run *run)
{
    g_autoptr(GList) all = gtk_window_list_toplevels();
    for (GList *at = all; at != NULL; at = at->next)
        if (at->data != (gpointer)run->window && GTK_IS_WINDOW(at->data))
            gtk_window_destroy(at->data);
    ui_pump(NULL, NULL, SETTLE_MS);
}

static gboolean is_field(const Run *run)
{
    return cel_window_mode(run->window) == CEL_MODE_FIELD;
}

static int least_target(const Run *run)
{
    if (!is_field(run))
        return LAB_TARGET_PX;
    const CelScreen screen = cel_touch_screen(main_window(run), 0.0);
    return cel_touch_px(&screen);
}

/* ---- writing down ---- */

static void write_findings(Run *run, const char *place, const GPtrArray *findings)
{
    for (guint i = 0; i < findings->len; i++) {
        const PageFinding *finding = g_ptr_array_index(findings, i);
        fprintf(run->findings, "%s\t%s\t%s\t%s\n", place, finding->kind, finding->where,
                finding->text);
    }
    run->n_findings += findings->len;
}

static void check_fits(Run *run, const char *place, const Size *size)
{
    const int width = gtk_widget_get_width(main_window(run));
    const int height = gtk_widget_get_height(main_window(run));
    if (width <= size->width && height <= size->height)
        return;
    fprintf(run->findings, "%s\ttoo-big\tCelWindow\t[%d x %d]\n", place, width, height);
    run->n_findings++;
}

static void write_texts(Run *run, const char *scene, GtkWidget *window)
{
    g_autoptr(GPtrArray) texts = page_texts(window);
    for (guint i = 0; i < texts->len; i++) {
        g_autofree char *plain = g_strdelimit(g_strdup(g_ptr_array_index(texts, i)), "\n\t\r", ' ');
        fprintf(run->texts, "%s\t%s\n", scene, plain);
    }
}

static void take_picture(Run *run, const char *folder, const char *name, GtkWidget *window,
                         double scale)
{
    g_autofree char *path = g_strdup_printf("%s/%s.png", folder, name);
    if (run->options.no_pictures)
        return;
    g_mkdir_with_parents(folder, 0755);
    /* A page that moves may be between two layouts just now. */
    gboolean drawn = FALSE;
    for (guint i = 0; i < MOST_TRIES && !drawn; i++) {
        ui_pump(NULL, NULL, i * SETTLE_MS);
        drawn = ui_shot(window, path, scale);
    }
    if (!drawn)
        g_error("nothing was drawn for %s", path);
    run->n_pictures++;
}

/* The window and whatever stands before it: dialogs, popovers are part of their window. */
static void look_at_windows(Run *run, const UiScene *scene, const char *place, const char *folder,
                            double scale)
{
    const PageRules rules = {.target_px = least_target(run),
                             .names = g_strcmp0(g_getenv("GTK_A11Y"), "test") == 0};
    g_autoptr(GList) all = gtk_window_list_toplevels();
    guint n_others = 0;
    for (GList *at = all; at != NULL; at = at->next) {
        GtkWidget *window = at->data;
        const gboolean is_main = window == main_window(run);
        if (!gtk_widget_get_mapped(window))
            continue;
        g_autofree char *name =
            is_main ? g_strdup(scene->name) : g_strdup_printf("%s-%u", scene->name, ++n_others + 1);
        g_autoptr(GPtrArray) findings = page_check(window, &rules);
        write_findings(run, place, findings);
        write_texts(run, scene->name, window);
        take_picture(run, folder, name, window, scale);
    }
}

/* ---- a scene ---- */

static void render_size(Run *run, const UiScene *scene, const char *theme, const char *size_text)
{
    Size size = {0};
    if (!read_size(size_text, &size))
        g_error("\"%s\" is no size", size_text);
    /* A phone's width is for the lab only: field targets are half a finger's length. */
    if (is_field(run) && size.height < 700)
        return;
    g_autofree char *place = g_strdup_printf("%s\t%s\t%s", scene->name, theme, size_text);
    g_autofree char *folder = g_build_filename(run->options.out, theme, size_text, NULL);
    resize(run, &size);
    check_fits(run, place, &size);
    look_at_windows(run, scene, place, folder, size.scale);
}

static void show_scene(Run *run, const UiScene *scene)
{
    close_other_windows(run);
    g_settings_set_string(run->settings, "mode", scene->field ? "field" : "lab");
    if (cel_desk_facts(cel_window_desk(run->window))->role != CEL_ROLE_TECHNICIAN)
        ui_sign_in(run->window, run->folder, "technician");
    g_settings_set_string(run->settings, "appearance", "light");
    resize(run, &(Size){.width = 1280, .height = 800});
    scene->show(run->window, run->folder);
    ui_pump(NULL, NULL, STILL_MS);
}

static void render_scene(Run *run, const UiScene *scene)
{
    const gint64 began_us = g_get_monotonic_time();
    show_scene(run, scene);
    for (char **theme = run->themes; *theme != NULL; theme++) {
        g_settings_set_string(run->settings, "appearance", *theme);
        ui_pump(NULL, NULL, SETTLE_MS);
        for (char **size = run->sizes; *size != NULL; size++)
            render_size(run, scene, *theme, *size);
    }
    run->n_scenes++;
    g_printerr("%s: %.1f s\n", scene->name,
               (double)(g_get_monotonic_time() - began_us) / G_USEC_PER_SEC);
}

static gboolean is_wanted(const Run *run, const UiScene *scene)
{
    g_auto(GStrv) only = run->options.only != NULL ? g_strsplit(run->options.only, ",", -1) : NULL;
    return only == NULL || g_strv_contains((const char *const *)only, scene->name);
}

/* ---- the program ---- */

static FILE *open_list(const Run *run, const char *name)
{
    g_autofree char *path = g_build_filename(run->options.out, name, NULL);
    FILE *file = g_fopen(path, "w");
    if (file == NULL)
        g_error("%s cannot be written", path);
    return file;
}

static void read_options(Run *run, int *argc, char ***argv)
{
    Options *options = &run->options;
    const GOptionEntry entries[] = {
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &options->out, "where pictures and lists go", "DIR"},
        {"sizes", 0, 0, G_OPTION_ARG_STRING, &options->sizes, "1280x800,1280x800@2", "LIST"},
        {"themes", 0, 0, G_OPTION_ARG_STRING, &options->themes, "light,dark,day", "LIST"},
        {"scenes", 0, 0, G_OPTION_ARG_STRING, &options->only, "these only", "LIST"},
        {"every", 0, 0, G_OPTION_ARG_INT, &options->every, "each so-many-th scene only", "N"},
        {"no-pictures", 0, 0, G_OPTION_ARG_NONE, &options->no_pictures, "only check", NULL},
        {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_set_ignore_unknown_options(context, TRUE);
    if (!g_option_context_parse(context, argc, argv, &error) || options->out == NULL)
        g_error("%s", error != NULL ? error->message : "--out is missing");
    run->sizes = g_strsplit(options->sizes != NULL ? options->sizes : "1280x800", ",", -1);
    run->themes = g_strsplit(options->themes != NULL ? options->themes : "light", ",", -1);
}

static void run_free(Run *run)
{
    fclose(run->findings);
    fclose(run->texts);
    g_clear_object(&run->settings);
    g_strfreev(run->sizes);
    g_strfreev(run->themes);
    g_free(run->folder);
    g_free(run->options.out);
    g_free(run->options.sizes);
    g_free(run->options.themes);
    g_free(run->options.only);
}

int main(int argc, char **argv)
{
    Run run = {.n_scenes = 0};
    read_options(&run, &argc, &argv);
    ui_test_init(&argc, &argv);
    g_mkdir_with_parents(run.options.out, 0755);
    run.findings = open_list(&run, "findings.tsv");
    run.texts = open_list(&run, "texts.tsv");
    run.settings = cel_settings_new();
    g_object_set(gtk_settings_get_default(), "gtk-enable-animations", FALSE, NULL);
    run.folder = scene_lab();
    run.window = ui_window(&run.folder);
    g_autoptr(GPtrArray) scenes = ui_scenes_all();
    for (guint i = 0; i < scenes->len; i += (guint)MAX(1, run.options.every))
        if (is_wanted(&run, g_ptr_array_index(scenes, i)))
            render_scene(&run, g_ptr_array_index(scenes, i));
    close_other_windows(&run);
    ui_window_end();
    g_print("%u scenes, %u pictures, %u findings\n", run.n_scenes, run.n_pictures, run.n_findings);
    run_free(&run);
    return 0;
}
