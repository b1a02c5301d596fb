/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "register/cel-ledger-backup.h"

#include "base/cel-error.h"
#include "base/cel-file.h"
#include "register/cel-ledger-private.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

enum { PAGES_A_STEP = 256, BUSY_US = 20000, MOST_BUSY = 500, FILE_MODE = 0640 };

/* A file that is there only while it is made: it goes with its log unless it was taken over. */
typedef char Unfinished;

static void remove_unfinished(Unfinished *path)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
        g_autofree char *name = g_strconcat(path, endings[i], NULL);
        g_unlink(name);
    }
    g_free(path);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Unfinished, remove_unfinished)

static Unfinished *unfinished_beside(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    return g_strdup_printf("%s/.celadon.%08x.tmp", folder, (unsigned)g_random_int());
}

static gboolean refuse_existing(const char *path, GError **error)
{
    if (!g_file_test(path, G_FILE_TEST_EXISTS) && !g_file_test(path, G_FILE_TEST_IS_SYMLINK))
        return TRUE;
    g_autofree char *shown = g_filename_display_name(path);
    g_set_error(
        error, CEL_ERROR, CEL_ERROR_POLICY,
        _("%s: there is a file already and it is not replaced. Choose another name, or move "
          "it away and keep it"),
        shown);
    return FALSE;
}

/* ---- copying ---- */

static gboolean copy_pages(sqlite3 *to, sqlite3_backup *copy, CelJob *job, GError **error)
{
    guint busy = 0;
    for (;;) {
        const int result = sqlite3_backup_step(copy, PAGES_A_STEP);
        const int total = sqlite3_backup_pagecount(copy), left = sqlite3_backup_remaining(copy);
        if (result == SQLITE_DONE)
            return TRUE;
        if (result != SQLITE_OK && result != SQLITE_BUSY && result != SQLITE_LOCKED)
            return cel_sql_fail_with(to, result, error);
        if (!cel_job_step(job, N_("Copying the ledger"), (guint64)(total - left), (guint64)total,
                          error))
            return FALSE;
        if (result == SQLITE_OK)
            continue;
        if (++busy > MOST_BUSY) {
            g_set_error_literal(error, CEL_ERROR, CEL_ERROR_SYSTEM,
                                _("Another program keeps the ledger locked; nothing was copied"));
            return FALSE;
        }
        g_usleep(BUSY_US);
    }
}

/* One file without a log beside it, so that a copy of the file is the copy. */
static gboolean copy_into(sqlite3 *from, const char *path, CelJob *job, GError **error)
{
    sqlite3 *to = cel_sql_open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error);
    if (to == NULL)
        return FALSE;
    sqlite3_backup *copy = sqlite3_backup_init(to, "main", from, "main");
    gboolean ok = copy != NULL ? copy_pages(to, copy, job, error) : cel_sql_fail(to, error);
    if (copy != NULL && sqlite3_backup_finish(copy) != SQLITE_OK && ok)
        ok = cel_sql_fail(to, error);
    ok = ok && cel_sql_exec(to, "PRAGMA journal_mode = DELETE", error);
    cel_sql_close(to);
    return ok;
}

static gboolean count_events(const char *path, guint64 *out_size, GError **error)
{
    g_autoptr(CelLedger) copy = cel_ledger_open(path, FALSE, error);
    return copy != NULL && cel_ledger_size(copy, out_size, error);
}

gboolean cel_ledger_backup(CelLedger *ledger, const char *path, guint64 *out_size, CelJob *job,
                           GError **error)
{
    guint64 size = 0;
    if (!refuse_existing(path, error))
        return FALSE;
    g_autoptr(Unfinished) temporary = unfinished_beside(path);
    if (!copy_into(ledger->db, temporary, job, error) || !count_events(temporary, &size, error) ||
        !cel_file_adopt(temporary, path, FILE_MODE, error))
        return FALSE;
    if (out_size != NULL)
        *out_size = size;
    return TRUE;
}

/* ---- bringing back ---- */

static gboolean copy_backup(const char *backup, const char *to, CelJob *job, GError **error)
{
    g_autofree char *full = g_canonicalize_filename(backup, NULL);
    if (!g_file_test(full, G_FILE_TEST_IS_REGULAR)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, _("%s: there is no backup here"), full);
        return FALSE;
    }
    sqlite3 *from = cel_sql_open(full, SQLITE_OPEN_READONLY, error);
    if (from == NULL)
        return FALSE;
    const gboolean ok = copy_into(from, to, job, error);
    cel_sql_close(from);
    return ok;
}

static gboolean check_copy(const char *path, const CelTrust *trust, GPtrArray **out_problems,
                           CelJob *job, GError **error)
{
    g_autoptr(CelLedger) copy = cel_ledger_open(path, FALSE, error);
    g_autoptr(GPtrArray) problems = NULL;
    if (copy == NULL || !cel_ledger_check(copy, trust, &problems, job, error))
        return FALSE;
    const guint n = problems->len;
    if (n > 0)
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("The backup is not sound (%u problems; the first: %s). Nothing was restored; "
                      "take an older one"),
                    n, (const char *)g_ptr_array_index(problems, 0));
    if (out_problems != NULL)
        *out_problems = g_steal_pointer(&problems);
    return n == 0;
}

gboolean cel_ledger_restore(const CelLedgerRestore *restore, GPtrArray **out_problems, CelJob *job,
                            GError **error)
{
    if (out_problems != NULL)
        *out_problems = NULL;
    if (!refuse_existing(restore->path, error))
        return FALSE;
    g_autoptr(Unfinished) temporary = unfinished_beside(restore->path);
    return copy_backup(restore->backup, temporary, job, error) &&
           check_copy(temporary, restore->trust, out_problems, job, error) &&
           cel_file_adopt(temporary, restore->path, FILE_MODE, error);
}
