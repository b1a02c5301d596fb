/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-seal.h"

G_BEGIN_DECLS

/* Where things stand in a sealed file: shared by writing, reading and verifying. */

#define CEL_PATH_MANIFEST "/celadon/manifest"
#define CEL_PATH_CUSTODY  "/celadon/custody"
#define CEL_PATH_RECORD   "/celadon/custody/000001"
#define CEL_PATH_ANSWER   "/celadon/answer"
#define CEL_PATH_RECIPE   "/celadon/recipe"

/** CelCustody: what stands outside the manifest. */
typedef struct {
    GBytes *record;
    GBytes *signatures[CEL_N_SIGNERS], *certificates[CEL_N_SIGNERS];
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

/**
 * cel_seal_tree:
 * @person: the operator's name; @fid: of the file
 * Returns: (transfer full): all of the sealed file but manifest and custody, or NULL with
 *   CEL_ERROR_INPUT or CEL_ERROR_UNIT from the measurements.
 */
CelH5Node *cel_seal_tree(const CelSealRequest *request, const char *person, const char *fid,
                         GError **error);

/** cel_seal_answer: Returns: (transfer full): @request's answer_json with the members that
 * cel_sealed_answer() promises, or NULL with CEL_ERROR_INPUT when it is not a JSON object. */
char *cel_seal_answer(const CelSealRequest *request, GError **error);

G_END_DECLS
