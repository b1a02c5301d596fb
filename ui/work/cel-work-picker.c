/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "work/cel-work-picker.h"

#include "work/cel-work-parts.h"

#include <glib/gi18n-lib.h>

enum { LIST_HEIGHT = 300, LIST_WIDTH = 290 };

struct _CelWorkPicker {
    GtkWidget parent;
    GtkWidget *button, *popover;
    GtkListBox *list;
    CelWorkPicked picked;
    GWeakRef owner;
};

G_DEFINE_FINAL_TYPE(CelWorkPicker, cel_work_picker, GTK_TYPE_WIDGET)

static void row_activated(GtkListBox *list, GtkListBoxRow *row, CelWorkPicker *picker)
{
    g_autoptr(GObject) owner = g_weak_ref_get(&picker->owner);
    (void)list;
    gtk_popover_popdown(GTK_POPOVER(picker->popover));
    if (owner != NULL)
        picker->picked(owner, (guint)gtk_list_box_row_get_index(row));
}

static void cel_work_picker_dispose(GObject *object)
{
    CelWorkPicker *picker = CEL_WORK_PICKER(object);
    g_clear_pointer(&picker->button, gtk_widget_unparent);
    g_weak_ref_clear(&picker->owner);
    g_weak_ref_init(&picker->owner, NULL);
    G_OBJECT_CLASS(cel_work_picker_parent_class)->dispose(object);
}

static void cel_work_picker_class_init(CelWorkPickerClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = cel_work_picker_dispose;
    gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void cel_work_picker_init(CelWorkPicker *picker)
{
    GtkWidget *scrolled = gtk_scrolled_window_new();
    g_weak_ref_init(&picker->owner, NULL);
    picker->list = GTK_LIST_BOX(cel_work_list(""));
    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scrolled), GTK_POLICY_NEVER,
                                   GTK_POLICY_AUTOMATIC);
    gtk_scrolled_window_set_max_content_height(GTK_SCROLLED_WINDOW(scrolled), LIST_HEIGHT);
    gtk_scrolled_window_set_propagate_natural_height(GTK_SCROLLED_WINDOW(scrolled), TRUE);
    gtk_widget_set_size_request(scrolled, LIST_WIDTH, -1);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), GTK_WIDGET(picker->list));
    picker->popover = gtk_popover_new();
    gtk_popover_set_child(GTK_POPOVER(picker->popover), scrolled);
    picker->button = gtk_menu_button_new();
    gtk_menu_button_set_popover(GTK_MENU_BUTTON(picker->button), picker->popover);
    gtk_widget_set_parent(picker->button, GTK_WIDGET(picker));
    g_signal_connect(picker->list, "row-activated", G_CALLBACK(row_activated), picker);
}

GtkWidget *cel_work_picker_new(const char *label, const char *icon, CelWorkPicked picked,
                               GObject *owner)
{
    CelWorkPicker *picker = g_object_new(CEL_TYPE_WORK_PICKER, NULL);
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    GtkWidget *text = gtk_label_new(label);
    picker->picked = picked;
    g_weak_ref_set(&picker->owner, owner);
    gtk_widget_set_halign(box, GTK_ALIGN_CENTER);
    if (icon != NULL)
        gtk_box_append(GTK_BOX(box), gtk_image_new_from_icon_name(icon));
    gtk_label_set_ellipsize(GTK_LABEL(text), PANGO_ELLIPSIZE_END);
    gtk_box_append(GTK_BOX(box), text);
    if (icon == NULL)
        gtk_box_append(GTK_BOX(box), gtk_image_new_from_icon_name("pan-down-symbolic"));
    gtk_menu_button_set_child(GTK_MENU_BUTTON(picker->button), box);
    gtk_accessible_update_property(GTK_ACCESSIBLE(picker->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   label, -1);
    gtk_accessible_update_property(GTK_ACCESSIBLE(picker->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   label, -1);
    return GTK_WIDGET(picker);
}

void cel_work_picker_add(CelWorkPicker *picker, const char *title, const char *detail)
{
    GtkWidget *row = cel_work_row(title, detail);
    gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), TRUE);
    gtk_list_box_append(picker->list, row);
}

/* ---- files ---- */

/** Choice: a chooser that is open. */
typedef struct {
    GWeakRef owner;
    CelWorkChosen chosen;
} Choice;

static void choice_free(gpointer data, GClosure *closure)
{
    Choice *choice = data;
    (void)closure;
    g_weak_ref_clear(&choice->owner);
    g_free(choice);
}

static void responded(GtkNativeDialog *dialog, int response, gpointer data)
{
    Choice *choice = data;
    g_autoptr(GObject) owner = g_weak_ref_get(&choice->owner);
    g_autoptr(GFile) file = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog));
    g_autofree char *path = file != NULL ? g_file_get_path(file) : NULL;
    if (response == GTK_RESPONSE_ACCEPT && path != NULL && owner != NULL)
        choice->chosen(owner, path);
    g_object_unref(dialog);
}

void cel_work_choose_file(GtkWidget *owner, gboolean save, const char *name, CelWorkChosen chosen)
{
    Choice *choice = g_new0(Choice, 1);
    GtkFileChooserNative *dialog = gtk_file_chooser_native_new(
        save ? _("Save") : _("Open"), GTK_WINDOW(gtk_widget_get_root(owner)),
        save ? GTK_FILE_CHOOSER_ACTION_SAVE : GTK_FILE_CHOOSER_ACTION_OPEN,
        save ? _("Save") : _("Open"), _("Cancel"));
    g_weak_ref_init(&choice->owner, owner);
    choice->chosen = chosen;
    gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(dialog), TRUE);
    if (save && name != NULL)
        gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(dialog), name);
    g_signal_connect_data(dialog, "response", G_CALLBACK(responded), choice, choice_free, 0);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(dialog));
}
