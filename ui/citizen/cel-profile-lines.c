/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "citizen/cel-profile-lines.h"

#include "cel-words.h"
#include "citizen/cel-profile-field.h"
#include "desk/cel-room.h"

#include <glib/gi18n-lib.h>

enum { BASIS, REFERENCE }; /* rows of Line.basis */
enum { UP, DOWN, TAKE_OUT, N_ACTS };

static const struct {
    const char *icon, *name;
} acts[N_ACTS] = {
    [UP] = {"go-up-symbolic", N_("Move up")},
    [DOWN] = {"go-down-symbolic", N_("Move down")},
    [TAKE_OUT] = {"edit-delete-symbolic", N_("Take out")},
};

/** Words: what differs between the lists. */
static const struct {
    const char *title, *about, *add;
} words[CEL_N_PROFILE_LISTS] = {
    [CEL_PROFILE_TITLES] = {N_("Titles"),
                            N_("What a paper may be called; the first is the usual one"),
                            N_("Add a title")},
    [CEL_PROFILE_CITATIONS] =
        {N_("Citations"),
         N_("Standards and law that papers may name, in this order: as the basis of the work, or "
            "only referred to, which somebody approved"),
         N_("Add a citation")},
};

/** Line: one title or citation. */
typedef struct {
    CelProfileLines *lines;
    GtkWidget *group; /* owned: it lives on when it is taken out */
    GtkWidget *acts[N_ACTS], *zh, *en;
    GtkWidget *basis, *approval; /* of a citation */
    guint was_at;                /* when it was taken out */
} Line;

struct _CelProfileLines {
    GtkBox parent;
    CelProfileList list;
    GtkWidget *box, *problem, *add, *put_back;
    GPtrArray *shown; /* (element-type Line), in order */
    GPtrArray *out;   /* (element-type Line): taken out, the newest last */
};

G_DEFINE_FINAL_TYPE(CelProfileLines, cel_profile_lines, GTK_TYPE_BOX)

static guint changed_signal;

static void line_free(gpointer data)
{
    Line *line = data;
    for (guint i = 0; i < N_ACTS; i++)
        g_signal_handlers_disconnect_by_data(line->acts[i], line);
    if (line->basis != NULL) /* says something else while it goes */
        g_signal_handlers_disconnect_by_data(line->basis, line);
    g_object_unref(line->group);
    g_free(line);
}

/* ---- names and order ---- */

static char *name_of(const CelProfileLines *lines, guint at)
{
    if (lines->list == CEL_PROFILE_CITATIONS)
        return g_strdup_printf(_("Citation %u"), at + 1);
    return at == 0 ? g_strdup_printf(_("Title %u (usual)"), at + 1)
                   : g_strdup_printf(_("Title %u"), at + 1);
}

static void name_line(const CelProfileLines *lines, guint at)
{
    const Line *line = g_ptr_array_index(lines->shown, at);
    g_autofree char *name = name_of(lines, at);
    adw_preferences_group_set_title(ADW_PREFERENCES_GROUP(line->group), name);
    for (guint i = 0; i < N_ACTS; i++) {
        g_autofree char *said = cel_ui_said_of(name, _(acts[i].name));
        gtk_accessible_update_property(GTK_ACCESSIBLE(line->acts[i]), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       said, -1);
    }
    gtk_widget_set_sensitive(line->acts[UP], at > 0);
    gtk_widget_set_sensitive(line->acts[DOWN], at + 1 < lines->shown->len);
}

static const char *text_of(const Line *line)
{
    const char *zh = cel_profile_field_text(line->zh), *en = cel_profile_field_text(line->en);
    return cel_ui_pick(*zh != '\0' ? zh : NULL, *en != '\0' ? en : NULL);
}

static void refresh(CelProfileLines *lines)
{
    for (guint i = 0; i < lines->shown->len; i++)
        name_line(lines, i);
    gtk_widget_set_visible(lines->put_back, lines->out->len > 0);
    if (lines->out->len == 0)
        return;
    const Line *newest = g_ptr_array_index(lines->out, lines->out->len - 1);
    g_autofree char *label = g_strdup_printf(_("Put back “%s”"), text_of(newest));
    gtk_button_set_label(GTK_BUTTON(lines->put_back), label);
}

static void changed(CelProfileLines *lines)
{
    g_signal_emit(lines, changed_signal, 0);
}

static GtkWidget *group_before(const CelProfileLines *lines, guint at)
{
    return at > 0 ? ((Line *)g_ptr_array_index(lines->shown, at - 1))->group : NULL;
}

static void insert(CelProfileLines *lines, Line *line, guint at)
{
    gtk_box_insert_child_after(GTK_BOX(lines->box), line->group, group_before(lines, at));
    g_ptr_array_insert(lines->shown, (int)at, line);
}

static guint place_of(const Line *line)
{
    guint at = 0;
    g_ptr_array_find(line->lines->shown, line, &at);
    return at;
}

/* ---- what is pressed ---- */

/* A button that can do no more hands the focus to its neighbour. */
static void move(Line *line, guint to)
{
    CelProfileLines *lines = line->lines;
    g_ptr_array_steal_index(lines->shown, place_of(line));
    g_ptr_array_insert(lines->shown, (int)to, line);
    gtk_box_reorder_child_after(GTK_BOX(lines->box), line->group, group_before(lines, to));
    refresh(lines);
    if (!gtk_widget_get_sensitive(line->acts[UP]))
        gtk_widget_grab_focus(line->acts[DOWN]);
    else if (!gtk_widget_get_sensitive(line->acts[DOWN]))
        gtk_widget_grab_focus(line->acts[UP]);
    changed(lines);
}

static void move_up(Line *line)
{
    move(line, place_of(line) - 1);
}

static void move_down(Line *line)
{
    move(line, place_of(line) + 1);
}

static void take_out(Line *line)
{
    CelProfileLines *lines = line->lines;
    line->was_at = place_of(line);
    g_ptr_array_steal_index(lines->shown, line->was_at);
    g_ptr_array_add(lines->out, line);
    gtk_box_remove(GTK_BOX(lines->box), line->group);
    refresh(lines);
    gtk_widget_grab_focus(lines->put_back);
    changed(lines);
}

static void put_back(CelProfileLines *lines)
{
    Line *line = g_ptr_array_steal_index(lines->out, lines->out->len - 1);
    insert(lines, line, MIN(line->was_at, lines->shown->len));
    refresh(lines);
    gtk_widget_grab_focus(line->zh);
    changed(lines);
}

/* ---- one line ---- */

static void show_approval(Line *line)
{
    gtk_widget_set_visible(line->approval,
                           adw_combo_row_get_selected(ADW_COMBO_ROW(line->basis)) == REFERENCE);
    changed(line->lines);
}

static void add_citation(Line *line, AdwPreferencesGroup *group)
{
    const char *const kinds[] = {_("Basis"), _("Referred to"), NULL};
    g_autoptr(GtkStringList) model = gtk_string_list_new(kinds);
    line->basis = adw_combo_row_new();
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(line->basis), _("Named as"));
    adw_combo_row_set_model(ADW_COMBO_ROW(line->basis), G_LIST_MODEL(model));
    adw_preferences_group_add(group, line->basis);
    line->approval = cel_profile_field_add(group, _("Who approved that, and when"));
}

static GtkWidget *make_acts(Line *line)
{
    static void (*const pressed[N_ACTS])(Line *) = {
        [UP] = move_up, [DOWN] = move_down, [TAKE_OUT] = take_out};
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    for (guint i = 0; i < N_ACTS; i++) {
        line->acts[i] = cel_room_icon_button(acts[i].icon, _(acts[i].name));
        gtk_widget_set_valign(line->acts[i], GTK_ALIGN_CENTER);
        gtk_box_append(GTK_BOX(box), line->acts[i]);
        g_signal_connect_swapped(line->acts[i], "clicked", G_CALLBACK(pressed[i]), line);
    }
    return box;
}

static Line *line_new(CelProfileLines *lines, const CelProfileLine *said)
{
    Line *line = g_new0(Line, 1);
    AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP(adw_preferences_group_new());
    line->lines = lines;
    line->group = g_object_ref_sink(GTK_WIDGET(group));
    line->zh = cel_profile_field_add(group, _("In Chinese"));
    line->en = cel_profile_field_add(group, _("In English"));
    gtk_editable_set_text(GTK_EDITABLE(line->zh), said->zh != NULL ? said->zh : "");
    gtk_editable_set_text(GTK_EDITABLE(line->en), said->en != NULL ? said->en : "");
    if (lines->list == CEL_PROFILE_CITATIONS) {
        add_citation(line, group);
        gtk_editable_set_text(GTK_EDITABLE(line->approval),
                              said->approval != NULL ? said->approval : "");
        adw_combo_row_set_selected(ADW_COMBO_ROW(line->basis), said->basis ? BASIS : REFERENCE);
        gtk_widget_set_visible(line->approval, !said->basis);
        g_signal_connect_swapped(line->basis, "notify::selected", G_CALLBACK(show_approval), line);
        g_signal_connect_swapped(line->approval, "changed", G_CALLBACK(changed), lines);
    }
    adw_preferences_group_set_header_suffix(group, make_acts(line));
    g_signal_connect_swapped(line->zh, "changed", G_CALLBACK(changed), lines);
    g_signal_connect_swapped(line->en, "changed", G_CALLBACK(changed), lines);
    return line;
}

static void add_line(CelProfileLines *lines)
{
    Line *line = line_new(lines, &(CelProfileLine){.basis = TRUE});
    insert(lines, line, lines->shown->len);
    refresh(lines);
    gtk_widget_grab_focus(line->zh);
    changed(lines);
}

/* ---- draft and widget ---- */

void cel_profile_lines_fill(CelProfileLines *lines, JsonNode *draft)
{
    const guint n = cel_profile_n_lines(draft, lines->list);
    cel_room_empty(GTK_BOX(lines->box));
    g_ptr_array_set_size(lines->shown, 0);
    g_ptr_array_set_size(lines->out, 0);
    for (guint i = 0; i < n; i++) {
        const CelProfileLine said = cel_profile_line(draft, lines->list, i);
        insert(lines, line_new(lines, &said), i);
    }
    refresh(lines);
}

/* What a citation that is the basis had as its approval is still in its field, should it come
 * back; the draft does not have it. */
void cel_profile_lines_write(CelProfileLines *lines, JsonNode *draft)
{
    cel_profile_clear_lines(draft, lines->list);
    for (guint i = 0; i < lines->shown->len; i++) {
        const Line *line = g_ptr_array_index(lines->shown, i);
        CelProfileLine said = {.zh = cel_profile_field_text(line->zh),
                               .en = cel_profile_field_text(line->en)};
        if (line->basis != NULL)
            said.basis = adw_combo_row_get_selected(ADW_COMBO_ROW(line->basis)) == BASIS;
        if (line->basis != NULL && !said.basis)
            said.approval = cel_profile_field_text(line->approval);
        cel_profile_add_line(draft, lines->list, &said);
    }
}

static gboolean tell(const CelProfileLines *lines, const GPtrArray *faults, guint at,
                     const char *member, GtkWidget *field)
{
    g_autofree char *name =
        g_strdup_printf("%s[%u].%s", cel_profile_list_name(lines->list), at, member);
    const char *why = cel_profile_fault_at(faults, name);
    cel_profile_field_tell(field, why);
    return why != NULL;
}

gboolean cel_profile_lines_tell(CelProfileLines *lines, const GPtrArray *faults)
{
    const gboolean cites = lines->list == CEL_PROFILE_CITATIONS;
    const char *whole = cel_profile_fault_at(faults, cel_profile_list_name(lines->list));
    gboolean any = whole != NULL;
    gtk_label_set_text(GTK_LABEL(lines->problem), whole != NULL ? whole : "");
    gtk_widget_set_visible(lines->problem, whole != NULL);
    for (guint i = 0; i < lines->shown->len; i++) {
        const Line *line = g_ptr_array_index(lines->shown, i);
        any = tell(lines, faults, i, cites ? "text.zh" : "zh", line->zh) || any;
        any = tell(lines, faults, i, cites ? "text.en" : "en", line->en) || any;
        any = (cites && tell(lines, faults, i, "approval", line->approval)) || any;
    }
    return any;
}

static void cel_profile_lines_dispose(GObject *object)
{
    CelProfileLines *lines = CEL_PROFILE_LINES(object);
    g_clear_pointer(&lines->shown, g_ptr_array_unref);
    g_clear_pointer(&lines->out, g_ptr_array_unref);
    G_OBJECT_CLASS(cel_profile_lines_parent_class)->dispose(object);
}

static void cel_profile_lines_class_init(CelProfileLinesClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = cel_profile_lines_dispose;
    changed_signal = g_signal_new("changed", CEL_TYPE_PROFILE_LINES, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
}

static void cel_profile_lines_init(CelProfileLines *lines)
{
    gtk_orientable_set_orientation(GTK_ORIENTABLE(lines), GTK_ORIENTATION_VERTICAL);
    gtk_box_set_spacing(GTK_BOX(lines), 12);
    lines->shown = g_ptr_array_new_with_free_func(line_free);
    lines->out = g_ptr_array_new_with_free_func(line_free);
    lines->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
    lines->problem = cel_room_note("");
    gtk_widget_remove_css_class(lines->problem, "dim-label");
    gtk_widget_add_css_class(lines->problem, "profile-fault");
}

static GtkWidget *make_button(CelProfileLines *lines, const char *label, GCallback pressed)
{
    GtkWidget *button = gtk_button_new_with_label(label);
    GtkWidget *text = gtk_button_get_child(GTK_BUTTON(button));
    gtk_label_set_ellipsize(GTK_LABEL(text), PANGO_ELLIPSIZE_END);
    gtk_widget_set_halign(button, GTK_ALIGN_START);
    gtk_box_append(GTK_BOX(lines), button);
    g_signal_connect_swapped(button, "clicked", pressed, lines);
    return button;
}

GtkWidget *cel_profile_lines_new(CelProfileList list)
{
    CelProfileLines *lines = g_object_new(CEL_TYPE_PROFILE_LINES, NULL);
    lines->list = list;
    GtkWidget *heading = cel_room_heading(_(words[list].title));
    gtk_widget_add_css_class(heading, "title-4");
    gtk_box_append(GTK_BOX(lines), heading);
    gtk_box_append(GTK_BOX(lines), cel_room_note(_(words[list].about)));
    gtk_box_append(GTK_BOX(lines), lines->box);
    gtk_box_append(GTK_BOX(lines), lines->problem);
    lines->add = make_button(lines, _(words[list].add), G_CALLBACK(add_line));
    lines->put_back = make_button(lines, "", G_CALLBACK(put_back));
    refresh(lines);
    return GTK_WIDGET(lines);
}
