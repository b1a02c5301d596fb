/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-standard.h"
#include "spectrum/cel-spectrum.h"

G_BEGIN_DECLS

/* Spectrographs that look at lamps: grating equation, flat detector, pixels that integrate. */

/** LampDamage: what is not as it should be; bits. */
typedef enum {
    LAMP_MISSING = 1 << 0,   /* 10 to 35 % of the table's lines do not shine */
    LAMP_EXTRA = 1 << 1,     /* 2 to 10 lines of no table, as strong as the others */
    LAMP_SATURATED = 1 << 2, /* 3 to 20 times too much light */
    LAMP_DIM = 1 << 3,       /* the strongest line at 1 to 5 % of full scale */
    LAMP_DRIFT = 1 << 4,     /* two scans, apart by 0.12 pixels (standard deviation) */
    LAMP_N_DAMAGES = 5,
} LampDamage;

enum { LAMP_MAX_PIXELS = 3648, LAMP_MAX_LAMPS = 2, LAMP_MAX_SCANS = 4 };

/** LampSim: one instrument and what it recorded; one owner. */
typedef struct {
    gsize n_pixels;
    double true_nm[LAMP_MAX_PIXELS]; /* in air, at the middle of each pixel */
    guint damage;                    /* LampDamage */
    double drift_px;                 /* of the second scan against the first */
    guint n_scans;
    const CelStandard *lamp[LAMP_MAX_SCANS];
    CelSpectrum *scan[LAMP_MAX_SCANS];
    guint n_in_range; /* lines of the tables that fall on the detector */
} LampSim;

/** lamp_sim_new: @seed: the same one gives the same instrument. @damaged: with one to three kinds
 * of damage, else none. Returns: (transfer full): the instrument. */
LampSim *lamp_sim_new(guint32 seed, gboolean damaged);

/** lamp_sim_free: @sim: (nullable) */
void lamp_sim_free(LampSim *sim);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LampSim, lamp_sim_free)

G_END_DECLS
