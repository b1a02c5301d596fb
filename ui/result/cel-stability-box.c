/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "result/cel-stability-box.h"

#include "match/cel-claims.h"
#include "report/cel-report-text.h"
#include "result/cel-text-group.h"

#include <glib/gi18n-lib.h>

struct _CelStabilityBox {
    AdwBin parent;
    GtkWidget *row, *start, *stop, *progress;
    CelPage *page;     /* not owned: it holds this widget */
    CelAnswer *answer; /* (nullable) */
    CelTask *task;     /* (nullable): while it runs */
};

G_DEFINE_FINAL_TYPE(CelStabilityBox, cel_stability_box, ADW_TYPE_BIN)

static void set_running(CelStabilityBox *box, gboolean running)
{
    gtk_widget_set_visible(box->start, !running && box->answer != NULL);
    gtk_widget_set_visible(box->stop, running);
    gtk_widget_set_visible(box->progress, running);
    if (!running)
        g_clear_object(&box->task);
}

static void say(CelStabilityBox *box, const char *text)
{
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(box->row), text);
}

/* ---- the work ---- */

typedef struct {
    CelAnswer *answer;
    CelStability found;
} Breaking;

static void breaking_free(gpointer data)
{
    Breaking *breaking = data;
    g_object_unref(breaking->answer);
    g_free(breaking);
}

static gboolean recalculate(gpointer data, CelJob *job, GError **error)
{
    Breaking *breaking = data;
    g_autoptr(CelIdentification) again =
        cel_work_recalculate(cel_answer_work(breaking->answer), 0, job, error);
    if (again == NULL)
        return FALSE;
    breaking->found = again->stability;
    return TRUE;
}

static void recalculated(gpointer owner, gpointer data, const GError *error)
{
    CelStabilityBox *box = owner;
    const Breaking *breaking = data;
    if (breaking->answer != box->answer)
        return;
    set_running(box, FALSE);
    if (error != NULL) {
        cel_page_fail(box->page, error);
        return;
    }
    g_autofree char *sentence =
        cel_claim_stability(breaking->found.same, breaking->found.runs, cel_ui_is_chinese());
    say(box, breaking->found.runs > 0
                 ? sentence
                 : _("There is nothing to recalculate: the answer rests on a fit of several "
                     "references, or nothing could be compared."));
}

static void show_progress(CelStabilityBox *box)
{
    double fraction = -1;
    g_object_get(box->task, "fraction", &fraction, NULL);
    if (fraction >= 0)
        gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(box->progress), fraction);
}

static void start(CelStabilityBox *box)
{
    Breaking *breaking = g_new0(Breaking, 1);
    breaking->answer = g_object_ref(box->answer);
    const CelTaskOrder order = {.lane = CEL_LANE_COMPUTE,
                                .title = _("Trying to break it"),
                                .run = recalculate,
                                .done = recalculated,
                                .data = breaking,
                                .free = breaking_free,
                                .owner = box};
    gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(box->progress), 0);
    CelTask *task = cel_task_start(cel_desk_lanes(cel_page_desk(box->page)), &order);
    g_set_object(&box->task, task);
    g_signal_connect_object(task, "notify::fraction", G_CALLBACK(show_progress), box,
                            G_CONNECT_SWAPPED);
    set_running(box, TRUE);
}

static void stop(CelStabilityBox *box)
{
    cel_task_cancel(box->task);
}

void cel_stability_box_show(CelStabilityBox *box, CelPage *page, CelAnswer *answer,
                            const char *known)
{
    g_return_if_fail(CEL_IS_STABILITY_BOX(box));
    if (box->task != NULL && answer == box->answer)
        return;
    cel_task_cancel(box->task);
    box->page = page;
    g_set_object(&box->answer, answer);
    set_running(box, FALSE);
    if (*known != '\0')
        say(box, known);
    else if (answer == NULL)
        say(box, cel_report_word(CEL_WORD_NO_STABILITY, cel_ui_is_chinese()));
    else
        say(box, _("Calculates this same measurement again, 200 times, each time slightly "
                   "disturbed."));
}

/* ---- the widget ---- */

static void cel_stability_box_dispose(GObject *object)
{
    CelStabilityBox *box = CEL_STABILITY_BOX(object);
    cel_task_cancel(box->task);
    g_clear_object(&box->task);
    g_clear_object(&box->answer);
    G_OBJECT_CLASS(cel_stability_box_parent_class)->dispose(object);
}

static void cel_stability_box_class_init(CelStabilityBoxClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = cel_stability_box_dispose;
}

static GtkWidget *button_new(const char *label)
{
    GtkWidget *button = gtk_button_new_with_label(label);
    gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
    return button;
}

static void cel_stability_box_init(CelStabilityBox *box)
{
    GtkWidget *group =
        cel_text_group_new(cel_report_word(CEL_WORD_SECTION_STABILITY, cel_ui_is_chinese()), NULL);
    box->row = cel_text_row("", NULL);
    box->start = button_new(_("Try to break it"));
    box->stop = button_new(_("Stop"));
    box->progress = gtk_progress_bar_new();
    gtk_widget_set_valign(box->progress, GTK_ALIGN_CENTER);
    gtk_accessible_update_property(GTK_ACCESSIBLE(box->progress), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("Trying to break it"), -1);
    adw_action_row_add_suffix(ADW_ACTION_ROW(box->row), box->progress);
    adw_action_row_add_suffix(ADW_ACTION_ROW(box->row), box->stop);
    adw_action_row_add_suffix(ADW_ACTION_ROW(box->row), box->start);
    adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), box->row);
    adw_bin_set_child(ADW_BIN(box), group);
    g_signal_connect_swapped(box->start, "clicked", G_CALLBACK(start), box);
    g_signal_connect_swapped(box->stop, "clicked", G_CALLBACK(stop), box);
    set_running(box, FALSE);
}

GtkWidget *cel_stability_box_new(void)
{
    return g_object_new(CEL_TYPE_STABILITY_BOX, NULL);
}
