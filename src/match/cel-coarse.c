/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-coarse.h"

#include <math.h>
#include <string.h>

enum {
    N_SAMPLED = 2048, /* rows that the axes are found from */
    N_ROUNDS = 6,     /* of subspace iteration; the axes only have to be good, see the header */
    LIMB = 127,       /* of the query's code; LIMB_MAX = highest value of one limb */
    LIMB_MAX = 63,
    CODE_MAX = 127,  /* of a row's code */
    CODE_ZERO = 128, /* the byte that stands for 0 */
    BLOCK = 256,     /* columns of the query's rest that are made at a time */
    N_PER_BYTES = 4, /* axes interleaved */
};

/* Half a unit in the last place of a float of 1. */
#define ROUNDING 0x1p-24

/* An axis that loses more than this of itself to the others before it is none of its own. */
#define INDEPENDENT 1e-4

enum { PART_AXES, PART_CODES, PART_SCALE, PART_REST, PART_SLIP, PART_SIZE };
G_STATIC_ASSERT(PART_SIZE + 1 == CEL_COARSE_PARTS);

struct CelCoarse {
    gsize n_rows, n_cols; /* rows filled up */
    float *axes;          /* n_axes x n_cols */
    CelScanCodes codes;
    double axes_norm; /* Frobenius */
    void *owned;      /* (nullable): what all the arrays stand in; NULL: borrowed */
};

static gsize filled(gsize n_rows)
{
    return (n_rows + CEL_SCAN_GROUP - 1) / CEL_SCAN_GROUP * CEL_SCAN_GROUP;
}

gsize cel_coarse_part_size(gsize n_rows, gsize n_cols, gsize n_axes, gsize part)
{
    switch (part) {
    case PART_AXES:
        return n_axes * n_cols * sizeof(float);
    case PART_CODES:
        return filled(n_rows) * n_axes;
    default:
        return filled(n_rows) * sizeof(float);
    }
}

/* Four sums side by side, for speed; @n: a multiple of 4. */
static double dot_wide(const double *a, const double *b, gsize n)
{
    double sum[4] = {0};
    for (gsize i = 0; i < n; i += 4)
        for (gsize k = 0; k < 4; k++)
            sum[k] += a[i + k] * b[i + k];
    return (sum[0] + sum[2]) + (sum[1] + sum[3]);
}

static double dot(const float *a, const float *b, gsize n)
{
    double sum[4] = {0};
    for (gsize i = 0; i < n; i += 4)
        for (gsize k = 0; k < 4; k++)
            sum[k] += (double)a[i + k] * (double)b[i + k];
    return (sum[0] + sum[2]) + (sum[1] + sum[3]);
}

static double norm_of(const float *values, gsize n)
{
    return sqrt(dot(values, values, n));
}

/* A float that is certainly not below @value, which was computed in double precision. */
static float up(double value)
{
    return nextafterf((float)(value * (1.0 + 1e-6)), INFINITY);
}

/* ---- the axes ---- */

static void add_times(float *to, double factor, const float *what, gsize n)
{
    for (gsize i = 0; i < n; i++)
        to[i] += (float)factor * what[i];
}

/* Gram and Schmidt, twice; an axis that depends on those before it becomes 0. */
static void make_orthonormal(float *axes, gsize n_axes, gsize n)
{
    for (gsize a = 0; a < n_axes; a++) {
        float *axis = axes + a * n;
        double before = norm_of(axis, n), after = before;
        for (int pass = 0; pass < 2; pass++) {
            for (gsize b = 0; b < a; b++)
                add_times(axis, -dot(axis, axes + b * n, n), axes + b * n, n);
            after = norm_of(axis, n);
        }
        const double factor = after > INDEPENDENT * before ? 1.0 / after : 0.0;
        for (gsize i = 0; i < n; i++)
            axis[i] = (float)((double)axis[i] * factor);
    }
}

static const float *row_at(const CelRows *rows, gsize i)
{
    return rows->values + i * rows->stride;
}

/* axes = S'S axes, over the sampled rows S. */
static void iterate(const CelRows *rows, gsize n_axes, float *axes, float *next)
{
    const CelScanKernel *kernel = cel_scan_kernel();
    const gsize n = rows->n_cols, sampled = MIN(rows->n_rows, N_SAMPLED);
    float weights[CEL_SCAN_AXES_MAX];
    memset(next, 0, n_axes * n * sizeof *next);
    for (gsize s = 0; s < sampled; s++) {
        const float *row = row_at(rows, s * rows->n_rows / sampled);
        kernel->dots(row, axes, n, n, n_axes, weights);
        for (gsize a = 0; a < n_axes; a++)
            add_times(next + a * n, (double)weights[a], row, n);
    }
    memcpy(axes, next, n_axes * n * sizeof *axes);
    make_orthonormal(axes, n_axes, n);
}

static void find_axes(const CelRows *rows, gsize n_axes, float *axes)
{
    const gsize n = rows->n_cols;
    g_autofree float *next = g_new(float, n_axes *n);
    memset(axes, 0, n_axes * n * sizeof *axes);
    for (gsize a = 0; a < MIN(n_axes, rows->n_rows); a++)
        memcpy(axes + a * n, row_at(rows, a * rows->n_rows / MIN(n_axes, rows->n_rows)),
               n * sizeof *axes);
    make_orthonormal(axes, n_axes, n);
    for (int round = 0; round < N_ROUNDS; round++)
        iterate(rows, n_axes, axes, next);
}

/* ---- the codes ---- */

typedef struct {
    const CelRows *rows;
    gsize n_axes;
    const float *axes;
    const double *wide_axes; /* the same in double precision */
    double *left;            /* n_cols: what the code does not show */
    guint8 *codes;
    float *scale, *rest, *slip, *size;
} Coding;

static void put_code(const Coding *c, gsize row, gsize axis, int code)
{
    const gsize group = row / CEL_SCAN_GROUP, in_group = row % CEL_SCAN_GROUP;
    guint8 *at = c->codes + group * CEL_SCAN_GROUP * c->n_axes;
    at += axis / N_PER_BYTES * N_PER_BYTES * CEL_SCAN_GROUP + in_group * N_PER_BYTES;
    at[axis % N_PER_BYTES] = (guint8)(CODE_ZERO + code);
}

/* |left| and |axes left|. */
static void measure_left(const Coding *c, gsize row, double whole)
{
    const gsize n = c->rows->n_cols;
    double slip = 0;
    for (gsize a = 0; a < c->n_axes; a++) {
        const double part = dot_wide(c->wide_axes + a * n, c->left, n);
        slip += part * part;
    }
    /* far above what double precision loses in these sums */
    c->rest[row] = up(sqrt(dot_wide(c->left, c->left, n)) + 1e-10 * whole);
    c->slip[row] = up(sqrt(slip) + 1e-10 * whole);
}

static void code_row(const Coding *c, gsize row)
{
    const gsize n = c->rows->n_cols;
    const float *values = row_at(c->rows, row);
    float coefficients[CEL_SCAN_AXES_MAX];
    cel_scan_kernel()->dots(values, c->axes, n, n, c->n_axes, coefficients);
    float largest = 0;
    for (gsize a = 0; a < c->n_axes; a++)
        largest = MAX(largest, fabsf(coefficients[a]));
    const float scale = largest / (float)CODE_MAX;
    double kept = 0;
    for (gsize i = 0; i < n; i++)
        c->left[i] = (double)values[i];
    for (gsize a = 0; a < c->n_axes; a++) {
        const double steps = scale > 0 ? rint((double)coefficients[a] / (double)scale) : 0;
        const int code = (int)CLAMP(steps, -CODE_MAX, CODE_MAX);
        const double value = code * (double)scale;
        const double *axis = c->wide_axes + a * n;
        put_code(c, row, a, code);
        kept += value * value;
        for (gsize i = 0; i < n && code != 0; i++)
            c->left[i] -= value * axis[i];
    }
    const double whole = norm_of(values, n);
    c->scale[row] = scale;
    c->size[row] = up(MAX(whole, sqrt(kept)));
    measure_left(c, row, whole);
}

static CelCoarse *new_of_parts(gsize n_rows, gsize n_cols, gsize n_axes, void *const parts[])
{
    CelCoarse *coarse = g_new0(CelCoarse, 1);
    coarse->n_rows = filled(n_rows);
    coarse->n_cols = n_cols;
    coarse->axes = parts[PART_AXES];
    coarse->codes = (CelScanCodes){.codes = parts[PART_CODES],
                                   .scale = parts[PART_SCALE],
                                   .rest = parts[PART_REST],
                                   .slip = parts[PART_SLIP],
                                   .size = parts[PART_SIZE],
                                   .n_axes = n_axes};
    coarse->axes_norm = norm_of(coarse->axes, n_axes * n_cols);
    return coarse;
}

CelCoarse *cel_coarse_new(const CelRows *rows, gsize n_axes)
{
    enum { LINE = 64 };
    g_return_val_if_fail(n_axes >= 4 && n_axes <= CEL_SCAN_AXES_MAX && n_axes % 4 == 0, NULL);
    g_return_val_if_fail(rows->n_cols % CEL_SCAN_LANES == 0, NULL);
    const gsize n = rows->n_cols;
    gsize total = LINE;
    for (gsize p = 0; p < CEL_COARSE_PARTS; p++)
        total += cel_coarse_part_size(rows->n_rows, n, n_axes, p);
    guint8 *block = g_malloc0(total);
    guint8 *at = block + (LINE - (guintptr)block % LINE) % LINE;
    void *parts[CEL_COARSE_PARTS];
    for (gsize p = 0; p < CEL_COARSE_PARTS; p++) {
        parts[p] = at;
        at += cel_coarse_part_size(rows->n_rows, n, n_axes, p);
    }
    find_axes(rows, n_axes, parts[PART_AXES]);

    g_autofree double *wide = g_new(double, n_axes *n + 1);
    g_autofree double *left = g_new(double, n + 1);
    for (gsize i = 0; i < n_axes * n; i++)
        wide[i] = (double)((const float *)parts[PART_AXES])[i];
    const Coding coding = {rows,
                           n_axes,
                           parts[PART_AXES],
                           wide,
                           left,
                           parts[PART_CODES],
                           parts[PART_SCALE],
                           parts[PART_REST],
                           parts[PART_SLIP],
                           parts[PART_SIZE]};
    memset(coding.codes, CODE_ZERO, cel_coarse_part_size(rows->n_rows, n, n_axes, PART_CODES));
    for (gsize i = 0; i < rows->n_rows; i++)
        code_row(&coding, i);
    CelCoarse *coarse = new_of_parts(rows->n_rows, n, n_axes, parts);
    coarse->owned = block;
    return coarse;
}

CelCoarse *cel_coarse_map(gsize n_rows, gsize n_cols, gsize n_axes,
                          const CelCoarsePart parts[CEL_COARSE_PARTS])
{
    void *data[CEL_COARSE_PARTS];
    for (gsize p = 0; p < CEL_COARSE_PARTS; p++) {
        g_return_val_if_fail(parts[p].n_bytes == cel_coarse_part_size(n_rows, n_cols, n_axes, p),
                             NULL);
        data[p] = (void *)(guintptr)parts[p].data;
    }
    return new_of_parts(n_rows, n_cols, n_axes, data);
}

CelCoarsePart cel_coarse_part(const CelCoarse *coarse, gsize part)
{
    const CelScanCodes *c = &coarse->codes;
    const void *const data[CEL_COARSE_PARTS] = {coarse->axes, c->codes, c->scale,
                                                c->rest,      c->slip,  c->size};
    g_return_val_if_fail(part < CEL_COARSE_PARTS, ((CelCoarsePart){NULL, 0}));
    return (CelCoarsePart){data[part],
                           cel_coarse_part_size(coarse->n_rows, coarse->n_cols, c->n_axes, part)};
}

void cel_coarse_free(CelCoarse *coarse)
{
    if (coarse == NULL)
        return;
    g_free(coarse->owned);
    g_free(coarse);
}

gsize cel_coarse_n_rows(const CelCoarse *coarse)
{
    return coarse->n_rows;
}

/* ---- a query ---- */

/* Norm of query - axes' coefficients, in single precision: the caller adds what that may lose. */
static double query_rest(const CelCoarse *coarse, const float *query, const float *coefficients)
{
    double sum = 0;
    for (gsize from = 0; from < coarse->n_cols; from += BLOCK) {
        const gsize n = MIN(BLOCK, coarse->n_cols - from);
        float left[BLOCK];
        memcpy(left, query + from, n * sizeof *left);
        for (gsize a = 0; a < coarse->codes.n_axes; a++)
            add_times(left, -(double)coefficients[a], coarse->axes + a * coarse->n_cols + from, n);
        sum += dot(left, left, n);
    }
    return sqrt(sum);
}

/* Codes of @a in two limbs. Returns: norm of what the code misses. */
static double put_limbs(const float *a, gsize n_axes, CelScanProbe *out)
{
    const double limit = LIMB * LIMB_MAX + LIMB_MAX;
    double largest = 0, missed = 0;
    gint32 sum = 0;
    for (gsize i = 0; i < n_axes; i++)
        largest = MAX(largest, fabs((double)a[i]));
    out->scale = largest > 0 ? up(largest / limit) : 1;
    for (gsize i = 0; i < n_axes; i++) {
        const int code = (int)rint((double)a[i] / (double)out->scale);
        const int high = (int)floor((double)(code + LIMB_MAX) / LIMB);
        const double off = (double)a[i] - code * (double)out->scale;
        out->high[i] = (gint8)high;
        out->low[i] = (gint8)(code - LIMB * high);
        missed += off * off;
        sum += code;
    }
    out->offset = CODE_ZERO * sum;
    return sqrt(missed);
}

void cel_coarse_probe(const CelCoarse *coarse, const CelScanKernel *kernel, const float *query,
                      CelScanProbe *out)
{
    const gsize n = coarse->n_cols, n_axes = coarse->codes.n_axes;
    float a[CEL_SCAN_AXES_MAX];
    kernel->dots(query, coarse->axes, n, n, n_axes, a);
    const double whole = norm_of(query, n), inside = norm_of(a, n_axes);
    const double missed = put_limbs(a, n_axes, out);
    /* of a sum in lanes, for unit vectors; twice what the header derives */
    const double of_sum = 2 * ((double)n / CEL_SCAN_LANES + 5) * ROUNDING;
    const double of_rest =
        2 * (double)(n_axes + 1) * ROUNDING * (whole + inside * coarse->axes_norm);
    /* 32: the few operations of the bound itself, each within ROUNDING of at most 4 |q| |x| */
    const double of_bound = 32 * ROUNDING * whole;
    out->rest = up(query_rest(coarse, query, a) + of_rest);
    out->slip = up(inside);
    out->size = up(missed + of_sum * whole * (coarse->axes_norm + 1) + of_bound);
}

void cel_coarse_bounds(const CelCoarse *coarse, const CelScanKernel *kernel,
                       const CelScanProbe *probe, gsize from, gsize to, float *out)
{
    kernel->bounds(&coarse->codes, probe, from, to, out);
}
