/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Times of the plot, for tools/figures plot: whole frames of a window of 1280 x 800 in which a live
 * curve of 2,048 points comes anew with every frame over ten others, and the painting alone.
 *
 * A frame is measured on the frame clock, from before its update phase to after its painting, which
 * with the cairo renderer holds all of the work; work is processor time of the thread, which other
 * people's load on the machine hardly changes; an interval is the time between two frames.
 */
#include "plot-fixture.h"
#include "ui-test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
    FRAMES = 200,
    REST_MS = 1500,
    WARM_UP = 30,
    ROUNDS = 15,
    N_LIVE = 16,
    WIDTH = 1280,
    HEIGHT = 800
};

/** Run: one noise being measured. */
typedef struct {
    CelPlotView *view;
    CelPlotTrace *live[N_LIVE];
    guint frame;
    gint64 begin_us, last_us;
    double begin_cpu_ms;
    double work_ms[FRAMES], interval_ms[FRAMES];
    gboolean pan; /* all curves are painted anew each time */
} Run;

static int compare(gconstpointer a, gconstpointer b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print_times(const char *what, double *times, guint n)
{
    double sum = 0.0;
    for (guint i = 0; i < n; i++)
        sum += times[i];
    qsort(times, n, sizeof *times, compare);
    printf("%s\t%.2f\t%.2f\t%.2f\t%.2f\n", what, sum / n, times[n / 2], times[n * 95 / 100],
           times[n - 1]);
}

static double cpu_ms(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return 1e3 * (double)now.tv_sec + 1e-6 * (double)now.tv_nsec;
}

static void frame_begins(GdkFrameClock *clock, Run *run)
{
    (void)clock;
    run->begin_us = g_get_monotonic_time();
    run->begin_cpu_ms = cpu_ms();
}

static void frame_ends(GdkFrameClock *clock, Run *run)
{
    (void)clock;
    if (run->frame >= WARM_UP && run->frame < WARM_UP + FRAMES) {
        run->work_ms[run->frame - WARM_UP] = cpu_ms() - run->begin_cpu_ms;
        run->interval_ms[run->frame - WARM_UP] = (double)(run->begin_us - run->last_us) / 1000.0;
    }
    run->last_us = run->begin_us;
    run->frame++;
}

static gboolean tick(GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
    Run *run = data;
    (void)widget;
    (void)clock;
    cel_plot_view_set_live(run->view, run->live[run->frame % N_LIVE]);
    if (run->pan)
        cel_plot_view_zoom_at(run->view, 500.0, 300.0, run->frame % 2 == 0 ? 1.05 : 1.0 / 1.05,
                              1.0);
    return G_SOURCE_CONTINUE;
}

static void measure_frames(CelPlotView *view, double noise, gboolean pan)
{
    Run *run = g_new0(Run, 1);
    run->view = view;
    run->pan = pan;
    for (guint i = 0; i < N_LIVE; i++)
        run->live[i] = plot_fixture_live(i, noise);
    GdkFrameClock *clock = gtk_widget_get_frame_clock(GTK_WIDGET(view));
    const gulong begins = g_signal_connect(clock, "before-paint", G_CALLBACK(frame_begins), run);
    const gulong ends = g_signal_connect(clock, "after-paint", G_CALLBACK(frame_ends), run);
    const guint id = gtk_widget_add_tick_callback(GTK_WIDGET(view), tick, run, NULL);
    /* step by step: a frame that takes longer than its time leaves the loop always busy */
    while (run->frame < WARM_UP + FRAMES)
        g_main_context_iteration(NULL, TRUE);
    gtk_widget_remove_tick_callback(GTK_WIDGET(view), id);
    g_signal_handler_disconnect(clock, begins);
    g_signal_handler_disconnect(clock, ends);
    g_autofree char *what =
        g_strdup_printf("live over ten%s, noise %.0f", pan ? ", zooming all the time" : "", noise);
    g_autofree char *work = g_strdup_printf("%s: work of a frame", what);
    g_autofree char *interval = g_strdup_printf("%s: from frame to frame", what);
    print_times(work, run->work_ms, FRAMES);
    print_times(interval, run->interval_ms, FRAMES);
    for (guint i = 0; i < N_LIVE; i++)
        cel_plot_trace_unref(run->live[i]);
    g_free(run);
}

static gboolean is_over(gpointer data)
{
    (void)data;
    return G_SOURCE_CONTINUE;
}

/* What the main loop does after a movement, turn by turn: the picture at its best. */
static void measure_rest(CelPlotView *view, double noise)
{
    g_autoptr(GPtrArray) traces =
        g_ptr_array_new_with_free_func((GDestroyNotify)cel_plot_trace_unref);
    double times[FRAMES];
    guint n = 0;
    for (guint i = 0; i < 11; i++)
        g_ptr_array_add(traces,
                        plot_fixture_trace(cel_plot_overlay_role(i), i, noise, CEL_UNIT_SHIFT_CM1));
    cel_plot_view_set_live(view, NULL);
    cel_plot_view_set_traces(view, traces);
    cel_plot_view_zoom_at(view, 500.0, 300.0, 1.05, 1.0);
    const gint64 end_us = g_get_monotonic_time() + REST_MS * 1000;
    const guint end = g_timeout_add(REST_MS, G_SOURCE_FUNC(is_over), NULL);
    while (g_get_monotonic_time() < end_us && n < FRAMES) {
        const double begin_ms = cpu_ms();
        g_main_context_iteration(NULL, TRUE);
        if (cpu_ms() - begin_ms > 0.3)
            times[n++] = cpu_ms() - begin_ms;
    }
    g_source_remove(end);
    g_autofree char *what =
        g_strdup_printf("coming to rest, noise %.0f: a turn of the loop", noise);
    print_times(what, times, n);
}

static void measure_raster(double noise, gboolean fast)
{
    CelPlotTrace *made[11];
    CelTrace traces[11] = {{0}};
    double times[ROUNDS];
    for (guint i = 0; i < G_N_ELEMENTS(traces); i++) {
        made[i] = plot_fixture_trace(cel_plot_overlay_role(i), i, noise, CEL_UNIT_SHIFT_CM1);
        const CelPlotCurve *curve = cel_plot_trace_curve(made[i]);
        traces[i] = (CelTrace){.x = curve->x, .y = curve->y, .n = curve->n, .role = curve->role};
    }
    const CelPlot plot = {.traces = traces,
                          .n_traces = G_N_ELEMENTS(traces),
                          .palette = CEL_PALETTE_LIGHT,
                          .fast = fast,
                          .font_size = 12.0};
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
    cairo_t *cr = cairo_create(surface);
    CelDrawFrame frame;
    g_assert_true(cel_draw_layout(cr, &plot, &(CelDrawRect){0, 0, WIDTH, HEIGHT}, &frame));
    for (guint round = 0; round < ROUNDS; round++) {
        const double begin_ms = cpu_ms();
        cel_draw_layers(cr, &plot, &frame, CEL_LAYER_CURVES);
        cairo_surface_flush(surface);
        times[round] = cpu_ms() - begin_ms;
    }
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    g_autofree char *what = g_strdup_printf("eleven curves painted, noise %.0f, %s", noise,
                                            fast ? "while they move" : "at rest");
    print_times(what, times, ROUNDS);
    for (guint i = 0; i < G_N_ELEMENTS(made); i++)
        cel_plot_trace_unref(made[i]);
}

int main(int argc, char **argv)
{
    ui_test_init(&argc, &argv);
    plot_fixture_styles();
    GtkWidget *window = adw_window_new(), *view = cel_plot_view_new();
    plot_fixture_many(CEL_PLOT_VIEW(view));
    gtk_window_set_default_size(GTK_WINDOW(window), WIDTH, HEIGHT);
    adw_window_set_content(ADW_WINDOW(window), view);
    gtk_window_present(GTK_WINDOW(window));
    ui_pump(NULL, NULL, 0);
    static const double noises[] = {20.0, 1000.0};
    for (gsize i = 0; i < G_N_ELEMENTS(noises); i++) {
        measure_frames(CEL_PLOT_VIEW(view), noises[i], FALSE);
        measure_frames(CEL_PLOT_VIEW(view), noises[i], TRUE);
        gtk_widget_activate_action(view, "plot.fit", NULL);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(noises); i++)
        measure_rest(CEL_PLOT_VIEW(view), noises[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(noises); i++) {
        measure_raster(noises[i], FALSE);
        measure_raster(noises[i], TRUE);
    }
    gtk_window_destroy(GTK_WINDOW(window));
    return 0;
}
