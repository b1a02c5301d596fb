/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * cel_logistic_falling:
 * @values: @n numbers t, not NaN, replaced by 1 / (1 + exp(t))
 * Cannot overflow: |t| beyond 700 counts as 700. Within 1e-15 of the value itself, whatever the
 * position in the array. Two numbers go through at a time, which the library's exp() does not offer
 * without giving up the rules of floating point everywhere.
 * Thread-safe: yes.
 */
void cel_logistic_falling(double *values, gsize n);

G_END_DECLS
