/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-lab.h"
#include "match/cel-record-card.h"

G_BEGIN_DECLS

/*
 * The laboratory's records of known specimens in its ledger. They stand in LAB/validation.tsv, and
 * under their digest in papers/; the ledger's event "validation" names that digest. Only what the
 * newest such event names counts on an error-rate card.
 */

/** cel_lab_records_path: Returns: (transfer full): where records of the lab in @folder stand. */
char *cel_lab_records_path(const char *folder);

/**
 * cel_lab_vouch:
 * Looks the digest of @records up in the ledger and lets them count when it is the one that the
 * newest event "validation" names, unless that event was corrected or signed with a key that was
 * taken back from before it on.
 * Returns: FALSE with CEL_ERROR_SYSTEM, or CEL_ERROR_INPUT when that event is damaged; that the
 *   ledger does not know them is no error.
 */
gboolean cel_lab_vouch(CelLab *lab, CelRecords *records, GError **error);

/** CelLabValidation: what is recorded; borrowed. */
typedef struct {
    GBytes *records;  /* as cel_validation_records() writes them */
    const char *name; /* of their file, for messages */
    const char *why, *policy;
    char *libraries, *thresholds; /* as cel_record_libraries(), cel_record_thresholds() */
} CelLabValidation;

/**
 * cel_lab_record_validation:
 * @second: the person who agrees
 * Keeps the records, appends the event and puts them in the place where the lab's bench reads them.
 * Returns: FALSE with CEL_ERROR_INPUT (they are none), CEL_ERROR_POLICY (rights), CEL_ERROR_SYSTEM.
 */
gboolean cel_lab_record_validation(CelLab *lab, const CelLabValidation *validation,
                                   const CelLabPerson *second, CelLedgerPlace *out_place,
                                   GError **error);

G_END_DECLS
