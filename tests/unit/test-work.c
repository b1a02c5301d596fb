/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "settled-file.h"
#include "work-fixture.h"

#include "match/cel-claims.h"

static int development_marker;
#define DEVELOPMENT (&development_marker)

static void add_three(Desk *desk, const Made *made)
{
    for (guint32 i = 0; i < 3; i++)
        cel_work_add(desk->work, imported(made, 10 + i));
}

static gboolean gives_reason(const CelIdentification *answer, const char *words)
{
    for (guint i = 0; i < answer->why_en->len; i++)
        if (strstr(g_ptr_array_index(answer->why_en, i), words) != NULL)
            return TRUE;
    return FALSE;
}

static gboolean names_blank(const CelIdentification *answer)
{
    return gives_reason(answer, "a blank shows a band of alpha");
}

/* The ids of the deviations with blanks between. */
static char *deviations_of(const Desk *desk)
{
    const GPtrArray *list = cel_work_deviations(desk->work);
    GString *ids = g_string_new(NULL);
    for (guint i = 0; i < list->len; i++) {
        const CelDeviation *deviation = g_ptr_array_index(list, i);
        g_string_append_printf(ids, "%s%s", i > 0 ? " " : "", deviation->id);
    }
    return g_string_free(ids, FALSE);
}

/* ---- replicates ---- */

static void three_agreeing_replicates_are_found_under_development(Desk *desk, gconstpointer data)
{
    (void)data;
    add_three(desk, &alpha);
    const CelIdentification *answer = desk_identify(desk);
    g_assert_cmpstr(cel_outcome_name(answer->outcome), ==, "found");
    g_assert_cmpstr(answer->ceiling, ==, "substance:alpha");
    g_assert_cmpuint(answer->replicates.planned, ==, 3);
    g_assert_cmpuint(answer->replicates.valid, ==, 3);
    g_assert_cmpuint(answer->replicates.agree, ==, 3);
}

/* The bench records no performance check, so even an authenticated reference gives a lead. */
static void three_agreeing_replicates_are_a_lead_under_evidence(Desk *desk, gconstpointer data)
{
    (void)data;
    add_three(desk, &alpha);
    const CelIdentification *answer = desk_identify(desk);
    g_assert_cmpstr(cel_outcome_name(answer->outcome), ==, "inconclusive");
    g_assert_cmpstr(answer->ceiling, ==, "lead:alpha");
    g_assert_cmpuint(answer->replicates.agree, ==, 3);
    g_assert_cmpstr(answer->quality.axis_check, ==, "none");
}

static void disagreeing_replicates_are_heterogeneous(Desk *desk, gconstpointer data)
{
    (void)data;
    cel_work_add(desk->work, imported(&alpha, 1));
    cel_work_add(desk->work, imported(&beta, 2));
    cel_work_add(desk->work, imported(&alpha, 3));
    const CelIdentification *answer = desk_identify(desk);
    g_assert_cmpstr(cel_outcome_name(answer->outcome), ==, "inconclusive");
    g_assert_cmpstr(answer->ceiling, ==, "none");
    g_assert_null(answer->lead_id);
    g_assert_cmpuint(answer->replicates.valid, ==, 3);
    g_assert_cmpuint(answer->replicates.agree, ==, 2);
    g_assert_cmpuint(answer->replicates.reasons->len, ==, 1);
    g_assert_nonnull(strstr(g_ptr_array_index(answer->replicates.reasons, 0), "substance:beta"));
    g_assert_nonnull(strstr(answer->claim_zh, "检材不均匀"));
}

static void an_invalid_replicate_is_counted_and_named(Desk *desk, gconstpointer data)
{
    (void)data;
    cel_work_add(desk->work, imported(&alpha, 1));
    cel_work_add(desk->work, record(&(Recording){.noise = 5, .seed = 2})); /* nothing to see */
    cel_work_add(desk->work, imported(&alpha, 3));
    const CelIdentification *answer = desk_identify(desk);
    g_assert_cmpstr(cel_outcome_name(answer->outcome), ==, "inconclusive");
    g_assert_cmpuint(answer->replicates.planned, ==, 3);
    g_assert_cmpuint(answer->replicates.valid, ==, 2);
    g_assert_cmpuint(answer->replicates.reasons->len, ==, 1);
    g_assert_true(g_str_has_prefix(g_ptr_array_index(answer->replicates.reasons, 0),
                                   "replicate 2 is not valid: "));
}

/* In nm without a laser: it cannot be brought to a shift axis at all. */
static CelMeasurement *unusable(void)
{
    const double nm[] = {800, 810, 820, 830}, y[] = {1, 2, 3, 4};
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_NM_AIR, nm, 4, NULL);
    g_autoptr(CelSpectrum) spectrum = cel_spectrum_new(axis, y, NULL);
    return cel_measurement_from_spectrum(spectrum);
}

static void a_replicate_that_cannot_be_evaluated_is_named_with_the_error(Desk *desk,
                                                                         gconstpointer data)
{
    (void)data;
    cel_work_add(desk->work, imported(&alpha, 1));
    cel_work_add(desk->work, imported(&alpha, 2));
    cel_work_add(desk->work, unusable());
    const CelIdentification *answer = desk_identify(desk);
    g_assert_cmpuint(answer->replicates.valid, ==, 2);
    g_assert_true(g_str_has_prefix(g_ptr_array_index(answer->replicates.reasons, 0),
                                   "replicate 3 is not valid: "));
}

static void a_single_unusable_measurement_is_an_error(Desk *desk, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    cel_work_add(desk->work, unusable());
    g_assert_false(cel_work_identify(desk->work, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_UNIT);
    g_assert_null(cel_work_answer(desk->work));
}

static void work_without_a_measurement_is_a_usage_error(Desk *desk, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_assert_false(cel_work_identify(desk->work, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
}

static void work_can_be_identified_again_after_another_replicate(Desk *desk, gconstpointer data)
{
    (void)data;
    cel_work_add(desk->work, imported(&alpha, 1));
    g_assert_cmpuint(desk_identify(desk)->replicates.planned, ==, 1);
    cel_work_add(desk->work, imported(&alpha, 2));
    cel_work_add(desk->work, imported(&alpha, 3));
    const CelIdentification *answer = desk_identify(desk);
    g_assert_cmpuint(answer->replicates.planned, ==, 3);
    g_assert_cmpstr(cel_outcome_name(answer->outcome), ==, "found");
}

static void a_planned_replicate_that_failed_is_listed_with_its_reason(Desk *desk,
                                                                      gconstpointer data)
{
    (void)data;
    cel_work_add(desk->work, imported(&alpha, 1));
    cel_work_add_failure(desk->work, "the instrument was unplugged");
    cel_work_add(desk->work, imported(&alpha, 2));
    cel_work_add(desk->work, imported(&alpha, 3));
    const CelIdentification *answer = desk_identify(desk);
    g_assert_cmpuint(answer->replicates.planned, ==, 4);
    g_assert_cmpuint(answer->replicates.valid, ==, 3);
    g_assert_cmpuint(answer->replicates.reasons->len, ==, 1);
    g_assert_nonnull(
        strstr(g_ptr_array_index(answer->replicates.reasons, 0), "the instrument was unplugged"));
    g_assert_cmpstr(cel_outcome_name(answer->outcome), ==, "found");
}

/* The instrument leaves between two spots of one sample and comes back: the work goes on. */
static void the_open_sample_is_kept_while_the_instrument_reconnects(Desk *desk, gconstpointer data)
{
    (void)data;
    const CelDriverTable table = cel_drivers(NULL);
    const CelAcquireOptions options = {.integration_ms = 1000, .frames = 3};
    g_autoptr(GError) error = NULL;
    g_autoptr(CelDevice) device =
        cel_device_open(&table, "simulated:785", "speed=1e6,fault=unplug,fault_at=12", &error);
    g_assert_no_error(error);
    cel_work_add(desk->work, cel_device_acquire(device, &options, NULL, &error));
    g_assert_no_error(error);
    g_autoptr(CelMeasurement) lost = cel_device_acquire(device, &options, NULL, &error);
    g_assert_null(lost);
    cel_work_add_failure(desk->work, error->message);
    g_clear_error(&error);
    g_assert_true(cel_device_reopen(device, 0, NULL, &error));
    cel_work_add(desk->work, cel_device_acquire(device, &options, NULL, &error));
    g_assert_no_error(error);
    const CelIdentification *answer = desk_identify(desk);
    g_assert_cmpuint(answer->replicates.planned, ==, 3);
}

static void assert_deviation_of_note(Desk *desk, const char *note, const char *deviation)
{
    CelMeasurement *m = simulated(&alpha, 3);
    cel_measurement_note(m, note, "x");
    cel_work_add(desk->work, m);
    desk_identify(desk);
    gboolean found = FALSE;
    const GPtrArray *all = cel_work_deviations(desk->work);
    for (guint i = 0; i < all->len; i++)
        found |= strcmp(((const CelDeviation *)g_ptr_array_index(all, i))->id, deviation) == 0;
    g_assert_true(found);
}

static void a_sample_that_changed_under_the_laser_is_a_deviation(Desk *desk, gconstpointer data)
{
    (void)data;
    assert_deviation_of_note(desk, "sample.altered", "sample-altered");
    assert_deviation_of_note(desk, "laser.no_difference", "laser-no-difference");
}

static void what_came_through_a_watched_folder_is_of_an_unverified_instrument(Desk *desk,
                                                                              gconstpointer data)
{
    (void)data;
    assert_deviation_of_note(desk, "import.provenance", "instrument-unverified");
}

static void the_answer_names_the_replicate_it_stands_on(Desk *desk, gconstpointer data)
{
    (void)data;
    cel_work_add(desk->work, imported(&beta, 1));
    cel_work_add(desk->work, imported(&alpha, 2));
    cel_work_add(desk->work, imported(&alpha, 3));
    const CelIdentification *answer = desk_identify(desk);
    const CelHit *first = g_ptr_array_index(answer->hits, 0);
    g_assert_cmpstr(first->substance->id, ==, "alpha");
    g_assert_cmpuint(answer->replicates.best, >=, 1);
    g_assert_nonnull(cel_work_measurement(desk->work, answer->replicates.best));
    g_assert_null(cel_work_measurement(desk->work, 3));
}

static void a_measurement_is_recalculated_when_asked(Desk *desk, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    (void)data;
    add_three(desk, &alpha);
    g_assert_null(cel_work_recalculate(desk->work, 20, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
    g_clear_error(&error);
    g_assert_cmpuint(desk_identify(desk)->stability.runs, ==, 0);
    g_autoptr(CelIdentification) again = cel_work_recalculate(desk->work, 20, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(again->stability.runs, ==, 20);
    g_assert_cmpuint(again->stability.same, >, 10);
}

static void recalculating_stops_when_told(Desk *desk, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    g_autoptr(CelJob) job = cel_job_new(cancel, NULL, NULL);
    (void)data;
    add_three(desk, &alpha);
    desk_identify(desk);
    g_cancellable_cancel(cancel);
    g_assert_null(cel_work_recalculate(desk->work, 20, job, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
}

/* ---- blanks ---- */

typedef struct {
    const char *name;
    Recording how;
    gboolean caps;
} BlankCase;

static const BlankCase blank_cases[] = {
    {"the substance itself", {&alpha, 1000, 5, 0, 1}, TRUE},
    {"a trace of it", {&alpha, 60, 2, 0, 2}, TRUE},
    {"another substance", {&beta, 1000, 5, 0, 3}, FALSE},
    {"clean and quiet", {NULL, 0, 1, 0, 4}, FALSE},
    {"clean and noisy", {NULL, 0, 50, 0, 5}, FALSE},
    {"clean with ripples", {NULL, 0, 10, 20, 6}, FALSE},
    {"noisy with ripples", {NULL, 0, 50, 40, 7}, FALSE},
};

static void only_a_blank_with_bands_of_the_claim_caps_it(Desk *desk, gconstpointer data)
{
    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(blank_cases); i++) {
        const BlankCase *row = &blank_cases[i];
        g_test_message("blank: %s", row->name);
        g_autoptr(CelWork) work = cel_work_new(desk->bench);
        Desk one = {.bench = desk->bench, .work = work};
        add_three(&one, &alpha);
        cel_work_add_blank(work, CEL_BLANK_INSTRUMENT, record(&row->how));
        const CelIdentification *answer = desk_identify(&one);
        g_assert_cmpstr(cel_outcome_name(answer->outcome), ==,
                        row->caps ? "inconclusive" : "found");
        g_assert_cmpint(names_blank(answer), ==, row->caps);
        /* what stood for the claim is no reason against it */
        g_assert_cmpint(gives_reason(answer, "bands match"), ==, !row->caps);
        g_assert_cmpuint(answer->why_en->len, ==, answer->why_zh->len);
        if (row->caps)
            g_assert_cmpstr(answer->ceiling, ==, "none");
    }
}

static void noise_of_many_seeds_does_not_cap(Desk *desk, gconstpointer data)
{
    (void)data;
    add_three(desk, &alpha);
    for (guint32 seed = 100; seed < 130; seed++)
        cel_work_add_blank(desk->work, CEL_BLANK_PACKAGING,
                           record(&(Recording){.noise = 30, .ripple = seed % 3 * 8, .seed = seed}));
    const CelIdentification *answer = desk_identify(desk);
    g_assert_cmpstr(cel_outcome_name(answer->outcome), ==, "found");
    g_assert_false(names_blank(answer));
}

static void the_simulated_empty_holder_does_not_cap(Desk *desk, gconstpointer data)
{
    (void)data;
    for (int i = 0; i < 3; i++)
        cel_work_add(desk->work, simulated(&alpha, 1 + i));
    cel_work_add_blank(desk->work, CEL_BLANK_INSTRUMENT, simulated(NULL, 9));
    const CelIdentification *answer = desk_identify(desk);
    g_assert_cmpstr(cel_outcome_name(answer->outcome), ==, "found");
    g_assert_true(answer->simulated);
}

static void a_blank_that_cannot_be_read_is_an_error_that_numbers_it(Desk *desk, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    add_three(desk, &alpha);
    cel_work_add_blank(desk->work, CEL_BLANK_CLEANING, unusable());
    g_assert_false(cel_work_identify(desk->work, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_UNIT);
    g_assert_true(g_str_has_prefix(error->message, "Blank 1: "));
}

static void blank_kinds_have_their_names(void)
{
    g_assert_cmpstr(cel_blank_kind_name(CEL_BLANK_INSTRUMENT), ==, "instrument");
    g_assert_cmpstr(cel_blank_kind_name(CEL_BLANK_PACKAGING), ==, "packaging");
    g_assert_cmpstr(cel_blank_kind_name(CEL_BLANK_CLEANING), ==, "cleaning");
}

/* ---- deviations ---- */

static void expect_deviations(Desk *desk, const char *ids)
{
    desk_identify(desk);
    g_autofree char *found = deviations_of(desk);
    g_assert_cmpstr(found, ==, ids);
}

static void one_import_lists_exactly_what_is_missing(Desk *desk, gconstpointer data)
{
    (void)data;
    cel_work_add(desk->work, imported(&alpha, 1));
    expect_deviations(
        desk,
        "instrument-unverified replicates instrument-blank performance-check library-unsigned");
}

static void a_packaging_blank_is_no_instrument_blank(Desk *desk, gconstpointer data)
{
    (void)data;
    add_three(desk, &alpha);
    cel_work_add_blank(desk->work, CEL_BLANK_PACKAGING, record(&(Recording){.noise = 5}));
    expect_deviations(desk,
                      "instrument-unverified instrument-blank performance-check library-unsigned");
}

static void three_imports_with_a_blank_lack_only_instrument_and_checks(Desk *desk,
                                                                       gconstpointer data)
{
    (void)data;
    add_three(desk, &alpha);
    cel_work_add_blank(desk->work, CEL_BLANK_INSTRUMENT, record(&(Recording){.noise = 5}));
    expect_deviations(desk, "instrument-unverified performance-check library-unsigned");
}

static void simulated_work_says_so_first(Desk *desk, gconstpointer data)
{
    (void)data;
    for (int i = 0; i < 3; i++)
        cel_work_add(desk->work, simulated(&alpha, 1 + i));
    cel_work_add_blank(desk->work, CEL_BLANK_INSTRUMENT, simulated(NULL, 9));
    expect_deviations(desk, "simulated performance-check library-unsigned");
}

/* Two frames of the simulated instrument and no dark. */
static CelMeasurement *hasty(void)
{
    g_autoptr(CelMeasurement) whole = simulated(&alpha, 4);
    CelMeasurement *m = cel_measurement_new(whole->n_pixels, 2, 0);
    memcpy(m->frames, whole->frames, 2 * whole->n_pixels * sizeof *m->frames);
    m->calibration = whole->calibration;
    m->instrument = whole->instrument;
    m->simulated = TRUE;
    return m;
}

static void few_frames_and_no_dark_are_deviations_of_an_instrument(Desk *desk, gconstpointer data)
{
    (void)data;
    cel_work_add(desk->work, hasty());
    expect_deviations(
        desk,
        "simulated replicates frames dark instrument-blank performance-check library-unsigned");
}

static void the_development_policy_is_a_deviation(Desk *desk, gconstpointer data)
{
    (void)data;
    add_three(desk, &alpha);
    expect_deviations(desk, "instrument-unverified instrument-blank performance-check "
                            "development-policy library-unsigned");
}

static void every_deviation_is_said_in_both_languages(Desk *desk, gconstpointer data)
{
    (void)data;
    cel_work_add(desk->work, hasty());
    cel_work_add(desk->work, imported(&alpha, 1));
    desk_identify(desk);
    const GPtrArray *list = cel_work_deviations(desk->work);
    g_assert_cmpuint(list->len, ==, 9); /* all there are */
    for (guint i = 0; i < list->len; i++) {
        const CelDeviation *deviation = g_ptr_array_index(list, i);
        g_assert_true(g_str_is_ascii(deviation->en));
        g_assert_false(g_str_is_ascii(deviation->zh));
        g_assert_cmpstr(cel_claim_forbidden(deviation->en), ==, NULL);
        g_assert_cmpstr(cel_claim_forbidden(deviation->zh), ==, NULL);
    }
}

/* ---- sealing ---- */

static void simulated_data_are_sealed_for_training_only(Desk *desk, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    cel_work_add(desk->work, simulated(&alpha, 1));
    desk_identify(desk);
    g_assert_false(desk_seal(desk, FALSE, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
    g_assert_false(g_file_test(desk->path, G_FILE_TEST_EXISTS));
    g_clear_error(&error);
    g_assert_true(desk_seal(desk, TRUE, &error));
    g_assert_no_error(error);
    g_autoptr(CelSealed) sealed = cel_sealed_open(desk->path, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(cel_sealed_is_training(sealed));
}

static void a_single_simulated_replicate_among_real_ones_asks_for_training(Desk *desk,
                                                                           gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    cel_work_add(desk->work, imported(&alpha, 1));
    cel_work_add(desk->work, simulated(&alpha, 1));
    desk_identify(desk);
    g_assert_false(desk_seal(desk, FALSE, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
}

static void a_simulated_blank_asks_for_training(Desk *desk, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    add_three(desk, &alpha);
    cel_work_add_blank(desk->work, CEL_BLANK_INSTRUMENT, simulated(NULL, 1));
    desk_identify(desk);
    g_assert_false(desk_seal(desk, FALSE, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
}

static void a_key_of_the_other_kind_is_refused(Desk *desk, gconstpointer data)
{
    (void)data;
    add_three(desk, &alpha);
    desk_identify(desk);
    for (int training = 0; training < 2; training++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(CelKey) key = cel_key_generate("Wang Fang", !training, NULL);
        const CelWorkSeal seal = {.case_id = "c",
                                  .exhibit_id = "e",
                                  .training = training != 0,
                                  .clock = cel_clock_system()};
        g_assert_false(cel_work_seal(desk->work, &seal, key, desk->path, NULL, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
        g_assert_false(g_file_test(desk->path, G_FILE_TEST_EXISTS));
    }
}

static CelSealed *seal_and_open(Desk *desk)
{
    g_autoptr(GError) error = NULL;
    desk_identify(desk);
    desk_seal(desk, FALSE, &error);
    g_assert_no_error(error);
    CelSealed *sealed = cel_sealed_open(desk->path, NULL, &error);
    g_assert_no_error(error);
    return sealed;
}

static void the_sealed_answer_carries_the_deviations(Desk *desk, gconstpointer data)
{
    (void)data;
    add_three(desk, &alpha);
    g_autoptr(CelSealed) sealed = seal_and_open(desk);
    JsonArray *rows = json_object_get_array_member(cel_sealed_answer(sealed), "deviations");
    const GPtrArray *list = cel_work_deviations(desk->work);
    g_assert_cmpuint(json_array_get_length(rows), ==, list->len);
    for (guint i = 0; i < list->len; i++) {
        const CelDeviation *deviation = g_ptr_array_index(list, i);
        JsonObject *row = json_array_get_object_element(rows, i);
        g_assert_cmpstr(json_object_get_string_member(row, "id"), ==, deviation->id);
        g_assert_cmpstr(json_object_get_string_member(row, "en"), ==, deviation->en);
        g_assert_cmpstr(json_object_get_string_member(row, "zh"), ==, deviation->zh);
    }
}

static void the_sealed_answer_is_valid_json_with_the_engines_own_text(Desk *desk,
                                                                      gconstpointer data)
{
    (void)data;
    add_three(desk, &alpha);
    g_autoptr(CelSealed) sealed = seal_and_open(desk);
    g_autofree char *stored = cel_h5_get_text(cel_sealed_root(sealed), "/celadon/answer", NULL);
    g_autofree char *given = cel_identification_to_json(cel_work_answer(desk->work), "");
    g_assert_nonnull(stored);
    g_assert_cmpint(strncmp(stored, given, strlen(given) - 1), ==, 0);
    g_autoptr(JsonParser) parser = json_parser_new();
    g_autoptr(GError) error = NULL;
    json_parser_load_from_data(parser, stored, -1, &error);
    g_assert_no_error(error);
    JsonObject *object = json_node_get_object(json_parser_get_root(parser));
    g_assert_cmpstr(json_object_get_string_member(object, "outcome"), ==, "inconclusive");
    g_assert_true(json_object_has_member(object, "deviations"));
}

/* A substance known by its band table only. */
static void the_sealed_answer_carries_the_bands_of_the_reference(Desk *desk, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(desk->folder, "table.library.h5", NULL);
    g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("table", "1");
    cel_library_builder_add_text(
        builder,
        "id: alpha\nname_en: Alpha\nname_zh: 甲物质\nclass: mineral\nfield: test\n"
        "ceiling: substance\nusable: yes\n\nbands:\n"
        "320 | 50 | 10 | 785 | measured | a | test\n540 | 80 | 10 | 785 | measured | b | test\n"
        "760 | 35 | 10 | 785 | measured | c | test\n980 | 100 | 10 | 785 | measured | d | test\n"
        "1190 | 60 | 10 | 785 | measured | e | test\n",
        "alpha.substance", &error);
    g_assert_no_error(error);
    g_assert_true(cel_library_builder_write(builder, path, &error));
    const char *const libraries[] = {path, NULL};
    const CelBenchOptions options = {.library_paths = libraries, .only_paths = TRUE};
    g_autoptr(CelBench) bench = cel_bench_open(&options, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(CelWork) work = cel_work_new(bench);
    Desk one = {.path = desk->path, .bench = bench, .work = work};
    add_three(&one, &alpha);
    g_autoptr(CelSealed) sealed = seal_and_open(&one);
    JsonObject *answer = cel_sealed_answer(sealed);
    JsonArray *bands = json_object_get_array_member(answer, "reference_bands_cm1");
    JsonArray *sizes = json_object_get_array_member(answer, "reference_bands_intensity");
    g_assert_cmpuint(json_array_get_length(bands), ==, N_MADE_BANDS);
    g_assert_cmpuint(json_array_get_length(sizes), ==, N_MADE_BANDS);
    for (guint i = 0; i < N_MADE_BANDS; i++)
        g_assert_cmpfloat(json_array_get_double_element(bands, i), ==, alpha.cm1[i]);
    g_assert_cmpfloat(json_array_get_double_element(sizes, 3), ==, 100);
}

static void a_sealed_work_contradicts_nothing(Desk *desk, gconstpointer data)
{
    (void)data;
    cel_work_add(desk->work, imported(&alpha, 1));
    cel_work_add(desk->work, unusable()); /* kept in the file too, without stages */
    cel_work_add(desk->work, imported(&alpha, 3));
    g_autoptr(CelSealed) sealed = seal_and_open(desk);
    g_autoptr(GPtrArray) lines = NULL;
    g_autoptr(GError) error = NULL;
    cel_verify(desk->path, NULL, &lines, NULL, &error);
    g_assert_no_error(error);
    g_assert_false(cel_verdict_any_contradicted(lines));
    g_assert_nonnull(cel_sealed_measurement(sealed, 2));
    g_assert_null(cel_sealed_measurement(sealed, 3));
}

/* ---- cancelling, opening ---- */

static CelJob *cancelled_job(void)
{
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    g_cancellable_cancel(cancel);
    return cel_job_new(cancel, NULL, NULL);
}

static void a_cancelled_identification_leaves_no_answer(Desk *desk, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(CelJob) job = cancelled_job();
    add_three(desk, &alpha);
    g_assert_false(cel_work_identify(desk->work, job, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
    g_assert_null(cel_work_answer(desk->work));
}

static void a_cancelled_seal_leaves_no_file(Desk *desk, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(CelJob) job = cancelled_job();
    g_autoptr(CelKey) key = cel_key_generate("Wang Fang", FALSE, NULL);
    const CelWorkSeal seal = {.case_id = "c", .exhibit_id = "e", .clock = cel_clock_system()};
    add_three(desk, &alpha);
    desk_identify(desk);
    g_assert_false(cel_work_seal(desk->work, &seal, key, desk->path, job, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
    g_assert_false(g_file_test(desk->path, G_FILE_TEST_EXISTS));
}

/* The desk's library as a later start has it: mapped from what the start before kept. */
static void start_again(Desk *desk)
{
    settle_files();
    g_clear_pointer(&desk->work, cel_work_free);
    cel_bench_close(desk->bench);
    cel_bench_close(open_bench(desk, CEL_POLICY_EVIDENCE));
    desk->bench = open_bench(desk, CEL_POLICY_EVIDENCE);
    desk->work = cel_work_new(desk->bench);
}

/* One byte of every kept library is changed where it lies. */
static void damage_what_is_kept(void)
{
    g_autofree char *folder = g_build_filename(g_get_user_cache_dir(), "celadon", "prepared", NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (!g_str_has_suffix(name, ".library"))
            continue;
        FILE *file = g_fopen(path, "r+");
        g_assert_cmpint(fseek(file, -1, SEEK_END), ==, 0);
        fputc(7, file);
        fclose(file);
    }
}

static void nothing_is_sealed_when_what_is_mapped_was_changed(Desk *desk, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(CelKey) key = cel_key_generate("Wang Fang", FALSE, NULL);
    const CelWorkSeal seal = {.case_id = "c", .exhibit_id = "e", .clock = cel_clock_system()};
    start_again(desk);
    add_three(desk, &alpha);
    desk_identify(desk);
    damage_what_is_kept();
    g_assert_false(cel_work_seal(desk->work, &seal, key, desk->path, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_SYSTEM);
    g_assert_false(g_file_test(desk->path, G_FILE_TEST_EXISTS));
    start_again(desk);
    add_three(desk, &alpha);
    desk_identify(desk);
    g_clear_error(&error);
    g_assert_true(cel_work_seal(desk->work, &seal, key, desk->path, NULL, &error));
}

static void a_cancelled_open_gives_no_bench(Desk *desk, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(CelJob) job = cancelled_job();
    const char *const libraries[] = {desk->library, NULL};
    const CelBenchOptions options = {.library_paths = libraries, .only_paths = TRUE};
    g_assert_null(cel_bench_open(&options, job, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
}

static void a_bench_without_a_library_is_a_usage_error(void)
{
    g_autoptr(GError) error = NULL;
    const CelBenchOptions options = {.only_paths = TRUE};
    g_assert_null(cel_bench_open(&options, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
}

static void an_unknown_recipe_is_a_usage_error(void)
{
    g_autoptr(GError) error = NULL;
    const CelBenchOptions options = {.recipe = "default-1234"};
    g_assert_null(cel_bench_open(&options, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
}

static void a_library_that_is_none_is_an_input_error(Desk *desk, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_assert_true(g_file_set_contents(desk->path, "x,y\n1,2\n", -1, NULL));
    const char *const libraries[] = {desk->path, NULL};
    const CelBenchOptions options = {.library_paths = libraries, .only_paths = TRUE};
    g_assert_null(cel_bench_open(&options, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

static void a_recipe_departs_from_the_method_by_its_steps_alone(Desk *desk, gconstpointer data)
{
    (void)data;
    g_autoptr(CelRecipe) own = cel_bench_recipe(desk->bench, 785.0);
    g_autofree char *text = cel_recipe_to_text(own);
    g_autofree char *renamed = g_strdup_printf("celadon-recipe 1 mine\n%s", strchr(text, '\n') + 1);
    g_autoptr(CelRecipe) same = cel_recipe_from_text(renamed, NULL);
    g_assert_false(cel_bench_recipe_departs(desk->bench, same, 785.0));
    g_assert_true(cel_bench_recipe_departs(desk->bench, same, 532.0)); /* another range */
    g_assert_true(cel_recipe_append_text(same, "smooth.median", NULL));
    g_assert_true(cel_bench_recipe_departs(desk->bench, same, 785.0));
}

static void the_recipe_follows_the_laser_unless_one_is_named(Desk *desk, gconstpointer data)
{
    (void)data;
    g_autoptr(CelRecipe) green = cel_bench_recipe(desk->bench, 532);
    g_autoptr(CelRecipe) unknown = cel_bench_recipe(desk->bench, 0);
    g_assert_cmpstr(cel_recipe_name(green), ==, "default-532");
    g_assert_cmpstr(cel_recipe_name(unknown), ==, "default-unknown");
    const char *const libraries[] = {desk->library, NULL};
    const CelBenchOptions options = {
        .library_paths = libraries, .only_paths = TRUE, .recipe = "default-785"};
    g_autoptr(CelBench) fixed = cel_bench_open(&options, NULL, NULL);
    g_autoptr(CelRecipe) named = cel_bench_recipe(fixed, 532);
    g_assert_cmpstr(cel_recipe_name(named), ==, "default-785");
}

#define WITH_DESK(path, kind, test) g_test_add(path, Desk, kind, desk_set_up, test, desk_tear_down)

static void add_identify_tests(void)
{
    WITH_DESK("/work/replicates/agree/development", DEVELOPMENT,
              three_agreeing_replicates_are_found_under_development);
    WITH_DESK("/work/replicates/agree/evidence", NULL,
              three_agreeing_replicates_are_a_lead_under_evidence);
    WITH_DESK("/work/replicates/disagree", DEVELOPMENT, disagreeing_replicates_are_heterogeneous);
    WITH_DESK("/work/replicates/invalid", DEVELOPMENT, an_invalid_replicate_is_counted_and_named);
    WITH_DESK("/work/replicates/error", DEVELOPMENT,
              a_replicate_that_cannot_be_evaluated_is_named_with_the_error);
    WITH_DESK("/work/replicates/failed", DEVELOPMENT,
              a_planned_replicate_that_failed_is_listed_with_its_reason);
    WITH_DESK("/work/replicates/reconnect", DEVELOPMENT,
              the_open_sample_is_kept_while_the_instrument_reconnects);
    WITH_DESK("/work/deviations/altered", NULL,
              a_sample_that_changed_under_the_laser_is_a_deviation);
    WITH_DESK("/work/deviations/watched", NULL,
              what_came_through_a_watched_folder_is_of_an_unverified_instrument);
    WITH_DESK("/work/replicates/single-error", NULL, a_single_unusable_measurement_is_an_error);
    WITH_DESK("/work/replicates/none", NULL, work_without_a_measurement_is_a_usage_error);
    WITH_DESK("/work/replicates/again", DEVELOPMENT,
              work_can_be_identified_again_after_another_replicate);
    WITH_DESK("/work/replicates/best", DEVELOPMENT, the_answer_names_the_replicate_it_stands_on);
    WITH_DESK("/work/recalculate/asked", DEVELOPMENT, a_measurement_is_recalculated_when_asked);
    WITH_DESK("/work/recalculate/stop", DEVELOPMENT, recalculating_stops_when_told);
    WITH_DESK("/work/blank/caps", DEVELOPMENT, only_a_blank_with_bands_of_the_claim_caps_it);
    WITH_DESK("/work/blank/noise", DEVELOPMENT, noise_of_many_seeds_does_not_cap);
    WITH_DESK("/work/blank/simulated", DEVELOPMENT, the_simulated_empty_holder_does_not_cap);
    WITH_DESK("/work/blank/error", NULL, a_blank_that_cannot_be_read_is_an_error_that_numbers_it);
    g_test_add_func("/work/blank/names", blank_kinds_have_their_names);
    WITH_DESK("/work/deviations/import", NULL, one_import_lists_exactly_what_is_missing);
    WITH_DESK("/work/deviations/packaging", NULL, a_packaging_blank_is_no_instrument_blank);
    WITH_DESK("/work/deviations/complete", NULL,
              three_imports_with_a_blank_lack_only_instrument_and_checks);
    WITH_DESK("/work/deviations/simulated", NULL, simulated_work_says_so_first);
    WITH_DESK("/work/deviations/frames", NULL,
              few_frames_and_no_dark_are_deviations_of_an_instrument);
    WITH_DESK("/work/deviations/policy", DEVELOPMENT, the_development_policy_is_a_deviation);
    WITH_DESK("/work/deviations/languages", DEVELOPMENT, every_deviation_is_said_in_both_languages);
}

int main(int argc, char **argv)
{
    g_autofree char *home = g_dir_make_tmp("celadon-work-XXXXXX", NULL);
    g_setenv("XDG_CACHE_HOME", home, TRUE);
    g_test_init(&argc, &argv, NULL);
    add_identify_tests();
    WITH_DESK("/work/seal/changed", NULL, nothing_is_sealed_when_what_is_mapped_was_changed);
    WITH_DESK("/work/seal/training", NULL, simulated_data_are_sealed_for_training_only);
    WITH_DESK("/work/seal/mixed", NULL,
              a_single_simulated_replicate_among_real_ones_asks_for_training);
    WITH_DESK("/work/seal/blank", NULL, a_simulated_blank_asks_for_training);
    WITH_DESK("/work/seal/key", NULL, a_key_of_the_other_kind_is_refused);
    WITH_DESK("/work/seal/deviations", NULL, the_sealed_answer_carries_the_deviations);
    WITH_DESK("/work/seal/json", NULL, the_sealed_answer_is_valid_json_with_the_engines_own_text);
    WITH_DESK("/work/seal/bands", NULL, the_sealed_answer_carries_the_bands_of_the_reference);
    WITH_DESK("/work/seal/verifies", NULL, a_sealed_work_contradicts_nothing);
    WITH_DESK("/work/cancel/identify", NULL, a_cancelled_identification_leaves_no_answer);
    WITH_DESK("/work/cancel/seal", NULL, a_cancelled_seal_leaves_no_file);
    WITH_DESK("/bench/cancel", NULL, a_cancelled_open_gives_no_bench);
    g_test_add_func("/bench/no-library", a_bench_without_a_library_is_a_usage_error);
    g_test_add_func("/bench/recipe/unknown", an_unknown_recipe_is_a_usage_error);
    WITH_DESK("/bench/recipe/departs", NULL, a_recipe_departs_from_the_method_by_its_steps_alone);
    WITH_DESK("/bench/recipe/laser", NULL, the_recipe_follows_the_laser_unless_one_is_named);
    WITH_DESK("/bench/library/none", NULL, a_library_that_is_none_is_an_input_error);
    const int status = g_test_run();
    remove_folder(home);
    return status;
}
