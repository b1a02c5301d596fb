/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/cel-driver.h"

G_BEGIN_DECLS

/** cel_driver_wasatch: spectrometers of Wasatch Photonics that speak "FID" over USB: FX2 boards
 * with silicon (24aa:1000) and InGaAs (24aa:2000), ARM boards and XS units (24aa:4000). */
extern const CelDriver cel_driver_wasatch;

/** CEL_WASATCH_SIMULATED: a model text in the EEPROM that begins so marks all that comes of
 * that unit as simulated; nothing clears the mark. */
#define CEL_WASATCH_SIMULATED "CELADON-SIM"

G_END_DECLS
