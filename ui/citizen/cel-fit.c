/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "citizen/cel-fit.h"

void cel_citizen_fit(GtkWindow *window, GtkWindow *parent, int width, int height)
{
    const int most_width = parent != NULL ? gtk_widget_get_width(GTK_WIDGET(parent)) : 0;
    const int most_height = parent != NULL ? gtk_widget_get_height(GTK_WIDGET(parent)) : 0;
    gtk_window_set_default_size(window, most_width > 0 ? MIN(width, most_width) : width,
                                most_height > 0 ? MIN(height, most_height) : height);
    if (parent == NULL)
        return;
    gtk_window_set_application(window, gtk_window_get_application(parent));
    gtk_window_set_destroy_with_parent(window, TRUE);
}
