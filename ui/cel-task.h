/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-job.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * Long work of the window: never on the main loop. A task runs on one of a few lanes; what must not
 * happen at the same time shares a lane.
 */

/** CelLane: which worker. */
typedef enum {
    CEL_LANE_LAB,        /* one thread, the only one that touches the lab: in order */
    CEL_LANE_INSTRUMENT, /* one thread: measuring, opening and closing the instrument: in order */
    CEL_LANE_COMPUTE,    /* a few threads, no order: identifying, processing, files */
    CEL_LANE_WATCH,      /* one thread for the short looks at laser, disk and clock */
    CEL_N_LANES,
} CelLane;

#define CEL_TYPE_TASK (cel_task_get_type())
/** CelTask: one piece of long work. Properties "stage" (translated text) and "fraction" (0..1, -1:
 * not known), "running" and "covered" change on the main loop only. */
G_DECLARE_FINAL_TYPE(CelTask, cel_task, CEL, TASK, GObject)

#define CEL_TYPE_LANES (cel_lanes_get_type())
/** CelLanes: the workers of one application, and a GListModel of the CelTasks that run and are to
 * be shown. Signal "light-changed": cel_lanes_has_light() says something else. */
G_DECLARE_FINAL_TYPE(CelLanes, cel_lanes, CEL, LANES, GObject)

/** CelTaskRun: the work, on the lane's thread. Returns: FALSE with the error. */
typedef gboolean (*CelTaskRun)(gpointer data, CelJob *job, GError **error);

/** CelTaskDone: what follows, on the main loop. @owner: of the order; @error: (nullable): NULL: it
 * went well. Not called when the owner is gone. */
typedef void (*CelTaskDone)(gpointer owner, gpointer data, const GError *error);

/** CelTaskOrder: what is to be done; copied. */
typedef struct {
    CelLane lane;
    const char *title; /* (nullable): translated; NULL: too short to be shown */
    CelTaskRun run;
    CelTaskDone done;    /* (nullable) */
    gpointer data;       /* for @run and @done; owned by the task */
    GDestroyNotify free; /* (nullable): frees @data on the main loop after @done */
    gpointer owner;      /* (nullable): a GObject, held weakly */
    gboolean light;      /* laser light can be on while it runs */
} CelTaskOrder;

/** cel_lanes_new: Returns: (transfer full): workers without work. */
CelLanes *cel_lanes_new(void);

/** cel_lanes_stop: cancels what runs and waits for it (a laser goes off at once, a file is left
 * whole or not at all); tasks asked for from now on end as cancelled. Main loop only. */
void cel_lanes_stop(CelLanes *lanes);

/** cel_lanes_has_light: Main loop only. Returns: whether an order with light waits or runs. */
gboolean cel_lanes_has_light(CelLanes *lanes);

/** cel_lanes_go_dark: Main loop only. @why: (nullable): a sentence: orders with light end at once,
 * those that are asked for from now on too, with CEL_ERROR_DEVICE and that sentence; NULL: light is
 * possible again. */
void cel_lanes_go_dark(CelLanes *lanes, const char *why);

/** cel_task_start: Main loop only. Returns: (transfer none): the task; take a reference to keep it
 * beyond its end. */
CelTask *cel_task_start(CelLanes *lanes, const CelTaskOrder *order);

/** cel_task_cancel: @task: (nullable): asks it to end; @done is told CEL_ERROR_CANCELLED. */
void cel_task_cancel(CelTask *task);

/** cel_task_cover: @covered: a larger button that stops it is in sight: the list of what runs need
 * not show another one. Main loop only. */
void cel_task_cover(CelTask *task, gboolean covered);

/** cel_task_title: Returns: (transfer none) (nullable): what it is. */
const char *cel_task_title(CelTask *task);

/** cel_task_is_running: Returns: whether @done was not called yet. */
gboolean cel_task_is_running(CelTask *task);

/** cel_ui_post: Any thread: has @func called on the main loop, never at once, not even where nobody
 * holds the main loop (g_main_context_invoke() would). @free: (nullable): for @data. */
void cel_ui_post(GSourceFunc func, gpointer data, GDestroyNotify free_data);

/** cel_lanes_visible: Returns: (transfer none): the running tasks that have a title. */
GListModel *cel_lanes_visible(CelLanes *lanes);

G_END_DECLS
