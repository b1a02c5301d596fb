/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "files/cel-files-page.h"

#include "cel-heard.h"
#include "files/cel-batch.h"
#include "files/cel-file-item.h"
#include "files/cel-identify-one.h"
#include "files/cel-own-entry.h"
#include "files/cel-preview-view.h"

#include "base/cel-file.h"
#include "base/cel-number.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _CelFilesPage {
    CelPage parent;
    GtkWidget *add, *identify_all, *stop, *save, *clear, *identify, *own, *to_list;
    GtkStack *stack;
    AdwLeaflet *leaflet;
    GtkListView *list;
    GtkBox *side;
    GtkLabel *summary;
    AdwEntryRow *laser;
    CelPreviewView *preview;
    GListStore *files; /* CelFileItem */
    GtkSingleSelection *selection;
    GHashTable *known; /* paths that are in the list, or on the way there */
    GPtrArray *coming; /* CelFileItem: on the way */
    guint step;        /* a timeout: some of them come */
    CelTask *batch;    /* (nullable) */
    guint n_done, n_failed;
    GtkFileChooserNative *chooser;
};

G_DEFINE_FINAL_TYPE(CelFilesPage, cel_files_page, CEL_TYPE_PAGE)

/* A list view makes two hundred rows; all of them in one frame would take a tenth of a second. */
enum { ROWS_IN_A_STEP = 4, MANY_ROWS = 240, STEP_MS = 16 };

static const double LEAST_LASER_NM = 200.0, MOST_LASER_NM = 2000.0;

/* ---- the list ---- */

static double laser_nm(CelFilesPage *page)
{
    double nm = 0.0;
    const char *text = gtk_editable_get_text(GTK_EDITABLE(page->laser));
    const gboolean sound = cel_number_parse(text, strlen(text), '.', &nm) && nm >= LEAST_LASER_NM &&
                           nm <= MOST_LASER_NM;
    return sound ? nm : 0.0;
}

static guint n_files(CelFilesPage *page)
{
    return g_list_model_get_n_items(G_LIST_MODEL(page->files)) + page->coming->len;
}

/* In the list, or on the way there. */
static CelFileItem *file_at(CelFilesPage *page, guint at)
{
    const guint n = g_list_model_get_n_items(G_LIST_MODEL(page->files));
    if (at < n)
        return g_list_model_get_item(G_LIST_MODEL(page->files), at);
    return at < n + page->coming->len ? g_object_ref(g_ptr_array_index(page->coming, at - n))
                                      : NULL;
}

static CelFileItem *chosen(CelFilesPage *page)
{
    return gtk_single_selection_get_selected_item(page->selection);
}

static void refresh(CelFilesPage *page)
{
    const guint n = n_files(page);
    const gboolean runs = page->batch != NULL, some = chosen(page) != NULL;
    g_autofree char *text =
        page->n_done == 0 && !runs
            ? g_strdup_printf(_("%u files"), n)
            : g_strdup_printf(_("%u files, %u done, %u of them could not be evaluated"), n,
                              page->n_done, page->n_failed);
    gtk_label_set_text(page->summary, text);
    gtk_stack_set_visible_child_name(page->stack, n > 0 ? "files" : "empty");
    gtk_widget_set_sensitive(page->identify_all, n > 0 && !runs);
    gtk_widget_set_sensitive(page->clear, n > 0 && !runs);
    gtk_widget_set_sensitive(page->stop, runs);
    gtk_widget_set_sensitive(page->save, page->n_done > 0 && !runs);
    gtk_widget_set_sensitive(page->identify, some);
    gtk_widget_set_sensitive(page->own, some);
}

static void look(CelFilesPage *page)
{
    CelFileItem *item = chosen(page);
    CelDesk *desk = cel_page_desk(CEL_PAGE(page));
    if (desk != NULL)
        cel_preview_view_look(page->preview, desk, item != NULL ? cel_file_item_path(item) : NULL,
                              laser_nm(page));
    refresh(page);
}

static gboolean take_some(gpointer data)
{
    CelFilesPage *page = data;
    const guint before = g_list_model_get_n_items(G_LIST_MODEL(page->files));
    const guint n = MIN(before < MANY_ROWS ? ROWS_IN_A_STEP : G_MAXUINT, page->coming->len);
    g_list_store_splice(page->files, before, 0, page->coming->pdata, n);
    g_ptr_array_remove_range(page->coming, 0, n);
    if (page->coming->len > 0)
        return G_SOURCE_CONTINUE;
    page->step = 0;
    return G_SOURCE_REMOVE;
}

/* The same file twice is the same file. */
static void add_paths(CelFilesPage *page, const GPtrArray *paths)
{
    const guint before = page->coming->len;
    for (guint i = 0; i < paths->len; i++)
        if (g_hash_table_add(page->known, g_strdup(g_ptr_array_index(paths, i))))
            g_ptr_array_add(page->coming, cel_file_item_new(g_ptr_array_index(paths, i)));
    if (page->coming->len - before < paths->len)
        cel_page_say(CEL_PAGE(page), _("Files that were in the list already were not added again"));
    if (page->coming->len > 0 && page->step == 0)
        page->step = g_timeout_add_full(G_PRIORITY_DEFAULT_IDLE, STEP_MS, take_some, page, NULL);
    refresh(page);
}

static void clear(CelFilesPage *page)
{
    g_clear_handle_id(&page->step, g_source_remove);
    g_ptr_array_set_size(page->coming, 0);
    g_list_store_remove_all(page->files);
    g_hash_table_remove_all(page->known);
    page->n_done = page->n_failed = 0;
    look(page);
}

static void row_activated(GtkListView *list, guint at, CelFilesPage *page)
{
    (void)list;
    gtk_single_selection_set_selected(page->selection, at);
    adw_leaflet_navigate(page->leaflet, ADW_NAVIGATION_DIRECTION_FORWARD);
}

static void to_list(CelFilesPage *page)
{
    adw_leaflet_navigate(page->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

/* ---- rows ---- */

static void row_made(GtkSignalListItemFactory *factory, GtkListItem *row)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);
    gtk_widget_add_css_class(box, "listed");
    (void)factory;
    for (int i = 0; i < 3; i++) {
        GtkWidget *label = gtk_label_new(NULL);
        gtk_label_set_xalign(GTK_LABEL(label), 0.0F);
        gtk_label_set_ellipsize(GTK_LABEL(label),
                                i == 0 ? PANGO_ELLIPSIZE_MIDDLE : PANGO_ELLIPSIZE_END);
        if (i == 1)
            gtk_widget_add_css_class(label, "heading");
        if (i == 2)
            gtk_widget_add_css_class(label, "dim-label");
        gtk_box_append(GTK_BOX(box), label);
    }
    gtk_list_item_set_child(row, box);
}

static void show_item(CelFileItem *item, GParamSpec *spec, GtkListItem *row)
{
    static const char *const properties[] = {"name", "outcome", "state"};
    GtkWidget *label = gtk_widget_get_first_child(gtk_list_item_get_child(row));
    (void)spec;
    for (gsize i = 0; i < G_N_ELEMENTS(properties); i++) {
        g_autofree char *text = NULL;
        g_object_get(item, properties[i], &text, NULL);
        gtk_label_set_text(GTK_LABEL(label), text);
        gtk_widget_set_tooltip_text(label, text);
        gtk_widget_set_visible(label, *text != '\0');
        if (i == 0)
            cel_heard_row(gtk_list_item_get_child(row), text);
        label = gtk_widget_get_next_sibling(label);
    }
}

static void row_bound(GtkSignalListItemFactory *factory, GtkListItem *row)
{
    CelFileItem *item = gtk_list_item_get_item(row);
    (void)factory;
    g_signal_connect(item, "notify", G_CALLBACK(show_item), row);
    show_item(item, NULL, row);
}

static void row_unbound(GtkSignalListItemFactory *factory, GtkListItem *row)
{
    (void)factory;
    g_signal_handlers_disconnect_by_data(gtk_list_item_get_item(row), row);
}

/* ---- identifying ---- */

static void answered(gpointer owner, const CelBatchAnswer *answer)
{
    CelFilesPage *page = owner;
    g_autoptr(CelFileItem) item = file_at(page, answer->index);
    page->n_done++;
    page->n_failed += answer->outcome == NULL ? 1 : 0;
    if (item != NULL)
        cel_file_item_set(item, answer->outcome, answer->text, answer->json);
    refresh(page);
}

static void batch_done(gpointer owner, gpointer data, const GError *error)
{
    CelFilesPage *page = owner;
    (void)data;
    g_clear_object(&page->batch);
    cel_page_fail(CEL_PAGE(page), error);
    refresh(page);
}

static void identify_all(CelFilesPage *page)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new();
    for (guint i = 0; i < n_files(page); i++) {
        g_autoptr(CelFileItem) item = file_at(page, i);
        g_ptr_array_add(paths, (gpointer)cel_file_item_path(item));
    }
    page->n_done = page->n_failed = 0;
    const CelBatchOrder order = {.paths = paths,
                                 .laser_nm = laser_nm(page),
                                 .sink = answered,
                                 .done = batch_done,
                                 .owner = page};
    page->batch = g_object_ref(cel_batch_start(cel_page_desk(CEL_PAGE(page)), &order));
    refresh(page);
}

static void stop(CelFilesPage *page)
{
    cel_task_cancel(page->batch);
}

static void identify(CelFilesPage *page)
{
    CelFileItem *item = chosen(page);
    if (item != NULL)
        cel_identify_one(CEL_PAGE(page), cel_file_item_path(item), laser_nm(page));
}

static void own_entry(CelFilesPage *page)
{
    CelFileItem *item = chosen(page);
    if (item != NULL)
        gtk_window_present(GTK_WINDOW(
            cel_own_entry_new(CEL_PAGE(page), cel_file_item_path(item), laser_nm(page))));
}

/* ---- files in and answers out ---- */

static void added(GtkNativeDialog *dialog, int response, CelFilesPage *page)
{
    g_autoptr(GListModel) files = gtk_file_chooser_get_files(GTK_FILE_CHOOSER(dialog));
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < g_list_model_get_n_items(files); i++) {
        g_autoptr(GFile) file = g_list_model_get_item(files, i);
        char *path = g_file_get_path(file);
        if (path != NULL)
            g_ptr_array_add(paths, path);
    }
    if (response == GTK_RESPONSE_ACCEPT)
        add_paths(page, paths);
    g_clear_object(&page->chooser);
}

static void ask_file(CelFilesPage *page, gboolean saving)
{
    page->chooser = gtk_file_chooser_native_new(
        saving ? _("Save the answers (JSON, one a line)") : _("Add files"),
        GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(page))),
        saving ? GTK_FILE_CHOOSER_ACTION_SAVE : GTK_FILE_CHOOSER_ACTION_OPEN,
        saving ? _("Save") : _("Add"), _("Cancel"));
    gtk_file_chooser_set_select_multiple(GTK_FILE_CHOOSER(page->chooser), !saving);
}

static void add_clicked(CelFilesPage *page)
{
    ask_file(page, FALSE);
    g_signal_connect(page->chooser, "response", G_CALLBACK(added), page);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(page->chooser));
}

static GBytes *all_answers(CelFilesPage *page)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < n_files(page); i++) {
        g_autoptr(CelFileItem) item = file_at(page, i);
        if (cel_file_item_json(item) != NULL)
            g_string_append_printf(text, "%s\n", cel_file_item_json(item));
    }
    return g_string_free_to_bytes(text);
}

/** Saving: answers on their way into a file. */
typedef struct {
    char *path;
    GBytes *answers;
} Saving;

static void saving_free(gpointer data)
{
    Saving *saving = data;
    g_free(saving->path);
    g_bytes_unref(saving->answers);
    g_free(saving);
}

static gboolean write_answers(gpointer data, CelJob *job, GError **error)
{
    const Saving *saving = data;
    (void)job;
    return cel_file_write(saving->path, saving->answers, 0644, error);
}

static void answers_written(gpointer owner, gpointer data, const GError *error)
{
    (void)data;
    if (error == NULL)
        cel_page_say(CEL_PAGE(owner), _("The answers were saved"));
    cel_page_fail(CEL_PAGE(owner), error);
}

static void saved(GtkNativeDialog *dialog, int response, CelFilesPage *page)
{
    g_autoptr(GFile) file = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog));
    g_autofree char *path = file != NULL ? g_file_get_path(file) : NULL;
    g_clear_object(&page->chooser);
    if (response != GTK_RESPONSE_ACCEPT || path == NULL)
        return;
    Saving *saving = g_new0(Saving, 1);
    saving->path = g_steal_pointer(&path);
    saving->answers = all_answers(page);
    const CelTaskOrder order = {.lane = CEL_LANE_COMPUTE,
                                .title = _("Save"),
                                .run = write_answers,
                                .done = answers_written,
                                .data = saving,
                                .free = saving_free};
    cel_page_start(CEL_PAGE(page), &order);
}

static void save_clicked(CelFilesPage *page)
{
    ask_file(page, TRUE);
    gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(page->chooser), "answers.jsonl");
    g_signal_connect(page->chooser, "response", G_CALLBACK(saved), page);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(page->chooser));
}

/* ---- the page ---- */

static void open_page(CelPage *base, const char *what, GObject *thing)
{
    CelFilesPage *page = CEL_FILES_PAGE(base);
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    if (what != NULL)
        g_ptr_array_add(paths, g_strdup(what));
    if (GTK_IS_STRING_LIST(thing))
        for (guint i = 0; i < g_list_model_get_n_items(G_LIST_MODEL(thing)); i++)
            g_ptr_array_add(paths, g_strdup(gtk_string_list_get_string(GTK_STRING_LIST(thing), i)));
    if (paths->len > 0)
        add_paths(page, paths);
    refresh(page);
}

static void cel_files_page_dispose(GObject *object)
{
    CelFilesPage *page = CEL_FILES_PAGE(object);
    g_clear_object(&page->batch);
    g_clear_object(&page->chooser);
    g_clear_object(&page->files);
    g_clear_pointer(&page->known, g_hash_table_unref);
    g_clear_handle_id(&page->step, g_source_remove);
    g_clear_pointer(&page->coming, g_ptr_array_unref);
    G_OBJECT_CLASS(cel_files_page_parent_class)->dispose(object);
}

static void cel_files_page_class_init(CelFilesPageClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = cel_files_page_dispose;
    CEL_PAGE_CLASS(klass)->open = open_page;
    gtk_widget_class_set_template_from_resource(widget_class,
                                                "/org/celadon/Celadon/files/cel-files-page.ui");
    gtk_widget_class_bind_template_child(widget_class, CelFilesPage, add);
    gtk_widget_class_bind_template_child(widget_class, CelFilesPage, identify_all);
    gtk_widget_class_bind_template_child(widget_class, CelFilesPage, stop);
    gtk_widget_class_bind_template_child(widget_class, CelFilesPage, save);
    gtk_widget_class_bind_template_child(widget_class, CelFilesPage, clear);
    gtk_widget_class_bind_template_child(widget_class, CelFilesPage, identify);
    gtk_widget_class_bind_template_child(widget_class, CelFilesPage, own);
    gtk_widget_class_bind_template_child(widget_class, CelFilesPage, to_list);
    gtk_widget_class_bind_template_child(widget_class, CelFilesPage, stack);
    gtk_widget_class_bind_template_child(widget_class, CelFilesPage, leaflet);
    gtk_widget_class_bind_template_child(widget_class, CelFilesPage, list);
    gtk_widget_class_bind_template_child(widget_class, CelFilesPage, side);
    gtk_widget_class_bind_template_child(widget_class, CelFilesPage, summary);
    gtk_widget_class_bind_template_child(widget_class, CelFilesPage, laser);
}

static void make_list(CelFilesPage *page)
{
    GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
    page->files = g_list_store_new(CEL_TYPE_FILE_ITEM);
    page->coming = g_ptr_array_new_with_free_func(g_object_unref);
    page->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    page->selection = gtk_single_selection_new(G_LIST_MODEL(g_object_ref(page->files)));
    g_signal_connect(factory, "setup", G_CALLBACK(row_made), NULL);
    g_signal_connect(factory, "bind", G_CALLBACK(row_bound), NULL);
    g_signal_connect(factory, "unbind", G_CALLBACK(row_unbound), NULL);
    gtk_list_view_set_factory(page->list, factory);
    gtk_list_view_set_model(page->list, GTK_SELECTION_MODEL(page->selection));
    g_object_unref(factory);
    g_object_unref(page->selection); /* the view's */
}

static void cel_files_page_init(CelFilesPage *page)
{
    gtk_widget_init_template(GTK_WIDGET(page));
    page->preview = CEL_PREVIEW_VIEW(cel_preview_view_new());
    gtk_box_append(page->side, GTK_WIDGET(page->preview));
    make_list(page);
    g_signal_connect(page->list, "activate", G_CALLBACK(row_activated), page);
    g_signal_connect_swapped(page->selection, "notify::selected-item", G_CALLBACK(look), page);
    g_signal_connect_swapped(page->laser, "changed", G_CALLBACK(look), page);
    g_signal_connect_swapped(page->add, "clicked", G_CALLBACK(add_clicked), page);
    g_signal_connect_swapped(page->identify_all, "clicked", G_CALLBACK(identify_all), page);
    g_signal_connect_swapped(page->stop, "clicked", G_CALLBACK(stop), page);
    g_signal_connect_swapped(page->save, "clicked", G_CALLBACK(save_clicked), page);
    g_signal_connect_swapped(page->clear, "clicked", G_CALLBACK(clear), page);
    g_signal_connect_swapped(page->identify, "clicked", G_CALLBACK(identify), page);
    g_signal_connect_swapped(page->own, "clicked", G_CALLBACK(own_entry), page);
    g_signal_connect_swapped(page->to_list, "clicked", G_CALLBACK(to_list), page);
    refresh(page);
}
