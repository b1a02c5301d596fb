/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/cel-laser.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>

static const char *const step_names[CEL_N_LASER_STEPS] = {
    [CEL_LASER_STEP_UNKNOWN] = "UNKNOWN", [CEL_LASER_STEP_OFF] = "OFF",
    [CEL_LASER_STEP_ARMED] = "ARMED",     [CEL_LASER_STEP_WARMING] = "WARMING",
    [CEL_LASER_STEP_ON] = "ON",           [CEL_LASER_STEP_STOPPING] = "STOPPING",
    [CEL_LASER_STEP_FAULT] = "FAULT",
};

#define TO(step) (1u << CEL_LASER_STEP_##step)

/* Light is reached over ARMED and WARMING only, and what may be lit is left over STOPPING only:
 * after every one of these an off command has gone out. */
static const guint edges_to[CEL_N_LASER_STEPS] = {
    [CEL_LASER_STEP_UNKNOWN] = TO(STOPPING) | TO(FAULT),
    [CEL_LASER_STEP_OFF] = TO(ARMED) | TO(STOPPING) | TO(FAULT),
    [CEL_LASER_STEP_ARMED] = TO(WARMING) | TO(STOPPING) | TO(FAULT),
    [CEL_LASER_STEP_WARMING] = TO(ON) | TO(STOPPING) | TO(FAULT),
    [CEL_LASER_STEP_ON] = TO(STOPPING) | TO(FAULT),
    [CEL_LASER_STEP_STOPPING] = TO(OFF) | TO(UNKNOWN) | TO(FAULT),
    [CEL_LASER_STEP_FAULT] = TO(STOPPING),
};

const char *cel_laser_state_text(CelLaserState state)
{
    switch (state) {
    case CEL_LASER_OFF_READ_BACK:
        return N_("off (read back)");
    case CEL_LASER_OFF_COMMANDED:
        return N_("off (commanded, this instrument cannot confirm)");
    case CEL_LASER_ON:
        return N_("ON");
    case CEL_LASER_UNKNOWN:
        break;
    }
    /* whatever is not one of the states above is not known to be safe */
    return N_("UNKNOWN: treat as on");
}

gboolean cel_laser_is_off(CelLaserState state)
{
    return state == CEL_LASER_OFF_READ_BACK || state == CEL_LASER_OFF_COMMANDED;
}

const char *cel_laser_step_name(CelLaserStep step)
{
    return (guint)step < CEL_N_LASER_STEPS ? step_names[step] : step_names[CEL_LASER_STEP_UNKNOWN];
}

gboolean cel_laser_step_may(CelLaserStep from, CelLaserStep to)
{
    return (guint)from < CEL_N_LASER_STEPS && (guint)to < CEL_N_LASER_STEPS &&
           (edges_to[from] & (1u << (guint)to)) != 0;
}

/* The last edges count most: when there is no room the newest takes the last place. */
static void log_edge(CelLaserMachine *machine, const CelLaserEdge *edge)
{
    if (machine->n_edges == CEL_LASER_MAX_EDGES) {
        machine->n_edges--;
        machine->n_lost++;
    }
    machine->edges[machine->n_edges++] = *edge;
}

gboolean cel_laser_move(CelLaserMachine *machine, CelLaserStep to, const char *cause,
                        CelClock clock, GError **error)
{
    if (!cel_laser_step_may(machine->step, to)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                    _("The laser is %s and may not become %s. Nothing was measured. Unplug the "
                      "instrument, plug it in and repeat."),
                    cel_laser_step_name(machine->step), cel_laser_step_name(to));
        return FALSE;
    }
    log_edge(machine, &(CelLaserEdge){.mono_us = cel_clock_mono_us(clock),
                                      .wall_us = cel_clock_wall_us(clock),
                                      .from = machine->step,
                                      .to = to,
                                      .cause = cause});
    machine->step = to;
    return TRUE;
}

void cel_laser_forget_edges(CelLaserMachine *machine)
{
    machine->n_edges = machine->n_lost = 0;
}

void cel_laser_note_edges(const CelLaserMachine *machine, CelMeasurement *measurement)
{
    for (guint i = 0; i < machine->n_edges; i++) {
        const CelLaserEdge *edge = &machine->edges[i];
        g_autofree char *key = g_strdup_printf("laser.edge.%03u", i + 1);
        g_autofree char *text =
            g_strdup_printf("%s>%s mono_us=%" G_GINT64_FORMAT " wall_us=%" G_GINT64_FORMAT " %s",
                            cel_laser_step_name(edge->from), cel_laser_step_name(edge->to),
                            edge->mono_us, edge->wall_us, edge->cause);
        cel_measurement_note(measurement, key, text);
    }
    if (machine->n_lost == 0)
        return;
    g_autofree char *lost = g_strdup_printf("%u", machine->n_lost);
    cel_measurement_note(measurement, "laser.edges_lost", lost);
}
