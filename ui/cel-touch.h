/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* How large a target for a gloved finger must be on this screen. */

/* ISO 9241-9 and the makers of gloved-touch screens agree on about 19 mm; the rules of the bench
 * take it. Elsewhere 44 logical pixels. */
#define CEL_TOUCH_MM 19.0
enum { CEL_TOUCH_LAB_PX = 44 };

/** CelScreen: what is known of a monitor. */
typedef struct {
    int width_mm, width_px; /* logical pixels; 0 mm: not known */
    double measured_per_mm; /* logical pixels a millimetre, measured by the user; 0: not */
} CelScreen;

/** cel_touch_per_mm: Returns: logical pixels a millimetre, or 0 when the monitor's own size is
 * missing or cannot be (outside of 60 to 400 dots an inch) and nobody measured it. */
double cel_touch_per_mm(const CelScreen *screen);

/** cel_touch_px: Returns: the least size of a target in field mode, in logical pixels; with an
 * unknown screen as if it had 149 dots an inch (a 10.1 inch tablet of 1280 x 800). */
int cel_touch_px(const CelScreen *screen);

/** cel_touch_screen: Returns: what is known of the monitor that shows @widget. */
CelScreen cel_touch_screen(GtkWidget *widget, double measured_per_mm);

/** cel_touch_css: Returns: (transfer full): the rules that give targets of windows of the class
 * "field", and of widgets of the class "touch" in them, their least size of @px. */
char *cel_touch_css(int px);

G_END_DECLS
