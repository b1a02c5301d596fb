/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-daybook.h"
#include "bench/cel-lab.h"

G_BEGIN_DECLS

/* Checks that count: run with the lab's limits, their recording kept, the outcome in the ledger,
 * whatever it is. */

/** cel_lab_check_limits: Returns: those of the lab's signed profile, else Celadon's own. */
CelCheckLimits cel_lab_check_limits(const CelLab *lab);

/** CelLabCheck: a measured standard; all borrowed. */
typedef struct {
    const CelMeasurement *measurement;
    GBytes *file;                      /* (nullable): it came from, kept by its digest; NULL: it was
                                          just measured and is kept as a file of its own */
    const char *standard, *lot;        /* what was measured; (nullable) lot */
    const CelCalibration *calibration; /* (nullable): judged in place of the measurement's own */
    const char *serial;                /* (nullable): of files that do not name the instrument */
    gboolean closing;                  /* ends a series; else it opens one */
    const char *session;               /* (nullable): of the work that it belongs to */
    CelClock clock;
} CelLabCheck;

/**
 * cel_lab_check:
 * @out_place: (out) (optional): where the event stands
 * A check that cannot be judged (not that standard, unreadable) is an error and no event; one that
 * does not pass is recorded like one that does.
 * Returns: (transfer full): what was found; NULL with the errors of cel_check_run() and
 *   cel_lab_record(), CEL_ERROR_USAGE without an instrument's number.
 */
CelQualification *cel_lab_check(CelLab *lab, const CelLabCheck *check, CelJob *job,
                                CelLedgerPlace *out_place, GError **error);

/** cel_lab_disturb: records that the instrument needs a new check: restarted, dropped, moved by
 * more than 5 degrees C, other fibre or tip. Returns: FALSE with the errors of cel_lab_record(). */
gboolean cel_lab_disturb(CelLab *lab, const char *serial, const char *why, CelClock clock,
                         GError **error);

/** cel_lab_inventory: records the number that the instrument @serial has in the lab's inventory: a
 * court page names it. Returns: FALSE with CEL_ERROR_USAGE (no number) or the errors of
 * cel_lab_record(). */
gboolean cel_lab_inventory(CelLab *lab, const char *serial, const char *asset, CelClock clock,
                           GError **error);

G_END_DECLS
