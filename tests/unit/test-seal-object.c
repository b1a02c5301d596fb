/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "evidence/cel-seal.h"

#include <glib/gstdio.h>
#include <string.h>

/* A calibration as it is sealed: numbers as text, one measured input, the maker's file. */

typedef struct {
    char *folder, *path;
    CelKey *key;
    CelSealInput inputs[1];
    CelSealObject object;
} Box;

static void set_up(Box *box, gconstpointer data)
{
    (void)data;
    box->folder = g_dir_make_tmp("celadon-object-XXXXXX", NULL);
    box->path = g_build_filename(box->folder, "cal.cel.h5", NULL);
    box->key = cel_key_generate("王芳", FALSE, NULL);
    box->inputs[0] = (CelSealInput){"neon.txt", g_bytes_new_static("585.249 100\n", 12)};
    box->object = (CelSealObject){.kind = "calibration",
                                  .id = "cal-7 轴",
                                  .object_json = "{\"coefficients\":[800.0,0.50]}",
                                  .inputs = box->inputs,
                                  .n_inputs = 1,
                                  .operator_id = "P0017",
                                  .clock = cel_clock_fixed(1795000000000000),
                                  .fid = "00112233445566778899aabbccddeeff"};
}

static void tear_down(Box *box, gconstpointer data)
{
    (void)data;
    g_unlink(box->path);
    g_rmdir(box->folder);
    g_bytes_unref(box->inputs[0].bytes);
    cel_key_free(box->key);
    g_free(box->folder);
    g_free(box->path);
}

static CelH5Node *some_content(void)
{
    CelH5Node *root = cel_h5_tree_new();
    cel_h5_put_number(cel_h5_group(root, "fit", NULL), "residual", 0.02, "nm");
    return root;
}

static void seal(Box *box)
{
    g_autoptr(GError) error = NULL;
    box->object.content = some_content();
    cel_seal_object(&box->object, box->key, box->path, NULL, &error);
    g_assert_no_error(error);
}

static void what_was_sealed_comes_back(Box *box, gconstpointer data)
{
    (void)data;
    seal(box);
    g_autoptr(GError) error = NULL;
    g_autoptr(CelSealed) sealed = cel_sealed_open_object(box->path, "calibration", NULL, &error);
    g_assert_no_error(error);
    g_autofree char *text = cel_h5_get_text(cel_sealed_root(sealed), CEL_PATH_OBJECT, NULL);
    g_assert_cmpstr(text, ==, box->object.object_json);
    g_assert_true(json_object_has_member(cel_sealed_answer(sealed), "coefficients"));
    g_assert_true(g_bytes_equal(cel_sealed_input(sealed, "neon.txt"), box->inputs[0].bytes));
    g_assert_null(cel_sealed_input(sealed, "argon.txt"));
    g_assert_nonnull(cel_h5_find(cel_sealed_root(sealed), "/fit/residual"));
    g_assert_false(cel_sealed_is_training(sealed));
}

static void another_kind_is_refused(Box *box, gconstpointer data)
{
    (void)data;
    seal(box);
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_sealed_open_object(box->path, "check", NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_clear_error(&error);
    g_assert_null(cel_sealed_open(box->path, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

static void a_sealed_object_verifies(Box *box, gconstpointer data)
{
    (void)data;
    static const char *const proven[] = {"structure",     "content.sha256",    "content.sm3",
                                         "unlisted",      "manifest",          "record",
                                         "signature.sm2", "signature.ed25519", NULL};
    seal(box);
    g_autoptr(GPtrArray) lines = NULL;
    g_assert_true(cel_verify(box->path, NULL, &lines, NULL, NULL));
    g_assert_true(cel_verdict_satisfies(lines, proven));
    g_assert_nonnull(strstr(cel_verdict_find(lines, "record")->text_en, "calibration cal-7 轴"));
}

static void expect(Box *box, int code)
{
    g_autoptr(GError) error = NULL;
    box->object.content = some_content();
    g_assert_false(cel_seal_object(&box->object, box->key, box->path, NULL, &error));
    g_assert_error(error, CEL_ERROR, code);
    g_assert_false(g_file_test(box->path, G_FILE_TEST_EXISTS));
}

static void words_that_are_not_as_they_must_be_are_refused(Box *box, gconstpointer data)
{
    (void)data;
    static const char *const kinds[] = {"", "Calibration", "a kind", NULL};
    const CelSealObject good = box->object;
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        box->object.kind = kinds[i];
        expect(box, CEL_ERROR_USAGE);
    }
    box->object = good;
    box->object.id = "";
    expect(box, CEL_ERROR_USAGE);
    box->object = good;
    box->inputs[0].name = "../neon";
    expect(box, CEL_ERROR_USAGE);
    box->inputs[0].name = "neon.txt";
    box->object.object_json = "[1]";
    expect(box, CEL_ERROR_INPUT);
}

static void simulated_things_need_a_training_seal(Box *box, gconstpointer data)
{
    (void)data;
    box->object.simulated = TRUE;
    expect(box, CEL_ERROR_POLICY);
    box->object.training = TRUE; /* a true key never seals training */
    expect(box, CEL_ERROR_POLICY);
}

static void content_of_its_own_celadon_group_is_refused(Box *box, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    box->object.content = some_content();
    cel_h5_group(box->object.content, "celadon", NULL);
    g_assert_false(cel_seal_object(&box->object, box->key, box->path, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
#define ADD(test) g_test_add("/seal-object/" #test, Box, NULL, set_up, test, tear_down)
    ADD(what_was_sealed_comes_back);
    ADD(another_kind_is_refused);
    ADD(a_sealed_object_verifies);
    ADD(words_that_are_not_as_they_must_be_are_refused);
    ADD(simulated_things_need_a_training_seal);
    ADD(content_of_its_own_celadon_group_is_refused);
    return g_test_run();
}
