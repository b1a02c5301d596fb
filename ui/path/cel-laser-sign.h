/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-desk.h"

G_BEGIN_DECLS

#define CEL_TYPE_LASER_SIGN (cel_laser_sign_get_type())
/** CelLaserSign: the warning sign of laser light (after ISO 7010 W004), very large, with the state
 * as read back in words, never better than the hardware gives, and what the label of the unit
 * says: class, power, eyewear. */
G_DECLARE_FINAL_TYPE(CelLaserSign, cel_laser_sign, CEL, LASER_SIGN, GtkWidget)

/** cel_laser_sign_new: Returns: (transfer floating): no instrument. */
GtkWidget *cel_laser_sign_new(void);

/** cel_laser_sign_set_state: @kind: an external laser is never shown as off; @simulated: nothing
 * real is emitted, which is said. */
void cel_laser_sign_set_state(CelLaserSign *sign, CelLaserKind kind, CelLaserState state,
                              gboolean simulated);

/** cel_laser_sign_set_model: @capabilities: (nullable): what its label says; NULL: none is open. */
void cel_laser_sign_set_model(CelLaserSign *sign, const CelCapabilities *capabilities);

/** cel_laser_sign_words: Returns: (transfer none): the state in words, as shown. */
const char *cel_laser_sign_words(CelLaserSign *sign);

G_END_DECLS
