/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-number.h"

#include <string.h>

enum { LONGEST_NUMBER = 63 };

gboolean cel_number_parse(const char *text, gsize length, char decimal, double *out_value)
{
    while (length > 0 && g_ascii_isspace(text[0])) {
        text++;
        length--;
    }
    while (length > 0 && g_ascii_isspace(text[length - 1]))
        length--;
    if (length == 0 || length > LONGEST_NUMBER)
        return FALSE;

    char buffer[LONGEST_NUMBER + 1];
    for (gsize i = 0; i < length; i++) {
        if (text[i] == 'x' || text[i] == 'X' || (decimal != '.' && text[i] == '.'))
            return FALSE; /* hexadecimal floats are no measured values */
        buffer[i] = text[i];
        if (text[i] == decimal)
            buffer[i] = '.';
    }
    buffer[length] = '\0';
    char *end = NULL;
    const double value = g_ascii_strtod(buffer, &end);
    if (end != buffer + length)
        return FALSE;
    *out_value = value;
    return TRUE;
}

char *cel_number_format(double value)
{
    /* "%g" drops trailing zeros, so 15 digits are as short as can be wherever they suffice. */
    static const char *const formats[] = {"%.15g", "%.16g", "%.17g"};
    char buffer[G_ASCII_DTOSTR_BUF_SIZE];
    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
        g_ascii_formatd(buffer, sizeof buffer, formats[i], value);
        if (g_ascii_strtod(buffer, NULL) == value)
            break;
    }
    return g_strdup(buffer);
}

void cel_number_append(GString *out, double value)
{
    g_autofree char *text = cel_number_format(value);
    g_string_append(out, text);
}
