/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "draw/cel-draw-spectrum.h"

#include <math.h>

enum { WIDTH = 400, HEIGHT = 200 };

static void ticks_are_round_and_few(void)
{
    const double ranges[][2] = {{0, 1},       {150, 3400},  {-3, 7},
                                {1e-9, 2e-9}, {1e5, 1.1e5}, {0.0, 99999.0}};
    for (gsize i = 0; i < G_N_ELEMENTS(ranges); i++) {
        double first = NAN;
        const double step = cel_draw_ticks(ranges[i][0], ranges[i][1], 10, &first);
        const double mantissa = step / pow(10.0, floor(log10(step) + 1e-9));
        g_assert_true(fabs(mantissa - 1) < 1e-6 || fabs(mantissa - 2) < 1e-6 ||
                      fabs(mantissa - 5) < 1e-6);
        const double n = (ranges[i][1] - ranges[i][0]) / step;
        g_assert_true(n <= 10.0 + 1e-9 && n >= 2.0);
        g_assert_true(first >= ranges[i][0] - 1e-12 && first < ranges[i][0] + step * 1.0001);
    }
}

/* Paints one red curve and returns the topmost row (0 is the top) that has a reddish pixel, or
 * HEIGHT when none has. */
static int topmost_red_row(const double *x, const double *y, gsize n)
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
    cairo_t *cr = cairo_create(surface);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    const CelTrace trace = {.x = x, .y = y, .n = n, .red = 1.0, .width = 1.0};
    const CelPlot plot = {.traces = &trace, .n_traces = 1};
    cel_draw_plot(cr, &plot, 0, 0, WIDTH, HEIGHT);
    cairo_surface_flush(surface);
    const guint8 *data = cairo_image_surface_get_data(surface);
    const int stride = cairo_image_surface_get_stride(surface);
    int row = 0;
    for (gboolean found = FALSE; row < HEIGHT; row += !found) {
        for (int column = 0; column < WIDTH; column++) {
            const guint32 pixel = ((const guint32 *)(const void *)(data + row * stride))[column];
            found = found || ((pixel >> 16 & 0xff) > 200 && (pixel & 0xff) < 150);
        }
        if (found)
            break;
    }
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    return row;
}

static void a_single_sample_survives_decimation(void)
{
    enum { N = 100000 };
    g_autofree double *x = g_new(double, N);
    g_autofree double *y = g_new0(double, N);
    for (gsize i = 0; i < N; i++)
        x[i] = (double)i;
    y[N / 2 + 1] = 1.0;
    g_assert_cmpint(topmost_red_row(x, y, N), <, HEIGHT / 5);
}

static void gaps_and_emptiness_are_painted_without_harm(void)
{
    const double x[] = {0, 1, 2, 3}, gap[] = {0.0, NAN, 0.5, 0.0}, flat[] = {0, 0, 0, 0};
    const double nothing[] = {NAN, NAN, NAN, NAN};
    g_assert_cmpint(topmost_red_row(x, gap, 4), <, HEIGHT);
    g_assert_cmpint(topmost_red_row(x, flat, 4), <, HEIGHT);
    g_assert_cmpint(topmost_red_row(x, nothing, 4), ==, HEIGHT);
    g_assert_cmpint(topmost_red_row(x, flat, 0), ==, HEIGHT);
}

static void marks_differ_in_shape(void)
{
    guint ink[CEL_N_MARKS];
    for (guint kind = 0; kind < CEL_N_MARKS; kind++) {
        cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, WIDTH, HEIGHT);
        cairo_t *cr = cairo_create(surface);
        const double x[] = {0, 1}, y[] = {0, 0};
        const CelTrace trace = {.x = x, .y = y, .n = 2, .width = 1.0};
        const CelMark mark = {.x = 0.5, .kind = (CelMarkKind)kind};
        const CelPlot plot = {.traces = &trace, .n_traces = 1, .marks = &mark, .n_marks = 1};
        cel_draw_plot(cr, &plot, 0, 0, WIDTH, HEIGHT);
        cairo_surface_flush(surface);
        const guint8 *data = cairo_image_surface_get_data(surface);
        ink[kind] = 0;
        for (int i = 0; i < HEIGHT * cairo_image_surface_get_stride(surface); i++)
            ink[kind] += data[i];
        cairo_destroy(cr);
        cairo_surface_destroy(surface);
    }
    g_assert_cmpuint(ink[CEL_MARK_MATCHED], !=, ink[CEL_MARK_MISSING]);
    g_assert_cmpuint(ink[CEL_MARK_MISSING], !=, ink[CEL_MARK_EXTRA]);
    g_assert_cmpuint(ink[CEL_MARK_MATCHED], !=, ink[CEL_MARK_EXTRA]);
}

int main(int argc, char **argv)
{
    cel_init();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/draw/ticks-are-round-and-few", ticks_are_round_and_few);
    g_test_add_func("/draw/single-sample-survives", a_single_sample_survives_decimation);
    g_test_add_func("/draw/gaps-and-emptiness", gaps_and_emptiness_are_painted_without_harm);
    g_test_add_func("/draw/marks-differ-in-shape", marks_differ_in_shape);
    return g_test_run();
}
