/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-bench.h"
#include "evidence/cel-seal.h"

G_BEGIN_DECLS

/* The method that results are sealed under; who may apply it says the lab's profile. */
#define CEL_WORK_METHOD_ID      "celadon-screening"
#define CEL_WORK_METHOD_VERSION "1"

/** CelWork: the work on one exhibit: its replicates and blanks, the combined answer, the seal. */
typedef struct CelWork CelWork;

/** cel_work_new: @bench: (borrowed), must outlive the work. Returns: (transfer full). */
CelWork *cel_work_new(const CelBench *bench);

/** cel_work_ref: Returns: (transfer full): @work, kept until one more cel_work_free(). Once
 * identified it does not change any more and may be read by any thread. */
CelWork *cel_work_ref(CelWork *work);

/** cel_work_free: @work: (nullable): gives one reference back. Thread-safe: yes. */
void cel_work_free(CelWork *work);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelWork, cel_work_free)

/** cel_work_add: @measurement: (transfer full): one planned replicate, in the order taken. */
void cel_work_add(CelWork *work, CelMeasurement *measurement);

/** cel_work_add_failure: a planned replicate gave no measurement (the instrument failed or left,
 * the operator stopped it): it counts as planned and is listed with @reason. The work stays open,
 * also while the instrument is connected again. */
void cel_work_add_failure(CelWork *work, const char *reason);

/** CelBlankKind: what a blank is of. */
typedef enum {
    CEL_BLANK_INSTRUMENT, /* empty holder, open air */
    CEL_BLANK_PACKAGING,  /* the bag or substrate alone */
    CEL_BLANK_CLEANING,   /* after a strong sample */
    CEL_N_BLANKS,
} CelBlankKind;

/** cel_blank_kind_name: Returns: "instrument", "packaging" or "cleaning". */
const char *cel_blank_kind_name(CelBlankKind kind);

/** cel_work_add_blank: @measurement: (transfer full) */
void cel_work_add_blank(CelWork *work, CelBlankKind kind, CelMeasurement *measurement);

/** cel_work_measure_through: the replicates were measured through what the packaging blanks are of:
 * these may explain part of each (cel_bench_identify_through()). The sealed answer says so. */
void cel_work_measure_through(CelWork *work);

/**
 * cel_work_identify:
 * Identifies every replicate, applies the rule of replicates, then the rule of blanks: a band of
 * the claimed substance in a blank caps the outcome at inconclusive. Lists the deviations from the
 * method (missing blanks, checks, replicates).
 * Returns: FALSE with the error when no replicate can be evaluated or the job is cancelled.
 */
gboolean cel_work_identify(CelWork *work, CelJob *job, GError **error);

/** cel_work_bench: Returns: (transfer none): what identifies it. */
const CelBench *cel_work_bench(const CelWork *work);

/** cel_work_measurement: @index: a replicate from 0, in the order added. Returns: (transfer none)
 * (nullable): NULL past the last one. */
const CelMeasurement *cel_work_measurement(const CelWork *work, guint index);

/** cel_work_answer: Returns: (transfer none) (nullable): the combined answer once identified. */
const CelIdentification *cel_work_answer(const CelWork *work);

/** cel_work_recalculate: "try to break it" on the replicate whose hits the answer carries. @runs:
 * 0: CEL_STABILITY_RUNS. Returns: (transfer full): its own answer with its stability; NULL with the
 * errors of cel_bench_identify_through(), CEL_ERROR_USAGE before it is identified. Does not
 * change @work; thread-safe while nobody else does. */
CelIdentification *cel_work_recalculate(const CelWork *work, guint runs, CelJob *job,
                                        GError **error);

/** CelDeviation: a departure from the method, printed on every paper. */
typedef struct {
    const char *id;
    const char *en, *zh;
} CelDeviation;

/** cel_work_deviations: Returns: (transfer none) (element-type CelDeviation): in a fixed order. */
const GPtrArray *cel_work_deviations(const CelWork *work);

/** CelWorkSeal: who seals what; all borrowed. */
typedef struct {
    const char *case_id, *exhibit_id;
    const char *operator_id; /* (nullable): number in the lab; NULL: the name in the key */
    gboolean training;       /* asks for a training record; the only seal of simulated data */
    CelClock clock;
} CelWorkSeal;

/**
 * cel_work_seal:
 * @key: the operator's
 * Seals the identified work. Simulated data without @training, a training key without it and a
 * true key with it are refused.
 * Returns: FALSE with CEL_ERROR_POLICY, CEL_ERROR_INPUT, CEL_ERROR_SYSTEM; then no file is at
 * @path.
 */
gboolean cel_work_seal(CelWork *work, const CelWorkSeal *seal, CelKey *key, const char *path,
                       CelJob *job, GError **error);

/**
 * cel_work_tree:
 * @person: the operator's name
 * What cel_work_seal() would seal, without manifest and custody: for comparing a sealed file with
 * what its own raw data give. Returns: (transfer full), or NULL with the errors of cel_work_seal().
 */
CelH5Node *cel_work_tree(CelWork *work, const CelWorkSeal *seal, const char *person, CelJob *job,
                         GError **error);

/* ---- in two steps, for a ledger between them ---- */

/** CelWorkDraft: the work ready to be sealed. */
typedef struct CelWorkDraft CelWorkDraft;

/** cel_work_prepare: @work and @key must outlive the draft, also what @seal names. Returns:
 * (transfer full), or NULL with the errors of cel_work_seal(). */
CelWorkDraft *cel_work_prepare(CelWork *work, const CelWorkSeal *seal, CelKey *key, CelJob *job,
                               GError **error);
/** cel_work_draft_free: @draft: (nullable) */
void cel_work_draft_free(CelWorkDraft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelWorkDraft, cel_work_draft_free)

/** cel_work_draft_seal: Returns: (transfer none): for cel_seal_finish(). */
CelSealDraft *cel_work_draft_seal(CelWorkDraft *draft);
/** cel_work_draft_facts: Returns: (transfer full): what the ledger's event of the seal says of the
 * work: outcome, claim, policy, replicates, method, instrument, deviations. */
JsonObject *cel_work_draft_facts(const CelWorkDraft *draft);

/** cel_instrument_facts: Returns: (transfer full): serial, model, vendor, firmware (left out where
 * not known) and simulated, for an event's data. */
JsonObject *cel_instrument_facts(const CelMeasurement *measurement);

G_END_DECLS
