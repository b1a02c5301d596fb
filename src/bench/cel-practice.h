/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-clock.h"
#include "base/cel-job.h"

G_BEGIN_DECLS

/* A lab to practise in: a training root, one person of each role, a ledger key, a signed profile
 * and the simulated instruments in its inventory: what a court page names. Nothing in it can become
 * evidence; whoever has the folder is everybody in it. */

/** CelPractice: borrowed. */
typedef struct {
    const char *folder;     /* must not be there, or be empty */
    const char *passphrase; /* of every key, at least CEL_KEY_MIN_PASSPHRASE bytes */
    CelClock clock;
} CelPractice;

/**
 * cel_practice_found:
 * Makes the lab in @practice->folder: root.key, people/officer.key, technician.key, reviewer.key,
 * head.key, ledger.key. Takes seconds (scrypt).
 * Returns: FALSE with CEL_ERROR_POLICY (there is something already), CEL_ERROR_USAGE (passphrase),
 *   CEL_ERROR_SYSTEM or CEL_ERROR_CANCELLED.
 */
gboolean cel_practice_found(const CelPractice *practice, CelJob *job, GError **error);

G_END_DECLS
