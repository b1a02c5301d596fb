/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simusb-fid-eeprom.h"
#include "simusb-obp.h"
#include "simusb-unit.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* The simulated firmware without any bus: time is told, nothing sleeps. */

enum { GET = 0xC0, SET = 0x40, ROOM = 8192 };

/* A unit, its time, and the last bytes it gave. */
typedef struct {
    SimUsbUnit *unit;
    gint64 now_us;
    guint8 out[ROOM];
    int n; /* bytes, or a negative errno */
} Desk;

static void desk_open(Desk *desk, const char *spec)
{
    g_autoptr(GError) error = NULL;
    memset(desk, 0, sizeof *desk);
    desk->now_us = 1000000;
    desk->unit = simusb_unit_new(spec, NULL, NULL, desk->now_us, &error);
    g_assert_no_error(error);
}

static const SimUsbTruth *truth(const Desk *desk)
{
    return &simusb_unit_board(desk->unit)->truth;
}

static void pass_ms(Desk *desk, double ms)
{
    desk->now_us += (gint64)(ms * 1000.0);
    simusb_unit_advance(desk->unit, desk->now_us);
}

static void set_property(Desk *desk, const char *key, const char *value)
{
    g_autoptr(GError) error = NULL;
    simusb_unit_set(desk->unit, key, value, desk->now_us, &error);
    g_assert_no_error(error);
}

static int control(Desk *desk, guint8 way, guint8 request, guint16 value, guint16 index, guint n)
{
    const guint8 setup[8] = {way,           request,
                             (guint8)value, (guint8)(value >> 8),
                             (guint8)index, (guint8)(index >> 8),
                             (guint8)n,     (guint8)(n >> 8)};
    gint64 due = 0;
    memset(desk->out, 0, n);
    desk->n = simusb_unit_control(desk->unit, setup, desk->out, n, desk->now_us, &due);
    return desk->n;
}

static int read_pipe(Desk *desk, guint8 endpoint, gsize room)
{
    SimUsbRead read = {.endpoint = endpoint, .buffer = desk->out, .room = room};
    const int status = simusb_unit_bulk_in(desk->unit, &read, desk->now_us);
    return desk->n = status == 0 ? (int)read.filled : status;
}

static int send_bytes(Desk *desk, const guint8 *bytes, gsize n)
{
    gint64 due = 0;
    return simusb_unit_bulk_out(desk->unit, 0x01, bytes, n, desk->now_us, &due);
}

#define SEND(desk, ...)                                                                            \
    send_bytes(desk, (const guint8[]){__VA_ARGS__}, sizeof((const guint8[]){__VA_ARGS__}))

static guint pixel(const Desk *desk, gsize i)
{
    return (guint)(desk->out[2 * i] | desk->out[2 * i + 1] << 8);
}

/* ---- the FID memory, against bytes of a real unit as public sources print them ---- */

static const SimFidFields real_fields = {
    .format = 15,
    .model = "WP-785-R-SR-S-50",
    .serial = "WP-00887",
    .cooling = TRUE,
    .laser = TRUE,
    .slit_um = 50,
    .startup_ms = 3,
    .startup_celsius = 10,
    .gain = 1.9,
    .gain_odd = 1.9,
    .mw_max = 450.0,
    .laser_nm = 785.0,
    .pixels = 1024,
    .integration_ms = {3, 60000},
};

static void first_page_is_that_of_a_real_unit(void)
{
    static const guint8 page_0[SIMFID_PAGE_BYTES] = {
        0x57, 0x50, 0x2D, 0x37, 0x38, 0x35, 0x2D, 0x52, 0x2D, 0x53, 0x52, 0x2D, 0x53,
        0x2D, 0x35, 0x30, 0x57, 0x50, 0x2D, 0x30, 0x30, 0x38, 0x38, 0x37, 0,    0,
        0,    0,    0,    0,    0,    0,    0x2C, 0x01, 0,    0,    1,    0,    1,
        0,    0,    0x32, 0,    3,    0,    0x0A, 0,    0,    0x33, 0x33, 0xF3, 0x3F,
        0,    0,    0x33, 0x33, 0xF3, 0x3F, 0,    0,    0,    0,    0,    0x0F,
    };
    SimFidMemory memory;
    simfid_memory_write(&real_fields, memory);
    g_assert_true(memcmp(memory[0], page_0, sizeof page_0) == 0);
}

static void fourth_page_is_that_of_a_real_unit(void)
{
    /* most and least mW, nm of the laser, least and most integration */
    static const guint8 from_28[] = {0x00, 0x00, 0xE1, 0x43, 0, 0, 0,    0,    0x00, 0x40,
                                     0x44, 0x44, 3,    0,    0, 0, 0x60, 0xEA, 0,    0};
    SimFidMemory memory;
    simfid_memory_write(&real_fields, memory);
    g_assert_true(memcmp(memory[3] + 28, from_28, sizeof from_28) == 0);
}

static void older_formats_keep_fields_elsewhere(void)
{
    SimFidFields fields = real_fields;
    SimFidMemory memory;
    fields.format = 4;
    fields.wavelength[4] = 1.0;
    simfid_memory_write(&fields, memory);
    g_assert_cmpuint(simfid_memory_u16(memory, 0, 39), ==, 785);
    g_assert_cmpuint(simfid_memory_u16(memory, 2, 21), ==, 3);
    g_assert_cmpuint(simfid_memory_u16(memory, 2, 23), ==, 60000);
    g_assert_cmpuint(simfid_memory_u16(memory, 3, 40), ==, 0);
    fields.format = 19;
    simfid_memory_write(&fields, memory);
    g_assert_cmpuint(simfid_memory_u16(memory, 0, 39), ==, 0);
    g_assert_cmpfloat_with_epsilon(simfid_memory_f32(memory, 2, 21), 1.0, 1e-9);
}

static void every_damage_changes_the_memory(void)
{
    static const char *const ways[] = {"nan",           "nan-laser", "zero-pixels", "many-pixels",
                                       "non-monotonic", "all-ff",    "fx2-code",    "garbage",
                                       "serial",        "limits",    "future"};
    for (gsize i = 0; i < G_N_ELEMENTS(ways); i++) {
        SimFidMemory memory, before;
        simfid_memory_write(&real_fields, memory);
        memcpy(before, memory, sizeof memory);
        g_assert_true(simfid_memory_corrupt(memory, ways[i]));
        g_assert_true(memcmp(before, memory, sizeof memory) != 0);
    }
    SimFidMemory memory = {{0}};
    g_assert_false(simfid_memory_corrupt(memory, "elsewise"));
}

/* ---- the FID firmware ---- */

static int fid_frame(Desk *desk, double ms)
{
    control(desk, SET, 0xAD, 0, 0, 8);
    pass_ms(desk, ms);
    return read_pipe(desk, 0x82, 2048);
}

static void first_frame_after_a_change_is_of_the_old_setting(void)
{
    Desk desk;
    desk_open(&desk, "wasatch-785");
    control(&desk, SET, 0xB2, 400, 0, 0);
    g_assert_cmpint(fid_frame(&desk, 10), ==, 2048);
    g_assert_cmpint(fid_frame(&desk, 399), ==, -EINPROGRESS);
    pass_ms(&desk, 1);
    g_assert_cmpint(read_pipe(&desk, 0x82, 2048), ==, 2048);
    simusb_unit_free(desk.unit);
}

static void two_acquires_give_two_frames_one_after_the_other(void)
{
    Desk desk;
    desk_open(&desk, "wasatch-785");
    control(&desk, SET, 0xAD, 0, 0, 0);
    g_assert_cmpint(fid_frame(&desk, 10), ==, 2048);
    g_assert_cmpint(read_pipe(&desk, 0x82, 2048), ==, -EINPROGRESS);
    pass_ms(&desk, 10);
    g_assert_cmpint(read_pipe(&desk, 0x82, 2048), ==, 2048);
    simusb_unit_free(desk.unit);
}

static void sleeping_sensor_of_the_arm_board_takes_eight_exposures(void)
{
    Desk desk;
    desk_open(&desk, "wasatch-xs");
    g_assert_cmpint(fid_frame(&desk, 79), ==, -EINPROGRESS);
    pass_ms(&desk, 1);
    g_assert_cmpint(read_pipe(&desk, 0x82, 3904), ==, 3904);
    control(&desk, SET, 0xAD, 0, 0, 8);
    pass_ms(&desk, 10);
    g_assert_cmpint(read_pipe(&desk, 0x82, 3904), ==, 3904);
    simusb_unit_free(desk.unit);
}

static void forty_bit_value_without_data_hangs_the_older_board(void)
{
    Desk desk;
    desk_open(&desk, "wasatch-785:supply=usb");
    g_assert_cmpint(control(&desk, SET, 0xC7, 1000, 0, 0), ==, SIMUSB_NEVER);
    g_assert_cmpint(control(&desk, GET, 0xC0, 0, 0, 64), ==, SIMUSB_NEVER);
    g_assert_cmpuint(truth(&desk)->lockups, ==, 1);
    simusb_unit_plugged(desk.unit, FALSE, desk.now_us);
    simusb_unit_plugged(desk.unit, TRUE, desk.now_us);
    g_assert_cmpint(control(&desk, GET, 0xC0, 0, 0, 64), ==, 4);
    g_assert_cmpint(control(&desk, SET, 0xC7, 1000, 0, 8), ==, 8);
    g_assert_cmpint(control(&desk, GET, 0xCB, 0, 0, 64), ==, 5);
    g_assert_cmpuint(pixel(&desk, 0), ==, 1000);
    simusb_unit_free(desk.unit);
}

static void full_power_is_what_no_modulation_means(void)
{
    Desk desk;
    desk_open(&desk, "wasatch-785");
    g_assert_cmpfloat(truth(&desk)->laser_mw, ==, 450.0);
    control(&desk, SET, 0xC7, 1000, 0, 8);
    control(&desk, SET, 0xDB, 200, 0, 8);
    g_assert_cmpfloat(truth(&desk)->laser_mw, ==, 450.0);
    control(&desk, SET, 0xBD, 1, 0, 0);
    g_assert_cmpfloat_with_epsilon(truth(&desk)->laser_mw, 90.0, 1e-9);
    control(&desk, SET, 0xBE, 1, 0, 0);
    control(&desk, SET, 0xDB, 0, 0, 8);
    g_assert_false(truth(&desk)->light);
    control(&desk, SET, 0xBD, 0, 0, 0); /* the trap: lit, and all of it */
    g_assert_true(truth(&desk)->light);
    simusb_unit_free(desk.unit);
}

static void imaging_mode_and_bootloader_are_noted_as_forbidden(void)
{
    Desk desk;
    desk_open(&desk, "wasatch-785");
    control(&desk, SET, 0xEB, 1, 0, 8);
    g_assert_cmpint(fid_frame(&desk, 10), ==, 2048);
    g_assert_cmpuint(pixel(&desk, 0), ==, 0xFFFF);
    control(&desk, SET, 0xFE, 0, 0, 0);
    g_assert_cmpuint(truth(&desk)->forbidden, ==, 2);
    simusb_unit_free(desk.unit);
    desk_open(&desk, "wasatch-1064");
    control(&desk, SET, 0xEB, 1, 0, 8);
    g_assert_cmpuint(truth(&desk)->forbidden, ==, 0);
    simusb_unit_free(desk.unit);
}

static void detector_cools_to_its_set_point(void)
{
    Desk desk;
    desk_open(&desk, "wasatch-785");
    control(&desk, SET, 0xD8, 1600, 0, 0); /* 10 degrees by its memory: 2000 - 40 T */
    control(&desk, SET, 0xD6, 1, 0, 0);
    pass_ms(&desk, 20000);
    g_assert_cmpint(control(&desk, GET, 0xD7, 0, 0, 2), ==, 2);
    const double raw = desk.out[0] * 256.0 + desk.out[1]; /* most significant first */
    g_assert_cmpfloat_with_epsilon(60.0 - 0.03 * raw, 10.0, 0.1);
    simusb_unit_free(desk.unit);
}

static void watchdog_speaks_the_order_it_is_told(void)
{
    Desk desk;
    desk_open(&desk, "wasatch-xs:watchdog-swapped=1,watchdog-msb-first=1");
    control(&desk, SET, 0xFF, 0x18, 5, 8); /* it understands 1280 s */
    g_assert_cmpint(control(&desk, GET, 0xFF, 0x17, 0, 8), ==, 2);
    g_assert_cmpint(desk.out[0], ==, 5);
    g_assert_cmpint(desk.out[1], ==, 0);
    control(&desk, SET, 0xBE, 1, 0, 8);
    pass_ms(&desk, 1279999);
    g_assert_true(truth(&desk)->light);
    pass_ms(&desk, 1);
    g_assert_false(truth(&desk)->light);
    g_assert_cmpuint(truth(&desk)->watchdog_trips, ==, 1);
    simusb_unit_free(desk.unit);
}

static void board_with_its_own_supply_stays_lit_without_a_cable(void)
{
    Desk desk;
    desk_open(&desk, "wasatch-785");
    control(&desk, SET, 0xBE, 1, 0, 0);
    simusb_unit_plugged(desk.unit, FALSE, desk.now_us);
    pass_ms(&desk, 50);
    g_assert_true(truth(&desk)->light);
    simusb_unit_plugged(desk.unit, TRUE, desk.now_us);
    control(&desk, SET, 0xBE, 0, 0, 0);
    g_assert_false(truth(&desk)->light);
    g_assert_cmpint(simusb_truth_on_us(truth(&desk), 0, desk.now_us), ==, 50000);
    simusb_unit_free(desk.unit);
}

static void stuck_laser_can_lie(void)
{
    Desk desk;
    desk_open(&desk, "wasatch-785-interlock");
    control(&desk, SET, 0xBE, 1, 0, 0);
    set_property(&desk, "laser-stuck", "1");
    control(&desk, SET, 0xBE, 0, 0, 0);
    g_assert_true(truth(&desk)->light);
    control(&desk, GET, 0xE2, 0, 0, 1);
    g_assert_cmpint(desk.out[0], ==, 1);
    set_property(&desk, "laser-lies", "1");
    control(&desk, GET, 0xE2, 0, 0, 1);
    g_assert_cmpint(desk.out[0], ==, 0);
    control(&desk, GET, 0xFF, 0x0D, 0, 8);
    g_assert_cmpint(desk.out[0], ==, 0);
    g_assert_true(truth(&desk)->light);
    set_property(&desk, "interlock", "0"); /* wire beats firmware */
    g_assert_false(truth(&desk)->light);
    simusb_unit_free(desk.unit);
}

/* ---- light: accepted shifts of cyclohexane, ASTM E1840 ---- */

static double axis_nm(const double c[4], double x)
{
    return c[0] + x * (c[1] + x * (c[2] + x * c[3]));
}

/* Shift of the brightest pixel between two shifts, by a parabola through its neighbours. */
static double strongest_between(const guint32 *counts, gsize n, const double c[4], double index,
                                double laser_nm, double from_cm1, double to_cm1)
{
    gsize best = 1;
    guint32 most = 0;
    for (gsize i = 1; i + 1 < n; i++) {
        const double shift = 1e7 / laser_nm - 1e7 / axis_nm(c, (double)i + index);
        if (shift > from_cm1 && shift < to_cm1 && counts[i] > most) {
            most = counts[i];
            best = i;
        }
    }
    const double a = counts[best - 1], b = counts[best], d = counts[best + 1];
    const double x = (double)best + 0.5 * (a - d) / (a - 2.0 * b + d) + index;
    return 1e7 / laser_nm - 1e7 / axis_nm(c, x);
}

static double memory_real(Desk *desk, guint page, guint at)
{
    SimFidMemory memory;
    control(desk, GET, 0xFF, 0x01, (guint16)page, 64);
    memcpy(memory[page], desk->out, SIMFID_PAGE_BYTES);
    return simfid_memory_f32(memory, page, at);
}

static void fid_frame_shows_cyclohexane_where_its_memory_says(void)
{
    Desk desk;
    guint32 counts[1024];
    desk_open(&desk, "wasatch-785");
    const double laser_nm = memory_real(&desk, 3, 36);
    const double c[4] = {memory_real(&desk, 1, 0), memory_real(&desk, 1, 4),
                         memory_real(&desk, 1, 8), memory_real(&desk, 1, 12)};
    control(&desk, SET, 0xBE, 1, 0, 0);
    control(&desk, SET, 0xB2, 200, 0, 0);
    fid_frame(&desk, 10);
    g_assert_cmpint(fid_frame(&desk, 200), ==, 2048);
    for (gsize i = 0; i < 1024; i++)
        counts[i] = pixel(&desk, i);
    g_assert_cmpfloat_with_epsilon(strongest_between(counts, 1024, c, 0, laser_nm, 780, 820), 801.3,
                                   1.5);
    g_assert_cmpfloat_with_epsilon(strongest_between(counts, 1024, c, 0, laser_nm, 1250, 1290),
                                   1266.4, 1.5);
    simusb_unit_free(desk.unit);
}

static void pooled_noise_comes_round_after_sixteen_frames(void)
{
    Desk desk;
    guint8 first[2048];
    desk_open(&desk, "wasatch-785:noise=pool");
    for (int i = 0; i < 17; i++) {
        g_assert_cmpint(fid_frame(&desk, 10), ==, 2048);
        if (i == 0)
            memcpy(first, desk.out, sizeof first);
        else
            g_assert_cmpint(memcmp(first, desk.out, sizeof first) == 0, ==, i == 16);
    }
    simusb_unit_free(desk.unit);
}

/* ---- Ocean, older protocol ---- */

static double slot_real(Desk *desk, guint8 slot)
{
    SEND(desk, 0x05, slot);
    g_assert_cmpint(read_pipe(desk, 0x81, 512), ==, 17);
    g_assert_cmpint(desk->out[1], ==, slot);
    desk->out[17] = 0;
    return g_ascii_strtod((const char *)desk->out + 2, NULL);
}

static void commands_before_the_unit_is_ready_are_lost(void)
{
    Desk desk;
    desk_open(&desk, "usb2000plus");
    SEND(&desk, 0x05, 0);
    g_assert_cmpint(read_pipe(&desk, 0x81, 512), ==, -EINPROGRESS);
    SEND(&desk, 0x01);
    pass_ms(&desk, 50);
    SEND(&desk, 0x05, 0);
    g_assert_cmpint(read_pipe(&desk, 0x81, 512), ==, -EINPROGRESS);
    pass_ms(&desk, 50);
    SEND(&desk, 0x05, 0);
    g_assert_cmpint(read_pipe(&desk, 0x81, 512), ==, 17);
    g_assert_cmpuint(truth(&desk)->unknown, ==, 2);
    simusb_unit_free(desk.unit);
}

static void saturation_stands_where_each_model_has_it(void)
{
    static const struct {
        const char *model;
        guint at, value;
    } rows[] = {{"usb2000plus", 6, 58000},
                {"usb4000", 6, 54000},
                {"maya2000pro", 2, 64000},
                {"nirquest512", 6, 60000},
                {"qe65000", 6, 0}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        Desk desk;
        desk_open(&desk, rows[i].model);
        SEND(&desk, 0x01);
        pass_ms(&desk, 100);
        slot_real(&desk, 17);
        g_assert_cmpuint(pixel(&desk, rows[i].at / 2), ==, rows[i].value);
        simusb_unit_free(desk.unit);
    }
}

static void qe65000_counts_its_pixels_from_minus_ten(void)
{
    Desk desk;
    guint32 counts[1280];
    double c[4];
    desk_open(&desk, "qe65000:laser-mw=400");
    SEND(&desk, 0x01);
    pass_ms(&desk, 100);
    for (guint8 i = 0; i < 4; i++)
        c[i] = slot_real(&desk, (guint8)(1 + i));
    SEND(&desk, 0x03, 1, 0);
    SEND(&desk, 0x02, 100, 0, 0, 0);
    for (int frame = 0; frame < 2; frame++) {
        SEND(&desk, 0x09);
        pass_ms(&desk, 100);
        g_assert_cmpint(read_pipe(&desk, 0x82, 3072), ==, 2561);
    }
    g_assert_cmpint(desk.out[2560], ==, 0x69);
    for (gsize i = 0; i < 1280; i++)
        counts[i] = pixel(&desk, i) ^ 0x8000u;
    g_assert_cmpfloat_with_epsilon(strongest_between(counts, 1280, c, -10, 785.0, 780, 820), 801.3,
                                   1.5);
    g_assert_cmpuint(counts[0], <, 1010); /* a dark pixel */
    simusb_unit_free(desk.unit);
}

static void old_usb2000_gives_low_and_high_bytes_in_blocks(void)
{
    Desk desk;
    desk_open(&desk, "usb2000");
    gint64 due = 0;
    simusb_unit_bulk_out(desk.unit, 0x02, (const guint8[]){0x01}, 1, desk.now_us, &due);
    pass_ms(&desk, 100);
    simusb_unit_bulk_out(desk.unit, 0x02, (const guint8[]){0x09}, 1, desk.now_us, &due);
    pass_ms(&desk, 10);
    g_assert_cmpint(read_pipe(&desk, 0x82, 4160), ==, 4097);
    for (gsize i = 0; i < 64; i++)
        g_assert_cmpint(desk.out[64 + i], <=, 0x0F);
    g_assert_cmpint(desk.out[4096], ==, 0x69);
    simusb_unit_free(desk.unit);
}

static void external_trigger_is_waited_for(void)
{
    Desk desk;
    desk_open(&desk, "usb2000plus");
    SEND(&desk, 0x01);
    pass_ms(&desk, 100);
    SEND(&desk, 0x0A, 3, 0);
    SEND(&desk, 0x09);
    pass_ms(&desk, 5000);
    g_assert_cmpint(read_pipe(&desk, 0x82, 4608), ==, -EINPROGRESS);
    set_property(&desk, "trigger", "1");
    pass_ms(&desk, 10);
    g_assert_cmpint(read_pipe(&desk, 0x82, 4608), ==, 4097);
    simusb_unit_free(desk.unit);
}

/* ---- Ocean Binary Protocol, against the bytes its documents print ---- */

static void messages_are_those_of_the_documents(void)
{
    static const guint8 reply[64] = {
        0xC1, 0xC0, 0x00, 0x11, 0x01, 0,    0,           0,           0x00, 0x01, 0,   0,    0,
        0,    0,    0,    0,    0,    0,    0,           0,           0,    0,    8,   0x51, 0x45,
        0x50, 0x30, 0x31, 0x32, 0x33, 0x34, [40] = 0x14, [60] = 0xC5, 0xC4, 0xC3, 0xC2};
    const SimObpMessage message = {
        .flags = SIMOBP_RESPONSE, .type = 0x100, .data = (const guint8 *)"QEP01234", .n = 8};
    g_autoptr(GByteArray) bytes = simobp_message_write(&message);
    g_assert_cmpuint(bytes->len, ==, sizeof reply);
    g_assert_true(memcmp(bytes->data, reply, sizeof reply) == 0);
}

static void torn_messages_are_refused(void)
{
    const SimObpMessage message = {.type = 0x100};
    SimObpMessage out;
    g_autoptr(GByteArray) bytes = simobp_message_write(&message);
    g_assert_cmpint(simobp_message_read(bytes->data, 64, &out), ==, SIMOBP_OK);
    g_assert_cmpint(simobp_message_read(bytes->data, 63, &out), ==, SIMOBP_PROTOCOL);
    bytes->data[40] = 21;
    g_assert_cmpint(simobp_message_read(bytes->data, 64, &out), ==, SIMOBP_LENGTH);
    bytes->data[40] = 20;
    bytes->data[22] = 1; /* promises an MD5 that is not there */
    g_assert_cmpint(simobp_message_read(bytes->data, 64, &out), ==, SIMOBP_CHECKSUM);
}

static void obp_ask(Desk *desk, guint32 type, guint16 flags, const guint8 *data, gsize n)
{
    const SimObpMessage message = {
        .type = type, .flags = flags, .regarding = 77, .data = data, .n = n};
    g_autoptr(GByteArray) bytes = simobp_message_write(&message);
    g_assert_cmpint(send_bytes(desk, bytes->data, bytes->len), ==, (int)bytes->len);
}

static void aborted_and_cleared_qepro_gives_a_fresh_frame(void)
{
    Desk desk;
    const guint8 normal = 0;
    desk_open(&desk, "qepro");
    pass_ms(&desk, 1000); /* a hundred old frames */
    obp_ask(&desk, 0x00100900, 0, NULL, 0);
    g_assert_cmpint(read_pipe(&desk, 0x81, 512), ==, 64);
    g_assert_cmpint(desk.out[24], ==, 100);
    g_assert_cmpint(desk.out[12], ==, 77);
    obp_ask(&desk, 0x00100000, 0, NULL, 0);
    obp_ask(&desk, 0x00110110, 0, &normal, 1);
    obp_ask(&desk, 0x00100830, 0, NULL, 0);
    obp_ask(&desk, 0x00100928, 0, NULL, 0);
    pass_ms(&desk, 9);
    g_assert_cmpint(read_pipe(&desk, 0x81, 4608), ==, -EINPROGRESS);
    pass_ms(&desk, 1);
    g_assert_cmpint(read_pipe(&desk, 0x81, 4608), ==, 4272);
    g_assert_cmpint(desk.out[40] | desk.out[41] << 8, ==, 4228);
    simusb_unit_free(desk.unit);
}

static void free_running_unit_answers_before_an_exposure_is_over(void)
{
    Desk desk;
    desk_open(&desk, "sts");
    pass_ms(&desk, 7); /* into the exposure of 10 ms that runs */
    obp_ask(&desk, 0x00101100, 0, NULL, 0);
    pass_ms(&desk, 3);
    g_assert_cmpint(read_pipe(&desk, 0x81, 2112), ==, 2112);
    simusb_unit_free(desk.unit);
}

static void integration_out_of_range_is_not_acknowledged(void)
{
    Desk desk;
    const guint8 us[4] = {1, 0, 0, 0};
    desk_open(&desk, "ventana");
    obp_ask(&desk, 0x00110010, SIMOBP_ACK_REQUESTED, us, 4);
    g_assert_cmpint(read_pipe(&desk, 0x82, 512), ==, 64);
    g_assert_cmpint(desk.out[4], ==, SIMOBP_RESPONSE | SIMOBP_NACK);
    g_assert_cmpint(desk.out[6], ==, SIMOBP_DATA);
    simusb_unit_free(desk.unit);
}

/* ---- faults, models, recordings ---- */

static SimUsbFault parsed(const char *text)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    SimUsbFault fault = {.id = 0};
    simusb_fault_parse(words, &fault, &error);
    g_assert_no_error(error);
    return fault;
}

static void fault_waits_for_its_turn(void)
{
    SimUsbFault fault = parsed("stall state=acquire nth=2 times=2");
    const SimUsbEvent other = {SIMUSB_STATUS, 0xD7, 0, TRUE};
    const SimUsbEvent acquire = {SIMUSB_ACQUIRE, 0xAD, 0, FALSE};
    g_assert_false(simusb_fault_strikes(&fault, &other, 0.0));
    g_assert_false(simusb_fault_strikes(&fault, &acquire, 0.0));
    g_assert_true(simusb_fault_strikes(&fault, &acquire, 0.0));
    g_assert_true(simusb_fault_strikes(&fault, &acquire, 0.0));
    g_assert_true(simusb_fault_is_spent(&fault));
    g_assert_false(simusb_fault_strikes(&fault, &acquire, 0.0));
}

static void fault_words_are_checked(void)
{
    static const char *const bad[] = {"melt",          "stall state=lunch", "stall nth=x",
                                      "late ms=-1",    "stall colour=3",    "stall ep",
                                      "stall dir=left"};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_auto(GStrv) words = g_strsplit(bad[i], " ", -1);
        SimUsbFault fault;
        g_assert_false(simusb_fault_parse(words, &fault, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    }
}

static void chance_of_one_in_a_hundred_is_about_that(void)
{
    Desk desk;
    desk_open(&desk, "wasatch-785");
    const SimUsbFault fault = parsed("stall state=laser-read times=always chance=0.01");
    simusb_board_arm(simusb_unit_board(desk.unit), &fault);
    guint stalls = 0;
    for (int i = 0; i < 10000; i++)
        stalls += control(&desk, GET, 0xE2, 0, 0, 1) == -EPIPE;
    g_assert_cmpuint(stalls, >, 60);
    g_assert_cmpuint(stalls, <, 150);
    simusb_unit_free(desk.unit);
}

static void arm(Desk *desk, const char *text)
{
    const SimUsbFault fault = parsed(text);
    simusb_board_arm(simusb_unit_board(desk->unit), &fault);
}

static void content_of_a_frame_is_spoiled_as_named(void)
{
    Desk desk;
    guint8 before[2048];
    desk_open(&desk, "wasatch-785");
    arm(&desk, "swap state=frame");
    g_assert_cmpint(fid_frame(&desk, 10), ==, 2048);
    g_assert_cmpuint(GUINT16_SWAP_LE_BE(pixel(&desk, 500)), >, 900);
    g_assert_cmpuint(GUINT16_SWAP_LE_BE(pixel(&desk, 500)), <, 1100);
    arm(&desk, "flat state=frame");
    g_assert_cmpint(fid_frame(&desk, 10), ==, 2048);
    for (gsize i = 1; i < 1024; i++)
        g_assert_cmpuint(pixel(&desk, i), ==, pixel(&desk, 0));
    memcpy(before, desk.out, sizeof before);
    arm(&desk, "stale");
    g_assert_cmpint(fid_frame(&desk, 10), ==, 2048);
    g_assert_true(memcmp(before, desk.out, sizeof before) != 0);
    memcpy(before, desk.out, sizeof before); /* what was sent before, not what arrived */
    g_assert_cmpint(read_pipe(&desk, 0x82, 2048), ==, 2048);
    g_assert_true(memcmp(before, desk.out, sizeof before) != 0);
    g_assert_cmpint(read_pipe(&desk, 0x82, 2048), ==, -EINPROGRESS);
    arm(&desk, "garbage state=frame");
    g_assert_cmpint(fid_frame(&desk, 10), ==, 2048);
    guint wild = 0;
    for (gsize i = 0; i < 1024; i++)
        wild += pixel(&desk, i) > 2000;
    g_assert_cmpuint(wild, >, 900);
    simusb_unit_free(desk.unit);
}

static void stalled_command_may_have_been_obeyed(void)
{
    Desk desk;
    desk_open(&desk, "wasatch-785");
    arm(&desk, "stall state=laser-on obeyed=1");
    g_assert_cmpint(control(&desk, SET, 0xBE, 1, 0, 0), ==, -EPIPE);
    g_assert_true(truth(&desk)->light);
    arm(&desk, "stall state=laser-off");
    g_assert_cmpint(control(&desk, SET, 0xBE, 0, 0, 0), ==, -EPIPE);
    g_assert_true(truth(&desk)->light);
    g_assert_cmpuint(truth(&desk)->disables, ==, 1);
    g_assert_cmpuint(truth(&desk)->disables_obeyed, ==, 0);
    simusb_unit_free(desk.unit);
}

static void slow_transfer_ends_later(void)
{
    Desk desk;
    const guint8 setup[8] = {GET, 0xE2, 0, 0, 0, 0, 1, 0};
    guint8 data[1];
    gint64 due = 0;
    desk_open(&desk, "wasatch-785");
    arm(&desk, "slow state=laser-read ms=70");
    g_assert_cmpint(simusb_unit_control(desk.unit, setup, data, 1, desk.now_us, &due), ==, 1);
    g_assert_cmpint(due - desk.now_us, ==, 70000);
    g_assert_cmpint(simusb_unit_control(desk.unit, setup, data, 1, desk.now_us, &due), ==, 1);
    g_assert_cmpint(due, ==, desk.now_us);
    simusb_unit_free(desk.unit);
}

static void stalled_pipe_stays_halted_until_it_is_cleared(void)
{
    Desk desk;
    desk_open(&desk, "wasatch-785");
    arm(&desk, "stall state=frame");
    g_assert_cmpint(fid_frame(&desk, 10), ==, -EPIPE);
    g_assert_cmpint(fid_frame(&desk, 10), ==, -EPIPE);
    simusb_board_clear_halt(simusb_unit_board(desk.unit), 0x82);
    g_assert_cmpint(read_pipe(&desk, 0x82, 2048), ==, 2048);
    simusb_unit_free(desk.unit);
}

static void packet_that_does_not_fit_is_an_overflow(void)
{
    Desk desk;
    desk_open(&desk, "qepro");
    obp_ask(&desk, 0x00000E11, 0, NULL, 0);
    g_assert_cmpint(read_pipe(&desk, 0x81, 64), ==, -EOVERFLOW);
    simusb_unit_free(desk.unit);
}

static void every_model_can_be_made_and_broken(void)
{
    gsize n = 0;
    const SimUsbModel *models = simusb_models(&n);
    g_assert_cmpuint(n, >, 15);
    for (gsize i = 0; i < n; i++) {
        Desk desk;
        desk_open(&desk, models[i].id);
        set_property(&desk, "eeprom", "nan");
        set_property(&desk, "eeprom", "all-ff");
        set_property(&desk, "sample", "calcite");
        simusb_unit_plugged(desk.unit, FALSE, desk.now_us);
        simusb_unit_plugged(desk.unit, TRUE, desk.now_us);
        pass_ms(&desk, 1000);
        simusb_unit_free(desk.unit);
    }
}

static void recorded_unit_gives_its_frames(void)
{
    g_autofree char *folder =
        g_build_filename(g_getenv("CELADON_SHARED"), "protocols", "fixtures", NULL);
    g_autofree char *path = g_build_filename(folder, "wp-00887-dark-25ms.u16le", NULL);
    g_autofree char *file = NULL;
    gsize size = 0;
    g_autoptr(GError) error = NULL;
    if (!g_file_get_contents(path, &file, &size, NULL)) {
        g_test_skip("the recordings are not here");
        return;
    }
    Desk desk = {.now_us = 1000000};
    desk.unit = simusb_unit_new("wasatch-785", folder, "wp-00887", desk.now_us, &error);
    g_assert_no_error(error);
    control(&desk, GET, 0xFF, 0x01, 0, 64);
    g_assert_cmpstr((const char *)desk.out + 16, ==, "WP-00887");
    control(&desk, SET, 0xB2, 25, 0, 0);
    fid_frame(&desk, 25);
    g_assert_cmpint(fid_frame(&desk, 25), ==, 2048);
    guint differences = 0;
    for (gsize i = 0; i < size; i++)
        differences += desk.out[i] != (guint8)file[i];
    g_assert_cmpuint(differences, ==, 1);
    simusb_unit_free(desk.unit);
}

static void truth_sums_the_light_of_a_window(void)
{
    static SimUsbTruth record;
    simusb_truth_light(&record, TRUE, 100);
    simusb_truth_light(&record, FALSE, 300);
    simusb_truth_light(&record, TRUE, 1000);
    g_assert_cmpint(simusb_truth_on_us(&record, 0, 5000), ==, 4200);
    g_assert_cmpint(simusb_truth_on_us(&record, 200, 1100), ==, 200);
    g_assert_cmpint(simusb_truth_on_us(&record, 300, 1000), ==, 0);
    g_autofree char *text = simusb_truth_edges_text(&record);
    g_assert_cmpstr(text, ==, "1@100 0@300 1@1000");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(area, name) g_test_add_func("/simusb-models/" area "/" #name, name)
    TEST("memory", first_page_is_that_of_a_real_unit);
    TEST("memory", fourth_page_is_that_of_a_real_unit);
    TEST("memory", older_formats_keep_fields_elsewhere);
    TEST("memory", every_damage_changes_the_memory);
    TEST("fid", first_frame_after_a_change_is_of_the_old_setting);
    TEST("fid", two_acquires_give_two_frames_one_after_the_other);
    TEST("fid", sleeping_sensor_of_the_arm_board_takes_eight_exposures);
    TEST("fid", forty_bit_value_without_data_hangs_the_older_board);
    TEST("fid", full_power_is_what_no_modulation_means);
    TEST("fid", imaging_mode_and_bootloader_are_noted_as_forbidden);
    TEST("fid", detector_cools_to_its_set_point);
    TEST("fid", watchdog_speaks_the_order_it_is_told);
    TEST("fid", board_with_its_own_supply_stays_lit_without_a_cable);
    TEST("fid", stuck_laser_can_lie);
    TEST("fid", fid_frame_shows_cyclohexane_where_its_memory_says);
    TEST("fid", pooled_noise_comes_round_after_sixteen_frames);
    TEST("ooi", commands_before_the_unit_is_ready_are_lost);
    TEST("ooi", saturation_stands_where_each_model_has_it);
    TEST("ooi", qe65000_counts_its_pixels_from_minus_ten);
    TEST("ooi", old_usb2000_gives_low_and_high_bytes_in_blocks);
    TEST("ooi", external_trigger_is_waited_for);
    TEST("obp", messages_are_those_of_the_documents);
    TEST("obp", torn_messages_are_refused);
    TEST("obp", aborted_and_cleared_qepro_gives_a_fresh_frame);
    TEST("obp", free_running_unit_answers_before_an_exposure_is_over);
    TEST("obp", integration_out_of_range_is_not_acknowledged);
    TEST("faults", fault_waits_for_its_turn);
    TEST("faults", fault_words_are_checked);
    TEST("faults", chance_of_one_in_a_hundred_is_about_that);
    TEST("faults", content_of_a_frame_is_spoiled_as_named);
    TEST("faults", stalled_command_may_have_been_obeyed);
    TEST("faults", slow_transfer_ends_later);
    TEST("faults", stalled_pipe_stays_halted_until_it_is_cleared);
    TEST("faults", packet_that_does_not_fit_is_an_overflow);
    TEST("models", every_model_can_be_made_and_broken);
    TEST("models", recorded_unit_gives_its_frames);
    TEST("models", truth_sums_the_light_of_a_window);
#undef TEST
    return g_test_run();
}
