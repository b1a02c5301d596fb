/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every step at the edges: few samples, marked samples, constant, huge and tiny values. */
#include "base/cel-error.h"
#include "process/cel-baseline.h"
#include "process/cel-despike.h"
#include "process/cel-recipe.h"

#include <math.h>
#include <string.h>

enum { MANY = 80 };

static CelSpectrum *make(const double *x, const double *y, gsize n, CelUnit unit)
{
    g_autoptr(CelAxis) axis = cel_axis_new(unit, x, n, NULL);
    CelSpectrum *spectrum = cel_spectrum_new(axis, y, NULL);
    g_assert_nonnull(spectrum);
    return spectrum;
}

/* Bands on a slope with noise from @seed, @n samples from 200 cm-1 every 2. */
static CelSpectrum *lively(gsize n, guint32 seed, double scale, double offset)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    g_autofree double *x = g_new(double, n), *y = g_new(double, n), *variance = g_new(double, n);
    for (gsize i = 0; i < n; i++) {
        const double u = ((double)i - 30.0) / 4.0;
        x[i] = 200.0 + 2.0 * (double)i;
        y[i] = offset + scale * (100.0 + (double)i + 300.0 * exp(-u * u) +
                                 g_rand_double_range(random, -2.0, 2.0));
        variance[i] = scale * scale * (4.0 + 0.1 * (double)i);
    }
    CelSpectrum *spectrum = make(x, y, n, CEL_UNIT_SHIFT_CM1);
    g_assert_true(cel_spectrum_set_variance(spectrum, variance, NULL));
    return spectrum;
}

static CelSpectrum *run(const char *text, const CelSpectrum *in, const CelStepInputs *inputs,
                        GError **error)
{
    g_autoptr(CelRecipe) recipe = cel_recipe_new("test");
    if (!cel_recipe_append_text(recipe, text, error))
        return NULL;
    return cel_recipe_run(recipe, in, inputs, NULL, NULL, error);
}

static CelSpectrum *run_well(const char *text, const CelSpectrum *in)
{
    g_autoptr(GError) error = NULL;
    CelSpectrum *out = run(text, in, NULL, &error);
    g_assert_no_error(error);
    return out;
}

/* The error must bear the step's name and @words. */
static void refuses(const char *text, const CelSpectrum *in, const CelStepInputs *inputs, int code,
                    const char *words)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *id = g_strndup(text, strcspn(text, ":"));
    g_assert_null(run(text, in, inputs, &error));
    g_assert_error(error, CEL_ERROR, code);
    g_assert_true(g_str_has_prefix(error->message, id));
    if (strstr(error->message, words) == NULL)
        g_error("not in the message: %s\n%s", words, error->message);
}

/* Either a whole, finite answer or an error with a message: never half of both. */
static void answers_or_refuses(const CelStepDef *step, const CelSpectrum *in)
{
    static const CelStepInputs none = {.n_frames = 0};
    g_autoptr(CelParams) params = cel_params_new(step->params, step->n_params);
    g_autoptr(GError) error = NULL;
    g_autofree double *before =
        g_memdup2(cel_spectrum_y(in), cel_spectrum_length(in) * sizeof *before);
    g_autoptr(CelSpectrum) out = step->run(in, params, &none, &error);
    g_assert_true((out == NULL) == (error != NULL));
    g_assert_true(memcmp(before, cel_spectrum_y(in), cel_spectrum_length(in) * sizeof *before) ==
                  0);
    if (out == NULL) {
        g_assert_true(error->domain == CEL_ERROR && strlen(error->message) > 20);
        return;
    }
    for (gsize i = 0; i < cel_spectrum_length(out); i++) {
        g_assert_true(isfinite(cel_spectrum_y(out)[i]));
        g_assert_true(cel_spectrum_variance(out) == NULL || cel_spectrum_variance(out)[i] >= 0.0);
    }
}

static void every_step_bears_a_handful_of_samples(void)
{
    gsize n_steps = 0;
    const CelStepDef *const *steps = cel_steps(&n_steps);
    for (gsize n = 2; n <= 12; n++) {
        g_autoptr(CelSpectrum) in = lively(n, (guint32)n, 1.0, 0.0);
        for (gsize s = 0; s < n_steps; s++)
            answers_or_refuses(steps[s], in);
    }
}

static void every_step_bears_samples_that_are_all_marked(void)
{
    gsize n_steps = 0;
    const CelStepDef *const *steps = cel_steps(&n_steps);
    g_autoptr(CelSpectrum) in = lively(MANY, 1, 1.0, 0.0);
    guint8 mask[MANY];
    memset(mask, CEL_MASK_SATURATED, sizeof mask);
    cel_spectrum_set_mask(in, mask);
    for (gsize s = 0; s < n_steps; s++)
        answers_or_refuses(steps[s], in);
}

static void every_step_bears_one_unmarked_sample(void)
{
    gsize n_steps = 0;
    const CelStepDef *const *steps = cel_steps(&n_steps);
    for (gsize free = 0; free < MANY; free += MANY / 2 - 1) {
        g_autoptr(CelSpectrum) in = lively(MANY, 2, 1.0, 0.0);
        guint8 mask[MANY];
        memset(mask, CEL_MASK_BAD_PIXEL, sizeof mask);
        mask[free] = 0;
        cel_spectrum_set_mask(in, mask);
        for (gsize s = 0; s < n_steps; s++)
            answers_or_refuses(steps[s], in);
    }
}

static void every_step_bears_constant_huge_and_tiny_values(void)
{
    static const double values[] = {0.0, 1.0, -5.0, 65535.0, 1e150, -1e150, 1e307, 1e-300, 5e-324};
    gsize n_steps = 0;
    const CelStepDef *const *steps = cel_steps(&n_steps);
    for (gsize v = 0; v < G_N_ELEMENTS(values); v++) {
        double x[MANY], flat[MANY], alternating[MANY];
        for (gsize i = 0; i < MANY; i++) {
            x[i] = 200.0 + (double)i;
            flat[i] = values[v];
            alternating[i] = i % 2 == 0 ? values[v] : 0.5 * values[v];
        }
        g_autoptr(CelSpectrum) a = make(x, flat, MANY, CEL_UNIT_SHIFT_CM1);
        g_autoptr(CelSpectrum) b = make(x, alternating, MANY, CEL_UNIT_SHIFT_CM1);
        for (gsize s = 0; s < n_steps; s++) {
            answers_or_refuses(steps[s], a);
            answers_or_refuses(steps[s], b);
        }
    }
}

static void every_step_bears_a_wild_axis(void)
{
    gsize n_steps = 0;
    const CelStepDef *const *steps = cel_steps(&n_steps);
    double x[MANY], y[MANY];
    for (gsize i = 0; i < MANY; i++) {
        x[i] = 200.0 + pow(1.2, (double)i) * 1e-3;
        y[i] = 10.0 + cos((double)i);
    }
    g_autoptr(CelSpectrum) in = make(x, y, MANY, CEL_UNIT_SHIFT_CM1);
    for (gsize s = 0; s < n_steps; s++)
        answers_or_refuses(steps[s], in);
}

static const char *const linear_texts[] = {
    "smooth.savgol",
    "smooth.savgol:window=9,polynomial=4,edges=mirror",
    "smooth.boxcar",
    "smooth.whittaker",
    "smooth.whittaker:lambda=30,differences=1",
    "smooth.whittaker:lambda=30,differences=3",
    "smooth.fft",
    "derivative.savgol",
    "resample.linear:from=210,to=300,step=3.3",
    "resample.cubic:from=210,to=300,step=3.3",
    "resample.mean:from=210,to=300,step=3.3",
};

static void linear_steps_are_linear(void)
{
    g_autoptr(CelSpectrum) a = lively(MANY, 5, 1.0, 0.0), b = lively(MANY, 6, -0.3, 40.0);
    double y[MANY];
    for (gsize i = 0; i < MANY; i++)
        y[i] = 2.0 * cel_spectrum_y(a)[i] - 7.0 * cel_spectrum_y(b)[i];
    g_autoptr(CelSpectrum) both = make(cel_spectrum_x(a), y, MANY, CEL_UNIT_SHIFT_CM1);
    for (gsize t = 0; t < G_N_ELEMENTS(linear_texts); t++) {
        g_autoptr(CelSpectrum) out_a = run_well(linear_texts[t], a);
        g_autoptr(CelSpectrum) out_b = run_well(linear_texts[t], b);
        g_autoptr(CelSpectrum) out = run_well(linear_texts[t], both);
        for (gsize i = 0; i < cel_spectrum_length(out); i++)
            g_assert_cmpfloat_with_epsilon(
                cel_spectrum_y(out)[i],
                2.0 * cel_spectrum_y(out_a)[i] - 7.0 * cel_spectrum_y(out_b)[i], 1e-8);
    }
}

static void smoothing_keeps_a_constant(void)
{
    double x[MANY], y[MANY];
    for (gsize i = 0; i < MANY; i++) {
        x[i] = 200.0 + 2.0 * (double)i;
        y[i] = -17.25;
    }
    g_autoptr(CelSpectrum) in = make(x, y, MANY, CEL_UNIT_SHIFT_CM1);
    static const char *const more[] = {"smooth.median:window=9", "smooth.boxcar:edges=mirror",
                                       "resample.pchip:step=3", "resample.akima:step=3"};
    for (gsize t = 0; t < G_N_ELEMENTS(linear_texts) + G_N_ELEMENTS(more); t++) {
        const char *text =
            t < G_N_ELEMENTS(linear_texts) ? linear_texts[t] : more[t - G_N_ELEMENTS(linear_texts)];
        const double expected = g_str_has_prefix(text, "derivative") ? 0.0 : -17.25;
        g_autoptr(CelSpectrum) out = run_well(text, in);
        for (gsize i = 0; i < cel_spectrum_length(out); i++)
            g_assert_cmpfloat_with_epsilon(cel_spectrum_y(out)[i], expected, 1e-8);
    }
}

/* What the noise of many runs does is what the carried variance must say. */
static void carried_variances_are_those_of_repeated_measurements(void)
{
    enum { N = 40, RUNS = 3000 };
    static const char *const texts[] = {"smooth.savgol", "smooth.whittaker:lambda=20",
                                        "smooth.fft:cutoff=0.5", "derivative.savgol",
                                        "smooth.median:window=11"};
    for (gsize t = 0; t < G_N_ELEMENTS(texts); t++) {
        g_autoptr(GRand) random = g_rand_new_with_seed(7);
        double sum[N] = {0.0}, squares[N] = {0.0}, seen = 0.0, said = 0.0;
        g_autoptr(CelSpectrum) in = lively(N, 3, 0.0, 0.0);
        double one[N];
        for (gsize i = 0; i < N; i++)
            one[i] = 1.0;
        g_assert_true(cel_spectrum_set_variance(in, one, NULL));
        g_autoptr(CelSpectrum) expected = run_well(texts[t], in);
        for (gsize r = 0; r < RUNS; r++) {
            double y[N];
            for (gsize i = 0; i < N; i++) { /* the sum of twelve is near enough to a Gaussian */
                y[i] = -6.0;
                for (gsize k = 0; k < 12; k++)
                    y[i] += g_rand_double(random);
            }
            g_autoptr(CelSpectrum) noisy = make(cel_spectrum_x(in), y, N, CEL_UNIT_SHIFT_CM1);
            g_autoptr(CelSpectrum) out = run_well(texts[t], noisy);
            for (gsize i = 0; i < N; i++) {
                sum[i] += cel_spectrum_y(out)[i];
                squares[i] += cel_spectrum_y(out)[i] * cel_spectrum_y(out)[i];
            }
        }
        for (gsize i = 8; i < N - 8; i++) { /* the ends of a median are another matter */
            seen += (squares[i] - sum[i] * sum[i] / RUNS) / (RUNS - 1.0);
            said += cel_spectrum_variance(expected)[i];
        }
        g_assert_cmpfloat_with_epsilon(said / seen, 1.0, t == 4 ? 0.1 : 0.04);
    }
}

static void the_second_derivative_is_per_squared_axis_unit(void)
{
    double x[MANY], y[MANY];
    for (gsize i = 0; i < MANY; i++) {
        x[i] = 200.0 + 0.5 * (double)i;
        y[i] = 3.0 * x[i] * x[i];
    }
    g_autoptr(CelSpectrum) in = make(x, y, MANY, CEL_UNIT_SHIFT_CM1);
    g_autoptr(CelSpectrum) axis = run_well("derivative.savgol:order=2", in);
    g_autoptr(CelSpectrum) sample = run_well("derivative.savgol:order=2,spacing=sample", in);
    for (gsize i = 0; i < MANY; i++) {
        g_assert_cmpfloat_with_epsilon(cel_spectrum_y(axis)[i], 6.0, 1e-7);
        g_assert_cmpfloat_with_epsilon(cel_spectrum_y(sample)[i], 1.5, 1e-7);
    }
}

static void an_axis_rounded_by_less_than_a_hundredth_counts_as_even(void)
{
    double x[MANY], y[MANY] = {0.0};
    for (gsize i = 0; i < MANY; i++)
        x[i] = (double)i;
    x[10] += 0.009;
    g_autoptr(CelSpectrum) near = make(x, y, MANY, CEL_UNIT_SHIFT_CM1);
    g_autoptr(CelSpectrum) out = run_well("derivative.savgol", near);
    g_assert_cmpuint(cel_spectrum_length(out), ==, MANY);
    x[10] += 0.002;
    g_autoptr(CelSpectrum) off = make(x, y, MANY, CEL_UNIT_SHIFT_CM1);
    refuses("derivative.savgol", off, NULL, CEL_ERROR_UNIT, "not evenly spaced");
}

static void windows_that_make_no_sense_are_refused_in_words(void)
{
    g_autoptr(CelSpectrum) in = lively(9, 1, 1.0, 0.0);
    refuses("smooth.savgol:window=6", in, NULL, CEL_ERROR_USAGE, "choose an odd number");
    refuses("smooth.savgol:window=11", in, NULL, CEL_ERROR_INPUT, "has 9 samples");
    refuses("smooth.savgol:window=5,polynomial=5", in, NULL, CEL_ERROR_USAGE, "degree 5");
    refuses("derivative.savgol:window=5,polynomial=1,order=2", in, NULL, CEL_ERROR_USAGE,
            "zero everywhere");
    refuses("smooth.median:window=4", in, NULL, CEL_ERROR_USAGE, "4 samples has no middle");
    refuses("smooth.median:window=11", in, NULL, CEL_ERROR_INPUT, "needs 11");
    refuses("smooth.boxcar:window=11", in, NULL, CEL_ERROR_INPUT, "smaller window");
    g_autoptr(CelSpectrum) widest = run_well("smooth.savgol:window=9,polynomial=8", in);
    for (gsize i = 0; i < 9; i++) /* as many terms as samples: nothing is smoothed */
        g_assert_cmpfloat_with_epsilon(cel_spectrum_y(widest)[i], cel_spectrum_y(in)[i], 1e-6);
}

static void ends_read_off_a_window_carry_the_marks_of_all_of_it(void)
{
    g_autoptr(CelSpectrum) in = lively(30, 1, 1.0, 0.0);
    guint8 mask[30] = {0};
    mask[6] = CEL_MASK_SATURATED;
    mask[25] = CEL_MASK_COSMIC;
    cel_spectrum_set_mask(in, mask);
    g_autoptr(CelSpectrum) interp = run_well("smooth.savgol:window=7", in);
    g_autoptr(CelSpectrum) nearest = run_well("smooth.savgol:window=7,edges=nearest", in);
    for (gsize i = 0; i < 30; i++) {
        const guint8 cosmic = i == 25 ? CEL_MASK_COSMIC : 0;
        const gboolean inside = i >= 3 && i <= 9;
        g_assert_cmpuint(cel_spectrum_mask(nearest)[i], ==, inside ? CEL_MASK_SATURATED : cosmic);
        g_assert_cmpuint(cel_spectrum_mask(interp)[i], ==,
                         inside || i < 3 ? CEL_MASK_SATURATED : cosmic);
    }
}

static void crop_takes_both_ends_of_its_range(void)
{
    g_autoptr(CelSpectrum) in = lively(20, 1, 1.0, 0.0); /* 200, 202 .. 238 */
    static const struct {
        const char *text;
        double first, last;
    } rows[] = {{"crop.range:from=204,to=210", 204, 210},
                {"crop.range:from=203.9,to=210.1", 204, 210},
                {"crop.range:from=204.1,to=209.9", 206, 208},
                {"crop.range:from=0,to=202", 200, 202},
                {"crop.range:from=236,to=9000", 236, 238}};
    for (gsize r = 0; r < G_N_ELEMENTS(rows); r++) {
        g_autoptr(CelSpectrum) out = run_well(rows[r].text, in);
        const gsize n = cel_spectrum_length(out);
        g_assert_cmpfloat(cel_spectrum_x(out)[0], ==, rows[r].first);
        g_assert_cmpfloat(cel_spectrum_x(out)[n - 1], ==, rows[r].last);
        const gsize skip = (gsize)((rows[r].first - 200.0) / 2.0);
        g_assert_cmpfloat(cel_spectrum_y(out)[n - 1], ==, cel_spectrum_y(in)[skip + n - 1]);
    }
    refuses("crop.range:from=203,to=205", in, NULL, CEL_ERROR_INPUT, "200 to 238");
    refuses("crop.range:from=210,to=210", in, NULL, CEL_ERROR_USAGE, "ends before it begins");
}

static void crop_cuts_off_what_the_filter_hides_at_the_ends_alone(void)
{
    g_autoptr(CelSpectrum) in = lively(20, 1, 1.0, 0.0);
    guint8 mask[20] = {0};
    mask[0] = mask[1] = mask[19] = CEL_MASK_OUT_OF_RANGE;
    mask[9] = CEL_MASK_OUT_OF_RANGE;
    mask[2] = CEL_MASK_SATURATED;
    cel_spectrum_set_mask(in, mask);
    g_autoptr(CelSpectrum) out = run_well("crop.range:from=0,to=4000", in);
    g_assert_cmpuint(cel_spectrum_length(out), ==, 17);
    g_assert_cmpfloat(cel_spectrum_x(out)[0], ==, 204.0);
    g_assert_cmpuint(cel_spectrum_mask(out)[0], ==, CEL_MASK_SATURATED);
    g_assert_cmpuint(cel_spectrum_mask(out)[7], ==, CEL_MASK_OUT_OF_RANGE);
    memset(mask, CEL_MASK_OUT_OF_RANGE, sizeof mask);
    cel_spectrum_set_mask(in, mask);
    refuses("crop.range:from=0,to=4000", in, NULL, CEL_ERROR_INPUT, "fewer than two samples");
}

static void crop_wants_the_unit_of_the_axis(void)
{
    const double x[] = {500, 510, 520}, y[] = {1, 2, 3};
    static const struct {
        CelUnit unit;
        const char *good;
    } rows[] = {{CEL_UNIT_NM_AIR, "nm"},
                {CEL_UNIT_NM_VACUUM, "nm"},
                {CEL_UNIT_NM_UNSTATED, "nm"},
                {CEL_UNIT_PIXEL, "pixel"},
                {CEL_UNIT_SHIFT_CM1, "cm-1"}};
    static const char *const units[] = {"nm", "pixel", "cm-1"};
    for (gsize r = 0; r < G_N_ELEMENTS(rows); r++) {
        g_autoptr(CelSpectrum) in = make(x, y, 3, rows[r].unit);
        for (gsize u = 0; u < G_N_ELEMENTS(units); u++) {
            g_autofree char *text = g_strdup_printf("crop.range:from=505,to=600,unit=%s", units[u]);
            if (strcmp(units[u], rows[r].good) != 0) {
                refuses(text, in, NULL, CEL_ERROR_UNIT, cel_unit_name(rows[r].unit));
                continue;
            }
            g_autoptr(CelSpectrum) out = run_well(text, in);
            g_assert_cmpuint(cel_spectrum_length(out), ==, 2);
        }
    }
}

static void a_dark_without_variance_leaves_none(void)
{
    g_autoptr(CelSpectrum) in = lively(10, 1, 1.0, 0.0), dark = lively(10, 2, 0.1, 0.0);
    cel_spectrum_set_variance(dark, NULL, NULL);
    const guint8 of_dark[10] = {[3] = CEL_MASK_BAD_PIXEL},
                 of_light[10] = {[3] = CEL_MASK_SATURATED};
    cel_spectrum_set_mask(dark, of_dark);
    const CelStepInputs inputs = {.dark = dark};
    g_autoptr(CelSpectrum) first = run("dark.subtract", in, &inputs, NULL);
    g_assert_null(cel_spectrum_variance(first));
    g_assert_cmpuint(cel_spectrum_mask(first)[3], ==, CEL_MASK_BAD_PIXEL);
    cel_spectrum_set_mask(in, of_light);
    g_autoptr(CelSpectrum) second = run("dark.subtract", in, &inputs, NULL);
    g_assert_cmpuint(cel_spectrum_mask(second)[3], ==, CEL_MASK_BAD_PIXEL | CEL_MASK_SATURATED);
    cel_spectrum_set_mask(dark, NULL);
    g_autoptr(CelSpectrum) third = run("dark.subtract", in, &inputs, NULL);
    g_assert_cmpuint(cel_spectrum_mask(third)[3], ==, CEL_MASK_SATURATED);
}

static void passing_without_a_dark_does_not_forget_an_earlier_one(void)
{
    g_autoptr(CelSpectrum) in = lively(10, 1, 1.0, 0.0), dark = lively(10, 2, 0.1, 0.0);
    const CelStepInputs inputs = {.dark = dark};
    g_autoptr(CelSpectrum) never = run_well("dark.subtract:when_absent=pass", in);
    g_assert_cmpstr(cel_spectrum_meta(never, "dark"), ==, "absent");
    g_autoptr(CelSpectrum) once = run("dark.subtract", in, &inputs, NULL);
    g_autoptr(CelSpectrum) passed = run_well("dark.subtract:when_absent=pass", once);
    g_assert_cmpstr(cel_spectrum_meta(passed, "dark"), ==, "subtracted");
    refuses("dark.subtract", once, &inputs, CEL_ERROR_USAGE, "second time");
    refuses("dark.subtract", in, NULL, CEL_ERROR_INPUT, "shutter closed");
}

static const char *const normalisers[] = {"normalise.max", "normalise.minmax", "normalise.area",
                                          "normalise.vector", "normalise.snv"};

static void a_normalised_spectrum_does_not_know_its_scale(void)
{
    static const double scales[] = {1e-9, 3.0, 1e9};
    g_autoptr(CelSpectrum) in = lively(MANY, 4, 1.0, 0.0);
    for (gsize t = 0; t < G_N_ELEMENTS(normalisers); t++) {
        g_autoptr(CelSpectrum) a = run_well(normalisers[t], in);
        for (gsize k = 0; k < G_N_ELEMENTS(scales); k++) {
            g_autoptr(CelSpectrum) other = lively(MANY, 4, scales[k], 0.0);
            g_autoptr(CelSpectrum) b = run_well(normalisers[t], other);
            for (gsize i = 0; i < MANY; i++) {
                g_assert_cmpfloat_with_epsilon(cel_spectrum_y(b)[i], cel_spectrum_y(a)[i], 1e-12);
                g_assert_cmpfloat_with_epsilon(
                    cel_spectrum_variance(b)[i] / cel_spectrum_variance(a)[i], 1.0, 1e-9);
            }
        }
    }
}

static void a_normalised_spectrum_is_left_alone_by_its_own_kind(void)
{
    g_autoptr(CelSpectrum) in = lively(MANY, 4, 1.0, -150.0);
    for (gsize t = 0; t < G_N_ELEMENTS(normalisers); t++) {
        g_autoptr(CelSpectrum) once = run_well(normalisers[t], in);
        g_autoptr(CelSpectrum) twice = run_well(normalisers[t], once);
        for (gsize i = 0; i < MANY; i++)
            g_assert_cmpfloat_with_epsilon(cel_spectrum_y(twice)[i], cel_spectrum_y(once)[i],
                                           1e-13);
    }
}

static void only_some_normalisers_forget_an_offset(void)
{
    g_autoptr(CelSpectrum) in = lively(MANY, 4, 1.0, 0.0), raised = lively(MANY, 4, 1.0, 1000.0);
    for (gsize t = 0; t < G_N_ELEMENTS(normalisers); t++) {
        g_autoptr(CelSpectrum) a = run_well(normalisers[t], in);
        g_autoptr(CelSpectrum) b = run_well(normalisers[t], raised);
        double largest = 0.0;
        for (gsize i = 0; i < MANY; i++)
            largest = fmax(largest, fabs(cel_spectrum_y(a)[i] - cel_spectrum_y(b)[i]));
        const gboolean forgets =
            strstr(normalisers[t], "minmax") != NULL || strstr(normalisers[t], "snv") != NULL;
        g_assert_true(forgets ? largest < 1e-11 : largest > 1e-3);
    }
}

static void a_spectrum_below_zero_has_no_highest_sample_to_divide_by(void)
{
    const double x[] = {1, 2, 3}, y[] = {-1, -3, -2};
    g_autoptr(CelSpectrum) in = make(x, y, 3, CEL_UNIT_SHIFT_CM1);
    refuses("normalise.max", in, NULL, CEL_ERROR_NUMERIC, "scale -1");
    g_autoptr(CelSpectrum) area = run_well("normalise.area", in);
    g_assert_cmpfloat_with_epsilon(cel_spectrum_y(area)[1], -3.0 / 4.5, 1e-15);
}

static void a_grid_is_laid_from_its_start_not_from_the_data(void)
{
    g_autoptr(CelSpectrum) in = lively(21, 1, 1.0, 0.0); /* 200 .. 240 */
    g_autoptr(CelSpectrum) a = run_well("resample.linear:from=150,to=400,step=7", in);
    g_assert_cmpfloat(cel_spectrum_x(a)[0], ==, 206.0); /* 150 + 8 * 7 */
    g_assert_cmpfloat(cel_spectrum_x(a)[cel_spectrum_length(a) - 1], ==, 234.0);
    g_autoptr(CelSpectrum) b = run_well("resample.mean:from=150,to=400,step=7", in);
    g_assert_cmpfloat(cel_spectrum_x(b)[0], ==, 206.0);
    g_assert_cmpfloat(cel_spectrum_x(b)[cel_spectrum_length(b) - 1], ==, 234.0);
    g_autoptr(CelSpectrum) c = run_well("resample.mean:from=151,to=400,step=10", in);
    g_assert_cmpfloat(cel_spectrum_x(c)[0], ==, 211.0); /* the cell of 201 begins at 196 */
}

static void a_last_place_that_rounding_misses_is_kept(void)
{
    g_autoptr(CelSpectrum) in = lively(21, 1, 1.0, 0.0);
    g_autoptr(CelSpectrum) out = run_well("resample.linear:from=200,to=200.2,step=0.1", in);
    g_assert_cmpuint(cel_spectrum_length(out), ==, 3); /* 0.2 / 0.1 falls short of 2 here */
    refuses("resample.linear:from=300,to=300", in, NULL, CEL_ERROR_USAGE, "no grid");
    refuses("resample.cubic:from=199,to=230,range=refuse", in, NULL, CEL_ERROR_INPUT, "200 to 240");
    g_autoptr(CelSpectrum) few = lively(3, 1, 1.0, 0.0);
    refuses("resample.linear", few, NULL, CEL_ERROR_INPUT, "needs 4");
}

static void a_resampled_mark_reaches_as_far_as_its_sample(void)
{
    g_autoptr(CelSpectrum) in = lively(21, 1, 1.0, 0.0);
    guint8 mask[21] = {0};
    mask[10] = CEL_MASK_BAD_PIXEL; /* at 220 */
    cel_spectrum_set_mask(in, mask);
    static const struct {
        const char *text;
        double low, high; /* marked strictly between, and where a place stands on the sample */
    } rows[] = {{"resample.linear:from=200,to=240,step=0.5", 218, 222},
                {"resample.pchip:from=200,to=240,step=0.5", 216, 224},
                {"resample.cubic:from=200,to=240,step=0.5", 216, 224}};
    for (gsize r = 0; r < G_N_ELEMENTS(rows); r++) {
        g_autoptr(CelSpectrum) out = run_well(rows[r].text, in);
        for (gsize i = 0; i < cel_spectrum_length(out); i++) {
            const double x = cel_spectrum_x(out)[i];
            const gboolean on_sample = fmod(x, 2.0) == 0.0;
            const gboolean marked = on_sample ? x == 220.0 : x > rows[r].low && x < rows[r].high;
            g_assert_cmpuint(cel_spectrum_mask(out)[i], ==, marked ? CEL_MASK_BAD_PIXEL : 0);
        }
    }
}

static const char *const baselines[] = {"baseline.asls",       "baseline.arpls",
                                        "baseline.airpls",     "baseline.iarpls",
                                        "baseline.drpls",      "baseline.imodpoly",
                                        "baseline.rubberband", "baseline.snip:max_half_window=20"};

static void a_raised_spectrum_has_its_background_raised(void)
{
    static const char *const equivariant[] = {
        "baseline.asls:lambda=1e4", "baseline.arpls:lambda=1e4", "baseline.imodpoly",
        "baseline.rubberband", "baseline.snip:max_half_window=20,order=4"};
    g_autoptr(CelSpectrum) in = lively(MANY, 4, 1.0, 0.0), raised = lively(MANY, 4, 1.0, 4096.0);
    for (gsize t = 0; t < G_N_ELEMENTS(equivariant); t++) {
        g_autoptr(CelSpectrum) a = run_well(equivariant[t], in);
        g_autoptr(CelSpectrum) b = run_well(equivariant[t], raised);
        for (gsize i = 0; i < MANY; i++)
            g_assert_cmpfloat_with_epsilon(cel_spectrum_y(b)[i], cel_spectrum_y(a)[i], 1e-6);
    }
}

static void a_reversed_spectrum_has_its_background_reversed(void)
{
    g_autoptr(CelSpectrum) in = lively(MANY, 4, 1.0, 0.0);
    double x[MANY], y[MANY];
    for (gsize i = 0; i < MANY; i++) {
        x[i] = -cel_spectrum_x(in)[MANY - 1 - i];
        y[i] = cel_spectrum_y(in)[MANY - 1 - i];
    }
    g_autoptr(CelSpectrum) back = make(x, y, MANY, CEL_UNIT_SHIFT_CM1);
    for (gsize t = 0; t < G_N_ELEMENTS(baselines); t++) {
        g_autoptr(CelSpectrum) a = run_well(baselines[t], in);
        g_autoptr(CelSpectrum) b = run_well(baselines[t], back);
        for (gsize i = 0; i < MANY; i++)
            g_assert_cmpfloat_with_epsilon(cel_spectrum_y(b)[MANY - 1 - i], cel_spectrum_y(a)[i],
                                           1e-6);
    }
}

/* What stands in a marked sample must not matter at all, however wild it is. */
static void no_background_looks_at_the_value_of_a_marked_sample(void)
{
    static const char *const smoothed[] = {"baseline.rubberband:smooth_half_window=4",
                                           "baseline.snip:max_half_window=20,smooth_half_window=3"};
    static const double wild[] = {65535.0, -1e6, 1e20, -1e20};
    for (gsize t = 0; t < G_N_ELEMENTS(baselines) + G_N_ELEMENTS(smoothed); t++) {
        const char *text =
            t < G_N_ELEMENTS(baselines) ? baselines[t] : smoothed[t - G_N_ELEMENTS(baselines)];
        g_autoptr(CelSpectrum) in = lively(MANY, 4, 1.0, 0.0);
        guint8 mask[MANY] = {[0] = CEL_MASK_BAD_PIXEL, [50] = CEL_MASK_SATURATED};
        cel_spectrum_set_mask(in, mask);
        g_autoptr(CelSpectrum) a = run_well(text, in);
        for (gsize v = 0; v < G_N_ELEMENTS(wild); v++) {
            double y[MANY];
            memcpy(y, cel_spectrum_y(in), sizeof y);
            y[0] = y[50] = wild[v];
            g_autoptr(CelSpectrum) other = make(cel_spectrum_x(in), y, MANY, CEL_UNIT_SHIFT_CM1);
            cel_spectrum_set_mask(other, mask);
            g_autoptr(CelSpectrum) b = run_well(text, other);
            for (gsize i = 0; i < MANY; i++) {
                if (mask[i] == 0)
                    g_assert_cmpfloat_with_epsilon(cel_spectrum_y(b)[i], cel_spectrum_y(a)[i],
                                                   1e-9);
            }
        }
    }
}

static void the_rubber_band_lies_below_and_bends_upwards(void)
{
    for (guint32 seed = 0; seed < 20; seed++) {
        g_autoptr(CelSpectrum) in = lively(MANY, seed, 1.0, 0.0);
        g_autoptr(CelSpectrum) out = run_well("baseline.rubberband", in);
        double z[MANY];
        guint touching = 0;
        for (gsize i = 0; i < MANY; i++) {
            g_assert_cmpfloat(cel_spectrum_y(out)[i], >=, -1e-10);
            touching += cel_spectrum_y(out)[i] < 1e-10;
            z[i] = cel_spectrum_y(in)[i] - cel_spectrum_y(out)[i];
        }
        for (gsize i = 1; i + 1 < MANY; i++)
            g_assert_cmpfloat(z[i - 1] - 2.0 * z[i] + z[i + 1], >=, -1e-9);
        g_assert_cmpuint(touching, >=, 2);
        g_assert_cmpfloat(cel_spectrum_y(out)[0], ==, 0.0);
        g_assert_cmpfloat(cel_spectrum_y(out)[MANY - 1], ==, 0.0);
    }
}

static void clipping_never_lifts_the_background_above_the_data(void)
{
    static const char *const texts[] = {"baseline.snip:max_half_window=10",
                                        "baseline.snip:max_half_window=10,order=4",
                                        "baseline.snip:max_half_window=10,direction=increasing"};
    g_autoptr(CelSpectrum) in = lively(MANY, 9, 1.0, 0.0);
    for (gsize t = 0; t < G_N_ELEMENTS(texts); t++) {
        g_autoptr(CelSpectrum) out = run_well(texts[t], in);
        for (gsize i = 0; i < MANY; i++)
            g_assert_cmpfloat(cel_spectrum_y(out)[i], >=, -1e-12);
    }
}

/* One window of one sample, by hand: each sample against the mean of its neighbours, all at once;
 * beyond the ends the end sample is repeated. */
static void clipping_in_one_window_is_as_by_hand(void)
{
    const double x[] = {1, 2, 3, 4, 5}, y[] = {0, 4, 2, 8, 0}, z[] = {0, 1, 2, 1, 0};
    const CelBaselineData data = {.x = x, .y = y, .n = 5};
    const CelSnipOptions options = {.max_half_window = 1, .order = 2};
    double out[5];
    g_assert_true(cel_baseline_snip(&data, &options, out, NULL));
    for (gsize i = 0; i < 5; i++)
        g_assert_cmpfloat_with_epsilon(out[i], z[i], 1e-15);
}

static void an_exact_polynomial_is_its_own_background(void)
{
    double x[MANY], y[MANY], out[MANY];
    for (gsize order = 0; order <= 6; order++) {
        for (gsize i = 0; i < MANY; i++) {
            x[i] = 100.0 + 40.0 * (double)i + sin((double)i);
            y[i] = 5.0 + pow((x[i] - 900.0) / 1000.0, (double)order);
        }
        const CelBaselineData data = {.x = x, .y = y, .n = MANY};
        const CelPolynomialOptions options = {
            .order = order, .max_iter = 50, .tolerance = 1e-3, .mask_initial_peaks = TRUE};
        CelBaselineInfo info = {0};
        g_assert_true(cel_baseline_imodpoly(&data, &options, out, &info, NULL));
        g_assert_true(info.converged);
        for (gsize i = 0; i < MANY; i++)
            g_assert_cmpfloat_with_epsilon(out[i], y[i], 1e-9);
    }
}

static void iterations_are_bounded_and_counted(void)
{
    g_autoptr(CelSpectrum) in = lively(MANY, 4, 1.0, 0.0);
    const CelBaselineData data = {.x = cel_spectrum_x(in), .y = cel_spectrum_y(in), .n = MANY};
    static const CelBaselineMethod methods[] = {CEL_BASELINE_ASLS, CEL_BASELINE_ARPLS,
                                                CEL_BASELINE_AIRPLS, CEL_BASELINE_IARPLS,
                                                CEL_BASELINE_DRPLS};
    for (gsize k = 0; k < G_N_ELEMENTS(methods); k++) {
        double out[MANY];
        CelBaselineInfo info = {0};
        CelWhittakerOptions options = {
            .lambda = 1e3, .order = 2, .asymmetry = 0.01, .max_iter = 1, .tolerance = 1e-12};
        g_assert_true(cel_baseline_whittaker(methods[k], &data, &options, out, &info, NULL));
        g_assert_cmpuint(info.iterations, ==, 2);
        g_assert_false(info.converged);
        g_assert_cmpfloat(info.change, >, 0.0);
        options.max_iter = 200;
        options.tolerance = 0.5;
        g_assert_true(cel_baseline_whittaker(methods[k], &data, &options, out, &info, NULL));
        g_assert_true(info.converged);
        g_assert_cmpfloat(info.change, <, 0.5);
    }
}

static void a_jump_is_judged_by_the_median_deviation(void)
{
    double y[] = {0, 1, 0, 1, 0, 21, 0, 1, 0, 1, 0, 1}, variance[12];
    guint8 flags[12] = {0};
    for (gsize i = 0; i < 12; i++)
        variance[i] = 2.0;
    CelSpikeData data = {.y = y, .variance = variance, .flags = flags, .n = 12};
    /* jumps +-1, +21, -21: their median is 1, the median deviation from it 2, so the scores are 0,
     * 0.6745, 0.6745 * 20 / 2 = 6.745 and 0.6745 * 22 / 2 = 7.42 */
    g_assert_true(cel_despike_whitaker_hayes(&data, 6.7, 2));
    for (gsize i = 0; i < 12; i++)
        g_assert_cmpuint(flags[i], ==, (guint)(i == 4 || i == 5));
    g_assert_cmpfloat_with_epsilon(y[4], (0.0 + 1.0 + 0.0) / 3.0, 1e-15);
    g_assert_cmpfloat_with_epsilon(y[5], (1.0 + y[4] + 0.0 + 1.0) / 4.0, 1e-15);
    g_assert_cmpfloat(variance[3], ==, 2.0);
    g_assert_cmpfloat(variance[5], >, 2.0);
}

static void a_jump_below_the_threshold_stays(void)
{
    double y[] = {0, 1, 0, 1, 0, 21, 0, 1, 0, 1, 0, 1};
    guint8 flags[12] = {0};
    CelSpikeData data = {.y = y, .flags = flags, .n = 12};
    g_assert_true(cel_despike_whitaker_hayes(&data, 7.0, 2)); /* between 6.745 and 7.42 */
    for (gsize i = 0; i < 12; i++)
        g_assert_cmpuint(flags[i], ==, (guint)(i == 5));
    double flat[12] = {0.0};
    CelSpikeData nothing = {.y = flat, .flags = flags, .n = 12};
    g_assert_false(cel_despike_whitaker_hayes(&nothing, 7.0, 2));
}

static void local_noise_is_that_of_white_noise(void)
{
    enum { N = 4000 };
    g_autoptr(GRand) random = g_rand_new_with_seed(12);
    g_autofree double *y = g_new(double, N), *sd = g_new(double, N);
    for (gsize i = 0; i < N; i++) {
        y[i] = -6.0 + 0.5 * (double)i;
        for (gsize k = 0; k < 12; k++)
            y[i] += g_rand_double(random);
    }
    cel_noise_local(y, N, sd);
    double mean = 0.0;
    for (gsize i = 0; i < N; i++)
        mean += sd[i] / N;
    g_assert_cmpfloat_with_epsilon(mean, 1.0, 0.05);
}

static void a_recipe_tells_its_bad_line(void)
{
    static const struct {
        const char *text, *words;
    } rows[] = {
        {"", "line 1"},
        {"celadon-recipe 2 x\n", "line 1"},
        {"celadon-recipe 1 x\nno.step@1\n", "line 2"},
        {"celadon-recipe 1 x\nnormalise.max@1\nnormalise.max@9\n", "line 3"},
        {"celadon-recipe 1 x\nnormalise.max@1\nnormalise.max\n", "line 3"},
        {"celadon-recipe 1 x\n\nnormalise.max@1\n", "line 2"},
        {"celadon-recipe 1 x\nsmooth.boxcar@1 window=5\n", "\"edges\" 0 times"},
        {"celadon-recipe 1 x\nsmooth.boxcar@1 window=5,window=7,edges=nearest\n",
         "\"window\" 2 times"},
        {"celadon-recipe 1 x\nnormalise.max@1\n\xff\n", "line 3"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(cel_recipe_from_text(rows[i].text, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
        if (strstr(error->message, rows[i].words) == NULL)
            g_error("not in the message: %s\n%s", rows[i].words, error->message);
    }
}

static void a_recipe_has_at_most_256_steps(void)
{
    for (gsize n = 256; n <= 257; n++) {
        g_autoptr(GString) text = g_string_new("celadon-recipe 1 long\n");
        for (gsize i = 0; i < n; i++)
            g_string_append(text, "normalise.max@1\n");
        g_autoptr(CelRecipe) recipe = cel_recipe_from_text(text->str, NULL);
        g_assert_true((recipe != NULL) == (n == 256));
    }
}

static void the_name_of_a_recipe_stays_on_its_line(void)
{
    g_autoptr(CelRecipe) recipe = cel_recipe_new("a\nnormalise.max@1\rb");
    g_autofree char *text = cel_recipe_to_text(recipe);
    g_assert_cmpstr(text, ==, "celadon-recipe 1 a normalise.max@1 b\n");
    g_autoptr(CelRecipe) back = cel_recipe_from_text(text, NULL);
    g_assert_cmpuint(cel_recipe_length(back), ==, 0);
    g_assert_cmpstr(cel_recipe_name(back), ==, "a normalise.max@1 b");
}

static void the_ranges_of_default_recipes_begin_where_they_say(void)
{
    static const struct {
        double laser_nm;
        const char *name;
    } rows[] = {{0, "default-unknown"},    {499.9, "default-unknown"}, {500, "default-532"},
                {569.9, "default-532"},    {570, "default-unknown"},   {785, "default-785"},
                {809.999, "default-785"},  {810, "default-830"},       {1064, "default-1064"},
                {1100, "default-unknown"}, {-532, "default-unknown"},  {NAN, "default-unknown"}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(CelRecipe) recipe = cel_recipe_default(rows[i].laser_nm);
        g_assert_cmpstr(cel_recipe_name(recipe), ==, rows[i].name);
    }
}

static void an_unknown_recipe_or_step_is_told_the_known_ones(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_recipe_shipped("default", &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
    g_assert_nonnull(strstr(error->message, "default-785"));
    g_clear_error(&error);
    g_assert_null(cel_step_find("smooth.wavelet", &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
    g_assert_nonnull(strstr(error->message, "smooth.savgol"));
    g_assert_null(strstr(error->message, "baseline.arpls"));
}

static void an_empty_recipe_gives_a_copy(void)
{
    g_autoptr(CelSpectrum) in = lively(10, 1, 1.0, 0.0);
    g_autoptr(CelRecipe) recipe = cel_recipe_new("nothing");
    g_autoptr(GPtrArray) stages = NULL;
    g_autoptr(CelSpectrum) out = cel_recipe_run(recipe, in, NULL, &stages, NULL, NULL);
    g_assert_true(out != in);
    g_assert_true(memcmp(cel_spectrum_y(out), cel_spectrum_y(in), 10 * sizeof(double)) == 0);
    g_assert_cmpuint(stages->len, ==, 0);
}

int main(int argc, char **argv)
{
    cel_init();
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/steps/" #name, name)
    ADD(every_step_bears_a_handful_of_samples);
    ADD(every_step_bears_samples_that_are_all_marked);
    ADD(every_step_bears_one_unmarked_sample);
    ADD(every_step_bears_constant_huge_and_tiny_values);
    ADD(every_step_bears_a_wild_axis);
    ADD(linear_steps_are_linear);
    ADD(smoothing_keeps_a_constant);
    ADD(carried_variances_are_those_of_repeated_measurements);
    ADD(the_second_derivative_is_per_squared_axis_unit);
    ADD(an_axis_rounded_by_less_than_a_hundredth_counts_as_even);
    ADD(windows_that_make_no_sense_are_refused_in_words);
    ADD(ends_read_off_a_window_carry_the_marks_of_all_of_it);
    ADD(crop_takes_both_ends_of_its_range);
    ADD(crop_cuts_off_what_the_filter_hides_at_the_ends_alone);
    ADD(crop_wants_the_unit_of_the_axis);
    ADD(a_dark_without_variance_leaves_none);
    ADD(passing_without_a_dark_does_not_forget_an_earlier_one);
    ADD(a_normalised_spectrum_does_not_know_its_scale);
    ADD(a_normalised_spectrum_is_left_alone_by_its_own_kind);
    ADD(only_some_normalisers_forget_an_offset);
    ADD(a_spectrum_below_zero_has_no_highest_sample_to_divide_by);
    ADD(a_grid_is_laid_from_its_start_not_from_the_data);
    ADD(a_last_place_that_rounding_misses_is_kept);
    ADD(a_resampled_mark_reaches_as_far_as_its_sample);
    ADD(a_raised_spectrum_has_its_background_raised);
    ADD(a_reversed_spectrum_has_its_background_reversed);
    ADD(no_background_looks_at_the_value_of_a_marked_sample);
    ADD(the_rubber_band_lies_below_and_bends_upwards);
    ADD(clipping_never_lifts_the_background_above_the_data);
    ADD(clipping_in_one_window_is_as_by_hand);
    ADD(an_exact_polynomial_is_its_own_background);
    ADD(iterations_are_bounded_and_counted);
    ADD(a_jump_is_judged_by_the_median_deviation);
    ADD(a_jump_below_the_threshold_stays);
    ADD(local_noise_is_that_of_white_noise);
    ADD(a_recipe_tells_its_bad_line);
    ADD(a_recipe_has_at_most_256_steps);
    ADD(the_name_of_a_recipe_stays_on_its_line);
    ADD(the_ranges_of_default_recipes_begin_where_they_say);
    ADD(an_unknown_recipe_or_step_is_told_the_known_ones);
    ADD(an_empty_recipe_gives_a_copy);
    return g_test_run();
}
