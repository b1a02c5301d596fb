/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-keys.h"
#include "h5/cel-h5.h"

G_BEGIN_DECLS

/* Where things stand in a sealed file: shared by writing, reading and verifying. */

#define CEL_SEAL_MAX_BYTES ((gsize)64 * 1024 * 1024)
#define CEL_PATH_MANIFEST  "/celadon/manifest"
#define CEL_PATH_CUSTODY   "/celadon/custody"
#define CEL_PATH_RECORD    "/celadon/custody/000001"
#define CEL_PATH_ANSWER    "/celadon/answer"
#define CEL_PATH_OBJECT    "/celadon/object"
#define CEL_PATH_RECIPE    "/celadon/recipe"

/** CelCustodyPart: what may stand beside the manifest, outside of it; all u8 of rank 1 so that
 * h5dump writes them out byte for byte. The rows with two signers stand SM2 first. */
typedef enum {
    CEL_PART_RECORD,    /* canonical JSON: what was sealed, by whom */
    CEL_PART_SIGNATURE, /* + CelSigner, over the record */
    CEL_PART_CERTIFICATE = CEL_PART_SIGNATURE + CEL_N_SIGNERS, /* + CelSigner, DER */
    CEL_PART_EVENT = CEL_PART_CERTIFICATE + CEL_N_SIGNERS, /* the ledger's record of this seal */
    CEL_PART_EVENT_SIGNATURE,                              /* + CelSigner, by the same person */
    CEL_PART_PROOF = CEL_PART_EVENT_SIGNATURE + CEL_N_SIGNERS, /* of the event's place */
    CEL_PART_HEAD,                                             /* of the tree the proof leads to */
    CEL_PART_HEAD_SIGNATURE,                                   /* + CelSigner, by the ledger */
    CEL_PART_HEAD_CERTIFICATE = CEL_PART_HEAD_SIGNATURE + CEL_N_SIGNERS, /* + CelSigner */
    CEL_PART_ROOTS = CEL_PART_HEAD_CERTIFICATE + CEL_N_SIGNERS, /* PEM: the lab's, as it says */
    CEL_PART_TOKEN, /* RFC 3161 time stamp over the SM2 signature */
    CEL_N_PARTS,
} CelCustodyPart;

/** cel_custody_part_name: Returns: the name of its dataset, e.g. "sig_sm2". */
const char *cel_custody_part_name(guint part);

/** CelCustody: what stands outside the manifest. */
typedef struct {
    GBytes *parts[CEL_N_PARTS]; /* by CelCustodyPart, NULL where there is none */
} CelCustody;

/** cel_custody_clear: drops the references in @custody. */
void cel_custody_clear(CelCustody *custody);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CelCustody, cel_custody_clear)

/** cel_custody_put: adds /celadon/custody with @custody to @root. */
void cel_custody_put(CelH5Node *root, const CelCustody *custody);

/** cel_custody_get: @out: what is there, NULL where a dataset is missing or not of bytes. */
void cel_custody_get(const CelH5Node *root, CelCustody *out);

/** cel_manifest_put: adds the manifest of all that is in @root now. Returns: (transfer full): its
 * text. */
char *cel_manifest_put(CelH5Node *root);

/** cel_manifest_of: Returns: (transfer full): the manifest of @root without the manifest itself and
 * custody. */
char *cel_manifest_of(const CelH5Node *root);

/** cel_sealed_bytes: Returns: (nullable) (transfer none): the u8 dataset of rank 1 at @path. */
GBytes *cel_sealed_bytes(const CelH5Node *root, const char *path);

/** cel_measurement_group: Returns: (transfer full): where replicate @index (from 0) stands: "/" for
 * the first, then "/replicate_2", ... */
char *cel_measurement_group(gsize index);
/** cel_blank_group: "/blank_1", ... */
char *cel_blank_group(gsize index);

G_END_DECLS
