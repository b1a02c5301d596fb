/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-gate.h"
#include "evidence/cel-profile.h"

G_BEGIN_DECLS

/* The rules of the work about the order of events: what may happen to an exhibit now. Asked inside
 * the ledger's transaction, so that two programs cannot both be told yes. */

/** CelRules: what the rules need beside the register; borrowed. */
typedef struct {
    CelGateLimits limits;
    gboolean training;         /* of the lab */
    const CelProfile *profile; /* (nullable): who may apply which method */
} CelRules;

/**
 * cel_rules_check: a CelRegisterGuard; @rules: a CelRules
 * Looks at the life of the exhibit (src/register's table of moves), the number on its bag, holds,
 * parts, expired standards, who reviews and, for a release, at the gate.
 * Returns: FALSE with CEL_ERROR_POLICY that says what stands against it and what to do.
 */
gboolean cel_rules_check(CelRegister *reg, JsonObject *event, gpointer rules, GError **error);

/* What an event that puts a calibration in force says in the place of its id when it is the
 * instrument's own: no sealed file stands with it. */
#define CEL_RULES_OWN_CALIBRATION "own"

/**
 * cel_rules_in_force:
 * @out_row: (out) (transfer full) (nullable): the event (CEL_ROW_CHECK) of this ledger by which a
 *   calibration of the lab's holds for the instrument @serial; NULL: its own holds
 * Returns: FALSE with CEL_ERROR_SYSTEM.
 */
gboolean cel_rules_in_force(CelRegister *reg, const char *serial, JsonObject **out_row,
                            GError **error);

G_END_DECLS
