/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

enum {
    CEL_TEXT_MAX_LINE = 64 * 1024,             /* bytes of one line */
    CEL_TEXT_MAX_CONVERTED = 256 * 1024 * 1024 /* bytes of a file that is not UTF-8 */
};

/** CelText: the lines of a text file as UTF-8. One owner, one thread. */
typedef struct CelText CelText;

/** CelLine: one line without its end; lives as long as the text it came from. */
typedef struct {
    const char *start;
    gsize length;
    guint64 number; /* from 1, as an editor counts */
    gsize position; /* where it starts, for cel_text_seek() */
} CelLine;

/**
 * cel_text_open:
 * @bytes: a file's content (a reference is taken)
 * @name: the file, for messages (copied)
 * Recognises the encoding: byte order marks, UTF-16 by its zero bytes, UTF-8, GB18030 (when most
 * characters are pairs of high bytes, as in GB 2312), else Latin-1.
 * Returns: (transfer full): the text, or NULL with CEL_ERROR_INPUT naming the line with a zero or
 *   control byte ("not a text spectrum"). Thread-safe: yes.
 */
CelText *cel_text_open(GBytes *bytes, const char *name, GError **error);

/** cel_text_free: @text: (nullable) */
void cel_text_free(CelText *text);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelText, cel_text_free)

/** cel_text_encoding: Returns: (transfer none): "utf-8", "utf-16le", "utf-16be", "gb18030",
 * "latin-1". */
const char *cel_text_encoding(const CelText *text);

/** cel_text_name: Returns: (transfer none): the name given when it was opened. */
const char *cel_text_name(const CelText *text);

/** cel_text_size: Returns: bytes of UTF-8 in all. */
gsize cel_text_size(const CelText *text);

/**
 * cel_text_next:
 * Takes the next line; ends are LF, CR LF or CR.
 * Returns: FALSE at the end, or with CEL_ERROR_INPUT when a line is longer than CEL_TEXT_MAX_LINE.
 */
gboolean cel_text_next(CelText *text, CelLine *out, GError **error);

/** cel_text_seek: the next line will be @line again. */
void cel_text_seek(CelText *text, const CelLine *line);

/** cel_text_rewind: the next line will be the first. */
void cel_text_rewind(CelText *text);

/**
 * cel_text_number:
 * @length: bytes of @cell; @decimal: '.' or ','
 * The same numbers as cel_number_parse(), faster: up to 2^53 and 10^22 both factors are exact
 * doubles, so that one multiplication or division rounds correctly (Clinger 1990, "How to read
 * floating point numbers accurately", PLDI). Other numbers go to cel_number_parse().
 * Returns: FALSE when @cell is not exactly one number. Thread-safe: yes.
 */
gboolean cel_text_number(const char *cell, gsize length, char decimal, double *out_value);

G_END_DECLS
