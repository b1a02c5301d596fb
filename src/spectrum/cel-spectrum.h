/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "spectrum/cel-axis.h"

G_BEGIN_DECLS

/** Bits of the per-sample mask. A marked sample carries no weight in a result. */
typedef enum {
    CEL_MASK_SATURATED = 1 << 0,    /* at or above the detector's limit in a frame */
    CEL_MASK_COSMIC = 1 << 1,       /* a spike was found here (its value may have been replaced) */
    CEL_MASK_OUT_OF_RANGE = 1 << 2, /* outside the range in which the value means something */
    CEL_MASK_BAD_PIXEL = 1 << 3,    /* hot or dead pixel of the detector */
    CEL_MASK_NONLINEAR = 1 << 4,    /* above the range in which counts follow light */
} CelMask;

/** CelSpectrum: axis + samples + optional variance + optional mask + metadata. The one data type.
 * One owner changes it; readers may share a const one across threads. */
typedef struct CelSpectrum CelSpectrum;

/* Metadata keys that the engine itself reads. Values are texts; numbers with a decimal point. */
#define CEL_META_TITLE          "title"
#define CEL_META_LASER_NM       "laser_nm"
#define CEL_META_INTEGRATION_MS "integration_ms"
#define CEL_META_FRAMES         "frames"
#define CEL_META_LASER_MW       "laser_mw"
#define CEL_META_INSTRUMENT     "instrument"
#define CEL_META_SERIAL         "serial"
#define CEL_META_SOURCE         "source" /* file name or instrument the data came from */
#define CEL_META_FORMAT         "format" /* id of the reader */
#define CEL_META_TEMPERATURE_C  "detector_celsius"
#define CEL_META_BASELINE       "baseline" /* "removed": by the source, before it reached us */
/* "unstated": shifts computed from nm of unstated medium */
#define CEL_META_MEDIUM_NOTE "medium"
/* "ok" or "failed" by a performance check; else absent */
#define CEL_META_AXIS_CHECK "axis_check"
/* id of a reader that has never met a real file of its format: what it read is a lead at most.
 * Once set it is never taken off; a file that sets it only makes itself worth less. */
#define CEL_META_UNVALIDATED "unvalidated_reader"
/* "infrared" or "other": read for looking only; it is neither written nor compared as Raman. Absent
 * from what is Raman, or taken for it. */
#define CEL_META_FOREIGN_KIND "foreign_kind"

/**
 * cel_spectrum_new:
 * @axis: a reference is taken
 * @y: as many finite values as @axis has points (copied); counts or arbitrary units, may be
 * negative
 * Returns: (transfer full): a spectrum without variance, mask or metadata; NULL with
 *   CEL_ERROR_INPUT naming the first value that is not finite.
 */
CelSpectrum *cel_spectrum_new(const CelAxis *axis, const double *y, GError **error);

/** cel_spectrum_copy: Returns: (transfer full): an independent copy (the axis is shared). */
CelSpectrum *cel_spectrum_copy(const CelSpectrum *spectrum);

/**
 * cel_spectrum_derive:
 * @from: where metadata and the simulated mark come from
 * @axis: the new axis (a reference is taken)
 * @y: (transfer full): g_malloc'ed, one value a point of @axis
 * @variance: (transfer full) (nullable): likewise, each >= 0
 * @mask: (transfer full) (nullable): likewise, bits of CelMask
 * What a processing step uses to make its result.
 * Returns: (transfer full): the spectrum, or NULL with CEL_ERROR_NUMERIC when a value is not finite
 *   (the arrays are freed all the same).
 */
CelSpectrum *cel_spectrum_derive(const CelSpectrum *from, const CelAxis *axis, double *y,
                                 double *variance, guint8 *mask, GError **error);

/** cel_spectrum_free: @spectrum: (nullable) */
void cel_spectrum_free(CelSpectrum *spectrum);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelSpectrum, cel_spectrum_free)

/** What it holds; arrays have cel_spectrum_length() entries and live until the spectrum changes. */
const CelAxis *cel_spectrum_axis(const CelSpectrum *spectrum);
gsize cel_spectrum_length(const CelSpectrum *spectrum);
const double *cel_spectrum_x(const CelSpectrum *spectrum);
const double *cel_spectrum_y(const CelSpectrum *spectrum);
/** cel_spectrum_variance, cel_spectrum_mask: Returns: (nullable): NULL when it has none. */
const double *cel_spectrum_variance(const CelSpectrum *spectrum);
const guint8 *cel_spectrum_mask(const CelSpectrum *spectrum);

/** cel_spectrum_set_variance: @variance: (nullable): one finite value >= 0 a sample (copied).
 * Returns: FALSE with CEL_ERROR_INPUT. */
gboolean cel_spectrum_set_variance(CelSpectrum *spectrum, const double *variance, GError **error);

/** cel_spectrum_set_mask: @mask: (nullable): one byte a sample (copied). */
void cel_spectrum_set_mask(CelSpectrum *spectrum, const guint8 *mask);

/** cel_spectrum_set_axis: another axis of the same length, e.g. after calibration. Returns: FALSE
 * with CEL_ERROR_UNIT when the lengths differ. */
gboolean cel_spectrum_set_axis(CelSpectrum *spectrum, const CelAxis *axis, GError **error);

/** cel_spectrum_meta: Returns: (nullable): the text of @key. */
const char *cel_spectrum_meta(const CelSpectrum *spectrum, const char *key);
/** cel_spectrum_set_meta: @value: (nullable): NULL removes @key. */
void cel_spectrum_set_meta(CelSpectrum *spectrum, const char *key, const char *value);
/** cel_spectrum_meta_number: Returns: FALSE when @key is absent or no number. */
gboolean cel_spectrum_meta_number(const CelSpectrum *spectrum, const char *key, double *out_value);
/** cel_spectrum_set_meta_number: writes @value so that it reads back equal. */
void cel_spectrum_set_meta_number(CelSpectrum *spectrum, const char *key, double value);
/** cel_spectrum_meta_keys: Returns: (transfer container): the keys, sorted, NULL-ended. */
const char **cel_spectrum_meta_keys(const CelSpectrum *spectrum);

/** cel_spectrum_is_simulated, cel_spectrum_mark_simulated: the mark that no one can take off. */
gboolean cel_spectrum_is_simulated(const CelSpectrum *spectrum);
void cel_spectrum_mark_simulated(CelSpectrum *spectrum);

/**
 * cel_spectrum_to_shift:
 * @laser_nm: 0 to use the spectrum's own metadata
 * Returns: (transfer full): the spectrum on a Raman shift axis: a copy when it is on one already;
 *   converted when it is in nm and the laser is known. NULL with CEL_ERROR_UNIT otherwise.
 */
CelSpectrum *cel_spectrum_to_shift(const CelSpectrum *spectrum, double laser_nm, GError **error);

G_END_DECLS
