/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-library.h"

G_BEGIN_DECLS

/* The manifest of an import as text: what its columns and cells say, before any file is looked at.
 * Internal to this room. */

/** CelImportColumn: the columns that mean something here, in the order of the contract; the last
 * two need not be. */
typedef enum {
    CEL_IMPORT_FILE,
    CEL_IMPORT_ID,
    CEL_IMPORT_NAME_EN,
    CEL_IMPORT_NAME_ZH,
    CEL_IMPORT_CLASS,
    CEL_IMPORT_LASER_NM,
    CEL_IMPORT_SOURCE,
    CEL_IMPORT_LICENCE,
    CEL_IMPORT_GRADE,
    CEL_IMPORT_BASELINE,
    CEL_N_IMPORT_COLUMNS,
} CelImportColumn;

/** CelImportTable: zeroed before it is parsed. */
typedef struct {
    char *shown;                     /* its name in messages */
    char **lines;                    /* NULL-ended, the header first */
    char **columns;                  /* the header's cells */
    int place[CEL_N_IMPORT_COLUMNS]; /* column of each known one, -1: not there */
} CelImportTable;

/** cel_import_table_clear: frees what @table holds; also after a failure. */
void cel_import_table_clear(CelImportTable *table);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CelImportTable, cel_import_table_clear)

/**
 * cel_import_table_parse:
 * @text: the manifest, hostile until proven otherwise
 * @name: its file name, for messages
 * Splits it into lines and reads the header.
 * Returns: FALSE with CEL_ERROR_INPUT: not UTF-8, a column missing, named twice or not ASCII.
 */
gboolean cel_import_table_parse(CelImportTable *table, GBytes *text, const char *name,
                                GError **error);

/** cel_import_line_is_blank: Returns: TRUE when @line is no row. */
gboolean cel_import_line_is_blank(const char *line);

/** cel_import_table_file: Returns: the file that a row of @cells names, "" when it has none. */
const char *cel_import_table_file(const CelImportTable *table, char **cells);

/** CelImportRow: one row; its texts are those of the cells it came from. */
typedef struct {
    CelSubstance substance; /* without ceiling, bands and references */
    CelReference reference; /* without a curve */
    char *extra;            /* the columns that mean nothing here, as canonical JSON */
} CelImportRow;

/** cel_import_row_clear: frees what @row owns. */
void cel_import_row_clear(CelImportRow *row);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CelImportRow, cel_import_row_clear)

/**
 * cel_import_row_parse:
 * @cells: one row, split at its tabs; blanks around them are taken off
 * @out: (out): zeroed before; borrows from @cells
 * Returns: FALSE with CEL_ERROR_INPUT that says what is wrong with the row.
 */
gboolean cel_import_row_parse(const CelImportTable *table, char **cells, CelImportRow *out,
                              GError **error);

G_END_DECLS
