/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wasatch/wasatch-protocol.h"

G_BEGIN_DECLS

/*
 * What a Wasatch unit says of itself: 9 pages of 64 bytes, formats 0 to 19 (Wasatch.PY EEPROM.py,
 * Wasatch.NET EEPROM.cs). Pure; thread-safe. Every value is checked: what the maker's programs
 * repair is repaired and noted; what would turn into a wrong wavelength or power is left out and
 * noted; an EEPROM that was never written, or holds something else, is refused.
 */

enum {
    CEL_WASATCH_N_PAGES = 9, /* the last is only there in the newest formats */
    CEL_WASATCH_MIN_PAGES = 8,
    CEL_WASATCH_MAX_FORMAT = 19,
    CEL_WASATCH_N_BAD_PIXELS = 15,
    CEL_WASATCH_N_INTENSITY = 6,
};

/** CelWasatchFeature: bits of the feature mask (Wasatch.NET FeatureMask.cs). */
typedef enum {
    CEL_WASATCH_INVERT_X_AXIS = 0x0001,
    CEL_WASATCH_HORIZONTAL_BINNING = 0x0002,
    CEL_WASATCH_HARDWARE_EVEN_ODD = 0x0010,
    CEL_WASATCH_SIG_LASER_TEC = 0x0020,
    CEL_WASATCH_INTERLOCK_FEEDBACK = 0x0040,
    CEL_WASATCH_INTERLOCK_EXCLUDED = 0x0400,
} CelWasatchFeature;

/** CelWasatchXsFeature: bits of the second mask of XS units. */
typedef enum { CEL_WASATCH_XS_DISABLE_LASER = 0x0008 } CelWasatchXsFeature;

/** CelWasatchEeprom: texts are printable ASCII, "" when empty. */
typedef struct {
    guint format, subformat;
    char model[17], serial[17];
    char detector[17], product[17], user_text[64];
    char calibration_date[13], calibrated_by[4];
    gboolean has_cooling, has_battery, has_laser;
    guint16 features;
    guint32 xs_features;
    guint slit_um;

    gsize n_pixels;      /* over USB: 2..2048 */
    guint actual_pixels; /* of the detector */
    guint n_lines;
    gboolean has_roi;
    guint roi[2]; /* first and last pixel that hold spectrum */
    guint bad_pixels[CEL_WASATCH_N_BAD_PIXELS];
    guint n_bad_pixels;
    guint bin_mode;

    gboolean has_gain, has_offset; /* f >= 3 */
    double gain, gain_odd;         /* factor, dB with IMX */
    gint offset, offset_odd;

    guint n_wavelength;    /* 0: no usable calibration */
    double wavelength[5];  /* nm over pixel^k */
    double excitation_nm;  /* 0: not known */
    double resolution_cm1; /* 0: not known */

    guint integration_min_ms, integration_max_ms; /* 1 <= min <= max */
    guint startup_integration_ms;                 /* within them */

    gboolean has_startup_celsius;
    gint startup_celsius;
    gint celsius_min, celsius_max; /* of the cooler's set-point */
    double deg_c_to_dac[3];
    gboolean has_thermometer;
    double adc_to_deg_c[3];
    gint thermistor_r298, thermistor_beta;

    gboolean has_power;                /* limits and calibration of the laser's power are usable */
    double laser_mw_min, laser_mw_max; /* 0 < min <= max <= 500 */
    double power[4];                   /* percent over mW^k */
    guint laser_warmup_s, laser_watchdog_s, light_source;
    guint laser_tec_raw; /* 700..900, 0: none */
    gboolean has_attenuator;
    guint attenuator;

    guint n_intensity; /* coefficients of the maker's intensity correction, 0: none */
    double intensity[CEL_WASATCH_N_INTENSITY];
    double second_excitation_nm; /* of a second calibration, not used; 0: none */
} CelWasatchEeprom;

/**
 * cel_wasatch_eeprom_parse:
 * @pages: @n bytes, CEL_WASATCH_MIN_PAGES pages or more
 * @notes: (element-type utf8): one text is appended for everything repaired or left out
 * Returns: FALSE with CEL_ERROR_DEVICE when the unit must not be used as it is.
 */
gboolean cel_wasatch_eeprom_parse(const guint8 *pages, gsize n, CelWasatchEeprom *out,
                                  GPtrArray *notes, GError **error);

/** cel_wasatch_power_percent: how much of full power gives @mw, within 0..100. Returns: FALSE when
 * the power cannot be set or @mw is outside of the unit's limits. */
gboolean cel_wasatch_power_percent(const CelWasatchEeprom *eeprom, double mw, double *out_percent);

/** cel_wasatch_blank_page: overwrites what names a unit or a person in the @n bytes of @page. */
void cel_wasatch_blank_page(guint page, guint8 *data, gsize n);

G_END_DECLS
