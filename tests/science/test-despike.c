/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spike filters: against the reference, against known truth, and against bands that must stay. */
#include "base/cel-error.h"
#include "process/cel-despike.h"
#include "process/cel-recipe.h"

#include "oracle.h"

#include <math.h>

static const char *const inputs[] = {
    "syn_fluor_1024",        "syn_none_512",        "syn_steep_1024",
    "syn_step_1000",         "syn_uneven_777",      "real_algae_horiba785",
    "real_algae_wasatch785", "real_pet_wasatch785", "real_polystyrene_bwtek532",
};

static const CelSpikeOptions defaults = {.threshold = 6.0, .band_fwhm = 2.5, .max_width = 3};

typedef struct {
    double *y;
    guint8 *flags;
    gsize n, found;
} Result;

static void result_clear(Result *r)
{
    g_free(r->y);
    g_free(r->flags);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Result, result_clear)

static Result despike(const double *y, gsize n)
{
    Result r = {.y = g_memdup2(y, n * sizeof *y), .flags = g_malloc0(n), .n = n};
    CelSpikeData data = {.y = r.y, .flags = r.flags, .n = n};
    r.found = cel_despike_single(&data, &defaults);
    return r;
}

static void whitaker_hayes_equals_the_reference(void)
{
    const char *shared = oracle_folder();
    if (shared == NULL)
        return;
    g_autoptr(Table) table = table_load(shared, "despike", "syn_fluor_1024");
    const double *flag = table_column(table, "wh_flag"), *fixed = table_column(table, "wh_fixed");
    const double *y = table_column(table, "spiked");
    g_auto(Result) r = {.y = g_memdup2(y, table->n * sizeof *y), .flags = g_malloc0(table->n)};
    CelSpikeData data = {.y = r.y, .flags = r.flags, .n = table->n};
    g_assert_true(cel_despike_whitaker_hayes(&data, 8.0, 3));
    double worst = 0.0, scale = 0.0;
    for (gsize i = 0; i < table->n; i++) {
        g_assert_cmpint(r.flags[i], ==, (int)flag[i]);
        worst = fmax(worst, fabs(r.y[i] - fixed[i]));
        scale = fmax(scale, fabs(y[i]));
    }
    g_test_message("oracle despike/syn_fluor_1024 wh_fixed max_dev=%.3g", worst / scale);
    g_assert_cmpfloat(worst / scale, <=, 1e-9);
}

static void finds_every_spiked_sample_and_no_other(void)
{
    const char *shared = oracle_folder();
    if (shared == NULL)
        return;
    g_autoptr(Table) table = table_load(shared, "despike", "syn_fluor_1024");
    const double *label = table_column(table, "spike_label"), *y = table_column(table, "spiked");
    const double *clean = table_column(table, "clean");
    g_auto(Result) r = despike(y, table->n);
    double worst = 0.0;
    for (gsize i = 0; i < table->n; i++) {
        if (r.flags[i] != (int)label[i])
            g_test_message("sample %" G_GSIZE_FORMAT " label %g flag %d", i, label[i], r.flags[i]);
        g_assert_cmpint(r.flags[i], ==, (int)label[i]);
        worst = fmax(worst, fabs(r.y[i] - clean[i]));
        if (!r.flags[i])
            g_assert_true(memcmp(&r.y[i], &y[i], sizeof *y) == 0);
    }
    g_test_message("oracle despike/syn_fluor_1024 clean max_dev=%.3g counts", worst);
    g_assert_cmpfloat(worst, <, 5.0 * 8.0); /* noise sd 8; two predicted samples in 1000 */
}

static void leaves_spectra_without_spikes_alone(void)
{
    const char *shared = oracle_folder();
    for (gsize k = 0; shared != NULL && k < G_N_ELEMENTS(inputs); k++) {
        g_autoptr(Table) table = table_load(shared, "input", inputs[k]);
        g_auto(Result) r = despike(table_column(table, "intensity"), table->n);
        g_test_message("despike/%s flagged=%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT, inputs[k],
                       r.found, table->n);
        for (gsize i = 0; r.found > 0 && i < table->n; i++) {
            if (r.flags[i])
                g_test_message("  at %g: %g -> %g", table_column(table, "shift")[i],
                               table_column(table, "intensity")[i], r.y[i]);
        }
        g_assert_cmpuint(r.found, ==, 0);
    }
}

/* Adds spikes of one to three samples, 15 to 300 times @sd high, not within 8 of one another. */
static gsize add_spikes(GRand *rand, double *y, guint8 *label, gsize n, double sd)
{
    gsize added = 0;
    for (int s = 0; s < 6; s++) {
        const gsize at = (gsize)g_rand_int_range(rand, 4, (gint32)n - 8);
        const gsize width = (gsize)g_rand_int_range(rand, 1, 4);
        gboolean free_place = TRUE;
        for (gsize i = at > 8 ? at - 8 : 0; i < MIN(n, at + 11); i++)
            free_place &= !label[i];
        if (!free_place)
            continue;
        const double height = sd * exp(g_rand_double_range(rand, log(15.0), log(300.0)));
        for (gsize k = 0; k < width; k++) {
            y[at + k] += height * (k == 0 ? 1.0 : g_rand_double_range(rand, 0.4, 1.0));
            label[at + k] = 1;
        }
        added += width;
    }
    return added;
}

static void finds_spikes_put_in_at_random(void)
{
    const char *shared = oracle_folder();
    g_autoptr(GRand) rand = g_rand_new_with_seed(20180101);
    gsize all = 0, hit = 0, wrong = 0;
    for (gsize k = 0; shared != NULL && k < G_N_ELEMENTS(inputs); k++) {
        g_autoptr(Table) table = table_load(shared, "input", inputs[k]);
        const gsize n = table->n;
        g_autofree double *sd = g_new(double, n);
        cel_noise_local(table_column(table, "intensity"), n, sd);
        gsize here = 0, here_hit = 0, here_wrong = 0;
        for (int run = 0; run < 40; run++) {
            g_autofree double *y = g_memdup2(table_column(table, "intensity"), n * sizeof *y);
            g_autofree guint8 *label = g_malloc0(n);
            here += add_spikes(rand, y, label, n, sd[n / 2]);
            g_auto(Result) r = despike(y, n);
            for (gsize i = 0; i < n; i++) {
                here_hit += label[i] && r.flags[i] ? 1 : 0;
                here_wrong += !label[i] && r.flags[i] ? 1 : 0;
            }
        }
        g_test_message("despike/%s injected=%" G_GSIZE_FORMAT " found=%" G_GSIZE_FORMAT
                       " clean_changed=%" G_GSIZE_FORMAT,
                       inputs[k], here, here_hit, here_wrong);
        all += here;
        hit += here_hit;
        wrong += here_wrong;
    }
    g_test_message("despike/all injected=%" G_GSIZE_FORMAT " found=%" G_GSIZE_FORMAT
                   " clean_changed=%" G_GSIZE_FORMAT,
                   all, hit, wrong);
    /* most of what is missed is weak; what is changed beside a spike is its foot */
    if (all > 0) {
        g_assert_cmpfloat((double)hit, >, 0.8 * (double)all);
        g_assert_cmpfloat((double)wrong, <, 0.01 * (double)all);
    }
}

/* Single bands from the stated width; pairs, which fill the gap between them, from 1.1 times that.
 * */
static void no_band_as_wide_as_the_instrument_is_a_spike(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    for (int run = 0; run < 2000; run++) {
        double y[160];
        const gboolean pair = run % 4 < 2;
        const double fwhm = g_rand_double_range(rand, pair ? 2.75 : 2.5, 12.0);
        const double at = 80.0 + g_rand_double(rand);
        const double height = exp(g_rand_double_range(rand, log(10.0), log(1e5)));
        const double slope = g_rand_double_range(rand, -20.0, 20.0);
        const double second = at + g_rand_double_range(rand, 1.0, 6.0) * fwhm;
        const gboolean lorentz = run % 2 == 0;
        for (gsize i = 0; i < G_N_ELEMENTS(y); i++) {
            y[i] = 1000.0 + slope * (double)i;
            for (int b = 0; b < 2; b++) {
                const double u = ((double)i - (b == 0 ? at : second)) / fwhm;
                y[i] += height *
                        (b == 0 ? 1.0
                         : pair ? 0.6
                                : 0.0) *
                        (lorentz ? 1.0 / (1.0 + 4.0 * u * u) : exp(-4.0 * G_LN2 * u * u));
            }
            double noise = -6.0; /* of twelve uniform numbers: nearly Gaussian, sd 1 */
            for (int k = 0; k < 12; k++)
                noise += g_rand_double(rand);
            y[i] += noise * sqrt(fmax(y[i], 100.0) / 100.0);
        }
        g_auto(Result) r = despike(y, G_N_ELEMENTS(y));
        if (r.found > 0)
            g_test_message("fwhm %g at %g height %g slope %g second %g lorentz %d", fwhm, at,
                           height, slope, second, lorentz);
        for (gsize i = 0; r.found > 0 && i < G_N_ELEMENTS(y); i++) {
            if (r.flags[i])
                g_test_message("  sample %" G_GSIZE_FORMAT ": %g -> %g", i, y[i], r.y[i]);
        }
        g_assert_cmpuint(r.found, ==, 0);
    }
}

static void too_many_spikes_are_none(void)
{
    double y[400];
    g_autoptr(GRand) rand = g_rand_new_with_seed(3);
    for (gsize i = 0; i < G_N_ELEMENTS(y); i++)
        y[i] = g_rand_double(rand) + (i % 12 == 5 ? 500.0 : 0.0);
    g_auto(Result) r = despike(y, G_N_ELEMENTS(y));
    g_assert_cmpuint(r.found, >, cel_despike_limit(G_N_ELEMENTS(y)));
    g_assert_true(memcmp(r.y, y, sizeof y) == 0);
    for (gsize i = 0; i < G_N_ELEMENTS(y); i++)
        g_assert_cmpint(r.flags[i], ==, 0);
}

int main(int argc, char **argv)
{
    cel_init();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/despike/oracle/whitaker-hayes", whitaker_hayes_equals_the_reference);
    g_test_add_func("/despike/celadon/finds-all", finds_every_spiked_sample_and_no_other);
    g_test_add_func("/despike/celadon/leaves-alone", leaves_spectra_without_spikes_alone);
    g_test_add_func("/despike/celadon/random", finds_spikes_put_in_at_random);
    g_test_add_func("/despike/celadon/bands-stay", no_band_as_wide_as_the_instrument_is_a_spike);
    g_test_add_func("/despike/celadon/too-many", too_many_spikes_are_none);
    return g_test_run();
}
