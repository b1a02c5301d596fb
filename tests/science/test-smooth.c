/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Smoothing and resampling against the reference columns: 1e-9 of the largest |y|. */
#include "base/cel-error.h"
#include "process/cel-recipe.h"

#include "oracle.h"

#include <math.h>

typedef struct {
    const char *column, *step;
} Row;

static const Row smooth_rows[] = {
    {"savgol:w5_p2_d0_interp", "smooth.savgol:window=5,polynomial=2,edges=interp"},
    {"savgol:w11_p3_d0_interp", "smooth.savgol:window=11,polynomial=3,edges=interp"},
    {"savgol:w11_p3_d0_nearest", "smooth.savgol:window=11,polynomial=3,edges=nearest"},
    {"savgol:w11_p3_d0_mirror", "smooth.savgol:window=11,polynomial=3,edges=mirror"},
    {"savgol:w11_p3_d1_interp", "derivative.savgol:window=11,polynomial=3,spacing=sample"},
    {"savgol:w11_p3_d2_interp", "derivative.savgol:window=11,polynomial=3,spacing=sample,order=2"},
    {"savgol:w25_p4_d0_interp", "smooth.savgol:window=25,polynomial=4,edges=interp"},
    {"savgol:w25_p4_d1_interp", "derivative.savgol:window=25,polynomial=4,spacing=sample"},
    {"whittaker:lam1_d2", "smooth.whittaker:lambda=1,differences=2"},
    {"whittaker:lam100_d2", "smooth.whittaker:lambda=100,differences=2"},
    {"whittaker:lam10000_d2", "smooth.whittaker:lambda=10000,differences=2"},
    {"whittaker:lam100_d1", "smooth.whittaker:lambda=100,differences=1"},
    {"whittaker:lam1000_d3", "smooth.whittaker:lambda=1000,differences=3"},
    {"medfilt:5_zeropad", "smooth.median:window=5,edges=zero"},
    {"boxcar:7_nearest", "smooth.boxcar:window=7,edges=nearest"},
};

static const Row resample_rows[] = {
    {"linear", "resample.linear"},
    {"pchip", "resample.pchip"},
    {"cubic_notaknot", "resample.cubic:ends=not-a-knot"},
    {"cubic_natural", "resample.cubic:ends=natural"},
    {"akima", "resample.akima"},
};

static CelSpectrum *input(const char *shared, const char *name)
{
    g_autoptr(Table) table = table_load(shared, "input", name);
    g_autoptr(CelAxis) axis =
        cel_axis_new(CEL_UNIT_SHIFT_CM1, table_column(table, "shift"), table->n, NULL);
    return cel_spectrum_new(axis, table_column(table, "intensity"), NULL);
}

static double largest(const double *y, gsize n)
{
    double result = 0.0;
    for (gsize i = 0; i < n; i++)
        result = fmax(result, fabs(y[i]));
    return result;
}

static void compare(const char *what, const CelSpectrum *in, const Table *table, const Row *row)
{
    g_autoptr(CelRecipe) recipe = cel_recipe_new("one step");
    g_autoptr(GError) error = NULL;
    cel_recipe_append_text(recipe, row->step, &error);
    g_assert_no_error(error);
    g_autoptr(CelSpectrum) out = cel_recipe_run(recipe, in, NULL, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(cel_spectrum_length(out), ==, table->n);
    const double *shift = table_column(table, "shift"),
                 *expected = table_column(table, row->column);
    double worst = 0.0;
    for (gsize i = 0; i < table->n; i++) {
        g_assert_cmpfloat_with_epsilon(cel_spectrum_x(out)[i], shift[i], 1e-9);
        worst = fmax(worst, fabs(cel_spectrum_y(out)[i] - expected[i]));
    }
    worst /= largest(cel_spectrum_y(in), cel_spectrum_length(in));
    g_test_message("oracle %s %s max_dev=%.3g", what, row->column, worst);
    g_assert_cmpfloat(worst, <=, 1e-9);
}

static void smoothing_equals_the_reference(void)
{
    static const char *const names[] = {"real_algae_wasatch785", "syn_fluor_1024", "syn_none_512"};
    const char *shared = oracle_folder();
    for (gsize k = 0; shared != NULL && k < G_N_ELEMENTS(names); k++) {
        g_autoptr(CelSpectrum) in = input(shared, names[k]);
        g_autoptr(Table) table = table_load(shared, "smooth", names[k]);
        g_autofree char *what = g_strconcat("smooth/", names[k], NULL);
        g_assert_cmpuint(g_strv_length(table->names), ==, G_N_ELEMENTS(smooth_rows) + 1);
        for (gsize r = 0; r < G_N_ELEMENTS(smooth_rows); r++)
            compare(what, in, table, &smooth_rows[r]);
    }
}

static void resampling_equals_the_reference(void)
{
    static const char *const names[] = {"real_pet_wasatch785", "real_polystyrene_bwtek532",
                                        "syn_uneven_777"};
    const char *shared = oracle_folder();
    for (gsize k = 0; shared != NULL && k < G_N_ELEMENTS(names); k++) {
        g_autoptr(CelSpectrum) in = input(shared, names[k]);
        g_autoptr(Table) table = table_load(shared, "resample", names[k]);
        g_autofree char *what = g_strconcat("resample/", names[k], NULL);
        g_assert_cmpuint(g_strv_length(table->names), ==, G_N_ELEMENTS(resample_rows) + 1);
        for (gsize r = 0; r < G_N_ELEMENTS(resample_rows); r++)
            compare(what, in, table, &resample_rows[r]);
    }
}

int main(int argc, char **argv)
{
    cel_init();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/smooth/oracle/smoothing", smoothing_equals_the_reference);
    g_test_add_func("/smooth/oracle/resampling", resampling_equals_the_reference);
    return g_test_run();
}
