/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-library-sign.h"
#include "match/cel-record-card.h"
#include "spectrum/cel-measurement.h"

G_BEGIN_DECLS

/** CelBench: what many samples share: the libraries, made ready for search once, and the policy. */
typedef struct CelBench CelBench;

/**
 * CelInstrumentJudge: what is known of the instrument that made @measurement, the day's verdict
 * included; @state holds what the measurement itself says and no verdict. Called on any thread.
 * Returns: FALSE with the error when it cannot be found out; then nothing is identified.
 */
typedef gboolean (*CelInstrumentJudge)(gpointer data, const CelMeasurement *measurement,
                                       CelSampleState *state, GError **error);

/** CelBenchOptions: all borrowed during cel_bench_open(). */
typedef struct {
    const char *const *library_paths; /* (nullable): NULL-ended, besides the built-in library */
    gboolean only_paths;              /* leave the built-in library out */
    const CelTrust *trust;            /* (nullable): whose signatures under libraries count */
    const char *recipe;               /* (nullable): shipped recipe by name; NULL: by the laser */
    const char *recipe_text;          /* (nullable): a recipe's own text goes before both */
    CelPolicy policy;
    guint top;                 /* hits to list, 0: 10 */
    guint threads;             /* 0, 1: one */
    double resolution_cm1;     /* measured FWHM of the samples' instrument, 0: not known; see
                              CelIdentifyOptions */
    guint stability_runs;      /* recalculations of every measurement, 0: none; see CelStability */
    CelBandDrop drop;          /* band rows to leave out, for validation */
    const CelRecords *records; /* (nullable): the laboratory's own, must outlive the bench: every
                                  answer then says what they say of its class */
    const char *condition;     /* (nullable): of the material, as the records word it */
    gboolean validated;        /* for a replay: the sealed answer stood on records that suffice */
    CelInstrumentJudge judge;  /* (nullable): no check is known: a claim stays a lead */
    gpointer judge_data;       /* lives as long as the bench */
} CelBenchOptions;

/**
 * cel_bench_open:
 * Returns: (transfer full): the bench, or NULL with CEL_ERROR_USAGE (unknown recipe, no library
 *   left), CEL_ERROR_INPUT (a library is not usable, or not the one that was signed),
 *   CEL_ERROR_CANCELLED. Immutable, so thread-safe.
 */
CelBench *cel_bench_open(const CelBenchOptions *options, CelJob *job, GError **error);

/** cel_bench_close: @bench: (nullable) */
void cel_bench_close(CelBench *bench);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelBench, cel_bench_close)

/**
 * cel_bench_add_barrier:
 * @blank: measured through the empty packaging, on the instrument and axis of the samples
 * From now on it may explain part of every sample, see CelSample; at most CEL_UNMIX_MAX_BLANKS. Not
 * while the bench is in use by other threads.
 * Returns: FALSE with CEL_ERROR_UNIT (no way to a Raman shift axis) or CEL_ERROR_USAGE (too many).
 */
gboolean cel_bench_add_barrier(CelBench *bench, const CelMeasurement *blank, GError **error);

/** cel_bench_libraries: @out_n: how many. Returns: (transfer none): the libraries in use. */
const CelLibrary *const *cel_bench_libraries(const CelBench *bench, gsize *out_n);

/** cel_bench_library_state: @index: below the number of cel_bench_libraries(). Returns: what is
 * known of that library's signature. */
CelLibraryState cel_bench_library_state(const CelBench *bench, gsize index);

/** cel_bench_all_signed: Returns: whether every library is built in, or signed and vouched for. */
gboolean cel_bench_all_signed(const CelBench *bench);

/** cel_bench_matcher: Returns: (transfer none): what searches. */
const CelMatcher *cel_bench_matcher(const CelBench *bench);

/** cel_bench_recipe: Returns: (transfer full): the recipe that a sample of this excitation gets;
 * @laser_nm: 0 when not known. */
CelRecipe *cel_bench_recipe(const CelBench *bench, double laser_nm);

/** cel_bench_recipe_departs: Returns: whether @recipe gives a sample of this excitation other
 * numbers than the method's own: work with it is exploratory and cannot be released as the method's
 * result (rule 1.6). Its name does not count. Thread-safe: yes. */
gboolean cel_bench_recipe_departs(const CelBench *bench, const CelRecipe *recipe, double laser_nm);

/**
 * cel_bench_process:
 * Runs @recipe over a measurement with its dark and its single frames.
 * @out_stages: (out) (optional) (transfer full) (element-type CelSpectrum)
 * Returns: (transfer full): the processed spectrum on a Raman shift axis, or NULL with the error.
 */
CelSpectrum *cel_bench_process(const CelMeasurement *measurement, const CelRecipe *recipe,
                               GPtrArray **out_stages, CelJob *job, GError **error);

/**
 * cel_bench_identify:
 * Returns: (transfer full): the answer for one measurement alone; it must not outlive @bench. NULL
 *   with the error when the measurement cannot be evaluated. Thread-safe: yes.
 */
CelIdentification *cel_bench_identify(const CelBench *bench, const CelMeasurement *measurement,
                                      CelJob *job, GError **error);

/** CelBenchThrough: one measurement, what it was measured through, and whether its answer is tried;
 * borrowed. */
typedef struct {
    const CelMeasurement *measurement;
    const CelMeasurement *const *blanks; /* of the empty packaging, on the same instrument */
    gsize n_blanks;                      /* with the bench's own at most CEL_UNMIX_MAX_BLANKS */
    guint stability_runs;                /* "try to break it": recalculations of this one; 0: as the
                                            bench's options say */
} CelBenchThrough;

/** cel_bench_identify_through: as cel_bench_identify(); the blanks may explain part of this one
 * sample, as if cel_bench_add_barrier() had been told of them. Returns: (transfer full), or NULL
 * with the errors of both. Thread-safe: yes. */
CelIdentification *cel_bench_identify_through(const CelBench *bench, const CelBenchThrough *through,
                                              CelJob *job, GError **error);

/**
 * cel_bench_answer:
 * The answer for an exhibit of which @measurement is the only one: under the evidence policy one
 * measurement cannot carry "found" (at least three replicates do), so it falls back to a lead.
 * Returns: (transfer full): as cel_bench_identify(). Thread-safe: yes.
 */
CelIdentification *cel_bench_answer(const CelBench *bench, const CelMeasurement *measurement,
                                    CelJob *job, GError **error);

G_END_DECLS
