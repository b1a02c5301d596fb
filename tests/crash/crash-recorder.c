/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crash-log.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/*
 * Loaded before the C library (LD_PRELOAD), this writes down every change that the program makes to
 * the files below one folder, or lets the N-th of them fail with a full disk, or kills the program
 * there. SQLite's "-shm" is left out: it is shared memory with a name, made anew by whoever opens
 * the database first.
 */

enum { MOST_FDS = 1024, MOST_FILES = 4096, MOST_PATH = 4096 };

/* What a descriptor stands for; 0 in @file: nothing that is watched. */
typedef struct {
    uint32_t file;
    int folder, ack;
    char name[256]; /* of a folder */
} Slot;

static struct {
    pthread_mutex_t lock;
    int log;
    char folder[MOST_PATH];
    size_t folder_length;
    long fault_at, n_ops;
    int kills;
    Slot slots[MOST_FDS];
    struct {
        dev_t dev;
        ino_t ino;
    } files[MOST_FILES];
    uint32_t n_files;
} crash = {.lock = PTHREAD_MUTEX_INITIALIZER, .log = -1};

static long number(const char *digits)
{
    long value = 0;
    for (; *digits >= '0' && *digits <= '9' && value < 1000000000; digits++)
        value = 10 * value + (*digits - '0');
    return value;
}

__attribute__((constructor)) static void begin(void)
{
    const char *folder = getenv(CRASH_ENV_FOLDER), *log = getenv(CRASH_ENV_LOG);
    const char *fault = getenv(CRASH_ENV_FAULT);
    if (folder == NULL || strlen(folder) >= sizeof crash.folder)
        return;
    snprintf(crash.folder, sizeof crash.folder, "%s", folder);
    crash.folder_length = strlen(folder);
    if (log != NULL)
        crash.log = (int)syscall(SYS_openat, AT_FDCWD, log,
                                 O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    if (fault != NULL && strlen(fault) > 5) {
        crash.kills = strncmp(fault, "kill:", 5) == 0;
        crash.fault_at = number(fault + 5);
    }
}

/* The name below the watched folder, or NULL. */
static const char *inside(const char *path)
{
    if (crash.folder_length == 0 || path == NULL ||
        strncmp(path, crash.folder, crash.folder_length) != 0)
        return NULL;
    const char *rest = path + crash.folder_length;
    if (*rest != '/' && *rest != '\0')
        return NULL;
    const size_t n = strlen(rest);
    if (n > 4 && strcmp(rest + n - 4, "-shm") == 0)
        return NULL;
    return *rest == '/' ? rest + 1 : rest;
}

static int64_t clock_us(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void put(CrashOp op, uint32_t file, uint64_t offset, const void *bytes, size_t n)
{
    const CrashHead head = {
        op, file, offset, n, clock_us(CLOCK_MONOTONIC), clock_us(CLOCK_PROCESS_CPUTIME_ID)};
    if (crash.log < 0)
        return;
    if (syscall(SYS_write, crash.log, &head, sizeof head) != (long)sizeof head ||
        (n > 0 && syscall(SYS_write, crash.log, bytes, n) != (long)n))
        abort();
}

static void put_name(CrashOp op, uint32_t file, const char *name)
{
    put(op, file, 0, name, strlen(name));
}

/* Counts an operation that changes something. Returns nonzero when it must fail: a disk that is
 * full stays full. */
static int fault(void)
{
    crash.n_ops++;
    if (crash.fault_at == 0 || crash.n_ops < crash.fault_at)
        return 0;
    if (crash.kills)
        kill(getpid(), SIGKILL);
    errno = ENOSPC;
    return 1;
}

static uint32_t number_of(int fd, int fresh)
{
    struct stat info;
    if (syscall(SYS_fstat, fd, &info) != 0)
        return 0;
    uint32_t i = 0;
    while (i < crash.n_files &&
           (crash.files[i].dev != info.st_dev || crash.files[i].ino != info.st_ino))
        i++;
    if (i < crash.n_files && fresh) { /* the number of a file that is gone */
        crash.files[i].ino = 0;
        i = crash.n_files;
    }
    if (i == crash.n_files) {
        if (crash.n_files == MOST_FILES)
            abort();
        crash.files[crash.n_files].dev = info.st_dev;
        crash.files[crash.n_files++].ino = info.st_ino;
    }
    return i + 1;
}

static Slot *slot_of(int fd)
{
    return fd >= 0 && fd < MOST_FDS ? &crash.slots[fd] : NULL;
}

static void note_open(int fd, const char *name, int flags, int existed)
{
    Slot *slot = slot_of(fd);
    struct stat info;
    if (slot == NULL || syscall(SYS_fstat, fd, &info) != 0)
        return;
    memset(slot, 0, sizeof *slot);
    if (S_ISDIR(info.st_mode)) {
        slot->folder = 1;
        snprintf(slot->name, sizeof slot->name, "%s", name);
        return;
    }
    const char *base = strrchr(name, '/') != NULL ? strrchr(name, '/') + 1 : name;
    slot->ack = strcmp(base, CRASH_ACK_NAME) == 0;
    if (slot->ack)
        return;
    const int nameless = (flags & O_TMPFILE) == O_TMPFILE;
    slot->file = number_of(fd, nameless || !existed);
    if (nameless)
        put(CRASH_NAMELESS, slot->file, 0, NULL, 0);
    else if (!existed)
        put_name(CRASH_CREATE, slot->file, name);
    else if ((flags & O_TRUNC) != 0)
        put(CRASH_TRUNCATE, slot->file, 0, NULL, 0);
}

static int do_open(int dirfd, const char *path, int flags, mode_t mode)
{
    const char *name = dirfd == AT_FDCWD || path[0] == '/' ? inside(path) : NULL;
    if (name == NULL)
        return (int)syscall(SYS_openat, dirfd, path, flags, mode);
    pthread_mutex_lock(&crash.lock);
    const int existed = access(path, F_OK) == 0;
    const char *base = strrchr(name, '/') != NULL ? strrchr(name, '/') + 1 : name;
    const int changes = strcmp(base, CRASH_ACK_NAME) != 0 &&
                        ((flags & O_TMPFILE) == O_TMPFILE || (flags & O_TRUNC) != 0 ||
                         ((flags & O_CREAT) != 0 && !existed));
    int fd = -1;
    if (!changes || !fault())
        fd = (int)syscall(SYS_openat, dirfd, path, flags, mode);
    const int saved = errno;
    if (fd >= 0)
        note_open(fd, name, flags, existed);
    pthread_mutex_unlock(&crash.lock);
    errno = saved;
    return fd;
}

#define OPEN(name)                                                                                 \
    int name(const char *path, int flags, ...)                                                     \
    {                                                                                              \
        va_list arguments;                                                                         \
        va_start(arguments, flags);                                                                \
        const mode_t mode = (mode_t)va_arg(arguments, unsigned);                                   \
        va_end(arguments);                                                                         \
        return do_open(AT_FDCWD, path, flags, mode);                                               \
    }
#define OPENAT(name)                                                                               \
    int name(int dirfd, const char *path, int flags, ...)                                          \
    {                                                                                              \
        va_list arguments;                                                                         \
        va_start(arguments, flags);                                                                \
        const mode_t mode = (mode_t)va_arg(arguments, unsigned);                                   \
        va_end(arguments);                                                                         \
        return do_open(dirfd, path, flags, mode);                                                  \
    }
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

int close(int fd)
{
    pthread_mutex_lock(&crash.lock);
    Slot *slot = slot_of(fd);
    if (slot != NULL && fd != crash.log)
        memset(slot, 0, sizeof *slot);
    pthread_mutex_unlock(&crash.lock);
    return (int)syscall(SYS_close, fd);
}

/* ---- content ---- */

/* @offset: -1: where the descriptor stands. */
static ssize_t do_write(int fd, const void *bytes, size_t n, off_t offset)
{
    Slot *slot = slot_of(fd);
    if (slot == NULL || (slot->file == 0 && !slot->ack))
        return offset < 0 ? syscall(SYS_write, fd, bytes, n)
                          : syscall(SYS_pwrite64, fd, bytes, n, offset);
    pthread_mutex_lock(&crash.lock);
    ssize_t done = -1;
    const off_t at = offset >= 0 ? offset : lseek(fd, 0, SEEK_CUR);
    if (slot->ack || !fault())
        done = offset < 0 ? syscall(SYS_write, fd, bytes, n)
                          : syscall(SYS_pwrite64, fd, bytes, n, offset);
    const int saved = errno;
    if (done > 0 && slot->ack)
        put(CRASH_ACK, 0, 0, bytes, (size_t)done);
    else if (done > 0)
        put(CRASH_WRITE, slot->file, (uint64_t)at, bytes, (size_t)done);
    pthread_mutex_unlock(&crash.lock);
    errno = saved;
    return done;
}

ssize_t write(int fd, const void *bytes, size_t n)
{
    return do_write(fd, bytes, n, -1);
}

ssize_t pwrite(int fd, const void *bytes, size_t n, off_t offset)
{
    return do_write(fd, bytes, n, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t offset)
{
    return do_write(fd, bytes, n, offset);
}

static int do_truncate(int fd, off_t length)
{
    Slot *slot = slot_of(fd);
    if (slot == NULL || slot->file == 0)
        return (int)syscall(SYS_ftruncate, fd, length);
    pthread_mutex_lock(&crash.lock);
    const int result = fault() ? -1 : (int)syscall(SYS_ftruncate, fd, length);
    const int saved = errno;
    if (result == 0)
        put(CRASH_TRUNCATE, slot->file, (uint64_t)length, NULL, 0);
    pthread_mutex_unlock(&crash.lock);
    errno = saved;
    return result;
}

int ftruncate(int fd, off_t length)
{
    return do_truncate(fd, length);
}

int ftruncate64(int fd, off64_t length)
{
    return do_truncate(fd, length);
}

/* A full disk shows at the sync too, where the file system allocates late. */
static int do_sync(int fd, long call)
{
    Slot *slot = slot_of(fd);
    if (slot == NULL || (slot->file == 0 && !slot->folder))
        return (int)syscall(call, fd);
    pthread_mutex_lock(&crash.lock);
    const int result = fault() ? -1 : (int)syscall(call, fd);
    const int saved = errno;
    if (result == 0 && slot->folder)
        put_name(CRASH_SYNC_DIR, 0, slot->name);
    else if (result == 0)
        put(CRASH_SYNC, slot->file, 0, NULL, 0);
    pthread_mutex_unlock(&crash.lock);
    errno = saved;
    return result;
}

int fsync(int fd)
{
    return do_sync(fd, SYS_fsync);
}

int fdatasync(int fd)
{
    return do_sync(fd, SYS_fdatasync);
}

/* ---- names ---- */

static int do_rename(const char *from, const char *to, unsigned flags)
{
    const char *old = inside(from), *new_name = inside(to);
    if (old == NULL || new_name == NULL)
        return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, flags);
    pthread_mutex_lock(&crash.lock);
    char names[2 * MOST_PATH];
    const int n = snprintf(names, sizeof names, "%s%c%s", old, 0, new_name);
    const int result =
        fault() ? -1 : (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, flags);
    const int saved = errno;
    if (result == 0)
        put(CRASH_RENAME, 0, 0, names, (size_t)n);
    pthread_mutex_unlock(&crash.lock);
    errno = saved;
    return result;
}

int rename(const char *from, const char *to)
{
    return do_rename(from, to, 0);
}

int renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
    if (from_dir != AT_FDCWD || to_dir != AT_FDCWD)
        return (int)syscall(SYS_renameat2, from_dir, from, to_dir, to, flags);
    return do_rename(from, to, flags);
}

/* The descriptor behind "/proc/self/fd/N", else -1. */
static int descriptor_of(const char *path)
{
    static const char prefix[] = "/proc/self/fd/";
    return strncmp(path, prefix, sizeof prefix - 1) == 0 ? (int)number(path + sizeof prefix - 1)
                                                         : -1;
}

int linkat(int from_dir, const char *from, int to_dir, const char *to, int flags)
{
    const char *name = inside(to);
    Slot *slot = slot_of(descriptor_of(from));
    if (name == NULL || slot == NULL || slot->file == 0)
        return (int)syscall(SYS_linkat, from_dir, from, to_dir, to, flags);
    pthread_mutex_lock(&crash.lock);
    const int result = fault() ? -1 : (int)syscall(SYS_linkat, from_dir, from, to_dir, to, flags);
    const int saved = errno;
    if (result == 0)
        put_name(CRASH_LINK, slot->file, name);
    pthread_mutex_unlock(&crash.lock);
    errno = saved;
    return result;
}

static int do_name(const char *path, CrashOp op, long call, long argument)
{
    const char *name = inside(path);
    if (name == NULL)
        return (int)syscall(call, path, argument);
    pthread_mutex_lock(&crash.lock);
    /* Room comes back by taking away: a full disk does not hinder that. */
    const int fails = fault() && op != CRASH_UNLINK;
    const int result = fails ? -1 : (int)syscall(call, path, argument);
    const int saved = errno;
    if (result == 0)
        put_name(op, 0, name);
    pthread_mutex_unlock(&crash.lock);
    errno = saved;
    return result;
}

int unlink(const char *path)
{
    return do_name(path, CRASH_UNLINK, SYS_unlink, 0);
}

int mkdir(const char *path, mode_t mode)
{
    return do_name(path, CRASH_FOLDER, SYS_mkdir, (long)mode);
}
