/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "simulated/sim-models.h"
#include "simulated/sim-samples.h"

G_BEGIN_DECLS

/* From a sample to counts: pure computation, all chance from one seed. Knows no device and no time.
 */

/** CelSimConditions: how instrument and surroundings differ from the ideal. */
typedef struct {
    guint32 seed;           /* >= 1; equal seeds give equal counts */
    double fluorescence;    /* background against the height of the strongest band, 0..1000 */
    double laser_drift_nm;  /* true laser minus the stored one */
    double cosmic_rate_hz;  /* hits a second on the whole detector */
    double ambient_celsius; /* moves the spectrum on the detector, warms it */
    double signal;          /* all light from the sample, times this */
} CelSimConditions;

/** CelSimShot: one exposure. The ghost is what the detector still holds of the frame before. */
typedef struct {
    double seconds, laser_mw; /* 0 mW: laser off */
    double ghost_seconds, ghost_laser_mw;
    double light; /* times everything that comes through the slit; 1 as a rule */
} CelSimShot;

/** CelSimPhysics: one virtual instrument before one sample. */
typedef struct CelSimPhysics CelSimPhysics;

/** cel_sim_physics_new: @model: (borrowed), lives longer. Returns: (transfer full): before an empty
 * holder. Thread-safe: yes; one thread an object afterwards. */
CelSimPhysics *cel_sim_physics_new(const CelSimModel *model, const CelSimConditions *conditions);

/** cel_sim_physics_free: @physics: (nullable) */
void cel_sim_physics_free(CelSimPhysics *physics);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelSimPhysics, cel_sim_physics_free)

/** cel_sim_physics_set_sample: @sample: (nullable): NULL for the empty holder; not kept. */
void cel_sim_physics_set_sample(CelSimPhysics *physics, const CelSimSample *sample);

/** cel_sim_physics_mean: @out_electrons: n_pixels expected electrons of @shot: light, dark current
 * and ghost, before the well fills; without noise and cosmic rays. */
void cel_sim_physics_mean(const CelSimPhysics *physics, const CelSimShot *shot,
                          double *out_electrons);

/** cel_sim_physics_frame: @out_counts: n_pixels whole counts, 0..saturation_counts: a Poisson draw
 * around the mean, cosmic rays, full well, nonlinearity, offset, read noise, converter. */
void cel_sim_physics_frame(CelSimPhysics *physics, const CelSimShot *shot, double *out_counts);

/** cel_sim_physics_pixel_nm: Returns: the wavelength that truly falls on the middle of pixel @i
 * (from -0.5 to n_pixels - 0.5), in the medium of the model. */
double cel_sim_physics_pixel_nm(const CelSimPhysics *physics, double i);

/** cel_sim_physics_is_hot: Returns: whether pixel @i is a hot one; a property of the unit. */
gboolean cel_sim_physics_is_hot(const CelSimPhysics *physics, gsize i);

/** cel_sim_detector_celsius: Returns: the detector's temperature in this surrounding. */
double cel_sim_detector_celsius(const CelSimModel *model, double ambient_celsius);

G_END_DECLS
