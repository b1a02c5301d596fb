/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-hash.h"

#include <openssl/evp.h>

char *cel_digest_hex(const char *algorithm, const void *data, gsize n)
{
    static const char digits[] = "0123456789abcdef";
    guint8 digest[EVP_MAX_MD_SIZE];
    gsize length = 0;
    g_return_val_if_fail(algorithm != NULL && (data != NULL || n == 0), NULL);
    if (EVP_Q_digest(NULL, algorithm, NULL, data != NULL ? data : "", n, digest, &length) != 1)
        return NULL;
    char *hex = g_malloc(2 * length + 1);
    for (gsize i = 0; i < length; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[2 * length] = '\0';
    return hex;
}
