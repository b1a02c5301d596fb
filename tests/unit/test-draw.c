/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "draw/cel-draw-file.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

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

static void ticks_never_begin_at_minus_zero(void)
{
    static const double ranges[][2] = {{-50, 3500}, {-0.4, 9}, {-1e-9, 1}, {0, 10}, {-10, 0}};
    for (gsize i = 0; i < G_N_ELEMENTS(ranges); i++) {
        double first = NAN;
        cel_draw_ticks(ranges[i][0], ranges[i][1], 10, &first);
        g_assert_true(first != 0.0 || !signbit(first));
    }
}

static void ticks_scale_with_powers_of_ten(void)
{
    for (double factor = 1e-6; factor < 2e6; factor *= 10.0) {
        double first = NAN, scaled_first = NAN;
        const double step = cel_draw_ticks(173.0, 3391.0, 9, &first);
        const double scaled = cel_draw_ticks(173.0 * factor, 3391.0 * factor, 9, &scaled_first);
        g_assert_cmpfloat_with_epsilon(scaled / factor, step, 1e-9 * step);
        g_assert_cmpfloat_with_epsilon(scaled_first / factor, first, 1e-9 * first);
    }
}

static void ticks_are_not_more_than_wanted(void)
{
    for (guint wanted = 2; wanted <= 20; wanted++) {
        for (double range = 1.0; range < 200.0; range *= 1.07) {
            double first = NAN;
            const double step = cel_draw_ticks(0.0, range, wanted, &first);
            g_assert_cmpfloat(range / step, <=, wanted * (1.0 + 1e-12));
            g_assert_cmpfloat(range / step, >, wanted / 2.5 * (1.0 - 1e-12));
        }
    }
}

/* Ink of a whole plot: the sum of what an alpha surface holds, from column @from on. */
static guint ink_of(const CelPlot *plot, int from)
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, WIDTH, HEIGHT);
    cairo_t *cr = cairo_create(surface);
    cel_draw_plot(cr, plot, 0, 0, WIDTH, HEIGHT);
    cairo_surface_flush(surface);
    g_assert_cmpint(cairo_status(cr), ==, CAIRO_STATUS_SUCCESS);
    const guint8 *data = cairo_image_surface_get_data(surface);
    const int stride = cairo_image_surface_get_stride(surface);
    guint sum = 0;
    for (int row = 0; row < HEIGHT; row++)
        for (int column = from; column < WIDTH; column++)
            sum += data[row * stride + column];
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    return sum;
}

/* A step between the ticks is lost in the rounding of such numbers. */
static void an_axis_beyond_the_precision_of_a_double_ends(void)
{
    const double x[] = {1e17, 1e17 + 16.0}, y[] = {1, 2};
    const CelTrace trace = {.x = x, .y = y, .n = 2, .width = 1.0};
    const CelPlot plot = {.traces = &trace, .n_traces = 1};
    g_assert_cmpuint(ink_of(&plot, 0), >, 0);
}

static void points_are_painted_with_their_bars(void)
{
    const CelPoint bare = {1.0, 1.0, 0.0, CEL_MARK_MATCHED},
                   sure = {1.0, 1.0, 0.5, CEL_MARK_MATCHED};
    CelPlot plot = {.points = &bare, .n_points = 1, .x_min = 0.0, .x_max = 2.0};
    const guint without = ink_of(&plot, WIDTH / 3);
    plot.points = &sure;
    g_assert_cmpuint(ink_of(&plot, WIDTH / 3), >, without);
}

static void points_alone_make_the_ranges(void)
{
    const CelPoint points[] = {{300.0, -2.0, 0.1, CEL_MARK_MISSING},
                               {900.0, 3.0, 0.1, CEL_MARK_EXTRA}};
    const CelPlot plot = {.points = points, .n_points = 2, .y_ticks = TRUE};
    g_assert_cmpuint(ink_of(&plot, 0), >, 1000);
}

/* The PDF and the PNG of the same plot, twice each. */
static void a_plot_is_written_the_same_each_time(void)
{
    const double x[] = {0.0, 1.0}, y[] = {0.0, 1.0};
    const CelTrace trace = {.x = x, .y = y, .n = 2, .width = 1.0};
    const CelPlot plot = {.traces = &trace, .n_traces = 1, .y_ticks = TRUE};
    static const struct {
        const char *ending, *magic;
    } kinds[] = {{"pdf", "%PDF-1."}, {"png", "\x89PNG"}};
    g_autofree char *folder = g_dir_make_tmp("cel-draw-XXXXXX", NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autofree char *path = g_strdup_printf("%s/plot.%s", folder, kinds[i].ending);
        g_autofree char *first = NULL, *second = NULL;
        gsize n_first = 0, n_second = 0;
        g_assert_true(cel_draw_save(&plot, "title", path, NULL));
        g_assert_true(g_file_get_contents(path, &first, &n_first, NULL));
        g_assert_true(cel_draw_save(&plot, "title", path, NULL));
        g_assert_true(g_file_get_contents(path, &second, &n_second, NULL));
        g_assert_cmpuint(n_first, ==, n_second);
        g_assert_cmpint(memcmp(first, second, n_first), ==, 0);
        g_assert_true(g_str_has_prefix(first, kinds[i].magic));
        g_assert_cmpint(g_unlink(path), ==, 0);
    }
    g_assert_cmpint(g_rmdir(folder), ==, 0);
}

static void a_plot_has_no_other_ending(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(cel_draw_save(&(CelPlot){0}, NULL, "plot.jpg", &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
}

static void an_empty_range_paints_nothing(void)
{
    const double x[] = {5, 5}, y[] = {1, 2};
    const CelTrace one = {.x = x, .y = y, .n = 1, .width = 1.0};
    const CelPlot plots[] = {{.n_traces = 0}, {.traces = &one, .n_traces = 1}};
    for (gsize i = 0; i < G_N_ELEMENTS(plots); i++)
        g_assert_cmpuint(ink_of(&plots[i], 0), ==, 0);
}

static void what_lies_outside_the_range_sets_no_scale_and_leaves_no_ink(void)
{
    const double x[] = {0, 1, 2, 3, 4}, y[] = {0, 1, 0, 1, 0}, high[] = {0, 1, 0, 1, 1e6};
    const CelTrace low_trace = {.x = x, .y = y, .n = 4, .width = 1.0};
    const CelTrace high_trace = {.x = x, .y = high, .n = 5, .width = 1.0};
    const CelMark outside = {.x = 4.0, .kind = CEL_MARK_MATCHED};
    const CelPlot low = {.traces = &low_trace, .n_traces = 1, .x_max = 3.0};
    CelPlot other = {.traces = &high_trace, .n_traces = 1, .x_max = 3.0};
    const guint ink = ink_of(&low, 0);
    g_assert_cmpint(ABS((int)ink_of(&other, 0) - (int)ink), <, (int)ink / 50);
    other.marks = &outside;
    other.n_marks = 1;
    CelPlot inside = other;
    const CelMark within = {.x = 2.0, .kind = CEL_MARK_MATCHED};
    inside.marks = &within;
    g_assert_cmpuint(ink_of(&inside, 0), >, ink_of(&other, 0));
}

static void every_part_of_a_plot_adds_ink(void)
{
    const double x[] = {0, 1, 2}, y[] = {0, 1, 0.2};
    CelTrace trace = {.x = x, .y = y, .n = 3, .width = 1.0};
    CelPlot plot = {.traces = &trace, .n_traces = 1};
    const guint plain = ink_of(&plot, 0);
    trace.dashed = TRUE;
    const guint dashed = ink_of(&plot, 0);
    g_assert_cmpuint(dashed, <, plain);
    trace.dashed = FALSE;
    trace.fill_below = TRUE;
    const guint filled = ink_of(&plot, 0);
    g_assert_cmpuint(filled, >, plain);
    trace.fill_below = FALSE;
    trace.label = "sample";
    const guint labelled = ink_of(&plot, 0);
    g_assert_cmpuint(labelled, >, plain);
    plot.mark_labels[CEL_MARK_MISSING] = "missing";
    g_assert_cmpuint(ink_of(&plot, 0), >, labelled);
    trace.label = NULL;
    plot.mark_labels[CEL_MARK_MISSING] = NULL;
    plot.x_label = "Raman shift";
    g_assert_cmpuint(ink_of(&plot, 0), >, plain);
}

/* A gap of one sample in the middle of a flat curve leaves white between its neighbours. */
static void a_missing_sample_breaks_the_line(void)
{
    const double x[] = {0, 1, 2, 3, 4, 5}, whole[] = {1, 1, 1, 1, 1, 1};
    const double broken[] = {1, 1, NAN, 1, 1, 1};
    CelTrace trace = {.x = x, .y = whole, .n = 6, .width = 2.0};
    const CelPlot plot = {.traces = &trace, .n_traces = 1};
    const guint full = ink_of(&plot, 0);
    trace.y = broken;
    g_assert_cmpuint(ink_of(&plot, 0), <, full);
}

int main(int argc, char **argv)
{
    cel_init();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/draw/ticks-are-round-and-few", ticks_are_round_and_few);
    g_test_add_func("/draw/single-sample-survives", a_single_sample_survives_decimation);
    g_test_add_func("/draw/gaps-and-emptiness", gaps_and_emptiness_are_painted_without_harm);
    g_test_add_func("/draw/marks-differ-in-shape", marks_differ_in_shape);
#define ADD(name) g_test_add_func("/draw/" #name, name)
    ADD(ticks_never_begin_at_minus_zero);
    ADD(ticks_scale_with_powers_of_ten);
    ADD(ticks_are_not_more_than_wanted);
    ADD(an_axis_beyond_the_precision_of_a_double_ends);
    ADD(an_empty_range_paints_nothing);
    ADD(what_lies_outside_the_range_sets_no_scale_and_leaves_no_ink);
    ADD(every_part_of_a_plot_adds_ink);
    ADD(a_missing_sample_breaks_the_line);
    g_test_add_func("/draw/points/bars", points_are_painted_with_their_bars);
    g_test_add_func("/draw/points/ranges", points_alone_make_the_ranges);
    g_test_add_func("/draw/file/same_each_time", a_plot_is_written_the_same_each_time);
    g_test_add_func("/draw/file/no_other_ending", a_plot_has_no_other_ending);
    return g_test_run();
}
