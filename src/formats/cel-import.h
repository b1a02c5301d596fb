/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "formats/cel-read-out.h"
#include "formats/cel-table.h"

G_BEGIN_DECLS

/** CelImport: a spectrum on its way from a table of numbers to a measurement. */
typedef struct {
    CelTable *table;
    const CelReadInput *in;
    CelReadOut *out;
    const CelReadOptions *options; /* in->options */
    const char *format;            /* id of the reader */
    gboolean prefer_processed;     /* take the maker's processed column even beside raw and dark */
    gboolean skip_blank;           /* rows without position or value at the ends are left out */
    gsize y_column;            /* one spectrum a column: the one to read; 0: chosen by its title */
    const char *end_mark;      /* (nullable): a line that begins so ends the numbers */
    CelUnit fixed_unit;        /* the format's own unit of its first column; CEL_N_UNITS: none */
    guint32 saturation_counts; /* 0: not known */
} CelImport;

/** cel_import_clear: frees the table. */
void cel_import_clear(CelImport *import);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CelImport, cel_import_clear)

/**
 * cel_import_open:
 * @import: filled with defaults and the table of @in
 * @in, @out: as the reader got them; must outlive @import
 * Returns: FALSE with CEL_ERROR_INPUT, see cel_text_open() and cel_table_open().
 */
gboolean cel_import_open(CelImport *import, const CelReadInput *in, CelReadOut *out,
                         GError **error);

/**
 * cel_import_read:
 * Chooses the columns by title and option, decides the unit, reads, and notes header and guesses;
 * fills the measurement of .out, its variance and its mask.
 * A header line that the engine does not know is noted under "file." and its key, so that no file
 * can set what only the engine may say (such as CEL_META_AXIS_CHECK).
 * Returns: FALSE with CEL_ERROR_INPUT, CEL_ERROR_UNIT or CEL_ERROR_CANCELLED.
 */
gboolean cel_import_read(CelImport *import, GError **error);

/** cel_import_value: Returns: (nullable): the value of the header line @key, NULL also when empty.
 */
const char *cel_import_value(const CelImport *import, const char *key);

/** cel_import_number: the header value @key as a number. Returns: FALSE when there is none. */
gboolean cel_import_number(const CelImport *import, const char *key, double *out_value);

/** cel_import_ours: was the file written by cel_spectrum_write_csv()? */
gboolean cel_import_ours(const CelImport *import);

#define CEL_CSV_MARK "Celadon spectrum 1"

G_END_DECLS
