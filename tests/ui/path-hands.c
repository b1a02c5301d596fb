/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path-hands.h"

#include "cel-settings.h"
#include "path/cel-hold-button.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { PATIENCE_MS = 60000 };

static CelPathPage *path_page(CelWindow *window)
{
    const char *id = NULL;
    CelPage *page = cel_window_page(window, &id);
    if (g_strcmp0(id, "path") != 0) {
        cel_window_show(window, "path", NULL, NULL);
        page = cel_window_page(window, &id);
    }
    return CEL_PATH_PAGE(page);
}

CelPathSession *hands_session(CelWindow *window)
{
    return cel_path_page_session(path_page(window));
}

const CelPathView *hands_view(CelWindow *window)
{
    return cel_path_session_view(hands_session(window));
}

CelPathStep hands_step(CelWindow *window)
{
    return hands_view(window)->step;
}

static gboolean settled(gpointer data)
{
    CelPathSession *session = hands_session(data);
    const gboolean awaited = cel_path_session_view(session) != NULL &&
                             cel_path_session_problem(session) == NULL &&
                             ((cel_path_session_needs(session, "instrument") &&
                               cel_desk_facts(cel_path_session_desk(session))->has_instrument) ||
                              cel_path_session_needs(session, "answer"));
    return cel_path_session_phase(session) == CEL_PATH_PHASE_IDLE && !awaited &&
           cel_path_session_start(session) != NULL;
}

void hands_settle(CelWindow *window)
{
    g_assert_true(ui_pump(settled, window, PATIENCE_MS));
    ui_pump(NULL, NULL, 50);
    g_assert_true(ui_pump(settled, window, PATIENCE_MS));
}

/* What the page says went wrong, for a test that cannot go on. */
static void no_problem(CelWindow *window, const char *doing)
{
    const GError *problem = cel_path_session_problem(hands_session(window));
    g_error("\"%s\" cannot be pressed (phase %d); the page says: %s", doing,
            (int)cel_path_session_phase(hands_session(window)),
            problem != NULL ? problem->message : "nothing");
}

void hands_click(CelWindow *window, const char *text)
{
    const char *shown = _(text);
    GtkWidget *button = ui_find(GTK_WIDGET(path_page(window)), GTK_TYPE_BUTTON, shown);
    if (button != NULL && !gtk_widget_is_sensitive(button))
        no_problem(window, text);
    ui_click(GTK_WIDGET(path_page(window)), shown);
    hands_settle(window);
}

static GtkWidget *find_entry(GtkWidget *root, const char *name)
{
    if (!gtk_widget_get_mapped(root))
        return NULL;
    if (GTK_IS_ENTRY(root) && g_strcmp0(gtk_entry_get_placeholder_text(GTK_ENTRY(root)), name) == 0)
        return root;
    for (GtkWidget *child = gtk_widget_get_first_child(root); child != NULL;
         child = gtk_widget_get_next_sibling(child)) {
        GtkWidget *found = find_entry(child, name);
        if (found != NULL)
            return found;
    }
    return NULL;
}

void hands_type(CelWindow *window, const char *entry, const char *text)
{
    GtkWidget *widget = find_entry(GTK_WIDGET(path_page(window)), _(entry));
    if (widget == NULL)
        g_error("no entry \"%s\" is in view", entry);
    gtk_editable_set_text(GTK_EDITABLE(widget), text);
}

void hands_scan(CelWindow *window, const char *entry, const char *text)
{
    hands_type(window, entry, text);
    g_signal_emit_by_name(find_entry(GTK_WIDGET(path_page(window)), _(entry)), "activate");
    hands_settle(window);
}

void hands_start_delay(int seconds)
{
    g_autoptr(GSettings) settings = cel_settings_new();
    g_settings_set_int(settings, "start-delay-s", seconds);
}

void hands_begin(CelWindow *window, const char *case_id, const char *witness)
{
    hands_settle(window);
    if (cel_window_mode(window) == CEL_MODE_FIELD) {
        hands_type(window, "Number of the case", case_id);
        hands_type(window, "Witness, holder or second officer", witness);
    }
    hands_click(window, "Begin");
}

/* ---- photos ---- */

/* A landscape, another one each time. */
static void paint_picture(const char *path, guint number)
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 320, 240);
    cairo_t *cr = cairo_create(surface);
    cairo_set_source_rgb(cr, 0.72, 0.80, 0.86);
    cairo_paint(cr);
    cairo_set_source_rgb(cr, 0.45, 0.50, 0.36);
    cairo_rectangle(cr, 0, 150, 320, 90);
    cairo_fill(cr);
    cairo_set_source_rgb(cr, 0.90, 0.88, 0.80);
    cairo_arc(cr, 60 + (number * 53) % 200, 150, 40, 0, 2 * G_PI);
    cairo_fill(cr);
    for (guint i = 0; i < number % 60; i++)
        cairo_rectangle(cr, 10 + i * 5, 225, 2, 10);
    cairo_set_source_rgb(cr, 0, 0, 0);
    cairo_fill(cr);
    g_assert_cmpint(cairo_surface_write_to_png(surface, path), ==, CAIRO_STATUS_SUCCESS);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
}

static guint next_number(void)
{
    static guint number;
    return ++number;
}

void hands_picture(const char *path)
{
    paint_picture(path, next_number());
}

void hands_photo(CelWindow *window, const char *folder)
{
    const guint number = next_number();
    g_autofree char *camera = g_build_filename(folder, "..", "camera", NULL);
    g_autofree char *name = g_strdup_printf("picture-%03u.png", number);
    g_autofree char *path = g_build_filename(camera, name, NULL);
    g_autoptr(GSettings) settings = cel_settings_new();
    g_mkdir_with_parents(camera, 0700);
    g_settings_set_string(settings, "camera-folder", camera);
    paint_picture(path, number);
    hands_click(window, "Newest picture");
}

/* ---- shots ---- */

/** Held: the hold has led to something: a shot that is under way, or one that is over already. */
typedef struct {
    CelWindow *window;
    guint n_shots;
} Held;

static gboolean under_way(gpointer data)
{
    const Held *held = data;
    return cel_path_session_phase(hands_session(held->window)) != CEL_PATH_PHASE_IDLE ||
           cel_path_session_problem(hands_session(held->window)) != NULL ||
           hands_view(held->window)->shots->len != held->n_shots;
}

static gboolean can_hold(gpointer data)
{
    GtkWidget *button = ui_find(GTK_WIDGET(path_page(data)), CEL_TYPE_HOLD_BUTTON, NULL);
    return button != NULL && gtk_widget_is_sensitive(button);
}

void hands_hold(CelWindow *window)
{
    /* Like a hand: the instrument's state is read by another thread and may come a little later. */
    if (!ui_pump(can_hold, window, PATIENCE_MS))
        no_problem(window, "hold");
    GtkWidget *button = ui_find(GTK_WIDGET(path_page(window)), CEL_TYPE_HOLD_BUTTON, NULL);
    cel_path_session_clear_problem(hands_session(window));
    Held held = {.window = window, .n_shots = hands_view(window)->shots->len};
    cel_hold_button_press(CEL_HOLD_BUTTON(button));
    g_assert_true(ui_pump(under_way, &held, 4 * CEL_HOLD_MS));
    cel_hold_button_release(CEL_HOLD_BUTTON(button));
}

void hands_shoot(CelWindow *window)
{
    hands_hold(window);
    hands_settle(window);
}

/* ---- the whole way ---- */

static GtkWidget *find_tile(GtkWidget *root, const char *key_file)
{
    if (GTK_IS_TOGGLE_BUTTON(root) && gtk_widget_get_mapped(root) &&
        g_str_has_suffix(gtk_widget_get_name(root), key_file))
        return root;
    for (GtkWidget *child = gtk_widget_get_first_child(root); child != NULL;
         child = gtk_widget_get_next_sibling(child)) {
        GtkWidget *found = find_tile(child, key_file);
        if (found != NULL)
            return found;
    }
    return NULL;
}

void hands_sign(CelWindow *window, const char *person)
{
    g_autofree char *file = g_strconcat(person, ".key", NULL);
    GtkWidget *page = GTK_WIDGET(path_page(window));
    GtkWidget *tile = find_tile(page, file);
    GtkWidget *entry = ui_find(page, GTK_TYPE_PASSWORD_ENTRY, NULL);
    g_assert_nonnull(tile);
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(tile), TRUE);
    gtk_editable_set_text(GTK_EDITABLE(entry), "practice");
}

/* Every bag gets another number. */
static void scan_seal(CelWindow *window)
{
    static guint number = 77000;
    g_autofree char *seal = g_strdup_printf("S-%u", ++number);
    hands_scan(window, "Scan or type the number of the seal", seal);
}

static void do_step(CelWindow *window, const char *folder)
{
    switch (hands_step(window)) {
    case CEL_PATH_STEP_SCAN:
        hands_click(window, "The place is safe to work in");
        hands_photo(window, folder);
        hands_scan(window, "Scan or type the number", "1");
        hands_photo(window, folder);
        hands_click(window, "Next step");
        break;
    case CEL_PATH_STEP_CHECK:
        hands_shoot(window);
        break;
    case CEL_PATH_STEP_BLANK:
        hands_click(window, "No, directly");
        hands_shoot(window);
        break;
    case CEL_PATH_STEP_MEASURE:
        if (cel_path_session_needs(hands_session(window), "hazard"))
            hands_click(window, "No, none of these");
        hands_shoot(window);
        break;
    case CEL_PATH_STEP_RESULT:
        hands_click(window, "Pack and seal");
        break;
    case CEL_PATH_STEP_PACK:
    case CEL_PATH_STEP_RESEAL:
        hands_photo(window, folder);
        scan_seal(window);
        hands_click(window, "Next step");
        break;
    default:
        g_assert_not_reached();
    }
}

static void receive(CelWindow *window, const char *folder, const char *code, const char *seal)
{
    hands_scan(window, "Scan the bag or type CASE/ITEM", code);
    g_assert_no_error(cel_path_session_problem(hands_session(window)));
    hands_photo(window, folder);
    hands_type(window, "Number of its seal, as read", seal);
    hands_type(window, "Handed over by", "Zhang San");
    hands_type(window, "Submitting department", "City station");
    hands_type(window, "Telephone or address", "9 Some Road");
    hands_type(window, "What is asked for", "Which material it is");
    hands_type(window, "Population that the exhibit stands for", "One bag, about 200 grains");
    hands_type(window, "How it was sampled", "At random");
    hands_type(window, "Units examined", "1 grain");
    hands_click(window, "Bag and seal intact");
    hands_click(window, "Accept");
    hands_click(window, "Next step");
}

static void examine(CelWindow *window, const char *folder)
{
    hands_scan(window, "Where the work is done", "Practice lab");
    hands_scan(window, "Temperature, humidity, light", "22 C, 45 %");
    hands_click(window, "powder");
    hands_click(window, "white");
    hands_click(window, "1 to 10 g");
    hands_photo(window, folder);
    hands_click(window, "Next step");
}

static void do_lab_step(CelWindow *window, const char *folder, const char *code, const char *seal)
{
    switch (hands_step(window)) {
    case CEL_PATH_STEP_RECEIVE:
        receive(window, folder, code, seal);
        break;
    case CEL_PATH_STEP_OPEN:
        hands_type(window, "Number of its seal, as read", seal);
        hands_sign(window, "reviewer");
        hands_click(window, "Open the bag together");
        hands_click(window, "Next step");
        break;
    case CEL_PATH_STEP_EXAMINE:
        examine(window, folder);
        break;
    case CEL_PATH_STEP_CLOSING:
        hands_click(window, "It follows at the end of the series");
        hands_click(window, "Next step");
        break;
    default:
        do_step(window, folder);
    }
}

char *hands_collect(CelWindow *window, const char *folder)
{
    do_step(window, folder);
    char *code = g_strdup_printf("%s/%s", hands_view(window)->case_id, hands_view(window)->item_id);
    const CelPathOrder order = {.act = CEL_PATH_ACT_ABANDON, .why = "measured in the laboratory"};
    cel_path_session_do(hands_session(window), &order);
    hands_settle(window);
    hands_close(window);
    return code;
}

void hands_lab_until(CelWindow *window, const char *folder, const char *code, const char *seal,
                     CelPathStep step)
{
    for (guint i = 0; i < 40 && hands_step(window) != step; i++)
        do_lab_step(window, folder, code, seal);
    g_assert_cmpint(hands_step(window), ==, step);
}

void hands_field_until(CelWindow *window, const char *folder, CelPathStep step)
{
    for (guint i = 0; i < 30 && hands_step(window) != step; i++)
        do_step(window, folder);
    g_assert_cmpint(hands_step(window), ==, step);
}

void hands_close(CelWindow *window)
{
    if (hands_view(window) != NULL)
        cel_path_session_close(hands_session(window));
    hands_settle(window);
}
