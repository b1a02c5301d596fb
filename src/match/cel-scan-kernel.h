/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * The inner loops of the scan, once in portable C and once for each kind of processor that has
 * wider arithmetic. All forms give the same bits:
 * - sums of products of floats run in 16 lanes, lane l taking the columns l, l + 16, ...; product
 *   and sum are rounded apart (no fused multiply-add); the lanes are then added in pairs 8, 4, 2
 *   and 1 apart;
 * - sums of products of bytes are integers, so exact;
 * - bounds are made of these integers by the same float operations in the same order.
 */

enum {
    CEL_SCAN_LANES = 16,    /* columns come in multiples of this, filled up with zeros */
    CEL_SCAN_GROUP = 16,    /* rows whose codes stand interleaved */
    CEL_SCAN_AXES_MAX = 256 /* coefficients of a code; keeps every integer sum below 2^31 */
};

/** CelScanCodes: codes and numbers of rows; rows come in multiples of CEL_SCAN_GROUP. */
typedef struct {
    const guint8 *codes; /* by group, by 4 axes, by row, the 4 bytes: 128 + code, 1..255 */
    const float *scale;  /* value of one step of the row's code */
    const float *rest;   /* see cel-coarse.h */
    const float *slip;
    const float *size;
    gsize n_axes; /* multiple of 4 */
} CelScanCodes;

/** CelScanProbe: a query's code in two bytes an axis: 127 * high + low, each -63..63. */
typedef struct {
    gint8 high[CEL_SCAN_AXES_MAX], low[CEL_SCAN_AXES_MAX];
    gint32 offset;                 /* 128 times the sum of the codes: what the rows' 128 adds */
    float scale, rest, slip, size; /* factors of the four numbers of a row */
} CelScanProbe;

/** CelScanPair: two runs of @n floats, whose products are to be summed. */
typedef struct {
    const float *a, *b;
    gsize n;
} CelScanPair;

/** CelScanCosines: what bounds of cosines are made of; one of each an entry. */
typedef struct {
    const float *dots;  /* at most */
    const float *norm;  /* one over the length of the query */
    const float *least; /* square of the length of the entry, at least */
    const float *all;   /* the same of the whole entry, whatever of it counts */
    float tiny;         /* part of @all below which @least says nothing */
    float highest;      /* no cosine is above */
    float unknown;      /* the bound of those that nothing is known of */
} CelScanCosines;

/** cel_scan_fetch: has the processor read @n_bytes from @data on, while it goes on with something
 * else. */
static inline void cel_scan_fetch(const void *data, gsize n_bytes)
{
    enum { LINE = 64 };
    const char *at = data, *last = at + n_bytes - 1;
    for (; at < last; at += LINE)
        __builtin_prefetch(at);
    __builtin_prefetch(last);
}

/** CelScanKernel: one form of the inner loops. */
typedef struct {
    const char *name; /* "portable", "avx2", "avx512-vnni" */
    gboolean (*usable)(void);
    /* dots of @query with @n_rows rows of @n columns that stand @stride floats apart */
    void (*dots)(const float *query, const float *rows, gsize stride, gsize n, gsize n_rows,
                 float *out);
    /* what cel_score_dot() promises */
    double (*sum)(const float *a, const float *b, gsize n);
    /* what sum() gives of each pair, to the bit; several side by side, so that none waits for the
     * others' additions */
    void (*sums)(const CelScanPair *pairs, gsize n_pairs, double *out);
    /* upper bounds of the dots with the rows of groups @from..@to (exclusive): out[0] is that of
     * the first row of group @from */
    void (*bounds)(const CelScanCodes *codes, const CelScanProbe *probe, gsize from, gsize to,
                   float *out);
    /* bounds of @n cosines */
    void (*cosines)(const CelScanCosines *of, gsize n, float *out);
    /* sum of products of @n values; the caller keeps it below 2^31 */
    gint32 (*bytes)(const gint16 *a, const gint8 *b, gsize n);
    /* index of the first of @values from @from on that is not below @least; @n: there is none */
    gsize (*next)(const float *values, gsize from, gsize n, float least);
    /* sum of @n floats, for nothing but to measure how fast memory can be read */
    float (*read)(const float *values, gsize n);
} CelScanKernel;

/** cel_scan_kernels: every form, best first, the portable one last; NULL at the end. Not all are
 * usable on this processor. Thread-safe: yes. */
extern const CelScanKernel *const cel_scan_kernels[];

/** cel_scan_kernel: Returns: (transfer none): the best form that this processor can run.
 * Thread-safe: yes. */
const CelScanKernel *cel_scan_kernel(void);

G_END_DECLS
