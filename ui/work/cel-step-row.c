/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "work/cel-step-row.h"

#include "cel-words.h"
#include "work/cel-work-parts.h"

#include <glib/gi18n-lib.h>

struct _CelStepRow {
    AdwExpanderRow parent;
    const CelStepDef *step;
    guint index, n;
    GPtrArray *editors; /* CelParamEditor, owned by the row */
};

enum { VALUE, SETTLED, MOVE, REMOVE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(CelStepRow, cel_step_row, ADW_TYPE_EXPANDER_ROW)

const CelStepDef *cel_step_row_step(CelStepRow *row)
{
    return row->step;
}

CelParamEditor *cel_step_row_editor(CelStepRow *row, guint param)
{
    return g_ptr_array_index(row->editors, param);
}

void cel_step_row_set_values(CelStepRow *row, const CelParams *params)
{
    for (guint i = 0; i < row->editors->len; i++)
        cel_param_editor_set_value(cel_step_row_editor(row, i), cel_params_get(params, i));
}

/* ---- what the person does ---- */

static void value_changed(CelParamEditor *editor, CelStepRow *row)
{
    guint index = 0;
    g_autofree char *text = cel_param_editor_text(editor);
    if (g_ptr_array_find(row->editors, editor, &index))
        g_signal_emit(row, signals[VALUE], 0, index, text);
}

static void settled(CelStepRow *row)
{
    g_signal_emit(row, signals[SETTLED], 0);
}

static void move_up(CelStepRow *row)
{
    if (row->index > 0)
        g_signal_emit(row, signals[MOVE], 0, row->index, row->index - 1);
}

static void move_down(CelStepRow *row)
{
    if (row->index + 1 < row->n)
        g_signal_emit(row, signals[MOVE], 0, row->index, row->index + 1);
}

static void take_out(CelStepRow *row)
{
    g_signal_emit(row, signals[REMOVE], 0);
}

static GdkContentProvider *drag_prepare(GtkDragSource *source, double x, double y, CelStepRow *row)
{
    (void)source;
    (void)x;
    (void)y;
    return gdk_content_provider_new_typed(CEL_TYPE_STEP_ROW, row);
}

static gboolean dropped(GtkDropTarget *target, const GValue *value, double x, double y,
                        CelStepRow *row)
{
    CelStepRow *from = g_value_get_object(value);
    (void)target;
    (void)x;
    (void)y;
    if (from == NULL || from == row)
        return FALSE;
    g_signal_emit(row, signals[MOVE], 0, from->index, row->index);
    return TRUE;
}

/* ---- making ---- */

static GtkWidget *button(CelStepRow *row, const char *icon, const char *what, GCallback clicked)
{
    g_autofree char *name = cel_ui_said_of(what, _(row->step->title));
    GtkWidget *made = cel_work_icon_button(icon, name);
    g_signal_connect_object(made, "clicked", clicked, row, G_CONNECT_SWAPPED);
    return made;
}

static GtkWidget *plain_row(GtkWidget *child)
{
    GtkWidget *row = gtk_list_box_row_new();
    gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), FALSE);
    gtk_widget_set_focusable(row, FALSE); /* its controls are */
    gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), child);
    return row;
}

static void add_place(CelStepRow *row)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
    GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    GtkWidget *up = button(row, "go-up-symbolic", _("Earlier"), G_CALLBACK(move_up));
    GtkWidget *down = button(row, "go-down-symbolic", _("Later"), G_CALLBACK(move_down));
    GtkWidget *space = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    g_autofree char *reference = g_strdup_printf(_("After: %s"), row->step->reference);
    gtk_widget_set_hexpand(space, TRUE);
    gtk_widget_set_sensitive(up, row->index > 0);
    gtk_widget_set_sensitive(down, row->index + 1 < row->n);
    gtk_widget_add_css_class(box, "param-editor");
    gtk_box_append(GTK_BOX(box), cel_work_text(reference, "dim-label"));
    gtk_box_append(GTK_BOX(line), up);
    gtk_box_append(GTK_BOX(line), down);
    gtk_box_append(GTK_BOX(line), space);
    gtk_box_append(GTK_BOX(line),
                   button(row, "user-trash-symbolic", _("Take out"), G_CALLBACK(take_out)));
    gtk_box_append(GTK_BOX(box), line);
    adw_expander_row_add_row(ADW_EXPANDER_ROW(row), plain_row(box));
}

static void add_params(CelStepRow *row)
{
    for (gsize i = 0; i < row->step->n_params; i++) {
        GtkWidget *editor = cel_param_editor_new(&row->step->params[i]);
        g_ptr_array_add(row->editors, editor);
        g_signal_connect_object(editor, "changed", G_CALLBACK(value_changed), row, 0);
        g_signal_connect_object(editor, "settled", G_CALLBACK(settled), row, G_CONNECT_SWAPPED);
        adw_expander_row_add_row(ADW_EXPANDER_ROW(row), plain_row(editor));
    }
}

static void add_drag(CelStepRow *row)
{
    GtkDragSource *source = gtk_drag_source_new();
    GtkDropTarget *target = gtk_drop_target_new(CEL_TYPE_STEP_ROW, GDK_ACTION_COPY);
    g_signal_connect(source, "prepare", G_CALLBACK(drag_prepare), row);
    g_signal_connect(target, "drop", G_CALLBACK(dropped), row);
    gtk_widget_add_controller(GTK_WIDGET(row), GTK_EVENT_CONTROLLER(source));
    gtk_widget_add_controller(GTK_WIDGET(row), GTK_EVENT_CONTROLLER(target));
}

static void cel_step_row_finalize(GObject *object)
{
    g_ptr_array_unref(CEL_STEP_ROW(object)->editors);
    G_OBJECT_CLASS(cel_step_row_parent_class)->finalize(object);
}

static void cel_step_row_class_init(CelStepRowClass *klass)
{
    const GType type = CEL_TYPE_STEP_ROW;
    G_OBJECT_CLASS(klass)->finalize = cel_step_row_finalize;
    signals[VALUE] = g_signal_new("value", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_STRING);
    signals[SETTLED] =
        g_signal_new("settled", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    signals[MOVE] = g_signal_new("move", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 2, G_TYPE_UINT, G_TYPE_UINT);
    signals[REMOVE] =
        g_signal_new("remove", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void cel_step_row_init(CelStepRow *row)
{
    row->editors = g_ptr_array_new();
    adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
}

GtkWidget *cel_step_row_new(const CelStepDef *step, guint index, guint n)
{
    CelStepRow *row = g_object_new(CEL_TYPE_STEP_ROW, NULL);
    g_autofree char *title = g_strdup_printf("%u. %s", index + 1, _(step->title));
    row->step = step;
    row->index = index;
    row->n = n;
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
    gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
    adw_expander_row_set_subtitle(ADW_EXPANDER_ROW(row), step->id);
    add_place(row);
    add_params(row);
    add_drag(row);
    return GTK_WIDGET(row);
}
