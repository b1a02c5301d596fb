/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instruments/cel-instruments-page.h"

#include "cel-heard.h"
#include "instruments/cel-book-entry.h"
#include "instruments/cel-calibrate-guide.h"
#include "instruments/cel-check-guide.h"
#include "instruments/cel-facts-group.h"

#include "bench/cel-doctor.h"
#include "cel-drivers.h"
#include "device/cel-udev.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _CelInstrumentsPage {
    CelPage parent;
    AdwPreferencesGroup *seen, *about, *state, *machine;
    GPtrArray *seen_rows, *about_rows, *state_rows, *machine_rows;
    char *state_shown; /* what the rows of state say */
    GtkWidget *check, *closing, *calibrate, *disturbed;
};

G_DEFINE_FINAL_TYPE(CelInstrumentsPage, cel_instruments_page, CEL_TYPE_PAGE)

/* ---- what is plugged in ---- */

static void connected(gpointer owner, const GError *error)
{
    cel_page_fail(owner, error);
}

static void connect_clicked(GtkButton *button, CelInstrumentsPage *page)
{
    cel_desk_open_instrument(cel_page_desk(CEL_PAGE(page)), gtk_widget_get_name(GTK_WIDGET(button)),
                             NULL, G_OBJECT(page), connected);
}

static GtkWidget *connect_button(CelInstrumentsPage *page, const CelDeviceInfo *info)
{
    GtkWidget *button = gtk_button_new_with_label(_("Connect"));
    g_autofree char *name = g_strdup_printf(_("Connect %s"), info->instrument.model);
    gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
    gtk_widget_set_name(button, info->id);
    gtk_widget_set_sensitive(button, info->may_open);
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    g_signal_connect(button, "clicked", G_CALLBACK(connect_clicked), page);
    return button;
}

static void add_seen(CelInstrumentsPage *page, const CelDeviceInfo *info)
{
    const CelDeskFacts *facts = cel_desk_facts(cel_page_desk(CEL_PAGE(page)));
    const gboolean is_open =
        facts->has_instrument && strcmp(facts->instrument, info->instrument.model) == 0 &&
        (*info->instrument.serial == '\0' || strcmp(facts->serial, info->instrument.serial) == 0);
    GtkWidget *row = adw_action_row_new();
    adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), info->instrument.model);
    adw_action_row_set_subtitle(ADW_ACTION_ROW(row), !info->may_open ? info->why_not
                                                     : is_open       ? _("connected")
                                                                     : info->id);
    if (!is_open)
        adw_action_row_add_suffix(ADW_ACTION_ROW(row), connect_button(page, info));
    adw_preferences_group_add(page->seen, row);
    g_ptr_array_add(page->seen_rows, row);
}

static void show_seen(CelInstrumentsPage *page)
{
    CelDesk *desk = cel_page_desk(CEL_PAGE(page));
    if (desk == NULL)
        return;
    g_autoptr(GArray) seen = cel_desk_scan(desk);
    cel_facts_clear(page->seen, page->seen_rows);
    for (guint i = 0; i < seen->len; i++)
        add_seen(page, &g_array_index(seen, CelDeviceInfo, i));
}

/* ---- what takes a check away ---- */

/** Mishap: what happened to an instrument; the msgid goes into the record translated. */
static const char *const mishaps[] = {
    N_("restarted"),
    N_("dropped or knocked"),
    N_("moved by more than 5 degrees C"),
    N_("another fibre or tip"),
};

static void mishap_chosen(AdwMessageDialog *dialog, const char *response, CelInstrumentsPage *page)
{
    (void)dialog;
    for (gsize i = 0; i < G_N_ELEMENTS(mishaps); i++)
        if (strcmp(response, mishaps[i]) == 0)
            cel_book_disturb(CEL_PAGE(page), _(mishaps[i]));
}

static void disturbed_clicked(CelInstrumentsPage *page)
{
    GtkWidget *dialog = adw_message_dialog_new(
        GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(page))), _("What happened to the instrument?"),
        _("From then on nothing it measured counts above a lead until it "
          "passes a check again."));
    adw_message_dialog_add_response(ADW_MESSAGE_DIALOG(dialog), "cancel", _("Cancel"));
    for (gsize i = 0; i < G_N_ELEMENTS(mishaps); i++)
        adw_message_dialog_add_response(ADW_MESSAGE_DIALOG(dialog), mishaps[i], _(mishaps[i]));
    g_signal_connect_object(dialog, "response", G_CALLBACK(mishap_chosen), page, 0);
    cel_heard_dialog(ADW_MESSAGE_DIALOG(dialog));
    gtk_window_present(GTK_WINDOW(dialog));
}

/* ---- the open one ---- */

static char *calibration_text(const CelDeskFacts *facts)
{
    if (*facts->calibration_problem != '\0')
        return g_strdup(facts->calibration_problem);
    if (*facts->calibration == '\0')
        return g_strdup(_("the instrument's own"));
    g_autofree char *since = cel_ui_time(facts->calibration_us);
    return g_strdup_printf(_("%s, in force since %s"), facts->calibration, since);
}

/* A fact that @button changes. */
static void add_with_button(CelInstrumentsPage *page, GtkWidget *button, const char *title,
                            const char *value)
{
    cel_facts_add(page->state, page->state_rows, title, value);
    AdwActionRow *row = g_ptr_array_index(page->state_rows, page->state_rows->len - 1);
    gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
    adw_action_row_add_suffix(row, button);
}

static void add_calibration(CelInstrumentsPage *page, const CelDeskFacts *facts)
{
    g_autofree char *value = calibration_text(facts);
    if (*facts->calibration == '\0' && *facts->calibration_problem == '\0') {
        cel_facts_add(page->state, page->state_rows, _("Calibration"), value);
        return;
    }
    GtkWidget *button = gtk_button_new_with_label(_("Back to its own…"));
    gtk_widget_set_sensitive(button, cel_right_put_in_force(facts->role, NULL));
    g_signal_connect_swapped(button, "clicked", G_CALLBACK(cel_book_ask_way_back), page);
    add_with_button(page, button, _("Calibration"), value);
}

static void add_asset(CelInstrumentsPage *page, const CelDeskFacts *facts)
{
    const gboolean has = *facts->asset != '\0';
    const char *name = has ? _("Change the asset number") : _("Give the asset number");
    GtkWidget *button = gtk_button_new_with_label(has ? _("Change…") : _("Give it…"));
    gtk_widget_set_sensitive(button, *facts->serial != '\0' &&
                                         cel_right_check(CEL_ACT_CHECK, facts->role, FALSE, NULL));
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    g_signal_connect_swapped(button, "clicked", G_CALLBACK(cel_book_ask_asset), page);
    add_with_button(page, button, _("Asset number"),
                    has ? facts->asset : _("not given yet; a court page names it"));
}

/* The desk tells of much that is not shown here: the rows stay while they say the same. */
static void show_checks(CelInstrumentsPage *page, const CelDeskFacts *facts)
{
    const char *allows = _(cel_day_state_def(facts->check)->title);
    const char *laser = facts->laser_kind == CEL_LASER_EXTERNAL
                            ? _("Laser state unknown")
                            : _(cel_laser_state_text(facts->laser));
    g_autofree char *when = cel_ui_time(facts->check_us);
    g_autofree char *calibration = calibration_text(facts);
    g_autofree char *all = g_strjoin("\n", allows, when, calibration, laser, facts->asset,
                                     facts->serial, cel_role_id(facts->role), NULL);
    if (g_strcmp0(all, page->state_shown) == 0)
        return;
    g_free(page->state_shown);
    page->state_shown = g_steal_pointer(&all);
    cel_facts_clear(page->state, page->state_rows);
    cel_facts_add(page->state, page->state_rows, _("What its checks allow now"), allows);
    cel_facts_add(page->state, page->state_rows, _("Deciding check"), when);
    add_calibration(page, facts);
    cel_facts_add(page->state, page->state_rows, _("Laser"), laser);
    add_asset(page, facts);
}

static void show_state(CelInstrumentsPage *page)
{
    CelDesk *desk = cel_page_desk(CEL_PAGE(page));
    if (desk == NULL)
        return;
    const CelDeskFacts *facts = cel_desk_facts(desk);
    show_checks(page, facts);
    gtk_widget_set_visible(GTK_WIDGET(page->state), facts->has_instrument);
    gtk_widget_set_visible(GTK_WIDGET(page->about), facts->has_instrument);
    gtk_widget_set_sensitive(page->check, facts->has_instrument && !facts->instrument_gone);
    gtk_widget_set_sensitive(page->closing, facts->has_instrument && !facts->instrument_gone);
    gtk_widget_set_sensitive(page->calibrate, facts->has_instrument && !facts->instrument_gone);
}

/** About: what the instrument says of itself, read on its own lane. */
typedef struct {
    CelDesk *desk;
    CelDeviceDescription description;
    gboolean has;
} About;

static void about_free(gpointer data)
{
    About *about = data;
    g_object_unref(about->desk);
    g_free(about);
}

static gboolean about_run(gpointer data, CelJob *job, GError **error)
{
    About *about = data;
    (void)job;
    (void)error;
    CelDevice *device = cel_desk_device(about->desk);
    about->has = device != NULL;
    if (about->has)
        about->description = *cel_device_describe(device);
    return TRUE;
}

static void about_done(gpointer owner, gpointer data, const GError *error)
{
    CelInstrumentsPage *page = owner;
    const About *about = data;
    cel_facts_clear(page->about, page->about_rows);
    if (error == NULL && about->has)
        cel_facts_instrument(page->about, page->about_rows, &about->description);
}

static void ask_about(CelInstrumentsPage *page)
{
    if (cel_page_desk(CEL_PAGE(page)) == NULL)
        return;
    About *about = g_new0(About, 1);
    about->desk = g_object_ref(cel_page_desk(CEL_PAGE(page)));
    const CelTaskOrder order = {.lane = CEL_LANE_INSTRUMENT,
                                .run = about_run,
                                .done = about_done,
                                .data = about,
                                .free = about_free};
    cel_page_start(CEL_PAGE(page), &order);
}

static void instruments_changed(CelInstrumentsPage *page)
{
    show_seen(page);
    show_state(page);
    ask_about(page);
}

/* ---- checks ---- */

static void guide(CelInstrumentsPage *page, gboolean is_closing)
{
    GtkWidget *dialog = cel_check_guide_new(CEL_PAGE(page), is_closing);
    gtk_window_present(GTK_WINDOW(dialog));
}

static void check_clicked(CelInstrumentsPage *page)
{
    guide(page, FALSE);
}

static void closing_clicked(CelInstrumentsPage *page)
{
    guide(page, TRUE);
}

static void calibrate_clicked(CelInstrumentsPage *page)
{
    gtk_window_present(GTK_WINDOW(cel_calibrate_guide_new(CEL_PAGE(page))));
}

/* ---- what this machine lacks ---- */

typedef struct {
    char *folder;
    GPtrArray *findings;
} Examination;

static void examination_free(gpointer data)
{
    Examination *examination = data;
    g_free(examination->folder);
    g_clear_pointer(&examination->findings, g_ptr_array_unref);
    g_free(examination);
}

static gboolean examine_run(gpointer data, CelJob *job, GError **error)
{
    Examination *examination = data;
    (void)job;
    (void)error;
    const CelDriverTable table = cel_drivers(NULL);
    const CelDoctorPlace place = {.table = &table,
                                  .rule_folders = cel_udev_folders,
                                  .work_folder = examination->folder,
                                  .clock = cel_clock_system()};
    examination->findings = cel_doctor_examine(&place);
    return TRUE;
}

static void examine_done(gpointer owner, gpointer data, const GError *error)
{
    CelInstrumentsPage *page = owner;
    const Examination *examination = data;
    cel_facts_clear(page->machine, page->machine_rows);
    for (guint i = 0; error == NULL && i < examination->findings->len; i++) {
        const CelDoctorFinding *finding = g_ptr_array_index(examination->findings, i);
        if (finding->state == CEL_DOCTOR_OK)
            continue;
        cel_facts_add(page->machine, page->machine_rows, finding->message,
                      finding->remedy != NULL ? finding->remedy : " ");
    }
    gtk_widget_set_visible(GTK_WIDGET(page->machine), page->machine_rows->len > 0);
}

static void examine(CelInstrumentsPage *page)
{
    const CelDeskFacts *facts = cel_desk_facts(cel_page_desk(CEL_PAGE(page)));
    Examination *examination = g_new0(Examination, 1);
    examination->folder =
        g_strdup(*facts->lab_folder != '\0' ? facts->lab_folder : g_get_home_dir());
    const CelTaskOrder order = {.lane = CEL_LANE_COMPUTE,
                                .run = examine_run,
                                .done = examine_done,
                                .data = examination,
                                .free = examination_free};
    cel_page_start(CEL_PAGE(page), &order);
}

/* ---- the page ---- */

static void open_page(CelPage *base, const char *what, GObject *thing)
{
    CelInstrumentsPage *page = CEL_INSTRUMENTS_PAGE(base);
    CelDesk *desk = cel_page_desk(base);
    (void)what;
    (void)thing;
    g_signal_handlers_disconnect_by_data(desk, page);
    g_signal_connect_object(desk, "instruments-changed", G_CALLBACK(instruments_changed), page,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(desk, "changed", G_CALLBACK(show_state), page, G_CONNECT_SWAPPED);
    cel_desk_rescan(desk);
    instruments_changed(page);
    examine(page);
}

static void cel_instruments_page_finalize(GObject *object)
{
    CelInstrumentsPage *page = CEL_INSTRUMENTS_PAGE(object);
    g_free(page->state_shown);
    g_ptr_array_unref(page->seen_rows);
    g_ptr_array_unref(page->about_rows);
    g_ptr_array_unref(page->state_rows);
    g_ptr_array_unref(page->machine_rows);
    G_OBJECT_CLASS(cel_instruments_page_parent_class)->finalize(object);
}

static void cel_instruments_page_class_init(CelInstrumentsPageClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->finalize = cel_instruments_page_finalize;
    CEL_PAGE_CLASS(klass)->open = open_page;
    gtk_widget_class_set_template_from_resource(
        widget_class, "/org/celadon/Celadon/instruments/cel-instruments-page.ui");
    gtk_widget_class_bind_template_child(widget_class, CelInstrumentsPage, seen);
    gtk_widget_class_bind_template_child(widget_class, CelInstrumentsPage, about);
    gtk_widget_class_bind_template_child(widget_class, CelInstrumentsPage, state);
    gtk_widget_class_bind_template_child(widget_class, CelInstrumentsPage, machine);
    gtk_widget_class_bind_template_child(widget_class, CelInstrumentsPage, check);
    gtk_widget_class_bind_template_child(widget_class, CelInstrumentsPage, closing);
    gtk_widget_class_bind_template_child(widget_class, CelInstrumentsPage, calibrate);
    gtk_widget_class_bind_template_child(widget_class, CelInstrumentsPage, disturbed);
}

static void cel_instruments_page_init(CelInstrumentsPage *page)
{
    page->seen_rows = g_ptr_array_new();
    page->about_rows = g_ptr_array_new();
    page->state_rows = g_ptr_array_new();
    page->machine_rows = g_ptr_array_new();
    gtk_widget_init_template(GTK_WIDGET(page));
    g_signal_connect_swapped(page->check, "clicked", G_CALLBACK(check_clicked), page);
    g_signal_connect_swapped(page->closing, "clicked", G_CALLBACK(closing_clicked), page);
    g_signal_connect_swapped(page->calibrate, "clicked", G_CALLBACK(calibrate_clicked), page);
    g_signal_connect_swapped(page->disturbed, "clicked", G_CALLBACK(disturbed_clicked), page);
}
