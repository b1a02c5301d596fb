/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/cel-path-session-private.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

G_DEFINE_FINAL_TYPE(CelPathSession, cel_path_session, G_TYPE_OBJECT)

enum { CHANGED, FRAME, N_SIGNALS };
static guint signals[N_SIGNALS];

/* ---- what it knows ---- */

const CelPathView *cel_path_session_view(CelPathSession *session)
{
    return session->view;
}

CelPathPhase cel_path_session_phase(CelPathSession *session)
{
    return session->phase;
}

CelDesk *cel_path_session_desk(CelPathSession *session)
{
    return session->desk;
}

gboolean cel_path_session_needs(CelPathSession *session, const char *need)
{
    const CelPathView *view = session->view;
    for (guint i = 0; view != NULL && i < view->missing->len; i++)
        if (strcmp(((const CelPathNeedDef *)g_ptr_array_index(view->missing, i))->id, need) == 0)
            return TRUE;
    return FALSE;
}

const GError *cel_path_session_problem(CelPathSession *session)
{
    return session->problem;
}

void cel_path_session_clear_problem(CelPathSession *session)
{
    g_clear_error(&session->problem);
    cel_path_session_changed(session);
}

void cel_path_session_tell_problem(CelPathSession *session, const GError *error)
{
    g_clear_error(&session->problem);
    if (error != NULL && !g_error_matches(error, CEL_ERROR, CEL_ERROR_CANCELLED))
        session->problem = g_error_copy(error);
    cel_path_session_changed(session);
}

CelAnswer *cel_path_session_result(CelPathSession *session)
{
    return session->answer;
}

const CelCapabilities *cel_path_session_capabilities(CelPathSession *session)
{
    return session->instrument != NULL ? &session->instrument->capabilities : NULL;
}

const CelPathStart *cel_path_session_start(CelPathSession *session)
{
    return session->has_start ? &session->start : NULL;
}

void cel_path_session_changed(CelPathSession *session)
{
    g_signal_emit(session, signals[CHANGED], 0);
}

void cel_path_session_framed(CelPathSession *session)
{
    g_signal_emit(session, signals[FRAME], 0);
}

void cel_path_session_set(CelPathSession *session, CelPathPhase phase, CelPathView *view,
                          const GError *error)
{
    session->phase = phase;
    if (view != NULL) {
        g_clear_pointer(&session->view, cel_path_view_free);
        session->view = view;
    }
    cel_path_session_tell_problem(session, error);
}

void cel_path_session_practise(CelPathSession *session, const char *sample)
{
    session->practice_sample = g_intern_string(sample);
}

/* ---- the box ---- */

CelPathBox *cel_path_box_new(void)
{
    return g_atomic_rc_box_new0(CelPathBox);
}

CelPathBox *cel_path_box_ref(CelPathBox *box)
{
    return g_atomic_rc_box_acquire(box);
}

static void box_clear(gpointer data)
{
    g_clear_pointer(&((CelPathBox *)data)->path, cel_path_close);
}

void cel_path_box_unref(CelPathBox *box)
{
    g_atomic_rc_box_release_full(box, box_clear);
}

CelPath *cel_path_box_get(CelPathBox *box, CelDesk *desk, GError **error)
{
    if (box->path == NULL || cel_desk_lab(desk) != box->lab) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_USAGE,
                            _("The work on this exhibit is not open any more. Nothing is lost: go "
                              "on with it from the list of open exhibits."));
        return NULL;
    }
    return box->path;
}

/* ---- tasks ---- */

CelPathWork *cel_path_work_data_new(CelPathSession *session)
{
    CelPathWork *work = g_new0(CelPathWork, 1);
    work->session = session;
    work->desk = g_object_ref(session->desk);
    work->box = cel_path_box_ref(session->box);
    return work;
}

void cel_path_work_data_free(gpointer data)
{
    CelPathWork *work = data;
    g_clear_pointer(&work->view, cel_path_view_free);
    g_clear_pointer(&work->measurement, cel_measurement_free);
    g_clear_pointer(&work->single, cel_identification_free);
    g_clear_pointer(&work->work, cel_work_free);
    g_clear_pointer(&work->live, cel_path_live_unref);
    g_free(work->instrument);
    cel_path_box_unref(work->box);
    g_object_unref(work->desk);
    g_free(work->text);
    g_free(work);
}

CelTask *cel_path_session_task(CelPathSession *session, const CelPathTaskDef *def,
                               CelPathWork *work)
{
    const CelTaskOrder order = {.lane = def->lane,
                                .title = def->title,
                                .run = def->run,
                                .done = def->done,
                                .data = work,
                                .free = cel_path_work_data_free,
                                .owner = session,
                                .light = def->light};
    return cel_task_start(cel_desk_lanes(session->desk), &order);
}

/* ---- closing ---- */

/* The last reference goes on the lab's lane, unless that has ended. */
static gboolean close_box(gpointer data, CelJob *job, GError **error)
{
    CelPathBox *box = data;
    (void)job;
    (void)error;
    g_clear_pointer(&box->path, cel_path_close);
    return TRUE;
}

static void free_box(gpointer data)
{
    cel_path_box_unref(data);
}

static void drop_box(CelPathSession *session)
{
    const CelTaskOrder order = {
        .lane = CEL_LANE_LAB, .run = close_box, .data = session->box, .free = free_box};
    session->box = NULL;
    cel_task_start(cel_desk_lanes(session->desk), &order);
}

void cel_path_session_close(CelPathSession *session)
{
    cel_path_session_stop(session);
    drop_box(session);
    session->box = cel_path_box_new();
    g_clear_pointer(&session->view, cel_path_view_free);
    g_clear_object(&session->answer);
    g_clear_error(&session->problem);
    cel_path_session_forget_unkept(session);
    session->phase = CEL_PATH_PHASE_IDLE;
    cel_path_session_look(session);
    cel_path_session_changed(session);
}

/* ---- the desk ---- */

/* Nobody signed in: the sample stays open on disk, for whoever signs in next. */
static void desk_changed(CelPathSession *session)
{
    const CelDeskFacts *facts = cel_desk_facts(session->desk);
    if (session->instrument != NULL &&
        g_strcmp0(session->instrument->instrument.serial, facts->serial) != 0)
        g_clear_pointer(&session->instrument, g_free);
    if (*facts->person == '\0' && session->view != NULL) {
        cel_path_session_close(session);
        return;
    }
    cel_path_session_go_on(session);
    cel_path_session_changed(session);
}

static void start_clear(CelPathStart *start)
{
    g_clear_pointer(&start->open, g_ptr_array_unref);
    g_clear_pointer(&start->cases, g_ptr_array_unref);
    g_clear_pointer(&start->people, g_ptr_array_unref);
    cel_path_surroundings_clear(&start->surroundings);
}

/* ---- looking at what there is ---- */

enum { MOST_CASES = 8 };

/** Looking: what the start screen offers. */
typedef struct {
    CelDesk *desk;
    CelPathStart start;
} Looking;

static void looking_free(gpointer data)
{
    Looking *looking = data;
    start_clear(&looking->start);
    g_object_unref(looking->desk);
    g_free(looking);
}

static gboolean look(gpointer data, CelJob *job, GError **error)
{
    Looking *looking = data;
    CelLab *lab = cel_desk_lab(looking->desk);
    (void)job;
    if (lab == NULL)
        return TRUE;
    looking->start.open = cel_path_list(lab, error);
    if (looking->start.open == NULL)
        return FALSE;
    const CelRowQuery query = {.newest_first = TRUE, .most = MOST_CASES};
    g_autoptr(GPtrArray) rows =
        cel_register_rows(cel_lab_register(lab), CEL_ROW_CASE, &query, error);
    if (rows == NULL)
        return FALSE;
    looking->start.cases = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < rows->len; i++)
        g_ptr_array_add(looking->start.cases,
                        g_strdup(cel_row_text(g_ptr_array_index(rows, i), "case_id")));
    looking->start.people = cel_desk_people(looking->desk);
    return cel_path_surroundings(lab, cel_clock_system(), &looking->start.surroundings, error);
}

static void looked(gpointer owner, gpointer data, const GError *error)
{
    CelPathSession *session = owner;
    Looking *looking = data;
    if (error != NULL) {
        cel_path_session_tell_problem(session, error);
        return;
    }
    start_clear(&session->start);
    session->start = looking->start;
    session->has_start = session->start.open != NULL;
    looking->start = (CelPathStart){0};
    cel_path_session_changed(session);
}

void cel_path_session_look(CelPathSession *session)
{
    Looking *looking = g_new0(Looking, 1);
    looking->desk = g_object_ref(session->desk);
    const CelTaskOrder order = {.lane = CEL_LANE_LAB,
                                .run = look,
                                .done = looked,
                                .data = looking,
                                .free = looking_free,
                                .owner = session};
    cel_task_start(cel_desk_lanes(session->desk), &order);
}

CelTask *cel_path_session_shot(CelPathSession *session)
{
    return session->shot;
}

/* ---- the object ---- */

static void cel_path_session_dispose(GObject *object)
{
    CelPathSession *session = CEL_PATH_SESSION(object);
    if (session->desk != NULL) {
        cel_path_session_stop(session);
        cel_path_session_forget_shot(session);
        g_signal_handlers_disconnect_by_data(session->desk, session);
        drop_box(session);
    }
    g_clear_pointer(&session->live, cel_path_live_unref);
    g_clear_object(&session->answer);
    g_clear_object(&session->desk);
    G_OBJECT_CLASS(cel_path_session_parent_class)->dispose(object);
}

static void cel_path_session_finalize(GObject *object)
{
    CelPathSession *session = CEL_PATH_SESSION(object);
    start_clear(&session->start);
    g_clear_pointer(&session->view, cel_path_view_free);
    g_clear_error(&session->problem);
    cel_path_session_forget_unkept(session);
    g_free(session->instrument);
    g_free(session->refused_serial);
    g_free(session->x);
    g_free(session->counts);
    G_OBJECT_CLASS(cel_path_session_parent_class)->finalize(object);
}

static void cel_path_session_class_init(CelPathSessionClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = cel_path_session_dispose;
    G_OBJECT_CLASS(klass)->finalize = cel_path_session_finalize;
    signals[CHANGED] = g_signal_new("changed", CEL_TYPE_PATH_SESSION, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 0);
    signals[FRAME] = g_signal_new("frame", CEL_TYPE_PATH_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
}

static void cel_path_session_init(CelPathSession *session)
{
    session->box = cel_path_box_new();
    session->practice_sample = g_intern_static_string("polyethylene");
}

CelPathSession *cel_path_session_new(CelDesk *desk)
{
    CelPathSession *session = g_object_new(CEL_TYPE_PATH_SESSION, NULL);
    session->desk = g_object_ref(desk);
    g_signal_connect_swapped(desk, "changed", G_CALLBACK(desk_changed), session);
    return session;
}
