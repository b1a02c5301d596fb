/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-window.h"

#include "cel-heard.h"
#include "cel-settings.h"
#include "cel-status-strip.h"
#include "cel-touch.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { LOCK_LOOK_S = 10 };

struct _CelWindow {
    AdwApplicationWindow parent;
    CelDesk *desk;
    GSettings *settings;
    CelMode mode;
    AdwToastOverlay *toasts;
    AdwFlap *flap;
    GtkListBox *sidebar;
    GtkStack *stack;
    AdwWindowTitle *title;
    GtkBox *title_box;
    CelStatusStrip *strip;
    GtkWidget *header, *back, *flap_button, *training;
    GHashTable *pages;  /* id -> CelPage, owned by the stack */
    GPtrArray *history; /* ids, the present one last */
    GtkCssProvider *touch;
    gint64 last_input_us;
    guint lock_id;
};

G_DEFINE_FINAL_TYPE(CelWindow, cel_window, ADW_TYPE_APPLICATION_WINDOW)

CelDesk *cel_window_desk(CelWindow *window)
{
    return window->desk;
}

CelMode cel_window_mode(CelWindow *window)
{
    return window->mode;
}

/* ---- going from page to page ---- */

static const char *present_id(const CelWindow *window)
{
    return window->history->len > 0 ? g_ptr_array_index(window->history, window->history->len - 1)
                                    : NULL;
}

CelPage *cel_window_page(CelWindow *window, const char **out_id)
{
    const char *id = present_id(window);
    if (out_id != NULL)
        *out_id = id;
    return id != NULL ? g_hash_table_lookup(window->pages, id) : NULL;
}

static CelPage *make_page(CelWindow *window, const CelPageDef *def)
{
    CelPage *page = g_hash_table_lookup(window->pages, def->id);
    if (page != NULL)
        return page;
    page = g_object_new(def->type(), NULL);
    gtk_stack_add_named(window->stack, GTK_WIDGET(page), def->id);
    g_hash_table_insert(window->pages, (gpointer)def->id, page);
    return page;
}

static void select_in_sidebar(CelWindow *window, const char *id)
{
    for (int i = 0;; i++) {
        GtkListBoxRow *row = gtk_list_box_get_row_at_index(window->sidebar, i);
        if (row == NULL)
            break;
        if (strcmp(gtk_widget_get_name(GTK_WIDGET(row)), id) == 0)
            gtk_list_box_select_row(window->sidebar, row);
    }
}

static void put_in_view(CelWindow *window, const CelPageDef *def)
{
    gtk_stack_set_visible_child_name(window->stack, def->id);
    adw_window_title_set_title(window->title, _(def->title));
    gtk_window_set_title(GTK_WINDOW(window), _(def->title));
    gtk_widget_set_visible(window->back, window->history->len > 1);
    select_in_sidebar(window, def->id);
    if (adw_flap_get_folded(window->flap))
        adw_flap_set_reveal_flap(window->flap, FALSE);
}

gboolean cel_window_show(CelWindow *window, const char *id, const char *what, GObject *thing)
{
    const CelPageDef *def = cel_page_def(id);
    CelPage *present = cel_window_page(window, NULL);
    if (def == NULL || (present != NULL && !cel_page_may_leave(present)))
        return FALSE;
    CelPage *page = make_page(window, def);
    if (present != page)
        g_ptr_array_add(window->history, (gpointer)def->id);
    put_in_view(window, def);
    cel_page_open(page, what, thing);
    return TRUE;
}

void cel_window_back(CelWindow *window)
{
    CelPage *present = cel_window_page(window, NULL);
    if (window->history->len < 2 || (present != NULL && !cel_page_may_leave(present)))
        return;
    g_ptr_array_set_size(window->history, (int)window->history->len - 1);
    put_in_view(window, cel_page_def(present_id(window)));
    cel_page_open(cel_window_page(window, NULL), NULL, NULL);
}

static const char *first_page(const CelWindow *window)
{
    gsize n = 0;
    const CelPageDef *defs = cel_page_defs(&n);
    for (gsize i = 0; i < n; i++)
        if (defs[i].icon != NULL && (defs[i].modes & window->mode) != 0)
            return defs[i].id;
    return "sign-in";
}

void cel_window_home(CelWindow *window)
{
    const CelDeskFacts *facts = cel_desk_facts(window->desk);
    const char *id = *facts->lab_folder == '\0' ? "welcome"
                     : *facts->person == '\0'   ? "sign-in"
                                                : first_page(window);
    g_ptr_array_set_size(window->history, 0);
    cel_window_show(window, id, NULL, NULL);
}

/** FileKind: which page takes a file, by its ending. */
typedef struct {
    const char *ending, *page;
} FileKind;

static const FileKind file_kinds[] = {
    {".cel.h5", "archive"},
    {".library.h5", "library"},
    {"", "import"},
};

void cel_window_open_file(CelWindow *window, const char *path)
{
    for (gsize i = 0; i < G_N_ELEMENTS(file_kinds); i++)
        if (g_str_has_suffix(path, file_kinds[i].ending)) {
            cel_window_show(window, file_kinds[i].page, path, NULL);
            return;
        }
}

void cel_window_open_files(CelWindow *window, const GPtrArray *paths)
{
    if (paths->len == 1)
        cel_window_open_file(window, g_ptr_array_index(paths, 0));
    if (paths->len < 2)
        return;
    g_autoptr(GtkStringList) list = gtk_string_list_new(NULL);
    for (guint i = 0; i < paths->len; i++)
        gtk_string_list_append(list, g_ptr_array_index(paths, i));
    cel_window_show(window, "import", NULL, G_OBJECT(list));
}

static gboolean dropped(GtkDropTarget *target, const GValue *value, double x, double y,
                        gpointer window)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    (void)target;
    (void)x;
    (void)y;
    for (GSList *file = g_value_get_boxed(value); file != NULL; file = file->next) {
        char *path = g_file_get_path(file->data);
        if (path != NULL)
            g_ptr_array_add(paths, path);
    }
    if (cel_desk_facts(CEL_WINDOW(window)->desk)->role == CEL_ROLE_NONE)
        cel_window_say(window, _("Sign in first, then drop the files again"));
    else
        cel_window_open_files(window, paths);
    return TRUE;
}

/* ---- locking ---- */

/* Any input counts; the profile says how long nobody may be at the machine. */
static gboolean somebody_is_here(GtkEventController *controller, GdkEvent *event, gpointer window)
{
    (void)controller;
    (void)event;
    CEL_WINDOW(window)->last_input_us = g_get_monotonic_time();
    return GDK_EVENT_PROPAGATE;
}

static gboolean lock_when_alone(gpointer data)
{
    CelWindow *window = data;
    const CelDeskFacts *facts = cel_desk_facts(window->desk);
    const gint64 alone_us = g_get_monotonic_time() - window->last_input_us;
    const gint64 limit_us = (gint64)facts->lock_minutes * 60 * G_USEC_PER_SEC;
    if (facts->role == CEL_ROLE_NONE || limit_us == 0 || alone_us < limit_us)
        return G_SOURCE_CONTINUE;
    cel_desk_sign_out(window->desk);
    cel_window_say(window, _("Locked: nobody was here for a while. Nothing was lost."));
    return G_SOURCE_CONTINUE;
}

/* ---- the sidebar ---- */

static GtkWidget *sidebar_row(const CelPageDef *def)
{
    GtkWidget *row = gtk_list_box_row_new();
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
    GtkWidget *label = gtk_label_new(_(def->title));
    gtk_label_set_xalign(GTK_LABEL(label), 0.0F);
    gtk_box_append(GTK_BOX(box), gtk_image_new_from_icon_name(def->icon));
    gtk_box_append(GTK_BOX(box), label);
    gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), box);
    gtk_widget_set_name(row, def->id);
    gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _(def->title), -1);
    return row;
}

static void fill_sidebar(CelWindow *window)
{
    gsize n = 0;
    const CelPageDef *defs = cel_page_defs(&n);
    GtkWidget *row = NULL;
    while ((row = gtk_widget_get_first_child(GTK_WIDGET(window->sidebar))) != NULL)
        gtk_list_box_remove(window->sidebar, row);
    for (gsize i = 0; i < n; i++)
        if (defs[i].icon != NULL && (defs[i].modes & window->mode) != 0)
            gtk_list_box_append(window->sidebar, sidebar_row(&defs[i]));
}

static void row_activated(GtkListBox *list, GtkListBoxRow *row, gpointer window)
{
    (void)list;
    cel_window_show(window, gtk_widget_get_name(GTK_WIDGET(row)), NULL, NULL);
}

/* ---- mode and looks ---- */

static void show_sidebar(CelWindow *window)
{
    const gboolean wanted =
        window->mode == CEL_MODE_LAB && cel_desk_facts(window->desk)->role != CEL_ROLE_NONE;
    adw_flap_set_locked(window->flap, !wanted);
    gtk_widget_set_visible(window->flap_button, wanted);
    adw_flap_set_reveal_flap(window->flap, wanted && !adw_flap_get_folded(window->flap));
}

static void set_class(GtkWidget *widget, const char *name, gboolean on)
{
    if (on)
        gtk_widget_add_css_class(widget, name);
    else
        gtk_widget_remove_css_class(widget, name);
}

static void apply_touch(CelWindow *window)
{
    const CelScreen screen = cel_touch_screen(
        GTK_WIDGET(window), g_settings_get_double(window->settings, "touch-dots-per-mm"));
    g_autofree char *css = cel_touch_css(cel_touch_px(&screen));
    gtk_css_provider_load_from_data(window->touch, css, -1);
}

/* Targets of 19 mm make the header bar a good part of a small screen's height. What holds now
 * stands in it then, and not below in a bar of its own; nobody arranges windows in the field. */
static void set_bars(CelWindow *window, gboolean field)
{
    cel_status_strip_lend(window->strip, field ? window->title_box : NULL);
    adw_header_bar_set_decoration_layout(ADW_HEADER_BAR(window->header), field ? ":close" : NULL);
}

void cel_window_set_mode(CelWindow *window, CelMode mode)
{
    window->mode = mode;
    set_class(GTK_WIDGET(window), "field", mode == CEL_MODE_FIELD);
    set_bars(window, mode == CEL_MODE_FIELD);
    apply_touch(window);
    fill_sidebar(window);
    show_sidebar(window);
}

/* A chosen mode, else by who works: the officer is in the field. */
static CelMode wanted_mode(CelWindow *window)
{
    enum { AUTO, FIELD, LAB };
    const int chosen = g_settings_get_enum(window->settings, "mode");
    if (chosen != AUTO)
        return chosen == FIELD ? CEL_MODE_FIELD : CEL_MODE_LAB;
    return cel_desk_facts(window->desk)->role == CEL_ROLE_OFFICER ? CEL_MODE_FIELD : CEL_MODE_LAB;
}

static void apply_appearance(CelWindow *window)
{
    enum { SYSTEM, LIGHT, DARK, DAY };
    static const AdwColorScheme schemes[] = {
        [SYSTEM] = ADW_COLOR_SCHEME_DEFAULT,
        [LIGHT] = ADW_COLOR_SCHEME_FORCE_LIGHT,
        [DARK] = ADW_COLOR_SCHEME_FORCE_DARK,
        [DAY] = ADW_COLOR_SCHEME_FORCE_LIGHT,
    };
    const int chosen = g_settings_get_enum(window->settings, "appearance");
    adw_style_manager_set_color_scheme(adw_style_manager_get_default(), schemes[chosen]);
    set_class(GTK_WIDGET(window), "day", chosen == DAY);
}

static void settings_changed(CelWindow *window)
{
    apply_appearance(window);
    if (wanted_mode(window) != window->mode)
        cel_window_set_mode(window, wanted_mode(window));
    else
        apply_touch(window);
}

static void desk_changed(CelWindow *window)
{
    const CelDeskFacts *facts = cel_desk_facts(window->desk);
    const gboolean was_known = cel_window_page(window, NULL) != NULL;
    if (facts->role == CEL_ROLE_NONE) /* whoever signs in next was not away before */
        window->last_input_us = g_get_monotonic_time();
    if (wanted_mode(window) != window->mode)
        cel_window_set_mode(window, wanted_mode(window));
    show_sidebar(window);
    gtk_widget_set_visible(window->training, facts->training);
    adw_window_title_set_subtitle(window->title, facts->lab_name);
    if (was_known && facts->role == CEL_ROLE_NONE &&
        g_strcmp0(present_id(window), "sign-in") != 0 && *facts->lab_folder != '\0' &&
        g_strcmp0(present_id(window), "welcome") != 0)
        cel_window_home(window);
}

/* ---- notices ---- */

void cel_window_say(CelWindow *window, const char *text)
{
    adw_toast_overlay_add_toast(window->toasts, adw_toast_new(text));
}

void cel_window_fail(CelWindow *window, const GError *error)
{
    GtkWidget *dialog = adw_message_dialog_new(GTK_WINDOW(window), _("This did not work"), NULL);
    adw_message_dialog_set_body(ADW_MESSAGE_DIALOG(dialog), error->message);
    adw_message_dialog_add_response(ADW_MESSAGE_DIALOG(dialog), "close", _("Close"));
    cel_heard_dialog(ADW_MESSAGE_DIALOG(dialog));
    gtk_window_present(GTK_WINDOW(dialog));
}

/* ---- keys ---- */

static void act_back(GtkWidget *widget, const char *name, GVariant *target)
{
    CelPage *page = cel_window_page(CEL_WINDOW(widget), NULL);
    (void)name;
    (void)target;
    if (page != NULL && cel_page_stop(page))
        return;
    cel_window_back(CEL_WINDOW(widget));
}

static void act_trigger(GtkWidget *widget, const char *name, GVariant *target)
{
    (void)name;
    (void)target;
    CelPage *page = cel_window_page(CEL_WINDOW(widget), NULL);
    if (page != NULL)
        cel_page_trigger(page);
}

static void act_sign_out(GtkWidget *widget, const char *name, GVariant *target)
{
    (void)name;
    (void)target;
    cel_desk_sign_out(CEL_WINDOW(widget)->desk);
}

/* ---- the widget ---- */

static void cel_window_dispose(GObject *object)
{
    CelWindow *window = CEL_WINDOW(object);
    g_clear_handle_id(&window->lock_id, g_source_remove);
    if (window->desk != NULL)
        g_signal_handlers_disconnect_by_data(window->desk, window);
    if (window->settings != NULL)
        g_signal_handlers_disconnect_by_data(window->settings, window);
    if (window->touch != NULL)
        gtk_style_context_remove_provider_for_display(gtk_widget_get_display(GTK_WIDGET(window)),
                                                      GTK_STYLE_PROVIDER(window->touch));
    g_clear_object(&window->touch);
    g_clear_object(&window->settings);
    g_clear_object(&window->desk);
    g_clear_pointer(&window->pages, g_hash_table_unref);
    g_clear_pointer(&window->history, g_ptr_array_unref);
    G_OBJECT_CLASS(cel_window_parent_class)->dispose(object);
}

static gboolean close_request(GtkWindow *gtk_window)
{
    CelWindow *window = CEL_WINDOW(gtk_window);
    CelPage *page = cel_window_page(window, NULL);
    if (page != NULL && !cel_page_may_leave(page))
        return TRUE;
    int width = 0, height = 0;
    gtk_window_get_default_size(gtk_window, &width, &height);
    g_settings_set(window->settings, "window-size", "(ii)", width, height);
    g_settings_set_boolean(window->settings, "window-maximized",
                           gtk_window_is_maximized(gtk_window));
    return FALSE;
}

static void cel_window_class_init(CelWindowClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = cel_window_dispose;
    GTK_WINDOW_CLASS(klass)->close_request = close_request;
    gtk_widget_class_set_template_from_resource(widget_class, "/org/celadon/Celadon/cel-window.ui");
    gtk_widget_class_bind_template_child(widget_class, CelWindow, toasts);
    gtk_widget_class_bind_template_child(widget_class, CelWindow, flap);
    gtk_widget_class_bind_template_child(widget_class, CelWindow, sidebar);
    gtk_widget_class_bind_template_child(widget_class, CelWindow, stack);
    gtk_widget_class_bind_template_child(widget_class, CelWindow, title);
    gtk_widget_class_bind_template_child(widget_class, CelWindow, title_box);
    gtk_widget_class_bind_template_child(widget_class, CelWindow, header);
    gtk_widget_class_bind_template_child(widget_class, CelWindow, back);
    gtk_widget_class_bind_template_child(widget_class, CelWindow, flap_button);
    gtk_widget_class_bind_template_child(widget_class, CelWindow, training);
    gtk_widget_class_install_action(widget_class, "window.back", NULL, act_back);
    gtk_widget_class_install_action(widget_class, "window.trigger", NULL, act_trigger);
    gtk_widget_class_install_action(widget_class, "window.sign-out", NULL, act_sign_out);
}

static void listen(CelWindow *window)
{
    GtkEventController *input = gtk_event_controller_legacy_new();
    gtk_event_controller_set_propagation_phase(input, GTK_PHASE_CAPTURE);
    g_signal_connect(input, "event", G_CALLBACK(somebody_is_here), window);
    gtk_widget_add_controller(GTK_WIDGET(window), input);
    GtkDropTarget *drop = gtk_drop_target_new(GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
    g_signal_connect(drop, "drop", G_CALLBACK(dropped), window);
    gtk_widget_add_controller(GTK_WIDGET(window), GTK_EVENT_CONTROLLER(drop));
    window->last_input_us = g_get_monotonic_time();
    window->lock_id = g_timeout_add_seconds(LOCK_LOOK_S, lock_when_alone, window);
}

static void cel_window_init(CelWindow *window)
{
    window->mode = CEL_MODE_LAB;
    window->pages = g_hash_table_new(g_str_hash, g_str_equal);
    window->history = g_ptr_array_new();
    window->settings = cel_settings_new();
    window->touch = gtk_css_provider_new();
    gtk_widget_init_template(GTK_WIDGET(window));
    cel_heard_stack(window->stack);
    cel_heard_flap(window->flap);
    gtk_style_context_add_provider_for_display(gtk_widget_get_display(GTK_WIDGET(window)),
                                               GTK_STYLE_PROVIDER(window->touch),
                                               GTK_STYLE_PROVIDER_PRIORITY_APPLICATION + 1);
    g_signal_connect(window->sidebar, "row-activated", G_CALLBACK(row_activated), window);
    g_signal_connect_swapped(window->settings, "changed", G_CALLBACK(settings_changed), window);
    listen(window);
}

CelWindow *cel_window_new(GtkApplication *application, CelDesk *desk)
{
    CelWindow *window = g_object_new(CEL_TYPE_WINDOW, "application", application, NULL);
    int width = 0, height = 0;
    g_settings_get(window->settings, "window-size", "(ii)", &width, &height);
    gtk_window_set_default_size(GTK_WINDOW(window), width, height);
    if (g_settings_get_boolean(window->settings, "window-maximized"))
        gtk_window_maximize(GTK_WINDOW(window));
    window->desk = g_object_ref(desk);
    window->strip = CEL_STATUS_STRIP(cel_status_strip_new(desk));
    gtk_box_append(GTK_BOX(gtk_widget_get_parent(GTK_WIDGET(window->flap))),
                   GTK_WIDGET(window->strip));
    g_signal_connect_swapped(desk, "changed", G_CALLBACK(desk_changed), window);
    apply_appearance(window);
    cel_window_set_mode(window, wanted_mode(window));
    cel_window_home(window);
    desk_changed(window);
    return window;
}
