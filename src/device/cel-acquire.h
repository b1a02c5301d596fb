/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/cel-device.h"
#include "device/cel-laser-plan.h"

G_BEGIN_DECLS

/** CelFrameSink: told of every frame that is kept, for a live view: @n counts, valid during the
 * call, on the worker's thread. */
typedef void (*CelFrameSink)(const double *counts, gsize n, gboolean dark, gpointer user_data);

enum { CEL_ACQUIRE_MAX_FRAMES = 10000, CEL_ACQUIRE_MAX_START_DELAY_MS = 600000 };

/** CelAcquireOptions: zeroed is a sensible default, but for an instrument with real light
 * @confirmation must be filled. */
typedef struct {
    double integration_ms; /* 0: chosen so that the fullest pixel reaches @target_fill; isolated
                              single pixels (hot ones, cosmic rays) do not count for that */
    double target_fill;    /* of saturation, 0.05..0.95, 0: 0.7 */
    double auto_max_ms;    /* longest time the choice may take, 0: 10000 */
    guint frames;          /* 1..CEL_ACQUIRE_MAX_FRAMES, 0: 5 */
    guint dark_frames;     /* likewise, 0: as many as frames */
    gboolean no_dark;
    gboolean dark_after; /* as many dark frames once more after those with light; taken unasked when
                            the detector's temperature moved */
    gboolean laser_off;  /* all frames without laser: a lamp, room light, the closed shutter; no
                           separate dark frames are taken then */
    gboolean burst;      /* a kinetic series: the sample may change, so that a change does not stop
                           the series */
    guint interval_ms;   /* of a burst: from the start of one frame to the next; 0: no pause */

    double laser_mw; /* 0: the instrument's default */
    CelLaserConfirmation confirmation;
    CelHazardPolicy hazard_policy;
    gboolean ramp;          /* look for the power from the lowest upwards: for dark samples */
    double laser_cap_mw;    /* never more than this (substance, policy); 0: only the instrument's */
    guint start_delay_ms;   /* before the first light, for people to step back; at most
                                CEL_ACQUIRE_MAX_START_DELAY_MS */
    guint longest_light_ms; /* the laser goes off after so long, whatever happens; 0: derived from
                                what is planned */
    gboolean no_change_watch; /* do not compare the first frame with the later ones */

    CelClock clock;
    CelFrameSink on_frame; /* (nullable) */
    gpointer on_frame_data;
} CelAcquireOptions;

/**
 * cel_device_acquire:
 * @options: (nullable): NULL for the defaults
 * @job: (nullable): progress in frames; its cancellable stops whatever is under way
 * The integration time is chosen with the laser on (at most 8 probes), then dark frames with the
 * laser off, then frames with the laser on, in the worker thread. Frames that belong to old
 * settings, or that follow a long pause, are discarded as the instrument needs it; a frame with the
 * number of its predecessor, an earlier number or equal counts throughout is discarded and taken
 * again, at most 3 times in a row. Frames are never averaged or altered.
 *
 * Laser: the operator's answers and the limits of power come first (cel_laser_plan()); then it is
 * armed, and lit after the delay; frames with light count once it is warm, and only while it is not
 * read back as off. It goes off at a deadline that the host keeps, when the guard process is lost
 * (an instrument with neither watchdog nor guard gets no light), and on every way out: success,
 * error, cancel, and when the computer slept meanwhile (seen after it, by its clocks; such a
 * measurement is an error). A built-in laser that does not go off is an error, whatever else
 * happened. After a cancel this returns within 50 ms, the off command having gone out; the late
 * frame is awaited and thrown away afterwards (CEL_DEVICE_DRAINING).
 *
 * When the bands of a later frame differ from the first by more than 10 % or in place or shape, the
 * sample was altered: the light ends, the frames so far are the measurement, "sample.altered" says
 * what changed.
 *
 * Notes: "laser.edge.N" (cel_laser_note_edges()), "laser.after",
 * "laser.on_ms" (exposures with light, probes included), "laser.burn_ms" (from the command to the
 * confirmed end), "laser.confirmation", "laser.no_difference"
 * (cel_light_check(): light that cannot be seen in the frames), "ramp.N", "probe.N",
 * "discarded.N", "saturated.light", "saturated.dark",
 * "integration.fill", "detector.start_celsius", "detector.dark_celsius",
 * "detector.light_celsius", "detector.drift", "dark.after_frames", "sample.altered",
 * "calibration.refused", "instrument.N" (what the driver says of the unit).
 * Returns: (transfer full): the measurement, or NULL with CEL_ERROR_DEVICE, CEL_ERROR_CANCELLED,
 * CEL_ERROR_POLICY, CEL_ERROR_USAGE. Thread-safe: one acquisition a device at a time, others wait
 * (and can be cancelled while they wait).
 */
CelMeasurement *cel_device_acquire(CelDevice *device, const CelAcquireOptions *options, CelJob *job,
                                   GError **error);

G_END_DECLS
