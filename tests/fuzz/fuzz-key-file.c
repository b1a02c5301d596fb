/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "evidence/cel-key-holder.h"
#include "evidence/cel-trust.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* Key files and certificates without a passphrase: whose they are, their public part, roots. What
 * is read once is read again from its own public part. */
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GBytes) pem = g_bytes_new(data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(CelTrust) trust = cel_trust_new();
    g_auto(CelKeyHolder) holder = {.has_keys = FALSE};
    cel_trust_add_roots(trust, pem, NULL);
    if (!cel_key_holder_read(pem, &holder, &error)) {
        g_assert_true(g_error_matches(error, CEL_ERROR, CEL_ERROR_INPUT));
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
        return 0;
    }
    g_assert_nonnull(holder.about.person);
    g_auto(CelKeyHolder) again = {.has_keys = FALSE};
    g_autoptr(GBytes) sent = cel_key_holder_public(pem, &error);
    g_assert_no_error(error);
    g_assert_true(cel_key_holder_read(sent, &again, &error));
    g_assert_cmpstr(again.about.person, ==, holder.about.person);
    g_assert_false(again.has_keys);
    return 0;
}
