/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "base/cel-file.h"
#include "h5/cel-h5.h"

#include <glib/gstdio.h>
#include <string.h>

/* Every type, rank, kind of attribute and an empty one of each. */
static CelH5Node *make_tree(void)
{
    CelH5Node *root = cel_h5_tree_new();
    const gsize shape[] = { 3, 40 };
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
    const double few[] = { 1.5, -2.25, 1e300 };
    CelH5Node *values = cel_h5_put_f64(root, "values", few, 3);
    cel_h5_attr_text(values, "units", "cm⁻¹");
    cel_h5_attr_text(values, "empty", "");
    cel_h5_attr_f64(values, "scale", 0.1);
    cel_h5_attr_int(values, "index", -7);
    const char *const axes[] = { "raman_shift", "位移", NULL }, *const none[] = { NULL };
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

int main(int argc, char **argv)
{
    cel_init();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/h5/round-trip", a_tree_survives_the_round_trip);
    g_test_add_func("/h5/same-bytes", the_same_tree_gives_the_same_bytes);
    return g_test_run();
}
