/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * cel_select:
 * @values: @n numbers; what stands there afterwards is of no use
 * @rank: 0..n - 1
 * Returns: the number that would stand at @rank after sorting. Numbers that are not comparable
 *   (NAN) stand anywhere. Thread-safe: yes.
 */
double cel_select(double *values, gsize n, gsize rank);

/**
 * cel_median:
 * @values: @n >= 1 numbers; what stands there afterwards is of no use
 * Returns: their median, of an even number the mean of the two in the middle.
 *   Thread-safe: yes.
 */
double cel_median(double *values, gsize n);

G_END_DECLS
