/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * A private file that holds what was computed once and would be the same every time: blocks of
 * bytes, mapped. Its name is the digest of everything the blocks depend on, so it is never updated,
 * only made anew under another name. It may be lost or deleted at any time.
 *
 * The file lies in the user's cache folder, mode 0600 in a folder of mode 0700; one that belongs to
 * somebody else, or that others may write to, is not used. Every opening checks the SHA-256 of the
 * whole content (about 0.6 ms a megabyte with the processor's SHA instructions), so a damaged or
 * changed file is found and made anew, and never changes a result.
 */
typedef struct CelCache CelCache;

enum {
    CEL_CACHE_KEY = 32,       /* bytes: a SHA-256 */
    CEL_CACHE_PARTS_MAX = 64, /* blocks */
    CEL_CACHE_KEPT = 4,       /* files that stay; older ones are deleted when one is written */
};

/** CelCachePart: one block, borrowed; it begins on a line of the processor's cache (64 bytes). */
typedef struct {
    const void *data;
    gsize n_bytes;
} CelCachePart;

/**
 * cel_cache_open:
 * @key: what the blocks depend on
 * Returns: (transfer full) (nullable): the file, mapped and found whole; NULL when there is none
 *   that may be trusted. Thread-safe: yes.
 */
CelCache *cel_cache_open(const guint8 key[CEL_CACHE_KEY]);

/** cel_cache_part: Returns: block @i, with no bytes when there are not so many. Borrowed from
 * @cache. */
CelCachePart cel_cache_part(const CelCache *cache, guint i);

/** cel_cache_free: @cache: (nullable): the blocks go with it. */
void cel_cache_free(CelCache *cache);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelCache, cel_cache_free)

/**
 * cel_cache_write:
 * Writes the file of @key, whole or not at all.
 * Returns: FALSE when that did not succeed (disk full, no folder): nothing is lost but time.
 */
gboolean cel_cache_write(const guint8 key[CEL_CACHE_KEY], const CelCachePart *parts, guint n);

/** cel_cache_program: mixes into @checksum (a SHA-256) what every computed number depends on: this
 * very program (its file's content), the kind of processor, the C library. Returns: FALSE when the
 * program's file cannot be read: then nothing may be cached. */
gboolean cel_cache_program(GChecksum *checksum);

G_END_DECLS
