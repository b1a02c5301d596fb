/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wasatch/wasatch-eeprom.h"

#include "base/cel-bytes.h"
#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum { ERASED_U8 = 0xff, ERASED_U16 = 0xffff };
static const guint32 ERASED_U32 = 0xffffffff;
static const guint32 ERASED_F32 = 0xffffffff;

/* What is under way: the pages and where notes go. */
typedef struct {
    CelBytes all;
    CelWasatchEeprom *out;
    GPtrArray *notes;
} Parse;

static void note(const Parse *p, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void note(const Parse *p, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_ptr_array_add(p->notes, g_strdup_vprintf(format, args));
    va_end(args);
}

/* ---- fields ---- */

static CelBytes at(const Parse *p, guint page, guint offset)
{
    return cel_bytes_part(&p->all, (gsize)page * CEL_WASATCH_PAGE_BYTES + offset,
                          CEL_WASATCH_PAGE_BYTES - offset);
}

static guint get_u8(const Parse *p, guint page, guint offset)
{
    CelBytes bytes = at(p, page, offset);
    return cel_bytes_u8(&bytes);
}

static guint get_u16(const Parse *p, guint page, guint offset)
{
    CelBytes bytes = at(p, page, offset);
    return cel_bytes_u16(&bytes);
}

static gint get_i16(const Parse *p, guint page, guint offset)
{
    CelBytes bytes = at(p, page, offset);
    return cel_bytes_i16(&bytes);
}

static guint32 get_u32(const Parse *p, guint page, guint offset)
{
    CelBytes bytes = at(p, page, offset);
    return cel_bytes_u32(&bytes);
}

static double get_f32(const Parse *p, guint page, guint offset)
{
    CelBytes bytes = at(p, page, offset);
    return (double)cel_bytes_f32(&bytes);
}

/* Returns: TRUE when all are numbers. */
static gboolean get_floats(const Parse *p, guint page, guint offset, double *out, guint n)
{
    gboolean all_finite = TRUE;
    for (guint i = 0; i < n; i++) {
        out[i] = get_f32(p, page, offset + 4 * i);
        all_finite = all_finite && isfinite(out[i]);
    }
    return all_finite;
}

static void get_text(const Parse *p, guint page, guint offset, char *out, gsize size)
{
    CelBytes bytes = at(p, page, offset);
    cel_bytes_text(&bytes, size - 1, out, size);
    if (strspn(out, "\xff") == strlen(out))
        out[0] = '\0';
    for (char *c = out; *c != '\0'; c++) {
        if (!g_ascii_isprint(*c))
            *c = '?';
    }
}

static gboolean is_erased(const guint8 *data, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        if (data[i] != ERASED_U8)
            return FALSE;
    }
    return TRUE;
}

/* ---- what is refused ---- */

static gboolean refuse(GError **error, const char *what)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                _("The instrument's memory cannot be used: %s. Nothing was measured. Unplug the "
                  "instrument, plug it in again; if that does not help, have its maker look at "
                  "it."),
                what);
    return FALSE;
}

/* Names are plain text; the program of an FX2 chip, which has been seen in this place, is not. */
static gboolean is_name(const char *text)
{
    const char *allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-+_ ";
    return text[0] != '\0' && strspn(text, allowed) == strlen(text);
}

static gboolean parse_identity(const Parse *p, GError **error)
{
    CelWasatchEeprom *e = p->out;
    if (is_erased(p->all.data, CEL_WASATCH_MIN_PAGES * CEL_WASATCH_PAGE_BYTES))
        return refuse(error, _("it was never written"));
    e->format = get_u8(p, 0, 63);
    get_text(p, 0, 0, e->model, sizeof e->model);
    get_text(p, 0, 16, e->serial, sizeof e->serial);
    if (!is_name(e->model) || !is_name(e->serial))
        return refuse(error, _("model and serial number are no text"));
    if (e->format > CEL_WASATCH_MAX_FORMAT)
        return refuse(error, _("its format is newer than this program or damaged"));
    e->n_pixels = get_u16(p, 2, 16);
    if (e->n_pixels < 2 || e->n_pixels > CEL_WASATCH_MAX_PIXELS)
        return refuse(error, _("its number of pixels cannot be"));
    return TRUE;
}

/* ---- groups ---- */

static void parse_texts(const Parse *p)
{
    CelWasatchEeprom *e = p->out;
    get_text(p, 2, 0, e->detector, sizeof e->detector);
    get_text(p, 1, 48, e->calibration_date, sizeof e->calibration_date);
    get_text(p, 1, 60, e->calibrated_by, sizeof e->calibrated_by);
    get_text(p, 4, 0, e->user_text, sizeof e->user_text);
    if (e->format >= 5)
        get_text(p, 5, 30, e->product, sizeof e->product);
}

static gboolean get_flag(const Parse *p, guint offset, const char *name)
{
    const guint value = get_u8(p, 0, offset);
    if (value > 1)
        note(p, "eeprom: \"has %s\" holds %u, taken as yes", name, value);
    return value != 0;
}

/* Format 9 is read in two ways by the maker's programs: as a mask (NET, VCPP) or still as the
 * excitation (PY). What equals the excitation stored elsewhere is no mask: 785 read as one would
 * turn the axis round. */
static void parse_features(const Parse *p)
{
    CelWasatchEeprom *e = p->out;
    const guint word = get_u16(p, 0, 39);
    e->has_cooling = get_flag(p, 36, "cooling");
    e->has_battery = get_flag(p, 37, "battery");
    e->has_laser = get_flag(p, 38, "laser");
    e->slit_um = get_u16(p, 0, 41);
    if (e->format < 9)
        return;
    if (e->format == 9 && fabs(word - e->excitation_nm) <= 1.0) {
        note(p, "eeprom: format 9 holds the excitation %u in place of the feature mask", word);
        return;
    }
    if (word == ERASED_U16)
        note(p, "eeprom: the feature mask was never written, taken as empty");
    else
        e->features = (guint16)word;
    if (e->format >= CEL_WASATCH_MAX_FORMAT - 1 && get_u32(p, 8, 16) != ERASED_U32)
        e->xs_features = get_u32(p, 8, 16);
}

static gboolean is_excitation(double nm)
{
    return nm >= 200.0 && nm <= 1100.0; /* the range of cel_axis_raman_shift() */
}

static void parse_excitation(const Parse *p)
{
    CelWasatchEeprom *e = p->out;
    const double fine_nm = e->format >= 4 ? get_f32(p, 3, 36) : 0.0;
    const double coarse_nm = e->format < 9 ? get_u16(p, 0, 39) : 0.0;
    e->excitation_nm = is_excitation(fine_nm) ? fine_nm : coarse_nm;
    if (is_excitation(e->excitation_nm))
        return;
    note(p, "eeprom: the excitation wavelength %g nm cannot be, taken as not known", fine_nm);
    e->excitation_nm = 0.0;
}

/* A coefficient that is no number makes the axis wrong, not a little worse: the maker's programs
 * put 0 in its place, this one leaves the calibration out. */
static void parse_wavelength(const Parse *p)
{
    CelWasatchEeprom *e = p->out;
    gboolean usable = get_floats(p, 1, 0, e->wavelength, 4);
    e->n_wavelength = 4;
    if (e->format >= 8 && get_u32(p, 2, 21) != ERASED_F32) {
        usable = get_floats(p, 2, 21, &e->wavelength[4], 1) && usable;
        e->n_wavelength = 5;
    }
    if (usable)
        return;
    note(p, "eeprom: a wavelength coefficient is no number, the calibration was left out");
    e->n_wavelength = 0;
    memset(e->wavelength, 0, sizeof e->wavelength);
}

static void parse_resolution(const Parse *p)
{
    const double value = p->out->format >= 7 ? get_f32(p, 3, 48) : 0.0;
    if (value > 0.0 && value < 100.0)
        p->out->resolution_cm1 = value;
    else if (p->out->format >= 7)
        note(p, "eeprom: no usable resolution");
}

static void parse_gain(const Parse *p)
{
    CelWasatchEeprom *e = p->out;
    if (e->format < 3)
        return;
    e->gain = get_f32(p, 0, 48);
    e->offset = get_i16(p, 0, 52);
    e->gain_odd = get_f32(p, 0, 54);
    e->offset_odd = get_i16(p, 0, 58);
    const double max_gain = 31.0; /* dB of an IMX; the factor of a Hamamatsu is below 2 */
    e->has_offset = TRUE;
    e->has_gain = e->gain >= 0.0 && e->gain <= max_gain;
    if (!e->has_gain)
        note(p, "eeprom: the detector gain %g cannot be, the unit keeps its own", e->gain);
    if (e->gain_odd > 0.0 && e->gain_odd <= max_gain)
        return;
    note(p, "eeprom: no gain for odd pixels, that of the even ones is taken");
    e->gain_odd = e->gain;
    e->offset_odd = e->offset;
}

static void swap_if_reversed(const Parse *p, gint *low, gint *high, const char *what)
{
    if (*low <= *high)
        return;
    const gint other = *low;
    *low = *high;
    *high = other;
    note(p, "eeprom: %s limits were reversed", what);
}

static void parse_integration(const Parse *p)
{
    CelWasatchEeprom *e = p->out;
    const gboolean old = e->format < 5;
    const guint32 min = old ? get_u16(p, 2, 21) : get_u32(p, 3, 40);
    const guint32 max = old ? get_u16(p, 2, 23) : get_u32(p, 3, 44);
    gint low = (gint)MIN(min, (guint)CEL_WASATCH_MAX_INTEGRATION_MS);
    gint high = (gint)MIN(max, (guint)CEL_WASATCH_MAX_INTEGRATION_MS);
    if (min == ERASED_U16 || min == ERASED_U32 || max == ERASED_U32 || max == 0) {
        note(p, "eeprom: no usable integration limits, 1 to 60000 ms are taken");
        low = 1;
        high = 60000;
    }
    swap_if_reversed(p, &low, &high, "integration");
    if (low == 0)
        low = 1;
    e->integration_min_ms = (guint)low;
    e->integration_max_ms = (guint)MAX(high, low);
    const guint longest_startup_ms = 5000; /* Wasatch.NET ignores longer ones */
    const guint startup = e->format >= 3 ? get_u16(p, 0, 43) : 0;
    if (startup > longest_startup_ms)
        note(p, "eeprom: a start-up integration of %u ms was ignored", startup);
    e->startup_integration_ms = CLAMP(startup > longest_startup_ms ? 0 : startup,
                                      e->integration_min_ms, e->integration_max_ms);
}

static gboolean is_detector_celsius(gint celsius)
{
    return celsius >= -100 && celsius <= 60;
}

static void parse_temperature(const Parse *p)
{
    CelWasatchEeprom *e = p->out;
    e->celsius_max = get_i16(p, 1, 28);
    e->celsius_min = get_i16(p, 1, 30);
    swap_if_reversed(p, &e->celsius_min, &e->celsius_max, "temperature");
    e->thermistor_r298 = get_i16(p, 1, 44);
    e->thermistor_beta = get_i16(p, 1, 46);
    e->startup_celsius = get_i16(p, 0, 45);
    e->has_startup_celsius =
        is_detector_celsius(e->celsius_min) && is_detector_celsius(e->celsius_max) &&
        e->startup_celsius >= e->celsius_min && e->startup_celsius <= e->celsius_max;
    if (!get_floats(p, 1, 16, e->deg_c_to_dac, 3)) {
        note(p, "eeprom: the cooler's calibration is no number, cooling is left as it is");
        memset(e->deg_c_to_dac, 0, sizeof e->deg_c_to_dac);
    }
    e->has_thermometer = get_floats(p, 1, 32, e->adc_to_deg_c, 3) &&
                         (fabs(e->adc_to_deg_c[1]) > 0.0 || fabs(e->adc_to_deg_c[2]) > 0.0);
}

static void parse_roi(const Parse *p)
{
    CelWasatchEeprom *e = p->out;
    e->actual_pixels = get_u16(p, 2, 25);
    e->n_lines = get_u16(p, 2, 19);
    e->roi[0] = get_u16(p, 2, 27);
    e->roi[1] = get_u16(p, 2, 29);
    e->has_roi = e->roi[0] < e->roi[1] && e->roi[1] < e->n_pixels;
    if (!e->has_roi && (e->roi[0] != 0 || e->roi[1] != 0))
        note(p, "eeprom: the region of interest %u to %u was ignored", e->roi[0], e->roi[1]);
}

static gboolean is_listed(const CelWasatchEeprom *e, gint pixel)
{
    for (guint i = 0; i < e->n_bad_pixels; i++) {
        if ((gint)e->bad_pixels[i] == pixel)
            return TRUE;
    }
    return FALSE;
}

static void parse_bad_pixels(const Parse *p)
{
    CelWasatchEeprom *e = p->out;
    guint n_zeros = 0;
    for (guint i = 0; i < CEL_WASATCH_N_BAD_PIXELS; i++) {
        const gint pixel = get_i16(p, 5, 2 * i);
        n_zeros += pixel == 0;
        if (pixel == -1 || is_listed(e, pixel))
            continue;
        if (pixel < 0 || (gsize)pixel >= e->n_pixels)
            note(p, "eeprom: the bad pixel %d does not exist", pixel);
        else
            e->bad_pixels[e->n_bad_pixels++] = (guint)pixel;
    }
    if (n_zeros < CEL_WASATCH_N_BAD_PIXELS)
        return;
    note(p, "eeprom: the list of bad pixels was never written");
    e->n_bad_pixels = 0;
}

/* ---- laser ---- */

/* The calibration is usable when it rises between the limits and stays a part of full power. */
static gboolean is_power_calibration(const CelWasatchEeprom *e)
{
    enum { N_LOOKS = 50 };
    const double most_percent = 110.0; /* fits overshoot; it is cut to 100 */
    double before = 0.0;
    for (guint i = 0; i <= N_LOOKS; i++) {
        const double mw = e->laser_mw_min + (e->laser_mw_max - e->laser_mw_min) * i / N_LOOKS;
        const double percent = cel_wasatch_polynomial(e->power, G_N_ELEMENTS(e->power), mw);
        if (!(percent > before || (i > 0 && percent >= before)) || percent > most_percent)
            return FALSE;
        before = percent;
    }
    return TRUE;
}

static void parse_power(const Parse *p)
{
    CelWasatchEeprom *e = p->out;
    const double most_mw = 500.0; /* class 3B; the strongest unit known has 450 */
    const gboolean are_numbers = get_floats(p, 3, 12, e->power, G_N_ELEMENTS(e->power));
    double max = e->format >= 4 ? get_f32(p, 3, 28) : 0.0;
    double min = e->format >= 4 ? get_f32(p, 3, 32) : 0.0;
    if (min > max) {
        const double other = min;
        min = max;
        max = other;
        note(p, "eeprom: laser power limits were reversed");
    }
    if (are_numbers && max > 0.0 && max <= most_mw && min >= 0.0) {
        e->laser_mw_max = max;
        e->laser_mw_min = min > 0.0 ? min : max / 100.0; /* 0 mW is no power to be set */
        e->has_power = is_power_calibration(e);
    }
    if (e->has_power)
        return;
    if (e->has_laser)
        note(p,
             "eeprom: laser limits %g to %g mW or their calibration cannot be, the power cannot "
             "be set in mW",
             min, max);
    e->laser_mw_min = e->laser_mw_max = 0.0;
}

static void parse_laser(const Parse *p)
{
    CelWasatchEeprom *e = p->out;
    const guint tec_raw = e->format >= 16 ? get_u16(p, 0, 60) & CEL_WASATCH_MAX_TEC_RAW : 0;
    const guint warmup_s = e->format >= 10 ? get_u8(p, 2, 18) : 0;
    const gboolean has_watchdog = e->format >= 15 && get_u16(p, 3, 52) != ERASED_U16;
    parse_power(p);
    e->laser_warmup_s = warmup_s != ERASED_U8 ? warmup_s : 0;
    e->laser_watchdog_s = has_watchdog ? get_u16(p, 3, 52) : 0;
    e->light_source = e->format >= 15 ? get_u8(p, 3, 54) : 0;
    e->laser_tec_raw = tec_raw >= 700 && tec_raw <= 900 ? tec_raw : 0;
    if (tec_raw != 0 && e->laser_tec_raw == 0)
        note(p, "eeprom: the laser's temperature set-point %u was ignored", tec_raw);
    e->has_attenuator = e->format >= 18 && get_u8(p, 3, 61) != ERASED_U8;
    e->attenuator = e->has_attenuator ? get_u8(p, 3, 61) : 0;
}

/* ---- pages 6 and 7 ---- */

typedef enum { SUBFORMAT_INTENSITY = 1, SUBFORMAT_MULTI_WAVELENGTH = 5 } Subformat;

static void parse_subformat(const Parse *p)
{
    CelWasatchEeprom *e = p->out;
    e->subformat = e->format >= 8 ? get_u8(p, 5, 63) : 0;
    if (e->subformat != SUBFORMAT_INTENSITY && e->subformat != SUBFORMAT_MULTI_WAVELENGTH)
        return;
    const guint order = get_u8(p, 6, 0);
    if (order > 0 && order < CEL_WASATCH_N_INTENSITY &&
        get_floats(p, 6, 1, e->intensity, order + 1))
        e->n_intensity = order + 1;
    if (e->n_intensity > 0)
        note(p, "eeprom: the maker's intensity correction of order %u is stored, not applied",
             order);
    const double nm = e->subformat == SUBFORMAT_MULTI_WAVELENGTH ? get_f32(p, 7, 0) : 0.0;
    if (!is_excitation(nm))
        return;
    e->second_excitation_nm = nm;
    note(p, "eeprom: a second calibration for %.2f nm is stored, not used", nm);
}

gboolean cel_wasatch_eeprom_parse(const guint8 *pages, gsize n, CelWasatchEeprom *out,
                                  GPtrArray *notes, GError **error)
{
    *out = (CelWasatchEeprom){0};
    const Parse parse = {cel_bytes_of(pages, n, CEL_LITTLE_ENDIAN), out, notes};
    if (n < CEL_WASATCH_MIN_PAGES * CEL_WASATCH_PAGE_BYTES)
        return refuse(error, _("it is too short"));
    if (!parse_identity(&parse, error))
        return FALSE;
    parse_texts(&parse);
    parse_excitation(&parse);
    parse_features(&parse);
    parse_wavelength(&parse);
    parse_resolution(&parse);
    parse_gain(&parse);
    parse_integration(&parse);
    parse_temperature(&parse);
    parse_roi(&parse);
    parse_bad_pixels(&parse);
    parse_laser(&parse);
    out->bin_mode = out->format >= 16 ? get_u8(&parse, 3, 59) : 0;
    parse_subformat(&parse);
    return TRUE;
}

gboolean cel_wasatch_power_percent(const CelWasatchEeprom *e, double mw, double *out_percent)
{
    if (!e->has_power || !(mw >= e->laser_mw_min && mw <= e->laser_mw_max))
        return FALSE;
    const double percent = cel_wasatch_polynomial(e->power, G_N_ELEMENTS(e->power), mw);
    *out_percent = CLAMP(percent, 0.0, 100.0);
    return TRUE;
}

/* ---- recordings that leave the lab ---- */

static void blank(guint8 *data, gsize n, gsize from, gsize count)
{
    for (gsize i = from; i < MIN(n, from + count); i++) {
        if (data[i] != 0)
            data[i] = 'X';
    }
}

void cel_wasatch_blank_page(guint page, guint8 *data, gsize n)
{
    switch (page) {
    case 0:
        blank(data, n, 16, 16); /* the serial number */
        break;
    case 1:
        blank(data, n, 60, 3); /* who calibrated it */
        break;
    case 4:
        blank(data, n, 0, 63); /* the owner's text */
        break;
    case 8:
        blank(data, n, 0, 16); /* the laser's password */
        break;
    default:
        break;
    }
}
