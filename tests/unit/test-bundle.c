/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "remove-folder.h"

#include "base/cel-error.h"
#include "base/cel-file.h"
#include "bench/cel-bundle-files.h"
#include "jail/cel-jail.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    char *folder;
    CelBundleFiles *files;
} Box;

static void put(CelBundleFiles *files, const char *name, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    cel_bundle_put(files, name, bytes, &error);
    g_assert_no_error(error);
}

static void set_up(Box *box, gconstpointer data)
{
    (void)data;
    box->folder = g_dir_make_tmp("celadon-bundle-XXXXXX", NULL);
    box->files = cel_bundle_files_new();
    put(box->files, "b/two.txt", "2");
    put(box->files, "a.txt", "one");
    put(box->files, "b/c/empty", "");
}

static void tear_down(Box *box, gconstpointer data)
{
    (void)data;
    cel_bundle_files_free(box->files);
    remove_folder(box->folder);
    g_free(box->folder);
}

static char *at(const Box *box, const char *name)
{
    return g_build_filename(box->folder, name, NULL);
}

static void assert_same(const CelBundleFiles *a, const CelBundleFiles *b)
{
    g_autoptr(GPtrArray) names = cel_bundle_names(a);
    g_autoptr(GPtrArray) others = cel_bundle_names(b);
    g_assert_cmpuint(names->len, ==, others->len);
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        g_assert_nonnull(cel_bundle_get(b, name));
        g_assert_true(g_bytes_equal(cel_bundle_get(a, name), cel_bundle_get(b, name)));
    }
}

static void comes_back_equal_from_a_folder(Box *box, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = at(box, "out");
    cel_bundle_write_folder(box->files, path, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(CelBundleFiles) back = cel_bundle_read(path, NULL, &error);
    g_assert_no_error(error);
    assert_same(box->files, back);
}

static void comes_back_equal_from_a_zip(Box *box, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = at(box, "out.zip");
    cel_bundle_write_zip(box->files, path, &error);
    g_assert_no_error(error);
    g_autoptr(CelBundleFiles) back = cel_bundle_read(path, NULL, &error);
    g_assert_no_error(error);
    assert_same(box->files, back);
}

static void gives_the_same_zip_for_the_same_files(Box *box, gconstpointer data)
{
    (void)data;
    GBytes *bytes[2] = {NULL, NULL};
    for (guint i = 0; i < 2; i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *name = g_strdup_printf("%u.zip", i);
        g_autofree char *path = at(box, name);
        g_assert_true(cel_bundle_write_zip(box->files, path, &error));
        bytes[i] = cel_file_read(path, 100000, &error);
        g_usleep(i == 0 ? 1100000 : 0); /* past the second in which a clock would stand */
    }
    g_assert_true(g_bytes_equal(bytes[0], bytes[1]));
    g_bytes_unref(bytes[0]);
    g_bytes_unref(bytes[1]);
}

static void replaces_nothing(Box *box, gconstpointer data)
{
    (void)data;
    static const char *const names[] = {"there", "there.zip"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *path = at(box, names[i]);
        g_assert_true(g_file_set_contents(path, "mine", -1, NULL));
        g_assert_false(i == 0 ? cel_bundle_write_folder(box->files, path, NULL, &error)
                              : cel_bundle_write_zip(box->files, path, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
        g_autofree char *text = NULL;
        g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
        g_assert_cmpstr(text, ==, "mine");
    }
}

static void leaves_nothing_behind_when_it_cannot_write(Box *box, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = at(box, "no-such-folder/out");
    g_assert_false(cel_bundle_write_folder(box->files, path, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_SYSTEM);
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    g_cancellable_cancel(cancel);
    g_autoptr(CelJob) job = cel_job_new(cancel, NULL, NULL);
    g_autofree char *stopped = at(box, "stopped");
    g_autoptr(GError) cancelled = NULL;
    g_assert_false(cel_bundle_write_folder(box->files, stopped, job, &cancelled));
    g_assert_error(cancelled, CEL_ERROR, CEL_ERROR_CANCELLED);
    g_autoptr(GDir) dir = g_dir_open(box->folder, 0, NULL);
    g_assert_null(g_dir_read_name(dir));
}

static void takes_no_link_in_a_folder(Box *box, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = at(box, "out");
    g_autofree char *link = at(box, "out/link");
    g_assert_true(cel_bundle_write_folder(box->files, path, NULL, &error));
    g_assert_cmpint(symlink("/etc/passwd", link), ==, 0);
    g_assert_null(cel_bundle_read(path, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

static void knows_which_names_stay_inside(void)
{
    static const char *const good[] = {"a", "a.b", "files/0f.cel.h5", "a/b/c", "A_1-2"};
    static const char *const bad[] = {"",     ".",       "..", "/a",   "a/",  "a//b",
                                      "../a", "a/../b",  ".a", "a/.b", "a b", "a\\b",
                                      "a:b",  "a/b/c/d", "é",  "a\nb"};
    for (gsize i = 0; i < G_N_ELEMENTS(good); i++)
        g_assert_true(cel_bundle_name_ok(good[i]));
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_false(cel_bundle_name_ok(bad[i]));
    g_autofree char *longest = g_strnfill(CEL_BUNDLE_MAX_NAME, 'a');
    g_autofree char *longer = g_strnfill(CEL_BUNDLE_MAX_NAME + 1, 'a');
    g_assert_true(cel_bundle_name_ok(longest));
    g_assert_false(cel_bundle_name_ok(longer));
}

static void takes_a_name_once(Box *box, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new("x", 1);
    g_assert_false(cel_bundle_put(box->files, "a.txt", bytes, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

static void refuses_what_is_no_zip(Box *box, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = at(box, "out.zip");
    g_assert_true(cel_bundle_write_zip(box->files, path, &error));
    g_autoptr(GBytes) whole = cel_file_read(path, 100000, &error);
    for (gsize cut = 1; cut < g_bytes_get_size(whole); cut += 13) {
        g_autoptr(GError) refused = NULL;
        g_autoptr(GBytes) part = g_bytes_new_from_bytes(whole, 0, cut);
        g_assert_null(cel_bundle_unpack(part, "cut.zip", NULL, &refused));
        g_assert_error(refused, CEL_ERROR, CEL_ERROR_INPUT);
    }
}

#define T(name) g_test_add("/bundle/" #name, Box, NULL, set_up, name, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    cel_jail_start();
    T(comes_back_equal_from_a_folder);
    T(comes_back_equal_from_a_zip);
    T(gives_the_same_zip_for_the_same_files);
    T(replaces_nothing);
    T(leaves_nothing_behind_when_it_cannot_write);
    T(takes_no_link_in_a_folder);
    g_test_add_func("/bundle/knows_which_names_stay_inside", knows_which_names_stay_inside);
    T(takes_a_name_once);
    T(refuses_what_is_no_zip);
    return g_test_run();
}
