/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "register/cel-register-private.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Reading the projections. Column names come from the caller, so each is looked up in the table of
 * its kind before it stands in SQL; values are bound. */

static gboolean has_column(CelRowKind kind, const char *name)
{
    gsize n = 0;
    const CelRowColumn *columns = cel_row_columns(kind, &n);
    for (gsize i = 0; i < n; i++)
        if (strcmp(columns[i].name, name) == 0)
            return TRUE;
    return FALSE;
}

static gboolean append_matches(GString *sql, CelRowKind kind, const CelRowQuery *query,
                               GError **error)
{
    for (gsize i = 0; i < CEL_REGISTER_MOST_MATCHES && query->match[i].column != NULL; i++) {
        if (!has_column(kind, query->match[i].column)) {
            g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE, _("The register has no \"%s\" of a %s"),
                        query->match[i].column, cel_row_kind_name(kind));
            return FALSE;
        }
        g_string_append_printf(sql, " AND \"%s\" = ?", query->match[i].column);
    }
    return TRUE;
}

static gboolean append_where(GString *sql, CelRowKind kind, const CelRowQuery *query,
                             GError **error)
{
    g_string_append(sql, " WHERE 1");
    if (query == NULL)
        return TRUE;
    if (!append_matches(sql, kind, query, error))
        return FALSE;
    if (query->after_seq > 0)
        g_string_append_printf(sql, " AND seq > %" G_GUINT64_FORMAT, query->after_seq);
    if (query->before_seq > 0)
        g_string_append_printf(sql, " AND seq < %" G_GUINT64_FORMAT, query->before_seq);
    return TRUE;
}

/* Rows lie in the order in which this ledger came to know of them: parts of one event, and events
 * of a ledger that was taken over, keep theirs. */
static void append_order(GString *sql, const CelRowQuery *query)
{
    const gboolean newest = query != NULL && query->newest_first;
    g_string_append_printf(sql, " ORDER BY rowid%s", newest ? " DESC" : "");
    if (query != NULL && query->most > 0)
        g_string_append_printf(sql, " LIMIT %u", query->most);
}

static sqlite3_stmt *ask(CelRegister *reg, const char *sql, const CelRowQuery *query,
                         GError **error)
{
    sqlite3_stmt *statement = cel_sql_prepare(cel_register_ledger(reg)->db, sql, error);
    for (int i = 0; statement != NULL && query != NULL && i < CEL_REGISTER_MOST_MATCHES; i++) {
        const CelRowMatch *match = &query->match[i];
        if (match->column == NULL)
            break;
        if (match->text != NULL)
            sqlite3_bind_text(statement, i + 1, match->text, -1, SQLITE_TRANSIENT);
        else
            sqlite3_bind_int64(statement, i + 1, match->number);
    }
    return statement;
}

static JsonObject *read_row(sqlite3_stmt *statement, CelRowKind kind)
{
    gsize n = 0;
    const CelRowColumn *columns = cel_row_columns(kind, &n);
    JsonObject *row = json_object_new();
    for (gsize i = 0; i < n; i++) {
        const int place = (int)i;
        if (columns[i].number)
            json_object_set_int_member(row, columns[i].name,
                                       sqlite3_column_int64(statement, place));
        else
            json_object_set_string_member(row, columns[i].name,
                                          (const char *)sqlite3_column_text(statement, place));
    }
    return row;
}

/* @columns: NULL: all of the kind, in order; else names that stand in it. */
static sqlite3_stmt *select_rows(CelRegister *reg, CelRowKind kind, const char *const *columns,
                                 const CelRowQuery *query, GError **error)
{
    gsize n = 0;
    const CelRowColumn *all = cel_row_columns(kind, &n);
    g_autoptr(GString) sql = g_string_new("SELECT ");
    for (gsize i = 0; columns != NULL ? columns[i] != NULL : i < n; i++)
        g_string_append_printf(sql, "%s\"%s\"", i > 0 ? ", " : "",
                               columns != NULL ? columns[i] : all[i].name);
    g_string_append_printf(sql, " FROM row_%s", cel_row_kind_name(kind));
    if (!append_where(sql, kind, query, error))
        return NULL;
    append_order(sql, query);
    return ask(reg, sql->str, query, error);
}

GPtrArray *cel_register_rows(CelRegister *reg, CelRowKind kind, const CelRowQuery *query,
                             GError **error)
{
    g_autoptr(sqlite3_stmt) statement = select_rows(reg, kind, NULL, query, error);
    if (statement == NULL)
        return NULL;
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)json_object_unref);
    for (gboolean row = TRUE; row;) {
        if (!cel_sql_step(statement, &row, error))
            return NULL;
        if (row)
            g_ptr_array_add(rows, read_row(statement, kind));
    }
    return g_steal_pointer(&rows);
}

static gboolean check_columns(CelRowKind kind, const char *const *columns, int *out_n,
                              GError **error)
{
    int n = 0;
    for (; columns[n] != NULL; n++)
        if (n >= CEL_REGISTER_MOST_COLUMNS || !has_column(kind, columns[n])) {
            g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE, _("The register has no \"%s\" of a %s"),
                        columns[n], cel_row_kind_name(kind));
            return FALSE;
        }
    *out_n = n;
    return TRUE;
}

static void read_slots(sqlite3_stmt *statement, CelRowSlot *slots, int n)
{
    for (int i = 0; i < n; i++) {
        const gboolean number = sqlite3_column_type(statement, i) == SQLITE_INTEGER;
        const char *text = number ? NULL : (const char *)sqlite3_column_text(statement, i);
        slots[i].number = number ? sqlite3_column_int64(statement, i) : 0;
        slots[i].text = text != NULL ? text : "";
    }
}

gboolean cel_register_visit(CelRegister *reg, CelRowKind kind, const CelRowVisit *visit,
                            GError **error)
{
    CelRowSlot slots[CEL_REGISTER_MOST_COLUMNS];
    int n = 0;
    if (!check_columns(kind, visit->columns, &n, error))
        return FALSE;
    g_autoptr(sqlite3_stmt) statement = select_rows(reg, kind, visit->columns, visit->query, error);
    if (statement == NULL)
        return FALSE;
    for (gboolean row = TRUE; row;) {
        if (!cel_sql_step(statement, &row, error))
            return FALSE;
        if (!row)
            break;
        read_slots(statement, slots, n);
        visit->each(slots, visit->data);
    }
    return TRUE;
}

JsonObject *cel_register_row(CelRegister *reg, CelRowKind kind, const CelRowQuery *query,
                             GError **error)
{
    CelRowQuery one = query != NULL ? *query : (CelRowQuery){0};
    one.most = 1;
    g_autoptr(GPtrArray) rows = cel_register_rows(reg, kind, &one, error);
    return rows != NULL && rows->len > 0 ? json_object_ref(g_ptr_array_index(rows, 0)) : NULL;
}

gboolean cel_register_count(CelRegister *reg, CelRowKind kind, const CelRowQuery *query,
                            guint64 *out_n, GError **error)
{
    g_autoptr(GString) sql = g_string_new("SELECT COUNT(*) FROM row_");
    g_string_append(sql, cel_row_kind_name(kind));
    if (!append_where(sql, kind, query, error))
        return FALSE;
    g_autoptr(sqlite3_stmt) statement = ask(reg, sql->str, query, error);
    if (statement == NULL)
        return FALSE;
    gboolean row = FALSE;
    if (!cel_sql_step(statement, &row, error))
        return FALSE;
    *out_n = row ? (guint64)sqlite3_column_int64(statement, 0) : 0;
    return TRUE;
}

const char *cel_row_text(JsonObject *row, const char *column)
{
    const char *text =
        row != NULL ? json_object_get_string_member_with_default(row, column, "") : "";
    return text != NULL ? text : "";
}

gint64 cel_row_number(JsonObject *row, const char *column)
{
    return row != NULL ? json_object_get_int_member_with_default(row, column, 0) : 0;
}
