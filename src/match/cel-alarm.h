/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-claims.h"
#include "match/cel-identify.h"

G_BEGIN_DECLS

/*
 * The watch list: what is to be sent for examination whatever else happens to it. It is looked up
 * when the answer stands, so that it cannot alter a score, a rank or an outcome, and it says one
 * sentence only: no law, no species, no degree of danger stand beside a result.
 *
 * It speaks for "found" and "class-only" alone. A lead, an inconclusive or an empty answer is no
 * ground for an alarm, and the absence of one says nothing.
 */

/** CelAlarmDef: one row of the list, reviewed like a substance. */
typedef struct {
    const char *what; /* "class:ID" or "group:ID", as in a ceiling */
    gboolean found;   /* also beside "found": never where the row stands for protected species */
    const char
        *reason; /* why it is listed: for the review of the list, never shown with a result */
    const char *source; /* where the reason comes from, and how far it was seen */
} CelAlarmDef;

/** cel_alarms: @out_n: how many. Returns: (transfer none): THE list. */
const CelAlarmDef *cel_alarms(gsize *out_n);

/** CelAlarmCase: what an answer says, wherever it stands; all borrowed, texts (nullable). */
typedef struct {
    CelOutcome outcome;
    const char *ceiling;
    const char *class_id, *group_id; /* of the first hit */
} CelAlarmCase;

/** cel_alarm_said: as cel_alarm(), for an answer that was read back from a sealed file. */
const CelSentence *cel_alarm_said(const CelAlarmCase *said);

/** cel_alarm: Returns: (transfer none) (nullable): the sentence that stands beside @answer; NULL:
 * none does. Thread-safe: yes. */
const CelSentence *cel_alarm(const CelIdentification *answer);

G_END_DECLS
