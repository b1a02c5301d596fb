/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/cel-driver.h"

G_BEGIN_DECLS

/*
 * The laser's steps as the engine drives it, and the log of every change between them. Pure: knows
 * no instrument. What is shown to people is CelLaserState, which comes from the hardware alone.
 */

typedef enum {
    CEL_LASER_STEP_UNKNOWN,  /* nothing is known: treat as on */
    CEL_LASER_STEP_OFF,      /* off as far as the hardware can tell */
    CEL_LASER_STEP_ARMED,    /* programmed, nothing emitted */
    CEL_LASER_STEP_WARMING,  /* light was commanded; frames do not count yet */
    CEL_LASER_STEP_ON,       /* the only step in which frames with light are taken */
    CEL_LASER_STEP_STOPPING, /* off was commanded, not yet seen */
    CEL_LASER_STEP_FAULT,    /* something went wrong with light possible */
    CEL_N_LASER_STEPS,
} CelLaserStep;

/** cel_laser_step_name: Returns: "UNKNOWN", "OFF", ...; as written into records. */
const char *cel_laser_step_name(CelLaserStep step);

/** cel_laser_step_may: Returns: whether the table of edges has one @from @to. */
gboolean cel_laser_step_may(CelLaserStep from, CelLaserStep to);

/** CelLaserEdge: one change of step. */
typedef struct {
    gint64 mono_us, wall_us;
    CelLaserStep from, to;
    const char *cause; /* a constant text in English, for the record */
} CelLaserEdge;

enum { CEL_LASER_MAX_EDGES = 160 };

/** CelLaserMachine: zeroed: UNKNOWN with an empty log. One thread at a time. */
typedef struct {
    CelLaserStep step;
    guint n_edges; /* in @edges */
    guint n_lost;  /* edges that found no room; the last one always has some */
    CelLaserEdge edges[CEL_LASER_MAX_EDGES];
} CelLaserMachine;

/** cel_laser_move: takes the edge to @to and logs it. @cause: lives for ever. Returns: FALSE with
 * CEL_ERROR_DEVICE when the table has no such edge; then nothing changed. */
gboolean cel_laser_move(CelLaserMachine *machine, CelLaserStep to, const char *cause,
                        CelClock clock, GError **error);

/** cel_laser_forget_edges: an empty log, the same step: a new acquisition begins. */
void cel_laser_forget_edges(CelLaserMachine *machine);

/** cel_laser_note_edges: the log as notes "laser.edge.001" ... of @measurement: "FROM>TO mono_us=N
 * wall_us=N CAUSE", and "laser.edges_lost" when there was no room for all. */
void cel_laser_note_edges(const CelLaserMachine *machine, CelMeasurement *measurement);

/** cel_laser_is_off: Returns: whether the hardware gives no sign of light. */
gboolean cel_laser_is_off(CelLaserState state);

G_END_DECLS
