/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "work/cel-recipe-file.h"

#include "base/cel-file.h"

#include <string.h>

enum { MOST_BYTES = 256 * 1024, MODE = 0644 };

CelRecipeFile *cel_recipe_file_new(const char *path, const char *text)
{
    CelRecipeFile *file = g_new0(CelRecipeFile, 1);
    file->path = g_strdup(path);
    file->text = g_strdup(text);
    return file;
}

void cel_recipe_file_free(gpointer data)
{
    CelRecipeFile *file = data;
    if (file == NULL)
        return;
    g_free(file->path);
    g_free(file->text);
    cel_recipe_free(file->recipe);
    g_free(file);
}

static gboolean read_recipe(CelRecipeFile *file, GError **error)
{
    g_autoptr(GBytes) bytes = cel_file_read(file->path, MOST_BYTES, error);
    if (bytes == NULL)
        return FALSE;
    gsize n = 0;
    const char *data = g_bytes_get_data(bytes, &n);
    g_autofree char *text = g_strndup(data, n);
    file->recipe = cel_recipe_from_text(text, error);
    return file->recipe != NULL;
}

gboolean cel_recipe_file_run(gpointer data, CelJob *job, GError **error)
{
    CelRecipeFile *file = data;
    (void)job;
    if (file->text == NULL)
        return read_recipe(file, error);
    g_autoptr(GBytes) bytes = g_bytes_new(file->text, strlen(file->text));
    return cel_file_write(file->path, bytes, MODE, error);
}
