/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/cel-plot-trace.h"
#include "plot/cel-plot-model.h"
#include "result/cel-result-facts.h"

G_BEGIN_DECLS

/* What the page of reasons shows, as plain numbers and texts: made on a worker from an answer or a
 * sealed file, never changed afterwards. */

/** CelWhyBand: a band of a hit as it is marked and told. Positions and differences in cm-1, NAN
 * where there is none; intensities 0..1 of the strongest. */
typedef struct {
    CelMarkKind kind; /* matched, missing or extra */
    double at_cm1;    /* where its mark stands */
    double reference_cm1, sample_cm1, difference_cm1, tolerance_cm1;
    double reference_intensity, sample_intensity;
    double fwhm_cm1;  /* of the sample's band; NAN: not found as one */
    char *assignment; /* (nullable): as a library has it */
} CelWhyBand;

/** CelWhyHit: one substance of the list, to be laid over. */
typedef struct {
    char *id, *name, *about; /* "D · table of bands · library" */
    double score;
    gboolean is_alike;       /* not told from the first */
    GArray *bands;           /* CelWhyBand, by position */
    CelPlotTrace *reference; /* (nullable): the strongest point is 1 */
    CelPlotTrace *residual;  /* (nullable): likewise */
    char *residual_note;     /* what was scaled and moved, or why there is no curve */
} CelWhyHit;

/** CelWhyPart: one component of the fit of several. */
typedef struct {
    char *name, *about;
    double weight, weight_u; /* for experts only; no content */
} CelWhyPart;

/** CelWhyModel: all of it. */
typedef struct {
    CelResultFacts *facts;
    CelPlotTrace *sample;         /* (nullable): corrected; the strongest point is 1 */
    CelPlotTrace *raw, *baseline; /* (nullable): counts before and what was taken off */
    GPtrArray *hits;              /* CelWhyHit, in order */
    GPtrArray *lines;             /* cel_why_lines() */
    CelQuality quality;           /* its axis_check is a static text */
    gsize n_samples;              /* of the raw spectrum; 0: not known */
    GPtrArray *parts;             /* CelWhyPart */
    CelPlotTrace *left;           /* (nullable): what the fit of several leaves */
    double left_part;             /* 0..1 of the variance */
    GPtrArray *left_hits;         /* CelWhyPart: what that resembles, weight: cosine */
    char *stability;              /* "": not asked for */
} CelWhyModel;

/** cel_why_model_of_answer: Returns: (transfer full), or NULL with the error of processing or
 * CEL_ERROR_CANCELLED. Thread-safe: yes. */
CelWhyModel *cel_why_model_of_answer(CelAnswer *answer, CelJob *job, GError **error);

/** cel_why_model_of_sealed: as it was sealed; curves of hits other than the first are not in the
 * file. Returns: (transfer full), or NULL with the error of reading. Thread-safe: yes. */
CelWhyModel *cel_why_model_of_sealed(const CelSealed *sealed, const char *title, CelJob *job,
                                     GError **error);

/** cel_why_model_assign: gives the bands of the hits the assignments that any of @libraries has for
 * that substance at that position. Before the model is shown. */
void cel_why_model_assign(CelWhyModel *model, const CelLibrary *const *libraries, gsize n);

/** cel_why_model_free: @model: (nullable) */
void cel_why_model_free(CelWhyModel *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelWhyModel, cel_why_model_free)

/* ---- shared by its two makers; nobody else uses these ---- */

/** CelWhyCurve: samples, owned. */
typedef struct {
    double *x, *y;
    gsize n;
} CelWhyCurve;

/** cel_why_model_new: @facts: (transfer full). Returns: (transfer full): without curves and hits.
 */
CelWhyModel *cel_why_model_new(CelResultFacts *facts);
/** cel_why_hit_new: Returns: (transfer full): to be given to the model's hits. */
CelWhyHit *cel_why_hit_new(void);
/** cel_why_hit_lay: makes reference and residual of @hit from a measured curve (both scaled to 1);
 * @shift_cm1: of the sample's axis. */
void cel_why_hit_lay(CelWhyHit *hit, const CelWhyCurve *sample, const CelWhyCurve *reference,
                     double shift_cm1);
/** cel_why_hit_sticks: makes the reference from a @table of bands (positions and heights); there is
 * no residual then. */
void cel_why_hit_sticks(CelWhyHit *hit, const CelWhyCurve *sample, const CelWhyCurve *table);
/** cel_why_hit_add: @band: its assignment is taken over. */
void cel_why_hit_add(CelWhyHit *hit, const CelWhyBand *band);
void cel_why_hit_sort(CelWhyHit *hit);
/** cel_why_set_sample: Returns: FALSE when there is too little to draw. */
gboolean cel_why_set_sample(CelWhyModel *model, const CelWhyCurve *sample);
/** cel_why_set_left: what the fit of several leaves, from @first_cm1 on in the steps of views. */
void cel_why_set_left(CelWhyModel *model, double first_cm1, const float *values, gsize n);
/** cel_why_add_left_hit: @cosine: to what the fit leaves. */
void cel_why_add_left_hit(CelWhyModel *model, const char *name, double cosine);
/** cel_why_set_stages: raw and baseline from @measurement as @recipe corrects it. */
gboolean cel_why_set_stages(CelWhyModel *model, const CelMeasurement *measurement,
                            const CelRecipe *recipe, CelJob *job, GError **error);
/** cel_why_scale: brings the highest point to 1. */
void cel_why_scale(CelWhyCurve *curve);
void cel_why_curve_clear(CelWhyCurve *curve);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CelWhyCurve, cel_why_curve_clear)

G_END_DECLS
