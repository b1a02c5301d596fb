/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-settings.h"

/* Programs of the build folder stand in ui/ or tests/ui/ of it. */
static GSettingsSchemaSource *source_of_build(void)
{
    static const char *const ways[] = {"data", "../../ui/data"};
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = g_path_get_dirname(self != NULL ? self : ".");
    for (gsize i = 0; i < G_N_ELEMENTS(ways); i++) {
        g_autofree char *place = g_build_filename(folder, ways[i], NULL);
        GSettingsSchemaSource *source = g_settings_schema_source_new_from_directory(
            place, g_settings_schema_source_get_default(), FALSE, NULL);
        if (source != NULL)
            return source;
    }
    return NULL;
}

GSettings *cel_settings_new(void)
{
    g_autoptr(GSettingsSchemaSource) built = source_of_build();
    GSettingsSchemaSource *source = built != NULL ? built : g_settings_schema_source_get_default();
    g_autoptr(GSettingsSchema) schema =
        source != NULL ? g_settings_schema_source_lookup(source, CEL_SETTINGS_ID, TRUE) : NULL;
    if (schema == NULL)
        g_error("The settings of Celadon are not installed: the installation is not whole.");
    return g_settings_new_full(schema, NULL, NULL);
}
