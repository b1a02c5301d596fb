/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-place.h"
#include "evidence/cel-sealed.h"
#include "evidence/cel-verify.h"
#include "h5/cel-nxraman.h"
#include "match/cel-identify.h"

G_BEGIN_DECLS

/* The measurement file: layer 1 of the custody design. Written once, whole; then only read. The
 * layout is described in this folder's README.md. */

enum { CEL_SEAL_MAX_ID = 64, CEL_SEAL_MAX_MEASUREMENTS = 99 };

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
    const char *const *library_states; /* (nullable): cel_library_state_name() of each */
    const char *case_id, *exhibit_id;  /* 1..CEL_SEAL_MAX_ID characters, none a control character */
    const char *operator_id;           /* likewise */
    const char *method_id, *method_version, *validation_status; /* (nullable): "not stated" */
    const char *driver_validation; /* (nullable): how the instrument's driver was tried */
    GPtrArray *deviations;         /* (nullable): texts: missing blanks, missing checks, ... */
    gboolean training;             /* the only seal of simulated data */
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

/* ---- in two steps, for a ledger between them ---- */

/** CelSealDraft: content and manifest are fixed, the record is not signed yet. One owner. */
typedef struct CelSealDraft CelSealDraft;

/** cel_seal_prepare: @request, @key: (borrowed) until the draft is freed. Returns: (transfer full),
 * or NULL with the errors of cel_seal_write(). */
CelSealDraft *cel_seal_prepare(const CelSealRequest *request, CelKey *key, GError **error);

/** cel_seal_draft_free: @draft: (nullable) */
void cel_seal_draft_free(CelSealDraft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelSealDraft, cel_seal_draft_free)

/** cel_seal_draft_fid, cel_seal_draft_manifest: what the ledger's event must name. */
const char *cel_seal_draft_fid(const CelSealDraft *draft);
const CelDigestPair *cel_seal_draft_manifest(const CelSealDraft *draft);

/** CelSealStamp: asks somebody for a time stamp over @signature (the SM2 signature of the record).
 * Returns: (transfer full): the RFC 3161 token in DER, or NULL with the error: then nothing is
 * sealed; return an empty GBytes to seal without one. */
typedef GBytes *(*CelSealStamp)(gpointer data, GBytes *signature, GError **error);

/** CelSealEnd: what the second step needs; all borrowed. */
typedef struct {
    const CelSealPlace *place; /* (nullable): no ledger has a part in it */
    CelSealStamp stamp;        /* (nullable) */
    gpointer stamp_data;
    const char *path; /* must not hold write-protected evidence */
} CelSealEnd;

/** cel_seal_finish: signs, writes, reads back and compares, as cel_seal_write() does. Returns:
 * FALSE with its errors, or CEL_ERROR_USAGE when the place is not this draft's. */
gboolean cel_seal_finish(CelSealDraft *draft, const CelSealEnd *end, CelJob *job, GError **error);

/* ---- other things: calibrations, checks, ... ---- */

/** CelSealInput: bytes as they were taken, e.g. the file a calibration was derived from. */
typedef struct {
    const char *name; /* of the dataset below /celadon/inputs: letters, digits, "_", "-", "." */
    GBytes *bytes;    /* 1 byte or more */
} CelSealInput;

/** CelSealObject: a thing that is no measurement of an exhibit, with what it was made from. */
typedef struct {
    const char *kind;        /* "calibration", "check", ...: small letters and "-", 1..32 */
    const char *id;          /* its own name, 1..CEL_SEAL_MAX_ID characters */
    const char *object_json; /* what is stated: one JSON object, kept byte for byte */
    CelH5Node *content;      /* (nullable) (transfer full): a tree of cel_h5_tree_new() without
                              * "celadon", e.g. the measurements as cel_nxraman_write() gives them;
                              * taken over also when sealing fails */
    const CelSealInput *inputs;
    gsize n_inputs;
    const char *operator_id; /* as in CelSealRequest */
    gboolean simulated;      /* anything that it was made from is */
    gboolean training;       /* the only seal of simulated things */
    CelClock clock;
    const char *fid; /* (nullable), as in CelSealRequest */
} CelSealObject;

/** cel_seal_prepare_object: Returns: as cel_seal_prepare(). Read it with cel_sealed_open_object().
 */
CelSealDraft *cel_seal_prepare_object(const CelSealObject *object, CelKey *key, GError **error);

/** cel_seal_object: both steps without a ledger. Returns: FALSE with the errors of
 * cel_seal_write(). */
gboolean cel_seal_object(const CelSealObject *object, CelKey *key, const char *path, CelJob *job,
                         GError **error);

G_END_DECLS
