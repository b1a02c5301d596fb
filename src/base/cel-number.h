/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * cel_number_parse:
 * @text: need not end in NUL; @length: its bytes
 * @decimal: '.' or ','
 * @out_value: the number; untouched on failure
 * Reads one decimal number that fills @text from end to end (blanks around it allowed), whatever
 * the
 * locale. "nan" and "inf" in any case are numbers here; the caller decides about them.
 * Returns: FALSE when @text is not exactly one number. Thread-safe: yes.
 */
gboolean cel_number_parse(const char *text, gsize length, char decimal, double *out_value);

/**
 * cel_number_format:
 * @value: any double
 * Returns: (transfer full): the shortest decimal text that reads back as the same double, with a
 *   point, whatever the locale. Thread-safe: yes.
 */
char *cel_number_format(double value);

/** cel_number_append: appends what cel_number_format() gives to @out. Thread-safe: per @out. */
void cel_number_append(GString *out, double value);

G_END_DECLS
