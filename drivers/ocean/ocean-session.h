/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/cel-driver.h"
#include "ocean/ocean-models.h"

G_BEGIN_DECLS

/* An open unit, shared by the driver and the exchanges of its two protocols only. */

enum {
    CEL_OCEAN_ANSWER_MS = 1000, /* for whatever is not a frame */
    CEL_OCEAN_FRAME_MS = 2000,  /* for a frame, beyond its integration time */
    CEL_OCEAN_QUIET_MS = 30,    /* nothing came for so long: nothing is under way */
    CEL_OCEAN_SWEEP_MS = 2,     /* likewise, for what must lie ready already */
    CEL_OCEAN_FLUSH_MS = 500,   /* longest time for throwing away what comes */
    CEL_OCEAN_LIGHT_MS = 10,    /* for the laser's on, which no cancel reaches */
    CEL_OCEAN_N_WAVELENGTH = CEL_CALIBRATION_MAX_COEFFICIENTS,
};

/** CelOceanFrame: what one exchange gave. */
typedef struct {
    double *counts;    /* (out): n_pixels */
    gboolean is_stale; /* (out): the unit itself says that it was taken before it was asked for */
} CelOceanFrame;

/** CelOceanLink: the exchanges of one protocol. Every failure is of CEL_TRANSPORT_ERROR or
 * CEL_ERROR; nothing here switches the laser but gate(). */
typedef struct {
    /** start: whatever must come first; also after a hang. */
    gboolean (*start)(CelSession *s, GCancellable *cancel, GError **error);
    /** identify: serial number, what is stored in the unit. */
    gboolean (*identify)(CelSession *s, GCancellable *cancel, GError **error);
    gboolean (*set_integration)(CelSession *s, guint32 integration_us, GCancellable *cancel,
                                GError **error);
    /** sweep: (nullable): throws away what lies ready, before frames of new conditions. */
    gboolean (*sweep)(CelSession *s, GCancellable *cancel, GError **error);
    /** request: asks for a frame. */
    gboolean (*request)(CelSession *s, GCancellable *cancel, GError **error);
    /** receive: waits for that frame, @timeout_ms at most. */
    gboolean (*receive)(CelSession *s, guint timeout_ms, CelOceanFrame *out_frame,
                        GCancellable *cancel, GError **error);
    /** drain: throws away the frame that may still come, @late_ms from now at most. */
    gboolean (*drain)(CelSession *s, guint late_ms, GCancellable *cancel, GError **error);
    /** gate: writes the lamp enable line and waits for no answer. */
    gboolean (*gate)(CelSession *s, gboolean on, const CelTransfer *limits, GError **error);
    /** confirm_gate: has the unit say that it took the line's last state, as far as it can; of a
     * laser that says nothing. */
    gboolean (*confirm_gate)(CelSession *s, gboolean on, GCancellable *cancel, GError **error);
    /** gate_packet: Returns: bytes written to @out (64): the packet that turns the line off. */
    gsize (*gate_packet)(guint8 *out);
    gboolean (*temperature)(CelSession *s, GCancellable *cancel, double *out_celsius,
                            GError **error);
} CelOceanLink;

extern const CelOceanLink cel_ocean_ooi_link, cel_ocean_obp_link;

struct CelSession {
    const CelOceanModel *model;
    const CelOceanLink *link;
    CelTransport *transport;
    CelParams *params;
    gboolean has_gate;  /* the lamp enable line switches the laser */
    CelLaserState gate; /* meaningful with has_gate: there is no read-back */
    gboolean is_armed;
    double laser_mw; /* as set up; 0: not stated */

    /* what the unit said of itself */
    char serial[64], firmware[64];
    const char *name;
    guint n_wavelength;
    double wavelength[CEL_OCEAN_N_WAVELENGTH]; /* nm per pixel^k; NAN: stored as no number */
    guint n_nonlinearity;
    double nonlinearity[CEL_MAX_NONLINEARITY];
    double scale; /* of counts, OOI */
    double integration_us[2];
    gboolean is_high_speed;

    /* what is under way */
    gboolean gone;
    gboolean answered;     /* since it was opened or reset */
    guint32 setting_us;    /* the integration time in force; 0: not known */
    guint32 previous_us;   /* of a frame that may still be under way */
    gboolean is_unsettled; /* after a failure: something may still come */
    gboolean was_stalled;  /* an endpoint refuses until it is cleared */
    gint64 begins_us;      /* a frame may have begun then: the one before came, and neither laser
                               nor settings were touched since; 0: not before it is asked for */
    gint64 frame_until_us; /* a requested frame comes until then; 0: none is under way */
    guint n_early, n_failures; /* frames dropped, exposures failed since it was opened */
    GPtrArray *notes;          /* of the last notes() */
    guint n_hangs;             /* frames that never came, in a row */

    guint32 question;      /* OBP: number of the last message sent */
    guint64 last_ticks_us; /* OBP: of the last frame */
    gboolean has_last_ticks;
    gboolean may_have_surplus; /* OBP: the last message filled its last packet */
    guint8 *buffer;            /* one frame or message */
    gsize buffer_bytes;
};

/** cel_ocean_send: a packet to the command endpoint. */
gboolean cel_ocean_send(CelSession *s, const guint8 *bytes, gsize n, const CelTransfer *limits,
                        GError **error);

/** cel_ocean_receive: up to @n bytes from @endpoint; @out_n is set on failure, too. An empty packet
 * only ends what came before it and is read over. */
gboolean cel_ocean_receive(CelSession *s, guint8 endpoint, guint8 *out, gsize n,
                           const CelTransfer *limits, gsize *out_n, GError **error);

/** cel_ocean_flush: throws away what comes from @endpoint until nothing came for @limits' time.
 * Returns: FALSE only when the unit is gone or a cancel ended it. */
gboolean cel_ocean_flush(CelSession *s, guint8 endpoint, const CelTransfer *limits, GError **error);

/** cel_ocean_clear_halts: of all endpoints that the model uses. */
gboolean cel_ocean_clear_halts(CelSession *s, GError **error);

/** cel_ocean_switch_off: the line low, confirmed by the unit; on failure its state is UNKNOWN. */
gboolean cel_ocean_switch_off(CelSession *s, GCancellable *cancel, GError **error);

/* Slots of the driver, see CelDriver: ocean-laser.c and ocean-expose.c. */
/** cel_ocean_laser: as CelDriver.laser. */
CelLaserState cel_ocean_laser(CelSession *s);
/** cel_ocean_laser_off: as CelDriver.laser_off. */
CelLaserState cel_ocean_laser_off(CelSession *s, GCancellable *cancel);
/** cel_ocean_laser_arm: as CelDriver.laser_arm. */
gboolean cel_ocean_laser_arm(CelSession *s, const CelLaserRequest *request, GError **error);
/** cel_ocean_laser_on: as CelDriver.laser_on. */
gboolean cel_ocean_laser_on(CelSession *s, GCancellable *cancel, GError **error);
/** cel_ocean_laser_gate: as CelDriver.laser_gate. */
void cel_ocean_laser_gate(CelSession *s, CelLaserGate *out_gate);
/** cel_ocean_expose: as CelDriver.expose. */
gboolean cel_ocean_expose(CelSession *s, const CelExposure *exposure, double *out_counts,
                          guint64 *out_frame_number, GCancellable *cancel, GError **error);
/** cel_ocean_drain: as CelDriver.drain. */
gboolean cel_ocean_drain(CelSession *s, GCancellable *cancel, GError **error);

G_END_DECLS
