/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/cel-peakfind.h"

static GArray *local_maxima(const double *y, const guint8 *mask, gsize n, double min_height)
{
    GArray *out = g_array_new(FALSE, TRUE, sizeof(CelPeakShape));
    for (gsize i = 1; i + 1 < n; i++) {
        if (!(y[i - 1] < y[i]))
            continue;
        gsize last = i;
        while (last + 1 < n && !(y[last + 1] < y[i]) && !(y[last + 1] > y[i]))
            last++;
        /* a plateau that runs into the end of the data is no maximum */
        if (last + 1 < n && y[last + 1] < y[i]) {
            const CelPeakShape peak = {.index = i + (last - i) / 2, .height = y[i]};
            const gboolean masked = mask != NULL && mask[peak.index] != 0;
            if (!masked && !(min_height > 0.0 && y[i] < min_height))
                g_array_append_val(out, peak);
        }
        i = last;
    }
    return out;
}

typedef struct {
    double height;
    guint at;
} Ranked;

/* Falling height; of equal heights the later one first. */
static gint compare_ranked(gconstpointer left, gconstpointer right, gpointer unused)
{
    (void)unused;
    const Ranked *a = left, *b = right;
    if (a->height < b->height || a->height > b->height)
        return a->height < b->height ? 1 : -1;
    return a->at < b->at ? 1 : -1;
}

static GArray *without_dropped(GArray *peaks, const gboolean *drop)
{
    guint kept = 0;
    CelPeakShape *p = (CelPeakShape *)(void *)peaks->data;
    for (guint i = 0; i < peaks->len; i++) {
        if (!drop[i])
            p[kept++] = p[i];
    }
    g_array_set_size(peaks, kept);
    return peaks;
}

/* Greedy from the highest: it removes every maximum nearer than @distance on either side. */
static GArray *keep_distant(GArray *peaks, gsize distance)
{
    const guint n = peaks->len;
    const CelPeakShape *p = (const CelPeakShape *)(const void *)peaks->data;
    g_autofree Ranked *order = g_new(Ranked, n);
    g_autofree gboolean *drop = g_new0(gboolean, n);
    for (guint i = 0; i < n; i++)
        order[i] = (Ranked){p[i].height, i};
    g_qsort_with_data(order, (gint)n, sizeof(Ranked), compare_ranked, NULL);
    for (guint k = 0; k < n; k++) {
        const guint at = order[k].at;
        if (drop[at])
            continue;
        for (guint i = at; i > 0 && p[at].index - p[i - 1].index < distance; i--)
            drop[i - 1] = TRUE;
        for (guint i = at + 1; i < n && p[i].index - p[at].index < distance; i++)
            drop[i] = TRUE;
    }
    return without_dropped(peaks, drop);
}

/* Only a strictly lower sample replaces the base, so of equal ones the nearest to the peak stays.
 */
static void measure_prominence(const double *y, gsize n, gsize window, CelPeakShape *peak)
{
    const gsize half = window > 0 ? window / 2 : n;
    const gsize first = peak->index > half ? peak->index - half : 0;
    const gsize last = n - 1 - peak->index > half ? peak->index + half : n - 1;
    double left = peak->height, right = peak->height;
    peak->left_base = peak->right_base = peak->index;
    for (gsize i = peak->index + 1; i-- > first && y[i] <= peak->height;) {
        if (y[i] < left) {
            left = y[i];
            peak->left_base = i;
        }
    }
    for (gsize i = peak->index; i <= last && y[i] <= peak->height; i++) {
        if (y[i] < right) {
            right = y[i];
            peak->right_base = i;
        }
    }
    peak->prominence = peak->height - MAX(left, right);
}

static void measure_width(const double *y, CelPeakShape *peak)
{
    const double level = peak->height - 0.5 * peak->prominence;
    gsize left = peak->index, right = peak->index;
    while (left > peak->left_base && level < y[left])
        left--;
    while (right < peak->right_base && level < y[right])
        right++;
    peak->width_height = level;
    peak->left_crossing = (double)left;
    peak->right_crossing = (double)right;
    if (y[left] < level)
        peak->left_crossing += (level - y[left]) / (y[left + 1] - y[left]);
    if (y[right] < level)
        peak->right_crossing -= (level - y[right]) / (y[right - 1] - y[right]);
    peak->width = peak->right_crossing - peak->left_crossing;
}

static gboolean is_wanted(const CelPeakShape *peak, const CelPeakOptions *options)
{
    if (peak->prominence < options->min_prominence || peak->width < options->min_width)
        return FALSE;
    return !(options->max_width > 0.0 && peak->width > options->max_width);
}

GArray *cel_peakfind(const double *y, const guint8 *mask, gsize n, const CelPeakOptions *options)
{
    GArray *peaks = local_maxima(y, mask, n, options->min_height);
    if (options->min_distance > 1)
        peaks = keep_distant(peaks, options->min_distance);
    CelPeakShape *p = (CelPeakShape *)(void *)peaks->data;
    guint kept = 0;
    for (guint i = 0; i < peaks->len; i++) {
        CelPeakShape peak = p[i];
        measure_prominence(y, n, options->window, &peak);
        if (peak.prominence < options->min_prominence)
            continue;
        measure_width(y, &peak);
        if (is_wanted(&peak, options))
            p[kept++] = peak;
    }
    g_array_set_size(peaks, kept);
    return peaks;
}
