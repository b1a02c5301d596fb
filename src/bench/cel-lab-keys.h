/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-lab.h"
#include "evidence/cel-key-holder.h"

G_BEGIN_DECLS

/* Keys as events of a lab: founding it, certifying, revoking, a new profile, another machine's
 * countersignature. What the lab's root signs counts by its signature; the ledger says since when,
 * by whom, and from which position on it counts no more. */

/** CelLabFounding: borrowed. */
typedef struct {
    CelKey *root; /* of the role "lab" */
    CelKey *head; /* the head of the lab, certified under @root: the first event is this person's */
    CelClock clock;
} CelLabFounding;

/**
 * cel_lab_found:
 * @folder: made when it is missing
 * Makes ledger and ca.pem and records the founding.
 * Returns: FALSE with CEL_ERROR_POLICY (there is a lab already; the keys have other roles) or
 *   CEL_ERROR_SYSTEM.
 */
gboolean cel_lab_found(const char *folder, const CelLabFounding *founding, GError **error);

/** CelLabKeyEvent: what happened to whose keys; borrowed. */
typedef struct {
    const char *what;           /* "certified" or "revoked" */
    const CelKeyHolder *holder; /* with the certificates that it is about */
    guint64 from_seq; /* revoked from this position of the ledger on; 0: from this event on */
    const char *why;  /* needed to revoke */
} CelLabKeyEvent;

/** cel_lab_record_key: Returns: FALSE with the errors of cel_lab_record(), CEL_ERROR_USAGE when a
 * revocation has no reason or lies ahead of the ledger. */
gboolean cel_lab_record_key(CelLab *lab, const CelLabKeyEvent *event, const CelLabPerson *second,
                            CelLedgerPlace *out_place, GError **error);

/** CelLabInstall: a profile on its way into force; borrowed. */
typedef struct {
    GBytes *profile; /* what cel_profile_sign() gave */
    const CelLabPerson *second;
    CelClock clock;
} CelLabInstall;

/**
 * cel_lab_install_profile:
 * Checks it against the lab's roots, records it and puts it into the lab's folder; it is in force
 * for whoever opens the lab from then on.
 * Returns: FALSE with the errors of cel_profile_read(), cel_lab_record() or CEL_ERROR_SYSTEM.
 */
gboolean cel_lab_install_profile(CelLab *lab, const CelLabInstall *install,
                                 CelLedgerPlace *out_place, GError **error);

G_END_DECLS
