/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instruments/cel-check-guide.h"

#include "instruments/cel-check-shot.h"
#include "instruments/cel-expected.h"

#include <glib/gi18n-lib.h>
#include <math.h>

struct _CelCheckGuide {
    AdwWindow parent;
    CelPage *page; /* weak */
    gboolean closing;
    GtkStack *steps;
    AdwComboRow *standard;
    AdwEntryRow *lot;
    GtkCheckButton *eyewear, *beam, *nobody;
    GtkWidget *questions, *next, *measure, *stop, *progress, *again, *finish;
    GtkBox *picture, *scan;
    CelPlotView *expected, *measured;
    GtkLabel *how, *verdict, *meaning, *problem;
    GtkListBox *lines;
    GPtrArray *standards; /* const CelStandard */
    CelTask *task;
};

G_DEFINE_FINAL_TYPE(CelCheckGuide, cel_check_guide, ADW_TYPE_WINDOW)

static const CelStandard *chosen(CelCheckGuide *guide)
{
    return g_ptr_array_index(guide->standards, adw_combo_row_get_selected(guide->standard));
}

/* ---- the standard and its picture ---- */

static void standard_chosen(CelCheckGuide *guide)
{
    const CelStandard *standard = chosen(guide);
    cel_expected_show(guide->expected, standard, NULL);
    g_autofree char *text = g_strdup_printf(
        _("Put %s before the probe, at its working distance, with the cap of the instrument over "
          "it. "
          "The scan is good when its bands stand where the picture has them, high above the noise "
          "and not cut off."),
        cel_ui_pick(standard->name_zh, standard->name_en));
    gtk_label_set_text(guide->how, text);
}

static void fill_standards(CelCheckGuide *guide)
{
    gsize n = 0;
    const CelStandard *const *all = cel_standard_list(&n);
    g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
    guint usual = 0;
    for (gsize i = 0; i < n; i++) {
        if (all[i]->kind != CEL_STANDARD_SHIFT)
            continue;
        if (g_strcmp0(all[i]->id, "polystyrene") == 0)
            usual = guide->standards->len;
        g_ptr_array_add(guide->standards, (gpointer)all[i]);
        gtk_string_list_append(names, cel_ui_pick(all[i]->name_zh, all[i]->name_en));
    }
    adw_combo_row_set_model(guide->standard, G_LIST_MODEL(names));
    adw_combo_row_set_selected(guide->standard, usual);
}

/* ---- measuring ---- */

static gboolean all_answered(CelCheckGuide *guide)
{
    return gtk_check_button_get_active(guide->eyewear) &&
           gtk_check_button_get_active(guide->beam) && gtk_check_button_get_active(guide->nobody);
}

static void answered(CelCheckGuide *guide)
{
    gtk_widget_set_sensitive(guide->measure, all_answered(guide) && guide->task == NULL);
}

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

static void not_running(CelCheckGuide *guide)
{
    g_clear_object(&guide->task);
    gtk_widget_set_visible(guide->stop, FALSE);
    gtk_widget_set_visible(guide->progress, FALSE);
    answered(guide);
}

static void shot_done(gpointer owner, gpointer data, const GError *error)
{
    CelCheckGuide *guide = owner;
    CelCheckShot *shot = data;
    not_running(guide);
    gtk_widget_set_visible(GTK_WIDGET(guide->problem), error != NULL);
    if (error != NULL) {
        gtk_label_set_text(guide->problem, error->message);
        return;
    }
    cel_desk_lab_changed(shot->desk);
    show_verdict(guide, shot);
}

/* Judged and recorded where the lab's things are done. */
static void measured(gpointer owner, gpointer data, const GError *error)
{
    CelCheckGuide *guide = owner;
    CelCheckShot *shot = data;
    if (error != NULL) {
        shot_done(owner, data, error);
        return;
    }
    const CelTaskOrder order = {.lane = CEL_LANE_LAB,
                                .title = _("Judging the check"),
                                .run = cel_check_shot_judge,
                                .done = shot_done,
                                .data = cel_check_shot_ref(shot),
                                .free = cel_check_shot_unref,
                                .owner = guide};
    cel_task_start(cel_desk_lanes(shot->desk), &order);
}

static void measure(CelCheckGuide *guide)
{
    CelDesk *desk = guide->page != NULL ? cel_page_desk(guide->page) : NULL;
    if (desk == NULL || !all_answered(guide))
        return;
    CelCheckShot *shot = cel_check_shot_new(desk, chosen(guide));
    shot->closing = guide->closing;
    shot->lot = g_strdup(gtk_editable_get_text(GTK_EDITABLE(guide->lot)));
    shot->confirmation = (CelLaserConfirmation){.eyewear_on = TRUE,
                                                .beam_blocked = TRUE,
                                                .nobody_in_line = TRUE,
                                                .sample_hazard = CEL_HAZARD_NO};
    const CelTaskOrder order = {.lane = CEL_LANE_INSTRUMENT,
                                .title = _("Measuring the standard"),
                                .run = cel_check_shot_measure,
                                .done = measured,
                                .data = shot,
                                .free = cel_check_shot_unref,
                                .owner = guide};
    guide->task = g_object_ref(cel_task_start(cel_desk_lanes(desk), &order));
    g_object_bind_property(guide->task, "fraction", guide->progress, "fraction",
                           G_BINDING_SYNC_CREATE);
    gtk_widget_set_visible(GTK_WIDGET(guide->problem), FALSE);
    gtk_widget_set_visible(guide->stop, TRUE);
    gtk_widget_set_visible(guide->progress, TRUE);
    gtk_widget_set_sensitive(guide->measure, FALSE);
}

static void stop(CelCheckGuide *guide)
{
    cel_task_cancel(guide->task);
}

/* Answers hold for one measurement. */
static void go_to_measuring(CelCheckGuide *guide)
{
    gtk_check_button_set_active(guide->eyewear, FALSE);
    gtk_check_button_set_active(guide->beam, FALSE);
    gtk_check_button_set_active(guide->nobody, FALSE);
    gtk_widget_set_visible(GTK_WIDGET(guide->problem), FALSE);
    gtk_stack_set_visible_child_name(guide->steps, "measure");
}

/* ---- the widget ---- */

static gboolean close_request(GtkWindow *window)
{
    stop(CEL_CHECK_GUIDE(window)); /* the laser goes off; what was recorded stays */
    return FALSE;
}

static void cel_check_guide_dispose(GObject *object)
{
    CelCheckGuide *guide = CEL_CHECK_GUIDE(object);
    g_clear_weak_pointer(&guide->page);
    g_clear_object(&guide->task);
    g_clear_pointer(&guide->standards, g_ptr_array_unref);
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
    gtk_widget_class_bind_template_child(widget_class, CelCheckGuide, standard);
    gtk_widget_class_bind_template_child(widget_class, CelCheckGuide, lot);
    gtk_widget_class_bind_template_child(widget_class, CelCheckGuide, how);
    gtk_widget_class_bind_template_child(widget_class, CelCheckGuide, picture);
    gtk_widget_class_bind_template_child(widget_class, CelCheckGuide, next);
    gtk_widget_class_bind_template_child(widget_class, CelCheckGuide, eyewear);
    gtk_widget_class_bind_template_child(widget_class, CelCheckGuide, beam);
    gtk_widget_class_bind_template_child(widget_class, CelCheckGuide, nobody);
    gtk_widget_class_bind_template_child(widget_class, CelCheckGuide, measure);
    gtk_widget_class_bind_template_child(widget_class, CelCheckGuide, stop);
    gtk_widget_class_bind_template_child(widget_class, CelCheckGuide, progress);
    gtk_widget_class_bind_template_child(widget_class, CelCheckGuide, problem);
    gtk_widget_class_bind_template_child(widget_class, CelCheckGuide, scan);
    gtk_widget_class_bind_template_child(widget_class, CelCheckGuide, verdict);
    gtk_widget_class_bind_template_child(widget_class, CelCheckGuide, meaning);
    gtk_widget_class_bind_template_child(widget_class, CelCheckGuide, lines);
    gtk_widget_class_bind_template_child(widget_class, CelCheckGuide, again);
    gtk_widget_class_bind_template_child(widget_class, CelCheckGuide, finish);
}

static CelPlotView *add_plot(GtkBox *box, const char *title)
{
    enum { LEAST_HEIGHT = 220 };
    GtkWidget *view = cel_plot_view_new();
    gtk_widget_set_vexpand(view, TRUE);
    gtk_widget_set_size_request(view, -1, LEAST_HEIGHT);
    cel_plot_view_set_title(CEL_PLOT_VIEW(view), title);
    gtk_box_append(box, view);
    return CEL_PLOT_VIEW(view);
}

static void cel_check_guide_init(CelCheckGuide *guide)
{
    guide->standards = g_ptr_array_new();
    gtk_widget_init_template(GTK_WIDGET(guide));
    guide->expected = add_plot(guide->picture, _("What a good scan looks like"));
    guide->measured = add_plot(guide->scan, _("The scan over the picture of a good one"));
    g_signal_connect_swapped(guide->standard, "notify::selected", G_CALLBACK(standard_chosen),
                             guide);
    g_signal_connect_swapped(guide->next, "clicked", G_CALLBACK(go_to_measuring), guide);
    g_signal_connect_swapped(guide->again, "clicked", G_CALLBACK(go_to_measuring), guide);
    g_signal_connect_swapped(guide->measure, "clicked", G_CALLBACK(measure), guide);
    g_signal_connect_swapped(guide->stop, "clicked", G_CALLBACK(stop), guide);
    g_signal_connect_swapped(guide->finish, "clicked", G_CALLBACK(gtk_window_close), guide);
    g_signal_connect_swapped(guide->eyewear, "toggled", G_CALLBACK(answered), guide);
    g_signal_connect_swapped(guide->beam, "toggled", G_CALLBACK(answered), guide);
    g_signal_connect_swapped(guide->nobody, "toggled", G_CALLBACK(answered), guide);
    fill_standards(guide);
    standard_chosen(guide);
    answered(guide);
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
