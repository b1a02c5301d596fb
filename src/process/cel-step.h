/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-job.h"
#include "base/cel-param.h"
#include "spectrum/cel-response.h"
#include "spectrum/cel-spectrum.h"

G_BEGIN_DECLS

/** CelStepInputs: what a step may need besides the spectrum; all borrowed, all may be absent. */
typedef struct {
    const CelSpectrum *dark;          /* mean dark on the same axis */
    const CelSpectrum *const *frames; /* the single frames of the measurement, same axis */
    gsize n_frames;
    double read_noise_counts;    /* one frame, 0: not known */
    double gain_e_per_count;     /* 0: not known */
    const CelResponse *response; /* for correct.intensity */
    const double *nonlinearity;  /* for correct.nonlinearity: as in CelMeasurement */
    guint n_nonlinearity;
} CelStepInputs;

/** CelStepDef: one processing step: the row that UI, CLI, files and tests read. */
typedef struct CelStepDef {
    const char *id;        /* "area.name"; written to files: never renamed, never reused */
    guint version;         /* >= 1, raised when the same parameters give other numbers */
    const char *title;     /* msgid */
    const char *reference; /* the paper or standard the formula is from */
    const CelParamDef *params;
    gsize n_params;
    /**
     * run:
     * Makes a new spectrum from @in; never edits @in, never resamples unless that is the step.
     * Carries variance and mask as the header of the step says.
     * Returns: (transfer full), or NULL with CEL_ERROR_USAGE, _INPUT, _UNIT, _NUMERIC.
     * Thread-safe: yes, no shared state.
     */
    CelSpectrum *(*run)(const CelSpectrum *in, const CelParams *params, const CelStepInputs *inputs,
                        GError **error);
} CelStepDef;

/** cel_steps: @out_n: how many. Returns: (transfer none): THE list of steps, in the usual order of
 * use. */
const CelStepDef *const *cel_steps(gsize *out_n);

/** cel_step_find: Returns: (nullable): the step with @id, or NULL with CEL_ERROR_USAGE that lists
 * the known ids of the same area. */
const CelStepDef *cel_step_find(const char *id, GError **error);

G_END_DECLS
