/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-job.h"
#include "spectrum/cel-measurement.h"

G_BEGIN_DECLS

enum { CEL_READER_MAX_BYTES = 1 << 30, CEL_READER_MAX_POINTS = 16 * 1000 * 1000 };

/** CelReadOptions: what the person says about a file that does not say it itself. */
typedef struct {
    double laser_nm; /* 0: only what the file says; otherwise it wins and the file's is noted */
    const char *axis_unit; /* NULL: what the file says or its reader guesses and notes;
                              "cm-1", "nm_air", "nm_vacuum", "nm_unstated", "pixel" force it */
    int column; /* intensity column, 1 = first after the axis; 0: the only or first one */
} CelReadOptions;

/** CelReader: one file format. */
typedef struct {
    const char *id;           /* "text", "rruff", "celadon", ... written into CEL_META_FORMAT */
    const char *title;        /* msgid */
    const char *validated_on; /* sample names, or "format description only" */
    /** detect: @head: the first bytes. Returns: 0 (not mine) .. 100 (certain). */
    int (*detect)(const guint8 *head, gsize n, const char *file_name);
    /** read: Returns: (transfer full), or NULL with CEL_ERROR_INPUT naming file, line and remedy.
     */
    CelMeasurement *(*read)(GBytes *bytes, const char *name, const CelReadOptions *options,
                            CelJob *job, GError **error);
    /** read_spectrum: (nullable): for formats that hold what a measurement has no place for (the
     * variance or mask of a processed spectrum): the same, averaged and dark-subtracted. */
    CelSpectrum *(*read_spectrum)(GBytes *bytes, const char *name, const CelReadOptions *options,
                                  CelJob *job, GError **error);
} CelReader;

/** cel_readers: Returns: (transfer none): THE table of readers. */
const CelReader *const *cel_readers(gsize *out_n);

/**
 * cel_reader_load:
 * @path: any readable file
 * @options: (nullable)
 * Finds the reader by content, reads the file. Whatever was guessed (unit, delimiter, decimal
 * comma, encoding) is noted in the measurement.
 * Returns: (transfer full): the measurement (imported ones carry one frame and their axis), or NULL
 *   with CEL_ERROR_INPUT naming file, line or byte, why, and what to do. Thread-safe: yes.
 */
CelMeasurement *cel_reader_load(const char *path, const CelReadOptions *options, CelJob *job,
                                GError **error);

/** cel_reader_load_spectrum: the same, averaged, as a spectrum in the file's own unit;
 * dark-subtracted when the file carries a dark. */
CelSpectrum *cel_reader_load_spectrum(const char *path, const CelReadOptions *options, CelJob *job,
                                      GError **error);

/**
 * cel_spectrum_write_csv:
 * Writes two to four columns (axis, intensity, standard deviation when known, mask bits when any is
 * set) with comment lines for metadata and, for simulated data, the line "# simulated: yes". Reads
 * back equal with cel_reader_load_spectrum(); the variance, written as its root, to one unit in its
 * last place. A verdict on the axis (CEL_META_AXIS_CHECK) is written but never believed on reading.
 * Whole or not at all. Returns: FALSE with CEL_ERROR_SYSTEM.
 */
gboolean cel_spectrum_write_csv(const CelSpectrum *spectrum, const char *path, GError **error);

G_END_DECLS
