/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-touch.h"

G_BEGIN_DECLS

/* The size of a screen, measured with a card that everybody carries: an identity or bank card is
 * 85.60 mm wide (ISO/IEC 7810, ID-1). */

#define CEL_CARD_WIDTH_MM  85.60
#define CEL_CARD_HEIGHT_MM 53.98

/** cel_card_per_mm: @width_px: of the card as held to the screen, logical. Returns: logical pixels
 * a millimetre. */
double cel_card_per_mm(double width_px);

/** cel_card_dpi: Returns: the same as dots an inch. */
double cel_card_dpi(double width_px);

/** cel_card_clamp: Returns: @width_px, kept within what a screen can have and @room_px. */
double cel_card_clamp(double width_px, double room_px);

/** cel_card_first_guess: Returns: the width to begin with: what is known of @screen, else a common
 * tablet's. */
double cel_card_first_guess(const CelScreen *screen);

/** cel_card_must_ask: @asked: it was asked before; @is_field: targets have a size in millimetres.
 * Returns: whether the user is to be asked to measure. */
gboolean cel_card_must_ask(const CelScreen *screen, gboolean asked, gboolean is_field);

G_END_DECLS
