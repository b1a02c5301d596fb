/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cel-act-form.h"

#include "cel-second-person.h"
#include "desk/cel-room.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { N_PARTY = 3, MOST_LISTED = 200, FORM_WIDTH = 640, FORM_HEIGHT = 640 };

struct _CelActForm {
    AdwWindow parent;
    GWeakRef page;
    CelDesk *desk;
    const CelDeskAct *act;
    GPtrArray *exhibits; /* CelActExhibit */
    GPtrArray *seals;    /* AdwEntryRow, one an exhibit, where bags are read */
    GHashTable *members; /* member -> AdwEntryRow */
    GPtrArray *photos;   /* filenames */
    GtkWidget *from[N_PARTY], *to[N_PARTY];
    GtkWidget *case_id, *item_id, *why, *authority, *seal_state, *differs, *photo_row;
    GtkWidget *box, *record, *problem;
};

G_DEFINE_FINAL_TYPE(CelActForm, cel_act_form, ADW_TYPE_WINDOW)

static const char *text_of(GtkWidget *row)
{
    return row != NULL ? gtk_editable_get_text(GTK_EDITABLE(row)) : "";
}

static GtkWidget *entry(const char *title, const char *text)
{
    GtkWidget *row = adw_entry_row_new();
    adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
    gtk_editable_set_text(GTK_EDITABLE(row), text != NULL ? text : "");
    return row;
}

static AdwPreferencesGroup *group(CelActForm *form, const char *title, const char *description)
{
    GtkWidget *made = adw_preferences_group_new();
    adw_preferences_group_set_title(ADW_PREFERENCES_GROUP(made), title);
    adw_preferences_group_set_description(ADW_PREFERENCES_GROUP(made), description);
    gtk_box_append(GTK_BOX(form->box), made);
    return ADW_PREFERENCES_GROUP(made);
}

/* ---- what is ready ---- */

static gboolean has_party(GtkWidget *const rows[N_PARTY])
{
    for (guint i = 0; i < N_PARTY; i++)
        if (*text_of(rows[i]) != '\0')
            return TRUE;
    return FALSE;
}

static gboolean all_needed(const CelActForm *form)
{
    const CelActDef *def = cel_act_def(form->act->act);
    for (gsize i = 0; def->needs != NULL && def->needs[i] != NULL; i++) {
        GtkWidget *row = g_hash_table_lookup(form->members, def->needs[i]);
        if (row != NULL && *text_of(row) == '\0')
            return FALSE;
    }
    if (def->parties && (!has_party(form->from) || !has_party(form->to)))
        return FALSE;
    return (!def->reason || *text_of(form->why) != '\0') &&
           (form->case_id == NULL ||
            (*text_of(form->case_id) != '\0' && *text_of(form->item_id) != '\0'));
}

static guint count_differing(CelActForm *form)
{
    guint n = 0;
    for (guint i = 0; i < form->seals->len; i++) {
        CelActExhibit *exhibit = g_ptr_array_index(form->exhibits, i);
        GtkWidget *row = g_ptr_array_index(form->seals, i);
        g_free(exhibit->read_seal);
        exhibit->read_seal = g_strstrip(g_strdup(text_of(row)));
        const gboolean differs = !form->act->new_seal && cel_act_exhibit_differs(exhibit);
        if (differs)
            gtk_widget_add_css_class(row, "error");
        else
            gtk_widget_remove_css_class(row, "error");
        n += differs ? 1 : 0;
    }
    return n;
}

static void refresh(CelActForm *form)
{
    const guint n = count_differing(form);
    if (form->differs != NULL) {
        gtk_widget_set_visible(form->differs, n > 0);
        g_autofree char *text = g_strdup_printf(
            ngettext("%u bag carries another number than the ledger has. Look at the bag again; "
                     "tick here only if it is so, and state the reason below.",
                     "%u bags carry other numbers than the ledger has. Look at them again; tick "
                     "here only if it is so, and state the reason below.",
                     n),
            n);
        gtk_check_button_set_label(GTK_CHECK_BUTTON(form->differs), text);
    }
    gtk_widget_set_sensitive(form->record, all_needed(form));
}

/* ---- building ---- */

static void add_row(CelActForm *form, AdwPreferencesGroup *to, GtkWidget *row)
{
    adw_preferences_group_add(to, row);
    g_signal_connect_swapped(row, "changed", G_CALLBACK(refresh), form);
}

/* One row a bag: its name, and the number that is read from it now. */
static void add_exhibits(CelActForm *form)
{
    const gboolean reads = form->act->seal_state != NULL;
    if (form->exhibits->len == 0) {
        AdwPreferencesGroup *to =
            group(form, _("Exhibit"), _("As written on the label of the bag"));
        g_ptr_array_add(form->exhibits, g_new0(CelActExhibit, 1));
        add_row(form, to, form->case_id = entry(_("Case number"), NULL));
        add_row(form, to, form->item_id = entry(_("Exhibit number"), NULL));
    }
    const char *hint = !reads                ? NULL
                       : form->act->new_seal ? _("Each new seal has a number of its own")
                                             : _("Read the number from each bag; do not copy it");
    AdwPreferencesGroup *to = group(form, reads ? _("Seal numbers") : _("Exhibits"), hint);
    const guint n = form->exhibits->len;
    for (guint i = 0; i < MIN(n, MOST_LISTED); i++) {
        const CelActExhibit *exhibit = g_ptr_array_index(form->exhibits, i);
        g_autofree char *name =
            exhibit->case_id == NULL
                ? g_strdup(_("Number on the seal"))
                : g_strdup_printf("%s/%s  %s", exhibit->case_id, exhibit->item_id,
                                  exhibit->description != NULL ? exhibit->description : "");
        GtkWidget *row = reads ? entry(name, NULL) : cel_room_row(name, NULL);
        if (reads)
            g_ptr_array_add(form->seals, row);
        if (reads)
            add_row(form, to, row);
        else if (exhibit->case_id != NULL)
            adw_preferences_group_add(to, row);
    }
    if (n > MOST_LISTED) {
        g_autofree char *rest = g_strdup_printf(_("and %u more"), n - MOST_LISTED);
        adw_preferences_group_add(to, cel_room_row(rest, NULL));
    }
    if (!reads && form->case_id != NULL)
        gtk_widget_set_visible(GTK_WIDGET(to), FALSE);
}

static const char *const seal_states[] = {"intact", "broken", "none"};

static void add_seal_state(CelActForm *form)
{
    const char *const words[] = {_("intact"), _("broken"), _("no seal"), NULL};
    if (form->act->seal_state == NULL)
        return;
    form->seal_state = adw_combo_row_new();
    g_autoptr(GtkStringList) list = gtk_string_list_new(words);
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(form->seal_state), _("State of the seal"));
    adw_combo_row_set_model(ADW_COMBO_ROW(form->seal_state), G_LIST_MODEL(list));
    for (guint i = 0; i < G_N_ELEMENTS(seal_states); i++)
        if (strcmp(seal_states[i], form->act->seal_state) == 0)
            adw_combo_row_set_selected(ADW_COMBO_ROW(form->seal_state), i);
    form->differs = gtk_check_button_new_with_label("");
    GtkWidget *label = gtk_widget_get_last_child(form->differs);
    if (GTK_IS_LABEL(label))
        gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_widget_set_visible(form->differs, FALSE);
    gtk_widget_add_css_class(form->differs, "problem");
    gtk_box_append(GTK_BOX(form->box), form->differs);
    adw_preferences_group_add(group(form, "", NULL), form->seal_state);
}

static void add_parties(CelActForm *form)
{
    const char *const titles[N_PARTY] = {_("Department"), _("Name"), _("Number")};
    const CelDeskFacts *facts = cel_desk_facts(form->desk);
    const char *const own[N_PARTY] = {facts->lab_name, facts->person, facts->person_id};
    const gboolean gives = form->act->act == CEL_ACT_RETURN || form->act->act == CEL_ACT_TRANSFER ||
                           form->act->act == CEL_ACT_REFUSE;
    if (!cel_act_def(form->act->act)->parties)
        return;
    AdwPreferencesGroup *from = group(form, _("Who gives it"), NULL);
    for (guint i = 0; i < N_PARTY; i++)
        add_row(form, from, form->from[i] = entry(titles[i], gives ? own[i] : NULL));
    AdwPreferencesGroup *to = group(form, _("Who takes it"), NULL);
    for (guint i = 0; i < N_PARTY; i++)
        add_row(form, to, form->to[i] = entry(titles[i], gives ? NULL : own[i]));
}

static void add_member(CelActForm *form, const char *member, AdwPreferencesGroup *to,
                       GtkWidget *expander)
{
    const CelMemberWords *words = cel_member_words(member);
    if (words == NULL || g_strcmp0(member, form->act->member) == 0)
        return;
    GtkWidget *row = entry(_(words->title), NULL);
    g_hash_table_insert(form->members, (gpointer)member, row);
    if (expander == NULL) {
        add_row(form, to, row);
        return;
    }
    adw_expander_row_add_row(ADW_EXPANDER_ROW(expander), row);
    g_signal_connect_swapped(row, "changed", G_CALLBACK(refresh), form);
}

static void add_members(CelActForm *form)
{
    const CelActDef *def = cel_act_def(form->act->act);
    AdwPreferencesGroup *to = group(form, _("What was found"), NULL);
    for (gsize i = 0; def->needs != NULL && def->needs[i] != NULL; i++)
        add_member(form, def->needs[i], to, NULL);
    GtkWidget *more = adw_expander_row_new();
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(more), _("More details"));
    for (gsize i = 0; def->may != NULL && def->may[i] != NULL; i++)
        add_member(form, def->may[i], to, more);
    add_member(form, "note", to, more);
    adw_preferences_group_add(to, more);
}

static void add_reason(CelActForm *form)
{
    const CelActDef *def = cel_act_def(form->act->act);
    const gboolean order = form->act->act == CEL_ACT_DISPOSE || form->act->act == CEL_ACT_HOLD;
    if (!def->reason && !order && form->act->seal_state == NULL)
        return;
    AdwPreferencesGroup *to = group(form, _("Reason"), NULL);
    add_row(form, to,
            form->why = entry(def->reason ? _("Reason") : _("Reason (if there is one)"), NULL));
    if (order)
        add_row(form, to, form->authority = entry(_("Order or approval it rests on"), NULL));
}

/* ---- photos ---- */

static void show_photos(CelActForm *form)
{
    g_autofree char *text =
        g_strdup_printf(ngettext("%u photo", "%u photos", form->photos->len), form->photos->len);
    adw_action_row_set_subtitle(ADW_ACTION_ROW(form->photo_row), text);
}

static void photo_chosen(gpointer owner, const char *path)
{
    CelActForm *form = owner;
    g_ptr_array_add(form->photos, g_strdup(path));
    show_photos(form);
}

static void choose_photo(CelActForm *form)
{
    const CelRoomChoice choice = {.title = _("Add a photo"),
                                  .accept = _("Add"),
                                  .action = GTK_FILE_CHOOSER_ACTION_OPEN,
                                  .chosen = photo_chosen};
    cel_room_choose(GTK_WIDGET(form), &choice);
}

static void add_photos(CelActForm *form)
{
    if (form->act->photo == NULL)
        return;
    GtkWidget *button = gtk_button_new_with_label(_("Add a photo…"));
    gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
    form->photo_row = cel_room_row(_("Photos"), NULL);
    adw_action_row_add_suffix(ADW_ACTION_ROW(form->photo_row), button);
    g_signal_connect_swapped(button, "clicked", G_CALLBACK(choose_photo), form);
    adw_preferences_group_add(group(form, "", NULL), form->photo_row);
    show_photos(form);
}

/* ---- recording ---- */

static void take_members(CelActForm *form, JsonObject *data)
{
    GHashTableIter iter;
    gpointer member = NULL, row = NULL;
    g_hash_table_iter_init(&iter, form->members);
    while (g_hash_table_iter_next(&iter, &member, &row))
        if (*text_of(row) != '\0')
            json_object_set_string_member(data, member, text_of(row));
}

static CelActOrder *take_order(CelActForm *form)
{
    count_differing(form);
    if (form->case_id != NULL) {
        CelActExhibit *exhibit = g_ptr_array_index(form->exhibits, 0);
        g_free(exhibit->case_id);
        g_free(exhibit->item_id);
        exhibit->case_id = g_strstrip(g_strdup(text_of(form->case_id)));
        exhibit->item_id = g_strstrip(g_strdup(text_of(form->item_id)));
    }
    CelActOrder *order = cel_act_order_new(form->desk, form->act, g_ptr_array_ref(form->exhibits));
    take_members(form, order->data);
    for (guint i = 0; i < N_PARTY; i++) {
        order->from[i] = g_strdup(text_of(form->from[i]));
        order->to[i] = g_strdup(text_of(form->to[i]));
    }
    order->why = g_strdup(text_of(form->why));
    order->authority = g_strdup(text_of(form->authority));
    if (form->seal_state != NULL)
        order->seal_state =
            g_strdup(seal_states[adw_combo_row_get_selected(ADW_COMBO_ROW(form->seal_state))]);
    order->differs_seen =
        form->differs != NULL && gtk_check_button_get_active(GTK_CHECK_BUTTON(form->differs));
    for (guint i = 0; i < form->photos->len; i++)
        g_ptr_array_add(order->photos, g_strdup(g_ptr_array_index(form->photos, i)));
    return order;
}

static void tell(CelActForm *form, const CelActOrder *order)
{
    g_autoptr(CelPage) page = g_weak_ref_get(&form->page);
    g_autofree char *text = g_strdup_printf(
        ngettext("%s: %u exhibit recorded", "%s: %u exhibits recorded", order->n_recorded),
        cel_act_words(form->act->act), order->n_recorded);
    if (page != NULL)
        cel_page_say(page, text);
}

static void recorded(gpointer owner, gpointer data, const GError *error)
{
    CelActForm *form = owner;
    const CelActOrder *order = data;
    if (order->n_recorded > 0)
        cel_desk_lab_changed(form->desk);
    if (error == NULL) {
        tell(form, order);
        gtk_window_destroy(GTK_WINDOW(form));
        return;
    }
    g_autofree char *some = g_strdup_printf(_("%u of %u were recorded and stand. "),
                                            order->n_recorded, order->exhibits->len);
    g_autofree char *text = g_strconcat(order->n_recorded > 0 ? some : "", error->message, NULL);
    gtk_label_set_text(GTK_LABEL(form->problem), text);
    gtk_widget_set_visible(form->problem, TRUE);
    /* What stands is not recorded twice. */
    g_ptr_array_remove_range(form->exhibits, 0, order->n_recorded);
    for (guint i = 0; i < order->n_recorded && form->seals->len > 0; i++) {
        gtk_widget_set_sensitive(g_ptr_array_index(form->seals, 0), FALSE);
        g_ptr_array_remove_index(form->seals, 0);
    }
    gtk_widget_set_sensitive(form->box, TRUE);
    refresh(form);
}

static void start_order(CelActForm *form, CelActOrder *order)
{
    const CelTaskOrder task = {.lane = CEL_LANE_LAB,
                               .title = cel_act_words(form->act->act),
                               .run = cel_act_order_record,
                               .done = recorded,
                               .data = order,
                               .free = cel_act_order_free,
                               .owner = form};
    gtk_widget_set_sensitive(form->box, FALSE);
    gtk_widget_set_sensitive(form->record, FALSE);
    gtk_widget_set_visible(form->problem, FALSE);
    cel_task_start(cel_desk_lanes(form->desk), &task);
}

static void agreed(gpointer owner, CelKey *key, gpointer data)
{
    CelActForm *form = owner;
    CelActOrder *order = take_order(form);
    (void)data;
    order->second = key;
    start_order(form, order);
}

static char *summary(const CelActForm *form)
{
    const CelActExhibit *first = g_ptr_array_index(form->exhibits, 0);
    const guint n = form->exhibits->len;
    if (n == 1)
        return g_strdup_printf(_("Exhibit %s of case %s"), first->item_id, first->case_id);
    return g_strdup_printf(ngettext("%u exhibit", "%u exhibits", n), n);
}

static void record(CelActForm *form)
{
    if (!cel_act_def(form->act->act)->second_person) {
        start_order(form, take_order(form));
        return;
    }
    g_autofree char *what = summary(form);
    const CelSecondPersonAsk ask = {.parent = GTK_WIDGET(form),
                                    .desk = form->desk,
                                    .act = form->act->act,
                                    .what = what,
                                    .done = agreed,
                                    .owner = form};
    cel_second_person_ask(&ask);
}

/* ---- the widget ---- */

static void cel_act_form_finalize(GObject *object)
{
    CelActForm *form = CEL_ACT_FORM(object);
    g_weak_ref_clear(&form->page);
    g_clear_object(&form->desk);
    g_clear_pointer(&form->exhibits, g_ptr_array_unref);
    g_ptr_array_unref(form->seals);
    g_ptr_array_unref(form->photos);
    g_hash_table_unref(form->members);
    G_OBJECT_CLASS(cel_act_form_parent_class)->finalize(object);
}

static void cel_act_form_class_init(CelActFormClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = cel_act_form_finalize;
    gtk_widget_class_add_binding_action(GTK_WIDGET_CLASS(klass), GDK_KEY_Escape, 0, "window.close",
                                        NULL);
}

static GtkWidget *make_header(CelActForm *form)
{
    GtkWidget *header = adw_header_bar_new();
    GtkWidget *cancel = gtk_button_new_with_label(_("Cancel"));
    form->record = gtk_button_new_with_label(_("Record"));
    gtk_widget_add_css_class(form->record, "suggested-action");
    adw_header_bar_set_show_start_title_buttons(ADW_HEADER_BAR(header), FALSE);
    adw_header_bar_set_show_end_title_buttons(ADW_HEADER_BAR(header), FALSE);
    adw_header_bar_pack_start(ADW_HEADER_BAR(header), cancel);
    adw_header_bar_pack_end(ADW_HEADER_BAR(header), form->record);
    g_signal_connect_swapped(cancel, "clicked", G_CALLBACK(gtk_window_close), form);
    g_signal_connect_swapped(form->record, "clicked", G_CALLBACK(record), form);
    return header;
}

static void cel_act_form_init(CelActForm *form)
{
    g_weak_ref_init(&form->page, NULL);
    form->seals = g_ptr_array_new();
    form->photos = g_ptr_array_new_with_free_func(g_free);
    form->members = g_hash_table_new(g_str_hash, g_str_equal);
    form->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 18);
    form->problem = cel_room_heading("");
    gtk_widget_remove_css_class(form->problem, "heading");
    gtk_widget_add_css_class(form->problem, "problem");
    gtk_widget_set_visible(form->problem, FALSE);
    GtkWidget *all = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    GtkWidget *inside = gtk_box_new(GTK_ORIENTATION_VERTICAL, 18);
    gtk_widget_add_css_class(inside, "room-page");
    gtk_box_append(GTK_BOX(inside), form->problem);
    gtk_box_append(GTK_BOX(inside), form->box);
    gtk_box_append(GTK_BOX(all), make_header(form));
    gtk_box_append(GTK_BOX(all), cel_room_scrolled(inside, 620));
    adw_window_set_content(ADW_WINDOW(form), all);
    gtk_window_set_modal(GTK_WINDOW(form), TRUE);
}

CelActForm *cel_act_form_show(CelPage *page, const CelDeskAct *act, GPtrArray *exhibits)
{
    CelActForm *form = g_object_new(CEL_TYPE_ACT_FORM, "title", _(act->title), NULL);
    g_weak_ref_set(&form->page, page);
    form->desk = g_object_ref(cel_page_desk(page));
    form->act = act;
    form->exhibits = exhibits;
    add_exhibits(form);
    add_seal_state(form);
    add_parties(form);
    add_members(form);
    add_reason(form);
    add_photos(form);
    refresh(form);
    cel_room_show_over(GTK_WINDOW(form), GTK_WIDGET(page), FORM_WIDTH, FORM_HEIGHT);
    return form;
}
