/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between the files of the widget; nobody else includes it. */
#pragma once

#include "plot/cel-plot-view.h"

G_BEGIN_DECLS

enum { CEL_PLOT_N_BUTTONS = 4, CEL_PLOT_GAP = 6 };

/** CelPlotDrag: what a drag does. */
typedef enum {
    CEL_PLOT_DRAG_NONE,
    CEL_PLOT_DRAG_MOVE,
    CEL_PLOT_DRAG_ZOOM,
    CEL_PLOT_DRAG_SELECT,
} CelPlotDrag;

struct _CelPlotView {
    GtkWidget parent_instance;
    CelPlotModel *model;
    CelPlotView *above, *below; /* (nullable): linked; weak */
    char *spoken;
    GtkWidget *buttons[CEL_PLOT_N_BUTTONS];
    GtkWidget *menu; /* (nullable): made when first needed */
    gboolean controls, selecting;

    /* painting */
    cairo_surface_t *images[2]; /* (nullable): what does not change with each frame; the next one */
    GdkTexture *texture;        /* (nullable): of the first, where there is a graphics card */
    gboolean painted;           /* the first image is what is to be seen ... */
    gboolean rough;             /* ... and not yet at its best */
    guint refine;               /* an idle: it is painted at its best, part by part */
    guint n_refined;            /* parts */
    CelPaletteId palette;
    CelDrawFrame frame;
    gboolean framed;
    guint settle;    /* a timeout: until then curves are moving; 0: at rest */
    double own_left; /* where the area would begin without a linked plot */

    /* input */
    double pointer[2];
    CelPlotDrag drag;
    double drag_from[2], drag_to[2];
    CelPlotRange begin; /* of a drag or pinch */
    double pinch_from[2];
    CelDrawFrame begin_frame;
};

/** cel_plot_view_changed: paints anew and says anew what is seen. */
void cel_plot_view_changed(CelPlotView *view);
/** cel_plot_view_snapshot: paints the widget. */
void cel_plot_view_snapshot(GtkWidget *widget, GtkSnapshot *snapshot);
/** cel_plot_view_drop_layer: what is kept is to be painted anew. */
void cel_plot_view_drop_layer(CelPlotView *view);
/** cel_plot_view_refine: nothing moves any more: what was painted in haste is painted anew, a curve
 * at a time. */
void cel_plot_view_refine(CelPlotView *view);
/** cel_plot_view_button_width: Returns: the width of the buttons beside the plot, 0 without. */
int cel_plot_view_button_width(CelPlotView *view);
/** cel_plot_view_show: shows a range here and, along x, in linked plots. */
void cel_plot_view_show(CelPlotView *view, const CelPlotRange *range);
/** cel_plot_view_sync: what is seen changed: linked plots follow. */
void cel_plot_view_sync(CelPlotView *view);
/** cel_plot_view_cursor_changed: tells linked plots and listeners. */
void cel_plot_view_cursor_changed(CelPlotView *view);
/** cel_plot_view_say: sets the accessible name and description. */
void cel_plot_view_say(CelPlotView *view);

/** cel_plot_view_class_input, cel_plot_view_init_input: actions and keys; gestures. */
void cel_plot_view_class_input(GtkWidgetClass *klass);
void cel_plot_view_init_input(CelPlotView *view);
/** cel_plot_view_activate_mark: emits "mark-activated". */
void cel_plot_view_activate_mark(CelPlotView *view, guint index);
/** cel_plot_view_open_menu: at a point of the widget. */
void cel_plot_view_open_menu(CelPlotView *view, double x, double y);

/** cel_plot_view_copy_picture, cel_plot_view_copy_values, cel_plot_view_export: made on a worker;
 * the last asks for a file first. */
void cel_plot_view_copy_picture(CelPlotView *view);
void cel_plot_view_copy_values(CelPlotView *view);
void cel_plot_view_export(CelPlotView *view);

G_END_DECLS
