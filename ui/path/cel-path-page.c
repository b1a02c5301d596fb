/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/cel-path-page.h"

#include "cel-heard.h"

#include "base/cel-error.h"
#include "path/cel-path-screens.h"
#include "path/cel-path-stop.h"
#include "path/cel-step-bar.h"

#include <glib/gi18n-lib.h>

enum { MOST_WIDE = 1280 };

struct _CelPathPage {
    CelPage parent;
    CelPathSession *session;
    GtkWidget *top, *steps, *menu;
    GtkWidget *problem, *problem_words, *reconnect, *again, *keep;
    GtkWidget *note;
    GtkStack *stack;
    GHashTable *screens; /* type name -> CelPathScreen, owned by the stack */
    CelPathScreen *present;
    GtkWidget *bottom, *back, *missing, *next;
    GtkWidget *stop_bar;
};

G_DEFINE_FINAL_TYPE(CelPathPage, cel_path_page, CEL_TYPE_PAGE)

CelPathSession *cel_path_page_session(CelPathPage *page)
{
    return page->session;
}

/* ---- the screen of a step ---- */

static GType (*const screen_types[CEL_N_PATH_STEPS])(void) = {
    [CEL_PATH_STEP_SCAN] = cel_path_scan_get_type,
    [CEL_PATH_STEP_RECEIVE] = cel_path_receive_get_type,
    [CEL_PATH_STEP_OPEN] = cel_path_unseal_get_type,
    [CEL_PATH_STEP_EXAMINE] = cel_path_examine_get_type,
    [CEL_PATH_STEP_CHECK] = cel_path_shoot_get_type,
    [CEL_PATH_STEP_BLANK] = cel_path_shoot_get_type,
    [CEL_PATH_STEP_MEASURE] = cel_path_shoot_get_type,
    [CEL_PATH_STEP_CLOSING] = cel_path_shoot_get_type,
    [CEL_PATH_STEP_RESULT] = cel_path_result_get_type,
    [CEL_PATH_STEP_PACK] = cel_path_pack_get_type,
    [CEL_PATH_STEP_RESEAL] = cel_path_pack_get_type,
    [CEL_PATH_STEP_SIGN] = cel_path_sign_get_type,
    [CEL_PATH_STEP_REVIEW] = cel_path_sign_get_type,
};

static GType wanted_type(const CelPathView *view)
{
    if (view == NULL)
        return CEL_TYPE_PATH_BEGIN;
    return view->over ? CEL_TYPE_PATH_DONE : screen_types[view->step]();
}

static GtkWidget *scrolled(CelPathScreen *screen)
{
    GtkWidget *clamp = adw_clamp_new(), *window = gtk_scrolled_window_new();
    adw_clamp_set_maximum_size(ADW_CLAMP(clamp), MOST_WIDE);
    adw_clamp_set_tightening_threshold(ADW_CLAMP(clamp), MOST_WIDE);
    adw_clamp_set_child(ADW_CLAMP(clamp), GTK_WIDGET(screen));
    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(window), GTK_POLICY_NEVER,
                                   GTK_POLICY_AUTOMATIC);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(window), clamp);
    return window;
}

static CelPathScreen *screen_of(CelPathPage *page, GType type)
{
    const char *name = g_type_name(type);
    CelPathScreen *screen = g_hash_table_lookup(page->screens, name);
    if (screen != NULL)
        return screen;
    screen = cel_path_screen_new(type, page->session);
    gtk_widget_add_css_class(GTK_WIDGET(screen), "path-screen");
    const gboolean fills = CEL_PATH_SCREEN_GET_CLASS(screen)->fills;
    gtk_stack_add_named(page->stack, fills ? GTK_WIDGET(screen) : scrolled(screen), name);
    g_hash_table_insert(page->screens, (gpointer)name, screen);
    return screen;
}

static void show_screen(CelPathPage *page, const CelPathView *view)
{
    const GType type = wanted_type(view);
    CelPathScreen *screen = screen_of(page, type);
    cel_path_screen_show(screen);
    if (screen == page->present)
        return;
    page->present = screen;
    gtk_stack_set_visible_child_name(page->stack, g_type_name(type));
    cel_path_screen_enter(screen);
}

/* ---- what is around it ---- */

static char *missing_words(const CelPathView *view)
{
    GString *words = g_string_new(NULL);
    for (guint i = 0; i < view->missing->len; i++) {
        const CelPathNeedDef *need = g_ptr_array_index(view->missing, i);
        if (words->len > 0 && !cel_ui_is_chinese())
            g_string_append_c(words, ' ');
        g_string_append(words, cel_ui_pick(need->zh, need->en));
    }
    return g_string_free(words, FALSE);
}

/* A step that is left by itself, and the last one, have a button of their own or none. */
static gboolean has_next(const CelPathView *view)
{
    return !cel_path_step_def(view->step)->goes_on && view->index + 1 < view->n_steps;
}

/* What goes on: a button of the screen, or Next. */
static void show_next(CelPathPage *page, const CelPathView *view, gboolean idle)
{
    const CelPathScreenClass *screen = CEL_PATH_SCREEN_GET_CLASS(page->present);
    gboolean ready = view->missing->len == 0;
    const char *words = screen->primary != NULL ? screen->primary(page->present, &ready) : NULL;
    gtk_widget_set_visible(page->next, words != NULL || has_next(view));
    gtk_widget_set_sensitive(page->next, idle && ready);
    cel_part_button_set_text(page->next, words != NULL ? words : _("Next step"));
}

static void move_menu(CelPathPage *page, GtkWidget *to)
{
    GtkWidget *from = gtk_widget_get_parent(page->menu);
    if (from == to)
        return;
    g_object_ref(page->menu);
    gtk_box_remove(GTK_BOX(from), page->menu);
    gtk_box_insert_child_after(GTK_BOX(to), page->menu,
                               to == page->bottom ? page->back
                               : to == page->top  ? page->steps
                                                  : NULL);
    g_object_unref(page->menu);
}

/* Large targets make a bar high: in the field the menu stands in the one that has them anyway, so
 * that the steps take a line. */
static void place_menu(CelPathPage *page, gboolean bottom, gboolean light)
{
    const gboolean field = cel_page_is_field(CEL_PAGE(page));
    const CelPathScreenClass *screen = CEL_PATH_SCREEN_GET_CLASS(page->present);
    GtkBox *own = field && screen->actions != NULL ? screen->actions(page->present) : NULL;
    move_menu(page, own != NULL ? GTK_WIDGET(own) : field && bottom ? page->bottom : page->top);
    gtk_widget_set_visible(page->menu, !field || !light);
}

static void show_bottom(CelPathPage *page, const CelPathView *view)
{
    const gboolean idle = cel_path_session_phase(page->session) == CEL_PATH_PHASE_IDLE;
    const gboolean light = cel_path_session_is_dangerous(page->session);
    const gboolean shown =
        view != NULL && !view->over && !light && !CEL_PATH_SCREEN_GET_CLASS(page->present)->fills;
    cel_path_stop_show(CEL_PATH_STOP(page->stop_bar), page->session);
    gtk_widget_set_visible(page->bottom, shown);
    place_menu(page, shown, light);
    if (!shown)
        return;
    g_autofree char *missing = missing_words(view);
    gtk_widget_set_sensitive(page->back, idle && view->index > 0);
    show_next(page, view, idle);
    gtk_label_set_text(GTK_LABEL(page->missing), missing);
    gtk_accessible_update_property(GTK_ACCESSIBLE(page->next), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                   missing, -1);
}

static char *problem_text(CelPathPage *page, gboolean gone)
{
    const GError *problem = cel_path_session_problem(page->session);
    if (cel_path_session_has_unkept(page->session))
        return g_strdup_printf(
            _("%s\nWhat was measured is not lost: press “Write it now” then. The "
              "sample is not lit again."),
            problem != NULL ? problem->message : "");
    if (problem != NULL)
        return g_strdup(problem->message);
    return g_strdup(gone ? _("The instrument was unplugged or lost power. Nothing is lost: plug it "
                             "in again, then press “Reconnect”.")
                         : "");
}

static void show_problem(CelPathPage *page)
{
    const CelDeskFacts *facts = cel_desk_facts(cel_path_session_desk(page->session));
    const gboolean gone = facts->has_instrument && facts->instrument_gone &&
                          cel_path_session_view(page->session) != NULL;
    const gboolean unkept = cel_path_session_has_unkept(page->session);
    const gboolean idle = cel_path_session_phase(page->session) == CEL_PATH_PHASE_IDLE;
    const gboolean told = cel_path_session_problem(page->session) != NULL;
    g_autofree char *words = problem_text(page, gone);
    gtk_label_set_text(GTK_LABEL(page->problem_words), words);
    gtk_widget_set_visible(page->problem, *words != '\0');
    gtk_widget_set_visible(page->reconnect, gone);
    gtk_widget_set_visible(page->again, told && !unkept);
    gtk_widget_set_visible(page->keep, unkept);
    gtk_widget_set_sensitive(page->reconnect, idle);
    gtk_widget_set_sensitive(page->keep, idle);
}

/* A spot that was lost is told beside the spots. */
static gboolean tells_lost(const CelPathView *view)
{
    return view->interrupted && !(view->step == CEL_PATH_STEP_MEASURE &&
                                  cel_path_view_last_shot(view)->kind == CEL_PATH_SHOT_SPOT);
}

static char *note_words(CelPathPage *page, const CelPathView *view)
{
    const CelDeskFacts *facts = cel_desk_facts(cel_path_session_desk(page->session));
    GString *words = g_string_new(NULL);
    if (facts->clock_doubt)
        g_string_append(words, _("The clock was changed while the program ran. Times are recorded "
                                 "as doubtful; the work can go on. "));
    if (view != NULL && tells_lost(view))
        g_string_append_printf(words, "%s ", cel_path_view_last_shot(view)->problem);
    if (view != NULL && view->capped && view->cap_why != NULL)
        g_string_append_printf(words, _("Lowest power only: %s "), view->cap_why);
    if (view != NULL && view->exploratory != NULL)
        g_string_append_printf(words, _("Exploratory work, not the method's result: %s"),
                               view->exploratory);
    return g_string_free(words, FALSE);
}

static void refresh(CelPathPage *page)
{
    const CelPathView *view = cel_path_session_view(page->session);
    g_autofree char *note = note_words(page, view);
    gtk_widget_set_visible(page->top, view != NULL);
    if (view != NULL)
        cel_step_bar_show(CEL_STEP_BAR(page->steps), view);
    gtk_label_set_text(GTK_LABEL(page->note), note);
    gtk_widget_set_visible(page->note, *note != '\0');
    show_problem(page);
    show_screen(page, view);
    show_bottom(page, view);
}

static void framed(CelPathPage *page)
{
    if (page->present != NULL)
        cel_path_screen_frame(page->present);
}

/* ---- what is pressed ---- */

static void go_next(CelPathPage *page)
{
    const CelPathScreenClass *screen = CEL_PATH_SCREEN_GET_CLASS(page->present);
    if (screen->press != NULL)
        screen->press(page->present);
    else
        cel_path_session_just(page->session, CEL_PATH_ACT_NEXT);
}

static void go_back(CelPathPage *page)
{
    cel_path_session_just(page->session, CEL_PATH_ACT_BACK);
}

static void stop(CelPathPage *page)
{
    cel_path_session_stop(page->session);
}

static void reconnect(CelPathPage *page)
{
    cel_path_session_reconnect(page->session);
}

static void keep(CelPathPage *page)
{
    cel_path_session_keep(page->session);
}

static void understood(CelPathPage *page)
{
    cel_path_session_clear_problem(page->session);
}

static gboolean escape(GtkWidget *widget, GVariant *args, gpointer data)
{
    CelPathPage *page = CEL_PATH_PAGE(widget);
    (void)args;
    (void)data;
    if (page->session == NULL || !cel_path_session_is_dangerous(page->session))
        return FALSE;
    stop(page);
    return TRUE;
}

static void act_leave_open(GtkWidget *widget, const char *name, GVariant *target)
{
    CelPathPage *page = CEL_PATH_PAGE(widget);
    (void)name;
    (void)target;
    if (page->session != NULL && !cel_path_session_is_dangerous(page->session) &&
        !cel_path_session_has_unkept(page->session))
        cel_path_session_close(page->session);
}

static void abandon(CelPathPage *page, const char *response, AdwMessageDialog *dialog)
{
    GtkWidget *entry = adw_message_dialog_get_extra_child(dialog);
    const CelPathOrder order = {.act = CEL_PATH_ACT_ABANDON,
                                .why = gtk_editable_get_text(GTK_EDITABLE(entry))};
    if (g_strcmp0(response, "end") == 0)
        cel_path_session_do(page->session, &order);
}

static void abandon_answered(AdwMessageDialog *dialog, const char *response, CelPathPage *page)
{
    abandon(page, response, dialog);
}

static void why_typed(GtkEditable *entry, AdwMessageDialog *dialog)
{
    adw_message_dialog_set_response_enabled(dialog, "end", *gtk_editable_get_text(entry) != '\0');
}

static void act_back(GtkWidget *widget, const char *name, GVariant *target)
{
    (void)name;
    (void)target;
    if (CEL_PATH_PAGE(widget)->session != NULL)
        go_back(CEL_PATH_PAGE(widget));
}

static void act_abandon(GtkWidget *widget, const char *name, GVariant *target)
{
    CelPathPage *page = CEL_PATH_PAGE(widget);
    (void)name;
    (void)target;
    if (page->session == NULL || cel_path_session_phase(page->session) != CEL_PATH_PHASE_IDLE)
        return;
    GtkWidget *entry = cel_part_text_entry(_("Reason"));
    GtkWidget *dialog =
        adw_message_dialog_new(GTK_WINDOW(gtk_widget_get_root(widget)), _("End without a result?"),
                               _("What was recorded stays on record. The reason "
                                 "goes on record too."));
    adw_message_dialog_set_extra_child(ADW_MESSAGE_DIALOG(dialog), entry);
    adw_message_dialog_add_responses(ADW_MESSAGE_DIALOG(dialog), "close", _("Go on with it"), "end",
                                     _("End it"), NULL);
    adw_message_dialog_set_response_enabled(ADW_MESSAGE_DIALOG(dialog), "end", FALSE);
    g_signal_connect(entry, "changed", G_CALLBACK(why_typed), dialog);
    g_signal_connect_object(dialog, "response", G_CALLBACK(abandon_answered), page, 0);
    cel_heard_dialog(ADW_MESSAGE_DIALOG(dialog));
    gtk_window_present(GTK_WINDOW(dialog));
}

/* ---- the page's slots ---- */

/* @exhibit: from the list of exhibits, unless it is the one in work already. */
static void open_exhibit(CelPathPage *page, const char *exhibit)
{
    const CelPathView *view = cel_path_session_view(page->session);
    g_autofree char *present =
        view != NULL && !view->over ? g_strjoin("/", view->case_id, view->item_id, NULL) : NULL;
    if (g_strcmp0(present, exhibit) != 0)
        cel_path_session_open_exhibit(page->session, exhibit);
}

static void open_page(CelPage *base, const char *what, GObject *thing)
{
    CelPathPage *page = CEL_PATH_PAGE(base);
    (void)thing;
    if (page->session == NULL) {
        page->session = cel_path_session_new(cel_page_desk(base));
        g_signal_connect_object(page->session, "changed", G_CALLBACK(refresh), page,
                                G_CONNECT_SWAPPED);
        g_signal_connect_object(page->session, "frame", G_CALLBACK(framed), page,
                                G_CONNECT_SWAPPED);
    }
    cel_path_session_look(page->session);
    page->present = NULL;
    if (what != NULL && *what != '\0' && !cel_page_is_field(base))
        open_exhibit(page, what);
    refresh(page);
}

static gboolean may_leave(CelPage *base)
{
    CelPathPage *page = CEL_PATH_PAGE(base);
    if (page->session == NULL || !cel_path_session_is_dangerous(page->session))
        return TRUE;
    stop(page);
    cel_page_say(base, _("The measurement is being stopped. Once the laser is off you can leave."));
    return FALSE;
}

static gboolean trigger(CelPage *base)
{
    CelPathPage *page = CEL_PATH_PAGE(base);
    return page->present != NULL && cel_path_screen_trigger(page->present);
}

/* ---- the widget ---- */

static void cel_path_page_dispose(GObject *object)
{
    CelPathPage *page = CEL_PATH_PAGE(object);
    if (page->session != NULL)
        g_signal_handlers_disconnect_by_data(page->session, page);
    g_clear_object(&page->session);
    g_clear_pointer(&page->screens, g_hash_table_unref);
    page->present = NULL;
    G_OBJECT_CLASS(cel_path_page_parent_class)->dispose(object);
}

static void cel_path_page_class_init(CelPathPageClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = cel_path_page_dispose;
    CEL_PAGE_CLASS(klass)->open = open_page;
    CEL_PAGE_CLASS(klass)->may_leave = may_leave;
    CEL_PAGE_CLASS(klass)->trigger = trigger;
    gtk_widget_class_install_action(widget_class, "path.leave-open", NULL, act_leave_open);
    gtk_widget_class_install_action(widget_class, "path.back", NULL, act_back);
    gtk_widget_class_install_action(widget_class, "path.abandon", NULL, act_abandon);
}

static void make_top(CelPathPage *page)
{
    g_autoptr(GMenu) model = g_menu_new();
    page->top = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
    gtk_widget_add_css_class(page->top, "path-top");
    page->steps = cel_step_bar_new();
    gtk_widget_set_hexpand(page->steps, TRUE);
    g_menu_append(model, _("One step back"), "path.back");
    g_menu_append(model, _("Leave it open and do something else"), "path.leave-open");
    g_menu_append(model, _("End without a result…"), "path.abandon");
    page->menu = gtk_menu_button_new();
    gtk_menu_button_set_icon_name(GTK_MENU_BUTTON(page->menu), "view-more-symbolic");
    gtk_menu_button_set_menu_model(GTK_MENU_BUTTON(page->menu), G_MENU_MODEL(model));
    gtk_widget_set_tooltip_text(page->menu, _("This exhibit"));
    gtk_widget_add_css_class(page->menu, "flat");
    gtk_accessible_update_property(GTK_ACCESSIBLE(page->menu), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("This exhibit"), -1);
    gtk_box_append(GTK_BOX(page->top), page->steps);
    gtk_box_append(GTK_BOX(page->top), page->menu);
}

static void make_problem(CelPathPage *page)
{
    page->problem = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
    gtk_widget_add_css_class(page->problem, "problem");
    gtk_widget_add_css_class(page->problem, "path-problem");
    page->problem_words = cel_part_label("", NULL);
    gtk_widget_set_hexpand(page->problem_words, TRUE);
    page->reconnect = cel_part_button(_("Reconnect"), "view-refresh-symbolic", "suggested-action");
    page->again = cel_part_button(_("Understood"), NULL, NULL);
    page->keep = cel_part_button(_("Write it now"), "document-save-symbolic", "suggested-action");
    gtk_widget_set_valign(page->reconnect, GTK_ALIGN_CENTER);
    gtk_widget_set_valign(page->again, GTK_ALIGN_CENTER);
    gtk_widget_set_valign(page->keep, GTK_ALIGN_CENTER);
    gtk_box_append(GTK_BOX(page->problem), gtk_image_new_from_icon_name("dialog-warning-symbolic"));
    gtk_box_append(GTK_BOX(page->problem), page->problem_words);
    gtk_box_append(GTK_BOX(page->problem), page->reconnect);
    gtk_box_append(GTK_BOX(page->problem), page->again);
    gtk_box_append(GTK_BOX(page->problem), page->keep);
}

static void make_bottom(CelPathPage *page)
{
    page->bottom = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
    gtk_widget_add_css_class(page->bottom, "path-bottom");
    page->back = cel_part_button(_("Back"), "go-previous-symbolic", NULL);
    page->missing = cel_part_label("", NULL);
    gtk_widget_set_hexpand(page->missing, TRUE);
    page->next = cel_part_button(_("Next step"), "go-next-symbolic", "suggested-action");
    gtk_box_append(GTK_BOX(page->bottom), page->back);
    gtk_box_append(GTK_BOX(page->bottom), page->missing);
    gtk_box_append(GTK_BOX(page->bottom), page->next);
}

static void add_escape(CelPathPage *page)
{
    GtkEventController *shortcuts = gtk_shortcut_controller_new();
    gtk_shortcut_controller_set_scope(GTK_SHORTCUT_CONTROLLER(shortcuts),
                                      GTK_SHORTCUT_SCOPE_GLOBAL);
    gtk_shortcut_controller_add_shortcut(
        GTK_SHORTCUT_CONTROLLER(shortcuts),
        gtk_shortcut_new(gtk_keyval_trigger_new(GDK_KEY_Escape, 0),
                         gtk_callback_action_new(escape, NULL, NULL)));
    gtk_widget_add_controller(GTK_WIDGET(page), shortcuts);
}

static void cel_path_page_init(CelPathPage *page)
{
    GtkWidget *box = cel_part_box(0);
    page->screens = g_hash_table_new(g_str_hash, g_str_equal);
    page->stack = GTK_STACK(gtk_stack_new());
    cel_heard_stack(page->stack);
    gtk_stack_set_vhomogeneous(page->stack, FALSE);
    gtk_stack_set_hhomogeneous(page->stack, FALSE);
    gtk_widget_set_vexpand(GTK_WIDGET(page->stack), TRUE);
    page->note = cel_part_label("", "path-note");
    make_top(page);
    make_problem(page);
    make_bottom(page);
    page->stop_bar = cel_path_stop_new();
    gtk_box_append(GTK_BOX(box), page->top);
    gtk_box_append(GTK_BOX(box), page->problem);
    gtk_box_append(GTK_BOX(box), page->note);
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(page->stack));
    gtk_box_append(GTK_BOX(box), page->bottom);
    gtk_box_append(GTK_BOX(box), page->stop_bar);
    adw_bin_set_child(ADW_BIN(page), box);
    g_signal_connect_swapped(page->back, "clicked", G_CALLBACK(go_back), page);
    g_signal_connect_swapped(page->next, "clicked", G_CALLBACK(go_next), page);
    g_signal_connect_swapped(page->reconnect, "clicked", G_CALLBACK(reconnect), page);
    g_signal_connect_swapped(page->keep, "clicked", G_CALLBACK(keep), page);
    g_signal_connect_swapped(page->again, "clicked", G_CALLBACK(understood), page);
    add_escape(page);
}
