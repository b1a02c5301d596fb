/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wasatch/cel-wasatch.h"
#include "wasatch/wasatch-private.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum {
    BOOT_MS = 3000, /* a unit that was just plugged in may not answer sooner */
    BOOT_RETRY_MS = 100,
    QUIET_MS = 20,            /* silence that says an endpoint is empty */
    TEMPERATURE_GAP_MS = 100, /* the board must not be asked faster than 10 Hz (Wasatch.PY, FX2) */
    TRIGGER_INTERNAL = 0,
    DISCARD_IDLE_XS = 2, /* Wasatch.PY perform_optional_throwaways */
    IDLE_XS_MS = 1000,
    ASLEEP_MS = 10000, /* Wasatch.PY generate_timeout_ms */
};

/* ---- settings ---- */

enum { GAIN, OFFSET, TEC, ATTENUATOR, LASER_PERCENT, N_PARAMS };

static const CelParamDef params[] = {
    [GAIN] = {.key = "gain",
              .label = N_("Detector gain (factor, dB with IMX; 0: as stored in the unit)"),
              .unit = "1",
              .type = CEL_PARAM_REAL,
              .max = 31},
    [OFFSET] = {.key = "offset",
                .label = N_("Detector offset (-32768: as stored in the unit)"),
                .unit = "counts",
                .type = CEL_PARAM_INT,
                .min = G_MININT16,
                .max = G_MAXINT16,
                .initial = G_MININT16},
    [TEC] = {.key = "detector_celsius",
             .label = N_("Detector temperature (-101: as stored in the unit)"),
             .unit = "degrees C",
             .type = CEL_PARAM_INT,
             .min = -101,
             .max = 60,
             .initial = -101},
    [ATTENUATOR] = {.key = "laser_attenuator",
                    .label = N_("Laser attenuator of XS units (-1: as stored in the unit)"),
                    .unit = "1",
                    .type = CEL_PARAM_INT,
                    .min = -1,
                    .max = 255,
                    .initial = -1},
    [LASER_PERCENT] = {.key = "laser_percent",
                       .label = N_("Laser power of units that hold no calibration for it"),
                       .unit = "% of full",
                       .type = CEL_PARAM_REAL,
                       .min = 0.1,
                       .max = 100,
                       .initial = 10},
};
G_STATIC_ASSERT(G_N_ELEMENTS(params) == N_PARAMS);

/* ---- who is it ---- */

static gboolean read_pages(CelSession *s, guint8 *out_pages, gsize *out_n,
                           const CelTransfer *limits, GError **error)
{
    *out_n = 0;
    for (guint page = 0; page < CEL_WASATCH_N_PAGES; page++) {
        CelWasatchRequest request = cel_wasatch_get_page(page);
        gsize n = 0;
        GError *failure = NULL;
        const gboolean ok = cel_wasatch_ask_bytes(s, &request, limits, &n, &failure);
        if (ok && n == CEL_WASATCH_PAGE_BYTES) {
            memcpy(out_pages + *out_n, request.data, CEL_WASATCH_PAGE_BYTES);
            *out_n += CEL_WASATCH_PAGE_BYTES;
            continue;
        }
        if (ok)
            g_set_error(&failure, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_IO,
                        "page %u has %zu bytes", page, n);
        if (page < CEL_WASATCH_MIN_PAGES ||
            !g_error_matches(failure, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_STALL)) {
            g_propagate_error(error, failure);
            return FALSE;
        }
        g_error_free(failure); /* older firmware has no such page */
    }
    return TRUE;
}

static void read_versions(CelSession *s, const CelTransfer *limits)
{
    CelWasatchRequest firmware =
        cel_wasatch_get(s->board->is_arm, CEL_WASATCH_GET_FIRMWARE_VERSION);
    CelWasatchRequest fpga = cel_wasatch_get(s->board->is_arm, CEL_WASATCH_GET_FPGA_VERSION);
    gsize n = 0;
    if (!cel_wasatch_ask_bytes(s, &firmware, limits, &n, NULL) ||
        !cel_wasatch_firmware_text(firmware.data, n, s->firmware, sizeof s->firmware))
        g_strlcpy(s->firmware, "?", sizeof s->firmware);
    if (cel_wasatch_ask_bytes(s, &fpga, limits, &n, NULL))
        cel_wasatch_fpga_text(fpga.data, n, s->fpga, sizeof s->fpga);
}

/* The memory carries no sum, and boards have been seen to give something else in its place: it is
 * believed when it was read twice with the same result. */
static gboolean read_memory(CelSession *s, GCancellable *cancel, GError **error)
{
    guint8 pages[CEL_WASATCH_N_PAGES * CEL_WASATCH_PAGE_BYTES] = {0};
    guint8 again[sizeof pages] = {0};
    const CelTransfer limits = cel_wasatch_patience(cancel);
    gsize n = 0, n_again = 0;
    if (!read_pages(s, pages, &n, &limits, error) ||
        !read_pages(s, again, &n_again, &limits, error))
        return FALSE;
    if (n != n_again || memcmp(pages, again, n) != 0) {
        g_set_error_literal(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_IO,
                            "the memory was read twice with different results");
        return FALSE;
    }
    return cel_wasatch_eeprom_parse(pages, n, &s->eeprom, s->notes, error);
}

/* Laser off before anything else. */
static gboolean identify_once(CelSession *s, GCancellable *cancel, GError **error)
{
    g_ptr_array_set_size(s->notes, 0);
    return cel_wasatch_first_off(s, cancel, error) && read_memory(s, cancel, error);
}

static gboolean is_hopeless(const CelSession *s, const GError *failure)
{
    return s->is_gone ||
           g_error_matches(failure, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_CANCELLED) ||
           g_error_matches(failure, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_OFF_SCRIPT);
}

static gboolean identify(CelSession *s, GCancellable *cancel, GError **error)
{
    const gint64 end_us = cel_transport_now_us(s->transport) + BOOT_MS * 1000;
    g_autoptr(GError) failure = NULL;
    do {
        g_clear_error(&failure);
        if (identify_once(s, cancel, &failure)) {
            const CelTransfer limits = cel_wasatch_patience(cancel);
            read_versions(s, &limits);
            return TRUE;
        }
        if (is_hopeless(s, failure))
            break;
        if (!cel_transport_wait(s->transport, BOOT_RETRY_MS, cancel)) {
            g_clear_error(&failure);
            g_set_error_literal(&failure, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_CANCELLED,
                                "cancelled");
            break;
        }
    } while (cel_transport_now_us(s->transport) < end_us);
    return cel_transport_explain(g_steal_pointer(&failure), _("Asking the instrument who it is"),
                                 error);
}

/* ---- making it ready ---- */

typedef struct {
    gboolean wanted;
    CelWasatchOpcode setter, getter;
    guint16 value;
    const char *what;
} Step;

/* What a unit does not take is noted, not fatal: it then keeps its own. Only a unit that is gone
 * ends it. */
static gboolean do_steps(CelSession *s, const Step *steps, gsize n, GCancellable *cancel,
                         GError **error)
{
    const CelTransfer limits = cel_wasatch_patience(cancel);
    for (gsize i = 0; i < n; i++) {
        const CelWasatchSetting setting = {
            cel_wasatch_set(s->board->is_arm, steps[i].setter, steps[i].value), steps[i].getter,
            steps[i].value};
        GError *failure = NULL;
        if (!steps[i].wanted || cel_wasatch_set_loosely(s, &setting, &limits, &failure))
            continue;
        if (failure->domain == CEL_TRANSPORT_ERROR && failure->code != CEL_TRANSPORT_ERROR_STALL &&
            failure->code != CEL_TRANSPORT_ERROR_IO) {
            g_propagate_error(error, failure);
            return FALSE;
        }
        cel_wasatch_note(s, "the unit did not take its %s: %s", steps[i].what, failure->message);
        g_error_free(failure);
    }
    return TRUE;
}

/* What the caller asks for takes the place of what is stored. */
static void override(CelWasatchEeprom *e, const CelParams *settings)
{
    const gint offset = (gint)cel_params_get(settings, OFFSET);
    if (cel_params_get(settings, GAIN) > 0.0) {
        e->gain = cel_params_get(settings, GAIN);
        e->has_gain = TRUE;
    }
    if (offset != G_MININT16) {
        e->offset = offset;
        e->has_offset = TRUE;
    }
}

static gboolean set_detector(CelSession *s, GCancellable *cancel, GError **error)
{
    const CelWasatchEeprom *e = &s->eeprom;
    const gboolean has_odd = s->detector->is_ingaas && e->has_gain;
    const Step steps[] = {
        {e->has_gain, CEL_WASATCH_SET_DETECTOR_GAIN, CEL_WASATCH_GET_DETECTOR_GAIN,
         cel_wasatch_gain_code(e->gain), "gain"},
        {e->has_offset, CEL_WASATCH_SET_DETECTOR_OFFSET, CEL_WASATCH_GET_DETECTOR_OFFSET,
         (guint16)(e->offset & 0xffff), "offset"},
        {has_odd, CEL_WASATCH_SET_DETECTOR_GAIN_ODD, CEL_WASATCH_GET_DETECTOR_GAIN_ODD,
         cel_wasatch_gain_code(e->gain_odd), "gain of odd pixels"},
        {has_odd, CEL_WASATCH_SET_DETECTOR_OFFSET_ODD, CEL_WASATCH_GET_DETECTOR_OFFSET_ODD,
         (guint16)(e->offset_odd & 0xffff), "offset of odd pixels"},
    };
    return do_steps(s, steps, G_N_ELEMENTS(steps), cancel, error);
}

/* The set-point: as asked for, as stored when that is possible, else by the kind of detector. */
static gboolean choose_celsius(const CelSession *s, const CelParams *settings, double *out)
{
    const CelWasatchEeprom *e = &s->eeprom;
    const double set = cel_params_get(settings, TEC);
    if (!e->has_cooling)
        return FALSE;
    if (set > params[TEC].initial)
        *out = CLAMP(set, (double)e->celsius_min, (double)e->celsius_max);
    else if (e->has_startup_celsius)
        *out = e->startup_celsius;
    else if (s->detector->has_startup)
        *out = s->detector->startup_celsius;
    else
        return FALSE;
    return TRUE;
}

/* A set-point comes first: without one the cooler does nothing. */
static gboolean set_cooler(CelSession *s, const CelParams *settings, GCancellable *cancel,
                           GError **error)
{
    double celsius = 0.0;
    guint16 raw = 0;
    if (!choose_celsius(s, settings, &celsius) ||
        !cel_wasatch_tec_raw(s->eeprom.deg_c_to_dac, celsius, &raw)) {
        if (s->eeprom.has_cooling)
            cel_wasatch_note(s, "the detector's cooler was left as it is: no usable calibration");
        return TRUE;
    }
    const Step steps[] = {
        {TRUE, CEL_WASATCH_SET_DETECTOR_TEC_SETPOINT, CEL_WASATCH_GET_DETECTOR_TEC_SETPOINT, raw,
         "detector temperature"},
        {TRUE, CEL_WASATCH_SET_DETECTOR_TEC_ENABLE, CEL_WASATCH_GET_DETECTOR_TEC_ENABLE, 1,
         "cooler's switch"},
    };
    return do_steps(s, steps, G_N_ELEMENTS(steps), cancel, error);
}

static gboolean set_board(CelSession *s, GCancellable *cancel, GError **error)
{
    const CelTransfer limits = cel_wasatch_patience(cancel);
    const CelWasatchRequest trigger =
        cel_wasatch_set_with_bytes(CEL_WASATCH_SET_TRIGGER_SOURCE, TRIGGER_INTERNAL);
    const CelWasatchRequest high_gain =
        cel_wasatch_set_with_bytes(CEL_WASATCH_SET_HIGH_GAIN_MODE, 1);
    if (!s->board->is_arm && !cel_wasatch_send(s, &trigger, &limits, error))
        return FALSE;
    return !s->board->has_high_gain || cel_wasatch_send(s, &high_gain, &limits, error);
}

static gboolean make_ready(CelSession *s, const CelOpening *opening, GError **error)
{
    GCancellable *cancel = opening->cancel;
    GError *failure = NULL;
    s->detector = cel_wasatch_detector(s->eeprom.detector);
    s->is_xs = cel_wasatch_is_xs(s->eeprom.detector, s->eeprom.model);
    s->initial_percent = cel_params_get(opening->params, LASER_PERCENT);
    override(&s->eeprom, opening->params);
    cel_wasatch_set_up_camera(s);
    if (set_board(s, cancel, &failure) && set_detector(s, cancel, &failure) &&
        set_cooler(s, opening->params, cancel, &failure) &&
        cel_wasatch_flush(s, QUIET_MS, cancel, &failure)) {
        cel_wasatch_set_up_laser(s, (gint)cel_params_get(opening->params, ATTENUATOR));
        return TRUE;
    }
    return cel_transport_explain(failure, _("Setting up the instrument"), error);
}

static gboolean check_detector(const CelSession *s, GError **error)
{
    const char *name = s->eeprom.detector;
    if (name[0] != '\0' && g_ascii_strcasecmp(name, "none") != 0)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                _("This unit has no detector: it only drives a laser. Nothing was measured. Choose "
                  "another instrument."));
    return FALSE;
}

/* ---- slots ---- */

static void wasatch_close(CelSession *s)
{
    cel_wasatch_laser_off(s, NULL);
    cel_transport_close(s->transport);
    g_ptr_array_unref(s->notes);
    g_free(s->camera.bytes);
    g_free(s);
}

static CelSession *wasatch_open(const CelOpening *opening, GError **error)
{
    const CelUsbPresent *usb = &opening->info->usb;
    const CelWasatchBoard *board = cel_wasatch_board(usb->vendor, usb->product);
    GError *failure = NULL;
    if (board == NULL || opening->bus == NULL) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                    _("\"%s\" is no instrument of Wasatch Photonics. Nothing was measured."),
                    opening->info->id);
        return NULL;
    }
    CelTransport *transport = cel_bus_open(opening->bus, usb, TRUE, &failure);
    if (transport == NULL) {
        cel_transport_explain(failure, _("Opening the instrument"), error);
        return NULL;
    }
    CelSession *s = g_new0(CelSession, 1);
    s->transport = transport;
    s->board = board;
    s->notes = g_ptr_array_new_with_free_func(g_free);
    if (identify(s, opening->cancel, error) && check_detector(s, error) &&
        make_ready(s, opening, error))
        return s;
    wasatch_close(s);
    return NULL;
}

/* The shifts between which the unit holds spectrum. */
static void fill_range(const CelSession *s, CelInstrument *out)
{
    const CelWasatchEeprom *e = &s->eeprom;
    const double ends[2] = {e->has_roi ? e->roi[0] : 0.0,
                            e->has_roi ? e->roi[1] : (double)(e->n_pixels - 1)};
    for (guint i = 0; i < 2 && e->n_wavelength > 0 && e->excitation_nm > 0.0; i++) {
        const double nm = cel_wasatch_polynomial(e->wavelength, e->n_wavelength, ends[i]);
        const double cm1 = 1e7 / e->excitation_nm - 1e7 / nm;
        out->range_cm1[i] = nm > 0.0 && cm1 > 0.0 ? cm1 : 0.0;
    }
}

static void wasatch_describe(CelSession *s, CelInstrument *out_instrument,
                             CelCalibration *out_calibration)
{
    const CelWasatchEeprom *e = &s->eeprom;
    *out_instrument = (CelInstrument){
        /* the one place that sets it; nothing clears it */
        .simulated = g_str_has_prefix(e->model, CEL_WASATCH_SIMULATED),
        .resolution_cm1 = e->resolution_cm1,
        .saturation_counts = s->detector->saturation_counts,
    };
    g_strlcpy(out_instrument->vendor, "Wasatch Photonics", sizeof out_instrument->vendor);
    g_strlcpy(out_instrument->model, e->model, sizeof out_instrument->model);
    g_strlcpy(out_instrument->serial, e->serial, sizeof out_instrument->serial);
    g_snprintf(out_instrument->firmware, sizeof out_instrument->firmware, "%s, FPGA %s",
               s->firmware, s->fpga);
    g_strlcpy(out_instrument->driver, cel_driver_wasatch.id, sizeof out_instrument->driver);
    g_strlcpy(out_instrument->detector, e->detector, sizeof out_instrument->detector);
    fill_range(s, out_instrument);
    *out_calibration = (CelCalibration){.medium = CEL_UNIT_NM_UNSTATED,
                                        .n_coefficients = e->n_wavelength,
                                        .laser_nm = e->excitation_nm};
    g_snprintf(out_calibration->id, sizeof out_calibration->id, "factory-%s", e->serial);
    g_strlcpy(out_calibration->serial, e->serial, sizeof out_calibration->serial);
    for (guint i = 0; i < e->n_wavelength; i++)
        out_calibration->coefficients[i] = e->wavelength[i];
}

static void wasatch_capabilities(CelSession *s, CelCapabilities *out)
{
    *out = (CelCapabilities){.discard_after_change = 1, .integration_step_ms = 1.0};
    cel_wasatch_laser_capabilities(s, out);
    cel_wasatch_bad_pixels(s, out);
    if (!s->is_xs)
        return;
    out->discard_after_idle = DISCARD_IDLE_XS;
    out->idle_ms = IDLE_XS_MS;
    out->first_frame_extra_ms = ASLEEP_MS;
}

static gsize wasatch_n_pixels(CelSession *s)
{
    return s->eeprom.n_pixels;
}

static void wasatch_integration_range(CelSession *s, double *out_min_ms, double *out_max_ms)
{
    *out_min_ms = s->eeprom.integration_min_ms;
    *out_max_ms = s->eeprom.integration_max_ms;
}

static gboolean wasatch_temperature(CelSession *s, GCancellable *cancel, double *out_celsius)
{
    const gint64 now_us = cel_transport_now_us(s->transport);
    const CelTransfer limits = cel_wasatch_patience(cancel);
    guint64 raw = 0;
    if (!s->eeprom.has_thermometer || s->is_gone)
        return FALSE;
    if (!s->has_celsius || now_us - s->celsius_us >= TEMPERATURE_GAP_MS * 1000) {
        s->celsius_us = now_us;
        s->has_celsius =
            cel_wasatch_ask(s, CEL_WASATCH_GET_DETECTOR_TEMPERATURE, &limits, &raw, NULL);
        s->celsius = cel_wasatch_polynomial(s->eeprom.adc_to_deg_c, 3, (double)raw);
    }
    *out_celsius = s->celsius;
    return s->has_celsius && s->celsius >= -150.0 && s->celsius <= 100.0;
}

static gboolean wasatch_is_gone(CelSession *s)
{
    return s->is_gone;
}

static void wasatch_blank_serial(const CelControl *setup, guint8 endpoint, guint8 *data, gsize n)
{
    (void)endpoint;
    if (setup == NULL || setup->request != CEL_WASATCH_SECOND_TIER)
        return;
    if (setup->value == (CEL_WASATCH_READ_EEPROM_PAGE & 0xff))
        cel_wasatch_blank_page(setup->index, data, n);
    else if (setup->value == (CEL_WASATCH_GET_MICROCONTROLLER_SERIAL & 0xff) && n > 0)
        memset(data, 0, n);
}

static const GPtrArray *wasatch_notes(CelSession *s)
{
    return s->notes;
}

const CelDriver cel_driver_wasatch = {
    .id = "wasatch",
    .title = N_("Wasatch Photonics spectrometers"),
    .validation = "replay-only",
    .params = params,
    .n_params = N_PARAMS,
    .usb_ids = cel_wasatch_usb_ids,
    .n_usb_ids = CEL_WASATCH_N_BOARDS,
    .open = wasatch_open,
    .close = wasatch_close,
    .describe = wasatch_describe,
    .capabilities = wasatch_capabilities,
    .notes = wasatch_notes,
    .n_pixels = wasatch_n_pixels,
    .integration_range = wasatch_integration_range,
    .expose = cel_wasatch_expose,
    .drain = cel_wasatch_drain,
    .laser_arm = cel_wasatch_laser_arm,
    .laser_on = cel_wasatch_laser_on,
    .laser = cel_wasatch_laser,
    .laser_off = cel_wasatch_laser_off,
    .laser_gate = cel_wasatch_laser_gate,
    .temperature = wasatch_temperature,
    .is_gone = wasatch_is_gone,
    .blank_serial = wasatch_blank_serial,
};
