/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wasatch/wasatch-private.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>

/*
 * "Modulation off" means full power, so everything is programmed with the laser off, the width
 * before the modulation, and read back. What is said of the laser is never better than the board
 * confirmed: on XS firmware, whose read-back the maker's own program does not trust, "off" is
 * "commanded" and no more.
 */
enum {
    N_TRIES = 4,      /* Wasatch.PY: a prototype dropped packets */
    ASK_GAP_MS = 10,  /* the board must not be asked faster than 100 Hz (Wasatch.PY, FX2) */
    OFF_COMMANDS = 2, /* so many that are not answered fit into the patience of laser_off() */
    ASK_TIMEOUT_MS = 15,
    PATIENT_BUDGET_MS = 3000,
    XS_CAN_FIRE = 0x08,
    PERCENT_OF_MAX = 10, /* what is taken when no power is asked for */
};

/* ---- reading back ---- */

static gboolean ask_once(CelSession *s, CelWasatchOpcode opcode, const CelTransfer *limits,
                         guint64 *out_value)
{
    CelWasatchRequest request = cel_wasatch_get(s->board->is_arm, opcode);
    gsize n = 0;
    g_autoptr(GError) failure = NULL;
    if (!cel_transport_control(s->transport, &request.setup, request.data, request.n, limits, &n,
                               &failure)) {
        s->is_gone =
            s->is_gone || g_error_matches(failure, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_GONE);
        return FALSE;
    }
    return cel_wasatch_answer(opcode, request.data, n, out_value);
}

/* Returns: ms until the board may be asked again. */
static guint gap_left_ms(CelSession *s)
{
    const gint64 since_us = cel_transport_now_us(s->transport) - s->laser.asked_us;
    if (s->laser.asked_us == 0 || since_us >= ASK_GAP_MS * 1000)
        return 0;
    return (guint)(ASK_GAP_MS - since_us / 1000);
}

static void pace(CelSession *s)
{
    const guint left_ms = gap_left_ms(s);
    if (left_ms > 0)
        cel_transport_wait(s->transport, left_ms, NULL);
    s->laser.asked_us = cel_transport_now_us(s->transport);
}

/* A board whose read-back is to be trusted. Whatever is neither 0 nor 1 is no answer. */
static CelLaserState read_back(CelSession *s, const CelTransfer *limits)
{
    guint64 value = 0;
    pace(s);
    if (!ask_once(s, CEL_WASATCH_GET_LASER_ENABLE, limits, &value) || value > 1)
        return CEL_LASER_UNKNOWN;
    s->laser.has_answer = TRUE;
    return value == 1 ? CEL_LASER_ON : CEL_LASER_OFF_READ_BACK;
}

/* XS: its words can make the state worse, never better. */
static CelLaserState distrusted(CelSession *s, const CelTransfer *limits)
{
    guint64 firing = 0;
    if (s->laser.may_be_on)
        return CEL_LASER_ON;
    if (ask_once(s, CEL_WASATCH_IS_LASER_FIRING, limits, &firing) && firing != 0)
        return CEL_LASER_ON;
    return s->is_gone ? CEL_LASER_UNKNOWN : CEL_LASER_OFF_COMMANDED;
}

static CelLaserState look(CelSession *s, const CelTransfer *limits)
{
    if (s->is_gone)
        return CEL_LASER_UNKNOWN;
    return s->laser.is_read_back ? read_back(s, limits) : distrusted(s, limits);
}

/* ---- off ---- */

static gboolean is_off(CelLaserState state)
{
    return state == CEL_LASER_OFF_READ_BACK || state == CEL_LASER_OFF_COMMANDED;
}

/* An ARM board's STALL leaves open whether the command was obeyed: then both of its words must say
 * "off". */
static gboolean is_off_after_stall(CelSession *s)
{
    const CelTransfer limits = {.timeout_ms = ASK_TIMEOUT_MS / 2};
    guint64 enabled = 1, firing = 1;
    return s->board->is_arm && ask_once(s, CEL_WASATCH_GET_LASER_ENABLE, &limits, &enabled) &&
           enabled == 0 && ask_once(s, CEL_WASATCH_IS_LASER_FIRING, &limits, &firing) &&
           firing == 0;
}

static gboolean send_off(CelSession *s, const CelTransfer *limits, GError **error)
{
    const CelWasatchRequest off =
        cel_wasatch_set(s->board->is_arm, CEL_WASATCH_SET_LASER_ENABLE, 0);
    GError *failure = NULL;
    s->laser.has_answer = FALSE;
    gboolean ok = cel_wasatch_send(s, &off, limits, &failure);
    if (!ok && g_error_matches(failure, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_STALL) &&
        is_off_after_stall(s)) {
        g_clear_error(&failure);
        ok = TRUE;
    }
    if (ok)
        s->laser.may_be_on = FALSE;
    else
        g_propagate_error(error, failure);
    return ok;
}

static guint ms_left(CelSession *s, gint64 deadline_us, guint most_ms)
{
    const gint64 left_ms = (deadline_us - cel_transport_now_us(s->transport)) / 1000;
    return (guint)CLAMP(left_ms, 0, (gint64)most_ms);
}

/* Sends "off" until the board confirms it, N_TRIES times, as long as @budget_ms lasts and nobody
 * cancels; @each limits a transfer. */
static CelLaserState turn_off(CelSession *s, guint budget_ms, const CelTransfer *each,
                              GError **error)
{
    const gint64 deadline_us = cel_transport_now_us(s->transport) + (gint64)budget_ms * 1000;
    CelTransfer limits = *each;
    CelLaserState state = CEL_LASER_UNKNOWN;
    for (guint i = 0; i < N_TRIES && !s->is_gone; i++) {
        g_clear_error(error);
        limits.timeout_ms = ms_left(s, deadline_us, each->timeout_ms);
        if (limits.timeout_ms == 0 || g_cancellable_is_cancelled(each->cancel))
            break;
        state = CEL_LASER_UNKNOWN;
        if (!send_off(s, &limits, error))
            continue;
        limits.timeout_ms = ms_left(s, deadline_us, each->timeout_ms);
        if (limits.timeout_ms > 0)
            state = look(s, &limits);
        if (is_off(state))
            break;
    }
    return state;
}

static CelLaserState turn_off_within(CelSession *s, guint patience_ms, GCancellable *cancel)
{
    const CelTransfer each = {.timeout_ms = patience_ms / OFF_COMMANDS, .cancel = cancel};
    g_autoptr(GError) failure = NULL;
    return turn_off(s, patience_ms, &each, &failure);
}

/* A cancel on the way leaves open whether the command arrived: it is sent again. */
CelLaserState cel_wasatch_laser_off(CelSession *s, GCancellable *cancel)
{
    s->laser.state = CEL_LASER_UNKNOWN;
    if (!g_cancellable_is_cancelled(cancel))
        s->laser.state = turn_off_within(s, CEL_LASER_OFF_PATIENT_MS, cancel);
    if (g_cancellable_is_cancelled(cancel) && !is_off(s->laser.state))
        s->laser.state = turn_off_within(s, CEL_LASER_OFF_QUICK_MS, NULL);
    return cel_wasatch_laser_shown(s);
}

gboolean cel_wasatch_first_off(CelSession *s, GCancellable *cancel, GError **error)
{
    const CelTransfer limits = cel_wasatch_patience(cancel);
    GError *failure = NULL;
    s->laser.may_be_on = TRUE; /* whoever had it before may have left it so */
    s->laser.is_read_back = !s->board->is_arm;
    const CelLaserState state = turn_off(s, PATIENT_BUDGET_MS, &limits, &failure);
    if (failure != NULL) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    s->laser.state = state;
    if (!is_off(state)) /* modulation off would now be full power */
        return TRUE;
    const CelWasatchSetting unlink = {
        cel_wasatch_set(s->board->is_arm, CEL_WASATCH_SET_MOD_LINKED_TO_INTEGRATION, 0),
        CEL_WASATCH_GET_MOD_LINKED_TO_INTEGRATION, 0};
    const CelWasatchSetting no_modulation = {
        cel_wasatch_set(s->board->is_arm, CEL_WASATCH_SET_MOD_ENABLE, 0),
        CEL_WASATCH_GET_MOD_ENABLE, 0};
    return cel_wasatch_set_loosely(s, &unlink, &limits, error) &&
           cel_wasatch_set_loosely(s, &no_modulation, &limits, error);
}

/* ---- the state ---- */

CelLaserState cel_wasatch_laser_shown(const CelSession *s)
{
    if (s->laser.kind == CEL_LASER_EXTERNAL)
        return CEL_LASER_UNKNOWN;
    if (s->laser.kind == CEL_LASER_NONE && s->laser.state == CEL_LASER_UNKNOWN)
        return CEL_LASER_OFF_COMMANDED; /* there is none to be on */
    return s->laser.state;
}

CelLaserState cel_wasatch_laser(CelSession *s)
{
    /* an answer of this very moment need not be waited for again */
    const gboolean is_fresh = s->laser.has_answer && gap_left_ms(s) > 0 && !s->is_gone;
    if (s->laser.kind == CEL_LASER_BUILT_IN && !is_fresh)
        s->laser.state = look(s, &(CelTransfer){.timeout_ms = ASK_TIMEOUT_MS});
    return cel_wasatch_laser_shown(s);
}

void cel_wasatch_laser_gate(CelSession *s, CelLaserGate *out_gate)
{
    const CelWasatchRequest off =
        cel_wasatch_set(s->board->is_arm, CEL_WASATCH_SET_LASER_ENABLE, 0);
    *out_gate = (CelLaserGate){.control = off.setup, .n = off.n};
    if (s->laser.is_read_back)
        out_gate->read_back = cel_wasatch_get(FALSE, CEL_WASATCH_GET_LASER_ENABLE).setup;
}

/* ---- what it is ---- */

static CelLaserKind kind_of(const CelWasatchEeprom *e)
{
    const gboolean is_disabled = (e->xs_features & CEL_WASATCH_XS_DISABLE_LASER) != 0;
    if (e->has_laser && !is_disabled)
        return CEL_LASER_BUILT_IN;
    /* made for one wavelength of light: another device gives it */
    return e->excitation_nm > 0.0 && !is_disabled ? CEL_LASER_EXTERNAL : CEL_LASER_NONE;
}

static void set_or_note(CelSession *s, CelWasatchOpcode opcode, guint16 value, const char *what)
{
    const CelTransfer limits = cel_wasatch_patience(NULL);
    const CelWasatchRequest request = cel_wasatch_set(s->board->is_arm, opcode, value);
    g_autoptr(GError) failure = NULL;
    if (cel_wasatch_send(s, &request, &limits, &failure))
        return;
    cel_wasatch_note(s, "laser: %s was not taken: %s", what, failure->message);
}

static void set_up_xs(CelSession *s, gint attenuator)
{
    const CelWasatchEeprom *e = &s->eeprom;
    const CelTransfer limits = cel_wasatch_patience(NULL);
    guint64 delay_s = 0;
    if (cel_wasatch_ask(s, CEL_WASATCH_GET_LASER_WARNING_DELAY_SEC, &limits, &delay_s, NULL))
        s->laser.warning_delay_s = (guint)delay_s;
    else
        cel_wasatch_note(s, "laser: its warning delay is not known");
    if ((e->features & CEL_WASATCH_SIG_LASER_TEC) != 0 && e->laser_tec_raw != 0)
        set_or_note(s, CEL_WASATCH_SET_LASER_TEC_SETPOINT, (guint16)e->laser_tec_raw,
                    "the temperature set-point");
    if (attenuator >= 0 || e->has_attenuator)
        set_or_note(s, CEL_WASATCH_SET_LASER_ATTENUATOR,
                    (guint16)(attenuator >= 0 ? (guint)attenuator : e->attenuator),
                    "the attenuator");
}

void cel_wasatch_set_up_laser(CelSession *s, gint attenuator)
{
    const CelWasatchEeprom *e = &s->eeprom;
    const gboolean says_interlock = (e->features & CEL_WASATCH_INTERLOCK_FEEDBACK) != 0;
    const gboolean excluded = (e->features & CEL_WASATCH_INTERLOCK_EXCLUDED) != 0;
    s->laser.kind = kind_of(e);
    s->laser.is_read_back = !s->is_xs && !s->board->is_arm;
    s->laser.interlock_readable = (s->is_xs || says_interlock) && !excluded;
    if (s->laser.kind == CEL_LASER_BUILT_IN && s->is_xs && s->board->is_arm)
        set_up_xs(s, attenuator);
}

static double default_mw(const CelWasatchEeprom *e)
{
    return CLAMP(e->laser_mw_max * PERCENT_OF_MAX / 100.0, e->laser_mw_min, e->laser_mw_max);
}

void cel_wasatch_laser_capabilities(const CelSession *s, CelCapabilities *out)
{
    const CelWasatchEeprom *e = &s->eeprom;
    out->laser = s->laser.kind;
    if (s->laser.kind != CEL_LASER_BUILT_IN)
        return;
    out->laser_mw_settable = e->has_power;
    out->laser_mw_min = e->laser_mw_min;
    out->laser_mw_max = e->laser_mw_max;
    out->laser_mw_default = e->has_power ? default_mw(e) : 0.0;
    g_strlcpy(out->laser_class, cel_wasatch_laser_class(e->laser_mw_max), sizeof out->laser_class);
    if (e->excitation_nm > 0.0)
        g_snprintf(out->eyewear, sizeof out->eyewear, _("laser safety eyewear for %.0f nm"),
                   e->excitation_nm);
    out->laser_delay_ms = 1000 * s->laser.warning_delay_s;
    out->laser_warmup_ms = 1000 * e->laser_warmup_s;
    out->interlock_readable = s->laser.interlock_readable;
    /* watchdog_max_s stays 0: FX2 has none, and in which byte order XS firmware reads its seconds
     * is not known, so that 10 s may be 2560 */
}

/* ---- arming ---- */

static gboolean fail(GError **error, const char *message)
{
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_DEVICE, message);
    return FALSE;
}

gboolean cel_wasatch_laser_can_fire(CelSession *s, GCancellable *cancel, GError **error)
{
    const CelTransfer limits = cel_wasatch_patience(cancel);
    GError *failure = NULL;
    guint64 value = 0;
    if (!s->laser.interlock_readable)
        return TRUE;
    if (!cel_wasatch_ask(s, CEL_WASATCH_CAN_LASER_FIRE, &limits, &value, &failure))
        return cel_transport_explain(failure, _("Asking for the laser's interlock"), error);
    if (s->is_xs ? (value & XS_CAN_FIRE) != 0 : value != 0)
        return TRUE;
    return fail(error, _("The laser cannot fire: the interlock is open. Nothing was measured. "
                         "Close the cover or put the cap on, then repeat."));
}

static gboolean choose_percent(CelSession *s, const CelLaserRequest *request, double *out_percent,
                               GError **error)
{
    const CelWasatchEeprom *e = &s->eeprom;
    if (!e->has_power && !(request->laser_mw > 0.0)) {
        *out_percent = s->initial_percent;
        return TRUE;
    }
    const double mw = request->laser_mw > 0.0 ? request->laser_mw : default_mw(e);
    if (cel_wasatch_power_percent(e, mw, out_percent))
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                _("The laser cannot give %g mW. Nothing was measured. Choose a power from %g to "
                  "%g mW."),
                mw, e->laser_mw_min, e->laser_mw_max);
    return FALSE;
}

/* Only with the laser off; period, width, modulation, in this order. */
static gboolean program(CelSession *s, const CelWasatchModulation *modulation, GCancellable *cancel,
                        GError **error)
{
    const CelTransfer limits = cel_wasatch_patience(cancel);
    const CelWasatchSetting settings[] = {
        {cel_wasatch_set_us(CEL_WASATCH_SET_MOD_PERIOD, CEL_WASATCH_MOD_PERIOD_US),
         CEL_WASATCH_GET_MOD_PERIOD, CEL_WASATCH_MOD_PERIOD_US},
        {cel_wasatch_set_us(CEL_WASATCH_SET_MOD_WIDTH, modulation->width_us),
         CEL_WASATCH_GET_MOD_WIDTH, modulation->width_us},
        {cel_wasatch_set(s->board->is_arm, CEL_WASATCH_SET_MOD_ENABLE,
                         modulation->modulated ? 1 : 0),
         CEL_WASATCH_GET_MOD_ENABLE, modulation->modulated ? 1 : 0},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(settings); i++) {
        GError *failure = NULL;
        if (!cel_wasatch_set_and_check(s, &settings[i], &limits, &failure))
            return cel_transport_explain(failure, _("Setting the laser's power"), error);
    }
    return TRUE;
}

/* Only XS has a watchdog. A firmware without it refuses both; one that gives back another time
 * might switch the laser off during an exposure, or never. */
static gboolean set_watchdog(CelSession *s, const CelLaserRequest *request, GError **error)
{
    const CelTransfer limits = cel_wasatch_patience(request->cancel);
    const guint16 seconds = cel_wasatch_watchdog_s(request->longest_ms);
    const CelWasatchRequest set =
        cel_wasatch_set(s->board->is_arm, CEL_WASATCH_SET_LASER_WATCHDOG_SEC, seconds);
    CelWasatchRequest get = cel_wasatch_get(s->board->is_arm, CEL_WASATCH_GET_LASER_WATCHDOG_SEC);
    GError *failure = NULL;
    gsize n = 0;
    if (!s->is_xs || !s->board->is_arm)
        return TRUE;
    if (!cel_wasatch_send(s, &set, &limits, &failure) &&
        !g_error_matches(failure, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_STALL))
        return cel_transport_explain(failure, _("Setting the laser's watchdog"), error);
    const gboolean refused = failure != NULL;
    g_clear_error(&failure);
    if (cel_wasatch_ask_bytes(s, &get, &limits, &n, &failure)) {
        if (cel_wasatch_watchdog_agrees(seconds, get.data, n))
            return TRUE;
        return fail(error, _("The laser's watchdog does not take the time it was given. The laser "
                             "was not switched on. Unplug the instrument, plug it in and repeat."));
    }
    if (refused && g_error_matches(failure, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_STALL)) {
        g_clear_error(&failure);
        return TRUE;
    }
    return cel_transport_explain(failure, _("Setting the laser's watchdog"), error);
}

static gboolean arm(CelSession *s, const CelLaserRequest *request, GError **error)
{
    CelWasatchModulation modulation;
    double percent = 0.0;
    if (s->laser.kind != CEL_LASER_BUILT_IN)
        return fail(error, _("This instrument does not switch a laser. Nothing was measured."));
    if (!choose_percent(s, request, &percent, error))
        return FALSE;
    if (!cel_wasatch_modulation(percent, &modulation))
        return fail(error, _("So little laser power cannot be set. Nothing was measured. Choose "
                             "more."));
    if (!is_off(cel_wasatch_laser_off(s, request->cancel)))
        return fail(error, _("The laser did not go off before its power was to be set. Nothing was "
                             "measured. Keep away from the beam, cut the instrument's power."));
    return program(s, &modulation, request->cancel, error) && set_watchdog(s, request, error) &&
           cel_wasatch_laser_can_fire(s, request->cancel, error);
}

gboolean cel_wasatch_laser_arm(CelSession *s, const CelLaserRequest *request, GError **error)
{
    s->laser.is_armed = arm(s, request, error);
    if (!s->laser.is_armed)
        cel_wasatch_laser_off(s, request->cancel);
    return s->laser.is_armed;
}

/* ---- on ---- */

static gboolean send_on(CelSession *s, GCancellable *cancel, GError **error)
{
    const CelTransfer limits = cel_wasatch_patience(cancel);
    const CelWasatchRequest on = cel_wasatch_set(s->board->is_arm, CEL_WASATCH_SET_LASER_ENABLE, 1);
    GError *failure = NULL;
    s->laser.may_be_on = TRUE; /* whatever comes of it */
    s->laser.has_answer = FALSE;
    s->laser.state = CEL_LASER_ON;
    const gboolean ok = cel_wasatch_send(s, &on, &limits, &failure);
    if (ok || (s->board->is_arm &&
               g_error_matches(failure, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_STALL))) {
        g_clear_error(&failure);
        return TRUE;
    }
    return cel_transport_explain(failure, _("Switching the laser on"), error);
}

static gboolean turn_on(CelSession *s, GCancellable *cancel, GError **error)
{
    if (!s->laser.is_armed)
        return fail(error, _("The laser was not prepared. It was not switched on."));
    if (!cel_wasatch_laser_can_fire(s, cancel, error))
        return FALSE;
    for (guint i = 0; i < N_TRIES; i++) {
        if (!send_on(s, cancel, error))
            return FALSE;
        if (!s->laser.is_read_back || cel_wasatch_laser(s) == CEL_LASER_ON)
            return TRUE;
    }
    return fail(error, _("The laser does not go on. Nothing was measured. Check the interlock and "
                         "the key, then repeat."));
}

gboolean cel_wasatch_laser_on(CelSession *s, GCancellable *cancel, GError **error)
{
    if (turn_on(s, cancel, error))
        return TRUE;
    s->laser.is_armed = FALSE;
    cel_wasatch_laser_off(s, cancel);
    return FALSE;
}
