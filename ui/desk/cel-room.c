/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cel-room.h"

static GtkWidget *wrapped(const char *text)
{
    GtkWidget *label = gtk_label_new(text);
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
    gtk_label_set_xalign(GTK_LABEL(label), 0);
    return label;
}

GtkWidget *cel_room_heading(const char *text)
{
    GtkWidget *label = wrapped(text);
    gtk_widget_add_css_class(label, "heading");
    return label;
}

GtkWidget *cel_room_note(const char *text)
{
    GtkWidget *label = wrapped(text);
    gtk_widget_add_css_class(label, "dim-label");
    return label;
}

GtkWidget *cel_room_row(const char *title, const char *subtitle)
{
    GtkWidget *row = adw_action_row_new();
    adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
    adw_action_row_set_title_lines(ADW_ACTION_ROW(row), 0);
    adw_action_row_set_subtitle_lines(ADW_ACTION_ROW(row), 0);
    if (subtitle != NULL)
        adw_action_row_set_subtitle(ADW_ACTION_ROW(row), subtitle);
    return row;
}

GtkWidget *cel_room_icon_button(const char *icon, const char *label)
{
    GtkWidget *button = gtk_button_new_from_icon_name(icon);
    gtk_widget_set_tooltip_text(button, label);
    gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
    gtk_widget_add_css_class(button, "flat");
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                   -1);
    return button;
}

GtkWidget *cel_room_back_button(const char *label)
{
    GtkWidget *button = gtk_button_new(), *content = adw_button_content_new();
    adw_button_content_set_icon_name(ADW_BUTTON_CONTENT(content), "go-previous-symbolic");
    adw_button_content_set_label(ADW_BUTTON_CONTENT(content), label);
    gtk_button_set_child(GTK_BUTTON(button), content); /* called by the label of its content */
    gtk_widget_set_halign(button, GTK_ALIGN_START);
    gtk_widget_add_css_class(button, "room-back");
    return button;
}

GtkWidget *cel_room_list(const char *label)
{
    GtkWidget *list = gtk_list_box_new();
    gtk_list_box_set_selection_mode(GTK_LIST_BOX(list), GTK_SELECTION_NONE);
    gtk_widget_add_css_class(list, "boxed-list");
    if (label != NULL)
        gtk_accessible_update_property(GTK_ACCESSIBLE(list), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                       -1);
    return list;
}

void cel_room_clear(GtkListBox *list)
{
    GtkWidget *row = NULL;
    while ((row = gtk_widget_get_first_child(GTK_WIDGET(list))) != NULL)
        gtk_list_box_remove(list, row);
}

void cel_room_empty(GtkBox *box)
{
    GtkWidget *child = NULL;
    while ((child = gtk_widget_get_first_child(GTK_WIDGET(box))) != NULL)
        gtk_box_remove(box, child);
}

GtkWidget *cel_room_scrolled(GtkWidget *child, int width)
{
    GtkWidget *scrolled = gtk_scrolled_window_new(), *clamp = adw_clamp_new();
    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scrolled), GTK_POLICY_NEVER,
                                   GTK_POLICY_AUTOMATIC);
    gtk_widget_set_vexpand(scrolled, TRUE);
    adw_clamp_set_maximum_size(ADW_CLAMP(clamp), width);
    adw_clamp_set_child(ADW_CLAMP(clamp), child);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), clamp);
    return scrolled;
}

void cel_room_show_over(GtkWindow *window, GtkWidget *widget, int width, int height)
{
    GtkRoot *root = gtk_widget_get_root(widget);
    const int most_w = gtk_widget_get_width(GTK_WIDGET(root)),
              most_h = gtk_widget_get_height(GTK_WIDGET(root));
    if (most_w > 0 && most_h > 0)
        gtk_window_set_default_size(window, MIN(width, most_w), MIN(height, most_h));
    gtk_window_set_transient_for(window, GTK_WINDOW(root));
    gtk_window_present(window);
}

GtkWidget *cel_room_line(GtkBox **out_box)
{
    GtkWidget *scrolled = gtk_scrolled_window_new(),
              *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scrolled), GTK_POLICY_AUTOMATIC,
                                   GTK_POLICY_NEVER);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), line);
    gtk_widget_set_hexpand(scrolled, TRUE);
    *out_box = GTK_BOX(line);
    return scrolled;
}

/* ---- files that are dropped ---- */

/** Drop: who gets them. */
typedef struct {
    CelRoomDrop drop;
    gpointer owner;
} Drop;

static gboolean dropped(GtkDropTarget *target, const GValue *value, double x, double y,
                        gpointer data)
{
    const Drop *drop = data;
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    (void)target;
    (void)x;
    (void)y;
    for (const GSList *l = g_value_get_boxed(value); l != NULL; l = l->next) {
        char *path = g_file_get_path(l->data);
        if (path != NULL)
            g_ptr_array_add(paths, path);
    }
    drop->drop(drop->owner, paths);
    return TRUE;
}

static void drop_free(gpointer data, GClosure *closure)
{
    (void)closure;
    g_free(data);
}

void cel_room_take_drops(GtkWidget *widget, CelRoomDrop drop, gpointer owner)
{
    Drop *kept = g_new(Drop, 1);
    *kept = (Drop){drop, owner};
    GtkDropTarget *target = gtk_drop_target_new(GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
    g_signal_connect_data(target, "drop", G_CALLBACK(dropped), kept, drop_free, 0);
    gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(target));
}

/* ---- files that are chosen ---- */

/** Choosing: who asked, held weakly. */
typedef struct {
    GWeakRef owner;
    CelRoomChosen chosen;
} Choosing;

static void choosing_free(gpointer data, GClosure *closure)
{
    (void)closure;
    g_weak_ref_clear(&((Choosing *)data)->owner);
    g_free(data);
}

static void answered(GtkNativeDialog *dialog, int response, gpointer data)
{
    Choosing *choosing = data;
    g_autoptr(GObject) owner = g_weak_ref_get(&choosing->owner);
    g_autoptr(GFile) file = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog));
    g_autofree char *path = file != NULL ? g_file_get_path(file) : NULL;
    if (response == GTK_RESPONSE_ACCEPT && owner != NULL && path != NULL)
        choosing->chosen(owner, path);
    g_object_unref(dialog);
}

void cel_room_choose(GtkWidget *owner, const CelRoomChoice *choice)
{
    GtkFileChooserNative *dialog =
        gtk_file_chooser_native_new(choice->title, GTK_WINDOW(gtk_widget_get_root(owner)),
                                    choice->action, choice->accept, NULL);
    Choosing *choosing = g_new0(Choosing, 1);
    choosing->chosen = choice->chosen;
    g_weak_ref_init(&choosing->owner, owner);
    gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(dialog), TRUE);
    if (choice->name != NULL)
        gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(dialog), choice->name);
    g_signal_connect_data(dialog, "response", G_CALLBACK(answered), choosing, choosing_free, 0);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(dialog));
}
