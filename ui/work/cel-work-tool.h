/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-page.h"
#include "plot/cel-plot-view.h"
#include "work/cel-work-session.h"

G_BEGIN_DECLS

#define CEL_TYPE_WORK_TOOL (cel_work_tool_get_type())
/** CelWorkTool: one of the bench's tools: a panel of controls that paints into the page's plot
 * while it is the active one. */
G_DECLARE_DERIVABLE_TYPE(CelWorkTool, cel_work_tool, CEL, WORK_TOOL, AdwBin)

/**
 * CelWorkToolClass: every slot may be NULL.
 * @ready: page, session and plot are there
 * @paint: shows what the tool has; the plot holds nothing of other tools
 * @range_selected: in the plot
 * @mark_activated: in the plot
 * @activated: @active: the tool came in front, or went
 */
struct _CelWorkToolClass {
    AdwBinClass parent_class;
    void (*ready)(CelWorkTool *tool);
    void (*paint)(CelWorkTool *tool, CelPlotView *plot);
    void (*range_selected)(CelWorkTool *tool, double from, double to);
    void (*mark_activated)(CelWorkTool *tool, guint index);
    void (*activated)(CelWorkTool *tool, gboolean active);
};

/** CelWorkPlace: where a tool works; borrowed, all outlive it. */
typedef struct {
    CelPage *page;
    CelWorkSession *session;
    CelPlotView *plot;
    GtkLabel *caption; /* under the plot */
    GtkWidget *stop;   /* shown while there may be light */
} CelWorkPlace;

/** cel_work_tool_set_place: once, before anything else. */
void cel_work_tool_set_place(CelWorkTool *tool, const CelWorkPlace *place);

/** cel_work_tool_place: Returns: (transfer none): where it works. */
const CelWorkPlace *cel_work_tool_place(CelWorkTool *tool);

/** cel_work_tool_session: Returns: (transfer none) */
CelWorkSession *cel_work_tool_session(CelWorkTool *tool);

/** cel_work_tool_desk: Returns: (transfer none) (nullable): of a page in a window. */
CelDesk *cel_work_tool_desk(CelWorkTool *tool);

/** cel_work_tool_set_active: in front, or not. */
void cel_work_tool_set_active(CelWorkTool *tool, gboolean active);

/** cel_work_tool_is_active: Returns: whether it is the one in front. */
gboolean cel_work_tool_is_active(CelWorkTool *tool);

/** cel_work_tool_repaint: paints anew while it is active. */
void cel_work_tool_repaint(CelWorkTool *tool);

/** cel_work_tool_caption: @text: translated: what the plot shows, under it. */
void cel_work_tool_caption(CelWorkTool *tool, const char *text);

/** cel_work_tool_select, cel_work_tool_activate_mark: what happened in the plot. */
void cel_work_tool_select(CelWorkTool *tool, double from, double to);
void cel_work_tool_activate_mark(CelWorkTool *tool, guint index);

/** cel_work_tool_start: cel_task_start() with the tool as its owner. Returns: (transfer none). */
CelTask *cel_work_tool_start(CelWorkTool *tool, const CelTaskOrder *order);

G_END_DECLS
