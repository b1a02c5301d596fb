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

/** simobp_message_number: Returns: the first four bytes of its data, little endian. */
guint32 simobp_message_number(const SimObpMessage *message);

/** simobp_message_real: Returns: them as an IEEE single. */
double simobp_message_real(const SimObpMessage *message);

enum { SIMOBP_MOST_BUFFERED = 1000 };

/** SimObpBuffered: one exposure that is over and waits in the unit's memory. */
typedef struct {
    gint64 start_us, exposed_us;
} SimObpBuffered;

/** SimObp: the firmware's state; shared by simusb-obp.c and simusb-obp-unit.c. */
typedef struct {
    SimUsbBoard *board;
    const SimUsbModel *model;
    const SimObpDetails *details;
    SimUsbCamera *camera;
    char serial[16];
    double wavelength[SIMUSB_N_COEFFICIENTS];
    guint8 n_wavelength;
    gboolean running; /* by itself */
    gint64 run_us;    /* when the exposure in progress began */
    GArray *buffer;
    guint buffer_size;
    gboolean buffering;
    GArray *requests; /* of guint32: the "regarding" of each that waits for a frame */
    gboolean lamp, gate, tec;
    guint8 trigger_mode;
    double setpoint_celsius, ambient_celsius;
    guint32 n_spectra;
} SimObp;

/** simobp_start_running: the detector runs by itself from now on. */
void simobp_start_running(SimObp *obp);

/** simobp_abort_acquisition: stops it, and forgets who waits for a frame. */
void simobp_abort_acquisition(SimObp *obp);

/** simobp_update_light: makes the light what lamp line, gate and interlock say. */
void simobp_update_light(SimObp *obp);

/** simobp_classify, simobp_perform, simobp_due_us, simobp_advance: slots of the family. */
SimUsbEvent simobp_classify(SimUsbFirmware *firmware, const SimUsbRequest *request);
int simobp_perform(SimUsbFirmware *firmware, SimUsbRequest *request);
gint64 simobp_due_us(SimUsbFirmware *firmware);
void simobp_advance(SimUsbFirmware *firmware);

G_END_DECLS
