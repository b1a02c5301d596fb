/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "citizen/cel-profile-form.h"

#include "base/cel-secret.h"
#include "cel-second-person.h"
#include "cel-words.h"
#include "citizen/cel-fit.h"
#include "citizen/cel-profile-work.h"
#include "desk/cel-room.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { WIDTH = 640, HEIGHT = 640, DATE_LENGTH = 10, VALID_YEARS = 1 };

/** Text: an entry of the form, and where its text stands in the profile. */
typedef struct {
    const char *group, *member, *language; /* (nullable) group, language */
    const char *title;                     /* msgid */
} Text;

static const Text texts[CEL_N_PROFILE_TEXTS] = {
    [CEL_PROFILE_NAME_ZH] = {"lab", "name", "zh", N_("Name, in Chinese")},
    [CEL_PROFILE_NAME_EN] = {"lab", "name", "en", N_("Name, in English")},
    [CEL_PROFILE_ADDRESS_ZH] = {"lab", "address", "zh", N_("Address, in Chinese")},
    [CEL_PROFILE_ADDRESS_EN] = {"lab", "address", "en", N_("Address, in English")},
    [CEL_PROFILE_PHONE] = {"lab", "phone", NULL, N_("Telephone")},
    [CEL_PROFILE_REGISTRATION] = {"lab", "registration_no", NULL, N_("Registration number")},
    [CEL_PROFILE_UNTIL] = {NULL, "until", NULL, N_("Valid until (year-month-day)")},
};

/** Person: somebody who may be authorised. */
typedef struct {
    char *id;
    GtkSwitch *may;
} Person;

struct _CelProfileForm {
    AdwWindow parent;
    CelWindow *window; /* outlives the form, which closes with it */
    CelDesk *desk;
    JsonNode *from; /* (nullable): not read yet */
    GPtrArray *persons;
    GtkWidget *entries[CEL_N_PROFILE_TEXTS], *passphrase;
    GtkWidget *box, *problem, *sign;
    AdwActionRow *root;
    AdwPreferencesGroup *people;
    char *root_path;
};

G_DEFINE_FINAL_TYPE(CelProfileForm, cel_profile_form, ADW_TYPE_WINDOW)

static void person_free(gpointer data)
{
    Person *person = data;
    g_free(person->id);
    g_free(person);
}

static const char *typed(GtkWidget *entry)
{
    return gtk_editable_get_text(GTK_EDITABLE(entry));
}

static void tell_problem(CelProfileForm *form, const char *text)
{
    gtk_label_set_text(GTK_LABEL(form->problem), text != NULL ? text : "");
    gtk_widget_set_visible(form->problem, text != NULL);
}

/* ---- what holds ---- */

static gboolean is_head(const CelProfileForm *form)
{
    return cel_right_check(CEL_ACT_KEY_EVENT, cel_desk_facts(form->desk)->role, FALSE, NULL);
}

/* The bench refuses what is not usable; here only what cannot be signed at all is greyed. */
static void refresh(CelProfileForm *form)
{
    const gboolean named = *typed(form->entries[CEL_PROFILE_NAME_ZH]) != '\0' ||
                           *typed(form->entries[CEL_PROFILE_NAME_EN]) != '\0';
    const gboolean placed = *typed(form->entries[CEL_PROFILE_ADDRESS_ZH]) != '\0' ||
                            *typed(form->entries[CEL_PROFILE_ADDRESS_EN]) != '\0';
    const gboolean dated = strlen(typed(form->entries[CEL_PROFILE_UNTIL])) == DATE_LENGTH;
    const gboolean keyed = form->root_path != NULL && *typed(form->passphrase) != '\0';
    gtk_widget_set_sensitive(form->sign, form->from != NULL && is_head(form) && named && placed &&
                                             dated && keyed);
}

static const char *text_in(JsonNode *profile, const Text *text)
{
    JsonObject *object = json_node_get_object(profile);
    if (text->group != NULL)
        object = json_object_has_member(object, text->group)
                     ? json_object_get_object_member(object, text->group)
                     : NULL;
    if (object == NULL || !json_object_has_member(object, text->member))
        return "";
    if (text->language == NULL)
        return json_object_get_string_member_with_default(object, text->member, "");
    return json_object_get_string_member_with_default(
        json_object_get_object_member(object, text->member), text->language, "");
}

static void add_person(CelProfileForm *form, const CelPersonCard *card)
{
    const char *role = cel_role_title(card->role, cel_ui_is_chinese());
    g_autofree char *about = g_strdup_printf("%s · %s", role, card->person_id);
    GtkWidget *row = cel_room_row(card->person, about);
    Person *person = g_new0(Person, 1);
    person->id = g_strdup(card->person_id);
    person->may = GTK_SWITCH(gtk_switch_new());
    gtk_widget_set_valign(GTK_WIDGET(person->may), GTK_ALIGN_CENTER);
    gtk_switch_set_active(person->may, cel_lab_profile_may(form->from, card->person_id));
    gtk_accessible_update_property(GTK_ACCESSIBLE(person->may), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   card->person, -1);
    adw_action_row_add_suffix(ADW_ACTION_ROW(row), GTK_WIDGET(person->may));
    adw_action_row_set_activatable_widget(ADW_ACTION_ROW(row), GTK_WIDGET(person->may));
    adw_preferences_group_add(form->people, row);
    g_ptr_array_add(form->persons, person);
}

static void fill(CelProfileForm *form, const CelProfileReading *reading)
{
    g_autofree char *next_year = cel_profile_today(VALID_YEARS);
    const gboolean is_new = *text_in(form->from, &texts[CEL_PROFILE_NAME_ZH]) == '\0' &&
                            *text_in(form->from, &texts[CEL_PROFILE_NAME_EN]) == '\0';
    for (guint i = 0; i < CEL_N_PROFILE_TEXTS; i++)
        gtk_editable_set_text(GTK_EDITABLE(form->entries[i]), i == CEL_PROFILE_UNTIL && is_new
                                                                  ? next_year
                                                                  : text_in(form->from, &texts[i]));
    if (form->persons->len == 0)
        for (guint i = 0; i < reading->people->len; i++)
            add_person(form, g_ptr_array_index(reading->people, i));
    for (guint i = 0; i < form->persons->len; i++) {
        const Person *person = g_ptr_array_index(form->persons, i);
        gtk_switch_set_active(person->may, cel_lab_profile_may(form->from, person->id));
    }
    gtk_widget_set_sensitive(form->box, is_head(form));
    if (!is_head(form))
        tell_problem(form, _("This is what is in force. The head of the laboratory changes it: "
                             "sign in with that key."));
    refresh(form);
}

static void start(CelProfileForm *form, const CelTaskOrder *order)
{
    CelTaskOrder owned = *order;
    owned.lane = CEL_LANE_LAB;
    owned.owner = form;
    cel_task_start(cel_desk_lanes(form->desk), &owned);
}

static void read_done(gpointer owner, gpointer data, const GError *error)
{
    CelProfileForm *form = owner;
    CelProfileReading *reading = data;
    tell_problem(form, error != NULL ? error->message : NULL);
    if (error != NULL)
        return;
    g_clear_pointer(&form->from, json_node_unref);
    form->from = g_steal_pointer(&reading->from);
    fill(form, reading);
}

static void read_profile(CelProfileForm *form, const char *path)
{
    const CelTaskOrder order = {.run = cel_profile_reading_run,
                                .done = read_done,
                                .data = cel_profile_reading_new(form->desk, path),
                                .free = cel_profile_reading_free};
    start(form, &order);
}

/* ---- files ---- */

static void draft_chosen(gpointer owner, const char *path)
{
    read_profile(owner, path);
}

static void choose_draft(CelProfileForm *form)
{
    const CelRoomChoice choice = {.title = _("A draft of the profile (JSON)"),
                                  .accept = _("Take"),
                                  .action = GTK_FILE_CHOOSER_ACTION_OPEN,
                                  .chosen = draft_chosen};
    cel_room_choose(GTK_WIDGET(form), &choice);
}

void cel_profile_form_set_root(CelProfileForm *form, const char *path)
{
    g_autofree char *name = g_filename_display_basename(path);
    g_free(form->root_path);
    form->root_path = g_strdup(path);
    adw_action_row_set_subtitle(form->root, name);
    refresh(form);
}

static void root_chosen(gpointer owner, const char *path)
{
    cel_profile_form_set_root(owner, path);
}

static void choose_root(CelProfileForm *form)
{
    const CelRoomChoice choice = {.title = _("Key file of the laboratory's root"),
                                  .accept = _("Choose"),
                                  .action = GTK_FILE_CHOOSER_ACTION_OPEN,
                                  .chosen = root_chosen};
    cel_room_choose(GTK_WIDGET(form), &choice);
}

/* ---- signing ---- */

static void reopened(gpointer owner, const GError *error)
{
    if (error == NULL)
        cel_window_home(owner);
}

static void signed_done(gpointer owner, gpointer data, const GError *error)
{
    CelProfileForm *form = owner;
    (void)data;
    gtk_widget_set_sensitive(form->box, TRUE);
    tell_problem(form, error != NULL ? error->message : NULL);
    refresh(form);
    if (error != NULL)
        return;
    cel_window_say(form->window, _("The profile is signed and in force. Sign in again."));
    g_autofree char *folder = g_strdup(cel_desk_facts(form->desk)->lab_folder);
    cel_desk_open_lab(form->desk, folder, G_OBJECT(form->window), reopened);
    GtkWindow *over = gtk_window_get_transient_for(GTK_WINDOW(form));
    gtk_window_destroy(over != GTK_WINDOW(form->window) ? over : GTK_WINDOW(form));
}

static CelProfileOrder *order_of(CelProfileForm *form, CelKey *second)
{
    CelProfileOrder *order = cel_profile_order_new(form->desk, form->from);
    for (guint i = 0; i < CEL_N_PROFILE_TEXTS; i++)
        order->texts[i] = g_strdup(typed(form->entries[i]));
    for (guint i = 0; i < form->persons->len; i++) {
        const Person *person = g_ptr_array_index(form->persons, i);
        cel_profile_order_add(order, person->id, gtk_switch_get_active(person->may));
    }
    order->root_path = g_strdup(form->root_path);
    order->secret = cel_secret_new();
    g_strlcpy(order->secret, typed(form->passphrase), CEL_SECRET_MAX);
    order->second = second;
    return order;
}

static void agreed(gpointer owner, CelKey *key, gpointer data)
{
    CelProfileForm *form = owner;
    (void)data;
    const CelTaskOrder order = {.title = _("Signing the profile"),
                                .run = cel_profile_order_run,
                                .done = signed_done,
                                .data = order_of(form, key),
                                .free = cel_profile_order_free};
    gtk_editable_set_text(GTK_EDITABLE(form->passphrase), "");
    gtk_widget_set_sensitive(form->box, FALSE);
    gtk_widget_set_sensitive(form->sign, FALSE);
    start(form, &order);
}

static void sign(CelProfileForm *form)
{
    const CelSecondPersonAsk ask = {.parent = GTK_WIDGET(form),
                                    .desk = form->desk,
                                    .act = CEL_ACT_KEY_EVENT,
                                    .what = _("The profile of the laboratory"),
                                    .done = agreed,
                                    .owner = form};
    cel_second_person_ask(&ask);
}

/* ---- the widget ---- */

static AdwPreferencesGroup *add_group(CelProfileForm *form, const char *title, const char *about)
{
    GtkWidget *group = adw_preferences_group_new();
    adw_preferences_group_set_title(ADW_PREFERENCES_GROUP(group), title);
    adw_preferences_group_set_description(ADW_PREFERENCES_GROUP(group), about);
    gtk_box_append(GTK_BOX(form->box), group);
    return ADW_PREFERENCES_GROUP(group);
}

static void add_entry(CelProfileForm *form, AdwPreferencesGroup *group, guint which)
{
    GtkWidget *entry = form->entries[which] = adw_entry_row_new();
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(entry), _(texts[which].title));
    adw_preferences_group_add(group, entry);
    g_signal_connect_swapped(entry, "changed", G_CALLBACK(refresh), form);
}

static GtkWidget *add_choice(CelProfileForm *form, AdwPreferencesGroup *group, const char *title,
                             GCallback chosen)
{
    GtkWidget *row = cel_room_row(title, NULL);
    GtkWidget *button = gtk_button_new_with_label(_("Choose…"));
    gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                   -1);
    adw_action_row_add_suffix(ADW_ACTION_ROW(row), button);
    adw_action_row_set_activatable_widget(ADW_ACTION_ROW(row), button);
    adw_preferences_group_add(group, row);
    g_signal_connect_swapped(button, "clicked", chosen, form);
    return row;
}

static void add_signature(CelProfileForm *form)
{
    AdwPreferencesGroup *group =
        add_group(form, _("Signature"),
                  _("The root is the laboratory itself. Bring its key file, sign, and lock it away "
                    "again."));
    form->root =
        ADW_ACTION_ROW(add_choice(form, group, _("Key file of the root"), G_CALLBACK(choose_root)));
    form->passphrase = adw_password_entry_row_new();
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(form->passphrase),
                                  _("Passphrase of the root"));
    adw_preferences_group_add(group, form->passphrase);
    g_signal_connect_swapped(form->passphrase, "changed", G_CALLBACK(refresh), form);
}

static void add_groups(CelProfileForm *form)
{
    AdwPreferencesGroup *lab =
        add_group(form, _("Laboratory"), _("As a court page and the other papers name it"));
    for (guint i = 0; i < CEL_N_PROFILE_TEXTS; i++)
        add_entry(form, lab, i);
    form->people = add_group(form, _("Authorised for the method"),
                             _("Without it a court page cannot name this person as examiner."));
    AdwPreferencesGroup *more =
        add_group(form, _("Everything else"),
                  _("Titles, citations, limits of the checks and rules of the work stay as they "
                    "are in force, or come from a draft."));
    add_choice(form, more, _("Take a draft from a file"), G_CALLBACK(choose_draft));
    add_signature(form);
}

static GtkWidget *make_header(CelProfileForm *form)
{
    GtkWidget *header = adw_header_bar_new(), *cancel = gtk_button_new_with_label(_("Cancel"));
    form->sign = gtk_button_new_with_label(_("Sign…"));
    gtk_widget_add_css_class(form->sign, "suggested-action");
    gtk_widget_set_sensitive(form->sign, FALSE);
    adw_header_bar_set_show_start_title_buttons(ADW_HEADER_BAR(header), FALSE);
    adw_header_bar_set_show_end_title_buttons(ADW_HEADER_BAR(header), FALSE);
    adw_header_bar_pack_start(ADW_HEADER_BAR(header), cancel);
    adw_header_bar_pack_end(ADW_HEADER_BAR(header), form->sign);
    g_signal_connect_swapped(cancel, "clicked", G_CALLBACK(gtk_window_close), form);
    g_signal_connect_swapped(form->sign, "clicked", G_CALLBACK(sign), form);
    return header;
}

static void cel_profile_form_finalize(GObject *object)
{
    CelProfileForm *form = CEL_PROFILE_FORM(object);
    g_clear_object(&form->desk);
    g_clear_pointer(&form->from, json_node_unref);
    g_ptr_array_unref(form->persons);
    g_free(form->root_path);
    G_OBJECT_CLASS(cel_profile_form_parent_class)->finalize(object);
}

static void cel_profile_form_class_init(CelProfileFormClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = cel_profile_form_finalize;
    gtk_widget_class_add_binding_action(GTK_WIDGET_CLASS(klass), GDK_KEY_Escape, 0, "window.close",
                                        NULL);
}

static void cel_profile_form_init(CelProfileForm *form)
{
    GtkWidget *all = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    GtkWidget *inside = gtk_box_new(GTK_ORIENTATION_VERTICAL, 18);
    form->persons = g_ptr_array_new_with_free_func(person_free);
    form->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 18);
    form->problem = cel_room_heading("");
    gtk_widget_remove_css_class(form->problem, "heading");
    gtk_widget_add_css_class(form->problem, "problem");
    gtk_widget_set_visible(form->problem, FALSE);
    gtk_widget_add_css_class(inside, "room-page");
    gtk_box_append(GTK_BOX(all), make_header(form));
    add_groups(form);
    gtk_box_append(GTK_BOX(inside), form->problem);
    gtk_box_append(GTK_BOX(inside), form->box);
    gtk_box_append(GTK_BOX(all), cel_room_scrolled(inside, WIDTH));
    adw_window_set_content(ADW_WINDOW(form), all);
    gtk_window_set_modal(GTK_WINDOW(form), TRUE);
    gtk_window_set_title(GTK_WINDOW(form), _("Profile of the laboratory"));
}

CelProfileForm *cel_profile_form_new(CelWindow *window, GtkWindow *over)
{
    CelProfileForm *form = g_object_new(CEL_TYPE_PROFILE_FORM, NULL);
    form->window = window;
    form->desk = g_object_ref(cel_window_desk(window));
    gtk_window_set_transient_for(GTK_WINDOW(form), over);
    cel_citizen_fit(GTK_WINDOW(form), over, WIDTH, HEIGHT);
    read_profile(form, NULL);
    return form;
}
