/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-daybook-plot.h"
#include "cel-desk.h"

G_BEGIN_DECLS

/** CelDaybookAnswer: a question to the day-book and what it said; counted. Filled on CEL_LANE_LAB,
 * read on the main loop afterwards. */
typedef struct {
    CelDesk *desk;
    /* asked for; NULL: the newest check's */
    char *serial, *standard;
    CelChartQuantity quantity;
    /* said */
    GPtrArray *checks;      /* JsonObject, rows of CEL_ROW_CHECK, the newest first */
    GPtrArray *instruments; /* utf8 */
    GPtrArray *standards;   /* utf8 */
    GHashTable *recalls;    /* seq of a check that did not pass -> GPtrArray of JsonObject */
    CelChart chart;
} CelDaybookAnswer;

enum { CEL_DAYBOOK_MOST_CHECKS = 500 }; /* listed; charts take all */

/** cel_daybook_answer_new: Returns: (transfer full): a question about everything. */
CelDaybookAnswer *cel_daybook_answer_new(CelDesk *desk);
/** cel_daybook_answer_ref: Returns: (transfer full): the same. */
CelDaybookAnswer *cel_daybook_answer_ref(CelDaybookAnswer *answer);
/** cel_daybook_answer_unref: @answer: a CelDaybookAnswer. */
void cel_daybook_answer_unref(gpointer answer);

/** cel_daybook_answer_run: a CelTaskRun for CEL_LANE_LAB. */
gboolean cel_daybook_answer_run(gpointer answer, CelJob *job, GError **error);

/** cel_daybook_answer_recall: Returns: (transfer none) (nullable): what the check @seq puts in
 * doubt; NULL when it passed. */
const GPtrArray *cel_daybook_answer_recall(const CelDaybookAnswer *answer, guint64 seq);

/** cel_daybook_answer_picture: Returns: (transfer full) (nullable): NULL without a check. */
CelChartPicture *cel_daybook_answer_picture(const CelDaybookAnswer *answer);

/** cel_daybook_answer_chart_words: Returns: (transfer full): the chart in words. */
char *cel_daybook_answer_chart_words(const CelDaybookAnswer *answer);

/** cel_daybook_answer_save: see cel_daybook_plot(). Any thread: nobody changes an answer. */
gboolean cel_daybook_answer_save(const CelDaybookAnswer *answer, const char *path, GError **error);

/** cel_daybook_words: @row: of CEL_ROW_CHECK. Returns: (transfer none): what happened, translated.
 */
const char *cel_daybook_words(JsonObject *row);
/** cel_daybook_about: @row: likewise. Returns: (transfer full): when, with what, by whom, why. */
char *cel_daybook_about(JsonObject *row);
/** cel_daybook_standard: @id: as the day-book keeps it. Returns: (transfer none): the standard's
 * name in the window's language; @id itself for one that this program does not know. */
const char *cel_daybook_standard(const char *id);

G_END_DECLS
