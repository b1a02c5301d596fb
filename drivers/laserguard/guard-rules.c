/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "guard-rules.h"

#include "device/cel-guard-protocol.h"

static gboolean is_late(const GuardState *state, gint64 now_us, gint64 by_ms)
{
    return now_us > state->deadline_us + by_ms * 1000;
}

/* The parent has the interface: as long as it lives, nothing can be sent. A silent one keeps its
 * life until the light's own deadline. */
static GuardDeed decide_claimed(const GuardState *state, gint64 now_us, const char **out_cause)
{
    *out_cause = "deadline";
    return is_late(state, now_us, GUARD_KILL_LATE_MS) ? GUARD_KILL_PARENT : GUARD_WAIT;
}

GuardDeed guard_decide(const GuardState *state, gint64 now_us, const char **out_cause)
{
    if (state->ended)
        return GUARD_LEAVE;
    if (now_us < state->seek_until_us)
        return GUARD_SEEK;
    if (state->parent_gone) {
        *out_cause = "end of the application";
        return state->is_final ? GUARD_LEAVE : GUARD_SWITCH_OFF;
    }
    *out_cause = "call of the application";
    if (state->called && !state->acted && !state->needs_claim)
        return GUARD_SWITCH_OFF;
    if (state->deadline_us == 0 || state->is_off)
        return GUARD_WAIT;
    if (state->needs_claim)
        return decide_claimed(state, now_us, out_cause);
    *out_cause = "light after the guard has acted";
    if (state->acted)
        return GUARD_SWITCH_OFF;
    *out_cause = "deadline";
    if (is_late(state, now_us, GUARD_LATE_MS))
        return GUARD_SWITCH_OFF;
    *out_cause = "silence";
    return now_us - state->heard_us > CEL_GUARD_SILENCE_MS * 1000 ? GUARD_SWITCH_OFF : GUARD_WAIT;
}
