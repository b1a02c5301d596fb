/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const gint64 MINUTE_US = 60 * G_USEC_PER_SEC;

gboolean cel_ui_is_chinese(void)
{
    return g_str_has_prefix(g_get_language_names()[0], "zh");
}

const char *cel_ui_pick(const char *zh, const char *en)
{
    const char *first = cel_ui_is_chinese() ? zh : en, *other = cel_ui_is_chinese() ? en : zh;
    if (first != NULL && *first != '\0')
        return first;
    return other != NULL ? other : "";
}

char *cel_ui_time(gint64 wall_us)
{
    if (wall_us == 0)
        return g_strdup("");
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_local(wall_us / G_USEC_PER_SEC);
    return time != NULL ? g_date_time_format(time, "%Y-%m-%d %H:%M") : g_strdup("");
}

char *cel_ui_age(gint64 us)
{
    return us < MINUTE_US ? g_strdup(_("just now")) : cel_ui_span(us);
}

char *cel_ui_span(gint64 us)
{
    const gint64 minutes = MAX(0, us) / MINUTE_US, hours = minutes / 60, days = hours / 24;
    if (minutes < 1)
        return g_strdup(_("under 1 min"));
    if (hours < 1)
        return g_strdup_printf(_("%d min"), (int)minutes);
    if (days < 2)
        return g_strdup_printf(_("%d h"), (int)hours);
    return g_strdup_printf(_("%d days"), (int)days);
}

char *cel_ui_said_of(const char *name, const char *word)
{
    /* Translators: something and what is said of it, as in "SIM-785: check passed". */
    return g_strdup_printf(_("%s: %s"), name, word);
}

const char *cel_ui_without_path(const char *message, const char *path)
{
    static const char *const colons[] = {": ", "：", ":"};
    if (!g_str_has_prefix(message, path))
        return message;
    const char *rest = message + strlen(path);
    for (gsize i = 0; i < G_N_ELEMENTS(colons); i++)
        if (g_str_has_prefix(rest, colons[i]))
            return rest + strlen(colons[i]);
    return message;
}

char *cel_ui_bytes(guint64 bytes)
{
    return g_format_size(bytes);
}
