/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-job.h"
#include "evidence/cel-custody.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/** CelSealed: a sealed file as read back, for reports. Texts from the file, never translated. */
typedef struct CelSealed CelSealed;

/** cel_sealed_open: reads a sealed measurement (in the jail), does not verify. Returns: (transfer
 * full), or NULL with CEL_ERROR_INPUT (not a sealed measurement) or CEL_ERROR_SYSTEM. */
CelSealed *cel_sealed_open(const char *path, CelJob *job, GError **error);

/** cel_sealed_of: @root: (transfer full): a tree that was read already; @path: for messages.
 * Returns: as cel_sealed_open(). */
CelSealed *cel_sealed_of(CelH5Node *root, const char *path, GError **error);

/** cel_sealed_open_object: likewise a sealed thing of @kind, e.g. "calibration". */
CelSealed *cel_sealed_open_object(const char *path, const char *kind, CelJob *job, GError **error);

/** cel_sealed_free: @sealed: (nullable) */
void cel_sealed_free(CelSealed *sealed);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelSealed, cel_sealed_free)

/** cel_sealed_root: Returns: (transfer none): the whole tree. */
const CelH5Node *cel_sealed_root(const CelSealed *sealed);

/** cel_sealed_record: Returns: (transfer none): the custody record's JSON object. */
JsonObject *cel_sealed_record(const CelSealed *sealed);

/** cel_sealed_custody: Returns: (transfer none): what stands outside the manifest. */
const CelCustody *cel_sealed_custody(const CelSealed *sealed);

/** cel_sealed_answer: Returns: (transfer none): the identification as sealed: the object of the
 * command line contract plus "why_zh" (texts), "label_en", "label_zh", "library" and "recipe" (one
 * text each: names, versions and digests). Of another thing: the object that was sealed. */
JsonObject *cel_sealed_answer(const CelSealed *sealed);

/** cel_sealed_is_training: Returns: what the record says; simulated data are always training. */
gboolean cel_sealed_is_training(const CelSealed *sealed);

/** cel_sealed_measurement: @index: replicate from 0. Returns: (nullable) (transfer none): the node
 * to hand to cel_nxraman_read(), NULL past the last one. */
const CelH5Node *cel_sealed_measurement(const CelSealed *sealed, gsize index);
/** cel_sealed_blank: likewise for the blanks. */
const CelH5Node *cel_sealed_blank(const CelSealed *sealed, gsize index);

/** cel_sealed_input: Returns: (nullable) (transfer none): the bytes of the input @name of a sealed
 * thing that is no measurement. */
GBytes *cel_sealed_input(const CelSealed *sealed, const char *name);

G_END_DECLS
