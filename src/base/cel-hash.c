/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-hash.h"

#include <openssl/evp.h>
#include <string.h>

static const char DIGITS[] = "0123456789abcdef";

char *cel_hex_write(const guint8 *bytes, gsize n)
{
    char *hex = g_malloc(2 * n + 1);
    for (gsize i = 0; i < n; i++) {
        hex[2 * i] = DIGITS[bytes[i] >> 4];
        hex[2 * i + 1] = DIGITS[bytes[i] & 15];
    }
    hex[2 * n] = '\0';
    return hex;
}

gboolean cel_hex_read(const char *text, guint8 *out_bytes, gsize n)
{
    if (text == NULL || strlen(text) != 2 * n || strspn(text, DIGITS) != 2 * n)
        return FALSE;
    for (gsize i = 0; i < n; i++)
        out_bytes[i] = (guint8)(g_ascii_xdigit_value(text[2 * i]) << 4 |
                                g_ascii_xdigit_value(text[2 * i + 1]));
    return TRUE;
}

char *cel_digest_hex(const char *algorithm, const void *data, gsize n)
{
    guint8 digest[EVP_MAX_MD_SIZE];
    gsize length = 0;
    g_return_val_if_fail(algorithm != NULL && (data != NULL || n == 0), NULL);
    if (EVP_Q_digest(NULL, algorithm, NULL, data != NULL ? data : "", n, digest, &length) != 1)
        return NULL;
    return cel_hex_write(digest, length);
}

gboolean cel_digest_parts(const char *algorithm, const CelDigestPart *parts, gsize n_parts,
                          guint8 out[CEL_DIGEST_BYTES])
{
    const EVP_MD *md = EVP_get_digestbyname(algorithm);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    gboolean ok = md != NULL && EVP_MD_get_size(md) == CEL_DIGEST_BYTES && context != NULL &&
                  EVP_DigestInit_ex(context, md, NULL) == 1;
    for (gsize i = 0; ok && i < n_parts; i++)
        ok = EVP_DigestUpdate(context, parts[i].data, parts[i].n) == 1;
    ok = ok && EVP_DigestFinal_ex(context, out, NULL) == 1;
    EVP_MD_CTX_free(context);
    return ok;
}

CelDigestPair cel_digest_pair(const void *data, gsize n)
{
    CelDigestPair pair;
    g_autofree char *sha256 = cel_digest_hex("sha256", data, n);
    g_autofree char *sm3 = cel_digest_hex("sm3", data, n);
    g_strlcpy(pair.sha256, sha256 != NULL ? sha256 : "", sizeof pair.sha256);
    g_strlcpy(pair.sm3, sm3 != NULL ? sm3 : "", sizeof pair.sm3);
    return pair;
}
