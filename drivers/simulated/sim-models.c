/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulated/sim-models.h"

#include <string.h>

/* Shapes as data sheets of such detectors draw them; read off no particular part. */
static const CelSimQe silicon[] = {
    {400, 0.65}, {500, 0.85}, {600, 0.92},  {800, 0.85},
    {900, 0.60}, {950, 0.42}, {1000, 0.18}, {1050, 0.05},
};
static const CelSimQe ingaas[] = {
    {900, 0.40}, {1000, 0.70}, {1100, 0.80}, {1600, 0.85}, {1680, 0.40}, {1720, 0.05},
};

static const CelSimModel models[] = {
    {
        .id = "785",
        .name = "Simulated handheld 785",
        .serial = "SIM-785-0001",
        .detector = "silicon CCD, simulated",
        .laser_nm = 785.0,
        .medium = CEL_UNIT_NM_AIR,
        .n_pixels = 2048,
        .coefficients = {794.5, 0.1180, -2.5e-6, -1.0e-10},
        .fwhm_nm = 0.55,
        .resolution_cm1 = 7.6,
        .range_cm1 = {152, 2979},
        .edge_cm1 = 170,
        .blaze_nm = 850,
        .blaze_width_nm = 160,
        .peak_throughput = 0.45,
        .qe = silicon,
        .n_qe = G_N_ELEMENTS(silicon),
        .gain_e_per_count = 3.0,
        .bias_counts = 1000,
        .read_noise_counts = 2.7,
        .full_well_e = 250e3,
        .saturation_counts = 65535,
        .nonlinearity = 0.01,
        .dark_e_s = 300,
        .setpoint_celsius = -10,
        .max_cooling_k = 40,
        .n_hot_pixels = 6,
        .laser_mw = {5, 450, 100},
        .laser_class = "3B",
        .eyewear = "OD 6+ @ 785 nm",
        .integration_ms = {3, 60000},
        .signal = 3e4,
        .fluorescence = 1.0,
    },
    {
        .id = "532",
        .name = "Simulated bench 532",
        .serial = "SIM-532-0001",
        .detector = "silicon CCD, uncooled, simulated",
        .laser_nm = 532.0,
        .medium = CEL_UNIT_NM_AIR,
        .n_pixels = 2048,
        .coefficients = {537.0, 0.0640, -1.5e-6, -5.0e-11},
        .fwhm_nm = 0.19,
        .resolution_cm1 = 6.0,
        .range_cm1 = {175, 3674},
        .edge_cm1 = 180,
        .blaze_nm = 580,
        .blaze_width_nm = 120,
        .peak_throughput = 0.45,
        .qe = silicon,
        .n_qe = G_N_ELEMENTS(silicon),
        .gain_e_per_count = 2.0,
        .bias_counts = 1500,
        .read_noise_counts = 6.0,
        .full_well_e = 160e3,
        .saturation_counts = 65535,
        .nonlinearity = 0.015,
        .dark_e_s = 100,
        .setpoint_celsius = -10,
        .max_cooling_k = 0,
        .n_hot_pixels = 8,
        .laser_mw = {1, 50, 20},
        .laser_class = "3B",
        .eyewear = "OD 6+ @ 532 nm",
        .integration_ms = {1, 65000},
        .signal = 1.5e5,
        .fluorescence = 4.0,
    },
    {
        .id = "1064",
        .name = "Simulated bench 1064",
        .serial = "SIM-1064-0001",
        .detector = "InGaAs array, simulated",
        .laser_nm = 1064.0,
        .medium = CEL_UNIT_NM_VACUUM,
        .n_pixels = 512,
        .coefficients = {1090.0, 0.680, -9.0e-5, 0.0},
        .fwhm_nm = 1.7,
        .resolution_cm1 = 12.0,
        .range_cm1 = {224, 2326},
        .edge_cm1 = 230,
        .blaze_nm = 1200,
        .blaze_width_nm = 260,
        .peak_throughput = 0.45,
        .qe = ingaas,
        .n_qe = G_N_ELEMENTS(ingaas),
        .gain_e_per_count = 75,
        .bias_counts = 2000,
        .read_noise_counts = 5.5,
        .full_well_e = 5e6,
        .saturation_counts = 65535,
        .nonlinearity = 0.01,
        .dark_e_s = 20000,
        .setpoint_celsius = -15,
        .max_cooling_k = 40,
        .n_hot_pixels = 5,
        .laser_mw = {10, 450, 300},
        .laser_class = "3B",
        .eyewear = "OD 7+ @ 1064 nm",
        .integration_ms = {1, 20000},
        .signal = 6e4,
        .fluorescence = 0.05,
    },
};

const CelSimModel *cel_sim_models(gsize *out_n)
{
    *out_n = G_N_ELEMENTS(models);
    return models;
}

const CelSimModel *cel_sim_model(const char *id)
{
    for (gsize i = 0; i < G_N_ELEMENTS(models); i++) {
        if (strcmp(models[i].id, id) == 0)
            return &models[i];
    }
    return NULL;
}
