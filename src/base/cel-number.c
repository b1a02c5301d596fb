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

/* Numbers of everyday size are written without an exponent; @digits significant ones. */
static void write_digits(char *buffer, int size, double value, int digits)
{
    char format[8];
    g_snprintf(format, sizeof format, "%%.%de", digits - 1);
    g_ascii_formatd(buffer, size, format, value);
    const char *exponent = strchr(buffer, 'e');
    const gint64 power = exponent != NULL ? g_ascii_strtoll(exponent + 1, NULL, 10) : 0;
    if (exponent == NULL || power < -5 || power >= 15)
        return;
    g_snprintf(format, sizeof format, "%%.%df", MAX(0, digits - 1 - (int)power));
    g_ascii_formatd(buffer, size, format, value);
}

char *cel_number_format(double value)
{
    char buffer[G_ASCII_DTOSTR_BUF_SIZE];
    for (int digits = 1; digits <= 17; digits++) {
        write_digits(buffer, sizeof buffer, value, digits);
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
