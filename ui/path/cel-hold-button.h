/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

enum { CEL_HOLD_MS = 1200 };

#define CEL_TYPE_HOLD_BUTTON (cel_hold_button_get_type())
/**
 * CelHoldButton: pressed and held, it confirms what is printed on it. Held by finger, mouse, Space
 * or Return, or by cel_hold_button_hold(); a ring fills meanwhile. Letting go early does nothing.
 *
 * Signal "held" (): it was held long enough. Actions "hold.press" (for those who cannot hold: takes
 * as long) and "hold.release".
 */
G_DECLARE_FINAL_TYPE(CelHoldButton, cel_hold_button, CEL, HOLD_BUTTON, GtkWidget)

/** cel_hold_button_new: @label: translated; @statements: NULL-ended, translated: what holding
 * confirms. Returns: (transfer floating). */
GtkWidget *cel_hold_button_new(const char *label, const char *const *statements);

/** cel_hold_button_set_label: @label: what holding does now. */
void cel_hold_button_set_label(CelHoldButton *button, const char *label);

/** cel_hold_button_press, cel_hold_button_release: as a finger does. */
void cel_hold_button_press(CelHoldButton *button);
void cel_hold_button_release(CelHoldButton *button);

/** cel_hold_button_hold: a hardware button that repeats while it is held: the first call presses,
 * each later one keeps it pressed; without a further one it is released. */
void cel_hold_button_hold(CelHoldButton *button);

/** cel_hold_button_fraction: Returns: how far it is, 0..1. */
double cel_hold_button_fraction(CelHoldButton *button);

G_END_DECLS
