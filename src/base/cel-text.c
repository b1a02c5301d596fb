/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-text.h"

gboolean cel_text_is_unseen(gunichar c)
{
    const GUnicodeType type = g_unichar_type(c);
    return type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT ||
           type == G_UNICODE_LINE_SEPARATOR || type == G_UNICODE_PARAGRAPH_SEPARATOR;
}

gboolean cel_text_is_plain(const char *text, gsize longest)
{
    if (text == NULL || !g_utf8_validate(text, -1, NULL))
        return FALSE;
    gsize n = 0;
    gboolean seen = FALSE;
    for (const char *c = text; *c != '\0'; c = g_utf8_next_char(c), n++) {
        if (cel_text_is_unseen(g_utf8_get_char(c)))
            return FALSE;
        seen = seen || !g_unichar_isspace(g_utf8_get_char(c));
    }
    return seen && n <= longest;
}

char *cel_text_printable(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *out = g_string_new(NULL);
    for (const char *c = valid; *c != '\0'; c = g_utf8_next_char(c)) {
        const gunichar u = g_utf8_get_char(c);
        g_string_append_unichar(out, cel_text_is_unseen(u) && u != '\t' ? '?' : u);
    }
    return g_string_free(out, FALSE);
}

char *cel_text_cell(const char *text, int columns)
{
    int width = 0;
    for (const char *c = text; *c != '\0'; c = g_utf8_next_char(c)) {
        const gunichar u = g_utf8_get_char(c);
        width += g_unichar_iszerowidth(u) ? 0 : g_unichar_iswide(u) ? 2 : 1;
    }
    const int blanks = MAX(ABS(columns) - width, 0);
    return columns < 0 ? g_strdup_printf("%s%*s", text, blanks, "")
                       : g_strdup_printf("%*s%s", blanks, "", text);
}
