/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The order of the work on one exhibit, as tables: steps, what each needs, and the two ways through
 * them. Constant; thread-safe. */

/** CelPathWay: who does the work where. */
typedef enum {
    CEL_PATH_FIELD, /* an officer at the scene */
    CEL_PATH_LAB,   /* a technician in the laboratory */
    CEL_N_PATH_WAYS,
} CelPathWay;

/** CelPathStep: rows of the table of steps, each a screen. */
typedef enum {
    CEL_PATH_STEP_SCAN,    /* field: safety, scene, number, item with scale, witness */
    CEL_PATH_STEP_RECEIVE, /* lab: compare the seal; accept or refuse */
    CEL_PATH_STEP_OPEN,    /* lab: with two persons */
    CEL_PATH_STEP_EXAMINE, /* lab: look, photograph, take a part */
    CEL_PATH_STEP_CHECK,   /* opening check; left at once when the day-book says OK */
    CEL_PATH_STEP_BLANK,   /* instrument blank, and that of the bag when measuring through it */
    CEL_PATH_STEP_MEASURE, /* the spots */
    CEL_PATH_STEP_CLOSING, /* lab: closing check, or the word that it comes later */
    CEL_PATH_STEP_RESULT,
    CEL_PATH_STEP_PACK,   /* field: photo after, pack, label, seal number */
    CEL_PATH_STEP_RESEAL, /* lab: photo after, new seal number */
    CEL_PATH_STEP_SIGN,   /* field: two signatures */
    CEL_PATH_STEP_REVIEW, /* lab: signed by two, handed to the blind review */
    CEL_N_PATH_STEPS,
} CelPathStep;

/** CelPathNeed: what a step can ask for. */
typedef enum {
    CEL_PATH_NEED_SAFETY,
    CEL_PATH_NEED_SCENE_PHOTO,
    CEL_PATH_NEED_ITEM,
    CEL_PATH_NEED_ITEM_PHOTO,
    CEL_PATH_NEED_WITNESS,
    CEL_PATH_NEED_PACKAGE_PHOTO,
    CEL_PATH_NEED_RECEIPT,
    CEL_PATH_NEED_OPENED,
    CEL_PATH_NEED_INSTRUMENT,
    CEL_PATH_NEED_CHECK,
    CEL_PATH_NEED_THROUGH,
    CEL_PATH_NEED_BLANK,
    CEL_PATH_NEED_PACKAGING_BLANK,
    CEL_PATH_NEED_HAZARD,
    CEL_PATH_NEED_SPOTS,
    CEL_PATH_NEED_CLOSING,
    CEL_PATH_NEED_ANSWER,
    CEL_PATH_NEED_AFTER_PHOTO,
    CEL_PATH_NEED_SEAL_NUMBER,
    CEL_PATH_NEED_SECOND,
    CEL_N_PATH_NEEDS,
} CelPathNeed;

/** CelPathNeedDef: one row: what to do so that it is there. */
typedef struct {
    const char *id;
    const char *en, *zh;
} CelPathNeedDef;

/** cel_path_need_def: Returns: (transfer none): the row of @need. */
const CelPathNeedDef *cel_path_need_def(CelPathNeed need);

/** CelPathShotKind: what can be measured on the way. */
typedef enum {
    CEL_PATH_SHOT_DUE, /* whatever is due */
    CEL_PATH_SHOT_CHECK,
    CEL_PATH_SHOT_BLANK,
    CEL_PATH_SHOT_PACKAGING,
    CEL_PATH_SHOT_CLEANING,
    CEL_PATH_SHOT_SPOT,
    CEL_PATH_SHOT_CLOSING, /* a check too */
    CEL_N_PATH_SHOTS,
} CelPathShotKind;

/** CelPathShotDef: one row. */
typedef struct {
    const char *id;    /* in journals, options and JSON */
    const char *title; /* N_() */
    const char *todo;  /* N_(): what to put before the instrument */
    const char *kind;  /* of the ledger's event, see cel_shot_kinds() */
} CelPathShotDef;

/** cel_path_shot_def: Returns: (transfer none): the row of @kind. */
const CelPathShotDef *cel_path_shot_def(CelPathShotKind kind);
/** cel_path_shot_from_id: Returns: FALSE when @id (nullable) is none. */
gboolean cel_path_shot_from_id(const char *id, CelPathShotKind *out_kind);

/** CelPathStepDef: one step. */
typedef struct {
    const char *id;
    const char *title;  /* N_() */
    const char *todo;   /* N_(): what to do, a sentence or two */
    guint needs;        /* bits 1 << CelPathNeed */
    guint shots;        /* bits 1 << CelPathShotKind: what may be measured here */
    const char *moment; /* (nullable): which photo goes with it when none is missing */
    gboolean goes_on;   /* it is left by itself once nothing is missing */
} CelPathStepDef;

/** cel_path_step_def: Returns: (transfer none): the row of @step. */
const CelPathStepDef *cel_path_step_def(CelPathStep step);

/** CelPathWayDef: one way. */
typedef struct {
    const char *id;    /* "field", "lab" */
    const char *title; /* N_() */
    const CelPathStep *steps;
    guint n_steps;
} CelPathWayDef;

/** cel_path_way_def: Returns: (transfer none): the row of @way. */
const CelPathWayDef *cel_path_way_def(CelPathWay way);
/** cel_path_way_from_id: Returns: FALSE when @id (nullable) is none. */
gboolean cel_path_way_from_id(const char *id, CelPathWay *out_way);

/** CelPathAnswerDef: one question. */
typedef struct {
    const char *id;
    const char *question;      /* N_() */
    const char *const *values; /* (nullable) NULL-ended: only these; NULL: a text */
    gboolean touch;            /* giving it is a touch */
} CelPathAnswerDef;

/** CelPathReasonDef: why a measurement does not count. */
typedef struct {
    const char *id, *words; /* N_() */
} CelPathReasonDef;

/** cel_path_reasons: @out_n: how many. Returns: (transfer none): the short list for
 * cel_path_set_aside(). */
const CelPathReasonDef *cel_path_reasons(gsize *out_n);

/** cel_path_answers: @out_n: how many. Returns: (transfer none): THE table of questions. */
const CelPathAnswerDef *cel_path_answers(gsize *out_n);
/** cel_path_answer_def: Returns: (transfer none) (nullable): the row of @id. */
const CelPathAnswerDef *cel_path_answer_def(const char *id);

G_END_DECLS
