/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "h5/cel-h5.h"
#include "spectrum/cel-measurement.h"

G_BEGIN_DECLS

/**
 * cel_nxraman_write:
 * @entry_title: (nullable): a line for people
 * Fills @root with a NeXus NXraman entry for @measurement at /entry: instrument, raw counts, dark,
 * axis, calibration, sample, plot chain (default/signal/axes). The plotted spectrum is the
 * dark-subtracted mean until cel_nxraman_set_plot() replaces it. Required fields of NXraman are all
 * present (nexusformat/definitions, NXDL v2026.01). @sample_name: (nullable): "not stated" if NULL.
 * Returns: FALSE with CEL_ERROR_INPUT or CEL_ERROR_UNIT.
 */
gboolean cel_nxraman_write(CelH5Node *root, const CelMeasurement *measurement,
                           const char *entry_title, const char *sample_name, GError **error);

/** cel_nxraman_set_plot: /entry/data shows @spectrum (axis, intensity, errors when it has variance). */
void cel_nxraman_set_plot(CelH5Node *root, const CelSpectrum *spectrum, const char *title);

/**
 * cel_nxraman_read:
 * Returns: (transfer full): the measurement that cel_nxraman_write() stored under @root, equal in
 *   every count and setting; NULL with CEL_ERROR_INPUT naming the path that is missing or wrong.
 */
CelMeasurement *cel_nxraman_read(const CelH5Node *root, GError **error);

G_END_DECLS
