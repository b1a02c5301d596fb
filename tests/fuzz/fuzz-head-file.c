/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "evidence/cel-head-file.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* A head file, and with it any signed statement: what is read keeps its limits. */
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GBytes) bytes = g_bytes_new(data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(CelHeadFile) head = cel_head_file_read(bytes, &error);
    if (head == NULL) {
        g_assert_true(g_error_matches(error, CEL_ERROR, CEL_ERROR_INPUT));
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
        return 0;
    }
    g_assert_no_error(error);
    g_assert_cmpuint(head->is.size, >, 0);
    g_assert_nonnull(head->statement->signer.person);
    g_assert_true(cel_head_file_follows(head, head, NULL));
    for (guint k = 0; k < CEL_N_MERKLE; k++)
        g_assert_cmpuint(head->path[k].n, <=, CEL_MERKLE_MAX_PROOF);
    g_autoptr(CelCountersign) none = cel_countersign_read(bytes, head, NULL);
    g_assert_null(none);
    return 0;
}
