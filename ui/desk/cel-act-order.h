/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "desk/cel-desk-act.h"

#include "base/cel-job.h"
#include "cel-desk.h"

G_BEGIN_DECLS

/** CelActExhibit: one exhibit that an act is about; texts owned. */
typedef struct {
    char *case_id, *item_id, *description;
    char *known_seal, *read_seal; /* as the ledger has it, as it was read now */
} CelActExhibit;

/** cel_act_exhibit_new: Returns: (transfer full): of a row of the queue. */
CelActExhibit *cel_act_exhibit_new(const CelExhibitFacts *facts);
/** cel_act_exhibit_free: @exhibit: (nullable) */
void cel_act_exhibit_free(gpointer exhibit);
/** cel_act_exhibit_differs: Returns: whether another number was read than the ledger has. */
gboolean cel_act_exhibit_differs(const CelActExhibit *exhibit);

/** CelActOrder: an act upon one or many exhibits, typed and ready to be recorded; owned. */
typedef struct {
    const CelDeskAct *act;
    GPtrArray *exhibits; /* CelActExhibit */
    JsonObject *data;
    char *from[3], *to[3]; /* department, person, number */
    char *why, *authority, *seal_state;
    GPtrArray *photos;     /* (element-type filename) */
    gboolean differs_seen; /* other numbers were looked at again */
    CelKey *second;        /* (nullable) */
    guint n_recorded;      /* out */
    CelDesk *desk;
} CelActOrder;

/** cel_act_order_new: @exhibits: (transfer full). Returns: (transfer full) */
CelActOrder *cel_act_order_new(CelDesk *desk, const CelDeskAct *act, GPtrArray *exhibits);
/** cel_act_order_free: @order: (nullable) */
void cel_act_order_free(gpointer order);

/** cel_act_order_record: a CelTaskRun on CEL_LANE_LAB: one event an exhibit, in order; stops at the
 * first that the lab refuses, @n_recorded says how many stand. Returns: FALSE with the errors of
 * cel_lab_record(). */
gboolean cel_act_order_record(gpointer order, CelJob *job, GError **error);

G_END_DECLS
