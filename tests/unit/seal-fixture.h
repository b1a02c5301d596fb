/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "remove-folder.h"

#include "base/cel-error.h"
#include "base/cel-file.h"
#include "evidence/cel-seal.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* One exhibit with two replicates and a blank, processed with a real recipe; the answer is written
 * by hand, because what it says is no matter here. */

enum { PIXELS = 256, REPLICATES = 2, N_REFERENCE = 40 };
static const gint64 SEALED_US = G_GINT64_CONSTANT(1795000000000000);
#define FIXED_FID "00112233445566778899aabbccddeeff"

typedef struct {
    char *folder, *path;
    CelKey *key;
    CelMeasurement *measurements[REPLICATES], *blank;
    CelRecipe *recipe;
    GPtrArray *stages[REPLICATES];
    CelLibrary *library;
    double reference_x[N_REFERENCE];
    float reference_y[N_REFERENCE];
    CelReference reference;
    CelIdentification answer;
    const CelIdentification *singles[REPLICATES];
    const char *blank_kinds[1];
    const char *single_jsons[REPLICATES];
    GPtrArray *deviations;
    CelSealRequest request;
} Bag;

static CelMeasurement *make_measurement(guint32 seed, gboolean simulated)
{
    CelMeasurement *m = cel_measurement_new(PIXELS, 3, 2);
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    for (gsize i = 0; i < 3 * PIXELS; i++)
        m->frames[i] = 1000.0 + 5000.0 * exp(-pow(((double)(i % PIXELS) - 100.0) / 4.0, 2.0)) +
                       g_rand_int_range(random, 0, 60);
    for (gsize i = 0; i < 2 * PIXELS; i++)
        m->dark_frames[i] = g_rand_int_range(random, 780, 820);
    m->instrument = (CelInstrument){.vendor = "示例厂",
                                    .model = "R-1",
                                    .serial = "S7",
                                    .firmware = "1.2",
                                    .driver = "test",
                                    .simulated = simulated};
    m->calibration = (CelCalibration){.id = "cal-1",
                                      .serial = "S7",
                                      .medium = CEL_UNIT_NM_AIR,
                                      .n_coefficients = 2,
                                      .coefficients = {800.0, 0.5},
                                      .laser_nm = 785.0,
                                      .u_axis_cm1 = 0.4,
                                      .made_wall_us = SEALED_US - 1000000};
    m->integration_ms = 250.0;
    m->started_wall_us = SEALED_US - 2000000;
    m->ended_wall_us = SEALED_US - 1000000;
    m->simulated = simulated;
    return m;
}

static GPtrArray *make_stages(const CelRecipe *recipe, const CelMeasurement *m)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelSpectrum) raw = cel_measurement_spectrum(m, -1, &error);
    g_autoptr(CelSpectrum) dark = cel_measurement_dark(m, &error);
    const CelStepInputs inputs = {.dark = dark};
    GPtrArray *stages = NULL;
    g_autoptr(CelSpectrum) last = cel_recipe_run(recipe, raw, &inputs, &stages, NULL, &error);
    g_assert_no_error(error);
    g_assert_nonnull(last);
    return stages;
}

static CelLibrary *make_library(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("test library", "1.0");
    cel_library_builder_add_text(builder,
                                 "id: pe\nname_en: Polyethylene\nname_zh: 聚乙烯\nclass: polymer\n"
                                 "field: test\nlookalikes: eva\nceiling: substance\nusable: yes\n"
                                 "\nbands:\n"
                                 "1062.5 | 61 | 9.7 | 785 | measured | C-C stretch | test\n",
                                 "pe.substance", &error);
    g_assert_no_error(error);
    CelLibrary *library = cel_library_builder_finish(builder, &error);
    g_assert_no_error(error);
    return library;
}

static void free_hit(gpointer data)
{
    CelHit *hit = data;
    g_array_unref(hit->matched);
    g_array_unref(hit->missing);
    g_array_unref(hit->extra);
    g_free(hit);
}

static GPtrArray *make_hits(Bag *bag)
{
    GPtrArray *hits = g_ptr_array_new_with_free_func(free_hit);
    CelHit *hit = g_new0(CelHit, 1);
    for (gsize i = 0; i < N_REFERENCE; i++) {
        bag->reference_x[i] = 1000.0 + 5.0 * (double)i;
        bag->reference_y[i] = (float)exp(-pow(((double)i - 12.0) / 3.0, 2.0));
    }
    bag->reference = (CelReference){.name = "pe-1",
                                    .laser_nm = 785.0,
                                    .source = "test",
                                    .licence = "CC0",
                                    .extra = "",
                                    .n = N_REFERENCE,
                                    .x = bag->reference_x,
                                    .y = bag->reference_y};
    const CelPeakPair pair = {1062.5, 1063.0, 0.61, 0.6, 5.0, FALSE};
    const double extra = 1400.5;
    *hit = (CelHit){.rank = 1,
                    .substance = cel_library_find(bag->library, "pe"),
                    .reference = &bag->reference,
                    .grade = CEL_GRADE_B,
                    .score = 0.97,
                    .hqi = 0.981,
                    .peak_score = 0.94,
                    .shift_applied_cm1 = 0.8,
                    .common_cm1 = {250.0, 1900.0},
                    .matched = g_array_new(FALSE, FALSE, sizeof(CelPeakPair)),
                    .missing = g_array_new(FALSE, FALSE, sizeof(CelPeakPair)),
                    .extra = g_array_new(FALSE, FALSE, sizeof(double))};
    g_array_append_val(hit->matched, pair);
    g_array_append_val(hit->extra, extra);
    g_ptr_array_add(hits, hit);
    return hits;
}

static CelIdentification make_answer(Bag *bag, gboolean simulated)
{
    CelIdentification answer = {
        .outcome = CEL_OUTCOME_CLASS_ONLY, .simulated = simulated, .policy = CEL_POLICY_EVIDENCE};
    answer.claim_en = g_strdup("shows the features of the class polymer");
    answer.claim_zh = g_strdup("所测光谱呈现聚合物类物质的特征");
    answer.ceiling = g_strdup("class:polymer");
    answer.hits = make_hits(bag);
    answer.why_en = g_ptr_array_new();
    answer.why_zh = g_ptr_array_new();
    g_ptr_array_add(answer.why_en, (gpointer) "grade B");
    g_ptr_array_add(answer.why_zh, (gpointer) "参考谱等级为 B");
    answer.quality.axis_check = "none";
    return answer;
}

static void fill_request(Bag *bag, gboolean training)
{
    bag->blank_kinds[0] = "instrument";
    bag->single_jsons[0] = bag->single_jsons[1] = "{\"outcome\":\"class-only\",\"score\":0.97}";
    bag->deviations = g_ptr_array_new();
    g_ptr_array_add(bag->deviations, (gpointer) "no packaging blank");
    bag->singles[0] = bag->singles[1] = &bag->answer;
    bag->request = (CelSealRequest){
        .measurements = (const CelMeasurement *const *)bag->measurements,
        .n_measurements = REPLICATES,
        .blanks = (const CelMeasurement *const *)&bag->blank,
        .blank_kinds = bag->blank_kinds,
        .n_blanks = 1,
        .recipe = bag->recipe,
        .stages = bag->stages,
        .singles = (CelIdentification *const *)bag->singles,
        .answer = &bag->answer,
        .answer_json = "{\"file\":\"\",\"outcome\":\"class-only\",\"score\":0.97,\"why\":[]}",
        .single_jsons = bag->single_jsons,
        .libraries = (const CelLibrary *const *)&bag->library,
        .n_libraries = 1,
        .case_id = "2026-刑-0042",
        .exhibit_id = "检材 1-1",
        .operator_id = "P0017",
        .method_id = "M-1",
        .method_version = "3",
        .validation_status = "not validated",
        .deviations = bag->deviations,
        .training = training,
        .clock = cel_clock_fixed(SEALED_US),
        .fid = FIXED_FID,
    };
}

/* @user_data: non-NULL for simulated data with a training key. */
static void bag_set_up(Bag *bag, gconstpointer user_data)
{
    const gboolean simulated = user_data != NULL;
    g_autoptr(GError) error = NULL;
    bag->folder = g_dir_make_tmp("celadon-seal-XXXXXX", &error);
    bag->path = g_build_filename(bag->folder, "exhibit.cel.h5", NULL);
    bag->key = cel_key_generate("王芳", simulated, &error);
    g_assert_no_error(error);
    bag->recipe = cel_recipe_new("test");
    g_assert_true(cel_recipe_append_text(bag->recipe, "dark.subtract", &error));
    g_assert_true(cel_recipe_append_text(bag->recipe, "smooth.savgol", &error));
    for (guint32 i = 0; i < REPLICATES; i++) {
        bag->measurements[i] = make_measurement(7 + i, simulated);
        bag->stages[i] = make_stages(bag->recipe, bag->measurements[i]);
    }
    bag->blank = make_measurement(99, simulated);
    bag->library = make_library();
    bag->answer = make_answer(bag, simulated);
    fill_request(bag, simulated);
}

static void bag_tear_down(Bag *bag, gconstpointer user_data)
{
    (void)user_data;
    remove_folder(bag->folder);
    g_free(bag->folder);
    g_free(bag->path);
    cel_key_free(bag->key);
    for (guint i = 0; i < REPLICATES; i++) {
        cel_measurement_free(bag->measurements[i]);
        g_ptr_array_unref(bag->stages[i]);
    }
    cel_measurement_free(bag->blank);
    cel_recipe_free(bag->recipe);
    g_ptr_array_unref(bag->answer.hits);
    g_ptr_array_unref(bag->answer.why_en);
    g_ptr_array_unref(bag->answer.why_zh);
    g_free(bag->answer.claim_en);
    g_free(bag->answer.claim_zh);
    g_free(bag->answer.ceiling);
    cel_library_free(bag->library);
    g_ptr_array_unref(bag->deviations);
}

static inline void bag_seal(Bag *bag)
{
    g_autoptr(GError) error = NULL;
    cel_seal_write(&bag->request, bag->key, bag->path, NULL, &error);
    g_assert_no_error(error);
}
