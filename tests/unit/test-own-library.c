/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-own-library.h"

#include "base/cel-error.h"
#include "jail/cel-jail.h"
#include "match/cel-library.h"

#include <glib/gstdio.h>
#include <string.h>

/** Lab: a folder, and a spectrum to add. */
typedef struct {
    char *folder, *file, *library;
} Lab;

static void write_spectrum(const char *path, double centre)
{
    g_autoptr(GString) text = g_string_new("# Raman shift (cm-1), counts\n");
    for (int x = 200; x <= 1800; x += 2) {
        const double u = (x - centre) / 6.0;
        g_string_append_printf(text, "%d,%.3f\n", x, 10.0 + 1000.0 / (1.0 + u * u));
    }
    g_assert_true(g_file_set_contents(path, text->str, -1, NULL));
}

static void lab_set_up(Lab *lab, gconstpointer data)
{
    (void)data;
    lab->folder = g_dir_make_tmp("celadon-own-XXXXXX", NULL);
    lab->file = g_build_filename(lab->folder, "mine.csv", NULL);
    lab->library = g_build_filename(lab->folder, "libraries", "own.library.h5", NULL);
    write_spectrum(lab->file, 1001.0);
}

static void lab_tear_down(Lab *lab, gconstpointer data)
{
    (void)data;
    g_autofree char *command = g_strdup_printf("rm -rf '%s'", lab->folder);
    g_assert_true(g_spawn_command_line_sync(command, NULL, NULL, NULL, NULL));
    g_free(lab->folder);
    g_free(lab->file);
    g_free(lab->library);
}

static CelOwnEntry entry_of(const Lab *lab)
{
    return (CelOwnEntry){.file = lab->file,
                         .id = "our-foam",
                         .name_en = "Our foam",
                         .name_zh = "本室泡沫",
                         .class_id = "polymer",
                         .laser_nm = 785.0,
                         .source = "bought, lot 7"};
}

static void an_added_spectrum_stands_in_the_library_as_a_lead(Lab *lab, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    const CelOwnEntry entry = entry_of(lab);
    (void)data;
    cel_own_library_add(lab->folder, &entry, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(CelLibrary) library = cel_library_open(lab->library, NULL, &error);
    g_assert_no_error(error);
    const CelSubstance *substance = cel_library_find(library, "our-foam");
    g_assert_nonnull(substance);
    g_assert_cmpstr(substance->name_zh, ==, "本室泡沫");
    g_assert_cmpuint(substance->n_references, ==, 1);
    g_assert_cmpint(substance->references[0].grade, >=, CEL_GRADE_C);
}

static void the_same_file_is_not_added_twice(Lab *lab, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    CelOwnEntry entry = entry_of(lab);
    (void)data;
    g_assert_true(cel_own_library_add(lab->folder, &entry, NULL, NULL));
    entry.id = "another-name";
    g_assert_false(cel_own_library_add(lab->folder, &entry, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

static void a_second_entry_leaves_the_first_in_place(Lab *lab, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *other = g_build_filename(lab->folder, "other.csv", NULL);
    CelOwnEntry entry = entry_of(lab);
    (void)data;
    write_spectrum(other, 700.0);
    g_assert_true(cel_own_library_add(lab->folder, &entry, NULL, NULL));
    entry.file = other;
    entry.id = "our-paint";
    g_assert_true(cel_own_library_add(lab->folder, &entry, NULL, NULL));
    g_autoptr(CelLibrary) library = cel_library_open(lab->library, NULL, &error);
    g_assert_no_error(error);
    g_assert_nonnull(cel_library_find(library, "our-foam"));
    g_assert_nonnull(cel_library_find(library, "our-paint"));
}

static void what_cannot_be_read_leaves_list_and_library_as_they_were(Lab *lab, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *list = g_build_filename(lab->folder, "libraries", "own.tsv", NULL);
    g_autofree char *before = NULL, *after = NULL;
    g_autofree char *garbage = g_build_filename(lab->folder, "garbage.csv", NULL);
    CelOwnEntry entry = entry_of(lab);
    (void)data;
    g_assert_true(cel_own_library_add(lab->folder, &entry, NULL, NULL));
    g_assert_true(g_file_get_contents(list, &before, NULL, NULL));
    g_assert_true(g_file_set_contents(garbage, "nothing of use", -1, NULL));
    entry.file = garbage;
    entry.id = "our-garbage";
    g_assert_false(cel_own_library_add(lab->folder, &entry, NULL, &error));
    g_assert_nonnull(error);
    g_assert_true(g_file_get_contents(list, &after, NULL, NULL));
    g_assert_cmpstr(before, ==, after);
    g_autoptr(CelLibrary) library = cel_library_open(lab->library, NULL, NULL);
    g_assert_nonnull(cel_library_find(library, "our-foam"));
}

static void names_that_cannot_be_are_refused(Lab *lab, gconstpointer data)
{
    static const char *const bad[] = {"", "Our Foam", "../x", "a\tb"};
    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        CelOwnEntry entry = entry_of(lab);
        entry.id = bad[i];
        g_assert_false(cel_own_library_add(lab->folder, &entry, NULL, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
    }
    g_autoptr(GError) error = NULL;
    CelOwnEntry entry = entry_of(lab);
    entry.source = "two\nlines";
    g_assert_false(cel_own_library_add(lab->folder, &entry, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
}

#define ADD(path, test) g_test_add(path, Lab, NULL, lab_set_up, test, lab_tear_down)

int main(int argc, char **argv)
{
    cel_init();
    cel_jail_start();
    g_test_init(&argc, &argv, NULL);
    ADD("/own-library/add/lead", an_added_spectrum_stands_in_the_library_as_a_lead);
    ADD("/own-library/add/twice", the_same_file_is_not_added_twice);
    ADD("/own-library/add/second", a_second_entry_leaves_the_first_in_place);
    ADD("/own-library/add/garbage", what_cannot_be_read_leaves_list_and_library_as_they_were);
    ADD("/own-library/add/names", names_that_cannot_be_are_refused);
    return g_test_run();
}
