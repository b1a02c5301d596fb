/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-manifest.h"

#include <string.h>

static const char HEAD[] = "celadon-manifest 1";

/* "sha256 HEX PATH TYPE SHAPE" is about "sha256 PATH", and a line of attributes about
 * "sha256 PATH attributes"; no escaped path holds a blank. NULL when @line is neither. */
static char *key_of(const char *line)
{
    g_auto(GStrv) words = g_strsplit(line, " ", -1);
    if (g_strv_length(words) != 5 || words[2][0] != '/' ||
        (!g_str_equal(words[0], "sha256") && !g_str_equal(words[0], "sm3")))
        return NULL;
    const char *rest = g_str_equal(words[3], "attributes") ? " attributes" : "";
    return g_strconcat(words[0], " ", words[2], rest, NULL);
}

static CelManifest *manifest_new(void)
{
    CelManifest *manifest = g_new0(CelManifest, 1);
    manifest->lines = g_ptr_array_new_with_free_func(g_free);
    manifest->keys = g_ptr_array_new_with_free_func(g_free);
    manifest->by_key = g_hash_table_new(g_str_hash, g_str_equal);
    manifest->well_formed = TRUE;
    return manifest;
}

static void append(CelManifest *manifest, const char *line)
{
    char *key = key_of(line), *copy = g_strdup(line);
    if (key == NULL) {
        manifest->well_formed = FALSE;
        key = g_strdup(line);
    }
    g_ptr_array_add(manifest->lines, copy);
    g_ptr_array_add(manifest->keys, key);
    if (g_hash_table_contains(manifest->by_key, key))
        manifest->well_formed = FALSE;
    else
        g_hash_table_insert(manifest->by_key, key, copy);
}

CelManifest *cel_manifest_parse(const char *text)
{
    CelManifest *manifest = manifest_new();
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    const guint n = g_strv_length(lines);
    for (guint i = 1; i + 1 < n; i++)
        append(manifest, lines[i]);
    if (n < 2 || !g_str_equal(lines[0], HEAD) || *lines[n - 1] != '\0')
        manifest->well_formed = FALSE;
    return manifest;
}

void cel_manifest_free(CelManifest *manifest)
{
    if (manifest == NULL)
        return;
    g_hash_table_unref(manifest->by_key);
    g_ptr_array_unref(manifest->lines);
    g_ptr_array_unref(manifest->keys);
    g_free(manifest);
}

static const char *path_of(const char *key)
{
    const char *blank = strchr(key, ' ');
    return blank != NULL ? blank + 1 : key;
}

char *cel_manifest_missing(const CelManifest *a, const CelManifest *b, const char *algorithm,
                           gboolean whole)
{
    for (guint i = 0; i < a->lines->len; i++) {
        const char *line = g_ptr_array_index(a->lines, i), *key = g_ptr_array_index(a->keys, i);
        if (algorithm != NULL && !g_str_has_prefix(key, algorithm))
            continue;
        const char *other = g_hash_table_lookup(b->by_key, key);
        if (other == NULL || (whole && !g_str_equal(line, other)))
            return g_strdup(path_of(key));
    }
    return NULL;
}

gboolean cel_manifest_is_below(const char *path, const char *top)
{
    const gsize n = strlen(top);
    return g_str_has_prefix(path, top) && strchr("/ ", path[n]) != NULL; /* or the end */
}

CelManifest *cel_manifest_below(const CelManifest *manifest, const char *path)
{
    CelManifest *part = manifest_new();
    for (guint i = 0; i < manifest->lines->len; i++)
        if (cel_manifest_is_below(path_of(g_ptr_array_index(manifest->keys, i)), path))
            append(part, g_ptr_array_index(manifest->lines, i));
    return part;
}
