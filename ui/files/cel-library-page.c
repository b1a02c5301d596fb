/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "files/cel-library-page.h"

#include "cel-heard.h"
#include "cel-words.h"
#include "files/cel-substance-item.h"
#include "instruments/cel-expected.h"
#include "instruments/cel-facts-group.h"
#include "plot/cel-plot-view.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_PLOT = 240, MOST_CURVES = 10 };

struct _CelLibraryPage {
    CelPage parent;
    GtkLabel *about, *count;
    AdwLeaflet *leaflet;
    GtkSearchEntry *search;
    GtkListView *list;
    AdwPreferencesGroup *facts, *references;
    GtkBox *curve;
    GtkWidget *to_list;
    CelPlotView *plot;
    GPtrArray *fact_rows, *reference_rows;
    GListStore *all; /* CelSubstanceItem */
    GtkFilterListModel *found;
    GtkCustomFilter *filter;
    GtkSingleSelection *selection;
    char *wanted;          /* casefolded */
    const CelBench *shown; /* whose libraries are listed */
    CelLibrary *pack;      /* (nullable): one that was opened to be looked at */
};

G_DEFINE_FINAL_TYPE(CelLibraryPage, cel_library_page, CEL_TYPE_PAGE)

/* ---- one entry ---- */

static void add_fact(CelLibraryPage *page, const char *title, const char *value)
{
    cel_facts_add(page->facts, page->fact_rows, title, value);
}

static void show_kinds(CelLibraryPage *page, const CelLibrary *library, const CelSubstance *entry)
{
    const CelLibraryKind *class_kind = cel_library_class(library, entry->class_id);
    const CelLibraryKind *group = cel_library_group(library, entry->group_id);
    g_autofree char *alike = g_strjoinv(", ", (char **)(gpointer)entry->lookalikes);
    if (class_kind != NULL) {
        add_fact(page, _("Class"), cel_ui_pick(class_kind->name_zh, class_kind->name_en));
        add_fact(page, _("What Raman cannot tell"),
                 cel_ui_pick(class_kind->limit_zh, class_kind->limit_en));
        add_fact(page, _("Send to"), cel_ui_pick(class_kind->send_to_zh, class_kind->send_to_en));
    }
    if (group != NULL) {
        add_fact(page, _("Look-alike group"), cel_ui_pick(group->name_zh, group->name_en));
        add_fact(page, _("What Raman cannot tell"), cel_ui_pick(group->limit_zh, group->limit_en));
    }
    add_fact(page, _("Look-alikes"), alike);
}

/* The words of the library's table. */
static const char *ceiling_word(const char *ceiling)
{
    if (strcmp(ceiling, "substance") == 0)
        return _("the substance");
    if (g_str_has_prefix(ceiling, "group:"))
        return _("its look-alike group");
    return g_str_has_prefix(ceiling, "class:") ? _("its class") : _("a lead, to be verified");
}

static void show_facts(CelLibraryPage *page, CelSubstanceItem *item)
{
    const CelSubstance *entry = cel_substance_item_substance(item);
    adw_preferences_group_set_title(page->facts, cel_substance_item_name(item));
    add_fact(page, _("Name in English"), entry->name_en);
    add_fact(page, _("Short name"), entry->id);
    add_fact(page, _("CAS number"), entry->cas);
    add_fact(page, _("The most that may be claimed"), ceiling_word(entry->ceiling));
    show_kinds(page, cel_substance_item_library(item), entry);
    add_fact(page, _("Mind"), cel_ui_pick(entry->raman_caveat_zh, entry->raman_caveat_en));
}

static void show_references(CelLibraryPage *page, const CelSubstance *entry)
{
    for (gsize i = 0; i < entry->n_references; i++) {
        const CelReference *reference = &entry->references[i];
        g_autofree char *laser = reference->laser_nm > 0.0
                                     ? g_strdup_printf(_("%.6g nm"), reference->laser_nm)
                                     : g_strdup(_("laser not stated"));
        g_autofree char *about =
            g_strdup_printf(_("grade %c · %s · %s · %s"), "ABCD"[reference->grade], laser,
                            reference -> source, reference -> licence);
        cel_facts_add(page->references, page->reference_rows, reference->name, about);
    }
    gtk_widget_set_visible(GTK_WIDGET(page->references), entry->n_references > 0);
}

static CelPlotTrace *trace_of(const CelReference *reference, guint i)
{
    g_autofree double *y = g_new(double, reference->n);
    for (gsize k = 0; k < reference->n; k++)
        y[k] = reference->y[k];
    return cel_plot_trace_new(&(CelPlotCurve){.x = reference->x,
                                              .y = y,
                                              .n = reference->n,
                                              .unit = CEL_UNIT_SHIFT_CM1,
                                              .role = cel_plot_overlay_role(i),
                                              .label = reference->name});
}

static int by_position(const void *a, const void *b)
{
    const CelExpectedBand *first = a, *second = b;
    return (first->shift_cm1 > second->shift_cm1) - (first->shift_cm1 < second->shift_cm1);
}

/* An entry of bands alone is shown as a handheld would see them, each as high as its source says.
 */
static CelPlotTrace *picture_of(const CelSubstance *entry)
{
    g_autofree CelExpectedBand *bands = g_new0(CelExpectedBand, entry->n_bands);
    for (gsize i = 0; i < entry->n_bands; i++)
        bands[i] = (CelExpectedBand){.shift_cm1 = entry->bands[i].shift_cm1,
                                     .height = entry->bands[i].rel_intensity};
    qsort(bands, entry->n_bands, sizeof *bands, by_position);
    return cel_expected_curve(bands, entry->n_bands, _("a picture of the table's bands"));
}

static void show_curves(CelLibraryPage *page, const CelSubstance *entry)
{
    g_autoptr(GPtrArray) traces =
        g_ptr_array_new_with_free_func((GDestroyNotify)cel_plot_trace_unref);
    for (gsize i = 0; i < MIN(entry->n_references, (gsize)MOST_CURVES); i++)
        g_ptr_array_add(traces, trace_of(&entry->references[i], (guint)i));
    if (traces->len == 0 && entry->n_bands > 0)
        g_ptr_array_add(traces, picture_of(entry));
    cel_plot_view_set_spread(page->plot, 0.0, TRUE);
    cel_plot_view_set_traces(page->plot, traces);
}

static void show_entry(CelLibraryPage *page)
{
    CelSubstanceItem *item = gtk_single_selection_get_selected_item(page->selection);
    cel_facts_clear(page->facts, page->fact_rows);
    cel_facts_clear(page->references, page->reference_rows);
    adw_preferences_group_set_title(page->facts, "");
    cel_plot_view_set_traces(page->plot, NULL);
    if (item == NULL)
        return;
    show_facts(page, item);
    show_references(page, cel_substance_item_substance(item));
    show_curves(page, cel_substance_item_substance(item));
}

/* ---- the list ---- */

static gboolean fits(gpointer item, gpointer data)
{
    const CelLibraryPage *page = data;
    return page->wanted == NULL || cel_substance_item_fits(item, page->wanted);
}

static void count(CelLibraryPage *page)
{
    g_autofree char *text =
        g_strdup_printf(_("%u of %u entries"), g_list_model_get_n_items(G_LIST_MODEL(page->found)),
                        g_list_model_get_n_items(G_LIST_MODEL(page->all)));
    gtk_label_set_text(page->count, text);
}

static void search_changed(CelLibraryPage *page)
{
    g_free(page->wanted);
    page->wanted = g_utf8_casefold(gtk_editable_get_text(GTK_EDITABLE(page->search)), -1);
    gtk_filter_changed(GTK_FILTER(page->filter), GTK_FILTER_CHANGE_DIFFERENT);
    count(page);
}

static void add_library(GPtrArray *items, const CelLibrary *library)
{
    for (gsize i = 0; i < cel_library_size(library); i++)
        g_ptr_array_add(items, cel_substance_item_new(library, cel_library_substance(library, i)));
}

static void set_items(CelLibraryPage *page, const GPtrArray *items)
{
    g_list_store_splice(page->all, 0, g_list_model_get_n_items(G_LIST_MODEL(page->all)),
                        items->pdata, items->len);
    count(page);
    show_entry(page);
}

static const char *state_word(CelLibraryState state)
{
    switch (state) {
    case CEL_LIBRARY_BUILT_IN:
        return _("ships with the program");
    case CEL_LIBRARY_SIGNED:
        return _("signed, vouched for by this lab");
    default:
        return _("not signed by anybody this lab trusts");
    }
}

static void show_bench(CelLibraryPage *page)
{
    CelDesk *desk = cel_page_desk(CEL_PAGE(page));
    const CelBench *bench = desk != NULL ? cel_desk_bench(desk) : NULL;
    if (bench == NULL || bench == page->shown || page->pack != NULL)
        return;
    gsize n = 0;
    const CelLibrary *const *libraries = cel_bench_libraries(bench, &n);
    g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(g_object_unref);
    g_autoptr(GString) about = g_string_new(NULL);
    for (gsize i = 0; i < n; i++) {
        add_library(items, libraries[i]);
        g_autofree char *name = g_strdup_printf("%s %s", cel_library_name(libraries[i]),
                                                cel_library_version(libraries[i]));
        g_autofree char *line = cel_ui_said_of(name, state_word(cel_bench_library_state(bench, i)));
        g_string_append_printf(about, "%s%s", i > 0 ? "\n" : "", line);
    }
    page->shown = bench;
    gtk_label_set_text(page->about, about->str);
    set_items(page, items);
}

/* ---- a library pack that was opened ---- */

typedef struct {
    char *path;
    CelLibrary *library;
} Pack;

static void pack_free(gpointer data)
{
    Pack *pack = data;
    g_free(pack->path);
    cel_library_free(pack->library);
    g_free(pack);
}

static gboolean pack_run(gpointer data, CelJob *job, GError **error)
{
    Pack *pack = data;
    pack->library = cel_library_open(pack->path, job, error);
    return pack->library != NULL;
}

static void pack_done(gpointer owner, gpointer data, const GError *error)
{
    CelLibraryPage *page = owner;
    Pack *pack = data;
    cel_page_fail(CEL_PAGE(page), error);
    if (error != NULL)
        return;
    g_list_store_remove_all(page->all);
    cel_library_free(page->pack);
    page->pack = g_steal_pointer(&pack->library);
    g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(g_object_unref);
    g_autofree char *about = g_strdup_printf(
        _("%s %s: opened to be looked at. It is not in use: put it into the folder “libraries” of "
          "the lab for that."),
        cel_library_name(page->pack), cel_library_version(page->pack));
    add_library(items, page->pack);
    gtk_label_set_text(page->about, about);
    set_items(page, items);
}

static void open_pack(CelLibraryPage *page, const char *path)
{
    Pack *pack = g_new0(Pack, 1);
    pack->path = g_strdup(path);
    const CelTaskOrder order = {.lane = CEL_LANE_COMPUTE,
                                .title = _("Opening the library"),
                                .run = pack_run,
                                .done = pack_done,
                                .data = pack,
                                .free = pack_free};
    cel_page_start(CEL_PAGE(page), &order);
}

/* ---- rows ---- */

static void row_made(GtkSignalListItemFactory *factory, GtkListItem *row)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);
    gtk_widget_add_css_class(box, "listed");
    (void)factory;
    for (int i = 0; i < 2; i++) {
        GtkWidget *label = gtk_label_new(NULL);
        gtk_label_set_xalign(GTK_LABEL(label), 0.0F);
        gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
        if (i == 1)
            gtk_widget_add_css_class(label, "dim-label");
        gtk_box_append(GTK_BOX(box), label);
    }
    gtk_list_item_set_child(row, box);
}

static void row_bound(GtkSignalListItemFactory *factory, GtkListItem *row)
{
    CelSubstanceItem *item = gtk_list_item_get_item(row);
    GtkWidget *name = gtk_widget_get_first_child(gtk_list_item_get_child(row));
    GtkWidget *about = gtk_widget_get_next_sibling(name);
    g_autofree char *text = cel_substance_item_about(item);
    (void)factory;
    gtk_label_set_text(GTK_LABEL(name), cel_substance_item_name(item));
    gtk_label_set_text(GTK_LABEL(about), text);
    gtk_widget_set_tooltip_text(name, cel_substance_item_name(item));
    gtk_widget_set_tooltip_text(about, text);
    cel_heard_row(gtk_list_item_get_child(row), cel_substance_item_name(item));
}

static void row_activated(GtkListView *list, guint at, CelLibraryPage *page)
{
    (void)list;
    gtk_single_selection_set_selected(page->selection, at);
    adw_leaflet_navigate(page->leaflet, ADW_NAVIGATION_DIRECTION_FORWARD);
}

static void to_list(CelLibraryPage *page)
{
    adw_leaflet_navigate(page->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

/* ---- the page ---- */

static void open_page(CelPage *base, const char *what, GObject *thing)
{
    CelLibraryPage *page = CEL_LIBRARY_PAGE(base);
    CelDesk *desk = cel_page_desk(base);
    (void)thing;
    g_signal_handlers_disconnect_by_data(desk, page);
    g_signal_connect_object(desk, "changed", G_CALLBACK(show_bench), page, G_CONNECT_SWAPPED);
    if (what != NULL) {
        open_pack(page, what);
        return;
    }
    if (page->pack != NULL) {
        g_list_store_remove_all(page->all);
        g_clear_pointer(&page->pack, cel_library_free);
        page->shown = NULL;
    }
    show_bench(page);
}

static void cel_library_page_dispose(GObject *object)
{
    CelLibraryPage *page = CEL_LIBRARY_PAGE(object);
    g_clear_object(&page->all);
    g_clear_pointer(&page->fact_rows, g_ptr_array_unref);
    g_clear_pointer(&page->reference_rows, g_ptr_array_unref);
    g_clear_pointer(&page->wanted, g_free);
    G_OBJECT_CLASS(cel_library_page_parent_class)->dispose(object);
}

static void cel_library_page_finalize(GObject *object)
{
    cel_library_free(CEL_LIBRARY_PAGE(object)->pack);
    G_OBJECT_CLASS(cel_library_page_parent_class)->finalize(object);
}

static void cel_library_page_class_init(CelLibraryPageClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = cel_library_page_dispose;
    G_OBJECT_CLASS(klass)->finalize = cel_library_page_finalize;
    CEL_PAGE_CLASS(klass)->open = open_page;
    gtk_widget_class_set_template_from_resource(widget_class,
                                                "/org/celadon/Celadon/files/cel-library-page.ui");
    gtk_widget_class_bind_template_child(widget_class, CelLibraryPage, about);
    gtk_widget_class_bind_template_child(widget_class, CelLibraryPage, count);
    gtk_widget_class_bind_template_child(widget_class, CelLibraryPage, leaflet);
    gtk_widget_class_bind_template_child(widget_class, CelLibraryPage, search);
    gtk_widget_class_bind_template_child(widget_class, CelLibraryPage, list);
    gtk_widget_class_bind_template_child(widget_class, CelLibraryPage, facts);
    gtk_widget_class_bind_template_child(widget_class, CelLibraryPage, references);
    gtk_widget_class_bind_template_child(widget_class, CelLibraryPage, curve);
    gtk_widget_class_bind_template_child(widget_class, CelLibraryPage, to_list);
}

/* The models take over what they are given; the page keeps what it talks to. */
static void make_list(CelLibraryPage *page)
{
    GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
    page->all = g_list_store_new(CEL_TYPE_SUBSTANCE_ITEM);
    page->filter = gtk_custom_filter_new(fits, page, NULL);
    page->found =
        gtk_filter_list_model_new(G_LIST_MODEL(g_object_ref(page->all)), GTK_FILTER(page->filter));
    page->selection = gtk_single_selection_new(G_LIST_MODEL(page->found));
    g_signal_connect(factory, "setup", G_CALLBACK(row_made), NULL);
    g_signal_connect(factory, "bind", G_CALLBACK(row_bound), NULL);
    gtk_list_view_set_factory(page->list, factory);
    gtk_list_view_set_model(page->list, GTK_SELECTION_MODEL(page->selection));
    g_object_unref(factory);
    g_object_unref(page->selection); /* the view's */
}

static void cel_library_page_init(CelLibraryPage *page)
{
    page->fact_rows = g_ptr_array_new();
    page->reference_rows = g_ptr_array_new();
    gtk_widget_init_template(GTK_WIDGET(page));
    page->plot = CEL_PLOT_VIEW(cel_plot_view_new());
    gtk_widget_set_size_request(GTK_WIDGET(page->plot), -1, LEAST_PLOT);
    cel_plot_view_set_title(page->plot, _("Spectra of the entry"));
    gtk_box_append(page->curve, GTK_WIDGET(page->plot));
    make_list(page);
    g_signal_connect(page->list, "activate", G_CALLBACK(row_activated), page);
    g_signal_connect_swapped(page->selection, "notify::selected-item", G_CALLBACK(show_entry),
                             page);
    g_signal_connect_swapped(page->search, "search-changed", G_CALLBACK(search_changed), page);
    g_signal_connect_swapped(page->to_list, "clicked", G_CALLBACK(to_list), page);
}
