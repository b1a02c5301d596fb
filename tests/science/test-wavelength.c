/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../unit/long-check.h"
#include "base/cel-error.h"
#include "cel-wavelength.h"
#include "lamp-sim.h"

#include <math.h>

/* Right: nowhere between its lines further off than this. */
static const double RIGHT_PX = 0.5;
/* Seeds that figures are reported on; constants were chosen on others (CELADON_SEED=2000000). */
enum { REPORTING_SEED = 9000000, DAMAGED_SEED = 1000000 };
enum { SHORT_COUNT = 40 };

/* Parts of the detector, in per cent of its pixels. */
static const double regions[] = {0, 5, 20, 40, 60, 80, 95, 100};
enum { N_REGIONS = G_N_ELEMENTS(regions) - 1 };

typedef struct {
    guint n, right, wrong, refused;
    guint inside[N_REGIONS], asked[N_REGIONS];
} Tally;

static guint32 first_seed(void)
{
    const char *text = g_getenv("CELADON_SEED");
    return text != NULL ? (guint32)g_ascii_strtoull(text, NULL, 10) : REPORTING_SEED;
}

/* Largest distance from the truth between the outermost used lines, in pixels. */
static double worst_px(const LampSim *sim, const CelWavelengthFit *fit, const double *nm)
{
    double worst = 0.0;
    for (gsize i = 1; i + 1 < sim->n_pixels; i++) {
        if ((double)i < fit->supported_px[0] || (double)i > fit->supported_px[1])
            continue;
        const double px_nm = 0.5 * (sim->true_nm[i + 1] - sim->true_nm[i - 1]);
        worst = MAX(worst, fabs(nm[i] - sim->true_nm[i]) / px_nm);
    }
    return worst;
}

/* One random pixel a region: does +- 1.96 u hold the truth? */
static void ask_intervals(const LampSim *sim, const CelWavelengthFit *fit, GRand *random,
                          Tally *tally)
{
    CelCalibration c = fit->calibration;
    g_autofree double *u = g_new(double, sim->n_pixels);
    c.laser_nm = 500.0; /* shifts carry the uncertainties: u(nm) = u(shift) nm^2 / 1e7 */
    g_autoptr(CelAxis) shift = cel_calibration_shift_axis(&c, sim->n_pixels, u, NULL);
    g_assert_nonnull(shift);
    g_autoptr(CelAxis) axis = cel_calibration_axis(&c, sim->n_pixels, NULL);
    const double *nm = cel_axis_values(axis);
    for (guint k = 0; k < N_REGIONS; k++) {
        const double at = 0.01 * g_rand_double_range(random, regions[k], regions[k + 1]);
        const gsize i = (gsize)(at * (double)(sim->n_pixels - 1));
        const double u_nm = u[i] * nm[i] * nm[i] / 1e7;
        tally->asked[k]++;
        tally->inside[k] += fabs(nm[i] - sim->true_nm[i]) <= 1.96 * u_nm;
    }
}

static void try_one(guint32 seed, gboolean damaged, Tally *tally)
{
    g_autoptr(LampSim) sim = lamp_sim_new(seed, damaged);
    g_autoptr(GRand) random = g_rand_new_with_seed(seed ^ 0x5a5a5a5a);
    g_autoptr(GError) error = NULL;
    CelWavelengthScan scans[LAMP_MAX_SCANS];
    for (guint i = 0; i < sim->n_scans; i++)
        scans[i] = (CelWavelengthScan){sim->lamp[i], sim->scan[i], "simulated"};
    g_autoptr(CelWavelengthFit) fit = cel_wavelength_fit(scans, sim->n_scans, NULL, &error);
    tally->n++;
    if (fit == NULL) {
        g_assert_true(error->domain == CEL_ERROR);
        tally->refused++;
        if (g_getenv("CELADON_SHOW") != NULL)
            g_printerr("%u refused (damage %u, drift %.2f, %u lines, %s, %.0f..%.0f nm, %zu): %s\n",
                       seed, sim->damage, sim->drift_px, sim->n_in_range, sim->lamp[0]->id,
                       sim->true_nm[0], sim->true_nm[sim->n_pixels - 1], sim->n_pixels,
                       error->message);
        return;
    }
    g_autoptr(CelAxis) axis = cel_calibration_axis(&fit->calibration, sim->n_pixels, NULL);
    const double worst = worst_px(sim, fit, cel_axis_values(axis));
    tally->right += worst <= RIGHT_PX;
    tally->wrong += worst > RIGHT_PX;
    if (worst > RIGHT_PX || g_getenv("CELADON_SHOW") != NULL)
        g_printerr("%u %s by %.2f px (damage %u, drift %.2f, %s, %.0f..%.0f nm, %zu): found %u, "
                   "assigned %u, used %u, degree %u%s, 1e%.1f, next 1e%.1f, scatter %.3f px\n",
                   seed, worst > RIGHT_PX ? "WRONG" : "right", worst, sim->damage, sim->drift_px,
                   sim->lamp[0]->id, sim->true_nm[0], sim->true_nm[sim->n_pixels - 1],
                   sim->n_pixels, fit->n_found, fit->n_assigned, fit->n_used, fit->degree,
                   fit->held ? " held" : "", fit->false_alarms_log10, fit->runner_up_log10,
                   fit->scatter_px);
    ask_intervals(sim, fit, random, tally);
}

/* Of few instruments a share scatters: three standard deviations; of many it must hold. */
static double slack(guint n, double share)
{
    return n < 500 ? 3.0 * sqrt(share * (1.0 - share) / n) : 0.0;
}

static Tally try_many(gboolean damaged)
{
    Tally tally = {0};
    const guint n = long_count(SHORT_COUNT);
    const guint32 seed = first_seed() + (damaged ? DAMAGED_SEED : 0);
    for (guint i = 0; i < n; i++)
        try_one(seed + i, damaged, &tally);
    return tally;
}

static void damaged_instruments_are_assigned_right_or_refused(void)
{
    const Tally t = try_many(TRUE);
    g_test_message("%u damaged instruments: %u right, %u refused, %u wrong", t.n, t.right,
                   t.refused, t.wrong);
    g_assert_cmpuint(t.wrong, ==, 0);
    g_assert_cmpfloat((double)t.right / t.n, >=, 0.80 - slack(t.n, 0.80));
}

static char *shares(const Tally *t)
{
    GString *text = g_string_new(NULL);
    for (guint k = 0; k < N_REGIONS; k++)
        g_string_append_printf(text, "%s%.0f-%.0f %%: %.1f", k > 0 ? ", " : "", regions[k],
                               regions[k + 1], 100.0 * t->inside[k] / t->asked[k]);
    return g_string_free(text, FALSE);
}

static void undamaged_instruments_are_assigned_right_and_intervals_hold_everywhere(void)
{
    const Tally t = try_many(FALSE);
    g_autofree char *text = shares(&t);
    g_test_message("%u undamaged instruments: %u right, %u refused, %u wrong; 95 %% intervals that "
                   "hold, by part of the detector: %s",
                   t.n, t.right, t.refused, t.wrong, text);
    g_assert_cmpuint(t.wrong, ==, 0);
    g_assert_cmpfloat((double)t.right / t.n, >=, 0.95 - slack(t.n, 0.95));
    for (guint k = 0; k < N_REGIONS; k++) {
        const double share = (double)t.inside[k] / t.asked[k];
        g_assert_cmpfloat(share, >=, 0.93 - slack(t.asked[k], 0.95));
        g_assert_cmpfloat(share, <=, 0.97 + slack(t.asked[k], 0.95));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    g_test_add_func("/wavelength/undamaged",
                    undamaged_instruments_are_assigned_right_and_intervals_hold_everywhere);
    g_test_add_func("/wavelength/damaged", damaged_instruments_are_assigned_right_or_refused);
    return g_test_run();
}
