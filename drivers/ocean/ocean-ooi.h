/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ocean/ocean-models.h"

G_BEGIN_DECLS

/*
 * The older Ocean Optics protocol ("OOI"): bytes to values and back, pure. Commands are bulk
 * packets of one opcode and its argument, little endian. Everything here is thread-safe.
 * Source: pyseabreeze (protocol.py, features), libseabreeze (protocols/ooi), Apex and Flame-S data
 * sheets for opcode FE.
 */

typedef enum {
    CEL_OOI_INITIALISE = 0x01,  /* first of all; 100 ms of rest after it */
    CEL_OOI_INTEGRATION = 0x02, /* u32, in the model's unit */
    CEL_OOI_LAMP = 0x03,        /* u16: the lamp enable ("strobe") line: 0 low, 1 high */
    CEL_OOI_SLOT = 0x05,        /* u8: a stored text is asked for */
    CEL_OOI_SPECTRUM = 0x09,
    CEL_OOI_TRIGGER = 0x0A,  /* u16: 0 normal */
    CEL_OOI_REGISTER = 0x6B, /* u8: an FPGA register is asked for */
    CEL_OOI_TEMPERATURE = 0x72,
    CEL_OOI_STATUS = 0xFE,
} CelOoiOpcode;

enum {
    CEL_OOI_INITIALISE_MS = 100,
    CEL_OOI_SLOT_BYTES = 17, /* opcode, slot, 15 characters */
    CEL_OOI_REGISTER_BYTES = 3,
    CEL_OOI_TEMPERATURE_BYTES = 2,
    CEL_OOI_STATUS_BYTES = 16,
    CEL_OOI_SYNC = 0x69, /* ends a frame */

    CEL_OOI_SLOT_SERIAL = 0,
    CEL_OOI_SLOT_WAVELENGTH = 1, /* to 4: nm per pixel^0 to pixel^3 */
    CEL_OOI_N_WAVELENGTH = 4,
    CEL_OOI_SLOT_NONLINEARITY = 6, /* to 13 */
    CEL_OOI_SLOT_NONLINEARITY_ORDER = 14,
    CEL_OOI_SLOT_SATURATION = 17, /* not text */

    CEL_OOI_REGISTER_VERSION = 0x04,
};

/** CelOoiCommand: one packet to the command endpoint. */
typedef struct {
    guint8 bytes[8];
    gsize n;
} CelOoiCommand;

/** cel_ooi_command: Returns: @opcode with as much of @argument as it takes. */
CelOoiCommand cel_ooi_command(CelOoiOpcode opcode, guint32 argument);

/** cel_ooi_slot_text: @out: (out): the text of @slot, printable ASCII without blanks around it.
 * Returns: FALSE when @answer is not the answer to that question (an older one) or is cut off. */
gboolean cel_ooi_slot_text(const guint8 *answer, gsize n, guint8 slot, char out[16]);

/** cel_ooi_number: reads a stored number: decimal point or comma, whatever the locale. Returns:
 * FALSE, @out_value untouched, when @text is no finite number within +-@limit. */
gboolean cel_ooi_number(const char *text, double limit, double *out_value);

/**
 * cel_ooi_saturation:
 * @answer: @n bytes: the whole answer for CEL_OOI_SLOT_SATURATION
 * @out_scale: by how much counts are multiplied so that a full detector gives @model->full_scale;
 *   1 where nothing is programmed
 * Returns: FALSE when it is not that answer.
 */
gboolean cel_ooi_saturation(const guint8 *answer, gsize n, const CelOceanModel *model,
                            double *out_scale);

/** CelOoiStatus: what opcode FE tells. */
typedef struct {
    guint n_pixels;
    guint32 integration; /* in the model's unit */
    gboolean lamp_on;    /* the lamp enable bit as set, no read-back of a laser */
    gboolean is_high_speed;
} CelOoiStatus;

/** cel_ooi_status: Returns: FALSE when @answer is not one: wrong length, unknown speed. */
gboolean cel_ooi_status(const guint8 *answer, gsize n, CelOoiStatus *out);

/** cel_ooi_register: Returns: FALSE when @answer is not that of register @number. */
gboolean cel_ooi_register(const guint8 *answer, gsize n, guint8 number, guint16 *out_value);

/** CelOoiVersion: of the FPGA, from register 4. */
typedef struct {
    guint major, minor, patch;
} CelOoiVersion;

/** cel_ooi_version: Returns: the parts of register 4: bits 12-15, 4-11, 0-3. */
CelOoiVersion cel_ooi_version(guint16 value);

/** cel_ooi_temperature: @out_celsius: of the detector. Returns: FALSE when @answer is not one:
 * wrong length, outside of -100..100 degrees C. */
gboolean cel_ooi_temperature(const guint8 *answer, gsize n, double *out_celsius);

/**
 * cel_ooi_frame:
 * @bytes: @n bytes as they came, of all endpoints in order
 * @scale: from cel_ooi_saturation()
 * @out_counts: (out): @model->n_pixels counts, at most @model->full_scale
 * Returns: FALSE with CEL_ERROR_DEVICE when the frame is short, long or not in step (no sync byte).
 */
gboolean cel_ooi_frame(const guint8 *bytes, gsize n, const CelOceanModel *model, double scale,
                       double *out_counts, GError **error);

/** cel_ooi_blank_serial: overwrites the serial number with "X" when @data is the answer for slot
 * 0. */
void cel_ooi_blank_serial(guint8 *data, gsize n);

G_END_DECLS
