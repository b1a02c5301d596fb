/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/cel-driver.h"

G_BEGIN_DECLS

/** cel_drivers: Returns: (transfer none): THE table of drivers that ship. */
const CelDriver *const *cel_drivers(gsize *out_n);

G_END_DECLS
