/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * cel_digest_hex:
 * @algorithm: "sha256" (FIPS 180-4) or "sm3" (GB/T 32905-2016)
 * @data: (nullable): @n bytes; may be NULL when @n is 0
 * Returns: (transfer full): 64 lower-case hexadecimal digits, as `openssl dgst` prints them; NULL
 *   when OpenSSL does not offer the algorithm. Thread-safe: yes.
 */
char *cel_digest_hex(const char *algorithm, const void *data, gsize n);

G_END_DECLS
