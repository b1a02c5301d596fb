/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-canon.h"
#include "base/cel-error.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* What is accepted as canonical is byte for byte what the writer gives for the value. */
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonNode) node = cel_canon_read((const char *)data, size, &error);
    if (node == NULL) {
        g_assert_true(g_error_matches(error, CEL_ERROR, CEL_ERROR_INPUT));
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
        return 0;
    }
    g_assert_no_error(error);
    g_autofree char *text = cel_canon_write(node, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(strlen(text), ==, size);
    g_assert_cmpint(memcmp(text, data, size), ==, 0);
    return 0;
}
