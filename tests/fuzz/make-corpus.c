/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes the seeds that no one can type: files of our own writer, what the walk makes of them,
 * recipes and canonical JSON. Usage: make-corpus FOLDER (tests/fuzz/corpus). */
#include "base/cel-canon.h"
#include "fake-wasatch.h"
#include "h5/cel-h5-parse.h"
#include "process/cel-recipe.h"

#include <string.h>

enum { CAPACITY = 1024 * 1024 };

static void put(const char *top, const char *place, const void *data, gsize n)
{
    g_autofree char *path = g_build_filename(top, place, NULL);
    g_autoptr(GError) error = NULL;
    g_file_set_contents(path, data, (gssize)n, &error);
    g_assert_no_error(error);
}

static CelH5Node *small_tree(gboolean deflate)
{
    CelH5Node *root = cel_h5_tree_new();
    double values[40];
    const gsize shape[] = {5, 8};
    const char *const axes[] = {"raman_shift", "位移", NULL};
    for (guint i = 0; i < 40; i++)
        values[i] = i / 3.0;
    CelH5Node *data = cel_h5_group(root, "entry/data", "NXdata");
    CelH5Node *node = cel_h5_put(data, "intensity", CEL_H5_F64, 2, shape, values, deflate);
    cel_h5_attr_text(node, "units", "cm-1");
    cel_h5_attr_texts(node, "axes", axes);
    cel_h5_attr_f64(node, "scale", 0.1);
    cel_h5_put_f64(data, "x", values, 8);
    cel_h5_put_text(data, "name", "检材 1-1");
    cel_h5_put_int(root, "training", 1);
    cel_h5_put_bytes(root, "bytes", "\x00\xff", 2);
    return root;
}

static void put_h5(const char *top, const CelH5Node *root, const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) image = cel_h5_to_bytes(root, &error);
    g_assert_no_error(error);
    CelH5Image input = {.data = g_bytes_get_data(image, NULL), .size = g_bytes_get_size(image)};
    g_autofree guint8 *result = g_malloc0(CAPACITY);
    const gsize used = cel_h5_parse(result, CAPACITY, &input);
    g_autofree char *file = g_strconcat("h5/", name, ".h5", NULL);
    g_autofree char *walk = g_strconcat("h5-result/", name, ".bin", NULL);
    put(top, file, input.data, input.size);
    put(top, walk, result, used);
}

static void put_trees(const char *top)
{
    g_autoptr(CelH5Node) empty = cel_h5_tree_new();
    g_autoptr(CelH5Node) plain = small_tree(FALSE);
    g_autoptr(CelH5Node) packed = small_tree(TRUE);
    g_autoptr(CelH5Node) deep = cel_h5_tree_new();
    cel_h5_put_number(cel_h5_group(deep, "a/b/c/d/e/f/g/h", NULL), "x", 785.0, "nm");
    put_h5(top, empty, "empty");
    put_h5(top, plain, "plain");
    put_h5(top, packed, "packed");
    put_h5(top, deep, "deep");
    CelH5Result refusal = {.refusal = CEL_H5_EXTERNAL_LINK, .where_bytes = 4};
    memcpy(refusal.where, "/a/b", 4);
    put(top, "h5-result/refusal.bin", &refusal, sizeof refusal);
}

static void put_recipes(const char *top)
{
    gsize n = 0;
    const CelRecipeDef *table = cel_recipes(&n);
    for (gsize i = 0; i < n; i++) {
        g_autoptr(CelRecipe) recipe = cel_recipe_shipped(table[i].name, NULL);
        g_autofree char *text = cel_recipe_to_text(recipe);
        g_autofree char *place = g_strconcat("recipe/", table[i].name, ".recipe", NULL);
        put(top, place, text, strlen(text));
    }
    g_autoptr(CelRecipe) all = cel_recipe_new("every step");
    gsize n_steps = 0;
    const CelStepDef *const *steps = cel_steps(&n_steps);
    for (gsize i = 0; i < n_steps; i++)
        cel_recipe_append_text(all, steps[i]->id, NULL);
    g_autofree char *text = cel_recipe_to_text(all);
    put(top, "recipe/every-step.recipe", text, strlen(text));
}

static void put_canon(const char *top)
{
    static const char *const texts[] = {
        "{\"act\":\"seal\",\"case\":\"2026-刑-0042\",\"n\":-9007199254740992,\"v\":1}",
        "[true,false,null,[],{},\"\",\"\\u0001\\n\\\"\\\\\",[[[[0]]]]]",
        "{\"a\":{\"b\":[1,2,{\"c\":null}]},\"z\":\"é\"}",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(JsonNode) node = json_from_string(texts[i], NULL);
        g_autofree char *text = cel_canon_write(node, NULL);
        g_autofree char *place = g_strdup_printf("canon/%zu.json", i + 1);
        put(top, place, text, strlen(text));
    }
}

/* Two made-up units, a frame, and what may happen to transfers. */
static void put_wasatch(const char *top)
{
    g_autoptr(FakeWasatch) fx2 = fake_wasatch_new();
    g_autoptr(FakeWasatch) xs = fake_wasatch_new();
    guint8 frame[2051] = {0xd7, 0x00, 0x07};
    guint8 script[400] = {0};
    fake_wasatch_make_xs(xs);
    put(top, "wasatch-eeprom/fx2.bin", fx2->pages, sizeof fx2->pages);
    put(top, "wasatch-eeprom/xs.bin", xs->pages, sizeof xs->pages);
    fake_wasatch_put_u8(fx2, 0, 63, 4);
    put(top, "wasatch-eeprom/format-4.bin", fx2->pages, sizeof fx2->pages);
    for (guint i = 3; i < sizeof frame; i++)
        frame[i] = (guint8)(i * 37 % 251);
    put(top, "wasatch-frame/frame.bin", frame, sizeof frame);
    put(top, "wasatch-frame/answer.bin", frame, 11);
    for (guint8 flags = 0; flags < 8; flags++) {
        g_autofree char *place = g_strdup_printf("wasatch-session/%u.bin", flags);
        script[0] = flags;
        for (guint i = 1; i < sizeof script; i++)
            script[i] = (guint8)(i % (17u + 5u * flags) == 0 ? 0x80 + (i * 7 + flags) % 0x80 : 0);
        put(top, place, script, sizeof script);
    }
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        g_printerr("Usage: make-corpus FOLDER\n");
        return 2;
    }
    put_trees(argv[1]);
    put_recipes(argv[1]);
    put_canon(argv[1]);
    put_wasatch(argv[1]);
    return 0;
}
