/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "spectrum/cel-axis.h"

G_BEGIN_DECLS

/**
 * cel_read_unit_objection:
 * @unit: (inout): the unit that is stated; CEL_N_UNITS: none is, which becomes
 *   CEL_UNIT_SHIFT_CM1 when the numbers leave no other choice
 * @x: @n values, rising
 * @laser_nm: 0: not known
 * Returns: (nullable) (transfer none): why the axis cannot be taken so and what to do, translated.
 *   Thread-safe: yes.
 */
const char *cel_read_unit_objection(CelUnit *unit, const double *x, gsize n, double laser_nm);

/** cel_read_unit_forced: the unit that the person gives by @name. Returns: FALSE with
 * CEL_ERROR_USAGE when there is none of that name. */
gboolean cel_read_unit_forced(const char *name, CelUnit *out_unit, GError **error);

G_END_DECLS
