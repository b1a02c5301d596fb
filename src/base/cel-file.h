/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * cel_file_read:
 * @path: in the file system's encoding
 * @max_bytes: the largest size that is accepted
 * Reads a whole regular file; the size is checked before and after reading.
 * Returns: (transfer full): the bytes, or NULL with CEL_ERROR_INPUT (missing, empty, too large,
 * not a
 *   file) or CEL_ERROR_SYSTEM (cannot be read). Thread-safe: yes.
 */
GBytes *cel_file_read(const char *path, gsize max_bytes, GError **error);

/** CelFileMemory: Returns: (nullable): room for @n bytes, or NULL with errno. */
typedef guint8 *(*CelFileMemory)(gsize n, gpointer user_data);

/** cel_file_read_into: as cel_file_read(), into memory that @memory gives once the size is known
 * and checked. Returns: FALSE with the errors of cel_file_read(). */
gboolean cel_file_read_into(const char *path, gsize max_bytes, CelFileMemory memory,
                            gpointer user_data, GError **error);

/**
 * cel_file_write:
 * @path: where the file shall stand
 * @bytes: its whole content
 * @mode: permission bits, e.g. 0644; 0440 for evidence
 * Writes to a nameless (else hidden) temporary beside @path, syncs it, renames it into place and
 * syncs the folder: after a crash @path holds the old content or the new one, never a part.
 * An existing file is replaced unless it is read-only evidence (mode without any write bit);
 * folders, devices and pipes never are.
 * Returns: FALSE with CEL_ERROR_SYSTEM (disk full, no permission, no file) or CEL_ERROR_POLICY
 *   (@path holds write-protected evidence). Thread-safe: yes.
 */
gboolean cel_file_write(const char *path, GBytes *bytes, guint mode, GError **error);

/** cel_file_create: as cel_file_write(), but never replaces anything: with CEL_ERROR_POLICY when
 * @path is there, even if it came there meanwhile. Thread-safe: yes. */
gboolean cel_file_create(const char *path, GBytes *bytes, guint mode, GError **error);

/** cel_file_adopt: @temporary: a closed file in the same folder, made by somebody who cannot write
 * into memory (a database). Syncs it and gives it the name @path with @mode, as cel_file_create()
 * does: never in the place of something. On failure @temporary is left to the caller.
 * Thread-safe: yes. */
gboolean cel_file_adopt(const char *temporary, const char *path, guint mode, GError **error);

/** cel_file_may_be_written: whether cel_file_write() may be expected to succeed at @path, for work
 * that is dear: nothing is written. Returns: FALSE with its errors. Thread-safe: yes. */
gboolean cel_file_may_be_written(const char *path, GError **error);

/** cel_file_why: Returns: (transfer none): what the error @number of the system means, translated;
 * of the usual ones also what to do. Thread-safe: yes. */
const char *cel_file_why(int number);

/** cel_file_sync_folder: makes the names in @folder durable. Returns: FALSE with CEL_ERROR_SYSTEM.
 * Thread-safe: yes. */
gboolean cel_file_sync_folder(const char *folder, GError **error);

/** cel_file_same: Returns: TRUE when both paths lead to one existing file, by whatever name or
 * link. Thread-safe: yes. */
gboolean cel_file_same(const char *a, const char *b);

G_END_DECLS
