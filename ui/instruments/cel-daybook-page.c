/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instruments/cel-daybook-page.h"

#include "cel-words.h"
#include "instruments/cel-chart-view.h"
#include "instruments/cel-daybook-ask.h"
#include "instruments/cel-facts-group.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _CelDaybookPage {
    CelPage parent;
    AdwComboRow *instrument, *standard, *quantity;
    AdwPreferencesGroup *chart_group, *recall_group;
    GtkBox *chart_box;
    CelChartView *chart;
    GtkLabel *chart_words;
    GtkListBox *checks;
    GtkWidget *empty, *save;
    GPtrArray *recall_rows;
    CelDaybookAnswer *answer; /* (nullable) */
    GtkFileChooserNative *chooser;
    gboolean filling;
};

G_DEFINE_FINAL_TYPE(CelDaybookPage, cel_daybook_page, CEL_TYPE_PAGE)

static void ask(CelDaybookPage *page);

/* ---- choices ---- */

static const char *selected(AdwComboRow *row)
{
    GObject *item = adw_combo_row_get_selected_item(row);
    return item != NULL ? gtk_string_object_get_string(GTK_STRING_OBJECT(item)) : NULL;
}

/* Keeps what was chosen where it is still there. */
static void set_choices(AdwComboRow *row, const GPtrArray *choices)
{
    g_autofree char *before = g_strdup(selected(row));
    g_autoptr(GtkStringList) list = gtk_string_list_new(NULL);
    guint at = 0;
    for (guint i = 0; i < choices->len; i++) {
        gtk_string_list_append(list, g_ptr_array_index(choices, i));
        if (g_strcmp0(before, g_ptr_array_index(choices, i)) == 0)
            at = i;
    }
    adw_combo_row_set_model(row, G_LIST_MODEL(list));
    if (choices->len > 0)
        adw_combo_row_set_selected(row, at);
}

static void fill_quantities(CelDaybookPage *page)
{
    g_autoptr(GtkStringList) list = gtk_string_list_new(NULL);
    for (guint i = 0; i < CEL_N_CHART_QUANTITIES; i++)
        gtk_string_list_append(list, _(cel_chart_quantity_def(i)->title));
    adw_combo_row_set_model(page->quantity, G_LIST_MODEL(list));
}

static char *standard_words(GtkStringObject *id, gpointer data)
{
    (void)data;
    return g_strdup(cel_daybook_standard(gtk_string_object_get_string(id)));
}

/* The rows hold ids, and show names. */
static void name_standards(CelDaybookPage *page)
{
    GtkExpression *words = gtk_cclosure_expression_new(G_TYPE_STRING, NULL, 0, NULL,
                                                       G_CALLBACK(standard_words), NULL, NULL);
    adw_combo_row_set_expression(page->standard, words);
    gtk_expression_unref(words);
}

static void choice_changed(CelDaybookPage *page)
{
    if (!page->filling)
        ask(page);
}

/* ---- checks ---- */

static void show_recall(CelDaybookPage *page, guint64 seq)
{
    cel_facts_clear(page->recall_group, page->recall_rows);
    const GPtrArray *files = cel_daybook_answer_recall(page->answer, seq);
    for (guint i = 0; files != NULL && i < files->len; i++) {
        JsonObject *file = g_ptr_array_index(files, i);
        g_autofree char *title =
            g_strdup_printf("%s/%s", cel_row_text(file, "case_id"), cel_row_text(file, "item_id"));
        cel_facts_add(
            page->recall_group, page->recall_rows, title,
            cel_row_number(file, "released") != 0
                ? _("a report has gone out: it must be looked at and, if need be, replaced")
                : _("not released yet"));
    }
    const guint n = files != NULL ? files->len : 0;
    g_autofree char *about =
        n > 0 ? g_strdup_printf(
                    _("The instrument measured %u results between its last passed check and this "
                      "one. None of them may be released before they are looked at."),
                    n)
              : g_strdup(_("No result was measured between the last passed check and this one."));
    adw_preferences_group_set_description(page->recall_group, about);
    gtk_widget_set_visible(GTK_WIDGET(page->recall_group), TRUE);
}

static void check_activated(GtkListBox *list, GtkListBoxRow *row, CelDaybookPage *page)
{
    const guint64 seq = g_ascii_strtoull(gtk_widget_get_name(GTK_WIDGET(row)), NULL, 10);
    (void)list;
    show_recall(page, seq);
}

static GtkWidget *check_row(const CelDaybookAnswer *answer, JsonObject *check)
{
    const guint64 seq = (guint64)cel_row_number(check, "seq");
    const gboolean recalls = cel_daybook_answer_recall(answer, seq) != NULL;
    GtkWidget *row = adw_action_row_new();
    g_autofree char *about = cel_daybook_about(check);
    g_autofree char *title =
        cel_ui_said_of(cel_row_text(check, "instrument"), cel_daybook_words(check));
    g_autofree char *name = g_strdup_printf("%" G_GUINT64_FORMAT, seq);
    adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
    adw_action_row_set_subtitle(ADW_ACTION_ROW(row), about);
    gtk_widget_set_name(row, name);
    gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), recalls);
    if (recalls)
        adw_action_row_add_suffix(ADW_ACTION_ROW(row),
                                  gtk_image_new_from_icon_name("go-next-symbolic"));
    return row;
}

/* ---- what the lab said ---- */

static void show_chart(CelDaybookPage *page)
{
    g_autofree char *words = cel_daybook_answer_chart_words(page->answer);
    CelChartPicture *picture = cel_daybook_answer_picture(page->answer);
    gtk_label_set_text(page->chart_words, words);
    gtk_widget_set_visible(GTK_WIDGET(page->chart), picture != NULL);
    gtk_widget_set_sensitive(page->save, picture != NULL);
    cel_chart_view_show(page->chart, picture, words);
}

static void answered(gpointer owner, gpointer data, const GError *error)
{
    CelDaybookPage *page = owner;
    GtkWidget *row = NULL;
    cel_page_fail(CEL_PAGE(page), error);
    if (error != NULL)
        return;
    g_clear_pointer(&page->answer, cel_daybook_answer_unref);
    page->answer = cel_daybook_answer_ref(data);
    page->filling = TRUE;
    set_choices(page->instrument, page->answer->instruments);
    set_choices(page->standard, page->answer->standards);
    page->filling = FALSE;
    while ((row = gtk_widget_get_first_child(GTK_WIDGET(page->checks))) != NULL)
        gtk_list_box_remove(page->checks, row);
    for (guint i = 0; i < page->answer->checks->len; i++)
        gtk_list_box_append(page->checks,
                            check_row(page->answer, g_ptr_array_index(page->answer->checks, i)));
    gtk_widget_set_visible(GTK_WIDGET(page->checks), page->answer->checks->len > 0);
    gtk_widget_set_visible(page->empty, page->answer->checks->len == 0);
    gtk_widget_set_visible(GTK_WIDGET(page->chart_group), page->answer->checks->len > 0);
    gtk_widget_set_visible(GTK_WIDGET(page->recall_group), FALSE);
    show_chart(page);
}

static void ask(CelDaybookPage *page)
{
    CelDaybookAnswer *answer = cel_daybook_answer_new(cel_page_desk(CEL_PAGE(page)));
    answer->serial = g_strdup(selected(page->instrument));
    answer->standard = g_strdup(selected(page->standard));
    answer->quantity = (CelChartQuantity)adw_combo_row_get_selected(page->quantity);
    const CelTaskOrder order = {.lane = CEL_LANE_LAB,
                                .run = cel_daybook_answer_run,
                                .done = answered,
                                .data = answer,
                                .free = cel_daybook_answer_unref};
    cel_page_start(CEL_PAGE(page), &order);
}

/* ---- saving the chart ---- */

/** Saving: a chart on its way into a file. */
typedef struct {
    CelDaybookAnswer *answer;
    char *path;
} Saving;

static void saving_free(gpointer data)
{
    Saving *saving = data;
    cel_daybook_answer_unref(saving->answer);
    g_free(saving->path);
    g_free(saving);
}

static gboolean write_chart(gpointer data, CelJob *job, GError **error)
{
    const Saving *saving = data;
    (void)job;
    return cel_daybook_answer_save(saving->answer, saving->path, error);
}

static void chart_written(gpointer owner, gpointer data, const GError *error)
{
    (void)data;
    if (error == NULL)
        cel_page_say(CEL_PAGE(owner), _("The chart was saved"));
    cel_page_fail(CEL_PAGE(owner), error);
}

static void place_chosen(GtkNativeDialog *dialog, int response, CelDaybookPage *page)
{
    g_autoptr(GFile) file = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog));
    g_autofree char *path = file != NULL ? g_file_get_path(file) : NULL;
    g_clear_object(&page->chooser);
    if (response != GTK_RESPONSE_ACCEPT || path == NULL)
        return;
    Saving *saving = g_new0(Saving, 1);
    saving->answer = cel_daybook_answer_ref(page->answer);
    saving->path = g_steal_pointer(&path);
    const CelTaskOrder order = {.lane = CEL_LANE_COMPUTE,
                                .title = _("Save"),
                                .run = write_chart,
                                .done = chart_written,
                                .data = saving,
                                .free = saving_free};
    cel_page_start(CEL_PAGE(page), &order);
}

static void save(CelDaybookPage *page)
{
    page->chooser = gtk_file_chooser_native_new(
        _("Save the control chart (PDF or PNG)"), GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(page))),
        GTK_FILE_CHOOSER_ACTION_SAVE, _("Save"), _("Cancel"));
    gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(page->chooser), "chart.pdf");
    g_signal_connect(page->chooser, "response", G_CALLBACK(place_chosen), page);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(page->chooser));
}

/* ---- the page ---- */

static void open_page(CelPage *base, const char *what, GObject *thing)
{
    CelDaybookPage *page = CEL_DAYBOOK_PAGE(base);
    (void)what;
    (void)thing;
    g_signal_handlers_disconnect_by_data(cel_page_desk(base), page);
    g_signal_connect_object(cel_page_desk(base), "lab-changed", G_CALLBACK(ask), page,
                            G_CONNECT_SWAPPED);
    ask(page);
}

static void cel_daybook_page_dispose(GObject *object)
{
    CelDaybookPage *page = CEL_DAYBOOK_PAGE(object);
    g_clear_pointer(&page->answer, cel_daybook_answer_unref);
    g_clear_pointer(&page->recall_rows, g_ptr_array_unref);
    g_clear_object(&page->chooser);
    G_OBJECT_CLASS(cel_daybook_page_parent_class)->dispose(object);
}

static void cel_daybook_page_class_init(CelDaybookPageClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = cel_daybook_page_dispose;
    CEL_PAGE_CLASS(klass)->open = open_page;
    gtk_widget_class_set_template_from_resource(
        widget_class, "/org/celadon/Celadon/instruments/cel-daybook-page.ui");
    gtk_widget_class_bind_template_child(widget_class, CelDaybookPage, instrument);
    gtk_widget_class_bind_template_child(widget_class, CelDaybookPage, standard);
    gtk_widget_class_bind_template_child(widget_class, CelDaybookPage, quantity);
    gtk_widget_class_bind_template_child(widget_class, CelDaybookPage, chart_group);
    gtk_widget_class_bind_template_child(widget_class, CelDaybookPage, chart_box);
    gtk_widget_class_bind_template_child(widget_class, CelDaybookPage, chart_words);
    gtk_widget_class_bind_template_child(widget_class, CelDaybookPage, recall_group);
    gtk_widget_class_bind_template_child(widget_class, CelDaybookPage, checks);
    gtk_widget_class_bind_template_child(widget_class, CelDaybookPage, empty);
    gtk_widget_class_bind_template_child(widget_class, CelDaybookPage, save);
}

static void cel_daybook_page_init(CelDaybookPage *page)
{
    page->recall_rows = g_ptr_array_new();
    gtk_widget_init_template(GTK_WIDGET(page));
    page->chart = CEL_CHART_VIEW(cel_chart_view_new());
    gtk_box_prepend(page->chart_box, GTK_WIDGET(page->chart));
    page->filling = TRUE;
    fill_quantities(page);
    name_standards(page);
    page->filling = FALSE;
    g_signal_connect_swapped(page->instrument, "notify::selected", G_CALLBACK(choice_changed),
                             page);
    g_signal_connect_swapped(page->standard, "notify::selected", G_CALLBACK(choice_changed), page);
    g_signal_connect_swapped(page->quantity, "notify::selected", G_CALLBACK(choice_changed), page);
    g_signal_connect(page->checks, "row-activated", G_CALLBACK(check_activated), page);
    g_signal_connect_swapped(page->save, "clicked", G_CALLBACK(save), page);
}
