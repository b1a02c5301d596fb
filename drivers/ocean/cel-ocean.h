/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/cel-driver.h"

G_BEGIN_DECLS

/**
 * cel_driver_ocean: Ocean Optics and Ocean Insight spectrometers of both protocols.
 *
 * They contain no laser. It is external, never shown as off, unless laser_gate=strobe says that the
 * unit's lamp enable line switches it; then the driver does, and off is at best "commanded": the
 * line has no read-back. Wavelength, power, class and eyewear of that laser are settings, too;
 * without laser_nm there is no Raman shift.
 */
extern const CelDriver cel_driver_ocean;

/** CEL_OCEAN_SIMULATED_SERIAL: a unit whose serial number starts so is a simulated one. */
#define CEL_OCEAN_SIMULATED_SERIAL "CELADON-SIM"

G_END_DECLS
