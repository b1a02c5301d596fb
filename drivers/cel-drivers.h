/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/cel-driver.h"

G_BEGIN_DECLS

/** cel_drivers: @bus: (nullable): where USB instruments are looked for; must outlive the table.
 * Returns: THE table of drivers that ship. */
CelDriverTable cel_drivers(CelBus *bus);

G_END_DECLS
