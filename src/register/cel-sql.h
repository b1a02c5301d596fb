/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* SQLite with GError; private to this room. One connection is used by one thread at a time. */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3_stmt, sqlite3_finalize)

/** cel_sql_fail: sets @error from the newest failure of @db: what happened, what it means, what to
 * do: CEL_ERROR_INPUT for a damaged file, else CEL_ERROR_SYSTEM. Returns: FALSE. */
gboolean cel_sql_fail(sqlite3 *db, GError **error);

/** cel_sql_fail_with: the same for @result, of @db (nullable). */
gboolean cel_sql_fail_with(sqlite3 *db, int result, GError **error);

/** cel_sql_open: @flags: of sqlite3_open_v2(). A foreign schema cannot run anything, locks are
 * waited for during 10 s. Returns: (transfer full): to be given to cel_sql_close(), or NULL with
 * the error. */
sqlite3 *cel_sql_open(const char *path, int flags, GError **error);
/** cel_sql_close: @db: (nullable) */
void cel_sql_close(sqlite3 *db);

/** cel_sql_exec: runs every statement of @sql. Returns: FALSE with the error. */
gboolean cel_sql_exec(sqlite3 *db, const char *sql, GError **error);

/** cel_sql_prepare: Returns: (transfer full): the statement, or NULL with the error. */
sqlite3_stmt *cel_sql_prepare(sqlite3 *db, const char *sql, GError **error);

/** cel_sql_step: @out_row: whether there is a row; TRUE on failure too, so that FALSE after "while
 * (cel_sql_step() && row)" means that the end was reached. Returns: FALSE with the error. */
gboolean cel_sql_step(sqlite3_stmt *statement, gboolean *out_row, GError **error);
/** cel_sql_done: runs a statement that gives no row. Returns: FALSE with the error. */
gboolean cel_sql_done(sqlite3_stmt *statement, GError **error);

/** cel_sql_bind_bytes: binds a copy of @bytes at @index, from 1. */
void cel_sql_bind_bytes(sqlite3_stmt *statement, int index, GBytes *bytes);
/** cel_sql_column_bytes: Returns: (transfer full): a copy of the blob at @column, from 0. */
GBytes *cel_sql_column_bytes(sqlite3_stmt *statement, int column);

/** cel_sql_number: @out_number: the first column of the first row of @sql, 0 for NULL or no row.
 * Returns: FALSE with the error. */
gboolean cel_sql_number(sqlite3 *db, const char *sql, gint64 *out_number, GError **error);

/** cel_sql_begin: the one writer from here on (BEGIN IMMEDIATE). Returns: FALSE with the error. */
gboolean cel_sql_begin(sqlite3 *db, GError **error);
/** cel_sql_end: commits when @ok, and it is durable; else, or when that fails, takes everything
 * back. Returns: whether it is committed; FALSE with the error unless @ok was FALSE. */
gboolean cel_sql_end(sqlite3 *db, gboolean ok, GError **error);

G_END_DECLS
