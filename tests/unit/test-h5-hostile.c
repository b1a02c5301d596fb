/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that only the HDF5 library itself can make: the one test that includes its header. */
#include "base/cel-error.h"
#include "h5/cel-digest.h"
#include "h5/cel-h5.h"

#include <glib/gstdio.h>
#include <hdf5.h>
#include <string.h>

typedef void (*Make)(hid_t file);

static hid_t scalar(void)
{
    return H5Screate(H5S_SCALAR);
}

static hid_t line(hsize_t n)
{
    return H5Screate_simple(1, &n, NULL);
}

/* Identifiers are not closed one by one: H5close() at the end does it. */
static hid_t dataset(hid_t file, hid_t type, hid_t space, hid_t plist)
{
    const hid_t id = H5Dcreate2(file, "d", type, space, H5P_DEFAULT, plist, H5P_DEFAULT);
    g_assert_cmpint(id, >=, 0);
    return id;
}

static void make_soft_link(hid_t file)
{
    H5Lcreate_soft("/nowhere", file, "soft", H5P_DEFAULT, H5P_DEFAULT);
}

static void make_external_link(hid_t file)
{
    H5Lcreate_external("/etc/passwd", "/", file, "external", H5P_DEFAULT, H5P_DEFAULT);
}

static void make_cycle(hid_t file)
{
    const hid_t group = H5Gcreate2(file, "g", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Lcreate_hard(file, "/", group, "up", H5P_DEFAULT, H5P_DEFAULT);
}

static void make_two_names(hid_t file)
{
    H5Gcreate2(file, "a", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Lcreate_hard(file, "a", file, "b", H5P_DEFAULT, H5P_DEFAULT);
}

static void make_committed_type(hid_t file)
{
    H5Tcommit2(file, "type", H5Tcopy(H5T_IEEE_F64LE), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
}

static void make_reference(hid_t file)
{
    hobj_ref_t reference;
    const hid_t id = dataset(file, H5T_STD_REF_OBJ, scalar(), H5P_DEFAULT);
    H5Rcreate(&reference, file, "/", H5R_OBJECT, -1);
    H5Dwrite(id, H5T_STD_REF_OBJ, H5S_ALL, H5S_ALL, H5P_DEFAULT, &reference);
}

static void make_reference_attribute(hid_t file)
{
    H5Acreate2(file, "reference", H5T_STD_REF_OBJ, scalar(), H5P_DEFAULT, H5P_DEFAULT);
}

static void make_compound(hid_t file)
{
    const hid_t type = H5Tcreate(H5T_COMPOUND, 8);
    H5Tinsert(type, "x", 0, H5T_IEEE_F64LE);
    dataset(file, type, scalar(), H5P_DEFAULT);
}

static void make_sequence(hid_t file)
{
    dataset(file, H5Tvlen_create(H5T_IEEE_F64LE), scalar(), H5P_DEFAULT);
}

static void make_big_endian(hid_t file)
{
    dataset(file, H5T_IEEE_F64BE, line(3), H5P_DEFAULT);
}

static void make_virtual(hid_t file)
{
    const hid_t plist = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_virtual(plist, line(10), "/etc/passwd", "x", line(10));
    dataset(file, H5T_IEEE_F64LE, line(10), plist);
}

static void make_external_storage(hid_t file)
{
    const hid_t plist = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_external(plist, "/etc/passwd", 0, 80);
    dataset(file, H5T_STD_U8LE, line(80), plist);
}

static void make_other_filter(hid_t file)
{
    const hsize_t chunk = 10;
    const hid_t plist = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(plist, 1, &chunk);
    H5Pset_scaleoffset(plist, H5Z_SO_INT, 2);
    dataset(file, H5T_STD_I32LE, line(10), plist);
}

static void make_three_dimensions(hid_t file)
{
    const hsize_t shape[] = {2, 2, 2};
    dataset(file, H5T_IEEE_F64LE, H5Screate_simple(3, shape, NULL), H5P_DEFAULT);
}

static void make_null_space(hid_t file)
{
    dataset(file, H5T_IEEE_F64LE, H5Screate(H5S_NULL), H5P_DEFAULT);
}

static void make_enormous(hid_t file)
{
    const hsize_t shape[] = {(hsize_t)1 << 40, (hsize_t)1 << 40}, chunk[] = {16, 16};
    const hid_t plist = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(plist, 2, chunk);
    dataset(file, H5T_IEEE_F64LE, H5Screate_simple(2, shape, NULL), plist);
}

static void make_bomb(hid_t file)
{
    const hsize_t n = 200 << 20, chunk = 1 << 20;
    const hid_t plist = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(plist, 1, &chunk);
    H5Pset_deflate(plist, 1);
    const hid_t id = dataset(file, H5T_STD_U8LE, line(n), plist);
    g_autofree guint8 *zeros = g_malloc0(chunk);
    const hid_t from = line(chunk), to = line(n);
    for (hsize_t start = 0; start < n; start += chunk) {
        H5Sselect_hyperslab(to, H5S_SELECT_SET, &start, NULL, &chunk, NULL);
        H5Dwrite(id, H5T_STD_U8LE, from, to, H5P_DEFAULT, zeros);
    }
}

static void make_never_written(hid_t file)
{
    dataset(file, H5T_IEEE_F64LE, line(100), H5P_DEFAULT);
}

static void make_deep(hid_t file)
{
    g_autoptr(GString) path = g_string_new(NULL);
    const hid_t links = H5Pcreate(H5P_LINK_CREATE);
    H5Pset_create_intermediate_group(links, 1);
    for (int i = 0; i < CEL_H5_MAX_DEPTH + 1; i++)
        g_string_append(path, "/g");
    H5Gcreate2(file, path->str, links, H5P_DEFAULT, H5P_DEFAULT);
}

static void make_many(hid_t file)
{
    for (int i = 0; i < 100001; i++) {
        g_autofree char *name = g_strdup_printf("%d", i);
        H5Gclose(H5Gcreate2(file, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    }
}

static hid_t fixed_text(gsize size, H5T_str_t pad)
{
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, size);
    H5Tset_strpad(type, pad);
    return type;
}

static void put_fixed(hid_t file, const char *text, gsize size, H5T_str_t pad)
{
    const hid_t type = fixed_text(size, pad);
    H5Dwrite(dataset(file, type, scalar(), H5P_DEFAULT), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, text);
}

static void make_latin_text(hid_t file)
{
    put_fixed(file, "caf\xe9", 4, H5T_STR_NULLPAD);
}

static void make_hidden_text(hid_t file)
{
    put_fixed(file, "pure\0or not", 11, H5T_STR_NULLPAD);
}

static void make_text_array(hid_t file)
{
    dataset(file, fixed_text(4, H5T_STR_NULLPAD), line(2), H5P_DEFAULT);
}

static void make_bad_name(hid_t file)
{
    H5Gcreate2(file, "caf\xe9", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
}

static const struct {
    const char *name;
    Make make;
    const char *says;
} refused[] = {
    {"soft-link", make_soft_link, "soft link"},
    {"external-link", make_external_link, "another file"},
    {"cycle", make_cycle, "more than one name"},
    {"two-names", make_two_names, "more than one name"},
    {"committed-type", make_committed_type, "committed"},
    {"reference", make_reference, "reference"},
    {"reference-attribute", make_reference_attribute, "reference"},
    {"compound", make_compound, "type"},
    {"sequence", make_sequence, "type"},
    {"big-endian", make_big_endian, "type"},
    {"virtual", make_virtual, "put together"},
    {"external-storage", make_external_storage, "another file"},
    {"other-filter", make_other_filter, "packed"},
    {"three-dimensions", make_three_dimensions, "shape"},
    {"null-space", make_null_space, "shape"},
    {"enormous", make_enormous, "unpacks"},
    {"bomb", make_bomb, "unpacks"},
    {"never-written", make_never_written, "damaged"},
    {"deep", make_deep, "deep"},
    {"many", make_many, "too many"},
    {"latin-text", make_latin_text, "UTF-8"},
    {"hidden-text", make_hidden_text, "type"},
    {"text-array", make_text_array, "shape"},
    {"bad-name", make_bad_name, "name"},
};

/* @create: file creation properties. Returns: the path, to be freed and unlinked. */
static char *make_file(Make make, hid_t create)
{
    char *path = NULL;
    const int fd = g_file_open_tmp("celadon-hostile-XXXXXX.h5", &path, NULL);
    g_close(fd, NULL);
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
    const hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, create, access);
    g_assert_cmpint(file, >=, 0);
    make(file);
    g_assert_cmpint(H5Fclose(file), >=, 0);
    return path;
}

static CelH5Node *read_and_unlink(char *path, GError **error)
{
    CelH5Node *root = cel_h5_read(path, 256 << 20, NULL, error);
    g_unlink(path);
    g_free(path);
    return root;
}

static void is_refused_and_says_why(gconstpointer data)
{
    const gsize i = GPOINTER_TO_SIZE(data);
    g_autoptr(GError) error = NULL;
    g_assert_null(read_and_unlink(make_file(refused[i].make, H5P_DEFAULT), &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, refused[i].says));
}

static void make_nothing(hid_t file)
{
    (void)file;
}

static void a_user_block_is_refused(void)
{
    const hid_t create = H5Pcreate(H5P_FILE_CREATE);
    g_autoptr(GError) error = NULL;
    H5Pset_userblock(create, 512);
    g_assert_null(read_and_unlink(make_file(make_nothing, create), &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

static void make_foreign_texts(hid_t file)
{
    const char *text = "变长";
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    H5Dwrite(dataset(file, type, scalar(), H5P_DEFAULT), type, H5S_ALL, H5S_ALL, H5P_DEFAULT,
             &text);
    const hid_t padded = fixed_text(16, H5T_STR_SPACEPAD);
    H5Awrite(H5Acreate2(file, "padded", padded, scalar(), H5P_DEFAULT, H5P_DEFAULT), padded,
             "blanks behind   ");
}

static void texts_of_other_programs_are_read_and_marked(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelH5Node) root = read_and_unlink(make_file(make_foreign_texts, H5P_DEFAULT), &error);
    g_assert_no_error(error);
    g_autofree char *text = cel_h5_get_text(root, "/d", NULL);
    g_assert_cmpstr(text, ==, "变长");
    g_assert_cmpstr(cel_h5_attr(root, "padded"), ==, "blanks behind");
    g_autofree char *manifest = cel_digest_manifest(root, NULL);
    g_assert_nonnull(strstr(manifest, " /d text-other scalar\n"));
    g_autofree char *attributes = cel_digest_attributes(root);
    g_assert_cmpstr(attributes, ==, "padded text-other scalar blanks%20behind\n");
}

static void make_plain(hid_t file)
{
    const double values[] = {1.0, 2.0};
    H5Dwrite(dataset(file, H5T_IEEE_F64LE, line(2), H5P_DEFAULT), H5T_NATIVE_DOUBLE, H5S_ALL,
             H5S_ALL, H5P_DEFAULT, values);
}

static void files_of_the_old_format_are_read(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelH5Node) root = read_and_unlink(make_file(make_plain, H5P_DEFAULT), &error);
    g_assert_no_error(error);
    gsize n = 0;
    g_autofree double *values = cel_h5_get_f64(root, "d", &n, NULL);
    g_assert_cmpuint(n, ==, 2);
    g_assert_cmpfloat(values[1], ==, 2.0);
}

static void a_file_over_the_limit_is_refused(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = make_file(make_plain, H5P_DEFAULT);
    g_assert_null(cel_h5_read(path, 100, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_unlink(path);
}

int main(int argc, char **argv)
{
    cel_init();
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_autofree char *path = g_strconcat("/h5/hostile/", refused[i].name, NULL);
        g_test_add_data_func(path, GSIZE_TO_POINTER(i), is_refused_and_says_why);
    }
    g_test_add_func("/h5/hostile/user-block", a_user_block_is_refused);
    g_test_add_func("/h5/foreign/texts", texts_of_other_programs_are_read_and_marked);
    g_test_add_func("/h5/foreign/old-format", files_of_the_old_format_are_read);
    g_test_add_func("/h5/foreign/too-large", a_file_over_the_limit_is_refused);
    return g_test_run();
}
