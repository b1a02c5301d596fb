/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-lab.h"
#include "bench/cel-work.h"

G_BEGIN_DECLS

/* Measuring and sealing in a lab: every shot is an event; a seal is begun in the ledger, written
 * and completed there (docs/ledger.md, "A seal, step by step"). */

/** CelLabShot: one acquisition, also one that gave nothing; all borrowed. */
typedef struct {
    const char *case_id, *item_id;     /* (nullable): blanks and checks belong to no exhibit */
    const char *kind;                  /* "replicate", "dark", "instrument-blank", ...; see below */
    const CelMeasurement *measurement; /* (nullable): it was aborted or failed */
    const char *problem;               /* (nullable): then why */
    GBytes *file;                      /* (nullable): the measurement as saved */
    const char *spot;                  /* (nullable): where on the exhibit */
    const char *place, *environment;   /* (nullable): as typed */
    JsonArray *photos;                 /* (nullable): of cel_case_add_photo() */
    const char *serial;                /* (nullable): of an instrument that gave nothing */
    gboolean simulated;                /* likewise */
    const char *session, *note;        /* (nullable): of the work that it belongs to; a remark */
    CelClock clock;
} CelLabShot;

/** cel_shot_kinds: Returns: (transfer none): NULL-ended: "replicate", "dark", "instrument-blank",
 * "packaging-blank", "cleaning-blank", "check", "other". */
const char *const *cel_shot_kinds(void);

/** cel_lab_shot_state: Returns: (transfer none): what came of the shot: "valid", "saturated",
 * "altered" (the sample changed), "no-light" or, without a measurement, "failed". */
const char *cel_lab_shot_state(const CelLabShot *shot);

/** cel_lab_may_shoot: cel_lab_may() of such a shot, before the laser is asked for; @shot: without a
 * measurement. Returns: FALSE with its errors, or CEL_ERROR_USAGE (no such kind). */
gboolean cel_lab_may_shoot(CelLab *lab, const CelLabShot *shot, GError **error);

/** cel_lab_record_shot: keeps the file by its digest, then records the event with its state.
 * Returns: FALSE with the errors of cel_lab_record(). */
gboolean cel_lab_record_shot(CelLab *lab, const CelLabShot *shot, CelLedgerPlace *out_place,
                             GError **error);

/** CelLabSeal: what is sealed; all borrowed. */
typedef struct {
    CelWork *work; /* identified */
    const char *case_id, *item_id;
    GPtrArray *inputs;       /* (element-type utf8): SHA-256 of each replicate's file */
    GPtrArray *blanks;       /* (element-type utf8): of each blank's file */
    const char *exploratory; /* (nullable): why this is not the method's result */
    const char *session;     /* (nullable): of the work that it belongs to */
    gboolean training;       /* a training record is asked for; a training lab seals nothing else */
    CelClock clock;
} CelLabSeal;

/**
 * cel_lab_seal:
 * @out_fid: (transfer full): the file is archive/FID.cel.h5
 * Returns: FALSE with the errors of cel_lab_record() and cel_seal_write(), CEL_ERROR_POLICY for a
 * training record in a lab that is none. A seal that was begun
 *   and failed is on record as not completed; if even that cannot be written, cel_lab_recover()
 *   does it.
 */
gboolean cel_lab_seal(CelLab *lab, const CelLabSeal *seal, char **out_fid, CelJob *job,
                      GError **error);

/** cel_lab_sealed_path: Returns: (transfer full): where the sealed file @fid of this lab stands. */
char *cel_lab_sealed_path(const CelLab *lab, const char *fid);

/** cel_lab_sealed_files: Returns: (transfer full) (element-type filename): where every file that
 * the ledger calls sealed must stand, also one that is missing; NULL with CEL_ERROR_SYSTEM. */
GPtrArray *cel_lab_sealed_files(CelLab *lab, GError **error);

/** CelFileCustody: a sealed file that is looked at. */
typedef struct {
    const char *path, *why; /* @why: (nullable) */
    gboolean intact;        /* out: no line of the verification is contradicted */
} CelFileCustody;

/** cel_lab_add_custody: verifies the sealed file and records what came of it, with the digests of
 * its bytes; the file is not touched. Returns: FALSE with the errors of cel_verify() and
 * cel_lab_record(). */
gboolean cel_lab_add_custody(CelLab *lab, CelFileCustody *custody, CelLedgerPlace *out_place,
                             CelJob *job, GError **error);

/**
 * cel_lab_recover:
 * Completes every seal that was begun and whose file is there and sound; puts the others on record
 * as not completed. Does not touch a seal that another program is just writing.
 * @out_notes: (transfer full) (element-type utf8): one line each, translated
 * Returns: FALSE with the error.
 */
gboolean cel_lab_recover(CelLab *lab, GPtrArray **out_notes, CelJob *job, GError **error);

G_END_DECLS
