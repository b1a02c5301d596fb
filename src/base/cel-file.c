/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-file.h"

#include "base/cel-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean fail(GError **error, int code, const char *what, const char *path)
{
    const int saved = errno;
    g_autofree char *shown = g_filename_display_name(path);
    g_set_error(error, CEL_ERROR, code, "%s: %s: %s", shown, what, cel_file_why(saved));
    return FALSE;
}

const char *cel_file_why(int number)
{
    if (number == ENOSPC || number == EDQUOT || number == EFBIG)
        return _("the disk is full; make room on it, then do it again");
    if (number == ENOENT || number == ENOTDIR)
        return _("there is no such file or folder; look at its name");
    if (number == EACCES || number == EPERM)
        return _(
            "this user may not; ask whoever looks after this machine, or choose another place");
    if (number == EROFS)
        return _("it can only be read; choose another place");
    return g_strerror(number);
}

static void close_fd(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}
#define AUTO_FD __attribute__((cleanup(close_fd))) int

static gboolean check_size(const struct stat *info, const char *path, gsize max_bytes,
                           GError **error)
{
    g_autofree char *shown = g_filename_display_name(path);
    if (!S_ISREG(info->st_mode)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, _("%s: this is not a file"), shown);
        return FALSE;
    }
    if (info->st_size == 0) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("%s: the file is empty; export or copy it again"), shown);
        return FALSE;
    }
    if ((guint64)info->st_size > max_bytes) {
        g_set_error(
            error, CEL_ERROR, CEL_ERROR_INPUT,
            _("%s: %" G_GUINT64_FORMAT " bytes are more than the limit of %" G_GSIZE_FORMAT), shown,
            (guint64)info->st_size, max_bytes);
        return FALSE;
    }
    return TRUE;
}

static gboolean read_all(int fd, guint8 *buffer, gsize size)
{
    gsize done = 0;
    while (done < size) {
        const ssize_t n = read(fd, buffer + done, size - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return FALSE;
        done += (gsize)n;
    }
    return TRUE;
}

gboolean cel_file_read_into(const char *path, gsize max_bytes, CelFileMemory memory,
                            gpointer user_data, GError **error)
{
    AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) {
        const int code = errno == EACCES ? CEL_ERROR_SYSTEM : CEL_ERROR_INPUT;
        return fail(error, code, _("cannot be opened"), path);
    }
    struct stat info;
    if (fstat(fd, &info) != 0)
        return fail(error, CEL_ERROR_SYSTEM, _("cannot be examined"), path);
    if (!check_size(&info, path, max_bytes, error))
        return FALSE;
    guint8 *buffer = memory((gsize)info.st_size, user_data);
    if (buffer == NULL || !read_all(fd, buffer, (gsize)info.st_size))
        return fail(error, CEL_ERROR_SYSTEM, _("cannot be read whole"), path);
    return TRUE;
}

/* Plain memory for cel_file_read(). */
static guint8 *allocate(gsize n, gpointer user_data)
{
    guint8 *buffer = g_try_malloc(n);
    GBytes **bytes = user_data;
    *bytes = buffer != NULL ? g_bytes_new_take(buffer, n) : NULL;
    return buffer;
}

GBytes *cel_file_read(const char *path, gsize max_bytes, GError **error)
{
    g_autoptr(GBytes) bytes = NULL;
    if (!cel_file_read_into(path, max_bytes, allocate, &bytes, error))
        return NULL;
    return g_steal_pointer(&bytes);
}

static gboolean write_all(int fd, GBytes *bytes)
{
    gsize size = 0;
    const guint8 *data = g_bytes_get_data(bytes, &size);
    for (gsize done = 0; done < size;) {
        const ssize_t n = write(fd, data + done, size - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return FALSE;
        done += (gsize)n;
    }
    return fsync(fd) == 0;
}

/* Gives the nameless file @fd the name @temporary. */
static gboolean name_file(int fd, const char *temporary)
{
    g_autofree char *self = g_strdup_printf("/proc/self/fd/%d", fd);
    return linkat(AT_FDCWD, self, AT_FDCWD, temporary, AT_SYMLINK_FOLLOW) == 0;
}

/* A file without a name leaves nothing behind when the program dies; where the file system has none
 * (FAT sticks), a hidden one is used. @out_named tells which. */
static int open_temporary(const char *folder, const char *temporary, guint mode,
                          gboolean *out_named)
{
    *out_named = FALSE;
    int fd = open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, mode | S_IWUSR);
    if (fd >= 0)
        return fd;
    *out_named = TRUE;
    return open(temporary, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode | S_IWUSR);
}

static gboolean sync_folder(const char *folder)
{
    AUTO_FD fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    /* Some removable file systems cannot sync a folder: the rename itself has succeeded. */
    return fd >= 0 && (fsync(fd) == 0 || errno == EINVAL);
}

gboolean cel_file_sync_folder(const char *folder, GError **error)
{
    return sync_folder(folder) ||
           fail(error, CEL_ERROR_SYSTEM, _("the folder cannot be synced"), folder);
}

gboolean cel_file_same(const char *a, const char *b)
{
    struct stat one, other;
    return stat(a, &one) == 0 && stat(b, &other) == 0 && one.st_dev == other.st_dev &&
           one.st_ino == other.st_ino;
}

/* A rename would put a file in the place of a device or pipe, for everybody on the machine. */
static gboolean refuses_overwrite(const char *path, GError **error)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return FALSE;
    g_autofree char *shown = g_filename_display_name(path);
    if (!S_ISREG(info.st_mode)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM,
                    _("%s: this is a folder, device or pipe, no file; nothing was written, choose "
                      "another name"),
                    shown);
        return TRUE;
    }
    if ((info.st_mode & 0222) != 0)
        return FALSE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                _("%s: this file is write-protected evidence and is not replaced; "
                  "choose another name"),
                shown);
    return TRUE;
}

gboolean cel_file_may_be_written(const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    if (refuses_overwrite(path, error))
        return FALSE;
    return access(folder, W_OK | X_OK) == 0 ||
           fail(error, CEL_ERROR_SYSTEM, _("cannot be written"), path);
}

/* Puts @temporary in the place of @path. Where two programs write one name at once, the second sees
 * what the first has put there, so evidence is not replaced in between either. */
static gboolean take_place(const char *temporary, const char *path, gboolean fresh, GError **error)
{
    if (renameat2(AT_FDCWD, temporary, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
        return TRUE;
    if (errno == EEXIST && (fresh || refuses_overwrite(path, error)))
        return FALSE;
    return g_rename(temporary, path) == 0; /* also where the file system knows no such rename */
}

static gboolean write_file(const char *path, GBytes *bytes, guint mode, gboolean fresh,
                           GError **error)
{
    if (refuses_overwrite(path, error))
        return FALSE;
    g_autofree char *folder = g_path_get_dirname(path);
    /* Without the file's own name, so that the longest names still fit. */
    g_autofree char *temporary =
        g_strdup_printf("%s/.celadon.%08x.tmp", folder, (unsigned)g_random_int());
    gboolean named = FALSE;
    AUTO_FD fd = open_temporary(folder, temporary, mode, &named);
    if (fd < 0)
        return fail(error, CEL_ERROR_SYSTEM, _("cannot be written"), path);
    gboolean ok = write_all(fd, bytes) && fchmod(fd, (mode_t)mode) == 0;
    if (ok && !named) {
        ok = name_file(fd, temporary);
        named = ok;
    }
    GError *why = NULL;
    ok = ok && take_place(temporary, path, fresh, &why) && sync_folder(folder);
    if (ok)
        return TRUE;
    if (why != NULL)
        g_propagate_error(error, why);
    else if (fresh && errno == EEXIST)
        fail(error, CEL_ERROR_POLICY, _("is not replaced; choose another name"), path);
    else
        fail(error, CEL_ERROR_SYSTEM, _("cannot be written; nothing was changed"), path);
    if (named)
        g_unlink(temporary);
    return FALSE;
}

gboolean cel_file_write(const char *path, GBytes *bytes, guint mode, GError **error)
{
    return write_file(path, bytes, mode, FALSE, error);
}

gboolean cel_file_create(const char *path, GBytes *bytes, guint mode, GError **error)
{
    return write_file(path, bytes, mode, TRUE, error);
}

gboolean cel_file_adopt(const char *temporary, const char *path, guint mode, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    AUTO_FD fd = open(temporary, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd >= 0 && fchmod(fd, (mode_t)mode) == 0 && fsync(fd) == 0 &&
        renameat2(AT_FDCWD, temporary, AT_FDCWD, path, RENAME_NOREPLACE) == 0 &&
        sync_folder(folder))
        return TRUE;
    return fail(error, errno == EEXIST ? CEL_ERROR_POLICY : CEL_ERROR_SYSTEM,
                _("cannot be written; nothing was changed"), path);
}
