/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sys/stat.h>

G_BEGIN_DECLS

/*
 * A private file that holds what was computed once and would be the same every time: blocks of
 * bytes, mapped; a page is read when it is touched. Its name is the digest of everything the blocks
 * depend on, so it is never updated, only made anew under another name. It may be lost or deleted
 * at any time.
 *
 * The file lies in the user's cache folder, mode 0600 in a folder of mode 0700; one that belongs to
 * somebody else, or that others may write to, is not used. The first opening checks the SHA-256 of
 * the whole content (about 0.6 ms a megabyte) and notes the file's mark: device, inode, size, times
 * of the last change of content and of anything (the last of which nobody can set). While the mark
 * is the noted one, later openings believe the first; files below CEL_CACHE_SMALL are checked every
 * time. Any other mark means the whole check again, and content that does not have its digest is
 * not used. cel_cache_is_whole() checks at once what is mapped: before evidence is sealed.
 */
typedef struct CelCache CelCache;

enum {
    CEL_CACHE_KEY = 32,       /* bytes: a SHA-256 */
    CEL_CACHE_PARTS_MAX = 96, /* blocks */
    CEL_CACHE_SMALL = 65536,  /* bytes */
};

/** CelCacheKind: what a file holds; each has its own ending and number of files that stay: older
 * ones are deleted when one is written. */
typedef enum {
    CEL_CACHE_PREPARED, /* what a matcher made of libraries */
    CEL_CACHE_LIBRARY,  /* the content of a library file */
    CEL_CACHE_ORIGIN,   /* which content a library file was found to have */
    CEL_CACHE_MARK,     /* that a file of the first two was found whole */
    CEL_CACHE_N_KINDS
} CelCacheKind;

/** cel_cache_kept: Returns: how many files of @kind stay. */
guint cel_cache_kept(CelCacheKind kind);

/** CelCachePart: one block, borrowed; it begins on a line of the processor's cache (64 bytes). */
typedef struct {
    const void *data;
    gsize n_bytes;
} CelCachePart;

/**
 * cel_cache_open:
 * @key: what the blocks depend on
 * Returns: (transfer full) (nullable): the file, mapped and found whole, now or before; NULL when
 *   there is none that may be trusted. Thread-safe: yes.
 */
CelCache *cel_cache_open(CelCacheKind kind, const guint8 key[CEL_CACHE_KEY]);

/** cel_cache_is_whole: Returns: whether the file is as long as when it was opened and what is
 * mapped has the digest that it stated then; reads all of it. Thread-safe: yes. */
gboolean cel_cache_is_whole(const CelCache *cache);

/** cel_cache_discard: takes the file's name away, so that the next start makes it anew; what is
 * mapped stays mapped. */
void cel_cache_discard(const CelCache *cache);

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
gboolean cel_cache_write(CelCacheKind kind, const guint8 key[CEL_CACHE_KEY],
                         const CelCachePart *parts, guint n);

/** cel_cache_program: mixes into @checksum (a SHA-256) what every computed number depends on: this
 * very program (its build id, else its file's content), the kind of processor, the C library.
 * Returns: FALSE when the program does not know itself: then nothing may be cached. */
gboolean cel_cache_program(GChecksum *checksum);

/** CelFileMark: what the system says of a file: who changes its content changes one of these. */
typedef struct {
    guint64 device, inode, size;
    gint64 content_s, content_ns; /* last change of the content */
    gint64 any_s, any_ns;         /* last change of anything */
} CelFileMark;

/** cel_file_mark: of a file that stat() described. */
CelFileMark cel_file_mark(const struct stat *info);

/** cel_file_mark_is_settled: Returns: whether the file's last change is so long ago that one more
 * would have another time; a younger mark must not be noted. Asked before the content is read that
 * the mark stands for. Thread-safe: yes. */
gboolean cel_file_mark_is_settled(const CelFileMark *mark);

G_END_DECLS
