/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/cel-path-session-private.h"

#include "base/cel-error.h"
#include "base/cel-secret.h"
#include "cel-settings.h"

#include <glib/gi18n-lib.h>

/* What the session does on the lab's lane: begin, resume, and one function an order. */

/** Order: a copy of a CelPathOrder on its way. */
typedef struct {
    CelPathWork *work;
    CelPathAct act;
    char *text, *more, *why, *key_path, *passphrase, *from_person, *from_department, *fid;
    guint64 seq;
    gint64 since_us;
    gboolean accepted, differs, has_instrument;
    CelPathSubmission submission; /* owned */
} Order;

static void submission_copy(CelPathSubmission *to, const CelPathSubmission *from)
{
    *to = (CelPathSubmission){.request = g_strdup(from->request),
                              .contact = g_strdup(from->contact),
                              .population = g_strdup(from->population),
                              .sampling = g_strdup(from->sampling),
                              .units_tested = g_strdup(from->units_tested)};
}

static void submission_clear(CelPathSubmission *submission)
{
    g_free((char *)submission->request);
    g_free((char *)submission->contact);
    g_free((char *)submission->population);
    g_free((char *)submission->sampling);
    g_free((char *)submission->units_tested);
}

static void order_free(gpointer data)
{
    Order *order = data;
    submission_clear(&order->submission);
    cel_path_work_data_free(order->work);
    g_free(order->text);
    g_free(order->more);
    g_free(order->why);
    g_free(order->key_path);
    cel_secret_free(order->passphrase);
    g_free(order->from_person);
    g_free(order->from_department);
    g_free(order->fid);
    g_free(order);
}

static char *secret_copy(const char *passphrase)
{
    if (passphrase == NULL)
        return NULL;
    char *secret = cel_secret_new();
    g_strlcpy(secret, passphrase, CEL_SECRET_MAX);
    return secret;
}

/* Pictures bear the time of the wall clock, which may be set between two of them: the moment of the
 * last one, as that clock would tell it now; and the way back. */
static gint64 wall_of(gint64 mono_us)
{
    const CelClock clock = cel_clock_system();
    return cel_clock_wall_us(clock) - (cel_clock_mono_us(clock) - mono_us);
}

static gint64 mono_of(gint64 wall_us)
{
    const CelClock clock = cel_clock_system();
    return cel_clock_mono_us(clock) - (cel_clock_wall_us(clock) - wall_us);
}

static Order *order_new(CelPathSession *session, const CelPathOrder *from)
{
    Order *order = g_new0(Order, 1);
    order->work = cel_path_work_data_new(session);
    order->act = from->act;
    order->text = g_strdup(from->text);
    order->more = g_strdup(from->more);
    order->why = g_strdup(from->why);
    order->key_path = g_strdup(from->key_path);
    order->passphrase = secret_copy(from->passphrase);
    order->from_person = g_strdup(from->from_person);
    order->from_department = g_strdup(from->from_department);
    submission_copy(&order->submission, &from->submission);
    order->seq = from->seq;
    order->accepted = from->accepted;
    order->differs = from->differs;
    order->since_us = wall_of(session->last_photo_us);
    return order;
}

static const char *text_or_null(const char *text)
{
    return text != NULL && *text != '\0' ? text : NULL;
}

/* ---- the orders ---- */

/** OrderFunc: on the lab's lane. */
typedef gboolean (*OrderFunc)(CelPath *path, Order *order, CelJob *job, GError **error);

static gboolean do_next(CelPath *path, Order *order, CelJob *job, GError **error)
{
    (void)order;
    (void)job;
    return cel_path_next(path, error);
}

static gboolean do_back(CelPath *path, Order *order, CelJob *job, GError **error)
{
    (void)order;
    (void)job;
    return cel_path_back(path, error);
}

static gboolean do_scan(CelPath *path, Order *order, CelJob *job, GError **error)
{
    (void)job;
    return cel_path_scan(path, order->text, error);
}

static gboolean do_photo(CelPath *path, Order *order, CelJob *job, GError **error)
{
    (void)job;
    return cel_path_photo(path, order->text, order->more, error);
}

static gboolean do_newest_photo(CelPath *path, Order *order, CelJob *job, GError **error)
{
    g_autoptr(GError) failure = NULL;
    (void)job;
    g_autofree char *file = cel_path_newest_photo(order->text, order->since_us, &failure);
    if (failure != NULL) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    if (file == NULL) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("There is no new picture in %s. Take the photo with the camera program, then "
                      "press again."),
                    order->text);
        return FALSE;
    }
    return cel_path_photo(path, file, NULL, error);
}

static gboolean do_answer(CelPath *path, Order *order, CelJob *job, GError **error)
{
    (void)job;
    return cel_path_answer(path, order->text, order->more, error);
}

static gboolean do_receive(CelPath *path, Order *order, CelJob *job, GError **error)
{
    (void)job;
    const CelLabPerson *me = cel_lab_person(order->work->box->lab);
    const CelPathReceipt receipt = {.accepted = order->accepted,
                                    .from = {.department = text_or_null(order->from_department),
                                             .person = text_or_null(order->from_person)},
                                    .to = {.person = me != NULL ? cel_key_person(me->key) : NULL,
                                           .id = me != NULL ? me->id : NULL},
                                    .seal_no = text_or_null(order->text),
                                    .differs = order->differs,
                                    .condition = text_or_null(order->more),
                                    .why = text_or_null(order->why),
                                    .submission = order->submission};
    return cel_path_receive(path, &receipt, error);
}

static gboolean do_take_part(CelPath *path, Order *order, CelJob *job, GError **error)
{
    (void)job;
    return cel_path_take_part(path, order->text, text_or_null(order->more), error);
}

static gboolean do_pack(CelPath *path, Order *order, CelJob *job, GError **error)
{
    (void)job;
    return cel_path_pack(path, order->text, error);
}

static gboolean do_abandon(CelPath *path, Order *order, CelJob *job, GError **error)
{
    (void)job;
    return cel_path_abandon(path, order->why, error);
}

/* ---- orders that a second person signs ---- */

static gboolean sign_too(CelPath *path, Order *order, const CelLabPerson *second, CelJob *job,
                         GError **error)
{
    const CelPathFinish finish = {.second = second, .storage = text_or_null(order->more)};
    switch (order->act) {
    case CEL_PATH_ACT_OPEN_BAG:
        return cel_path_open_bag(path, second, text_or_null(order->text), text_or_null(order->why),
                                 error);
    case CEL_PATH_ACT_SET_ASIDE:
        return cel_path_set_aside(path, order->seq, order->why, second, error);
    default:
        return cel_path_finish(path, &finish, &order->fid, job, error);
    }
}

static gboolean do_with_second(CelPath *path, Order *order, CelJob *job, GError **error)
{
    g_autoptr(CelKey) key = cel_key_load(order->key_path, order->passphrase, error);
    if (key == NULL)
        return FALSE;
    const CelLabPerson second = {.key = key, .id = cel_key_person_id(key)};
    return sign_too(path, order, &second, job, error);
}

static const OrderFunc orders[CEL_N_PATH_ACTS] = {
    [CEL_PATH_ACT_NEXT] = do_next,
    [CEL_PATH_ACT_BACK] = do_back,
    [CEL_PATH_ACT_SCAN] = do_scan,
    [CEL_PATH_ACT_PHOTO] = do_photo,
    [CEL_PATH_ACT_NEWEST_PHOTO] = do_newest_photo,
    [CEL_PATH_ACT_ANSWER] = do_answer,
    [CEL_PATH_ACT_RECEIVE] = do_receive,
    [CEL_PATH_ACT_OPEN_BAG] = do_with_second,
    [CEL_PATH_ACT_TAKE_PART] = do_take_part,
    [CEL_PATH_ACT_SET_ASIDE] = do_with_second,
    [CEL_PATH_ACT_PACK] = do_pack,
    [CEL_PATH_ACT_ABANDON] = do_abandon,
    [CEL_PATH_ACT_FINISH] = do_with_second,
};

static gboolean run_order(gpointer data, CelJob *job, GError **error)
{
    Order *order = data;
    CelPathWork *work = order->work;
    CelPath *path = cel_path_box_get(work->box, work->desk, error);
    if (path == NULL)
        return FALSE;
    const gboolean done = orders[order->act](path, order, job, error);
    work->view = cel_path_view(path, NULL);
    return done;
}

static gboolean is_photo(CelPathAct act)
{
    return act == CEL_PATH_ACT_PHOTO || act == CEL_PATH_ACT_NEWEST_PHOTO;
}

static void order_done(gpointer owner, gpointer data, const GError *error)
{
    CelPathSession *session = owner;
    Order *order = data;
    if (session->box != order->work->box)
        return;
    if (error == NULL && is_photo(order->act))
        session->last_photo_us = cel_clock_mono_us(cel_clock_system());
    if (error == NULL)
        cel_desk_lab_changed(session->desk);
    cel_path_session_set(session, CEL_PATH_PHASE_IDLE, g_steal_pointer(&order->work->view), error);
    cel_path_session_go_on(session);
}

void cel_path_session_do(CelPathSession *session, const CelPathOrder *what)
{
    if (session->phase != CEL_PATH_PHASE_IDLE || session->view == NULL)
        return;
    if (what->act == CEL_PATH_ACT_INSTRUMENT) {
        cel_path_session_go_on(session);
        return;
    }
    const gboolean slow = what->act == CEL_PATH_ACT_FINISH;
    const CelTaskOrder order = {.lane = CEL_LANE_LAB,
                                .title = slow ? _("Sealing the record") : NULL,
                                .run = run_order,
                                .done = order_done,
                                .data = order_new(session, what),
                                .free = order_free,
                                .owner = session};
    cel_path_session_set(session, CEL_PATH_PHASE_WORKING, NULL, NULL);
    cel_task_start(cel_desk_lanes(session->desk), &order);
}

void cel_path_session_answer(CelPathSession *session, const char *what, const char *value)
{
    const CelPathOrder order = {.act = CEL_PATH_ACT_ANSWER, .text = what, .more = value};
    cel_path_session_do(session, &order);
}

void cel_path_session_just(CelPathSession *session, CelPathAct act)
{
    const CelPathOrder order = {.act = act};
    cel_path_session_do(session, &order);
}

/* ---- begin and resume ---- */

/** Opening: a path that is being begun or resumed. */
typedef struct {
    CelPathWork *work;
    char *id;      /* (nullable): resume */
    char *exhibit; /* (nullable): on record, to be opened */
    CelPathSetup setup;
    char *case_id, *place, *witness, *environment;
} Opening;

/* The delay is the one that is set now, also for a countdown after a resume. */
static Opening *opening_new(CelPathSession *session)
{
    g_autoptr(GSettings) settings = cel_settings_new();
    session->start_delay_s = (guint)g_settings_get_int(settings, "start-delay-s");
    Opening *opening = g_new0(Opening, 1);
    opening->work = cel_path_work_data_new(session);
    return opening;
}

static void opening_free(gpointer data)
{
    Opening *opening = data;
    cel_path_work_data_free(opening->work);
    g_free(opening->id);
    g_free(opening->exhibit);
    g_free(opening->case_id);
    g_free(opening->place);
    g_free(opening->witness);
    g_free(opening->environment);
    g_free(opening);
}

static CelPath *get_path(CelLab *lab, const Opening *opening, CelJob *job, GError **error)
{
    if (opening->id != NULL)
        return cel_path_resume(lab, opening->id, cel_clock_system(), job, error);
    return opening->exhibit != NULL
               ? cel_path_open_exhibit(lab, &opening->setup, opening->exhibit, job, error)
               : cel_path_begin(lab, &opening->setup, error);
}

static gboolean open_path(gpointer data, CelJob *job, GError **error)
{
    Opening *opening = data;
    CelPathWork *work = opening->work;
    CelLab *lab = cel_desk_need_lab(work->desk, error);
    if (lab == NULL)
        return FALSE;
    g_clear_pointer(&work->box->path, cel_path_close);
    work->box->lab = lab;
    work->box->path = get_path(lab, opening, job, error);
    if (work->box->path == NULL)
        return FALSE;
    work->view = cel_path_view(work->box->path, error);
    return work->view != NULL;
}

static void path_open(gpointer owner, gpointer data, const GError *error)
{
    CelPathSession *session = owner;
    Opening *opening = data;
    if (session->box != opening->work->box)
        return;
    if (opening->work->view != NULL)
        session->last_photo_us = mono_of(opening->work->view->started_us);
    g_clear_object(&session->answer);
    cel_path_session_set(session, CEL_PATH_PHASE_IDLE, g_steal_pointer(&opening->work->view),
                         error);
    cel_path_session_go_on(session);
}

static void start_opening(CelPathSession *session, Opening *opening)
{
    const CelTaskOrder order = {.lane = CEL_LANE_LAB,
                                .title = _("Opening the exhibit"),
                                .run = open_path,
                                .done = path_open,
                                .data = opening,
                                .free = opening_free,
                                .owner = session};
    cel_path_session_set(session, CEL_PATH_PHASE_WORKING, NULL, NULL);
    cel_task_start(cel_desk_lanes(session->desk), &order);
}

static void fill_setup(CelPathSession *session, Opening *opening, const CelPathSetup *setup)
{
    opening->setup = *setup;
    opening->setup.case_id = opening->case_id = g_strdup(setup->case_id);
    opening->setup.place = opening->place = g_strdup(setup->place);
    opening->setup.witness = opening->witness = g_strdup(setup->witness);
    opening->setup.environment = opening->environment = g_strdup(setup->environment);
    opening->setup.clock = cel_clock_system();
    opening->setup.start_delay_ms = session->start_delay_s * 1000;
}

void cel_path_session_begin(CelPathSession *session, const CelPathSetup *setup)
{
    if (session->phase != CEL_PATH_PHASE_IDLE)
        return;
    Opening *opening = opening_new(session);
    fill_setup(session, opening, setup);
    start_opening(session, opening);
}

void cel_path_session_open_exhibit(CelPathSession *session, const char *exhibit)
{
    const CelPathSetup setup = {.way = CEL_PATH_LAB};
    if (session->phase != CEL_PATH_PHASE_IDLE || cel_path_session_has_unkept(session))
        return;
    if (session->view != NULL)
        cel_path_session_close(session);
    Opening *opening = opening_new(session);
    fill_setup(session, opening, &setup);
    opening->exhibit = g_strdup(exhibit);
    start_opening(session, opening);
}

void cel_path_session_resume(CelPathSession *session, const char *id)
{
    if (session->phase != CEL_PATH_PHASE_IDLE)
        return;
    Opening *opening = opening_new(session);
    opening->id = g_strdup(id);
    start_opening(session, opening);
}
