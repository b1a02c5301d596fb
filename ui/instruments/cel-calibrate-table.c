/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instruments/cel-calibrate-table.h"

#include "bench/cel-shift-calibration.h"
#include "cel-words.h"

#include <glib/gi18n-lib.h>

enum { STANDARD, ACCEPTED, BEFORE, AFTER, LIMIT, STATE, N_COLUMNS };

static void put(GtkGrid *grid, int column, int row, const char *text)
{
    GtkWidget *label = gtk_label_new(text);
    const gboolean is_text = column == STANDARD || column == STATE;
    gtk_label_set_xalign(GTK_LABEL(label), is_text ? 0.0F : 1.0F);
    gtk_label_set_wrap(GTK_LABEL(label), is_text);
    gtk_widget_set_hexpand(label, is_text);
    gtk_widget_add_css_class(label, row == 0 ? "heading" : "numeric");
    gtk_grid_attach(grid, label, column, row, 1, 1);
}

static void put_number(GtkGrid *grid, int column, int row, const char *format, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    put(grid, column, row, g_ascii_formatd(text, sizeof text, format, value));
}

static void put_line(GtkGrid *grid, int row, const CelShiftLine *line)
{
    const char *state = cel_shift_line_state(line);
    put(grid, STANDARD, row, cel_ui_pick(line->standard->name_zh, line->standard->name_en));
    put_number(grid, ACCEPTED, row, "%.1f", line->accepted_cm1);
    put_number(grid, BEFORE, row, "%+.2f", line->before_cm1);
    put_number(grid, AFTER, row, "%+.2f", line->after_cm1);
    put_number(grid, LIMIT, row, "%.2f", line->limit_cm1);
    put(grid, STATE, row, *state != '\0' ? state : _("within its limit"));
}

GtkWidget *cel_calibrate_table_new(const CelShiftFit *fit)
{
    const char *const heads[N_COLUMNS] = {_("standard"), _("accepted"), _("before"),
                                          _("after"),    _("limit"),    _("judged")};
    GtkWidget *grid = gtk_grid_new();
    gtk_grid_set_column_spacing(GTK_GRID(grid), 18);
    gtk_grid_set_row_spacing(GTK_GRID(grid), 6);
    gtk_widget_add_css_class(grid, "card");
    gtk_widget_add_css_class(grid, "calibrate-table");
    for (int i = 0; i < N_COLUMNS; i++)
        put(GTK_GRID(grid), i, 0, heads[i]);
    for (guint i = 0; i < fit->lines->len; i++)
        put_line(GTK_GRID(grid), (int)i + 1, &g_array_index(fit->lines, CelShiftLine, i));
    return grid;
}

char *cel_calibrate_words(const CelShiftFit *fit)
{
    const CelCalibration *c = &fit->calibration;
    const CelShiftSummary s = cel_shift_summarise(fit->lines);
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(text,
                           _("Mean deviation %.2f cm⁻¹ before, %.2f cm⁻¹ after; lines beyond their "
                             "limit: %u of %u."),
                           s.mean_before_cm1, s.mean_after_cm1, s.n_outside, s.n);
    g_string_append_c(text, '\n');
    g_string_append_printf(text, _("Laser %.3f nm, u %.3f nm (assumed: %.3f nm)."), c->laser_nm,
                           c->u_laser_nm, fit->assumed_laser_nm);
    g_string_append_c(text, '\n');
    g_string_append_printf(text, _("Offset %+.2f cm⁻¹, standard uncertainty %.2f cm⁻¹ (k = 1)."),
                           fit->laser_cm1, fit->u_laser_cm1);
    g_string_append_c(text, '\n');
    if (fit->standards->len > 1)
        g_string_append_printf(text,
                               _("Scatter between the standards beyond their own "
                                 "uncertainties: %.2f cm⁻¹."),
                               fit->between_cm1);
    else
        g_string_append(text, _("One standard only: nothing else confirms it."));
    g_string_append_c(text, '\n');
    g_string_append_printf(text, _("Holds from %.0f to %.0f cm⁻¹, extrapolated outside."),
                           c->supported_cm1[0], c->supported_cm1[1]);
    g_string_append_printf(
        text, "\n%s",
        fit->laser_is_traced
            ? _("The wavelengths are those of a lamp.")
            : _("No lamp: the laser is only as good as the wavelengths of the axis."));
    return g_string_free(g_steal_pointer(&text), FALSE);
}
