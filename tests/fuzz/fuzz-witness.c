/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "evidence/cel-record.h"
#include "evidence/cel-witness.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* What a verification reads besides HDF5: proofs, heads, witnesses and records. What is accepted is
 * byte for byte what the writer gives. */
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GBytes) bytes = g_bytes_new(data, size);
    g_autoptr(GError) error = NULL;
    CelProof proof = {.seq = 0};
    CelHead head = {.size = 0};
    g_autoptr(CelWitness) witness = cel_witness_read(bytes, &error);
    g_assert_true(witness != NULL || g_error_matches(error, CEL_ERROR, CEL_ERROR_INPUT));
    if (witness != NULL) {
        g_autoptr(GBytes) again = cel_witness_write(witness);
        g_assert_true(again != NULL && g_bytes_equal(again, bytes));
    }
    if (cel_proof_read(bytes, &proof, NULL)) {
        g_autoptr(GBytes) again = cel_proof_write(&proof);
        g_assert_true(g_bytes_equal(again, bytes));
        cel_proof_holds(&proof, bytes);
    }
    if (cel_head_read(bytes, &head, NULL))
        g_assert_cmpuint(head.size, >, 0);
    g_autoptr(JsonNode) record = cel_record_read(bytes, NULL);
    if (record != NULL)
        g_assert_true(cel_fid_valid(cel_record_text(json_node_get_object(record), "fid")));
    return 0;
}
