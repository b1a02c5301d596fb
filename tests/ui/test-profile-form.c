/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-lab-profile.h"
#include "citizen/cel-profile-form.h"
#include "profile-fixture.h"
#include "ui-test.h"

#include <glib/gstdio.h>
#include <string.h>

static char *folder;
static CelWindow *window;

/* ---- hands on the form ---- */

enum { PATIENCE_MS = 60000 };

static gboolean has_toplevel(gpointer type)
{
    return ui_toplevel(type) != NULL;
}

static GtkWidget *entry_of(GtkWidget *root, const char *title)
{
    GtkWidget *label = ui_find(root, GTK_TYPE_LABEL, title);
    return label != NULL ? gtk_widget_get_ancestor(label, ADW_TYPE_ENTRY_ROW) : NULL;
}

static gboolean is_filled(gpointer form)
{
    GtkWidget *name = entry_of(form, "Name, in Chinese");
    return name != NULL && *gtk_editable_get_text(GTK_EDITABLE(name)) != '\0';
}

static CelProfileForm *open_form(void)
{
    CelProfileForm *form = cel_profile_form_new(window, GTK_WINDOW(window));
    gtk_window_present(GTK_WINDOW(form));
    g_assert_true(ui_pump(is_filled, form, PATIENCE_MS));
    return form;
}

static void agree(const char *person)
{
    g_assert_true(ui_pump(has_toplevel, (gpointer) "CelSecondPerson", PATIENCE_MS));
    GtkWidget *second = ui_toplevel("CelSecondPerson");
    ui_pump_idle(window, 200);
    GtkWidget *row = ui_find(second, ADW_TYPE_ACTION_ROW, person);
    g_assert_nonnull(row);
    g_signal_emit_by_name(gtk_widget_get_parent(row), "row-activated", row);
    GtkWidget *passphrase = ui_find(second, ADW_TYPE_PASSWORD_ENTRY_ROW, NULL);
    gtk_editable_set_text(GTK_EDITABLE(passphrase), "practice");
    ui_click(second, "Agree");
}

static gboolean is_signed_out(gpointer data)
{
    (void)data;
    return *cel_desk_facts(cel_window_desk(window))->person == '\0' &&
           ui_toplevel("CelProfileForm") == NULL;
}

static void everybody_sees_the_profile_and_the_head_changes_it(void)
{
    CelProfileForm *form = open_form();
    GtkWidget *root = GTK_WIDGET(form);
    cel_profile_form_set_root(form, "/nowhere/root.key");
    g_assert_false(gtk_widget_is_sensitive(entry_of(root, "Name, in Chinese")));
    g_assert_false(gtk_widget_is_sensitive(ui_find(root, GTK_TYPE_BUTTON, "Sign…")));
    g_assert_nonnull(ui_find_class(root, "problem")); /* says who may */
    gtk_window_destroy(GTK_WINDOW(form));
}

static void the_head_signs_what_a_court_page_says_of_the_lab(void)
{
    ui_sign_in(window, folder, "head");
    CelProfileForm *form = open_form();
    GtkWidget *root = GTK_WIDGET(form);
    g_autofree char *key = g_build_filename(folder, "root.key", NULL);
    GtkWidget *sign = ui_find(root, GTK_TYPE_BUTTON, "Sign…");
    gtk_editable_set_text(GTK_EDITABLE(entry_of(root, "Address, in Chinese")), "某路1号");
    g_assert_false(gtk_widget_is_sensitive(sign)); /* no root yet */
    cel_profile_form_set_root(form, key);
    gtk_editable_set_text(GTK_EDITABLE(ui_find(root, ADW_TYPE_PASSWORD_ENTRY_ROW, NULL)),
                          "practice");
    g_assert_true(gtk_widget_is_sensitive(sign));
    ui_click(root, "Sign…");
    agree("Practice reviewer");
    g_assert_true(ui_pump(is_signed_out, NULL, PATIENCE_MS));
    ui_pump_idle(window, 300);
    g_autoptr(CelLab) lab = cel_lab_open(folder, NULL);
    g_assert_cmpstr(cel_lab_profile(lab)->lab.address.zh, ==, "某路1号");
    g_assert_true(cel_lab_profile_may(cel_lab_profile(lab)->json, "L-3"));
    ui_sign_in(window, folder, "technician");
}

/* ---- what a draft may say ---- */

static char *shown_title(gpointer form)
{
    GtkWidget *entry = entry_of(form, "In Chinese"); /* the first title's */
    return entry != NULL ? g_strdup(gtk_editable_get_text(GTK_EDITABLE(entry))) : g_strdup("");
}

static gboolean shows_the_draft(gpointer form)
{
    g_autofree char *title = shown_title(form);
    return strcmp(title, profile_first_title) == 0;
}

static CelProfileForm *open_draft(void)
{
    CelProfileForm *form = open_form();
    g_autofree char *path = profile_draft_write(folder);
    cel_profile_form_take_draft(form, path);
    g_assert_true(ui_pump(shows_the_draft, form, PATIENCE_MS));
    ui_pump_idle(window, 100);
    return form;
}

static void add_texts(GtkWidget *root, GString *texts)
{
    if (!gtk_widget_get_visible(root))
        return;
    if (GTK_IS_LABEL(root))
        g_string_append_printf(texts, "%s\n", gtk_label_get_text(GTK_LABEL(root)));
    if (ADW_IS_ENTRY_ROW(root))
        g_string_append_printf(texts, "%s\n", gtk_editable_get_text(GTK_EDITABLE(root)));
    for (GtkWidget *child = gtk_widget_get_first_child(root); child != NULL;
         child = gtk_widget_get_next_sibling(child))
        add_texts(child, texts);
}

/** Reader: what a form shows, and where in the profile one is. */
typedef struct {
    const char *texts;
    JsonNode *draft;
    gboolean checks;
} Reader;

static void is_shown(const Reader *reader, const char *key, JsonNode *node);

static void each_member(JsonObject *object, const char *key, JsonNode *node, gpointer data)
{
    Reader inside = *(Reader *)data;
    (void)object;
    inside.checks = inside.checks || strcmp(key, "checks") == 0;
    if (strcmp(key, "issued") != 0) /* of the day of signing */
        is_shown(&inside, key, node);
}

static void each_element(JsonArray *array, guint i, JsonNode *node, gpointer data)
{
    (void)array;
    (void)i;
    is_shown(data, "", node);
}

static void is_shown(const Reader *reader, const char *key, JsonNode *node)
{
    g_autofree char *text = NULL;
    if (JSON_NODE_HOLDS_OBJECT(node)) {
        json_object_foreach_member(json_node_get_object(node), each_member, (gpointer)reader);
        return;
    }
    if (JSON_NODE_HOLDS_ARRAY(node)) {
        json_array_foreach_element(json_node_get_array(node), each_element, (gpointer)reader);
        return;
    }
    if (reader->checks)
        text = cel_profile_limit(reader->draft, key);
    else if (json_node_get_value_type(node) == G_TYPE_STRING)
        text = g_strdup(json_node_get_string(node));
    else if (json_node_get_value_type(node) == G_TYPE_BOOLEAN)
        text = g_strdup(json_node_get_boolean(node) ? "Yes" : "No");
    else
        text = json_to_string(node, FALSE);
    g_test_message("%s: %s", key, text);
    if (strcmp(text, "ed25519") != 0 && strcmp(text, "sm2") != 0 && strcmp(key, "basis") != 0)
        g_assert_nonnull(strstr(reader->texts, text));
}

static void everything_a_draft_says_is_shown(void)
{
    CelProfileForm *form = open_draft();
    g_autoptr(GString) texts = g_string_new(NULL);
    g_autoptr(JsonNode) draft = json_from_string(profile_draft, NULL);
    add_texts(GTK_WIDGET(form), texts);
    const Reader reader = {texts->str, draft, FALSE};
    is_shown(&reader, "", draft);
    g_assert_nonnull(strstr(texts->str, "Signatures that every record needs\nSM2 · Ed25519"));
    g_assert_nonnull(strstr(texts->str, "Only signed or built-in libraries\nYes"));
    gtk_window_destroy(GTK_WINDOW(form));
}

static void type_into(GtkWidget *root, const char *title, const char *text)
{
    GtkWidget *entry = entry_of(root, title);
    g_assert_nonnull(entry);
    gtk_editable_set_text(GTK_EDITABLE(entry), text);
}

static GtkWidget *field_group(GtkWidget *root, const char *title)
{
    GtkWidget *label = ui_find(root, GTK_TYPE_LABEL, title);
    g_assert_nonnull(label);
    return gtk_widget_get_ancestor(label, ADW_TYPE_PREFERENCES_GROUP);
}

static void press(GtkWidget *root, const char *group, const char *act)
{
    ui_click(field_group(root, group), act);
}

static void sign_it(CelProfileForm *form)
{
    GtkWidget *root = GTK_WIDGET(form);
    g_autofree char *key = g_build_filename(folder, "root.key", NULL);
    cel_profile_form_set_root(form, key);
    gtk_editable_set_text(GTK_EDITABLE(ui_find(root, ADW_TYPE_PASSWORD_ENTRY_ROW, NULL)),
                          "practice");
    ui_click(root, "Sign…");
    agree("Practice reviewer");
    g_assert_true(ui_pump(is_signed_out, NULL, PATIENCE_MS));
    ui_pump_idle(window, 300);
}

/* All but the day of signing. */
static JsonNode *signed_body(void)
{
    g_autoptr(CelLab) lab = cel_lab_open(folder, NULL);
    JsonNode *body = json_node_copy(cel_lab_profile(lab)->json);
    static const char *const own[] = {"issued", "kind", "v"};
    for (gsize i = 0; i < G_N_ELEMENTS(own); i++)
        json_object_remove_member(json_node_get_object(body), own[i]);
    return body;
}

static void nothing_is_lost_when_a_draft_is_changed_and_signed_here(void)
{
    ui_sign_in(window, folder, "head");
    CelProfileForm *form = open_draft();
    type_into(GTK_WIDGET(form), "Telephone", "020-1");
    sign_it(form);
    g_autoptr(JsonNode) body = signed_body(), draft = json_from_string(profile_draft, NULL);
    JsonObject *expected = json_node_get_object(draft);
    json_object_remove_member(expected, "issued");
    json_object_set_string_member(json_object_get_object_member(expected, "lab"), "phone", "020-1");
    g_assert_true(json_node_equal(body, draft));
}

/* It begins with what the test before signed. */
static void what_is_written_here_is_signed(void)
{
    ui_sign_in(window, folder, "head");
    CelProfileForm *form = open_form();
    GtkWidget *root = GTK_WIDGET(form);
    ui_pump_idle(window, 100);
    ui_click(root, "Add a title");
    GtkWidget *added = field_group(root, "Title 3");
    type_into(added, "In Chinese", "拉曼光谱筛查报告");
    type_into(added, "In English", "Raman screening report");
    press(root, "Title 3", "Move up");
    press(root, "Title 1 (usual)", "Take out");
    press(root, "Citation 2", "Move up");
    adw_combo_row_set_selected(ADW_COMBO_ROW(ui_find(root, ADW_TYPE_COMBO_ROW, NULL)), 0);
    type_into(root, "Lines needed, at least", "7");
    type_into(root, "Line width (FWHM), at most (cm⁻¹)", "");
    sign_it(form);
    g_autoptr(CelLab) lab = cel_lab_open(folder, NULL);
    const CelProfile *p = cel_lab_profile(lab);
    g_assert_cmpuint(p->titles->len, ==, 2);
    g_assert_cmpstr(((CelProfileText *)g_ptr_array_index(p->titles, 0))->en, ==,
                    "Raman screening report");
    g_assert_cmpstr(((CelProfileText *)g_ptr_array_index(p->titles, 1))->zh, ==, "现场筛查记录");
    const CelProfileCitation *first = g_ptr_array_index(p->citations, 0);
    g_assert_cmpstr(first->text.en, ==, "ASTM E1840");
    g_assert_true(first->basis); /* was a reference with an approval */
    g_assert_null(first->approval);
    g_assert_cmpuint(p->checks.min_lines, ==, 7);
    g_assert_cmpfloat(p->checks.max_fwhm_cm1, ==, 0.0);
}

/* ---- faults, and the way back ---- */

static void told_at(GtkWidget *root, const char *title, const char *why)
{
    GtkWidget *entry = entry_of(root, title);
    GtkWidget *list = gtk_widget_get_ancestor(entry, GTK_TYPE_LIST_BOX);
    g_assert_cmpint(gtk_widget_has_css_class(entry, "error"), ==, why != NULL);
    if (why != NULL)
        g_assert_nonnull(ui_find(list, GTK_TYPE_LABEL, why));
}

static void an_error_stands_at_its_field(void)
{
    ui_sign_in(window, folder, "head");
    CelProfileForm *form = open_draft();
    GtkWidget *root = GTK_WIDGET(form), *sign = ui_find(root, GTK_TYPE_BUTTON, "Sign…");
    cel_profile_form_set_root(form, "/nowhere/root.key");
    gtk_editable_set_text(GTK_EDITABLE(ui_find(root, ADW_TYPE_PASSWORD_ENTRY_ROW, NULL)), "x");
    g_assert_true(gtk_widget_is_sensitive(sign));
    type_into(root, "Lines needed, at least", "0");
    told_at(root, "Lines needed, at least", "A whole number from 1 to 100.");
    type_into(root, "Valid until (year-month-day)", "soon");
    told_at(root, "Valid until (year-month-day)", "A date like 2026-12-31.");
    GtkWidget *title = field_group(root, "Title 2");
    type_into(title, "In English", " ");
    told_at(title, "In English", "A title needs both languages.");
    g_assert_false(gtk_widget_is_sensitive(sign));
    type_into(root, "Lines needed, at least", "5");
    type_into(root, "Valid until (year-month-day)", "2030-12-31");
    type_into(title, "In English", "Field record");
    told_at(root, "Lines needed, at least", NULL);
    g_assert_true(gtk_widget_is_sensitive(sign));
    gtk_window_destroy(GTK_WINDOW(form));
}

static void what_was_taken_out_can_be_put_back(void)
{
    CelProfileForm *form = open_draft();
    GtkWidget *root = GTK_WIDGET(form);
    press(root, "Title 1 (usual)", "Take out");
    press(root, "Title 1 (usual)", "Take out");
    g_assert_nonnull(ui_find(root, GTK_TYPE_LABEL, "There is one title at least."));
    ui_click(root, "Put back “Field record”");
    ui_click(root, "Put back “Test report”");
    g_assert_null(ui_find(root, GTK_TYPE_LABEL, "There is one title at least."));
    g_assert_true(shows_the_draft(form));
    gtk_window_destroy(GTK_WINDOW(form));
}

static gboolean shows_what_is_in_force(gpointer form)
{
    return !shows_the_draft(form) && is_filled(form);
}

static void one_button_leads_back_to_what_is_in_force(void)
{
    CelProfileForm *form = open_draft();
    ui_click(GTK_WIDGET(form), "Drop changes");
    g_assert_true(ui_pump(shows_what_is_in_force, form, PATIENCE_MS));
    gtk_window_destroy(GTK_WINDOW(form));
}

int main(int argc, char **argv)
{
    ui_test_init(&argc, &argv);
    window = ui_window(&folder);
    ui_sign_in(window, folder, "technician");
    g_test_add_func("/profile/everybody", everybody_sees_the_profile_and_the_head_changes_it);
    g_test_add_func("/profile/signed", the_head_signs_what_a_court_page_says_of_the_lab);
    g_test_add_func("/profile/shown", everything_a_draft_says_is_shown);
    g_test_add_func("/profile/kept", nothing_is_lost_when_a_draft_is_changed_and_signed_here);
    g_test_add_func("/profile/written", what_is_written_here_is_signed);
    g_test_add_func("/profile/faults", an_error_stands_at_its_field);
    g_test_add_func("/profile/put-back", what_was_taken_out_can_be_put_back);
    g_test_add_func("/profile/back", one_button_leads_back_to_what_is_in_force);
    const int status = g_test_run();
    ui_window_end();
    g_free(folder);
    return status;
}
