/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "work/cel-work-tool.h"

#include <math.h>

typedef struct {
    CelWorkPlace place;
    gboolean active;
} CelWorkToolPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE(CelWorkTool, cel_work_tool, ADW_TYPE_BIN)

static CelWorkToolPrivate *private_of(CelWorkTool *tool)
{
    return cel_work_tool_get_instance_private(tool);
}

static void cel_work_tool_class_init(CelWorkToolClass *klass)
{
    (void)klass;
}

static void cel_work_tool_init(CelWorkTool *tool)
{
    (void)tool;
}

void cel_work_tool_set_place(CelWorkTool *tool, const CelWorkPlace *place)
{
    private_of(tool)->place = *place;
    if (CEL_WORK_TOOL_GET_CLASS(tool)->ready != NULL)
        CEL_WORK_TOOL_GET_CLASS(tool)->ready(tool);
}

const CelWorkPlace *cel_work_tool_place(CelWorkTool *tool)
{
    return &private_of(tool)->place;
}

CelWorkSession *cel_work_tool_session(CelWorkTool *tool)
{
    return private_of(tool)->place.session;
}

CelDesk *cel_work_tool_desk(CelWorkTool *tool)
{
    return cel_page_desk(private_of(tool)->place.page);
}

gboolean cel_work_tool_is_active(CelWorkTool *tool)
{
    return private_of(tool)->active;
}

/* A tool leaves nothing behind in the plot that the next one did not put there. */
static void clear(CelPlotView *plot)
{
    cel_plot_view_set_live(plot, NULL);
    cel_plot_view_set_traces(plot, NULL);
    cel_plot_view_set_marks(plot, NULL, 0);
    cel_plot_view_set_bands(plot, NULL, 0);
    cel_plot_view_set_spread(plot, 0.0, FALSE);
    cel_plot_view_set_selecting(plot, FALSE);
    cel_plot_view_set_spoken(plot, NULL);
    cel_plot_view_set_axis_titles(plot, NULL, NULL);
    cel_plot_view_set_y_ticks(plot, TRUE);
}

void cel_work_tool_repaint(CelWorkTool *tool)
{
    const CelWorkToolPrivate *priv = private_of(tool);
    if (!priv->active || priv->place.plot == NULL)
        return;
    if (CEL_WORK_TOOL_GET_CLASS(tool)->paint != NULL)
        CEL_WORK_TOOL_GET_CLASS(tool)->paint(tool, priv->place.plot);
}

void cel_work_tool_caption(CelWorkTool *tool, const char *text)
{
    GtkLabel *caption = private_of(tool)->place.caption;
    if (!private_of(tool)->active)
        return;
    gtk_label_set_text(caption, text);
    gtk_widget_set_tooltip_text(GTK_WIDGET(caption), text);
}

void cel_work_tool_set_active(CelWorkTool *tool, gboolean active)
{
    CelWorkToolPrivate *priv = private_of(tool);
    if (priv->active == active)
        return;
    priv->active = active;
    /* who listens hears of the tool in front alone */
    gtk_accessible_update_state(GTK_ACCESSIBLE(tool), GTK_ACCESSIBLE_STATE_HIDDEN, !active, -1);
    if (active)
        clear(priv->place.plot);
    if (CEL_WORK_TOOL_GET_CLASS(tool)->activated != NULL)
        CEL_WORK_TOOL_GET_CLASS(tool)->activated(tool, active);
    cel_work_tool_repaint(tool);
}

void cel_work_tool_select(CelWorkTool *tool, double from, double to)
{
    if (CEL_WORK_TOOL_GET_CLASS(tool)->range_selected != NULL)
        CEL_WORK_TOOL_GET_CLASS(tool)->range_selected(tool, fmin(from, to), fmax(from, to));
}

void cel_work_tool_activate_mark(CelWorkTool *tool, guint index)
{
    if (CEL_WORK_TOOL_GET_CLASS(tool)->mark_activated != NULL)
        CEL_WORK_TOOL_GET_CLASS(tool)->mark_activated(tool, index);
}

CelTask *cel_work_tool_start(CelWorkTool *tool, const CelTaskOrder *order)
{
    CelTaskOrder owned = *order;
    owned.owner = tool;
    return cel_task_start(cel_desk_lanes(cel_work_tool_desk(tool)), &owned);
}
