/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/cel-acquire.h"
#include "device/cel-device-private.h"
#include "device/cel-supervisor.h"

G_BEGIN_DECLS

/* The parts of one acquisition, inside of this folder only. All of it runs in the worker. */

/** CelAcquisition: lives on the caller's stack, touched by the worker while the caller waits. */
typedef struct {
    CelDevice *device;
    CelAcquireOptions options; /* complete: no 0 that means a default, except integration_ms */
    CelJob *job;
    GCancellable *stop; /* the job's cancel, the laser's deadline and a lost guard end up here */
    CelLaserPlan plan;
    CelMeasurement *measurement;
    GError *error;

    CelExposure settings; /* of the last frame */
    gboolean has_settings;
    guint n_discarded, n_probes;
    gint64 began_us; /* of options.clock */
    gint64 slept_us; /* likewise, when it was asked for: waiting for the instrument counts too */

    gboolean lit;              /* between cel_light_on() and cel_light_off() */
    gboolean has_permit;       /* the guard's */
    gboolean has_delayed;      /* the start delay is over */
    CelSupervisor *supervisor; /* while lit */
    gint64 lit_since_us;
    double laser_on_ms, burn_ms;

    double dark_celsius; /* of the detector, at the dark frames */
    gboolean has_dark_celsius;
    gboolean altered; /* the sample, as the frames show */
    guint64 done, total;
} CelAcquisition;

/** CelSeries: frames with equal settings. */
typedef struct {
    const char *stage; /* msgid */
    const char *name;  /* in notes */
    CelExposure exposure;
    double *rows;
    guint n;
    gboolean is_dark, is_measurement;
} CelSeries;

/* ---- cel-acquire-check.c ---- */

/** cel_acquire_check: fills defaults, refuses what cannot be, plans the laser. Before the worker.
 * Returns: FALSE with CEL_ERROR_USAGE, CEL_ERROR_POLICY. */
gboolean cel_acquire_check(CelAcquisition *a, GError **error);

/* ---- cel-light.c ---- */

/** CelLightTime: how long light is needed. */
typedef struct {
    guint frames; /* exposures, discarded ones included */
    double integration_ms;
    double pause_ms;  /* besides, in all */
    gboolean at_most; /* less will do as a rule: no reason to refuse */
} CelLightTime;

/** cel_light_on: guard, arming, delay, light, warm-up; @laser_mw: 0: the instrument's default. A
 * laser that is not ours is left alone. Returns: FALSE with the laser off again and
 * CEL_ERROR_DEVICE, CEL_ERROR_POLICY, CEL_ERROR_CANCELLED. */
gboolean cel_light_on(CelAcquisition *a, double laser_mw, const CelLightTime *time, GError **error);

/** cel_light_off: always commands off; @cause: a constant text for the log. Returns: the state
 * after. */
CelLaserState cel_light_off(CelAcquisition *a, const char *cause);

/** cel_light_insist_off: the same, and again when the hardware does not say that it is off; once
 * only after a cancel, whose caller waits. */
CelLaserState cel_light_insist_off(CelAcquisition *a, const char *cause);

/** cel_light_ensure_off: before frames that must not hold laser light. Returns: FALSE with
 * CEL_ERROR_DEVICE. */
gboolean cel_light_ensure_off(CelAcquisition *a, GError **error);

/** cel_light_call_guard: the laser is not off, or cannot be reached: the guard (if there is one) is
 * to go on trying. Does not block. */
void cel_light_call_guard(const CelAcquisition *a);

/** cel_light_explain: @failure (transfer full) of an exposure becomes the reason it was stopped
 * for, when that was a sleep, the deadline or the guard. Returns: FALSE. */
gboolean cel_light_explain(CelAcquisition *a, GError *failure, GError **error);

/** cel_light_awake: Returns: FALSE with CEL_ERROR_DEVICE when the computer slept since this was
 * asked for: nobody knows what happened meanwhile, to the light, the sample and the detector. */
gboolean cel_light_awake(const CelAcquisition *a, GError **error);

/** cel_light_is_ours: Returns: whether the instrument's driver switches the laser. */
gboolean cel_light_is_ours(const CelAcquisition *a);

/* ---- cel-frames.c ---- */

/** cel_frames_take_one: a new frame with the settings of @series into its row @index.
 * @out_number: CEL_FRAME_NUMBER_NONE when the instrument has none. */
gboolean cel_frames_take_one(CelAcquisition *a, const CelSeries *series, guint index,
                             guint64 *out_number, GError **error);

/** cel_frames_take: all of @series; ends early with success once the sample was altered. @out_n:
 * frames kept. */
gboolean cel_frames_take(CelAcquisition *a, const CelSeries *series, guint *out_n,
                         guint64 *out_first_number, GError **error);

/** cel_frames_discards: Returns: how many frames precede a series after a change. */
guint cel_frames_discards(const CelAcquisition *a);

/* ---- cel-exposure-choice.c ---- */

/** cel_choose_time: probes with light for the integration time that fills the detector. */
gboolean cel_choose_time(CelAcquisition *a, const CelExposure *light, double *out_ms,
                         GError **error);

/** cel_choose_power: raises the power from the lowest one until the counts suffice, the highest
 * allowed is reached, or the sample changes (then @a->altered, and the frames that show it are the
 * measurement's). Sets power and time of @light. */
gboolean cel_choose_power(CelAcquisition *a, CelExposure *light, GError **error);

/* ---- cel-dark.c ---- */

/** cel_dark_take: the dark frames before those with light. */
gboolean cel_dark_take(CelAcquisition *a, double integration_ms, GError **error);

/** cel_dark_take_after: once more, when asked for or when the detector's temperature moved. */
gboolean cel_dark_take_after(CelAcquisition *a, double integration_ms, GError **error);

/* ---- cel-acquire-notes.c ---- */

/** cel_note: a note of the measurement. */
void cel_note(CelAcquisition *a, const char *key, const char *format, ...) G_GNUC_PRINTF(3, 4);

/** cel_note_number: likewise. */
void cel_note_number(CelAcquisition *a, const char *key, double value);

/** cel_note_discarded: counts a frame that is not used, and says @why. */
void cel_note_discarded(CelAcquisition *a, const CelSeries *series, guint index, const char *why);

/** cel_note_saturation: how many of @n frames are full somewhere. */
void cel_note_saturation(CelAcquisition *a, const CelSeries *series, guint n, const char *key);

/** cel_note_temperature: reads and notes it. Returns: FALSE when there is none. */
gboolean cel_note_temperature(CelAcquisition *a, const char *key, double *out_celsius);

/** cel_note_confirmation: what the operator answered. */
void cel_note_confirmation(CelAcquisition *a);

/** cel_note_instrument: what the driver says of the unit. */
void cel_note_instrument(CelAcquisition *a);

/** cel_note_light: "laser.no_difference" when the frames with light cannot be told from those
 * without; after cel_note_pixels(). */
void cel_note_light(CelAcquisition *a);

/** cel_note_pixels: flags of the pixels, from what the instrument says and the frames show. */
void cel_note_pixels(CelAcquisition *a);

G_END_DECLS
