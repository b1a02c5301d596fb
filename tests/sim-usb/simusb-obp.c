/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simusb-obp.h"

#include <errno.h>
#include <math.h>
#include <string.h>

enum {
    TYPE_RESET = 0x00000000,
    TYPE_HARDWARE = 0x00000080,
    TYPE_FIRMWARE = 0x00000090,
    TYPE_SERIAL = 0x00000100,
    TYPE_SERIAL_LENGTH = 0x00000101,
    TYPE_VENDOR = 0x00000E00,
    TYPE_PRODUCT = 0x00000E01,
    TYPE_DEVICE_STRING = 0x00000E11,
    TYPE_ABORT = 0x00100000,
    TYPE_BUFFERING = 0x00100810,
    TYPE_GET_BUFFER_SIZE = 0x00100822,
    TYPE_CLEAR = 0x00100830,
    TYPE_SET_BUFFER_SIZE = 0x00100832,
    TYPE_BUFFERED_COUNT = 0x00100900,
    TYPE_GET_INTEGRATION = 0x00110000,
    TYPE_LEAST_INTEGRATION = 0x00110001,
    TYPE_MOST_INTEGRATION = 0x00110002,
    TYPE_INTEGRATION_STEP = 0x00110003,
    TYPE_SET_INTEGRATION = 0x00110010,
    TYPE_TRIGGER_MODE = 0x00110110,
    TYPE_PIXELS = 0x00110220,
    TYPE_ACTIVE = 0x00110221,
    TYPE_OPTICAL_DARK = 0x00110222,
    TYPE_ELECTRIC_DARK = 0x00110223,
    TYPE_LAMP = 0x00110410,
    TYPE_SCANS = 0x00120010,
    TYPE_BOXCAR = 0x00121010,
    TYPE_N_WAVELENGTH = 0x00180100,
    TYPE_WAVELENGTH = 0x00180101,
    TYPE_N_LINEARITY = 0x00181100,
    TYPE_LINEARITY = 0x00181101,
    TYPE_GET_TEC = 0x00420000,
    TYPE_GET_TEC_SETPOINT = 0x00420001,
    TYPE_TEC_STABLE = 0x00420003,
    TYPE_TEMPERATURE = 0x00420004,
    TYPE_SET_TEC = 0x00420010,
    TYPE_SET_TEC_SETPOINT = 0x00420011,
    N_LINEARITY = 8,
};

static SimUsbState state_of(const SimObp *obp, const SimObpMessage *message)
{
    if (message->type == obp->details->spectrum_type || message->type == TYPE_ABORT ||
        message->type == TYPE_CLEAR)
        return SIMUSB_ACQUIRE;
    switch (message->type) {
    case TYPE_LAMP:
        return simobp_message_number(message) != 0 ? SIMUSB_LASER_ON : SIMUSB_LASER_OFF;
    case TYPE_GET_INTEGRATION:
    case TYPE_BUFFERED_COUNT:
    case TYPE_GET_TEC:
    case TYPE_GET_TEC_SETPOINT:
    case TYPE_TEC_STABLE:
    case TYPE_TEMPERATURE:
        return SIMUSB_STATUS;
    case TYPE_SET_INTEGRATION:
    case TYPE_TRIGGER_MODE:
    case TYPE_BUFFERING:
    case TYPE_SET_BUFFER_SIZE:
    case TYPE_SCANS:
    case TYPE_BOXCAR:
    case TYPE_SET_TEC:
    case TYPE_SET_TEC_SETPOINT:
        return SIMUSB_CONFIGURE;
    default:
        return SIMUSB_IDENTIFY;
    }
}

SimUsbEvent simobp_classify(SimUsbFirmware *firmware, const SimUsbRequest *request)
{
    const SimObp *obp = (const SimObp *)firmware;
    SimObpMessage message;
    if (request->setup != NULL)
        return (SimUsbEvent){SIMUSB_STATUS, request->setup[1], 0, (request->setup[0] & 0x80) != 0};
    simobp_message_read(request->data, request->n, &message);
    return (SimUsbEvent){state_of(obp, &message), message.type, request->endpoint, FALSE};
}

/* ---- answers ---- */

static void send(SimObp *obp, const SimObpMessage *message, SimUsbState state)
{
    const SimObpMessage deferral = {.flags = SIMOBP_RESPONSE | SIMOBP_NACK,
                                    .error = SIMOBP_DEFERRED,
                                    .type = message->type,
                                    .regarding = message->regarding};
    g_autoptr(GByteArray) first = simobp_message_write(&deferral);
    memcpy(obp->board->deferral, first->data, sizeof obp->board->deferral);
    g_autoptr(GByteArray) bytes = simobp_message_write(message);
    const SimUsbEvent event = {state, message->type, obp->details->in, TRUE};
    simusb_board_send(obp->board, &event, bytes->data, bytes->len);
}

static void reply(SimObp *obp, const SimObpMessage *request, const void *data, gsize n)
{
    const SimObpMessage message = {.flags = SIMOBP_RESPONSE,
                                   .type = request->type,
                                   .regarding = request->regarding,
                                   .data = data,
                                   .n = n};
    send(obp, &message, state_of(obp, request));
}

static void reply_number(SimObp *obp, const SimObpMessage *request, guint32 value, gsize n)
{
    const guint8 bytes[4] = {(guint8)value, (guint8)(value >> 8), (guint8)(value >> 16),
                             (guint8)(value >> 24)};
    reply(obp, request, bytes, n);
}

static void reply_real(SimObp *obp, const SimObpMessage *request, double value)
{
    const float single = (float)value;
    guint32 bits = 0;
    memcpy(&bits, &single, sizeof bits);
    reply_number(obp, request, bits, 4);
}

static void acknowledge(SimObp *obp, const SimObpMessage *request, SimObpError error)
{
    if (error == SIMOBP_OK && (request->flags & SIMOBP_ACK_REQUESTED) == 0)
        return;
    const SimObpMessage message = {
        .flags = SIMOBP_RESPONSE | (error == SIMOBP_OK ? SIMOBP_ACK : SIMOBP_NACK),
        .error = (guint16)error,
        .type = request->type,
        .regarding = request->regarding,
    };
    send(obp, &message, state_of(obp, request));
}

/* ---- the detector that runs by itself ---- */

static gint64 exposure_us(const SimObp *obp)
{
    const double ms = (double)simusb_camera_integration_us(obp->camera) / 1000.0;
    return MAX(1, simusb_board_scaled_us(obp->board, ms));
}

/* Brings buffer and phase up to now; so nothing ticks while nobody asks. */
static void catch_up(SimObp *obp)
{
    if (!obp->running || obp->trigger_mode != 0)
        return;
    const gint64 step = exposure_us(obp);
    const gint64 over = MAX(0, (obp->board->now_us - obp->run_us) / step);
    const guint room = obp->buffering && obp->buffer_size > obp->buffer->len
                           ? obp->buffer_size - obp->buffer->len
                           : 0;
    for (gint64 i = 0; i < MIN(over, (gint64)room); i++) {
        const SimObpBuffered one = {obp->run_us + i * step,
                                    simusb_camera_integration_us(obp->camera)};
        g_array_append_val(obp->buffer, one);
    }
    obp->run_us += over * step;
}

void simobp_start_running(SimObp *obp)
{
    obp->running = TRUE;
    obp->run_us = obp->board->now_us;
}

/* The next request that waits gets its exposure, when the detector is free. */
static void serve(SimObp *obp)
{
    if (obp->requests->len == 0 || simusb_camera_due_us(obp->camera) != G_MAXINT64 ||
        obp->trigger_mode != 0)
        return;
    if (!obp->details->buffered && !obp->details->free_running) {
        simusb_camera_expose(obp->camera, 0.0);
        return;
    }
    if (!obp->running)
        simobp_start_running(obp);
    catch_up(obp);
    SimObpBuffered one = {obp->run_us, simusb_camera_integration_us(obp->camera)};
    if (obp->buffer->len > 0) {
        one = g_array_index(obp->buffer, SimObpBuffered, 0);
        g_array_remove_index(obp->buffer, 0);
    } else {
        obp->run_us += exposure_us(obp);
    }
    simusb_camera_expose_from(obp->camera, one.start_us, one.exposed_us);
}

static void request_spectrum(SimObp *obp, const SimObpMessage *message)
{
    obp->board->truth.acquires++;
    g_array_append_val(obp->requests, message->regarding);
    serve(obp);
}

void simobp_abort_acquisition(SimObp *obp)
{
    obp->running = FALSE;
    g_array_set_size(obp->requests, 0);
    simusb_camera_abort(obp->camera);
}

static SimObpError set_integration(SimObp *obp, const SimObpMessage *message)
{
    const guint32 us = simobp_message_number(message);
    if (message->n != 4)
        return SIMOBP_LENGTH;
    if (us < obp->details->integration_us[0] || us > obp->details->integration_us[1])
        return SIMOBP_DATA;
    catch_up(obp);
    if (us != simusb_camera_integration_us(obp->camera))
        simusb_camera_set_integration(obp->camera, us);
    return SIMOBP_OK;
}

static SimObpError set_trigger_mode(SimObp *obp, const SimObpMessage *message)
{
    if (message->n != 1 || message->data[0] > 3)
        return SIMOBP_DATA;
    obp->trigger_mode = message->data[0];
    simobp_start_running(obp);
    return SIMOBP_OK;
}

/* ---- settings ---- */

void simobp_update_light(SimObp *obp)
{
    SimUsbTruth *truth = &obp->board->truth;
    truth->enabled = obp->lamp;
    gboolean light = obp->gate && obp->lamp;
    if (obp->board->laser_stuck && truth->light)
        light = TRUE;
    simusb_truth_light(truth, light && truth->interlock_closed, obp->board->now_us);
}

static SimObpError set_lamp(SimObp *obp, const SimObpMessage *message)
{
    if (message->n != 1)
        return SIMOBP_LENGTH;
    obp->lamp = message->data[0] != 0;
    if (!obp->lamp)
        obp->board->truth.disables_obeyed++;
    simobp_update_light(obp);
    return SIMOBP_OK;
}

static SimObpError set_cooler(SimObp *obp, const SimObpMessage *message)
{
    if (!obp->details->cooled)
        return SIMOBP_UNKNOWN_TYPE;
    if (message->type == TYPE_SET_TEC)
        obp->tec = simobp_message_number(message) != 0;
    else
        obp->setpoint_celsius = simobp_message_real(message);
    return SIMOBP_OK;
}

static SimObpError set_buffer(SimObp *obp, const SimObpMessage *message)
{
    if (!obp->details->buffered)
        return SIMOBP_UNKNOWN_TYPE;
    catch_up(obp);
    if (message->type == TYPE_CLEAR)
        g_array_set_size(obp->buffer, 0);
    else if (message->type == TYPE_BUFFERING)
        obp->buffering = simobp_message_number(message) != 0;
    else
        obp->buffer_size = MIN(simobp_message_number(message), SIMOBP_MOST_BUFFERED);
    return SIMOBP_OK;
}

/* Returns: TRUE when @message is one that sets. */
static gboolean perform_set(SimObp *obp, const SimObpMessage *message, SimObpError *out_error)
{
    *out_error = SIMOBP_OK;
    switch (message->type) {
    case TYPE_ABORT:
        simobp_abort_acquisition(obp);
        return TRUE;
    case TYPE_CLEAR:
    case TYPE_BUFFERING:
    case TYPE_SET_BUFFER_SIZE:
        *out_error = set_buffer(obp, message);
        return TRUE;
    case TYPE_SET_INTEGRATION:
        *out_error = set_integration(obp, message);
        return TRUE;
    case TYPE_TRIGGER_MODE:
        *out_error = set_trigger_mode(obp, message);
        return TRUE;
    case TYPE_LAMP:
        *out_error = set_lamp(obp, message);
        return TRUE;
    case TYPE_SET_TEC:
    case TYPE_SET_TEC_SETPOINT:
        *out_error = set_cooler(obp, message);
        return TRUE;
    case TYPE_SCANS:
    case TYPE_BOXCAR:
        return TRUE;
    case TYPE_RESET:
        obp->board->truth.forbidden++;
        return TRUE;
    default:
        return FALSE;
    }
}

/* ---- what can be read ---- */

static double detector_celsius(const SimObp *obp)
{
    return obp->tec ? obp->setpoint_celsius : obp->ambient_celsius;
}

static gboolean get_cooler(SimObp *obp, const SimObpMessage *message)
{
    if (!obp->details->cooled)
        return FALSE;
    if (message->type == TYPE_GET_TEC)
        reply_number(obp, message, obp->tec ? 1 : 0, 1);
    else if (message->type == TYPE_TEC_STABLE)
        reply_number(obp, message, obp->tec ? 1 : 0, 1);
    else if (message->type == TYPE_GET_TEC_SETPOINT)
        reply_real(obp, message, obp->setpoint_celsius);
    else if (message->type == TYPE_TEMPERATURE)
        reply_real(obp, message, detector_celsius(obp));
    else
        return FALSE;
    return TRUE;
}

static gboolean get_coefficient(SimObp *obp, const SimObpMessage *message)
{
    const guint32 index = simobp_message_number(message);
    if (message->type == TYPE_N_WAVELENGTH)
        reply_number(obp, message, obp->n_wavelength, 1);
    else if (message->type == TYPE_N_LINEARITY)
        reply_number(obp, message, N_LINEARITY, 1);
    else if (message->type == TYPE_WAVELENGTH && index < SIMUSB_N_COEFFICIENTS)
        reply_real(obp, message, obp->wavelength[index]);
    else if (message->type == TYPE_LINEARITY && index < N_LINEARITY)
        reply_real(obp, message, index == 0 ? 1.0 : 0.0);
    else if (message->type == TYPE_WAVELENGTH || message->type == TYPE_LINEARITY)
        acknowledge(obp, message, SIMOBP_NO_SUCH_VALUE);
    else
        return FALSE;
    return TRUE;
}

static void reply_ranges(SimObp *obp, const SimObpMessage *message)
{
    const gsize *dark = obp->details->optics.dark;
    const guint last = (guint)obp->details->optics.n_pixels - 1;
    const gboolean split = dark[1] > dark[0];
    guint16 range[4] = {split ? (guint16)(dark[1] + 1) : 0,
                        split ? (guint16)(dark[2] - 1) : (guint16)last, 0, 0};
    gsize n = 2;
    if (message->type == TYPE_ELECTRIC_DARK && split) {
        for (n = 0; n < 4; n++)
            range[n] = (guint16)dark[n];
    } else if (message->type != TYPE_ACTIVE) {
        n = 0;
    }
    for (gsize i = 0; i < n; i++)
        range[i] = GUINT16_TO_LE(range[i]);
    reply(obp, message, range, n * sizeof range[0]);
}

static gboolean get_identity(SimObp *obp, const SimObpMessage *message)
{
    char text[48] = "CELADON-SIM ";
    switch (message->type) {
    case TYPE_SERIAL:
        reply(obp, message, obp->serial, strlen(obp->serial));
        return TRUE;
    case TYPE_SERIAL_LENGTH:
        reply_number(obp, message, sizeof obp->serial - 1, 1);
        return TRUE;
    case TYPE_DEVICE_STRING:
        g_strlcat(text, obp->details->name, sizeof text);
        reply(obp, message, text, strlen(text));
        return TRUE;
    case TYPE_HARDWARE:
        reply_number(obp, message, 1, 1);
        return TRUE;
    case TYPE_FIRMWARE:
        reply_number(obp, message, 0x0123, 2);
        return TRUE;
    case TYPE_VENDOR:
        reply_number(obp, message, obp->model->vendor, 2);
        return TRUE;
    case TYPE_PRODUCT:
        reply_number(obp, message, obp->model->product, 2);
        return TRUE;
    default:
        return get_coefficient(obp, message);
    }
}

static gboolean get_acquisition(SimObp *obp, const SimObpMessage *message)
{
    switch (message->type) {
    case TYPE_GET_INTEGRATION:
        reply_number(obp, message, (guint32)simusb_camera_integration_us(obp->camera), 4);
        return TRUE;
    case TYPE_LEAST_INTEGRATION:
    case TYPE_MOST_INTEGRATION:
        reply_number(obp, message,
                     obp->details->integration_us[message->type - TYPE_LEAST_INTEGRATION], 4);
        return TRUE;
    case TYPE_INTEGRATION_STEP:
        reply_number(obp, message, 1, 4);
        return TRUE;
    case TYPE_PIXELS:
        reply_number(obp, message, (guint32)obp->details->optics.n_pixels, 2);
        return TRUE;
    case TYPE_ACTIVE:
    case TYPE_OPTICAL_DARK:
    case TYPE_ELECTRIC_DARK:
        reply_ranges(obp, message);
        return TRUE;
    case TYPE_GET_BUFFER_SIZE:
    case TYPE_BUFFERED_COUNT:
        catch_up(obp);
        reply_number(obp, message,
                     message->type == TYPE_BUFFERED_COUNT ? obp->buffer->len : obp->buffer_size, 4);
        return obp->details->buffered;
    default:
        return FALSE;
    }
}

int simobp_perform(SimUsbFirmware *firmware, SimUsbRequest *request)
{
    SimObp *obp = (SimObp *)firmware;
    if (request->setup != NULL)
        return -EPIPE;
    SimObpMessage message;
    SimObpError error = simobp_message_read(request->data, request->n, &message);
    if (error != SIMOBP_OK) {
        obp->board->truth.unknown++;
        acknowledge(obp, &message, error);
    } else if (message.type == obp->details->spectrum_type) {
        request_spectrum(obp, &message);
    } else if (perform_set(obp, &message, &error)) {
        acknowledge(obp, &message, error);
    } else if (!get_identity(obp, &message) && !get_acquisition(obp, &message) &&
               !get_cooler(obp, &message)) {
        obp->board->truth.unknown++;
        acknowledge(obp, &message, SIMOBP_UNKNOWN_TYPE);
    }
    return 0;
}

/* ---- frames ---- */

static void put_number(guint8 *at, guint64 value, guint bytes)
{
    for (guint i = 0; i < bytes; i++)
        at[i] = (guint8)(value >> (8 * i));
}

/* Number, time and integration of the frame. */
static void write_metadata(const SimObp *obp, guint8 *at)
{
    put_number(at, obp->n_spectra, 4);
    put_number(at + 4, (guint64)simusb_camera_started_us(obp->camera), 8);
    put_number(at + 12, (guint64)simusb_camera_integration_us(obp->camera), 4);
    at[18] = obp->trigger_mode;
}

static void send_frame(SimObp *obp, const guint32 *counts)
{
    const SimObpDetails *d = obp->details;
    const gsize n = d->metadata_bytes + d->optics.n_pixels * d->pixel_bytes;
    g_autofree guint8 *raw = g_malloc0(n);
    if (d->metadata_bytes > 0)
        write_metadata(obp, raw);
    for (gsize i = 0; i < d->optics.n_pixels; i++)
        put_number(raw + d->metadata_bytes + i * d->pixel_bytes, counts[i], d->pixel_bytes);
    obp->n_spectra++;
    obp->board->truth.frames++;
    const SimObpMessage message = {.flags = SIMOBP_RESPONSE,
                                   .type = d->spectrum_type,
                                   .regarding = g_array_index(obp->requests, guint32, 0),
                                   .data = raw,
                                   .n = n};
    g_array_remove_index(obp->requests, 0);
    send(obp, &message, SIMUSB_FRAME);
}

void simobp_advance(SimUsbFirmware *firmware)
{
    SimObp *obp = (SimObp *)firmware;
    guint32 counts[SIMUSB_MAX_PIXELS];
    while (simusb_camera_collect(obp->camera, counts)) {
        if (obp->requests->len > 0)
            send_frame(obp, counts);
        serve(obp);
    }
}

gint64 simobp_due_us(SimUsbFirmware *firmware)
{
    return simusb_camera_due_us(((SimObp *)firmware)->camera);
}
