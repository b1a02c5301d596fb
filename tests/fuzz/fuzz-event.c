/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-canon.h"
#include "base/cel-error.h"
#include "register/cel-ledger-batch.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void check_refusal(const GError *error)
{
    g_assert_true(g_error_matches(error, CEL_ERROR, CEL_ERROR_INPUT));
    g_assert_true(g_utf8_validate(error->message, -1, NULL));
}

/* What is accepted as an event is canonical: writing its value gives the same bytes. */
static void try_event(GBytes *bytes)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonNode) event = cel_event_read(bytes, &error);
    if (event == NULL) {
        check_refusal(error);
        return;
    }
    g_autofree char *text = cel_canon_write(event, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(strlen(text), ==, g_bytes_get_size(bytes));
    CelAct act;
    g_assert_true(
        cel_act_from_id(json_object_get_string_member(json_node_get_object(event), "act"), &act));
}

/* A line that is accepted is what writing it gives; its signatures may be anything. */
static void try_line(const char *text, gsize n)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelLedgerEntry) entry = cel_entry_read(text, n, &error);
    if (entry == NULL) {
        check_refusal(error);
        return;
    }
    g_autofree char *again = cel_entry_write(entry, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(strlen(again), ==, n);
    g_assert_cmpint(memcmp(again, text, n), ==, 0);
    g_autoptr(JsonNode) event = cel_event_read(entry->record, &error);
    g_assert_no_error(error);
    if (!cel_entry_check(entry, json_node_get_object(event), NULL, &error))
        check_refusal(error);
}

static void try_batch(GBytes *bytes)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelLedgerBatch) batch = cel_ledger_batch_read(bytes, &error);
    if (batch == NULL) {
        check_refusal(error);
        return;
    }
    g_autoptr(GBytes) again = cel_ledger_batch_write(batch, &error);
    g_assert_no_error(error);
    g_assert_true(g_bytes_equal(again, bytes));
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GBytes) bytes = g_bytes_new(data, size);
    try_event(bytes);
    try_line((const char *)data, size);
    try_batch(bytes);
    return 0;
}
