/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "process/cel-peaks.h"

G_BEGIN_DECLS

/** CelPeakShape: what the samples alone say about one maximum; positions count in samples. */
typedef struct {
    gsize index;
    double height;
    double prominence;
    gsize left_base, right_base; /* lowest sample on either side, before anything higher */
    double width;                /* at half prominence: right_crossing - left_crossing */
    double width_height;         /* the value at which it was measured */
    double left_crossing, right_crossing;
} CelPeakShape;

/**
 * cel_peakfind:
 * @y: @n finite values (borrowed)
 * @mask: (nullable): samples that are not 0 are no maxima; their values still bound the others
 * @options: .noise_factor is not looked at here
 * Local maxima y[i-1] < y[i] > y[i+1]; a plateau counts once, at the floor of its middle; ends
 * never count. Filters in the order height, distance, prominence, width. The definitions are those
 * of scipy.signal.find_peaks, against which the tests compare. Returns: (transfer full)
 * (element-type CelPeakShape): by rising index; may be empty. Thread-safe: yes.
 */
GArray *cel_peakfind(const double *y, const guint8 *mask, gsize n, const CelPeakOptions *options);

G_END_DECLS
