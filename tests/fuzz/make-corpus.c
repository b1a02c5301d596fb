/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes the seeds that no one can type: files of our own writer, what the walk makes of them,
 * recipes and canonical JSON. Usage: make-corpus FOLDER (tests/fuzz/corpus). */
#include "base/cel-canon.h"
#include "fake-wasatch.h"
#include "formats/cel-reader-pack.h"
#include "h5/cel-h5-parse.h"
#include "h5/cel-nxraman.h"
#include "maker-files.h"
#include "process/cel-recipe.h"
#include "register/cel-ledger-batch.h"
#include "spc-fixture.h"

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
    g_autofree guint8 *result = g_malloc0(CAPACITY);
    const CelJailTask task = {.input = g_bytes_get_data(image, NULL),
                              .input_size = g_bytes_get_size(image),
                              .result = result,
                              .capacity = CAPACITY};
    const gsize used = cel_h5_parse(&task);
    g_autofree char *file = g_strconcat("h5/", name, ".h5", NULL);
    g_autofree char *walk = g_strconcat("h5-result/", name, ".bin", NULL);
    put(top, file, task.input, task.input_size);
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

/* One file of three points for each shape of SPC. */
static void put_spc_shape(const char *top, const char *name, SpcHead head, const char *log)
{
    static const double x[] = {100, 110, 130}, y[] = {1, -2, 3};
    guint8 data[4096];
    CelBytesOut out = cel_bytes_out(data, sizeof data, CEL_LITTLE_ENDIAN);
    const gboolean own = (head.flags & CEL_SPC_OWN_X) != 0;
    head.log = log != NULL ? SPC_HEADER + SPC_SUBHEADER + 12 : 0;
    spc_put_head(&out, &head);
    if ((head.flags & CEL_SPC_X_VALUES) != 0 && !own)
        spc_put_floats(&out, x, 3);
    for (guint32 i = 0; i < head.n_subfiles; i++) {
        spc_put_subheader(&out, head.exponent, (float)i, 3);
        if (own)
            spc_put_floats(&out, x, 3);
        if (head.exponent == SPC_FLOATING)
            spc_put_floats(&out, y, 3);
        else
            spc_put_fixed(&out, &head, y, 3);
    }
    if (log != NULL)
        spc_put_log(&out, log);
    g_autofree char *place = g_strdup_printf("spc/%s.spc", name);
    put(top, place, data, out.used);
}

static void put_spc(const char *top)
{
    const SpcHead plain = {.version = CEL_SPC_NEW_LITTLE,
                           .technique = CEL_SPC_RAMAN,
                           .exponent = SPC_FLOATING,
                           .x_type = CEL_SPC_X_RAMAN_CM1,
                           .n_points = 3,
                           .n_subfiles = 1,
                           .first = 100,
                           .last = 130};
    SpcHead big = plain, old = plain, narrow = plain, stored = plain, several = plain, own = plain;
    big.version = CEL_SPC_NEW_BIG;
    old.version = CEL_SPC_OLD;
    old.flags = CEL_SPC_MULTI;
    old.exponent = 8;
    old.n_subfiles = 2;
    narrow.flags = CEL_SPC_16_BIT;
    narrow.exponent = 8;
    stored.flags = CEL_SPC_X_VALUES;
    several.flags = CEL_SPC_MULTI;
    several.exponent = 8;
    several.n_subfiles = 3;
    own.flags = CEL_SPC_MULTI | CEL_SPC_X_VALUES | CEL_SPC_OWN_X;
    own.n_points = 0;
    own.n_subfiles = 2;
    put_spc_shape(top, "plain", plain, NULL);
    put_spc_shape(top, "log", plain, "Laser=Laser: 785 nm edge\r\nsimulated=yes\r\n");
    put_spc_shape(top, "big-endian", big, NULL);
    put_spc_shape(top, "old", old, NULL);
    put_spc_shape(top, "16-bit", narrow, NULL);
    put_spc_shape(top, "stored-x", stored, NULL);
    put_spc_shape(top, "several", several, NULL);
    put_spc_shape(top, "own-x", own, NULL);
}

static void put_made(const char *top, const char *place, GByteArray *file)
{
    put(top, place, file->data, file->len);
    g_byte_array_unref(file);
}

static void put_makers(const char *top)
{
    put_made(top, "wdf/map.wdf", make_wdf());
    put_made(top, "opus/raman.0", make_opus());
    put_made(top, "spa/raman.spa", make_spa());
    put_made(top, "spe/winspec.spe", make_spe2());
    put_made(top, "spe/lightfield.spe", make_spe3(SPE_FOOTER));
}

/* What the walk makes of @root, as the readers of HDF5 files get it. */
static void put_walk(const char *top, const char *place, const CelH5Node *root)
{
    g_autoptr(GBytes) image = cel_h5_to_bytes(root, NULL);
    g_autofree guint8 *result = g_malloc0(CAPACITY);
    const guint8 foreign = CEL_H5_FOREIGN;
    const CelJailTask task = {.input = g_bytes_get_data(image, NULL),
                              .input_size = g_bytes_get_size(image),
                              .params = &foreign,
                              .params_size = 1,
                              .result = result,
                              .capacity = CAPACITY};
    put(top, place, result, cel_h5_parse(&task));
}

static CelSpectrum *small_spectrum(void)
{
    const double x[] = {100.0, 200.5, 301.0, 402.0}, y[] = {1.0, 5.0, 2.0, 1.5},
                 variance[] = {1.0, 4.0, 9.0, 0.25};
    const guint8 mask[] = {0, 1, 0, 2};
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, G_N_ELEMENTS(x), NULL);
    CelSpectrum *spectrum = cel_spectrum_new(axis, y, NULL);
    cel_spectrum_set_variance(spectrum, variance, NULL);
    cel_spectrum_set_mask(spectrum, mask);
    cel_spectrum_set_meta(spectrum, CEL_META_TITLE, "检材 1-1");
    cel_spectrum_set_meta_number(spectrum, CEL_META_LASER_NM, 785.0);
    return spectrum;
}

static void put_hdf5(const char *top)
{
    const double stage[] = {100.0, 200.0, 300.0, 1.0, 2.0, 3.0};
    const gsize shape[] = {2, 3};
    g_autoptr(CelSpectrum) spectrum = small_spectrum();
    g_autoptr(CelMeasurement) m = cel_measurement_from_spectrum(spectrum);
    g_autoptr(CelH5Node) own = cel_h5_tree_new();
    g_autoptr(CelH5Node) cha = cel_h5_tree_new();
    const CelNxramanLabels second = {.entry = "entry_2"};
    cel_nxraman_write(own, m, "title", NULL, NULL);
    cel_nxraman_set_plot(own, spectrum, NULL);
    cel_nxraman_write_entry(own, m, &second, NULL);
    put_walk(top, "h5-reader/own.bin", own);
    for (int i = 0; i < 2; i++) /* without our own group it is NeXus of another program */
        cel_h5_remove(cel_h5_group(own, i == 0 ? "entry" : "entry_2", NULL), "celadon_measurement");
    put_walk(top, "h5-reader/nexus.bin", own);
    cel_h5_attr_f64(cel_h5_put(cha, "raw", CEL_H5_F64, 2, shape, stage, FALSE), "laser_wl", 785.0);
    cel_h5_put(cha, "normalized", CEL_H5_F64, 2, shape, stage, FALSE);
    put_walk(top, "h5-reader/cha.bin", cha);
}

static void put_results(const char *top)
{
    g_autoptr(CelSpectrum) spectrum = small_spectrum();
    CelReadOut out = {.measurement = cel_measurement_from_spectrum(spectrum),
                      .variance = g_memdup2(cel_spectrum_variance(spectrum), 4 * sizeof(double)),
                      .mask = g_memdup2(cel_spectrum_mask(spectrum), 4),
                      .kind = CEL_KIND_RAMAN,
                      .kind_text = g_strdup("RAMAN SPECTRUM"),
                      .n_spectra = 2,
                      .spectrum = 1};
    out.titles = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(out.titles, g_strdup("a"));
    g_autofree guint8 *block = g_malloc0(CAPACITY);
    put(top, "reader-result/read.bin", block, cel_read_pack(block, CAPACITY, &out, 1, NULL));
    g_autoptr(GError) error = g_error_new(G_FILE_ERROR, 0, "no");
    put(top, "reader-result/error.bin", block, cel_read_pack(block, CAPACITY, &out, 1, error));
    cel_read_out_clear(&out);
}

/* An event alone, as a line with its signatures, and as a batch of one. */
static void put_events(const char *top)
{
    const char *const id = "00112233445566778899aabbccddeeff";
    g_autoptr(GError) error = NULL;
    g_autoptr(CelKey) key = cel_key_generate("王芳", FALSE, &error);
    const CelEventSigners signers = {.operator_key = key, .operator_id = "P0017"};
    const CelEventPlace place = {.ledger_id = id, .seq = 1, .previous = cel_event_genesis(id)};
    const CelEventRequest request = {.act = CEL_ACT_TRANSFER,
                                     .case_id = "2026-0113",
                                     .item_id = "1-1",
                                     .from = {"城南派出所", "赵六", "0412"},
                                     .to = {"快检室", "王芳", NULL},
                                     .seal_no = "A7",
                                     .seal_state = "intact",
                                     .clock = cel_clock_fixed(1795000000000000)};
    g_autoptr(GBytes) record = cel_event_write(&request, &place, &signers, &error);
    g_autoptr(CelLedgerEntry) entry = cel_entry_sign(record, 1, &signers, &error);
    g_autofree char *line = cel_entry_write(entry, &error);
    g_autoptr(GPtrArray) entries = g_ptr_array_new();
    CelLedgerBatch batch = {.entries = entries};
    g_ptr_array_add(entries, entry);
    g_strlcpy(batch.ledger_id, id, sizeof batch.ledger_id);
    g_autoptr(GBytes) text = cel_ledger_batch_write(&batch, &error);
    g_assert_no_error(error);
    put(top, "event/event.json", g_bytes_get_data(record, NULL), g_bytes_get_size(record));
    put(top, "event/entry.json", line, strlen(line));
    put(top, "event/batch.jsonl", g_bytes_get_data(text, NULL), g_bytes_get_size(text));
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
    put_events(argv[1]);
    put_wasatch(argv[1]);
    put_spc(argv[1]);
    put_makers(argv[1]);
    put_hdf5(argv[1]);
    put_results(argv[1]);
    return 0;
}
