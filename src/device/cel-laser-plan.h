/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/cel-driver.h"

G_BEGIN_DECLS

/* Whether there may be laser light on this sample, and how much. Pure. */

/** CelHazard: the answer to "dark, black, flammable or possibly explosive?". */
typedef enum { CEL_HAZARD_UNANSWERED, CEL_HAZARD_NO, CEL_HAZARD_YES, CEL_HAZARD_UNKNOWN } CelHazard;

/** CelLaserConfirmation: what the operator answered before this measurement; zeroed: nothing. */
typedef struct {
    gboolean eyewear_on;     /* everybody in the room wears what the label asks for */
    gboolean beam_blocked;   /* by the sample or the cap */
    gboolean nobody_in_line; /* of the beam and its reflections */
    CelHazard sample_hazard;
} CelLaserConfirmation;

/** CelHazardPolicy: what happens to a sample that is, or may be, dark or explosive. */
typedef enum {
    CEL_HAZARD_RAMP,   /* rising from the lowest power, watched; refused where power is fixed */
    CEL_HAZARD_REFUSE, /* no laser light */
} CelHazardPolicy;

/** CelLaserAsk: what the caller asks for. */
typedef struct {
    CelLaserConfirmation confirmation;
    CelHazardPolicy hazard_policy;
    gboolean ramp;   /* a ramp also for a harmless sample */
    double laser_mw; /* 0: the instrument's default */
    double cap_mw;   /* of the substance or the policy; 0: none */
} CelLaserAsk;

/** CelLaserPlan: what it gets. */
typedef struct {
    double laser_mw;     /* 0: the instrument's own */
    gboolean ramp;       /* rise from @ramp_from_mw to @laser_mw */
    double ramp_from_mw; /* lowest power of the instrument */
} CelLaserPlan;

/**
 * cel_laser_plan:
 * The questions of the laser rules are asked for every built-in laser that emits something. The
 * power is never above the least of the instrument's maximum and @ask->cap_mw; a default above is
 * lowered to it, a wish above is refused, and so is an instrument whose fixed or lowest power is
 * above or, being fixed, not known.
 * Returns: FALSE with CEL_ERROR_POLICY that names what is missing, CEL_ERROR_USAGE for a wish
 * outside of the instrument's limits. Thread-safe: yes.
 */
gboolean cel_laser_plan(const CelCapabilities *capabilities, const CelLaserAsk *ask,
                        CelLaserPlan *out_plan, GError **error);

G_END_DECLS
