/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ocean/ocean-obp.h"
#include "ocean/ocean-session.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>

/* The lamp enable line, when it is set up as the gate of a laser. It has no read-back: off is at
 * best "commanded". */

static gboolean close_gate(CelSession *s, guint patience_ms, GCancellable *cancel)
{
    return s->link->gate(s, FALSE, &(CelTransfer){patience_ms, cancel}, NULL);
}

/* A cancel on the way leaves open whether the command arrived: it is sent again. */
CelLaserState cel_ocean_laser_off(CelSession *s, GCancellable *cancel)
{
    s->begins_us = 0;
    if (!s->has_gate)
        return CEL_LASER_UNKNOWN;
    s->is_armed = FALSE;
    gboolean ok =
        !g_cancellable_is_cancelled(cancel) && close_gate(s, CEL_LASER_OFF_PATIENT_MS, cancel);
    if (!ok && g_cancellable_is_cancelled(cancel))
        ok = close_gate(s, CEL_LASER_OFF_QUICK_MS, NULL);
    s->gate = ok ? CEL_LASER_OFF_COMMANDED : CEL_LASER_UNKNOWN;
    return s->gate;
}

CelLaserState cel_ocean_laser(CelSession *s)
{
    return s->has_gate && !s->gone ? s->gate : CEL_LASER_UNKNOWN;
}

gboolean cel_ocean_switch_off(CelSession *s, GCancellable *cancel, GError **error)
{
    s->begins_us = 0;
    s->gate = CEL_LASER_UNKNOWN;
    if (!s->link->gate(s, FALSE, &(CelTransfer){CEL_OCEAN_ANSWER_MS, cancel}, error) ||
        !s->link->confirm_gate(s, FALSE, cancel, error))
        return FALSE;
    s->gate = CEL_LASER_OFF_COMMANDED;
    return TRUE;
}

static gboolean refuse_laser(const char *message, GError **error)
{
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_DEVICE, message);
    return FALSE;
}

gboolean cel_ocean_laser_arm(CelSession *s, const CelLaserRequest *request, GError **error)
{
    GError *failure = NULL;
    if (!s->has_gate)
        return refuse_laser(_("The laser of this instrument is another device that Celadon does "
                              "not control. Nothing was switched. Switch it by hand, or set up "
                              "the instrument with laser_gate=strobe if its line is connected."),
                            error);
    if (s->laser_mw > 0.0 && request->laser_mw > s->laser_mw)
        return refuse_laser(_("More power was asked for than this laser is stated to have. "
                              "Nothing was switched."),
                            error);
    if (!cel_ocean_switch_off(s, request->cancel, &failure)) {
        s->is_unsettled = TRUE;
        cel_ocean_laser_off(s, request->cancel);
        return cel_transport_explain(failure, _("Preparing the laser"), error);
    }
    s->is_armed = TRUE;
    return TRUE;
}

gboolean cel_ocean_laser_on(CelSession *s, GCancellable *cancel, GError **error)
{
    GError *failure = NULL;
    if (!s->has_gate || !s->is_armed)
        return refuse_laser(_("The laser was not made ready. It was not switched on."), error);
    s->begins_us = 0;
    s->gate = CEL_LASER_UNKNOWN;
    if (s->link->gate(s, TRUE, &(CelTransfer){CEL_OCEAN_LIGHT_MS, NULL}, &failure)) {
        s->gate = CEL_LASER_ON; /* the first exposure with it has the unit confirm that */
        return TRUE;
    }
    s->is_unsettled = TRUE;
    cel_ocean_laser_off(s, cancel);
    return cel_transport_explain(failure, _("Switching the laser on"), error);
}

void cel_ocean_laser_gate(CelSession *s, CelLaserGate *out)
{
    *out = (CelLaserGate){0};
    if (!s->has_gate)
        return;
    G_STATIC_ASSERT(sizeof out->data >= CEL_OBP_LEAST_BYTES);
    out->is_bulk = TRUE;
    out->endpoint = s->model->endpoints->out;
    out->n = s->link->gate_packet(out->data);
}
