/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "simusb-board.h"
#include "simulated/sim-physics.h"

G_BEGIN_DECLS

/* Exposures of a simulated detector: when they end and what they hold. The light is the physics of
 * drivers/simulated, or the recorded frames of a real unit. */

enum { SIMUSB_N_COEFFICIENTS = 4, SIMUSB_MAX_PIXELS = 4096 };

/** SimUsbOptics: what one model's detector is like. */
typedef struct {
    const char *base; /* row of cel_sim_model() whose optics it has */
    gsize n_pixels;
    double coefficients[SIMUSB_N_COEFFICIENTS]; /* nm; all 0: those of @base, stretched */
    int first_index;                            /* index of the first pixel in that polynomial */
    guint32 saturation_counts;                  /* where it clips */
    double full_scale;                          /* counts that the base's 65535 stand for */
    gsize dark[4];             /* two pairs first..last of pixels without light; equal: none */
    gboolean setting_one_late; /* the first exposure after a change is of the old setting */
} SimUsbOptics;

/** SimUsbCamera: exposures are asked for and taken one after the other. */
typedef struct SimUsbCamera SimUsbCamera;

/** simusb_camera_new: @board: (borrowed) and @optics are kept. */
SimUsbCamera *simusb_camera_new(const SimUsbOptics *optics, SimUsbBoard *board);

/** simusb_camera_free: @camera: (nullable) */
void simusb_camera_free(SimUsbCamera *camera);

/** simusb_camera_coefficients: @out: what an instrument's memory says, nm over pixel^k. */
void simusb_camera_coefficients(const SimUsbCamera *camera, double out[SIMUSB_N_COEFFICIENTS]);

/** simusb_camera_laser_nm: Returns: of the base model. */
double simusb_camera_laser_nm(const SimUsbCamera *camera);

/** simusb_camera_set: sample (id of sim-samples, or of a recorded set), noise (fresh, or pool: 16
 * frames a condition in turn), signal, fluorescence, cosmic (hits a second); from the next exposure
 * that ends. Returns: FALSE: none of these, or out of range. */
gboolean simusb_camera_set(SimUsbCamera *camera, const char *key, const char *value);

/** simusb_camera_use_recordings: frames come from @folder/@prefix-SAMPLE-MSms.u16le instead, the
 * dark ones while the laser gives no light, those of the nearest integration time. */
gboolean simusb_camera_use_recordings(SimUsbCamera *camera, const char *folder, const char *prefix,
                                      GError **error);

/** simusb_camera_set_integration: @us of the instrument's own time. */
void simusb_camera_set_integration(SimUsbCamera *camera, gint64 us);

/** simusb_camera_integration_us: Returns: as last set. */
gint64 simusb_camera_integration_us(const SimUsbCamera *camera);

/** simusb_camera_touch: a setting changed; with setting_one_late the next exposure is an old
 * one. */
void simusb_camera_touch(SimUsbCamera *camera);

/** simusb_camera_expose: asks for one more, @extra_ms longer than set; waits for those before. */
void simusb_camera_expose(SimUsbCamera *camera, double extra_ms);

/** simusb_camera_expose_from: for detectors that run by themselves: the exposure of @exposed_us
 * that began at @start_us, be it over or not; nothing else may run. */
void simusb_camera_expose_from(SimUsbCamera *camera, gint64 start_us, gint64 exposed_us);

/** simusb_camera_abort: forgets the running exposure and all that wait. */
void simusb_camera_abort(SimUsbCamera *camera);

/** simusb_camera_due_us: Returns: when the running exposure ends; G_MAXINT64: none runs. */
gint64 simusb_camera_due_us(const SimUsbCamera *camera);

/** simusb_camera_collect: @out_counts: (nullable): n_pixels. Returns: TRUE when an exposure ended
 * by the board's time; the next one that waits begins then. */
gboolean simusb_camera_collect(SimUsbCamera *camera, guint32 *out_counts);

/** simusb_camera_started_us: Returns: when the exposure that was collected last began. */
gint64 simusb_camera_started_us(const SimUsbCamera *camera);

G_END_DECLS
