/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-clock.h"
#include "base/cel-job.h"
#include "base/cel-param.h"
#include "device/cel-transport.h"
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

/* How long laser_off() may try: once somebody waits for a cancel, and before. */
enum { CEL_LASER_OFF_QUICK_MS = 18, CEL_LASER_OFF_PATIENT_MS = 1000 };

/** CelLaserKind: who switches the laser. An external one is never shown as off. */
typedef enum {
    CEL_LASER_BUILT_IN, /* this driver switches it */
    CEL_LASER_EXTERNAL, /* fed by another device that this driver does not control */
    CEL_LASER_NONE,     /* no laser: a plain spectrograph */
} CelLaserKind;

enum { CEL_MAX_BAD_PIXELS = 64, CEL_MAX_NONLINEARITY = 8 };

/** CelCapabilities: what this one unit can do and how its laser is labelled, as its EEPROM or the
 * driver's table of models says; 0 and "" when not known. A power that can be set needs its limits.
 */
typedef struct {
    CelLaserKind laser;
    gboolean no_light; /* nothing real is emitted: the questions before laser light are not asked */
    gboolean laser_mw_settable;
    double laser_mw_min, laser_mw_max, laser_mw_default; /* mW at the sample, nominal */
    char laser_class[16];                                /* as labelled on the unit: "3B" */
    char eyewear[96];            /* what the maker asks for: "OD 6+ @ 785 nm" */
    guint laser_delay_ms;        /* from the command to light (a warning lamp burns meanwhile) */
    guint laser_warmup_ms;       /* from light to a steady power */
    guint watchdog_max_s;        /* longest time the unit's own watchdog, proven by read-back, lets
                                    the laser burn without the host; 0: none to rely on, so that a
                                    guard process must stand by */
    gboolean interlock_readable; /* laser_arm() can tell an open interlock */

    double integration_step_ms; /* integration times are multiples of it; 0: any time */
    guint discard_after_change; /* frames that still belong to old settings; 0: one */
    guint discard_after_idle;   /* frames to throw away after @idle_ms without an exposure */
    guint idle_ms;
    guint first_frame_extra_ms; /* a sleeping detector takes so much longer once */

    guint16 bad_pixels[CEL_MAX_BAD_PIXELS]; /* indices in the order of the frame */
    guint n_bad_pixels;
    guint16 dark_pixels[2][2]; /* up to two ranges of covered pixels, [first, after last) */
    guint n_dark_ranges;
    double nonlinearity[CEL_MAX_NONLINEARITY]; /* true = counts / sum of c[k] * counts^k */
    guint n_nonlinearity;                      /* 0: not known */
    double linear_max_counts;                  /* above it counts are flagged; 0: not known */
} CelCapabilities;

/** CEL_FRAME_NUMBER_NONE: for instruments that do not number their frames. */
#define CEL_FRAME_NUMBER_NONE G_MAXUINT64

/** CelDeviceInfo: one instrument that is present. */
typedef struct {
    char id[96]; /* "simulated:0" ; what --device takes */
    CelInstrument instrument;
    double laser_nm;   /* 0: none or external */
    CelUsbPresent usb; /* zeroed for instruments without a bus */
    gboolean may_open; /* permission */
    char why_not[160]; /* what to do when it may not be opened */
} CelDeviceInfo;

/** CelSession: an open instrument; private to its driver. */
typedef struct CelSession CelSession;

/** CelExposure: what the instrument is asked to do for one frame. The laser is not switched by it:
 * laser_arm(), laser_on() and laser_off() do that. */
typedef struct {
    double integration_ms;
    gboolean laser_on; /* how the engine has set the laser for this frame */
    double laser_mw;   /* 0: the instrument's default */
} CelExposure;

/** CelLaserRequest: what the laser is asked to do. */
typedef struct {
    double laser_mw;      /* 0: the instrument's default; never more than its limits */
    guint longest_ms;     /* the host's deadline for this light; a watchdog is set no shorter */
    GCancellable *cancel; /* (nullable) */
} CelLaserRequest;

/** CelOpening: what open() is given. */
typedef struct {
    const CelDeviceInfo *info; /* from scan */
    const CelParams *params;   /* of the driver's own table, complete */
    CelBus *bus;               /* (nullable): NULL where there is no bus */
    GCancellable *cancel;      /* (nullable) */
} CelOpening;

/** CelLaserGate: how another process can turn this unit's laser off without its driver. Either one
 * control transfer or one bulk packet; zeroed when there is no such way. */
typedef struct {
    gboolean is_bulk;
    CelControl control; /* with @n zero bytes of data */
    guint8 endpoint;    /* of the bulk packet; the interface must be claimed for it */
    guint8 data[64];
    gsize n;
    CelControl read_back; /* a get whose first byte is 0 when the laser is off; request_type 0: none
                           */
} CelLaserGate;

/** CelDriver: one family of instruments; slots that may be NULL are marked. After open() all slots
 * of one session are called from one thread at a time, never two at once. What an instrument says
 * of itself may be nonsense: cel_device_open() checks it before anyone relies on it. */
typedef struct CelDriver {
    const char *id;            /* "simulated" */
    const char *title;         /* msgid */
    const char *validation;    /* what the driver was proven on: "replay-only", "simulation", or the
                                  hardware; written into every record */
    const CelParamDef *params; /* settings for open(), as for a processing step */
    gsize n_params;
    const CelUsbId *usb_ids; /* (nullable): what it drives; scan and udev rules read this */
    gsize n_usb_ids;
    /** scan: (nullable): appends a CelDeviceInfo for every instrument present; NULL: every device
     * on the bus whose ids stand in @usb_ids, as cel_usb_scan() lists them. */
    void (*scan)(CelBus *bus, GArray *out_infos);
    /** open: identifies the unit and reads what it says of itself; the laser is commanded off
     * first thing, left-over frames are drained. Bounded in time. Returns: (transfer full), or NULL
     * with CEL_ERROR_DEVICE, CEL_ERROR_CANCELLED. */
    CelSession *(*open)(const CelOpening *opening, GError **error);
    /** close: laser off first; never fails. */
    void (*close)(CelSession *session);
    /** describe: fills instrument and calibration, from the instrument itself. */
    void (*describe)(CelSession *session, CelInstrument *out_instrument,
                     CelCalibration *out_calibration);
    /** capabilities: (nullable): then a built-in laser of unknown, fixed power. */
    void (*capabilities)(CelSession *session, CelCapabilities *out_capabilities);
    /** notes: (nullable): Returns: (transfer none) (element-type utf8): what the record must say of
     * this unit: what was repaired or left out of its memory, how its frames are put in order, what
     * it did not take. Until the next call. */
    const GPtrArray *(*notes)(CelSession *session);
    /** n_pixels, integration limits in ms. */
    gsize (*n_pixels)(CelSession *session);
    void (*integration_range)(CelSession *session, double *out_min_ms, double *out_max_ms);
    /** expose: one frame of n_pixels counts; blocks until read or @cancel, and comes back within
     * 50 ms of a cancel, before which the laser-off command has gone out. Bounded in time by the
     * driver: an instrument that does not answer is an error. On any failure the laser is off
     * before it returns, as far as the hardware obeys.
     * @out_frame_number: rises by one a frame, or CEL_FRAME_NUMBER_NONE. @cancel: (nullable).
     * Returns: FALSE with CEL_ERROR_DEVICE or CEL_ERROR_CANCELLED. */
    gboolean (*expose)(CelSession *session, const CelExposure *exposure, double *out_counts,
                       guint64 *out_frame_number, GCancellable *cancel, GError **error);
    /** drain: (nullable): after an expose() that was cancelled or failed: waits for the late frame
     * and throws it away, so that the next one is new; bounded by the longest time that frame can
     * take. @cancel: (nullable). Returns: FALSE with CEL_ERROR_DEVICE, CEL_ERROR_CANCELLED. */
    gboolean (*drain)(CelSession *session, GCancellable *cancel, GError **error);
    /** laser_arm: (nullable together with laser_on, where the laser is not the driver's): power and
     * modulation are programmed with the laser off, interlock and what can be read back are looked
     * at, a watchdog is set and proven. Nothing is emitted. An interlock that is open is an error,
     * never a dark frame. Returns: FALSE with CEL_ERROR_DEVICE or, within 50 ms of a cancel,
     * CEL_ERROR_CANCELLED. */
    gboolean (*laser_arm)(CelSession *session, const CelLaserRequest *request, GError **error);
    /** laser_on: light, after laser_arm(). @cancel: (nullable). Returns: FALSE with
     * CEL_ERROR_DEVICE or, within 50 ms of a cancel, CEL_ERROR_CANCELLED; then the laser was
     * commanded off again. */
    gboolean (*laser_on)(CelSession *session, GCancellable *cancel, GError **error);
    /** laser: never a better state than the hardware gives. */
    CelLaserState (*laser)(CelSession *session);
    /** laser_off: never fails to try, on a bus that does not answer for CEL_LASER_OFF_PATIENT_MS,
     * or CEL_LASER_OFF_QUICK_MS from the moment of a cancel. @cancel: (nullable): it shortens the
     * trying, no more. Returns: the state after. */
    CelLaserState (*laser_off)(CelSession *session, GCancellable *cancel);
    /** laser_gate: (nullable): how the guard process turns this unit's laser off. */
    void (*laser_gate)(CelSession *session, CelLaserGate *out_gate);
    /** temperature: (nullable): detector, degrees C. @cancel: (nullable). Returns: FALSE when not
     * available. */
    gboolean (*temperature)(CelSession *session, GCancellable *cancel, double *out_celsius);
    /** is_gone: (nullable): has the unit left the bus? No I/O. */
    gboolean (*is_gone)(CelSession *session);
    /** blank_serial: (nullable): overwrites serial numbers in the @n bytes @data of an answer to
     * @setup (control) or that came from @endpoint (then @setup is NULL), for recordings that
     * leave the lab. Pure. */
    void (*blank_serial)(const CelControl *setup, guint8 endpoint, guint8 *data, gsize n);
} CelDriver;

/** CelDriverTable: what can be talked to. Plain references; whoever made them keeps them. */
typedef struct {
    const CelDriver *const *drivers;
    gsize n;
    CelBus *bus;               /* (nullable): then only instruments without a bus */
    const char *guard_program; /* (nullable): path of celadon-laserguard; without it no unit that
                                  needs a guard gets laser light */
    const struct CelGuardOps *guard; /* (nullable): what starts it; without it likewise */
} CelDriverTable;

/** cel_usb_scan: appends a CelDeviceInfo, id "DRIVER:BUS-ADDRESS", for every device of @bus
 * (nullable) in @driver's usb_ids. */
void cel_usb_scan(const CelDriver *driver, CelBus *bus, GArray *out_infos);

G_END_DECLS
