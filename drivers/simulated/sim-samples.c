/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulated/sim-samples.h"

#include <glib/gi18n-lib.h>

/*
 * Positions: ASTM E1840-96 (2014), accepted shifts, where named so; else the source at the table.
 * Intensities are rough (the standard's classes or a measured order of strength) and widths are
 * assumed, both good enough for a simulation and for nothing else.
 */

/* ASTM E1840 polystyrene */
static const CelSimBand polystyrene[] = {
    {620.9, 16, 8},  {795.8, 10, 8},  {1001.4, 100, 5}, {1031.8, 27, 5},
    {1155.3, 13, 8}, {1450.5, 8, 8},  {1583.1, 12, 8},  {1602.3, 28, 5},
    {2852.4, 9, 8},  {2904.5, 13, 8}, {3054.3, 32, 5},
};

/* Sample spectrum of Wasatch Photonics ENLIGHTEN at 785 nm; above 2000 cm-1 the RamanMP set */
static const CelSimBand polyethylene[] = {
    {1062.5, 61, 7},  {1129.2, 67, 7}, {1169.4, 12, 6},  {1295.1, 100, 6},  {1416.5, 30, 5},
    {1440.4, 68, 14}, {1460.3, 37, 7}, {2848.3, 80, 10}, {2882.3, 100, 10},
};

/* medians of RRUFF calcite spectra at 532 and 780 nm (Lafuente, Downs, Yang & Stone 2015) */
static const CelSimBand calcite[] = {
    {154.9, 8, 8},
    {281, 20, 12},
    {712.1, 7, 5},
    {1086.5, 100, 4},
};

/* ASTM E1840 4-acetamidophenol */
static const CelSimBand acetaminophen[] = {
    {213.3, 15, 6},   {329.2, 15, 6},  {390.9, 40, 6},  {465.1, 15, 6},  {504, 15, 6},
    {651.6, 40, 6},   {710.8, 15, 6},  {797.2, 40, 6},  {834.5, 15, 6},  {857.9, 70, 6},
    {968.7, 15, 6},   {1105.5, 15, 6}, {1168.5, 70, 6}, {1236.8, 70, 6}, {1278.5, 40, 6},
    {1323.9, 100, 6}, {1371.5, 40, 6}, {1515.1, 15, 6}, {1561.6, 40, 6}, {1648.4, 70, 6},
    {2931.1, 40, 6},  {3064.6, 40, 6}, {3102.4, 40, 6}, {3326.6, 15, 6},
};

/* ASTM E1840 cyclohexane */
static const CelSimBand cyclohexane[] = {
    {384.1, 15, 8},   {426.3, 15, 8},  {801.3, 100, 5}, {1028.3, 40, 8},
    {1157.6, 15, 8},  {1266.4, 40, 8}, {1444.4, 40, 8}, {2664.4, 15, 8},
    {2852.9, 100, 5}, {2923.8, 70, 5}, {2938.3, 70, 5},
};

/* ASTM E1840 sulfur */
static const CelSimBand sulfur[] = {
    {85.1, 15, 4},
    {153.8, 70, 4},
    {219.1, 100, 4},
    {473.2, 70, 4},
};

/* ASTM E1840 naphthalene */
static const CelSimBand naphthalene[] = {
    {513.8, 70, 4},   {763.8, 70, 4},  {1021.6, 40, 4}, {1147.2, 15, 4},
    {1382.2, 100, 4}, {1464.5, 40, 4}, {1576.6, 40, 4}, {3056.4, 70, 4},
};

/* first order line as the CHARISMA calibration protocol uses it (520.45 cm-1) */
static const CelSimBand silicon[] = {
    {520.45, 100, 3.5},
};

/* Neon lamp, wavelengths in air and relative intensities as NIST lists them (Atomic Spectra
 * Database), strong lines only; no brightness of a real lamp is meant. */
static const CelSimBand neon[] = {
    {540.05618, 20, 0},  {576.44188, 7, 0},  {585.24879, 20, 0}, {588.18952, 10, 0},
    {597.5534, 6, 0},    {602.99969, 10, 0}, {607.43377, 10, 0}, {614.30626, 10, 0},
    {616.35939, 10, 0},  {621.72812, 10, 0}, {626.6495, 10, 0},  {633.44278, 10, 0},
    {638.29917, 10, 0},  {640.2248, 20, 0},  {650.65281, 15, 0}, {659.89529, 10, 0},
    {692.94673, 100, 0}, {702.40504, 30, 0}, {703.24131, 80, 0}, {717.39381, 80, 0},
    {724.51666, 80, 0},  {748.88712, 30, 0}, {753.57741, 30, 0}, {754.40443, 13, 0},
    {794.31814, 8, 0},   {808.2458, 6, 0},   {813.64054, 17, 0}, {826.60772, 7, 0},
    {830.03258, 30, 0},  {837.7608, 80, 0},  {841.84274, 25, 0}, {849.53598, 70, 0},
    {859.12584, 40, 0},  {863.4647, 35, 0},  {864.70411, 6, 0},  {865.43831, 60, 0},
    {865.5522, 8, 0},    {867.94925, 13, 0}, {868.19211, 15, 0}, {877.16563, 10, 0},
    {878.06226, 60, 0},  {878.37533, 40, 0}, {885.38668, 30, 0}, {886.57552, 15, 0},
    {891.95006, 6, 0},   {914.86716, 12, 0}, {920.17591, 9, 0},  {922.00601, 6, 0},
    {930.08527, 8, 0},   {932.65068, 7, 0},  {953.41629, 6, 0},  {966.54197, 18, 0},
    {1056.24075, 8, 0},  {1079.80429, 6, 0}, {1084.44772, 9, 0},
};

/* One line a sample, expanded into both tables below. */
/* clang-format off */
#define SAMPLES(SAMPLE)                                                       \
    /*     id             name                 kind           brightness fluorescence */ \
    SAMPLE(polystyrene,   N_("polystyrene"),   CEL_SIM_RAMAN, 1.0,       1.0)  \
    SAMPLE(polyethylene,  N_("polyethylene"),  CEL_SIM_RAMAN, 0.5,       0.7)  \
    SAMPLE(calcite,       N_("calcite"),       CEL_SIM_RAMAN, 0.7,       0.5)  \
    SAMPLE(acetaminophen, N_("acetaminophen"), CEL_SIM_RAMAN, 0.8,       0.6)  \
    SAMPLE(cyclohexane,   N_("cyclohexane"),   CEL_SIM_RAMAN, 1.0,       0.1)  \
    SAMPLE(sulfur,        N_("sulfur"),        CEL_SIM_RAMAN, 2.0,       0.1)  \
    SAMPLE(naphthalene,   N_("naphthalene"),   CEL_SIM_RAMAN, 1.5,       0.4)  \
    SAMPLE(silicon,       N_("silicon"),       CEL_SIM_RAMAN, 1.0,       0.05) \
    SAMPLE(neon,          N_("neon lamp"),     CEL_SIM_LAMP,  1.0,       0.0)
/* clang-format on */

#define ROW(word, shown, what, bright, fluorescent)                                                \
    {.id = #word,                                                                                  \
     .kind = what,                                                                                 \
     .name = shown,                                                                                \
     .bands = word,                                                                                \
     .n_bands = G_N_ELEMENTS(word),                                                                \
     .brightness = bright,                                                                         \
     .fluorescence = fluorescent},
static const CelSimSample samples[] = {
    SAMPLES(ROW){.id = "empty",
                 .name = N_("nothing: an empty holder")}, /* the empty holder: nothing but dark */
};

#define ID(word, shown, what, bright, fluorescent) #word,
const char *const cel_sim_sample_ids[CEL_SIM_N_SAMPLES + 1] = {SAMPLES(ID) "empty", NULL};
G_STATIC_ASSERT(G_N_ELEMENTS(samples) == CEL_SIM_N_SAMPLES);

const CelSimSample *cel_sim_samples(gsize *out_n)
{
    *out_n = G_N_ELEMENTS(samples);
    return samples;
}
