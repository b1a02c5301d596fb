/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "match/cel-library.h"

#include <math.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void check_substance(const CelSubstance *substance)
{
    g_assert_cmpstr(substance->id, !=, "");
    g_assert_true(g_utf8_validate(substance->name_zh, -1, NULL));
    g_assert_cmpuint(substance->n_bands, <=, CEL_LIBRARY_MAX_BANDS);
    for (gsize i = 0; i < substance->n_bands; i++) {
        g_assert_true(isfinite(substance->bands[i].shift_cm1));
        g_assert_true(isfinite(substance->bands[i].rel_intensity));
    }
}

/* Any text becomes a substance that the library can hold, or an error that names its line. */
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("fuzz", "1");
    g_autoptr(GError) error = NULL;
    if (!cel_library_builder_add_text(builder, text, "fuzz.substance", &error)) {
        g_assert_true(g_error_matches(error, CEL_ERROR, CEL_ERROR_INPUT));
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
        return 0;
    }
    g_assert_no_error(error);
    g_autoptr(CelLibrary) library = cel_library_builder_finish(builder, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(cel_library_size(library), ==, 1);
    check_substance(cel_library_substance(library, 0));
    return 0;
}
