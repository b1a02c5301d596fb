/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "jail/cel-jail.h"
#include "match/cel-library.h"

#include <glib/gstdio.h>
#include <string.h>

#define SERIES_HEAD "id\tkind\tcertainty\tname_en\tname_zh\tmembers\n"
#define KINDS                                                                                      \
    "id\tlimit_en\tlimit_zh\tsend_to_en\tsend_to_zh\n"                                             \
    "series\tNot told apart.\t不能区分。\tXRD\tX射线衍射\n"
#define PAIRS_HEAD "first\tsecond\tsimilarity\n"

static gboolean add(CelLibraryBuilder *builder, const char *rows, GError **error)
{
    g_autofree char *text = g_strconcat("# why\n", SERIES_HEAD, rows, NULL);
    return cel_library_builder_add_series(builder, text, KINDS, "made.tsv", error);
}

static void refused(const char *rows, const char *message)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("made", "1");
    g_assert_false(add(builder, rows, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    if (strstr(error->message, message) == NULL)
        g_error("“%s” does not say “%s”", error->message, message);
}

static void rows_that_are_not_in_form_are_refused_by_name(void)
{
    refused("a\tseries\tsure\tA\t甲\tx y\nb\tseries\tsure\tB\t乙\ty z\n", "b: a member is there");
    refused("a\tseries\tsure\tA\t甲\tx Y\n", "a: a member is there twice or is not only");
    refused("a\tseries\tperhaps\tA\t甲\tx\n", "a: kind, certainty or a name");
    refused("a\tfamily\tsure\tA\t甲\tx\n", "a: kind, certainty or a name");
    refused("a\tseries\tsure\t\t\tx\n", "a: kind, certainty or a name");
    refused("a\tseries\tsure\tA\t甲\n", "made.tsv:3: the row has another number");
    refused("A b\tseries\tsure\tA\t甲\tx\n", "made.tsv:3: an id holds");
}

static CelLibrary *finish(CelLibraryBuilder *builder)
{
    g_autoptr(GError) error = NULL;
    const CelSubstance nobody = {.id = "nobody", .name_en = "nobody", .class_id = "mineral"};
    g_assert_true(cel_library_builder_add_reference(builder, &nobody, NULL, &error));
    CelLibrary *library = cel_library_builder_finish(builder, &error);
    g_assert_no_error(error);
    return library;
}

static void a_row_is_a_group_with_the_limit_of_its_kind(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("made", "1");
    g_assert_true(add(builder, "spar\tseries\tsure\tspar\t晶石\tone onetwo\n", &error));
    g_assert_no_error(error);
    g_autoptr(CelLibrary) library = finish(builder);
    const CelLibraryKind *kind = cel_library_series(library, "one");
    g_assert_nonnull(kind);
    g_assert_cmpstr(kind->id, ==, "spar");
    g_assert_cmpstr(kind->limit_en, ==, "Not told apart.");
    g_assert_cmpstr(kind->send_to_zh, ==, "X射线衍射");
    g_assert_cmpstr(kind->ceiling, ==, "group");
    g_assert_true(kind == cel_library_group(library, "spar"));
    g_assert_true(kind == cel_library_series(library, "onetwo"));
    g_assert_null(cel_library_series(library, "two")); /* part of a name is no name */
    g_assert_null(cel_library_series(library, ""));
}

static void a_row_of_a_known_group_gives_it_members_and_keeps_its_words(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("made", "1");
    const CelLibraryKind group = {"spar", "old name", "旧名", "Old limit.", "旧限", "DNA",
                                  "检",   "group",    ""};
    cel_library_builder_add_kind(builder, &group, FALSE);
    g_assert_true(add(builder, "spar\tseries\tsure\t\t\tone two\n", &error));
    g_assert_no_error(error);
    g_autoptr(CelLibrary) library = finish(builder);
    const CelLibraryKind *kind = cel_library_series(library, "two");
    g_assert_nonnull(kind);
    g_assert_cmpstr(kind->name_en, ==, "old name");
    g_assert_cmpstr(kind->limit_en, ==, "Old limit.");
}

static void measured_pairs_are_known_from_both_sides(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("made", "1");
    g_assert_true(cel_library_builder_add_pairs(
        builder, PAIRS_HEAD "one\ttwo\t0.97\none\tthree\t0.91\n", "pairs.tsv", &error));
    g_assert_no_error(error);
    g_autoptr(CelLibrary) library = finish(builder);
    g_assert_cmpstr(cel_library_measured_alikes(library, "one"), ==, "two three");
    g_assert_cmpstr(cel_library_measured_alikes(library, "three"), ==, "one");
    g_assert_cmpstr(cel_library_measured_alikes(library, "four"), ==, "");
}

static void a_pair_of_one_mineral_is_refused(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("made", "1");
    g_assert_false(
        cel_library_builder_add_pairs(builder, PAIRS_HEAD "one\tone\t1\n", "pairs.tsv", &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_clear_error(&error);
    g_assert_false(
        cel_library_builder_add_pairs(builder, PAIRS_HEAD "one\tTwo\t1\n", "pairs.tsv", &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

static void member_names_hold_letters_and_digits_only(void)
{
    g_autofree char *a = cel_library_member_name("Chabazite-(Ca)");
    g_autofree char *b = cel_library_member_name("Mimetite-2M");
    g_autofree char *c = cel_library_member_name("方解石");
    g_assert_cmpstr(a, ==, "chabaziteca");
    g_assert_cmpstr(b, ==, "mimetite2m");
    g_assert_cmpstr(c, ==, "");
}

/* ---- the tables that ship, and what an import makes of them ---- */

static void the_shipped_table_knows_the_usual_series(void)
{
    static const struct {
        const char *mineral, *group;
    } rows[] = {
        {"albite", "plagioclase"},          {"sanidine", "alkali-feldspar"},
        {"ferroactinolite", "amphibole"},   {"pyrope", "pyralspite-garnet"},
        {"grossular", "ugrandite-garnet"},  {"hydroxylapatite", "apatite"},
        {"natrojarosite", "jarosite"},      {"hubnerite", "wolframite"},
        {"siderite", "magnesite-siderite"}, {"opal", "silica-opal"},
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(CelLibrary) library = cel_library_open_builtin(&error);
    g_assert_no_error(error);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        const CelLibraryKind *kind = cel_library_series(library, rows[i].mineral);
        g_assert_nonnull(kind);
        g_assert_cmpstr(kind->id, ==, rows[i].group);
        g_assert_cmpstr(kind->limit_zh, !=, "");
        g_assert_cmpstr(kind->send_to_en, !=, "");
    }
    g_assert_null(cel_library_series(library, "quartzite"));
}

static void put(const char *folder, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static CelLibrary *import(const char *rows)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("celadon-series-XXXXXX", &error);
    g_autofree char *manifest = g_build_filename(folder, "m.tsv", NULL);
    g_autofree char *out = g_build_filename(folder, "out.library.h5", NULL);
    g_autofree char *text = g_strconcat(
        "file\tid\tname_en\tname_zh\tclass\tlaser_nm\tsource\tlicence\tgrade\tbaseline\n", rows,
        NULL);
    CelImportReport report = {0};
    for (int f = 0; f < 3; f++) {
        g_autofree char *name = g_strdup_printf("%d.txt", f);
        put(folder, name, "100\t1\n200\t3\n300\t2\n400\t1\n");
    }
    put(folder, "m.tsv", text);
    g_assert_true(cel_library_import(manifest, out, &report, NULL, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(report.problems->len, ==, 0);
    cel_import_report_clear(&report);
    CelLibrary *library = cel_library_open(out, NULL, &error);
    g_assert_no_error(error);
    static const char *const made[] = {"m.tsv", "out.library.h5", "0.txt", "1.txt", "2.txt"};
    for (gsize i = 0; i < G_N_ELEMENTS(made); i++) {
        g_autofree char *path = g_build_filename(folder, made[i], NULL);
        g_unlink(path);
    }
    g_rmdir(folder);
    return library;
}

#define REST "532\ts\tl\tB\tremoved\n"

static void an_imported_mineral_of_a_series_claims_no_more_than_the_series(void)
{
    g_autoptr(CelLibrary) library =
        import("0.txt\tpyrope\tPyrope\t\tmineral\t" REST "1.txt\tx1\tAlmandine\t\tmineral\t" REST
               "2.txt\tpyrope_2\tPyrope\t\tpolymer\t" REST);
    const CelSubstance *by_id = cel_library_find(library, "pyrope");
    const CelSubstance *by_name = cel_library_find(library, "x1");
    g_assert_cmpstr(by_id->group_id, ==, "pyralspite-garnet");
    g_assert_cmpstr(by_id->ceiling, ==, "group:pyralspite-garnet");
    g_assert_cmpstr(by_name->group_id, ==, "pyralspite-garnet");
    g_assert_nonnull(cel_library_group(library, "pyralspite-garnet"));
    /* the tables speak of minerals only */
    g_assert_cmpstr(cel_library_find(library, "pyrope_2")->group_id, ==, "");
}

static void an_asbestos_mineral_keeps_its_group_and_knows_the_other_amphiboles(void)
{
    g_autoptr(CelLibrary) library = import("0.txt\tactinolite\tActinolite\t\tmineral\t" REST
                                           "1.txt\tedenite\tEdenite\t\tmineral\t" REST
                                           "2.txt\tquartz\tQuartz\t\tmineral\t" REST);
    const CelSubstance *actinolite = cel_library_find(library, "actinolite");
    g_assert_cmpstr(actinolite->group_id, ==, "asbestos-mineral");
    g_assert_true(g_strv_contains(actinolite->lookalikes, "edenite"));
    g_assert_false(g_strv_contains(actinolite->lookalikes, "quartz"));
}

int main(int argc, char **argv)
{
    cel_init();
    cel_jail_start();
    g_test_init(&argc, &argv, NULL);
#define ADD(f) g_test_add_func("/series/" #f, f)
    ADD(rows_that_are_not_in_form_are_refused_by_name);
    ADD(a_row_is_a_group_with_the_limit_of_its_kind);
    ADD(a_row_of_a_known_group_gives_it_members_and_keeps_its_words);
    ADD(measured_pairs_are_known_from_both_sides);
    ADD(a_pair_of_one_mineral_is_refused);
    ADD(member_names_hold_letters_and_digits_only);
    ADD(the_shipped_table_knows_the_usual_series);
    ADD(an_imported_mineral_of_a_series_claims_no_more_than_the_series);
    ADD(an_asbestos_mineral_keeps_its_group_and_knows_the_other_amphiboles);
    return g_test_run();
}
