/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "simulated/cel-sim.h"

G_BEGIN_DECLS

typedef enum { CEL_SIM_RAMAN, CEL_SIM_LAMP } CelSimKind;

/** CelSimSample: what can lie before a virtual instrument. */
typedef struct {
    const char *id;   /* of the setting `sample` */
    const char *name; /* N_(): for people */
    CelSimKind kind;
    const CelSimBand *bands;
    gsize n_bands;
    double brightness;   /* strongest band, polystyrene = 1 */
    double fluorescence; /* times the setting */
} CelSimSample;

/* A constant, as the table of settings needs it at compile time. */
enum { CEL_SIM_N_SAMPLES = 10 };

/** cel_sim_samples: Returns: (transfer none): THE table of samples. Thread-safe: yes. */
const CelSimSample *cel_sim_samples(gsize *out_n);

/** cel_sim_sample_ids: NULL-ended, in the order of the table: choices of the setting `sample`. */
extern const char *const cel_sim_sample_ids[CEL_SIM_N_SAMPLES + 1];

G_END_DECLS
