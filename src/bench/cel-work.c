/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-work-private.h"

#include "base/cel-error.h"
#include "process/cel-peaks.h"

#include <glib/gi18n-lib.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <string.h>

enum { MIN_REPLICATES = 3, MIN_FRAMES = 3 };

/* A band in a blank counts when it stands this many standard deviations above the scatter of the
 * blank, and this near to a band that carries the claim. A residue shows the strongest band, or
 * several: a single weak coincidence is none. */
static const double BLANK_NOISE_FACTOR = 6.0, BLANK_TOLERANCE_CM1 = 5.0;
enum { BLANK_MIN_BANDS = 2 };

typedef enum {
    DEVIATION_TRAINING,
    DEVIATION_IMPORTED,
    DEVIATION_REPLICATES,
    DEVIATION_ALTERED,
    DEVIATION_NO_LIGHT,
    DEVIATION_FRAMES,
    DEVIATION_DARK,
    DEVIATION_INSTRUMENT_BLANK,
    DEVIATION_CHECKS,
    DEVIATION_POLICY,
    DEVIATION_LIBRARY,
    N_DEVIATIONS,
} DeviationId;

static const CelDeviation deviations[N_DEVIATIONS] = {
    [DEVIATION_TRAINING] = {"simulated", "Simulated instrument: training data, no evidence.",
                            "模拟仪器:培训数据,不得作为证据。"},
    [DEVIATION_IMPORTED] = {"instrument-unverified",
                            "The spectrum was imported; its instrument is not verified.",
                            "光谱为外部导入,所用仪器未经核实。"},
    [DEVIATION_REPLICATES] = {"replicates", "Fewer than three replicates at different places.",
                              "不同部位的重复测量少于三次。"},
    [DEVIATION_ALTERED] = {"sample-altered",
                           "The sample changed under the laser; its measurement was stopped.",
                           "检材在激光照射下发生变化,测量已中止。"},
    [DEVIATION_NO_LIGHT] = {"laser-no-difference",
                            "Frames with laser cannot be told from those without it: the laser "
                            "may have given no light.",
                            "开激光与关激光采集的数据无法区分:激光可能未出光。"},
    [DEVIATION_FRAMES] = {"frames", "Fewer than three frames in a replicate.",
                          "有重复测量的累加次数少于三次。"},
    [DEVIATION_DARK] = {"dark", "No dark spectrum was taken.", "未采集暗背景谱。"},
    [DEVIATION_INSTRUMENT_BLANK] = {"instrument-blank", "No instrument blank was measured.",
                                    "未测量仪器空白。"},
    [DEVIATION_CHECKS] = {"performance-check",
                          "No valid performance check of the instrument stands behind this "
                          "measurement; the axis is not verified.",
                          "该次测量没有有效的仪器期间核查,谱轴未经核实。"},
    [DEVIATION_POLICY] = {"development-policy",
                          "Development policy: for measuring accuracy, not for casework.",
                          "开发策略:仅用于评价准确性,不得用于办案。"},
    [DEVIATION_LIBRARY] = {"library-unsigned",
                           "A reference library is not signed by anybody whom the laboratory "
                           "vouches for.",
                           "所用参考库未经实验室认可的人员签署。"},
};

static const char *const blank_names[CEL_N_BLANKS] = {
    [CEL_BLANK_INSTRUMENT] = "instrument",
    [CEL_BLANK_PACKAGING] = "packaging",
    [CEL_BLANK_CLEANING] = "cleaning",
};

CelWork *cel_work_new(const CelBench *bench)
{
    CelWork *work = g_new0(CelWork, 1);
    work->references = 1;
    work->bench = bench;
    work->measurements = g_ptr_array_new_with_free_func((GDestroyNotify)cel_measurement_free);
    work->failures = g_ptr_array_new_with_free_func(g_free);
    work->blanks = g_ptr_array_new_with_free_func((GDestroyNotify)cel_measurement_free);
    work->blank_kinds = g_ptr_array_new();
    work->singles = g_ptr_array_new_with_free_func((GDestroyNotify)cel_identification_free);
    work->problems = g_ptr_array_new_with_free_func(g_free);
    work->deviations = g_ptr_array_new();
    return work;
}

CelWork *cel_work_ref(CelWork *work)
{
    g_atomic_int_inc(&work->references);
    return work;
}

void cel_work_free(CelWork *work)
{
    if (work == NULL || !g_atomic_int_dec_and_test(&work->references))
        return;
    cel_identification_free(work->answer);
    g_ptr_array_unref(work->measurements);
    g_ptr_array_unref(work->failures);
    g_ptr_array_unref(work->blanks);
    g_ptr_array_unref(work->blank_kinds);
    g_ptr_array_unref(work->singles);
    g_ptr_array_unref(work->problems);
    g_ptr_array_unref(work->deviations);
    g_free(work);
}

void cel_work_add(CelWork *work, CelMeasurement *measurement)
{
    g_ptr_array_add(work->measurements, measurement);
}

void cel_work_add_failure(CelWork *work, const char *reason)
{
    g_ptr_array_add(work->failures, g_strdup(reason));
}

const char *cel_blank_kind_name(CelBlankKind kind)
{
    g_return_val_if_fail((guint)kind < CEL_N_BLANKS, NULL);
    return blank_names[kind];
}

void cel_work_add_blank(CelWork *work, CelBlankKind kind, CelMeasurement *measurement)
{
    g_ptr_array_add(work->blanks, measurement);
    g_ptr_array_add(work->blank_kinds, (gpointer)cel_blank_kind_name(kind));
}

void cel_work_measure_through(CelWork *work)
{
    work->through = TRUE;
}

const CelBench *cel_work_bench(const CelWork *work)
{
    return work->bench;
}

const CelMeasurement *cel_work_measurement(const CelWork *work, guint index)
{
    return index < work->measurements->len ? g_ptr_array_index(work->measurements, index) : NULL;
}

const CelIdentification *cel_work_answer(const CelWork *work)
{
    return work->answer;
}

const GPtrArray *cel_work_deviations(const CelWork *work)
{
    return work->deviations;
}

static gboolean has_blank(const CelWork *work, CelBlankKind kind)
{
    return g_ptr_array_find(work->blank_kinds, cel_blank_kind_name(kind), NULL);
}

static void list_deviations(CelWork *work)
{
    gboolean hit[N_DEVIATIONS] = {FALSE};
    for (guint i = 0; i < work->measurements->len; i++) {
        const CelMeasurement *m = g_ptr_array_index(work->measurements, i);
        const gboolean imported =
            m->imported_axis != NULL || g_tree_lookup(m->notes, "import.provenance") != NULL;
        hit[DEVIATION_ALTERED] |= g_tree_lookup(m->notes, "sample.altered") != NULL;
        hit[DEVIATION_NO_LIGHT] |= g_tree_lookup(m->notes, "laser.no_difference") != NULL;
        hit[DEVIATION_TRAINING] |= m->simulated;
        hit[DEVIATION_IMPORTED] |= imported;
        hit[DEVIATION_FRAMES] |= m->imported_axis == NULL && m->n_frames < MIN_FRAMES;
        hit[DEVIATION_DARK] |= m->imported_axis == NULL && m->n_dark_frames == 0;
    }
    hit[DEVIATION_REPLICATES] = work->answer->replicates.valid < MIN_REPLICATES;
    hit[DEVIATION_INSTRUMENT_BLANK] = !has_blank(work, CEL_BLANK_INSTRUMENT);
    hit[DEVIATION_CHECKS] = g_strcmp0(work->answer->quality.axis_check, "ok") != 0;
    hit[DEVIATION_POLICY] = work->answer->policy == CEL_POLICY_DEVELOPMENT;
    hit[DEVIATION_LIBRARY] = !cel_bench_all_signed(work->bench);
    g_ptr_array_set_size(work->deviations, 0);
    for (guint id = 0; id < N_DEVIATIONS; id++) {
        if (hit[id])
            g_ptr_array_add(work->deviations, (gpointer)&deviations[id]);
    }
}

/* The scatter of a corrected spectrum without bands: what is left of its background counts too. */
static double scatter(const CelSpectrum *spectrum)
{
    const gsize n = cel_spectrum_length(spectrum);
    g_autofree double *size = g_new(double, n);
    for (gsize i = 0; i < n; i++)
        size[i] = fabs(cel_spectrum_y(spectrum)[i]);
    return 1.4826 * gsl_stats_median(size, 1, n); /* the median of a Gaussian's size is 0.6745 s */
}

static gboolean has_peak_near(const GArray *peaks, double position)
{
    for (guint p = 0; p < peaks->len; p++) {
        if (fabs(g_array_index(peaks, CelPeak, p).position - position) <= BLANK_TOLERANCE_CM1)
            return TRUE;
    }
    return FALSE;
}

/* Whether @blank shows the bands of @hit that carry the claim. */
static gboolean blank_shows(const CelHit *hit, const CelSpectrum *blank)
{
    const double noise =
        MAX(scatter(blank), cel_peaks_noise(cel_spectrum_y(blank), cel_spectrum_length(blank)));
    const CelPeakOptions options = {.min_prominence = BLANK_NOISE_FACTOR * noise};
    g_autoptr(GArray) peaks = cel_peaks_find(blank, &options);
    const CelPeakPair *strongest = NULL;
    guint n = 0;
    for (guint m = 0; m < hit->matched->len; m++) {
        const CelPeakPair *pair = &g_array_index(hit->matched, CelPeakPair, m);
        if (strongest == NULL || pair->sample_height > strongest->sample_height)
            strongest = pair;
        n += has_peak_near(peaks, pair->sample_cm1) ? 1 : 0;
    }
    return n >= BLANK_MIN_BANDS ||
           (strongest != NULL && has_peak_near(peaks, strongest->sample_cm1));
}

static gboolean apply_blanks(CelWork *work, CelJob *job, GError **error)
{
    if (work->answer->hits->len == 0)
        return TRUE;
    const CelHit *first = g_ptr_array_index(work->answer->hits, 0);
    for (guint i = 0; i < work->blanks->len; i++) {
        const CelMeasurement *blank = g_ptr_array_index(work->blanks, i);
        g_autoptr(CelRecipe) recipe = cel_bench_recipe(work->bench, blank->calibration.laser_nm);
        g_autoptr(CelSpectrum) spectrum = cel_bench_process(blank, recipe, NULL, job, error);
        if (spectrum == NULL) {
            g_prefix_error(error, _("Blank %u: "), i + 1);
            return FALSE;
        }
        if (blank_shows(first, spectrum))
            cel_identification_cap_for_blank(work->answer);
    }
    return TRUE;
}

/* The rule of replicates counts the planned ones, also those that gave no measurement. */
static CelIdentification *combine(const CelWork *work)
{
    g_autoptr(GPtrArray) singles = g_ptr_array_new();
    g_autoptr(GPtrArray) problems = g_ptr_array_new();
    g_ptr_array_extend(singles, work->singles, NULL, NULL);
    g_ptr_array_extend(problems, work->problems, NULL, NULL);
    for (guint i = 0; i < work->failures->len; i++) {
        g_ptr_array_add(singles, NULL);
        g_ptr_array_add(problems, g_ptr_array_index(work->failures, i));
    }
    return cel_identification_combine(singles, problems);
}

static CelIdentification *identify_one(const CelWork *work, const CelMeasurement *measurement,
                                       guint stability_runs, CelJob *job, GError **error)
{
    g_autoptr(GPtrArray) bags = g_ptr_array_new();
    for (guint i = 0; work->through && i < work->blanks->len; i++)
        if (g_ptr_array_index(work->blank_kinds, i) == cel_blank_kind_name(CEL_BLANK_PACKAGING))
            g_ptr_array_add(bags, g_ptr_array_index(work->blanks, i));
    const CelBenchThrough through = {.measurement = measurement,
                                     .blanks = (const CelMeasurement *const *)bags->pdata,
                                     .n_blanks = bags->len,
                                     .stability_runs = stability_runs};
    return cel_bench_identify_through(work->bench, &through, job, error);
}

gboolean cel_work_identify(CelWork *work, CelJob *job, GError **error)
{
    if (work->measurements->len == 0) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE, _("There is no measurement to identify"));
        return FALSE;
    }
    g_ptr_array_set_size(work->singles, 0);
    g_ptr_array_set_size(work->problems, 0);
    g_clear_pointer(&work->answer, cel_identification_free);
    for (guint i = 0; i < work->measurements->len; i++) {
        g_autoptr(GError) failure = NULL;
        CelIdentification *single =
            identify_one(work, g_ptr_array_index(work->measurements, i), 0, job, &failure);
        if (g_error_matches(failure, CEL_ERROR, CEL_ERROR_CANCELLED) ||
            (single == NULL && work->measurements->len == 1)) {
            g_propagate_error(error, g_steal_pointer(&failure));
            return FALSE;
        }
        g_ptr_array_add(work->singles, single);
        g_ptr_array_add(work->problems, g_strdup(failure != NULL ? failure->message : NULL));
    }
    work->answer = combine(work);
    if (!apply_blanks(work, job, error))
        return FALSE;
    list_deviations(work);
    return TRUE;
}

CelIdentification *cel_work_recalculate(const CelWork *work, guint runs, CelJob *job,
                                        GError **error)
{
    const CelMeasurement *best =
        work->answer != NULL ? cel_work_measurement(work, work->answer->replicates.best) : NULL;
    if (best != NULL)
        return identify_one(work, best, runs != 0 ? runs : CEL_STABILITY_RUNS, job, error);
    g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE, _("There is no measurement to identify"));
    return NULL;
}
