/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "register/cel-register.h"

G_BEGIN_DECLS

/* What stands between a sealed file and its report. */

/** CelGateLimits: of the method; from the lab's signed profile, else these defaults. */
typedef struct {
    guint least_replicates; /* valid ones; all of them agree */
    gboolean four_of_five;  /* or 4 of 5 do */
    gint64 longest_us;      /* from the opening to the closing check */
    guint most_exhibits;    /* between the two */
    gboolean blank_needed;  /* an instrument blank in the same series */
    gboolean blind_review;  /* by another person, before seeing the operator's claim */
} CelGateLimits;

/** cel_gate_default_limits: Returns: 3 replicates, 8 h, 20 exhibits, blank and blind review. */
CelGateLimits cel_gate_default_limits(void);

/** CelGateBlock: one thing that is missing; texts are for people. */
typedef struct {
    const char *id;
    char *en, *zh;
} CelGateBlock;

/** cel_gate_block_free: @block: (nullable) */
void cel_gate_block_free(CelGateBlock *block);

/**
 * cel_gate_release:
 * @fid: of a sealed file
 * Returns: (transfer full) (element-type CelGateBlock): what blocks the release of its result, in a
 *   fixed order; empty: nothing does. NULL with CEL_ERROR_USAGE (no such file in the ledger) or
 *   CEL_ERROR_SYSTEM. The ids: "file", "training-mark", "policy", "exploratory", "acquisitions",
 *   "discarded", "left-out", "replicates", "blank", "opening-check", "closing-check",
 *   "series", "standard", "review", "disagreement", "nonconforming".
 */
GPtrArray *cel_gate_release(CelRegister *reg, const char *fid, const CelGateLimits *limits,
                            GError **error);

/**
 * cel_gate_checks:
 * @fid: of a sealed file
 * @out_opening, @out_closing: (out) (transfer full) (nullable): rows of CEL_ROW_CHECK: the
 *   performance checks of its instrument nearest before its first measurement and after its last
 * Returns: FALSE with the errors of cel_gate_release(); nothing is given then.
 */
gboolean cel_gate_checks(CelRegister *reg, const char *fid, JsonObject **out_opening,
                         JsonObject **out_closing, GError **error);

/** cel_gate_ids: Returns: (transfer full): "a, b": the ids of @blocks. */
char *cel_gate_ids(const GPtrArray *blocks);

G_END_DECLS
