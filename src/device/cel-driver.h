/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-clock.h"
#include "base/cel-job.h"
#include "base/cel-param.h"
#include "spectrum/cel-measurement.h"

G_BEGIN_DECLS

/* What a driver must implement. The contract lies with its consumer; drivers/ fills it. */

typedef enum {
    CEL_LASER_OFF_READ_BACK, /* off, and the instrument confirmed it */
    CEL_LASER_OFF_COMMANDED, /* off was commanded, this instrument cannot confirm */
    CEL_LASER_ON,
    CEL_LASER_UNKNOWN, /* treat as on */
} CelLaserState;

/** cel_laser_state_text: Returns: msgid: "off (read back)", "off (commanded, this instrument cannot
 * confirm)", "ON", "UNKNOWN: treat as on". */
const char *cel_laser_state_text(CelLaserState state);

/** CelLaserKind: who switches the laser. An external one is never shown as off. */
typedef enum {
    CEL_LASER_BUILT_IN, /* this driver switches it */
    CEL_LASER_EXTERNAL, /* fed by another device that this driver does not control */
    CEL_LASER_NONE,     /* no laser: a plain spectrograph */
} CelLaserKind;

/** CelCapabilities: what this one unit can do and how its laser is labelled, as its EEPROM or the
 * driver's table of models says; 0 and "" when not known. A power that can be set needs its limits.
 */
typedef struct {
    CelLaserKind laser;
    gboolean laser_mw_settable;
    double laser_mw_min, laser_mw_max, laser_mw_default; /* mW at the sample, nominal */
    char laser_class[16];                                /* as labelled on the unit: "3B" */
    char eyewear[96]; /* what the maker asks for: "OD 6+ at 785 nm" */
} CelCapabilities;

/** CEL_FRAME_NUMBER_NONE: for instruments that do not number their frames. */
#define CEL_FRAME_NUMBER_NONE G_MAXUINT64

/** CelDeviceInfo: one instrument that is present. */
typedef struct {
    char id[96]; /* "simulated:0" ; what --device takes */
    CelInstrument instrument;
    double laser_nm;   /* 0: none or external */
    gboolean may_open; /* permission */
    char why_not[160]; /* what to do when it may not be opened */
} CelDeviceInfo;

/** CelSession: an open instrument; private to its driver. */
typedef struct CelSession CelSession;

/** CelExposure: what the instrument is asked to do for one frame. */
typedef struct {
    double integration_ms;
    gboolean laser_on;
    double laser_mw; /* 0: the instrument's default */
} CelExposure;

/** CelDriver: one family of instruments; slots that may be NULL are marked. After open() all slots
 * of one session are called from one thread at a time, never two at once. What an instrument says
 * of itself may be nonsense: cel_device_open() checks it before anyone relies on it. */
typedef struct CelDriver {
    const char *id;            /* "simulated" */
    const char *title;         /* msgid */
    const CelParamDef *params; /* settings for open(), as for a processing step */
    gsize n_params;
    /** scan: appends a CelDeviceInfo for every instrument present. */
    void (*scan)(GArray *out_infos);
    /** open: @info: from scan; @params: (nullable). Returns: (transfer full), or NULL with
     * CEL_ERROR_DEVICE; the laser is off. */
    CelSession *(*open)(const CelDeviceInfo *info, const CelParams *params, GError **error);
    /** close: laser off first; never fails. */
    void (*close)(CelSession *session);
    /** describe: fills instrument and calibration, from the instrument itself. */
    void (*describe)(CelSession *session, CelInstrument *out_instrument,
                     CelCalibration *out_calibration);
    /** capabilities: (nullable): then a built-in laser of unknown, fixed power. */
    void (*capabilities)(CelSession *session, CelCapabilities *out_capabilities);
    /** n_pixels, integration limits in ms. */
    gsize (*n_pixels)(CelSession *session);
    void (*integration_range)(CelSession *session, double *out_min_ms, double *out_max_ms);
    /** expose: one frame of n_pixels counts; blocks until read or @cancel, and comes back within
     * 50 ms of a cancel. Bounded in time by the driver: an instrument that does not answer is an
     * error. The laser may stay on after a frame with it, until a frame without or laser_off(). A
     * laser that was asked for and cannot fire (interlock, key) is an error, never a dark frame. On
     * any failure the laser is off before it returns, as far as the hardware obeys.
     * @out_frame_number: rises by one a frame, or CEL_FRAME_NUMBER_NONE. @cancel: (nullable).
     * Returns: FALSE with CEL_ERROR_DEVICE or CEL_ERROR_CANCELLED. */
    gboolean (*expose)(CelSession *session, const CelExposure *exposure, double *out_counts,
                       guint64 *out_frame_number, GCancellable *cancel, GError **error);
    /** laser: never a better state than the hardware gives. */
    CelLaserState (*laser)(CelSession *session);
    /** laser_off: never fails to try; Returns: the state after. */
    CelLaserState (*laser_off)(CelSession *session);
    /** temperature: (nullable): detector, degrees C. Returns: FALSE when not available. */
    gboolean (*temperature)(CelSession *session, double *out_celsius);
} CelDriver;

G_END_DECLS
