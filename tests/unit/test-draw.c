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
    } kinds[] = {{"pdf", "%PDF-1."}, {"png", "\x89PNG"}, {"SVG", "<?xml"}};
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

/* ---- frames ---- */

static void places_and_values_are_each_others_inverse(void)
{
    const double x[] = {200, 2000}, y[] = {-5, 100};
    const CelTrace trace = {.x = x, .y = y, .n = 2, .width = 1.0};
    const CelPlot plot = {.traces = &trace, .n_traces = 1, .y_ticks = TRUE};
    CelDrawFrame frame;
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1);
    cairo_t *cr = cairo_create(surface);
    g_assert_true(cel_draw_layout(cr, &plot, &(CelDrawRect){10, 20, WIDTH, HEIGHT}, &frame));
    for (double at = 200.0; at <= 2000.0; at += 100.0)
        g_assert_cmpfloat_with_epsilon(cel_draw_frame_data_x(&frame, cel_draw_frame_x(&frame, at)),
                                       at, 1e-9);
    for (double at = -5.0; at <= 100.0; at += 5.0)
        g_assert_cmpfloat_with_epsilon(cel_draw_frame_data_y(&frame, cel_draw_frame_y(&frame, at)),
                                       at, 1e-9);
    g_assert_true(cel_draw_frame_contains(&frame, cel_draw_frame_x(&frame, 200.0),
                                          cel_draw_frame_y(&frame, 0.0)));
    g_assert_false(cel_draw_frame_contains(&frame, frame.left - 1.0, frame.top + 1.0));
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
}

static void ranges_that_are_told_are_taken(void)
{
    const double x[] = {0, 10}, y[] = {0, 1};
    const CelTrace trace = {.x = x, .y = y, .n = 2, .width = 1.0};
    const CelPlot plot = {
        .traces = &trace, .n_traces = 1, .x_min = 2, .x_max = 3, .y_min = -1, .y_max = 7};
    CelDrawFrame frame;
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1);
    cairo_t *cr = cairo_create(surface);
    g_assert_true(cel_draw_layout(cr, &plot, &(CelDrawRect){0, 0, WIDTH, HEIGHT}, &frame));
    g_assert_cmpfloat_with_epsilon(frame.x_min, 2.0, 1e-12);
    g_assert_cmpfloat_with_epsilon(frame.x_max, 3.0, 1e-12);
    g_assert_cmpfloat_with_epsilon(frame.y_min, -1.0, 1e-12);
    g_assert_cmpfloat_with_epsilon(frame.y_max, 7.0, 1e-12);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
}

static void ticks_of_a_deep_zoom_are_told_apart(void)
{
    g_autofree char *a = cel_draw_tick_text(10001.25, 0.01);
    g_autofree char *b = cel_draw_tick_text(10001.26, 0.01);
    g_autofree char *zero = cel_draw_tick_text(1e-14, 0.01);
    g_autofree char *plain = cel_draw_tick_text(65000.0, 5000.0);
    g_assert_cmpstr(a, ==, "10001.25");
    g_assert_cmpstr(b, ==, "10001.26");
    g_assert_cmpstr(zero, ==, "0");
    g_assert_cmpstr(plain, ==, "65000");
}

/* ---- curves ---- */

/** Canvas: a painted plot whose pixels are looked at. */
typedef struct {
    cairo_surface_t *surface;
    CelDrawFrame frame;
} Canvas;

static Canvas paint_layers(const CelPlot *plot, guint layers)
{
    Canvas canvas = {.surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT)};
    cairo_t *cr = cairo_create(canvas.surface);
    g_assert_true(cel_draw_layout(cr, plot, &(CelDrawRect){0, 0, WIDTH, HEIGHT}, &canvas.frame));
    cel_draw_layers(cr, plot, &canvas.frame, layers);
    cairo_destroy(cr);
    cairo_surface_flush(canvas.surface);
    return canvas;
}

static guint32 pixel(const Canvas *canvas, int column, int row)
{
    const guint8 *data = cairo_image_surface_get_data(canvas->surface);
    const int stride = cairo_image_surface_get_stride(canvas->surface);
    return ((const guint32 *)(const void *)(data + row * stride))[column];
}

/* First and last inked row of a column; FALSE when there is none. */
static gboolean inked_rows(const Canvas *canvas, int column, int *out_top, int *out_bottom)
{
    *out_top = HEIGHT;
    *out_bottom = -1;
    for (int row = 0; row < HEIGHT; row++) {
        if ((pixel(canvas, column, row) >> 24) < 100)
            continue;
        *out_top = MIN(*out_top, row);
        *out_bottom = row;
    }
    return *out_bottom >= 0;
}

/* Every column of pixels must reach from the lowest to the highest of its samples. */
static void check_extremes(gboolean fast)
{
    enum { N = 40000 };
    g_autofree double *x = g_new(double, N);
    g_autofree double *y = g_new(double, N);
    g_autoptr(GRand) rand = g_rand_new_with_seed(11);
    for (gsize i = 0; i < N; i++) {
        x[i] = (double)i;
        y[i] = g_rand_double(rand) * (g_rand_int_range(rand, 0, 50) == 0 ? 1.0 : 0.3);
    }
    const CelTrace trace = {.x = x, .y = y, .n = N, .width = 1.0};
    const CelPlot plot = {.traces = &trace, .n_traces = 1, .fast = fast, .y_max = 1.0};
    const Canvas canvas = paint_layers(&plot, CEL_LAYER_CURVES);
    for (int column = (int)canvas.frame.left + 2;
         column < (int)(canvas.frame.left + canvas.frame.width) - 2; column++) {
        double low = 2.0, high = -2.0;
        int top = 0, bottom = 0;
        for (gsize i = 0; i < N; i++) {
            if ((int)floor(cel_draw_frame_x(&canvas.frame, x[i])) != column)
                continue;
            low = fmin(low, y[i]);
            high = fmax(high, y[i]);
        }
        g_assert_true(inked_rows(&canvas, column, &top, &bottom));
        g_assert_cmpfloat(top, <=, cel_draw_frame_y(&canvas.frame, high) + 1.0);
        g_assert_cmpfloat(bottom, >=, cel_draw_frame_y(&canvas.frame, low) - 2.0);
    }
    cairo_surface_destroy(canvas.surface);
}

static void a_long_curve_keeps_every_extreme(void)
{
    check_extremes(FALSE);
}

static void a_noisy_curve_in_motion_keeps_every_extreme(void)
{
    check_extremes(TRUE);
}

static void roles_take_their_colour_from_the_palette(void)
{
    const double x[] = {0, 1}, y[] = {0.5, 0.5};
    for (guint id = 0; id < CEL_N_PALETTES; id++) {
        const CelDrawColour *want = &cel_draw_palette((CelPaletteId)id)->roles[CEL_TRACE_LIVE];
        const CelTrace trace = {.x = x, .y = y, .n = 2, .role = CEL_TRACE_LIVE};
        const CelPlot plot = {
            .traces = &trace, .n_traces = 1, .y_max = 1.0, .palette = (CelPaletteId)id};
        const Canvas canvas = paint_layers(&plot, CEL_LAYER_LIVE);
        int strongest = 0;
        guint32 found = 0;
        for (int row = 0; row < HEIGHT; row++) {
            const guint32 here = pixel(&canvas, WIDTH / 2, row);
            if ((int)(here >> 24) > strongest) {
                strongest = (int)(here >> 24);
                found = here;
            }
        }
        g_assert_cmpint(strongest, >, 80);
        /* premultiplied: compared with the colour as far as it covers the pixel */
        g_assert_cmpint(ABS((int)(found >> 16 & 0xff) - (int)(want->red * strongest)), <=, 3);
        g_assert_cmpint(ABS((int)(found & 0xff) - (int)(want->blue * strongest)), <=, 3);
        cairo_surface_destroy(canvas.surface);
    }
}

/* As the accessibility guidelines of the web (WCAG 2.1) measure it: 1..21. */
static double contrast(const CelDrawColour *a, const CelDrawColour *b)
{
    double light[2] = {0.0, 0.0};
    for (guint k = 0; k < 2; k++) {
        const CelDrawColour *colour = k == 0 ? a : b;
        const double parts[] = {colour->red, colour->green, colour->blue};
        static const double weights[] = {0.2126, 0.7152, 0.0722};
        for (guint c = 0; c < 3; c++)
            light[k] += weights[c] * (parts[c] <= 0.03928 ? parts[c] / 12.92
                                                          : pow((parts[c] + 0.055) / 1.055, 2.4));
    }
    return (fmax(light[0], light[1]) + 0.05) / (fmin(light[0], light[1]) + 0.05);
}

static void colours_of_words_and_curves_stand_out_from_their_ground(void)
{
    for (guint id = 0; id < CEL_N_PALETTES; id++) {
        const CelDrawPalette *palette = cel_draw_palette((CelPaletteId)id);
        g_assert_cmpfloat(contrast(&palette->text, &palette->paper), >=, 4.5);
        g_assert_cmpfloat(contrast(&palette->mark, &palette->paper), >=, 4.5);
        g_assert_cmpfloat(contrast(&palette->saturated, &palette->paper), >=, 3.0);
        for (guint role = CEL_TRACE_SAMPLE; role < CEL_N_TRACE_ROLES; role++)
            g_assert_cmpfloat(contrast(&palette->roles[role], &palette->paper), >=, 3.0);
    }
}

static void a_live_curve_lies_on_a_layer_of_its_own(void)
{
    const double x[] = {0, 1}, y[] = {0.5, 0.5};
    const CelTrace trace = {.x = x, .y = y, .n = 2, .role = CEL_TRACE_LIVE};
    const CelPlot plot = {.traces = &trace, .n_traces = 1, .y_max = 1.0};
    const Canvas still = paint_layers(&plot, CEL_LAYER_CURVES);
    const Canvas live = paint_layers(&plot, CEL_LAYER_LIVE);
    int top = 0, bottom = 0;
    g_assert_false(inked_rows(&still, WIDTH / 2, &top, &bottom));
    g_assert_true(inked_rows(&live, WIDTH / 2, &top, &bottom));
    cairo_surface_destroy(still.surface);
    cairo_surface_destroy(live.surface);
}

static void a_saturated_sample_is_seen_along_the_top(void)
{
    enum { N = 400 };
    double x[N], y[N];
    guint8 mask[N] = {0};
    for (gsize i = 0; i < N; i++) {
        x[i] = (double)i;
        y[i] = 0.2;
    }
    CelTrace trace = {.x = x, .y = y, .n = N, .mask = mask, .role = CEL_TRACE_SAMPLE};
    const CelPlot plot = {.traces = &trace, .n_traces = 1, .y_max = 1.0};
    mask[N / 2] = CEL_MASK_SATURATED;
    mask[N / 4] = CEL_MASK_COSMIC;
    const Canvas canvas = paint_layers(&plot, CEL_LAYER_CURVES);
    const int row = (int)canvas.frame.top + 3;
    const int full = (int)cel_draw_frame_x(&canvas.frame, N / 2);
    const int other = (int)cel_draw_frame_x(&canvas.frame, N / 4);
    g_assert_cmpuint(pixel(&canvas, full, row) >> 24, >, 200);
    g_assert_cmpuint(pixel(&canvas, other, row) >> 24, ==, 0);
    cairo_surface_destroy(canvas.surface);
}

static void raised_and_scaled_curves_widen_the_range(void)
{
    const double x[] = {0, 1}, y[] = {0, 2};
    const CelTrace trace = {.x = x, .y = y, .n = 2, .scale = 0.5, .offset = 3.0, .width = 1.0};
    const CelPlot plot = {.traces = &trace, .n_traces = 1};
    double low = NAN, high = NAN;
    g_assert_true(cel_draw_y_range(&plot, 0.0, 1.0, &low, &high));
    g_assert_cmpfloat(high, >, 4.0);
    g_assert_cmpfloat(high, <, 4.5);
}

/* ---- legend, bands, cursor, panels ---- */

/* A band fills the right half of the area to its top: the words must go to the left. */
static void the_legend_goes_where_no_curve_is(void)
{
    const double x[] = {0, 0.55, 0.56, 1}, right[] = {0, 0, 1, 1}, flat[] = {0, 0, 0, 0};
    CelTrace trace = {.x = x, .y = flat, .n = 4, .label = "sample", .width = 1.0};
    const CelPlot plot = {.traces = &trace, .n_traces = 1, .y_max = 1.02};
    const Canvas free_right = paint_layers(&plot, CEL_LAYER_LEGEND);
    trace.y = right;
    const Canvas taken_right = paint_layers(&plot, CEL_LAYER_LEGEND);
    int top = 0, bottom = 0;
    gboolean ink_right = FALSE, ink_left = FALSE, moved_right = FALSE, moved_left = FALSE;
    for (int column = 0; column < WIDTH; column++) {
        const gboolean high = column > WIDTH * 6 / 10;
        const gboolean before = inked_rows(&free_right, column, &top, &bottom);
        ink_right |= high && before;
        ink_left |= !high && before;
        const gboolean after = inked_rows(&taken_right, column, &top, &bottom) && top < HEIGHT / 4;
        moved_right |= high && after;
        moved_left |= !high && after;
    }
    g_assert_true(ink_right && !ink_left);
    g_assert_true(moved_left && !moved_right);
    cairo_surface_destroy(free_right.surface);
    cairo_surface_destroy(taken_right.surface);
}

static void bands_and_cursor_add_ink_only_inside_the_range(void)
{
    const double x[] = {0, 1}, y[] = {0, 1};
    const CelTrace trace = {.x = x, .y = y, .n = 2, .width = 1.0};
    CelPlot plot = {.traces = &trace, .n_traces = 1};
    const guint plain = ink_of(&plot, 0);
    for (guint kind = 0; kind < CEL_N_BANDS; kind++) {
        const CelDrawBand inside = {0.2, 0.5, (CelDrawBandKind)kind, NULL};
        const CelDrawBand outside = {2.0, 3.0, (CelDrawBandKind)kind, NULL};
        plot.bands = &inside;
        plot.n_bands = 1;
        g_assert_cmpuint(ink_of(&plot, 0), >, plain);
        plot.bands = &outside;
        g_assert_cmpuint(ink_of(&plot, 0), ==, plain);
    }
    plot.n_bands = 0;
    const CelDrawCursor cursor = {0.5, 0.5, "0.5"}, lost = {5.0, 0.5, "5"};
    plot.cursor = &cursor;
    g_assert_cmpuint(ink_of(&plot, 0), >, plain);
    plot.cursor = &lost;
    g_assert_cmpuint(ink_of(&plot, 0), ==, plain);
}

static void a_second_panel_stands_below_the_first(void)
{
    const double x[] = {0, 1}, y[] = {0, 1}, level[] = {1, 1};
    const CelTrace trace = {.x = x, .y = y, .n = 2, .width = 1.0};
    const CelTrace rest = {.x = x, .y = level, .n = 2, .red = 1.0, .width = 2.0};
    const CelPlot lower = {.traces = &rest, .n_traces = 1};
    CelPlot plot = {.traces = &trace, .n_traces = 1};
    const guint alone = ink_of(&plot, 0);
    plot.below = &lower;
    g_assert_cmpuint(ink_of(&plot, 0), >, alone);
}

/* ---- files ---- */

static GBytes *bytes_of(CelDrawKind kind, const char *x_label, const char *language)
{
    const double x[] = {0, 1}, y[] = {0, 1};
    const CelTrace trace = {.x = x, .y = y, .n = 2, .label = "a < b & c", .role = CEL_TRACE_SAMPLE};
    const CelPlot plot = {.traces = &trace,
                          .n_traces = 1,
                          .x_label = x_label,
                          .y_label = "counts",
                          .palette = CEL_PALETTE_DARK,
                          .language = language};
    g_autoptr(GError) error = NULL;
    GBytes *bytes = cel_draw_to_bytes(&plot, "\xe6\xa3\x80\xe6\x9d\x90 7", kind, &error);
    g_assert_no_error(error);
    return bytes;
}

static void words_in_svg_are_text_and_escaped(void)
{
    g_autoptr(GBytes) bytes =
        bytes_of(CEL_DRAW_SVG, "\xe6\x8b\x89\xe6\x9b\xbc\xe4\xbd\x8d\xe7\xa7\xbb", "zh-cn");
    gsize n = 0;
    const char *data = g_bytes_get_data(bytes, &n);
    g_autofree char *text = g_strndup(data, n);
    g_assert_nonnull(strstr(text, ">\xe6\x8b\x89\xe6\x9b\xbc\xe4\xbd\x8d\xe7\xa7\xbb</text>"));
    g_assert_nonnull(strstr(text, ">\xe6\xa3\x80\xe6\x9d\x90 7</text>"));
    g_assert_nonnull(strstr(text, ">a &lt; b &amp; c</text>"));
    g_assert_nonnull(strstr(text, "rotate(-90"));
    g_assert_nonnull(strstr(text, "xml:lang=\"zh-cn\""));
    g_assert_true(g_str_has_suffix(text, "</svg>\n"));
}

static void svg_is_well_formed(void)
{
    g_autoptr(GBytes) bytes = bytes_of(CEL_DRAW_SVG, "Raman shift", NULL);
    gsize n = 0;
    g_autoptr(GError) error = NULL;
    const char *data = g_bytes_get_data(bytes, &n);
    const GMarkupParser nothing = {0};
    GMarkupParseContext *context = g_markup_parse_context_new(&nothing, 0, NULL, NULL);
    g_assert_true(g_markup_parse_context_parse(context, data, (gssize)n, &error));
    g_assert_true(g_markup_parse_context_end_parse(context, &error));
    g_assert_no_error(error);
    g_markup_parse_context_free(context);
}

typedef struct {
    const guint8 *data;
    gsize n, at;
} Source;

static cairo_status_t read_from(void *closure, unsigned char *out, unsigned int n)
{
    Source *source = closure;
    if (source->at + n > source->n)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(out, source->data + source->at, n);
    source->at += n;
    return CAIRO_STATUS_SUCCESS;
}

static void a_file_is_on_white_whatever_the_palette(void)
{
    g_autoptr(GBytes) bytes = bytes_of(CEL_DRAW_PNG, "Raman shift", NULL);
    Source source = {0};
    source.data = g_bytes_get_data(bytes, &source.n);
    cairo_surface_t *surface = cairo_image_surface_create_from_png_stream(read_from, &source);
    g_assert_cmpint(cairo_surface_status(surface), ==, CAIRO_STATUS_SUCCESS);
    const int width = cairo_image_surface_get_width(surface);
    const int height = cairo_image_surface_get_height(surface);
    guint white = 0;
    for (int row = 0; row < height; row++)
        for (int column = 0; column < width; column++)
            white += (pixel(&(Canvas){.surface = surface}, column, row) & 0xffffff) == 0xffffff;
    g_assert_cmpuint(white, >, (guint)(width * height) * 9 / 10);
    cairo_surface_destroy(surface);
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
    ADD(places_and_values_are_each_others_inverse);
    ADD(ranges_that_are_told_are_taken);
    ADD(ticks_of_a_deep_zoom_are_told_apart);
    ADD(a_long_curve_keeps_every_extreme);
    ADD(a_noisy_curve_in_motion_keeps_every_extreme);
    ADD(roles_take_their_colour_from_the_palette);
    ADD(colours_of_words_and_curves_stand_out_from_their_ground);
    ADD(a_live_curve_lies_on_a_layer_of_its_own);
    ADD(a_saturated_sample_is_seen_along_the_top);
    ADD(raised_and_scaled_curves_widen_the_range);
    ADD(the_legend_goes_where_no_curve_is);
    ADD(bands_and_cursor_add_ink_only_inside_the_range);
    ADD(a_second_panel_stands_below_the_first);
    ADD(words_in_svg_are_text_and_escaped);
    ADD(svg_is_well_formed);
    ADD(a_file_is_on_white_whatever_the_palette);
    g_test_add_func("/draw/points/bars", points_are_painted_with_their_bars);
    g_test_add_func("/draw/points/ranges", points_alone_make_the_ranges);
    g_test_add_func("/draw/file/same_each_time", a_plot_is_written_the_same_each_time);
    g_test_add_func("/draw/file/no_other_ending", a_plot_has_no_other_ending);
    return g_test_run();
}
