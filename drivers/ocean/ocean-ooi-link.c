/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ocean/ocean-ooi.h"
#include "ocean/ocean-session.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Exchanges of the older protocol. An answer does not say which question it belongs to, except for
 * stored texts and registers: what does not fit is an old one, thrown away, and asked for again. */

enum {
    N_ATTEMPTS = 3,
    MAX_PACKET_BYTES = 1024,
    TRIGGER_NORMAL = 0,
};
/* No stored coefficient is larger: they are wavelengths in nm and corrections of counts. */
static const double MAX_COEFFICIENT = 1e6;

static gboolean send(CelSession *s, CelOoiOpcode opcode, guint32 argument,
                     const CelTransfer *limits, GError **error)
{
    const CelOoiCommand command = cel_ooi_command(opcode, argument);
    return cel_ocean_send(s, command.bytes, command.n, limits, error);
}

static gboolean command(CelSession *s, CelOoiOpcode opcode, guint32 argument, GCancellable *cancel,
                        GError **error)
{
    return send(s, opcode, argument, &(CelTransfer){CEL_OCEAN_ANSWER_MS, cancel}, error);
}

/* One question, one answer: a short packet of at most @n bytes. */
static gboolean ask(CelSession *s, const CelOoiCommand *question, guint8 *out, gsize *out_n,
                    GCancellable *cancel, GError **error)
{
    const guint8 in = s->model->endpoints->in;
    const gsize room = MIN(cel_transport_packet_bytes(s->transport, in), MAX_PACKET_BYTES);
    const CelTransfer limits = {CEL_OCEAN_ANSWER_MS, cancel};
    if (!cel_ocean_send(s, question->bytes, question->n, &limits, error))
        return FALSE;
    return cel_ocean_receive(s, in, out, room, &limits, out_n, error);
}

/* Throws away what comes from any endpoint that the model uses. */
static gboolean flush(CelSession *s, guint quiet_ms, GCancellable *cancel, GError **error)
{
    const CelOceanEndpoints *e = s->model->endpoints;
    const CelTransfer limits = {quiet_ms, cancel};
    return cel_ocean_flush(s, e->in, &limits, error) &&
           cel_ocean_flush(s, e->spectra, &limits, error) &&
           (!s->model->is_split || cel_ocean_flush(s, e->first_part, &limits, error));
}

/* ---- opening ---- */

static gboolean ooi_start(CelSession *s, GCancellable *cancel, GError **error)
{
    if (!command(s, CEL_OOI_INITIALISE, 0, cancel, error))
        return FALSE;
    if (!cel_transport_wait(s->transport, CEL_OOI_INITIALISE_MS, cancel)) {
        g_set_error_literal(error, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_CANCELLED, "start");
        return FALSE;
    }
    s->setting_us = 0;
    return flush(s, CEL_OCEAN_QUIET_MS, cancel, error) &&
           command(s, CEL_OOI_TRIGGER, TRIGGER_NORMAL, cancel, error);
}

static gboolean refuse_slot(guint8 slot, GError **error)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                _("The instrument does not give its stored value %u: other answers come instead. "
                  "Nothing was measured. Unplug it, plug it in and repeat."),
                slot);
    return FALSE;
}

/* The whole answer for @slot. */
static gboolean read_slot(CelSession *s, guint8 slot, guint8 *out, GCancellable *cancel,
                          GError **error)
{
    const CelOoiCommand question = cel_ooi_command(CEL_OOI_SLOT, slot);
    char text[16];
    for (guint attempt = 0; attempt < N_ATTEMPTS; attempt++) {
        gsize n = 0;
        if (!ask(s, &question, out, &n, cancel, error))
            return FALSE;
        if (cel_ooi_slot_text(out, n, slot, text))
            return TRUE;
        if (!flush(s, CEL_OCEAN_QUIET_MS, cancel, error))
            return FALSE;
    }
    return refuse_slot(slot, error);
}

static gboolean read_text(CelSession *s, guint8 slot, char out[16], GCancellable *cancel,
                          GError **error)
{
    guint8 answer[MAX_PACKET_BYTES];
    return read_slot(s, slot, answer, cancel, error) &&
           cel_ooi_slot_text(answer, CEL_OOI_SLOT_BYTES, slot, out);
}

/* @out_value is NAN when what is stored is no number; that is no failure of the exchange. */
static gboolean read_number(CelSession *s, guint8 slot, double *out_value, GCancellable *cancel,
                            GError **error)
{
    char text[16];
    if (!read_text(s, slot, text, cancel, error))
        return FALSE;
    if (!cel_ooi_number(text, MAX_COEFFICIENT, out_value))
        *out_value = (double)NAN;
    return TRUE;
}

static gboolean read_wavelength(CelSession *s, GCancellable *cancel, GError **error)
{
    G_STATIC_ASSERT((gsize)CEL_OOI_N_WAVELENGTH <= (gsize)CEL_OCEAN_N_WAVELENGTH);
    for (guint i = 0; i < CEL_OOI_N_WAVELENGTH; i++) {
        const guint8 slot = (guint8)(CEL_OOI_SLOT_WAVELENGTH + i);
        if (!read_number(s, slot, &s->wavelength[i], cancel, error))
            return FALSE;
    }
    s->n_wavelength = CEL_OOI_N_WAVELENGTH;
    return TRUE;
}

/* A polynomial that is not stored whole is not known. */
static gboolean read_nonlinearity(CelSession *s, GCancellable *cancel, GError **error)
{
    double order = 0.0;
    if (!read_number(s, CEL_OOI_SLOT_NONLINEARITY_ORDER, &order, cancel, error))
        return FALSE;
    if (!(order >= 0.0 && order < CEL_MAX_NONLINEARITY))
        return TRUE;
    const guint n = (guint)order + 1;
    gboolean is_whole = TRUE;
    for (guint i = 0; i < n; i++) {
        const guint8 slot = (guint8)(CEL_OOI_SLOT_NONLINEARITY + i);
        if (!read_number(s, slot, &s->nonlinearity[i], cancel, error))
            return FALSE;
        is_whole = is_whole && isfinite(s->nonlinearity[i]);
    }
    s->n_nonlinearity = is_whole ? n : 0;
    return TRUE;
}

static gboolean read_saturation(CelSession *s, GCancellable *cancel, GError **error)
{
    guint8 answer[MAX_PACKET_BYTES];
    const CelOceanSaturation rule = s->model->saturation;
    if (rule == CEL_OCEAN_FULL_SCALE || rule == CEL_OCEAN_NOT_KNOWN)
        return TRUE;
    return read_slot(s, CEL_OOI_SLOT_SATURATION, answer, cancel, error) &&
           cel_ooi_saturation(answer, CEL_OOI_SLOT_BYTES, s->model, &s->scale);
}

/* The unit's own word for the speed decides from where frames come: it is the unit that sends. */
static gboolean read_speed(CelSession *s, GCancellable *cancel, GError **error)
{
    guint8 answer[MAX_PACKET_BYTES];
    CelOoiStatus status;
    const CelOoiCommand question = cel_ooi_command(CEL_OOI_STATUS, 0);
    s->is_high_speed = cel_transport_is_high_speed(s->transport);
    if (!s->model->has_fpga)
        return TRUE;
    gsize n = 0;
    if (!ask(s, &question, answer, &n, cancel, error))
        return FALSE;
    if (cel_ooi_status(answer, n, &status))
        s->is_high_speed = status.is_high_speed;
    return TRUE;
}

static gboolean read_version(CelSession *s, GCancellable *cancel, GError **error)
{
    guint8 answer[MAX_PACKET_BYTES];
    const CelOoiCommand question = cel_ooi_command(CEL_OOI_REGISTER, CEL_OOI_REGISTER_VERSION);
    gsize n = 0;
    guint16 value = 0;
    if (!s->model->has_fpga) /* no FPGA, no registers */
        return TRUE;
    if (!ask(s, &question, answer, &n, cancel, error))
        return FALSE;
    if (!cel_ooi_register(answer, n, CEL_OOI_REGISTER_VERSION, &value))
        return TRUE;
    const CelOoiVersion version = cel_ooi_version(value);
    g_snprintf(s->firmware, sizeof s->firmware, "FPGA %u.%u.%u", version.major, version.minor,
               version.patch);
    if (s->model->flame_major > 0 && version.major >= s->model->flame_major)
        s->name = s->model->flame_name;
    return TRUE;
}

static gboolean ooi_identify(CelSession *s, GCancellable *cancel, GError **error)
{
    char serial[16];
    if (!read_text(s, CEL_OOI_SLOT_SERIAL, serial, cancel, error))
        return FALSE;
    g_strlcpy(s->serial, serial, sizeof s->serial);
    return read_wavelength(s, cancel, error) && read_nonlinearity(s, cancel, error) &&
           read_saturation(s, cancel, error) && read_speed(s, cancel, error) &&
           read_version(s, cancel, error);
}

/* ---- frames ---- */

static gboolean ooi_set_integration(CelSession *s, guint32 integration_us, GCancellable *cancel,
                                    GError **error)
{
    return command(s, CEL_OOI_INTEGRATION, integration_us / s->model->unit_us, cancel, error);
}

static gboolean ooi_sweep(CelSession *s, GCancellable *cancel, GError **error)
{
    return flush(s, CEL_OCEAN_SWEEP_MS, cancel, error);
}

static gboolean ooi_request(CelSession *s, GCancellable *cancel, GError **error)
{
    return command(s, CEL_OOI_SPECTRUM, 0, cancel, error);
}

/* Where a frame comes from: at full speed all from the endpoint of the answers. */
static guint8 spectra_endpoint(const CelSession *s)
{
    const CelOceanEndpoints *e = s->model->endpoints;
    return e->has_speeds && !s->is_high_speed ? e->in : e->spectra;
}

static gsize first_part_bytes(const CelSession *s)
{
    return s->model->is_split && s->is_high_speed ? CEL_OCEAN_FIRST_PART_BYTES : 0;
}

static gboolean ooi_receive(CelSession *s, guint timeout_ms, CelOceanFrame *out_frame,
                            GCancellable *cancel, GError **error)
{
    const gsize whole = cel_ocean_frame_bytes(s->model), first = first_part_bytes(s);
    CelTransfer limits = {timeout_ms, cancel};
    gsize n_first = 0, n_rest = 0;
    out_frame->is_stale = FALSE;
    if (first > 0) {
        if (!cel_ocean_receive(s, s->model->endpoints->first_part, s->buffer, first, &limits,
                               &n_first, error))
            return FALSE;
        limits.timeout_ms = CEL_OCEAN_FRAME_MS; /* the rest waits already */
    }
    if (!cel_ocean_receive(s, spectra_endpoint(s), s->buffer + first, whole - first, &limits,
                           &n_rest, error))
        return FALSE;
    const gsize n = n_first < first ? n_first : first + n_rest; /* a short part is no frame */
    return cel_ooi_frame(s->buffer, n, s->model, s->scale, out_frame->counts, error);
}

/* Waits for the late frame and throws it away. Returns: FALSE with TIMEOUT when none came. */
static gboolean await_late_frame(CelSession *s, guint late_ms, GCancellable *cancel, GError **error)
{
    const gsize whole = cel_ocean_frame_bytes(s->model), first = first_part_bytes(s);
    const guint8 endpoint = first > 0 ? s->model->endpoints->first_part : spectra_endpoint(s);
    g_autoptr(GError) failure = NULL;
    gsize n = 0;
    if (cel_ocean_receive(s, endpoint, s->buffer, first > 0 ? first : whole,
                          &(CelTransfer){MAX(late_ms, CEL_OCEAN_QUIET_MS), cancel}, &n, &failure))
        return TRUE;
    if (n > 0 || g_error_matches(failure, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_OVERFLOW))
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

static gboolean ooi_drain(CelSession *s, guint late_ms, GCancellable *cancel, GError **error)
{
    g_autoptr(GError) failure = NULL;
    if (late_ms > 0 && !await_late_frame(s, late_ms, cancel, &failure)) {
        if (!g_error_matches(failure, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_TIMEOUT)) {
            g_propagate_error(error, g_steal_pointer(&failure));
            return FALSE;
        }
        s->n_hangs++;
        return ooi_start(s, cancel, error);
    }
    return flush(s, CEL_OCEAN_QUIET_MS, cancel, error);
}

/* ---- the rest ---- */

static gboolean ooi_gate(CelSession *s, gboolean on, const CelTransfer *limits, GError **error)
{
    return send(s, CEL_OOI_LAMP, on ? 1 : 0, limits, error);
}

/* The status tells the line as it is set; models without one cannot be asked. */
static gboolean ooi_confirm_gate(CelSession *s, gboolean on, GCancellable *cancel, GError **error)
{
    guint8 answer[MAX_PACKET_BYTES];
    CelOoiStatus status;
    const CelOoiCommand question = cel_ooi_command(CEL_OOI_STATUS, 0);
    gsize n = 0;
    if (!s->model->has_fpga)
        return TRUE;
    if (!ask(s, &question, answer, &n, cancel, error))
        return FALSE;
    if (cel_ooi_status(answer, n, &status) && status.lamp_on == on)
        return TRUE;
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_DEVICE,
                        _("The instrument did not take the command that switches the laser. "
                          "Nothing was measured. Repeat it; if that does not help, unplug the "
                          "instrument and plug it in again."));
    return FALSE;
}

static gsize ooi_gate_packet(guint8 *out)
{
    const CelOoiCommand off = cel_ooi_command(CEL_OOI_LAMP, 0);
    for (gsize i = 0; i < off.n; i++)
        out[i] = off.bytes[i];
    return off.n;
}

static gboolean ooi_temperature(CelSession *s, GCancellable *cancel, double *out_celsius,
                                GError **error)
{
    guint8 answer[MAX_PACKET_BYTES];
    const CelOoiCommand question = cel_ooi_command(CEL_OOI_TEMPERATURE, 0);
    gsize n = 0;
    return ask(s, &question, answer, &n, cancel, error) &&
           cel_ooi_temperature(answer, n, out_celsius);
}

const CelOceanLink cel_ocean_ooi_link = {
    .start = ooi_start,
    .identify = ooi_identify,
    .set_integration = ooi_set_integration,
    .sweep = ooi_sweep,
    .request = ooi_request,
    .receive = ooi_receive,
    .drain = ooi_drain,
    .gate = ooi_gate,
    .confirm_gate = ooi_confirm_gate,
    .gate_packet = ooi_gate_packet,
    .temperature = ooi_temperature,
};
