/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ocean/ocean-models.h"

G_BEGIN_DECLS

/*
 * "Ocean Binary Protocol" (OBP): messages to bytes and back, pure. A message is a header of 44
 * bytes, a payload, 16 bytes of checksum and a footer of 4, little endian. Everything here is
 * thread-safe.
 * Source: pyseabreeze (protocol.py, features), libseabreeze (OBPMessage.cpp, OBPMessageTypes.h).
 */

enum {
    CEL_OBP_HEADER_BYTES = 44,
    CEL_OBP_LEAST_BYTES = 64, /* a message without payload */
    CEL_OBP_IMMEDIATE_BYTES = 16,
};

/** CelObpFlags: bits of a header. */
enum {
    CEL_OBP_RESPONSE = 0x01,
    CEL_OBP_ACK = 0x02,
    CEL_OBP_ACK_REQUESTED = 0x04,
    CEL_OBP_NACK = 0x08,
    CEL_OBP_EXCEPTION = 0x10, /* of the hardware */
    CEL_OBP_DEPRECATED = 0x20,
};

/** Error codes that the driver acts on. */
enum {
    CEL_OBP_NOT_READY = 7,
    CEL_OBP_NO_SUCH_VALUE = 12,
    CEL_OBP_DEFERRED = 255, /* no failure: the answer comes later */
};

typedef enum {
    CEL_OBP_HARDWARE_REVISION = 0x00000080,
    CEL_OBP_FIRMWARE_REVISION = 0x00000090,
    CEL_OBP_SERIAL = 0x00000100,
    CEL_OBP_ABORT = 0x00100000,
    CEL_OBP_CLEAR_BUFFER = 0x00100830,
    CEL_OBP_INTEGRATION_MIN = 0x00110001,
    CEL_OBP_INTEGRATION_MAX = 0x00110002,
    CEL_OBP_SET_INTEGRATION = 0x00110010,
    CEL_OBP_SET_TRIGGER = 0x00110110,
    CEL_OBP_N_PIXELS = 0x00110220,
    CEL_OBP_LAMP = 0x00110410, /* the lamp enable ("strobe") line */
    CEL_OBP_N_WAVELENGTH = 0x00180100,
    CEL_OBP_WAVELENGTH = 0x00180101,
    CEL_OBP_N_NONLINEARITY = 0x00181100,
    CEL_OBP_NONLINEARITY = 0x00181101,
    CEL_OBP_TEMPERATURE = 0x00420004,
} CelObpType;

/** CelObpMessage: one message; @data is borrowed from where it was read. */
typedef struct {
    guint16 flags, error;
    guint32 type;
    guint32 regarding;  /* the device repeats that of the question */
    const guint8 *data; /* immediate data or payload */
    gsize n;
} CelObpMessage;

/**
 * cel_obp_write:
 * @message: @error is not used; up to 16 bytes go as immediate data, more as payload
 * @out: room for @capacity bytes
 * No checksum: the makers' own programs send none either.
 * Returns: how many bytes were written, 0 when there is not room enough.
 */
gsize cel_obp_write(const CelObpMessage *message, guint8 *out, gsize capacity);

/**
 * cel_obp_total:
 * @bytes: the first @n bytes of a message, at least CEL_OBP_HEADER_BYTES
 * @out_total: how long the whole is, CEL_OBP_LEAST_BYTES..@most
 * Returns: FALSE with CEL_ERROR_DEVICE when it is not the start of a message or is longer than
 *   @most.
 */
gboolean cel_obp_total(const guint8 *bytes, gsize n, gsize most, gsize *out_total, GError **error);

/** cel_obp_read: reads one whole message of @n bytes, its checksum included when it has one.
 * Returns: FALSE with CEL_ERROR_DEVICE; a message that reports an error is read all the same. */
gboolean cel_obp_read(const guint8 *bytes, gsize n, CelObpMessage *out_message, GError **error);

/** cel_obp_is_refusal: Returns: TRUE when @message says that its question failed. */
gboolean cel_obp_is_refusal(const CelObpMessage *message);

/** cel_obp_error_text: Returns: msgid: what an error code means. */
const char *cel_obp_error_text(guint16 error);

/** cel_obp_u8, _u16, _u32, _f32: the one value of @message. Returns: FALSE, with 0, when its length
 * is another one; no floating point value that is not finite. */
gboolean cel_obp_u8(const CelObpMessage *message, guint8 *out_value);
gboolean cel_obp_u16(const CelObpMessage *message, guint16 *out_value);
gboolean cel_obp_u32(const CelObpMessage *message, guint32 *out_value);
gboolean cel_obp_f32(const CelObpMessage *message, double *out_value);

/** cel_obp_text: @out: (out): the printable ASCII of @message up to the first NUL, cut to
 * @out_size, without blanks around it. */
void cel_obp_text(const CelObpMessage *message, char *out, gsize out_size);

/** CelObpMetadata: what stands before the pixels of a QE Pro. The layout is second-hand (an
 * independent driver, not the maker): it is believed only where @integration_us fits. */
typedef struct {
    guint32 count;
    guint64 ticks_us;
    guint32 integration_us;
} CelObpMetadata;

/**
 * cel_obp_frame:
 * @message: the answer to @model->spectrum_message
 * @out_counts: (out): @model->n_pixels counts
 * @out_metadata: (out): zeroed for models without
 * Returns: FALSE with CEL_ERROR_DEVICE when the payload is not exactly metadata and pixels.
 */
gboolean cel_obp_frame(const CelObpMessage *message, const CelOceanModel *model, double *out_counts,
                       CelObpMetadata *out_metadata, GError **error);

/** cel_obp_blank_serial: overwrites the serial number with "X" when @data is an answer to
 * CEL_OBP_SERIAL, or the piece after its first packet; its checksum then fits no more and is
 * switched off. */
void cel_obp_blank_serial(guint8 *data, gsize n);

G_END_DECLS
