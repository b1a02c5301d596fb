/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-status-strip.h"

#include "cel-words.h"

#include <glib/gi18n-lib.h>

/** Item: one fact of the strip. */
enum {
    ITEM_INSTRUMENT,
    ITEM_LASER,
    ITEM_CHECK,
    ITEM_CALIBRATION,
    ITEM_PERSON,
    ITEM_CLOCK,
    ITEM_DISK,
    N_ITEMS
};

static const char *const icons[N_ITEMS] = {
    [ITEM_INSTRUMENT] = "camera-web-symbolic", [ITEM_LASER] = "weather-clear-symbolic",
    [ITEM_CHECK] = "emblem-ok-symbolic",       [ITEM_CALIBRATION] = "emblem-system-symbolic",
    [ITEM_PERSON] = "avatar-default-symbolic", [ITEM_CLOCK] = "dialog-warning-symbolic",
    [ITEM_DISK] = "drive-harddisk-symbolic",
};

static const guint64 LITTLE_DISK = G_GUINT64_CONSTANT(2) << 30;

struct _CelStatusStrip {
    AdwBin parent;
    CelDesk *desk;
    GtkWidget *items[N_ITEMS];
    GtkLabel *labels[N_ITEMS];
    GtkImage *check_icon;
    GtkBox *column, *tasks;
    GtkWidget *facts;
    guint refresh_id;
};

G_DEFINE_FINAL_TYPE(CelStatusStrip, cel_status_strip, ADW_TYPE_BIN)

/* ---- what is so ---- */

static char *instrument_text(const CelDeskFacts *facts)
{
    if (!facts->has_instrument)
        return g_strdup(_("No instrument"));
    if (facts->instrument_gone)
        return g_strdup_printf(_("%s: unplugged"), facts->instrument);
    return facts->simulated ? g_strdup_printf(_("%s (SIMULATED)"), facts->instrument)
                            : g_strdup(facts->instrument);
}

/* Never a better state than the hardware gave. */
static char *laser_text(const CelDeskFacts *facts)
{
    if (!facts->has_instrument || facts->laser_kind == CEL_LASER_EXTERNAL)
        return g_strdup(_("Laser state unknown"));
    if (facts->laser_kind == CEL_LASER_NONE)
        return g_strdup(_("No laser"));
    if (facts->laser == CEL_LASER_UNKNOWN)
        return g_strdup(_("Laser state unknown: treat as on"));
    return g_strdup_printf(_("Laser %s"), _(cel_laser_state_text(facts->laser)));
}

static char *check_text(const CelDeskFacts *facts)
{
    const char *title = _(cel_day_state_def(facts->check)->title);
    if (facts->check_us == 0 || facts->check == CEL_DAY_UNCHECKED)
        return g_strdup(title);
    g_autofree char *age = cel_ui_age(cel_clock_wall_us(cel_clock_system()) - facts->check_us);
    return g_strdup_printf(_("%s, %s"), title, age);
}

/* Only what is not the instrument's own business. */
static char *calibration_text(const CelDeskFacts *facts)
{
    if (*facts->calibration_problem != '\0')
        return g_strdup(_("Calibration not in force"));
    g_autofree char *age =
        cel_ui_age(cel_clock_wall_us(cel_clock_system()) - facts->calibration_us);
    return g_strdup_printf(_("Calibrated by the laboratory, %s"), age);
}

static char *person_text(const CelDeskFacts *facts)
{
    if (*facts->person == '\0')
        return g_strdup(_("Nobody signed in"));
    return g_strdup_printf(_("%s (%s)"), facts->person,
                           cel_role_title(facts->role, cel_ui_is_chinese()));
}

static void set_item(CelStatusStrip *strip, guint item, gboolean shown, const char *text)
{
    gtk_widget_set_visible(strip->items[item], shown);
    gtk_label_set_text(strip->labels[item], text);
    gtk_widget_set_tooltip_text(strip->items[item], text);
}

static void mark(CelStatusStrip *strip, guint item, gboolean attention)
{
    if (attention)
        gtk_widget_add_css_class(strip->items[item], "attention");
    else
        gtk_widget_remove_css_class(strip->items[item], "attention");
}

static void refresh(CelStatusStrip *strip)
{
    const CelDeskFacts *facts = cel_desk_facts(strip->desk);
    g_autofree char *instrument = instrument_text(facts);
    g_autofree char *laser = laser_text(facts);
    g_autofree char *check = check_text(facts);
    g_autofree char *calibration = calibration_text(facts);
    g_autofree char *person = person_text(facts);
    g_autofree char *bytes = cel_ui_bytes(facts->disk_free_bytes);
    g_autofree char *disk = g_strdup_printf(_("%s free"), bytes);
    set_item(strip, ITEM_INSTRUMENT, TRUE, instrument);
    set_item(strip, ITEM_LASER, facts->has_instrument, laser);
    set_item(strip, ITEM_CHECK, facts->has_instrument, check);
    set_item(strip, ITEM_CALIBRATION,
             *facts->calibration != '\0' || *facts->calibration_problem != '\0', calibration);
    set_item(strip, ITEM_PERSON, TRUE, person);
    set_item(strip, ITEM_CLOCK, facts->clock_doubt, _("Clock in doubt"));
    set_item(strip, ITEM_DISK, facts->disk_free_bytes > 0, disk);
    const gboolean burns = facts->laser == CEL_LASER_ON || facts->laser == CEL_LASER_UNKNOWN;
    mark(strip, ITEM_INSTRUMENT, facts->instrument_gone);
    mark(strip, ITEM_LASER, burns && facts->laser_kind != CEL_LASER_NONE);
    mark(strip, ITEM_CHECK, facts->check != CEL_DAY_OK);
    mark(strip, ITEM_CALIBRATION, *facts->calibration_problem != '\0');
    gtk_image_set_from_icon_name(strip->check_icon, facts->check == CEL_DAY_OK ? icons[ITEM_CHECK]
                                                                               : icons[ITEM_CLOCK]);
    mark(strip, ITEM_CLOCK, TRUE);
    mark(strip, ITEM_DISK, facts->disk_free_bytes < LITTLE_DISK);
}

static gboolean refresh_age(gpointer strip)
{
    refresh(strip);
    return G_SOURCE_CONTINUE;
}

/* ---- what runs ---- */

static void stop_clicked(GtkButton *button, gpointer task)
{
    gtk_widget_set_sensitive(GTK_WIDGET(button), FALSE);
    cel_task_cancel(task);
}

static GtkWidget *task_row(CelTask *task)
{
    GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
    GtkWidget *title = gtk_label_new(cel_task_title(task));
    GtkWidget *stage = gtk_label_new(NULL);
    GtkWidget *bar = gtk_progress_bar_new();
    GtkWidget *stop = gtk_button_new_with_label(_("Stop"));
    gtk_label_set_ellipsize(GTK_LABEL(stage), PANGO_ELLIPSIZE_END);
    gtk_label_set_xalign(GTK_LABEL(stage), 0.0F);
    gtk_widget_add_css_class(stage, "dim-label");
    gtk_widget_set_hexpand(stage, TRUE);
    gtk_widget_set_valign(bar, GTK_ALIGN_CENTER);
    gtk_accessible_update_property(GTK_ACCESSIBLE(bar), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   cel_task_title(task), -1);
    g_object_bind_property(task, "stage", stage, "label", G_BINDING_SYNC_CREATE);
    g_object_bind_property(task, "fraction", bar, "fraction", G_BINDING_DEFAULT);
    g_object_bind_property(task, "covered", row, "visible",
                           G_BINDING_SYNC_CREATE | G_BINDING_INVERT_BOOLEAN);
    g_signal_connect(stop, "clicked", G_CALLBACK(stop_clicked), task);
    gtk_box_append(GTK_BOX(row), title);
    gtk_box_append(GTK_BOX(row), stage);
    gtk_box_append(GTK_BOX(row), bar);
    gtk_box_append(GTK_BOX(row), stop);
    g_object_set_data_full(G_OBJECT(row), "task", g_object_ref(task), g_object_unref);
    return row;
}

/* A task whose stop stands elsewhere has its row, unseen. */
static void show_tasks(CelStatusStrip *strip)
{
    gboolean any = FALSE;
    for (GtkWidget *row = gtk_widget_get_first_child(GTK_WIDGET(strip->tasks)); row != NULL;
         row = gtk_widget_get_next_sibling(row))
        any = any || gtk_widget_get_visible(row);
    gtk_widget_set_visible(GTK_WIDGET(strip->tasks), any);
}

static void tasks_changed(GListModel *running, guint at, guint removed, guint added, gpointer data)
{
    CelStatusStrip *strip = data;
    (void)at;
    (void)removed;
    (void)added;
    GtkWidget *child = NULL;
    while ((child = gtk_widget_get_first_child(GTK_WIDGET(strip->tasks))) != NULL)
        gtk_box_remove(strip->tasks, child);
    const guint n = g_list_model_get_n_items(running);
    for (guint i = 0; i < n; i++) {
        g_autoptr(CelTask) task = g_list_model_get_item(running, i);
        GtkWidget *row = task_row(task);
        gtk_box_append(strip->tasks, row);
        g_signal_connect_object(row, "notify::visible", G_CALLBACK(show_tasks), strip,
                                G_CONNECT_SWAPPED);
    }
    show_tasks(strip);
}

/* ---- the widget ---- */

static void add_item(CelStatusStrip *strip, GtkFlowBox *flow, guint item)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    GtkWidget *icon = gtk_image_new_from_icon_name(icons[item]);
    strip->labels[item] = GTK_LABEL(gtk_label_new(NULL));
    if (item == ITEM_CHECK)
        strip->check_icon = GTK_IMAGE(icon);
    gtk_label_set_ellipsize(strip->labels[item], PANGO_ELLIPSIZE_END);
    gtk_accessible_update_property(GTK_ACCESSIBLE(icon), GTK_ACCESSIBLE_PROPERTY_LABEL, "", -1);
    gtk_box_append(GTK_BOX(box), icon);
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(strip->labels[item]));
    gtk_widget_add_css_class(box, "status-item");
    gtk_flow_box_append(flow, box);
    strip->items[item] = gtk_widget_get_parent(box);
    gtk_widget_set_focusable(strip->items[item], FALSE);
}

static void cel_status_strip_dispose(GObject *object)
{
    CelStatusStrip *strip = CEL_STATUS_STRIP(object);
    g_clear_handle_id(&strip->refresh_id, g_source_remove);
    if (strip->desk != NULL) {
        g_signal_handlers_disconnect_by_data(strip->desk, strip);
        g_signal_handlers_disconnect_by_data(cel_lanes_visible(cel_desk_lanes(strip->desk)), strip);
    }
    g_clear_object(&strip->desk);
    g_clear_object(&strip->facts);
    G_OBJECT_CLASS(cel_status_strip_parent_class)->dispose(object);
}

static void cel_status_strip_class_init(CelStatusStripClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = cel_status_strip_dispose;
}

static void cel_status_strip_init(CelStatusStrip *strip)
{
    enum { REFRESH_S = 30, MOST_ITEMS = N_ITEMS };
    GtkWidget *column = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    GtkFlowBox *flow = GTK_FLOW_BOX(gtk_flow_box_new());
    gtk_flow_box_set_selection_mode(flow, GTK_SELECTION_NONE);
    gtk_flow_box_set_max_children_per_line(flow, MOST_ITEMS);
    gtk_flow_box_set_column_spacing(flow, 12);
    for (guint i = 0; i < N_ITEMS; i++)
        add_item(strip, flow, i);
    strip->tasks = GTK_BOX(gtk_box_new(GTK_ORIENTATION_VERTICAL, 6));
    gtk_widget_add_css_class(GTK_WIDGET(strip->tasks), "running-tasks");
    gtk_widget_add_css_class(GTK_WIDGET(flow), "status-strip");
    strip->column = GTK_BOX(column);
    strip->facts = g_object_ref_sink(GTK_WIDGET(flow));
    gtk_box_append(GTK_BOX(column), GTK_WIDGET(strip->tasks));
    gtk_box_append(GTK_BOX(column), GTK_WIDGET(flow));
    adw_bin_set_child(ADW_BIN(strip), column);
    gtk_accessible_update_property(GTK_ACCESSIBLE(flow), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("What holds now"), -1);
    strip->refresh_id = g_timeout_add_seconds(REFRESH_S, refresh_age, strip);
}

void cel_status_strip_lend(CelStatusStrip *strip, GtkBox *to)
{
    enum { A_LINE = 3 };
    GtkBox *from = GTK_BOX(gtk_widget_get_parent(strip->facts));
    gtk_flow_box_set_min_children_per_line(GTK_FLOW_BOX(strip->facts), to != NULL ? A_LINE : 0);
    to = to != NULL ? to : strip->column;
    if (from == to)
        return;
    gtk_box_remove(from, strip->facts);
    gtk_box_append(to, strip->facts);
}

GtkWidget *cel_status_strip_new(CelDesk *desk)
{
    CelStatusStrip *strip = g_object_new(CEL_TYPE_STATUS_STRIP, NULL);
    GListModel *running = cel_lanes_visible(cel_desk_lanes(desk));
    strip->desk = g_object_ref(desk);
    g_signal_connect_swapped(desk, "changed", G_CALLBACK(refresh), strip);
    g_signal_connect(running, "items-changed", G_CALLBACK(tasks_changed), strip);
    tasks_changed(running, 0, 0, 0, strip);
    refresh(strip);
    return GTK_WIDGET(strip);
}
