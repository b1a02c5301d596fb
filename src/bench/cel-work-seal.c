/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-work-private.h"

#include "base/cel-error.h"
#include "base/cel-json.h"
#include "evidence/cel-seal-tree.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The one method of this version. Its validation is the laboratory's, so none is claimed. */
#define METHOD_STATUS "not validated"

#define NO_FID "00000000000000000000000000000000" /* of content that is only compared */

static void write_bands(CelJsonWriter *json, const CelSubstance *substance)
{
    cel_json_open(json, "reference_bands_cm1", '[');
    for (gsize i = 0; i < substance->n_bands; i++)
        cel_json_number(json, NULL, substance->bands[i].shift_cm1, 6);
    cel_json_close(json);
    cel_json_open(json, "reference_bands_intensity", '[');
    for (gsize i = 0; i < substance->n_bands; i++)
        cel_json_number(json, NULL, substance->bands[i].rel_intensity, 4);
    cel_json_close(json);
}

/* The answer with what only the bench knows: deviations, and the bands of the nearest reference for
 * the paper's plot. The engine's own text is kept byte for byte. */
static char *sealed_answer(const CelWork *work)
{
    g_autofree char *given = cel_identification_to_json(work->answer, "");
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_open(json, "deviations", '[');
    for (guint i = 0; i < work->deviations->len; i++) {
        const CelDeviation *deviation = g_ptr_array_index(work->deviations, i);
        cel_json_open(json, NULL, '{');
        cel_json_text(json, "id", deviation->id);
        cel_json_text(json, "en", deviation->en);
        cel_json_text(json, "zh", deviation->zh);
        cel_json_close(json);
    }
    cel_json_close(json);
    if (work->through)
        cel_json_bool(json, "measured_through", TRUE);
    if (work->answer->hits->len > 0)
        write_bands(json, ((const CelHit *)g_ptr_array_index(work->answer->hits, 0))->substance);
    cel_json_close(json);
    g_autofree char *more = cel_json_finish(json);
    given[strlen(given) - 1] = ',';
    return g_strconcat(given, more + 1, NULL);
}

/** Stages: what every step gave, one list a measurement, and the answers as texts. */
typedef struct {
    GPtrArray *stages; /* GPtrArray of CelSpectrum, NULL where not evaluated */
    GPtrArray *jsons;  /* texts, NULL where not evaluated */
} Stages;

static void unref_stage(gpointer stage)
{
    if (stage != NULL)
        g_ptr_array_unref(stage);
}

static void stages_clear(Stages *stages)
{
    g_clear_pointer(&stages->stages, g_ptr_array_unref);
    g_clear_pointer(&stages->jsons, g_ptr_array_unref);
}

static gboolean run_stages(const CelWork *work, const CelRecipe *recipe, Stages *out, CelJob *job,
                           GError **error)
{
    out->stages = g_ptr_array_new_with_free_func(unref_stage);
    out->jsons = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < work->measurements->len; i++) {
        const CelIdentification *single = g_ptr_array_index(work->singles, i);
        GPtrArray *stages = NULL;
        if (single != NULL) {
            g_autoptr(CelSpectrum) last = cel_bench_process(
                g_ptr_array_index(work->measurements, i), recipe, &stages, job, error);
            if (last == NULL)
                return FALSE;
        }
        g_ptr_array_add(out->stages, stages);
        g_ptr_array_add(out->jsons, single != NULL ? cel_identification_to_json(single, "") : NULL);
    }
    return TRUE;
}

static GPtrArray *deviation_ids(const CelWork *work)
{
    GPtrArray *ids = g_ptr_array_new();
    for (guint i = 0; i < work->deviations->len; i++)
        g_ptr_array_add(
            ids, (gpointer)((const CelDeviation *)g_ptr_array_index(work->deviations, i))->id);
    return ids;
}

static GPtrArray *library_states(const CelBench *bench)
{
    GPtrArray *states = g_ptr_array_new();
    gsize n = 0;
    cel_bench_libraries(bench, &n);
    for (gsize i = 0; i < n; i++)
        g_ptr_array_add(states,
                        (gpointer)cel_library_state_name(cel_bench_library_state(bench, i)));
    return states;
}

/** CelWorkDraft: what the request of a seal borrows, and the draft made from it. */
struct CelWorkDraft {
    const CelWork *work;
    CelRecipe *recipe;
    Stages stages;
    char *answer_json;
    GPtrArray *ids, *states;
    CelSealRequest request;
    CelSealDraft *draft;
};

void cel_work_draft_free(CelWorkDraft *draft)
{
    if (draft == NULL)
        return;
    cel_seal_draft_free(draft->draft);
    cel_recipe_free(draft->recipe);
    stages_clear(&draft->stages);
    g_clear_pointer(&draft->ids, g_ptr_array_unref);
    g_clear_pointer(&draft->states, g_ptr_array_unref);
    g_free(draft->answer_json);
    g_free(draft);
}

static CelSealRequest make_request(const CelWorkDraft *draft, const CelWorkSeal *seal,
                                   const char *person)
{
    const CelWork *work = draft->work;
    const CelMeasurement *first = g_ptr_array_index(work->measurements, 0);
    gsize n_libraries = 0;
    const CelLibrary *const *libraries = cel_bench_libraries(work->bench, &n_libraries);
    return (CelSealRequest){
        .measurements = (const CelMeasurement *const *)work->measurements->pdata,
        .n_measurements = work->measurements->len,
        .blanks = (const CelMeasurement *const *)work->blanks->pdata,
        .blank_kinds = (const char *const *)work->blank_kinds->pdata,
        .n_blanks = work->blanks->len,
        .recipe = draft->recipe,
        .stages = (GPtrArray *const *)draft->stages.stages->pdata,
        .singles = (CelIdentification *const *)work->singles->pdata,
        .answer = work->answer,
        .answer_json = draft->answer_json,
        .single_jsons = (const char *const *)draft->stages.jsons->pdata,
        .libraries = libraries,
        .n_libraries = n_libraries,
        .library_states = (const char *const *)draft->states->pdata,
        .case_id = seal->case_id,
        .exhibit_id = seal->exhibit_id,
        .operator_id = seal->operator_id != NULL ? seal->operator_id : person,
        .method_id = CEL_WORK_METHOD_ID,
        .method_version = CEL_WORK_METHOD_VERSION,
        .validation_status = METHOD_STATUS,
        .driver_validation = first->instrument.driver_validation[0] != '\0'
                                 ? first->instrument.driver_validation
                                 : NULL,
        .deviations = draft->ids,
        .training = seal->training,
        .clock = seal->clock,
    };
}

static CelWorkDraft *fill(const CelWork *work, const CelWorkSeal *seal, const char *person,
                          CelJob *job, GError **error)
{
    g_return_val_if_fail(work->answer != NULL, NULL);
    const CelMeasurement *first = g_ptr_array_index(work->measurements, 0);
    g_autoptr(CelWorkDraft) draft = g_new0(CelWorkDraft, 1);
    draft->work = work;
    draft->recipe = cel_bench_recipe(work->bench, first->calibration.laser_nm);
    if (!run_stages(work, draft->recipe, &draft->stages, job, error))
        return NULL;
    draft->answer_json = sealed_answer(work);
    draft->ids = deviation_ids(work);
    draft->states = library_states(work->bench);
    draft->request = make_request(draft, seal, person);
    return g_steal_pointer(&draft);
}

/* An answer becomes evidence only when what it was searched in still is what was found whole. */
static gboolean check_libraries(const CelWork *work, GError **error)
{
    if (cel_matcher_is_whole(cel_bench_matcher(work->bench)))
        return TRUE;
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_SYSTEM,
                        _("What is kept of the reference libraries was changed or damaged, so the "
                          "answer may be wrong and nothing was sealed. Start Celadon again, "
                          "identify and seal: it is made anew from the libraries."));
    return FALSE;
}

CelWorkDraft *cel_work_prepare(CelWork *work, const CelWorkSeal *seal, CelKey *key, CelJob *job,
                               GError **error)
{
    if (!check_libraries(work, error))
        return NULL;
    g_autoptr(CelWorkDraft) draft = fill(work, seal, cel_key_person(key), job, error);
    if (draft != NULL)
        draft->draft = cel_seal_prepare(&draft->request, key, error);
    return draft != NULL && draft->draft != NULL ? g_steal_pointer(&draft) : NULL;
}

CelH5Node *cel_work_tree(CelWork *work, const CelWorkSeal *seal, const char *person, CelJob *job,
                         GError **error)
{
    g_autoptr(CelWorkDraft) draft = fill(work, seal, person, job, error);
    return draft != NULL ? cel_seal_tree(&draft->request, person, NO_FID, error) : NULL;
}

CelSealDraft *cel_work_draft_seal(CelWorkDraft *draft)
{
    return draft->draft;
}

static JsonObject *replicates_of(const CelReplicates *replicates)
{
    JsonObject *out = json_object_new();
    json_object_set_int_member(out, "planned", replicates->planned);
    json_object_set_int_member(out, "valid", replicates->valid);
    json_object_set_int_member(out, "agree", replicates->agree);
    return out;
}

static JsonObject *method_of(void)
{
    JsonObject *out = json_object_new();
    json_object_set_string_member(out, "id", CEL_WORK_METHOD_ID);
    json_object_set_string_member(out, "version", CEL_WORK_METHOD_VERSION);
    return out;
}

JsonObject *cel_instrument_facts(const CelMeasurement *measurement)
{
    const CelInstrument *instrument = &measurement->instrument;
    const char *const texts[][2] = {{"serial", instrument->serial},
                                    {"model", instrument->model},
                                    {"vendor", instrument->vendor},
                                    {"firmware", instrument->firmware}};
    JsonObject *out = json_object_new();
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        if (*texts[i][1] != '\0')
            json_object_set_string_member(out, texts[i][0], texts[i][1]);
    json_object_set_boolean_member(out, "simulated", measurement->simulated);
    return out;
}

JsonObject *cel_work_draft_facts(const CelWorkDraft *draft)
{
    const CelIdentification *answer = draft->work->answer;
    JsonObject *facts = json_object_new();
    JsonArray *deviations = json_array_new();
    for (guint i = 0; i < draft->ids->len; i++)
        json_array_add_string_element(deviations, g_ptr_array_index(draft->ids, i));
    json_object_set_string_member(facts, "outcome", cel_outcome_name(answer->outcome));
    json_object_set_string_member(facts, "claim", answer->ceiling);
    json_object_set_string_member(facts, "policy", cel_policy_name(answer->policy));
    json_object_set_object_member(facts, "replicates", replicates_of(&answer->replicates));
    json_object_set_object_member(facts, "method", method_of());
    json_object_set_object_member(
        facts, "instrument", cel_instrument_facts(g_ptr_array_index(draft->work->measurements, 0)));
    json_object_set_array_member(facts, "deviations", deviations);
    return facts;
}

gboolean cel_work_seal(CelWork *work, const CelWorkSeal *seal, CelKey *key, const char *path,
                       CelJob *job, GError **error)
{
    g_autoptr(CelWorkDraft) draft = cel_work_prepare(work, seal, key, job, error);
    const CelSealEnd end = {.path = path};
    return draft != NULL && cel_seal_finish(draft->draft, &end, job, error);
}
