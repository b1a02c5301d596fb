/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "bench/cel-journal.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* The journal of an open sample: what is read is whole, and read again it is the same. */
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GBytes) bytes = g_bytes_new(data, size);
    g_autoptr(GError) error = NULL;
    g_auto(CelJournalText) text = {0}, again = {0};
    if (!cel_journal_read(bytes, &text, &error)) {
        g_assert_true(g_error_matches(error, CEL_ERROR, CEL_ERROR_INPUT));
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
        return 0;
    }
    g_assert_cmpuint(text.sound, <=, size);
    g_assert_cmpuint(text.acts->len, <=, CEL_JOURNAL_MAX_ACTS);
    g_assert_true(text.torn == (text.sound < size));
    g_autoptr(GBytes) sound = g_bytes_new(data, text.sound);
    g_assert_true(cel_journal_read(sound, &again, &error));
    g_assert_no_error(error);
    g_assert_false(again.torn);
    g_assert_cmpuint(again.acts->len, ==, text.acts->len);
    g_assert_cmpstr(again.sum, ==, text.sum);
    return 0;
}
