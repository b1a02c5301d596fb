/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/cel-laser-plan.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>

static void add(GString *list, gboolean missing, const char *what)
{
    if (missing)
        g_string_append_printf(list, "%s%s", list->len > 0 ? "; " : "", what);
}

static gboolean check_answers(const CelCapabilities *c, const CelLaserConfirmation *answers,
                              GError **error)
{
    g_autoptr(GString) missing = g_string_new(NULL);
    if (c->no_light)
        return TRUE;
    add(missing, !answers->eyewear_on, _("is the eyewear on"));
    add(missing, !answers->beam_blocked, _("is the beam blocked by the sample or the cap"));
    add(missing, !answers->nobody_in_line, _("is nobody in line with the beam"));
    add(missing, answers->sample_hazard == CEL_HAZARD_UNANSWERED,
        _("is the sample dark, black, flammable or possibly explosive"));
    if (missing->len == 0)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                _("The laser stays off: not answered or answered with no: %s. Nothing was "
                  "measured. Answer each question before every measurement."),
                missing->str);
    return FALSE;
}

static gboolean is_hazardous(CelHazard hazard)
{
    return hazard == CEL_HAZARD_YES || hazard == CEL_HAZARD_UNKNOWN;
}

static gboolean check_hazard(const CelCapabilities *c, const CelLaserAsk *ask, GError **error)
{
    if (!is_hazardous(ask->confirmation.sample_hazard))
        return TRUE;
    if (ask->hazard_policy == CEL_HAZARD_REFUSE) {
        g_set_error(
            error, CEL_ERROR, CEL_ERROR_POLICY,
            _("The sample is, or may be, dark or explosive, and the rules here allow no "
              "laser light on such a sample. Nothing was measured. Use another technique."));
        return FALSE;
    }
    if (c->laser_mw_settable)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                _("The sample is, or may be, dark or explosive, and the power of this instrument "
                  "cannot be lowered. Nothing was measured. Use an instrument whose power can be "
                  "set, or another technique."));
    return FALSE;
}

static gboolean check_wish(const CelCapabilities *c, double laser_mw, GError **error)
{
    if (laser_mw > 0.0 && laser_mw >= c->laser_mw_min && laser_mw <= c->laser_mw_max)
        return TRUE; /* fails for a NaN */
    g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                _("A laser power of %g mW is outside of what is possible here: %g to %g mW. "
                  "Nothing was measured."),
                laser_mw, c->laser_mw_min, c->laser_mw_max);
    return FALSE;
}

static gboolean refuse_power(double cap_mw, GError **error)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                _("This sample may get at most %g mW, and this instrument would give more, or its "
                  "power is not known. Nothing was measured. Use an instrument of lower power, or "
                  "another technique."),
                cap_mw);
    return FALSE;
}

static gboolean choose_fixed(const CelCapabilities *c, double cap_mw, GError **error)
{
    const double most = MAX(c->laser_mw_max, c->laser_mw_default);
    return cap_mw <= 0.0 || (most > 0.0 && most <= cap_mw) || refuse_power(cap_mw, error);
}

static gboolean choose_power(const CelCapabilities *c, const CelLaserAsk *ask,
                             CelLaserPlan *out_plan, GError **error)
{
    const double cap_mw = ask->cap_mw > 0.0 ? MIN(ask->cap_mw, c->laser_mw_max) : c->laser_mw_max;
    if (ask->laser_mw > cap_mw || c->laser_mw_min > cap_mw)
        return refuse_power(cap_mw, error);
    const gboolean default_fits = c->laser_mw_default > 0.0 && c->laser_mw_default <= cap_mw;
    out_plan->laser_mw = ask->laser_mw > 0.0 || default_fits ? ask->laser_mw : cap_mw;
    return TRUE;
}

static gboolean check_ask(const CelCapabilities *c, const CelLaserAsk *ask, GError **error)
{
    if (!(ask->cap_mw >= 0.0)) { /* a NaN, or below 0 */
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                    _("A limit of the laser power is a number above 0 mW. Nothing was measured."));
        return FALSE;
    }
    if (ask->laser_mw == 0.0)
        return TRUE;
    if (!c->laser_mw_settable) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                    _("The laser power of this instrument cannot be set. Nothing was measured."));
        return FALSE;
    }
    return check_wish(c, ask->laser_mw, error);
}

gboolean cel_laser_plan(const CelCapabilities *c, const CelLaserAsk *ask, CelLaserPlan *out_plan,
                        GError **error)
{
    *out_plan = (CelLaserPlan){0};
    if (!check_ask(c, ask, error))
        return FALSE;
    if (c->laser == CEL_LASER_EXTERNAL) /* nobody here can keep a limit for it */
        return check_hazard(c, ask, error) &&
               (ask->cap_mw <= 0.0 || refuse_power(ask->cap_mw, error));
    if (c->laser != CEL_LASER_BUILT_IN)
        return TRUE;
    if (!check_answers(c, &ask->confirmation, error) || !check_hazard(c, ask, error))
        return FALSE;
    if (!c->laser_mw_settable)
        return choose_fixed(c, ask->cap_mw, error);
    if (!choose_power(c, ask, out_plan, error))
        return FALSE;
    out_plan->ramp = ask->ramp || is_hazardous(ask->confirmation.sample_hazard);
    out_plan->ramp_from_mw = c->laser_mw_min;
    return TRUE;
}
