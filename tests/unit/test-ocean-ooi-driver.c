/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ocean-unit.h"

#include "ocean/ocean-models.h"

#include <math.h>

/* The driver against a unit of the older protocol on the bus in memory. */

enum { USB4000 = 0x1022, QE65000 = 0x1018, USB2000 = 0x1002, USB2000_PLUS = 0x101E, JAZ = 0x2000 };
enum { MAX_PIXELS = 4096 };

/* Transfers of a USB4000's first exposure with new settings: three endpoints are swept between. */
enum { SET_TIME = 1, QUESTION = 5, FIRST_PART = 6, REST = 7 };

typedef struct {
    Unit unit; /* first */
    const CelOceanModel *model;
    char slot[20][15];
    guint16 fpga;
    gboolean runs_freely; /* answers with the frame that is under way */
    gint64 runs_since_us;
    guint n_lost;        /* so many frames never come */
    guint n_stale_slots; /* so many slot answers are those of another slot */
    gboolean no_sync;
    gboolean gate_is_lost; /* light is commanded and does not come */
    gsize n_cut_first;     /* bytes that are missing from the first part of a split one */
    gsize n_cut;           /* bytes that are missing from a frame */
    gsize n_more;          /* bytes that are too many */
    guint16 level;         /* counts of pixel 0, as on the wire */
} Ooi;

static guint8 spectra_endpoint(const Ooi *ooi)
{
    const CelOceanEndpoints *e = ooi->model->endpoints;
    return ooi->unit.full_speed && e->has_speeds ? e->in : e->spectra;
}

/* Pixel i holds level + i, flipped as the model does. */
static guint8 *make_frame(const Ooi *ooi, gsize *out_n)
{
    *out_n = cel_ocean_frame_bytes(ooi->model);
    guint8 *bytes = g_malloc0(*out_n + ooi->n_more);
    for (gsize i = 0; i < ooi->model->n_sent; i++) {
        const guint16 wire = (guint16)((ooi->level + i) ^ ooi->model->flip);
        bytes[2 * i] = (guint8)wire;
        bytes[2 * i + 1] = (guint8)(wire >> 8);
    }
    if (!ooi->model->no_sync)
        bytes[*out_n - 1] = ooi->no_sync ? 0x00 : 0x69;
    *out_n += ooi->n_more;
    *out_n -= ooi->n_cut;
    return bytes;
}

static gint64 frame_due_us(Ooi *ooi)
{
    const gint64 time_us = ooi->unit.integration_us,
                 late_us = (gint64)(ooi->unit.frame_late_ms * 1e3);
    if (!ooi->runs_freely)
        return ooi->unit.now_us + time_us + late_us;
    const gint64 n_done = (ooi->unit.now_us - ooi->runs_since_us) / time_us;
    return ooi->runs_since_us + (n_done + 1) * time_us;
}

static void send_frame(Ooi *ooi)
{
    gsize n = 0, first = 0;
    g_autofree guint8 *bytes = make_frame(ooi, &n);
    const gint64 due_us = frame_due_us(ooi);
    ooi->unit.n_frames++;
    if (ooi->n_lost > 0) {
        ooi->n_lost--;
        return;
    }
    if (ooi->model->is_split && !ooi->unit.full_speed) {
        first = 2048;
        unit_send(&ooi->unit, 0x86, bytes, first - ooi->n_cut_first, due_us);
    }
    unit_send(&ooi->unit, spectra_endpoint(ooi), bytes + first, n - first, due_us);
}

static void send_slot(Ooi *ooi, guint8 slot)
{
    guint8 answer[17] = {0x05, slot};
    if (ooi->n_stale_slots > 0) {
        ooi->n_stale_slots--;
        answer[1] = (guint8)(slot + 1);
    }
    memcpy(answer + 2, ooi->slot[slot], 15);
    unit_send(&ooi->unit, ooi->model->endpoints->in, answer, sizeof answer, 0);
}

static void send_status(Ooi *ooi)
{
    guint8 answer[16] = {[6] = ooi->unit.gate ? 1 : 0, [14] = ooi->unit.full_speed ? 0x00 : 0x80};
    unit_send(&ooi->unit, ooi->model->endpoints->in, answer, sizeof answer, 0);
}

static void take_command(Unit *unit, const guint8 *b, gsize n)
{
    Ooi *ooi = (Ooi *)unit;
    const guint8 in = ooi->model->endpoints->in;
    g_assert_cmpuint(n, >, 0);
    if (b[0] == 0x02) {
        const guint32 units =
            (guint32)b[1] | (guint32)b[2] << 8 | (guint32)b[3] << 16 | (guint32)b[4] << 24;
        unit->integration_us = units * ooi->model->unit_us;
        ooi->runs_since_us = unit->now_us;
    } else if (b[0] == 0x03) {
        unit->gate = b[1] != 0 && !ooi->gate_is_lost;
    } else if (b[0] == 0x05) {
        send_slot(ooi, b[1]);
    } else if (b[0] == 0x09) {
        send_frame(ooi);
    } else if (b[0] == 0x6B) {
        const guint8 answer[] = {b[1], (guint8)ooi->fpga, (guint8)(ooi->fpga >> 8)};
        unit_send(unit, in, answer, sizeof answer, 0);
    } else if (b[0] == 0x72) {
        unit_send(unit, in, "\x9c\xff", 2, 0);
    } else if (b[0] == 0xFE) {
        send_status(ooi);
    }
}

static void put_slot(Ooi *ooi, guint slot, const char *text)
{
    memset(ooi->slot[slot], 0, 15);
    memcpy(ooi->slot[slot], text, strlen(text));
}

static void ooi_init_at(Ooi *ooi, guint16 product, gboolean full_speed)
{
    static const char *const stored[] = {"USB4C01234", "7.851e+02", "2.0e-01", "-1,5e-06", "1e-10"};
    *ooi = (Ooi){.model = cel_ocean_model(0x2457, product), .fpga = 0x2123, .level = 100};
    unit_init(&ooi->unit, product, full_speed);
    ooi->unit.command = take_command;
    for (guint i = 0; i < G_N_ELEMENTS(stored); i++)
        put_slot(ooi, i, stored[i]);
    for (guint i = 6; i <= 13; i++)
        put_slot(ooi, i, i == 6 ? "1.0" : "-1.5e-7");
    put_slot(ooi, 14, "7");
}

static void ooi_init(Ooi *ooi, guint16 product)
{
    ooi_init_at(ooi, product, FALSE);
}

static void ooi_clear(Ooi *ooi)
{
    unit_clear(&ooi->unit);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Ooi, ooi_clear)

static void expose(Ooi *ooi, double ms, double *out_counts)
{
    g_autoptr(GError) error = NULL;
    unit_expose(&ooi->unit, ms, out_counts, NULL, &error);
    g_assert_no_error(error);
}

static void expose_fails(Ooi *ooi, double ms)
{
    double counts[MAX_PIXELS];
    g_autoptr(GError) error = NULL;
    g_assert_false(unit_expose(&ooi->unit, ms, counts, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
}

/* ---- opening ---- */

static void a_unit_is_initialised_first_and_set_to_normal_trigger(void)
{
    g_auto(Ooi) ooi;
    ooi_init(&ooi, USB4000);
    unit_open(&ooi.unit);
    g_assert_true(g_str_has_prefix(ooi.unit.log->str, "01\n0a0000\n0500\n0501\n0502\n"));
}

static void halts_of_all_endpoints_are_cleared_at_open(void)
{
    g_auto(Ooi) ooi;
    ooi_init(&ooi, USB4000);
    unit_open(&ooi.unit);
    g_autofree char *log = fake_bus_take_log(ooi.unit.bus);
    g_assert_true(g_str_has_prefix(log, "open\nclear 01\nclear 81\nclear 82\nclear 86\nbulk 01"));
}

static void the_unit_says_who_it_is(void)
{
    g_auto(Ooi) ooi;
    CelInstrument instrument;
    CelCalibration calibration;
    ooi_init(&ooi, USB4000);
    unit_open(&ooi.unit);
    cel_driver_ocean.describe(ooi.unit.session, &instrument, &calibration);
    g_assert_cmpstr(instrument.serial, ==, "USB4C01234");
    g_assert_cmpstr(instrument.firmware, ==, "FPGA 2.18.3");
    g_assert_cmpuint(instrument.saturation_counts, ==, 65535);
    g_assert_false(instrument.simulated);
    g_assert_cmpuint(calibration.n_coefficients, ==, 4);
    g_assert_cmpfloat_with_epsilon(calibration.coefficients[0], 785.1, 1e-9);
    g_assert_cmpfloat_with_epsilon(calibration.coefficients[2], -1.5e-6, 1e-18);
    g_assert_cmpint((int)calibration.medium, ==, CEL_UNIT_NM_UNSTATED);
    g_assert_cmpfloat_with_epsilon(calibration.laser_nm, 0.0, 1e-12); /* no shift axis */
}

static void a_serial_number_of_the_simulator_marks_the_unit(void)
{
    g_auto(Ooi) ooi;
    CelInstrument instrument;
    CelCalibration calibration;
    ooi_init(&ooi, USB4000);
    put_slot(&ooi, 0, "CELADON-SIM-001");
    unit_open(&ooi.unit);
    cel_driver_ocean.describe(ooi.unit.session, &instrument, &calibration);
    g_assert_true(instrument.simulated);
}

static void a_unit_without_a_serial_number_is_refused(void)
{
    static const char *const bad[] = {"", "\xff\xff\xff\xff", "ab", "AB\001CDEF", "A@B$C%"};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_auto(Ooi) ooi;
        g_autoptr(GError) error = NULL;
        ooi_init(&ooi, USB4000);
        put_slot(&ooi, 0, bad[i]);
        g_assert_false(unit_try_open(&ooi.unit, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
    }
}

static void the_wavelengths_of_a_qe65000_start_at_index_minus_ten(void)
{
    g_auto(Ooi) ooi;
    CelInstrument instrument;
    CelCalibration c;
    ooi_init(&ooi, QE65000);
    unit_open(&ooi.unit);
    cel_driver_ocean.describe(ooi.unit.session, &instrument, &c);
    for (int pixel = 0; pixel < 1044; pixel += 149) {
        const double i = pixel - 10, p = pixel;
        const double expected = 785.1 + 0.2 * i - 1.5e-6 * i * i + 1e-10 * i * i * i;
        const double nm = c.coefficients[0] + c.coefficients[1] * p + c.coefficients[2] * p * p +
                          c.coefficients[3] * p * p * p;
        g_assert_cmpfloat_with_epsilon(nm, expected, 1e-9);
    }
}

static void a_stored_wavelength_that_is_no_number_is_passed_on_as_none(void)
{
    g_auto(Ooi) ooi;
    CelInstrument instrument;
    CelCalibration calibration;
    ooi_init(&ooi, USB4000);
    put_slot(&ooi, 2, "nan");
    unit_open(&ooi.unit);
    cel_driver_ocean.describe(ooi.unit.session, &instrument, &calibration);
    g_assert_true(isnan(calibration.coefficients[1]));
    g_autoptr(CelAxis) axis = cel_calibration_axis(&calibration, 3840, NULL);
    g_assert_null(axis);
}

static void a_flame_s_is_told_by_its_fpga(void)
{
    CelInstrument instrument;
    CelCalibration calibration;
    for (guint16 major = 2; major <= 4; major++) {
        g_auto(Ooi) ooi;
        ooi_init(&ooi, USB2000_PLUS);
        ooi.fpga = (guint16)(major << 12);
        unit_open(&ooi.unit);
        cel_driver_ocean.describe(ooi.unit.session, &instrument, &calibration);
        g_assert_cmpstr(instrument.model, ==, major >= 3 ? "Flame-S" : "USB2000+");
    }
}

static void stale_slot_answers_are_asked_for_again(void)
{
    g_auto(Ooi) ooi;
    g_autoptr(GError) error = NULL;
    ooi_init(&ooi, USB4000);
    ooi.n_stale_slots = 2;
    unit_open(&ooi.unit);
    unit_close(&ooi.unit);
    ooi.n_stale_slots = 3;
    g_assert_false(unit_try_open(&ooi.unit, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
}

static void what_was_left_in_the_pipes_is_thrown_away(void)
{
    g_auto(Ooi) ooi;
    guint8 old[2561] = {0};
    double counts[MAX_PIXELS];
    ooi_init(&ooi, QE65000);
    unit_send(&ooi.unit, 0x82, old, sizeof old, 0);
    unit_send(&ooi.unit, 0x81, "\x05\x07old answer....", 17, 0);
    unit_open(&ooi.unit);
    expose(&ooi, 100, counts);
    g_assert_cmpfloat_with_epsilon(counts[3], 103.0, 1e-12);
}

static void a_mute_unit_is_reset_once(void)
{
    g_auto(Ooi) ooi;
    ooi_init(&ooi, USB4000);
    ooi.unit.n_mute = 4; /* three flushes, then the first slot */
    unit_open(&ooi.unit);
    g_autofree char *log = fake_bus_take_log(ooi.unit.bus);
    const char *reset = strstr(log, "reset\n");
    g_assert_nonnull(reset);
    g_assert_null(strstr(reset + 1, "reset\n"));
}

static void a_unit_that_stays_mute_is_an_error(void)
{
    g_auto(Ooi) ooi;
    g_autoptr(GError) error = NULL;
    ooi_init(&ooi, USB4000);
    ooi.unit.n_mute = 1000;
    g_assert_false(unit_try_open(&ooi.unit, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
}

static void a_unit_that_falls_silent_later_is_not_reset(void)
{
    g_auto(Ooi) ooi;
    g_autoptr(GError) error = NULL;
    ooi_init(&ooi, USB4000);
    fake_bus_fail(ooi.unit.bus, 10, 1000, CEL_TRANSPORT_ERROR_TIMEOUT);
    g_assert_false(unit_try_open(&ooi.unit, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
    g_autofree char *log = fake_bus_take_log(ooi.unit.bus);
    g_assert_null(strstr(log, "reset\n"));
}

static void every_transfer_of_opening_may_fail(void)
{
    static const CelTransportError codes[] = {CEL_TRANSPORT_ERROR_STALL, CEL_TRANSPORT_ERROR_GONE,
                                              CEL_TRANSPORT_ERROR_IO, CEL_TRANSPORT_ERROR_OVERFLOW,
                                              CEL_TRANSPORT_ERROR_TIMEOUT};
    for (guint nth = 1; nth < 60; nth++) {
        for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
            g_auto(Ooi) ooi;
            g_autoptr(GError) error = NULL;
            ooi_init(&ooi, USB4000);
            unit_set(&ooi.unit, "laser_gate=strobe");
            fake_bus_fail(ooi.unit.bus, nth, 1000, codes[i]);
            if (!unit_try_open(&ooi.unit, &error))
                g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
        }
    }
}

static void a_unit_is_reset_when_it_is_closed(void)
{
    g_auto(Ooi) ooi;
    ooi_init(&ooi, USB4000);
    unit_set(&ooi.unit, "laser_gate=strobe");
    unit_open(&ooi.unit);
    unit_forget(&ooi.unit);
    unit_close(&ooi.unit);
    g_autofree char *log = fake_bus_take_log(ooi.unit.bus);
    g_assert_cmpstr(log, ==, "bulk 01 n 3\nreset\nclose\n");
    g_assert_cmpstr(ooi.unit.log->str, ==, "030000\n");
}

/* ---- what it can do ---- */

static void capabilities_come_from_the_unit_and_its_model(void)
{
    g_auto(Ooi) ooi;
    CelCapabilities c;
    ooi_init(&ooi, QE65000);
    unit_open(&ooi.unit);
    cel_driver_ocean.capabilities(ooi.unit.session, &c);
    g_assert_cmpint((int)c.laser, ==, CEL_LASER_EXTERNAL);
    g_assert_cmpuint(c.n_nonlinearity, ==, 8);
    g_assert_cmpfloat_with_epsilon(c.nonlinearity[0], 1.0, 1e-12);
    g_assert_cmpfloat_with_epsilon(c.nonlinearity[7], -1.5e-7, 1e-18);
    g_assert_cmpuint(c.n_dark_ranges, ==, 2);
    g_assert_cmpuint(c.dark_pixels[1][0], ==, 1040);
    g_assert_cmpuint(c.watchdog_max_s, ==, 0);
    g_assert_cmpuint(cel_driver_ocean.n_pixels(ooi.unit.session), ==, 1044);
}

static void the_record_says_what_was_done_to_the_counts(void)
{
    g_auto(Ooi) ooi;
    double counts[MAX_PIXELS];
    ooi_init(&ooi, 0x102A);
    memcpy(ooi.slot[17], "\x40\x9c", 2); /* 40000 */
    put_slot(&ooi, 14, "nan");
    unit_open(&ooi.unit);
    ooi.n_cut = 1;
    expose_fails(&ooi, 50);
    ooi.n_cut = 0;
    expose(&ooi, 50, counts);
    const GPtrArray *notes = cel_driver_ocean.notes(ooi.unit.session);
    g_assert_cmpuint(notes->len, ==, 4);
    g_assert_cmpstr(notes->pdata[0], ==,
                    "counts multiplied by 1.6: full detector at 64000 (slot 17)");
    g_assert_cmpstr(notes->pdata[1], ==, "236 padding pixels at the end of each frame left out");
    g_assert_cmpstr(notes->pdata[2], ==, "no usable non-linearity stored");
    g_assert_cmpstr(notes->pdata[3], ==, "1 exchanges failed since it was opened");
}

static void times_are_steps_of_the_models_unit(void)
{
    g_auto(Ooi) micro, milli;
    CelCapabilities c;
    ooi_init(&micro, USB4000);
    ooi_init(&milli, QE65000);
    unit_open(&micro.unit);
    unit_open(&milli.unit);
    cel_driver_ocean.capabilities(micro.unit.session, &c);
    g_assert_cmpfloat_with_epsilon(c.integration_step_ms, 0.001, 1e-12);
    cel_driver_ocean.capabilities(milli.unit.session, &c);
    g_assert_cmpfloat_with_epsilon(c.integration_step_ms, 1.0, 1e-12);
}

static void a_nonlinearity_that_is_not_stored_whole_is_not_known(void)
{
    static const struct {
        guint slot;
        const char *text;
    } bad[] = {{9, "nan"}, {14, "8"}, {14, "-1"}, {14, ""}};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_auto(Ooi) ooi;
        CelCapabilities c;
        ooi_init(&ooi, USB4000);
        put_slot(&ooi, bad[i].slot, bad[i].text);
        unit_open(&ooi.unit);
        cel_driver_ocean.capabilities(ooi.unit.session, &c);
        g_assert_cmpuint(c.n_nonlinearity, ==, 0);
    }
}

static void only_cooled_models_tell_a_temperature(void)
{
    g_auto(Ooi) cooled, uncooled;
    double celsius = 0.0;
    ooi_init(&cooled, QE65000);
    ooi_init(&uncooled, USB4000);
    unit_open(&cooled.unit);
    unit_open(&uncooled.unit);
    g_assert_true(cel_driver_ocean.temperature(cooled.unit.session, NULL, &celsius));
    g_assert_cmpfloat_with_epsilon(celsius, -10.0, 1e-12);
    g_assert_false(cel_driver_ocean.temperature(uncooled.unit.session, NULL, &celsius));
}

/* ---- exposure ---- */

static void check_frame(guint16 product, gboolean full_speed)
{
    g_auto(Ooi) ooi;
    double counts[MAX_PIXELS];
    ooi_init_at(&ooi, product, full_speed);
    unit_open(&ooi.unit);
    expose(&ooi, 20, counts);
    for (gsize i = 0; i < ooi.model->n_pixels; i++)
        g_assert_cmpfloat_with_epsilon(counts[i], 100.0 + (double)i, 1e-9);
}

static void frames_come_whole_split_or_at_full_speed(void)
{
    check_frame(QE65000, FALSE);
    check_frame(QE65000, TRUE);
    check_frame(USB4000, FALSE);
    check_frame(USB4000, TRUE);
    check_frame(JAZ, FALSE);
    check_frame(JAZ, TRUE);
    check_frame(0x1012, FALSE);
    check_frame(0x102A, FALSE);
}

static void the_integration_time_is_sent_in_the_models_unit_and_once(void)
{
    g_auto(Ooi) micro, milli;
    double counts[MAX_PIXELS];
    ooi_init(&micro, USB4000);
    ooi_init(&milli, QE65000);
    unit_open(&micro.unit);
    unit_open(&milli.unit);
    unit_forget(&micro.unit);
    unit_forget(&milli.unit);
    expose(&micro, 1000, counts);
    expose(&micro, 1000, counts);
    expose(&milli, 1000, counts);
    g_assert_cmpstr(micro.unit.log->str, ==, "0240420f00\n09\n09\n");
    g_assert_cmpstr(milli.unit.log->str, ==, "02e8030000\n09\n");
}

static void a_time_that_may_or_may_not_have_been_taken_is_sent_again(void)
{
    g_auto(Ooi) ooi;
    double counts[MAX_PIXELS];
    ooi_init(&ooi, USB4000);
    unit_open(&ooi.unit);
    expose(&ooi, 50, counts);
    fake_bus_fail(ooi.unit.bus, SET_TIME, 1, CEL_TRANSPORT_ERROR_TIMEOUT);
    expose_fails(&ooi, 80);
    unit_forget(&ooi.unit);
    expose(&ooi, 50, counts);
    g_assert_cmpstr(ooi.unit.log->str, ==, "0250c30000\n09\n");
}

static void times_outside_of_the_range_are_refused_without_a_word_to_the_unit(void)
{
    static const double bad[] = {0.0, -1.0, 7.99, 1600001.0, (double)NAN, (double)INFINITY};
    g_auto(Ooi) ooi;
    ooi_init(&ooi, QE65000);
    unit_open(&ooi.unit);
    unit_forget(&ooi.unit);
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
        expose_fails(&ooi, bad[i]);
    g_assert_cmpstr(ooi.unit.log->str, ==, "");
}

/* Returns: how many frames the unit sent for one exposure, 40 ms into one of its own. */
static guint frames_for_one(Ooi *ooi, gboolean after_a_change)
{
    double counts[MAX_PIXELS];
    ooi->runs_freely = TRUE;
    unit_open(&ooi->unit);
    expose(ooi, 100, counts);
    expose(ooi, 100, counts);
    if (after_a_change)
        cel_driver_ocean.laser_off(ooi->unit.session, NULL);
    fake_bus_advance(ooi->unit.bus, 40);
    const guint before = ooi->unit.n_frames;
    expose(ooi, 100, counts);
    return ooi->unit.n_frames - before;
}

static void a_frame_that_began_before_a_change_is_thrown_away(void)
{
    g_auto(Ooi) ooi;
    ooi_init(&ooi, USB4000);
    g_assert_cmpuint(frames_for_one(&ooi, TRUE), ==, 2);
}

static void in_a_series_frames_may_follow_each_other(void)
{
    g_auto(Ooi) ooi;
    ooi_init(&ooi, USB4000);
    g_assert_cmpuint(frames_for_one(&ooi, FALSE), ==, 1);
}

static void what_lies_ready_before_a_change_is_swept_away(void)
{
    g_auto(Ooi) ooi;
    guint8 old[2561] = {[2560] = 0x69};
    double counts[MAX_PIXELS];
    ooi_init(&ooi, QE65000);
    unit_open(&ooi.unit);
    expose(&ooi, 8, counts);
    cel_driver_ocean.laser_off(ooi.unit.session, NULL);
    unit_send(&ooi.unit, 0x82, old, sizeof old, 0);
    ooi.level = 700;
    expose(&ooi, 8, counts);
    g_assert_cmpfloat_with_epsilon(counts[0], 700.0, 1e-9);
}

static void a_unit_that_always_answers_too_soon_is_an_error(void)
{
    g_auto(Ooi) ooi;
    ooi_init(&ooi, USB4000);
    ooi.unit.frame_late_ms = -99;
    unit_open(&ooi.unit);
    expose_fails(&ooi, 100);
}

static void a_frame_may_be_late_by_the_exposure_that_was_under_way(void)
{
    g_auto(Ooi) ooi;
    double counts[MAX_PIXELS];
    ooi_init(&ooi, QE65000);
    unit_open(&ooi.unit);
    expose(&ooi, 5000, counts);
    ooi.unit.frame_late_ms = 5000; /* of the old setting */
    expose(&ooi, 10, counts);
    ooi.unit.frame_late_ms = 2500;
    expose_fails(&ooi, 10); /* the old setting is over */
}

static void broken_frames_are_errors_and_the_next_one_is_right(void)
{
    double counts[MAX_PIXELS];
    for (int fault = 0; fault < 5; fault++) {
        g_auto(Ooi) ooi;
        g_autoptr(GError) error = NULL;
        ooi_init(&ooi, USB4000);
        unit_open(&ooi.unit);
        ooi.no_sync = fault == 0;
        ooi.n_cut = fault == 1 ? 1 : fault == 2 ? 3000 : 0;
        ooi.n_more = fault == 3 ? 600 : 0;
        ooi.n_cut_first = fault == 4 ? 100 : 0;
        expose_fails(&ooi, 20);
        ooi.no_sync = FALSE;
        ooi.n_cut = ooi.n_more = ooi.n_cut_first = 0;
        ooi.level = 500;
        g_assert_true(cel_driver_ocean.drain(ooi.unit.session, NULL, &error));
        expose(&ooi, 20, counts);
        g_assert_cmpfloat_with_epsilon(counts[0], 500.0, 1e-9);
    }
}

static void a_frame_that_never_comes_is_waited_for_no_longer_than_its_deadline(void)
{
    g_auto(Ooi) ooi;
    double counts[MAX_PIXELS];
    ooi_init(&ooi, USB4000);
    unit_open(&ooi.unit);
    expose(&ooi, 50, counts);
    ooi.n_lost = 1;
    const gint64 before_us = ooi.unit.now_us;
    expose_fails(&ooi, 50);
    fake_bus_advance(ooi.unit.bus, 0);
    unit_forget(&ooi.unit);
    expose(&ooi, 50, counts);
    g_assert_cmpint((ooi.unit.now_us - before_us) / 1000, <, 4000);
    g_assert_true(g_str_has_prefix(ooi.unit.log->str, "01\n0a0000\n0250c30000\n09\n"));
}

static void a_unit_that_hangs_twice_in_a_row_is_reset(void)
{
    g_auto(Ooi) ooi;
    double counts[MAX_PIXELS];
    ooi_init(&ooi, USB4000);
    unit_open(&ooi.unit);
    ooi.n_lost = 2;
    unit_forget(&ooi.unit);
    expose_fails(&ooi, 50);
    expose_fails(&ooi, 50);
    expose(&ooi, 50, counts);
    g_autofree char *log = fake_bus_take_log(ooi.unit.bus);
    g_assert_nonnull(strstr(log, "reset\n"));
}

static void a_late_frame_is_thrown_away_before_the_next(void)
{
    g_auto(Ooi) ooi;
    double counts[MAX_PIXELS];
    g_autoptr(GError) error = NULL;
    ooi_init(&ooi, USB4000);
    unit_open(&ooi.unit);
    fake_bus_fail(ooi.unit.bus, FIRST_PART, 1, CEL_TRANSPORT_ERROR_CANCELLED);
    g_assert_false(unit_expose(&ooi.unit, 50, counts, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
    ooi.level = 900;
    expose(&ooi, 50, counts); /* drains by itself */
    g_assert_cmpfloat_with_epsilon(counts[0], 900.0, 1e-9);
}

static void a_stalled_endpoint_is_cleared_before_the_next_frame(void)
{
    g_auto(Ooi) ooi;
    double counts[MAX_PIXELS];
    ooi_init(&ooi, USB4000);
    unit_open(&ooi.unit);
    fake_bus_fail(ooi.unit.bus, FIRST_PART, 1, CEL_TRANSPORT_ERROR_STALL);
    expose_fails(&ooi, 50);
    unit_forget(&ooi.unit);
    expose(&ooi, 50, counts);
    g_autofree char *log = fake_bus_take_log(ooi.unit.bus);
    g_assert_true(g_str_has_prefix(log, "clear 01\nclear 81\nclear 82\nclear 86\n"));
}

static void an_unplugged_unit_is_gone_for_good(void)
{
    g_auto(Ooi) ooi;
    ooi_init(&ooi, USB4000);
    unit_set(&ooi.unit, "laser_gate=strobe");
    unit_open(&ooi.unit);
    g_assert_false(cel_driver_ocean.is_gone(ooi.unit.session));
    fake_bus_unplug(ooi.unit.bus, ooi.unit.info.usb.address);
    expose_fails(&ooi, 50);
    g_assert_true(cel_driver_ocean.is_gone(ooi.unit.session));
    g_assert_cmpint((int)cel_driver_ocean.laser(ooi.unit.session), ==, CEL_LASER_UNKNOWN);
    const guint before = fake_bus_n_transfers(ooi.unit.bus);
    expose_fails(&ooi, 50);
    g_assert_cmpint((int)cel_driver_ocean.laser_off(ooi.unit.session, NULL), ==, CEL_LASER_UNKNOWN);
    g_assert_cmpuint(fake_bus_n_transfers(ooi.unit.bus), ==, before);
}

/* ---- laser ---- */

static void without_a_gate_the_laser_is_external_and_never_off(void)
{
    g_auto(Ooi) ooi;
    g_autoptr(GError) error = NULL;
    CelLaserGate gate;
    ooi_init(&ooi, USB4000);
    unit_open(&ooi.unit);
    const CelDriver *d = &cel_driver_ocean;
    g_assert_cmpint((int)d->laser(ooi.unit.session), ==, CEL_LASER_UNKNOWN);
    g_assert_cmpint((int)d->laser_off(ooi.unit.session, NULL), ==, CEL_LASER_UNKNOWN);
    g_assert_false(d->laser_arm(ooi.unit.session, &(CelLaserRequest){0}, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
    g_assert_false(d->laser_on(ooi.unit.session, NULL, NULL));
    d->laser_gate(ooi.unit.session, &gate);
    g_assert_cmpuint(gate.n, ==, 0);
    g_assert_null(strstr(ooi.unit.log->str, "\n03"));
}

static void the_gate_switches_the_laser_and_off_is_only_commanded(void)
{
    g_auto(Ooi) ooi;
    g_autoptr(GError) error = NULL;
    CelLaserGate gate;
    CelCapabilities c;
    ooi_init(&ooi, USB4000);
    ooi.unit.gate = TRUE; /* left on by another program */
    unit_set(&ooi.unit, "laser_gate=strobe,laser_nm=785,laser_mw=80,laser_class=3B,eyewear_od=6,"
                        "laser_delay_ms=500,laser_warmup_ms=2000");
    unit_open(&ooi.unit);
    const CelDriver *d = &cel_driver_ocean;
    CelSession *s = ooi.unit.session;
    g_assert_true(g_str_has_prefix(ooi.unit.log->str, "030000\n01\n"));
    g_assert_false(ooi.unit.gate);
    d->capabilities(s, &c);
    g_assert_cmpint((int)c.laser, ==, CEL_LASER_BUILT_IN);
    g_assert_cmpstr(c.laser_class, ==, "3B");
    g_assert_cmpstr(c.eyewear, ==, "OD 6+ @ 785 nm");
    g_assert_cmpfloat_with_epsilon(c.laser_mw_max, 80.0, 1e-12);
    g_assert_false(c.laser_mw_settable);
    g_assert_cmpuint(c.laser_delay_ms, ==, 500);
    g_assert_cmpint((int)d->laser(s), ==, CEL_LASER_OFF_COMMANDED);
    g_assert_false(d->laser_on(s, NULL, NULL)); /* not armed */
    g_assert_true(d->laser_arm(s, &(CelLaserRequest){.laser_mw = 80}, &error));
    g_assert_false(ooi.unit.gate);
    g_assert_true(d->laser_on(s, NULL, &error));
    g_assert_true(ooi.unit.gate);
    g_assert_cmpint((int)d->laser(s), ==, CEL_LASER_ON);
    g_assert_cmpint((int)d->laser_off(s, NULL), ==, CEL_LASER_OFF_COMMANDED);
    g_assert_false(ooi.unit.gate);
    d->laser_gate(s, &gate);
    g_assert_true(gate.is_bulk);
    g_assert_cmpuint(gate.endpoint, ==, 0x01);
    g_assert_cmpuint(gate.n, ==, 3);
    g_assert_cmpint(memcmp(gate.data, "\x03\x00\x00", 3), ==, 0);
}

static void light_that_did_not_come_is_no_measurement(void)
{
    g_auto(Ooi) ooi;
    double counts[MAX_PIXELS];
    guint64 number = 0;
    g_autoptr(GError) error = NULL;
    const CelExposure exposure = {.integration_ms = 50, .laser_on = TRUE};
    ooi_init(&ooi, USB4000);
    unit_set(&ooi.unit, "laser_gate=strobe");
    unit_open(&ooi.unit);
    CelSession *s = ooi.unit.session;
    g_assert_true(cel_driver_ocean.laser_arm(s, &(CelLaserRequest){0}, NULL));
    ooi.gate_is_lost = TRUE;
    g_assert_true(cel_driver_ocean.laser_on(s, NULL, NULL));
    g_assert_false(cel_driver_ocean.expose(s, &exposure, counts, &number, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
    g_assert_cmpint((int)cel_driver_ocean.laser(s), ==, CEL_LASER_OFF_COMMANDED);
}

static void more_power_than_stated_is_refused(void)
{
    g_auto(Ooi) ooi;
    g_autoptr(GError) error = NULL;
    ooi_init(&ooi, USB4000);
    unit_set(&ooi.unit, "laser_gate=strobe,laser_mw=80");
    unit_open(&ooi.unit);
    g_assert_false(
        cel_driver_ocean.laser_arm(ooi.unit.session, &(CelLaserRequest){.laser_mw = 81}, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
}

static void light_that_may_have_come_on_is_commanded_off(void)
{
    g_auto(Ooi) ooi;
    g_autoptr(GError) error = NULL;
    ooi_init(&ooi, USB4000);
    unit_set(&ooi.unit, "laser_gate=strobe");
    unit_open(&ooi.unit);
    g_assert_true(cel_driver_ocean.laser_arm(ooi.unit.session, &(CelLaserRequest){0}, NULL));
    fake_bus_fail(ooi.unit.bus, 1, 1, CEL_TRANSPORT_ERROR_TIMEOUT);
    unit_forget(&ooi.unit);
    g_assert_false(cel_driver_ocean.laser_on(ooi.unit.session, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
    g_assert_cmpstr(ooi.unit.log->str, ==, "030000\n");
    g_assert_cmpint((int)cel_driver_ocean.laser(ooi.unit.session), ==, CEL_LASER_OFF_COMMANDED);
}

static void an_off_that_the_bus_did_not_take_is_unknown(void)
{
    g_auto(Ooi) ooi;
    ooi_init(&ooi, USB4000);
    unit_set(&ooi.unit, "laser_gate=strobe");
    unit_open(&ooi.unit);
    fake_bus_fail(ooi.unit.bus, 1, 1, CEL_TRANSPORT_ERROR_TIMEOUT);
    g_assert_cmpint((int)cel_driver_ocean.laser_off(ooi.unit.session, NULL), ==, CEL_LASER_UNKNOWN);
    g_assert_cmpint((int)cel_driver_ocean.laser(ooi.unit.session), ==, CEL_LASER_UNKNOWN);
    g_assert_cmpint((int)cel_driver_ocean.laser_off(ooi.unit.session, NULL), ==,
                    CEL_LASER_OFF_COMMANDED);
}

static void every_failure_of_an_exposure_commands_the_laser_off(void)
{
    static const CelTransportError codes[] = {CEL_TRANSPORT_ERROR_STALL, CEL_TRANSPORT_ERROR_IO,
                                              CEL_TRANSPORT_ERROR_OVERFLOW,
                                              CEL_TRANSPORT_ERROR_TIMEOUT};
    static const guint transfers[] = {SET_TIME, QUESTION, FIRST_PART, REST};
    for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
        for (gsize k = 0; k < G_N_ELEMENTS(transfers); k++) {
            g_auto(Ooi) ooi;
            ooi_init(&ooi, USB4000);
            unit_set(&ooi.unit, "laser_gate=strobe");
            unit_open(&ooi.unit);
            g_assert_true(
                cel_driver_ocean.laser_arm(ooi.unit.session, &(CelLaserRequest){0}, NULL));
            g_assert_true(cel_driver_ocean.laser_on(ooi.unit.session, NULL, NULL));
            fake_bus_fail(ooi.unit.bus, transfers[k], 1, codes[i]);
            expose_fails(&ooi, 50);
            g_assert_false(ooi.unit.gate);
        }
    }
}

static void a_cancel_turns_the_laser_off_and_returns_within_50_ms(void)
{
    g_auto(Ooi) ooi;
    double counts[MAX_PIXELS];
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    g_autoptr(GError) error = NULL;
    ooi_init(&ooi, USB4000);
    unit_set(&ooi.unit, "laser_gate=strobe");
    fake_bus_use_real_time(ooi.unit.bus);
    unit_open(&ooi.unit);
    g_assert_true(cel_driver_ocean.laser_arm(ooi.unit.session, &(CelLaserRequest){0}, NULL));
    g_assert_true(cel_driver_ocean.laser_on(ooi.unit.session, NULL, NULL));
    unit_forget(&ooi.unit);
    Canceller canceller = {.cancel = cancel};
    GThread *thread = g_thread_new("cancel", cancel_soon, &canceller);
    g_assert_false(unit_expose(&ooi.unit, 3000, counts, cancel, &error));
    const gint64 back_us = g_get_monotonic_time();
    g_thread_join(thread);
    g_assert_cmpint(back_us - canceller.at_us, <, 50000);
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
    g_assert_false(ooi.unit.gate);
    g_assert_true(g_str_has_suffix(ooi.unit.log->str, "\n030000\n"));
    g_assert_cmpint((int)cel_driver_ocean.laser(ooi.unit.session), ==, CEL_LASER_OFF_COMMANDED);
}

#define ADD(test) g_test_add_func("/ocean-ooi-driver/" #test, test)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD(a_unit_is_initialised_first_and_set_to_normal_trigger);
    ADD(halts_of_all_endpoints_are_cleared_at_open);
    ADD(the_unit_says_who_it_is);
    ADD(a_serial_number_of_the_simulator_marks_the_unit);
    ADD(a_unit_without_a_serial_number_is_refused);
    ADD(the_wavelengths_of_a_qe65000_start_at_index_minus_ten);
    ADD(a_stored_wavelength_that_is_no_number_is_passed_on_as_none);
    ADD(a_flame_s_is_told_by_its_fpga);
    ADD(stale_slot_answers_are_asked_for_again);
    ADD(what_was_left_in_the_pipes_is_thrown_away);
    ADD(a_mute_unit_is_reset_once);
    ADD(a_unit_that_stays_mute_is_an_error);
    ADD(a_unit_that_falls_silent_later_is_not_reset);
    ADD(every_transfer_of_opening_may_fail);
    ADD(a_unit_is_reset_when_it_is_closed);
    ADD(capabilities_come_from_the_unit_and_its_model);
    ADD(the_record_says_what_was_done_to_the_counts);
    ADD(times_are_steps_of_the_models_unit);
    ADD(a_nonlinearity_that_is_not_stored_whole_is_not_known);
    ADD(only_cooled_models_tell_a_temperature);
    ADD(frames_come_whole_split_or_at_full_speed);
    ADD(the_integration_time_is_sent_in_the_models_unit_and_once);
    ADD(a_time_that_may_or_may_not_have_been_taken_is_sent_again);
    ADD(times_outside_of_the_range_are_refused_without_a_word_to_the_unit);
    ADD(a_frame_that_began_before_a_change_is_thrown_away);
    ADD(in_a_series_frames_may_follow_each_other);
    ADD(what_lies_ready_before_a_change_is_swept_away);
    ADD(a_unit_that_always_answers_too_soon_is_an_error);
    ADD(a_frame_may_be_late_by_the_exposure_that_was_under_way);
    ADD(broken_frames_are_errors_and_the_next_one_is_right);
    ADD(a_frame_that_never_comes_is_waited_for_no_longer_than_its_deadline);
    ADD(a_unit_that_hangs_twice_in_a_row_is_reset);
    ADD(a_late_frame_is_thrown_away_before_the_next);
    ADD(a_stalled_endpoint_is_cleared_before_the_next_frame);
    ADD(an_unplugged_unit_is_gone_for_good);
    ADD(without_a_gate_the_laser_is_external_and_never_off);
    ADD(the_gate_switches_the_laser_and_off_is_only_commanded);
    ADD(light_that_did_not_come_is_no_measurement);
    ADD(more_power_than_stated_is_refused);
    ADD(light_that_may_have_come_on_is_commanded_off);
    ADD(an_off_that_the_bus_did_not_take_is_unknown);
    ADD(every_failure_of_an_exposure_commands_the_laser_off);
    ADD(a_cancel_turns_the_laser_off_and_returns_within_50_ms);
    return g_test_run();
}
