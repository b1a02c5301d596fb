/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "match/cel-record-card.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* Records that are taken give counts that add up; others say why in plain words. */
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new(data, size);
    g_autoptr(CelRecords) records = cel_records_read(bytes, "records.tsv", &error);
    if (records == NULL) {
        g_assert_true(g_error_matches(error, CEL_ERROR, CEL_ERROR_INPUT));
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
        return 0;
    }
    const CelRecordDomain domain = {.policy = "evidence",
                                    .libraries = "L",
                                    .thresholds = "T",
                                    .laser_nm = 785,
                                    .instrument = "m",
                                    .condition = "",
                                    .class_id = "polymer"};
    cel_records_vouch(records, 1);
    g_autoptr(CelRates) rates = cel_records_rates(records, &domain);
    g_autofree char *en = cel_rates_text(rates, FALSE), *zh = cel_rates_text(rates, TRUE);
    g_assert_cmpuint(rates->right + rates->wrong + rates->silent, ==, rates->n);
    g_assert_true(g_utf8_validate(en, -1, NULL) && g_utf8_validate(zh, -1, NULL));
    return 0;
}
