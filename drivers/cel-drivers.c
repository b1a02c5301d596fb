/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-drivers.h"

#include "simulated/cel-sim.h"

/* The only list of drivers. */
static const CelDriver *const drivers[] = {
    &cel_driver_simulated,
};

const CelDriver *const *cel_drivers(gsize *out_n)
{
    *out_n = G_N_ELEMENTS(drivers);
    return drivers;
}
