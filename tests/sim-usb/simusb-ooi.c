/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simusb-ooi.h"

#include "base/cel-number.h"

#include <errno.h>
#include <math.h>
#include <string.h>

enum {
    OP_INITIALISE = 0x01,
    OP_INTEGRATION = 0x02,
    OP_STROBE = 0x03,
    OP_READ_SLOT = 0x05,
    OP_WRITE_SLOT = 0x06,
    OP_SPECTRUM = 0x09,
    OP_TRIGGER_MODE = 0x0A,
    OP_WRITE_REGISTER = 0x6A,
    OP_READ_REGISTER = 0x6B,
    OP_TEC_ENABLE = 0x71,
    OP_TEMPERATURE = 0x72,
    OP_TEC_SETPOINT = 0x73,
    OP_STATUS = 0xFE,
    SYNC = 0x69,
    FPGA_VERSION = 0x04,
    N_SLOTS = 20,
    SLOT_BYTES = 15,
    SLOT_SATURATION = 17,
    SPLIT_BYTES = 2048,
    SHUFFLE_BLOCK = 64,
    SETTLE_MS = 90, /* after initialising; hosts are told to wait 100 */
};

typedef struct {
    SimUsbBoard *board;
    const SimOoiDetails *details;
    SimUsbCamera *camera;
    guint8 slot[N_SLOTS][SLOT_BYTES];
    gboolean initialised, strobe, gate; /* gate: the strobe line switches a laser */
    gint64 ready_us;
    guint16 trigger_mode;
    gboolean tec;
    double setpoint_celsius, ambient_celsius;
    guint waiting; /* requests that wait for a trigger */
} Ooi;

static guint32 number_at(const SimUsbRequest *request, gsize at, guint bytes)
{
    guint32 value = 0;
    for (guint i = 0; i < bytes && at + i < request->n; i++)
        value |= (guint32)request->data[at + i] << (8 * i);
    return value;
}

static SimUsbState state_of(const SimUsbRequest *request)
{
    switch (request->n > 0 ? request->data[0] : 0) {
    case OP_INITIALISE:
    case OP_READ_SLOT:
    case OP_READ_REGISTER:
        return SIMUSB_IDENTIFY;
    case OP_STROBE:
        return number_at(request, 1, 2) != 0 ? SIMUSB_LASER_ON : SIMUSB_LASER_OFF;
    case OP_SPECTRUM:
        return SIMUSB_ACQUIRE;
    case OP_STATUS:
    case OP_TEMPERATURE:
        return SIMUSB_STATUS;
    default:
        return SIMUSB_CONFIGURE;
    }
}

static SimUsbEvent classify(SimUsbFirmware *firmware, const SimUsbRequest *request)
{
    (void)firmware;
    if (request->setup != NULL)
        return (SimUsbEvent){SIMUSB_STATUS, request->setup[1], 0, (request->setup[0] & 0x80) != 0};
    return (SimUsbEvent){state_of(request), number_at(request, 0, 1), request->endpoint, FALSE};
}

/* ---- memory ---- */

static void put_slot(Ooi *ooi, guint slot, const char *text)
{
    memset(ooi->slot[slot], 0, SLOT_BYTES);
    memcpy(ooi->slot[slot], text, MIN(strlen(text), SLOT_BYTES));
}

static void put_real(Ooi *ooi, guint slot, double value)
{
    char text[32] = "";
    g_ascii_formatd(text, sizeof text, "%.7e", value);
    put_slot(ooi, slot, text);
}

static void put_saturation(Ooi *ooi)
{
    const guint32 value = ooi->details->saturation_value;
    guint8 *slot = ooi->slot[SLOT_SATURATION];
    memset(slot, 0, SLOT_BYTES);
    /* offsets are those of the answer, which has two bytes before the slot */
    const guint at = ooi->details->saturation == SIMOOI_AT_2_U16 ? 0 : 4;
    const guint bytes = ooi->details->saturation == SIMOOI_AT_6_U32 ? 4 : 2;
    for (guint i = 0; i < bytes && ooi->details->saturation != SIMOOI_NO_SATURATION; i++)
        slot[at + i] = (guint8)(value >> (8 * i));
}

static void write_memory(Ooi *ooi)
{
    double c[SIMUSB_N_COEFFICIENTS];
    simusb_camera_coefficients(ooi->camera, c);
    put_slot(ooi, 0, "CELADON-SIM-001");
    for (guint i = 0; i < SIMUSB_N_COEFFICIENTS; i++)
        put_real(ooi, 1 + i, c[i]);
    put_real(ooi, 5, 0.0);
    for (guint i = 6; i <= 13; i++)
        put_real(ooi, i, i == 6 ? 1.0 : 0.0);
    put_slot(ooi, 14, "7");
    put_saturation(ooi);
}

static gboolean corrupt(SimUsbFirmware *firmware, const char *how)
{
    Ooi *ooi = (Ooi *)firmware;
    if (strcmp(how, "nan") == 0)
        put_slot(ooi, 2, "nan");
    else if (strcmp(how, "comma") == 0)
        put_slot(ooi, 2, "1,180e-01");
    else if (strcmp(how, "non-monotonic") == 0)
        put_real(ooi, 3, -1e-3);
    else if (strcmp(how, "zero-axis") == 0)
        put_real(ooi, 2, 0.0);
    else if (strcmp(how, "all-ff") == 0)
        memset(ooi->slot, 0xFF, sizeof ooi->slot);
    else if (strcmp(how, "empty") == 0)
        memset(ooi->slot, 0, sizeof ooi->slot);
    else if (strcmp(how, "huge") == 0)
        put_slot(ooi, 1, "1e308");
    else if (strcmp(how, "serial") == 0)
        memcpy(ooi->slot[0], "\x01\xFE\x7F\x80 \xC3\x28", 7);
    else if (strcmp(how, "garbage") == 0)
        for (guint i = 0; i < sizeof ooi->slot; i++)
            ooi->slot[i / SLOT_BYTES][i % SLOT_BYTES] = (guint8)g_rand_int(ooi->board->rand);
    else
        return FALSE;
    return TRUE;
}

/* ---- answers ---- */

static void answer(Ooi *ooi, const SimUsbRequest *request, const guint8 *bytes, gsize n)
{
    const SimUsbEvent event = {state_of(request), request->data[0], ooi->details->commands_in,
                               TRUE};
    simusb_board_send(ooi->board, &event, bytes, n);
}

static void answer_slot(Ooi *ooi, const SimUsbRequest *request)
{
    const guint32 slot = number_at(request, 1, 1);
    guint8 bytes[2 + SLOT_BYTES] = {OP_READ_SLOT, (guint8)slot};
    if (slot < N_SLOTS)
        memcpy(bytes + 2, ooi->slot[slot], SLOT_BYTES);
    else
        memset(bytes + 2, 0xFF, SLOT_BYTES);
    answer(ooi, request, bytes, sizeof bytes);
}

static void answer_register(Ooi *ooi, const SimUsbRequest *request)
{
    const guint32 reg = number_at(request, 1, 1);
    const guint16 value = reg == FPGA_VERSION ? ooi->details->fpga : 0;
    const guint8 bytes[3] = {(guint8)reg, (guint8)value, (guint8)(value >> 8)};
    answer(ooi, request, bytes, sizeof bytes);
}

static double detector_celsius(const Ooi *ooi)
{
    return ooi->details->cooled && ooi->tec ? ooi->setpoint_celsius : ooi->ambient_celsius;
}

static void answer_temperature(Ooi *ooi, const SimUsbRequest *request)
{
    const gint16 tenths = (gint16)lrint(detector_celsius(ooi) * 10.0);
    const guint8 bytes[2] = {(guint8)tenths, (guint8)((guint16)tenths >> 8)};
    answer(ooi, request, bytes, sizeof bytes);
}

static guint32 integration_units(const Ooi *ooi)
{
    return (guint32)((double)simusb_camera_integration_us(ooi->camera) /
                     ooi->details->integration_us);
}

static void answer_status(Ooi *ooi, const SimUsbRequest *request, gboolean full_speed)
{
    guint8 bytes[16] = {0};
    const gsize pixels = ooi->details->optics.n_pixels;
    const guint32 units = integration_units(ooi);
    bytes[0] = (guint8)pixels;
    bytes[1] = (guint8)(pixels >> 8);
    for (guint i = 0; i < 4; i++)
        bytes[2 + i] = (guint8)(units >> (8 * i));
    bytes[6] = ooi->strobe ? 1 : 0;
    bytes[7] = (guint8)ooi->trigger_mode;
    bytes[14] = full_speed ? 0x00 : 0x80;
    answer(ooi, request, bytes, sizeof bytes);
}

/* ---- commands ---- */

static void update_light(Ooi *ooi)
{
    SimUsbTruth *truth = &ooi->board->truth;
    truth->enabled = ooi->strobe;
    gboolean light = ooi->gate && ooi->strobe;
    if (ooi->board->laser_stuck && truth->light)
        light = TRUE;
    simusb_truth_light(truth, light && truth->interlock_closed, ooi->board->now_us);
}

static void set_strobe(Ooi *ooi, gboolean on)
{
    ooi->strobe = on;
    if (!on)
        ooi->board->truth.disables_obeyed++;
    update_light(ooi);
}

static void request_spectrum(Ooi *ooi)
{
    ooi->board->truth.acquires++;
    if (ooi->trigger_mode == 0)
        simusb_camera_expose(ooi->camera, 0.0);
    else
        ooi->waiting++;
}

static void initialise(Ooi *ooi)
{
    ooi->initialised = TRUE;
    ooi->ready_us = ooi->board->now_us + simusb_board_scaled_us(ooi->board, SETTLE_MS);
    ooi->trigger_mode = 0;
    ooi->waiting = 0;
    simusb_camera_abort(ooi->camera); /* the strobe line stays as it is: nothing says otherwise */
}

static gboolean read_command(Ooi *ooi, const SimUsbRequest *request)
{
    switch (request->data[0]) {
    case OP_READ_SLOT:
        answer_slot(ooi, request);
        return TRUE;
    case OP_READ_REGISTER:
        answer_register(ooi, request);
        return TRUE;
    case OP_TEMPERATURE:
        if (ooi->details->cooled)
            answer_temperature(ooi, request);
        return ooi->details->cooled;
    case OP_STATUS:
        answer_status(ooi, request, ooi->details->spectra_in == ooi->details->commands_in);
        return TRUE;
    default:
        return FALSE;
    }
}

static void set_integration(Ooi *ooi, guint32 units)
{
    const gint64 us = (gint64)((double)units * ooi->details->integration_us);
    if (us != simusb_camera_integration_us(ooi->camera))
        simusb_camera_set_integration(ooi->camera, MAX(us, 1));
}

static gboolean write_command(Ooi *ooi, const SimUsbRequest *request)
{
    switch (request->data[0]) {
    case OP_INTEGRATION:
        set_integration(ooi, number_at(request, 1, 4));
        return TRUE;
    case OP_STROBE:
        set_strobe(ooi, number_at(request, 1, 2) != 0);
        return TRUE;
    case OP_SPECTRUM:
        request_spectrum(ooi);
        return TRUE;
    case OP_TRIGGER_MODE:
        ooi->trigger_mode = (guint16)number_at(request, 1, 2);
        return TRUE;
    case OP_WRITE_REGISTER:
        return TRUE;
    case OP_WRITE_SLOT:
        ooi->board->truth.forbidden++;
        return TRUE;
    case OP_TEC_ENABLE:
        ooi->tec = number_at(request, 1, 1) != 0;
        return ooi->details->cooled;
    case OP_TEC_SETPOINT:
        ooi->setpoint_celsius = (double)(gint16)number_at(request, 1, 2) / 10.0;
        return ooi->details->cooled;
    default:
        return FALSE;
    }
}

/* A unit that is not initialised, or is still busy with it, lets commands fall. */
static int perform(SimUsbFirmware *firmware, SimUsbRequest *request)
{
    Ooi *ooi = (Ooi *)firmware;
    if (request->setup != NULL)
        return -EPIPE;
    if (request->n == 0)
        return 0;
    if (request->data[0] == OP_INITIALISE) {
        initialise(ooi);
        return 0;
    }
    if (!ooi->initialised || ooi->board->now_us < ooi->ready_us) {
        ooi->board->truth.unknown++;
        return 0;
    }
    if (!write_command(ooi, request) && !read_command(ooi, request))
        ooi->board->truth.unknown++;
    return 0;
}

/* ---- frames ---- */

static void shuffle(guint8 *raw, gsize n)
{
    guint8 group[2 * SHUFFLE_BLOCK];
    for (gsize at = 0; at + sizeof group <= n; at += sizeof group) {
        for (gsize i = 0; i < SHUFFLE_BLOCK; i++) {
            group[i] = raw[at + 2 * i];
            group[SHUFFLE_BLOCK + i] = raw[at + 2 * i + 1];
        }
        memcpy(raw + at, group, sizeof group);
    }
}

static void send_frame(Ooi *ooi, const guint32 *counts)
{
    const gsize n = ooi->details->optics.n_pixels;
    g_autofree guint8 *raw = g_malloc(2 * n + 1);
    for (gsize i = 0; i < n; i++) {
        const guint32 wire = counts[i] ^ ooi->details->flipped_bits;
        raw[2 * i] = (guint8)wire;
        raw[2 * i + 1] = (guint8)(wire >> 8);
    }
    raw[2 * n] = SYNC;
    if (ooi->details->shuffled)
        shuffle(raw, 2 * n);
    ooi->board->truth.frames++;
    SimUsbEvent event = {SIMUSB_FRAME, OP_SPECTRUM, ooi->details->spectra_in, TRUE};
    gsize first = 0;
    if (ooi->details->split_in != 0 && ooi->details->split) {
        first = SPLIT_BYTES;
        event.endpoint = ooi->details->split_in;
        simusb_board_send(ooi->board, &event, raw, first);
        event.endpoint = ooi->details->spectra_in;
    }
    simusb_board_send(ooi->board, &event, raw + first,
                      2 * n + (ooi->details->no_sync ? 0 : 1) - first);
}

static void advance(SimUsbFirmware *firmware)
{
    Ooi *ooi = (Ooi *)firmware;
    guint32 counts[SIMUSB_MAX_PIXELS];
    while (simusb_camera_collect(ooi->camera, counts))
        send_frame(ooi, counts);
}

static gint64 due_us(SimUsbFirmware *firmware)
{
    return simusb_camera_due_us(((Ooi *)firmware)->camera);
}

/* ---- life ---- */

static void power(SimUsbFirmware *firmware, gboolean on)
{
    Ooi *ooi = (Ooi *)firmware;
    (void)on;
    simusb_camera_abort(ooi->camera);
    ooi->initialised = ooi->strobe = ooi->tec = FALSE;
    ooi->trigger_mode = 0;
    ooi->waiting = 0;
    simusb_camera_set_integration(ooi->camera, 10000);
    update_light(ooi);
}

static SimUsbFirmware *create(const SimUsbModel *model, SimUsbBoard *board)
{
    Ooi *ooi = g_new0(Ooi, 1);
    ooi->board = board;
    ooi->details = model->details;
    ooi->camera = simusb_camera_new(&ooi->details->optics, board);
    ooi->ambient_celsius = 22.0;
    ooi->gate = TRUE;
    board->truth.laser_mw = 100.0;
    write_memory(ooi);
    power((SimUsbFirmware *)ooi, TRUE);
    return (SimUsbFirmware *)ooi;
}

static void destroy(SimUsbFirmware *firmware)
{
    Ooi *ooi = (Ooi *)firmware;
    simusb_camera_free(ooi->camera);
    g_free(ooi);
}

static gboolean set_number(Ooi *ooi, const char *key, double number)
{
    if (strcmp(key, "gate") == 0)
        ooi->gate = number > 0.0;
    else if (strcmp(key, "laser-mw") == 0)
        ooi->board->truth.laser_mw = number;
    else if (strcmp(key, "ambient") == 0)
        ooi->ambient_celsius = number;
    else if (strcmp(key, "interlock") == 0)
        ooi->board->truth.interlock_closed = number > 0.0;
    else if (strcmp(key, "laser-stuck") == 0)
        ooi->board->laser_stuck = number > 0.0;
    else
        return FALSE;
    update_light(ooi);
    return TRUE;
}

static gboolean set(SimUsbFirmware *firmware, const char *key, const char *value)
{
    Ooi *ooi = (Ooi *)firmware;
    double number = 0.0;
    if (simusb_camera_set(ooi->camera, key, value))
        return TRUE;
    if (strcmp(key, "serial") == 0) {
        put_slot(ooi, 0, value);
        return TRUE;
    }
    if (strcmp(key, "trigger") == 0) {
        for (; ooi->waiting > 0; ooi->waiting--)
            simusb_camera_expose(ooi->camera, 0.0);
        return TRUE;
    }
    return cel_number_parse(value, strlen(value), '.', &number) && set_number(ooi, key, number);
}

const SimUsbFamily simusb_family_ooi = {
    .name = "ooi",
    .serial_prefix = "CELADON-SIM-",
    .serial_digits = 3,
    .create = create,
    .destroy = destroy,
    .classify = classify,
    .perform = perform,
    .due_us = due_us,
    .advance = advance,
    .power = power,
    .set = set,
    .corrupt = corrupt,
};
