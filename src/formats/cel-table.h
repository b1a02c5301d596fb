/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-job.h"
#include "formats/cel-text.h"

G_BEGIN_DECLS

enum {
    CEL_TABLE_MAX_HEADER = 2000, /* lines before the first numbers */
    CEL_TABLE_MAX_COLUMNS = 4096,
};

/** CelHeaderLine: one line before the numbers; "key: value", "key=value", "key,value" taken apart.
 */
typedef struct {
    char *key; /* "" for a line of free text */
    char *value;
    guint64 line;
} CelHeaderLine;

/** CelTable: the head of a text file with columns of numbers, ready to read the columns. */
typedef struct {
    CelText *text;
    char delimiter;    /* '\t', ';', ',' or ' ' (runs of blanks) */
    char decimal;      /* '.' or ',' */
    GPtrArray *header; /* of CelHeaderLine */
    char **titles;     /* (nullable): n_columns titles, NULL-ended */
    char *last_text;   /* (nullable): the last line of .header, as it stands */
    gsize n_columns;
    CelLine first;      /* the first line of numbers */
    gboolean simulated; /* a comment says "simulated: yes"; see cel_table_read() */
} CelTable;

/**
 * cel_table_open:
 * @text: (transfer full): the lines
 * Guesses delimiter and decimal sign from the whole head (first 2000 lines) and takes the header
 * apart. A table of one column has n_columns 1; the caller decides about it.
 * Returns: (transfer full): the table, or NULL with CEL_ERROR_INPUT naming file and line: no
 *   numbers, more columns than CEL_TABLE_MAX_COLUMNS, comma both as delimiter and decimal sign.
 *   Thread-safe: yes.
 */
CelTable *cel_table_open(CelText *text, GError **error);

/** cel_table_free: @table: (nullable) */
void cel_table_free(CelTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelTable, cel_table_free)

/** CelColumns: which columns to read, and what came. */
typedef struct {
    const gsize *index; /* @n column numbers from 0 */
    gsize n;
    gboolean has_axis;     /* the first one must rise or fall strictly */
    gboolean sure_decimal; /* the decimal sign is known, not guessed */
    gboolean skip_blank;   /* rows with a gap (blank or NA) in a wanted column are left out and
                            counted where they stand before or after all others */
    const char *end_mark;  /* (nullable): a line that begins so ends the numbers */
    double **values;       /* (out) (transfer full): @n arrays of @n_rows */
    gsize n_rows;          /* (out) */
    gsize n_skipped;       /* (out) */
    gboolean falling;      /* (out): the file runs downwards; the arrays are reversed already */
} CelColumns;

/**
 * cel_table_read:
 * Reads the wanted columns in one pass. Comment lines ('#') and blank lines may stand anywhere.
 * Returns: FALSE with CEL_ERROR_INPUT naming file and line: a row of another length, text among the
 *   numbers, a value that is not finite, an axis that repeats or turns (both lines), a decimal sign
 *   that may stand between thousands, fewer than 2 or more than CEL_READER_MAX_POINTS rows; or with
 *   CEL_ERROR_CANCELLED.
 */
gboolean cel_table_read(CelTable *table, CelColumns *columns, CelJob *job, GError **error);

/** cel_columns_clear: frees the arrays. */
void cel_columns_clear(CelColumns *columns);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CelColumns, cel_columns_clear)

/** cel_table_value: Returns: (nullable) (transfer none): the first header value under @key
 * (compared as it stands). */
const char *cel_table_value(const CelTable *table, const char *key);

G_END_DECLS
