/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "result/cel-result-view.h"

#include "cel-words.h"
#include "report/cel-report-text.h"
#include "result/cel-outcome-symbol.h"
#include "result/cel-text-group.h"

#include <glib/gi18n-lib.h>

enum { SYMBOL_PX = 72, WIDTH_PX = 880 };
enum { NEXT, WHY, N_SIGNALS };

struct _CelResultView {
    AdwBin parent;
    GtkWidget *scrolled, *body, *head;
    GtkWidget *actions, *next, *why;
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(CelResultView, cel_result_view, ADW_TYPE_BIN)

/* ---- outcome and claim ---- */

static GtkWidget *head_new(const CelResultFacts *facts)
{
    const CelOutcomeLook *look = cel_outcome_look(facts->outcome, facts->is_lead);
    g_autofree char *spoken = cel_result_spoken(facts);
    GtkWidget *head = g_object_new(GTK_TYPE_BOX, "spacing", 18, "accessible-role",
                                   GTK_ACCESSIBLE_ROLE_GROUP, "focusable", TRUE, NULL);
    GtkWidget *words = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
    GtkWidget *label = cel_text_label(facts->label, "result-label");
    gtk_widget_add_css_class(head, "result-head");
    gtk_widget_add_css_class(head, look->style);
    gtk_accessible_update_property(GTK_ACCESSIBLE(head), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
    gtk_widget_add_css_class(label, look->style);
    gtk_box_append(GTK_BOX(words), label);
    if (*facts->title != '\0')
        gtk_box_append(GTK_BOX(words), cel_text_label(facts->title, "result-title"));
    gtk_widget_set_valign(words, GTK_ALIGN_CENTER);
    gtk_widget_set_hexpand(words, TRUE);
    gtk_box_append(GTK_BOX(head), cel_outcome_symbol_new(look, SYMBOL_PX));
    gtk_box_append(GTK_BOX(head), words);
    return head;
}

static void add_claim(GtkBox *body, const CelResultFacts *facts)
{
    GtkWidget *claim = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
    for (guint i = 0; i < facts->sentences->len; i++)
        gtk_box_append(GTK_BOX(claim), cel_text_label(g_ptr_array_index(facts->sentences, i),
                                                      i == 0 ? "result-claim" : "result-more"));
    gtk_box_append(body, claim);
}

static GtkWidget *framed(const char *text, const char *style)
{
    GtkWidget *label = cel_text_label(text, style);
    gtk_widget_set_hexpand(label, TRUE);
    return label;
}

static void add_marks(GtkBox *body, const CelResultFacts *facts)
{
    if (*facts->lead != '\0')
        gtk_box_append(body, framed(facts->lead, "result-lead"));
    for (guint i = 0; i < facts->marks->len; i++) {
        GtkWidget *mark = cel_text_label(g_ptr_array_index(facts->marks, i), "training-mark");
        gtk_widget_set_halign(mark, GTK_ALIGN_START);
        gtk_box_append(body, mark);
    }
}

/* ---- what goes with it ---- */

static const char *word(CelReportWord which)
{
    return cel_report_word(which, cel_ui_is_chinese());
}

static GtkWidget *replicates_group(const CelResultFacts *facts)
{
    GtkWidget *group = cel_text_group_new(NULL, NULL);
    cel_text_group_add(group, word(CEL_WORD_REPLICATES), facts->replicates, NULL);
    for (guint i = 0; i < facts->replicate_reasons->len; i++)
        cel_text_group_add(group, g_ptr_array_index(facts->replicate_reasons, i), NULL, NULL);
    return group;
}

static void fill(CelResultView *view, const CelResultFacts *facts)
{
    GtkBox *body = GTK_BOX(view->body);
    cel_box_clear(view->body);
    view->head = head_new(facts);
    gtk_box_append(body, view->head);
    add_claim(body, facts);
    if (*facts->alarm != '\0')
        gtk_box_append(body, framed(facts->alarm, "result-alarm"));
    add_marks(body, facts);
    gtk_box_append(body, cel_text_group(word(CEL_WORD_SECTION_NEXT), facts->next));
    gtk_box_append(body, cel_text_group(word(CEL_WORD_SECTION_REASONS), facts->why));
    gtk_box_append(body, cel_text_group(word(CEL_WORD_SECTION_DEVIATIONS), facts->deviations));
    gtk_box_append(body, replicates_group(facts));
    for (guint i = 0; i < facts->limits->len; i++)
        gtk_box_append(body, cel_text_label(g_ptr_array_index(facts->limits, i), "result-limit"));
    gtk_adjustment_set_value(
        gtk_scrolled_window_get_vadjustment(GTK_SCROLLED_WINDOW(view->scrolled)), 0);
}

void cel_result_view_show_facts(CelResultView *view, const CelResultFacts *facts)
{
    g_return_if_fail(CEL_IS_RESULT_VIEW(view));
    fill(view, facts);
}

void cel_result_view_show(CelResultView *view, CelAnswer *answer)
{
    g_autoptr(CelResultFacts) facts = cel_result_facts_of_answer(answer);
    cel_result_view_show_facts(view, facts);
}

/* ---- buttons ---- */

static void refresh_buttons(CelResultView *view)
{
    const gboolean next = gtk_widget_get_visible(view->next);
    if (next)
        gtk_widget_remove_css_class(view->why, "suggested-action");
    else
        gtk_widget_add_css_class(view->why, "suggested-action");
}

void cel_result_view_set_next(CelResultView *view, const char *label)
{
    g_return_if_fail(CEL_IS_RESULT_VIEW(view));
    gtk_widget_set_visible(view->next, label != NULL);
    if (label != NULL)
        gtk_button_set_label(GTK_BUTTON(view->next), label);
    refresh_buttons(view);
}

void cel_result_view_set_why(CelResultView *view, gboolean shown)
{
    g_return_if_fail(CEL_IS_RESULT_VIEW(view));
    gtk_widget_set_visible(view->why, shown);
}

GtkBox *cel_result_view_actions(CelResultView *view)
{
    return GTK_BOX(view->actions);
}

static void tell_next(CelResultView *view)
{
    g_signal_emit(view, signals[NEXT], 0);
}

static void tell_why(CelResultView *view)
{
    g_signal_emit(view, signals[WHY], 0);
}

static GtkWidget *button_new(const char *label)
{
    GtkWidget *button = gtk_button_new_with_label(label);
    gtk_widget_add_css_class(button, "touch");
    return button;
}

static GtkWidget *buttons_new(CelResultView *view)
{
    GtkWidget *bar = adw_bin_new();
    GtkWidget *buttons = view->actions = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
    gtk_widget_add_css_class(bar, "result-actions");
    gtk_widget_set_halign(buttons, GTK_ALIGN_CENTER);
    adw_bin_set_child(ADW_BIN(bar), buttons);
    view->why = button_new(_("Why?"));
    view->next = button_new("");
    gtk_widget_add_css_class(view->next, "suggested-action");
    gtk_widget_set_visible(view->next, FALSE);
    gtk_box_append(GTK_BOX(buttons), view->why);
    gtk_box_append(GTK_BOX(buttons), view->next);
    g_signal_connect_swapped(view->why, "clicked", G_CALLBACK(tell_why), view);
    g_signal_connect_swapped(view->next, "clicked", G_CALLBACK(tell_next), view);
    refresh_buttons(view);
    return bar;
}

/* ---- the widget ---- */

static gboolean grab_focus(GtkWidget *widget)
{
    CelResultView *view = CEL_RESULT_VIEW(widget);
    return view->head != NULL && gtk_widget_grab_focus(view->head);
}

static void cel_result_view_class_init(CelResultViewClass *klass)
{
    GTK_WIDGET_CLASS(klass)->grab_focus = grab_focus;
    signals[NEXT] = g_signal_new("next", CEL_TYPE_RESULT_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
    signals[WHY] = g_signal_new("why", CEL_TYPE_RESULT_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
}

static void cel_result_view_init(CelResultView *view)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    GtkWidget *clamp = adw_clamp_new();
    view->scrolled = gtk_scrolled_window_new();
    view->body = gtk_box_new(GTK_ORIENTATION_VERTICAL, 18);
    gtk_widget_add_css_class(view->body, "result-body");
    adw_clamp_set_maximum_size(ADW_CLAMP(clamp), WIDTH_PX);
    adw_clamp_set_child(ADW_CLAMP(clamp), view->body);
    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(view->scrolled), GTK_POLICY_NEVER,
                                   GTK_POLICY_AUTOMATIC);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(view->scrolled), clamp);
    gtk_widget_set_vexpand(view->scrolled, TRUE);
    gtk_box_append(GTK_BOX(box), view->scrolled);
    gtk_box_append(GTK_BOX(box), buttons_new(view));
    adw_bin_set_child(ADW_BIN(view), box);
}

GtkWidget *cel_result_view_new(void)
{
    return g_object_new(CEL_TYPE_RESULT_VIEW, NULL);
}
