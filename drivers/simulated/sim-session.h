/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "simulated/cel-sim.h"
#include "simulated/sim-physics.h"

G_BEGIN_DECLS

/* An open simulated instrument; inside of this folder only. */

typedef enum {
    FAULT_NONE,
    FAULT_UNPLUG,       /* from then on nothing answers */
    FAULT_STALL,        /* the frame never comes */
    FAULT_SHORT_FRAME,  /* the frame breaks off */
    FAULT_GARBAGE,      /* the frame holds what no detector gives */
    FAULT_STALE,        /* the frame before comes once more, with its number */
    FAULT_IDENTICAL,    /* likewise, with a new number */
    FAULT_FROZEN,       /* only that frame comes from then on */
    FAULT_SATURATE,     /* far too much light from then on */
    FAULT_INTERLOCK,    /* the laser cannot fire from then on */
    FAULT_LASER_STUCK,  /* the laser, once on, does not go off from then on */
    FAULT_LASER_SILENT, /* the laser's state cannot be read from then on */
    FAULT_LASER_DEAD,   /* the laser takes the command and does not light */
    FAULT_LASER_DROPS,  /* the laser goes off by itself during that exposure */
    N_FAULTS
} CelSimFault;

struct CelSession {
    const CelSimModel *model;
    CelSimPhysics *physics;
    CelSimConditions conditions;
    double speed;
    CelSimFault fault;
    guint64 fault_at;
    guint64 n_exposures;
    guint64 frame_number;
    gboolean laser_on, laser_armed; /* the true ones */
    double armed_mw;
    gint64 late_until_us; /* a frame that nobody waited for is ready then; 0: none */
    gboolean has_previous;
    CelExposure previous;
    double *last_counts;
};

/** cel_sim_struck: Returns: whether @fault holds in the present exposure. */
gboolean cel_sim_struck(const CelSession *s, CelSimFault fault);

/** cel_sim_strikes_now: Returns: whether @fault struck with this very exposure. */
gboolean cel_sim_strikes_now(const CelSession *s, CelSimFault fault);

/** cel_sim_fail: laser off. Returns: FALSE with CEL_ERROR_DEVICE, @message. */
gboolean cel_sim_fail(CelSession *s, GError **error, const char *message);

/** cel_sim_laser, cel_sim_laser_off, cel_sim_laser_arm, cel_sim_laser_on: slots of CelDriver. */
CelLaserState cel_sim_laser(CelSession *s);
CelLaserState cel_sim_laser_off(CelSession *s, GCancellable *cancel);
gboolean cel_sim_laser_arm(CelSession *s, const CelLaserRequest *request, GError **error);
gboolean cel_sim_laser_on(CelSession *s, GCancellable *cancel, GError **error);

G_END_DECLS
