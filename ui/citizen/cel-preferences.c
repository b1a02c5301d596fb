/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "citizen/cel-preferences.h"

#include "cel-settings.h"
#include "cel-touch.h"
#include "citizen/cel-card-dialog.h"
#include "citizen/cel-fit.h"
#include "citizen/cel-language.h"
#include "citizen/cel-profile-form.h"

#include <glib/gi18n-lib.h>

enum { WIDTH = 680, HEIGHT = 640 };

struct _CelPreferences {
    AdwPreferencesWindow parent;
    CelWindow *window;
    GSettings *settings;
    AdwActionRow *lab, *camera, *touch;
    AdwComboRow *mode, *appearance, *language;
    GtkWidget *choose_lab, *open_profile, *choose_camera, *forget_camera, *measure, *forget_size;
    GtkFileChooserNative *chooser;
};

G_DEFINE_FINAL_TYPE(CelPreferences, cel_preferences, ADW_TYPE_PREFERENCES_WINDOW)

static void say(CelPreferences *p, const char *text)
{
    adw_preferences_window_add_toast(ADW_PREFERENCES_WINDOW(p), adw_toast_new(text));
}

/* ---- what holds now ---- */

static void show_folder(AdwActionRow *row, const char *folder, const char *none)
{
    g_autofree char *shown = *folder != '\0' ? g_filename_display_name(folder) : g_strdup(none);
    g_autofree char *escaped = g_markup_escape_text(shown, -1);
    adw_action_row_set_subtitle(row, escaped);
}

static void show_touch(CelPreferences *p)
{
    const double measured = g_settings_get_double(p->settings, "touch-dots-per-mm");
    const CelScreen screen = cel_touch_screen(GTK_WIDGET(p->window), measured);
    const int px = cel_touch_px(&screen);
    const char *how = measured > 0.0 ? _("measured with a card")
                      : cel_touch_per_mm(&screen) > 0.0
                          ? _("as the monitor says")
                          : _("the size of this monitor is not known");
    g_autofree char *text =
        g_strdup_printf(_("In the field %.0f mm: %d px, %s."), CEL_TOUCH_MM, px, how);
    adw_action_row_set_subtitle(p->touch, text);
    gtk_widget_set_sensitive(p->forget_size, measured > 0.0);
}

static void refresh(CelPreferences *p)
{
    g_autofree char *lab = g_settings_get_string(p->settings, "lab-folder");
    g_autofree char *camera = g_settings_get_string(p->settings, "camera-folder");
    show_folder(p->lab, lab, _("None yet"));
    show_folder(p->camera, camera, _("The folder of pictures"));
    gtk_widget_set_sensitive(p->open_profile,
                             *cel_desk_facts(cel_window_desk(p->window))->lab_folder != '\0');
    gtk_widget_set_visible(p->forget_camera, *camera != '\0');
    show_touch(p);
}

/* ---- choosing a folder ---- */

static void lab_opened(gpointer owner, const GError *error)
{
    CelPreferences *p = owner;
    if (error != NULL) {
        say(p, error->message);
        return;
    }
    const CelDeskFacts *facts = cel_desk_facts(cel_window_desk(p->window));
    g_settings_set_string(p->settings, "lab-folder", facts->lab_folder);
    cel_window_home(p->window);
}

static void take_lab(CelPreferences *p, const char *folder)
{
    cel_desk_open_lab(cel_window_desk(p->window), folder, G_OBJECT(p), lab_opened);
}

static void take_camera(CelPreferences *p, const char *folder)
{
    g_settings_set_string(p->settings, "camera-folder", folder);
}

static void chosen(CelPreferences *p, int response, gpointer take)
{
    g_autoptr(GFile) file = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(p->chooser));
    g_autofree char *folder = file != NULL ? g_file_get_path(file) : NULL;
    if (response == GTK_RESPONSE_ACCEPT && folder != NULL)
        ((void (*)(CelPreferences *, const char *))take)(p, folder);
    g_clear_object(&p->chooser);
}

static void lab_chosen(GtkNativeDialog *dialog, int response, CelPreferences *p)
{
    (void)dialog;
    chosen(p, response, take_lab);
}

static void camera_chosen(GtkNativeDialog *dialog, int response, CelPreferences *p)
{
    (void)dialog;
    chosen(p, response, take_camera);
}

static void ask_folder(CelPreferences *p, const char *title, GCallback answered)
{
    p->chooser = gtk_file_chooser_native_new(
        title, GTK_WINDOW(p), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _("Choose"), _("Cancel"));
    g_signal_connect(p->chooser, "response", answered, p);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(p->chooser));
}

static void choose_lab(CelPreferences *p)
{
    ask_folder(p, _("Folder of the lab"), G_CALLBACK(lab_chosen));
}

static void choose_camera(CelPreferences *p)
{
    ask_folder(p, _("Folder of the camera"), G_CALLBACK(camera_chosen));
}

static void forget_camera(CelPreferences *p)
{
    g_settings_reset(p->settings, "camera-folder");
}

/* ---- the rest ---- */

static void open_profile(CelPreferences *p)
{
    gtk_window_present(GTK_WINDOW(cel_profile_form_new(p->window, GTK_WINDOW(p))));
}

static void measure(CelPreferences *p)
{
    gtk_window_present(GTK_WINDOW(cel_card_dialog_new(GTK_WINDOW(p), p->settings)));
}

static void forget_size(CelPreferences *p)
{
    g_settings_reset(p->settings, "touch-dots-per-mm");
}

static void language_chosen(CelPreferences *p)
{
    g_autoptr(GError) error = NULL;
    const CelLanguage language = (CelLanguage)adw_combo_row_get_selected(p->language);
    if (language == cel_language_chosen())
        return;
    if (!cel_language_choose(language, &error))
        say(p, error->message);
    else
        say(p, _("Close Celadon and start it again to change the language."));
}

static void enum_chosen(AdwComboRow *row, GParamSpec *spec, CelPreferences *p)
{
    (void)spec;
    g_settings_set_enum(p->settings, gtk_widget_get_name(GTK_WIDGET(row)),
                        (int)adw_combo_row_get_selected(row));
}

/* The order of the choices is that of the setting's enum. */
static void bind_enum(CelPreferences *p, AdwComboRow *row, const char *key)
{
    gtk_widget_set_name(GTK_WIDGET(row), key);
    adw_combo_row_set_selected(row, (guint)g_settings_get_enum(p->settings, key));
    g_signal_connect(row, "notify::selected", G_CALLBACK(enum_chosen), p);
}

/* ---- the widget ---- */

static void cel_preferences_dispose(GObject *object)
{
    CelPreferences *p = CEL_PREFERENCES(object);
    if (p->settings != NULL)
        g_signal_handlers_disconnect_by_data(p->settings, p);
    g_clear_object(&p->chooser);
    g_clear_object(&p->settings);
    G_OBJECT_CLASS(cel_preferences_parent_class)->dispose(object);
}

static void cel_preferences_class_init(CelPreferencesClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = cel_preferences_dispose;
    gtk_widget_class_set_template_from_resource(widget_class,
                                                "/org/celadon/Celadon/citizen/cel-preferences.ui");
    gtk_widget_class_bind_template_child(widget_class, CelPreferences, lab);
    gtk_widget_class_bind_template_child(widget_class, CelPreferences, camera);
    gtk_widget_class_bind_template_child(widget_class, CelPreferences, touch);
    gtk_widget_class_bind_template_child(widget_class, CelPreferences, mode);
    gtk_widget_class_bind_template_child(widget_class, CelPreferences, appearance);
    gtk_widget_class_bind_template_child(widget_class, CelPreferences, language);
    gtk_widget_class_bind_template_child(widget_class, CelPreferences, choose_lab);
    gtk_widget_class_bind_template_child(widget_class, CelPreferences, open_profile);
    gtk_widget_class_bind_template_child(widget_class, CelPreferences, choose_camera);
    gtk_widget_class_bind_template_child(widget_class, CelPreferences, forget_camera);
    gtk_widget_class_bind_template_child(widget_class, CelPreferences, measure);
    gtk_widget_class_bind_template_child(widget_class, CelPreferences, forget_size);
}

static void cel_preferences_init(CelPreferences *p)
{
    p->settings = cel_settings_new();
    gtk_widget_init_template(GTK_WIDGET(p));
    bind_enum(p, p->mode, "mode");
    bind_enum(p, p->appearance, "appearance");
    adw_combo_row_set_selected(p->language, (guint)cel_language_chosen());
    g_signal_connect_swapped(p->language, "notify::selected", G_CALLBACK(language_chosen), p);
    g_signal_connect_swapped(p->choose_lab, "clicked", G_CALLBACK(choose_lab), p);
    g_signal_connect_swapped(p->open_profile, "clicked", G_CALLBACK(open_profile), p);
    g_signal_connect_swapped(p->choose_camera, "clicked", G_CALLBACK(choose_camera), p);
    g_signal_connect_swapped(p->forget_camera, "clicked", G_CALLBACK(forget_camera), p);
    g_signal_connect_swapped(p->measure, "clicked", G_CALLBACK(measure), p);
    g_signal_connect_swapped(p->forget_size, "clicked", G_CALLBACK(forget_size), p);
    g_signal_connect_swapped(p->settings, "changed", G_CALLBACK(refresh), p);
}

CelPreferences *cel_preferences_new(CelWindow *window)
{
    CelPreferences *p = g_object_new(CEL_TYPE_PREFERENCES, "transient-for", window, NULL);
    cel_citizen_fit(GTK_WINDOW(p), GTK_WINDOW(window), WIDTH, HEIGHT);
    p->window = window;
    refresh(p);
    return p;
}
