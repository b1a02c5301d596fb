/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "process/cel-filter.h"
#include "process/cel-fourier.h"
#include "process/cel-interpolate.h"
#include "process/cel-recipe.h"

#include <math.h>
#include <string.h>

/* A spectrum with two bands, a slope, noise, variance, metadata and the simulated mark. */
static CelSpectrum *sample_spectrum(gsize n, gboolean uneven)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(11);
    g_autofree double *x = g_new(double, n), *y = g_new(double, n), *variance = g_new(double, n);
    for (gsize i = 0; i < n; i++) {
        x[i] = 200.0 + 3.0 * (double)i + (uneven ? 1.2 * sin(0.3 * (double)i) : 0.0);
        const double u = (x[i] - 700.0) / 12.0, v = (x[i] - 900.0) / 9.0;
        y[i] = 500.0 + 0.1 * x[i] + 800.0 / (1.0 + u * u) + 300.0 * exp(-v * v) +
               g_rand_double_range(rand, -5.0, 5.0);
        variance[i] = 25.0 / 3.0 + g_rand_double(rand);
    }
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, n, NULL);
    CelSpectrum *spectrum = cel_spectrum_new(axis, y, NULL);
    g_assert_true(cel_spectrum_set_variance(spectrum, variance, NULL));
    cel_spectrum_set_meta(spectrum, CEL_META_TITLE, "a sample");
    cel_spectrum_mark_simulated(spectrum);
    return spectrum;
}

static CelSpectrum *run_text(const char *text, const CelSpectrum *in, const CelStepInputs *inputs,
                             GError **error)
{
    g_autoptr(CelRecipe) recipe = cel_recipe_new("test");
    if (!cel_recipe_append_text(recipe, text, error))
        return NULL;
    return cel_recipe_run(recipe, in, inputs, NULL, NULL, error);
}

static void assert_refused(const char *text, const CelSpectrum *in, const CelStepInputs *inputs,
                           int code)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(run_text(text, in, inputs, &error));
    g_assert_error(error, CEL_ERROR, code);
}

static void check_param(const CelParamDef *p)
{
    g_assert_true(p->key != NULL && p->label != NULL && p->unit != NULL && *p->unit != '\0');
    g_assert_cmpfloat(p->min, <=, p->initial);
    g_assert_cmpfloat(p->initial, <=, p->max);
    g_assert_null(strpbrk(p->key, ",= \n"));
    if (p->type == CEL_PARAM_CHOICE)
        g_assert_cmpuint(g_strv_length((char **)p->choices), ==, (guint)p->max + 1);
    g_assert_true(p->scale == CEL_SCALE_LINEAR || p->min > 0.0 || p->initial == 0.0);
}

static void every_step_is_well_described(void)
{
    gsize n = 0;
    const CelStepDef *const *steps = cel_steps(&n);
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    g_assert_cmpuint(n, >, 20);
    for (gsize i = 0; i < n; i++) {
        const CelStepDef *s = steps[i];
        g_assert_true(g_regex_match_simple("^[a-z]+\\.[a-z-]+$", s->id, 0, 0));
        g_assert_true(g_hash_table_add(ids, (gpointer)s->id));
        g_assert_cmpuint(s->version, >=, 1);
        g_assert_true(*s->title != '\0' && *s->reference != '\0' && s->run != NULL);
        g_assert_true(cel_step_find(s->id, NULL) == s);
        for (gsize p = 0; p < s->n_params; p++)
            check_param(&s->params[p]);
    }
}

/* Any value a parameter may have. */
static void randomise(const CelStepDef *step, CelParams *params, GRand *rand)
{
    for (gsize p = 0; p < step->n_params; p++) {
        const CelParamDef *def = &step->params[p];
        double value = def->min + g_rand_double(rand) * (def->max - def->min);
        if (def->type != CEL_PARAM_REAL)
            value = CLAMP(round(value), def->min, def->max);
        g_autofree char *text = cel_param_value_text(def, value);
        g_autoptr(GError) error = NULL;
        cel_params_set_text(params, def->key, text, &error);
        g_assert_no_error(error);
    }
}

static void random_recipes_survive_their_text(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(5);
    gsize n = 0;
    const CelStepDef *const *steps = cel_steps(&n);
    for (int run = 0; run < 200; run++) {
        g_autoptr(CelRecipe) recipe = cel_recipe_new("a random one");
        const int length = g_rand_int_range(rand, 0, 12);
        for (int k = 0; k < length; k++) {
            const CelStepDef *step = steps[g_rand_int_range(rand, 0, (gint32)n)];
            CelParams *params = cel_params_new(step->params, step->n_params);
            randomise(step, params, rand);
            cel_recipe_append(recipe, step, params);
        }
        g_autofree char *text = cel_recipe_to_text(recipe);
        g_autoptr(GError) error = NULL;
        g_autoptr(CelRecipe) back = cel_recipe_from_text(text, &error);
        g_assert_no_error(error);
        g_autofree char *again = cel_recipe_to_text(back);
        g_assert_cmpstr(text, ==, again);
        g_assert_cmpstr(cel_recipe_name(back), ==, "a random one");
    }
}

static void bad_recipes_are_refused_with_their_line(void)
{
    static const char *const bad[] = {
        "celadon-recipe 2 x\n",
        "celadon-recipe 1 x\nno.step@1\n",
        "celadon-recipe 1 x\nnormalise.max@2\n",
        "celadon-recipe 1 x\nnormalise.max@1.0\n",
        "celadon-recipe 1 x\nnormalise.max\n",
        "celadon-recipe 1 x\n\nnormalise.max@1\n",
        "celadon-recipe 1 x\nsmooth.boxcar@1 window=7\n",
        "celadon-recipe 1 x\nsmooth.boxcar@1 window=7,edges=nearest,window=9\n",
        "celadon-recipe 1 x\nsmooth.boxcar@1 window=1e9,edges=nearest\n",
        "celadon-recipe 1 x\xff\nnormalise.max@1\n",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(cel_recipe_from_text(bad[i], &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
        g_assert_nonnull(strstr(error->message, "line"));
    }
}

static void digest_is_that_of_the_text(void)
{
    g_autoptr(CelRecipe) recipe = cel_recipe_new("one");
    g_assert_true(cel_recipe_append_text(recipe, "smooth.boxcar:window=5", NULL));
    g_assert_true(cel_recipe_append_text(recipe, "normalise.max", NULL));
    g_autofree char *text = cel_recipe_to_text(recipe), *digest = cel_recipe_sha256(recipe);
    g_assert_cmpstr(text, ==,
                    "celadon-recipe 1 one\nsmooth.boxcar@1 window=5,edges=nearest\n"
                    "normalise.max@1\n");
    /* printf '<the text above>' | sha256sum */
    g_assert_cmpstr(digest, ==, "5fc7859a77dc66b8aef5c77db1081bd1d9ba27e47eada1415f4e1fed26ae55a7");
}

static void every_laser_has_a_default_recipe(void)
{
    static const struct {
        double nm;
        const char *name;
    } rows[] = {{532, "default-532"},    {633, "default-633"},   {785, "default-785"},
                {830, "default-830"},    {1064, "default-1064"}, {0, "default-unknown"},
                {325, "default-unknown"}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(CelRecipe) recipe = cel_recipe_default(rows[i].nm);
        g_assert_cmpstr(cel_recipe_name(recipe), ==, rows[i].name);
        g_assert_cmpstr(cel_recipe_step(recipe, 0)->id, ==, "dark.subtract");
        int baselines = 0;
        for (gsize k = 0; k < cel_recipe_length(recipe); k++) {
            baselines += g_str_has_prefix(cel_recipe_step(recipe, k)->id, "baseline.") ? 1 : 0;
            g_assert_false(g_str_has_prefix(cel_recipe_step(recipe, k)->id, "normalise."));
        }
        g_assert_cmpint(baselines, ==, 1);
    }
}

static void shipped_recipes_run_with_stages(void)
{
    g_autoptr(CelSpectrum) in = sample_spectrum(400, FALSE);
    gsize n = 0;
    const CelRecipeDef *table = cel_recipes(&n);
    for (gsize i = 0; i < n; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(CelRecipe) recipe = cel_recipe_shipped(table[i].name, &error);
        g_assert_no_error(error);
        g_autoptr(GPtrArray) stages = NULL;
        g_autoptr(CelSpectrum) out = cel_recipe_run(recipe, in, NULL, &stages, NULL, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(stages->len, ==, cel_recipe_length(recipe));
        g_assert_cmpstr(cel_spectrum_meta(out, "dark"), ==, "absent");
        g_assert_true(cel_spectrum_is_simulated(out));
    }
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_recipe_shipped("nothing", &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
}

static void a_failing_step_is_named_and_a_cancelled_job_stops(void)
{
    g_autoptr(CelSpectrum) in = sample_spectrum(100, FALSE);
    g_autoptr(GError) error = NULL;
    g_assert_null(run_text("dark.subtract", in, NULL, &error));
    g_assert_true(g_str_has_prefix(error->message, "dark.subtract: "));
    g_clear_error(&error);
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    g_autoptr(CelJob) job = cel_job_new(cancel, NULL, NULL);
    g_cancellable_cancel(cancel);
    g_autoptr(CelRecipe) recipe = cel_recipe_default(785.0);
    g_assert_null(cel_recipe_run(recipe, in, NULL, NULL, job, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
}

static void check_result(const CelStepDef *step, const CelSpectrum *in, const CelSpectrum *out)
{
    const gsize n = cel_spectrum_length(out);
    g_assert_true(out != in);
    g_assert_cmpstr(cel_spectrum_meta(out, CEL_META_TITLE), ==, "a sample");
    g_assert_true(cel_spectrum_is_simulated(out));
    for (gsize i = 0; i < n; i++) {
        g_assert_true(isfinite(cel_spectrum_y(out)[i]));
        if (cel_spectrum_variance(out) != NULL)
            g_assert_true(cel_spectrum_variance(out)[i] >= 0.0);
    }
    if (!g_str_has_prefix(step->id, "baseline."))
        g_assert_nonnull(cel_spectrum_variance(out));
}

/* Random parameters as well: a step answers or refuses, whatever it is asked. */
static void every_step_answers_or_refuses(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(23);
    static const CelStepInputs none = {.n_frames = 0};
    gsize n = 0, answered = 0;
    const CelStepDef *const *steps = cel_steps(&n);
    for (gsize s = 0; s < n; s++) {
        for (int run = 0; run < 40; run++) {
            g_autoptr(CelSpectrum) in = sample_spectrum(run % 4 == 3 ? 5 : 300, run % 2 == 1);
            g_autoptr(CelSpectrum) before = cel_spectrum_copy(in);
            g_autoptr(CelParams) params = cel_params_new(steps[s]->params, steps[s]->n_params);
            if (run >= 4)
                randomise(steps[s], params, rand);
            g_autoptr(GError) error = NULL;
            g_autoptr(CelSpectrum) out = steps[s]->run(in, params, &none, &error);
            g_assert_true((out == NULL) == (error != NULL));
            const gsize size = cel_spectrum_length(in) * sizeof(double);
            g_assert_true(memcmp(cel_spectrum_y(in), cel_spectrum_y(before), size) == 0);
            g_assert_true(cel_axis_equal(cel_spectrum_axis(in), cel_spectrum_axis(before)));
            if (out != NULL)
                check_result(steps[s], in, out);
            else
                g_assert_true(error->domain == CEL_ERROR && strlen(error->message) > 20);
            answered += out != NULL ? 1 : 0;
        }
    }
    g_assert_cmpuint(answered, >, 10 * n);
}

static CelSpectrum *on_axis(const CelSpectrum *like, const double *y)
{
    return cel_spectrum_new(cel_spectrum_axis(like), y, NULL);
}

static void dark_is_subtracted_once_and_its_variance_added(void)
{
    g_autoptr(CelSpectrum) in = sample_spectrum(50, FALSE);
    g_autofree double *level = g_new(double, 50);
    for (gsize i = 0; i < 50; i++)
        level[i] = 100.0 + (double)i;
    g_autoptr(CelSpectrum) dark = on_axis(in, level);
    g_assert_true(cel_spectrum_set_variance(dark, level, NULL));
    const CelStepInputs inputs = {.dark = dark};
    g_autoptr(CelSpectrum) out = run_text("dark.subtract", in, &inputs, NULL);
    for (gsize i = 0; i < 50; i++) {
        g_assert_cmpfloat(cel_spectrum_y(out)[i], ==, cel_spectrum_y(in)[i] - level[i]);
        g_assert_cmpfloat_with_epsilon(cel_spectrum_variance(out)[i],
                                       cel_spectrum_variance(in)[i] + level[i], 1e-12);
    }
    assert_refused("dark.subtract", out, &inputs, CEL_ERROR_USAGE);
    assert_refused("dark.subtract", in, NULL, CEL_ERROR_INPUT);
    g_autoptr(CelSpectrum) other = sample_spectrum(50, TRUE);
    const CelStepInputs wrong = {.dark = other};
    assert_refused("dark.subtract:when_absent=pass", in, &wrong, CEL_ERROR_UNIT);
}

static void crop_keeps_what_is_there(void)
{
    g_autoptr(CelSpectrum) in = sample_spectrum(100, FALSE); /* 200 .. 497 */
    g_autoptr(CelSpectrum) out = run_text("crop.range:from=206,to=220", in, NULL, NULL);
    g_assert_cmpuint(cel_spectrum_length(out), ==, 5);
    g_assert_cmpfloat(cel_spectrum_x(out)[0], ==, 206.0);
    g_assert_cmpfloat(cel_spectrum_variance(out)[4], ==, cel_spectrum_variance(in)[6]);
    g_autoptr(CelSpectrum) whole = run_text("crop.range", in, NULL, NULL);
    g_assert_cmpuint(cel_spectrum_length(whole), ==, 100);
    assert_refused("crop.range:from=600", in, NULL, CEL_ERROR_INPUT);
    assert_refused("crop.range:from=600,to=300", in, NULL, CEL_ERROR_USAGE);
    assert_refused("crop.range:unit=nm", in, NULL, CEL_ERROR_UNIT);
}

static void normalising_ignores_marked_samples(void)
{
    const double x[] = {1, 2, 4, 5, 6}, y[] = {2, 4, 999, 6, -2};
    const guint8 mask[] = {0, 0, CEL_MASK_SATURATED, 0, 0};
    static const struct {
        const char *step;
        double first, last;
    } rows[] = {
        {"normalise.max", 2.0 / 6.0, -2.0 / 6.0},
        {"normalise.minmax", 4.0 / 8.0, 0.0},
        {"normalise.area", 2.0 / 7.0, -2.0 / 7.0}, /* (2+4)/2 + (6+2)/2 */
        {"normalise.vector", 2.0 / 7.745966692414834, -2.0 / 7.745966692414834}, /* sqrt 60 */
        {"normalise.snv", -0.1464, -1.3174}, /* mean 2.5, sd 3.41565 */
    };
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, 5, NULL);
    g_autoptr(CelSpectrum) in = cel_spectrum_new(axis, y, NULL);
    cel_spectrum_set_mask(in, mask);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(CelSpectrum) out = run_text(rows[i].step, in, NULL, NULL);
        g_assert_cmpfloat_with_epsilon(cel_spectrum_y(out)[0], rows[i].first, 1e-4);
        g_assert_cmpfloat_with_epsilon(cel_spectrum_y(out)[4], rows[i].last, 1e-4);
        g_assert_cmpint(cel_spectrum_mask(out)[2], ==, CEL_MASK_SATURATED);
    }
    const double flat[] = {0, 0, 0, 0, 0};
    g_autoptr(CelSpectrum) nothing = cel_spectrum_new(axis, flat, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        assert_refused(rows[i].step, nothing, NULL, CEL_ERROR_NUMERIC);
}

/* A linear step shows its weights when it is given unit samples: the variance must be their
 * squares. */
static void variance_is_that_of_the_linear_map(void)
{
    static const char *const texts[] = {
        "smooth.savgol:window=7",
        "smooth.savgol:window=7,polynomial=3,edges=mirror",
        "smooth.boxcar:edges=nearest",
        "derivative.savgol:window=5,polynomial=2",
        "smooth.whittaker:lambda=50,differences=1",
        "smooth.whittaker:lambda=1000,differences=2",
        "smooth.whittaker:lambda=1000,differences=3",
        "smooth.fft:cutoff=0.3,window=hann",
        "smooth.fft:cutoff=0.4,window=boxcar",
        "resample.linear:step=2",
        "resample.cubic:step=2",
        "resample.cubic:step=7,ends=natural",
        "resample.mean:step=11",
    };
    enum { N = 60 };
    g_autoptr(CelSpectrum) in = sample_spectrum(N, FALSE);
    for (gsize t = 0; t < G_N_ELEMENTS(texts); t++) {
        g_autoptr(CelSpectrum) out = run_text(texts[t], in, NULL, NULL);
        const gsize n = cel_spectrum_length(out);
        g_autofree double *sum = g_new0(double, n);
        for (gsize j = 0; j < N; j++) {
            double unit[N] = {0.0};
            unit[j] = 1.0;
            g_autoptr(CelSpectrum) one = on_axis(in, unit);
            g_autoptr(CelSpectrum) column = run_text(texts[t], one, NULL, NULL);
            for (gsize i = 0; i < n; i++)
                sum[i] += pow(cel_spectrum_y(column)[i], 2.0) * cel_spectrum_variance(in)[j];
        }
        for (gsize i = 0; i < n; i++)
            g_assert_cmpfloat_with_epsilon(cel_spectrum_variance(out)[i], sum[i],
                                           1e-9 * sum[i] + 1e-15);
    }
}

static void fourier_smoothing_is_the_transform_of_the_mirrored_samples(void)
{
    enum { N = 37 };
    static const double cutoff = 0.35;
    g_autoptr(CelSpectrum) in = sample_spectrum(N, FALSE);
    for (int window = CEL_APODISE_BOXCAR; window <= CEL_APODISE_GAUSS; window++) {
        double y[N];
        memcpy(y, cel_spectrum_y(in), sizeof y);
        cel_fourier_smooth(y, N, (CelApodise)window, cutoff);
        for (int i = 0; i < N; i++) {
            double direct = 0.0; /* complex DFT of period 2N, weighted, and back, term by term */
            for (int k = 0; k < 2 * N; k++) {
                const double w =
                    cel_fourier_weight((CelApodise)window, MIN(k, 2 * N - k) / (double)N / cutoff);
                for (int j = 0; j < 2 * N; j++) {
                    const double value = cel_spectrum_y(in)[j < N ? j : 2 * N - 1 - j];
                    direct += w * value * cos(G_PI * k * (i - j) / N) / (2.0 * N);
                }
            }
            g_assert_cmpfloat_with_epsilon(y[i], direct, 1e-9);
        }
    }
}

static void savgol_reproduces_polynomials_and_their_derivatives(void)
{
    double weights[13];
    for (guint d = 0; d <= 2; d++) {
        for (double at = -6.0; at <= 6.0; at += 3.0) {
            cel_savgol_weights(6, 4, d, at, weights);
            double sum = 0.0;
            for (int i = 0; i < 13; i++) {
                const double x = i - 6.0;
                sum += weights[i] * (1.0 - 2.0 * x + 0.5 * x * x - 0.01 * pow(x, 4.0));
            }
            const double exact[] = {1.0 - 2.0 * at + 0.5 * at * at - 0.01 * pow(at, 4.0),
                                    -2.0 + at - 0.04 * pow(at, 3.0), 1.0 - 0.12 * at * at};
            g_assert_cmpfloat_with_epsilon(sum, exact[d], 1e-10);
        }
    }
}

static void derivative_is_per_axis_unit_and_refuses_uneven_axes(void)
{
    g_autoptr(CelSpectrum) even = sample_spectrum(60, FALSE);
    double line[60];
    for (gsize i = 0; i < 60; i++)
        line[i] = 5.0 * cel_spectrum_x(even)[i];
    g_autoptr(CelSpectrum) in = on_axis(even, line);
    g_autoptr(CelSpectrum) out = run_text("derivative.savgol", in, NULL, NULL);
    for (gsize i = 0; i < 60; i++)
        g_assert_cmpfloat_with_epsilon(cel_spectrum_y(out)[i], 5.0, 1e-10);
    g_autoptr(CelSpectrum) bent = sample_spectrum(60, TRUE);
    assert_refused("derivative.savgol", bent, NULL, CEL_ERROR_UNIT);
    g_autoptr(CelSpectrum) sampled = run_text("derivative.savgol:spacing=sample", bent, NULL, NULL);
    g_assert_nonnull(sampled);
}

static void resampling_never_extrapolates_and_carries_marks(void)
{
    g_autoptr(CelSpectrum) in = sample_spectrum(60, FALSE); /* 200 .. 377 */
    guint8 mask[60] = {0};
    mask[20] = CEL_MASK_SATURATED; /* at 260 */
    cel_spectrum_set_mask(in, mask);
    g_autoptr(CelSpectrum) out = run_text("resample.linear:step=1", in, NULL, NULL);
    g_assert_cmpfloat(cel_spectrum_x(out)[0], ==, 200.0);
    g_assert_cmpfloat(cel_spectrum_x(out)[cel_spectrum_length(out) - 1], ==, 377.0);
    for (gsize i = 0; i < cel_spectrum_length(out); i++) {
        const gboolean near = fabs(cel_spectrum_x(out)[i] - 260.0) < 3.0;
        g_assert_cmpint(cel_spectrum_mask(out)[i], ==, near ? CEL_MASK_SATURATED : 0);
    }
    assert_refused("resample.pchip:range=refuse", in, NULL, CEL_ERROR_INPUT);
    assert_refused("resample.akima:from=900", in, NULL, CEL_ERROR_INPUT);
}

static void cell_means_keep_the_integral(void)
{
    g_autoptr(CelSpectrum) in = sample_spectrum(101, TRUE);
    const double *x = cel_spectrum_x(in), *y = cel_spectrum_y(in);
    double integral = 0.0, at[10], mean[10], sum = 0.0;
    const double cell = (x[100] - x[0]) / 10.0;
    for (gsize i = 0; i < 100; i++)
        integral += 0.5 * (y[i] + y[i + 1]) * (x[i + 1] - x[i]);
    for (gsize k = 0; k < 10; k++)
        at[k] = x[0] + ((double)k + 0.5) * cell;
    const CelSamples samples = {.x = x, .y = y, .n = 101};
    cel_interpolate_mean(&samples, 0.5 * cell, at, 10, mean, NULL);
    for (gsize k = 0; k < 10; k++)
        sum += mean[k] * cell;
    g_assert_cmpfloat_with_epsilon(sum, integral, 1e-9 * integral);
}

static void whittaker_gives_marked_samples_no_weight(void)
{
    g_autoptr(CelSpectrum) in = sample_spectrum(60, FALSE);
    double other[60];
    memcpy(other, cel_spectrum_y(in), sizeof other);
    other[30] = 65535.0;
    g_autoptr(CelSpectrum) full = on_axis(in, other);
    guint8 mask[60] = {0};
    mask[30] = CEL_MASK_SATURATED;
    cel_spectrum_set_mask(in, mask);
    cel_spectrum_set_mask(full, mask);
    static const char *const texts[] = {"smooth.whittaker:lambda=100", "smooth.fft:cutoff=0.4"};
    for (gsize t = 0; t < G_N_ELEMENTS(texts); t++) {
        g_autoptr(CelSpectrum) a = run_text(texts[t], in, NULL, NULL);
        g_autoptr(CelSpectrum) b = run_text(texts[t], full, NULL, NULL);
        g_assert_true(memcmp(cel_spectrum_y(a), cel_spectrum_y(b), 60 * sizeof(double)) == 0);
        g_assert_cmpint(cel_spectrum_mask(b)[30], ==, CEL_MASK_SATURATED);
    }
}

enum { FRAMES = 5, PIXELS = 300 };

/* Frames with a band at 150, bleaching background, shot-like noise and one hit at @hit of frame 2.
 * */
static CelSpectrum *frames_with_hit(CelSpectrum **frames, gsize hit, double height)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(2);
    g_autoptr(CelAxis) axis = cel_axis_new_pixels(PIXELS, NULL);
    double mean[PIXELS] = {0.0};
    for (gsize f = 0; f < FRAMES; f++) {
        double y[PIXELS];
        for (gsize i = 0; i < PIXELS; i++) {
            const double u = ((double)i - 150.0) / 4.0;
            y[i] = 400.0 * (1.0 - 0.05 * (double)f) + 900.0 * exp(-u * u) +
                   g_rand_double_range(rand, -9.0, 9.0) + (f == 2 && i == hit ? height : 0.0);
            mean[i] += y[i] / FRAMES;
        }
        frames[f] = cel_spectrum_new(axis, y, NULL);
    }
    return cel_spectrum_new(axis, mean, NULL);
}

static void frames_reveal_a_hit_beside_the_band(void)
{
    CelSpectrum *frames[FRAMES];
    g_autoptr(CelSpectrum) in = frames_with_hit(frames, 60, 400.0);
    double variance[PIXELS];
    for (gsize i = 0; i < PIXELS; i++)
        variance[i] = i == 60 ? 6400.0 : 5.4;
    g_assert_true(cel_spectrum_set_variance(in, variance, NULL));
    const CelStepInputs inputs = {.frames = (const CelSpectrum *const *)frames, .n_frames = FRAMES};
    g_autoptr(GError) error = NULL;
    g_autoptr(CelSpectrum) out = run_text("despike.frames", in, &inputs, &error);
    g_assert_no_error(error);
    for (gsize i = 0; i < PIXELS; i++) {
        g_assert_cmpint(cel_spectrum_mask(out)[i], ==, i == 60 ? CEL_MASK_COSMIC : 0);
        if (i != 60)
            g_assert_cmpfloat(cel_spectrum_y(out)[i], ==, cel_spectrum_y(in)[i]);
    }
    g_assert_cmpfloat_with_epsilon(cel_spectrum_y(out)[60], 360.0, 15.0);
    g_assert_cmpfloat_with_epsilon(cel_spectrum_variance(out)[60], 5.4 * 5.0 / 4.0, 1e-9);
    const CelStepInputs two = {.frames = inputs.frames, .n_frames = 2};
    assert_refused("despike.frames", in, &two, CEL_ERROR_INPUT);
    assert_refused("despike.frames", out, &inputs, CEL_ERROR_INPUT); /* no longer their mean */
    for (gsize f = 0; f < FRAMES; f++)
        cel_spectrum_free(frames[f]);
}

static void frames_do_not_touch_a_peak_that_two_frames_show(void)
{
    CelSpectrum *frames[FRAMES];
    g_autoptr(CelSpectrum) in = frames_with_hit(frames, 152, 400.0);
    const CelStepInputs inputs = {.frames = (const CelSpectrum *const *)frames, .n_frames = FRAMES};
    g_autoptr(CelSpectrum) out = run_text("despike.frames", in, &inputs, NULL);
    g_assert_true(memcmp(cel_spectrum_y(out), cel_spectrum_y(in), PIXELS * sizeof(double)) == 0);
    g_assert_nonnull(strstr(cel_spectrum_meta(out, "despike"), "1 left in peaks"));
    for (gsize f = 0; f < FRAMES; f++)
        cel_spectrum_free(frames[f]);
}

static void a_spike_is_marked_and_its_variance_grows(void)
{
    g_autoptr(CelSpectrum) clean = sample_spectrum(300, FALSE);
    double y[300];
    memcpy(y, cel_spectrum_y(clean), sizeof y);
    y[100] += 500.0;
    g_autoptr(CelSpectrum) in = on_axis(clean, y);
    g_assert_true(cel_spectrum_set_variance(in, cel_spectrum_variance(clean), NULL));
    g_autoptr(CelSpectrum) out = run_text("despike.celadon", in, NULL, NULL);
    for (gsize i = 0; i < 300; i++)
        g_assert_cmpint(cel_spectrum_mask(out)[i], ==, i == 100 ? CEL_MASK_COSMIC : 0);
    g_assert_cmpfloat_with_epsilon(cel_spectrum_y(out)[100], y[100] - 500.0, 20.0);
    g_assert_cmpfloat(cel_spectrum_variance(out)[100], >, 25.0 / 3.0 + 1.0);
    assert_refused("despike.whitaker-hayes:threshold=0.5", in, NULL, CEL_ERROR_USAGE);
}

int main(int argc, char **argv)
{
    cel_init();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/process/steps/described", every_step_is_well_described);
    g_test_add_func("/process/steps/answer-or-refuse", every_step_answers_or_refuses);
    g_test_add_func("/process/recipe/text", random_recipes_survive_their_text);
    g_test_add_func("/process/recipe/bad", bad_recipes_are_refused_with_their_line);
    g_test_add_func("/process/recipe/digest", digest_is_that_of_the_text);
    g_test_add_func("/process/recipe/defaults", every_laser_has_a_default_recipe);
    g_test_add_func("/process/recipe/shipped", shipped_recipes_run_with_stages);
    g_test_add_func("/process/recipe/fails", a_failing_step_is_named_and_a_cancelled_job_stops);
    g_test_add_func("/process/dark", dark_is_subtracted_once_and_its_variance_added);
    g_test_add_func("/process/crop", crop_keeps_what_is_there);
    g_test_add_func("/process/normalise", normalising_ignores_marked_samples);
    g_test_add_func("/process/variance", variance_is_that_of_the_linear_map);
    g_test_add_func("/process/fft", fourier_smoothing_is_the_transform_of_the_mirrored_samples);
    g_test_add_func("/process/savgol", savgol_reproduces_polynomials_and_their_derivatives);
    g_test_add_func("/process/derivative", derivative_is_per_axis_unit_and_refuses_uneven_axes);
    g_test_add_func("/process/resample/grid", resampling_never_extrapolates_and_carries_marks);
    g_test_add_func("/process/resample/mean", cell_means_keep_the_integral);
    g_test_add_func("/process/marked", whittaker_gives_marked_samples_no_weight);
    g_test_add_func("/process/despike/frames", frames_reveal_a_hit_beside_the_band);
    g_test_add_func("/process/despike/peak", frames_do_not_touch_a_peak_that_two_frames_show);
    g_test_add_func("/process/despike/marks", a_spike_is_marked_and_its_variance_grows);
    return g_test_run();
}
