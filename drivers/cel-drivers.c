/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-drivers.h"

#include "device/cel-guard.h"
#include "laserguard/guard-path.h"
#include "ocean/cel-ocean.h"
#include "simulated/cel-sim.h"
#include "wasatch/cel-wasatch.h"

/* The only list of drivers. */
static const CelDriver *const drivers[] = {
    &cel_driver_simulated,
    &cel_driver_ocean,
    &cel_driver_wasatch,
};

CelDriverTable cel_drivers(CelBus *bus)
{
    return (CelDriverTable){
        .drivers = drivers,
        .n = G_N_ELEMENTS(drivers),
        .bus = bus,
        .guard_program = guard_find_program(),
        .guard = &cel_guard_process,
    };
}
