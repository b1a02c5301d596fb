/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-bundle-files.h"

#include "base/cel-bytes.h"
#include "base/cel-error.h"
#include "base/cel-file.h"
#include "jail/cel-jail.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gi18n-lib.h>
#include <string.h>

/* Zip files by libarchive, the only file that includes it. Reading happens in the jail; what leaves
 * it is a row of (u32 length of the name, u64 size, name, bytes), which the parent checks anew. */

enum { MIB = 1024 * 1024, CPU_SECONDS = 20, WALL_SECONDS = 120, ZIP_MODE = 0440 };
/* The time stamps of a zip begin in 1980; every entry gets this one, so that the same files give
 * the same bytes: 2000-01-01 UTC. What happened when stands in the records. */
static const time_t ENTRY_TIME = 946684800;

typedef struct archive Archive;
typedef struct archive_entry ArchiveEntry;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ArchiveEntry, archive_entry_free)

static void free_reader(Archive *archive)
{
    archive_read_free(archive);
}
static void free_writer(Archive *archive)
{
    archive_write_free(archive);
}

/* ---- reading, in the jail ---- */

/** Verdict: the first word of the result. */
typedef enum { UNPACKED = 1, NO_ZIP, BAD_ENTRY, TOO_LARGE } Verdict;

static gboolean take_entry(Archive *archive, const char *name, CelBytesOut *out)
{
    const gsize start = out->used;
    cel_bytes_put_u32(out, (guint32)strlen(name));
    cel_bytes_put_u64(out, 0); /* the size, once it is known: headers may lie */
    cel_bytes_put(out, name, strlen(name));
    const gsize content = out->used;
    guint8 buffer[64 * 1024];
    la_ssize_t n = archive_read_data(archive, buffer, sizeof buffer);
    for (; n > 0 && !out->failed; n = archive_read_data(archive, buffer, sizeof buffer))
        cel_bytes_put(out, buffer, (gsize)n);
    const gsize end = out->used;
    if (out->failed || n < 0)
        return FALSE;
    out->used = start + sizeof(guint32);
    cel_bytes_put_u64(out, end - content);
    out->used = end;
    return TRUE;
}

static Verdict unpack(Archive *archive, CelBytesOut *out)
{
    ArchiveEntry *entry = NULL;
    guint n = 0;
    for (;;) {
        const int result = archive_read_next_header(archive, &entry);
        if (result == ARCHIVE_EOF)
            return n > 0 ? UNPACKED : NO_ZIP;
        if (result != ARCHIVE_OK)
            return n > 0 ? BAD_ENTRY : NO_ZIP;
        const char *name = archive_entry_pathname(entry);
        const gboolean folder = archive_entry_filetype(entry) == AE_IFDIR;
        if (name == NULL ||
            (!folder && (archive_entry_filetype(entry) != AE_IFREG ||
                         archive_entry_hardlink(entry) != NULL || !cel_bundle_name_ok(name))))
            return BAD_ENTRY;
        if (folder)
            continue;
        if (++n > CEL_BUNDLE_MAX_FILES)
            return TOO_LARGE;
        if (!take_entry(archive, name, out))
            return out->failed ? TOO_LARGE : BAD_ENTRY;
    }
}

/* A CelJailWork. */
static gsize work(const CelJailTask *task)
{
    CelBytesOut out = cel_bytes_out(task->result, task->capacity, CEL_LITTLE_ENDIAN);
    cel_bytes_put_u32(&out, NO_ZIP);
    Archive *archive = archive_read_new();
    Verdict verdict = NO_ZIP;
    if (archive_read_support_format_zip_seekable(archive) == ARCHIVE_OK &&
        archive_read_open_memory(archive, task->input, task->input_size) == ARCHIVE_OK)
        verdict = unpack(archive, &out);
    free_reader(archive);
    const gsize used = verdict == UNPACKED ? out.used : sizeof(guint32);
    out = cel_bytes_out(task->result, task->capacity, CEL_LITTLE_ENDIAN);
    cel_bytes_put_u32(&out, verdict);
    return used;
}

static const char *verdict_text(guint32 verdict)
{
    switch (verdict) {
    case BAD_ENTRY:
        return _("the zip file is damaged or holds a link or a name that leads out of it; nothing "
                 "was taken over");
    case TOO_LARGE:
        return _("the bundle is too large: at most 20000 files and 512 MiB");
    default:
        return _("this is no case bundle: neither a folder nor a zip file");
    }
}

CelBundleFiles *cel_bundle_unpack(GBytes *bytes, const char *name, CelJob *job, GError **error)
{
    g_autoptr(CelJailInput) input = cel_jail_input_new(bytes, error);
    if (input == NULL)
        return NULL;
    const CelJailCall call = {.limits = {.result_bytes = CEL_BUNDLE_MAX_BYTES + 8 * MIB,
                                         .memory_bytes = 64 * MIB,
                                         .cpu_seconds = CPU_SECONDS,
                                         .wall_seconds = WALL_SECONDS},
                              .work = work,
                              .input = input,
                              .what = name};
    g_autoptr(GBytes) result = cel_jail_run(&call, job, error);
    if (result == NULL)
        return NULL;
    gsize n = 0;
    const void *data = g_bytes_get_data(result, &n);
    CelBytes cursor = cel_bytes_of(data, n, CEL_LITTLE_ENDIAN);
    const guint32 verdict = cel_bytes_u32(&cursor);
    if (verdict != UNPACKED || cursor.failed) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, "%s: %s", name, verdict_text(verdict));
        return NULL;
    }
    g_autoptr(GBytes) block = g_bytes_new_from_bytes(result, cursor.at, n - cursor.at);
    return cel_bundle_decode(block, error);
}

/* ---- writing ---- */

static la_ssize_t append(Archive *archive, void *data, const void *bytes, size_t n)
{
    (void)archive;
    g_byte_array_append(data, bytes, (guint)n);
    return (la_ssize_t)n;
}

static gboolean write_entry(Archive *archive, const char *name, GBytes *bytes)
{
    gsize n = 0;
    const void *data = g_bytes_get_data(bytes, &n);
    g_autoptr(ArchiveEntry) entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, ZIP_MODE);
    archive_entry_set_size(entry, (la_int64_t)n);
    archive_entry_set_mtime(entry, ENTRY_TIME, 0);
    return archive_write_header(archive, entry) == ARCHIVE_OK &&
           (n == 0 || archive_write_data(archive, data, n) == (la_ssize_t)n);
}

static gboolean write_all(Archive *archive, const CelBundleFiles *files, GByteArray *out)
{
    g_autoptr(GPtrArray) names = cel_bundle_names(files);
    gboolean ok = archive_write_set_format_zip(archive) == ARCHIVE_OK &&
                  archive_write_add_filter_none(archive) == ARCHIVE_OK &&
                  archive_write_set_bytes_per_block(archive, 0) == ARCHIVE_OK &&
                  archive_write_open(archive, out, NULL, append, NULL) == ARCHIVE_OK;
    for (guint i = 0; ok && i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        ok = write_entry(archive, name, cel_bundle_get(files, name));
    }
    return ok && archive_write_close(archive) == ARCHIVE_OK;
}

gboolean cel_bundle_write_zip(const CelBundleFiles *files, const char *path, GError **error)
{
    g_autoptr(GByteArray) out = g_byte_array_new();
    Archive *archive = archive_write_new();
    const gboolean ok = write_all(archive, files, out);
    free_writer(archive);
    if (!ok) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM, _("%s: the zip file cannot be made"), path);
        return FALSE;
    }
    g_autoptr(GBytes) bytes = g_byte_array_free_to_bytes(g_steal_pointer(&out));
    return cel_file_create(path, bytes, ZIP_MODE, error);
}
