/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-clock.h"
#include "base/cel-job.h"
#include "base/cel-param.h"
#include "spectrum/cel-measurement.h"

G_BEGIN_DECLS

/* What a driver must implement. The contract lies with its consumer; drivers/ fills it. */

typedef enum {
    CEL_LASER_OFF_READ_BACK,  /* off, and the instrument confirmed it */
    CEL_LASER_OFF_COMMANDED,  /* off was commanded, this instrument cannot confirm */
    CEL_LASER_ON,
    CEL_LASER_UNKNOWN,        /* treat as on */
} CelLaserState;

/** cel_laser_state_text: Returns: msgid: "off (read back)", "off (commanded, this instrument cannot
 * confirm)", "ON", "UNKNOWN: treat as on". */
const char *cel_laser_state_text(CelLaserState state);

/** CelDeviceInfo: one instrument that is present. */
typedef struct {
    char id[96];          /* "simulated:0" ; what --device takes */
    CelInstrument instrument;
    double laser_nm;      /* 0: none or external */
    gboolean may_open;    /* permission */
    char why_not[160];    /* what to do when it may not be opened */
} CelDeviceInfo;

/** CelSession: an open instrument; private to its driver. */
typedef struct CelSession CelSession;

/** CelExposure: what the instrument is asked to do for one frame. */
typedef struct {
    double integration_ms;
    gboolean laser_on;
    double laser_mw; /* 0: the instrument's default */
} CelExposure;

/** CelDriver: one family of instruments; slots that may be NULL are marked. */
typedef struct CelDriver {
    const char *id;     /* "simulated" */
    const char *title;  /* msgid */
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
    /** n_pixels, integration limits in ms. */
    gsize (*n_pixels)(CelSession *session);
    void (*integration_range)(CelSession *session, double *out_min_ms, double *out_max_ms);
    /** expose: one frame of n_pixels counts; blocks until read or @cancel. On any failure the laser is
     * off before it returns. Returns: FALSE with CEL_ERROR_DEVICE or CEL_ERROR_CANCELLED. */
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
