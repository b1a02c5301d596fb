/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "long-check.h"
#include "remove-folder.h"

#include "base/cel-error.h"
#include "base/cel-file.h"
#include "base/cel-hash.h"
#include "h5/cel-digest.h"
#include "h5/cel-h5.h"

#include <glib/gstdio.h>
#include <string.h>

/* Every type, rank, kind of attribute and an empty one of each. */
static CelH5Node *make_tree(void)
{
    CelH5Node *root = cel_h5_tree_new();
    const gsize shape[] = {3, 40};
    guint8 bytes[960];
    for (gsize i = 0; i < G_N_ELEMENTS(bytes); i++)
        bytes[i] = (guint8)(i % 61); /* as doubles: finite and tiny */
    CelH5Node *types = cel_h5_group(root, "types", "NXcollection");
    for (CelH5Type type = CEL_H5_F64; type < CEL_H5_TEXT; type++) {
        g_autofree char *name = g_strdup_printf("t%d", (int)type);
        g_autofree char *small = g_strdup_printf("small%d", (int)type);
        cel_h5_put(types, name, type, 2, shape, bytes, type == CEL_H5_F32);
        cel_h5_put(types, small, type, 0, NULL, bytes, FALSE);
    }
    cel_h5_put_text(root, "text", "拉曼位移 Raman shift");
    cel_h5_put_text(root, "blank", "");
    cel_h5_put_bytes(root, "nothing", NULL, 0);
    cel_h5_group(root, "empty/below", NULL);
    const double few[] = {1.5, -2.25, 1e300};
    CelH5Node *values = cel_h5_put_f64(root, "values", few, 3);
    cel_h5_attr_text(values, "units", "cm⁻¹");
    cel_h5_attr_text(values, "empty", "");
    cel_h5_attr_f64(values, "scale", 0.1);
    cel_h5_attr_int(values, "index", -7);
    const char *const axes[] = {"raman_shift", "位移", NULL}, *const none[] = {NULL};
    cel_h5_attr_texts(values, "axes", axes);
    cel_h5_attr_texts(values, "none", none);
    cel_h5_attr_text(root, "default", "entry");
    return root;
}

static void assert_same_tree(const CelH5Node *a, const CelH5Node *b)
{
    gsize shape_a[CEL_H5_MAX_RANK], shape_b[CEL_H5_MAX_RANK];
    g_assert_cmpstr(cel_h5_name(a), ==, cel_h5_name(b));
    g_assert_cmpint(cel_h5_type(a), ==, cel_h5_type(b));
    if (cel_h5_type(a) != CEL_H5_GROUP) {
        const guint rank = cel_h5_shape(a, shape_a);
        g_assert_cmpuint(rank, ==, cel_h5_shape(b, shape_b));
        for (guint i = 0; i < rank; i++)
            g_assert_cmpuint(shape_a[i], ==, shape_b[i]);
        g_assert_true(g_bytes_equal(cel_h5_data(a), cel_h5_data(b)));
        return;
    }
    GPtrArray *below_a = cel_h5_children(a), *below_b = cel_h5_children(b);
    g_assert_cmpuint(below_a->len, ==, below_b->len);
    for (guint i = 0; i < below_a->len; i++)
        assert_same_tree(g_ptr_array_index(below_a, i), g_ptr_array_index(below_b, i));
}

static void a_tree_survives_the_round_trip(void)
{
    g_autoptr(CelH5Node) tree = make_tree();
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) image = cel_h5_to_bytes(tree, &error);
    g_assert_no_error(error);
    g_autoptr(CelH5Node) back = cel_h5_read_bytes(image, "round trip", &error);
    g_assert_no_error(error);
    assert_same_tree(tree, back);
    const CelH5Node *values = cel_h5_find(back, "/values");
    g_assert_cmpstr(cel_h5_attr(values, "units"), ==, "cm⁻¹");
    g_assert_cmpstr(cel_h5_attr(values, "empty"), ==, "");
    g_autofree char *text = cel_h5_get_text(back, "text", &error);
    g_assert_cmpstr(text, ==, "拉曼位移 Raman shift");
    g_autoptr(GBytes) again = cel_h5_to_bytes(back, &error);
    g_assert_true(g_bytes_equal(image, again));
}

static void the_same_tree_gives_the_same_bytes(void)
{
    g_autoptr(CelH5Node) a = make_tree();
    g_autoptr(GBytes) first = cel_h5_to_bytes(a, NULL);
    g_usleep(1100000); /* another second on the clock */
    g_autoptr(CelH5Node) b = make_tree();
    g_autoptr(GBytes) second = cel_h5_to_bytes(b, NULL);
    g_assert_true(g_bytes_equal(first, second));
}

static void wide_trees_survive(void)
{
    g_autoptr(CelH5Node) tree = cel_h5_tree_new();
    const gsize n = 700000, rows[] = {300, 1200};
    g_autofree double *values = g_new(double, n);
    for (gsize i = 0; i < n; i++)
        values[i] = (double)i / 3.0;
    cel_h5_put(tree, "plain", CEL_H5_F64, 1, &n, values, FALSE); /* several chunks */
    cel_h5_put(tree, "packed", CEL_H5_F64, 2, rows, values, TRUE);
    for (guint i = 0; i < 300; i++) { /* links and attributes enough for HDF5's dense storage */
        g_autofree char *name = g_strdup_printf("物质 %03u", i);
        cel_h5_put_int(cel_h5_group(tree, "many", NULL), name, i);
        cel_h5_attr_int(tree, name, i);
    }
    g_autoptr(GBytes) image = cel_h5_to_bytes(tree, NULL);
    g_autoptr(GBytes) twice = cel_h5_to_bytes(tree, NULL);
    g_assert_true(g_bytes_equal(image, twice));
    g_autoptr(GError) error = NULL;
    g_autoptr(CelH5Node) back = cel_h5_read_bytes(image, "wide", &error);
    g_assert_no_error(error);
    assert_same_tree(tree, back);
}

static void a_long_text_is_stored_as_bytes(void)
{
    g_autoptr(CelH5Node) tree = cel_h5_tree_new();
    g_autofree char *text = g_strnfill(200000, 'x');
    cel_h5_put_text(tree, "long", text);
    g_assert_cmpint(cel_h5_type(cel_h5_find(tree, "long")), ==, CEL_H5_U8);
    g_autoptr(GBytes) image = cel_h5_to_bytes(tree, NULL);
    g_autoptr(CelH5Node) back = cel_h5_read_bytes(image, "long", NULL);
    g_autofree char *again = cel_h5_get_text(back, "/long", NULL);
    g_assert_cmpstr(again, ==, text);
}

static void a_long_attribute_is_refused_not_cut(void)
{
    g_autoptr(CelH5Node) tree = cel_h5_tree_new();
    g_autofree char *text = g_strnfill(70000, 'x');
    g_autoptr(GError) error = NULL;
    cel_h5_attr_text(tree, "long", text);
    g_assert_null(cel_h5_to_bytes(tree, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_SYSTEM);
}

static void numbers_are_read_whatever_their_type(void)
{
    const float narrow[] = {1.5F, -2.0F};
    const gint32 whole[] = {-5, 7};
    const guint64 big = G_MAXUINT64;
    const gsize two = 2;
    g_autoptr(CelH5Node) tree = cel_h5_tree_new();
    cel_h5_put(tree, "f32", CEL_H5_F32, 1, &two, narrow, FALSE);
    cel_h5_put(tree, "i32", CEL_H5_I32, 1, &two, whole, FALSE);
    cel_h5_put(tree, "u64", CEL_H5_U64, 0, NULL, &big, FALSE);
    cel_h5_put_int(tree, "i64", G_MININT64);
    cel_h5_put_text(tree, "text", "7");
    gsize n = 0;
    gint64 value = 0;
    g_autofree double *a = cel_h5_get_f64(tree, "f32", &n, NULL);
    g_assert_cmpfloat(a[1], ==, -2.0);
    g_autofree double *b = cel_h5_get_f64(tree, "/i32", &n, NULL);
    g_assert_cmpuint(n, ==, 2);
    g_assert_cmpfloat(b[0], ==, -5.0);
    g_assert_true(cel_h5_get_int(tree, "i64", &value, NULL));
    g_assert_cmpint(value, ==, G_MININT64);
    g_assert_false(cel_h5_get_int(tree, "u64", &value, NULL)); /* could not be told exactly */
    g_assert_false(cel_h5_get_int(tree, "f32", &value, NULL));
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_h5_get_f64(tree, "text", &n, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_clear_error(&error);
    g_assert_null(cel_h5_get_f64(tree, "absent", &n, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

static void names_are_sorted_and_unique(void)
{
    g_autoptr(CelH5Node) tree = cel_h5_tree_new();
    const char *const names[] = {"b", "a", "c", "B", "é"}, *const order[] = {"B", "a", "b", "c",
                                                                             "é"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        cel_h5_put_text(tree, names[i], "");
    GPtrArray *children = cel_h5_children(tree);
    for (gsize i = 0; i < G_N_ELEMENTS(order); i++)
        g_assert_cmpstr(cel_h5_name(g_ptr_array_index(children, i)), ==, order[i]);
    g_test_expect_message(NULL, G_LOG_LEVEL_CRITICAL, "*assertion*");
    g_assert_null(cel_h5_put_int(tree, "a", 1));
    g_test_assert_expected_messages();
}

/* ---- damage ------------------------------------------------------------------------------- */

static GBytes *make_image(void)
{
    g_autoptr(CelH5Node) tree = make_tree();
    return cel_h5_to_bytes(tree, NULL);
}

static char *manifest_of(GBytes *image, GError **error)
{
    g_autoptr(CelH5Node) tree = cel_h5_read_bytes(image, "damaged", error);
    return tree != NULL ? cel_digest_manifest(tree, NULL) : NULL;
}

static void no_flipped_bit_goes_unseen(void)
{
    const guint trials = long_count(300);
    g_autoptr(GBytes) image = make_image();
    g_autofree char *truth = manifest_of(image, NULL);
    g_autoptr(GRand) random = g_rand_new_with_seed(20260101);
    const gsize size = g_bytes_get_size(image);
    guint seen = 0;
    for (guint i = 0; i < trials; i++) {
        g_autofree guint8 *damaged = g_memdup2(g_bytes_get_data(image, NULL), size);
        const gsize bit = (gsize)g_rand_int_range(random, 0, (gint32)(size * 8));
        damaged[bit / 8] ^= (guint8)(1 << (bit % 8));
        g_autoptr(GBytes) bytes = g_bytes_new_static(damaged, size);
        g_autoptr(GError) error = NULL;
        g_autofree char *manifest = manifest_of(bytes, &error);
        if (manifest != NULL)
            g_assert_cmpstr(manifest, ==, truth);
        else
            g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
        seen += manifest == NULL;
    }
    g_test_message("%u of %u flips were refused, the others changed nothing", seen, trials);
    g_assert_cmpuint(seen, >, trials / 4);
}

static void a_cut_file_is_refused(void)
{
    g_autoptr(GBytes) image = make_image();
    const gsize size = g_bytes_get_size(image);
    for (gsize n = 0; n < size; n += 64) {
        g_autoptr(GBytes) part = g_bytes_new_from_bytes(image, 0, n);
        g_autoptr(GError) error = NULL;
        g_assert_null(cel_h5_read_bytes(part, "cut", &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    }
}

static void what_is_not_hdf5_is_refused(void)
{
    static const char *const contents[] = {"", "wave\tcounts\n1\t2\n", "\x89HDF\r\n\x1a",
                                           "\x89HDF\r\n\x1a\n", "\x89HDF\r\n\x1a\nrubbish"};
    for (gsize i = 0; i < G_N_ELEMENTS(contents); i++) {
        g_autoptr(GBytes) bytes = g_bytes_new_static(contents[i], strlen(contents[i]));
        g_autoptr(GError) error = NULL;
        g_assert_null(cel_h5_read_bytes(bytes, "notes.txt", &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
        g_assert_true(g_str_has_prefix(error->message, "notes.txt: "));
    }
}

/* ---- the tools of others ------------------------------------------------------------------- */

typedef struct {
    char *folder, *file;
} Folder;

static void folder_set_up(Folder *folder, gconstpointer unused)
{
    (void)unused;
    folder->folder = g_dir_make_tmp("celadon-h5-XXXXXX", NULL);
    folder->file = g_build_filename(folder->folder, "file.h5", NULL);
    g_autoptr(GBytes) image = make_image();
    g_assert_true(cel_file_write(folder->file, image, 0644, NULL));
}

static void folder_tear_down(Folder *folder, gconstpointer unused)
{
    (void)unused;
    remove_folder(folder->folder);
    g_free(folder->folder);
    g_free(folder->file);
}

/* Runs a public tool in @folder. Returns: FALSE after a visible skip when it is not installed. */
static gboolean run_tool(const Folder *folder, const char *const *argv)
{
    g_autofree char *program = g_find_program_in_path(argv[0]);
    g_autoptr(GError) error = NULL;
    int status = 0;
    if (program == NULL) {
        g_test_skip("the HDF5 or OpenSSL tools are not installed");
        return FALSE;
    }
    g_assert_true(g_spawn_sync(folder->folder, (char **)argv, NULL,
                               G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL,
                               NULL, &status, &error));
    g_assert_no_error(error);
    g_assert_cmpint(status, ==, 0);
    return TRUE;
}

static void check_dump(const Folder *folder, const CelH5Node *node, const char *path)
{
    gsize length = 0, size = 0;
    /* -b LE writes nothing for texts (h5dump 1.10.8) */
    const char *order = cel_h5_type(node) == CEL_H5_TEXT ? "FILE" : "LE";
    g_autofree char *out = g_build_filename(folder->folder, "dump.bin", NULL), *bytes = NULL;
    const char *const argv[] = {"h5dump", "-d", path, "-b", order, "-o", out, folder->file, NULL};
    if (!run_tool(folder, argv))
        return;
    g_assert_true(g_file_get_contents(out, &bytes, &length, NULL));
    const void *data = g_bytes_get_data(cel_h5_data(node), &size);
    if (cel_h5_type(node) == CEL_H5_TEXT && size == 0) {
        g_assert_cmpuint(length, ==, 1);
        g_assert_cmpint(bytes[0], ==, 0);
        return;
    }
    g_assert_cmpuint(length, ==, size);
    g_assert_true(size == 0 || memcmp(bytes, data, size) == 0);
}

static void check_dumps_below(const Folder *folder, const CelH5Node *group, const char *path)
{
    GPtrArray *children = cel_h5_children(group);
    for (guint i = 0; i < children->len; i++) {
        const CelH5Node *node = g_ptr_array_index(children, i);
        g_autofree char *below = g_strconcat(path, "/", cel_h5_name(node), NULL);
        if (cel_h5_type(node) == CEL_H5_GROUP)
            check_dumps_below(folder, node, below);
        else
            check_dump(folder, node, below);
    }
}

static void h5dump_writes_our_bytes(Folder *folder, gconstpointer unused)
{
    (void)unused;
    g_autoptr(CelH5Node) tree = make_tree();
    const char *const header[] = {"h5dump", "-H", folder->file, NULL};
    if (run_tool(folder, header))
        check_dumps_below(folder, tree, "");
}

/* Does what the comment of cel-digest.h tells an outsider to do. */
static void openssl_prints_the_lines_of_the_manifest(Folder *folder, gconstpointer unused)
{
    (void)unused;
    static const char *const paths[] = {"/values", "/types/t2", "/text", "/blank"};
    static const char *const algorithms[] = {"sha256", "sm3"};
    g_autoptr(CelH5Node) tree = make_tree();
    g_autofree char *manifest = cel_digest_manifest(tree, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(paths) * G_N_ELEMENTS(algorithms); i++) {
        const char *path = paths[i / 2], *algorithm = algorithms[i % 2];
        g_autofree char *mode = g_strconcat("-", algorithm, NULL), *hex = NULL;
        const char *const dump[] = {"h5dump", "-d", path, "-b", "FILE", "-o", "d", "file.h5", NULL};
        const char *const digest[] = {"openssl", "dgst", "-r", mode, "-out", "hex", "d", NULL};
        if (!run_tool(folder, dump) || !run_tool(folder, digest))
            return;
        g_autofree char *out = g_build_filename(folder->folder, "hex", NULL);
        g_assert_true(g_file_get_contents(out, &hex, NULL, NULL));
        hex[64] = '\0';
        g_autofree char *line = g_strdup_printf("\n%s %s %s ", algorithm, hex, path);
        g_assert_nonnull(strstr(manifest, line));
    }
}

static void repacking_keeps_the_manifest(Folder *folder, gconstpointer unused)
{
    (void)unused;
    static const char *const ways[][2] = {
        {"-f", "GZIP=6"}, {"-f", "SHUF"}, {"-f", "NONE"}, {"-l", "CONTI"}, {"-L", "-v"},
    };
    g_autoptr(CelH5Node) tree = make_tree();
    cel_h5_remove(tree, "nothing"); /* h5repack itself fails on an empty dataset */
    g_autoptr(GBytes) image = cel_h5_to_bytes(tree, NULL);
    g_assert_true(cel_file_write(folder->file, image, 0644, NULL));
    g_autofree char *truth = cel_digest_manifest(tree, NULL);
    g_autofree char *packed = g_build_filename(folder->folder, "packed.h5", NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(ways); i++) {
        const char *const argv[] = {"h5repack", ways[i][0], ways[i][1], folder->file, packed, NULL};
        g_unlink(packed);
        if (!run_tool(folder, argv))
            return;
        g_autoptr(GError) error = NULL;
        g_autoptr(CelH5Node) back = cel_h5_read(packed, 1 << 20, NULL, &error);
        g_assert_no_error(error);
        g_autofree char *manifest = cel_digest_manifest(back, NULL);
        g_assert_cmpstr(manifest, ==, truth);
    }
}

/* ---- the manifest --------------------------------------------------------------------------- */

static void the_manifest_is_the_written_format(void)
{
    g_autoptr(CelH5Node) tree = cel_h5_tree_new();
    const double value = 0.1;
    const char *const texts[] = {"a b", "100%", "", NULL};
    CelH5Node *node = cel_h5_put(tree, "x y", CEL_H5_F64, 0, NULL, &value, FALSE);
    cel_h5_attr_f64(node, "f", 0.1);
    cel_h5_attr_int(node, "i", 1);
    cel_h5_attr_texts(node, "t", texts);
    cel_h5_attr_text(node, "u", "位 移");
    const char *expected = "f f64le scalar 9a9999999999b93f\n"
                           "i i64le scalar 0100000000000000\n"
                           "t text 3 a%20b 100%25 \n"
                           "u text scalar 位%20移\n";
    g_autofree char *attributes = cel_digest_attributes(node);
    g_assert_cmpstr(attributes, ==, expected);
    g_autofree char *of_data = cel_digest_hex("sha256", &value, sizeof value);
    g_autofree char *of_data_sm3 = cel_digest_hex("sm3", &value, sizeof value);
    g_autofree char *of_attributes = cel_digest_hex("sha256", expected, strlen(expected));
    g_autofree char *of_attributes_sm3 = cel_digest_hex("sm3", expected, strlen(expected));
    g_autofree char *whole = g_strdup_printf(
        "celadon-manifest 1\n"
        "sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 / attributes 0\n"
        "sm3 1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b / attributes 0\n"
        "sha256 %s /x%%20y f64le scalar\nsm3 %s /x%%20y f64le scalar\n"
        "sha256 %s /x%%20y attributes 4\nsm3 %s /x%%20y attributes 4\n",
        of_data, of_data_sm3, of_attributes, of_attributes_sm3);
    g_autofree char *manifest = cel_digest_manifest(tree, NULL);
    g_assert_cmpstr(manifest, ==, whole);
}

static void digests_are_those_of_the_standards(void)
{
    /* FIPS 180-4 and GB/T 32905-2016 both give the digest of "abc". */
    g_autofree char *sha256 = cel_digest_hex("sha256", "abc", 3);
    g_autofree char *sm3 = cel_digest_hex("sm3", "abc", 3);
    g_assert_cmpstr(sha256, ==, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    g_assert_cmpstr(sm3, ==, "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    g_assert_null(cel_digest_hex("no-such-digest", "abc", 3));
}

static void the_manifest_sees_every_change(void)
{
    g_autoptr(CelH5Node) tree = make_tree();
    g_autofree char *truth = cel_digest_manifest(tree, NULL);
    for (guint i = 0; i < 6; i++) {
        g_autoptr(CelH5Node) changed = make_tree();
        CelH5Node *values = (CelH5Node *)cel_h5_find(changed, "values");
        const double other[] = {1.5, -2.25 + 1e-9, 1e300};
        const char *const axes[] = {"raman_shift", "位 移", NULL};
        if (i == 0)
            cel_h5_attr_text(values, "units", "cm⁻¹ ");
        else if (i == 1)
            cel_h5_attr_texts(values, "axes", axes);
        else if (i == 2)
            cel_h5_group(changed, "empty/below/deeper", NULL);
        else if (i == 3)
            cel_h5_remove(changed, "blank");
        else if (i == 4)
            cel_h5_attr_int(changed, "more", 0);
        if (i == 5) {
            cel_h5_remove(changed, "values");
            cel_h5_put_f64(changed, "values", other, 3);
        }
        g_autofree char *manifest = cel_digest_manifest(changed, NULL);
        g_assert_cmpstr(manifest, !=, truth);
    }
}

static void the_manifest_leaves_out_what_it_is_told(void)
{
    const char *const except[] = {"/celadon/custody", "/celadon/manifest", NULL};
    g_autoptr(CelH5Node) tree = make_tree();
    CelH5Node *celadon = cel_h5_group(tree, "celadon", NULL);
    g_autofree char *before = cel_digest_manifest(tree, except);
    cel_h5_put_bytes(celadon, "manifest", before, strlen(before));
    cel_h5_put_text(cel_h5_group(celadon, "custody/000001", NULL), "record", "{}");
    g_autofree char *after = cel_digest_manifest(tree, except);
    g_assert_cmpstr(before, ==, after);
    cel_h5_put_text(celadon, "custody2", "");
    g_autofree char *more = cel_digest_manifest(tree, except);
    g_assert_cmpstr(before, !=, more);
}

int main(int argc, char **argv)
{
    cel_init();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/h5/round-trip", a_tree_survives_the_round_trip);
    g_test_add_func("/h5/same-bytes", the_same_tree_gives_the_same_bytes);
    g_test_add_func("/h5/wide", wide_trees_survive);
    g_test_add_func("/h5/long-text", a_long_text_is_stored_as_bytes);
    g_test_add_func("/h5/long-attribute", a_long_attribute_is_refused_not_cut);
    g_test_add_func("/h5/numbers", numbers_are_read_whatever_their_type);
    g_test_add_func("/h5/names", names_are_sorted_and_unique);
    g_test_add_func("/h5/damage/bit", no_flipped_bit_goes_unseen);
    g_test_add_func("/h5/damage/cut", a_cut_file_is_refused);
    g_test_add_func("/h5/damage/not-hdf5", what_is_not_hdf5_is_refused);
    g_test_add("/h5/tools/h5dump", Folder, NULL, folder_set_up, h5dump_writes_our_bytes,
               folder_tear_down);
    g_test_add("/h5/tools/openssl", Folder, NULL, folder_set_up,
               openssl_prints_the_lines_of_the_manifest, folder_tear_down);
    g_test_add("/h5/tools/h5repack", Folder, NULL, folder_set_up, repacking_keeps_the_manifest,
               folder_tear_down);
    g_test_add_func("/h5/manifest/format", the_manifest_is_the_written_format);
    g_test_add_func("/h5/manifest/standards", digests_are_those_of_the_standards);
    g_test_add_func("/h5/manifest/changes", the_manifest_sees_every_change);
    g_test_add_func("/h5/manifest/except", the_manifest_leaves_out_what_it_is_told);
    return g_test_run();
}
