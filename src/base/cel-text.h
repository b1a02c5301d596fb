/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** cel_text_is_unseen: Returns: TRUE for characters that are not seen but change what is: control
 * and format characters (a bidi override turns "1-21" into "12-1" on paper), line and paragraph
 * separators. Thread-safe: yes. */
gboolean cel_text_is_unseen(gunichar c);

/** cel_text_is_plain: @text: (nullable); @longest: characters. Returns: TRUE for valid UTF-8 of 1
 * to @longest characters, none of them unseen and not all of them blanks. Thread-safe: yes. */
gboolean cel_text_is_plain(const char *text, gsize longest);

/** cel_text_printable: Returns: (transfer full): @text as valid UTF-8 for a terminal: what would
 * steer it is shown as "?". Thread-safe: yes. */
char *cel_text_printable(const char *text);

/** cel_text_cell: @columns: width of a column of a table; below 0: the text stands at its left
 * edge, as with printf(). Returns: (transfer full): @text with the blanks that make it as wide on a
 * terminal, where a Chinese character takes two columns. Thread-safe: yes. */
char *cel_text_cell(const char *text, int columns);

G_END_DECLS
