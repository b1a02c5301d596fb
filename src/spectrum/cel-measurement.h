/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "spectrum/cel-calibration.h"
#include "spectrum/cel-response.h"
#include "spectrum/cel-spectrum.h"

G_BEGIN_DECLS

/** CelInstrument: who measured, as the instrument itself says; texts are UTF-8, "" when unknown. */
typedef struct {
    char vendor[64], model[64], serial[64], firmware[64];
    char driver[32];
    char detector[64];
    char driver_validation[64]; /* what its driver was proven on: "replay-only" */
    gboolean simulated;
    double range_cm1[2];       /* calibrated shift range */
    double resolution_cm1;     /* FWHM, 0: not known */
    double read_noise_counts;  /* one frame, standard deviation; 0: not known */
    double gain_e_per_count;   /* electrons a count; 0: not known */
    guint32 saturation_counts; /* first value that means "full"; 0: not known */
} CelInstrument;

/** CelPixelFlag: what is known of one pixel of the detector, over all frames with light. */
typedef enum {
    CEL_PIXEL_BAD = 1 << 0,       /* hot or dead, as the instrument says */
    CEL_PIXEL_COVERED = 1 << 1,   /* sees no light, by its build */
    CEL_PIXEL_SATURATED = 1 << 2, /* full in a frame */
    CEL_PIXEL_NONLINEAR = 1 << 3, /* above the range in which counts follow light, in a frame */
} CelPixelFlag;

enum { CEL_MEASUREMENT_MAX_NONLINEARITY = 8 };

/** CelMeasurement: what one acquisition gave, never altered again: raw frames, dark frames, the
 * calibration in force, settings and instrument state. A plain record with one owner. */
typedef struct {
    CelInstrument instrument;
    CelCalibration calibration;
    gsize n_pixels;
    gsize n_frames, n_dark_frames;
    double *frames;      /* n_frames x n_pixels counts, row after row, as read */
    double *dark_frames; /* n_dark_frames x n_pixels counts; NULL when none were taken */
    gint64 *frame_us;    /* (nullable): one a frame: when it had been read, since the start */
    guint8 *pixel_flags; /* (nullable): one a pixel: CelPixelFlag */
    double nonlinearity[CEL_MEASUREMENT_MAX_NONLINEARITY]; /* true = counts / sum of c[k] counts^k,
                                                              not applied to the frames */
    guint n_nonlinearity;                                  /* 0: not known */
    double linear_max_counts; /* counts above it do not follow light; 0: not known */
    CelResponse *response;    /* (nullable): how to weigh the counts, not applied to the frames */
    CelAxis *imported_axis; /* (nullable): the axis of an imported spectrum; then no calibration */
    double integration_ms;
    double laser_mw;           /* 0: not known */
    gboolean laser_mw_nominal; /* set value, not measured */
    double detector_celsius;   /* meaningful when has_temperature */
    gboolean has_temperature;
    gint64 started_wall_us, ended_wall_us; /* UTC since 1970 */
    guint64 first_frame_number;
    guint discarded_frames; /* frames that were taken and not used, with reason in @notes */
    GTree *notes;           /* text -> text: imported metadata, discarded frames and why */
    gboolean simulated;     /* set once, never cleared */
} CelMeasurement;

/** cel_measurement_new: Returns: (transfer full): an empty record for @n_pixels, @n_frames and
 * @n_dark_frames (zeroed counts). */
CelMeasurement *cel_measurement_new(gsize n_pixels, gsize n_frames, gsize n_dark_frames);

/** cel_measurement_free: @measurement: (nullable) */
void cel_measurement_free(CelMeasurement *measurement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelMeasurement, cel_measurement_free)

/** cel_measurement_copy: Returns: (transfer full): an independent copy. */
CelMeasurement *cel_measurement_copy(const CelMeasurement *measurement);

/** cel_measurement_note: remembers @text under @key. */
void cel_measurement_note(CelMeasurement *measurement, const char *key, const char *text);

/**
 * cel_measurement_from_spectrum:
 * @spectrum: an imported spectrum
 * Returns: (transfer full): a measurement of one frame on the imported axis, instrument driver
 *   "import", marked simulated when the spectrum is.
 */
CelMeasurement *cel_measurement_from_spectrum(const CelSpectrum *spectrum);

/**
 * cel_measurement_spectrum:
 * @frame: index of one frame, or -1 for the mean of all with the variance of that mean
 * Returns: (transfer full): counts (not dark-corrected) on the corrected Raman shift axis of the
 *   calibration, on nm when there is no laser wavelength, on pixels when there is no calibration.
 *   Saturated samples (in any frame used), those outside the instrument's range, bad and covered
 *   pixels and those beyond the linear range are masked. Metadata carry laser, integration time,
 *   frames, instrument and the notes. NULL with CEL_ERROR_INPUT or CEL_ERROR_UNIT.
 */
CelSpectrum *cel_measurement_spectrum(const CelMeasurement *measurement, gssize frame,
                                      GError **error);

/** cel_measurement_dark: Returns: (transfer full) (nullable): the mean dark on the same axis with
 * its variance; NULL without error when no dark was taken. */
CelSpectrum *cel_measurement_dark(const CelMeasurement *measurement, GError **error);

G_END_DECLS
