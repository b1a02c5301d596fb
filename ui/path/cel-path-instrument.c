/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/cel-path-session-private.h"

#include "base/cel-error.h"
#include "bench/cel-case-paper.h"
#include "cel-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The instrument of the work: opened, told to the path, opened again after it left; and the card
 * at the end. */

enum { REOPEN_MS = 20000 };

/* ---- what the open instrument is ---- */

static gboolean use_instrument(gpointer data, CelJob *job, GError **error)
{
    CelPathWork *work = data;
    (void)job;
    CelPath *path = cel_path_box_get(work->box, work->desk, error);
    if (path == NULL || !cel_path_use_instrument(path, work->instrument, error))
        return FALSE;
    work->view = cel_path_view(path, NULL);
    return TRUE;
}

static void used(gpointer owner, gpointer data, const GError *error)
{
    CelPathSession *session = owner;
    CelPathWork *work = data;
    if (session->box != work->box)
        return;
    if (error != NULL) {
        g_free(session->refused_serial);
        session->refused_serial = g_strdup(work->instrument->instrument.serial);
    }
    cel_path_session_set(session, CEL_PATH_PHASE_IDLE, g_steal_pointer(&work->view), error);
    cel_path_session_go_on(session);
}

static void tell_path(CelPathSession *session)
{
    CelPathWork *work = cel_path_work_data_new(session);
    work->instrument = g_memdup2(session->instrument, sizeof *session->instrument);
    cel_path_session_set(session, CEL_PATH_PHASE_WORKING, NULL, NULL);
    cel_path_session_task(
        session, &(CelPathTaskDef){.lane = CEL_LANE_LAB, .run = use_instrument, .done = used},
        work);
}

static gboolean describe(gpointer data, CelJob *job, GError **error)
{
    CelPathWork *work = data;
    CelDevice *device = cel_desk_device(work->desk);
    (void)job;
    (void)error;
    if (device != NULL)
        work->instrument = g_memdup2(cel_device_describe(device), sizeof(CelDeviceDescription));
    return TRUE;
}

static void described(gpointer owner, gpointer data, const GError *error)
{
    CelPathSession *session = owner;
    CelPathWork *work = data;
    session->asking_instrument = FALSE;
    if (error != NULL || work->instrument == NULL)
        return;
    g_free(session->instrument);
    session->instrument = g_steal_pointer(&work->instrument);
    cel_path_session_go_on(session);
    cel_path_session_changed(session);
}

static void ask_instrument(CelPathSession *session)
{
    if (session->asking_instrument)
        return;
    session->asking_instrument = TRUE;
    cel_path_session_task(
        session, &(CelPathTaskDef){.lane = CEL_LANE_INSTRUMENT, .run = describe, .done = described},
        cel_path_work_data_new(session));
}

void cel_path_session_go_on(CelPathSession *session)
{
    const CelDeskFacts *facts = cel_desk_facts(session->desk);
    if (session->view == NULL || session->view->over)
        return;
    if (facts->has_instrument && session->instrument == NULL)
        ask_instrument(session);
    if (session->phase != CEL_PATH_PHASE_IDLE)
        return;
    if (cel_path_session_needs(session, "instrument") && session->instrument != NULL &&
        g_strcmp0(session->refused_serial, session->instrument->instrument.serial) != 0)
        tell_path(session);
    else if (cel_path_session_needs(session, "answer") && !session->evaluation_failed)
        cel_path_session_evaluate(session);
}

/* ---- connecting ---- */

static void connected(gpointer owner, const GError *error)
{
    CelPathSession *session = owner;
    g_clear_pointer(&session->refused_serial, g_free);
    cel_path_session_set(session, CEL_PATH_PHASE_IDLE, NULL, error);
    cel_path_session_go_on(session);
}

void cel_path_session_connect(CelPathSession *session, const char *id)
{
    if (session->phase != CEL_PATH_PHASE_IDLE)
        return;
    cel_path_session_set(session, CEL_PATH_PHASE_WORKING, NULL, NULL);
    cel_desk_open_instrument(session->desk, id, NULL, G_OBJECT(session), connected);
}

static gboolean reopen(gpointer data, CelJob *job, GError **error)
{
    CelDevice *device = cel_desk_device(((CelPathWork *)data)->desk);
    if (device == NULL) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_DEVICE,
                            _("No instrument is open. Connect it again from the list."));
        return FALSE;
    }
    return cel_device_reopen(device, REOPEN_MS, job, error);
}

static void reopened(gpointer owner, gpointer data, const GError *error)
{
    (void)data;
    connected(owner, error);
}

void cel_path_session_reconnect(CelPathSession *session)
{
    if (session->phase != CEL_PATH_PHASE_IDLE)
        return;
    cel_path_session_set(session, CEL_PATH_PHASE_WORKING, NULL, NULL);
    cel_path_session_task(session,
                          &(CelPathTaskDef){.lane = CEL_LANE_INSTRUMENT,
                                            .title = _("Waiting for the instrument"),
                                            .run = reopen,
                                            .done = reopened},
                          cel_path_work_data_new(session));
}

/* ---- the card ---- */

/** Card: a paper on its way. */
typedef struct {
    CelPathWork *work;
    char *fid, *path;
    gboolean chinese;
    CelPathCardDone done;
} Card;

static void card_free(gpointer data)
{
    Card *card = data;
    cel_path_work_data_free(card->work);
    g_free(card->fid);
    g_free(card->path);
    g_free(card);
}

static gboolean make_card(gpointer data, CelJob *job, GError **error)
{
    Card *card = data;
    CelLab *lab = cel_desk_lab(card->work->desk);
    if (lab == NULL)
        return FALSE;
    const CelCasePaper paper = {
        .fid = card->fid, .form = CEL_REPORT_CARD, .chinese = card->chinese};
    g_autoptr(GBytes) pdf = cel_case_paper(lab, &paper, job, error);
    if (pdf == NULL)
        return FALSE;
    gsize n = 0;
    const char *bytes = g_bytes_get_data(pdf, &n);
    g_autofree char *name = g_strdup_printf("celadon-card-%s.pdf", card->fid);
    card->path = g_build_filename(g_get_user_runtime_dir(), name, NULL);
    return g_file_set_contents_full(card->path, bytes, (gssize)n, G_FILE_SET_CONTENTS_CONSISTENT,
                                    0600, error);
}

static void card_made(gpointer owner, gpointer data, const GError *error)
{
    const Card *card = data;
    card->done(owner, error == NULL ? card->path : NULL, error);
}

void cel_path_session_card(CelPathSession *session, GObject *owner, CelPathCardDone done)
{
    if (session->view == NULL || *session->view->fid == '\0')
        return;
    Card *card = g_new0(Card, 1);
    card->work = cel_path_work_data_new(session);
    card->fid = g_strdup(session->view->fid);
    card->chinese = cel_ui_is_chinese();
    card->done = done;
    const CelTaskOrder order = {.lane = CEL_LANE_LAB,
                                .title = _("Making the card"),
                                .run = make_card,
                                .done = card_made,
                                .data = card,
                                .free = card_free,
                                .owner = owner};
    cel_task_start(cel_desk_lanes(session->desk), &order);
}
