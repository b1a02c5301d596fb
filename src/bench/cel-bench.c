/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-bench.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct CelBench {
    GPtrArray *libraries; /* CelLibrary */
    GArray *states;       /* CelLibraryState of each */
    GPtrArray *barriers;  /* CelSpectrum on shift axes */
    CelRecipe *recipe;    /* NULL: by the laser */
    CelMatcher *matcher;
    const CelRecords *records; /* (nullable) */
    char *condition, *library_digests, *thresholds;
    gboolean validated;
    CelPolicy policy;
    CelInstrumentJudge judge;
    gpointer judge_data;
};

static void add_library(CelBench *bench, CelLibrary *library, CelLibraryState state)
{
    g_ptr_array_add(bench->libraries, library);
    g_array_append_val(bench->states, state);
}

static gboolean open_libraries(CelBench *bench, const CelBenchOptions *options, CelJob *job,
                               GError **error)
{
    if (!options->only_paths) {
        CelLibrary *builtin = cel_library_open_builtin(error);
        if (builtin == NULL)
            return FALSE;
        add_library(bench, builtin, CEL_LIBRARY_BUILT_IN);
    }
    for (gsize i = 0; options->library_paths != NULL && options->library_paths[i] != NULL; i++) {
        const char *path = options->library_paths[i];
        CelLibraryState state = CEL_LIBRARY_UNSIGNED;
        g_autoptr(CelLibrary) library = cel_library_open(path, job, error);
        if (library == NULL || !cel_library_state(library, path, options->trust, &state, error))
            return FALSE;
        add_library(bench, g_steal_pointer(&library), state);
    }
    if (bench->libraries->len == 0) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                    _("No reference library is left to compare with; name one with --library"));
        return FALSE;
    }
    return TRUE;
}

static gboolean choose_recipe(CelBench *bench, const CelBenchOptions *options, GError **error)
{
    if (options->recipe_text != NULL)
        bench->recipe = cel_recipe_from_text(options->recipe_text, error);
    else if (options->recipe != NULL)
        bench->recipe = cel_recipe_shipped(options->recipe, error);
    return bench->recipe != NULL || (options->recipe_text == NULL && options->recipe == NULL);
}

CelBench *cel_bench_open(const CelBenchOptions *options, CelJob *job, GError **error)
{
    g_autoptr(CelBench) bench = g_new0(CelBench, 1);
    bench->libraries = g_ptr_array_new_with_free_func((GDestroyNotify)cel_library_free);
    bench->states = g_array_new(FALSE, FALSE, sizeof(CelLibraryState));
    bench->barriers = g_ptr_array_new_with_free_func((GDestroyNotify)cel_spectrum_free);
    if (!choose_recipe(bench, options, error) || !open_libraries(bench, options, job, error))
        return NULL;
    const CelIdentifyOptions identify = {
        .libraries = (const CelLibrary *const *)bench->libraries->pdata,
        .n_libraries = bench->libraries->len,
        .recipe = bench->recipe,
        .policy = options->policy,
        .top = options->top,
        .threads = options->threads,
        .drop = options->drop,
        .stability_runs = options->stability_runs,
        .resolution_cm1 = options->resolution_cm1,
    };
    bench->judge = options->judge;
    bench->judge_data = options->judge_data;
    bench->records = options->records;
    bench->validated = options->validated;
    bench->policy = options->policy;
    bench->condition = g_strdup(options->condition != NULL ? options->condition : "");
    bench->library_digests = cel_record_libraries(identify.libraries, identify.n_libraries);
    bench->thresholds = cel_record_thresholds();
    bench->matcher = cel_matcher_new(&identify, job, error);
    if (bench->matcher == NULL)
        return NULL;
    return g_steal_pointer(&bench);
}

void cel_bench_close(CelBench *bench)
{
    if (bench == NULL)
        return;
    cel_matcher_free(bench->matcher);
    cel_recipe_free(bench->recipe);
    g_ptr_array_unref(bench->libraries);
    g_array_unref(bench->states);
    g_free(bench->condition);
    g_free(bench->library_digests);
    g_free(bench->thresholds);
    g_ptr_array_unref(bench->barriers);
    g_free(bench);
}

const CelLibrary *const *cel_bench_libraries(const CelBench *bench, gsize *out_n)
{
    *out_n = bench->libraries->len;
    return (const CelLibrary *const *)bench->libraries->pdata;
}

CelLibraryState cel_bench_library_state(const CelBench *bench, gsize index)
{
    g_return_val_if_fail(index < bench->states->len, CEL_LIBRARY_UNSIGNED);
    return g_array_index(bench->states, CelLibraryState, index);
}

gboolean cel_bench_all_signed(const CelBench *bench)
{
    for (guint i = 0; i < bench->states->len; i++) {
        const CelLibraryState state = cel_bench_library_state(bench, i);
        if (state != CEL_LIBRARY_BUILT_IN && state != CEL_LIBRARY_SIGNED)
            return FALSE;
    }
    return TRUE;
}

const CelMatcher *cel_bench_matcher(const CelBench *bench)
{
    return bench->matcher;
}

CelRecipe *cel_bench_recipe(const CelBench *bench, double laser_nm)
{
    if (bench->recipe == NULL)
        return cel_recipe_default(laser_nm);
    g_autofree char *text = cel_recipe_to_text(bench->recipe);
    return cel_recipe_from_text(text, NULL);
}

/* The steps alone; the first line of a recipe's text is its name. */
static const char *steps_of(const char *text)
{
    return strchr(text, '\n') + 1;
}

gboolean cel_bench_recipe_departs(const CelBench *bench, const CelRecipe *recipe, double laser_nm)
{
    g_autoptr(CelRecipe) own = cel_bench_recipe(bench, laser_nm);
    g_autofree char *own_text = cel_recipe_to_text(own);
    g_autofree char *text = cel_recipe_to_text(recipe);
    return strcmp(steps_of(own_text), steps_of(text)) != 0;
}

/** Sample: one measurement on the Raman shift axis with what the steps need besides. */
typedef struct {
    CelSpectrum *mean, *dark;
    GPtrArray *frames;
    CelStepInputs inputs;
} Sample;

static void sample_clear(Sample *sample)
{
    cel_spectrum_free(sample->mean);
    cel_spectrum_free(sample->dark);
    g_clear_pointer(&sample->frames, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sample, sample_clear)

/* Brings @spectrum (owned) to a Raman shift axis; NULL stays NULL. */
static CelSpectrum *to_shift(CelSpectrum *spectrum, double laser_nm, GError **error)
{
    if (spectrum == NULL)
        return NULL;
    CelSpectrum *shifted = cel_spectrum_to_shift(spectrum, laser_nm, error);
    cel_spectrum_free(spectrum);
    return shifted;
}

static gboolean sample_fill(Sample *sample, const CelMeasurement *m, GError **error)
{
    const double laser_nm = m->calibration.laser_nm;
    sample->mean = to_shift(cel_measurement_spectrum(m, -1, error), laser_nm, error);
    if (sample->mean == NULL)
        return FALSE;
    if (m->n_dark_frames > 0) {
        sample->dark = to_shift(cel_measurement_dark(m, error), laser_nm, error);
        if (sample->dark == NULL)
            return FALSE;
    }
    sample->frames = g_ptr_array_new_with_free_func((GDestroyNotify)cel_spectrum_free);
    for (gsize i = 0; m->n_frames > 1 && i < m->n_frames; i++) {
        CelSpectrum *frame =
            to_shift(cel_measurement_spectrum(m, (gssize)i, error), laser_nm, error);
        if (frame == NULL)
            return FALSE;
        g_ptr_array_add(sample->frames, frame);
    }
    sample->inputs = (CelStepInputs){
        .dark = sample->dark,
        .frames = (const CelSpectrum *const *)sample->frames->pdata,
        .n_frames = sample->frames->len,
        .read_noise_counts = m->instrument.read_noise_counts,
        .gain_e_per_count = m->instrument.gain_e_per_count,
        .response = m->response,
        .nonlinearity = m->n_nonlinearity > 0 ? m->nonlinearity : NULL,
        .n_nonlinearity = m->n_nonlinearity,
    };
    return TRUE;
}

static gboolean add_barrier(GPtrArray *barriers, const CelMeasurement *blank, GError **error)
{
    if (barriers->len == CEL_UNMIX_MAX_BLANKS) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                    _("At most %d blanks of packaging can be taken into account at once"),
                    CEL_UNMIX_MAX_BLANKS);
        return FALSE;
    }
    CelSpectrum *mean =
        to_shift(cel_measurement_spectrum(blank, -1, error), blank->calibration.laser_nm, error);
    if (mean == NULL)
        return FALSE;
    g_ptr_array_add(barriers, mean);
    return TRUE;
}

gboolean cel_bench_add_barrier(CelBench *bench, const CelMeasurement *blank, GError **error)
{
    return add_barrier(bench->barriers, blank, error);
}

CelSpectrum *cel_bench_process(const CelMeasurement *measurement, const CelRecipe *recipe,
                               GPtrArray **out_stages, CelJob *job, GError **error)
{
    g_auto(Sample) sample = {0};
    if (!sample_fill(&sample, measurement, error))
        return NULL;
    return cel_recipe_run(recipe, sample.mean, &sample.inputs, out_stages, job, error);
}

/* What the laboratory's own records say of the class that @answer speaks of. */
static void add_rates(const CelBench *bench, const CelMeasurement *m, CelIdentification *answer)
{
    if (bench->validated)
        cel_identification_drop_not_validated(answer);
    if (bench->records == NULL || answer->hits->len == 0)
        return;
    const CelHit *first = g_ptr_array_index(answer->hits, 0);
    const CelRecordDomain domain = {
        .policy = cel_policy_name(bench->policy),
        .libraries = bench->library_digests,
        .thresholds = bench->thresholds,
        .laser_nm = m->calibration.laser_nm,
        .instrument = m->instrument.model,
        .condition = bench->condition,
        .class_id = first->substance->class_id,
    };
    cel_identification_set_rates(answer, cel_records_rates(bench->records, &domain));
}

static CelIdentification *identify(const CelBench *bench, const CelBenchThrough *through,
                                   const GPtrArray *barriers, CelJob *job, GError **error)
{
    const CelMeasurement *measurement = through->measurement;
    g_auto(Sample) sample = {0};
    CelSampleState state = {.axis_u_cm1 = measurement->calibration.u_axis_cm1};
    if (bench->judge != NULL && !bench->judge(bench->judge_data, measurement, &state, error))
        return NULL;
    if (!sample_fill(&sample, measurement, error))
        return NULL;
    const CelSample asked = {
        .raw = sample.mean,
        .inputs = &sample.inputs,
        .state = state,
        .barriers = (const CelSpectrum *const *)barriers->pdata,
        .n_barriers = barriers->len,
        .stability_runs = through->stability_runs,
    };
    CelIdentification *answer = cel_matcher_identify(bench->matcher, &asked, job, error);
    if (answer != NULL)
        add_rates(bench, measurement, answer);
    return answer;
}

CelIdentification *cel_bench_identify(const CelBench *bench, const CelMeasurement *measurement,
                                      CelJob *job, GError **error)
{
    return identify(bench, &(CelBenchThrough){.measurement = measurement}, bench->barriers, job,
                    error);
}

CelIdentification *cel_bench_identify_through(const CelBench *bench, const CelBenchThrough *through,
                                              CelJob *job, GError **error)
{
    g_autoptr(GPtrArray) own = g_ptr_array_new_with_free_func((GDestroyNotify)cel_spectrum_free);
    for (gsize i = 0; i < through->n_blanks; i++)
        if (!add_barrier(own, through->blanks[i], error))
            return NULL;
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    g_ptr_array_extend(all, bench->barriers, NULL, NULL);
    g_ptr_array_extend(all, own, NULL, NULL);
    if (all->len <= CEL_UNMIX_MAX_BLANKS)
        return identify(bench, through, all, job, error);
    g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                _("At most %d blanks of packaging can be taken into account at once"),
                CEL_UNMIX_MAX_BLANKS);
    return NULL;
}

CelIdentification *cel_bench_answer(const CelBench *bench, const CelMeasurement *measurement,
                                    CelJob *job, GError **error)
{
    CelIdentification *single = cel_bench_identify(bench, measurement, job, error);
    if (single == NULL || single->policy != CEL_POLICY_EVIDENCE ||
        (single->outcome != CEL_OUTCOME_FOUND && single->outcome != CEL_OUTCOME_MIXTURE))
        return single;
    g_autoptr(GPtrArray) singles =
        g_ptr_array_new_with_free_func((GDestroyNotify)cel_identification_free);
    g_autoptr(GPtrArray) problems = g_ptr_array_new();
    g_ptr_array_add(singles, single);
    g_ptr_array_add(problems, NULL);
    return cel_identification_combine(singles, problems);
}
