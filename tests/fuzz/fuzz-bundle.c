/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "bench/cel-bundle.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* What the jail gives for a zip file is as hostile as the zip file: it becomes files with names
 * that stay inside, or a refusal; and what such files say is lines, never a crash. */
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) block = g_bytes_new(data, size);
    g_autoptr(CelBundleFiles) files = cel_bundle_decode(block, &error);
    if (files == NULL) {
        g_assert_true(g_error_matches(error, CEL_ERROR, CEL_ERROR_INPUT));
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
        return 0;
    }
    g_autoptr(GPtrArray) names = cel_bundle_names(files);
    for (guint i = 0; i < names->len; i++)
        g_assert_true(cel_bundle_name_ok(g_ptr_array_index(names, i)));
    g_auto(CelBundleAbout) about = {.size = 0};
    g_autoptr(GPtrArray) lines = NULL;
    if (!cel_bundle_check(files, NULL, &about, &lines, NULL, &error)) {
        g_assert_true(g_error_matches(error, CEL_ERROR, CEL_ERROR_INPUT));
        return 0;
    }
    for (guint i = 0; i < lines->len; i++) {
        const CelVerdictLine *line = g_ptr_array_index(lines, i);
        g_assert_true(g_utf8_validate(line->text_en, -1, NULL));
        g_assert_true(g_utf8_validate(line->text_zh, -1, NULL));
    }
    return 0;
}
