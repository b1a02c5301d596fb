/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "simusb-camera.h"
#include "simusb-model.h"

G_BEGIN_DECLS

/* Firmware of simulated units that speak the Ocean Binary Protocol (messages of 64 bytes and more);
 * written from the public facts alone, apart from the driver. */

/** SimObpDetails: of one model. */
typedef struct {
    SimUsbOptics optics;
    const char *name;      /* in the device string, after CELADON-SIM */
    guint32 spectrum_type; /* the message that asks for a frame */
    guint metadata_bytes;  /* before the pixels */
    guint pixel_bytes;     /* 2 or 4 */
    gboolean buffered;     /* runs by itself and keeps frames; the oldest is given first */
    gboolean free_running; /* runs by itself and gives the frame in progress */
    gboolean cooled;
    guint32 integration_us[2];
    guint8 in; /* endpoint of all answers */
} SimObpDetails;

/** SimObpError: in the header's error field. */
typedef enum {
    SIMOBP_OK = 0,
    SIMOBP_PROTOCOL = 1,
    SIMOBP_UNKNOWN_TYPE = 2,
    SIMOBP_CHECKSUM = 3,
    SIMOBP_LENGTH = 5,
    SIMOBP_DATA = 6,
    SIMOBP_NO_SUCH_VALUE = 12,
    SIMOBP_DEFERRED = 255,
} SimObpError;

/** SimObpMessage: one message; @data is borrowed. */
typedef struct {
    guint16 flags, error;
    guint32 type, regarding;
    const guint8 *data; /* immediate or payload */
    gsize n;
} SimObpMessage;

enum { SIMOBP_RESPONSE = 1, SIMOBP_ACK = 2, SIMOBP_ACK_REQUESTED = 4, SIMOBP_NACK = 8 };

/** simobp_message_write: Returns: (transfer full): its bytes, 64 or more; no checksum. */
GByteArray *simobp_message_write(const SimObpMessage *message);

/** simobp_message_read: @out: points into @bytes. Returns: SIMOBP_OK or what is wrong. */
SimObpError simobp_message_read(const guint8 *bytes, gsize n, SimObpMessage *out);

G_END_DECLS
