/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "citizen/cel-card.h"

static const double MM_AN_INCH = 25.4, LEAST_DPI = 60.0, MOST_DPI = 400.0, COMMON_DPI = 149.0;

double cel_card_per_mm(double width_px)
{
    return width_px / CEL_CARD_WIDTH_MM;
}

double cel_card_dpi(double width_px)
{
    return cel_card_per_mm(width_px) * MM_AN_INCH;
}

static double width_at(double dpi)
{
    return dpi / MM_AN_INCH * CEL_CARD_WIDTH_MM;
}

double cel_card_clamp(double width_px, double room_px)
{
    const double most = MIN(width_at(MOST_DPI), room_px);
    return MAX(MIN(width_px, most), width_at(LEAST_DPI));
}

double cel_card_first_guess(const CelScreen *screen)
{
    const double per_mm = cel_touch_per_mm(screen);
    return per_mm > 0.0 ? per_mm * CEL_CARD_WIDTH_MM : width_at(COMMON_DPI);
}

gboolean cel_card_must_ask(const CelScreen *screen, gboolean asked, gboolean is_field)
{
    return is_field && !asked && cel_touch_per_mm(screen) <= 0.0;
}
