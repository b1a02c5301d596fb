/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-answer.h"

G_BEGIN_DECLS

/* Answers of every kind, made the whole way: the simulated instrument measures, a bench identifies.
 */

/** ResultCase: which. */
typedef enum {
    RESULT_FOUND,        /* polystyrene, the laboratory's own reference, axis checked */
    RESULT_MIXTURE,      /* calcite and polystyrene together */
    RESULT_CLASS_ONLY,   /* polystyrene, reference of grade B */
    RESULT_LEAD,         /* polystyrene, as shipped: a table of bands, no check */
    RESULT_FLUORESCENCE, /* inconclusive: the background covers everything */
    RESULT_NOTHING,      /* acetaminophen against a library that has none */
    RESULT_REFUSED,      /* the check of the axis failed */
    RESULT_DEVELOPMENT,  /* as found, under the development policy */
    RESULT_WRONG_AXIS,   /* the laser drifted */
    RESULT_CARRY_OVER,   /* a blank shows the same bands */
    RESULT_WATCHED,      /* naphthalene, of a class on the watch list */
    RESULT_N_CASES,
} ResultCase;

/** result_case_name: Returns: "found", "mixture", ... */
const char *result_case_name(ResultCase which);

/** result_answer: Returns: (transfer full); its bench lives until result_answers_end(). */
CelAnswer *result_answer(ResultCase which);

/** result_answers_end: closes the benches; when every answer is gone. */
void result_answers_end(void);

G_END_DECLS
