/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crash-scenarios.h"

#include "base/cel-error.h"
#include "register/cel-ledger.h"

#include <string.h>

enum { APPENDS = 6 };

/* ---- the ledger: append, close (which folds the log into the database), append ---- */

static gboolean append_some(CelLedger *ledger, CelKey *key, int ack, GError **error)
{
    for (guint i = 0; i < APPENDS; i++) {
        CelLedgerPlace place;
        const CelEventSigners signers = {.operator_key = key, .operator_id = "P0017"};
        const CelEventRequest request = {.act = CEL_ACT_TRANSFER,
                                         .case_id = "2026-0113",
                                         .item_id = "1-1",
                                         .from = {"城南派出所", "赵六", "0412"},
                                         .to = {"快检室", "王芳", NULL}};
        if (!cel_ledger_append(ledger, &request, &signers, &place, error))
            return FALSE;
        crash_ack(ack, "event %" G_GUINT64_FORMAT " %s", place.seq, place.record.sha256);
    }
    g_autoptr(CelLedgerHead) head = cel_ledger_sign_head(ledger, key, cel_clock_system(), error);
    return head != NULL;
}

static gboolean run_ledger(const char *folder, const char *aside, int ack, GError **error)
{
    (void)aside;
    g_autofree char *path = g_build_filename(folder, "register.sqlite", NULL);
    g_autoptr(CelKey) key = cel_key_generate("王芳", FALSE, error);
    for (guint round = 0; key != NULL && round < 2; round++) {
        g_autoptr(CelLedger) ledger = cel_ledger_open(path, TRUE, error);
        if (ledger == NULL || !append_some(ledger, key, ack, error))
            return FALSE;
    }
    return key != NULL;
}

/* The event that was acknowledged as "SEQ SHA256" is there, and is that one. */
static char *find_event(CelLedger *ledger, const char *ack)
{
    g_auto(GStrv) words = g_strsplit(ack, " ", 2);
    const guint64 seq = g_ascii_strtoull(words[0], NULL, 10);
    g_autoptr(CelLedgerEntry) entry = cel_ledger_entry(ledger, seq, NULL);
    if (entry == NULL)
        return crash_problem("lost", ack);
    gsize n = 0;
    const void *bytes = g_bytes_get_data(entry->record, &n);
    const CelDigestPair pair = cel_digest_pair(bytes, n);
    return g_strcmp0(pair.sha256, words[1]) == 0
               ? NULL
               : crash_problem("lost", "another event stands there");
}

static char *check_whole(CelLedger *ledger, guint n_most)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) problems = NULL;
    guint64 size = 0;
    if (!cel_ledger_size(ledger, &size, &error) ||
        !cel_ledger_check(ledger, NULL, &problems, NULL, &error))
        return crash_problem("unreadable", error->message);
    if (problems->len > 0)
        return crash_problem("unreadable", g_ptr_array_index(problems, 0));
    return size <= n_most ? NULL : crash_problem("unreadable", "events that nobody asked for");
}

char *crash_check_ledger(const char *path, GPtrArray *acks, guint n_under_way)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) events = g_ptr_array_new();
    for (guint i = 0; i < acks->len; i++) {
        const char *rest = NULL;
        if (crash_ack_is(g_ptr_array_index(acks, i), "event", &rest))
            g_ptr_array_add(events, (gpointer)rest);
    }
    /* Before anything was acknowledged there may be none yet; then it is made. */
    g_autoptr(CelLedger) ledger = cel_ledger_open(path, acks->len == 0, &error);
    if (ledger == NULL)
        return crash_problem("unreadable", error->message);
    char *wrong = check_whole(ledger, events->len + n_under_way);
    for (guint i = 0; wrong == NULL && i < events->len; i++)
        wrong = find_event(ledger, g_ptr_array_index(events, i));
    return wrong;
}

static char *check_ledger(const char *folder, const char *aside, GPtrArray *acks, GHashTable *seen)
{
    g_autofree char *path = g_build_filename(folder, "register.sqlite", NULL);
    (void)aside;
    (void)seen;
    return crash_check_ledger(path, acks, 1);
}

const CrashScenario crash_ledger = {"ledger", run_ledger, check_ledger};
