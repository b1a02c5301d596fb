/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-cache.h"

#include "base/cel-file.h"
#include "base/cel-hash.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { LINE = 64, FOLDER_MODE = 0700, FILE_MODE = 0600 };

/* The coarsest clock of file systems that are used (FAT). */
enum { SETTLED_SECONDS = 2 };

static const struct {
    const char *suffix;
    guint kept;
} kinds[CEL_CACHE_N_KINDS] = {
    [CEL_CACHE_PREPARED] = {".prepared", 4},
    [CEL_CACHE_LIBRARY] = {".library", 8},
    [CEL_CACHE_ORIGIN] = {".origin", 32},
    [CEL_CACHE_MARK] = {".mark", 16},
};

guint cel_cache_kept(CelCacheKind kind)
{
    return kinds[kind].kept;
}

/* Before the blocks; the digest is that of everything behind it. */
typedef struct {
    char magic[8];
    guint8 digest[CEL_DIGEST_BYTES];
    guint8 key[CEL_CACHE_KEY];
    guint64 n_parts;
    guint64 sizes[CEL_CACHE_PARTS_MAX];
} Head;

static const char magic[8] = {'c', 'e', 'l', 'p', 'r', 'e', 'p', '2'};

struct CelCache {
    char *path;
    int fd; /* of the file that is mapped */
    const guint8 *map;
    gsize size;
    guint8 digest[CEL_DIGEST_BYTES]; /* that the file stated when it was opened */
};

/* What a mark's file says of another one. */
typedef struct {
    CelFileMark mark;
    guint8 digest[CEL_DIGEST_BYTES];
} Seen;

static gsize in_lines(gsize n)
{
    return (n + LINE - 1) / LINE * LINE;
}

static char *folder_of(void)
{
    return g_build_filename(g_get_user_cache_dir(), "celadon", "prepared", NULL);
}

static char *path_of(CelCacheKind kind, const guint8 key[CEL_CACHE_KEY])
{
    g_autofree char *folder = folder_of(), *hex = cel_hex_write(key, CEL_CACHE_KEY);
    return g_strconcat(folder, G_DIR_SEPARATOR_S, hex, kinds[kind].suffix, NULL);
}

/* ---- marks ---- */

CelFileMark cel_file_mark(const struct stat *info)
{
    return (CelFileMark){.device = (guint64)info->st_dev,
                         .inode = (guint64)info->st_ino,
                         .size = (guint64)info->st_size,
                         .content_s = info->st_mtim.tv_sec,
                         .content_ns = info->st_mtim.tv_nsec,
                         .any_s = info->st_ctim.tv_sec,
                         .any_ns = info->st_ctim.tv_nsec};
}

gboolean cel_file_mark_is_settled(const CelFileMark *mark)
{
    struct timespec now;
    const gint64 last = MAX(mark->any_s, mark->content_s);
    return clock_gettime(CLOCK_REALTIME, &now) == 0 && last + SETTLED_SECONDS < now.tv_sec;
}

/* ---- reading ---- */

static const Head *head_of(const CelCache *cache)
{
    return (const Head *)(const void *)cache->map;
}

static gsize behind_digest(void)
{
    return G_STRUCT_OFFSET(Head, key);
}

static gboolean has_form(const CelCache *cache, const guint8 key[CEL_CACHE_KEY])
{
    const Head *head = head_of(cache);
    gsize total = in_lines(sizeof *head);
    if (cache->size < sizeof *head || memcmp(head->magic, magic, sizeof magic) != 0 ||
        memcmp(head->key, key, CEL_CACHE_KEY) != 0 || head->n_parts > CEL_CACHE_PARTS_MAX)
        return FALSE;
    for (guint i = 0; i < head->n_parts; i++) {
        if (head->sizes[i] > cache->size)
            return FALSE;
        total += in_lines(head->sizes[i]);
    }
    return total == cache->size;
}

/* Whether the file still reaches as far as its map: what is behind its end must not be touched. */
static gboolean is_all_there(const CelCache *cache)
{
    struct stat info;
    return fstat(cache->fd, &info) == 0 && (gsize)info.st_size == cache->size;
}

gboolean cel_cache_is_whole(const CelCache *cache)
{
    guint8 digest[CEL_DIGEST_BYTES];
    const CelDigestPart part = {cache->map + behind_digest(), cache->size - behind_digest()};
    return is_all_there(cache) && cel_digest_parts("sha256", &part, 1, digest) &&
           memcmp(digest, cache->digest, sizeof digest) == 0;
}

static gboolean was_seen_whole(const CelCache *cache, const Seen *now)
{
    g_autoptr(CelCache) noted = cel_cache_open(CEL_CACHE_MARK, head_of(cache)->key);
    const CelCachePart part = noted != NULL ? cel_cache_part(noted, 0) : (CelCachePart){NULL, 0};
    return part.n_bytes == sizeof *now && memcmp(part.data, now, sizeof *now) == 0;
}

static gboolean is_trusted(const CelCache *cache, const CelFileMark *mark)
{
    /* asked before the content is read: a change during that would have another mark */
    const gboolean settled = cel_file_mark_is_settled(mark);
    if (cache->size < CEL_CACHE_SMALL)
        return cel_cache_is_whole(cache);
    Seen now;
    memset(&now, 0, sizeof now);
    now.mark = *mark;
    memcpy(now.digest, cache->digest, sizeof now.digest);
    if (was_seen_whole(cache, &now))
        return TRUE;
    if (!cel_cache_is_whole(cache))
        return FALSE;
    const CelCachePart part = {&now, sizeof now};
    if (settled)
        cel_cache_write(CEL_CACHE_MARK, head_of(cache)->key, &part, 1);
    return TRUE;
}

/* Maps the file at @cache's path. Returns: FALSE: there is none that may be used. */
static gboolean map_file(CelCache *cache, CelFileMark *out_mark)
{
    struct stat info;
    cache->fd = open(cache->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (cache->fd < 0 || fstat(cache->fd, &info) != 0 || !S_ISREG(info.st_mode) ||
        info.st_uid != geteuid() || (info.st_mode & (S_IWGRP | S_IWOTH)) != 0 || info.st_size <= 0)
        return FALSE;
    void *map = mmap(NULL, (gsize)info.st_size, PROT_READ, MAP_PRIVATE, cache->fd, 0);
    if (map == MAP_FAILED)
        return FALSE;
    cache->map = map;
    cache->size = (gsize)info.st_size;
    *out_mark = cel_file_mark(&info);
    return TRUE;
}

CelCache *cel_cache_open(CelCacheKind kind, const guint8 key[CEL_CACHE_KEY])
{
    g_autoptr(CelCache) cache = g_new0(CelCache, 1);
    CelFileMark mark;
    cache->path = path_of(kind, key);
    if (!map_file(cache, &mark) || !has_form(cache, key))
        return NULL;
    memcpy(cache->digest, head_of(cache)->digest, sizeof cache->digest);
    return is_trusted(cache, &mark) ? g_steal_pointer(&cache) : NULL;
}

void cel_cache_discard(const CelCache *cache)
{
    g_unlink(cache->path);
}

CelCachePart cel_cache_part(const CelCache *cache, guint i)
{
    const Head *head = head_of(cache);
    const guint8 *at = cache->map + in_lines(sizeof *head);
    if (i >= head->n_parts)
        return (CelCachePart){NULL, 0};
    for (guint before = 0; before < i; before++)
        at += in_lines(head->sizes[before]);
    return (CelCachePart){at, head->sizes[i]};
}

void cel_cache_free(CelCache *cache)
{
    if (cache == NULL)
        return;
    if (cache->map != NULL)
        munmap((void *)(guintptr)cache->map, cache->size);
    if (cache->fd >= 0)
        close(cache->fd);
    g_free(cache->path);
    g_free(cache);
}

/* ---- writing ---- */

static void append(GByteArray *out, const void *data, gsize n)
{
    static const guint8 zeros[LINE];
    if (n > 0)
        g_byte_array_append(out, data, (guint)n);
    g_byte_array_append(out, zeros, (guint)(in_lines(n) - n));
}

static int newest_first(gconstpointer a, gconstpointer b)
{
    GStatBuf x, y;
    const char *const *one = a, *const *other = b;
    const gboolean has_x = g_stat(*one, &x) == 0, has_y = g_stat(*other, &y) == 0;
    if (!has_x || !has_y)
        return (has_y ? 1 : 0) - (has_x ? 1 : 0);
    if (x.st_mtim.tv_sec != y.st_mtim.tv_sec)
        return x.st_mtim.tv_sec > y.st_mtim.tv_sec ? -1 : 1;
    return x.st_mtim.tv_nsec > y.st_mtim.tv_nsec ? -1 : x.st_mtim.tv_nsec < y.st_mtim.tv_nsec;
}

/* @keep: stays whatever its age. */
static void delete_old(const char *folder, CelCacheKind kind, const char *keep)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
        if (g_str_has_suffix(name, kinds[kind].suffix))
            g_ptr_array_add(paths, g_build_filename(folder, name, NULL));
    g_ptr_array_sort(paths, newest_first);
    for (guint i = kinds[kind].kept; i < paths->len; i++)
        if (strcmp(g_ptr_array_index(paths, i), keep) != 0)
            g_unlink(g_ptr_array_index(paths, i));
}

gboolean cel_cache_write(CelCacheKind kind, const guint8 key[CEL_CACHE_KEY],
                         const CelCachePart *parts, guint n)
{
    Head head = {.n_parts = n};
    gsize total = in_lines(sizeof head);
    g_return_val_if_fail(n <= CEL_CACHE_PARTS_MAX, FALSE);
    memcpy(head.magic, magic, sizeof magic);
    memcpy(head.key, key, CEL_CACHE_KEY);
    for (guint i = 0; i < n; i++) {
        head.sizes[i] = parts[i].n_bytes;
        total += in_lines(parts[i].n_bytes);
    }
    if (total > G_MAXINT32) /* longer than a GByteArray may become */
        return FALSE;
    g_autofree char *folder = folder_of(), *path = path_of(kind, key);
    if (g_mkdir_with_parents(folder, FOLDER_MODE) != 0)
        return FALSE;
    GByteArray *out = g_byte_array_sized_new((guint)total);
    append(out, &head, sizeof head);
    for (guint i = 0; i < n; i++)
        append(out, parts[i].data, parts[i].n_bytes);
    const CelDigestPart content = {out->data + behind_digest(), out->len - behind_digest()};
    const gboolean ok =
        cel_digest_parts("sha256", &content, 1, out->data + G_STRUCT_OFFSET(Head, digest));
    g_autoptr(GBytes) bytes = g_byte_array_free_to_bytes(out);
    const gboolean written = ok && cel_file_write(path, bytes, FILE_MODE, NULL);
    delete_old(folder, kind, path);
    return written;
}
