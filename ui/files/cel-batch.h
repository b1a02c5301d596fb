/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-desk.h"

G_BEGIN_DECLS

/* Identifying many files one after the other, off the main loop. A bad file is an answer too and
 * does not stop the others; stopping keeps what is done. */

/** CelBatchAnswer: what came of one file; texts borrowed during the call. */
typedef struct {
    guint index;         /* in the order given */
    const char *outcome; /* (nullable): translated label; NULL: it could not be evaluated */
    const char *text;    /* the claim, or why there is none */
    const char *json;    /* (nullable): as the command line prints it */
} CelBatchAnswer;

/** CelBatchSink: main loop, once a file, in their order. */
typedef void (*CelBatchSink)(gpointer owner, const CelBatchAnswer *answer);

/** CelBatchOrder: copied. */
typedef struct {
    const GPtrArray *paths; /* (element-type filename) */
    double laser_nm;        /* of files that do not say it; 0: none given */
    CelBatchSink sink;
    CelTaskDone done; /* data is NULL there */
    gpointer owner;   /* a GObject, held weakly */
} CelBatchOrder;

/** cel_batch_start: Main loop. Returns: (transfer none): the task. */
CelTask *cel_batch_start(CelDesk *desk, const CelBatchOrder *order);

G_END_DECLS
