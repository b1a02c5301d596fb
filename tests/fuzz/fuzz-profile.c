/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "evidence/cel-profile.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* Any bytes are a draft that could be signed, or an input error; none of them is a signed profile,
 * because nobody is trusted. */
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GBytes) bytes = g_bytes_new(data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(GError) unsigned_error = NULL;
    if (!cel_profile_check_draft(bytes, &error)) {
        g_assert_true(g_error_matches(error, CEL_ERROR, CEL_ERROR_INPUT));
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
    }
    g_assert_null(cel_profile_read(bytes, NULL, &unsigned_error));
    g_assert_true(unsigned_error->domain == CEL_ERROR);
    g_assert_true(g_utf8_validate(unsigned_error->message, -1, NULL));
    return 0;
}
