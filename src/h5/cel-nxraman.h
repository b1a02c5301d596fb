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
 * Returns: FALSE with CEL_ERROR_INPUT or CEL_ERROR_UNIT; @root may then hold a part of the entry.
 */
gboolean cel_nxraman_write(CelH5Node *root, const CelMeasurement *measurement,
                           const char *entry_title, const char *sample_name, GError **error);

/** CelNxramanLabels: texts of an entry; all borrowed. */
typedef struct {
    const char *entry;       /* name below the root: "entry", "entry_2", "blank_1", ... */
    const char *title;       /* (nullable) */
    const char *sample_name; /* (nullable) */
} CelNxramanLabels;

/** cel_nxraman_write_entry: like cel_nxraman_write() under another name, for further replicates and
 * blanks in the same file; viewers open "entry" first. An entry must not be there yet. */
gboolean cel_nxraman_write_entry(CelH5Node *root, const CelMeasurement *measurement,
                                 const CelNxramanLabels *labels, GError **error);

/** cel_nxraman_set_plot: /entry/data shows @spectrum (axis, intensity, errors when it has
 * variance).
 * @title: (nullable): the plot's; the spectrum's own title when NULL. */
void cel_nxraman_set_plot(CelH5Node *root, const CelSpectrum *spectrum, const char *title);

/** cel_nxraman_set_entry_plot: the same for another entry. */
void cel_nxraman_set_entry_plot(CelH5Node *root, const char *entry, const CelSpectrum *spectrum,
                                const char *title);

/** cel_nxraman_bytes: Returns: (transfer full): @measurement as a file of its own, in memory; NULL
 * with the errors of cel_nxraman_write() and CEL_ERROR_SYSTEM. */
GBytes *cel_nxraman_bytes(const CelMeasurement *measurement, GError **error);

/** cel_nxraman_save: @measurement as a file of its own. @replace: whether a file at @path may be
 * written over. Returns: FALSE with CEL_ERROR_INPUT, CEL_ERROR_UNIT, CEL_ERROR_SYSTEM,
 * CEL_ERROR_POLICY (@path is there). */
gboolean cel_nxraman_save(const CelMeasurement *measurement, const char *path, gboolean replace,
                          GError **error);

/**
 * cel_nxraman_read:
 * Returns: (transfer full): the measurement that cel_nxraman_write() stored under @root, equal in
 *   every count and setting; NULL with CEL_ERROR_INPUT naming the path that is missing or wrong.
 */
CelMeasurement *cel_nxraman_read(const CelH5Node *root, GError **error);

/** cel_nxraman_read_entry: the same from the entry of that name. */
CelMeasurement *cel_nxraman_read_entry(const CelH5Node *root, const char *entry, GError **error);

G_END_DECLS
