/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ocean-unit.h"

#include "ocean/ocean-obp.h"

#include <math.h>

/* The driver against a unit of the newer protocol on the bus in memory. */

enum { STS = 0x4000, QE_PRO = 0x4004, VENTANA = 0x5000, FLAME_X = 0x2001, SPARK = 0x4200 };
enum { MAX_PIXELS = 4096, MAX_ANSWER = 8192, REFUSED_ALL = 0xFFFFFFFF };

typedef struct {
    Unit unit; /* first */
    const CelOceanModel *model;
    const char *serial;
    guint16 n_pixels;
    guint32 limits_us[2];
    float wavelength[5];
    guint8 n_wavelength;
    guint32 refused_type; /* message that is refused; REFUSED_ALL: none is known */
    guint16 refused_with;
    guint n_deferred;  /* so many "not yet" before each frame */
    guint n_old;       /* so many answers with old numbers before each answer */
    guint n_not_ready; /* so many refusals of an empty buffer */
    guint n_lost;
    gboolean is_garbage; /* the next answer is none of the protocol */
    gsize n_cut;         /* bytes of payload that are missing from a frame */
    gsize n_torn;        /* bytes at the end of a message that never come */
    gsize piece;         /* a message comes in transfers of so many bytes; 0: whole */
    gboolean has_empty;  /* a full last packet is followed by an empty one */
    gsize n_surplus;     /* bytes sent behind a frame */
    guint32 count;       /* of frames, in the metadata */
    guint64 ticks_us;
    gboolean is_same_tick;
    gboolean has_old_frame; /* in the buffer, until it is cleared */
    guint32 metadata_us;    /* 0: the integration time in force */
    guint level;
} Obp;

static void send_pieces(Obp *obp, const guint8 *bytes, gsize n, gint64 due_us)
{
    const guint8 in = obp->model->endpoints->in;
    const gsize piece = obp->piece > 0 ? obp->piece : n;
    for (gsize at = 0; at < n; at += piece)
        unit_send(&obp->unit, in, bytes + at, MIN(piece, n - at), due_us);
    if (obp->n_surplus > 0 && n > CEL_OBP_LEAST_BYTES)
        unit_send(&obp->unit, in, "surplus beyond the end", obp->n_surplus, due_us);
    if (obp->has_empty && n % obp->unit.packet_bytes == 0)
        unit_send(&obp->unit, in, "", 0, due_us);
}

static void send_message(Obp *obp, const CelObpMessage *message, gint64 due_us)
{
    g_autofree guint8 *bytes = g_malloc(MAX_ANSWER);
    const gsize n = cel_obp_write(message, bytes, MAX_ANSWER);
    g_assert_cmpuint(n, >, 0);
    bytes[6] = (guint8)message->error; /* the writer is the host's and leaves it out */
    bytes[7] = (guint8)(message->error >> 8);
    if (obp->is_garbage)
        bytes[0] = 0;
    obp->is_garbage = FALSE;
    send_pieces(obp, bytes, n - obp->n_torn, due_us);
}

static void reply(Obp *obp, const CelObpMessage *question, const void *data, gsize n)
{
    const gboolean acks = (question->flags & CEL_OBP_ACK_REQUESTED) != 0;
    for (guint i = obp->n_old; i > 0; i--)
        send_message(obp,
                     &(CelObpMessage){.flags = CEL_OBP_RESPONSE,
                                      .type = question->type,
                                      .regarding = question->regarding - i},
                     0);
    send_message(obp,
                 &(CelObpMessage){.flags = (guint16)(CEL_OBP_RESPONSE | (acks ? CEL_OBP_ACK : 0)),
                                  .type = question->type,
                                  .regarding = question->regarding,
                                  .data = data,
                                  .n = n},
                 0);
}

static void refuse(Obp *obp, const CelObpMessage *question, guint16 error)
{
    send_message(obp,
                 &(CelObpMessage){.flags = CEL_OBP_RESPONSE | CEL_OBP_NACK,
                                  .error = error,
                                  .type = question->type,
                                  .regarding = question->regarding},
                 0);
}

static void put(guint8 *at, guint64 value, guint n)
{
    for (guint i = 0; i < n; i++)
        at[i] = (guint8)(value >> (8 * i));
}

/* Pixel i holds level + i. */
static void send_frame(Obp *obp, const CelObpMessage *question)
{
    const CelOceanModel *m = obp->model;
    const gsize n = cel_ocean_frame_bytes(m);
    g_autofree guint8 *data = g_malloc0(n);
    const gboolean is_old = obp->has_old_frame;
    const guint level = is_old ? 7777 : obp->level;
    for (gsize i = 0; i < m->n_sent; i++)
        put(data + m->metadata_bytes + i * m->bytes_per_pixel, level + i, m->bytes_per_pixel);
    if (!obp->is_same_tick)
        obp->ticks_us += 1000;
    if (m->metadata_bytes > 0) {
        put(data, ++obp->count, 4);
        put(data + 4, obp->ticks_us, 8);
        put(data + 12, obp->metadata_us != 0 ? obp->metadata_us : obp->unit.integration_us, 4);
    }
    obp->unit.n_frames++;
    if (obp->n_lost > 0) {
        obp->n_lost--;
        return;
    }
    for (guint i = 0; i < obp->n_deferred; i++)
        send_message(obp,
                     &(CelObpMessage){.flags = CEL_OBP_RESPONSE,
                                      .error = CEL_OBP_DEFERRED,
                                      .type = question->type,
                                      .regarding = question->regarding},
                     0);
    const gint64 late_us = (gint64)(obp->unit.frame_late_ms * 1e3);
    const gint64 due_us = is_old ? 0 : obp->unit.now_us + obp->unit.integration_us + late_us;
    send_message(obp,
                 &(CelObpMessage){.flags = CEL_OBP_RESPONSE,
                                  .type = question->type,
                                  .regarding = question->regarding,
                                  .data = data,
                                  .n = n - obp->n_cut},
                 due_us);
}

static gboolean take_setting(Obp *obp, const CelObpMessage *m)
{
    guint32 us = 0;
    switch (m->type) {
    case CEL_OBP_SET_INTEGRATION:
        g_assert_true(cel_obp_u32(m, &us));
        obp->unit.integration_us = us;
        break;
    case CEL_OBP_LAMP:
        obp->unit.gate = m->data[0] != 0;
        break;
    case CEL_OBP_CLEAR_BUFFER:
        obp->has_old_frame = FALSE;
        break;
    case CEL_OBP_ABORT:
    case CEL_OBP_SET_TRIGGER:
        break;
    default:
        return FALSE;
    }
    if ((m->flags & CEL_OBP_ACK_REQUESTED) != 0)
        reply(obp, m, NULL, 0);
    return TRUE;
}

static void reply_f32(Obp *obp, const CelObpMessage *m, float value)
{
    guint8 bytes[4];
    guint32 bits = 0;
    memcpy(&bits, &value, sizeof bits);
    put(bytes, bits, sizeof bytes);
    reply(obp, m, bytes, sizeof bytes);
}

static void reply_number(Obp *obp, const CelObpMessage *m, guint64 value, guint n)
{
    guint8 bytes[4];
    put(bytes, value, n);
    reply(obp, m, bytes, n);
}

static void take_question(Obp *obp, const CelObpMessage *m)
{
    if (m->type == CEL_OBP_SERIAL)
        reply(obp, m, obp->serial, strlen(obp->serial));
    else if (m->type == CEL_OBP_HARDWARE_REVISION)
        reply_number(obp, m, 2, 1);
    else if (m->type == CEL_OBP_FIRMWARE_REVISION)
        reply_number(obp, m, 0x0113, 2);
    else if (m->type == CEL_OBP_N_PIXELS)
        reply_number(obp, m, obp->n_pixels, 2);
    else if (m->type == CEL_OBP_INTEGRATION_MIN || m->type == CEL_OBP_INTEGRATION_MAX)
        reply_number(obp, m, obp->limits_us[m->type - CEL_OBP_INTEGRATION_MIN], 4);
    else if (m->type == CEL_OBP_N_WAVELENGTH || m->type == CEL_OBP_N_NONLINEARITY)
        reply_number(obp, m, m->type == CEL_OBP_N_WAVELENGTH ? obp->n_wavelength : 2, 1);
    else if (m->type == CEL_OBP_WAVELENGTH || m->type == CEL_OBP_NONLINEARITY)
        reply_f32(obp, m,
                  m->type == CEL_OBP_WAVELENGTH ? obp->wavelength[m->data[0]]
                  : m->data[0] == 0             ? 1.0F
                                                : -2e-7F);
    else if (m->type == CEL_OBP_TEMPERATURE)
        reply_f32(obp, m, -5.5F);
    else
        refuse(obp, m, 2);
}

static void take_command(Unit *unit, const guint8 *bytes, gsize n)
{
    Obp *obp = (Obp *)unit;
    CelObpMessage m;
    g_assert_true(cel_obp_read(bytes, n, &m, NULL));
    g_string_truncate(unit->log, unit->log->len - 2 * n - 1); /* the type is enough */
    g_string_append_printf(unit->log, "%08x\n", m.type);
    if (m.type == obp->refused_type || obp->refused_type == REFUSED_ALL)
        refuse(obp, &m, obp->refused_with);
    else if (m.type == obp->model->spectrum_message && obp->n_not_ready > 0)
        refuse(obp, &m, obp->n_not_ready-- % 2 != 0 ? CEL_OBP_NOT_READY : CEL_OBP_NO_SUCH_VALUE);
    else if (m.type == obp->model->spectrum_message)
        send_frame(obp, &m);
    else if (!take_setting(obp, &m))
        take_question(obp, &m);
}

static void obp_init_at(Obp *obp, guint16 product, gboolean full_speed)
{
    const CelOceanModel *model = cel_ocean_model(0x2457, product);
    *obp = (Obp){.model = model,
                 .serial = "QEP01234",
                 .n_pixels = (guint16)model->n_sent,
                 .wavelength = {785.0F, 0.25F, -1e-5F, 1e-9F},
                 .n_wavelength = 4,
                 .level = 100,
                 .limits_us = {8000, 60000000},
                 .refused_with = 2};
    unit_init(&obp->unit, product, full_speed);
    obp->unit.command = take_command;
}

static void obp_init(Obp *obp, guint16 product)
{
    obp_init_at(obp, product, TRUE); /* a QE Pro has packets of 64 bytes */
}

static void obp_clear(Obp *obp)
{
    unit_clear(&obp->unit);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Obp, obp_clear)

static void expose(Obp *obp, double ms, double *out_counts)
{
    g_autoptr(GError) error = NULL;
    unit_expose(&obp->unit, ms, out_counts, NULL, &error);
    g_assert_no_error(error);
}

static void expose_fails(Obp *obp, double ms, const char *with)
{
    double counts[MAX_PIXELS];
    g_autoptr(GError) error = NULL;
    g_assert_false(unit_expose(&obp->unit, ms, counts, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
    g_assert_nonnull(strstr(error->message, with));
}

static void open_fails(Obp *obp, const char *with)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(unit_try_open(&obp->unit, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
    g_assert_nonnull(strstr(error->message, with));
}

static void describe(Obp *obp, CelInstrument *out_instrument, CelCalibration *out_calibration)
{
    unit_open(&obp->unit);
    cel_driver_ocean.describe(obp->unit.session, out_instrument, out_calibration);
}

/* ---- opening ---- */

static void the_unit_says_who_it_is_and_what_it_can_do(void)
{
    g_auto(Obp) obp;
    CelInstrument instrument;
    CelCalibration calibration;
    CelCapabilities c;
    double least = 0.0, most = 0.0, celsius = 0.0;
    obp_init(&obp, QE_PRO);
    describe(&obp, &instrument, &calibration);
    g_assert_cmpstr(instrument.model, ==, "QE Pro");
    g_assert_cmpstr(instrument.serial, ==, "QEP01234");
    g_assert_cmpstr(instrument.firmware, ==, "1.13, hardware 2");
    g_assert_cmpuint(instrument.saturation_counts, ==, 262143);
    g_assert_false(instrument.simulated);
    g_assert_cmpuint(calibration.n_coefficients, ==, 4);
    g_assert_cmpfloat_with_epsilon(calibration.coefficients[1], 0.25, 1e-9);
    cel_driver_ocean.capabilities(obp.unit.session, &c);
    g_assert_cmpuint(c.n_nonlinearity, ==, 2);
    g_assert_cmpuint(c.dark_pixels[1][1], ==, 1044);
    cel_driver_ocean.integration_range(obp.unit.session, &least, &most);
    g_assert_cmpfloat_with_epsilon(least, 8.0, 1e-9);
    g_assert_cmpfloat_with_epsilon(most, 60000.0, 1e-9);
    g_assert_true(cel_driver_ocean.temperature(obp.unit.session, NULL, &celsius));
    g_assert_cmpfloat_with_epsilon(celsius, -5.5, 1e-6);
}

static void a_long_serial_number_of_the_simulator_marks_the_unit(void)
{
    g_auto(Obp) obp;
    CelInstrument instrument;
    CelCalibration calibration;
    obp_init(&obp, STS);
    obp.serial = "CELADON-SIM-0123456789-ABCDEFGHIJ";
    describe(&obp, &instrument, &calibration);
    g_assert_cmpstr(instrument.serial, ==, obp.serial);
    g_assert_true(instrument.simulated);
}

static void a_unit_that_does_not_say_its_serial_number_is_refused(void)
{
    g_auto(Obp) empty, refusing;
    obp_init(&empty, STS);
    obp_init(&refusing, STS);
    empty.serial = "\xff\xff\xff\xff\xff";
    refusing.refused_type = CEL_OBP_SERIAL;
    open_fails(&empty, "serial number");
    open_fails(&refusing, "unknown kind of message");
}

static void a_unit_with_other_pixels_than_its_model_is_refused(void)
{
    g_auto(Obp) obp;
    obp_init(&obp, STS);
    obp.n_pixels = 512;
    open_fails(&obp, "512 pixels");
}

static void what_a_unit_does_not_know_comes_from_the_table_or_is_not_known(void)
{
    static const guint32 types[] = {
        CEL_OBP_HARDWARE_REVISION, CEL_OBP_FIRMWARE_REVISION, CEL_OBP_N_PIXELS,
        CEL_OBP_INTEGRATION_MIN,   CEL_OBP_INTEGRATION_MAX,   CEL_OBP_N_WAVELENGTH,
        CEL_OBP_N_NONLINEARITY,    CEL_OBP_NONLINEARITY,      CEL_OBP_SET_TRIGGER};
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        g_auto(Obp) obp;
        CelCapabilities c;
        CelInstrument instrument;
        CelCalibration calibration;
        double least = 0.0, most = 0.0;
        obp_init(&obp, STS);
        obp.refused_type = types[i];
        describe(&obp, &instrument, &calibration);
        cel_driver_ocean.capabilities(obp.unit.session, &c);
        cel_driver_ocean.integration_range(obp.unit.session, &least, &most);
        const gboolean has_limits =
            types[i] != CEL_OBP_INTEGRATION_MIN && types[i] != CEL_OBP_INTEGRATION_MAX;
        g_assert_cmpfloat_with_epsilon(least, has_limits ? 8.0 : 0.01, 1e-9);
        const gboolean has_curve =
            types[i] != CEL_OBP_N_NONLINEARITY && types[i] != CEL_OBP_NONLINEARITY;
        g_assert_cmpuint(c.n_nonlinearity, ==, has_curve ? 2 : 0);
        g_assert_cmpuint(calibration.n_coefficients, ==, types[i] != CEL_OBP_N_WAVELENGTH ? 4 : 0);
    }
}

static void limits_that_cannot_be_are_those_of_the_model(void)
{
    g_auto(Obp) obp;
    double least = 0.0, most = 0.0;
    obp_init(&obp, STS);
    obp.limits_us[0] = obp.limits_us[1] = 5000;
    unit_open(&obp.unit);
    cel_driver_ocean.integration_range(obp.unit.session, &least, &most);
    g_assert_cmpfloat_with_epsilon(most, 85000.0, 1e-9);
}

static void an_impossible_wavelength_calibration_is_no_axis(void)
{
    for (int fault = 0; fault < 2; fault++) {
        g_auto(Obp) obp;
        CelInstrument instrument;
        CelCalibration calibration;
        obp_init(&obp, STS);
        if (fault == 0)
            obp.n_wavelength = 255;
        else
            obp.wavelength[1] = (float)NAN;
        describe(&obp, &instrument, &calibration);
        g_assert_cmpuint(calibration.n_coefficients, >, 0);
        g_assert_null(cel_calibration_axis(&calibration, 1024, NULL));
    }
}

static void old_answers_are_read_over(void)
{
    g_auto(Obp) obp;
    double counts[MAX_PIXELS];
    obp_init(&obp, QE_PRO);
    obp.n_old = 3;
    unit_open(&obp.unit);
    expose(&obp, 20, counts);
    obp.n_old = 40;
    expose_fails(&obp, 30, "earlier questions");
}

static void a_mute_unit_is_reset_once(void)
{
    g_auto(Obp) obp;
    obp_init(&obp, FLAME_X);
    obp.unit.n_mute = 2; /* a flush, then the first answer */
    unit_open(&obp.unit);
    g_autofree char *log = fake_bus_take_log(obp.unit.bus);
    g_assert_nonnull(strstr(log, "reset\n"));
}

static void every_transfer_of_opening_may_fail(void)
{
    static const CelTransportError codes[] = {CEL_TRANSPORT_ERROR_STALL, CEL_TRANSPORT_ERROR_GONE,
                                              CEL_TRANSPORT_ERROR_IO, CEL_TRANSPORT_ERROR_OVERFLOW,
                                              CEL_TRANSPORT_ERROR_TIMEOUT};
    for (guint nth = 1; nth < 45; nth++) {
        for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
            g_auto(Obp) obp;
            g_autoptr(GError) error = NULL;
            obp_init(&obp, QE_PRO);
            unit_set(&obp.unit, "laser_gate=strobe");
            fake_bus_fail(obp.unit.bus, nth, 1000, codes[i]);
            if (!unit_try_open(&obp.unit, &error))
                g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
        }
    }
}

/* ---- exposure ---- */

static void check_frame(guint16 product, gboolean full_speed)
{
    g_auto(Obp) obp;
    double counts[MAX_PIXELS];
    obp_init_at(&obp, product, full_speed);
    unit_open(&obp.unit);
    expose(&obp, 30, counts);
    for (gsize i = 0; i < obp.model->n_pixels; i++)
        g_assert_cmpfloat_with_epsilon(counts[i], 100.0 + (double)i, 1e-9);
}

static void frames_come_in_packets_of_64_and_512_bytes(void)
{
    static const guint16 products[] = {STS, QE_PRO, VENTANA, FLAME_X, SPARK, 0x2003};
    for (gsize i = 0; i < G_N_ELEMENTS(products); i++) {
        check_frame(products[i], TRUE);
        check_frame(products[i], FALSE);
    }
}

static void the_buffer_of_a_qe_pro_is_emptied_before_each_frame(void)
{
    g_auto(Obp) obp;
    double counts[MAX_PIXELS];
    obp_init(&obp, QE_PRO);
    unit_open(&obp.unit);
    obp.has_old_frame = TRUE;
    unit_forget(&obp.unit);
    expose(&obp, 20, counts);
    g_assert_cmpfloat_with_epsilon(counts[0], 100.0, 1e-9);
    g_assert_cmpstr(obp.unit.log->str, ==, "00110010\n00100000\n00110110\n00100830\n00100928\n");
}

static void other_models_are_only_asked(void)
{
    g_auto(Obp) obp;
    double counts[MAX_PIXELS];
    obp_init(&obp, STS);
    unit_open(&obp.unit);
    unit_forget(&obp.unit);
    expose(&obp, 20, counts);
    expose(&obp, 20, counts);
    g_assert_cmpstr(obp.unit.log->str, ==, "00110010\n00101100\n00101100\n");
}

static void frames_of_earlier_settings_are_told_by_their_metadata(void)
{
    g_auto(Obp) obp;
    double counts[MAX_PIXELS];
    obp_init(&obp, QE_PRO);
    unit_open(&obp.unit);
    expose(&obp, 20, counts);
    obp.metadata_us = 20000;
    const guint before = obp.unit.n_frames;
    expose_fails(&obp, 10, "sooner");
    g_assert_cmpuint(obp.unit.n_frames - before, ==, 9);
    obp.metadata_us = 12345; /* another layout: nothing is concluded from it */
    expose(&obp, 10, counts);
}

static void the_same_frame_twice_is_stale(void)
{
    g_auto(Obp) obp;
    double counts[MAX_PIXELS];
    obp_init(&obp, QE_PRO);
    unit_open(&obp.unit);
    expose(&obp, 20, counts);
    obp.is_same_tick = TRUE;
    expose_fails(&obp, 20, "sooner");
}

static void not_yet_is_waited_out(void)
{
    g_auto(Obp) obp;
    double counts[MAX_PIXELS];
    obp_init(&obp, QE_PRO);
    unit_open(&obp.unit);
    obp.n_deferred = 50;
    obp.n_not_ready = 6;
    expose(&obp, 20, counts);
    g_assert_cmpfloat_with_epsilon(counts[0], 100.0, 1e-9);
}

static void an_empty_buffer_is_not_asked_for_ever(void)
{
    g_auto(Obp) obp;
    obp_init(&obp, QE_PRO);
    unit_open(&obp.unit);
    obp.n_not_ready = 100000;
    expose_fails(&obp, 20, "did not answer in time");
}

static void refusals_say_why(void)
{
    g_auto(Obp) obp;
    obp_init(&obp, STS);
    unit_open(&obp.unit);
    obp.refused_type = CEL_OBP_SET_INTEGRATION;
    obp.refused_with = 6;
    expose_fails(&obp, 20, "wrong data");
    obp.refused_type = 0x00101100;
    obp.refused_with = 13;
    expose_fails(&obp, 20, "internal error");
}

static void broken_messages_are_errors_and_the_next_frame_is_right(void)
{
    for (int fault = 0; fault < 3; fault++) {
        g_auto(Obp) obp;
        g_autoptr(GError) error = NULL;
        double counts[MAX_PIXELS];
        obp_init(&obp, QE_PRO);
        unit_open(&obp.unit);
        obp.is_garbage = fault == 0;
        obp.n_cut = fault == 1 ? 4 : fault == 2 ? 4208 : 0;
        expose_fails(&obp, 20, fault == 0 ? "no message" : "bytes instead of");
        obp.n_cut = 0;
        obp.level = 300;
        g_assert_true(cel_driver_ocean.drain(obp.unit.session, NULL, &error));
        expose(&obp, 20, counts);
        g_assert_cmpfloat_with_epsilon(counts[0], 300.0, 1e-9);
    }
}

/* 33 full packets: what comes behind them is not seen with the frame. */
static void what_lies_behind_a_frame_is_no_part_of_the_next_answer(void)
{
    g_auto(Obp) obp;
    double counts[MAX_PIXELS];
    obp_init(&obp, STS);
    unit_open(&obp.unit);
    obp.n_surplus = 10;
    expose(&obp, 20, counts);
    obp.n_surplus = 0;
    obp.level = 300;
    expose(&obp, 20, counts);
    g_assert_cmpfloat_with_epsilon(counts[0], 300.0, 1e-9);
    obp.n_surplus = 10;
    expose(&obp, 20, counts);
    obp.n_surplus = 0;
    expose(&obp, 30, counts); /* a setting is asked first */
}

static void a_refused_off_behind_a_surplus_is_still_seen(void)
{
    g_auto(Obp) obp;
    double counts[MAX_PIXELS];
    obp_init(&obp, STS);
    unit_set(&obp.unit, "laser_gate=strobe");
    unit_open(&obp.unit);
    obp.n_surplus = 10;
    expose(&obp, 20, counts);
    obp.n_surplus = 0;
    obp.refused_type = CEL_OBP_LAMP;
    cel_driver_ocean.laser_off(obp.unit.session, NULL);
    expose(&obp, 20, counts);
    g_assert_cmpint((int)cel_driver_ocean.laser(obp.unit.session), ==, CEL_LASER_UNKNOWN);
}

static void empty_packets_are_read_over(void)
{
    static const guint16 products[] = {STS, QE_PRO, SPARK};
    for (gsize i = 0; i < G_N_ELEMENTS(products); i++) {
        g_auto(Obp) obp;
        double counts[MAX_PIXELS];
        obp_init(&obp, products[i]);
        obp.has_empty = TRUE;
        unit_open(&obp.unit);
        expose(&obp, 20, counts);
        expose(&obp, 30, counts);
        g_assert_cmpfloat_with_epsilon(counts[1], 101.0, 1e-9);
    }
}

static void a_message_that_comes_in_pieces_is_joined(void)
{
    g_auto(Obp) obp;
    double counts[MAX_PIXELS];
    obp_init(&obp, QE_PRO);
    unit_open(&obp.unit);
    obp.piece = 100; /* a full packet and a short one each */
    expose(&obp, 20, counts);
    for (gsize i = 0; i < obp.model->n_pixels; i++)
        g_assert_cmpfloat_with_epsilon(counts[i], 100.0 + (double)i, 1e-9);
}

static void a_message_whose_rest_never_comes_is_cut_off_and_the_next_is_right(void)
{
    static const gsize missing[] = {1, 20, 200, 2112 - 64};
    for (gsize i = 0; i < G_N_ELEMENTS(missing); i++) {
        g_auto(Obp) obp;
        double counts[MAX_PIXELS];
        obp_init(&obp, STS);
        unit_open(&obp.unit);
        expose(&obp, 20, counts);
        obp.n_torn = missing[i];
        expose_fails(&obp, 20, "its length is not the one it states");
        obp.n_torn = 0;
        obp.level = 300;
        expose(&obp, 20, counts);
        g_assert_cmpfloat_with_epsilon(counts[0], 300.0, 1e-9);
    }
}

static void a_lost_frame_is_aborted_and_the_next_is_right(void)
{
    g_auto(Obp) obp;
    double counts[MAX_PIXELS];
    obp_init(&obp, STS);
    unit_open(&obp.unit);
    obp.n_lost = 1;
    expose_fails(&obp, 20, "did not answer in time");
    unit_forget(&obp.unit);
    expose(&obp, 20, counts);
    g_assert_true(g_str_has_prefix(obp.unit.log->str, "00100000\n"));
}

static void a_unit_that_cannot_abort_is_waited_for(void)
{
    g_auto(Obp) obp;
    g_autoptr(GError) error = NULL;
    double counts[MAX_PIXELS];
    obp_init(&obp, STS);
    unit_open(&obp.unit);
    expose(&obp, 5000, counts);
    obp.refused_type = CEL_OBP_ABORT;
    fake_bus_fail(obp.unit.bus, 2, 1, CEL_TRANSPORT_ERROR_CANCELLED);
    g_assert_false(unit_expose(&obp.unit, 5000, counts, NULL, &error));
    const gint64 before_us = obp.unit.now_us;
    obp.level = 400;
    expose(&obp, 5000, counts);
    g_assert_cmpfloat_with_epsilon(counts[0], 400.0, 1e-9);
    g_assert_cmpint((obp.unit.now_us - before_us) / 1000, >=, 9000);
}

static void an_unplugged_unit_is_gone(void)
{
    g_auto(Obp) obp;
    obp_init(&obp, QE_PRO);
    unit_open(&obp.unit);
    fake_bus_unplug(obp.unit.bus, obp.unit.info.usb.address);
    expose_fails(&obp, 20, "unplugged");
    g_assert_true(cel_driver_ocean.is_gone(obp.unit.session));
}

/* ---- laser ---- */

static void the_gate_is_confirmed_by_the_unit_when_light_goes_on(void)
{
    g_auto(Obp) obp;
    g_autoptr(GError) error = NULL;
    CelLaserGate gate;
    CelObpMessage off;
    obp_init(&obp, QE_PRO);
    obp.unit.gate = TRUE;
    unit_set(&obp.unit, "laser_gate=strobe,laser_nm=785");
    unit_open(&obp.unit);
    const CelDriver *d = &cel_driver_ocean;
    CelSession *s = obp.unit.session;
    g_assert_false(obp.unit.gate);
    g_assert_true(g_str_has_prefix(obp.unit.log->str, "00110410\n"));
    g_assert_true(d->laser_arm(s, &(CelLaserRequest){0}, &error));
    g_assert_true(d->laser_on(s, NULL, &error));
    g_assert_true(obp.unit.gate);
    g_assert_cmpint((int)d->laser(s), ==, CEL_LASER_ON);
    g_assert_cmpint((int)d->laser_off(s, NULL), ==, CEL_LASER_OFF_COMMANDED);
    g_assert_false(obp.unit.gate);
    d->laser_gate(s, &gate);
    g_assert_cmpuint(gate.n, ==, 64);
    g_assert_true(cel_obp_read(gate.data, gate.n, &off, NULL));
    g_assert_cmpuint(off.type, ==, CEL_OBP_LAMP);
    g_assert_cmpuint(off.n, ==, 1);
    g_assert_cmpuint(off.data[0], ==, 0);
}

static void a_unit_without_the_line_cannot_be_opened_with_a_gate(void)
{
    g_auto(Obp) obp;
    obp_init(&obp, STS);
    unit_set(&obp.unit, "laser_gate=strobe");
    obp.refused_type = CEL_OBP_LAMP;
    open_fails(&obp, "unknown kind of message");
}

static void light_that_is_refused_is_no_measurement_and_commanded_off(void)
{
    g_auto(Obp) obp;
    double counts[MAX_PIXELS];
    guint64 number = 0;
    g_autoptr(GError) error = NULL;
    const CelExposure exposure = {.integration_ms = 20, .laser_on = TRUE};
    obp_init(&obp, QE_PRO);
    unit_set(&obp.unit, "laser_gate=strobe");
    unit_open(&obp.unit);
    CelSession *s = obp.unit.session;
    g_assert_true(cel_driver_ocean.laser_arm(s, &(CelLaserRequest){0}, NULL));
    obp.refused_type = CEL_OBP_LAMP;
    g_assert_true(cel_driver_ocean.laser_on(s, NULL, NULL));
    unit_forget(&obp.unit);
    g_assert_false(cel_driver_ocean.expose(s, &exposure, counts, &number, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
    g_assert_cmpstr(obp.unit.log->str, ==, "00110010\n00110410\n00110410\n");
}

static void a_refused_off_shows_as_unknown_once_it_is_seen(void)
{
    g_auto(Obp) obp;
    double counts[MAX_PIXELS];
    obp_init(&obp, STS);
    unit_set(&obp.unit, "laser_gate=strobe");
    unit_open(&obp.unit);
    obp.refused_type = CEL_OBP_LAMP;
    cel_driver_ocean.laser_off(obp.unit.session, NULL);
    expose(&obp, 20, counts);
    g_assert_cmpint((int)cel_driver_ocean.laser(obp.unit.session), ==, CEL_LASER_UNKNOWN);
}

static void a_cancel_turns_the_laser_off_and_returns_within_50_ms(void)
{
    g_auto(Obp) obp;
    double counts[MAX_PIXELS];
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    g_autoptr(GError) error = NULL;
    obp_init(&obp, QE_PRO);
    unit_set(&obp.unit, "laser_gate=strobe");
    fake_bus_use_real_time(obp.unit.bus);
    unit_open(&obp.unit);
    g_assert_true(cel_driver_ocean.laser_arm(obp.unit.session, &(CelLaserRequest){0}, NULL));
    g_assert_true(cel_driver_ocean.laser_on(obp.unit.session, NULL, NULL));
    Canceller canceller = {.cancel = cancel};
    GThread *thread = g_thread_new("cancel", cancel_soon, &canceller);
    g_assert_false(unit_expose(&obp.unit, 3000, counts, cancel, &error));
    const gint64 back_us = g_get_monotonic_time();
    g_thread_join(thread);
    g_assert_cmpint(back_us - canceller.at_us, <, 50000);
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
    g_assert_false(obp.unit.gate);
    g_assert_true(g_str_has_suffix(obp.unit.log->str, "\n00110410\n"));
}

static void both_protocols_blank_their_serial_numbers(void)
{
    guint8 slot[17] = {0x05, 0x00, 'A', 'B'};
    const CelControl setup = {0};
    cel_driver_ocean.blank_serial(&setup, 0, slot, sizeof slot);
    g_assert_cmpint(slot[2], ==, 'A'); /* no control transfer holds one */
    cel_driver_ocean.blank_serial(NULL, 0x01, slot, sizeof slot);
    g_assert_cmpint(slot[2], ==, 'A'); /* nor does what the host sends */
    cel_driver_ocean.blank_serial(NULL, 0x81, slot, sizeof slot);
    g_assert_cmpint(slot[2], ==, 'X');
    guint8 bytes[128];
    const CelObpMessage m = {.type = CEL_OBP_SERIAL, .data = (const guint8 *)"QEP1", .n = 4};
    cel_driver_ocean.blank_serial(NULL, 0x81, bytes, cel_obp_write(&m, bytes, sizeof bytes));
    g_assert_cmpint(bytes[24], ==, 'X');
}

#define ADD(test) g_test_add_func("/ocean-obp-driver/" #test, test)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD(the_unit_says_who_it_is_and_what_it_can_do);
    ADD(a_long_serial_number_of_the_simulator_marks_the_unit);
    ADD(a_unit_that_does_not_say_its_serial_number_is_refused);
    ADD(a_unit_with_other_pixels_than_its_model_is_refused);
    ADD(what_a_unit_does_not_know_comes_from_the_table_or_is_not_known);
    ADD(limits_that_cannot_be_are_those_of_the_model);
    ADD(an_impossible_wavelength_calibration_is_no_axis);
    ADD(old_answers_are_read_over);
    ADD(a_mute_unit_is_reset_once);
    ADD(every_transfer_of_opening_may_fail);
    ADD(frames_come_in_packets_of_64_and_512_bytes);
    ADD(the_buffer_of_a_qe_pro_is_emptied_before_each_frame);
    ADD(other_models_are_only_asked);
    ADD(frames_of_earlier_settings_are_told_by_their_metadata);
    ADD(the_same_frame_twice_is_stale);
    ADD(not_yet_is_waited_out);
    ADD(an_empty_buffer_is_not_asked_for_ever);
    ADD(refusals_say_why);
    ADD(broken_messages_are_errors_and_the_next_frame_is_right);
    ADD(what_lies_behind_a_frame_is_no_part_of_the_next_answer);
    ADD(a_refused_off_behind_a_surplus_is_still_seen);
    ADD(empty_packets_are_read_over);
    ADD(a_message_that_comes_in_pieces_is_joined);
    ADD(a_message_whose_rest_never_comes_is_cut_off_and_the_next_is_right);
    ADD(a_lost_frame_is_aborted_and_the_next_is_right);
    ADD(a_unit_that_cannot_abort_is_waited_for);
    ADD(an_unplugged_unit_is_gone);
    ADD(the_gate_is_confirmed_by_the_unit_when_light_goes_on);
    ADD(a_unit_without_the_line_cannot_be_opened_with_a_gate);
    ADD(light_that_is_refused_is_no_measurement_and_commanded_off);
    ADD(a_refused_off_shows_as_unknown_once_it_is_seen);
    ADD(a_cancel_turns_the_laser_off_and_returns_within_50_ms);
    ADD(both_protocols_blank_their_serial_numbers);
    return g_test_run();
}
