/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "h5/cel-h5-node.h"
#include "h5/cel-nxraman.h"

#include <math.h>
#include <string.h>

/* The tree of nodes in memory, and what an entry may lack or hold. */

static void names_have_rules(void)
{
    g_autofree char *longest = g_strnfill(CEL_H5_MAX_NAME, 'a');
    g_autofree char *longer = g_strnfill(CEL_H5_MAX_NAME + 1, 'a');
    g_assert_true(cel_h5_name_valid(longest));
    g_assert_false(cel_h5_name_valid(longer));
    g_assert_true(cel_h5_name_valid(".."));
    g_assert_true(cel_h5_name_valid("拉曼 1"));
    g_assert_false(cel_h5_name_valid("."));
    g_assert_false(cel_h5_name_valid(""));
    g_assert_false(cel_h5_name_valid(NULL));
    g_assert_false(cel_h5_name_valid("a/b"));
    g_assert_false(cel_h5_name_valid("\xff"));
}

static void counts_of_elements_do_not_overflow(void)
{
    const gsize shape[] = {3, 4}, huge[] = {G_MAXSIZE, 2}, none[] = {0, 5};
    gboolean ok = FALSE;
    g_assert_cmpuint(cel_h5_count(2, shape, &ok), ==, 12);
    g_assert_true(ok);
    g_assert_cmpuint(cel_h5_count(0, NULL, &ok), ==, 1);
    g_assert_true(ok);
    g_assert_cmpuint(cel_h5_count(2, none, &ok), ==, 0);
    g_assert_true(ok);
    g_assert_cmpuint(cel_h5_count(2, huge, &ok), ==, 0);
    g_assert_false(ok);
    cel_h5_count(3, shape, &ok);
    g_assert_false(ok);
}

static void each_type_has_its_size(void)
{
    static const gsize sizes[] = {
        [CEL_H5_GROUP] = 0, [CEL_H5_F64] = 8, [CEL_H5_F32] = 4, [CEL_H5_U8] = 1,   [CEL_H5_U32] = 4,
        [CEL_H5_I32] = 4,   [CEL_H5_I64] = 8, [CEL_H5_U64] = 8, [CEL_H5_TEXT] = 1,
    };
    for (guint t = 0; t < G_N_ELEMENTS(sizes); t++)
        g_assert_cmpuint(cel_h5_type_size((CelH5Type)t), ==, sizes[t]);
    g_assert_cmpuint(cel_h5_type_size((CelH5Type)99), ==, 0);
}

static void a_group_is_made_once_and_found_by_any_spelling_of_its_path(void)
{
    g_autoptr(CelH5Node) root = cel_h5_tree_new();
    CelH5Node *made = cel_h5_group(root, "/a//b/", "NXdata");
    g_assert_true(cel_h5_group(root, "a/b", NULL) == made);
    g_assert_true(cel_h5_find(root, "/a/b") == made);
    g_assert_true(cel_h5_find(root, "") == root);
    g_assert_null(cel_h5_find(root, "/a/c"));
    g_assert_null(cel_h5_find(root, "/a/b/c"));
    g_assert_cmpstr(cel_h5_attr(made, "NX_class"), ==, "NXdata");
    g_assert_null(cel_h5_attr(cel_h5_find(root, "a"), "NX_class"));
}

static void a_dataset_has_nothing_below_it(void)
{
    g_autoptr(CelH5Node) root = cel_h5_tree_new();
    cel_h5_put_int(root, "n", 1);
    g_assert_null(cel_h5_find(root, "n/x"));
    CelH5Node *data = (CelH5Node *)cel_h5_find(root, "n");
    g_assert_null(cel_h5_add(data, "x", CEL_H5_GROUP, NULL));
}

static void what_is_removed_is_gone_and_the_rest_stays_in_order(void)
{
    g_autoptr(CelH5Node) root = cel_h5_tree_new();
    for (char c = 'e'; c >= 'a'; c--)
        cel_h5_put_int(root, (const char[]){c, '\0'}, c);
    cel_h5_remove(root, "c");
    cel_h5_remove(root, "none");
    GString *names = g_string_new(NULL);
    for (guint i = 0; i < cel_h5_children(root)->len; i++)
        g_string_append(names, cel_h5_name(g_ptr_array_index(cel_h5_children(root), i)));
    g_assert_cmpstr(names->str, ==, "abde");
    g_string_free(names, TRUE);
    g_assert_null(cel_h5_find(root, "c"));
}

static void an_attribute_of_the_same_name_is_replaced(void)
{
    g_autoptr(CelH5Node) root = cel_h5_tree_new();
    cel_h5_attr_text(root, "a", "one");
    cel_h5_attr_text(root, "a", "two");
    cel_h5_attr_text(root, "a", NULL);
    g_assert_cmpuint(root->attributes->len, ==, 1);
    g_assert_cmpstr(cel_h5_attr(root, "a"), ==, "two");
}

static void only_a_single_text_is_a_text_attribute(void)
{
    static const char *const two[] = {"a", "b", NULL};
    g_autoptr(CelH5Node) root = cel_h5_tree_new();
    cel_h5_attr_f64(root, "real", 1.5);
    cel_h5_attr_int(root, "whole", 7);
    cel_h5_attr_texts(root, "texts", two);
    g_assert_null(cel_h5_attr(root, "real"));
    g_assert_null(cel_h5_attr(root, "whole"));
    g_assert_null(cel_h5_attr(root, "texts"));
    g_assert_null(cel_h5_attr(root, "none"));
}

static void no_text_makes_no_dataset(void)
{
    g_autoptr(CelH5Node) root = cel_h5_tree_new();
    g_assert_null(cel_h5_put_text(root, "t", NULL));
    g_assert_cmpuint(cel_h5_children(root)->len, ==, 0);
}

static void a_text_of_the_greatest_compact_size_stays_a_text(void)
{
    g_autoptr(CelH5Node) root = cel_h5_tree_new();
    g_autofree char *most = g_strnfill(CEL_H5_MAX_COMPACT, 'x');
    g_autofree char *more = g_strnfill(CEL_H5_MAX_COMPACT + 1, 'x');
    g_assert_cmpint(cel_h5_type(cel_h5_put_text(root, "most", most)), ==, CEL_H5_TEXT);
    g_assert_cmpint(cel_h5_type(cel_h5_put_text(root, "more", more)), ==, CEL_H5_U8);
}

static void whole_numbers_of_each_small_type_are_read(void)
{
    g_autoptr(CelH5Node) root = cel_h5_tree_new();
    const guint8 small = 200;
    const guint32 large = G_MAXUINT32;
    const gint32 negative = G_MININT32;
    const double real = 1;
    const gsize one = 1;
    gint64 value = 42;
    cel_h5_put(root, "u8", CEL_H5_U8, 0, NULL, &small, FALSE);
    cel_h5_put(root, "u32", CEL_H5_U32, 0, NULL, &large, FALSE);
    cel_h5_put(root, "i32", CEL_H5_I32, 0, NULL, &negative, FALSE);
    cel_h5_put(root, "f64", CEL_H5_F64, 0, NULL, &real, FALSE);
    cel_h5_put(root, "list", CEL_H5_I32, 1, &one, &negative, FALSE);
    g_assert_false(cel_h5_get_int(root, "f64", &value, NULL));
    g_assert_false(cel_h5_get_int(root, "list", &value, NULL));
    g_assert_false(cel_h5_get_int(root, "none", &value, NULL));
    g_assert_cmpint(value, ==, 42);
    g_assert_true(cel_h5_get_int(root, "u8", &value, NULL));
    g_assert_cmpint(value, ==, 200);
    g_assert_true(cel_h5_get_int(root, "u32", &value, NULL));
    g_assert_cmpint(value, ==, G_MAXUINT32);
    g_assert_true(cel_h5_get_int(root, "i32", &value, NULL));
    g_assert_cmpint(value, ==, G_MININT32);
}

static void texts_are_read_from_bytes_only_when_they_are_utf8(void)
{
    g_autoptr(CelH5Node) root = cel_h5_tree_new();
    g_autoptr(GError) error = NULL;
    cel_h5_put_bytes(root, "good", "拉曼", 6);
    cel_h5_put_bytes(root, "cut", "拉曼", 5);
    cel_h5_put_bytes(root, "zero", "a\0b", 3);
    cel_h5_put_int(root, "number", 1);
    g_autofree char *good = cel_h5_get_text(root, "good", &error);
    g_assert_no_error(error);
    g_assert_cmpstr(good, ==, "拉曼");
    g_assert_null(cel_h5_get_text(root, "cut", NULL));
    g_assert_null(cel_h5_get_text(root, "zero", NULL));
    g_assert_null(cel_h5_get_text(root, "number", NULL));
    g_assert_null(cel_h5_get_text(root, "/", &error));
    g_assert_nonnull(strstr(error->message, "is a group"));
}

static void numbers_of_two_dimensions_keep_their_shape(void)
{
    g_autoptr(CelH5Node) root = cel_h5_tree_new();
    const gsize shape[] = {2, 3};
    const guint8 bytes[] = {1, 2, 3, 4, 5, 255};
    gsize back[CEL_H5_MAX_RANK], n = 0;
    CelH5Node *node = cel_h5_put(root, "m", CEL_H5_U8, 2, shape, bytes, FALSE);
    g_assert_cmpuint(cel_h5_shape(node, back), ==, 2);
    g_assert_cmpuint(back[0], ==, 2);
    g_assert_cmpuint(back[1], ==, 3);
    g_autofree double *values = cel_h5_get_f64(root, "m", &n, NULL);
    g_assert_cmpuint(n, ==, 6);
    g_assert_cmpfloat(values[5], ==, 255);
}

/* ---- entries ---- */

static CelMeasurement *small_measurement(gsize dark)
{
    CelMeasurement *m = cel_measurement_new(4, 2, dark);
    for (gsize i = 0; i < 8; i++)
        m->frames[i] = 100 + (double)i;
    for (gsize i = 0; i < 4 * dark; i++)
        m->dark_frames[i] = 10;
    m->calibration = (CelCalibration){.medium = CEL_UNIT_NM_AIR,
                                      .n_coefficients = 2,
                                      .coefficients = {800, 0.5},
                                      .laser_nm = 785};
    return m;
}

/* An entry with one thing changed must not be read. */
static void entry_refused(CelH5Node *root, const char *part)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_nxraman_read(root, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    if (strstr(error->message, part) == NULL)
        g_error("\"%s\" does not contain \"%s\"", error->message, part);
}

static CelH5Node *entry_of(gsize dark)
{
    g_autoptr(CelMeasurement) m = small_measurement(dark);
    CelH5Node *root = cel_h5_tree_new();
    g_autoptr(GError) error = NULL;
    cel_nxraman_write(root, m, NULL, NULL, &error);
    g_assert_no_error(error);
    return root;
}

static void an_entry_without_dark_comes_back_without_one(void)
{
    g_autoptr(CelH5Node) root = entry_of(0);
    g_autoptr(CelMeasurement) back = cel_nxraman_read(root, NULL);
    g_assert_nonnull(back);
    g_assert_cmpuint(back->n_dark_frames, ==, 0);
    g_assert_cmpuint(back->n_frames, ==, 2);
    g_assert_cmpfloat(back->frames[7], ==, 107);
}

static void an_entry_that_is_not_there_is_named(void)
{
    g_autoptr(CelH5Node) root = entry_of(1);
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_nxraman_read_entry(root, "entry_9", &error));
    g_assert_nonnull(strstr(error->message, "entry_9"));
}

static void replace_raw(CelH5Node *root, CelH5Type type, guint rank, const gsize *shape)
{
    static const double values[16] = {1, 2, 3, 4, 5, 6, 7, 8};
    CelH5Node *group = cel_h5_group(root, "entry/instrument/detector_1/raw_data", NULL);
    cel_h5_remove(group, "raw");
    cel_h5_put(group, "raw", type, rank, shape, values, FALSE);
}

static void raw_counts_of_another_kind_are_refused(void)
{
    static const struct {
        CelH5Type type;
        guint rank;
        gsize shape[2];
    } rows[] = {{CEL_H5_F64, 1, {8, 0}},
                {CEL_H5_F32, 2, {2, 4}},
                {CEL_H5_F64, 2, {0, 4}},
                {CEL_H5_F64, 2, {8, 1}},
                {CEL_H5_F64, 2, {2, 3}}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(CelH5Node) root = entry_of(1);
        replace_raw(root, rows[i].type, rows[i].rank, rows[i].shape);
        /* the last one is sound by itself, but its dark has another width */
        entry_refused(root, i + 1 < G_N_ELEMENTS(rows) ? "raw" : "dark");
    }
}

static void a_count_that_is_not_finite_is_refused(void)
{
    g_autoptr(CelH5Node) root = entry_of(1);
    const double bad[] = {1, 2, 3, 4, 5, 6, 7, NAN};
    const gsize shape[] = {2, 4};
    CelH5Node *group = cel_h5_group(root, "entry/instrument/detector_1/raw_data", NULL);
    cel_h5_remove(group, "raw");
    cel_h5_put(group, "raw", CEL_H5_F64, 2, shape, bad, FALSE);
    entry_refused(root, "raw");
}

static void a_range_needs_two_finite_ends(void)
{
    static const double values[][3] = {{1, 2, 3}, {1, INFINITY, 0}};
    static const gsize n[] = {3, 2};
    for (gsize i = 0; i < G_N_ELEMENTS(n); i++) {
        g_autoptr(CelH5Node) root = entry_of(1);
        CelH5Node *group = cel_h5_group(root, "entry/celadon_measurement", NULL);
        cel_h5_remove(group, "range");
        cel_h5_put_f64(group, "range", values[i], n[i]);
        entry_refused(root, "range");
    }
}

static void a_flag_is_zero_or_one(void)
{
    static const gint64 values[] = {2, -1};
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
        g_autoptr(CelH5Node) root = entry_of(1);
        CelH5Node *group = cel_h5_group(root, "entry/celadon_measurement", NULL);
        cel_h5_remove(group, "simulated");
        cel_h5_put_int(group, "simulated", values[i]);
        entry_refused(root, "simulated");
    }
}

#define ADD(test) g_test_add_func("/h5-tree/" #test, test)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD(names_have_rules);
    ADD(counts_of_elements_do_not_overflow);
    ADD(each_type_has_its_size);
    ADD(a_group_is_made_once_and_found_by_any_spelling_of_its_path);
    ADD(a_dataset_has_nothing_below_it);
    ADD(what_is_removed_is_gone_and_the_rest_stays_in_order);
    ADD(an_attribute_of_the_same_name_is_replaced);
    ADD(only_a_single_text_is_a_text_attribute);
    ADD(no_text_makes_no_dataset);
    ADD(a_text_of_the_greatest_compact_size_stays_a_text);
    ADD(whole_numbers_of_each_small_type_are_read);
    ADD(texts_are_read_from_bytes_only_when_they_are_utf8);
    ADD(numbers_of_two_dimensions_keep_their_shape);
    ADD(an_entry_without_dark_comes_back_without_one);
    ADD(an_entry_that_is_not_there_is_named);
    ADD(raw_counts_of_another_kind_are_refused);
    ADD(a_count_that_is_not_finite_is_refused);
    ADD(a_range_needs_two_finite_ends);
    ADD(a_flag_is_zero_or_one);
    return g_test_run();
}
