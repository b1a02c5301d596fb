/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Non-negative least squares against scipy.optimize.nnls and against its own conditions. */
#include "process/cel-nnls.h"

#include "oracle.h"

#include <json-glib/json-glib.h>
#include <math.h>

typedef struct {
    gsize n;
    double *gram, *atb, *x;
} Fit;

static void fit_clear(Fit *fit)
{
    g_free(fit->gram);
    g_free(fit->atb);
    g_free(fit->x);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fit, fit_clear)

static void fit_init(Fit *fit, gsize n)
{
    *fit = (Fit){n, g_new0(double, n *n), g_new0(double, n), g_new0(double, n)};
}

static gboolean solve(Fit *fit)
{
    g_autoptr(CelNnls) nnls = cel_nnls_new(fit->n);
    const CelNnlsProblem problem = {fit->gram, fit->n, fit->atb, fit->n};
    return cel_nnls_solve(nnls, &problem, fit->x);
}

/* x >= 0, the gradient at most 0 and 0 where x is not: these and no others are the minimum. */
static void assert_minimum(const Fit *fit)
{
    double top = 0;
    for (gsize j = 0; j < fit->n; j++)
        top = MAX(top, fabs(fit->atb[j]));
    for (gsize j = 0; j < fit->n; j++) {
        double gradient = fit->atb[j];
        for (gsize i = 0; i < fit->n; i++)
            gradient -= fit->gram[j * fit->n + i] * fit->x[i];
        g_assert_cmpfloat(fit->x[j], >=, 0);
        g_assert_cmpfloat(gradient, <=, 1e-9 * top);
        if (fit->x[j] > 0)
            g_assert_cmpfloat(fabs(gradient), <=, 1e-9 * top);
    }
}

static void of_columns(Fit *fit, const double *const *columns, const double *b, gsize rows)
{
    for (gsize i = 0; i < fit->n; i++) {
        for (gsize r = 0; r < rows; r++)
            fit->atb[i] += columns[i][r] * b[r];
        for (gsize j = 0; j < fit->n; j++)
            for (gsize r = 0; r < rows; r++)
                fit->gram[i * fit->n + j] += columns[i][r] * columns[j][r];
    }
}

/* scipy saw the columns before they were written with ten digits. */
static void a_case_has_scipys_weights(JsonObject *truth, const char *shared)
{
    const gsize n = (gsize)json_object_get_int_member(truth, "K");
    g_autofree char *name_a = g_strdup_printf("K%u_A", (guint)n);
    g_autofree char *name_b = g_strdup_printf("K%u_b", (guint)n);
    g_autoptr(Table) a = table_load(shared, "nnls", name_a), b = table_load(shared, "nnls", name_b);
    g_autofree const double **columns = g_new(const double *, n);
    for (gsize i = 0; i < n; i++)
        columns[i] = (const double *)(const void *)((GArray *)a->columns->pdata[i])->data;
    g_auto(Fit) fit = {0};
    fit_init(&fit, n);
    of_columns(&fit, columns, (const double *)(const void *)((GArray *)b->columns->pdata[0])->data,
               a->n);
    g_assert_true(solve(&fit));
    assert_minimum(&fit);
    JsonArray *solution = json_object_get_array_member(truth, "solution");
    double worst = 0;
    for (guint j = 0; j < n; j++) {
        const double expected = json_array_get_double_element(solution, j);
        worst = MAX(worst, fabs(fit.x[j] - expected));
        g_assert_cmpint(fit.x[j] > 0, ==, expected > 0);
    }
    g_print("# oracle nnls/K%u: weights max_dev=%.2g\n", (guint)n, worst);
    g_assert_cmpfloat(worst, <=, 1e-8);
}

static void weights_are_those_of_scipy(void)
{
    const char *shared = oracle_folder();
    if (shared == NULL)
        return;
    g_autofree char *path = g_build_filename(shared, "oracles", "nnls", "nnls.json", NULL);
    g_autoptr(JsonParser) parser = json_parser_new();
    g_autoptr(GError) error = NULL;
    json_parser_load_from_file(parser, path, &error);
    g_assert_no_error(error);
    JsonArray *cases = json_node_get_array(json_parser_get_root(parser));
    for (guint i = 0; i < json_array_get_length(cases); i++)
        a_case_has_scipys_weights(json_array_get_object_element(cases, i), shared);
}

/* Non-negative columns, so close to one another that most weights end at 0 and the factor loses
 * columns again on the way. */
static void random_fit(Fit *fit, GRand *rand, gsize n, gsize rows)
{
    g_autofree double *values = g_new(double, (n + 1) * rows);
    g_autofree const double **columns = g_new(const double *, n);
    for (gsize i = 0; i < (n + 1) * rows; i++)
        values[i] = g_rand_double(rand);
    for (gsize i = 0; i < n; i++)
        columns[i] = values + i * rows;
    fit_init(fit, n);
    of_columns(fit, columns, values + n * rows, rows);
}

static void random_problems_end_at_their_minimum(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(20);
    for (guint round = 0; round < 200; round++) {
        g_auto(Fit) fit = {0};
        random_fit(&fit, rand, 1 + round % 40, 45);
        g_assert_true(solve(&fit));
        assert_minimum(&fit);
    }
}

static void of_equal_columns_one_carries_the_weight(void)
{
    g_auto(Fit) fit = {0};
    fit_init(&fit, 3);
    const double a[] = {1, 0, 1}, b[] = {0, 1, 0}, data[] = {2, 3, 2};
    const double *columns[] = {a, a, b};
    of_columns(&fit, columns, data, 3);
    g_assert_true(solve(&fit));
    g_assert_cmpfloat_with_epsilon(fit.x[0] + fit.x[1], 2, 1e-12);
    g_assert_true(fit.x[0] == 0 || fit.x[1] == 0);
    g_assert_cmpfloat_with_epsilon(fit.x[2], 3, 1e-12);
}

static void columns_that_only_oppose_the_data_stay_at_zero(void)
{
    g_auto(Fit) fit = {0};
    fit_init(&fit, 2);
    const double a[] = {1, 0}, b[] = {0, 1}, data[] = {-1, -2};
    const double *columns[] = {a, b};
    of_columns(&fit, columns, data, 2);
    g_assert_true(solve(&fit));
    g_assert_cmpfloat(fit.x[0], ==, 0);
    g_assert_cmpfloat(fit.x[1], ==, 0);
}

static void input_that_is_not_finite_comes_to_an_end(void)
{
    g_auto(Fit) fit = {0};
    fit_init(&fit, 2);
    fit.gram[0] = fit.gram[3] = NAN;
    fit.atb[0] = INFINITY;
    solve(&fit);
    g_assert_cmpfloat(fit.x[1], ==, 0);
}

/* Variances against the inverse of the two-column Gram matrix by hand: det = 2 * 2 - 1 = 3. */
static void variances_are_the_diagonal_of_the_inverse(void)
{
    g_auto(Fit) fit = {0};
    fit_init(&fit, 3);
    const double gram[] = {2, 1, 0, 1, 2, 0, 0, 0, 5};
    memcpy(fit.gram, gram, sizeof gram);
    fit.atb[0] = fit.atb[1] = 3;
    fit.atb[2] = -1;
    g_autoptr(CelNnls) nnls = cel_nnls_new(3);
    const CelNnlsProblem problem = {fit.gram, 3, fit.atb, 3};
    double variance[3];
    g_assert_true(cel_nnls_solve(nnls, &problem, fit.x));
    cel_nnls_covariance(nnls, &problem, variance);
    g_assert_cmpfloat_with_epsilon(variance[0], 2.0 / 3.0, 1e-12);
    g_assert_cmpfloat_with_epsilon(variance[1], 2.0 / 3.0, 1e-12);
    g_assert_cmpfloat(variance[2], ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/nnls/scipy", weights_are_those_of_scipy);
    g_test_add_func("/nnls/minimum", random_problems_end_at_their_minimum);
    g_test_add_func("/nnls/equal-columns", of_equal_columns_one_carries_the_weight);
    g_test_add_func("/nnls/opposed", columns_that_only_oppose_the_data_stay_at_zero);
    g_test_add_func("/nnls/not-finite", input_that_is_not_finite_comes_to_an_end);
    g_test_add_func("/nnls/variances", variances_are_the_diagonal_of_the_inverse);
    return g_test_run();
}
