/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-search.h"

#include "base/cel-error.h"

#include <fftw3.h>
#include <math.h>
#include <string.h>

enum {
    N_FFT = 2048,     /* > CEL_VIEW_LAST - CEL_VIEW_FIRST + 2 * MAX_LAG: no wrap-around */
    MAX_LAG = 6,      /* 12 cm-1 either way: beyond, the instrument needs calibrating */
    N_SHIFTED = 60,   /* entries that may shift */
    MIN_COMMON = 125, /* channels (250 cm-1) in common, else no comparison */
};
G_STATIC_ASSERT(N_FFT > CEL_VIEW_LAST - CEL_VIEW_FIRST + 1 + 2 * MAX_LAG);

/* Price of a shift by one channel at an axis uncertainty of 1 cm-1. Found on the development half
 * of RRUFF as the one that costs nothing when the axis is right (see README). */
#define SHIFT_PRICE 0.01

/* Both views must keep this part of their energy inside the common range, else the comparison says
 * little: a short overlap would win by chance. */
#define MIN_ENERGY 0.3

struct CelSearch {
    GArray *entries; /* CelEntry */
    guint n_slots;
    fftw_plan forward, backward;
};

/* Everything one query needs, allocated once. */
typedef struct {
    const CelSearch *search;
    const CelView *sample;
    double *scores; /* one an entry; < 0: not comparable */
    double price;   /* of a shift by one channel */
    fftw_complex *sample_f, *entry_f, *product;
} Query;

static void clear_entry(gpointer data)
{
    cel_view_free(((CelEntry *)data)->view);
}

static fftw_complex *new_buffer(void)
{
    return fftw_malloc(sizeof(fftw_complex) * N_FFT);
}

CelSearch *cel_search_new(GArray *entries)
{
    CelSearch *search = g_new0(CelSearch, 1);
    g_array_set_clear_func(entries, clear_entry);
    search->entries = entries;
    for (guint i = 0; i < entries->len; i++)
        search->n_slots = MAX(search->n_slots, g_array_index(entries, CelEntry, i).slot + 1);

    fftw_complex *in = new_buffer(), *out = new_buffer();
    cel_fftw_lock();
    search->forward = fftw_plan_dft_1d(N_FFT, in, out, FFTW_FORWARD, FFTW_ESTIMATE);
    search->backward = fftw_plan_dft_1d(N_FFT, in, out, FFTW_BACKWARD, FFTW_ESTIMATE);
    cel_fftw_unlock();
    fftw_free(in);
    fftw_free(out);
    return search;
}

void cel_search_free(CelSearch *search)
{
    if (search == NULL)
        return;
    cel_fftw_lock();
    fftw_destroy_plan(search->forward);
    fftw_destroy_plan(search->backward);
    cel_fftw_unlock();
    g_array_unref(search->entries);
    g_free(search);
}

static const CelEntry *entry_at(const CelSearch *search, guint i)
{
    return &g_array_index(search->entries, CelEntry, i);
}

const CelView *cel_search_view(const CelSearch *search, guint entry)
{
    return entry_at(search, entry)->view;
}

static double part_inside(const CelView *view, guint from, guint to)
{
    const double all = view->root_sum[view->n];
    return (view->root_sum[to - view->first] - view->root_sum[from - view->first]) / all;
}

static gboolean comparable(const CelView *sample, const CelView *reference, CelOverlap *overlap)
{
    return cel_view_overlap(sample, reference, 0, overlap) &&
           overlap->to - overlap->from >= MIN_COMMON &&
           part_inside(sample, overlap->from, overlap->to) >= MIN_ENERGY &&
           part_inside(reference, overlap->from, overlap->to) >= MIN_ENERGY;
}

typedef struct {
    const Query *query;
    guint from, to;
} Share;

static gpointer score_share(gpointer data)
{
    const Share *share = data;
    const Query *q = share->query;
    for (guint i = share->from; i < share->to; i++) {
        const CelView *reference = entry_at(q->search, i)->view;
        CelOverlap overlap;
        q->scores[i] = comparable(q->sample, reference, &overlap)
                           ? MAX(0, cel_view_score(q->sample, reference, 0, &overlap))
                           : -1;
    }
    return NULL;
}

static void score_all(const Query *query, guint threads)
{
    enum { MAX_THREADS = 16, WORTH_A_THREAD = 1000 };
    const guint n = query->search->entries->len;
    const guint shares = CLAMP(MIN(threads, n / WORTH_A_THREAD), 1, MAX_THREADS);
    Share share[MAX_THREADS];
    GThread *thread[MAX_THREADS] = {NULL};
    for (guint t = 0; t < shares; t++) {
        share[t] = (Share){query, n * t / shares, n * (t + 1) / shares};
        if (t > 0)
            thread[t] = g_thread_new("search", score_share, &share[t]);
    }
    score_share(&share[0]);
    for (guint t = 1; t < shares; t++)
        g_thread_join(thread[t]);
}

/* Root as real, slope as imaginary part: the real part of one complex correlation is then the sum
 * of both views' correlations, which is the score but for the ends of the overlap. */
static void pack(const CelView *view, const CelOverlap *overlap, fftw_complex *out)
{
    const guint from = overlap->from - view->first, to = overlap->to - view->first;
    const double root = sqrt(view->root_sum[to] - view->root_sum[from]);
    const double slope = sqrt(view->slope_sum[to] - view->slope_sum[from]);
    memset(out, 0, sizeof(fftw_complex) * N_FFT);
    for (guint k = from; k < to && root > 0 && slope > 0; k++) {
        out[view->first + k - CEL_VIEW_FIRST][0] = (double)view->root[k] / root;
        out[view->first + k - CEL_VIEW_FIRST][1] = (double)view->slope[k] / slope;
    }
}

static double price_of(const Query *query, double lag)
{
    return query->price * lag * lag;
}

/* The lag that the cross-correlation, less the price of shifting, likes best. */
static int best_lag(const Query *q, const CelView *reference, const CelOverlap *overlap)
{
    pack(reference, overlap, q->product);
    fftw_execute_dft(q->search->forward, q->product, q->entry_f);
    for (guint k = 0; k < N_FFT; k++) {
        const double a = q->sample_f[k][0], b = -q->sample_f[k][1];
        const double c = q->entry_f[k][0], d = q->entry_f[k][1];
        q->product[k][0] = a * c - b * d;
        q->product[k][1] = a * d + b * c;
    }
    fftw_execute_dft(q->search->backward, q->product, q->entry_f);
    int best = 0;
    double best_value = -G_MAXDOUBLE;
    for (int lag = -MAX_LAG; lag <= MAX_LAG; lag++) {
        const double sum = q->entry_f[(lag + N_FFT) % N_FFT][0] / N_FFT;
        const double value = 0.5 * sum - price_of(q, lag);
        if (value > best_value) {
            best_value = value;
            best = lag;
        }
    }
    return best;
}

static double score_at(const Query *q, const CelView *reference, int lag)
{
    CelOverlap overlap;
    if (!cel_view_overlap(q->sample, reference, lag, &overlap))
        return 0;
    return MAX(0, cel_view_score(q->sample, reference, lag, &overlap));
}

/* Vertex of the parabola through three scores, in channels from the middle one. */
static double vertex(double left, double middle, double right)
{
    const double bend = left - 2 * middle + right;
    return bend < 0 ? CLAMP(0.5 * (left - right) / bend, -0.5, 0.5) : 0;
}

static CelCandidate shifted(const Query *q, guint i)
{
    const CelView *reference = entry_at(q->search, i)->view;
    CelOverlap overlap = {0, 0};
    CelCandidate c = {entry_at(q->search, i)->slot, i, q->scores[i], q->scores[i], 0};
    if (!comparable(q->sample, reference, &overlap))
        return c;
    const int lag = best_lag(q, reference, &overlap);
    const double middle = score_at(q, reference, lag);
    const double off =
        vertex(score_at(q, reference, lag - 1), middle, score_at(q, reference, lag + 1));
    c.shift_cm1 = (lag + off) * CEL_VIEW_STEP_CM1;
    c.score = MAX(q->scores[i], middle - price_of(q, lag));
    return c;
}

static int by_score(gconstpointer a, gconstpointer b, gpointer scores)
{
    const guint i = *(const guint *)a, j = *(const guint *)b;
    const double x = ((const double *)scores)[i], y = ((const double *)scores)[j];
    return x > y ? -1 : x < y ? 1 : i < j ? -1 : i > j;
}

static int by_candidate(gconstpointer a, gconstpointer b)
{
    const CelCandidate *x = a, *y = b;
    if (x->score < y->score || x->score > y->score)
        return x->score > y->score ? -1 : 1;
    return x->slot < y->slot ? -1 : x->slot > y->slot;
}

/* Best candidate of each slot among the entries in @order. */
static GArray *pooled(const Query *q, const guint *order, guint n)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(CelCandidate));
    g_autofree guint *place = g_new0(guint, q->search->n_slots); /* index in out + 1 */
    for (guint r = 0; r < n && q->scores[order[r]] >= 0; r++) {
        const guint i = order[r];
        const double score = q->scores[i];
        const CelCandidate c =
            r < N_SHIFTED ? shifted(q, i)
                          : (CelCandidate){entry_at(q->search, i)->slot, i, score, score, 0};
        guint *at = &place[c.slot];
        if (*at == 0) {
            g_array_append_val(out, c);
            *at = out->len;
        } else if (c.score > g_array_index(out, CelCandidate, *at - 1).score) {
            g_array_index(out, CelCandidate, *at - 1) = c;
        }
    }
    g_array_sort(out, by_candidate);
    return out;
}

GArray *cel_search_run(const CelSearch *search, const CelView *sample,
                       const CelSearchOptions *options)
{
    const guint n = search->entries->len;
    const double u = CLAMP(options->axis_u_cm1 > 0 ? options->axis_u_cm1 : 1.0, 0.5, 4.0);
    g_autofree double *scores = g_new(double, n + 1);
    g_autofree guint *order = g_new(guint, n + 1);
    Query query = {search,       sample,       scores,      SHIFT_PRICE / (u * u),
                   new_buffer(), new_buffer(), new_buffer()};
    const CelOverlap whole = {sample->first, sample->first + sample->n};
    pack(sample, &whole, query.product);
    fftw_execute_dft(search->forward, query.product, query.sample_f);

    score_all(&query, options->threads);
    for (guint i = 0; i < n; i++)
        order[i] = i;
    g_qsort_with_data(order, (gint)n, sizeof *order, by_score, scores);
    GArray *out = pooled(&query, order, n);
    fftw_free(query.sample_f);
    fftw_free(query.entry_f);
    fftw_free(query.product);
    return out;
}
