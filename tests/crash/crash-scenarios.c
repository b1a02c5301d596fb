/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crash-scenarios.h"

#include "base/cel-error.h"
#include "register/cel-ledger.h"

#include <string.h>
#include <unistd.h>

enum { APPENDS = 6 };

void crash_ack(int ack, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *line = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    if (write(ack, line, strlen(line)) < 0)
        g_error("nobody can be told");
}

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
        crash_ack(ack, "%" G_GUINT64_FORMAT " %s", place.seq, place.record.sha256);
    }
    g_autoptr(CelLedgerHead) head = cel_ledger_sign_head(ledger, key, cel_clock_system(), error);
    return head != NULL;
}

static gboolean run_ledger(const char *folder, int ack, GError **error)
{
    g_autofree char *path = g_build_filename(folder, "register.sqlite", NULL);
    g_autoptr(CelKey) key = cel_key_generate("王芳", FALSE, error);
    for (guint round = 0; key != NULL && round < 2; round++) {
        g_autoptr(CelLedger) ledger = cel_ledger_open(path, TRUE, error);
        if (ledger == NULL || !append_some(ledger, key, ack, error))
            return FALSE;
    }
    return key != NULL;
}

static char *problem(const char *kind, const char *what)
{
    return g_strdup_printf("%s: %s", kind, what);
}

/* The event that was acknowledged as "SEQ SHA256" is there, and is that one. */
static char *find_event(CelLedger *ledger, const char *ack)
{
    g_auto(GStrv) words = g_strsplit(ack, " ", 2);
    const guint64 seq = g_ascii_strtoull(words[0], NULL, 10);
    g_autoptr(CelLedgerEntry) entry = cel_ledger_entry(ledger, seq, NULL);
    if (entry == NULL)
        return problem("lost", ack);
    gsize n = 0;
    const void *bytes = g_bytes_get_data(entry->record, &n);
    const CelDigestPair pair = cel_digest_pair(bytes, n);
    return g_strcmp0(pair.sha256, words[1]) == 0 ? NULL
                                                 : problem("lost", "another event stands there");
}

/* All of it is sound, and nothing stands behind the last event but the one that was on its way. */
static char *check_whole(CelLedger *ledger, guint n_acks)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) problems = NULL;
    guint64 size = 0;
    if (!cel_ledger_size(ledger, &size, &error) ||
        !cel_ledger_check(ledger, NULL, &problems, NULL, &error))
        return problem("unreadable", error->message);
    if (problems->len > 0)
        return problem("unreadable", g_ptr_array_index(problems, 0));
    return size <= n_acks + 1 ? NULL : problem("unreadable", "events that nobody asked for");
}

static char *check_ledger(const char *folder, GPtrArray *acks)
{
    g_autofree char *path = g_build_filename(folder, "register.sqlite", NULL);
    g_autoptr(GError) error = NULL;
    /* Before anything was acknowledged there may be none yet; then it is made. */
    g_autoptr(CelLedger) ledger = cel_ledger_open(path, acks->len == 0, &error);
    if (ledger == NULL)
        return problem("unreadable", error->message);
    char *wrong = check_whole(ledger, acks->len);
    for (guint i = 0; wrong == NULL && i < acks->len; i++)
        wrong = find_event(ledger, g_ptr_array_index(acks, i));
    return wrong;
}

const CrashScenario crash_scenarios[] = {
    {"ledger", run_ledger, check_ledger},
};
const gsize n_crash_scenarios = G_N_ELEMENTS(crash_scenarios);
