/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The custody record: what one person states about one file, in canonical JSON (integers and texts
 * only), so that its bytes can be signed. Reading; it is written by cel-record-write.h. */

enum { CEL_RECORD_VERSION = 1, CEL_FID_LENGTH = 32 };
#define CEL_RECORD_GENESIS "celadon-genesis"

/** cel_fid_new: Returns: (transfer full): 128 random bits as 32 hex digits, or NULL with
 * CEL_ERROR_SYSTEM. */
char *cel_fid_new(GError **error);

/** cel_fid_valid: Returns: TRUE when @fid is 32 lower-case hex digits. */
gboolean cel_fid_valid(const char *fid);

/** cel_record_genesis: @algorithm: "sha256" or "sm3". Returns: (transfer full): what the first
 * record's "prev" must hold: the digest of the text "celadon-genesis" followed by @fid. */
char *cel_record_genesis(const char *algorithm, const char *fid);

/**
 * cel_record_read:
 * @bytes: as stored, untrusted
 * Returns: (transfer full): the record, or NULL with CEL_ERROR_INPUT when it is not canonical, not
 *   of version CEL_RECORD_VERSION, not the first record of its file, or misses a field that the
 *   verification needs. Records of measurements have case, item and outcome; those of other things
 *   have "subject" in their place: kind and id.
 */
JsonNode *cel_record_read(GBytes *bytes, GError **error);

/** cel_record_is_object: Returns: whether @record is of a thing that is no measurement. */
gboolean cel_record_is_object(JsonObject *record);

/** cel_record_member: @path: member names, "/" between. Returns: (nullable) (transfer none): what
 * is there: JSON from a file may hold anything anywhere. */
JsonNode *cel_record_member(JsonObject *record, const char *path);

/** cel_record_text: Returns: (nullable) (transfer none): the text at @path. */
const char *cel_record_text(JsonObject *record, const char *path);

/** cel_record_number: @record: (nullable). Returns: the integer at @path, 0 when there is none. */
gint64 cel_record_number(JsonObject *record, const char *path);

/** cel_record_truth: Returns: the boolean at @path, FALSE when there is none. */
gboolean cel_record_truth(JsonObject *record, const char *path);

G_END_DECLS
