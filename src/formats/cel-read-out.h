/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-error.h"
#include "formats/cel-reader.h"

#include <glib/gi18n-lib.h>

G_BEGIN_DECLS

/* How a reader says what it found: the same checks, words and notes for every format. */

/** cel_read_refuse: sets CEL_ERROR_INPUT "FILE: line AT: MESSAGE" (or byte, or neither).
 * @format: translated. Returns: FALSE. */
gboolean cel_read_refuse(const CelReadInput *in, CelPlace place, guint64 at, GError **error,
                         const char *format, ...) G_GNUC_PRINTF(5, 6);

/** cel_read_warn: remembers a warning with its place; the first CEL_READER_MAX_WARNINGS are kept.
 * @format: translated. */
void cel_read_warn(CelReadOut *out, CelPlace place, guint64 at, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/**
 * cel_read_set_kind:
 * @text: (nullable): the file's own word for it, any bytes
 * To be called before the numbers are judged. Returns: FALSE with CEL_ERROR_INPUT for a spectrum
 *   that is known not to be Raman, unless the options take any kind.
 */
gboolean cel_read_set_kind(const CelReadInput *in, CelReadOut *out, CelSpectrumKind kind,
                           const char *text, GError **error);

/**
 * cel_read_choose:
 * @n: spectra in the file, 1..CEL_READER_MAX_SPECTRA
 * Decides which one is read. The measurement will note "spectrum: 2 of 5", and that nobody asked
 * for it when the first was taken for want of a choice.
 * Returns: FALSE with CEL_ERROR_USAGE when the one asked for is not there, with CEL_ERROR_INPUT
 *   when there is none. @out_index counts from 0.
 */
gboolean cel_read_choose(const CelReadInput *in, CelReadOut *out, guint64 n, guint *out_index,
                         GError **error);

/** cel_read_note_spectrum: notes in the measurement which of several spectra it is;
 * cel_read_finish() and cel_import_read() do it. */
void cel_read_note_spectrum(const CelReadInput *in, const CelReadOut *out);

/** cel_read_add_title: the title of the next spectrum of the file, for the list of a preview; any
 * bytes, those that are no UTF-8 are replaced. The first CEL_READER_MAX_TITLES are kept. */
void cel_read_add_title(CelReadOut *out, const char *title);

/** CelReadPoints: the numbers of a format that is no table of text. */
typedef struct {
    CelUnit unit;          /* CEL_N_UNITS: the file does not say, or it is none of ours */
    const char *unit_text; /* (nullable): the file's own word for it */
    gboolean absolute;     /* wavenumbers in cm-1 of the light itself, not shifts from a laser */
    const double *x;       /* strictly rising or strictly falling, finite */
    const double *y;       /* finite */
    gsize n;               /* 2..CEL_READER_MAX_POINTS */
    double laser_nm;       /* as the file states it; 0: it does not */
} CelReadPoints;

/**
 * cel_read_finish:
 * Makes out->measurement of one frame on its axis: rising order, the options' unit and laser, the
 * check that the numbers can be of their unit, and the notes about all that was chosen. The kind
 * and the choice of the spectrum must be settled before.
 * Returns: FALSE with CEL_ERROR_INPUT naming the first bad point, CEL_ERROR_UNIT (unit not stated
 *   and not given, or impossible) or CEL_ERROR_USAGE (no such unit; a column was asked for).
 */
gboolean cel_read_finish(const CelReadInput *in, const CelReadPoints *points, CelReadOut *out,
                         GError **error);

/** CelReadHeader: one line of a header, or a field that can be said as such a line. */
typedef struct {
    const char *key, *value; /* any bytes; those that are no UTF-8 are replaced */
    guint64 line;            /* tells lines of the same key apart; 0: a field without line */
    char decimal;            /* of numbers in the value; 0: '.' */
} CelReadHeader;

/** cel_read_header: notes the line under "file.KEY", so that no file sets what only the engine may
 * say, and takes what the engine knows of it (title, instrument, serial number, integration time,
 * power, temperature) into the fields of @measurement. */
void cel_read_header(CelMeasurement *measurement, const CelReadHeader *header);

/** cel_read_set_field: a value under @meta (CEL_META_...) into the field of @measurement that
 * cel_measurement_spectrum() writes back. @number: NaN when it is none. */
void cel_read_set_field(CelMeasurement *measurement, const char *meta, const char *value,
                        double number);

/** cel_read_laser: the laser of the file and that of the options into @measurement, with notes.
 * @in_file_nm: 0: not stated; @conflict: the file names different ones, none is taken. */
void cel_read_laser(const CelReadOptions *options, double in_file_nm, gboolean conflict,
                    CelMeasurement *measurement);

/** cel_read_check_simulated: marks the measurement as simulated when its instrument's name says
 * that it is, or @said. The loader does it once more for every file. */
void cel_read_check_simulated(CelMeasurement *measurement, gboolean said);

G_END_DECLS
