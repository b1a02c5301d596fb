/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simusb-fid.h"

#include <errno.h>
#include <math.h>
#include <string.h>

enum {
    OP_ACQUIRE = 0xAD,
    OP_SET_INTEGRATION = 0xB2,
    OP_GET_INTEGRATION = 0xBF,
    OP_ACTUAL_INTEGRATION = 0xDF,
    OP_ACTUAL_FRAMES = 0xE4,
    OP_LASER_ENABLE = 0xBE,
    OP_LASER_ENABLED = 0xE2,
    OP_CAN_FIRE = 0xEF,
    OP_FIRING = 0xFF0D,
    OP_SET_WATCHDOG = 0xFF18,
    OP_GET_WATCHDOG = 0xFF17,
    OP_FIRMWARE = 0xC0,
    OP_FPGA = 0xB4,
    OP_FPGA_CONFIG = 0xB3,
    OP_FPGA_RESET = 0xB5,
    OP_LOG = 0x81,
    OP_DFU = 0xFE,
    OP_READ_PAGE = 0xFF01,
    OP_WRITE_PAGE = 0xFF02,
    OP_WRITE_PAGE_FX2 = 0xA2,
    OP_LINE_LENGTH = 0xFF03,
    OP_OPTIONS = 0xFF04,
    OP_OPTION_FIRST = 0xFF05,
    OP_OPTION_LAST = 0xFF0C,
    OP_BATTERY = 0xFF13,
    OP_BATTERY_REGISTER = 0xFF14,
    OP_AMBIENT = 0xFF2A,
    OP_MCU_SERIAL = 0xFF2C,
    OP_BLE = 0xFF2D,
    OP_TEMPERATURE = 0xD7,
    OP_ADC = 0xD5,
    OP_POLL = 0xD4,
    OP_HIGH_GAIN = 0xEB,
    OP_TRIGGER = 0xD2,
    SECOND_TIER = 0xFF,
    ARM_LEAST_BYTES = 8,
    SPLIT_PIXELS = 2048,
    IN_FIRST = 0x82,
    IN_SECOND = 0x86,
    XS_IDLE_MS = 1000, /* then the sensor sleeps */
    XS_WAKE_FRAMES = 8,
    COOLER_TAU_MS = 2000,
};

/* A request that writes a register and one that reads it; 0: none. Second tier: 0xFF00 | wValue. */
typedef struct {
    SimFidRegister reg;
    guint32 set, get;
    guint bytes;
    gboolean xs_only;
} RegisterRow;

static const RegisterRow registers[] = {
    {SIMFID_GAIN, 0xB7, 0xC5, 2, FALSE},
    {SIMFID_GAIN_ODD, 0x9D, 0x9F, 2, FALSE},
    {SIMFID_OFFSET, 0xB6, 0xC4, 2, FALSE},
    {SIMFID_OFFSET_ODD, 0x9C, 0x9E, 2, FALSE},
    {SIMFID_TRIGGER, 0xD2, 0xD3, 1, FALSE},
    {SIMFID_TRIGGER_DELAY, 0xAA, 0xAB, 3, TRUE},
    {SIMFID_HIGH_GAIN, 0xEB, 0xEC, 1, FALSE},
    {SIMFID_TEC_SETPOINT, 0xD8, 0xD9, 2, FALSE},
    {SIMFID_TEC_ENABLE, 0xD6, 0xDA, 1, FALSE},
    {SIMFID_MODULATION, 0xBD, 0xE3, 1, FALSE},
    {SIMFID_PULSE_PERIOD, 0xC7, 0xCB, 5, FALSE},
    {SIMFID_PULSE_WIDTH, 0xDB, 0xDC, 5, FALSE},
    {SIMFID_PULSE_DELAY, 0xC6, 0xCA, 5, FALSE},
    {SIMFID_PULSE_DURATION, 0xB9, 0xC3, 5, FALSE},
    {SIMFID_LINK, 0xDD, 0xDE, 1, FALSE},
    {SIMFID_LASER_TEC_SETPOINT, 0xE7, 0xE8, 2, TRUE},
    {SIMFID_LASER_TEC_MODE, 0x84, 0x85, 1, TRUE},
    {SIMFID_WARNING_S, 0x8A, 0x8B, 1, TRUE},
    {SIMFID_ATTENUATOR, 0x82, 0x83, 1, TRUE},
    {SIMFID_ADC_SELECT, 0xED, 0xEE, 1, FALSE},
    {SIMFID_SHUTTER, 0x30, 0x31, 1, FALSE},
    {SIMFID_LAMP, 0x32, 0x33, 1, FALSE},
    {SIMFID_FAN, 0x36, 0x37, 1, FALSE},
    {SIMFID_ACCESSORY, 0x22, 0, 1, FALSE},
    {SIMFID_DETECTOR_TIMEOUT, 0x8E, 0, 2, TRUE},
    {SIMFID_SENSOR_TIMEOUT, 0x71, 0x72, 2, TRUE},
    {SIMFID_RAMAN_DELAY, 0xFF20, 0xFF19, 2, TRUE},
    {SIMFID_SELECT_LASER, 0xFF15, 0xFF15, 1, TRUE},
    {SIMFID_ROI_START, 0xFF21, 0xFF22, 2, TRUE},
    {SIMFID_ROI_STOP, 0xFF23, 0xFF24, 2, TRUE},
    {SIMFID_AVERAGING, 0xFF62, 0xFF63, 2, TRUE},
};

/* Setters that are reported to fail on ARM boards although they worked. */
static const guint32 inverted_setters[] = {0xAD, 0xB2, 0xB6, 0xB7, 0xB9, 0xBD,  0xBE, 0xC6,
                                           0xC7, 0xC8, 0xC9, 0xD0, 0xCE, 0xD2,  0xD6, 0xD8,
                                           0xDB, 0xDD, 0xE0, 0xE7, 0xED, 0xFF02};

/* One decoded setup packet. */
typedef struct {
    guint32 opcode, value;
    gboolean get;
    guint16 length;
} Setup;

static Setup decode(const guint8 *setup)
{
    const guint32 value = (guint32)(setup[2] | setup[3] << 8);
    const guint32 index = (guint32)(setup[4] | setup[5] << 8);
    const gboolean second = setup[1] == SECOND_TIER;
    return (Setup){.opcode = second ? 0xFF00u | (value & 0xFF) : setup[1],
                   .value = second ? index : value | index << 16,
                   .get = (setup[0] & 0x80) != 0,
                   .length = (guint16)(setup[6] | setup[7] << 8)};
}

static SimUsbState state_of(const Setup *setup)
{
    switch (setup->opcode) {
    case OP_LASER_ENABLE:
        return (setup->value & 0xFFFF) != 0 ? SIMUSB_LASER_ON : SIMUSB_LASER_OFF;
    case OP_LASER_ENABLED:
    case OP_CAN_FIRE:
    case OP_FIRING:
        return SIMUSB_LASER_READ;
    case OP_ACQUIRE:
        return SIMUSB_ACQUIRE;
    case OP_FIRMWARE:
    case OP_FPGA:
    case OP_FPGA_CONFIG:
    case OP_READ_PAGE:
    case OP_LINE_LENGTH:
    case OP_OPTIONS:
    case OP_MCU_SERIAL:
    case OP_BLE:
        return SIMUSB_IDENTIFY;
    default:
        if (setup->opcode >= OP_OPTION_FIRST && setup->opcode <= OP_OPTION_LAST)
            return SIMUSB_IDENTIFY;
        return setup->get ? SIMUSB_STATUS : SIMUSB_CONFIGURE;
    }
}

SimUsbEvent simfid_classify(SimUsbFirmware *firmware, const SimUsbRequest *request)
{
    (void)firmware;
    if (request->setup == NULL)
        return (SimUsbEvent){SIMUSB_CONFIGURE, 0, request->endpoint, FALSE};
    const Setup setup = decode(request->setup);
    return (SimUsbEvent){state_of(&setup), setup.opcode, 0, setup.get};
}

/* ---- registers ---- */

static const RegisterRow *find_row(const SimFid *fid, guint32 opcode, gboolean get)
{
    for (gsize i = 0; i < G_N_ELEMENTS(registers); i++) {
        const RegisterRow *row = &registers[i];
        if (opcode == (get ? row->get : row->set) && opcode != 0)
            return row->xs_only && !simfid_is_xs(fid) ? NULL : row;
    }
    return NULL;
}

static void append_number(GByteArray *answer, guint64 value, guint bytes)
{
    for (guint i = 0; i < bytes; i++) {
        const guint8 byte = (guint8)(value >> (8 * i));
        g_byte_array_append(answer, &byte, 1);
    }
}

static double quadratic(const double c[3], double x)
{
    return c[0] + x * (c[1] + x * c[2]);
}

/* Where the quadratic comes nearest to @y: hardware knows the inverse of what its memory says. */
static double inverse(const double c[3], double y, double first, double last, double step)
{
    double best = first;
    for (double x = first; x <= last; x += step) {
        if (fabs(quadratic(c, x) - y) < fabs(quadratic(c, best) - y))
            best = x;
    }
    return best;
}

static double detector_celsius(const SimFid *fid)
{
    double target = fid->ambient_celsius;
    if (fid->reg[SIMFID_TEC_ENABLE] != 0 && fid->details->memory.cooling)
        target = inverse(fid->celsius_to_dac, (double)fid->reg[SIMFID_TEC_SETPOINT], -40, 60, 0.1);
    const double passed = (double)(fid->board->now_us - fid->cooler_from_us);
    const double tau = (double)simusb_board_scaled_us(fid->board, COOLER_TAU_MS);
    return target + (fid->cooler_from_celsius - target) * exp(-passed / MAX(tau, 1.0));
}

static void move_cooler(SimFid *fid)
{
    fid->cooler_from_celsius = detector_celsius(fid);
    fid->cooler_from_us = fid->board->now_us;
}

static guint64 temperature_raw(const SimFid *fid)
{
    return (guint64)inverse(fid->adc_to_celsius, detector_celsius(fid), 0, 0xFFF, 1);
}

static void write_register(SimFid *fid, const RegisterRow *row, guint64 value)
{
    const gboolean cooler = row->reg == SIMFID_TEC_ENABLE || row->reg == SIMFID_TEC_SETPOINT;
    if (cooler)
        move_cooler(fid);
    if (row->reg == SIMFID_GAIN && value != fid->reg[SIMFID_GAIN])
        simusb_camera_touch(fid->camera);
    if (row->reg == SIMFID_HIGH_GAIN && fid->details->board != SIMFID_FX2_INGAAS)
        fid->board->truth.forbidden++; /* this number is the imaging mode there */
    if (row->reg == SIMFID_ADC_SELECT)
        fid->adc_reads = 0;
    fid->reg[row->reg] = value & ((1ull << (8 * row->bytes)) - 1);
    simfid_laser_update(fid);
}

static gboolean is_forty_bit(const RegisterRow *row)
{
    return row->bytes == 5;
}

/* ---- requests that set ---- */

static void acquire(SimFid *fid)
{
    fid->board->truth.acquires++;
    if (fid->reg[SIMFID_TRIGGER] != 0 && !simfid_is_xs(fid))
        return;
    double extra_ms = 0.0;
    const gint64 idle = fid->board->now_us - fid->last_frame_us;
    if (simfid_is_xs(fid) && simusb_camera_due_us(fid->camera) == G_MAXINT64 &&
        (fid->last_frame_us == 0 || idle > simusb_board_scaled_us(fid->board, XS_IDLE_MS)))
        extra_ms =
            (XS_WAKE_FRAMES - 1) * (double)simusb_camera_integration_us(fid->camera) / 1000.0;
    simusb_camera_expose(fid->camera, extra_ms);
}

static void set_integration(SimFid *fid, guint32 value)
{
    const gint64 ms = MAX(value & 0xFFFFFF, 1);
    if (ms * 1000 != simusb_camera_integration_us(fid->camera))
        simusb_camera_set_integration(fid->camera, ms * 1000);
}

static int write_page(SimFid *fid, const SimUsbRequest *request, guint page)
{
    fid->board->truth.forbidden++;
    if (page >= SIMFID_PAGES || request->n != SIMFID_PAGE_BYTES)
        return -EPIPE;
    memcpy(fid->memory[page], request->data, SIMFID_PAGE_BYTES);
    return 0;
}

static int set_register(SimFid *fid, const SimUsbRequest *request, const Setup *setup)
{
    const RegisterRow *row = find_row(fid, setup->opcode, FALSE);
    if (row == NULL) {
        fid->board->truth.unknown++;
        return -EPIPE;
    }
    guint64 value = setup->value;
    if (is_forty_bit(row)) {
        if (request->n == 0) { /* old FX2 firmware hangs until it loses power */
            fid->board->truth.lockups++;
            fid->quirks.deaf = TRUE;
            return -ETIMEDOUT;
        }
        value |= (guint64)request->data[0] << 32;
    } else if (row->bytes <= 2) {
        value &= 0xFFFF;
    }
    write_register(fid, row, value);
    return 0;
}

static int perform_set(SimFid *fid, const SimUsbRequest *request, const Setup *setup)
{
    switch (setup->opcode) {
    case OP_LASER_ENABLE:
        simfid_laser_enable(fid, (setup->value & 0xFFFF) != 0);
        return 0;
    case OP_ACQUIRE:
        acquire(fid);
        return 0;
    case OP_SET_INTEGRATION:
        set_integration(fid, setup->value);
        return 0;
    case OP_SET_WATCHDOG:
        if (!simfid_is_xs(fid))
            return -EPIPE;
        simfid_laser_watchdog_set(fid, (guint16)setup->value);
        return 0;
    case OP_WRITE_PAGE:
        return write_page(fid, request, setup->value);
    case OP_WRITE_PAGE_FX2:
        return write_page(fid, request, ((setup->value & 0xFFFF) - 0x3C00u) / SIMFID_PAGE_BYTES);
    case OP_DFU:
        fid->board->truth.forbidden++;
        fid->quirks.deaf = TRUE;
        return -ETIMEDOUT;
    case OP_FPGA_RESET:
        simusb_camera_set_integration(fid->camera, 1000);
        fid->reg[SIMFID_HIGH_GAIN] = 0;
        return 0;
    default:
        return set_register(fid, request, setup);
    }
}

/* ---- requests that get ---- */

static void append_text(GByteArray *answer, const char *text, guint n)
{
    g_byte_array_append(answer, (const guint8 *)text, n);
}

static void append_page(SimFid *fid, guint32 page, GByteArray *answer)
{
    if (page < SIMFID_PAGES)
        g_byte_array_append(answer, fid->memory[page], SIMFID_PAGE_BYTES);
}

static void append_adc(SimFid *fid, GByteArray *answer)
{
    const gboolean photodiode =
        (fid->reg[SIMFID_ADC_SELECT] != 0) != (fid->adc_reads == 0); /* the first: the other one */
    fid->adc_reads++;
    append_number(answer, photodiode ? (fid->board->truth.light ? 1500 : 20) : 1900, 2);
}

/* What only the ARM boards have. Returns: FALSE: nor do they. */
static gboolean append_xs(SimFid *fid, guint32 opcode, GByteArray *answer)
{
    static const guint8 mcu[12] = {0x31, 0x00, 0x4A, 0x00, 0x0F, 0x51, 0x38, 0x31, 0x34, 0x33};
    if (opcode == OP_MCU_SERIAL)
        g_byte_array_append(answer, mcu, sizeof mcu);
    else if (opcode == OP_BLE)
        append_text(answer, "SIM-BLE\0", 8);
    else if (opcode == OP_AMBIENT)
        append_number(answer, (guint64)lrint(fid->ambient_celsius), 1);
    else if (opcode == OP_POLL)
        append_number(answer, simusb_camera_due_us(fid->camera) == G_MAXINT64 ? 0 : 3, 1);
    else if (opcode == OP_LOG)
        append_text(answer, "sim", 3);
    else
        return FALSE;
    return TRUE;
}

static gboolean append_acquisition(SimFid *fid, guint32 opcode, GByteArray *answer)
{
    const guint64 us = (guint64)simusb_camera_integration_us(fid->camera);
    if (opcode == OP_GET_INTEGRATION)
        append_number(answer, us / 1000, 3);
    else if (opcode == OP_ACTUAL_INTEGRATION)
        append_number(answer, us, 3);
    else if (opcode == OP_ACTUAL_FRAMES)
        append_number(answer, fid->frames, 2);
    else
        return FALSE;
    return TRUE;
}

static gboolean append_identity(SimFid *fid, const Setup *setup, GByteArray *answer)
{
    static const guint8 fx2_firmware[4] = {4, 0, 0, 10}, xs_firmware[4] = {10, 4, 0, 1};
    const SimFidFields *m = &fid->details->memory;
    switch (setup->opcode) {
    case OP_FIRMWARE:
        g_byte_array_append(answer, simfid_is_xs(fid) ? xs_firmware : fx2_firmware, 4);
        return TRUE;
    case OP_FPGA:
        append_text(answer, "026-007", 7);
        return TRUE;
    case OP_FPGA_CONFIG:
        append_number(answer, 0, 2);
        return TRUE;
    case OP_READ_PAGE:
        append_page(fid, setup->value, answer);
        return setup->value < SIMFID_PAGES;
    case OP_LINE_LENGTH:
        append_number(answer, fid->pixels, 2);
        return TRUE;
    case OP_OPTIONS:
        append_number(answer, (m->laser ? 1u << 7 : 0u) | 1u << 13, 3);
        return !simfid_is_xs(fid);
    default:
        if (setup->opcode < OP_OPTION_FIRST || setup->opcode > OP_OPTION_LAST)
            return FALSE;
        append_number(answer, setup->opcode == 0xFF08 && m->laser ? 1 : 0, 1);
        return TRUE;
    }
}

static gboolean append_status(SimFid *fid, guint32 opcode, GByteArray *answer)
{
    guint64 raw = 0;
    const guint8 battery[3] = {0, (guint8)fid->battery_percent, 1};
    switch (opcode) {
    case OP_TEMPERATURE: /* the only one most significant byte first */
        raw = temperature_raw(fid);
        append_number(answer, raw >> 8 | (raw & 0xFF) << 8, 2);
        return TRUE;
    case OP_ADC:
        append_adc(fid, answer);
        return TRUE;
    case OP_BATTERY:
        g_byte_array_append(answer, battery, 3);
        return fid->details->memory.battery;
    case OP_BATTERY_REGISTER:
        append_number(answer, 0x1234, 2);
        return fid->details->memory.battery;
    default:
        return append_acquisition(fid, opcode, answer) ||
               (simfid_is_xs(fid) && append_xs(fid, opcode, answer));
    }
}

static gboolean is_laser_read(guint32 opcode)
{
    return opcode == OP_LASER_ENABLED || opcode == OP_CAN_FIRE || opcode == OP_FIRING ||
           opcode == OP_GET_WATCHDOG;
}

static int perform_get(SimFid *fid, const SimUsbRequest *request, const Setup *setup)
{
    GByteArray *answer = request->answer;
    const RegisterRow *row = find_row(fid, setup->opcode, TRUE);
    gboolean known = TRUE;
    if (is_laser_read(setup->opcode))
        known = simfid_laser_read(fid, setup->opcode, answer);
    else if (row != NULL)
        append_number(answer, fid->reg[row->reg], row->bytes);
    else
        known = append_identity(fid, setup, answer) || append_status(fid, setup->opcode, answer);
    if (answer->len > request->room)
        g_byte_array_set_size(answer, (guint)request->room);
    return known ? 0 : -EPIPE;
}

static gboolean is_inverted(const SimFid *fid, const Setup *setup)
{
    if (!simfid_is_xs(fid) || !fid->quirks.inverted)
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(inverted_setters); i++) {
        if (inverted_setters[i] == setup->opcode)
            return TRUE;
    }
    return FALSE;
}

int simfid_perform(SimUsbFirmware *firmware, SimUsbRequest *request)
{
    SimFid *fid = (SimFid *)firmware;
    if (request->setup == NULL)
        return -EPIPE;
    if (fid->quirks.deaf)
        return -ETIMEDOUT;
    const Setup setup = decode(request->setup);
    if (simfid_is_xs(fid) && setup.length < ARM_LEAST_BYTES)
        return -EPIPE;
    if (setup.get)
        return perform_get(fid, request, &setup);
    const int status = perform_set(fid, request, &setup);
    return status == 0 && is_inverted(fid, &setup) ? -EPIPE : status;
}

/* ---- frames ---- */

static void send_frame(SimFid *fid, const guint32 *counts)
{
    g_autofree guint8 *raw = g_malloc(fid->pixels * 2);
    for (guint i = 0; i < fid->pixels; i++) {
        raw[2 * i] = (guint8)counts[i];
        raw[2 * i + 1] = (guint8)(counts[i] >> 8);
    }
    if (fid->reg[SIMFID_HIGH_GAIN] != 0 && fid->details->board != SIMFID_FX2_INGAAS) {
        memset(raw, 0xFF, 2); /* imaging mode: a marker, then the number of the row */
        memset(raw + 2, 0, 2);
    }
    fid->frames++;
    fid->board->truth.frames++;
    const SimUsbEvent first = {SIMUSB_FRAME, OP_ACQUIRE, IN_FIRST, TRUE};
    const SimUsbEvent second = {SIMUSB_FRAME, OP_ACQUIRE, IN_SECOND, TRUE};
    if (fid->pixels == SPLIT_PIXELS && !simfid_is_xs(fid)) {
        simusb_board_send(fid->board, &first, raw, fid->pixels);
        simusb_board_send(fid->board, &second, raw + fid->pixels, fid->pixels);
    } else {
        simusb_board_send(fid->board, &first, raw, fid->pixels * 2);
    }
}

void simfid_advance(SimUsbFirmware *firmware)
{
    SimFid *fid = (SimFid *)firmware;
    guint32 counts[SIMUSB_MAX_PIXELS];
    simfid_laser_update(fid);
    while (simusb_camera_collect(fid->camera, counts)) {
        fid->last_frame_us = fid->board->now_us;
        send_frame(fid, counts);
    }
}

gint64 simfid_due_us(SimUsbFirmware *firmware)
{
    const SimFid *fid = (const SimFid *)firmware;
    return MIN(simusb_camera_due_us(fid->camera), simfid_laser_due_us(fid));
}
