/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "evidence/cel-library-sign.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* The file beside a library: what is read keeps its limits and names whole digests. */
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GBytes) bytes = g_bytes_new(data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(CelLibrarySignature) signature = cel_library_signature_read(bytes, &error);
    if (signature == NULL) {
        g_assert_true(g_error_matches(error, CEL_ERROR, CEL_ERROR_INPUT));
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
        return 0;
    }
    g_assert_no_error(error);
    g_assert_nonnull(signature->statement->signer.person);
    g_assert_cmpuint(strlen(signature->sha256), ==, 64);
    g_assert_cmpuint(strlen(signature->file_sha256), ==, 64);
    g_assert_cmpuint(strlen(signature->file_sm3), ==, 64);
    g_assert_true((signature->previous_sha256 == NULL) == (signature->previous_version == NULL));
    g_assert_cmpint(signature->wall_us, >, 0);
    g_assert_cmpint(cel_statement_judge(signature->statement, NULL, 0, 0), !=, CEL_TRUST_VOUCHED);
    return 0;
}
