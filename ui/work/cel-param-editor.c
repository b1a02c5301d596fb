/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "work/cel-param-editor.h"

#include "cel-heard.h"
#include "work/cel-param-words.h"
#include "work/cel-work-parts.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* A slider of a thousand steps gives three digits, which is as fine as a finger is. */
enum { SLIDER_STEPS = 1000, SLIDER_DIGITS = 3, ENTRY_CHARS = 7 };

struct _CelParamEditor {
    GtkBox parent;
    const CelParamDef *def;
    CelParams *params; /* of @def alone: knows what a value is */
    GtkWidget *entry, *slider, *choice, *toggle, *reset;
    gboolean showing; /* what changes now was not the person */
};

enum { CHANGED, SETTLED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(CelParamEditor, cel_param_editor, GTK_TYPE_BOX)

/* ---- slider and value ---- */

static gboolean is_number(const CelParamDef *def)
{
    return def->type == CEL_PARAM_REAL || def->type == CEL_PARAM_INT;
}

static gboolean is_log(const CelParamDef *def)
{
    return def->scale == CEL_SCALE_LOG && def->min > 0.0;
}

static double to_slider(const CelParamDef *def, double value)
{
    const double part = is_log(def) ? log(value / def->min) / log(def->max / def->min)
                                    : (value - def->min) / (def->max - def->min);
    return CLAMP(part, 0.0, 1.0) * SLIDER_STEPS;
}

static double round_digits(double value)
{
    if (value == 0.0)
        return 0.0;
    const double unit = pow(10.0, floor(log10(fabs(value))) - (SLIDER_DIGITS - 1));
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    /* through its digits, so that 0.3 does not become 0.30000000000000004 */
    g_ascii_formatd(text, sizeof text, "%.12g", rint(value / unit) * unit);
    return g_ascii_strtod(text, NULL);
}

static double from_slider(const CelParamDef *def, double at)
{
    const double part = at / SLIDER_STEPS;
    if (part >= 1.0)
        return def->max;
    const double value = is_log(def) ? def->min * pow(def->max / def->min, part)
                                     : def->min + part * (def->max - def->min);
    const double rounded = def->type == CEL_PARAM_INT ? rint(value) : round_digits(value);
    return CLAMP(rounded, def->min, def->max);
}

double cel_param_editor_value(CelParamEditor *editor)
{
    return cel_params_get(editor->params, 0);
}

const CelParamDef *cel_param_editor_def(CelParamEditor *editor)
{
    return editor->def;
}

char *cel_param_editor_text(CelParamEditor *editor)
{
    return cel_param_value_text(editor->def, cel_param_editor_value(editor));
}

/* ---- showing ---- */

static void show_value(CelParamEditor *editor)
{
    const double value = cel_param_editor_value(editor);
    g_autofree char *text = cel_param_editor_text(editor);
    editor->showing = TRUE;
    if (editor->entry != NULL) {
        gtk_editable_set_text(GTK_EDITABLE(editor->entry), text);
        gtk_widget_remove_css_class(editor->entry, "error");
    }
    if (editor->slider != NULL)
        gtk_range_set_value(GTK_RANGE(editor->slider), to_slider(editor->def, value));
    if (editor->choice != NULL)
        gtk_drop_down_set_selected(GTK_DROP_DOWN(editor->choice), (guint)value);
    if (editor->toggle != NULL)
        gtk_switch_set_active(GTK_SWITCH(editor->toggle), value != 0.0);
    gtk_widget_set_sensitive(editor->reset, value != editor->def->initial);
    editor->showing = FALSE;
}

static gboolean put_text(CelParamEditor *editor, const char *text)
{
    const double before = cel_param_editor_value(editor);
    if (!cel_params_set_text(editor->params, editor->def->key, text, NULL))
        return FALSE;
    show_value(editor);
    if (cel_param_editor_value(editor) != before)
        g_signal_emit(editor, signals[CHANGED], 0);
    return TRUE;
}

static void put_value(CelParamEditor *editor, double value)
{
    g_autofree char *text = cel_param_value_text(editor->def, value);
    put_text(editor, text);
}

void cel_param_editor_set_value(CelParamEditor *editor, double value)
{
    g_autofree char *text = cel_param_value_text(editor->def, value);
    cel_params_set_text(editor->params, editor->def->key, text, NULL);
    show_value(editor);
}

gboolean cel_param_editor_type(CelParamEditor *editor, const char *text)
{
    g_autofree char *plain = g_strstrip(g_strdup(text));
    if (!put_text(editor, plain)) {
        if (editor->entry != NULL)
            gtk_widget_add_css_class(editor->entry, "error");
        return FALSE;
    }
    g_signal_emit(editor, signals[SETTLED], 0);
    return TRUE;
}

/* ---- what the person does ---- */

static void confirm_entry(CelParamEditor *editor)
{
    g_autofree char *text = cel_param_editor_text(editor);
    const char *typed = gtk_editable_get_text(GTK_EDITABLE(editor->entry));
    if (strcmp(typed, text) != 0)
        cel_param_editor_type(editor, typed);
}

static void slide(CelParamEditor *editor)
{
    if (!editor->showing)
        put_value(editor, from_slider(editor->def, gtk_range_get_value(GTK_RANGE(editor->slider))));
}

static void settle(CelParamEditor *editor)
{
    g_signal_emit(editor, signals[SETTLED], 0);
}

static void choose(CelParamEditor *editor)
{
    if (editor->showing)
        return;
    put_value(editor, gtk_drop_down_get_selected(GTK_DROP_DOWN(editor->choice)));
    settle(editor);
}

static void toggle(CelParamEditor *editor)
{
    if (editor->showing)
        return;
    put_value(editor, gtk_switch_get_active(GTK_SWITCH(editor->toggle)) ? 1.0 : 0.0);
    settle(editor);
}

static void reset(CelParamEditor *editor)
{
    put_value(editor, editor->def->initial);
    settle(editor);
}

/* ---- making ---- */

static void set_name(GtkWidget *widget, const char *name, const char *description)
{
    gtk_accessible_update_property(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                   GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
}

static char *range_text(const CelParamDef *def)
{
    char min[G_ASCII_DTOSTR_BUF_SIZE], max[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(min, sizeof min, "%g", def->min);
    g_ascii_formatd(max, sizeof max, "%g", def->max);
    const char *unit = cel_param_unit_words(def->unit);
    return *unit != '\0' ? g_strdup_printf(_("%s to %s %s"), min, max, unit)
                         : g_strdup_printf(_("%s to %s"), min, max);
}

static void add_number(CelParamEditor *editor, GtkBox *line, const char *range)
{
    const CelParamDef *def = editor->def;
    editor->slider = gtk_scale_new_with_range(GTK_ORIENTATION_HORIZONTAL, 0.0, SLIDER_STEPS, 1.0);
    gtk_scale_set_draw_value(GTK_SCALE(editor->slider), FALSE);
    gtk_widget_set_hexpand(editor->slider, TRUE);
    gtk_widget_set_size_request(editor->slider, 72, 44);
    set_name(editor->slider, _(def->label), range);
    editor->entry = gtk_entry_new();
    gtk_editable_set_width_chars(GTK_EDITABLE(editor->entry), ENTRY_CHARS);
    gtk_editable_set_max_width_chars(GTK_EDITABLE(editor->entry), ENTRY_CHARS);
    gtk_entry_set_alignment(GTK_ENTRY(editor->entry), 1.0F);
    gtk_entry_set_input_purpose(GTK_ENTRY(editor->entry), GTK_INPUT_PURPOSE_NUMBER);
    gtk_widget_set_valign(editor->entry, GTK_ALIGN_CENTER);
    gtk_widget_set_tooltip_text(editor->entry, range);
    set_name(editor->entry, _(def->label), range);
    GtkEventController *focus = gtk_event_controller_focus_new();
    gtk_widget_add_controller(editor->entry, focus);
    g_signal_connect_swapped(focus, "leave", G_CALLBACK(confirm_entry), editor);
    g_signal_connect_swapped(editor->entry, "activate", G_CALLBACK(confirm_entry), editor);
    g_signal_connect_swapped(editor->slider, "value-changed", G_CALLBACK(slide), editor);
    gtk_box_append(line, editor->slider);
    gtk_box_append(line, editor->entry);
}

static void add_choice(CelParamEditor *editor, GtkBox *line)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    for (gsize i = 0; editor->def->choices[i] != NULL; i++)
        g_ptr_array_add(words, (gpointer)cel_param_choice_words(editor->def->choices[i]));
    g_ptr_array_add(words, NULL);
    editor->choice = gtk_drop_down_new_from_strings((const char *const *)words->pdata);
    gtk_widget_set_hexpand(editor->choice, TRUE);
    cel_heard_drop_down(editor->choice, _(editor->def->label));
    g_signal_connect_swapped(editor->choice, "notify::selected", G_CALLBACK(choose), editor);
    gtk_box_append(line, editor->choice);
}

static void add_toggle(CelParamEditor *editor, GtkBox *line)
{
    GtkWidget *space = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    gtk_widget_set_hexpand(space, TRUE);
    editor->toggle = gtk_switch_new();
    gtk_widget_set_valign(editor->toggle, GTK_ALIGN_CENTER);
    set_name(editor->toggle, _(editor->def->label), "");
    g_signal_connect_swapped(editor->toggle, "notify::active", G_CALLBACK(toggle), editor);
    gtk_box_append(line, space);
    gtk_box_append(line, editor->toggle);
}

static void add_reset(CelParamEditor *editor, GtkBox *line)
{
    g_autofree char *initial = cel_param_value_text(editor->def, editor->def->initial);
    g_autofree char *name = g_strdup_printf(_("%s: back to %s"), _(editor->def->label), _(initial));
    editor->reset = gtk_button_new_from_icon_name("edit-clear-symbolic");
    gtk_widget_add_css_class(editor->reset, "flat");
    gtk_widget_set_valign(editor->reset, GTK_ALIGN_CENTER);
    gtk_widget_set_tooltip_text(editor->reset, name);
    set_name(editor->reset, name, "");
    g_signal_connect_swapped(editor->reset, "clicked", G_CALLBACK(reset), editor);
    gtk_box_append(line, editor->reset);
}

static void add_title(CelParamEditor *editor, const char *range)
{
    GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    GtkWidget *label = gtk_label_new(_(editor->def->label));
    gtk_label_set_xalign(GTK_LABEL(label), 0.0F);
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_widget_set_hexpand(label, TRUE);
    gtk_box_append(GTK_BOX(line), label);
    if (range != NULL) {
        GtkWidget *limits = gtk_label_new(range);
        gtk_widget_add_css_class(limits, "dim-label");
        gtk_widget_add_css_class(limits, "caption");
        gtk_box_append(GTK_BOX(line), limits);
    }
    gtk_box_append(GTK_BOX(editor), line);
}

static void build(CelParamEditor *editor)
{
    const CelParamDef *def = editor->def;
    const gboolean number = is_number(def);
    g_autofree char *range = number ? range_text(def) : NULL;
    GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    add_title(editor, range);
    if (number)
        add_number(editor, GTK_BOX(line), range);
    else if (def->type == CEL_PARAM_CHOICE)
        add_choice(editor, GTK_BOX(line));
    else
        add_toggle(editor, GTK_BOX(line));
    add_reset(editor, GTK_BOX(line));
    gtk_box_append(GTK_BOX(editor), line);
}

static void cel_param_editor_finalize(GObject *object)
{
    cel_params_free(CEL_PARAM_EDITOR(object)->params);
    G_OBJECT_CLASS(cel_param_editor_parent_class)->finalize(object);
}

static void cel_param_editor_class_init(CelParamEditorClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = cel_param_editor_finalize;
    static const char *const names[N_SIGNALS] = {"changed", "settled"};
    for (gsize i = 0; i < N_SIGNALS; i++)
        signals[i] = g_signal_new(names[i], CEL_TYPE_PARAM_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
}

static void cel_param_editor_init(CelParamEditor *editor)
{
    gtk_orientable_set_orientation(GTK_ORIENTABLE(editor), GTK_ORIENTATION_VERTICAL);
    gtk_widget_add_css_class(GTK_WIDGET(editor), "param-editor");
}

GtkWidget *cel_param_editor_new(const CelParamDef *def)
{
    CelParamEditor *editor = g_object_new(CEL_TYPE_PARAM_EDITOR, NULL);
    editor->def = def;
    editor->params = cel_params_new(def, 1);
    build(editor);
    show_value(editor);
    return GTK_WIDGET(editor);
}
