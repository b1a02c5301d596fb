/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "wasatch/wasatch-eeprom.h"

#include <math.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void check_sensor(const CelWasatchEeprom *e)
{
    g_assert_true(e->format <= CEL_WASATCH_MAX_FORMAT);
    g_assert_true(e->n_pixels >= 2 && e->n_pixels <= CEL_WASATCH_MAX_PIXELS);
    g_assert_true(e->integration_min_ms >= 1 && e->integration_max_ms >= e->integration_min_ms);
    g_assert_true(e->integration_max_ms <= CEL_WASATCH_MAX_INTEGRATION_MS);
    g_assert_true(!e->has_roi || (e->roi[0] < e->roi[1] && e->roi[1] < e->n_pixels));
    g_assert_true(e->celsius_min <= e->celsius_max);
    for (guint i = 0; i < e->n_bad_pixels; i++)
        g_assert_true(e->bad_pixels[i] < e->n_pixels);
    for (guint i = 0; i < e->n_wavelength; i++)
        g_assert_true(isfinite(e->wavelength[i]));
    for (guint i = 0; i < e->n_intensity; i++)
        g_assert_true(isfinite(e->intensity[i]));
}

/* No power within the limits may come out as none, as more than full, or as no number. */
static void check_power(const CelWasatchEeprom *e)
{
    CelWasatchModulation modulation;
    for (guint i = 0; i <= 20 && e->has_power; i++) {
        const double mw = e->laser_mw_min + (e->laser_mw_max - e->laser_mw_min) * i / 20.0;
        double percent = -1.0;
        g_assert_true(cel_wasatch_power_percent(e, MIN(mw, e->laser_mw_max), &percent));
        g_assert_true(percent >= 0.0 && percent <= 100.0);
        if (!cel_wasatch_modulation(percent, &modulation))
            g_assert_true(modulation.modulated);
    }
}

static void check_text(const char *text)
{
    g_assert_true(g_utf8_validate(text, -1, NULL));
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    CelWasatchEeprom e;
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;
    g_autofree guint8 *copy = g_memdup2(data, size);
    for (guint page = 0; size > 0 && page < CEL_WASATCH_N_PAGES; page++)
        cel_wasatch_blank_page(page, copy, size);
    if (!cel_wasatch_eeprom_parse(data, size, &e, notes, &error)) {
        g_assert_true(g_error_matches(error, CEL_ERROR, CEL_ERROR_DEVICE));
        return 0;
    }
    g_assert_no_error(error);
    check_sensor(&e);
    check_power(&e);
    check_text(e.model);
    check_text(e.detector);
    check_text(e.user_text);
    for (guint i = 0; i < notes->len; i++)
        check_text(g_ptr_array_index(notes, i));
    return 0;
}
