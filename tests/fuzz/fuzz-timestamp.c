/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "evidence/cel-timestamp.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* Any bytes as a token and as a reply: without roots nothing is proven. */
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GBytes) bytes = g_bytes_new(data, size);
    g_autoptr(GBytes) stamped = g_bytes_new_static("celadon", 7);
    g_auto(CelTimestamp) said = {0};
    g_assert_cmpint(cel_timestamp_judge(bytes, stamped, NULL, &said), !=, CEL_TIMESTAMP_PROVEN);
    g_assert_true(said.authority == NULL || g_utf8_validate(said.authority, -1, NULL));
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) request = cel_timestamp_request(stamped, NULL);
    g_autoptr(GBytes) token = cel_timestamp_accept(bytes, request, &error);
    g_assert_null(token); /* the nonce is new each time */
    g_assert_true(g_error_matches(error, CEL_ERROR, CEL_ERROR_INPUT));
    return 0;
}
