/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "register/cel-register-private.h"

#include <string.h>

struct CelRegister {
    CelLedger *ledger;
    CelRegisterGuard guard;
    gpointer guard_data;
};

void cel_register_close(CelRegister *reg)
{
    if (reg == NULL)
        return;
    cel_ledger_close(reg->ledger);
    g_free(reg);
}

CelLedger *cel_register_ledger(CelRegister *reg)
{
    return reg->ledger;
}

void cel_register_guard(CelRegister *reg, CelRegisterGuard guard, gpointer data)
{
    reg->guard = guard;
    reg->guard_data = data;
}

/* A CelLedgerGuard. */
static gboolean ask_guard(gpointer data, JsonObject *event, GError **error)
{
    CelRegister *reg = data;
    return reg->guard == NULL || reg->guard(reg, event, reg->guard_data, error);
}

/** Anew: the projections being made anew. */
typedef struct {
    gboolean emptied;
} Anew;

/* A CelLedgerApply; what was there goes within the same transaction. */
static gboolean apply_anew(gpointer data, sqlite3 *db, JsonObject *event, GError **error)
{
    Anew *anew = data;
    if (!anew->emptied && !cel_projection_empty(db, error))
        return FALSE;
    anew->emptied = TRUE;
    return cel_projection_apply(NULL, db, event, error);
}

gboolean cel_register_rebuild(CelRegister *reg, CelJob *job, GError **error)
{
    Anew anew = {FALSE};
    const CelLedgerHooks hooks = {.apply = apply_anew, .data = &anew};
    return cel_ledger_replay(reg->ledger, &hooks, job, error);
}

/* Tables of another version of this program, or none at all, are made anew; the mark comes last, so
 * that an interrupted making begins again. */
static gboolean make_ready(CelRegister *reg, GError **error)
{
    gboolean current = FALSE;
    sqlite3 *db = reg->ledger->db;
    return cel_projection_is_current(db, &current, error) &&
           (current || (cel_projection_create(db, error) &&
                        cel_register_rebuild(reg, NULL, error) && cel_projection_mark(db, error)));
}

CelRegister *cel_register_open(const char *path, gboolean create, GError **error)
{
    g_autoptr(CelRegister) reg = g_new0(CelRegister, 1);
    reg->ledger = cel_ledger_open(path, create, error);
    if (reg->ledger == NULL)
        return NULL;
    const CelLedgerHooks hooks = {.guard = ask_guard, .apply = cel_projection_apply, .data = reg};
    cel_ledger_set_hooks(reg->ledger, &hooks);
    return make_ready(reg, error) ? g_steal_pointer(&reg) : NULL;
}

char *cel_exhibit_code(const char *case_id, const char *item_id)
{
    enum { PREFIX = 4, DIGITS = CEL_EXHIBIT_CODE - PREFIX };
    const gsize n = strlen(case_id) + 1 + strlen(item_id);
    g_autofree char *both = g_malloc0(n + 1);
    g_strlcpy(both, case_id, n + 1);
    g_strlcpy(both + strlen(case_id) + 1, item_id, strlen(item_id) + 1);
    const CelDigestPair digests = cel_digest_pair(both, n);
    g_autofree char *digits = g_strndup(digests.sha256, DIGITS);
    g_autofree char *capital = g_ascii_strup(digits, -1);
    return g_strconcat("CELX", capital, NULL);
}
