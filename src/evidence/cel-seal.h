/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-keys.h"
#include "h5/cel-nxraman.h"
#include "match/cel-identify.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The measurement file: layer 1 of the custody design. Written once, whole; then only read. */

/** CelSealRequest: everything that goes into one sealed file; all borrowed. */
typedef struct {
    const CelMeasurement *const *measurements; /* replicates, in order; the first is plotted */
    gsize n_measurements;
    const CelMeasurement *const *blanks;       /* instrument or packaging blanks, may be none */
    const char *const *blank_kinds;            /* "instrument", "packaging", ... one a blank */
    gsize n_blanks;
    const CelRecipe *recipe;
    CelIdentification *const *singles;         /* one a measurement, NULL where not evaluated */
    const CelIdentification *answer;           /* combined */
    const CelLibrary *const *libraries;
    gsize n_libraries;
    const char *case_id, *exhibit_id;          /* 1..64 characters */
    const char *operator_id;
    const char *method_id, *method_version, *validation_status;
    GPtrArray *deviations;                     /* texts: missing blanks, missing checks, ... */
    gboolean training;                         /* the only seal of simulated data */
    CelClock clock;
} CelSealRequest;

/**
 * cel_seal_write:
 * @key: the operator's
 * Builds NXraman + /celadon (steps, hits, claim, manifest of SHA-256 and SM3 digests, one custody
 * record signed with SM2 and Ed25519), writes it with mode 0440, reads it back and compares.
 * Returns: FALSE with CEL_ERROR_POLICY (simulated data or training key without @training, or a true
 * key with it), CEL_ERROR_INPUT, CEL_ERROR_SYSTEM; then no file stands at @path.
 */
gboolean cel_seal_write(const CelSealRequest *request, CelKey *key, const char *path, CelJob *job,
                        GError **error);

/** CelSealed: a sealed file as read back, for reports. Texts from the file, never translated. */
typedef struct CelSealed CelSealed;
/** cel_sealed_open: reads (in the jail), does not verify. */
CelSealed *cel_sealed_open(const char *path, CelJob *job, GError **error);
void cel_sealed_free(CelSealed *sealed);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelSealed, cel_sealed_free)

const CelH5Node *cel_sealed_root(const CelSealed *sealed);
/** cel_sealed_record: Returns: (transfer none): the custody record's JSON object. */
JsonObject *cel_sealed_record(const CelSealed *sealed);
/** cel_sealed_answer: Returns: (transfer none): the identification as sealed: the object of the
 * command line contract plus "why_zh", "label_en", "label_zh", "library", "recipe". */
JsonObject *cel_sealed_answer(const CelSealed *sealed);
gboolean cel_sealed_is_training(const CelSealed *sealed);

/** CelVerdictState of one line of the verification. */
typedef enum { CEL_VERDICT_PROVEN, CEL_VERDICT_CONTRADICTED, CEL_VERDICT_NOT_PROVEN } CelVerdictState;

typedef struct {
    const char *id; /* "content", "signature.sm2", "certificate", "time", "ledger", "replay", ... */
    CelVerdictState state;
    char *text_en, *text_zh;
} CelVerdictLine;

/**
 * cel_verify:
 * @path: a sealed file
 * @out_lines: (transfer full) (element-type CelVerdictLine): separate lines, never one tick
 * Verifies the stored bytes, then parses those bytes. Walks the whole file: an object, attribute or
 * link that the manifest does not list is a contradiction.
 * Returns: FALSE with CEL_ERROR_INPUT (not a sealed file) or CEL_ERROR_SYSTEM; contradictions are
 * lines, not errors.
 */
gboolean cel_verify(const char *path, GPtrArray **out_lines, CelJob *job, GError **error);

G_END_DECLS
