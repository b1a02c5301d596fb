/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "register/cel-register-private.h"

#include "base/cel-canon.h"

#include <string.h>

/* What an event means for the tables. Names of tables and columns are constants of
 * cel-register-tables.c; everything from an event is bound, never written into SQL. */

static JsonNode *member_at(JsonObject *event, const char *path)
{
    g_auto(GStrv) names = g_strsplit(path, "/", -1);
    JsonNode *node = NULL;
    for (gsize i = 0; names[i] != NULL; i++) {
        node = event != NULL ? json_object_get_member(event, names[i]) : NULL;
        event = node != NULL && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
    }
    return node;
}

static const char *text_at(JsonObject *event, const char *path)
{
    JsonNode *node = member_at(event, path);
    const gboolean text = node != NULL && JSON_NODE_HOLDS_VALUE(node) &&
                          json_node_get_value_type(node) == G_TYPE_STRING;
    return text ? json_node_get_string(node) : "";
}

static gint64 number_at(JsonObject *event, const char *path)
{
    JsonNode *node = member_at(event, path);
    if (node == NULL || !JSON_NODE_HOLDS_VALUE(node))
        return 0;
    if (json_node_get_value_type(node) == G_TYPE_BOOLEAN)
        return json_node_get_boolean(node) ? 1 : 0;
    return json_node_get_value_type(node) == G_TYPE_INT64 ? json_node_get_int(node) : 0;
}

/* ---- statements ---- */

/* @format: 't' a text, 'n' a number, one a parameter of @sql. */
static gboolean execute(sqlite3 *db, GError **error, const char *sql, const char *format, ...)
{
    g_autoptr(sqlite3_stmt) statement = cel_sql_prepare(db, sql, error);
    if (statement == NULL)
        return FALSE;
    va_list args;
    va_start(args, format);
    for (int i = 0; format[i] != '\0'; i++) {
        if (format[i] == 't')
            sqlite3_bind_text(statement, i + 1, va_arg(args, const char *), -1, SQLITE_TRANSIENT);
        else
            sqlite3_bind_int64(statement, i + 1, va_arg(args, gint64));
    }
    va_end(args);
    return cel_sql_done(statement, error);
}

/* ---- tables ---- */

/* What makes a row of a kind one and the same; NULL: every event its own. */
static const char *key_of(CelRowKind kind)
{
    switch (kind) {
    case CEL_ROW_CASE:
        return "case_id";
    case CEL_ROW_EXHIBIT:
        return "case_id, item_id";
    case CEL_ROW_FILE:
        return "fid";
    case CEL_ROW_PHOTO:
        return "ledger, seq, sha256, moment";
    default:
        return "ledger, seq";
    }
}

/* What lists and histories ask by; the keys above have their own index. */
static const char *const indexes[] = {
    "CREATE INDEX row_event_exhibit ON row_event(case_id, item_id, seq)",
    "CREATE INDEX row_event_fid ON row_event(fid, seq)",
    "CREATE INDEX row_file_exhibit ON row_file(case_id, item_id, seq)",
    "CREATE INDEX row_file_seq ON row_file(seq)",
    "CREATE INDEX row_exhibit_code ON row_exhibit(code)",
    "CREATE INDEX row_photo_exhibit ON row_photo(case_id, item_id, seq)",
    "CREATE INDEX row_acquisition_exhibit ON row_acquisition(case_id, item_id, seq)",
    "CREATE INDEX row_check_instrument ON row_check(instrument, seq)",
};

static gboolean create_table(sqlite3 *db, CelRowKind kind, GError **error)
{
    gsize n = 0;
    const CelRowColumn *columns = cel_row_columns(kind, &n);
    g_autoptr(GString) sql = g_string_new("CREATE TABLE row_");
    g_string_append_printf(sql, "%s (", cel_row_kind_name(kind));
    for (gsize i = 0; i < n; i++)
        g_string_append_printf(sql, "\"%s\" %s, ", columns[i].name,
                               columns[i].number ? "INTEGER NOT NULL DEFAULT 0"
                                                 : "TEXT NOT NULL DEFAULT ''");
    g_string_append_printf(sql, "PRIMARY KEY (%s))", key_of(kind));
    return cel_sql_exec(db, sql->str, error);
}

/* A table whose name carries the shape's number marks a finished set; a new shape, a new number. */
#define MARK "row_shape_3"

gboolean cel_projection_is_current(sqlite3 *db, gboolean *out_current, GError **error)
{
    gint64 n = 0;
    if (!cel_sql_number(db, "SELECT count(*) FROM sqlite_schema WHERE name = '" MARK "'", &n,
                        error))
        return FALSE;
    *out_current = n > 0;
    return TRUE;
}

static gboolean create(sqlite3 *db, GError **error)
{
    for (guint kind = 0; kind < CEL_N_ROW_KINDS; kind++) {
        g_autofree char *sql =
            g_strdup_printf("DROP TABLE IF EXISTS row_%s", cel_row_kind_name(kind));
        if (!cel_sql_exec(db, sql, error) || !create_table(db, kind, error))
            return FALSE;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(indexes); i++)
        if (!cel_sql_exec(db, indexes[i], error))
            return FALSE;
    return TRUE;
}

gboolean cel_projection_create(sqlite3 *db, GError **error)
{
    if (!cel_sql_begin(db, error))
        return FALSE;
    const gboolean ok = create(db, error);
    return cel_sql_end(db, ok, error);
}

gboolean cel_projection_mark(sqlite3 *db, GError **error)
{
    return cel_sql_exec(db, "CREATE TABLE IF NOT EXISTS " MARK "(mark INTEGER) STRICT", error);
}

gboolean cel_projection_empty(sqlite3 *db, GError **error)
{
    for (guint kind = 0; kind < CEL_N_ROW_KINDS; kind++) {
        g_autofree char *sql = g_strdup_printf("DELETE FROM row_%s", cel_row_kind_name(kind));
        if (!cel_sql_exec(db, sql, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- one row from one event ---- */

/* Objects and arrays are kept as their canonical text. */
static void bind(sqlite3_stmt *statement, int place, const CelRowColumn *column, JsonObject *event)
{
    if (column->number) {
        sqlite3_bind_int64(statement, place, number_at(event, column->path));
        return;
    }
    JsonNode *node = member_at(event, column->path);
    g_autofree char *whole =
        node != NULL && !JSON_NODE_HOLDS_VALUE(node) && !JSON_NODE_HOLDS_NULL(node)
            ? cel_canon_write(node, NULL)
            : NULL;
    sqlite3_bind_text(statement, place, whole != NULL ? whole : text_at(event, column->path), -1,
                      SQLITE_TRANSIENT);
}

/* A row of a case or an exhibit takes from later events only what they state; "seq" and the time
 * stay those of the first. */
static void append_merge(GString *sql, CelRowKind kind)
{
    static const char *const of_first[] = {"ledger", "seq", "t_wall_us", "case", "item", NULL};
    gsize n = 0;
    const CelRowColumn *columns = cel_row_columns(kind, &n);
    g_string_append_printf(sql, " ON CONFLICT(%s) DO ", key_of(kind));
    if (kind != CEL_ROW_CASE && kind != CEL_ROW_EXHIBIT) {
        g_string_append(sql, "NOTHING");
        return;
    }
    g_string_append(sql, "UPDATE SET seq = seq");
    for (gsize i = 0; i < n; i++)
        if (columns[i].path != NULL && !g_strv_contains(of_first, columns[i].path))
            g_string_append_printf(sql,
                                   ", \"%1$s\" = CASE WHEN excluded.\"%1$s\" IN ('', 0) THEN "
                                   "\"%1$s\" ELSE excluded.\"%1$s\" END",
                                   columns[i].name);
}

static gboolean put(sqlite3 *db, CelRowKind kind, JsonObject *event, GError **error)
{
    gsize n = 0;
    const CelRowColumn *columns = cel_row_columns(kind, &n);
    g_autoptr(GString) sql = g_string_new("INSERT INTO row_");
    g_autoptr(GString) marks = g_string_new(NULL);
    g_string_append_printf(sql, "%s (", cel_row_kind_name(kind));
    for (gsize i = 0; i < n; i++) {
        if (columns[i].path == NULL)
            continue;
        g_string_append_printf(sql, "%s\"%s\"", marks->len > 0 ? ", " : "", columns[i].name);
        g_string_append(marks, marks->len > 0 ? ", ?" : "?");
    }
    g_string_append_printf(sql, ") VALUES (%s)", marks->str);
    append_merge(sql, kind);
    g_autoptr(sqlite3_stmt) statement = cel_sql_prepare(db, sql->str, error);
    if (statement == NULL)
        return FALSE;
    int place = 0;
    for (gsize i = 0; i < n; i++)
        if (columns[i].path != NULL)
            bind(statement, ++place, &columns[i], event);
    return cel_sql_done(statement, error);
}

/* ---- photos ---- */

static gboolean put_photo(sqlite3 *db, JsonObject *event, JsonObject *photo, GError **error)
{
    return execute(
        db, error,
        "INSERT OR IGNORE INTO row_photo (ledger, seq, case_id, item_id, sha256, sm3, moment, "
        "bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        "tntttttn", text_at(event, "ledger"), number_at(event, "seq"), text_at(event, "case"),
        text_at(event, "item"), text_at(photo, "sha256"), text_at(photo, "sm3"),
        text_at(photo, "moment"), number_at(photo, "bytes"));
}

static gboolean put_photos(sqlite3 *db, JsonObject *event, GError **error)
{
    JsonNode *node = member_at(event, "data/photos");
    JsonArray *photos =
        node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
    for (guint i = 0; photos != NULL && i < json_array_get_length(photos); i++) {
        JsonNode *photo = json_array_get_element(photos, i);
        if (JSON_NODE_HOLDS_OBJECT(photo) &&
            !put_photo(db, event, json_node_get_object(photo), error))
            return FALSE;
    }
    return TRUE;
}

/* ---- exhibits ---- */

static gboolean set_holder(sqlite3 *db, JsonObject *event, GError **error)
{
    if (member_at(event, "to") == NULL)
        return TRUE;
    return execute(db, error,
                   "UPDATE row_exhibit SET holder_dept = ?, holder_person = ?, holder_id = ? WHERE "
                   "case_id = ? AND item_id = ?",
                   "ttttt", text_at(event, "to/dept"), text_at(event, "to/person"),
                   text_at(event, "to/id"), text_at(event, "case"), text_at(event, "item"));
}

static gboolean set_bag(sqlite3 *db, JsonObject *event, GError **error)
{
    if (member_at(event, "seal") == NULL)
        return TRUE;
    return execute(db, error,
                   "UPDATE row_exhibit SET seal_no = CASE WHEN ?1 = '' THEN seal_no ELSE ?1 END, "
                   "seal_state = ?2, seal_photo = ?3 WHERE case_id = ?4 AND item_id = ?5",
                   "ttttt", text_at(event, "seal/no"), text_at(event, "seal/state"),
                   text_at(event, "seal/photo"), text_at(event, "case"), text_at(event, "item"));
}

/* "": it stays as it is. */
static const char *state_after(CelAct act, CelExhibitState at, JsonObject *event)
{
    const CelExhibitState to = cel_exhibit_move(act, at, *text_at(event, "fid") != '\0')->to;
    return to != CEL_EXHIBIT_UNKNOWN ? cel_exhibit_state_def(to)->id : "";
}

static gboolean set_state(sqlite3 *db, CelAct act, JsonObject *event, GError **error)
{
    const char *state = state_after(act, CEL_EXHIBIT_UNKNOWN, event);
    const char *of_scene = state_after(act, CEL_EXHIBIT_COLLECTED, event);
    return execute(db, error,
                   "UPDATE row_exhibit SET state = CASE WHEN ?1 = '' THEN state WHEN state = ?6 "
                   "THEN ?7 ELSE ?1 END, "
                   "last_seq = ?2, last_us = ?3 WHERE case_id = ?4 AND item_id = ?5",
                   "tnntttt", state, number_at(event, "seq"), number_at(event, "t_wall_us"),
                   text_at(event, "case"), text_at(event, "item"),
                   cel_exhibit_state_def(CEL_EXHIBIT_COLLECTED)->id, of_scene);
}

static gboolean set_received(sqlite3 *db, JsonObject *event, GError **error)
{
    return execute(db, error,
                   "UPDATE row_case SET received_us = ? WHERE case_id = ? AND received_us = 0",
                   "nt", number_at(event, "t_wall_us"), text_at(event, "case"));
}

static gboolean set_consumed(sqlite3 *db, JsonObject *event, GError **error)
{
    return execute(
        db, error,
        "UPDATE row_exhibit SET consumed = CASE WHEN consumed = '' THEN ?1 ELSE consumed "
        "|| '; ' || ?1 END WHERE case_id = ?2 AND item_id = ?3",
        "ttt", text_at(event, "data/amount"), text_at(event, "case"), text_at(event, "item"));
}

static gboolean set_code(sqlite3 *db, const char *case_id, const char *item_id, GError **error)
{
    g_autofree char *code = cel_exhibit_code(case_id, item_id);
    return execute(db, error, "UPDATE row_exhibit SET code = ? WHERE case_id = ? AND item_id = ?",
                   "ttt", code, case_id, item_id);
}

/* A part is an exhibit of its own, as open as what it was taken from. */
static gboolean put_part(sqlite3 *db, JsonObject *event, JsonObject *part, GError **error)
{
    return execute(
        db, error,
        "INSERT OR IGNORE INTO row_exhibit (ledger, seq, case_id, item_id, parent, description, "
        "amount, "
        "t_wall_us, state, holder_dept, holder_person, holder_id, seal_state, last_seq, last_us) "
        "SELECT ?8, ?1, case_id, ?2, item_id, ?3, ?4, ?5, state, holder_dept, holder_person, "
        "holder_id, 'none', ?1, ?5 FROM row_exhibit WHERE case_id = ?6 AND item_id = ?7",
        "ntttnttt", number_at(event, "seq"), text_at(part, "item"), text_at(part, "description"),
        text_at(part, "amount"), number_at(event, "t_wall_us"), text_at(event, "case"),
        text_at(event, "item"), text_at(event, "ledger"));
}

static gboolean put_parts(sqlite3 *db, JsonObject *event, GError **error)
{
    JsonNode *node = member_at(event, "data/parts");
    JsonArray *parts =
        node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
    for (guint i = 0; parts != NULL && i < json_array_get_length(parts); i++) {
        JsonNode *part = json_array_get_element(parts, i);
        JsonObject *one = JSON_NODE_HOLDS_OBJECT(part) ? json_node_get_object(part) : NULL;
        if (one != NULL && (!put_part(db, event, one, error) ||
                            !set_code(db, text_at(event, "case"), text_at(one, "item"), error)))
            return FALSE;
    }
    return TRUE;
}

static gboolean is_intake(CelAct act)
{
    return act == CEL_ACT_COLLECT || act == CEL_ACT_SUBMIT || act == CEL_ACT_RECEIVE ||
           act == CEL_ACT_REFUSE;
}

static gboolean put_exhibit(sqlite3 *db, CelAct act, JsonObject *event, GError **error)
{
    if (is_intake(act) &&
        (!put(db, CEL_ROW_CASE, event, error) || !put(db, CEL_ROW_EXHIBIT, event, error) ||
         !set_code(db, text_at(event, "case"), text_at(event, "item"), error)))
        return FALSE;
    if (act == CEL_ACT_RECEIVE && !set_received(db, event, error))
        return FALSE;
    if (act == CEL_ACT_CONSUME && !set_consumed(db, event, error))
        return FALSE;
    return set_state(db, act, event, error) && set_bag(db, event, error) &&
           set_holder(db, event, error) && (act != CEL_ACT_SPLIT || put_parts(db, event, error));
}

/* ---- what answers an earlier event ---- */

static gboolean complete_file(sqlite3 *db, JsonObject *event, GError **error)
{
    return execute(db, error,
                   "UPDATE row_file SET state = 'complete', sha256 = ?1, sm3 = ?2, verify_seq = ?3 "
                   "WHERE seq = ?4 AND fid = ?5 AND state = 'begun' AND ledger = ?6",
                   "ttnntt", text_at(event, "file/sha256"), text_at(event, "file/sm3"),
                   number_at(event, "seq"), number_at(event, "refers"), text_at(event, "fid"),
                   text_at(event, "ledger"));
}

static gboolean answer(sqlite3 *db, CelAct act, JsonObject *event, GError **error)
{
    const gint64 refers = number_at(event, "refers"), seq = number_at(event, "seq");
    const char *ledger = text_at(event, "ledger");
    switch (act) {
    case CEL_ACT_SEAL:
        return execute(db, error,
                       "UPDATE row_file SET state = 'begun' WHERE seq = ? AND ledger = ?", "nt",
                       seq, ledger);
    case CEL_ACT_VERIFY:
        return complete_file(db, event, error);
    case CEL_ACT_CORRECT:
        return execute(db, error,
                       "UPDATE row_file SET state = 'not-completed' WHERE seq = ? AND ledger = ? "
                       "AND state = 'begun'",
                       "nt", refers, ledger);
    case CEL_ACT_DISCARD_ACQUISITION:
        return execute(db, error,
                       "UPDATE row_acquisition SET discarded_seq = ? WHERE seq = ? AND "
                       "ledger = ?",
                       "nnt", seq, refers, ledger);
    case CEL_ACT_NONCONFORM:
        return execute(db, error,
                       "UPDATE row_nonconform SET closed_seq = ? WHERE seq = ? AND ledger = ? AND "
                       "? <> 0",
                       "nntn", seq, refers, ledger, number_at(event, "data/closed"));
    default:
        return TRUE;
    }
}

static gboolean put_hold(sqlite3 *db, JsonObject *event, GError **error)
{
    if (strcmp(text_at(event, "data/what"), "lifted") != 0)
        return put(db, CEL_ROW_HOLD, event, error);
    return execute(db, error,
                   "UPDATE row_hold SET lifted_seq = ? WHERE case_id = ? AND item_id = ? AND "
                   "lifted_seq = 0",
                   "ntt", number_at(event, "seq"), text_at(event, "case"), text_at(event, "item"));
}

/* Which acts have rows of their own. */
static const struct {
    CelAct act;
    CelRowKind kind;
} own_rows[] = {
    {CEL_ACT_ACQUIRE, CEL_ROW_ACQUISITION},   {CEL_ACT_CHECK, CEL_ROW_CHECK},
    {CEL_ACT_REVIEW, CEL_ROW_REVIEW},         {CEL_ACT_RELEASE_REPORT, CEL_ROW_RELEASE},
    {CEL_ACT_NONCONFORM, CEL_ROW_NONCONFORM}, {CEL_ACT_KEY_EVENT, CEL_ROW_KEY},
    {CEL_ACT_EXPORT, CEL_ROW_EXPORT},
};

static gboolean put_own(sqlite3 *db, CelAct act, JsonObject *event, GError **error)
{
    const gboolean closes = act == CEL_ACT_NONCONFORM && number_at(event, "data/closed") != 0;
    for (gsize i = 0; i < G_N_ELEMENTS(own_rows) && !closes; i++)
        if (own_rows[i].act == act && !put(db, own_rows[i].kind, event, error))
            return FALSE;
    if (act == CEL_ACT_SEAL && *text_at(event, "fid") != '\0')
        return put(db, CEL_ROW_FILE, event, error);
    if (act == CEL_ACT_CONSUME && *text_at(event, "data/lot") != '\0')
        return put(db, CEL_ROW_STOCK, event, error);
    return act != CEL_ACT_HOLD || put_hold(db, event, error);
}

gboolean cel_projection_apply(gpointer data, sqlite3 *db, JsonObject *event, GError **error)
{
    CelAct act;
    (void)data;
    if (!cel_act_from_id(text_at(event, "act"), &act))
        return TRUE;
    if (!put(db, CEL_ROW_EVENT, event, error) || !put_photos(db, event, error) ||
        !put_own(db, act, event, error))
        return FALSE;
    if (*text_at(event, "item") != '\0' && !put_exhibit(db, act, event, error))
        return FALSE;
    return answer(db, act, event, error);
}
