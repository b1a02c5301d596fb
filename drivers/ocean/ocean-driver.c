/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ocean/cel-ocean.h"
#include "ocean/ocean-obp.h"
#include "ocean/ocean-ooi.h"
#include "ocean/ocean-session.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum {
    MAX_EARLY_FRAMES = 8,
    MAX_HANGS = 2, /* in a row; then the port is reset */
    MIN_SERIAL_CHARS = 4,
    SERIES_JITTER_US = 2000, /* of the time at which a frame comes */
};
/* Clocks of instrument and computer agree at least so well. */
static const double CLOCK_TOLERANCE = 1e-3;

/* ---- settings: what no Ocean unit knows, because its laser is another device ---- */

enum {
    LASER_GATE,
    LASER_NM,
    LASER_MW,
    LASER_CLASS,
    EYEWEAR_OD,
    LASER_DELAY,
    LASER_WARMUP,
    N_PARAMS
};
enum { GATE_NONE, GATE_STROBE };

static const char *const gates[] = {"none", "strobe", NULL};
static const char *const classes[] = {"unstated", "1", "1M", "2", "2M", "3R", "3B", "4", NULL};

static const CelParamDef params[] = {
    [LASER_GATE] = {.key = "laser_gate",
                    .label = N_("Line that switches the laser"),
                    .unit = "1",
                    .type = CEL_PARAM_CHOICE,
                    .max = GATE_STROBE,
                    .choices = gates},
    [LASER_NM] = {.key = "laser_nm",
                  .label = N_("Wavelength of the laser, 0: not stated"),
                  .unit = "nm",
                  .type = CEL_PARAM_REAL,
                  .max = 2000},
    [LASER_MW] = {.key = "laser_mw",
                  .label = N_("Power of the laser at the sample, 0: not stated"),
                  .unit = "mW",
                  .type = CEL_PARAM_REAL,
                  .max = 10000},
    [LASER_CLASS] = {.key = "laser_class",
                     .label = N_("Class on the laser's label"),
                     .unit = "1",
                     .type = CEL_PARAM_CHOICE,
                     .max = G_N_ELEMENTS(classes) - 2,
                     .choices = classes},
    [EYEWEAR_OD] = {.key = "eyewear_od",
                    .label = N_("Optical density of the eyewear it asks for, 0: not stated"),
                    .unit = "1",
                    .type = CEL_PARAM_REAL,
                    .max = 12},
    [LASER_DELAY] = {.key = "laser_delay_ms",
                     .label = N_("Time from the command to light"),
                     .unit = "ms",
                     .type = CEL_PARAM_INT,
                     .max = 60000},
    [LASER_WARMUP] = {.key = "laser_warmup_ms",
                      .label = N_("Time from light to steady power"),
                      .unit = "ms",
                      .type = CEL_PARAM_INT,
                      .max = 600000},
};
G_STATIC_ASSERT(G_N_ELEMENTS(params) == N_PARAMS);

/* ---- laser: the lamp enable line, when it is set up as the laser's gate; it has no read-back ---- */

static CelLaserState ocean_laser_off(CelSession *s)
{
    s->begins_us = 0;
    if (!s->has_gate)
        return CEL_LASER_UNKNOWN;
    s->is_armed = FALSE;
    const gboolean ok = s->link->gate(s, FALSE, CEL_OCEAN_GATE_MS, NULL);
    s->gate = ok ? CEL_LASER_OFF_COMMANDED : CEL_LASER_UNKNOWN;
    return s->gate;
}

static CelLaserState ocean_laser(CelSession *s)
{
    return s->has_gate && !s->gone ? s->gate : CEL_LASER_UNKNOWN;
}

/* Switches the line with the unit's word for it, where the protocol has one. */
static gboolean switch_gate(CelSession *s, gboolean on, GError **error)
{
    s->begins_us = 0;
    s->gate = CEL_LASER_UNKNOWN;
    const gboolean ok = s->link->prove_gate != NULL
                            ? s->link->prove_gate(s, on, error)
                            : s->link->gate(s, on, CEL_OCEAN_ANSWER_MS, error);
    if (ok)
        s->gate = on ? CEL_LASER_ON : CEL_LASER_OFF_COMMANDED;
    return ok;
}

static gboolean refuse_laser(const char *message, GError **error)
{
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_DEVICE, message);
    return FALSE;
}

static gboolean ocean_laser_arm(CelSession *s, const CelLaserRequest *request, GError **error)
{
    GError *failure = NULL;
    if (!s->has_gate)
        return refuse_laser(_("The laser of this instrument is another device that Celadon does "
                              "not control. Nothing was switched. Switch it by hand, or set up "
                              "the instrument with laser_gate=strobe if its line is connected."),
                            error);
    const double most_mw = cel_params_get(s->params, LASER_MW);
    if (most_mw > 0.0 && request->laser_mw > most_mw)
        return refuse_laser(_("More power was asked for than this laser is stated to have. "
                              "Nothing was switched."),
                            error);
    if (!switch_gate(s, FALSE, &failure)) {
        s->is_unsettled = TRUE;
        ocean_laser_off(s);
        return cel_transport_explain(failure, _("Preparing the laser"), error);
    }
    s->is_armed = TRUE;
    return TRUE;
}

static gboolean ocean_laser_on(CelSession *s, GError **error)
{
    GError *failure = NULL;
    if (!s->has_gate || !s->is_armed)
        return refuse_laser(_("The laser was not made ready. It was not switched on."), error);
    if (switch_gate(s, TRUE, &failure))
        return TRUE;
    s->is_unsettled = TRUE;
    ocean_laser_off(s);
    return cel_transport_explain(failure, _("Switching the laser on"), error);
}

static void ocean_laser_gate(CelSession *s, CelLaserGate *out)
{
    *out = (CelLaserGate){0};
    if (!s->has_gate)
        return;
    G_STATIC_ASSERT(sizeof out->data >= CEL_OBP_LEAST_BYTES);
    out->is_bulk = TRUE;
    out->endpoint = s->model->endpoints->out;
    out->n = s->link->gate_packet(out->data);
}

/* ---- opening and closing ---- */

static CelSession *make_session(const CelOpening *opening, const CelOceanModel *model)
{
    CelSession *s = g_new0(CelSession, 1);
    s->model = model;
    s->link = model->protocol == CEL_OCEAN_OOI ? &cel_ocean_ooi_link : &cel_ocean_obp_link;
    s->params = cel_params_copy(opening->params);
    s->has_gate = cel_params_get_size(s->params, LASER_GATE) == GATE_STROBE;
    s->gate = CEL_LASER_UNKNOWN;
    s->name = model->name;
    s->scale = 1.0;
    s->integration_us[0] = model->integration_us[0];
    s->integration_us[1] = model->integration_us[1];
    s->buffer_bytes = cel_ocean_frame_bytes(model) + 1024; /* a header and a packet more */
    s->buffer = g_malloc0(s->buffer_bytes);
    return s;
}

static void free_session(CelSession *s)
{
    cel_transport_close(s->transport);
    cel_params_free(s->params);
    g_free(s->buffer);
    g_free(s);
}

/* Units hang after the next start of a program unless their port is reset (libseabreeze,
 * NativeUSBLinux.c). */
static void ocean_close(CelSession *s)
{
    ocean_laser_off(s);
    if (!s->gone)
        cel_transport_reset(s->transport, NULL);
    free_session(s);
}

static gboolean check_endpoint(CelSession *s, guint8 endpoint, GError **error)
{
    if (cel_transport_packet_bytes(s->transport, endpoint) > 0)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                _("The instrument has no endpoint %02x, which a %s has. Nothing was measured. This "
                  "unit is not known to Celadon: send a recording of it."),
                endpoint, s->model->name);
    return FALSE;
}

static gboolean check_endpoints(CelSession *s, GError **error)
{
    const CelOceanEndpoints *e = s->model->endpoints;
    const gboolean is_split = s->model->is_split && cel_transport_is_high_speed(s->transport);
    return check_endpoint(s, e->out, error) && check_endpoint(s, e->in, error) &&
           check_endpoint(s, e->spectra, error) &&
           (!is_split || check_endpoint(s, e->first_part, error));
}

static gboolean clear_halts(CelSession *s, GError **error)
{
    const CelOceanEndpoints *e = s->model->endpoints;
    const guint8 endpoints[] = {e->out, e->in, e->spectra != e->in ? e->spectra : 0,
                                s->model->is_split ? e->first_part : 0};
    s->was_stalled = FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(endpoints); i++) {
        if (endpoints[i] != 0 && cel_transport_packet_bytes(s->transport, endpoints[i]) > 0 &&
            !cel_transport_clear_halt(s->transport, endpoints[i], error))
            return FALSE;
    }
    return TRUE;
}

static gboolean is_serial_char(char c)
{
    return g_ascii_isalnum(c) || strchr("+-_/. ", c) != NULL;
}

/* A unit that cannot be told from others gives no evidence; and it is the serial number that marks
 * a simulated one. */
static gboolean check_serial(const CelSession *s, GError **error)
{
    gsize n = 0;
    while (s->serial[n] != '\0' && is_serial_char(s->serial[n]))
        n++;
    if (n >= MIN_SERIAL_CHARS && s->serial[n] == '\0')
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                _("The instrument gives no usable serial number, so nobody could tell which one "
                  "measured. Nothing was measured. Unplug it, plug it in and repeat; if that does "
                  "not help, have it checked by its maker."));
    return FALSE;
}

/* The laser's line goes low before anything else; units obey only once they are started, so it does
 * again then. */
static gboolean bring_up(CelSession *s, GCancellable *cancel, GError **error)
{
    s->answered = FALSE;
    if (!clear_halts(s, error))
        return FALSE;
    ocean_laser_off(s);
    return s->link->start(s, cancel, error) && (!s->has_gate || switch_gate(s, FALSE, error)) &&
           s->link->identify(s, cancel, error) && check_serial(s, error);
}

/* A unit that does not answer at all is reset, once. */
static gboolean bring_up_or_reset(CelSession *s, GCancellable *cancel, GError **error)
{
    GError *failure = NULL;
    if (bring_up(s, cancel, &failure))
        return TRUE;
    const gboolean is_mute =
        !s->answered && g_error_matches(failure, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_TIMEOUT);
    if (!is_mute) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    g_error_free(failure);
    return cel_transport_reset(s->transport, error) && bring_up(s, cancel, error);
}

static CelSession *ocean_open(const CelOpening *opening, GError **error)
{
    const CelUsbPresent *usb = &opening->info->usb;
    const CelOceanModel *model = cel_ocean_model(usb->vendor, usb->product);
    GError *failure = NULL;
    g_return_val_if_fail(model != NULL && opening->bus != NULL, NULL);
    CelSession *s = make_session(opening, model);
    s->transport = cel_bus_open(opening->bus, usb, TRUE, &failure);
    if (s->transport != NULL && check_endpoints(s, &failure) &&
        bring_up_or_reset(s, opening->cancel, &failure))
        return s;
    if (s->transport != NULL)
        ocean_laser_off(s);
    free_session(s);
    cel_transport_explain(failure, _("Opening the instrument"), error);
    return NULL;
}

/* ---- what it says of itself ---- */

/* The polynomial in (x + @shift) as one in x. */
static void shift_polynomial(double *c, guint n, double shift)
{
    for (guint i = 0; i + 1 < n; i++) {
        for (guint k = n - 1; k > i; k--)
            c[k - 1] += shift * c[k];
    }
}

static void ocean_describe(CelSession *s, CelInstrument *out_instrument,
                           CelCalibration *out_calibration)
{
    const gboolean is_full_known = s->model->saturation != CEL_OCEAN_NOT_KNOWN;
    *out_instrument = (CelInstrument){
        .simulated = g_str_has_prefix(s->serial, CEL_OCEAN_SIMULATED_SERIAL),
        .saturation_counts = is_full_known ? s->model->full_scale : 0,
    };
    g_strlcpy(out_instrument->vendor, "Ocean Optics", sizeof out_instrument->vendor);
    g_strlcpy(out_instrument->model, s->name, sizeof out_instrument->model);
    g_strlcpy(out_instrument->serial, s->serial, sizeof out_instrument->serial);
    g_strlcpy(out_instrument->firmware, s->firmware, sizeof out_instrument->firmware);
    g_strlcpy(out_instrument->driver, cel_driver_ocean.id, sizeof out_instrument->driver);
    *out_calibration = (CelCalibration){
        .medium = CEL_UNIT_NM_UNSTATED,
        .n_coefficients = s->n_wavelength,
        .laser_nm = cel_params_get(s->params, LASER_NM),
    };
    g_snprintf(out_calibration->id, sizeof out_calibration->id, "factory-%s", s->serial);
    g_strlcpy(out_calibration->serial, s->serial, sizeof out_calibration->serial);
    for (guint i = 0; i < s->n_wavelength; i++)
        out_calibration->coefficients[i] = s->wavelength[i];
    if (s->model->first_index != 0)
        shift_polynomial(out_calibration->coefficients, s->n_wavelength, s->model->first_index);
}

static void describe_laser(const CelSession *s, CelCapabilities *out)
{
    const double nm = cel_params_get(s->params, LASER_NM),
                 od = cel_params_get(s->params, EYEWEAR_OD);
    const gsize class = cel_params_get_size(s->params, LASER_CLASS);
    out->laser = s->has_gate ? CEL_LASER_BUILT_IN : CEL_LASER_EXTERNAL;
    out->laser_mw_max = out->laser_mw_min = out->laser_mw_default =
        cel_params_get(s->params, LASER_MW);
    out->laser_delay_ms = (guint)cel_params_get_size(s->params, LASER_DELAY);
    out->laser_warmup_ms = (guint)cel_params_get_size(s->params, LASER_WARMUP);
    if (class > 0)
        g_strlcpy(out->laser_class, classes[class], sizeof out->laser_class);
    if (od > 0.0 && nm > 0.0)
        g_snprintf(out->eyewear, sizeof out->eyewear, "OD %g+ at %g nm", od, nm);
}

static void ocean_capabilities(CelSession *s, CelCapabilities *out)
{
    const CelOceanModel *m = s->model;
    *out = (CelCapabilities){.discard_after_change = 1,
                             .n_dark_ranges = m->n_dark_ranges,
                             .n_nonlinearity = s->n_nonlinearity};
    describe_laser(s, out);
    for (guint i = 0; i < m->n_dark_ranges; i++) {
        out->dark_pixels[i][0] = m->dark_pixels[i][0];
        out->dark_pixels[i][1] = m->dark_pixels[i][1];
    }
    for (guint i = 0; i < s->n_nonlinearity; i++)
        out->nonlinearity[i] = s->nonlinearity[i];
}

static gsize ocean_n_pixels(CelSession *s)
{
    return s->model->n_pixels;
}

static void ocean_integration_range(CelSession *s, double *out_min_ms, double *out_max_ms)
{
    *out_min_ms = s->integration_us[0] / 1000.0;
    *out_max_ms = s->integration_us[1] / 1000.0;
}

static gboolean ocean_temperature(CelSession *s, double *out_celsius)
{
    g_autoptr(GError) failure = NULL;
    if (!s->model->has_cooler || s->gone || s->is_unsettled)
        return FALSE;
    const gboolean ok = s->link->temperature(s, out_celsius, &failure);
    s->is_unsettled = failure != NULL;
    return ok;
}

static gboolean ocean_is_gone(CelSession *s)
{
    return s->gone;
}

/* ---- exposure ---- */

static gboolean fail(CelSession *s, GError *failure, GError **error)
{
    ocean_laser_off(s);
    s->begins_us = 0;
    s->is_unsettled = TRUE;
    return cel_transport_explain(failure, _("Reading the spectrum"), error);
}

static guint late_ms(CelSession *s)
{
    if (s->frame_until_us == 0)
        return 0;
    const gint64 left_us = s->frame_until_us - cel_transport_now_us(s->transport);
    return left_us <= 1000 ? 1 : (guint)MIN(left_us / 1000, (gint64)G_MAXINT);
}

/* After a failure: the next frame must be a new one. */
static gboolean settle(CelSession *s, GCancellable *cancel, GError **error)
{
    if (!s->is_unsettled)
        return TRUE;
    if (s->was_stalled && !clear_halts(s, error))
        return FALSE;
    if (!s->link->drain(s, late_ms(s), cancel, error))
        return FALSE;
    if (s->n_hangs >= MAX_HANGS) {
        s->n_hangs = 0;
        if (!cel_transport_reset(s->transport, error) || !clear_halts(s, error) ||
            !s->link->start(s, cancel, error))
            return FALSE;
    }
    s->frame_until_us = 0;
    s->is_unsettled = FALSE;
    return TRUE;
}

static gboolean ocean_drain(CelSession *s, GCancellable *cancel, GError **error)
{
    GError *failure = NULL;
    return settle(s, cancel, &failure) ||
           cel_transport_explain(failure, _("Waiting for the late spectrum"), error);
}

/* Times go to the unit as whole multiples of its own unit. */
static gboolean choose_integration(CelSession *s, double ms, guint32 *out_us, GError **error)
{
    const double unit_us = s->model->unit_us, us = ms * 1000.0;
    if (us >= s->integration_us[0] && us <= s->integration_us[1]) {
        *out_us = (guint32)(round(us / unit_us) * unit_us);
        return TRUE;
    }
    g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                _("The instrument refuses %g ms. Nothing was measured. Choose from %g to %g ms."),
                ms, s->integration_us[0] / 1000.0, s->integration_us[1] / 1000.0);
    return FALSE;
}

static gboolean set_integration(CelSession *s, guint32 us, GCancellable *cancel, GError **error)
{
    if (us == s->setting_us)
        return TRUE;
    s->begins_us = 0;
    s->previous_us = s->setting_us;
    s->setting_us = 0; /* not known until it is acknowledged */
    if (!s->link->set_integration(s, us, cancel, error))
        return FALSE;
    s->setting_us = us;
    return TRUE;
}

/* How long a frame may take: a unit may first end the exposure that is under way. */
static guint frame_ms(const CelSession *s)
{
    const guint64 before_us = s->previous_us != s->setting_us ? s->previous_us : 0;
    return (guint)((s->setting_us + before_us) / 1000) + CEL_OCEAN_FRAME_MS;
}

/* Did the frame come, however broken? */
static gboolean has_come(const GError *failure)
{
    return failure->domain == CEL_ERROR ||
           g_error_matches(failure, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_OVERFLOW);
}

static gboolean exchange(CelSession *s, CelOceanFrame *frame, GCancellable *cancel, GError **error)
{
    GError *failure = NULL;
    const guint timeout_ms = frame_ms(s);
    s->frame_until_us = cel_transport_now_us(s->transport) + (gint64)timeout_ms * 1000;
    const gboolean ok = s->link->request(s, cancel, &failure) &&
                        s->link->receive(s, timeout_ms, frame, cancel, &failure);
    if (ok || has_come(failure))
        s->frame_until_us = 0;
    if (!ok)
        g_propagate_error(error, failure);
    return ok;
}

/* Units that run freely answer with the frame that is under way when they are asked. What comes
 * sooner than one integration time after the first question began before it, perhaps without the
 * laser, and is thrown away; the next one begins where that one ended. In a series without any
 * change a frame may begin where the one before ended. */
static gboolean take_frame(CelSession *s, double *out_counts, GCancellable *cancel, GError **error)
{
    CelOceanFrame frame = {.counts = out_counts};
    const gboolean is_series = s->begins_us != 0;
    const gint64 begins_us = is_series ? s->begins_us : cel_transport_now_us(s->transport);
    const double least_us =
        s->setting_us * (1.0 - CLOCK_TOLERANCE) - (is_series ? SERIES_JITTER_US : 0.0);
    for (guint i = 0; i <= MAX_EARLY_FRAMES; i++) {
        if (!exchange(s, &frame, cancel, error))
            return FALSE;
        const gint64 came_us = cel_transport_now_us(s->transport);
        if ((double)(came_us - begins_us) >= least_us && !frame.is_stale) {
            s->begins_us = came_us;
            s->previous_us = s->setting_us;
            s->n_hangs = 0;
            return TRUE;
        }
    }
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_DEVICE,
                        _("The instrument sends spectra sooner than they can have been exposed. "
                          "The measurement is not usable. Unplug it, plug it in and repeat."));
    return FALSE;
}

/* What lies ready before frames of new conditions was exposed under the old ones. */
static gboolean sweep(CelSession *s, GCancellable *cancel, GError **error)
{
    return s->begins_us != 0 || s->link->sweep == NULL || s->link->sweep(s, cancel, error);
}

static gboolean ocean_expose(CelSession *s, const CelExposure *exposure, double *out_counts,
                             guint64 *out_frame_number, GCancellable *cancel, GError **error)
{
    GError *failure = NULL;
    guint32 us = 0;
    *out_frame_number = CEL_FRAME_NUMBER_NONE;
    if (!choose_integration(s, exposure->integration_ms, &us, &failure)) {
        ocean_laser_off(s);
        g_propagate_error(error, failure);
        return FALSE;
    }
    return (settle(s, cancel, &failure) && set_integration(s, us, cancel, &failure) &&
            sweep(s, cancel, &failure) && take_frame(s, out_counts, cancel, &failure)) ||
           fail(s, failure, error);
}

static void ocean_blank_serial(const CelControl *setup, guint8 endpoint, guint8 *data, gsize n)
{
    if (setup != NULL || (endpoint & 0x80) == 0)
        return;
    cel_ooi_blank_serial(data, n);
    cel_obp_blank_serial(data, n);
}

const CelDriver cel_driver_ocean = {
    .id = "ocean",
    .title = N_("Ocean Optics and Ocean Insight spectrometers"),
    .validation = "replay-only",
    .params = params,
    .n_params = N_PARAMS,
    .usb_ids = cel_ocean_usb_ids,
    .n_usb_ids = CEL_OCEAN_N_MODELS,
    .open = ocean_open,
    .close = ocean_close,
    .describe = ocean_describe,
    .capabilities = ocean_capabilities,
    .n_pixels = ocean_n_pixels,
    .integration_range = ocean_integration_range,
    .expose = ocean_expose,
    .drain = ocean_drain,
    .laser_arm = ocean_laser_arm,
    .laser_on = ocean_laser_on,
    .laser = ocean_laser,
    .laser_off = ocean_laser_off,
    .laser_gate = ocean_laser_gate,
    .temperature = ocean_temperature,
    .is_gone = ocean_is_gone,
    .blank_serial = ocean_blank_serial,
};
