/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "spectrum/cel-axis.h"

G_BEGIN_DECLS

/** CelSimQe: one point of a detector's quantum efficiency; between points a straight line. */
typedef struct {
    double nm, electrons_per_photon;
} CelSimQe;

/** CelSimModel: one virtual instrument; a new one is a new row. No real unit is meant. */
typedef struct {
    const char *id; /* "785": the device is "simulated:785" */
    const char *name, *serial, *detector;
    double laser_nm; /* in @medium */
    CelUnit medium;
    gsize n_pixels;
    double coefficients[4]; /* nm per pixel^k, as stored and true at 22 degrees C */
    double fwhm_nm;         /* Gaussian instrument line shape */
    double resolution_cm1;  /* the same at 1000 cm-1, as a data sheet would say */
    double range_cm1[2];
    double edge_cm1; /* the laser filter passes half there */
    double blaze_nm, blaze_width_nm;
    double peak_throughput; /* of optics and grating */
    const CelSimQe *qe;
    gsize n_qe;
    double gain_e_per_count, bias_counts, read_noise_counts;
    double full_well_e;
    guint32 saturation_counts;
    double nonlinearity;                    /* part of the signal lost at full well */
    double dark_e_s;                        /* a pixel, detector at 20 degrees C */
    double setpoint_celsius, max_cooling_k; /* the cooler reaches ambient minus this at most */
    guint n_hot_pixels;
    double laser_mw[3]; /* least, most, default, at the sample */
    const char *laser_class, *eyewear;
    double integration_ms[2];
    double signal;       /* photons/s/mW from the strongest band of a sample of brightness 1 */
    double fluorescence; /* how much of it this laser excites, 785 nm = 1 */
} CelSimModel;

/** cel_sim_models: Returns: (transfer none): THE table of virtual instruments. Thread-safe: yes. */
const CelSimModel *cel_sim_models(gsize *out_n);

/** cel_sim_model: Returns: (nullable) (transfer none): the row of @id. Thread-safe: yes. */
const CelSimModel *cel_sim_model(const char *id);

G_END_DECLS
