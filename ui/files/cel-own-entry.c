/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "files/cel-own-entry.h"

#include "bench/cel-own-library.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _CelOwnEntryForm {
    AdwWindow parent;
    CelPage *page; /* weak */
    char *path;
    double laser_nm;
    AdwPreferencesGroup *about;
    AdwEntryRow *name_zh, *name_en, *entry_id, *source;
    AdwComboRow *class_row;
    GPtrArray *classes; /* ids */
    GtkLabel *problem;
    GtkWidget *add;
};

G_DEFINE_FINAL_TYPE(CelOwnEntryForm, cel_own_entry, ADW_TYPE_WINDOW)

/* ---- adding ---- */

typedef struct {
    CelDesk *desk;
    char *folder, *file, *id, *name_en, *name_zh, *class_id, *source;
    double laser_nm;
} Adding;

static void adding_free(gpointer data)
{
    Adding *adding = data;
    char *const texts[] = {adding->folder,  adding->file,     adding->id,    adding->name_en,
                           adding->name_zh, adding->class_id, adding->source};
    g_object_unref(adding->desk);
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(adding);
}

static gboolean adding_run(gpointer data, CelJob *job, GError **error)
{
    const Adding *adding = data;
    const CelOwnEntry entry = {.file = adding->file,
                               .id = adding->id,
                               .name_en = adding->name_en,
                               .name_zh = adding->name_zh,
                               .class_id = adding->class_id,
                               .laser_nm = adding->laser_nm,
                               .source = adding->source};
    return cel_own_library_add(adding->folder, &entry, job, error);
}

static void adding_done(gpointer owner, gpointer data, const GError *error)
{
    CelOwnEntryForm *form = owner;
    gtk_widget_set_sensitive(form->add, TRUE);
    gtk_widget_set_visible(GTK_WIDGET(form->problem), error != NULL);
    if (error != NULL) {
        gtk_label_set_text(form->problem, error->message);
        return;
    }
    cel_desk_reload_libraries(((Adding *)data)->desk);
    if (form->page != NULL)
        cel_page_say(form->page, _("Added to the own library"));
    gtk_window_close(GTK_WINDOW(form));
}

static char *text_of(AdwEntryRow *row)
{
    return g_strstrip(g_strdup(gtk_editable_get_text(GTK_EDITABLE(row))));
}

static void add(CelOwnEntryForm *form)
{
    CelDesk *desk = form->page != NULL ? cel_page_desk(form->page) : NULL;
    const guint at = adw_combo_row_get_selected(form->class_row);
    if (desk == NULL || at >= form->classes->len)
        return;
    Adding *adding = g_new0(Adding, 1);
    adding->desk = g_object_ref(desk);
    adding->folder = g_strdup(cel_desk_facts(desk)->lab_folder);
    adding->file = g_strdup(form->path);
    adding->id = text_of(form->entry_id);
    adding->name_en = text_of(form->name_en);
    adding->name_zh = text_of(form->name_zh);
    adding->class_id = g_strdup(g_ptr_array_index(form->classes, at));
    adding->source = text_of(form->source);
    adding->laser_nm = form->laser_nm;
    gtk_widget_set_sensitive(form->add, FALSE);
    const CelTaskOrder order = {.lane = CEL_LANE_COMPUTE,
                                .title = _("Adding to the own library"),
                                .run = adding_run,
                                .done = adding_done,
                                .data = adding,
                                .free = adding_free,
                                .owner = form};
    cel_task_start(cel_desk_lanes(desk), &order);
}

/* ---- the classes that the libraries know ---- */

static void add_class(CelOwnEntryForm *form, GtkStringList *names, const CelLibrary *library,
                      const char *id)
{
    const CelLibraryKind *kind = cel_library_class(library, id);
    if (kind == NULL || g_ptr_array_find_with_equal_func(form->classes, id, g_str_equal, NULL))
        return;
    g_ptr_array_add(form->classes, g_strdup(id));
    gtk_string_list_append(names, cel_ui_pick(kind->name_zh, kind->name_en));
}

static void fill_classes(CelOwnEntryForm *form)
{
    gsize n = 0;
    const CelBench *bench = cel_desk_bench(cel_page_desk(form->page));
    const CelLibrary *const *libraries = bench != NULL ? cel_bench_libraries(bench, &n) : NULL;
    g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
    for (gsize i = 0; i < n; i++)
        for (gsize k = 0; k < cel_library_size(libraries[i]); k++)
            add_class(form, names, libraries[i], cel_library_substance(libraries[i], k)->class_id);
    adw_combo_row_set_model(form->class_row, G_LIST_MODEL(names));
}

/* ---- the widget ---- */

static void cel_own_entry_dispose(GObject *object)
{
    CelOwnEntryForm *form = CEL_OWN_ENTRY(object);
    g_clear_weak_pointer(&form->page);
    g_clear_pointer(&form->path, g_free);
    g_clear_pointer(&form->classes, g_ptr_array_unref);
    G_OBJECT_CLASS(cel_own_entry_parent_class)->dispose(object);
}

static void cel_own_entry_class_init(CelOwnEntryFormClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = cel_own_entry_dispose;
    gtk_widget_class_set_template_from_resource(widget_class,
                                                "/org/celadon/Celadon/files/cel-own-entry.ui");
    gtk_widget_class_bind_template_child(widget_class, CelOwnEntryForm, about);
    gtk_widget_class_bind_template_child(widget_class, CelOwnEntryForm, name_zh);
    gtk_widget_class_bind_template_child(widget_class, CelOwnEntryForm, name_en);
    gtk_widget_class_bind_template_child(widget_class, CelOwnEntryForm, entry_id);
    gtk_widget_class_bind_template_child(widget_class, CelOwnEntryForm, source);
    gtk_widget_class_bind_template_child(widget_class, CelOwnEntryForm, class_row);
    gtk_widget_class_bind_template_child(widget_class, CelOwnEntryForm, problem);
    gtk_widget_class_bind_template_child(widget_class, CelOwnEntryForm, add);
}

static void cel_own_entry_init(CelOwnEntryForm *form)
{
    form->classes = g_ptr_array_new_with_free_func(g_free);
    gtk_widget_init_template(GTK_WIDGET(form));
    g_signal_connect_swapped(form->add, "clicked", G_CALLBACK(add), form);
}

GtkWidget *cel_own_entry_new(CelPage *page, const char *path, double laser_nm)
{
    CelOwnEntryForm *form =
        g_object_new(CEL_TYPE_OWN_ENTRY, "transient-for", gtk_widget_get_root(GTK_WIDGET(page)),
                     "modal", TRUE, NULL);
    g_autofree char *name = g_filename_display_basename(path);
    g_set_weak_pointer(&form->page, page);
    form->path = g_strdup(path);
    form->laser_nm = laser_nm;
    adw_preferences_group_set_title(form->about, name);
    fill_classes(form);
    return GTK_WIDGET(form);
}
