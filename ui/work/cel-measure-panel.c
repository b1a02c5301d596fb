/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "work/cel-measure-panel.h"

#include "work/cel-exposure-box.h"
#include "work/cel-live-feed.h"
#include "work/cel-work-parts.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>

/* Frames a second are counted over so long. */
enum { RATE_US = G_USEC_PER_SEC };

/** Run: what the instrument does for this panel; the lane's thread works with a part of it. */
typedef struct {
    CelDesk *desk;
    gboolean live;
    CelAcquireOptions options;
    CelLiveFeed *feed; /* (nullable) */
    char *title;
    CelWorkItem *item; /* (nullable): what came out */
} Run;

struct _CelMeasurePanel {
    CelWorkTool parent;
    CelExposureBox *exposure;
    GtkWidget *absent, *present, *instrument, *laser, *live, *measure, *hint;
    CelDeviceDescription *description; /* (nullable): of the open instrument */
    char *described;                   /* (nullable): which one that is */
    CelTask *task;                     /* (nullable): the latest run */
    Run *run;                          /* (nullable): its */
    CelPlotTrace *latest;              /* (nullable): the live view's last frame */
    CelLiveSeen seen;
    double rate;
    gint64 rate_since_us;
    guint64 rate_since;
    guint n_measured;
};

G_DEFINE_FINAL_TYPE(CelMeasurePanel, cel_measure_panel, CEL_TYPE_WORK_TOOL)

static void refresh(CelMeasurePanel *panel);

/* ---- what runs ---- */

static void run_free(gpointer data)
{
    Run *run = data;
    g_object_unref(run->desk);
    if (run->feed != NULL)
        cel_live_feed_unref(run->feed);
    g_free(run->title);
    g_clear_object(&run->item);
    g_free(run);
}

static gboolean look(const Run *run, CelDevice *device, CelJob *job, GError **error)
{
    const CelAcquireOptions *o = &run->options;
    const CelLiveOptions options = {.integration_ms = o->integration_ms,
                                    .laser_mw = o->laser_mw,
                                    .laser_off = o->laser_off,
                                    .dark_frames = o->no_dark ? 0 : o->dark_frames,
                                    .confirmation = o->confirmation,
                                    .clock = o->clock,
                                    .on_frame = cel_live_feed_put,
                                    .on_frame_data = run->feed};
    return cel_live_run(device, &options, job, error);
}

static gboolean run_it(gpointer data, CelJob *job, GError **error)
{
    Run *run = data;
    CelDevice *device = cel_desk_device(run->desk);
    if (device == NULL) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                    _("No instrument is open. Nothing was measured. Open one and repeat."));
        return FALSE;
    }
    if (run->live)
        return look(run, device, job, error);
    CelMeasurement *measurement = cel_device_acquire(device, &run->options, job, error);
    if (measurement == NULL)
        return FALSE;
    run->item = cel_work_item_new_measured(CEL_WORK_MEASURED, run->title, measurement, error);
    return run->item != NULL;
}

static void ran(gpointer owner, gpointer data, const GError *error)
{
    CelMeasurePanel *panel = owner;
    Run *run = data;
    if (run->feed != NULL)
        cel_live_feed_close(run->feed);
    if (panel->run == run) {
        panel->run = NULL;
        g_clear_object(&panel->task);
    }
    if (run->item != NULL)
        cel_work_session_add(cel_work_tool_session(CEL_WORK_TOOL(panel)), run->item);
    if (run->live && error == NULL)
        cel_page_say(cel_work_tool_place(CEL_WORK_TOOL(panel))->page,
                     _("The light went off: the live view has it for one minute. Start it again."));
    cel_page_fail(cel_work_tool_place(CEL_WORK_TOOL(panel))->page, error);
    refresh(panel);
}

static gboolean runs(CelMeasurePanel *panel, gboolean live)
{
    return panel->run != NULL && panel->run->live == live;
}

gboolean cel_measure_panel_is_live(CelMeasurePanel *panel)
{
    return runs(panel, TRUE);
}

guint64 cel_measure_panel_seen(CelMeasurePanel *panel)
{
    return panel->seen.number;
}

gboolean cel_measure_panel_stop(CelMeasurePanel *panel)
{
    if (panel->run == NULL)
        return FALSE;
    if (panel->run->feed != NULL)
        cel_live_feed_close(panel->run->feed);
    cel_task_cancel(panel->task);
    return TRUE;
}

/* ---- the live view ---- */

static void count_rate(CelMeasurePanel *panel)
{
    const gint64 now_us = g_get_monotonic_time(), span_us = now_us - panel->rate_since_us;
    if (panel->rate_since_us != 0 && span_us < RATE_US)
        return;
    if (panel->rate_since_us != 0)
        panel->rate = (double)(panel->seen.number - panel->rate_since) * 1e6 / (double)span_us;
    panel->rate_since_us = now_us;
    panel->rate_since = panel->seen.number;
}

static void tell_live(CelMeasurePanel *panel)
{
    const CelLiveSeen *seen = &panel->seen;
    g_autoptr(GString) text = g_string_new(NULL);
    if (panel->description->instrument.simulated)
        g_string_append_printf(text, "%s · ", _("Simulated data"));
    g_string_append_printf(text, _("Frame %u"), (guint)seen->number);
    if (panel->rate > 0.0)
        g_string_append_printf(text, _(" · %.1f a second"), panel->rate);
    if (seen->integration_ms > 0.0)
        g_string_append_printf(text, _(" · %.4g ms"), seen->integration_ms);
    if (seen->fill > 0.0)
        g_string_append_printf(text, _(" · fullest pixel at %.0f %% of the limit"),
                               seen->fill * 100.0);
    if (seen->saturated > 0)
        g_string_append_printf(text, _(" · SATURATED: %zu pixels"), seen->saturated);
    cel_work_tool_caption(CEL_WORK_TOOL(panel), text->str);
}

static void frame_came(gpointer data)
{
    CelMeasurePanel *panel = data;
    if (panel->run == NULL || panel->run->feed == NULL ||
        !cel_live_feed_take(panel->run->feed, &panel->seen))
        return;
    g_clear_pointer(&panel->latest, cel_plot_trace_unref);
    panel->latest = g_steal_pointer(&panel->seen.trace);
    count_rate(panel);
    if (!cel_work_tool_is_active(CEL_WORK_TOOL(panel)))
        return;
    cel_plot_view_set_live(cel_work_tool_place(CEL_WORK_TOOL(panel))->plot, panel->latest);
    tell_live(panel);
}

/* ---- starting ---- */

/* @run: (transfer full) */
static void start(CelMeasurePanel *panel, Run *run)
{
    const CelTaskOrder order = {
        .lane = CEL_LANE_INSTRUMENT,
        .title = run->live ? NULL : _("Measuring"), /* the page itself shows the live view */
        .run = run_it,
        .done = ran,
        .data = run,
        .free = run_free,
        .light = TRUE};
    cel_measure_panel_stop(panel);
    g_set_object(&panel->task, cel_work_tool_start(CEL_WORK_TOOL(panel), &order));
    panel->run = run;
    cel_exposure_box_used(panel->exposure); /* the answers were for this light alone */
    refresh(panel);
}

static Run *new_run(CelMeasurePanel *panel, gboolean live)
{
    Run *run = g_new0(Run, 1);
    run->desk = g_object_ref(cel_work_tool_desk(CEL_WORK_TOOL(panel)));
    run->live = live;
    run->options = cel_exposure_box_options(panel->exposure);
    run->options.clock = cel_clock_system();
    return run;
}

static void say_problem(CelMeasurePanel *panel, gboolean live)
{
    g_autoptr(GError) error = NULL;
    if (!cel_exposure_box_may(panel->exposure, live, &error))
        cel_page_say(cel_work_tool_place(CEL_WORK_TOOL(panel))->page, error->message);
}

void cel_measure_panel_toggle_live(CelMeasurePanel *panel)
{
    if (runs(panel, TRUE)) {
        cel_measure_panel_stop(panel);
        return;
    }
    if (panel->description == NULL || panel->run != NULL)
        return;
    if (!cel_exposure_box_may(panel->exposure, TRUE, NULL)) {
        say_problem(panel, TRUE);
        return;
    }
    Run *run = new_run(panel, TRUE);
    run->feed = cel_live_feed_new(panel->description, frame_came, panel);
    panel->seen = (CelLiveSeen){0};
    panel->rate = 0.0;
    panel->rate_since_us = 0;
    cel_plot_view_set_traces(cel_work_tool_place(CEL_WORK_TOOL(panel))->plot, NULL);
    start(panel, run);
}

void cel_measure_panel_measure(CelMeasurePanel *panel)
{
    if (panel->description == NULL || runs(panel, FALSE))
        return;
    if (!cel_exposure_box_may(panel->exposure, FALSE, NULL)) {
        say_problem(panel, FALSE);
        return;
    }
    Run *run = new_run(panel, FALSE);
    run->title = g_strdup_printf(_("Measurement %u"), ++panel->n_measured);
    start(panel, run);
}

/* ---- the instrument ---- */

/** Look: which instrument is open, found out on its lane. */
typedef struct {
    CelDesk *desk;
    CelDeviceDescription *description;
} Look;

static void look_free(gpointer data)
{
    Look *what = data;
    g_object_unref(what->desk);
    g_free(what->description);
    g_free(what);
}

static gboolean describe(gpointer data, CelJob *job, GError **error)
{
    Look *what = data;
    CelDevice *device = cel_desk_device(what->desk);
    (void)job;
    (void)error;
    if (device != NULL)
        what->description = g_memdup2(cel_device_describe(device), sizeof *what->description);
    return TRUE;
}

static void described(gpointer owner, gpointer data, const GError *error)
{
    CelMeasurePanel *panel = owner;
    Look *what = data;
    if (error != NULL)
        return;
    g_free(panel->description);
    panel->description = g_steal_pointer(&what->description);
    if (panel->description != NULL)
        cel_exposure_box_set_instrument(panel->exposure, panel->description);
    refresh(panel);
}

static void ask_instrument(CelMeasurePanel *panel)
{
    Look *what = g_new0(Look, 1);
    what->desk = g_object_ref(cel_work_tool_desk(CEL_WORK_TOOL(panel)));
    const CelTaskOrder order = {.lane = CEL_LANE_INSTRUMENT,
                                .run = describe,
                                .done = described,
                                .data = what,
                                .free = look_free};
    cel_work_tool_start(CEL_WORK_TOOL(panel), &order);
}

static void desk_changed(CelMeasurePanel *panel)
{
    const CelDeskFacts *facts = cel_desk_facts(cel_work_tool_desk(CEL_WORK_TOOL(panel)));
    g_autofree char *now =
        facts->has_instrument ? g_strconcat(facts->instrument, "/", facts->serial, NULL) : NULL;
    if (g_strcmp0(now, panel->described) != 0) {
        g_free(panel->described);
        panel->described = g_steal_pointer(&now);
        ask_instrument(panel);
    }
    refresh(panel);
}

/* ---- showing ---- */

/* Never a better state than the hardware gave. */
static char *laser_text(const CelDeskFacts *facts)
{
    if (facts->laser_kind == CEL_LASER_EXTERNAL)
        return g_strdup(_("Laser state unknown"));
    if (facts->laser_kind == CEL_LASER_NONE)
        return g_strdup(_("No laser"));
    return g_strdup_printf(_("Laser %s"), _(cel_laser_state_text(facts->laser)));
}

static void show_instrument(CelMeasurePanel *panel, const CelDeskFacts *facts)
{
    g_autofree char *laser = laser_text(facts);
    g_autofree char *name = g_strdup_printf("%s %s", facts->instrument, facts->serial);
    const gboolean burns = facts->laser == CEL_LASER_ON || facts->laser == CEL_LASER_UNKNOWN;
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(panel->instrument), name);
    adw_action_row_set_subtitle(ADW_ACTION_ROW(panel->instrument),
                                facts->simulated ? _("Simulated: nothing of it is evidence") : "");
    gtk_label_set_text(GTK_LABEL(panel->laser), laser);
    if (burns && facts->laser_kind != CEL_LASER_NONE)
        gtk_widget_add_css_class(panel->laser, "laser-burns");
    else
        gtk_widget_remove_css_class(panel->laser, "laser-burns");
}

static void show_hint(CelMeasurePanel *panel)
{
    g_autoptr(GError) error = NULL;
    const gboolean may = cel_exposure_box_may(panel->exposure, FALSE, &error);
    gtk_label_set_text(GTK_LABEL(panel->hint), may ? "" : error->message);
    gtk_widget_set_visible(panel->hint, !may && panel->run == NULL);
    gtk_widget_set_sensitive(panel->measure, may);
    gtk_widget_set_sensitive(panel->live, runs(panel, TRUE) ||
                                              cel_exposure_box_may(panel->exposure, TRUE, NULL));
}

static void refresh(CelMeasurePanel *panel)
{
    CelDesk *desk = cel_work_tool_desk(CEL_WORK_TOOL(panel));
    if (desk == NULL)
        return;
    const CelDeskFacts *facts = cel_desk_facts(desk);
    const gboolean has = facts->has_instrument && panel->description != NULL;
    gtk_widget_set_visible(cel_work_tool_place(CEL_WORK_TOOL(panel))->stop, panel->run != NULL);
    gtk_widget_set_visible(panel->absent, !has);
    gtk_widget_set_visible(panel->present, has);
    if (!has)
        return;
    show_instrument(panel, facts);
    gtk_button_set_label(GTK_BUTTON(panel->live),
                         runs(panel, TRUE) ? _("End live view") : _("Live view"));
    gtk_widget_set_visible(panel->measure, !runs(panel, FALSE));
    gtk_widget_set_visible(panel->live, !runs(panel, FALSE));
    gtk_widget_set_sensitive(GTK_WIDGET(panel->exposure), panel->run == NULL || runs(panel, TRUE));
    show_hint(panel);
}

static void paint(CelWorkTool *tool, CelPlotView *plot)
{
    CelMeasurePanel *panel = CEL_MEASURE_PANEL(tool);
    CelWorkItem *item = cel_work_session_current(cel_work_tool_session(tool));
    g_autoptr(GPtrArray) traces =
        g_ptr_array_new_with_free_func((GDestroyNotify)cel_plot_trace_unref);
    cel_plot_view_set_title(plot, _("Live view and measurements"));
    cel_plot_view_set_axis_titles(plot, NULL, _("Counts"));
    if (panel->run != NULL && panel->run->live) {
        cel_plot_view_set_live(plot, panel->latest);
        return;
    }
    cel_plot_view_set_live(plot, NULL);
    if (item != NULL)
        g_ptr_array_add(traces,
                        cel_plot_trace_new_spectrum(cel_work_item_spectrum(item),
                                                    cel_work_item_title(item), CEL_TRACE_SAMPLE));
    cel_plot_view_set_traces(plot, traces);
    cel_work_tool_caption(tool, item == NULL                       ? _("Nothing measured yet.")
                                : cel_work_item_is_simulated(item) ? _("Simulated data")
                                                                   : "");
}

/* ---- the widget ---- */

static void practise(CelMeasurePanel *panel)
{
    cel_desk_open_instrument(cel_work_tool_desk(CEL_WORK_TOOL(panel)), "simulated:785", NULL, NULL,
                             NULL);
}

static void ready(CelWorkTool *tool)
{
    CelMeasurePanel *panel = CEL_MEASURE_PANEL(tool);
    g_signal_connect_object(cel_work_tool_session(tool), "changed",
                            G_CALLBACK(cel_work_tool_repaint), panel, G_CONNECT_SWAPPED);
}

/* The desk is there only once the page is in its window. */
static void rooted(CelMeasurePanel *panel)
{
    CelDesk *desk = cel_work_tool_desk(CEL_WORK_TOOL(panel));
    if (desk == NULL)
        return;
    g_signal_handlers_disconnect_by_func(desk, desk_changed, panel);
    g_signal_connect_object(desk, "changed", G_CALLBACK(desk_changed), panel, G_CONNECT_SWAPPED);
    desk_changed(panel);
}

static void cel_measure_panel_dispose(GObject *object)
{
    CelMeasurePanel *panel = CEL_MEASURE_PANEL(object);
    cel_measure_panel_stop(panel);
    panel->run = NULL;
    g_clear_object(&panel->task);
    g_clear_pointer(&panel->latest, cel_plot_trace_unref);
    g_clear_pointer(&panel->description, g_free);
    g_clear_pointer(&panel->described, g_free);
    G_OBJECT_CLASS(cel_measure_panel_parent_class)->dispose(object);
}

static void cel_measure_panel_class_init(CelMeasurePanelClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = cel_measure_panel_dispose;
    CEL_WORK_TOOL_CLASS(klass)->ready = ready;
    CEL_WORK_TOOL_CLASS(klass)->paint = paint;
}

static GtkWidget *make_absent(CelMeasurePanel *panel)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
    GtkWidget *button = gtk_button_new_with_label(_("Use the simulated instrument"));
    gtk_box_append(GTK_BOX(box), cel_work_heading(_("No instrument is open")));
    gtk_box_append(
        GTK_BOX(box),
        cel_work_text(_("Plug one in, or practise with the simulated one."), "dim-label"));
    gtk_box_append(GTK_BOX(box), button);
    g_signal_connect_swapped(button, "clicked", G_CALLBACK(practise), panel);
    return box;
}

static GtkWidget *make_buttons(CelMeasurePanel *panel)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
    panel->live = cel_work_button(_("Live view"), "work.live", "<Control>l");
    panel->measure = cel_work_button(_("Measure"), "work.measure", "<Control>m");
    panel->hint = cel_work_text("", "dim-label");
    gtk_widget_add_css_class(panel->measure, "suggested-action");
    gtk_box_append(GTK_BOX(box), panel->live);
    gtk_box_append(GTK_BOX(box), panel->measure);
    gtk_box_append(GTK_BOX(box), panel->hint);
    return box;
}

static GtkWidget *make_present(CelMeasurePanel *panel)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
    GtkWidget *list = cel_work_list(_("Instrument"));
    panel->instrument = cel_work_row("", "");
    panel->laser = cel_work_text("", NULL);
    gtk_label_set_xalign(GTK_LABEL(panel->laser), 0.0F);
    gtk_widget_add_css_class(panel->laser, "laser-state");
    gtk_list_box_append(GTK_LIST_BOX(list), panel->instrument);
    panel->exposure = CEL_EXPOSURE_BOX(cel_exposure_box_new());
    g_signal_connect_swapped(panel->exposure, "changed", G_CALLBACK(refresh), panel);
    gtk_box_append(GTK_BOX(box), list);
    gtk_box_append(GTK_BOX(box), panel->laser);
    gtk_box_append(GTK_BOX(box), make_buttons(panel));
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(panel->exposure));
    return box;
}

static void cel_measure_panel_init(CelMeasurePanel *panel)
{
    GtkBox *box = NULL;
    adw_bin_set_child(ADW_BIN(panel), cel_work_panel(&box));
    panel->absent = make_absent(panel);
    panel->present = make_present(panel);
    gtk_box_append(box, panel->absent);
    gtk_box_append(box, panel->present);
    g_signal_connect(panel, "realize", G_CALLBACK(rooted), NULL);
}
