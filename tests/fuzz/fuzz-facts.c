/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "report/cel-report-items.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* Facts that are taken can be asked for every item; facts that are not say why in plain words. */
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new(data, size);
    g_autoptr(JsonObject) facts = cel_report_facts_read(bytes, &error);
    g_autoptr(JsonObject) record = json_object_new();
    gsize n = 0;
    if (facts == NULL) {
        g_assert_true(g_error_matches(error, CEL_ERROR, CEL_ERROR_INPUT));
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
        return 0;
    }
    g_assert_no_error(error);
    const CelReportItem *items = cel_report_items(&n);
    for (gsize i = 0; i < n; i++) {
        g_autofree char *en = cel_report_fact(facts, items[i].id, FALSE);
        g_autofree char *zh = cel_report_fact(facts, items[i].id, TRUE);
        g_assert_true((en == NULL) == (zh == NULL));
    }
    /* the empty record lacks its case, so there is always something to name */
    g_assert_false(cel_report_facts_allow_court(facts, record, TRUE, &error));
    g_assert_true(g_error_matches(error, CEL_ERROR, CEL_ERROR_POLICY));
    return 0;
}
