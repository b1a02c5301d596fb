/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/cel-transport.h"

G_BEGIN_DECLS

/*
 * The bytes of the "FID" protocol of Wasatch Photonics, as its public programs use it (Wasatch.PY
 * FeatureIdentificationDevice.py, Wasatch.NET Opcodes.cs): requests out of numbers, numbers out of
 * answers. Pure; thread-safe.
 */

/** CelWasatchOpcode: bRequest, named as the maker does; what is >= 0x100 is "second tier": bRequest
 * FF and the low byte in wValue. */
typedef enum {
    CEL_WASATCH_SET_LASER_ATTENUATOR = 0x82,
    CEL_WASATCH_GET_LASER_WARNING_DELAY_SEC = 0x8b,
    CEL_WASATCH_GET_DETECTOR_OFFSET_ODD = 0x9e,
    CEL_WASATCH_SET_DETECTOR_OFFSET_ODD = 0x9c,
    CEL_WASATCH_SET_DETECTOR_GAIN_ODD = 0x9d,
    CEL_WASATCH_GET_DETECTOR_GAIN_ODD = 0x9f,
    CEL_WASATCH_ACQUIRE_SPECTRUM = 0xad,
    CEL_WASATCH_SET_INTEGRATION_TIME = 0xb2,
    CEL_WASATCH_GET_FPGA_VERSION = 0xb4,
    CEL_WASATCH_SET_DETECTOR_OFFSET = 0xb6,
    CEL_WASATCH_SET_DETECTOR_GAIN = 0xb7,
    CEL_WASATCH_SET_MOD_ENABLE = 0xbd,
    CEL_WASATCH_SET_LASER_ENABLE = 0xbe,
    CEL_WASATCH_GET_INTEGRATION_TIME = 0xbf,
    CEL_WASATCH_GET_FIRMWARE_VERSION = 0xc0,
    CEL_WASATCH_GET_DETECTOR_OFFSET = 0xc4,
    CEL_WASATCH_GET_DETECTOR_GAIN = 0xc5,
    CEL_WASATCH_SET_MOD_PERIOD = 0xc7,
    CEL_WASATCH_GET_MOD_PERIOD = 0xcb,
    CEL_WASATCH_SET_TRIGGER_SOURCE = 0xd2,
    CEL_WASATCH_SET_DETECTOR_TEC_ENABLE = 0xd6,
    CEL_WASATCH_GET_DETECTOR_TEMPERATURE = 0xd7,
    CEL_WASATCH_SET_DETECTOR_TEC_SETPOINT = 0xd8,
    CEL_WASATCH_GET_DETECTOR_TEC_SETPOINT = 0xd9,
    CEL_WASATCH_GET_DETECTOR_TEC_ENABLE = 0xda,
    CEL_WASATCH_SET_MOD_WIDTH = 0xdb,
    CEL_WASATCH_GET_MOD_WIDTH = 0xdc,
    CEL_WASATCH_SET_MOD_LINKED_TO_INTEGRATION = 0xdd,
    CEL_WASATCH_GET_MOD_LINKED_TO_INTEGRATION = 0xde,
    CEL_WASATCH_GET_LASER_ENABLE = 0xe2,
    CEL_WASATCH_GET_MOD_ENABLE = 0xe3,
    CEL_WASATCH_SET_LASER_TEC_SETPOINT = 0xe7,
    CEL_WASATCH_GET_LASER_TEC_SETPOINT = 0xe8,
    CEL_WASATCH_SET_HIGH_GAIN_MODE = 0xeb,
    CEL_WASATCH_GET_HIGH_GAIN_MODE = 0xec,
    CEL_WASATCH_CAN_LASER_FIRE = 0xef,
    CEL_WASATCH_READ_EEPROM_PAGE = 0x101,
    CEL_WASATCH_IS_LASER_FIRING = 0x10d,
    CEL_WASATCH_GET_LASER_WATCHDOG_SEC = 0x117,
    CEL_WASATCH_SET_LASER_WATCHDOG_SEC = 0x118,
    CEL_WASATCH_GET_MICROCONTROLLER_SERIAL = 0x12c,
} CelWasatchOpcode;

enum {
    CEL_WASATCH_SECOND_TIER = 0xff,
    CEL_WASATCH_TYPE_SET = 0x40,
    CEL_WASATCH_TYPE_GET = 0xc0,
    CEL_WASATCH_PAGE_BYTES = 64,
    CEL_WASATCH_MAX_DATA = 64,
    CEL_WASATCH_MIN_ARM_BYTES = 8,
    CEL_WASATCH_MAX_INTEGRATION_MS = 0xffffff, /* 24 bits */
    CEL_WASATCH_MAX_PIXELS = 2048,
    CEL_WASATCH_MOD_PERIOD_US = 1000, /* the period the power calibration is made for */
    CEL_WASATCH_MAX_TEC_RAW = 0xfff,
};

/** CelWasatchRequest: one control transfer; @data is sent, or room for the answer. */
typedef struct {
    CelControl setup;
    guint8 data[CEL_WASATCH_MAX_DATA];
    gsize n;
} CelWasatchRequest;

/** cel_wasatch_set: "set @opcode to @value", with the 8 zero bytes that an ARM board must get. */
CelWasatchRequest cel_wasatch_set(gboolean is_arm, CelWasatchOpcode opcode, guint16 value);

/** cel_wasatch_set_with_bytes: the same with 8 zero bytes for every board (trigger source, high
 * gain). */
CelWasatchRequest cel_wasatch_set_with_bytes(CelWasatchOpcode opcode, guint16 value);

/** cel_wasatch_set_integration: @ms: 1..CEL_WASATCH_MAX_INTEGRATION_MS. */
CelWasatchRequest cel_wasatch_set_integration(gboolean is_arm, guint ms);

/** cel_wasatch_set_us: modulation period or width, 40 bits; always with 8 bytes of data, without
 * which old FX2 firmware locks up until it loses power. */
CelWasatchRequest cel_wasatch_set_us(CelWasatchOpcode opcode, guint64 us);

/** cel_wasatch_get: asks for @opcode; room as the maker's programs give it, at least 8 on ARM. */
CelWasatchRequest cel_wasatch_get(gboolean is_arm, CelWasatchOpcode opcode);

/** cel_wasatch_get_page: EEPROM page @page, 0..8. */
CelWasatchRequest cel_wasatch_get_page(guint page);

/* ---- answers: FALSE when they are too short ---- */

/** cel_wasatch_answer: the number in the first bytes of an answer to @opcode, in the byte order and
 * width that this opcode has: u8, u16 (little endian; temperature and interlock as they are), 24 or
 * 40 bits. */
gboolean cel_wasatch_answer(CelWasatchOpcode opcode, const guint8 *data, gsize n,
                            guint64 *out_value);

/** cel_wasatch_firmware_text: "b3.b2.b1.b0" of a 4-byte answer. */
gboolean cel_wasatch_firmware_text(const guint8 *data, gsize n, char *out, gsize out_size);

/** cel_wasatch_fpga_text: the printable ones of at most 7 bytes. */
void cel_wasatch_fpga_text(const guint8 *data, gsize n, char *out, gsize out_size);

/* ---- numbers ---- */

/** cel_wasatch_gain_code: unsigned 8.8 fixed point; @gain: 0..255.99. */
guint16 cel_wasatch_gain_code(double gain);

/** cel_wasatch_gain_of: Returns: what @code means. */
double cel_wasatch_gain_of(guint16 code);

/** cel_wasatch_polynomial: Returns: sum of c[k] x^k. */
double cel_wasatch_polynomial(const double *c, gsize n, double x);

/** cel_wasatch_tec_raw: the cooler's set-point for @celsius by degCtoDAC, kept within 12 bits.
 * Returns: FALSE when the coefficients are those of a board that was never calibrated or give no
 * number. */
gboolean cel_wasatch_tec_raw(const double deg_c_to_dac[3], double celsius, guint16 *out_raw);

/** CelWasatchModulation: how the laser's power is set; width_us is never 0. */
typedef struct {
    guint width_us;     /* of CEL_WASATCH_MOD_PERIOD_US */
    gboolean modulated; /* FALSE: continuous, full power */
} CelWasatchModulation;

/** cel_wasatch_modulation: @percent of full power. Returns: FALSE when that is no number, negative,
 * or so little that the pulse would have no width, which must never turn into full power. */
gboolean cel_wasatch_modulation(double percent, CelWasatchModulation *out);

/** cel_wasatch_watchdog_s: the time for a laser watchdog that must not bark before @longest_ms,
 * whichever byte order the firmware reads it in (the maker's programs disagree): below 256 s the
 * other order is longer, above it a value of two equal bytes is taken. */
guint16 cel_wasatch_watchdog_s(guint longest_ms);

/** cel_wasatch_watchdog_agrees: is the read-back the same two bytes, in either order? */
gboolean cel_wasatch_watchdog_agrees(guint16 sent_s, const guint8 *data, gsize n);

/* ---- one frame ---- */

/** CelWasatchFramePart: bytes that come from one endpoint. */
typedef struct {
    guint8 endpoint;
    gsize n_bytes;
} CelWasatchFramePart;

/** CelWasatchLayout: how a frame of n_pixels comes: 2048 pixels of an FX2 board in two halves from
 * two endpoints, all others from one. */
typedef struct {
    gsize n_pixels;
    guint n_parts;
    CelWasatchFramePart parts[2];
} CelWasatchLayout;

/** cel_wasatch_layout: @n_pixels: 1..CEL_WASATCH_MAX_PIXELS. */
CelWasatchLayout cel_wasatch_layout(gsize n_pixels, gboolean is_arm);

/** cel_wasatch_frame_decode: little endian 16-bit pixels. Returns: FALSE when @n is not exactly two
 * bytes a pixel: such a frame is dropped, never shifted. */
gboolean cel_wasatch_frame_decode(const guint8 *data, gsize n, gsize n_pixels, double *out_counts);

/** CelWasatchCorrection: what the maker's programs do to every frame, in their order; everything
 * can be undone from the notes but what was clamped. */
typedef struct {
    gboolean even_odd; /* odd pixels: out of the even amplifier's gain and offset into their own */
    double gain, offset, gain_odd, offset_odd;
    gboolean invert;          /* the detector is mounted the other way round */
    gboolean bin;             /* mean of each pixel with its right neighbour; the last as it is */
    double saturation_counts; /* such samples stay full, whatever they meet */
} CelWasatchCorrection;

/** cel_wasatch_frame_correct: in place. */
void cel_wasatch_frame_correct(const CelWasatchCorrection *correction, double *counts, gsize n);

/** cel_wasatch_frame_is_flat: all pixels equal and not full: what an IMX sensor sends when it has
 * nothing. */
gboolean cel_wasatch_frame_is_flat(const double *counts, gsize n, double saturation_counts);

/** CelWasatchWait: what the longest time until a frame depends on. */
typedef struct {
    gboolean is_imx;   /* such a sensor may run 8 frames before one comes */
    gboolean is_first; /* and sleeps before the first */
    guint integration_ms;
    guint previous_ms; /* the integration time before */
    guint n_open;      /* devices open on the bus: they slow each other */
} CelWasatchWait;

/** cel_wasatch_frame_timeout_ms: from ACQUIRE to the end of the frame. */
guint cel_wasatch_frame_timeout_ms(const CelWasatchWait *wait);

G_END_DECLS
