/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/cel-transport.h"

G_BEGIN_DECLS

/*
 * A recording: what a driver asked of an instrument and what came back, as text that people can
 * read, compare and write by hand. docs/drivers.md tells the format; this is its one reader and
 * its one writer.
 */

enum {
    CEL_RECORDING_MAX_BYTES = 64 << 20, /* of text */
    CEL_RECORDING_MAX_DATA = 1 << 20,   /* bytes of one exchange */
};

/** CelRecordKind: what a line tells. */
typedef enum {
    CEL_RECORD_CONTROL, /* a request with its answer */
    CEL_RECORD_BULK,    /* likewise */
    CEL_RECORD_CLEAR,   /* a halt cleared */
    CEL_RECORD_RESET,
    CEL_RECORD_OPEN,
    CEL_RECORD_CLOSE,
    CEL_RECORD_WAIT,   /* the driver let @n milliseconds pass */
    CEL_RECORD_TIME,   /* the clock, as the driver was told it */
    CEL_RECORD_RANDOM, /* chance, likewise */
} CelRecordKind;

/** CEL_RECORD_OK: no CelTransportError. */
enum { CEL_RECORD_OK = -1 };

/** CelRecordEvent: one of them; unused fields are 0. */
typedef struct {
    CelRecordKind kind;
    guint line; /* of the text, from 1 */
    CelControl setup;
    guint8 endpoint;
    gsize n;     /* bytes asked for, or sent; ms of a wait */
    gsize sent;  /* where in CelRecording.bytes they begin, when sent to the device */
    int code;    /* CEL_RECORD_OK or the CelTransportError it ended with */
    gsize reply; /* where what came back begins */
    gsize n_reply;
    gint64 time_us; /* since the start of the recording */
    guint32 random;
} CelRecordEvent;

/** CelRecording: a whole one. */
typedef struct {
    guint16 vendor, product;
    gboolean high_speed;
    guint16 packet_bytes[256]; /* by endpoint, 0: there is none */
    GArray *events;            /* (element-type CelRecordEvent) */
    GByteArray *bytes;
} CelRecording;

/** cel_recording_sends: Returns: whether @event is a request whose data go to the device. */
gboolean cel_recording_sends(const CelRecordEvent *event);

/** cel_recording_parse: @text: @n bytes from outside, hostile. Returns: (transfer full), or NULL
 * with CEL_ERROR_INPUT that names the line. Pure. */
CelRecording *cel_recording_parse(const char *text, gsize n, GError **error);

/** cel_recording_free: @recording: (nullable) (transfer full). */
void cel_recording_free(CelRecording *recording);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelRecording, cel_recording_free)

/** cel_recording_print_head: the lines every recording begins with. */
void cel_recording_print_head(GString *text, const CelUsbPresent *present, gboolean high_speed);

/** cel_recording_print_endpoint: @packet_bytes: wMaxPacketSize. */
void cel_recording_print_endpoint(GString *text, guint8 endpoint, gsize packet_bytes);

/** cel_recording_print: appends @event; its places are in @bytes (nullable when it has none). */
void cel_recording_print(GString *text, const CelRecordEvent *event, const guint8 *bytes);

/** cel_recording_code_word: Returns: "ok", "timeout", "stall", ... */
const char *cel_recording_code_word(int code);

G_END_DECLS
