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

enum { CEL_DIGEST_BYTES = 32 }; /* of SHA-256 and of SM3 */

/** CelDigestPart: some of the bytes that are digested, borrowed. */
typedef struct {
    const void *data;
    gsize n;
} CelDigestPart;

/**
 * cel_digest_parts:
 * @algorithm: "sha256" or "sm3"
 * @out: (out): the digest of all @n_parts parts, one behind the other
 * Returns: FALSE when OpenSSL does not offer the algorithm. Thread-safe: yes.
 */
gboolean cel_digest_parts(const char *algorithm, const CelDigestPart *parts, gsize n_parts,
                          guint8 out[CEL_DIGEST_BYTES]);

/** cel_hex_write: Returns: (transfer full): @n bytes as 2 @n lower-case hexadecimal digits. */
char *cel_hex_write(const guint8 *bytes, gsize n);

/** cel_hex_read: Returns: FALSE unless @text is exactly 2 @n lower-case hexadecimal digits. */
gboolean cel_hex_read(const char *text, guint8 *out_bytes, gsize n);

/** CelDigestPair: hex digits, both or neither. */
typedef struct {
    char sha256[65], sm3[65];
} CelDigestPair;

/** cel_digest_pair: Returns: both digests of @n bytes at @data. */
CelDigestPair cel_digest_pair(const void *data, gsize n);

G_END_DECLS
