/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What really happened in a simulated instrument: light and counts, as no protocol reports them. */

enum { SIMUSB_MAX_EDGES = 1024 };

/** SimUsbEdge: the light changed; @at_us: CLOCK_MONOTONIC, the same in every process. */
typedef struct {
    gint64 at_us;
    gboolean on;
} SimUsbEdge;

/** SimUsbTruth: of one unit, since it was made; survives unplugging. */
typedef struct {
    gboolean light;   /* leaves the aperture now */
    gboolean enabled; /* what the enable register holds; light may differ */
    gboolean interlock_closed;
    double laser_mw;                   /* that it gives, or would give */
    double integration_ms;             /* as last set */
    guint edges;                       /* of the light, both directions */
    gint64 on_before_us;               /* lit time of all finished periods */
    SimUsbEdge edge[SIMUSB_MAX_EDGES]; /* the last ones; edge i at i % SIMUSB_MAX_EDGES */
    guint enables, disables;           /* laser commands that arrived, obeyed or not */
    guint disables_obeyed;
    guint acquires, frames;                /* asked for; sent towards the host */
    guint controls, bulk_outs, bulk_ins;   /* transfers that ended, by any outcome but discard */
    guint discards, resets, opens, claims; /* of the node */
    guint faults, watchdog_trips;
    guint unknown;   /* requests no firmware of this family knows */
    guint forbidden; /* requests a driver must never send: bootloader, imaging mode, EEPROM write */
    guint lockups;   /* requests that would hang the firmware until it loses power */
} SimUsbTruth;

/** simusb_truth_light: the light is @on from @now_us on; counts an edge when that is new. */
void simusb_truth_light(SimUsbTruth *truth, gboolean on, gint64 now_us);

/** simusb_truth_on_us: Returns: how long there was light between @from_us and @to_us, as far as the
 * kept edges tell. */
gint64 simusb_truth_on_us(const SimUsbTruth *truth, gint64 from_us, gint64 to_us);

/** simusb_truth_value: reads a counter by its name in simusb_truth_text(). Returns: FALSE when
 * there is none of that name. */
gboolean simusb_truth_value(const SimUsbTruth *truth, const char *name, gint64 now_us,
                            double *out_value);

/** simusb_truth_text: Returns: (transfer full): "laser=0 enabled=0 ...", one line. */
char *simusb_truth_text(const SimUsbTruth *truth, gint64 now_us);

/** simusb_truth_edges_text: Returns: (transfer full): "1@TIME_US 0@TIME_US ...", oldest first. */
char *simusb_truth_edges_text(const SimUsbTruth *truth);

G_END_DECLS
