/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "spectrum/cel-response.h"

#include <math.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* A curve that is read can be used everywhere on its range, and writes a text of the same digest.
 * */
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelResponse) r = cel_response_from_text((const char *)data, size, &error);
    if (r == NULL) {
        g_assert_true(g_error_matches(error, CEL_ERROR, CEL_ERROR_INPUT));
        return 0;
    }
    g_assert_no_error(error);
    double factor = 0.0, u = 0.0;
    for (gsize i = 0; i < r->n; i++) {
        g_assert_true(cel_response_at(r, r->shift_cm1[i], &factor, &u));
        g_assert_true(isfinite(factor) && factor > 0.0 && isfinite(u) && u >= 0.0);
    }
    g_autofree char *once = cel_response_to_text(r);
    g_autoptr(CelResponse) again = cel_response_from_text(once, strlen(once), &error);
    g_assert_no_error(error);
    g_autofree char *a = cel_response_sha256(r), *b = cel_response_sha256(again);
    g_assert_cmpstr(a, ==, b);
    return 0;
}
