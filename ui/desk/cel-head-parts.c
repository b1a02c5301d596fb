/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cel-case-parts.h"
#include "desk/cel-desk-act.h"
#include "desk/cel-room.h"

#include <glib/gi18n-lib.h>

/* The lab head's figures: counts and times, each with what it counts in words. */

static void add_tile(GtkFlowBox *flow, const char *value, const char *title)
{
    GtkWidget *tile = gtk_box_new(GTK_ORIENTATION_VERTICAL, 3);
    GtkWidget *number = gtk_label_new(value);
    GtkWidget *words = cel_room_note(title);
    gtk_widget_add_css_class(tile, "card");
    gtk_widget_add_css_class(tile, "figure-tile");
    gtk_widget_add_css_class(number, "title-1");
    gtk_widget_add_css_class(number, "numeric");
    gtk_label_set_xalign(GTK_LABEL(number), 0);
    gtk_label_set_width_chars(GTK_LABEL(words), 14);
    gtk_label_set_max_width_chars(GTK_LABEL(words), 18);
    gtk_box_append(GTK_BOX(tile), number);
    gtk_box_append(GTK_BOX(tile), words);
    gtk_flow_box_append(flow, tile);
    gtk_widget_set_focusable(gtk_widget_get_parent(tile), FALSE);
}

static void add_count(GtkFlowBox *flow, guint64 count, const char *title)
{
    g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT, count);
    add_tile(flow, text, title);
}

static void add_tiles(GtkBox *box, const CelCaseFigures *figures)
{
    GtkWidget *flow = gtk_flow_box_new();
    g_autofree char *turnaround =
        figures->turnaround_us > 0 ? cel_ui_span(figures->turnaround_us) : g_strdup("–");
    gtk_flow_box_set_selection_mode(GTK_FLOW_BOX(flow), GTK_SELECTION_NONE);
    gtk_flow_box_set_homogeneous(GTK_FLOW_BOX(flow), TRUE);
    gtk_flow_box_set_column_spacing(GTK_FLOW_BOX(flow), 12);
    gtk_flow_box_set_row_spacing(GTK_FLOW_BOX(flow), 12);
    gtk_flow_box_set_min_children_per_line(GTK_FLOW_BOX(flow), 2);
    gtk_flow_box_set_max_children_per_line(GTK_FLOW_BOX(flow), 4);
    add_tile(GTK_FLOW_BOX(flow), turnaround, _("Median time from receipt to release"));
    add_count(GTK_FLOW_BOX(flow), figures->released, _("Reports released"));
    add_count(GTK_FLOW_BOX(flow), figures->cases, _("Cases"));
    add_count(GTK_FLOW_BOX(flow), figures->exhibits, _("Exhibits"));
    add_count(GTK_FLOW_BOX(flow), figures->acquisitions, _("Measurements"));
    add_count(GTK_FLOW_BOX(flow), figures->set_aside, _("Measurements set aside"));
    add_count(GTK_FLOW_BOX(flow), figures->checks_failed, _("Checks not passed"));
    add_count(GTK_FLOW_BOX(flow), figures->nonconforming_open, _("Nonconforming work, open"));
    add_count(GTK_FLOW_BOX(flow), figures->disagreements, _("Reviews that disagreed"));
    add_count(GTK_FLOW_BOX(flow), figures->holds, _("Exhibits on hold"));
    add_count(GTK_FLOW_BOX(flow), figures->files, _("Sealed files"));
    add_count(GTK_FLOW_BOX(flow), figures->not_completed, _("Seals not completed"));
    gtk_box_append(box, flow);
}

static GtkWidget *add_list(GtkBox *box, const char *title)
{
    GtkWidget *list = cel_room_list(title);
    gtk_box_append(box, cel_room_heading(title));
    gtk_box_append(box, list);
    return list;
}

static void add_states(GtkBox *box, const CelCaseFigures *figures)
{
    GtkWidget *list = add_list(box, _("Where exhibits stand"));
    for (guint s = CEL_EXHIBIT_COLLECTED; s < CEL_N_EXHIBIT_STATES; s++) {
        g_autofree char *n = g_strdup_printf("%" G_GUINT64_FORMAT, figures->states[s]);
        GtkWidget *row = cel_room_row(cel_state_words(s), NULL), *label = gtk_label_new(n);
        gtk_widget_add_css_class(label, "numeric");
        adw_action_row_add_suffix(ADW_ACTION_ROW(row), label);
        gtk_list_box_append(GTK_LIST_BOX(list), row);
    }
}

static void add_failed(GtkBox *box, const GPtrArray *failed)
{
    GtkWidget *list = add_list(box, _("Checks that did not pass, and what they touch"));
    for (guint i = 0; i < failed->len; i++) {
        const CelFailedCheck *check = g_ptr_array_index(failed, i);
        g_autofree char *when = cel_ui_time(check->at_us);
        g_autofree char *title = g_strdup_printf("%s  %s", check->instrument, when);
        g_autofree char *about =
            g_strdup_printf(_("%u results since the last passed check are in doubt, %u of them in "
                              "released reports"),
                            check->n_files, check->n_released);
        gtk_list_box_append(GTK_LIST_BOX(list), cel_room_row(title, about));
    }
    if (failed->len == 0)
        gtk_list_box_append(GTK_LIST_BOX(list), cel_room_row(_("Every check passed"), NULL));
}

static void add_people(GtkBox *box, const GPtrArray *people)
{
    GtkWidget *list = add_list(box, _("Who did what"));
    for (guint i = 0; i < people->len; i++) {
        const CelPersonFigure *person = g_ptr_array_index(people, i);
        g_autofree char *about = g_strdup_printf(
            _("%u acts: %u measurements, %u files sealed, %u reviews"), person->n_acts,
            person->n_measured, person->n_sealed, person->n_reviewed);
        gtk_list_box_append(GTK_LIST_BOX(list), cel_room_row(person->name, about));
    }
}

void cel_head_parts_figures(GtkBox *box, const CelCasesView *view)
{
    cel_room_empty(box);
    add_tiles(box, &view->figures);
    add_failed(box, view->failed);
    add_people(box, view->people);
    add_states(box, &view->figures);
}
