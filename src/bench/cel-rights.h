/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-event.h"
#include "evidence/cel-trust.h"

G_BEGIN_DECLS

/* Who may do what in a lab: the one table, role x act. Roles come from certificates that the lab's
 * root vouches for; what needs a second person says the act's own row (evidence/cel-event.h). */

/** CelRight: one act. */
typedef struct {
    guint first;  /* bits 1 << CelRole: who may do it */
    guint second; /* bits: who may agree; 0: nobody is asked */
} CelRight;

/** cel_right: Returns: (transfer none): the row of @act. Thread-safe: yes. */
const CelRight *cel_right(CelAct act);

/** cel_right_check: @second: whether the person agrees to what another one does. Returns: FALSE
 * with CEL_ERROR_POLICY that says what the role may not do and who may. Thread-safe: yes. */
gboolean cel_right_check(CelAct act, CelRole role, gboolean second, GError **error);

/** cel_right_put_in_force: whether @role may say with which calibration an instrument measures from
 * now on. Returns: FALSE with CEL_ERROR_POLICY. */
gboolean cel_right_put_in_force(CelRole role, GError **error);

G_END_DECLS
