/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "citizen/cel-profile-form.h"

#include "base/cel-secret.h"
#include "cel-second-person.h"
#include "cel-words.h"
#include "citizen/cel-fit.h"
#include "citizen/cel-profile-field.h"
#include "citizen/cel-profile-limits.h"
#include "citizen/cel-profile-lines.h"
#include "citizen/cel-profile-rest.h"
#include "citizen/cel-profile-work.h"
#include "desk/cel-room.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { WIDTH = 640, HEIGHT = 640, VALID_YEARS = 1 };

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
    JsonNode *from;   /* (nullable): not read yet */
    gboolean filling; /* what changes now nobody typed */
    GPtrArray *persons;
    GtkWidget *entries[CEL_N_PROFILE_TEXTS], *passphrase;
    GtkWidget *box, *problem, *sign, *limits, *rest;
    GtkWidget *lists[CEL_N_PROFILE_LISTS];
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

/* Everything that is said, but for the key that signs it. */
static CelProfileOrder *order_of(CelProfileForm *form)
{
    JsonNode *draft = json_node_copy(form->from);
    for (guint i = 0; i < CEL_N_PROFILE_LISTS; i++)
        cel_profile_lines_write(CEL_PROFILE_LINES(form->lists[i]), draft);
    cel_profile_limits_write(CEL_PROFILE_LIMITS(form->limits), draft);
    CelProfileOrder *order = cel_profile_order_new(form->desk, draft);
    for (guint i = 0; i < CEL_N_PROFILE_TEXTS; i++)
        order->texts[i] = g_strdup(cel_profile_field_text(form->entries[i]));
    for (guint i = 0; i < form->persons->len; i++) {
        const Person *person = g_ptr_array_index(form->persons, i);
        cel_profile_order_add(order, person->id, gtk_switch_get_active(person->may));
    }
    return order;
}

static char *field_name(const Text *text)
{
    g_autofree char *member = text->group != NULL
                                  ? g_strdup_printf("%s.%s", text->group, text->member)
                                  : g_strdup(text->member);
    return text->language != NULL ? g_strdup_printf("%s.%s", member, text->language)
                                  : g_steal_pointer(&member);
}

/* Whether what stands at @path, with all below it, has a field of its own. */
static gboolean has_field(const char *path)
{
    static const char checks[] = "checks.";
    static const char *const whole[] = {"kind", "v", "issued", "titles", "citations", NULL};
    if (g_str_has_prefix(path, checks))
        return cel_profile_limits_have(path + strlen(checks));
    for (guint i = 0; i < CEL_N_PROFILE_TEXTS; i++) {
        g_autofree char *field = field_name(&texts[i]);
        if (strcmp(field, path) == 0 ||
            (texts[i].language != NULL && strncmp(field, path, strlen(path)) == 0 &&
             strchr(path, '.') != NULL))
            return TRUE;
    }
    return g_strv_contains(whole, path);
}

/* What is wrong with no field of the form stands above it, once the fields are right. */
static void tell_faults(CelProfileForm *form, const GPtrArray *faults)
{
    gboolean told = FALSE;
    for (guint i = 0; i < CEL_N_PROFILE_TEXTS; i++) {
        g_autofree char *field = field_name(&texts[i]);
        const char *why = cel_profile_fault_at(faults, field);
        cel_profile_field_tell(form->entries[i], why);
        told = told || why != NULL;
    }
    for (guint i = 0; i < CEL_N_PROFILE_LISTS; i++)
        told = cel_profile_lines_tell(CEL_PROFILE_LINES(form->lists[i]), faults) || told;
    told = cel_profile_limits_tell(CEL_PROFILE_LIMITS(form->limits), faults) || told;
    const CelProfileFault *first = faults->len > 0 ? g_ptr_array_index(faults, 0) : NULL;
    g_autofree char *above =
        first != NULL && !told ? g_strdup_printf("%s %s", first->field, first->why) : NULL;
    tell_problem(form, above);
}

/* The engine says what is not usable. */
static void refresh(CelProfileForm *form)
{
    const gboolean keyed = form->root_path != NULL && *cel_profile_field_text(form->passphrase);
    if (form->from == NULL || form->filling || !is_head(form))
        return;
    CelProfileOrder *order = order_of(form);
    g_autoptr(GPtrArray) faults = cel_profile_order_faults(order);
    cel_profile_order_free(order);
    tell_faults(form, faults);
    gtk_widget_set_sensitive(form->sign, keyed && faults->len == 0);
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

static void fill_people(CelProfileForm *form, const GPtrArray *people)
{
    for (guint i = 0; form->persons->len == 0 && i < people->len; i++)
        add_person(form, g_ptr_array_index(people, i));
    for (guint i = 0; i < form->persons->len; i++) {
        const Person *person = g_ptr_array_index(form->persons, i);
        gtk_switch_set_active(person->may, cel_lab_profile_may(form->from, person->id));
    }
}

static void fill(CelProfileForm *form, const CelProfileReading *reading)
{
    g_autofree char *next_year = cel_profile_today(VALID_YEARS);
    const gboolean is_new = *text_in(form->from, &texts[CEL_PROFILE_NAME_ZH]) == '\0' &&
                            *text_in(form->from, &texts[CEL_PROFILE_NAME_EN]) == '\0';
    form->filling = TRUE;
    for (guint i = 0; i < CEL_N_PROFILE_TEXTS; i++)
        gtk_editable_set_text(GTK_EDITABLE(form->entries[i]), i == CEL_PROFILE_UNTIL && is_new
                                                                  ? next_year
                                                                  : text_in(form->from, &texts[i]));
    fill_people(form, reading->people);
    for (guint i = 0; i < CEL_N_PROFILE_LISTS; i++)
        cel_profile_lines_fill(CEL_PROFILE_LINES(form->lists[i]), form->from);
    cel_profile_limits_fill(CEL_PROFILE_LIMITS(form->limits), form->from);
    cel_profile_rest_fill(GTK_BOX(form->rest), form->from, has_field);
    form->filling = FALSE;
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

void cel_profile_form_take_draft(CelProfileForm *form, const char *path)
{
    read_profile(form, path);
}

static void draft_chosen(gpointer owner, const char *path)
{
    cel_profile_form_take_draft(owner, path);
}

static void back(CelProfileForm *form)
{
    read_profile(form, NULL);
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
    refresh(form);
    if (error != NULL) {
        tell_problem(form, error->message);
        return;
    }
    cel_window_say(form->window, _("The profile is signed and in force. Sign in again."));
    g_autofree char *folder = g_strdup(cel_desk_facts(form->desk)->lab_folder);
    cel_desk_open_lab(form->desk, folder, G_OBJECT(form->window), reopened);
    GtkWindow *over = gtk_window_get_transient_for(GTK_WINDOW(form));
    gtk_window_destroy(over != GTK_WINDOW(form->window) ? over : GTK_WINDOW(form));
}

static void agreed(gpointer owner, CelKey *key, gpointer data)
{
    CelProfileForm *form = owner;
    CelProfileOrder *said = order_of(form);
    (void)data;
    said->root_path = g_strdup(form->root_path);
    said->secret = cel_secret_new();
    g_strlcpy(said->secret, cel_profile_field_text(form->passphrase), CEL_SECRET_MAX);
    said->second = key;
    const CelTaskOrder order = {.title = _("Signing the profile"),
                                .run = cel_profile_order_run,
                                .done = signed_done,
                                .data = said,
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
    form->entries[which] = cel_profile_field_add(group, _(texts[which].title));
    g_signal_connect_swapped(form->entries[which], "changed", G_CALLBACK(refresh), form);
}

static GtkWidget *add_choice(CelProfileForm *form, AdwPreferencesGroup *group, const char *title,
                             const char *act, GCallback chosen)
{
    GtkWidget *row = cel_room_row(title, NULL);
    GtkWidget *button = gtk_button_new_with_label(act);
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
    form->root = ADW_ACTION_ROW(
        add_choice(form, group, _("Key file of the root"), _("Choose…"), G_CALLBACK(choose_root)));
    form->passphrase = adw_password_entry_row_new();
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(form->passphrase),
                                  _("Passphrase of the root"));
    adw_preferences_group_add(group, form->passphrase);
    g_signal_connect_swapped(form->passphrase, "changed", G_CALLBACK(refresh), form);
}

static void add_part(CelProfileForm *form, GtkWidget *part)
{
    gtk_box_append(GTK_BOX(form->box), part);
    g_signal_connect_swapped(part, "changed", G_CALLBACK(refresh), form);
}

static void add_groups(CelProfileForm *form)
{
    AdwPreferencesGroup *lab =
        add_group(form, _("Laboratory"), _("As a court page and the other papers name it"));
    for (guint i = 0; i < CEL_N_PROFILE_TEXTS; i++)
        add_entry(form, lab, i);
    form->people = add_group(form, _("Authorised for the method"),
                             _("Without it a court page cannot name this person as examiner."));
    for (guint i = 0; i < CEL_N_PROFILE_LISTS; i++)
        add_part(form, form->lists[i] = cel_profile_lines_new(i));
    add_part(form, form->limits = cel_profile_limits_new());
    form->rest = gtk_box_new(GTK_ORIENTATION_VERTICAL, 18);
    GtkWidget *heading = cel_room_heading(_("Shown only"));
    gtk_widget_add_css_class(heading, "title-4");
    gtk_box_append(GTK_BOX(form->box), heading);
    gtk_box_append(GTK_BOX(form->box),
                   cel_room_note(_("This stands in the profile too and is signed with it as it is; "
                                   "a draft from a file changes it.")));
    gtk_box_append(GTK_BOX(form->box), form->rest);
    AdwPreferencesGroup *more = add_group(form, _("Begin anew"), NULL);
    add_choice(form, more, _("Take a draft from a file"), _("Choose…"), G_CALLBACK(choose_draft));
    add_choice(form, more, _("Back to the profile in force"), _("Drop changes"), G_CALLBACK(back));
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
