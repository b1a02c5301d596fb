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
 *   OUT/THEME/SIZE/SCENE.png   OUT/THEME/findings.tsv: scene, theme, size, kind, where, text
 *   OUT/THEME/texts.tsv: scene, text
 */

enum { LAB_TARGET_PX = 44, FIELD_LEAST_PX = 700, MOST_TRIES = 4, LAID_FRAMES = 2 };
enum { SETTLE_MS = 50, LAID_MS = 20, STILL_MS = 150, PATIENCE_MS = 30000 };

static const double MM_AN_INCH = 25.4;
static const gint64 AFRESH_US = G_GINT64_CONSTANT(60) * G_USEC_PER_SEC;

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
    FILE **findings, **texts; /* a theme each */
    int shadow_width, shadow_height;
    gint64 signed_in_us;
    guint n_scenes, n_pictures, n_findings;
} Run;

/** Size: "1280x800", "1280x800@2", or "1920x1080@220dpi": a screen of so many dots an inch, on
 * which only the field's pages are looked at. */
typedef struct {
    int width, height;
    double scale, dpi; /* 0 dpi: as the display says */
} Size;

static gboolean read_size(const char *text, Size *size)
{
    char *end = NULL;
    size->width = (int)g_ascii_strtoll(text, &end, 10);
    size->height = *end == 'x' ? (int)g_ascii_strtoll(end + 1, &end, 10) : 0;
    size->scale = *end == '@' ? (double)g_ascii_strtoll(end + 1, &end, 10) : 1.0;
    size->dpi = 0.0;
    if (g_str_equal(end, "dpi")) {
        size->dpi = size->scale;
        size->scale = 1.0;
        end += strlen("dpi");
    }
    return size->width > 0 && size->height > 0 && size->scale > 0.0 && *end == '\0';
}

/* ---- bringing the window into shape ---- */

static GtkWidget *main_window(const Run *run)
{
    return GTK_WIDGET(run->window);
}

/** Wanted: a size that a window is to have, and in how many more frames. */
typedef struct {
    GtkWidget *window;
    int width, height;
    guint frames;
} Wanted;

static gboolean frame_drawn(GtkWidget *window, GdkFrameClock *clock, gpointer data)
{
    Wanted *wanted = data;
    (void)window;
    (void)clock;
    return --wanted->frames > 0;
}

static gboolean no_frame_left(gpointer data)
{
    return ((const Wanted *)data)->frames == 0;
}

/* However busy the machine is: what is laid out is laid out with a frame. */
static void wait_frames(Wanted *wanted, guint n)
{
    wanted->frames = n;
    gtk_widget_add_tick_callback(wanted->window, frame_drawn, wanted, NULL);
    if (!ui_pump(no_frame_left, wanted, PATIENCE_MS))
        g_error("no frame in %d s", PATIENCE_MS / 1000);
}

static gboolean has_size(gpointer data)
{
    const Wanted *wanted = data;
    return gtk_widget_get_width(wanted->window) == wanted->width &&
           gtk_widget_get_height(wanted->window) == wanted->height;
}

/* Shadows take some pixels of what is asked for; nobody promises how many, but always as many. */
static void resize(Run *run, const Size *size)
{
    Wanted wanted = {main_window(run), size->width, size->height, 0};
    int width = size->width + run->shadow_width, height = size->height + run->shadow_height;
    for (int i = 0; i < MOST_TRIES; i++) {
        gtk_window_set_default_size(GTK_WINDOW(run->window), width, height);
        for (guint tries = 0; tries < MOST_TRIES && !has_size(&wanted); tries++)
            wait_frames(&wanted, LAID_FRAMES);
        wait_frames(&wanted, LAID_FRAMES);
        if (has_size(&wanted)) {
            run->shadow_width = width - size->width;
            run->shadow_height = height - size->height;
            return;
        }
        width += size->width - gtk_widget_get_width(wanted.window);
        height += size->height - gtk_widget_get_height(wanted.window);
    }
}

/* The target's size follows the screen's. */
static void set_screen(Run *run, double dpi)
{
    const double per_mm = dpi / MM_AN_INCH;
    if (g_settings_get_double(run->settings, "touch-dots-per-mm") == per_mm)
        return;
    g_settings_set_double(run->settings, "touch-dots-per-mm", per_mm);
    ui_pump(NULL, NULL, LAID_MS);
}

/* A popover has a surface of its own, which is not in the picture of its window. */
static void add_popovers(GtkWidget *widget, GPtrArray *found)
{
    if (!gtk_widget_get_mapped(widget))
        return;
    if (GTK_IS_POPOVER(widget))
        g_ptr_array_add(found, widget);
    for (GtkWidget *child = gtk_widget_get_first_child(widget); child != NULL;
         child = gtk_widget_get_next_sibling(child))
        add_popovers(child, found);
}

/* What one scene has put before the window is not in the way of the next. */
static void close_what_stands_before(Run *run)
{
    g_autoptr(GPtrArray) popovers = g_ptr_array_new();
    add_popovers(main_window(run), popovers);
    for (guint i = 0; i < popovers->len; i++)
        gtk_popover_popdown(g_ptr_array_index(popovers, i));
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
    const CelScreen screen = cel_touch_screen(
        main_window(run), g_settings_get_double(run->settings, "touch-dots-per-mm"));
    return cel_touch_px(&screen);
}

/* ---- writing down ---- */

/** Place: where a scene is looked at. */
typedef struct {
    const UiScene *scene;
    guint theme; /* of Run.themes */
    const char *size_text;
    Size size;
} Place;

static void write_finding(Run *run, const Place *place, const PageFinding *finding)
{
    fprintf(run->findings[place->theme], "%s\t%s\t%s\t%s\t%s\t%s\n", place->scene->name,
            run->themes[place->theme], place->size_text, finding->kind, finding->where,
            finding->text);
    run->n_findings++;
}

static void write_findings(Run *run, const Place *place, const GPtrArray *findings)
{
    for (guint i = 0; i < findings->len; i++)
        write_finding(run, place, g_ptr_array_index(findings, i));
}

static void check_fits(Run *run, const Place *place)
{
    const int width = gtk_widget_get_width(main_window(run));
    const int height = gtk_widget_get_height(main_window(run));
    if (width <= place->size.width && height <= place->size.height)
        return;
    g_autofree char *text = g_strdup_printf("[%d x %d]", width, height);
    write_finding(run, place,
                  &(PageFinding){.kind = "too-big", .where = (char *)"CelWindow", .text = text});
}

static void write_texts(Run *run, const Place *place, GtkWidget *window)
{
    g_autoptr(GPtrArray) texts = page_texts(window);
    for (guint i = 0; i < texts->len; i++) {
        g_autofree char *plain = g_strdelimit(g_strdup(g_ptr_array_index(texts, i)), "\n\t\r", ' ');
        fprintf(run->texts[place->theme], "%s\t%s\n", place->scene->name, plain);
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

static void take_popovers(Run *run, const Place *place, const char *folder, const char *name,
                          GtkWidget *window)
{
    g_autoptr(GPtrArray) popovers = g_ptr_array_new();
    add_popovers(window, popovers);
    for (guint i = 0; i < popovers->len; i++) {
        g_autofree char *own = g_strdup_printf("%s-popover-%u", name, i + 1);
        take_picture(run, folder, own, g_ptr_array_index(popovers, i), place->size.scale);
    }
}

/* The window and whatever stands before it: dialogs and popovers. */
static void look_at_windows(Run *run, const Place *place)
{
    const PageRules rules = {.target_px = least_target(run),
                             .names = g_strcmp0(g_getenv("GTK_A11Y"), "test") == 0};
    g_autofree char *folder =
        g_build_filename(run->options.out, run->themes[place->theme], place->size_text, NULL);
    g_autoptr(GList) all = gtk_window_list_toplevels();
    guint n_others = 0;
    for (GList *at = all; at != NULL; at = at->next) {
        GtkWidget *window = at->data;
        const gboolean is_main = window == main_window(run);
        if (!gtk_widget_get_mapped(window))
            continue;
        g_autofree char *name = is_main
                                    ? g_strdup(place->scene->name)
                                    : g_strdup_printf("%s-%u", place->scene->name, ++n_others + 1);
        wait_frames(&(Wanted){.window = window}, LAID_FRAMES);
        g_autoptr(GPtrArray) findings = page_check(window, &rules);
        write_findings(run, place, findings);
        write_texts(run, place, window);
        take_picture(run, folder, name, window, place->size.scale);
        take_popovers(run, place, folder, name, window);
    }
}

/* ---- a scene ---- */

/* A phone's width is for the lab only: field targets are half a finger's length. */
static gboolean is_meant_for(const Run *run, const Size *size)
{
    return is_field(run) ? size->height >= FIELD_LEAST_PX : size->dpi <= 0.0;
}

static void render_size(Run *run, const UiScene *scene, guint theme, const char *size_text)
{
    Place place = {scene, theme, size_text, {0}};
    if (!read_size(size_text, &place.size))
        g_error("\"%s\" is no size", size_text);
    if (!is_meant_for(run, &place.size))
        return;
    set_screen(run, place.size.dpi);
    resize(run, &place.size);
    check_fits(run, &place);
    look_at_windows(run, &place);
}

/* No hand is at this window: after some minutes it would lock itself in the middle of a scene. */
static void sign_in(Run *run)
{
    const gint64 now_us = g_get_monotonic_time();
    if (cel_desk_facts(cel_window_desk(run->window))->role == CEL_ROLE_TECHNICIAN &&
        now_us - run->signed_in_us < AFRESH_US)
        return;
    ui_sign_in(run->window, run->folder, "technician");
    run->signed_in_us = now_us;
}

static void show_scene(Run *run, const UiScene *scene)
{
    close_what_stands_before(run);
    g_settings_set_string(run->settings, "mode", scene->field ? "field" : "lab");
    sign_in(run);
    g_settings_set_string(run->settings, "appearance", "light");
    set_screen(run, 0.0);
    resize(run, &(Size){.width = 1280, .height = 800});
    scene->show(run->window, run->folder);
    ui_pump(NULL, NULL, STILL_MS);
}

static void render_scene(Run *run, const UiScene *scene)
{
    const gint64 began_us = g_get_monotonic_time();
    show_scene(run, scene);
    for (guint i = 0; run->themes[i] != NULL; i++) {
        g_settings_set_string(run->settings, "appearance", run->themes[i]);
        ui_pump(NULL, NULL, SETTLE_MS);
        for (char **size = run->sizes; *size != NULL; size++)
            render_size(run, scene, i, *size);
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

static FILE *open_list(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    FILE *file = g_fopen(path, "w");
    if (file == NULL)
        g_error("%s cannot be written", path);
    return file;
}

static void open_lists(Run *run)
{
    const guint n = g_strv_length(run->themes);
    run->findings = g_new0(FILE *, n);
    run->texts = g_new0(FILE *, n);
    for (guint i = 0; i < n; i++) {
        g_autofree char *folder = g_build_filename(run->options.out, run->themes[i], NULL);
        g_mkdir_with_parents(folder, 0755);
        run->findings[i] = open_list(folder, "findings.tsv");
        run->texts[i] = open_list(folder, "texts.tsv");
    }
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
    for (guint i = 0; run->themes[i] != NULL; i++) {
        fclose(run->findings[i]);
        fclose(run->texts[i]);
    }
    g_free(run->findings);
    g_free(run->texts);
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
    open_lists(&run);
    run.settings = cel_settings_new();
    g_object_set(gtk_settings_get_default(), "gtk-enable-animations", FALSE, NULL);
    run.folder = scene_lab();
    run.window = ui_window(&run.folder);
    g_autoptr(GPtrArray) scenes = ui_scenes_all();
    for (guint i = 0; i < scenes->len; i += (guint)MAX(1, run.options.every))
        if (is_wanted(&run, g_ptr_array_index(scenes, i)))
            render_scene(&run, g_ptr_array_index(scenes, i));
    close_what_stands_before(&run);
    ui_window_end();
    g_print("%u scenes, %u pictures, %u findings\n", run.n_scenes, run.n_pictures, run.n_findings);
    run_free(&run);
    return 0;
}
