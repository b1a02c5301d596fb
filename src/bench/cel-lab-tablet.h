/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-lab.h"

G_BEGIN_DECLS

/* A tablet without a network keeps a lab's folder of its own, under the same root; back in the
 * house its events come into the lab's ledger. And the ledger that was lost. */

/**
 * cel_lab_take_over:
 * @batch: untrusted: what `celadon lab hand-in` wrote on the tablet
 * Returns: (transfer full): the receipt for the tablet, or NULL with the errors of
 *   cel_ledger_take_over(); CEL_ERROR_POLICY also without the ledger's key (the receipt needs its
 *   signature) or without the right.
 */
GBytes *cel_lab_take_over(CelLab *lab, GBytes *batch, GError **error);

/** cel_lab_restore: puts the backup @backup at the place of @folder's ledger, which must be gone;
 * see cel_ledger_restore(). @out_problems: (transfer full): set when it is not sound. Returns:
 * FALSE with its errors. */
gboolean cel_lab_restore(const char *folder, const char *backup, GPtrArray **out_problems,
                         CelJob *job, GError **error);

G_END_DECLS
