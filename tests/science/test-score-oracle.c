/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-number.h"
#include "match/cel-score.h"

#include <math.h>
#include <string.h>

/* The similarities of another program (scipy) for every pair of seven spectra. */

enum { N_VECTORS = 16, HALF = 5 };
#define TOLERANCE 1e-8 /* the columns carry 10 significant digits of inputs with 10 */

typedef struct {
    char *names[N_VECTORS];
    GArray *values[N_VECTORS];
    guint n;
} Vectors;

static GStrv read_lines(const char *file)
{
    const char *shared = g_getenv("CELADON_SHARED");
    if (shared == NULL || *shared == '\0')
        return NULL;
    g_autofree char *path = g_build_filename(shared, "oracles", "match", file, NULL);
    g_autofree char *text = NULL;
    return g_file_get_contents(path, &text, NULL, NULL) ? g_strsplit(text, "\n", -1) : NULL;
}

static double number(const char *text)
{
    double value = NAN;
    g_assert_true(cel_number_parse(text, strcspn(text, "\r"), '.', &value));
    return value;
}

static gboolean load_vectors(Vectors *out)
{
    g_auto(GStrv) lines = read_lines("vectors.csv");
    if (lines == NULL)
        return FALSE;
    g_auto(GStrv) header = g_strsplit(g_strchomp(lines[0]), ",", -1);
    out->n = g_strv_length(header) - 1;
    for (guint c = 0; c < out->n; c++) {
        out->names[c] = g_strdup(header[c + 1]);
        out->values[c] = g_array_new(FALSE, FALSE, sizeof(double));
    }
    for (guint i = 1; lines[i] != NULL && lines[i][0] != '\0'; i++) {
        g_auto(GStrv) cells = g_strsplit(lines[i], ",", -1);
        for (guint c = 0; c < out->n; c++) {
            const double value = number(cells[c + 1]);
            g_array_append_val(out->values[c], value);
        }
    }
    return TRUE;
}

static void clear_vectors(Vectors *vectors)
{
    for (guint c = 0; c < vectors->n; c++) {
        g_free(vectors->names[c]);
        g_array_unref(vectors->values[c]);
    }
}

static const GArray *vector_of(const Vectors *vectors, const char *name)
{
    for (guint c = 0; c < vectors->n; c++)
        if (strcmp(vectors->names[c], name) == 0)
            return vectors->values[c];
    g_assert_not_reached();
}

static const double *data_of(const GArray *values)
{
    return (const double *)(const void *)values->data;
}

static double euclid_of_unit_vectors(const double *a, const double *b, gsize n)
{
    double aa = 0, bb = 0, sum = 0;
    for (gsize i = 0; i < n; i++) {
        aa += a[i] * a[i];
        bb += b[i] * b[i];
    }
    for (gsize i = 0; i < n; i++) {
        const double d = a[i] / sqrt(aa) - b[i] / sqrt(bb);
        sum += d * d;
    }
    return sqrt(sum);
}

enum { N_NAMES = 2, N_METRICS = 9 }; /* two columns of names before those of the metrics */

/* @cells, @worst: of one row; compares its metric @m and keeps the largest deviation seen. */
static void close_to(double got, const GStrv cells, guint m, double tolerance, double *worst)
{
    const double want = number(cells[N_NAMES + m]);
    worst[m] = MAX(worst[m], fabs(got - want));
    g_assert_cmpfloat_with_epsilon(got, want, tolerance);
}

/* Columns: a, b, cosine, pearson, pearson_sq, cosine_sq, angle_deg, spectral_contrast, cos_d1_sg11,
 * pearson_abs_d1_sg11, euclid_unit. */
static void check_pair(const Vectors *vectors, const GStrv cells, double *worst)
{
    const GArray *va = vector_of(vectors, cells[0]), *vb = vector_of(vectors, cells[1]);
    const double *a = data_of(va), *b = data_of(vb);
    const gsize n = va->len;
    const double cosine = cel_score_cosine(a, b, n), pearson = cel_score_pearson(a, b, n);
    const double angle = acos(CLAMP(cosine, -1, 1));
    close_to(cosine, cells, 0, TOLERANCE, worst);
    close_to(pearson, cells, 1, TOLERANCE, worst);
    close_to(pearson * pearson, cells, 2, TOLERANCE, worst);
    close_to(cosine * cosine, cells, 3, TOLERANCE, worst);
    close_to(angle * 180 / G_PI, cells, 4, 2e-6, worst); /* acos near 1 halves the digits */
    close_to(1 - 2 * angle / G_PI, cells, 5, 2e-8, worst);

    g_autofree double *slope_a = g_new(double, 2 * n);
    double *slope_b = slope_a + n;
    cel_score_slope(a, n, HALF, slope_a);
    cel_score_slope(b, n, HALF, slope_b);
    close_to(cel_score_cosine(slope_a, slope_b, n), cells, 6, TOLERANCE, worst);
    for (gsize i = 0; i < n; i++) {
        slope_a[i] = fabs(slope_a[i]);
        slope_b[i] = fabs(slope_b[i]);
    }
    close_to(cel_score_pearson(slope_a, slope_b, n), cells, 7, TOLERANCE, worst);
    close_to(euclid_of_unit_vectors(a, b, n), cells, 8, 2e-8, worst);
}

static void all_nine_metrics_agree_with_scipy(void)
{
    Vectors vectors = {0};
    g_auto(GStrv) pairs = read_lines("pairs.csv");
    if (pairs == NULL || !load_vectors(&vectors)) {
        g_test_skip("CELADON_SHARED does not name the folder with the oracles");
        return;
    }
    double worst[N_METRICS] = {0};
    guint checked = 0;
    for (guint i = 1; pairs[i] != NULL && pairs[i][0] != '\0'; i++) {
        g_auto(GStrv) cells = g_strsplit(pairs[i], ",", -1);
        check_pair(&vectors, cells, worst);
        checked++;
    }
    g_assert_cmpuint(checked, >=, vectors.n * (vectors.n + 1) / 2);
    g_auto(GStrv) header = g_strsplit(g_strchomp(pairs[0]), ",", -1);
    for (guint m = 0; m < N_METRICS; m++)
        g_test_message("oracle match/pairs %s max_dev=%.2g", header[N_NAMES + m], worst[m]);
    clear_vectors(&vectors);
}

static void slope_of_a_cubic_is_exact_up_to_both_ends(void)
{
    enum { N = 40 };
    double y[N], slope[N];
    for (int i = 0; i < N; i++)
        y[i] = 3 + 2.0 * i - 0.5 * i * i + 0.01 * i * i * i;
    for (guint half = 2; half <= CEL_SCORE_SLOPE_MOST; half++) {
        cel_score_slope(y, N, half, slope);
        for (int i = 0; i < N; i++)
            g_assert_cmpfloat_with_epsilon(slope[i], 2 - 1.0 * i + 0.03 * i * i, 1e-9);
    }
}

static void fast_sums_equal_plain_ones_at_every_length(void)
{
    float a[131], b[131];
    for (gsize i = 0; i < G_N_ELEMENTS(a); i++) {
        a[i] = sinf((float)i * 0.7f);
        b[i] = cosf((float)i * 0.3f);
    }
    for (gsize n = 0; n <= G_N_ELEMENTS(a); n++) {
        double ab = 0;
        for (gsize i = 0; i < n; i++)
            ab += (double)a[i] * (double)b[i];
        g_assert_cmpfloat_with_epsilon(cel_score_dot(a, b, n), ab, 1e-4);
    }
}

static void a_local_mean_is_that_of_three_running_means(void)
{
    enum { N = 60, HALF_WIDTH = 4 };
    double y[N] = {0}, flat[N], mean = 0, square = 0, sum = 0;
    y[30] = 1;
    for (int i = 0; i < N; i++)
        flat[i] = 7;
    cel_score_local_mean(y, N, HALF_WIDTH);
    cel_score_local_mean(flat, N, HALF_WIDTH);
    for (int i = 0; i < N; i++) {
        g_assert_cmpfloat_with_epsilon(flat[i], 7, 1e-12);
        sum += y[i];
        mean += y[i] * i;
        square += y[i] * (i - 30) * (i - 30);
    }
    g_assert_cmpfloat_with_epsilon(sum, 1, 1e-12);
    g_assert_cmpfloat_with_epsilon(mean, 30, 1e-9);
    /* the variance of the width 2h+1 is h (h + 1) / 3 */
    g_assert_cmpfloat_with_epsilon(square, HALF_WIDTH * (HALF_WIDTH + 1), 1e-9);
}

static void nothing_is_similar_to_zero_or_to_a_constant(void)
{
    const double zero[] = {0, 0, 0}, flat[] = {2, 2, 2}, rise[] = {1, 2, 3};
    g_assert_cmpfloat_with_epsilon(cel_score_cosine(zero, rise, 3), 0, 1e-12);
    g_assert_cmpfloat_with_epsilon(cel_score_pearson(flat, rise, 3), 0, 1e-12);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/score/oracle/all-nine-metrics-agree-with-scipy",
                    all_nine_metrics_agree_with_scipy);
    g_test_add_func("/score/slope/cubic-is-exact-up-to-both-ends",
                    slope_of_a_cubic_is_exact_up_to_both_ends);
    g_test_add_func("/score/dot/fast-sums-equal-plain-ones",
                    fast_sums_equal_plain_ones_at_every_length);
    g_test_add_func("/score/local-mean/three-running-means",
                    a_local_mean_is_that_of_three_running_means);
    g_test_add_func("/score/zero-and-constant", nothing_is_similar_to_zero_or_to_a_constant);
    return g_test_run();
}
