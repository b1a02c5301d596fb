/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-fine.h"

#include "match/cel-scan-kernel.h"

#include <math.h>

enum {
    STEPS = 127,         /* of an entry, either way */
    SAMPLE_STEPS = 8191, /* of a sample: 127 * 8191 * 1826 channels < 2^31 */
    STRIDE = 64,         /* bytes: a row begins where a line of the cache does */
    BEYOND_MAX = 64,     /* channels of an entry that the sample may lack: each costs time */
};
G_STATIC_ASSERT((gint64)STEPS *SAMPLE_STEPS *(CEL_VIEW_LAST - CEL_VIEW_FIRST + 1) <= G_MAXINT32);

/* More than what double precision loses in the sums below. */
#define LOSS 1e-9

typedef struct {
    guint first, n;
    gsize at;     /* in the codes */
    double step;  /* value of one */
    double lost;  /* length of what rounding lost, at least */
    double norm2; /* square of the length */
} Row;

struct CelFine {
    CelViewId view;
    gsize n, n_codes;
    Row *rows;
    gint8 *codes;
    gboolean borrowed; /* @rows and @codes belong to somebody else */
};

static double highest(const float *values, guint n)
{
    double top = 0;
    for (guint k = 0; k < n; k++)
        top = MAX(top, fabs((double)values[k]));
    return top;
}

static void fill_row(Row *row, const float *values, gint8 *codes)
{
    const double top = highest(values, row->n);
    double lost = 0;
    row->step = top / STEPS;
    row->norm2 = 0;
    for (guint k = 0; k < row->n; k++) {
        const double value = (double)values[k];
        codes[k] = (gint8)(top > 0 ? lrint(value / row->step) : 0);
        const double rest = value - row->step * codes[k];
        lost += rest * rest;
        row->norm2 += value * value;
    }
    row->lost = sqrt(lost) * (1 + LOSS);
}

/* Where the codes of a row end. */
static gsize end_of(gsize at, guint n)
{
    return at + (n + STRIDE - 1) / STRIDE * STRIDE;
}

CelFine *cel_fine_new(const CelView *const *views, gsize n, CelViewId view)
{
    CelFine *fine = g_new0(CelFine, 1);
    fine->view = view;
    fine->n = n;
    fine->rows = g_new0(Row, n + 1);
    for (gsize i = 0; i < n; i++) {
        fine->rows[i] = (Row){.first = views[i]->first, .n = views[i]->n, .at = fine->n_codes};
        fine->n_codes = end_of(fine->n_codes, views[i]->n);
    }
    fine->codes = g_aligned_alloc0(fine->n_codes + STRIDE, 1, STRIDE);
    for (gsize i = 0; i < n; i++)
        fill_row(&fine->rows[i], views[i]->curve[view], fine->codes + fine->rows[i].at);
    return fine;
}

CelCoarsePart cel_fine_part(const CelFine *fine, guint part)
{
    return part == 0 ? (CelCoarsePart){fine->rows, fine->n * sizeof(Row)}
                     : (CelCoarsePart){fine->codes, fine->n_codes};
}

CelFine *cel_fine_map(const CelView *const *views, gsize n, CelViewId view,
                      const CelCoarsePart *parts)
{
    const Row *rows = parts[0].data;
    gsize n_codes = 0;
    if (parts[0].n_bytes != n * sizeof(Row))
        return NULL;
    for (gsize i = 0; i < n; i++) {
        if (rows[i].first != views[i]->first || rows[i].n != views[i]->n || rows[i].at != n_codes)
            return NULL;
        n_codes = end_of(n_codes, rows[i].n);
    }
    if (parts[1].n_bytes != n_codes)
        return NULL;
    CelFine *fine = g_new0(CelFine, 1);
    *fine = (CelFine){.view = view, .n = n, .n_codes = n_codes, .borrowed = TRUE};
    fine->rows = (Row *)(guintptr)rows;
    fine->codes = (gint8 *)(guintptr)parts[1].data;
    return fine;
}

void cel_fine_free(CelFine *fine)
{
    if (fine == NULL)
        return;
    if (!fine->borrowed) {
        g_free(fine->rows);
        g_aligned_free(fine->codes);
    }
    g_free(fine);
}

void cel_fine_probe_init(const CelFine *fine, const CelView *sample, CelFineProbe *out)
{
    const float *values = sample->curve[fine->view];
    const double top = highest(values, sample->n);
    *out = (CelFineProbe){.sample = sample,
                          .codes = g_new(gint16, sample->n + 1),
                          .step = top / SAMPLE_STEPS,
                          .lost = g_new(double, sample->n + 1)};
    out->lost[0] = 0;
    for (guint k = 0; k < sample->n; k++) {
        const double value = (double)values[k];
        out->codes[k] = (gint16)(top > 0 ? lrint(value / out->step) : 0);
        const double rest = value - out->step * out->codes[k];
        out->lost[k + 1] = out->lost[k] + rest * rest;
    }
}

void cel_fine_probe_clear(CelFineProbe *probe)
{
    g_clear_pointer(&probe->codes, g_free);
    g_clear_pointer(&probe->lost, g_free);
}

/* At most, of the entry's square, in channel @k of its own. */
static double most_at(const Row *row, const gint8 *codes, guint k)
{
    const double most = (abs(codes[k]) + 0.5 + LOSS) * row->step;
    return most * most;
}

/* The same in the channels that the sample does not have or masks; @from, @to: those it has. */
static double not_there(const Row *row, const gint8 *codes, const CelView *sample, guint from,
                        guint to)
{
    double sum = 0;
    for (guint k = row->first; k < from; k++)
        sum += most_at(row, codes, k - row->first);
    for (guint k = to; k < row->first + row->n; k++)
        sum += most_at(row, codes, k - row->first);
    for (guint m = 0; m < sample->n_masked; m++) {
        const guint k = sample->first + sample->masked[m];
        if (k >= from && k < to)
            sum += most_at(row, codes, k - row->first);
    }
    return sum;
}

double cel_fine_bound(const CelFine *fine, const CelFineProbe *probe, gsize entry,
                      CelFineLeast *out_least)
{
    const Row *row = &fine->rows[entry];
    const CelView *sample = probe->sample;
    const gint8 *codes = fine->codes + row->at;
    const guint from = MAX(row->first, sample->first);
    const guint to = MIN(row->first + row->n, sample->first + sample->n);
    if (out_least != NULL)
        *out_least = (CelFineLeast){-1, 0};
    if (to <= from || row->n - (to - from) > BEYOND_MAX)
        return INFINITY;
    const guint at = from - sample->first, end = to - sample->first;
    const double *sum = cel_view_sums(sample, fine->view);
    const double s2 = sum[end] - sum[at];
    const double x2 = row->norm2 - not_there(row, codes, sample, from, to) - LOSS * row->norm2;
    if (!(s2 > LOSS * sum[sample->n] && x2 > LOSS * row->norm2))
        return INFINITY;
    const double lost = sqrt(probe->lost[end] - probe->lost[at] + LOSS * probe->lost[sample->n]);
    const double s = sqrt(s2) * (1 + LOSS), x = sqrt(row->norm2);
    const double near =
        row->step * probe->step *
        (double)cel_scan_kernel()->bytes(probe->codes + at, codes + (from - row->first), to - from);
    const double off = lost * (x + row->lost) + s * row->lost + LOSS * s * x;
    if (out_least != NULL)
        *out_least =
            (CelFineLeast){near > off ? (near - off) / (s * x * (1 + LOSS)) : -1, x2 / row->norm2};
    return near + off > 0 ? (near + off) / sqrt(s2 * x2) : 0;
}

void cel_fine_expect(const CelFine *fine, gsize entry)
{
    cel_scan_fetch(&fine->rows[entry], sizeof(Row));
}

void cel_fine_fetch(const CelFine *fine, gsize entry)
{
    const Row *row = &fine->rows[entry];
    cel_scan_fetch(fine->codes + row->at, row->n);
}
