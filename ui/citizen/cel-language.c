/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "citizen/cel-language.h"

#include "base/cel-error.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

static const char *const codes[] = {
    [CEL_LANGUAGE_SYSTEM] = "",
    [CEL_LANGUAGE_CHINESE] = "zh_CN",
    [CEL_LANGUAGE_ENGLISH] = "en",
};

static char *language_file(void)
{
    return g_build_filename(g_get_user_config_dir(), "celadon", "language", NULL);
}

CelLanguage cel_language_chosen(void)
{
    g_autofree char *file = language_file(), *text = NULL;
    if (!g_file_get_contents(file, &text, NULL, NULL))
        return CEL_LANGUAGE_SYSTEM;
    g_strstrip(text);
    for (guint i = CEL_LANGUAGE_CHINESE; i < G_N_ELEMENTS(codes); i++)
        if (strcmp(text, codes[i]) == 0)
            return (CelLanguage)i;
    return CEL_LANGUAGE_SYSTEM;
}

gboolean cel_language_choose(CelLanguage language, GError **error)
{
    g_autofree char *file = language_file(), *folder = g_path_get_dirname(file);
    g_autoptr(GError) failure = NULL;
    if (g_mkdir_with_parents(folder, 0700) == 0 &&
        g_file_set_contents(file, codes[language], -1, &failure))
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM,
                _("The language could not be kept (%s). The window stays as it is; free space on "
                  "the disk, then choose again."),
                failure != NULL ? failure->message : folder);
    return FALSE;
}

void cel_language_apply(void)
{
    const CelLanguage language = cel_language_chosen();
    if (language != CEL_LANGUAGE_SYSTEM)
        g_setenv("LANGUAGE", codes[language], TRUE);
}
