/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "match/cel-library-private.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define HEAD                                                                                       \
    "id: pe\nname_en: Polyethylene\nname_zh: 聚乙烯\nclass: polymer\nfield: water\n"
#define GOOD                                                                                       \
    "# reviewed\n" HEAD "lookalikes: eva beeswax\nceiling: substance\nusable: yes\n\nbands:\n"      \
    "1062.5 | 61 | 9.7 | 785 | measured | C-C stretch | set/pe.csv\n"                              \
    "1129.2 | 67 | - | - | recalled | | from memory\n"

static gboolean add(CelLibraryBuilder *builder, const char *text, GError **error)
{
    return cel_library_builder_add_text(builder, text, "pe.substance", error);
}

static void text_becomes_a_substance(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("lib", "1");
    g_assert_true(add(builder, GOOD, &error));
    g_assert_no_error(error);
    g_autoptr(CelLibrary) library = cel_library_builder_finish(builder, &error);
    g_assert_no_error(error);
    const CelSubstance *s = cel_library_find(library, "pe");
    g_assert_nonnull(s);
    g_assert_true(s == cel_library_substance(library, 0));
    g_assert_cmpstr(s->name_zh, ==, "聚乙烯");
    g_assert_cmpstr(s->cas, ==, "");
    g_assert_cmpstr(s->library, ==, "lib");
    g_assert_cmpstr(s->lookalikes[1], ==, "beeswax");
    g_assert_null(s->lookalikes[2]);
    g_assert_cmpuint(s->n_bands, ==, 2);
    g_assert_cmpfloat_with_epsilon(s->bands[0].shift_cm1, 1062.5, 1e-12);
    g_assert_cmpfloat_with_epsilon(s->bands[0].laser_nm, 785.0, 1e-12);
    g_assert_cmpfloat_with_epsilon(s->bands[1].fwhm_cm1, 0.0, 1e-12);
    g_assert_cmpint(s->bands[1].status, ==, CEL_STATUS_RECALLED);
    g_assert_cmpstr(s->bands[1].source, ==, "from memory");
    g_assert_cmpuint(s->n_references, ==, 0);
}

static void text_errors_name_file_and_line(void)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        { "id pe\n", "pe.substance:1: expected" },
        { "\n\ncolour: red\n", "pe.substance:3: unknown key" },
        { "id: pe\nid: pe\n", "pe.substance:2: the key “id” is there twice" },
        { "id: PE\n", "pe.substance:1: the id" },
        { "id: pe\ncas:\n", "pe.substance:2: the key “cas” has no value" },
        { "id: pe\nname_en: x\n", "pe.substance:2: the key “name_zh” is missing" },
        { "bands:\n1 | 2\n", "pe.substance:2: a band has 7 cells" },
        { "bands:\n49 | 2 | - | - | measured | | s\n", "pe.substance:2: shift “49”" },
        { "bands:\n4001 | 2 | - | - | measured | | s\n", "pe.substance:2: shift" },
        { "bands:\nnan | 2 | - | - | measured | | s\n", "pe.substance:2: shift" },
        { "bands:\n- | 2 | - | - | measured | | s\n", "pe.substance:2: a band needs a shift" },
        { "bands:\n100 | 0 | - | - | measured | | s\n", "pe.substance:2: intensity" },
        { "bands:\n100 | 5 | 0 | - | measured | | s\n", "pe.substance:2: fwhm" },
        { "bands:\n100 | 5 | - | 7 | measured | | s\n", "pe.substance:2: laser" },
        { "bands:\n100 | 5 | - | - | guessed | | s\n", "pe.substance:2: status" },
        { "bands:\n100 | 5 | - | - | measured | |\n", "pe.substance:2: a band needs a source" },
        { "bands:\n100 | 5 | - | - | measured | | s\n100 | 5 | - | - | measured | | s\n",
          "pe.substance:3: bands stand in rising order" },
        { "# \xff\n", "pe.substance:1: the text is not UTF-8" },
        { HEAD "usable: yes\nceiling: lead\n", "pe.substance:7: “usable: no-data”" },
        { HEAD "usable: maybe\nceiling: lead\n", "pe.substance:7: usable “maybe”" },
        { HEAD "usable: no-data\nceiling: substance\n", "pe.substance:7: the ceiling of" },
        { HEAD "usable: no-data\nceiling: found\n", "pe.substance:7: the ceiling “found”" },
        { HEAD "usable: no-data\nceiling: group:x\n", "pe.substance:7: the ceiling “group:x”" },
        { HEAD "usable: no-data\nceiling: lead\nlookalikes: a  b\n", "pe.substance:8: look-alike" },
        { HEAD "usable: no-data\nceiling: lead\nlookalikes: a a\n", "pe.substance:8: look-alike" },
        { HEAD "usable: no-data\nceiling: lead\nlookalikes: pe\n", "pe.substance:8: a substance" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("lib", "1");
        g_assert_false(add(builder, rows[i].text, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
        if (!g_str_has_prefix(error->message, rows[i].message))
            g_error("row %zu: %s", i, error->message);
    }
}

static void recalled_bands_alone_are_never_more_than_a_lead(void)
{
    static const char row[] = "bands:\n100 | 5 | - | - | recalled | | memory\n";
    static const char *const ends[] = { "usable: yes\nceiling: lead\n",
                                        "usable: provisional\nceiling: substance\n" };
    for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = g_strconcat(HEAD, ends[i], row, NULL);
        g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("lib", "1");
        g_assert_false(add(builder, text, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    }
    g_autofree char *text = g_strconcat(HEAD, "usable: provisional\nceiling: lead\n", row, NULL);
    g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("lib", "1");
    g_assert_true(add(builder, text, NULL));
}

static void an_id_cannot_be_added_twice(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("lib", "1");
    g_assert_true(add(builder, GOOD, &error));
    g_assert_false(add(builder, GOOD, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, "already"));
}

static void an_empty_library_is_refused(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("lib", "1");
    g_assert_null(cel_library_builder_finish(builder, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    g_test_add_func("/library/text/becomes-a-substance", text_becomes_a_substance);
    g_test_add_func("/library/text/errors-name-file-and-line", text_errors_name_file_and_line);
    g_test_add_func("/library/text/recalled-bands-alone-are-never-more-than-a-lead",
                    recalled_bands_alone_are_never_more_than_a_lead);
    g_test_add_func("/library/text/an-id-cannot-be-added-twice", an_id_cannot_be_added_twice);
    g_test_add_func("/library/build/an-empty-library-is-refused", an_empty_library_is_refused);
    return g_test_run();
}
