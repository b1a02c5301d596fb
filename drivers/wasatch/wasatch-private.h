/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wasatch/wasatch-eeprom.h"
#include "wasatch/wasatch-models.h"

#include "device/cel-driver.h"

G_BEGIN_DECLS

/* Shared by the files of this driver only. */

/** CelWasatchLaser: what was commanded and what came of it. */
typedef struct {
    CelLaserKind kind;
    gboolean is_read_back; /* what the board says of its laser is to be trusted */
    gboolean interlock_readable;
    guint warning_delay_s;
    gboolean is_armed;
    gboolean may_be_on;  /* "on" was sent after the last "off" that was taken */
    CelLaserState state; /* what the last exchange gave */
    gint64 asked_us;     /* when the board was last asked: not faster than 100 Hz */
    gboolean has_answer; /* since then no command was sent: @state is what it said */
} CelWasatchLaser;

/** CelWasatchCamera: what the detector was told and what it still owes. */
typedef struct {
    CelWasatchLayout layout;
    CelWasatchCorrection correction;
    guint8 *bytes;        /* one frame */
    guint integration_ms; /* 0: not known */
    guint previous_ms;
    gint64 frame_us;      /* when the last frame came, 0: none yet */
    guint n_owed;         /* exposures that were started and whose frame did not come */
    gint64 owed_until_us; /* after that it does not come any more */
} CelWasatchCamera;

struct CelSession {
    CelTransport *transport;
    const CelWasatchBoard *board;
    const CelWasatchDetector *detector;
    CelWasatchEeprom eeprom;
    gboolean is_xs;
    gboolean is_gone;
    char firmware[32], fpga[16];
    double initial_percent; /* of full power, where no power can be set in mW */
    GPtrArray *notes;       /* (element-type utf8) */
    CelWasatchLaser laser;
    CelWasatchCamera camera;
    gboolean has_celsius;
    double celsius;
    gint64 celsius_us; /* when it was read: not faster than 10 Hz */
};

/* ---- wasatch-io.c ---- */

/** cel_wasatch_note: remembers what the record of a measurement should say of this unit. */
void cel_wasatch_note(CelSession *s, const char *format, ...) G_GNUC_PRINTF(2, 3);

/** cel_wasatch_send: one try. On an ARM board a STALL does not say that the command failed: it is
 * CEL_TRANSPORT_ERROR_STALL and the caller asks with the getter. */
gboolean cel_wasatch_send(CelSession *s, const CelWasatchRequest *request,
                          const CelTransfer *limits, GError **error);

/** cel_wasatch_ask: the number in the answer to @opcode; three tries 5 ms apart, for the unit's
 * parts collide on their own wires. Too short an answer is CEL_TRANSPORT_ERROR_IO. */
gboolean cel_wasatch_ask(CelSession *s, CelWasatchOpcode opcode, const CelTransfer *limits,
                         guint64 *out_value, GError **error);

/** cel_wasatch_ask_bytes: the same for answers that are no number. */
gboolean cel_wasatch_ask_bytes(CelSession *s, CelWasatchRequest *request, const CelTransfer *limits,
                               gsize *out_n, GError **error);

/** CelWasatchSetting: a value, how it is set, and how it is read back. */
typedef struct {
    CelWasatchRequest request;
    CelWasatchOpcode getter;
    guint64 value;
} CelWasatchSetting;

/** cel_wasatch_set_and_check: sent, read back, sent once more when that differs. Returns: FALSE
 * with CEL_TRANSPORT_ERROR, or CEL_ERROR_DEVICE for another value. */
gboolean cel_wasatch_set_and_check(CelSession *s, const CelWasatchSetting *setting,
                                   const CelTransfer *limits, GError **error);

/** cel_wasatch_set_loosely: sent; on an ARM board's STALL the getter decides. */
gboolean cel_wasatch_set_loosely(CelSession *s, const CelWasatchSetting *setting,
                                 const CelTransfer *limits, GError **error);

/** cel_wasatch_patience: Returns: the limits of an ordinary transfer on endpoint 0. */
CelTransfer cel_wasatch_patience(GCancellable *cancel);

/* ---- wasatch-acquire.c ---- */

/** cel_wasatch_set_up_camera: the layout, the corrections; no exchange. */
void cel_wasatch_set_up_camera(CelSession *s);

/** cel_wasatch_flush: throws away what lies in the endpoints, @quiet_ms of silence end it. */
gboolean cel_wasatch_flush(CelSession *s, guint quiet_ms, GCancellable *cancel, GError **error);

/** cel_wasatch_bad_pixels: fills @out with the capability's pixels. */
void cel_wasatch_bad_pixels(const CelSession *s, CelCapabilities *out);

/** cel_wasatch_expose, cel_wasatch_drain: the slots. */
gboolean cel_wasatch_expose(CelSession *s, const CelExposure *exposure, double *out_counts,
                            guint64 *out_frame_number, GCancellable *cancel, GError **error);
gboolean cel_wasatch_drain(CelSession *s, GCancellable *cancel, GError **error);

/* ---- wasatch-laser.c ---- */

/** cel_wasatch_first_off: before anything else is asked; patient. Returns: FALSE with
 * CEL_TRANSPORT_ERROR when the command was not taken. */
gboolean cel_wasatch_first_off(CelSession *s, GCancellable *cancel, GError **error);

/** cel_wasatch_set_up_laser: what kind it is and what it can tell; a few exchanges. */
void cel_wasatch_set_up_laser(CelSession *s, gint attenuator);

/** cel_wasatch_laser_can_fire: Returns: FALSE with CEL_ERROR_DEVICE when the interlock is readable
 * and open, or does not answer. */
gboolean cel_wasatch_laser_can_fire(CelSession *s, GCancellable *cancel, GError **error);

/** cel_wasatch_laser_shown: the last known state, as far as this laser's state can be known. */
CelLaserState cel_wasatch_laser_shown(const CelSession *s);

/** cel_wasatch_laser_capabilities: fills the laser's part. */
void cel_wasatch_laser_capabilities(const CelSession *s, CelCapabilities *out);

/** cel_wasatch_laser_arm and the others: the slots. */
gboolean cel_wasatch_laser_arm(CelSession *s, const CelLaserRequest *request, GError **error);
gboolean cel_wasatch_laser_on(CelSession *s, GCancellable *cancel, GError **error);
CelLaserState cel_wasatch_laser(CelSession *s);
CelLaserState cel_wasatch_laser_off(CelSession *s, GCancellable *cancel);
void cel_wasatch_laser_gate(CelSession *s, CelLaserGate *out_gate);

G_END_DECLS
