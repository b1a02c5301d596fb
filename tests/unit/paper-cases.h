/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report-fixture.h"
#include "work-fixture.h"

#include "base/cel-hash.h"
#include "evidence/cel-sealed.h"
#include "evidence/cel-verify.h"
#include "match/cel-claims.h"
#include "report/cel-report.h"

/* A sealed file for every outcome. Measurements, steps and hits are true ones of the made library;
 * where the engine would not come to an outcome with these, the outcome and its sentence are put in
 * from the table of claims, for what they say is what the papers are looked at for. */

typedef struct {
    const char *name;
    CelOutcome outcome;
    gboolean natural; /* as the engine decides, under the development policy */
    const Made *first, *third, *blank;
    double noise;
    gboolean training;
    const char *claim[2][4]; /* English, Chinese: placeholder, value, ... */
} PaperCase;

static const Made stranger = {"stranger", "", {295, 505, 720, 930, 1145}};

#define WORDS(en1, en2, en3, en4, zh1, zh2, zh3, zh4)                                              \
    {                                                                                              \
        {en1, en2, en3, en4},                                                                      \
        {                                                                                          \
            zh1, zh2, zh3, zh4                                                                     \
        }                                                                                          \
    }

static const PaperCase paper_cases[] = {
    {"found", CEL_OUTCOME_FOUND, FALSE, &alpha, &alpha, NULL, 5, FALSE,
     WORDS("X", "alpha", "A", "alpha-like substances", "X", "甲物质", "A", "与甲物质相近的物质")},
    {"found-development", CEL_OUTCOME_FOUND, TRUE, &alpha, &alpha, NULL, 5, FALSE, {{NULL}}},
    {"mixture", CEL_OUTCOME_MIXTURE, FALSE, &alpha, &alpha, NULL, 5, FALSE,
     WORDS("X", "alpha, beta", NULL, NULL, "X", "甲物质、乙物质", NULL, NULL)},
    {"class-only", CEL_OUTCOME_CLASS_ONLY, FALSE, &alpha, &alpha, NULL, 5, FALSE,
     WORDS("C", "keratin", NULL, NULL, "C", "角蛋白", NULL, NULL)},
    {"inconclusive", CEL_OUTCOME_INCONCLUSIVE, TRUE, &alpha, &beta, NULL, 5, FALSE, {{NULL}}},
    {"blank", CEL_OUTCOME_INCONCLUSIVE, TRUE, &alpha, &alpha, &alpha, 5, FALSE, {{NULL}}},
    {"noisy", CEL_OUTCOME_INCONCLUSIVE, TRUE, &alpha, &alpha, NULL, 2000, FALSE, {{NULL}}},
    {"nothing-claimed",
     CEL_OUTCOME_NOTHING_CLAIMED,
     TRUE,
     &stranger,
     &stranger,
     NULL,
     5,
     FALSE,
     {{NULL}}},
    {"refused", CEL_OUTCOME_REFUSED, FALSE, &alpha, &alpha, NULL, 5, FALSE,
     WORDS("W", "the check of the instrument did not pass", NULL, NULL, "W", "检查失效", NULL,
           NULL)},
    {"training", CEL_OUTCOME_FOUND, TRUE, &alpha, &alpha, NULL, 5, TRUE, {{NULL}}},
};

static const CelClaimId case_sentences[CEL_N_OUTCOMES] = {
    [CEL_OUTCOME_FOUND] = CEL_CLAIM_FOUND,
    [CEL_OUTCOME_MIXTURE] = CEL_CLAIM_MIXTURE,
    [CEL_OUTCOME_CLASS_ONLY] = CEL_CLAIM_CLASS_ONLY,
    [CEL_OUTCOME_INCONCLUSIVE] = CEL_CLAIM_INCONCLUSIVE,
    [CEL_OUTCOME_NOTHING_CLAIMED] = CEL_CLAIM_NOTHING_CLAIMED,
    [CEL_OUTCOME_REFUSED] = CEL_CLAIM_REFUSED,
};

static inline char *case_claim(const PaperCase *one, gboolean chinese)
{
    const CelSentence *sentence = cel_claim(case_sentences[one->outcome]);
    const char *const *v = one->claim[chinese ? 1 : 0];
    return cel_claim_fill(chinese ? sentence->zh : sentence->en, "M", "M-1 3", "L", "made 1", v[0],
                          v[1], v[2], v[3], NULL);
}

static inline CelWork *case_work(const PaperCase *one, const CelBench *bench, CelMeasurement **out,
                                 guint n)
{
    g_autoptr(GError) error = NULL;
    CelWork *work = cel_work_new(bench);
    for (guint k = 0; k < n; k++) {
        const Made *made = k < 2 ? one->first : one->third;
        out[k] = one->training ? simulated(made, 1 + (int)k)
                               : record(&(Recording){
                                     .made = made, .height = 1000, .noise = one->noise, .seed = k});
        cel_work_add(work, out[k]);
    }
    if (one->blank != NULL)
        cel_work_add_blank(work, CEL_BLANK_PACKAGING, imported(one->blank, 9));
    cel_work_identify(work, NULL, &error);
    g_assert_no_error(error);
    return work;
}

/* What only a later engine fills in. */
static inline char *case_answer_json(const CelIdentification *answer, const PaperCase *one)
{
    g_autofree char *plain = cel_identification_to_json(answer, "");
    GString *json = g_string_new(plain);
    g_string_replace(json, "\"stability\":null",
                     "\"stability\":{\"runs\":200,\"same_answer\":0.99}", 1);
    g_string_truncate(json, json->len - 1);
    g_string_append(json, ",\"deviations\":[{\"id\":\"instrument-blank\",\"en\":\"No instrument "
                          "blank was measured.\",\"zh\":\"未测量仪器空白。\"}]}");
    if (one->outcome == CEL_OUTCOME_MIXTURE)
        g_string_replace(
            json, "\"mixture\":null",
            "\"mixture\":{\"components\":[{\"id\":\"alpha\",\"name_en\":\"alpha\","
            "\"name_zh\":\"甲物质\",\"spectral_weight\":0.6,\"spectral_weight_se\":0.05},"
            "{\"id\":\"beta\",\"name_en\":\"beta\",\"name_zh\":\"乙物质\","
            "\"spectral_weight\":0.4,\"spectral_weight_se\":0.06}],\"residual\":0.03,"
            "\"residual_first_cm1\":200,\"residual_step_cm1\":2,"
            "\"residual_curve\":[0.01,-0.02,0.03,0,0.01]}",
            1);
    return g_string_free(json, FALSE);
}

enum { CASE_REPLICATES = 3 };

/* Seals @one at @path as the bench would. */
static inline void case_seal(const PaperCase *one, const CelBench *bench, const char *path)
{
    g_autoptr(GError) error = NULL;
    CelMeasurement *measurements[CASE_REPLICATES];
    g_autoptr(CelWork) work = case_work(one, bench, measurements, CASE_REPLICATES);
    CelIdentification answer = *cel_work_answer(work);
    g_autofree char *en = one->natural ? NULL : case_claim(one, FALSE);
    g_autofree char *zh = one->natural ? NULL : case_claim(one, TRUE);
    if (!one->natural) {
        answer.outcome = one->outcome;
        answer.claim_en = en;
        answer.claim_zh = zh;
        answer.policy = CEL_POLICY_EVIDENCE;
    }
    g_assert_cmpint(answer.outcome, ==, one->outcome);
    g_autofree char *json = case_answer_json(&answer, one);
    g_autoptr(CelRecipe) recipe = cel_bench_recipe(bench, 785.0);
    GPtrArray *stages[CASE_REPLICATES] = {NULL};
    for (guint k = 0; k < CASE_REPLICATES; k++) {
        g_autoptr(CelSpectrum) last =
            cel_bench_process(measurements[k], recipe, &stages[k], NULL, &error);
        g_assert_no_error(error);
        g_assert_nonnull(last);
    }
    const CelIdentification *singles[CASE_REPLICATES] = {&answer, &answer, &answer};
    const char *single_jsons[CASE_REPLICATES] = {json, json, json};
    gsize n_libraries = 0;
    const CelLibrary *const *libraries = cel_bench_libraries(bench, &n_libraries);
    const CelSealRequest request = {
        .measurements = (const CelMeasurement *const *)measurements,
        .n_measurements = CASE_REPLICATES,
        .recipe = recipe,
        .stages = stages,
        .singles = (CelIdentification *const *)singles,
        .answer = &answer,
        .answer_json = json,
        .single_jsons = single_jsons,
        .libraries = libraries,
        .n_libraries = n_libraries,
        .case_id = "2026-0042",
        .exhibit_id = "1-1",
        .operator_id = "P0017",
        .method_id = "M-1",
        .method_version = "3",
        .validation_status = "not validated",
        .training = one->training,
        .clock = cel_clock_fixed(1795000000000000),
        .fid = FACTS_FID,
    };
    g_autoptr(CelKey) key = cel_key_generate("王芳", one->training, NULL);
    cel_seal_write(&request, key, path, NULL, &error);
    g_assert_no_error(error);
    for (guint k = 0; k < CASE_REPLICATES; k++)
        g_ptr_array_unref(stages[k]);
}

/** Opened: a sealed file, read and verified once for all its papers. */
typedef struct {
    CelSealed *sealed;
    GPtrArray *verdict;
    char *sha256, *sm3;
} Opened;

static inline void opened_clear(Opened *file)
{
    cel_sealed_free(file->sealed);
    g_clear_pointer(&file->verdict, g_ptr_array_unref);
    g_free(file->sha256);
    g_free(file->sm3);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Opened, opened_clear)

static inline Opened opened_read(const char *path)
{
    g_autoptr(GError) error = NULL;
    Opened out = {.sealed = cel_sealed_open(path, NULL, &error)};
    g_assert_no_error(error);
    cel_verify(path, NULL, &out.verdict, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(GBytes) bytes = cel_file_read(path, CEL_SEAL_MAX_BYTES, NULL);
    gsize n = 0;
    const void *data = g_bytes_get_data(bytes, &n);
    out.sha256 = cel_digest_hex("sha256", data, n);
    out.sm3 = cel_digest_hex("sm3", data, n);
    return out;
}

/** PaperOrder: which paper of @file. */
typedef struct {
    const Opened *file;
    CelReportForm form;
    gboolean chinese;
    JsonObject *facts;         /* (nullable) */
    const CelProfile *profile; /* (nullable) */
} PaperOrder;

static inline GBytes *paper_of(const PaperOrder *order, GError **error)
{
    const CelReportRequest request = {.sealed = order->file->sealed,
                                      .file_name = "exhibit.cel.h5",
                                      .file_sha256 = order->file->sha256,
                                      .file_sm3 = order->file->sm3,
                                      .verdict = order->file->verdict,
                                      .form = order->form,
                                      .chinese = order->chinese,
                                      .facts = order->facts,
                                      .profile = order->profile};
    return cel_report_pdf(&request, error);
}
