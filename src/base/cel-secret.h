/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Passphrases and PINs: kept in memory that is not swapped out, not dumped, not inherited by child
 * processes, and wiped when it is given back. */

enum { CEL_SECRET_MAX = 1024 }; /* bytes of a secret, its ending zero counted */

/**
 * cel_secret_new:
 * Returns: (transfer full): CEL_SECRET_MAX zero bytes, to be given back with cel_secret_free().
 *   Locked where the system's limit allows (RLIMIT_MEMLOCK, usually 8 MiB for a user); where it
 *   does not, all but the locking holds. Ends the program when there is no memory, as g_malloc().
 */
char *cel_secret_new(void);

/** cel_secret_free: @secret: (nullable): wipes it. */
void cel_secret_free(char *secret);

/** CelSecret: char * that is given back at the end of its block. */
#define CEL_AUTO_SECRET __attribute__((cleanup(cel_secret_cleanup))) char *
/** cel_secret_cleanup: for CEL_AUTO_SECRET. */
void cel_secret_cleanup(char **secret);

/**
 * cel_secret_read_line:
 * @fd: read byte by byte up to the end of its first line, so that nothing of the secret stays in a
 *   buffer and nothing behind it is taken
 * @secret: of cel_secret_new(); gets the line without its end
 * Returns: FALSE with CEL_ERROR_INPUT (longer than CEL_SECRET_MAX - 1, or not UTF-8) or
 *   CEL_ERROR_SYSTEM; then @secret is empty.
 */
gboolean cel_secret_read_line(int fd, char *secret, GError **error);

/** cel_secret_read_file: cel_secret_read_line() of the file @path. */
gboolean cel_secret_read_file(const char *path, char *secret, GError **error);

/** cel_secret_no_dumps: from then on this process leaves no core dump and no other process of the
 * user may read its memory; to be called first in every program that handles keys. What it starts
 * inherits the limit. */
void cel_secret_no_dumps(void);

G_END_DECLS
