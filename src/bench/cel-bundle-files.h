/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-job.h"

G_BEGIN_DECLS

/* The files of a case bundle, in memory: a folder or a zip file read and written whole. What comes
 * from outside is bounded, and no name can lead out of the bundle. */

enum {
    CEL_BUNDLE_MAX_FILES = 20000,
    CEL_BUNDLE_MAX_NAME = 160, /* characters */
    CEL_BUNDLE_MAX_DEPTH = 3,  /* names between slashes */
};
#define CEL_BUNDLE_MAX_BYTES ((gsize)512 * 1024 * 1024) /* of all files */

/** CelBundleFiles: name -> bytes, names in byte order. One owner. */
typedef struct CelBundleFiles CelBundleFiles;

/** cel_bundle_files_new: Returns: (transfer full): empty. */
CelBundleFiles *cel_bundle_files_new(void);
/** cel_bundle_files_free: @files: (nullable) */
void cel_bundle_files_free(CelBundleFiles *files);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelBundleFiles, cel_bundle_files_free)

/** cel_bundle_name_ok: Returns: TRUE for 1 to CEL_BUNDLE_MAX_DEPTH parts of A-Z a-z 0-9 "." "_" "-"
 * with "/" between, none of which begins with a dot. Thread-safe: yes. */
gboolean cel_bundle_name_ok(const char *name);

/** cel_bundle_put: @bytes: (transfer none). Returns: FALSE with CEL_ERROR_INPUT: a name that is not
 * allowed or there already, too many files, too much. */
gboolean cel_bundle_put(CelBundleFiles *files, const char *name, GBytes *bytes, GError **error);

/** cel_bundle_get: Returns: (transfer none) (nullable): the file @name. */
GBytes *cel_bundle_get(const CelBundleFiles *files, const char *name);

/** cel_bundle_names: Returns: (transfer container) (element-type utf8): all names in byte order. */
GPtrArray *cel_bundle_names(const CelBundleFiles *files);

/**
 * cel_bundle_read:
 * @path: a folder or a zip file, untrusted. The zip is unpacked in the jail; a folder may hold
 *   plain   files and folders only.
 * Returns: (transfer full), or NULL with CEL_ERROR_INPUT (names or sizes out of bounds, a link, not
 *   a bundle), CEL_ERROR_SYSTEM or CEL_ERROR_CANCELLED.
 */
CelBundleFiles *cel_bundle_read(const char *path, CelJob *job, GError **error);

/** cel_bundle_write_folder: @path: must not be there. Written beside it, synced and renamed, so
 * that it is there whole or not at all. Returns: FALSE with CEL_ERROR_POLICY (there is something),
 * CEL_ERROR_SYSTEM or CEL_ERROR_CANCELLED. */
gboolean cel_bundle_write_folder(const CelBundleFiles *files, const char *path, CelJob *job,
                                 GError **error);

/** cel_bundle_write_zip: @path: must not be there. The same files give the same bytes. Returns: as
 * cel_bundle_write_folder(). */
gboolean cel_bundle_write_zip(const CelBundleFiles *files, const char *path, GError **error);

/** cel_bundle_unpack: the zip in @bytes; in a jail, @name for messages. Returns: as
 * cel_bundle_read(). */
CelBundleFiles *cel_bundle_unpack(GBytes *bytes, const char *name, CelJob *job, GError **error);

/** cel_bundle_decode: @block: what the jail gave, or anything at all. Returns: (transfer full), or
 * NULL with CEL_ERROR_INPUT. */
CelBundleFiles *cel_bundle_decode(GBytes *block, GError **error);

G_END_DECLS
