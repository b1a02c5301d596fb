/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simusb-fid.h"

#include <string.h>

enum {
    OP_ENABLED = 0xE2,
    OP_CAN_FIRE = 0xEF,
    OP_FIRING = 0xFF0D,
    OP_WATCHDOG = 0xFF17,
    FEATURE_INTERLOCK_FEEDBACK = 0x40,
    FEATURE_INTERLOCK_EXCLUDED = 0x400,
    XS_CAN_FIRE = 0x08,
};

gboolean simfid_is_xs(const SimFid *fid)
{
    return fid->details->board == SIMFID_XS;
}

/* Without modulation the laser gives all it has; that is why a width of 0 is no way to switch it
 * off. */
static double duty(const SimFid *fid)
{
    if (fid->reg[SIMFID_MODULATION] == 0)
        return 1.0;
    if (fid->reg[SIMFID_PULSE_PERIOD] == 0)
        return 0.0;
    return MIN(1.0, (double)fid->reg[SIMFID_PULSE_WIDTH] / (double)fid->reg[SIMFID_PULSE_PERIOD]);
}

void simfid_laser_update(SimFid *fid)
{
    SimUsbTruth *truth = &fid->board->truth;
    const gint64 now = fid->board->now_us;
    if (fid->enabled && fid->watchdog_us <= now) {
        fid->enabled = FALSE;
        truth->watchdog_trips++;
    }
    /* The ARM boards disarm when the door opens; the older ones only lose the light. */
    if (!truth->interlock_closed && simfid_is_xs(fid))
        fid->enabled = FALSE;
    truth->enabled = fid->enabled;
    truth->laser_mw = fid->mw_max * duty(fid);
    gboolean light = fid->enabled && fid->light_from_us <= now && duty(fid) > 0.0;
    if (fid->board->laser_stuck && truth->light)
        light = TRUE;
    simusb_truth_light(truth, light && truth->interlock_closed, now);
}

/* Runs from the enable command or from its own change while enabled. */
static void restart_watchdog(SimFid *fid)
{
    const guint64 seconds = fid->reg[SIMFID_WATCHDOG_S];
    fid->watchdog_us = G_MAXINT64;
    if (simfid_is_xs(fid) && seconds > 0 && fid->enabled)
        fid->watchdog_us =
            fid->board->now_us + simusb_board_scaled_us(fid->board, (double)seconds * 1000.0);
}

void simfid_laser_enable(SimFid *fid, gboolean on)
{
    const gboolean may =
        fid->mw_max > 0.0 && (fid->board->truth.interlock_closed || !simfid_is_xs(fid));
    if (on && may && !fid->enabled) {
        const double warning_s = simfid_is_xs(fid) ? (double)fid->reg[SIMFID_WARNING_S] : 0.0;
        fid->light_from_us =
            fid->board->now_us + simusb_board_scaled_us(fid->board, warning_s * 1000.0);
    }
    fid->enabled = on && may;
    if (!on)
        fid->board->truth.disables_obeyed++;
    restart_watchdog(fid);
    simfid_laser_update(fid);
}

gint64 simfid_laser_due_us(const SimFid *fid)
{
    if (!fid->enabled)
        return G_MAXINT64;
    const gint64 now = fid->board->now_us;
    return MIN(fid->watchdog_us, fid->light_from_us > now ? fid->light_from_us : G_MAXINT64);
}

void simfid_laser_watchdog_set(SimFid *fid, guint16 raw)
{
    fid->reg[SIMFID_WATCHDOG_S] = fid->quirks.watchdog_swapped ? GUINT16_SWAP_LE_BE(raw) : raw;
    restart_watchdog(fid);
}

static gboolean has_feedback(const SimFid *fid)
{
    return simfid_is_xs(fid) || (fid->details->memory.features & FEATURE_INTERLOCK_FEEDBACK) != 0;
}

static void append_watchdog(SimFid *fid, GByteArray *answer)
{
    const guint64 seconds = fid->reg[SIMFID_WATCHDOG_S];
    guint8 bytes[2] = {(guint8)seconds, (guint8)(seconds >> 8)};
    if (fid->quirks.watchdog_msb_first) {
        bytes[0] = (guint8)(seconds >> 8);
        bytes[1] = (guint8)seconds;
    }
    g_byte_array_append(answer, bytes, 2);
}

gboolean simfid_laser_read(SimFid *fid, guint32 opcode, GByteArray *answer)
{
    simfid_laser_update(fid);
    const SimUsbTruth *truth = &fid->board->truth;
    const gboolean lies = fid->board->laser_lies;
    guint8 byte = 0;
    if (opcode == OP_WATCHDOG) {
        append_watchdog(fid, answer);
        return simfid_is_xs(fid);
    }
    if (opcode != OP_ENABLED && !has_feedback(fid))
        return FALSE;
    if (opcode == OP_ENABLED) {
        byte = (fid->enabled || (fid->board->laser_stuck && truth->light)) && !lies &&
               !(simfid_is_xs(fid) && fid->quirks.enable_unreadable);
    } else if (opcode == OP_FIRING) {
        byte = truth->light && !lies;
    } else {
        const gboolean excluded = (fid->details->memory.features & FEATURE_INTERLOCK_EXCLUDED) != 0;
        if (truth->interlock_closed || excluded)
            byte = simfid_is_xs(fid) ? XS_CAN_FIRE : 1;
    }
    g_byte_array_append(answer, &byte, 1);
    return TRUE;
}

gboolean simfid_laser_set(SimFid *fid, const char *key, gboolean on)
{
    if (strcmp(key, "interlock") == 0)
        fid->board->truth.interlock_closed = on;
    else if (strcmp(key, "laser-stuck") == 0)
        fid->board->laser_stuck = on;
    else if (strcmp(key, "laser-lies") == 0)
        fid->board->laser_lies = on;
    else
        return FALSE;
    simfid_laser_update(fid);
    return TRUE;
}
