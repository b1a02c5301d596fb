/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal-fixture.h"

#include "evidence/cel-record-write.h"
#include "evidence/cel-seal-tree.h"

static int simulated_marker;
#define SIMULATED (&simulated_marker)

static void expect_refusal(Bag *bag, int code)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(cel_seal_write(&bag->request, bag->key, bag->path, NULL, &error));
    g_assert_error(error, CEL_ERROR, code);
    g_assert_false(g_file_test(bag->path, G_FILE_TEST_EXISTS));
}

static void a_sealed_file_is_read_only(Bag *bag, gconstpointer data)
{
    (void)data;
    bag_seal(bag);
    GStatBuf info;
    g_assert_cmpint(g_stat(bag->path, &info), ==, 0);
    g_assert_cmpuint(info.st_mode & 07777, ==, 0440);
}

static void a_second_seal_never_replaces_the_first(Bag *bag, gconstpointer data)
{
    (void)data;
    bag_seal(bag);
    g_autoptr(GBytes) before = cel_file_read(bag->path, CEL_SEAL_MAX_BYTES, NULL);
    g_autoptr(GError) error = NULL;
    g_assert_false(cel_seal_write(&bag->request, bag->key, bag->path, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
    g_autoptr(GBytes) after = cel_file_read(bag->path, CEL_SEAL_MAX_BYTES, NULL);
    g_assert_true(g_bytes_equal(before, after));
}

static void raw_counts_come_back_bit_for_bit(Bag *bag, gconstpointer data)
{
    (void)data;
    bag_seal(bag);
    g_autoptr(GError) error = NULL;
    g_autoptr(CelSealed) sealed = cel_sealed_open(bag->path, NULL, &error);
    g_assert_no_error(error);
    for (gsize i = 0; i < REPLICATES; i++) {
        const CelH5Node *node = cel_sealed_measurement(sealed, i);
        g_autoptr(CelMeasurement) m = cel_nxraman_read(node, &error);
        g_assert_no_error(error);
        g_assert_true(memcmp(m->frames, bag->measurements[i]->frames,
                             3 * PIXELS * sizeof(double)) == 0);
        g_assert_true(memcmp(m->dark_frames, bag->measurements[i]->dark_frames,
                             2 * PIXELS * sizeof(double)) == 0);
    }
    g_autoptr(CelMeasurement) blank = cel_nxraman_read(cel_sealed_blank(sealed, 0), &error);
    g_assert_no_error(error);
    g_assert_true(memcmp(blank->frames, bag->blank->frames, 3 * PIXELS * sizeof(double)) == 0);
    g_assert_null(cel_sealed_measurement(sealed, REPLICATES));
    g_assert_null(cel_sealed_blank(sealed, 1));
}

static void every_step_and_its_result_is_in_the_file(Bag *bag, gconstpointer data)
{
    (void)data;
    static const char *const names[] = { "process_01_dark_subtract", "process_02_smooth_savgol" };
    bag_seal(bag);
    g_autoptr(CelSealed) sealed = cel_sealed_open(bag->path, NULL, NULL);
    for (gsize i = 0; i < REPLICATES; i++)
        for (guint k = 0; k < G_N_ELEMENTS(names); k++) {
            gsize n = 0;
            g_autofree char *y_path = g_strdup_printf("entry/%s/result/intensity", names[k]);
            g_autofree double *y =
                cel_h5_get_f64(cel_sealed_measurement(sealed, i), y_path, &n, NULL);
            const CelSpectrum *stage = g_ptr_array_index(bag->stages[i], k);
            g_assert_cmpuint(n, ==, cel_spectrum_length(stage));
            g_assert_true(memcmp(y, cel_spectrum_y(stage), n * sizeof *y) == 0);
        }
    g_autofree char *parameters = cel_h5_get_text(
        cel_sealed_root(sealed), "/entry/process_02_smooth_savgol/parameters", NULL);
    g_autofree char *expected = cel_params_to_text(cel_recipe_params(bag->recipe, 1));
    g_assert_cmpstr(parameters, ==, expected);
    g_autofree char *recipe = cel_h5_get_text(cel_sealed_root(sealed), CEL_PATH_RECIPE, NULL);
    g_autoptr(CelRecipe) again = cel_recipe_from_text(recipe, NULL);
    g_assert_cmpuint(cel_recipe_length(again), ==, 2);
}

static void the_plot_is_the_processed_spectrum(Bag *bag, gconstpointer data)
{
    (void)data;
    bag_seal(bag);
    g_autoptr(CelSealed) sealed = cel_sealed_open(bag->path, NULL, NULL);
    gsize n = 0;
    g_autofree double *y =
        cel_h5_get_f64(cel_sealed_root(sealed), "/entry/data/intensity", &n, NULL);
    const CelSpectrum *last = g_ptr_array_index(bag->stages[0], 1);
    g_assert_cmpuint(n, ==, cel_spectrum_length(last));
    g_assert_true(memcmp(y, cel_spectrum_y(last), n * sizeof *y) == 0);
    g_assert_cmpstr(cel_h5_attr(cel_sealed_root(sealed), "default"), ==, "entry");
}

static void the_answer_keeps_its_words_and_digits(Bag *bag, gconstpointer data)
{
    (void)data;
    bag_seal(bag);
    g_autoptr(CelSealed) sealed = cel_sealed_open(bag->path, NULL, NULL);
    g_autofree char *text = cel_h5_get_text(cel_sealed_root(sealed), CEL_PATH_ANSWER, NULL);
    g_assert_nonnull(strstr(text, "\"score\":0.97,"));
    JsonObject *answer = cel_sealed_answer(sealed);
    g_assert_cmpstr(json_object_get_string_member(answer, "outcome"), ==, "class-only");
    g_assert_cmpstr(json_object_get_string_member(answer, "label_zh"), ==,
                    cel_outcome_label(CEL_OUTCOME_CLASS_ONLY, TRUE));
    g_assert_cmpstr(json_array_get_string_element(
                        json_object_get_array_member(answer, "why_zh"), 0),
                    ==, "参考谱等级为 B");
    const char *library = json_object_get_string_member(answer, "library");
    g_assert_nonnull(strstr(library, cel_library_sha256(bag->library)));
    g_autofree char *digest = cel_recipe_sha256(bag->recipe);
    g_assert_nonnull(strstr(json_object_get_string_member(answer, "recipe"), digest));
}

static void hits_and_reference_stand_beside_the_answer(Bag *bag, gconstpointer data)
{
    (void)data;
    bag_seal(bag);
    g_autoptr(CelSealed) sealed = cel_sealed_open(bag->path, NULL, NULL);
    const CelH5Node *root = cel_sealed_root(sealed);
    g_autofree char *name = cel_h5_get_text(root, "/celadon/result/hit_01/name_zh", NULL);
    g_assert_cmpstr(name, ==, "聚乙烯");
    gsize n = 0;
    g_autofree double *matched = cel_h5_get_f64(root, "/celadon/result/hit_01/matched", &n, NULL);
    g_assert_cmpuint(n, ==, 4);
    g_assert_cmpfloat(matched[1], ==, 1063.0);
    g_autofree double *curve = cel_h5_get_f64(root, "/celadon/reference/intensity", &n, NULL);
    g_assert_cmpuint(n, ==, N_REFERENCE);
    g_assert_cmpfloat(curve[12], ==, 1.0);
}

static void the_record_says_who_what_and_with_which_parts(Bag *bag, gconstpointer data)
{
    (void)data;
    bag_seal(bag);
    g_autoptr(CelSealed) sealed = cel_sealed_open(bag->path, NULL, NULL);
    JsonObject *record = cel_sealed_record(sealed);
    g_autofree char *digest = cel_recipe_sha256(bag->recipe);
    const char *const rows[][2] = {
        { "fid", FIXED_FID },         { "case", "2026-刑-0042" },    { "item", "检材 1-1" },
        { "op/id", "P0017" },         { "op/name", "王芳" },         { "act", "seal" },
        { "inst/serial", "S7" },      { "inst/vendor", "示例厂" },   { "cal/id", "cal-1" },
        { "method/id", "M-1" },       { "outcome", "class-only" },   { "recipe/sha256", digest },
        { "t_wall", "2026-11-18T11:06:40Z" }, { "driver_validation", "not stated" },
        { "distid", CEL_SM2_DEFAULT_ID },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        g_assert_cmpstr(cel_record_text(record, rows[i][0]), ==, rows[i][1]);
    g_assert_cmpint(
        json_object_get_int_member(json_object_get_object_member(record, "inst"), "laser_pm"), ==,
        785000);
    g_assert_true(json_object_get_null_member(record, "ledger"));
    g_assert_false(cel_sealed_is_training(sealed));
}

static void the_chain_starts_at_the_digest_of_genesis_and_file_id(void)
{
    g_autofree char *start = cel_record_genesis("sha256", FIXED_FID);
    const char *text = "celadon-genesis" FIXED_FID;
    g_autofree char *expected = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
    g_assert_cmpstr(start, ==, expected);
}

static void file_ids_are_random(void)
{
    g_autofree char *a = cel_fid_new(NULL), *b = cel_fid_new(NULL);
    g_assert_true(cel_fid_valid(a));
    g_assert_cmpstr(a, !=, b);
    g_assert_false(cel_fid_valid("00112233445566778899AABBCCDDEEFF"));
}

static GBytes *image_without_sm2(const char *path)
{
    g_autoptr(CelH5Node) root = cel_h5_read(path, CEL_SEAL_MAX_BYTES, NULL, NULL);
    cel_h5_remove(cel_h5_group(root, CEL_PATH_RECORD, NULL), "sig_sm2");
    return cel_h5_to_bytes(root, NULL);
}

static void same_input_gives_the_same_bytes_but_for_sm2(Bag *bag, gconstpointer data)
{
    (void)data;
    g_autofree char *second = g_build_filename(bag->folder, "second.cel.h5", NULL);
    bag_seal(bag);
    g_assert_true(cel_seal_write(&bag->request, bag->key, second, NULL, NULL));
    g_autoptr(CelSealed) a = cel_sealed_open(bag->path, NULL, NULL);
    g_autoptr(CelSealed) b = cel_sealed_open(second, NULL, NULL);
    g_auto(CelCustody) one = { 0 }, two = { 0 };
    cel_custody_get(cel_sealed_root(a), &one);
    cel_custody_get(cel_sealed_root(b), &two);
    g_assert_true(g_bytes_equal(one.parts[CEL_PART_RECORD], two.parts[CEL_PART_RECORD]));
    g_assert_true(g_bytes_equal(one.parts[CEL_PART_SIGNATURE + CEL_SIGN_ED25519],
                                two.parts[CEL_PART_SIGNATURE + CEL_SIGN_ED25519]));
    g_assert_false(g_bytes_equal(one.parts[CEL_PART_SIGNATURE + CEL_SIGN_SM2],
                                 two.parts[CEL_PART_SIGNATURE + CEL_SIGN_SM2]));
    g_autoptr(GBytes) first_image = image_without_sm2(bag->path);
    g_autoptr(GBytes) second_image = image_without_sm2(second);
    g_assert_true(g_bytes_equal(first_image, second_image));
}

static void simulated_data_need_a_training_seal(Bag *bag, gconstpointer data)
{
    (void)data;
    bag->request.training = FALSE;
    expect_refusal(bag, CEL_ERROR_POLICY);
    g_autoptr(CelKey) real = cel_key_generate("B", FALSE, NULL);
    g_autoptr(GError) error = NULL;
    g_assert_false(cel_seal_write(&bag->request, real, bag->path, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
    g_assert_cmpint(cel_error_exit_status(error), ==, 5);
}

/* A single mark anywhere is enough: on the answer, a blank, an instrument or a step's result. */
static void one_simulated_part_makes_all_of_it_simulated(Bag *bag, gconstpointer data)
{
    (void)data;
    bag->answer.simulated = TRUE;
    expect_refusal(bag, CEL_ERROR_POLICY);
    bag->answer.simulated = FALSE;
    bag->blank->simulated = TRUE;
    expect_refusal(bag, CEL_ERROR_POLICY);
    bag->blank->simulated = FALSE;
    bag->measurements[1]->instrument.simulated = TRUE;
    expect_refusal(bag, CEL_ERROR_POLICY);
    bag->measurements[1]->instrument.simulated = FALSE;
    cel_spectrum_mark_simulated(g_ptr_array_index(bag->stages[1], 0));
    expect_refusal(bag, CEL_ERROR_POLICY);
}

static void a_true_key_seals_no_training_record(Bag *bag, gconstpointer data)
{
    (void)data;
    bag->request.training = TRUE;
    expect_refusal(bag, CEL_ERROR_POLICY);
}

static void a_training_key_seals_no_evidence(Bag *bag, gconstpointer data)
{
    (void)data;
    g_autoptr(CelKey) training = cel_key_generate("T", TRUE, NULL);
    g_autoptr(GError) error = NULL;
    g_assert_false(cel_seal_write(&bag->request, training, bag->path, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
    g_assert_false(g_file_test(bag->path, G_FILE_TEST_EXISTS));
}

static void a_training_record_is_marked_everywhere(Bag *bag, gconstpointer data)
{
    (void)data;
    bag_seal(bag);
    g_autoptr(CelSealed) sealed = cel_sealed_open(bag->path, NULL, NULL);
    const CelH5Node *root = cel_sealed_root(sealed);
    g_assert_true(cel_sealed_is_training(sealed));
    static const char *const marked[] = { "/", "/entry", "/replicate_2/entry", "/blank_1/entry" };
    for (gsize i = 0; i < G_N_ELEMENTS(marked); i++) {
        const char *mark = cel_h5_attr(cel_h5_find(root, marked[i]), "celadon_mark");
        g_assert_nonnull(mark);
        g_assert_nonnull(strstr(mark, "不得作为证据"));
    }
    g_autofree char *title = cel_h5_get_text(root, "/entry/data/title", NULL);
    g_assert_nonnull(strstr(title, "SIMULATED"));
    g_assert_nonnull(strstr(title, "TRAINING"));
    g_assert_true(json_object_get_boolean_member(cel_sealed_record(sealed), "simulated"));
}

static void a_real_record_carries_no_training_mark(Bag *bag, gconstpointer data)
{
    (void)data;
    bag_seal(bag);
    g_autoptr(CelSealed) sealed = cel_sealed_open(bag->path, NULL, NULL);
    g_assert_null(cel_h5_attr(cel_sealed_root(sealed), "celadon_mark"));
}

static void ids_have_limits(Bag *bag, gconstpointer data)
{
    (void)data;
    g_autofree char *long_id = g_strnfill(65, 'x'), *longest = g_strnfill(64, 'x');
    const char *const bad[] = { "", "two\nlines", "tab\t", "del\x7f", "\xff", long_id, NULL };
    const char **const fields[] = { &bag->request.case_id, &bag->request.exhibit_id,
                                    &bag->request.operator_id };
    for (gsize f = 0; f < G_N_ELEMENTS(fields); f++) {
        const char *good = *fields[f];
        for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
            *fields[f] = bad[i];
            expect_refusal(bag, CEL_ERROR_USAGE);
        }
        *fields[f] = good;
    }
    bag->request.case_id = longest;
    bag_seal(bag);
}

static void what_does_not_belong_together_is_refused(Bag *bag, gconstpointer data)
{
    (void)data;
    g_ptr_array_remove_index(bag->stages[0], 1);
    expect_refusal(bag, CEL_ERROR_USAGE);
    bag->request.stages = NULL;
    bag->request.n_measurements = 0;
    expect_refusal(bag, CEL_ERROR_USAGE);
    bag->request.n_measurements = REPLICATES;
    bag->request.answer_json = "[1]";
    expect_refusal(bag, CEL_ERROR_INPUT);
    bag->request.answer_json = "{\"a\":1";
    expect_refusal(bag, CEL_ERROR_INPUT);
}

static void a_missing_folder_leaves_nothing(Bag *bag, gconstpointer data)
{
    (void)data;
    g_autofree char *path = g_build_filename(bag->folder, "missing", "a.cel.h5", NULL);
    g_autoptr(GError) error = NULL;
    g_assert_false(cel_seal_write(&bag->request, bag->key, path, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_SYSTEM);
}

static void a_cancelled_seal_writes_nothing(Bag *bag, gconstpointer data)
{
    (void)data;
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    g_autoptr(CelJob) job = cel_job_new(cancel, NULL, NULL);
    g_cancellable_cancel(cancel);
    g_autoptr(GError) error = NULL;
    g_assert_false(cel_seal_write(&bag->request, bag->key, bag->path, job, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
    g_assert_false(g_file_test(bag->path, G_FILE_TEST_EXISTS));
}

static void members_the_caller_gave_stay_as_they_are(Bag *bag, gconstpointer data)
{
    (void)data;
    bag->request.answer_json = "{\"label_zh\":\"自定\"}\n";
    g_autofree char *text = cel_seal_answer(&bag->request, NULL);
    g_assert_true(g_str_has_prefix(text, "{\"label_zh\":\"自定\","));
    bag->request.answer_json = "{}";
    g_autofree char *from_empty = cel_seal_answer(&bag->request, NULL);
    g_assert_true(g_str_has_prefix(from_empty, "{\"why_zh\":"));
}

static void other_hdf5_files_are_not_sealed_files(Bag *bag, gconstpointer data)
{
    (void)data;
    g_autoptr(CelH5Node) root = cel_h5_tree_new();
    cel_h5_put_int(root, "x", 1);
    g_autoptr(GBytes) image = cel_h5_to_bytes(root, NULL);
    g_assert_true(cel_file_write(bag->path, image, 0644, NULL));
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_sealed_open(bag->path, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
#define WITH_BAG(path, kind, test) g_test_add(path, Bag, kind, bag_set_up, test, bag_tear_down)
    g_test_add_func("/record/genesis", the_chain_starts_at_the_digest_of_genesis_and_file_id);
    g_test_add_func("/record/fid", file_ids_are_random);
    WITH_BAG("/seal/write/mode", NULL, a_sealed_file_is_read_only);
    WITH_BAG("/seal/write/replace", NULL, a_second_seal_never_replaces_the_first);
    WITH_BAG("/seal/write/folder", NULL, a_missing_folder_leaves_nothing);
    WITH_BAG("/seal/write/cancel", NULL, a_cancelled_seal_writes_nothing);
    WITH_BAG("/seal/write/repeats", NULL, same_input_gives_the_same_bytes_but_for_sm2);
    WITH_BAG("/seal/content/raw", NULL, raw_counts_come_back_bit_for_bit);
    WITH_BAG("/seal/content/steps", NULL, every_step_and_its_result_is_in_the_file);
    WITH_BAG("/seal/content/plot", NULL, the_plot_is_the_processed_spectrum);
    WITH_BAG("/seal/content/answer", NULL, the_answer_keeps_its_words_and_digits);
    WITH_BAG("/seal/content/given", NULL, members_the_caller_gave_stay_as_they_are);
    WITH_BAG("/seal/content/hits", NULL, hits_and_reference_stand_beside_the_answer);
    WITH_BAG("/seal/content/record", NULL, the_record_says_who_what_and_with_which_parts);
    WITH_BAG("/seal/policy/simulated", SIMULATED, simulated_data_need_a_training_seal);
    WITH_BAG("/seal/policy/one_part", NULL, one_simulated_part_makes_all_of_it_simulated);
    WITH_BAG("/seal/policy/true_key", NULL, a_true_key_seals_no_training_record);
    WITH_BAG("/seal/policy/training_key", NULL, a_training_key_seals_no_evidence);
    WITH_BAG("/seal/training/marked", SIMULATED, a_training_record_is_marked_everywhere);
    WITH_BAG("/seal/training/real", NULL, a_real_record_carries_no_training_mark);
    WITH_BAG("/seal/check/ids", NULL, ids_have_limits);
    WITH_BAG("/seal/check/lists", NULL, what_does_not_belong_together_is_refused);
    WITH_BAG("/seal/open/other_file", NULL, other_hdf5_files_are_not_sealed_files);
    return g_test_run();
}
