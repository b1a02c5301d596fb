/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "register/cel-sql.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>

enum { BUSY_MS = 10000 };

/* What a result of SQLite means for the ledger and what to do about it. */
static const char *meaning(int result, int *out_code)
{
    *out_code = CEL_ERROR_SYSTEM;
    switch (result & 0xff) {
    case SQLITE_FULL:
        return N_("the disk is full. Nothing was recorded; make room and do it again");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return N_("another program has held the ledger for more than 10 seconds. Nothing was "
                  "recorded; close it and do it again");
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
    case SQLITE_AUTH:
        return N_("the ledger cannot be opened or may not be written. Nothing was recorded; check "
                  "the folder and its permissions");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
        *out_code = CEL_ERROR_INPUT;
        return N_("the ledger is damaged or is none. Nothing was recorded; keep this file as it is "
                  "and restore a backup beside it");
    case SQLITE_IOERR:
        return N_("the disk reports an error. Nothing was acknowledged; check the disk before "
                  "going on");
    default:
        return N_("the ledger's database fails. Nothing was recorded");
    }
}

gboolean cel_sql_fail(sqlite3 *db, GError **error)
{
    return cel_sql_fail_with(db, db != NULL ? sqlite3_extended_errcode(db) : SQLITE_NOMEM, error);
}

gboolean cel_sql_fail_with(sqlite3 *db, int result, GError **error)
{
    int code = CEL_ERROR_SYSTEM;
    const char *what = meaning(result, &code);
    const char *file = db != NULL ? sqlite3_db_filename(db, "main") : NULL;
    g_autofree char *shown =
        file != NULL && *file != '\0' ? g_filename_display_name(file) : g_strdup(_("ledger"));
    g_set_error(error, CEL_ERROR, code, "%s: %s (SQLite: %s)", shown, _(what),
                sqlite3_errstr(result));
    return FALSE;
}

/* The file may come from elsewhere: nothing in its schema may run, nothing in it is believed. */
static gboolean defend(sqlite3 *db)
{
    static const struct {
        int option, value;
    } settings[] = {
        {SQLITE_DBCONFIG_DEFENSIVE, 1},
        {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
        {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
        {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(settings); i++)
        if (sqlite3_db_config(db, settings[i].option, settings[i].value, NULL) != SQLITE_OK)
            return FALSE;
    return sqlite3_busy_timeout(db, BUSY_MS) == SQLITE_OK;
}

sqlite3 *cel_sql_open(const char *path, int flags, GError **error)
{
    sqlite3 *db = NULL;
    const int result = sqlite3_open_v2(path, &db, flags | SQLITE_OPEN_EXRESCODE, NULL);
    if (result == SQLITE_OK && defend(db) &&
        cel_sql_exec(db, "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;", error))
        return db;
    if (error != NULL && *error == NULL)
        cel_sql_fail(db, error);
    sqlite3_close(db);
    return NULL;
}

void cel_sql_close(sqlite3 *db)
{
    sqlite3_close_v2(db);
}

gboolean cel_sql_exec(sqlite3 *db, const char *sql, GError **error)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK || cel_sql_fail(db, error);
}

sqlite3_stmt *cel_sql_prepare(sqlite3 *db, const char *sql, GError **error)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        cel_sql_fail(db, error);
    return statement;
}

gboolean cel_sql_step(sqlite3_stmt *statement, gboolean *out_row, GError **error)
{
    const int result = sqlite3_step(statement);
    *out_row = result != SQLITE_DONE;
    return result == SQLITE_ROW || result == SQLITE_DONE ||
           cel_sql_fail(sqlite3_db_handle(statement), error);
}

gboolean cel_sql_done(sqlite3_stmt *statement, GError **error)
{
    gboolean row = FALSE;
    return cel_sql_step(statement, &row, error);
}

void cel_sql_bind_bytes(sqlite3_stmt *statement, int index, GBytes *bytes)
{
    gsize n = 0;
    const void *data = g_bytes_get_data(bytes, &n);
    sqlite3_bind_blob64(statement, index, n > 0 ? data : "", n, SQLITE_TRANSIENT);
}

GBytes *cel_sql_column_bytes(sqlite3_stmt *statement, int column)
{
    const void *data = sqlite3_column_blob(statement, column);
    return g_bytes_new(data, (gsize)sqlite3_column_bytes(statement, column));
}

gboolean cel_sql_number(sqlite3 *db, const char *sql, gint64 *out_number, GError **error)
{
    gboolean row = FALSE;
    g_autoptr(sqlite3_stmt) statement = cel_sql_prepare(db, sql, error);
    if (statement == NULL || !cel_sql_step(statement, &row, error))
        return FALSE;
    *out_number = row ? sqlite3_column_int64(statement, 0) : 0;
    return TRUE;
}

gboolean cel_sql_begin(sqlite3 *db, GError **error)
{
    return cel_sql_exec(db, "BEGIN IMMEDIATE", error);
}

gboolean cel_sql_end(sqlite3 *db, gboolean ok, GError **error)
{
    ok = ok && cel_sql_exec(db, "COMMIT", error);
    if (!ok && sqlite3_get_autocommit(db) == 0)
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return ok;
}
