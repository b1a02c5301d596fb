/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "register/cel-ledger-private.h"
#include "register/schema-sql.h"

#include "base/cel-error.h"
#include "base/cel-file.h"
#include "evidence/cel-record.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

/* "CelL": marks the file for file(1) and for us. */
enum { APPLICATION_ID = 0x43656c4c, SCHEMA_VERSION = 1 };
/* Group may read and write: the people of one lab; the umask narrows it. */
enum { FILE_MODE = 0660 };

static const char OUR_SCHEMA[] =
    "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema "
    "WHERE type = 'table' AND name IN ('source', 'event', "
    "'certificate', 'signature', 'node', 'head', 'head_signature') "
    "ORDER BY name)";

static gboolean refuse(const char *path, GError **error, const char *why)
{
    g_autofree char *shown = g_filename_display_name(path);
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("%s: %s. Nothing was changed; keep this file as it is"), shown, why);
    return FALSE;
}

/* ---- making ---- */

/* The empty file first, so that its permissions are ours and its name is durable. */
static gboolean make_file(const char *path, GError **error)
{
    const int fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, FILE_MODE);
    const int saved = errno;
    if (fd >= 0)
        close(fd);
    if (fd < 0 && saved != EEXIST) {
        g_autofree char *shown = g_filename_display_name(path);
        g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM, _("%s: the ledger cannot be made: %s"),
                    shown, g_strerror(saved));
        return FALSE;
    }
    g_autofree char *folder = g_path_get_dirname(path);
    return cel_file_sync_folder(folder, error);
}

static gboolean put_own_source(sqlite3 *db, GError **error)
{
    g_autofree char *id = cel_fid_new(error);
    g_autoptr(sqlite3_stmt) put =
        id != NULL ? cel_sql_prepare(db, "INSERT INTO source(id, ledger) VALUES(?1, ?2)", error)
                   : NULL;
    if (put == NULL)
        return FALSE;
    sqlite3_bind_int64(put, 1, CEL_SOURCE_OWN);
    sqlite3_bind_text(put, 2, id, -1, SQLITE_TRANSIENT);
    return cel_sql_done(put, error);
}

/* Two programs may try at once: the second finds it made. */
static gboolean make_schema(sqlite3 *db, GError **error)
{
    gint64 n_tables = 0;
    if (!cel_sql_exec(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;", error) ||
        !cel_sql_begin(db, error))
        return FALSE;
    g_autofree char *marks = g_strdup_printf(
        "PRAGMA application_id = %d; PRAGMA user_version = %d;", APPLICATION_ID, SCHEMA_VERSION);
    gboolean ok = cel_sql_number(db, "SELECT count(*) FROM sqlite_schema", &n_tables, error);
    if (ok && n_tables == 0)
        ok = cel_sql_exec(db, schema_sql, error) && cel_sql_exec(db, marks, error) &&
             put_own_source(db, error);
    return cel_sql_end(db, ok, error);
}

/* ---- looking ---- */

static char *schema_of(sqlite3 *db, GError **error)
{
    gboolean row = FALSE;
    g_autoptr(sqlite3_stmt) get = cel_sql_prepare(db, OUR_SCHEMA, error);
    if (get == NULL || !cel_sql_step(get, &row, error))
        return NULL;
    return g_strdup((const char *)sqlite3_column_text(get, 0));
}

static gboolean check_schema(sqlite3 *db, const char *path, GError **error)
{
    gint64 n_foreign = 0;
    sqlite3 *fresh = cel_sql_open(":memory:", SQLITE_OPEN_READWRITE, error);
    if (fresh == NULL)
        return FALSE;
    g_autofree char *wanted =
        cel_sql_exec(fresh, schema_sql, error) ? schema_of(fresh, error) : NULL;
    cel_sql_close(fresh);
    g_autofree char *found = wanted != NULL ? schema_of(db, error) : NULL;
    if (wanted == NULL || (found == NULL && *error != NULL) ||
        !cel_sql_number(db, "SELECT count(*) FROM sqlite_schema WHERE type IN ('trigger', 'view')",
                        &n_foreign, error))
        return FALSE;
    return (g_strcmp0(wanted, found) == 0 && n_foreign == 0) ||
           refuse(path, error, _("its tables are not those of a ledger"));
}

/* Whose file it is, before anything in it is touched. @out_new: an empty database. */
static gboolean check_marks(sqlite3 *db, const char *path, gboolean *out_new, GError **error)
{
    gint64 application = 0, version = 0, n_tables = 0;
    if (!cel_sql_number(db, "PRAGMA application_id", &application, error) ||
        !cel_sql_number(db, "PRAGMA user_version", &version, error) ||
        !cel_sql_number(db, "SELECT count(*) FROM sqlite_schema", &n_tables, error))
        return FALSE;
    *out_new = application == 0 && version == 0 && n_tables == 0;
    if (*out_new)
        return TRUE;
    if (application != APPLICATION_ID)
        return refuse(path, error, _("this is no ledger of celadon"));
    return version == SCHEMA_VERSION ||
           refuse(path, error, _("this ledger was written by another version of celadon"));
}

static gboolean read_id(CelLedger *ledger, const char *path, GError **error)
{
    gboolean row = FALSE;
    g_autoptr(sqlite3_stmt) get =
        cel_sql_prepare(ledger->db, "SELECT ledger FROM source WHERE id = 1", error);
    if (get == NULL || !cel_sql_step(get, &row, error))
        return FALSE;
    const char *id = row ? (const char *)sqlite3_column_text(get, 0) : NULL;
    if (!cel_fid_valid(id))
        return refuse(path, error, _("this ledger has no name"));
    g_strlcpy(ledger->id, id, sizeof ledger->id);
    return TRUE;
}

/* The last event fits its place, the one before it and its leaf: what a cut leaves behind does
 * not. The whole is cel_ledger_check()'s. */
static gboolean check_end(CelLedger *ledger, const char *path, GError **error)
{
    guint64 size = 0;
    gint64 last_node = 0;
    CelMerkleHash leaf, root;
    g_auto(CelStoreTree) tree = {ledger->db, CEL_SOURCE_OWN, CEL_MERKLE_SHA256, NULL};
    if (!cel_store_size(ledger->db, CEL_SOURCE_OWN, &size, error) ||
        !cel_sql_number(ledger->db, "SELECT ifnull(max(place), -1) FROM node WHERE source = 1",
                        &last_node, error))
        return FALSE;
    if ((guint64)(last_node + 1) != cel_ledger_node_place(0, size))
        return refuse(path, error, _("its events and its trees do not end together: it was cut"));
    if (size == 0)
        return TRUE;
    g_autoptr(CelLedgerEntry) last = cel_store_get(ledger->db, CEL_SOURCE_OWN, size, error);
    if (last == NULL || !cel_store_fetch(&tree, 0, size - 1, &leaf, error) ||
        !cel_ledger_root(ledger, CEL_MERKLE_SHA256, size, &root, error))
        return FALSE;
    const CelMerkleHash wanted = cel_merkle_leaf(CEL_MERKLE_SHA256, last->record);
    return memcmp(leaf.bytes, wanted.bytes, CEL_MERKLE_HASH) == 0 ||
           refuse(path, error, _("its last event is not the one in its tree"));
}

static gboolean set_up(CelLedger *ledger, const char *path, gboolean create, GError **error)
{
    gboolean new_file = FALSE;
    if (!check_marks(ledger->db, path, &new_file, error))
        return FALSE;
    if (new_file && !create)
        return refuse(path, error, _("this ledger is empty"));
    if (new_file && !make_schema(ledger->db, error))
        return FALSE;
    return cel_sql_exec(ledger->db, "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;",
                        error) &&
           check_schema(ledger->db, path, error) && read_id(ledger, path, error) &&
           check_end(ledger, path, error);
}

/* In a folder where nothing can be written, SQLite cannot make the shared memory that a log needs;
 * a ledger that was closed has no log, and there nobody can append either. */
static sqlite3 *open_database(const char *full, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(full), *log = g_strconcat(full, "-wal", NULL);
    if (access(folder, W_OK) == 0 || g_file_test(log, G_FILE_TEST_EXISTS))
        return cel_sql_open(full, SQLITE_OPEN_READWRITE, error);
    g_autofree char *uri = g_filename_to_uri(full, NULL, error);
    g_autofree char *fixed = uri != NULL ? g_strconcat(uri, "?immutable=1", NULL) : NULL;
    return fixed != NULL ? cel_sql_open(fixed, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, error)
                         : NULL;
}

CelLedger *cel_ledger_open(const char *path, gboolean create, GError **error)
{
    /* Absolute, so that SQLite never takes the name for a URI. */
    g_autofree char *full = g_canonicalize_filename(path, NULL);
    if (!g_file_test(full, G_FILE_TEST_EXISTS)) {
        if (!create) {
            g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                        _("%s: there is no ledger here. If there was one, it was deleted or moved: "
                          "restore a backup and compare it with the last printed head"),
                        full);
            return NULL;
        }
        if (!make_file(full, error))
            return NULL;
    }
    GError *why = NULL;
    g_autoptr(CelLedger) ledger = g_new0(CelLedger, 1);
    ledger->db = open_database(full, &why);
    if (ledger->db == NULL || !set_up(ledger, full, create, &why)) {
        g_propagate_error(error, why);
        return NULL;
    }
    return g_steal_pointer(&ledger);
}

void cel_ledger_close(CelLedger *ledger)
{
    if (ledger == NULL)
        return;
    cel_sql_close(ledger->db);
    g_free(ledger);
}
