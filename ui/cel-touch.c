/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-touch.h"

#include <math.h>

static const double MM_AN_INCH = 25.4, LEAST_DPI = 60.0, MOST_DPI = 400.0, ASSUMED_DPI = 149.0;

double cel_touch_per_mm(const CelScreen *screen)
{
    if (screen->measured_per_mm > 0.0)
        return screen->measured_per_mm;
    if (screen->width_mm <= 0 || screen->width_px <= 0)
        return 0.0;
    const double per_mm = (double)screen->width_px / screen->width_mm;
    const double dpi = per_mm * MM_AN_INCH;
    return dpi >= LEAST_DPI && dpi <= MOST_DPI ? per_mm : 0.0;
}

int cel_touch_px(const CelScreen *screen)
{
    const double per_mm = cel_touch_per_mm(screen);
    return (int)ceil(CEL_TOUCH_MM * (per_mm > 0.0 ? per_mm : ASSUMED_DPI / MM_AN_INCH));
}

CelScreen cel_touch_screen(GtkWidget *widget, double measured_per_mm)
{
    CelScreen screen = {.measured_per_mm = measured_per_mm};
    GtkNative *native = gtk_widget_get_native(widget);
    GdkSurface *surface = native != NULL ? gtk_native_get_surface(native) : NULL;
    GdkMonitor *monitor =
        surface != NULL
            ? gdk_display_get_monitor_at_surface(gtk_widget_get_display(widget), surface)
            : NULL;
    if (monitor == NULL)
        return screen;
    GdkRectangle geometry;
    gdk_monitor_get_geometry(monitor, &geometry);
    screen.width_px = geometry.width;
    screen.width_mm = gdk_monitor_get_width_mm(monitor);
    return screen;
}

char *cel_touch_css(int px)
{
    return g_strdup_printf("window.field button, window.field entry, window.field .touch,"
                           "window.field list.boxed-list > row.activatable,"
                           "window.field row.expander row.header,"
                           "window.field popover modelbutton, window.field popover listview > row {"
                           " min-height: %dpx; min-width: %dpx; }",
                           px, px);
}
