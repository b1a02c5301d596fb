/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * cel_baseline_extend:
 * @y: @n samples; @pad: how many to add at either end, 1..@n
 * Continues the data by straight lines fitted (least squares) to the first and last @pad samples.
 * Returns: (transfer full): @n + 2 @pad values. Thread-safe: yes.
 */
double *cel_baseline_extend(const double *y, gsize n, gsize pad);

/**
 * cel_baseline_bridge:
 * @mask: (nullable): samples that are not 0 are replaced
 * @y: @n samples, changed: masked ones lie on the straight line between their next unmasked
 *   neighbours, or equal the nearest one at an end
 * Returns: FALSE when every sample is masked. Thread-safe: yes.
 */
gboolean cel_baseline_bridge(const guint8 *mask, double *y, gsize n);

G_END_DECLS
