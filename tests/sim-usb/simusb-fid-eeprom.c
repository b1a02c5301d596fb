/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simusb-fid-eeprom.h"

#include <math.h>
#include <string.h>

/* ---- numbers into pages ---- */

static void put_number(guint8 *at, guint64 value, guint bytes)
{
    for (guint i = 0; i < bytes; i++)
        at[i] = (guint8)(value >> (8 * i));
}

static void put_f32(guint8 *at, double value)
{
    const float single = (float)value;
    guint32 bits = 0;
    memcpy(&bits, &single, sizeof bits);
    put_number(at, bits, 4);
}

static void put_text(guint8 *at, const char *text, gsize size)
{
    memset(at, 0, size);
    if (text != NULL)
        memcpy(at, text, MIN(strlen(text), size));
}

guint16 simfid_memory_u16(SimFidMemory memory, guint page, guint offset)
{
    return (guint16)(memory[page][offset] | memory[page][offset + 1] << 8);
}

double simfid_memory_f32(SimFidMemory memory, guint page, guint offset)
{
    const guint32 bits = (guint32)simfid_memory_u16(memory, page, offset) |
                         (guint32)simfid_memory_u16(memory, page, offset + 2) << 16;
    float value = 0.0f;
    memcpy(&value, &bits, sizeof value);
    return (double)value;
}

/* ---- pages ---- */

static void write_page_0(const SimFidFields *f, guint8 *page)
{
    put_text(page, f->model, 16);
    put_text(page + 16, f->serial, 16);
    put_number(page + 32, 300, 4);
    page[36] = !!f->cooling;
    page[37] = !!f->battery;
    page[38] = !!f->laser;
    put_number(page + 39, f->format >= 9 ? f->features : (guint64)lrint(f->laser_nm), 2);
    put_number(page + 41, f->slit_um, 2);
    put_number(page + 43, f->startup_ms, 2);
    put_number(page + 45, (guint16)f->startup_celsius, 2);
    put_f32(page + 48, f->gain);
    put_number(page + 52, (guint16)f->offset, 2);
    put_f32(page + 54, f->gain_odd);
    put_number(page + 58, (guint16)f->offset_odd, 2);
    if (f->format >= 16)
        put_number(page + 60, 800, 2); /* set-point of the laser's cooler, raw */
    page[63] = f->format;
}

static void write_page_1(const SimFidFields *f, guint8 *page)
{
    for (guint i = 0; i < 4; i++)
        put_f32(page + 4 * i, f->wavelength[i]);
    for (guint i = 0; i < 3; i++)
        put_f32(page + 16 + 4 * i, f->celsius_to_dac[i]);
    put_number(page + 28, (guint16)f->celsius_max, 2);
    put_number(page + 30, (guint16)f->celsius_min, 2);
    for (guint i = 0; i < 3; i++)
        put_f32(page + 32 + 4 * i, f->adc_to_celsius[i]);
    put_number(page + 44, 10000, 2); /* thermistor: ohm at 298 K, beta */
    put_number(page + 46, 3450, 2);
    put_text(page + 48, "01/02/2026", 12);
    put_text(page + 60, "SIM", 3);
}

static void write_page_2(const SimFidFields *f, guint8 *page)
{
    put_text(page, f->detector, 16);
    put_number(page + 16, f->pixels, 2);
    if (f->format >= 10)
        page[18] = f->warmup_s;
    put_number(page + 19, 256, 2);
    if (f->format >= 8) {
        put_f32(page + 21, f->wavelength[4]);
    } else if (f->format < 5) {
        put_number(page + 21, f->integration_ms[0], 2);
        put_number(page + 23, MIN(f->integration_ms[1], 0xFFFF), 2);
    }
    put_number(page + 25, f->pixels, 2);
    put_number(page + 27, f->roi_start, 2);
    put_number(page + 29, f->roi_end, 2);
    for (guint i = 0; i < 5; i++)
        put_f32(page + 43 + 4 * i, -1.0); /* linearity: none */
}

static void write_page_3(const SimFidFields *f, guint8 *page)
{
    for (guint i = 0; i < 4; i++)
        put_f32(page + 12 + 4 * i, f->power_percent[i]);
    put_f32(page + 28, f->mw_max);
    put_f32(page + 32, f->mw_min);
    if (f->format >= 4)
        put_f32(page + 36, f->laser_nm);
    if (f->format >= 5) {
        put_number(page + 40, f->integration_ms[0], 4);
        put_number(page + 44, f->integration_ms[1], 4);
    }
    if (f->format >= 7)
        put_f32(page + 48, f->resolution_cm1);
    if (f->format >= 15)
        put_number(page + 52, f->watchdog_s, 2);
    if (f->format >= 18) {
        page[60] = 1; /* scans to average */
        page[61] = f->attenuator;
    }
}

static void write_pages_4_to_8(const SimFidFields *f, SimFidMemory memory)
{
    memset(memory[4], 0, 3 * SIMFID_PAGE_BYTES);
    put_text(memory[4], "not a real instrument", 63);
    memset(memory[5], 0xFF, 30); /* bad pixels: none */
    if (f->format >= 5)
        put_text(memory[5] + 30, f->configuration, 16);
    memset(memory[7], 0, SIMFID_PAGE_BYTES);
    if (f->format >= 18)
        memset(memory[8], 0, SIMFID_PAGE_BYTES);
}

void simfid_memory_write(const SimFidFields *fields, SimFidMemory out_memory)
{
    memset(out_memory, 0xFF, sizeof(SimFidMemory));
    memset(out_memory, 0, 4 * SIMFID_PAGE_BYTES);
    write_page_0(fields, out_memory[0]);
    write_page_1(fields, out_memory[1]);
    write_page_2(fields, out_memory[2]);
    write_page_3(fields, out_memory[3]);
    write_pages_4_to_8(fields, out_memory);
}

/* ---- damage ---- */

/* Opcodes of an 8051 (long jumps, clears, moves), as the board's program memory would read. */
static void write_code(SimFidMemory memory)
{
    static const guint8 code[] = {0x02, 0x0E, 0x4A, 0xC2, 0xAF, 0x75, 0x81, 0x2F, 0x12, 0x03,
                                  0xD7, 0xE5, 0x82, 0x60, 0x03, 0x90, 0xE6, 0x00, 0xF0, 0x22};
    for (guint i = 0; i < sizeof(SimFidMemory); i++)
        memory[i / SIMFID_PAGE_BYTES][i % SIMFID_PAGE_BYTES] = code[i % sizeof code];
}

static void write_garbage(SimFidMemory memory)
{
    GRand *rand = g_rand_new_with_seed(7);
    for (guint i = 0; i < sizeof(SimFidMemory); i++)
        memory[i / SIMFID_PAGE_BYTES][i % SIMFID_PAGE_BYTES] = (guint8)g_rand_int(rand);
    g_rand_free(rand);
}

static gboolean corrupt_field(SimFidMemory memory, const char *how)
{
    if (strcmp(how, "nan") == 0)
        put_f32(memory[1] + 4, (double)NAN);
    else if (strcmp(how, "nan-laser") == 0)
        put_f32(memory[3] + 36, (double)NAN);
    else if (strcmp(how, "zero-pixels") == 0)
        put_number(memory[2] + 16, 0, 2);
    else if (strcmp(how, "many-pixels") == 0)
        put_number(memory[2] + 16, 0xFFFE, 2);
    else if (strcmp(how, "non-monotonic") == 0)
        put_f32(memory[1] + 8, -1e-3);
    else if (strcmp(how, "serial") == 0)
        memcpy(memory[0] + 16, "\x01\xFE\x7F\x80 \xC3\x28", 7);
    else if (strcmp(how, "future") == 0)
        memory[0][63] = 200;
    else
        return FALSE;
    return TRUE;
}

gboolean simfid_memory_corrupt(SimFidMemory memory, const char *how)
{
    if (strcmp(how, "all-ff") == 0) {
        memset(memory, 0xFF, sizeof(SimFidMemory));
    } else if (strcmp(how, "fx2-code") == 0) {
        write_code(memory);
    } else if (strcmp(how, "garbage") == 0) {
        write_garbage(memory);
    } else if (strcmp(how, "limits") == 0) { /* least and most exchanged; power without sense */
        put_number(memory[3] + 40, 60000, 4);
        put_number(memory[3] + 44, 3, 4);
        put_f32(memory[3] + 28, 30000.0);
        put_f32(memory[3] + 32, (double)INFINITY);
    } else {
        return corrupt_field(memory, how);
    }
    return TRUE;
}
