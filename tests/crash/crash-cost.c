/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crash-player-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_FILES = 512 };

/* The files that are open: never closed in between, as the program itself would not pay for it. */
typedef struct {
    const char *folder;
    int fds[MOST_FILES];
} Disk;

static int *fd_of(Disk *disk, guint file)
{
    g_assert_cmpuint(file, <, MOST_FILES);
    return &disk->fds[file];
}

static char *path_of(const Disk *disk, const char *name)
{
    return g_build_filename(disk->folder, name, NULL);
}

static void must(gboolean ok, const char *what)
{
    if (!ok)
        g_error("%s: %s", what, g_strerror(errno));
}

static void sync_dir(const Disk *disk, const char *name)
{
    g_autofree char *path = path_of(disk, name);
    const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    must(fd >= 0 && fsync(fd) == 0, "sync of a folder");
    close(fd);
}

static void open_file(Disk *disk, const Step *step)
{
    g_autofree char *path = path_of(disk, step->bytes);
    const int flags = step->head.op == CRASH_NAMELESS ? O_TMPFILE : O_CREAT;
    *fd_of(disk, step->head.file) = open(path, flags | O_RDWR | O_CLOEXEC, 0600);
    must(*fd_of(disk, step->head.file) >= 0, path);
}

static void name_file(Disk *disk, const Step *step)
{
    g_autofree char *path = path_of(disk, step->bytes);
    g_autofree char *self = g_strdup_printf("/proc/self/fd/%d", *fd_of(disk, step->head.file));
    must(linkat(AT_FDCWD, self, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0, path);
}

static void move(const Disk *disk, const Step *step)
{
    g_autofree char *from = path_of(disk, step->bytes);
    g_autofree char *to = path_of(disk, step->bytes + strlen(step->bytes) + 1);
    must(g_rename(from, to) == 0, from);
}

static void do_step(Disk *disk, const Step *step)
{
    const int fd = step->head.file > 0 ? *fd_of(disk, step->head.file) : -1;
    g_autofree char *path = path_of(disk, step->bytes);
    switch ((CrashOp)step->head.op) {
    case CRASH_CREATE:
    case CRASH_NAMELESS:
        open_file(disk, step);
        break;
    case CRASH_WRITE:
        must(pwrite(fd, step->bytes, step->head.length, (off_t)step->head.offset) ==
                 (ssize_t)step->head.length,
             "write");
        break;
    case CRASH_TRUNCATE:
        must(ftruncate(fd, (off_t)step->head.offset) == 0, "truncate");
        break;
    case CRASH_SYNC:
        must(fdatasync(fd) == 0, "sync");
        break;
    case CRASH_LINK:
        name_file(disk, step);
        break;
    case CRASH_RENAME:
        move(disk, step);
        break;
    case CRASH_UNLINK:
        must(g_unlink(path) == 0, path);
        break;
    case CRASH_FOLDER:
        must(g_mkdir(path, 0700) == 0, path);
        break;
    case CRASH_SYNC_DIR:
        sync_dir(disk, step->bytes);
        break;
    default:
        break;
    }
}

static void count(CrashCost *cost, const Step *step)
{
    cost->writes += step->head.op == CRASH_WRITE ? 1 : 0;
    cost->syncs += step->head.op == CRASH_SYNC || step->head.op == CRASH_SYNC_DIR ? 1 : 0;
}

GArray *crash_play_cost(const CrashPlay *play, const char *folder, const char *word)
{
    Disk disk = {.folder = folder};
    GArray *costs = g_array_new(FALSE, FALSE, sizeof(CrashCost));
    CrashCost cost = {0};
    gint64 program_us = 0, cpu_us = 0, bare_us = g_get_monotonic_time();
    memset(disk.fds, -1, sizeof disk.fds);
    for (gsize i = 0; i < crash_play_length(play); i++) {
        const Step *step = step_at(play, i);
        if (step->head.op != CRASH_ACK) {
            do_step(&disk, step);
            count(&cost, step);
            continue;
        }
        const gint64 now_us = g_get_monotonic_time();
        cost.program_ms = (double)(step->head.at_us - program_us) / 1e3;
        cost.cpu_ms = (double)(step->head.cpu_us - cpu_us) / 1e3;
        cost.bare_ms = (double)(now_us - bare_us) / 1e3;
        if (program_us != 0 && g_str_has_prefix(step->bytes, word) && cost.syncs > 0)
            g_array_append_val(costs, cost);
        cost = (CrashCost){0};
        program_us = step->head.at_us;
        cpu_us = step->head.cpu_us;
        bare_us = g_get_monotonic_time();
    }
    for (guint i = 0; i < MOST_FILES; i++)
        if (disk.fds[i] >= 0)
            close(disk.fds[i]);
    return costs;
}
