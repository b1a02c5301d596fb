/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instruments/cel-calibrate-guide.h"

#include "cel-heard.h"
#include "cel-words.h"
#include "instruments/cel-calibrate-run.h"
#include "instruments/cel-calibrate-table.h"
#include "instruments/cel-check-guide.h"
#include "instruments/cel-expected.h"
#include "instruments/cel-shot-box.h"
#include "instruments/cel-standard-choice.h"

#include <glib/gi18n-lib.h>

struct _CelCalibrateGuide {
    AdwWindow parent;
    CelPage *page; /* weak */
    GtkStack *steps;
    GtkBox *choosing, *measuring, *scanned, *outcome, *end;
    AdwPreferencesGroup *scans, *table;
    GtkWidget *next, *another, *derive, *back, *seal, *check, *finish;
    CelStandardChoice *choice;
    CelShotBox *shot;
    CelPlotView *measured;
    GtkWidget *lines; /* in table; NULL: none */
    GtkLabel *words, *refusal, *ended;
    GPtrArray *shots;     /* CelCheckShot, kept ones */
    GPtrArray *rows;      /* their rows */
    CelCalibrateRun *run; /* (nullable): derived, not yet sealed */
    CelTask *task;
};

G_DEFINE_FINAL_TYPE(CelCalibrateGuide, cel_calibrate_guide, ADW_TYPE_WINDOW)

static CelDesk *desk_of(CelCalibrateGuide *guide)
{
    return guide->page != NULL ? cel_page_desk(guide->page) : NULL;
}

/* ---- the scans ---- */

static void show_scans(CelCalibrateGuide *guide);

static void take_away(GtkButton *button, CelCalibrateGuide *guide)
{
    g_ptr_array_remove(guide->shots, g_object_get_data(G_OBJECT(button), "shot"));
    show_scans(guide);
}

static GtkWidget *scan_row(CelCalibrateGuide *guide, guint i)
{
    CelCheckShot *shot = g_ptr_array_index(guide->shots, i);
    const char *standard = cel_ui_pick(shot->standard->name_zh, shot->standard->name_en);
    g_autofree char *title = g_strdup_printf("%u · %s", i + 1, standard);
    g_autofree char *when = cel_ui_time(shot->measurement->started_wall_us);
    g_autofree char *name = g_strdup_printf(_("Take away scan %u, %s"), i + 1, standard);
    GtkWidget *row = adw_action_row_new();
    GtkWidget *button = gtk_button_new_with_label(_("Take away"));
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
    adw_action_row_set_subtitle(ADW_ACTION_ROW(row), when);
    gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    g_object_set_data(G_OBJECT(button), "shot", shot);
    g_signal_connect(button, "clicked", G_CALLBACK(take_away), guide);
    adw_action_row_add_suffix(ADW_ACTION_ROW(row), button);
    return row;
}

/* Those that are kept, and the last one over the picture of a good one. */
static void show_scans(CelCalibrateGuide *guide)
{
    const guint n = guide->shots->len;
    for (guint i = 0; i < guide->rows->len; i++)
        adw_preferences_group_remove(guide->scans, g_ptr_array_index(guide->rows, i));
    g_ptr_array_set_size(guide->rows, 0);
    for (guint i = 0; i < n; i++) {
        GtkWidget *row = scan_row(guide, i);
        adw_preferences_group_add(guide->scans, row);
        g_ptr_array_add(guide->rows, row);
    }
    gtk_widget_set_visible(GTK_WIDGET(guide->scans), n > 0);
    gtk_widget_set_visible(GTK_WIDGET(guide->measured), n > 0);
    gtk_widget_set_sensitive(guide->derive, n > 0 && guide->task == NULL);
    if (n > 0) {
        CelCheckShot *last = g_ptr_array_index(guide->shots, n - 1);
        cel_expected_show(guide->measured, last->standard, last->trace);
    }
    gtk_stack_set_visible_child_name(guide->steps, "scans");
}

static void choose_standard(CelCalibrateGuide *guide)
{
    gtk_stack_set_visible_child_name(guide->steps, "standard");
}

/* Answers hold for one measurement. */
static void go_to_measuring(CelCalibrateGuide *guide)
{
    cel_shot_box_clear(guide->shot);
    gtk_stack_set_visible_child_name(guide->steps, "measure");
}

static void measure(CelCalibrateGuide *guide)
{
    CelDesk *desk = desk_of(guide);
    if (desk != NULL)
        cel_shot_box_measure(guide->shot,
                             cel_check_shot_new(desk, cel_standard_choice_get(guide->choice)));
}

static void measured(CelCalibrateGuide *guide, CelCheckShot *shot)
{
    g_ptr_array_add(guide->shots, cel_check_shot_ref(shot));
    show_scans(guide);
}

/* ---- deriving ---- */

static void start(CelCalibrateGuide *guide, const CelTaskOrder *order)
{
    g_set_object(&guide->task, cel_task_start(cel_desk_lanes(guide->run->desk), order));
    gtk_widget_set_sensitive(GTK_WIDGET(guide->steps), FALSE);
}

static void ended(CelCalibrateGuide *guide)
{
    g_clear_object(&guide->task);
    gtk_widget_set_sensitive(GTK_WIDGET(guide->steps), TRUE);
    gtk_widget_set_sensitive(guide->derive, guide->shots->len > 0);
}

static void refuse(CelCalibrateGuide *guide, const GError *error)
{
    gtk_label_set_text(guide->refusal, error != NULL ? error->message : "");
    gtk_widget_set_visible(GTK_WIDGET(guide->refusal), error != NULL);
}

static void show_outcome(CelCalibrateGuide *guide, const GError *error)
{
    const CelShiftFit *fit = error == NULL ? guide->run->fit : NULL;
    g_autofree char *words = fit != NULL ? cel_calibrate_words(fit) : NULL;
    if (guide->lines != NULL)
        adw_preferences_group_remove(guide->table, guide->lines);
    guide->lines = fit != NULL ? cel_calibrate_table_new(fit) : NULL;
    if (fit != NULL)
        adw_preferences_group_add(guide->table, guide->lines);
    gtk_label_set_text(guide->words,
                       fit != NULL ? words : _("No calibration came of it, because:"));
    refuse(guide, error);
    gtk_widget_set_visible(GTK_WIDGET(guide->table), fit != NULL);
    gtk_widget_set_visible(guide->seal, fit != NULL);
    gtk_stack_set_visible_child_name(guide->steps, "derived");
}

static void derived(gpointer owner, gpointer data, const GError *error)
{
    CelCalibrateGuide *guide = owner;
    (void)data;
    ended(guide);
    show_outcome(guide, error);
}

static void derive(CelCalibrateGuide *guide)
{
    CelDesk *desk = desk_of(guide);
    if (desk == NULL || guide->shots->len == 0 || guide->task != NULL)
        return;
    g_clear_pointer(&guide->run, cel_calibrate_run_unref);
    guide->run = cel_calibrate_run_new(desk, guide->shots);
    const CelTaskOrder order = {.lane = CEL_LANE_COMPUTE,
                                .title = _("Deriving the calibration"),
                                .run = cel_calibrate_run_derive,
                                .done = derived,
                                .data = cel_calibrate_run_ref(guide->run),
                                .free = cel_calibrate_run_unref,
                                .owner = guide};
    start(guide, &order);
}

/* ---- sealing ---- */

static void sealed(gpointer owner, gpointer data, const GError *error)
{
    CelCalibrateGuide *guide = owner;
    const CelCalibrateRun *run = data;
    ended(guide);
    refuse(guide, error);
    if (error != NULL)
        return;
    g_autofree char *file = g_path_get_basename(run->path);
    const char *now = run->in_force
                          ? _("It is in force: from now on the instrument measures with it.")
                          : _("It corrects recorded shifts and holds no wavelengths, so the "
                              "instrument goes on measuring with its own.");
    g_autofree char *text = g_strdup_printf(
        _("%s, sealed with its recordings as %s.\n\n%s The instrument needs a new check before "
          "what it measures counts above a lead."),
        run->object->calibration.id, file, now);
    gtk_label_set_text(guide->ended, text);
    gtk_stack_set_visible_child_name(guide->steps, "sealed");
}

static void seal(CelCalibrateGuide *guide)
{
    if (guide->run == NULL || guide->run->object == NULL || guide->run->path != NULL ||
        guide->task != NULL)
        return;
    const CelTaskOrder order = {.lane = CEL_LANE_LAB,
                                .title = _("Sealing the calibration"),
                                .run = cel_calibrate_run_seal,
                                .done = sealed,
                                .data = cel_calibrate_run_ref(guide->run),
                                .free = cel_calibrate_run_unref,
                                .owner = guide};
    start(guide, &order);
}

static void check(CelCalibrateGuide *guide)
{
    if (guide->page != NULL)
        gtk_window_present(GTK_WINDOW(cel_check_guide_new(guide->page, FALSE)));
    gtk_window_close(GTK_WINDOW(guide));
}

/* ---- the widget ---- */

static gboolean close_request(GtkWindow *window)
{
    CelCalibrateGuide *guide = CEL_CALIBRATE_GUIDE(window);
    cel_shot_box_stop(guide->shot); /* the laser goes off; what was recorded stays */
    cel_task_cancel(guide->task);
    return FALSE;
}

static void cel_calibrate_guide_dispose(GObject *object)
{
    CelCalibrateGuide *guide = CEL_CALIBRATE_GUIDE(object);
    g_clear_weak_pointer(&guide->page);
    g_clear_object(&guide->task);
    g_clear_pointer(&guide->run, cel_calibrate_run_unref);
    g_clear_pointer(&guide->shots, g_ptr_array_unref);
    g_clear_pointer(&guide->rows, g_ptr_array_unref);
    G_OBJECT_CLASS(cel_calibrate_guide_parent_class)->dispose(object);
}

static void cel_calibrate_guide_class_init(CelCalibrateGuideClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = cel_calibrate_guide_dispose;
    GTK_WINDOW_CLASS(klass)->close_request = close_request;
    gtk_widget_class_set_template_from_resource(
        widget_class, "/org/celadon/Celadon/instruments/cel-calibrate-guide.ui");
    gtk_widget_class_bind_template_child(widget_class, CelCalibrateGuide, steps);
    gtk_widget_class_bind_template_child(widget_class, CelCalibrateGuide, choosing);
    gtk_widget_class_bind_template_child(widget_class, CelCalibrateGuide, measuring);
    gtk_widget_class_bind_template_child(widget_class, CelCalibrateGuide, scanned);
    gtk_widget_class_bind_template_child(widget_class, CelCalibrateGuide, outcome);
    gtk_widget_class_bind_template_child(widget_class, CelCalibrateGuide, end);
    gtk_widget_class_bind_template_child(widget_class, CelCalibrateGuide, scans);
    gtk_widget_class_bind_template_child(widget_class, CelCalibrateGuide, table);
    gtk_widget_class_bind_template_child(widget_class, CelCalibrateGuide, next);
    gtk_widget_class_bind_template_child(widget_class, CelCalibrateGuide, another);
    gtk_widget_class_bind_template_child(widget_class, CelCalibrateGuide, derive);
    gtk_widget_class_bind_template_child(widget_class, CelCalibrateGuide, back);
    gtk_widget_class_bind_template_child(widget_class, CelCalibrateGuide, seal);
    gtk_widget_class_bind_template_child(widget_class, CelCalibrateGuide, check);
    gtk_widget_class_bind_template_child(widget_class, CelCalibrateGuide, finish);
}

static GtkLabel *add_label(GtkBox *box, const char *style)
{
    GtkWidget *label = gtk_label_new(NULL);
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_xalign(GTK_LABEL(label), 0.0F);
    if (style != NULL)
        gtk_widget_add_css_class(label, style);
    gtk_box_append(box, label);
    return GTK_LABEL(label);
}

static void add_parts(CelCalibrateGuide *guide)
{
    guide->choice = g_object_new(CEL_TYPE_STANDARD_CHOICE, NULL);
    guide->shot = g_object_new(CEL_TYPE_SHOT_BOX, NULL);
    gtk_box_append(guide->choosing, GTK_WIDGET(guide->choice));
    gtk_box_append(guide->measuring, GTK_WIDGET(guide->shot));
    guide->measured =
        cel_expected_add_plot(guide->scanned, _("The scan over the picture of a good one"));
    guide->words = add_label(guide->outcome, NULL);
    guide->refusal = add_label(guide->outcome, "problem");
    guide->ended = add_label(guide->end, NULL);
    gtk_label_set_wrap_mode(guide->ended, PANGO_WRAP_WORD_CHAR);
}

static void cel_calibrate_guide_init(CelCalibrateGuide *guide)
{
    guide->shots = g_ptr_array_new_with_free_func(cel_check_shot_unref);
    guide->rows = g_ptr_array_new();
    gtk_widget_init_template(GTK_WIDGET(guide));
    cel_heard_stack(guide->steps);
    add_parts(guide);
    const struct {
        gpointer from;
        const char *signal;
        GCallback to;
    } wires[] = {
        {guide->next, "clicked", G_CALLBACK(go_to_measuring)},
        {guide->shot, "asked", G_CALLBACK(measure)},
        {guide->shot, "measured", G_CALLBACK(measured)},
        {guide->another, "clicked", G_CALLBACK(choose_standard)},
        {guide->derive, "clicked", G_CALLBACK(derive)},
        {guide->back, "clicked", G_CALLBACK(show_scans)},
        {guide->seal, "clicked", G_CALLBACK(seal)},
        {guide->check, "clicked", G_CALLBACK(check)},
        {guide->finish, "clicked", G_CALLBACK(gtk_window_close)},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(wires); i++)
        g_signal_connect_swapped(wires[i].from, wires[i].signal, wires[i].to, guide);
}

GtkWidget *cel_calibrate_guide_new(CelPage *page)
{
    CelCalibrateGuide *guide = g_object_new(CEL_TYPE_CALIBRATE_GUIDE, "transient-for",
                                            gtk_widget_get_root(GTK_WIDGET(page)), "modal", TRUE,
                                            "title", _("Calibrate the shift axis"), NULL);
    g_set_weak_pointer(&guide->page, page);
    return GTK_WIDGET(guide);
}
