/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instruments/cel-check-guide.h"

#include "cel-heard.h"
#include "instruments/cel-expected.h"
#include "instruments/cel-shot-box.h"
#include "instruments/cel-standard-choice.h"

#include <glib/gi18n-lib.h>
#include <math.h>

struct _CelCheckGuide {
    AdwWindow parent;
    CelPage *page; /* weak */
    gboolean closing;
    GtkStack *steps;
    GtkBox *choosing, *measuring;
    CelStandardChoice *choice;
    CelShotBox *shot;
    GtkWidget *lot, *next, *again, *finish;
    GtkBox *scan;
    CelPlotView *measured;
    GtkLabel *verdict, *meaning;
    GtkListBox *lines;
};

G_DEFINE_FINAL_TYPE(CelCheckGuide, cel_check_guide, ADW_TYPE_WINDOW)

static void show_line(CelCheckGuide *guide, const CelCheckedLine *line)
{
    static const char *const verdicts[CEL_N_CHECK_VERDICTS] = {
        [CEL_CHECK_PASS] = N_("passed"),
        [CEL_CHECK_FAIL] = N_("not passed"),
        [CEL_CHECK_NOT_CHECKABLE] = N_("not checkable"),
    };
    GtkWidget *row = adw_action_row_new();
    g_autofree char *title = g_strdup_printf(_("%.1f cm⁻¹"), line->accepted);
    g_autofree char *found =
        isnan(line->measured)
            ? g_strdup(line->reason != NULL ? _(line->reason) : _("not found"))
            : g_strdup_printf(_("measured %.1f, deviation %+.2f, U %.2f, limit %.1f cm⁻¹"),
                              line->measured, line->deviation, line->expanded_u, line->limit);
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
    adw_action_row_set_subtitle(ADW_ACTION_ROW(row), found);
    adw_action_row_add_suffix(ADW_ACTION_ROW(row), gtk_label_new(_(verdicts[line->verdict])));
    gtk_list_box_append(guide->lines, row);
}

static void show_verdict(CelCheckGuide *guide, const CelCheckShot *shot)
{
    const CelQualification *q = shot->qualification;
    const gboolean passed = q->verdict == CEL_CHECK_PASS;
    g_autoptr(GString) meaning = g_string_new(
        passed ? _("The instrument may be used. The check is on record.")
               : _("Nothing this instrument measured since its last passed check may be released. "
                   "The check is on record. Clean the probe and the standard and measure again; if "
                   "it does not pass again, take the instrument out of use."));
    GtkWidget *row = NULL;
    while ((row = gtk_widget_get_first_child(GTK_WIDGET(guide->lines))) != NULL)
        gtk_list_box_remove(guide->lines, row);
    for (guint i = 0; i < q->reasons->len; i++)
        g_string_append_printf(meaning, "\n%s", (const char *)g_ptr_array_index(q->reasons, i));
    if (shot->n_in_doubt > 0)
        g_string_append_printf(meaning, _("\nResults in doubt now: %u; the day-book lists them."),
                               shot->n_in_doubt);
    gtk_label_set_text(guide->verdict, passed ? _("Check passed") : _("Check not passed"));
    gtk_label_set_text(guide->meaning, meaning->str);
    for (guint i = 0; i < q->lines->len; i++)
        show_line(guide, &g_array_index(q->lines, CelCheckedLine, i));
    cel_expected_show(guide->measured, q->standard, shot->trace);
    gtk_stack_set_visible_child_name(guide->steps, "verdict");
}

static void judged(gpointer owner, gpointer data, const GError *error)
{
    CelCheckGuide *guide = owner;
    CelCheckShot *shot = data;
    cel_shot_box_follow(guide->shot, NULL);
    cel_shot_box_fail(guide->shot, error);
    if (error != NULL)
        return;
    cel_desk_lab_changed(shot->desk);
    show_verdict(guide, shot);
}

/* Judged and recorded where the lab's things are done. */
static void measured(CelCheckGuide *guide, CelCheckShot *shot)
{
    const CelTaskOrder order = {.lane = CEL_LANE_LAB,
                                .title = _("Judging the check"),
                                .run = cel_check_shot_judge,
                                .done = judged,
                                .data = cel_check_shot_ref(shot),
                                .free = cel_check_shot_unref,
                                .owner = guide};
    cel_shot_box_follow(guide->shot, cel_task_start(cel_desk_lanes(shot->desk), &order));
}

static void measure(CelCheckGuide *guide)
{
    CelDesk *desk = guide->page != NULL ? cel_page_desk(guide->page) : NULL;
    if (desk == NULL)
        return;
    CelCheckShot *shot = cel_check_shot_new(desk, cel_standard_choice_get(guide->choice));
    shot->closing = guide->closing;
    shot->lot = g_strdup(gtk_editable_get_text(GTK_EDITABLE(guide->lot)));
    cel_shot_box_measure(guide->shot, shot);
}

/* Answers hold for one measurement. */
static void go_to_measuring(CelCheckGuide *guide)
{
    cel_shot_box_clear(guide->shot);
    gtk_stack_set_visible_child_name(guide->steps, "measure");
}

/* ---- the widget ---- */

static gboolean close_request(GtkWindow *window)
{
    cel_shot_box_stop(
        CEL_CHECK_GUIDE(window)->shot); /* the laser goes off; what was recorded stays */
    return FALSE;
}

static void cel_check_guide_dispose(GObject *object)
{
    CelCheckGuide *guide = CEL_CHECK_GUIDE(object);
    g_clear_weak_pointer(&guide->page);
    G_OBJECT_CLASS(cel_check_guide_parent_class)->dispose(object);
}

static void cel_check_guide_class_init(CelCheckGuideClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = cel_check_guide_dispose;
    GTK_WINDOW_CLASS(klass)->close_request = close_request;
    gtk_widget_class_set_template_from_resource(
        widget_class, "/org/celadon/Celadon/instruments/cel-check-guide.ui");
    gtk_widget_class_bind_template_child(widget_class, CelCheckGuide, steps);
    gtk_widget_class_bind_template_child(widget_class, CelCheckGuide, choosing);
    gtk_widget_class_bind_template_child(widget_class, CelCheckGuide, measuring);
    gtk_widget_class_bind_template_child(widget_class, CelCheckGuide, next);
    gtk_widget_class_bind_template_child(widget_class, CelCheckGuide, scan);
    gtk_widget_class_bind_template_child(widget_class, CelCheckGuide, verdict);
    gtk_widget_class_bind_template_child(widget_class, CelCheckGuide, meaning);
    gtk_widget_class_bind_template_child(widget_class, CelCheckGuide, lines);
    gtk_widget_class_bind_template_child(widget_class, CelCheckGuide, again);
    gtk_widget_class_bind_template_child(widget_class, CelCheckGuide, finish);
}

static void add_parts(CelCheckGuide *guide)
{
    guide->choice = g_object_new(CEL_TYPE_STANDARD_CHOICE, NULL);
    guide->shot = g_object_new(CEL_TYPE_SHOT_BOX, NULL);
    guide->lot = adw_entry_row_new();
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(guide->lot),
                                  _("Lot of the standard, as on its label"));
    cel_standard_choice_add_row(guide->choice, guide->lot);
    gtk_box_append(guide->choosing, GTK_WIDGET(guide->choice));
    gtk_box_append(guide->measuring, GTK_WIDGET(guide->shot));
    guide->measured =
        cel_expected_add_plot(guide->scan, _("The scan over the picture of a good one"));
}

static void cel_check_guide_init(CelCheckGuide *guide)
{
    gtk_widget_init_template(GTK_WIDGET(guide));
    cel_heard_stack(guide->steps);
    add_parts(guide);
    g_signal_connect_swapped(guide->next, "clicked", G_CALLBACK(go_to_measuring), guide);
    g_signal_connect_swapped(guide->again, "clicked", G_CALLBACK(go_to_measuring), guide);
    g_signal_connect_swapped(guide->finish, "clicked", G_CALLBACK(gtk_window_close), guide);
    g_signal_connect_swapped(guide->shot, "asked", G_CALLBACK(measure), guide);
    g_signal_connect_swapped(guide->shot, "measured", G_CALLBACK(measured), guide);
}

GtkWidget *cel_check_guide_new(CelPage *page, gboolean closing)
{
    CelCheckGuide *guide = g_object_new(
        CEL_TYPE_CHECK_GUIDE, "transient-for", gtk_widget_get_root(GTK_WIDGET(page)), "modal", TRUE,
        "title", closing ? _("Closing check") : _("Performance check"), NULL);
    g_set_weak_pointer(&guide->page, page);
    guide->closing = closing;
    return GTK_WIDGET(guide);
}
