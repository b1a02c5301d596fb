/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/cel-acquire-private.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>

/* The host's deadline is this much longer than the plan: reading out, retakes, a slow bus. */
static const double SPARE_FACTOR = 2.0, SPARE_FRAME_MS = 500.0, SPARE_MS = 3000.0;
static const double LONGEST_LIGHT_MS = 24.0 * 3600.0 * 1000.0;
enum {
    DELAY_STEP_MS = 100,
    OFF_TRIES = 3, /* the answer to an off command may be late or lost */
    OFF_PAUSE_MS = 20,
};

gboolean cel_light_is_ours(const CelAcquisition *a)
{
    return a->device->description.capabilities.laser == CEL_LASER_BUILT_IN;
}

static const CelCapabilities *capabilities(const CelAcquisition *a)
{
    return &a->device->description.capabilities;
}

static gboolean move(CelAcquisition *a, CelLaserStep to, const char *cause, GError **error)
{
    return cel_laser_move(&a->device->laser_machine, to, cause, a->options.clock, error);
}

/* ---- how long ---- */

static double planned_ms(const CelAcquisition *a, const CelLightTime *time)
{
    const CelCapabilities *c = capabilities(a);
    return time->frames * time->integration_ms + time->pause_ms + c->laser_delay_ms +
           c->laser_warmup_ms + c->first_frame_extra_ms;
}

static gboolean choose_deadline(const CelAcquisition *a, const CelLightTime *time, guint *out_ms,
                                GError **error)
{
    const double planned = planned_ms(a, time);
    const double watchdog_ms = capabilities(a)->watchdog_max_s * 1000.0;
    double longest = SPARE_FACTOR * planned + SPARE_FRAME_MS * time->frames + SPARE_MS;
    if (a->options.longest_light_ms > 0)
        longest = MIN(longest, a->options.longest_light_ms);
    if (watchdog_ms > 0.0)
        longest = MIN(longest, watchdog_ms);
    *out_ms = (guint)MIN(longest, LONGEST_LIGHT_MS);
    if (planned <= *out_ms || time->at_most)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                _("The frames need laser light for %.0f s, and it may burn for %.0f s. Nothing was "
                  "measured. Take fewer or shorter frames."),
                planned / 1000.0, *out_ms / 1000.0);
    return FALSE;
}

/* ---- the guard ---- */

static gboolean needs_guard(const CelAcquisition *a)
{
    const CelCapabilities *c = capabilities(a);
    return !c->no_light && c->watchdog_max_s == 0;
}

static gboolean refuse_without_guard(GError **error)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                _("This instrument cannot turn its laser off by itself when the program fails, and "
                  "the guard program that would do it is not there. The laser stays off; nothing "
                  "was measured. Have Celadon installed completely."));
    return FALSE;
}

static gboolean start_guard(CelAcquisition *a, GError **error)
{
    CelDevice *device = a->device;
    CelLaserGate gate = {0};
    if (device->table.guard == NULL || device->driver->laser_gate == NULL)
        return refuse_without_guard(error);
    device->driver->laser_gate(device->session, &gate);
    device->guard = device->table.guard->start(
        &(CelGuardStart){
            .program = device->table.guard_program,
            .usb = &device->present,
            .gate = &gate,
            .cancel = a->stop,
        },
        error);
    return device->guard != NULL;
}

/* Before the first light of this instrument, and again when the guard was lost. */
static gboolean have_guard(CelAcquisition *a, GError **error)
{
    CelDevice *device = a->device;
    if (!needs_guard(a))
        return TRUE;
    if (device->guard != NULL && !device->table.guard->is_alive(device->guard)) {
        device->table.guard->stop(device->guard);
        device->guard = NULL;
    }
    return device->guard != NULL || start_guard(a, error);
}

static gboolean permit(CelAcquisition *a, guint longest_ms, GError **error)
{
    CelDevice *device = a->device;
    if (device->guard == NULL || (longest_ms == 0 && !a->has_permit))
        return TRUE;
    a->has_permit = longest_ms > 0;
    return device->table.guard->permit(device->guard, longest_ms, error);
}

/* ---- on ---- */

static gboolean check_stop(const CelAcquisition *a, GError **error)
{
    if (!cel_light_awake(a, error))
        return FALSE;
    if (!g_cancellable_is_cancelled(a->stop))
        return TRUE;
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_CANCELLED,
                        _("Stopped before the first frame. Nothing was written."));
    return FALSE;
}

static gboolean wait_with_progress(CelAcquisition *a, const char *stage, guint ms, GError **error)
{
    for (guint passed = 0; passed < ms; passed += DELAY_STEP_MS) {
        if (!cel_job_step(a->job, stage, passed, ms, error) || !cel_light_awake(a, error))
            return FALSE;
        if (!cel_device_wait(a->device, MIN(DELAY_STEP_MS, ms - passed), a->stop))
            break;
    }
    return check_stop(a, error);
}

static gboolean arm(CelAcquisition *a, double laser_mw, guint longest_ms, GError **error)
{
    CelDevice *device = a->device;
    const CelDriver *driver = device->driver;
    const CelLaserRequest request = {
        .laser_mw = laser_mw, .longest_ms = longest_ms, .cancel = a->stop};
    if (driver->laser_arm == NULL || driver->laser_on == NULL) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                    _("The driver of this instrument cannot switch its laser. Nothing was "
                      "measured. Measure without laser."));
        return FALSE;
    }
    if (device->laser_machine.step != CEL_LASER_STEP_OFF)
        cel_light_insist_off(a, "before arming");
    if (!cel_laser_step_may(device->laser_machine.step, CEL_LASER_STEP_ARMED)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                    _("The laser is not known to be off (it is %s), so it is not switched on. "
                      "Nothing was measured. Cut the instrument's power."),
                    _(cel_laser_state_text(driver->laser(device->session))));
        return FALSE;
    }
    return driver->laser_arm(device->session, &request, error) &&
           move(a, CEL_LASER_STEP_ARMED, "programmed", error);
}

/* ON is shown from before the command: the answer may be late. */
static gboolean emit(CelAcquisition *a, guint longest_ms, GError **error)
{
    CelDevice *device = a->device;
    if (!cel_job_step(a->job, N_("Switching the laser on"), a->done, a->total, error) ||
        !permit(a, longest_ms, error) || !check_stop(a, error))
        return FALSE;
    cel_device_set_laser(device, CEL_LASER_ON);
    a->lit = TRUE;
    a->lit_since_us = cel_clock_mono_us(a->options.clock);
    a->supervisor = cel_supervisor_begin(&(CelSupervised){
        .stop = a->stop,
        .longest_ms = longest_ms,
        .guard_ops = device->guard != NULL ? device->table.guard : NULL,
        .guard = device->guard,
        .clock = a->options.clock,
        .slept_us = a->slept_us,
    });
    return move(a, CEL_LASER_STEP_WARMING, "light was commanded", error) &&
           device->driver->laser_on(device->session, a->stop, error);
}

static gboolean warm_up(CelAcquisition *a, GError **error)
{
    CelDevice *device = a->device;
    const CelCapabilities *c = capabilities(a);
    if (!wait_with_progress(a, N_("The laser is warming up"),
                            c->laser_delay_ms + c->laser_warmup_ms, error))
        return FALSE;
    const CelLaserState state = device->driver->laser(device->session);
    cel_device_set_laser(device, state);
    if (!cel_laser_is_off(state))
        return move(a, CEL_LASER_STEP_ON, cel_laser_state_text(state), error);
    g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                _("The laser did not come on (it is %s). Nothing was measured. Look at the "
                  "interlock, the key switch and the cover, then repeat."),
                _(cel_laser_state_text(state)));
    return FALSE;
}

static gboolean delay_start(CelAcquisition *a, GError **error)
{
    if (a->has_delayed)
        return TRUE;
    a->has_delayed = wait_with_progress(a, N_("The laser goes on after the delay"),
                                        a->options.start_delay_ms, error);
    return a->has_delayed;
}

gboolean cel_light_on(CelAcquisition *a, double laser_mw, const CelLightTime *time, GError **error)
{
    guint longest_ms = 0;
    GError *failure = NULL;
    if (!cel_light_is_ours(a)) {
        cel_device_set_laser(a->device, CEL_LASER_UNKNOWN);
        return TRUE;
    }
    if (!choose_deadline(a, time, &longest_ms, error) || !have_guard(a, error))
        return FALSE;
    if (arm(a, laser_mw, longest_ms, &failure) && delay_start(a, &failure) &&
        emit(a, longest_ms, &failure) && warm_up(a, &failure))
        return TRUE;
    const gboolean cancelled = g_error_matches(failure, CEL_ERROR, CEL_ERROR_CANCELLED);
    if (!cancelled)
        move(a, CEL_LASER_STEP_FAULT, "the laser could not be lit", NULL);
    cel_light_explain(a, failure, error);
    cel_light_off(a, cancelled ? "stopped" : "after a fault");
    return FALSE;
}

/* ---- off ---- */

CelLaserState cel_light_off(CelAcquisition *a, const char *cause)
{
    const CelSwitchOff how = {.cause = cause, .clock = a->options.clock, .cancel = a->stop};
    const CelLaserState state = cel_device_switch_off(a->device, &how);
    if (a->lit) {
        a->burn_ms += (double)(cel_clock_mono_us(a->options.clock) - a->lit_since_us) / 1000.0;
        g_clear_pointer(&a->supervisor, cel_supervisor_end);
    }
    if (cel_laser_is_off(state)) /* else the guard goes on */
        permit(a, 0, NULL);
    a->lit = FALSE;
    return state;
}

CelLaserState cel_light_insist_off(CelAcquisition *a, const char *cause)
{
    CelLaserState state = cel_light_off(a, cause);
    for (guint i = 1; i < OFF_TRIES && cel_light_is_ours(a) && !cel_laser_is_off(state) &&
                      cel_device_wait(a->device, OFF_PAUSE_MS, a->stop);
         i++)
        state = cel_light_off(a, cause);
    return state;
}

void cel_light_call_guard(const CelAcquisition *a)
{
    const CelDevice *device = a->device;
    if (device->guard != NULL)
        device->table.guard->help(device->guard);
}

gboolean cel_light_ensure_off(CelAcquisition *a, GError **error)
{
    const CelLaserState state = cel_light_insist_off(a, "before frames without light");
    if (cel_laser_is_off(state) || !cel_light_is_ours(a))
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                _("The laser did not go off for the frames without it (it is %s). Nothing was "
                  "measured."),
                _(cel_laser_state_text(state)));
    return FALSE;
}

gboolean cel_light_awake(const CelAcquisition *a, GError **error)
{
    if (!cel_clock_has_slept(a->options.clock, a->slept_us))
        return TRUE;
    if (cel_light_is_ours(a) && !a->options.laser_off)
        g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                    _("The computer went to sleep, so the laser was turned off and this "
                      "measurement does not count. What was measured before is kept. Measure this "
                      "again."));
    else
        g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                    _("The computer went to sleep, so this measurement does not count. What was "
                      "measured before is kept. Measure this again."));
    return FALSE;
}

gboolean cel_light_explain(CelAcquisition *a, GError *failure, GError **error)
{
    if (!cel_light_awake(a, error)) {
        g_error_free(failure);
        return FALSE;
    }
    const CelStopCause cause =
        a->supervisor != NULL ? cel_supervisor_cause(a->supervisor) : CEL_STOPPED_BY_NOBODY;
    if (cause == CEL_STOPPED_BY_NOBODY) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    g_error_free(failure);
    if (cause == CEL_STOPPED_BY_GUARD)
        g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                    _("The guard that would turn the laser off when this program fails was lost, "
                      "so the laser was turned off. The measurement is not usable. Repeat it."));
    else
        g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                    _("The laser burned for as long as it may, so it was turned off. The "
                      "measurement is not usable. Take fewer or shorter frames."));
    return FALSE;
}
