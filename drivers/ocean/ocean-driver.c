/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ocean/cel-ocean.h"
#include "ocean/ocean-obp.h"
#include "ocean/ocean-ooi.h"
#include "ocean/ocean-session.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum { MIN_SERIAL_CHARS = 4 };

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

/* ---- opening and closing ---- */

static CelSession *make_session(const CelOpening *opening, const CelOceanModel *model)
{
    CelSession *s = g_new0(CelSession, 1);
    s->model = model;
    s->link = model->protocol == CEL_OCEAN_OOI ? &cel_ocean_ooi_link : &cel_ocean_obp_link;
    s->params = cel_params_copy(opening->params);
    s->has_gate = cel_params_get_size(s->params, LASER_GATE) == GATE_STROBE;
    s->gate = CEL_LASER_UNKNOWN;
    s->laser_mw = cel_params_get(s->params, LASER_MW);
    s->notes = g_ptr_array_new_with_free_func(g_free);
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
    g_ptr_array_unref(s->notes);
    g_free(s->buffer);
    g_free(s);
}

/* Units hang after the next start of a program unless their port is reset (libseabreeze,
 * NativeUSBLinux.c). */
static void ocean_close(CelSession *s)
{
    cel_ocean_laser_off(s, NULL);
    if (!s->gone)
        cel_transport_reset(s->transport, NULL);
    free_session(s);
}

static gboolean check_endpoint(CelSession *s, guint8 endpoint, GError **error)
{
    if (cel_transport_packet_bytes(s->transport, endpoint) > 0)
        return TRUE;
    g_set_error(
        error, CEL_ERROR, CEL_ERROR_DEVICE,
        _("The instrument has no endpoint %02x, which model %s has. Nothing was measured. This "
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
    g_set_error_literal(
        error, CEL_ERROR, CEL_ERROR_DEVICE,
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
    if (!cel_ocean_clear_halts(s, error))
        return FALSE;
    cel_ocean_laser_off(s, cancel);
    return s->link->start(s, cancel, error) &&
           (!s->has_gate || cel_ocean_switch_off(s, cancel, error)) &&
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
        cel_ocean_laser_off(s, opening->cancel);
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
    out->laser_mw_max = out->laser_mw_min = out->laser_mw_default = s->laser_mw;
    out->laser_delay_ms = (guint)cel_params_get_size(s->params, LASER_DELAY);
    out->laser_warmup_ms = (guint)cel_params_get_size(s->params, LASER_WARMUP);
    if (class > 0)
        g_strlcpy(out->laser_class, classes[class], sizeof out->laser_class);
    if (od > 0.0 && nm > 0.0)
        g_snprintf(out->eyewear, sizeof out->eyewear, "OD %g+ @ %g nm", od, nm);
}

static void ocean_capabilities(CelSession *s, CelCapabilities *out)
{
    const CelOceanModel *m = s->model;
    *out = (CelCapabilities){.integration_step_ms = m->unit_us / 1000.0,
                             .discard_after_change = 1,
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

static void note(CelSession *s, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void note(CelSession *s, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_ptr_array_add(s->notes, g_strdup_vprintf(format, args));
    va_end(args);
}

/* What was done to the counts, what was left out, what the unit did not do well. */
static const GPtrArray *ocean_notes(CelSession *s)
{
    const CelOceanModel *m = s->model;
    g_ptr_array_set_size(s->notes, 0);
    if (s->scale > 1.0)
        note(s, "counts multiplied by %.6g: full detector at %u (slot 17)", s->scale,
             m->full_scale);
    if (m->n_sent > m->n_pixels)
        note(s, "%u padding pixels at the end of each frame left out", m->n_sent - m->n_pixels);
    if (m->saturation == CEL_OCEAN_NOT_KNOWN)
        note(s, "the count of a full detector is not known");
    if (s->n_nonlinearity == 0)
        note(s, "no usable non-linearity stored");
    if (s->n_early > 0)
        note(s, "%u frames dropped that began before they were asked for", s->n_early);
    if (s->n_failures > 0)
        note(s, "%u exchanges failed since it was opened", s->n_failures);
    return s->notes;
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

static gboolean ocean_temperature(CelSession *s, GCancellable *cancel, double *out_celsius)
{
    g_autoptr(GError) failure = NULL;
    if (!s->model->has_cooler || s->gone || s->is_unsettled)
        return FALSE;
    const gboolean ok = s->link->temperature(s, cancel, out_celsius, &failure);
    s->is_unsettled = failure != NULL;
    return ok;
}

static gboolean ocean_is_gone(CelSession *s)
{
    return s->gone;
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
    .notes = ocean_notes,
    .n_pixels = ocean_n_pixels,
    .integration_range = ocean_integration_range,
    .expose = cel_ocean_expose,
    .drain = cel_ocean_drain,
    .laser_arm = cel_ocean_laser_arm,
    .laser_on = cel_ocean_laser_on,
    .laser = cel_ocean_laser,
    .laser_off = cel_ocean_laser_off,
    .laser_gate = cel_ocean_laser_gate,
    .temperature = ocean_temperature,
    .is_gone = ocean_is_gone,
    .blank_serial = ocean_blank_serial,
};
