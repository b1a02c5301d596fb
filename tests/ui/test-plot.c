/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot-fixture.h"
#include "plot/cel-plot-export.h"
#include "plot/cel-plot-words.h"
#include "ui-test.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static GtkWidget *window;

/* ---- zoom and pan in numbers ---- */

static const CelPlotRange WHOLE = {200.0, 2000.0, 0.0, 100.0};

static void a_zoom_keeps_the_value_under_the_pointer_in_its_place(void)
{
    const CelPlotRange out = cel_plot_range_zoom(
        &WHOLE, &WHOLE, &(CelPlotZoom){.x = 650.0, .y = 0.0, .x_factor = 3.0, .y_factor = 1.0});
    const double before = (650.0 - WHOLE.x_min) / (WHOLE.x_max - WHOLE.x_min);
    const double after = (650.0 - out.x_min) / (out.x_max - out.x_min);
    g_assert_cmpfloat_with_epsilon(after, before, 1e-12);
    g_assert_cmpfloat_with_epsilon(out.x_max - out.x_min, 600.0, 1e-9);
    g_assert_cmpfloat_with_epsilon(out.y_max, 100.0, 1e-12);
}

static void nobody_zooms_out_beyond_the_data_nor_into_nothing(void)
{
    const CelPlotZoom far_out = {.x = 300.0, .y = 0.0, .x_factor = 0.01, .y_factor = 1.0};
    const CelPlotZoom deep = {.x = 300.0, .y = 0.0, .x_factor = 1e12, .y_factor = 1e12};
    const CelPlotRange out = cel_plot_range_zoom(&WHOLE, &WHOLE, &far_out);
    g_assert_true(cel_plot_range_equal(&out, &WHOLE));
    const CelPlotRange in = cel_plot_range_zoom(&WHOLE, &WHOLE, &deep);
    g_assert_cmpfloat(in.x_max - in.x_min, >=, 1800.0 * 0.99e-5);
    g_assert_cmpfloat(in.y_max - in.y_min, >, 0.0);
}

static void moving_stops_at_the_ends_of_the_data(void)
{
    const CelPlotRange part = {500.0, 700.0, 0.0, 100.0};
    const CelPlotRange left = cel_plot_range_pan(&part, &WHOLE, -1e6, 0.0);
    const CelPlotRange right = cel_plot_range_pan(&part, &WHOLE, 1e6, 0.0);
    g_assert_cmpfloat_with_epsilon(left.x_min, 200.0, 1e-9);
    g_assert_cmpfloat_with_epsilon(left.x_max, 400.0, 1e-9);
    g_assert_cmpfloat_with_epsilon(right.x_min, 1800.0, 1e-9);
    g_assert_cmpfloat_with_epsilon(right.x_max, 2000.0, 1e-9);
}

/* What was between the fingers stays between them, wherever they go. */
static void a_pinch_takes_along_what_is_between_the_fingers(void)
{
    const CelPlotRange begin = {600.0, 1400.0, 0.0, 100.0};
    const double from[] = {1000.0, 50.0}, to[] = {1100.0, 50.0};
    const CelPlotRange out = cel_plot_range_pinch(&begin, &WHOLE, 2.0, from, to);
    g_assert_cmpfloat_with_epsilon(out.x_max - out.x_min, 400.0, 1e-9);
    /* 1000 now stands where 1100 stood: at 5/8 of the width */
    g_assert_cmpfloat_with_epsilon((1000.0 - out.x_min) / 400.0, 5.0 / 8.0, 1e-9);
    const CelPlotRange torn = cel_plot_range_pinch(&begin, &WHOLE, NAN, from, from);
    g_assert_true(cel_plot_range_equal(&torn, &begin));
}

static void heights_of_live_axes_go_by_steps(void)
{
    g_assert_cmpfloat_with_epsilon(cel_plot_nice_height(1.0), 1.0, 1e-12);
    g_assert_cmpfloat_with_epsilon(cel_plot_nice_height(1.01), 1.5, 1e-12);
    g_assert_cmpfloat_with_epsilon(cel_plot_nice_height(21500.0), 30000.0, 1e-6);
    g_assert_cmpfloat_with_epsilon(cel_plot_nice_height(0.0), 1.0, 1e-12);
    g_assert_cmpfloat_with_epsilon(cel_plot_nice_height(NAN), 1.0, 1e-12);
}

/* ---- the model ---- */

static GPtrArray *one_trace(CelPlotTrace *trace)
{
    GPtrArray *traces = g_ptr_array_new_with_free_func((GDestroyNotify)cel_plot_trace_unref);
    g_ptr_array_add(traces, trace);
    return traces;
}

static CelPlotModel *sample_model(CelUnit unit)
{
    CelPlotModel *model = cel_plot_model_new();
    g_autoptr(GPtrArray) traces = one_trace(plot_fixture_trace(CEL_TRACE_SAMPLE, 0, 20.0, unit));
    cel_plot_model_set_traces(model, traces);
    return model;
}

static void the_axis_is_named_by_the_datas_own_unit(void)
{
    static const struct {
        CelUnit unit;
        const char *title;
    } cases[] = {{CEL_UNIT_PIXEL, "Pixel"},
                 {CEL_UNIT_NM_AIR, "Wavelength in air (nm)"},
                 {CEL_UNIT_NM_VACUUM, "Wavelength in vacuum (nm)"},
                 {CEL_UNIT_NM_UNSTATED, "Wavelength (nm)"},
                 {CEL_UNIT_SHIFT_CM1, "Raman shift (cm⁻¹)"}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(CelPlotModel) model = sample_model(cases[i].unit);
        g_assert_cmpstr(cel_plot_model_x_title(model), ==, cases[i].title);
    }
}

static void a_curve_on_another_axis_is_left_out_and_said(void)
{
    g_autoptr(CelPlotModel) model = cel_plot_model_new();
    g_autoptr(GPtrArray) traces =
        one_trace(plot_fixture_trace(CEL_TRACE_SAMPLE, 0, 20.0, CEL_UNIT_SHIFT_CM1));
    g_ptr_array_add(traces, plot_fixture_trace(CEL_TRACE_OVERLAY_1, 1, 20.0, CEL_UNIT_NM_AIR));
    cel_plot_model_set_traces(model, traces);
    g_assert_cmpuint(cel_plot_model_traces(model)->len, ==, 1);
    g_assert_cmpuint(cel_plot_model_n_left_out(model), ==, 1);
    g_autofree char *said = cel_plot_summary(model, NULL);
    g_assert_nonnull(strstr(said, "1 curve on another axis is not shown"));
}

static double cursor_x(const CelPlotModel *model)
{
    double x = NAN, y = NAN;
    return cel_plot_model_cursor(model, &x, &y) ? x : NAN;
}

static void the_cursor_goes_from_sample_to_sample(void)
{
    g_autoptr(CelPlotModel) model = sample_model(CEL_UNIT_PIXEL);
    cel_plot_model_set_cursor(model, 41.7);
    g_assert_cmpfloat_with_epsilon(cursor_x(model), 42.0, 1e-12);
    g_assert_true(cel_plot_model_move_cursor(model, CEL_STEP_SAMPLE, 1));
    g_assert_cmpfloat_with_epsilon(cursor_x(model), 43.0, 1e-12);
    g_assert_true(cel_plot_model_move_cursor(model, CEL_STEP_END, 1));
    g_assert_cmpfloat_with_epsilon(cursor_x(model), PLOT_FIXTURE_N - 1.0, 1e-12);
    g_assert_false(cel_plot_model_move_cursor(model, CEL_STEP_SAMPLE, 1));
    g_assert_true(cel_plot_model_move_cursor(model, CEL_STEP_END, -1));
    g_assert_cmpfloat_with_epsilon(cursor_x(model), 0.0, 1e-12);
}

static void without_marks_the_cursor_goes_from_band_to_band(void)
{
    static const double bands[] = {620.9, 795.8, 1001.4, 1031.8, 1155.3, 1450.5, 1583.1, 1602.3};
    g_autoptr(CelPlotModel) model = sample_model(CEL_UNIT_SHIFT_CM1);
    cel_plot_model_set_cursor(model, 200.0);
    for (gsize i = 0; i < G_N_ELEMENTS(bands); i++) {
        g_assert_true(cel_plot_model_move_cursor(model, CEL_STEP_PEAK, 1));
        g_assert_cmpfloat(fabs(cursor_x(model) - bands[i]), <, 2.0);
    }
    g_assert_false(cel_plot_model_move_cursor(model, CEL_STEP_PEAK, 1));
}

static void with_marks_the_cursor_goes_from_mark_to_mark(void)
{
    const CelPlotMark marks[] = {{.x = 900.0, .kind = CEL_MARK_MISSING},
                                 {.x = 500.0, .kind = CEL_MARK_MATCHED}};
    g_autoptr(CelPlotModel) model = sample_model(CEL_UNIT_SHIFT_CM1);
    cel_plot_model_set_marks(model, marks, 2);
    cel_plot_model_set_cursor(model, 200.0);
    g_assert_true(cel_plot_model_move_cursor(model, CEL_STEP_PEAK, 1));
    g_assert_cmpfloat(fabs(cursor_x(model) - 500.0), <, 1.0);
    g_assert_true(cel_plot_model_move_cursor(model, CEL_STEP_PEAK, 1));
    g_assert_cmpfloat(fabs(cursor_x(model) - 900.0), <, 1.0);
    g_assert_true(cel_plot_model_move_cursor(model, CEL_STEP_PEAK, -1));
    g_assert_cmpfloat(fabs(cursor_x(model) - 500.0), <, 1.0);
}

static void what_is_seen_follows_the_cursor(void)
{
    g_autoptr(CelPlotModel) model = sample_model(CEL_UNIT_SHIFT_CM1);
    cel_plot_model_show(model, &(CelPlotRange){500.0, 600.0, 0.0, 20000.0});
    cel_plot_model_set_cursor(model, 600.0);
    for (guint i = 0; i < 20; i++)
        g_assert_true(cel_plot_model_move_cursor(model, CEL_STEP_SAMPLE, 1));
    const CelPlotRange shown = cel_plot_model_shown(model);
    g_assert_cmpfloat(shown.x_max, >, cursor_x(model));
    g_assert_cmpfloat_with_epsilon(shown.x_max - shown.x_min, 100.0, 1e-6);
}

static void a_zoom_can_be_taken_back_step_by_step(void)
{
    g_autoptr(CelPlotModel) model = sample_model(CEL_UNIT_SHIFT_CM1);
    const CelPlotRange whole = cel_plot_model_whole(model);
    const CelPlotRange first = {400.0, 900.0, whole.y_min, whole.y_max};
    cel_plot_model_remember(model);
    cel_plot_model_show(model, &first);
    cel_plot_model_remember(model);
    cel_plot_model_show(model, &(CelPlotRange){500.0, 600.0, whole.y_min, whole.y_max});
    g_assert_true(cel_plot_model_back(model));
    CelPlotRange shown = cel_plot_model_shown(model);
    g_assert_true(cel_plot_range_equal(&shown, &first));
    g_assert_true(cel_plot_model_back(model));
    g_assert_false(cel_plot_model_is_zoomed(model));
    g_assert_false(cel_plot_model_back(model));
}

static void a_new_curve_on_the_same_range_keeps_the_zoom(void)
{
    g_autoptr(CelPlotModel) model = sample_model(CEL_UNIT_SHIFT_CM1);
    cel_plot_model_show(model, &(CelPlotRange){400.0, 900.0, 0.0, 5000.0});
    g_autoptr(GPtrArray) same =
        one_trace(plot_fixture_trace(CEL_TRACE_SAMPLE, 3, 20.0, CEL_UNIT_SHIFT_CM1));
    cel_plot_model_set_traces(model, same);
    g_assert_true(cel_plot_model_is_zoomed(model));
    g_autoptr(GPtrArray) other =
        one_trace(plot_fixture_trace(CEL_TRACE_SAMPLE, 3, 20.0, CEL_UNIT_PIXEL));
    cel_plot_model_set_traces(model, other);
    g_assert_false(cel_plot_model_is_zoomed(model));
}

static void a_live_axis_does_not_tremble_with_the_noise(void)
{
    g_autoptr(CelPlotModel) model = cel_plot_model_new();
    g_autoptr(CelPlotTrace) first = plot_fixture_live(0, 200.0);
    cel_plot_model_set_live(model, first);
    const CelPlotRange axis = cel_plot_model_shown(model);
    for (guint frame = 1; frame < 20; frame++) {
        g_autoptr(CelPlotTrace) next = plot_fixture_live(frame, 200.0);
        cel_plot_model_set_live(model, next);
        const CelPlotRange now = cel_plot_model_shown(model);
        g_assert_true(cel_plot_range_equal(&axis, &now));
    }
}

/* ---- words ---- */

static void a_plot_says_what_it_shows(void)
{
    const CelPlotMark marks[] = {{.x = 620.9, .kind = CEL_MARK_MATCHED},
                                 {.x = 1001.4, .kind = CEL_MARK_MATCHED},
                                 {.x = 1310.0, .kind = CEL_MARK_MISSING},
                                 {.x = 1155.3, .kind = CEL_MARK_EXTRA}};
    g_autoptr(CelPlotModel) model = sample_model(CEL_UNIT_SHIFT_CM1);
    cel_plot_model_set_marks(model, marks, G_N_ELEMENTS(marks));
    cel_plot_model_set_mark_label(model, CEL_MARK_MATCHED, "matched");
    g_autofree char *said = cel_plot_summary(model, NULL);
    g_assert_cmpstr(said, ==,
                    "Spectrum, 200 to 2000 cm⁻¹, strongest band at 1001 cm⁻¹, "
                    "2 of 3 marks matched, 1 further band");
    cel_plot_model_set_cursor(model, 1001.4);
    g_autofree char *with_cursor = cel_plot_summary(model, "exhibit 7");
    g_assert_nonnull(strstr(with_cursor, "; cursor at 1001."));
    g_assert_true(g_str_has_suffix(with_cursor, ", matched; exhibit 7"));
}

static void saturation_at_the_cursor_is_said(void)
{
    GtkWidget *view = g_object_ref_sink(cel_plot_view_new());
    plot_fixture_sample(CEL_PLOT_VIEW(view));
    cel_plot_view_set_cursor(CEL_PLOT_VIEW(view), 1001.0);
    g_autofree char *said = cel_plot_view_summary(CEL_PLOT_VIEW(view));
    g_assert_nonnull(strstr(said, "saturated"));
    cel_plot_view_set_cursor(CEL_PLOT_VIEW(view), 900.0);
    g_autofree char *elsewhere = cel_plot_view_summary(CEL_PLOT_VIEW(view));
    g_assert_null(strstr(elsewhere, "saturated"));
    g_object_unref(view);
}

static void of_a_million_samples_the_highest_is_said(void)
{
    enum { N = 1000000 };
    g_autofree double *x = g_new(double, N);
    g_autofree double *y = g_new0(double, N);
    for (gsize i = 0; i < N; i++)
        x[i] = (double)i;
    y[123456] = 7.0;
    y[1] = NAN;
    g_autoptr(CelPlotModel) model = cel_plot_model_new();
    g_autoptr(GPtrArray) traces = one_trace(cel_plot_trace_new(
        &(CelPlotCurve){.x = x, .y = y, .n = N, .unit = CEL_UNIT_PIXEL, .role = CEL_TRACE_SAMPLE}));
    cel_plot_model_set_traces(model, traces);
    g_autofree char *said = cel_plot_summary(model, NULL);
    g_assert_nonnull(strstr(said, "strongest band at 123456 pixel"));
}

/* ---- the widget ---- */

static void idle(guint ms)
{
    ui_pump(NULL, NULL, 0);
    const gint64 end = g_get_monotonic_time() + (gint64)ms * 1000;
    while (g_get_monotonic_time() < end) {
        g_main_context_iteration(NULL, FALSE);
        g_usleep(500);
    }
}

static gboolean is_framed(gpointer view)
{
    CelDrawFrame frame;
    return cel_plot_view_frame(view, &frame);
}

static CelPlotView *put(GtkWidget *content)
{
    adw_window_set_content(ADW_WINDOW(window), content);
    CelPlotView *view = CEL_PLOT_VIEW(plot_fixture_view(content));
    g_assert_true(ui_pump(is_framed, view, 5000));
    return view;
}

static CelPlotView *put_sample(void)
{
    GtkWidget *view = cel_plot_view_new();
    plot_fixture_sample(CEL_PLOT_VIEW(view));
    return put(view);
}

static void act(CelPlotView *view, const char *action)
{
    g_assert_true(gtk_widget_activate_action(GTK_WIDGET(view), action, NULL));
}

static CelPlotRange shown(CelPlotView *view)
{
    return cel_plot_model_shown(cel_plot_view_model(view));
}

static void the_frame_covers_the_widget_beside_its_buttons(void)
{
    CelPlotView *view = put_sample();
    CelDrawFrame frame;
    g_assert_true(cel_plot_view_frame(view, &frame));
    g_assert_cmpfloat(frame.left + frame.width, <, gtk_widget_get_width(GTK_WIDGET(view)) - 44.0);
    g_assert_cmpfloat(frame.width, >, 0.8 * gtk_widget_get_width(GTK_WIDGET(view)));
    g_assert_cmpfloat_with_epsilon(frame.x_min, 200.0, 1e-9);
}

static void every_action_zooms_as_it_says(void)
{
    CelPlotView *view = put_sample();
    const CelPlotRange whole = shown(view);
    act(view, "plot.zoom-in");
    const CelPlotRange in = shown(view);
    g_assert_cmpfloat(in.x_max - in.x_min, <, whole.x_max - whole.x_min);
    act(view, "plot.taller");
    const CelPlotRange tall = shown(view);
    g_assert_cmpfloat(tall.y_max, <, in.y_max);
    act(view, "plot.lower");
    act(view, "plot.zoom-out");
    const CelPlotRange out = shown(view);
    g_assert_true(cel_plot_range_equal(&out, &whole));
    act(view, "plot.zoom-in");
    act(view, "plot.back");
    const CelPlotRange back = shown(view);
    g_assert_true(cel_plot_range_equal(&back, &whole));
    act(view, "plot.zoom-in");
    act(view, "plot.fit");
    g_assert_false(cel_plot_model_is_zoomed(cel_plot_view_model(view)));
}

/* ---- the clipboard ---- */

/** Pasted: what another program would get. */
typedef struct {
    GdkTexture *picture;
    char *text;
} Pasted;

static void picture_pasted(GObject *clipboard, GAsyncResult *result, gpointer data)
{
    ((Pasted *)data)->picture =
        gdk_clipboard_read_texture_finish(GDK_CLIPBOARD(clipboard), result, NULL);
}

static void text_pasted(GObject *clipboard, GAsyncResult *result, gpointer data)
{
    ((Pasted *)data)->text = gdk_clipboard_read_text_finish(GDK_CLIPBOARD(clipboard), result, NULL);
}

static gboolean holds(gpointer data)
{
    GdkClipboard *clipboard = gtk_widget_get_clipboard(window);
    return gdk_content_formats_contain_gtype(gdk_clipboard_get_formats(clipboard),
                                             *(const GType *)data);
}

static gboolean is_pasted(gpointer data)
{
    return ((const Pasted *)data)->picture != NULL || ((const Pasted *)data)->text != NULL;
}

static void copy(CelPlotView *view, const char *action, GType type)
{
    gdk_clipboard_set_content(gtk_widget_get_clipboard(window), NULL);
    act(view, action);
    g_assert_true(ui_pump(holds, &type, 10000));
}

static void a_copied_picture_is_the_plot_on_white(void)
{
    Pasted pasted = {NULL, NULL};
    copy(put_sample(), "plot.copy-picture", GDK_TYPE_TEXTURE);
    gdk_clipboard_read_texture_async(gtk_widget_get_clipboard(window), NULL, picture_pasted,
                                     &pasted);
    g_assert_true(ui_pump(is_pasted, &pasted, 10000));
    const int width = gdk_texture_get_width(pasted.picture);
    g_autofree guint8 *pixels =
        g_malloc((gsize)width * 4 * (gsize)gdk_texture_get_height(pasted.picture));
    gdk_texture_download(pasted.picture, pixels, (gsize)width * 4);
    g_assert_cmpint(width, >, 300);
    for (int byte = 0; byte < 4; byte++)
        g_assert_cmpuint(pixels[byte], ==, 255);
    g_object_unref(pasted.picture);
}

static void copied_values_are_a_table_with_its_titles(void)
{
    Pasted pasted = {NULL, NULL};
    copy(put_sample(), "plot.copy-values", G_TYPE_STRING);
    gdk_clipboard_read_text_async(gtk_widget_get_clipboard(window), NULL, text_pasted, &pasted);
    g_assert_true(ui_pump(is_pasted, &pasted, 10000));
    g_auto(GStrv) lines = g_strsplit(pasted.text, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), >, 100);
    for (guint line = 0; line < 3; line++)
        g_assert_nonnull(strchr(lines[line], '\t'));
    g_free(pasted.text);
}

static gpointer controller_of(CelPlotView *view, GType type)
{
    g_autoptr(GListModel) all = gtk_widget_observe_controllers(GTK_WIDGET(view));
    for (guint i = 0; i < g_list_model_get_n_items(all); i++) {
        g_autoptr(GObject) controller = g_list_model_get_item(all, i);
        if (G_TYPE_CHECK_INSTANCE_TYPE(controller, type))
            return controller;
    }
    g_assert_not_reached();
}

static void the_wheel_zooms_at_the_pointer(void)
{
    CelPlotView *view = put_sample();
    CelDrawFrame frame;
    gboolean used = FALSE;
    g_assert_true(cel_plot_view_frame(view, &frame));
    const double x = cel_draw_frame_x(&frame, 700.0), y = frame.top + frame.height / 2.0;
    g_signal_emit_by_name(controller_of(view, GTK_TYPE_EVENT_CONTROLLER_MOTION), "motion", x, y);
    g_signal_emit_by_name(controller_of(view, GTK_TYPE_EVENT_CONTROLLER_SCROLL), "scroll", 0.0,
                          -3.0, &used);
    g_assert_true(used);
    const CelPlotRange range = shown(view);
    g_assert_cmpfloat(range.x_max - range.x_min, <, 1100.0);
    g_assert_cmpfloat_with_epsilon((700.0 - range.x_min) / (range.x_max - range.x_min),
                                   500.0 / 1800.0, 1e-6);
}

static guint activated = G_MAXUINT;
static double moved_to;

static void mark_activated(CelPlotView *view, guint index, gpointer unused)
{
    (void)view;
    (void)unused;
    activated = index;
}

static void cursor_moved(CelPlotView *view, double x, gpointer unused)
{
    (void)view;
    (void)unused;
    moved_to = x;
}

static void enter_asks_for_the_mark_at_the_cursor(void)
{
    CelPlotView *view = put_sample();
    g_signal_connect(view, "mark-activated", G_CALLBACK(mark_activated), NULL);
    g_signal_connect(view, "cursor-moved", G_CALLBACK(cursor_moved), NULL);
    activated = G_MAXUINT;
    act(view, "plot.cursor-first");
    act(view, "plot.activate-mark");
    g_assert_cmpuint(activated, ==, G_MAXUINT);
    act(view, "plot.next-mark");
    g_assert_cmpfloat(fabs(moved_to - 620.9), <, 1.0);
    act(view, "plot.activate-mark");
    g_assert_cmpuint(activated, ==, 0);
    act(view, "plot.drop-cursor");
    g_assert_true(isnan(moved_to));
}

static void the_spoken_words_follow_the_cursor(void)
{
    CelPlotView *view = put_sample();
    gtk_test_accessible_assert_role(view, GTK_ACCESSIBLE_ROLE_IMG);
    gtk_test_accessible_assert_property(view, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                        "Spectrum of exhibit 7");
    cel_plot_view_set_cursor(view, 800.0);
    g_autofree char *said = cel_plot_view_summary(view);
    g_assert_nonnull(strstr(said, "cursor at "));
    gtk_test_accessible_assert_property(view, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, said);
}

static void linked_plots_zoom_and_point_together(void)
{
    GtkWidget *pair = plot_fixture_pair();
    CelPlotView *upper = put(pair);
    CelPlotView *lower = CEL_PLOT_VIEW(gtk_widget_get_last_child(pair));
    CelDrawFrame a, b;
    idle(200);
    act(upper, "plot.zoom-in");
    idle(200);
    g_assert_cmpfloat_with_epsilon(shown(upper).x_min, shown(lower).x_min, 1e-9);
    act(lower, "plot.next-mark");
    double x = NAN, y = NAN, other = NAN;
    g_assert_true(cel_plot_model_cursor(cel_plot_view_model(lower), &x, &y));
    g_assert_true(cel_plot_model_cursor(cel_plot_view_model(upper), &other, &y));
    g_assert_cmpfloat_with_epsilon(x, other, 1e-9);
    g_assert_true(cel_plot_view_frame(upper, &a) && cel_plot_view_frame(lower, &b));
    g_assert_cmpfloat_with_epsilon(a.left, b.left, 0.01);
    g_assert_cmpfloat_with_epsilon(a.left + a.width, b.left + b.width, 0.01);
}

static void the_menu_holds_all_that_gestures_do(void)
{
    CelPlotView *view = put_sample();
    act(view, "plot.menu");
    idle(200);
    GtkWidget *menu = gtk_widget_get_last_child(GTK_WIDGET(view));
    g_assert_true(GTK_IS_POPOVER_MENU(menu));
    static const char *const items[] = {"Show everything", "Previous view",   "Zoom in",
                                        "Zoom out",        "Stretch upwards", "Press flat",
                                        "Copy picture",    "Copy values",     "Save to a file…"};
    for (gsize i = 0; i < G_N_ELEMENTS(items); i++)
        g_assert_nonnull(ui_find(menu, GTK_TYPE_WIDGET, items[i]));
    gtk_popover_popdown(GTK_POPOVER(menu));
    idle(100);
}

static void buttons_are_large_enough_and_give_way_when_there_is_no_room(void)
{
    CelPlotView *view = put_sample();
    guint n = 0;
    for (GtkWidget *child = gtk_widget_get_first_child(GTK_WIDGET(view)); child != NULL;
         child = gtk_widget_get_next_sibling(child)) {
        if (!GTK_IS_BUTTON(child))
            continue;
        n += gtk_widget_get_child_visible(child) ? 1 : 0;
        g_assert_cmpint(gtk_widget_get_width(child), >=, 44);
        g_assert_cmpint(gtk_widget_get_height(child), >=, 44);
    }
    g_assert_cmpuint(n, ==, 4);
    gtk_widget_size_allocate(GTK_WIDGET(view), &(GtkAllocation){0, 0, 300, 130}, -1);
    n = 0;
    for (GtkWidget *child = gtk_widget_get_first_child(GTK_WIDGET(view)); child != NULL;
         child = gtk_widget_get_next_sibling(child))
        n += GTK_IS_BUTTON(child) && gtk_widget_get_child_visible(child) ? 1 : 0;
    g_assert_cmpuint(n, ==, 2);
}

static void an_empty_plot_says_so(void)
{
    GtkWidget *view = cel_plot_view_new();
    adw_window_set_content(ADW_WINDOW(window), view);
    idle(200);
    CelDrawFrame frame;
    g_assert_false(cel_plot_view_frame(CEL_PLOT_VIEW(view), &frame));
    g_autofree char *said = cel_plot_view_summary(CEL_PLOT_VIEW(view));
    g_assert_cmpstr(said, ==, "Nothing to show yet");
    act(CEL_PLOT_VIEW(view), "plot.zoom-in");
    act(CEL_PLOT_VIEW(view), "plot.fit");
}

/* ---- copies and files ---- */

static void done_writing(CelPlotView *view, const char *path, gboolean *done)
{
    (void)view;
    (void)path;
    *done = TRUE;
}

static gboolean is_true(gpointer flag)
{
    return *(gboolean *)flag;
}

static char *saved(CelPlotView *view, const char *name, gsize *out_n)
{
    gboolean done = FALSE;
    char *content = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("celadon-plot-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, name, NULL);
    const gulong handler = g_signal_connect(view, "exported", G_CALLBACK(done_writing), &done);
    cel_plot_view_save(view, path);
    g_assert_true(ui_pump(is_true, &done, 10000));
    g_signal_handler_disconnect(view, handler);
    g_file_get_contents(path, &content, out_n, &error);
    g_assert_no_error(error);
    g_assert_cmpint(g_unlink(path), ==, 0);
    g_assert_cmpint(g_rmdir(folder), ==, 0);
    return content;
}

static double share_of_light_pixels(GBytes *png)
{
    g_autoptr(GdkTexture) texture = gdk_texture_new_from_bytes(png, NULL);
    g_assert_nonnull(texture);
    const int width = gdk_texture_get_width(texture), height = gdk_texture_get_height(texture);
    g_autofree guint32 *pixels = g_new(guint32, (gsize)width * (gsize)height);
    gdk_texture_download(texture, (guchar *)pixels, (gsize)width * 4);
    gsize light = 0;
    for (gsize i = 0; i < (gsize)width * (gsize)height; i++)
        light += (pixels[i] >> 16 & 0xff) > 0xe0 && (pixels[i] & 0xff) > 0xe0;
    return (double)light / ((double)width * (double)height);
}

static double share_of_light_in_window(void)
{
    gsize n = 0;
    char *content = NULL;
    g_autofree char *folder = g_dir_make_tmp("celadon-plot-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "window.png", NULL);
    g_assert_true(ui_shot(window, path, 1.0));
    g_assert_true(g_file_get_contents(path, &content, &n, NULL));
    g_autoptr(GBytes) png = g_bytes_new_take(content, n);
    g_assert_cmpint(g_unlink(path), ==, 0);
    g_assert_cmpint(g_rmdir(folder), ==, 0);
    return share_of_light_pixels(png);
}

static void an_export_is_on_white_in_the_dark_theme(void)
{
    adw_style_manager_set_color_scheme(adw_style_manager_get_default(),
                                       ADW_COLOR_SCHEME_FORCE_DARK);
    CelPlotView *view = put_sample();
    idle(500);
    g_assert_cmpfloat(share_of_light_in_window(), <, 0.05);
    gsize n = 0;
    char *content = saved(view, "plot.png", &n);
    g_autoptr(GBytes) png = g_bytes_new_take(content, n);
    g_assert_cmpfloat(share_of_light_pixels(png), >, 0.85);
    adw_style_manager_set_color_scheme(adw_style_manager_get_default(),
                                       ADW_COLOR_SCHEME_FORCE_LIGHT);
    idle(300);
    g_assert_cmpfloat(share_of_light_in_window(), >, 0.7);
}

static void an_svg_holds_its_words_as_text(void)
{
    gsize n = 0;
    g_autofree char *text = saved(put_sample(), "plot.SVG", &n);
    g_assert_nonnull(strstr(text, ">Raman shift (cm⁻¹)</text>"));
    g_assert_nonnull(strstr(text, ">Spectrum of exhibit 7</text>"));
    g_assert_nonnull(strstr(text, ">reference: polystyrene</text>"));
}

static void a_pdf_holds_its_words_as_text(void)
{
    gsize n = 0;
    g_autofree char *pdftotext = g_find_program_in_path("pdftotext");
    if (pdftotext == NULL) {
        g_test_skip("pdftotext (poppler-utils) is not installed");
        return;
    }
    g_autofree char *content = saved(put_sample(), "plot.pdf", &n);
    g_autofree char *folder = g_dir_make_tmp("celadon-plot-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "plot.pdf", NULL);
    g_autofree char *text = NULL;
    g_assert_true(g_file_set_contents(path, content, (gssize)n, NULL));
    const char *argv[] = {pdftotext, path, "-", NULL};
    g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &text, NULL,
                               NULL, NULL));
    g_assert_nonnull(strstr(text, "Raman shift (cm"));
    g_assert_nonnull(strstr(text, "Spectrum of exhibit 7"));
    g_assert_cmpint(g_unlink(path), ==, 0);
    g_assert_cmpint(g_rmdir(folder), ==, 0);
}

static void a_table_holds_every_sample_in_full(void)
{
    gsize n = 0;
    CelPlotView *view = put_sample();
    g_autofree char *text = saved(view, "values.csv", &n);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, PLOT_FIXTURE_N + 2);
    g_assert_cmpstr(lines[0], ==, "Raman shift (cm⁻¹),reference: polystyrene,exhibit,saturated");
    const CelPlotCurve *curve = cel_plot_trace_curve(
        g_ptr_array_index(cel_plot_model_traces(cel_plot_view_model(view)), 1));
    for (guint row = 1; row <= PLOT_FIXTURE_N; row += 97) {
        g_auto(GStrv) cells = g_strsplit(lines[row], ",", -1);
        g_assert_cmpuint(g_strv_length(cells), ==, 4);
        g_assert_true(g_ascii_strtod(cells[0], NULL) == curve->x[row - 1]);
        g_assert_true(g_ascii_strtod(cells[2], NULL) == curve->y[row - 1]);
    }
}

static void curves_on_different_points_have_columns_of_their_own(void)
{
    const double x[] = {1, 2, 3}, y[] = {4, 5, NAN}, other[] = {1.5, 2.5};
    g_autoptr(CelPlotModel) model = cel_plot_model_new();
    g_autoptr(GPtrArray) traces = one_trace(cel_plot_trace_new(
        &(CelPlotCurve){.x = x, .y = y, .n = 3, .unit = CEL_UNIT_PIXEL, .label = "a,b"}));
    g_ptr_array_add(traces, cel_plot_trace_new(&(CelPlotCurve){
                                .x = other, .y = y, .n = 2, .unit = CEL_UNIT_PIXEL, .label = "c"}));
    cel_plot_model_set_traces(model, traces);
    g_autofree char *table = cel_plot_export_table(model, ',');
    g_assert_cmpstr(table, ==, "Pixel,\"a,b\",Pixel,c\n1,4,1.5,4\n2,5,2.5,5\n3,nan,,\n");
}

static void another_ending_is_refused_with_the_way_on(void)
{
    g_autoptr(CelPlotModel) model = sample_model(CEL_UNIT_PIXEL);
    g_autoptr(GError) error = NULL;
    const CelPlotExport what = {.model = model};
    g_assert_false(cel_plot_export_save(&what, "plot.jpg", &error));
    g_assert_nonnull(strstr(error->message, ".csv"));
}

int main(int argc, char **argv)
{
    g_setenv("GTK_A11Y", "test", TRUE);
    ui_test_init(&argc, &argv);
    plot_fixture_styles();
    window = adw_window_new();
    gtk_window_set_default_size(GTK_WINDOW(window), 900, 560);
    gtk_window_present(GTK_WINDOW(window));
#define ADD(name) g_test_add_func("/plot/" #name, name)
    ADD(a_zoom_keeps_the_value_under_the_pointer_in_its_place);
    ADD(nobody_zooms_out_beyond_the_data_nor_into_nothing);
    ADD(moving_stops_at_the_ends_of_the_data);
    ADD(a_pinch_takes_along_what_is_between_the_fingers);
    ADD(heights_of_live_axes_go_by_steps);
    ADD(the_axis_is_named_by_the_datas_own_unit);
    ADD(a_curve_on_another_axis_is_left_out_and_said);
    ADD(the_cursor_goes_from_sample_to_sample);
    ADD(without_marks_the_cursor_goes_from_band_to_band);
    ADD(with_marks_the_cursor_goes_from_mark_to_mark);
    ADD(what_is_seen_follows_the_cursor);
    ADD(a_zoom_can_be_taken_back_step_by_step);
    ADD(a_new_curve_on_the_same_range_keeps_the_zoom);
    ADD(a_live_axis_does_not_tremble_with_the_noise);
    ADD(a_plot_says_what_it_shows);
    ADD(saturation_at_the_cursor_is_said);
    ADD(of_a_million_samples_the_highest_is_said);
    ADD(the_frame_covers_the_widget_beside_its_buttons);
    ADD(every_action_zooms_as_it_says);
    ADD(a_copied_picture_is_the_plot_on_white);
    ADD(copied_values_are_a_table_with_its_titles);
    ADD(the_wheel_zooms_at_the_pointer);
    ADD(enter_asks_for_the_mark_at_the_cursor);
    ADD(the_spoken_words_follow_the_cursor);
    ADD(linked_plots_zoom_and_point_together);
    ADD(the_menu_holds_all_that_gestures_do);
    ADD(buttons_are_large_enough_and_give_way_when_there_is_no_room);
    ADD(an_empty_plot_says_so);
    ADD(an_export_is_on_white_in_the_dark_theme);
    ADD(an_svg_holds_its_words_as_text);
    ADD(a_pdf_holds_its_words_as_text);
    ADD(a_table_holds_every_sample_in_full);
    ADD(curves_on_different_points_have_columns_of_their_own);
    ADD(another_ending_is_refused_with_the_way_on);
    const int status = g_test_run();
    gtk_window_destroy(GTK_WINDOW(window));
    return status;
}
