/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/cel-path-session-private.h"

#include <string.h>

/* Frames from the instrument's thread: only the newest one waits for the main loop. */

CelPathLive *cel_path_live_new(CelPathSession *session)
{
    CelPathLive *live = g_atomic_rc_box_new0(CelPathLive);
    g_mutex_init(&live->mutex);
    g_weak_ref_init(&live->session, session);
    return live;
}

CelPathLive *cel_path_live_ref(CelPathLive *live)
{
    return g_atomic_rc_box_acquire(live);
}

static void live_clear(gpointer data)
{
    CelPathLive *live = data;
    g_clear_pointer(&live->axis, cel_axis_unref);
    g_free(live->counts);
    g_weak_ref_clear(&live->session);
    g_mutex_clear(&live->mutex);
}

void cel_path_live_unref(CelPathLive *live)
{
    g_atomic_rc_box_release_full(live, live_clear);
}

void cel_path_live_set_axis(CelPathLive *live, const CelDeviceDescription *instrument)
{
    live->axis =
        cel_calibration_shift_axis(&instrument->calibration, instrument->n_pixels, NULL, NULL);
}

static void copy_frame(CelPathSession *session, const CelPathLive *live)
{
    if (session->n != live->n) {
        session->n = live->n;
        session->x = g_renew(double, session->x, live->n);
        session->counts = g_renew(double, session->counts, live->n);
    }
    memcpy(session->counts, live->counts, live->n * sizeof(double));
    const gboolean fits = live->axis != NULL && cel_axis_length(live->axis) == live->n;
    session->unit = fits ? cel_axis_unit(live->axis) : CEL_UNIT_PIXEL;
    for (gsize i = 0; i < live->n; i++)
        session->x[i] = fits ? cel_axis_values(live->axis)[i] : (double)i;
    session->number = live->number;
    session->dark = live->dark;
}

static gboolean deliver(gpointer data)
{
    CelPathLive *live = data;
    g_autoptr(CelPathSession) session = g_weak_ref_get(&live->session);
    g_mutex_lock(&live->mutex);
    live->pending = FALSE;
    const gboolean wanted = session != NULL && session->live == live;
    if (wanted)
        copy_frame(session, live);
    g_mutex_unlock(&live->mutex);
    if (wanted)
        cel_path_session_framed(session);
    return G_SOURCE_REMOVE;
}

void cel_path_live_frame(const double *counts, gsize n, gboolean dark, gpointer data)
{
    CelPathLive *live = data;
    g_mutex_lock(&live->mutex);
    if (live->n != n) {
        live->n = n;
        live->counts = g_renew(double, live->counts, n);
    }
    memcpy(live->counts, counts, n * sizeof(double));
    live->dark = dark;
    live->number++;
    const gboolean ask = !live->pending;
    live->pending = TRUE;
    g_mutex_unlock(&live->mutex);
    if (ask)
        cel_ui_post(deliver, cel_path_live_ref(live), (GDestroyNotify)cel_path_live_unref);
}

gboolean cel_path_session_frame(CelPathSession *session, CelPathFrame *out)
{
    if (session->n == 0)
        return FALSE;
    *out = (CelPathFrame){.x = session->x,
                          .counts = session->counts,
                          .n = session->n,
                          .unit = session->unit,
                          .number = session->number,
                          .dark = session->dark,
                          .kind = session->kind};
    return TRUE;
}
