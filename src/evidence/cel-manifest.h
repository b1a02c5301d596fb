/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Reading and comparing manifests as h5/cel-digest.h defines them. */

/** CelManifest: a manifest from a file, untrusted, or as recomputed. */
typedef struct {
    GPtrArray *lines;     /* texts without line end, the head left out */
    GHashTable *by_key;   /* key -> line, both borrowed from @lines and @keys */
    GPtrArray *keys;      /* one a line: what the line is about */
    gboolean well_formed; /* head, every line and the end are as defined, no line is there twice */
} CelManifest;

/** cel_manifest_parse: Returns: (transfer full): what @text holds; lines that are none of a
 * manifest are kept with their whole text as key. */
CelManifest *cel_manifest_parse(const char *text);
/** cel_manifest_free: @manifest: (nullable) */
void cel_manifest_free(CelManifest *manifest);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelManifest, cel_manifest_free)

/**
 * cel_manifest_missing:
 * @algorithm: (nullable): only lines of this algorithm
 * @whole: else only the keys count, not digest, type and shape
 * Returns: (transfer full) (nullable): the path of the first line of @a that @b does not have, with
 *   " attributes" behind it when these differ; NULL when there is none.
 */
char *cel_manifest_missing(const CelManifest *a, const CelManifest *b, const char *algorithm,
                           gboolean whole);

/** cel_manifest_is_below: @path: of a key, with or without " attributes". Returns: TRUE when it is
 * @top or lies below it. */
gboolean cel_manifest_is_below(const char *path, const char *top);

/** cel_manifest_below: Returns: (transfer full): the lines of @manifest that speak of the object
 * @path or of what lies below it. */
CelManifest *cel_manifest_below(const CelManifest *manifest, const char *path);

G_END_DECLS
