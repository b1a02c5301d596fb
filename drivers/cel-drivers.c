/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-drivers.h"

#include "simulated/cel-sim.h"

/* The only list of drivers. */
static const CelDriver *const drivers[] = {
    &cel_driver_simulated,
};

CelDriverTable cel_drivers(CelBus *bus)
{
    return (CelDriverTable){.drivers = drivers, .n = G_N_ELEMENTS(drivers), .bus = bus};
}
