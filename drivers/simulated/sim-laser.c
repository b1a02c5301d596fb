/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulated/sim-session.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>

/* ---- faults ---- */

gboolean cel_sim_struck(const CelSession *s, CelSimFault fault)
{
    return s->fault == fault && s->n_exposures >= s->fault_at;
}

gboolean cel_sim_strikes_now(const CelSession *s, CelSimFault fault)
{
    return s->fault == fault && s->n_exposures == s->fault_at;
}

/* ---- laser ---- */

CelLaserState cel_sim_laser(CelSession *s)
{
    if (cel_sim_struck(s, FAULT_UNPLUG))
        return CEL_LASER_UNKNOWN;
    if (cel_sim_struck(s, FAULT_LASER_SILENT)) /* only the command is known */
        return s->laser_on ? CEL_LASER_ON : CEL_LASER_OFF_COMMANDED;
    return s->laser_on ? CEL_LASER_ON : CEL_LASER_OFF_READ_BACK;
}

CelLaserState cel_sim_laser_off(CelSession *s, GCancellable *cancel)
{
    (void)cancel;
    if (!cel_sim_struck(s, FAULT_LASER_STUCK))
        s->laser_on = FALSE;
    s->laser_armed = FALSE;
    return cel_sim_laser(s);
}

gboolean cel_sim_fail(CelSession *s, GError **error, const char *message)
{
    cel_sim_laser_off(s, NULL);
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_DEVICE, message);
    return FALSE;
}

static gboolean check_power(const CelSession *s, double laser_mw, GError **error)
{
    const double *range = s->model->laser_mw;
    if (laser_mw == 0.0 || (laser_mw >= range[0] && laser_mw <= range[1]))
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                _("The instrument refuses %g mW. Nothing was measured. Choose from %g to %g mW."),
                laser_mw, range[0], range[1]);
    return FALSE;
}

/* The interlock is looked at for the exposure to come. */
gboolean cel_sim_laser_arm(CelSession *s, const CelLaserRequest *request, GError **error)
{
    if (cel_sim_struck(s, FAULT_UNPLUG))
        return cel_sim_fail(s, error,
                            _("The instrument no longer answers: it was unplugged. Nothing was "
                              "measured. Plug it in and repeat."));
    if (s->fault == FAULT_INTERLOCK && s->n_exposures + 1 >= s->fault_at)
        return cel_sim_fail(s, error,
                            _("The laser cannot fire: the interlock is open. Nothing was measured. "
                              "Close the cover or put the cap on, then repeat."));
    if (!check_power(s, request->laser_mw, error))
        return FALSE;
    s->armed_mw = request->laser_mw > 0.0 ? request->laser_mw : s->model->laser_mw[2];
    s->laser_armed = TRUE;
    return TRUE;
}

gboolean cel_sim_laser_on(CelSession *s, GCancellable *cancel, GError **error)
{
    (void)cancel;
    if (!s->laser_armed)
        return cel_sim_fail(s, error,
                            _("The laser was not armed. Nothing was measured. Repeat it."));
    s->laser_on = !cel_sim_struck(s, FAULT_UNPLUG) && s->fault != FAULT_LASER_DEAD;
    return TRUE;
}
