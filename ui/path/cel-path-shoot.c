/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/cel-path-shoot.h"

#include "cel-heard.h"
#include "path/cel-hold-button.h"
#include "path/cel-laser-sign.h"
#include "path/cel-path-aside.h"
#include "path/cel-path-hints.h"
#include "path/cel-path-practice.h"
#include "path/cel-sides.h"
#include "path/cel-spots.h"
#include "plot/cel-plot-view.h"

#include <glib/gi18n-lib.h>

enum { BESIDE_PX = 860, PLOT_PX = 170 };

/** Questions that a step of shots can ask, in the order in which they are asked. */
enum { THROUGH, HAZARD, ENOUGH, SPOTS, CLOSING, N_QUESTIONS };
static const char *const questions[N_QUESTIONS] = {"through", "hazard", "enough", "spots",
                                                   "closing"};

struct _CelPathShoot {
    CelPathScreen parent;
    GtkWidget *box, *title, *todo, *hints, *plot, *spots, *sign, *hold, *questions[N_QUESTIONS];
    GtkWidget *connect, *instruments, *wait, *practice, *sample, *aside;
};

G_DEFINE_FINAL_TYPE(CelPathShoot, cel_path_shoot, CEL_TYPE_PATH_SCREEN)

/* ---- connecting ---- */

static void connect_one(GtkWidget *button, CelPathShoot *self)
{
    cel_path_session_connect(cel_path_screen_session(self), gtk_widget_get_name(button));
}

static void fill_instruments(CelPathShoot *self)
{
    CelDesk *desk = cel_path_session_desk(cel_path_screen_session(self));
    g_autoptr(GArray) seen = cel_desk_scan(desk);
    cel_part_row_clear(self->instruments);
    for (guint i = 0; i < seen->len; i++) {
        const CelDeviceInfo *info = &g_array_index(seen, CelDeviceInfo, i);
        g_autofree char *text =
            g_strdup_printf("%s\n%s", info->instrument.model,
                            info->may_open ? info->instrument.serial : info->why_not);
        GtkWidget *button = cel_part_button(text, NULL, NULL);
        gtk_widget_set_sensitive(button, info->may_open);
        gtk_widget_set_name(button, info->id);
        g_signal_connect(button, "clicked", G_CALLBACK(connect_one), self);
        cel_part_row_add(self->instruments, button);
    }
}

static void look_again(CelPathShoot *self)
{
    cel_desk_rescan(cel_path_session_desk(cel_path_screen_session(self)));
}

static GtkWidget *make_connect(CelPathShoot *self)
{
    GtkWidget *inside = NULL, *again = NULL;
    self->connect = cel_part_card(_("Connect the instrument"), &inside);
    self->instruments = cel_part_row();
    gtk_flow_box_set_homogeneous(GTK_FLOW_BOX(self->instruments), TRUE);
    again = cel_part_button(_("Look again"), "view-refresh-symbolic", NULL);
    gtk_widget_set_halign(again, GTK_ALIGN_START);
    gtk_box_append(GTK_BOX(inside), self->instruments);
    gtk_box_append(GTK_BOX(inside), again);
    g_signal_connect_swapped(again, "clicked", G_CALLBACK(look_again), self);
    return self->connect;
}

/* ---- the parts ---- */

static void shoot(CelPathShoot *self)
{
    cel_path_session_shoot(cel_path_screen_session(self));
}

static GtkWidget *make_hold(CelPathShoot *self)
{
    const char *const statements[] = {
        _("Everybody wears the laser eyewear"),
        _("The sample or the cap blocks the beam"),
        _("Nobody stands in line of the beam"),
        NULL,
    };
    self->hold = cel_hold_button_new(_("Press and hold to measure"), statements);
    g_signal_connect_swapped(self->hold, "held", G_CALLBACK(shoot), self);
    return self->hold;
}

static GtkWidget *make_plot(CelPathShoot *self)
{
    self->plot = cel_plot_view_new();
    cel_plot_view_set_controls(CEL_PLOT_VIEW(self->plot), FALSE);
    cel_plot_view_set_title(CEL_PLOT_VIEW(self->plot), _("Live spectrum"));
    cel_plot_view_set_axis_titles(CEL_PLOT_VIEW(self->plot), NULL, _("Counts"));
    gtk_widget_set_size_request(self->plot, 240, PLOT_PX);
    gtk_widget_set_vexpand(self->plot, TRUE);
    return self->plot;
}

static void sample_chosen(CelPathShoot *self)
{
    const guint at = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->sample));
    cel_path_session_practise(cel_path_screen_session(self), cel_path_practice_samples()[at]);
}

static GtkStringList *practice_names(void)
{
    GtkStringList *names = gtk_string_list_new(NULL);
    for (const char *const *id = cel_path_practice_samples(); *id != NULL; id++)
        gtk_string_list_append(names, cel_path_practice_name(*id));
    return names;
}

static GtkWidget *make_practice(CelPathShoot *self)
{
    enum { POLYETHYLENE = 1 };
    self->practice = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
    GtkWidget *label = cel_part_label(_("Simulated: this lies before the instrument"), NULL);
    self->sample = gtk_drop_down_new(G_LIST_MODEL(practice_names()), NULL);
    gtk_widget_set_hexpand(label, TRUE);
    gtk_widget_set_valign(self->sample, GTK_ALIGN_CENTER);
    cel_heard_drop_down(self->sample, _("What lies before the simulated instrument"));
    gtk_drop_down_set_selected(GTK_DROP_DOWN(self->sample), POLYETHYLENE);
    g_signal_connect_swapped(self->sample, "notify::selected", G_CALLBACK(sample_chosen), self);
    gtk_box_append(GTK_BOX(self->practice), label);
    gtk_box_append(GTK_BOX(self->practice), self->sample);
    return self->practice;
}

static void make(CelPathShoot *self)
{
    CelDesk *desk = cel_path_session_desk(cel_path_screen_session(self));
    GtkWidget *left = cel_part_box(12), *right = cel_part_box(12);
    self->title = cel_part_label("", "title-2");
    self->todo = cel_part_label("", NULL);
    self->hints = cel_path_hints_new();
    self->spots = cel_spots_new();
    self->sign = cel_laser_sign_new();
    self->wait = cel_part_label(_("What was measured is being compared…"), "dim-label");
    gtk_box_append(GTK_BOX(left), self->title);
    gtk_box_append(GTK_BOX(left), self->todo);
    gtk_box_append(GTK_BOX(left), make_connect(self));
    gtk_box_append(GTK_BOX(left), self->hints);
    gtk_box_append(GTK_BOX(left), make_plot(self));
    self->aside = cel_path_aside_new(cel_path_screen_session(self));
    g_signal_connect_swapped(self->aside, "folded", G_CALLBACK(cel_path_screen_show), self);
    gtk_box_append(GTK_BOX(left), self->spots);
    gtk_box_append(GTK_BOX(left), self->aside);
    gtk_box_append(GTK_BOX(right), self->sign);
    for (gsize i = 0; i < N_QUESTIONS; i++) {
        self->questions[i] = cel_path_screen_choice(self, questions[i]);
        if (i == SPOTS)
            gtk_box_insert_child_after(GTK_BOX(left), self->questions[i], self->spots);
        else
            gtk_box_append(GTK_BOX(right), self->questions[i]);
    }
    gtk_box_append(GTK_BOX(right), make_hold(self));
    gtk_box_append(GTK_BOX(right), self->wait);
    gtk_box_append(GTK_BOX(right), make_practice(self));
    gtk_box_append(GTK_BOX(self->box), cel_sides_new(left, right, 0.52, BESIDE_PX));
    g_signal_connect_object(desk, "instruments-changed", G_CALLBACK(fill_instruments), self,
                            G_CONNECT_SWAPPED);
    fill_instruments(self);
}

/* ---- showing ---- */

static gboolean asks(CelPathShoot *self, const CelPathView *view, gsize question)
{
    CelPathSession *session = cel_path_screen_session(self);
    if (question == ENOUGH)
        return view->step == CEL_PATH_STEP_MEASURE && view->taken >= view->planned &&
               view->valid > 0 && view->valid < view->planned;
    if (question == SPOTS) /* planned already; another number may be chosen before the first */
        return view->step == CEL_PATH_STEP_MEASURE && view->taken == 0;
    return cel_path_session_needs(session, questions[question]);
}

static char *hold_words(const CelPathView *view)
{
    const CelPathShotKind kind = view->due.kind;
    if (kind == CEL_PATH_SHOT_SPOT)
        return g_strdup_printf(_("Press and hold: measure spot %u"), view->due.spot);
    return g_strdup_printf(_("Press and hold: %s"), _(cel_path_shot_def(kind)->title));
}

static void show_hold(CelPathShoot *self, const CelPathView *view, gboolean blocked)
{
    CelPathSession *session = cel_path_screen_session(self);
    const CelPathPhase phase = cel_path_session_phase(session);
    const gboolean under_way = phase == CEL_PATH_PHASE_ASKING || phase == CEL_PATH_PHASE_LIGHT ||
                               phase == CEL_PATH_PHASE_KEEPING;
    const CelDeskFacts *facts = cel_desk_facts(cel_path_session_desk(session));
    g_autofree char *words = view->has_due ? hold_words(view) : NULL;
    cel_hold_button_set_label(CEL_HOLD_BUTTON(self->hold), under_way       ? _("Measuring…")
                                                           : words != NULL ? words
                                                                           : "");
    gtk_widget_set_visible(self->hold, !blocked && (view->has_due || under_way));
    gtk_widget_set_sensitive(self->hold,
                             under_way || (facts->has_instrument && !facts->instrument_gone &&
                                           phase == CEL_PATH_PHASE_IDLE));
    gtk_widget_set_visible(self->wait, phase == CEL_PATH_PHASE_JUDGING);
}

static void show_sign(CelPathShoot *self)
{
    CelPathSession *session = cel_path_screen_session(self);
    const CelDeskFacts *facts = cel_desk_facts(cel_path_session_desk(session));
    const CelCapabilities *capabilities = cel_path_session_capabilities(session);
    gtk_widget_set_visible(self->sign, facts->has_instrument);
    cel_laser_sign_set_state(CEL_LASER_SIGN(self->sign), facts->laser_kind,
                             cel_path_session_laser(session),
                             capabilities != NULL && capabilities->no_light);
    cel_laser_sign_set_model(CEL_LASER_SIGN(self->sign), capabilities);
}

static void show_texts(CelPathShoot *self, const CelPathView *view)
{
    const CelPathShotDef *shot = view->has_due ? cel_path_shot_def(view->due.kind) : NULL;
    const CelPathStepDef *step = cel_path_step_def(view->step);
    gtk_label_set_text(GTK_LABEL(self->title), shot != NULL ? _(shot->title) : _(step->title));
    gtk_label_set_text(GTK_LABEL(self->todo), shot != NULL ? _(shot->todo) : _(step->todo));
}

/* Who sets a spot aside looks at the questions: plot and hints make room for them. */
static void show_plot(CelPathShoot *self, const CelPathView *view, gboolean light)
{
    CelPathSession *session = cel_path_screen_session(self);
    const gboolean chooses = cel_path_aside_is_open(CEL_PATH_ASIDE(self->aside));
    CelPathFrame newest;
    const gboolean has_frame = cel_path_session_frame(session, &newest);
    if (!has_frame) /* what the shot before gave is not this one's */
        cel_plot_view_set_live(CEL_PLOT_VIEW(self->plot), NULL);
    const gboolean fits = has_frame && view->has_due && view->due.kind == newest.kind;
    gtk_widget_set_visible(self->plot, light || (fits && !chooses));
    gtk_widget_set_visible(self->hints,
                           !chooses && !gtk_widget_get_visible(self->plot) &&
                               cel_desk_facts(cel_path_session_desk(session))->has_instrument);
}

static void show(CelPathScreen *screen, const CelPathView *view)
{
    CelPathShoot *self = CEL_PATH_SHOOT(screen);
    CelPathSession *session = cel_path_screen_session(screen);
    if (self->title == NULL)
        make(self);
    const CelDeskFacts *facts = cel_desk_facts(cel_path_session_desk(session));
    const gboolean light = cel_path_session_is_dangerous(session);
    gboolean blocked = FALSE;
    for (gsize i = 0; i < N_QUESTIONS; i++) {
        const gboolean shown = !light && asks(self, view, i) &&
                               (facts->has_instrument || i == CLOSING) &&
                               !(blocked && i != CLOSING);
        gtk_widget_set_visible(self->questions[i], shown);
        gtk_widget_set_sensitive(self->questions[i],
                                 cel_path_session_phase(session) == CEL_PATH_PHASE_IDLE);
        blocked = blocked || (shown && i < ENOUGH);
    }
    show_texts(self, view);
    show_sign(self);
    show_hold(self, view, blocked);
    gtk_widget_set_visible(self->connect, !facts->has_instrument);
    gtk_widget_set_visible(self->spots, view->step == CEL_PATH_STEP_MEASURE);
    gtk_widget_set_visible(self->practice,
                           facts->takes_samples && !light && view->step == CEL_PATH_STEP_MEASURE);
    cel_path_aside_show(CEL_PATH_ASIDE(self->aside), view);
    show_plot(self, view, light);
    cel_spots_show(CEL_SPOTS(self->spots), view);
}

static void enter(CelPathScreen *screen)
{
    CelPathShoot *self = CEL_PATH_SHOOT(screen);
    if (gtk_widget_get_visible(self->hold))
        gtk_widget_grab_focus(self->hold);
    if (!cel_desk_facts(cel_path_session_desk(cel_path_screen_session(self)))->has_instrument)
        look_again(self);
}

static void frame(CelPathScreen *screen)
{
    CelPathShoot *self = CEL_PATH_SHOOT(screen);
    CelPathFrame newest;
    if (self->plot == NULL || !cel_path_session_frame(cel_path_screen_session(screen), &newest))
        return;
    const CelPlotCurve curve = {.x = newest.x,
                                .y = newest.counts,
                                .n = newest.n,
                                .unit = newest.unit,
                                .role = CEL_TRACE_LIVE,
                                .label = newest.dark ? _("Dark frame") : _("With light")};
    g_autoptr(CelPlotTrace) trace = cel_plot_trace_new(&curve);
    cel_plot_view_set_live(CEL_PLOT_VIEW(self->plot), trace);
    gtk_widget_set_visible(self->plot, TRUE);
    gtk_widget_set_visible(self->hints, FALSE);
}

static gboolean trigger(CelPathScreen *screen)
{
    CelPathShoot *self = CEL_PATH_SHOOT(screen);
    if (self->hold == NULL || !gtk_widget_get_visible(self->hold))
        return FALSE;
    cel_hold_button_hold(CEL_HOLD_BUTTON(self->hold));
    return TRUE;
}

static void cel_path_shoot_class_init(CelPathShootClass *klass)
{
    CEL_PATH_SCREEN_CLASS(klass)->show = show;
    CEL_PATH_SCREEN_CLASS(klass)->enter = enter;
    CEL_PATH_SCREEN_CLASS(klass)->frame = frame;
    CEL_PATH_SCREEN_CLASS(klass)->trigger = trigger;
}

static void cel_path_shoot_init(CelPathShoot *self)
{
    self->box = cel_part_box(18);
    adw_bin_set_child(ADW_BIN(self), self->box);
}
