/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "result/cel-why-page.h"

#include "cel-heard.h"
#include "cel-answer.h"
#include "plot/cel-plot-view.h"
#include "report/cel-report-text.h"
#include "result/cel-outcome-symbol.h"
#include "result/cel-sealed-fetch.h"
#include "result/cel-side-by-side.h"
#include "result/cel-stability-box.h"
#include "result/cel-text-group.h"
#include "result/cel-why-sections.h"

#include <glib/gi18n-lib.h>

enum { PLOT_PX = 230, RESIDUAL_PX = 140, GAP_PX = 18 };

struct _CelWhyPage {
    CelPage parent;
    GtkStack *stack;
    GtkWidget *heading, *marks, *plot, *residual, *note, *band; /* the first column */
    GtkWidget *hits, *sections, *stability;                     /* the second */
    CelWhyModel *model;                                         /* (nullable) */
    CelAnswer *answer;                                          /* (nullable) */
    char *what;                                                 /* (nullable): of a sealed file */
    guint chosen;
    GPtrArray *checks; /* of the hits, borrowed: in the list while it stands */
};

G_DEFINE_FINAL_TYPE(CelWhyPage, cel_why_page, CEL_TYPE_PAGE)

static const char *word(CelReportWord which)
{
    return cel_report_word(which, cel_ui_is_chinese());
}

/* ---- sample over reference ---- */

static const CelWhyHit *chosen_hit(const CelWhyPage *page)
{
    const CelWhyModel *model = page->model;
    return model != NULL && page->chosen < model->hits->len
               ? g_ptr_array_index(model->hits, page->chosen)
               : NULL;
}

static void set_marks(CelWhyPage *page, const CelWhyHit *hit)
{
    g_autoptr(GArray) marks = g_array_new(FALSE, TRUE, sizeof(CelPlotMark));
    for (guint i = 0; hit != NULL && i < hit->bands->len; i++) {
        const CelWhyBand *band = &g_array_index(hit->bands, CelWhyBand, i);
        const CelPlotMark mark = {
            .x = band->at_cm1, .kind = band->kind, .spoken = band->assignment};
        g_array_append_val(marks, mark);
    }
    cel_plot_view_set_marks(CEL_PLOT_VIEW(page->plot), (const CelPlotMark *)marks->data,
                            marks->len);
}

static void set_trace(GtkWidget *plot, CelPlotTrace *under, CelPlotTrace *over)
{
    g_autoptr(GPtrArray) traces = g_ptr_array_new();
    if (under != NULL)
        g_ptr_array_add(traces, under);
    if (over != NULL)
        g_ptr_array_add(traces, over);
    cel_plot_view_set_traces(CEL_PLOT_VIEW(plot), traces);
}

static void tell_band(CelWhyPage *page, const CelWhyBand *band)
{
    cel_box_clear(page->band);
    gtk_box_append(GTK_BOX(page->band),
                   band != NULL ? cel_why_band_box(band)
                                : cel_text_label(_("Press the mark of a band to see its numbers."),
                                                 "dim-label"));
}

static void lay_over(CelWhyPage *page)
{
    const CelWhyHit *hit = chosen_hit(page);
    set_trace(page->plot, hit != NULL ? hit->reference : NULL, page->model->sample);
    set_trace(page->residual, NULL, hit != NULL ? hit->residual : NULL);
    set_marks(page, hit);
    gtk_widget_set_visible(page->residual, hit != NULL && hit->residual != NULL);
    gtk_label_set_text(GTK_LABEL(page->note),
                       hit != NULL && hit->residual_note != NULL ? hit->residual_note : "");
    g_autofree char *laid =
        hit != NULL ? g_strdup_printf(_("Laid over the spectrum: %s"), hit->name) : g_strdup("");
    gtk_label_set_text(GTK_LABEL(page->heading), laid);
    tell_band(page, NULL);
}

static void band_pressed(CelWhyPage *page, guint index)
{
    const CelWhyHit *hit = chosen_hit(page);
    if (hit == NULL || index >= hit->bands->len)
        return;
    cel_plot_view_highlight_mark(CEL_PLOT_VIEW(page->plot), (int)index);
    tell_band(page, &g_array_index(hit->bands, CelWhyBand, index));
}

void cel_why_page_choose(CelWhyPage *page, guint index)
{
    g_return_if_fail(CEL_IS_WHY_PAGE(page));
    if (page->model == NULL || index >= page->model->hits->len || index == page->chosen)
        return;
    page->chosen = index;
    gtk_check_button_set_active(g_ptr_array_index(page->checks, index), TRUE);
    lay_over(page);
}

/* ---- the list of hits ---- */

static void hit_toggled(GtkCheckButton *button, CelWhyPage *page)
{
    if (gtk_check_button_get_active(button))
        cel_why_page_choose(page,
                            GPOINTER_TO_UINT(g_object_get_data(G_OBJECT(button), "celadon-index")));
}

static guint count_kind(const CelWhyHit *hit, CelMarkKind kind)
{
    guint n = 0;
    for (guint i = 0; i < hit->bands->len; i++)
        n += g_array_index(hit->bands, CelWhyBand, i).kind == kind ? 1 : 0;
    return n;
}

static char *about_hit(const CelWhyHit *hit)
{
    g_autofree char *bands = g_strdup_printf(
        _("bands: %u agree, %u missing, %u not explained"), count_kind(hit, CEL_MARK_MATCHED),
        count_kind(hit, CEL_MARK_MISSING), count_kind(hit, CEL_MARK_EXTRA));
    return g_strdup_printf("%s\n%s%s", hit->about, bands,
                           hit->is_alike ? _(" · look-alike of the first") : "");
}

static GtkWidget *hit_row(CelWhyPage *page, guint i, GtkCheckButton *first)
{
    const CelWhyHit *hit = g_ptr_array_index(page->model->hits, i);
    GtkWidget *check = gtk_check_button_new();
    g_autofree char *title = g_strdup_printf("%u. %s", i + 1, hit->name);
    g_autofree char *about = about_hit(hit);
    g_autofree char *score = g_strdup_printf("%s %.3f", word(CEL_WORD_SCORE), hit->score);
    GtkWidget *row = cel_text_row(title, about);
    GtkWidget *label = gtk_label_new(score);
    gtk_widget_add_css_class(label, "numeric");
    gtk_check_button_set_group(GTK_CHECK_BUTTON(check), first);
    gtk_check_button_set_active(GTK_CHECK_BUTTON(check), i == page->chosen);
    gtk_accessible_update_property(GTK_ACCESSIBLE(check), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
    g_object_set_data(G_OBJECT(check), "celadon-index", GUINT_TO_POINTER(i));
    g_signal_connect(check, "toggled", G_CALLBACK(hit_toggled), page);
    g_ptr_array_add(page->checks, check);
    adw_action_row_add_prefix(ADW_ACTION_ROW(row), check);
    adw_action_row_add_suffix(ADW_ACTION_ROW(row), label);
    adw_action_row_set_activatable_widget(ADW_ACTION_ROW(row), check);
    return row;
}

static GtkWidget *hits_group(CelWhyPage *page)
{
    const GPtrArray *hits = page->model->hits;
    GtkWidget *group = cel_text_group_new(
        _("Hits: a list, not a result"),
        _("Choose one to lay it over the spectrum. The order says what was compared best, nothing "
          "about the item."));
    GtkCheckButton *first = NULL;
    g_ptr_array_set_size(page->checks, 0);
    for (guint i = 0; i < hits->len; i++) {
        GtkWidget *row = hit_row(page, i, first);
        if (first == NULL)
            first = GTK_CHECK_BUTTON(adw_action_row_get_activatable_widget(ADW_ACTION_ROW(row)));
        adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), row);
    }
    gtk_widget_set_visible(group, hits->len > 0);
    return group;
}

/* ---- the whole page ---- */

/* What the result is stands above its reasons: nothing below is one. */
static GtkWidget *outcome_line(const CelResultFacts *facts)
{
    enum { SIGN_PX = 32 };
    const CelOutcomeLook *look = cel_outcome_look(facts->outcome, facts->is_lead);
    GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
    GtkWidget *label = gtk_label_new(facts->label);
    GtkWidget *title = cel_text_label(facts->title, "dim-label");
    gtk_widget_add_css_class(label, "result-word");
    gtk_widget_set_hexpand(title, TRUE);
    gtk_widget_add_css_class(label, look->style);
    gtk_box_append(GTK_BOX(line), cel_outcome_symbol_new(look, SIGN_PX));
    gtk_box_append(GTK_BOX(line), label);
    gtk_box_append(GTK_BOX(line), title);
    return line;
}

static void fill(CelWhyPage *page)
{
    const CelWhyModel *model = page->model;
    GtkBox *sections = GTK_BOX(page->sections);
    cel_box_clear(page->hits);
    cel_box_clear(page->sections);
    gtk_box_append(GTK_BOX(page->hits), hits_group(page));
    gtk_box_append(sections, cel_why_lines_group(model));
    gtk_box_append(sections, cel_why_parts_group(model));
    gtk_box_append(sections, cel_why_quality_group(model));
    gtk_box_append(sections, cel_why_background_group(model));
    gtk_box_append(sections, cel_why_rates_group(model));
    cel_stability_box_show(CEL_STABILITY_BOX(page->stability), CEL_PAGE(page), page->answer,
                           model->stability);
    cel_box_clear(page->marks);
    gtk_box_append(GTK_BOX(page->marks), outcome_line(model->facts));
    for (guint i = 0; i < model->facts->marks->len; i++) {
        GtkWidget *mark =
            cel_text_label(g_ptr_array_index(model->facts->marks, i), "training-mark");
        gtk_widget_set_halign(mark, GTK_ALIGN_START);
        gtk_box_append(GTK_BOX(page->marks), mark);
    }
    lay_over(page);
    gtk_stack_set_visible_child_name(page->stack, "view");
}

static void take(CelWhyPage *page, CelWhyModel *model, const GError *error)
{
    if (model == NULL) {
        gtk_stack_set_visible_child_name(page->stack, "empty");
        cel_page_fail(CEL_PAGE(page), error);
        return;
    }
    cel_why_model_free(page->model);
    page->model = model;
    page->chosen = 0;
    fill(page);
}

/* ---- an answer ---- */

typedef struct {
    CelAnswer *answer;
    CelWhyModel *model;
} Making;

static void making_free(gpointer data)
{
    Making *making = data;
    g_object_unref(making->answer);
    cel_why_model_free(making->model);
    g_free(making);
}

static gboolean make(gpointer data, CelJob *job, GError **error)
{
    Making *making = data;
    making->model = cel_why_model_of_answer(making->answer, job, error);
    return making->model != NULL;
}

static void made(gpointer owner, gpointer data, const GError *error)
{
    CelWhyPage *page = owner;
    Making *making = data;
    if (making->answer == page->answer)
        take(page, g_steal_pointer(&making->model), error);
}

static void open_answer(CelWhyPage *page, CelAnswer *answer)
{
    Making *making = g_new0(Making, 1);
    making->answer = g_object_ref(answer);
    g_set_object(&page->answer, answer);
    g_clear_pointer(&page->what, g_free);
    const CelTaskOrder order = {.lane = CEL_LANE_COMPUTE,
                                .title = _("Collecting the reasons"),
                                .run = make,
                                .done = made,
                                .data = making,
                                .free = making_free};
    cel_page_start(CEL_PAGE(page), &order);
}

/* ---- a sealed file ---- */

static gpointer make_sealed(const CelSealed *sealed, const char *title, CelJob *job, GError **error)
{
    return cel_why_model_of_sealed(sealed, title, job, error);
}

static void free_model(gpointer model)
{
    cel_why_model_free(model);
}

/* A sealed file holds no assignments; the libraries of today may. */
static void assign(CelWhyPage *page, CelWhyModel *model)
{
    gsize n = 0;
    CelDesk *desk = cel_page_desk(CEL_PAGE(page));
    const CelBench *bench = desk != NULL ? cel_desk_bench(desk) : NULL;
    const CelLibrary *const *libraries = bench != NULL ? cel_bench_libraries(bench, &n) : NULL;
    cel_why_model_assign(model, libraries, n);
}

static void sealed_known(CelPage *base, const char *what, gpointer model, const GError *error)
{
    CelWhyPage *page = CEL_WHY_PAGE(base);
    if (model != NULL)
        assign(page, model);
    if (g_strcmp0(what, page->what) == 0)
        take(page, model, error);
    else
        cel_why_model_free(model);
}

static void open_page(CelPage *base, const char *what, GObject *thing)
{
    CelWhyPage *page = CEL_WHY_PAGE(base);
    if (!CEL_IS_ANSWER(thing) && what == NULL)
        return;
    gtk_stack_set_visible_child_name(page->stack, "busy");
    if (CEL_IS_ANSWER(thing)) {
        open_answer(page, CEL_ANSWER(thing));
        return;
    }
    g_clear_object(&page->answer);
    g_free(page->what);
    page->what = g_strdup(what);
    cel_sealed_fetch(
        base, &(CelSealedOrder){
                  .what = what, .make = make_sealed, .done = sealed_known, .free = free_model});
}

/* ---- the widget ---- */

static GtkWidget *plot_new(const char *title, int height, gboolean controls)
{
    GtkWidget *plot = cel_plot_view_new();
    cel_plot_view_set_title(CEL_PLOT_VIEW(plot), title);
    cel_plot_view_set_axis_titles(CEL_PLOT_VIEW(plot), NULL, word(CEL_WORD_AXIS_INTENSITY));
    cel_plot_view_set_controls(CEL_PLOT_VIEW(plot), controls);
    gtk_widget_set_size_request(plot, -1, height);
    return plot;
}

static GtkWidget *first_column(CelWhyPage *page)
{
    GtkWidget *column = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
    page->heading = cel_text_label("", "heading");
    page->marks = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
    page->plot = plot_new(word(CEL_WORD_SECTION_SPECTRUM), PLOT_PX, TRUE);
    page->residual = plot_new(word(CEL_WORD_SECTION_RESIDUAL), RESIDUAL_PX, FALSE);
    page->note = cel_text_label("", "dim-label");
    page->band = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    gtk_widget_add_css_class(page->band, "card");
    gtk_widget_add_css_class(page->band, "band-card");
    gtk_widget_set_vexpand(page->plot, TRUE);
    for (int kind = 0; kind <= CEL_MARK_EXTRA; kind++)
        cel_plot_view_set_mark_label(CEL_PLOT_VIEW(page->plot), (CelMarkKind)kind,
                                     word((CelReportWord)(CEL_WORD_MATCHED + kind)));
    cel_plot_view_link(CEL_PLOT_VIEW(page->plot), CEL_PLOT_VIEW(page->residual));
    g_signal_connect_swapped(page->plot, "mark-activated", G_CALLBACK(band_pressed), page);
    GtkWidget *const parts[] = {page->marks, page->heading,  page->plot,
                                page->band,  page->residual, page->note};
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
        gtk_box_append(GTK_BOX(column), parts[i]);
    return column;
}

static GtkWidget *second_column(CelWhyPage *page)
{
    GtkWidget *column = gtk_box_new(GTK_ORIENTATION_VERTICAL, GAP_PX);
    page->hits = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    page->sections = gtk_box_new(GTK_ORIENTATION_VERTICAL, GAP_PX);
    page->stability = cel_stability_box_new();
    gtk_box_append(GTK_BOX(column), page->hits);
    gtk_box_append(GTK_BOX(column), page->sections);
    gtk_box_append(GTK_BOX(column), page->stability);
    return column;
}

static GtkWidget *busy_new(void)
{
    GtkWidget *spinner = gtk_spinner_new();
    gtk_spinner_set_spinning(GTK_SPINNER(spinner), TRUE);
    gtk_widget_set_halign(spinner, GTK_ALIGN_CENTER);
    gtk_widget_set_valign(spinner, GTK_ALIGN_CENTER);
    gtk_widget_set_size_request(spinner, 48, 48);
    gtk_accessible_update_property(GTK_ACCESSIBLE(spinner), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("Working"), -1);
    return spinner;
}

static GtkWidget *empty_new(void)
{
    GtkWidget *status = adw_status_page_new();
    adw_status_page_set_icon_name(ADW_STATUS_PAGE(status), "help-about-symbolic");
    adw_status_page_set_title(ADW_STATUS_PAGE(status), _("No result is open"));
    return status;
}

static void cel_why_page_finalize(GObject *object)
{
    CelWhyPage *page = CEL_WHY_PAGE(object);
    g_clear_pointer(&page->model, cel_why_model_free);
    g_clear_object(&page->answer);
    g_free(page->what);
    g_ptr_array_unref(page->checks);
    G_OBJECT_CLASS(cel_why_page_parent_class)->finalize(object);
}

static void cel_why_page_class_init(CelWhyPageClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = cel_why_page_finalize;
    CEL_PAGE_CLASS(klass)->open = open_page;
}

static void set_margins(GtkWidget *column)
{
    gtk_widget_set_margin_top(column, GAP_PX);
    gtk_widget_set_margin_bottom(column, GAP_PX);
    gtk_widget_set_margin_start(column, GAP_PX);
    gtk_widget_set_margin_end(column, GAP_PX);
}

static void cel_why_page_init(CelWhyPage *page)
{
    GtkWidget *scrolled = gtk_scrolled_window_new();
    GtkWidget *first = first_column(page), *second = second_column(page);
    GtkWidget *side = cel_side_by_side_new(first, second);
    set_margins(first);
    set_margins(second);
    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scrolled), GTK_POLICY_NEVER,
                                   GTK_POLICY_AUTOMATIC);
    cel_side_by_side_put(CEL_SIDE_BY_SIDE(side), GTK_SCROLLED_WINDOW(scrolled));
    page->checks = g_ptr_array_new();
    page->stack = GTK_STACK(gtk_stack_new());
    cel_heard_stack(page->stack);
    gtk_stack_add_named(page->stack, empty_new(), "empty");
    gtk_stack_add_named(page->stack, busy_new(), "busy");
    gtk_stack_add_named(page->stack, scrolled, "view");
    adw_bin_set_child(ADW_BIN(page), GTK_WIDGET(page->stack));
}
