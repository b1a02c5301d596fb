/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Time of non-negative least squares, on columns that another program may read and solve too:
 *
 *   nnls-figures COLUMNS FILE
 *
 * Writes 1,024 rows of COLUMNS band-like columns, the data, and the solution to FILE (doubles,
 * column after column, then the data, then the weights), and prints three medians in microseconds:
 * with the Gram matrix made anew, with A'b made anew, and of the solution alone.
 */
#include "process/cel-nnls.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROWS = 1024, REPEATS = 201, BANDS = 12 };

typedef struct {
    gsize n;
    double *columns, *data, *gram, *atb, *x;
    CelNnls *nnls;
} Problem;

static void fill(Problem *p)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(3);
    for (gsize j = 0; j < p->n; j++)
        for (int b = 0; b < BANDS; b++) {
            const double centre = ROWS * g_rand_double(rand), height = g_rand_double(rand);
            for (int r = 0; r < ROWS; r++)
                p->columns[j * ROWS + (gsize)r] += height / (1 + pow((r - centre) / 6, 2));
        }
    for (gsize r = 0; r < ROWS; r++)
        p->data[r] = 0.6 * p->columns[r] + 0.3 * p->columns[(p->n / 2) * ROWS + r] +
                     0.1 * p->columns[(p->n - 1) * ROWS + r] + 0.03 * (g_rand_double(rand) - 0.5);
}

static double dot(const double *a, const double *b)
{
    double sum[4] = {0, 0, 0, 0};
    for (int r = 0; r < ROWS; r += 4)
        for (int k = 0; k < 4; k++)
            sum[k] += a[r + k] * b[r + k];
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

static void make_gram(Problem *p)
{
    for (gsize i = 0; i < p->n; i++)
        for (gsize j = 0; j <= i; j++)
            p->gram[i * p->n + j] = p->gram[j * p->n + i] =
                dot(p->columns + i * ROWS, p->columns + j * ROWS);
}

static void make_atb(Problem *p)
{
    for (gsize i = 0; i < p->n; i++)
        p->atb[i] = dot(p->columns + i * ROWS, p->data);
}

static void solve(Problem *p)
{
    const CelNnlsProblem problem = {p->gram, p->n, p->atb, p->n};
    if (!cel_nnls_solve(p->nnls, &problem, p->x))
        abort();
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* @from: 0 everything, 1 without the Gram matrix, 2 the solution alone. */
static double median_us(Problem *p, int from)
{
    double times[REPEATS];
    for (int i = 0; i < REPEATS; i++) {
        const gint64 start = g_get_monotonic_time();
        for (int k = 0; k < 10; k++) {
            if (from < 1)
                make_gram(p);
            if (from < 2)
                make_atb(p);
            solve(p);
        }
        times[i] = (double)(g_get_monotonic_time() - start) / 10;
    }
    qsort(times, REPEATS, sizeof *times, ascending);
    return times[REPEATS / 2];
}

static gboolean write_all(const Problem *p, const char *path)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        return FALSE;
    fwrite(p->columns, sizeof(double), p->n * ROWS, file);
    fwrite(p->data, sizeof(double), ROWS, file);
    fwrite(p->x, sizeof(double), p->n, file);
    return fclose(file) == 0;
}

int main(int argc, char **argv)
{
    const gsize n = argc == 3 ? (gsize)g_ascii_strtoull(argv[1], NULL, 10) : 0;
    if (n < 3 || n > 1000)
        return 2;
    Problem p = {n,
                 g_new0(double, n *ROWS),
                 g_new0(double, ROWS),
                 g_new0(double, n *n),
                 g_new0(double, n),
                 g_new0(double, n),
                 cel_nnls_new(n)};
    fill(&p);
    make_gram(&p);
    make_atb(&p);
    for (int from = 0; from < 3; from++)
        printf("%.2f ", median_us(&p, from));
    printf("\n");
    const gboolean ok = write_all(&p, argv[2]);
    g_free(p.columns);
    g_free(p.data);
    g_free(p.gram);
    g_free(p.atb);
    g_free(p.x);
    cel_nnls_free(p.nnls);
    return ok ? 0 : 1;
}
