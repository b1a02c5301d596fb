/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-clock.h"
#include "evidence/cel-keys.h"
#include "h5/cel-nxraman.h"
#include "match/cel-identify.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The measurement file: layer 1 of the custody design. Written once, whole; then only read. The
 * layout is described in this folder's README.md. */

enum { CEL_SEAL_MAX_ID = 64, CEL_SEAL_MAX_MEASUREMENTS = 99 };
#define CEL_SEAL_MAX_BYTES ((gsize)64 * 1024 * 1024)

/** CelSealRequest: everything that goes into one sealed file; all borrowed. */
typedef struct {
    const CelMeasurement *const *measurements; /* replicates, in order; the first is plotted */
    gsize n_measurements;                      /* 1..CEL_SEAL_MAX_MEASUREMENTS */
    const CelMeasurement *const *blanks;       /* instrument or packaging blanks, may be none */
    const char *const *blank_kinds;            /* "instrument", "packaging", ... one a blank */
    gsize n_blanks;
    const CelRecipe *recipe;
    GPtrArray *const *stages; /* (nullable): one a measurement: (element-type CelSpectrum) the
                               * result of every step of @recipe, NULL where not evaluated */
    CelIdentification *const *singles; /* one a measurement, NULL where not evaluated */
    const CelIdentification *answer;   /* combined */
    const char *answer_json;           /* @answer as cel_identification_to_json() gives it */
    const char *const *single_jsons;   /* likewise for @singles, NULL where not evaluated */
    const CelLibrary *const *libraries;
    gsize n_libraries;
    const char *case_id, *exhibit_id;  /* 1..CEL_SEAL_MAX_ID characters, none a control character */
    const char *operator_id;           /* likewise */
    const char *method_id, *method_version, *validation_status; /* (nullable): "not stated" */
    const char *driver_validation;     /* (nullable): how the instrument's driver was tried */
    GPtrArray *deviations;             /* (nullable): texts: missing blanks, missing checks, ... */
    gboolean training;                 /* the only seal of simulated data */
    CelClock clock;
    const char *fid; /* (nullable): 32 hex digits in place of random ones, for reproducible tests */
} CelSealRequest;

/**
 * cel_seal_write:
 * @key: the operator's
 * @path: must not hold write-protected evidence
 * Builds NXraman + /celadon (steps, hits, claim, manifest of SHA-256 and SM3 digests, one custody
 * record signed with SM2 and Ed25519), writes it with mode 0440, reads it back and compares. With a
 * fixed clock and @fid the same request gives the same bytes except sig_sm2, which is randomised.
 * Returns: FALSE with CEL_ERROR_POLICY (simulated data or training key without @training, or a true
 * key with it), CEL_ERROR_USAGE (an id or a list is not as described), CEL_ERROR_INPUT,
 * CEL_ERROR_SYSTEM, CEL_ERROR_CANCELLED; then no new file stands at @path.
 */
gboolean cel_seal_write(const CelSealRequest *request, CelKey *key, const char *path, CelJob *job,
                        GError **error);

/** CelSealed: a sealed file as read back, for reports. Texts from the file, never translated. */
typedef struct CelSealed CelSealed;

/** cel_sealed_open: reads (in the jail), does not verify. Returns: (transfer full), or NULL with
 * CEL_ERROR_INPUT (not a sealed file) or CEL_ERROR_SYSTEM. */
CelSealed *cel_sealed_open(const char *path, CelJob *job, GError **error);

/** cel_sealed_free: @sealed: (nullable) */
void cel_sealed_free(CelSealed *sealed);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelSealed, cel_sealed_free)

/** cel_sealed_root: Returns: (transfer none): the whole tree. */
const CelH5Node *cel_sealed_root(const CelSealed *sealed);

/** cel_sealed_record: Returns: (transfer none): the custody record's JSON object. */
JsonObject *cel_sealed_record(const CelSealed *sealed);

/** cel_sealed_answer: Returns: (transfer none): the identification as sealed: the object of the
 * command line contract plus "why_zh" (texts), "label_en", "label_zh", "library" and "recipe" (one
 * text each: names, versions and digests). */
JsonObject *cel_sealed_answer(const CelSealed *sealed);

/** cel_sealed_is_training: Returns: what the record says; simulated data are always training. */
gboolean cel_sealed_is_training(const CelSealed *sealed);

/** cel_sealed_measurement: @index: replicate from 0. Returns: (nullable) (transfer none): the node
 * to hand to cel_nxraman_read(), NULL past the last one. */
const CelH5Node *cel_sealed_measurement(const CelSealed *sealed, gsize index);
/** cel_sealed_blank: likewise for the blanks. */
const CelH5Node *cel_sealed_blank(const CelSealed *sealed, gsize index);

/** CelVerdictState of one line of the verification. */
typedef enum {
    CEL_VERDICT_PROVEN,
    CEL_VERDICT_CONTRADICTED,
    CEL_VERDICT_NOT_PROVEN,
} CelVerdictState;

/** CelVerdictLine: one separate statement. The ids, in the order of the lines: "structure",
 * "content.sha256", "content.sm3", "unlisted", "manifest", "record", "signature.sm2",
 * "signature.ed25519", "certificate", "training" (training records only), "time", "ledger",
 * "replay". */
typedef struct {
    const char *id;
    CelVerdictState state;
    char *text_en, *text_zh;
} CelVerdictLine;

/** cel_verdict_line_free: @line: (nullable) */
void cel_verdict_line_free(CelVerdictLine *line);

/** cel_verdict_any_contradicted: @lines: (element-type CelVerdictLine). Returns: TRUE when one line
 * is contradicted: the file is not what was sealed. */
gboolean cel_verdict_any_contradicted(const GPtrArray *lines);

/** cel_verdict_state_name: Returns: "proven", "contradicted" or "not-proven". */
const char *cel_verdict_state_name(CelVerdictState state);

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
