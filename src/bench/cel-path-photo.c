/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-case.h"
#include "bench/cel-path.h"

#include "base/cel-error.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The newest picture in a camera program's folder. */

enum { HEAD = 12, TAIL = 64, NS_PER_US = 1000, SETTLED_US = 2000000 };
enum { AHEAD_US = 600 * G_USEC_PER_SEC }; /* a camera's clock may be so wrong */

/** Candidate: one regular file. */
typedef struct {
    gint64 changed_us;
    goffset size;
    int fd;
} Candidate;

static void close_fd(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}
#define AUTO_FD __attribute__((cleanup(close_fd))) int

static gboolean is_whole_png(const guint8 *head, const guint8 *tail, gsize n)
{
    static const guint8 magic[] = {0x89, 'P', 'N', 'G', 0x0d, 0x0a, 0x1a, 0x0a};
    return memcmp(head, magic, sizeof magic) == 0 && n >= 8 && memcmp(tail + n - 8, "IEND", 4) == 0;
}

static gboolean is_whole_jpeg(const guint8 *head, const guint8 *tail, gsize n)
{
    static const guint8 magic[] = {0xff, 0xd8, 0xff};
    return memcmp(head, magic, sizeof magic) == 0 && n >= 2 && tail[n - 2] == 0xff &&
           tail[n - 1] == 0xd9;
}

static gboolean is_picture_head(const guint8 *head)
{
    static const guint8 png[] = {0x89, 'P', 'N', 'G', 0x0d, 0x0a, 0x1a, 0x0a};
    static const guint8 jpeg[] = {0xff, 0xd8, 0xff};
    return memcmp(head, png, sizeof png) == 0 || memcmp(head, jpeg, sizeof jpeg) == 0;
}

/* Whole by its end; some cameras write more behind it, so that a file at rest counts too. */
static gboolean is_done(const Candidate *candidate)
{
    guint8 head[HEAD], tail[TAIL];
    const gsize n = (gsize)MIN(candidate->size, TAIL);
    if (candidate->size < HEAD || pread(candidate->fd, head, sizeof head, 0) != HEAD ||
        pread(candidate->fd, tail, n, (off_t)(candidate->size - (goffset)n)) != (ssize_t)n)
        return FALSE;
    return is_whole_png(head, tail, n) || is_whole_jpeg(head, tail, n) ||
           (is_picture_head(head) && g_get_real_time() - candidate->changed_us > SETTLED_US);
}

/* Returns: whether it is a picture that is newer than @since_us, and not of a time to come: after
 * the clock was set back those of before would be. */
static gboolean look(const char *path, gint64 since_us, gint64 *out_us)
{
    struct stat info;
    AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) ||
        info.st_size > CEL_PHOTO_MAX_BYTES)
        return FALSE;
    *out_us = (gint64)info.st_mtim.tv_sec * G_USEC_PER_SEC + info.st_mtim.tv_nsec / NS_PER_US;
    const Candidate candidate = {.changed_us = *out_us, .size = info.st_size, .fd = fd};
    return *out_us > since_us && *out_us < g_get_real_time() + AHEAD_US && is_done(&candidate);
}

char *cel_path_newest_photo(const char *folder, gint64 since_us, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_autofree char *best = NULL;
    gint64 best_us = since_us;
    guint n = 0;
    if (dir == NULL) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("%s: the camera's folder cannot be read; choose it in the settings"), folder);
        return NULL;
    }
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir)) {
        gint64 changed_us = 0;
        if (++n > CEL_PATH_MOST_FILES) {
            g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                        _("%s: too many files; choose a folder for this day's pictures"), folder);
            return NULL;
        }
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (!look(path, best_us, &changed_us))
            continue;
        g_free(best);
        best = g_steal_pointer(&path);
        best_us = changed_us;
    }
    return g_steal_pointer(&best);
}
