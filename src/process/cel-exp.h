/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "process/cel-lanes.h"

G_BEGIN_DECLS

/**
 * cel_exp_all:
 * @values: (inout): of cel_lanes_new(n), not NaN: each becomes its exponential, those behind n
 *   likewise
 * Within 1 unit in the last place; |t| beyond 700 counts as 700, so nothing overflows. The same
 * digits on every processor, which the C library's exp() does not promise. Thread-safe: yes.
 */
void cel_exp_all(double *values, gsize n);

G_END_DECLS
