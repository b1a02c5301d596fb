/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/cel-path-session-private.h"

#include "base/cel-error.h"
#include "path/cel-path-practice.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* One shot: it is allowed on the lab's lane, measured on the instrument's, kept on the lab's, and
 * what it alone points to is worked out beside both. */

gboolean cel_path_session_is_dangerous(CelPathSession *session)
{
    return session->phase == CEL_PATH_PHASE_ASKING || session->phase == CEL_PATH_PHASE_LIGHT;
}

CelLaserState cel_path_session_laser(CelPathSession *session)
{
    return cel_desk_facts(session->desk)->laser;
}

const char *cel_path_session_stage(CelPathSession *session)
{
    if (session->shot == NULL)
        return "";
    g_autofree char *stage = NULL;
    g_object_get(session->shot, "stage", &stage, NULL);
    return g_intern_string(stage != NULL ? stage : "");
}

guint cel_path_session_countdown(CelPathSession *session)
{
    double fraction = 0.0;
    const char *stage = cel_path_session_stage(session);
    if (session->start_delay_s == 0 || *stage == '\0' ||
        strcmp(stage, _("The laser goes on after the delay")) != 0)
        return 0;
    g_object_get(session->shot, "fraction", &fraction, NULL);
    return (guint)ceil((1.0 - CLAMP(fraction, 0.0, 1.0)) * session->start_delay_s);
}

void cel_path_session_forget_shot(CelPathSession *session)
{
    g_clear_object(&session->shot);
}

/* ---- the result ---- */

static void evaluation_over(CelPathSession *session, CelPathView *view, const GError *error)
{
    session->evaluation_failed = error != NULL;
    cel_path_session_set(session, CEL_PATH_PHASE_IDLE, view, error);
}

static void answered(gpointer owner, gpointer data, const GError *error)
{
    CelPathSession *session = owner;
    CelPathWork *work = data;
    if (session->box != work->box)
        return;
    if (error == NULL) {
        const CelPathView *view = work->view != NULL ? work->view : session->view;
        g_autofree char *title = g_strdup_printf("%s/%s", view->case_id, view->measured_item);
        g_clear_object(&session->answer);
        session->answer = cel_answer_new(g_steal_pointer(&work->work), title);
        cel_desk_lab_changed(session->desk);
    }
    evaluation_over(session, g_steal_pointer(&work->view), error);
}

static gboolean answer_path(gpointer data, CelJob *job, GError **error)
{
    CelPathWork *work = data;
    (void)job;
    CelPath *path = cel_path_box_get(work->box, work->desk, error);
    if (path == NULL || !cel_path_answered(path, cel_work_ref(work->work), error))
        return FALSE;
    work->view = cel_path_view(path, NULL);
    return TRUE;
}

/* Hands what a task made over to the next one, when all went well and nobody closed the path. */
static CelPathWork *pass_on(CelPathSession *session, CelPathWork *from, const GError *error)
{
    if (session->box != from->box)
        return NULL;
    if (error != NULL) {
        evaluation_over(session, NULL, error);
        return NULL;
    }
    CelPathWork *to = cel_path_work_data_new(session);
    to->bench = from->bench;
    to->seq = from->seq;
    to->work = g_steal_pointer(&from->work);
    to->single = g_steal_pointer(&from->single);
    to->measurement = g_steal_pointer(&from->measurement);
    return to;
}

static void identified(gpointer owner, gpointer data, const GError *error)
{
    CelPathWork *next = pass_on(owner, data, error);
    if (next != NULL)
        cel_path_session_task(
            owner, &(CelPathTaskDef){.lane = CEL_LANE_LAB, .run = answer_path, .done = answered},
            next);
}

static gboolean identify(gpointer data, CelJob *job, GError **error)
{
    return cel_work_identify(((CelPathWork *)data)->work, job, error);
}

static void gathered(gpointer owner, gpointer data, const GError *error)
{
    CelPathWork *next = pass_on(owner, data, error);
    if (next != NULL)
        cel_path_session_task(owner,
                              &(CelPathTaskDef){.lane = CEL_LANE_COMPUTE,
                                                .title = _("Comparing with the references"),
                                                .run = identify,
                                                .done = identified},
                              next);
}

static gboolean gather(gpointer data, CelJob *job, GError **error)
{
    CelPathWork *work = data;
    CelPath *path = cel_path_box_get(work->box, work->desk, error);
    if (path == NULL)
        return FALSE;
    work->work = cel_path_work(path, work->bench, job, error);
    return work->work != NULL;
}

static void bench_there(gpointer owner, gpointer data, const GError *error)
{
    CelPathWork *next = pass_on(owner, data, error);
    if (next != NULL)
        cel_path_session_task(
            owner, &(CelPathTaskDef){.lane = CEL_LANE_LAB, .run = gather, .done = gathered}, next);
}

static gboolean wait_bench(gpointer data, CelJob *job, GError **error)
{
    CelPathWork *work = data;
    work->bench = cel_desk_wait_bench(work->desk, job, error);
    return work->bench != NULL;
}

void cel_path_session_evaluate(CelPathSession *session)
{
    if (session->phase != CEL_PATH_PHASE_IDLE || session->view == NULL)
        return;
    cel_path_session_set(session, CEL_PATH_PHASE_JUDGING, NULL, NULL);
    cel_path_session_task(
        session,
        &(CelPathTaskDef){.lane = CEL_LANE_COMPUTE, .run = wait_bench, .done = bench_there},
        cel_path_work_data_new(session));
}

/* ---- what one shot alone points to ---- */

static void judged(gpointer owner, gpointer data, const GError *error)
{
    CelPathSession *session = owner;
    CelPathWork *work = data;
    if (session->box != work->box)
        return;
    cel_path_session_set(session, CEL_PATH_PHASE_IDLE, g_steal_pointer(&work->view), error);
    cel_path_session_go_on(session);
}

static gboolean tell_path(gpointer data, CelJob *job, GError **error)
{
    CelPathWork *work = data;
    (void)job;
    CelPath *path = cel_path_box_get(work->box, work->desk, error);
    if (path == NULL || !cel_path_judged(path, work->seq, work->single, error))
        return FALSE;
    work->view = cel_path_view(path, NULL);
    return TRUE;
}

static void single_known(gpointer owner, gpointer data, const GError *error)
{
    CelPathWork *next = pass_on(owner, data, error);
    if (next != NULL)
        cel_path_session_task(
            owner, &(CelPathTaskDef){.lane = CEL_LANE_LAB, .run = tell_path, .done = judged}, next);
}

static gboolean identify_single(gpointer data, CelJob *job, GError **error)
{
    CelPathWork *work = data;
    work->bench = cel_desk_wait_bench(work->desk, job, error);
    if (work->bench == NULL)
        return FALSE;
    work->single = cel_bench_identify(work->bench, work->measurement, job, error);
    return work->single != NULL;
}

/* ---- a shot that could not be written ---- */

gboolean cel_path_session_has_unkept(CelPathSession *session)
{
    return session->view != NULL && session->view->holding &&
           (session->unkept != NULL || session->unkept_text != NULL);
}

void cel_path_session_forget_unkept(CelPathSession *session)
{
    g_clear_pointer(&session->unkept, cel_measurement_free);
    g_clear_pointer(&session->unkept_text, g_free);
}

static void hold_unkept(CelPathSession *session, CelPathWork *work)
{
    cel_path_session_forget_unkept(session);
    session->unkept = g_steal_pointer(&work->measurement);
    session->unkept_text = g_steal_pointer(&work->text);
}

/* ---- one shot ---- */

/* A further shot waits for what this one points to: it may lower the power that is allowed. */
static void kept(gpointer owner, gpointer data, const GError *error)
{
    CelPathSession *session = owner;
    CelPathWork *work = data;
    if (session->box != work->box)
        return;
    g_autoptr(GError) why =
        work->text != NULL ? g_error_new_literal(CEL_ERROR, CEL_ERROR_DEVICE, work->text) : NULL;
    CelPathView *view = g_steal_pointer(&work->view);
    const CelPathShot *shot = view != NULL ? cel_path_view_last_shot(view) : NULL;
    const gboolean judge = error == NULL && work->measurement != NULL && shot != NULL &&
                           cel_path_shot_counts(shot) && view->step == CEL_PATH_STEP_MEASURE;
    const guint64 seq = shot != NULL ? shot->seq : 0;
    if (error != NULL && view != NULL && view->holding)
        hold_unkept(session, work);
    cel_desk_lab_changed(session->desk);
    cel_path_session_set(session, judge ? CEL_PATH_PHASE_JUDGING : CEL_PATH_PHASE_IDLE, view,
                         error != NULL ? error : why);
    if (!judge) {
        cel_path_session_go_on(session);
        return;
    }
    CelPathWork *next = cel_path_work_data_new(session);
    next->measurement = g_steal_pointer(&work->measurement);
    next->seq = seq;
    cel_path_session_task(
        session,
        &(CelPathTaskDef){.lane = CEL_LANE_COMPUTE, .run = identify_single, .done = single_known},
        next);
}

/* @text: why it gave nothing; then that is what is put on record. */
static gboolean keep(gpointer data, CelJob *job, GError **error)
{
    CelPathWork *work = data;
    CelPath *path = cel_path_box_get(work->box, work->desk, error);
    if (path == NULL)
        return FALSE;
    const gboolean done = work->measurement != NULL
                              ? cel_path_take(path, work->measurement, job, error)
                              : cel_path_fail(path, work->text, error);
    work->view = cel_path_view(path, NULL);
    return done;
}

static char *why_nothing(const GError *error)
{
    return g_strdup(g_error_matches(error, CEL_ERROR, CEL_ERROR_CANCELLED)
                        ? _("Stopped by hand. Measure this again.")
                        : error->message);
}

/* @work: (transfer full): with the measurement, or the text. */
static void start_keeping(CelPathSession *session, CelPathWork *work)
{
    cel_path_session_set(session, CEL_PATH_PHASE_KEEPING, NULL, NULL);
    cel_path_session_task(session,
                          &(CelPathTaskDef){.lane = CEL_LANE_LAB, .run = keep, .done = kept}, work);
}

void cel_path_session_keep(CelPathSession *session)
{
    if (session->phase != CEL_PATH_PHASE_IDLE || !cel_path_session_has_unkept(session))
        return;
    CelPathWork *work = cel_path_work_data_new(session);
    work->measurement = g_steal_pointer(&session->unkept);
    work->text = g_steal_pointer(&session->unkept_text);
    start_keeping(session, work);
}

static void measured(gpointer owner, gpointer data, const GError *error)
{
    CelPathSession *session = owner;
    CelPathWork *work = data;
    cel_path_session_forget_shot(session);
    if (session->box != work->box)
        return;
    CelPathWork *next = cel_path_work_data_new(session);
    next->measurement = g_steal_pointer(&work->measurement);
    next->text = error != NULL ? why_nothing(error) : NULL;
    start_keeping(session, next);
}

static gboolean measure(gpointer data, CelJob *job, GError **error)
{
    CelPathWork *work = data;
    CelDevice *device = cel_desk_device(work->desk);
    if (device == NULL) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_DEVICE,
                            _("No instrument is open. Nothing was measured. Connect it, then "
                              "measure again."));
        return FALSE;
    }
    if (work->practice_sample != NULL &&
        !cel_path_practice_place(device, work->kind, work->practice_sample, error))
        return FALSE;
    cel_path_live_set_axis(work->live, cel_device_describe(device));
    work->options.on_frame = cel_path_live_frame;
    work->options.on_frame_data = work->live;
    work->measurement = cel_device_acquire(device, &work->options, job, error);
    return work->measurement != NULL;
}

static void allowed(gpointer owner, gpointer data, const GError *error)
{
    CelPathSession *session = owner;
    CelPathWork *work = data;
    if (session->box != work->box)
        return;
    if (error != NULL) {
        cel_path_session_set(session, CEL_PATH_PHASE_IDLE, g_steal_pointer(&work->view), error);
        return;
    }
    CelPathWork *next = cel_path_work_data_new(session);
    next->options = work->options;
    next->kind = session->kind;
    next->practice_sample =
        cel_desk_facts(session->desk)->takes_samples ? session->practice_sample : NULL;
    g_clear_pointer(&session->live, cel_path_live_unref);
    session->live = cel_path_live_new(session);
    next->live = cel_path_live_ref(session->live);
    session->n = 0;
    cel_path_session_set(session, CEL_PATH_PHASE_LIGHT, g_steal_pointer(&work->view), NULL);
    session->shot =
        g_object_ref(cel_path_session_task(session,
                                           &(CelPathTaskDef){.lane = CEL_LANE_INSTRUMENT,
                                                             .title = _("Measuring"),
                                                             .run = measure,
                                                             .done = measured,
                                                             .light = TRUE},
                                           next));
    g_signal_connect_object(session->shot, "notify", G_CALLBACK(cel_path_session_changed), session,
                            G_CONNECT_SWAPPED);
    if (session->stop_wanted)
        cel_task_cancel(session->shot);
}

static gboolean ask(gpointer data, CelJob *job, GError **error)
{
    CelPathWork *work = data;
    const CelLaserConfirmation held = {
        .eyewear_on = TRUE, .beam_blocked = TRUE, .nobody_in_line = TRUE};
    (void)job;
    CelPath *path = cel_path_box_get(work->box, work->desk, error);
    if (path == NULL)
        return FALSE;
    const gboolean allows = cel_path_hold(path, CEL_PATH_SHOT_DUE, &held, &work->options, error);
    work->view = cel_path_view(path, NULL);
    return allows;
}

void cel_path_session_shoot(CelPathSession *session)
{
    if (session->phase != CEL_PATH_PHASE_IDLE || session->view == NULL)
        return;
    session->stop_wanted = FALSE;
    session->kind = session->view->due.kind;
    cel_path_session_set(session, CEL_PATH_PHASE_ASKING, NULL, NULL);
    cel_path_session_task(session,
                          &(CelPathTaskDef){.lane = CEL_LANE_LAB, .run = ask, .done = allowed},
                          cel_path_work_data_new(session));
}

void cel_path_session_stop(CelPathSession *session)
{
    session->stop_wanted = cel_path_session_is_dangerous(session);
    cel_task_cancel(session->shot);
}
