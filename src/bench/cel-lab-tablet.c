/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-lab-tablet.h"

#include "base/cel-error.h"
#include "base/cel-file.h"
#include "register/cel-ledger-backup.h"
#include "register/cel-ledger-batch.h"

#include <glib/gi18n-lib.h>

enum { MOST_ROOTS = 1 << 20 };

static GBytes *give_receipt(CelLab *lab, guint64 seq, GError **error)
{
    g_autoptr(CelLedgerHead) head = cel_lab_head(lab, seq, error);
    return head != NULL ? cel_ledger_receipt(cel_lab_ledger(lab), seq, head, error) : NULL;
}

GBytes *cel_lab_take_over(CelLab *lab, GBytes *batch, GError **error)
{
    CelEventSigners signers;
    CelLedgerPlace place;
    if (!cel_lab_has_ledger_key(lab)) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_POLICY,
                            _("The receipt needs the signature of the ledger's key: --ledger-key; "
                              "nothing was taken over"));
        return NULL;
    }
    g_autoptr(CelLedgerBatch) events = cel_ledger_batch_read(batch, error);
    if (events == NULL || !cel_lab_signers(lab, CEL_ACT_BATCH, NULL, &signers, error))
        return NULL;
    const CelLedgerTakeOver what = {.batch = events,
                                    .trust = cel_lab_trust(lab),
                                    .signers = &signers,
                                    .clock = cel_clock_system()};
    return cel_ledger_take_over(cel_lab_ledger(lab), &what, &place, error)
               ? give_receipt(lab, place.seq, error)
               : NULL;
}

gboolean cel_lab_restore(const char *folder, const char *backup, GPtrArray **out_problems,
                         CelJob *job, GError **error)
{
    g_autofree char *roots_path = g_build_filename(folder, "ca.pem", NULL);
    g_autofree char *path = g_build_filename(folder, "register.sqlite", NULL);
    g_autoptr(CelTrust) trust = cel_trust_new();
    g_autoptr(GBytes) roots = cel_file_read(roots_path, MOST_ROOTS, error);
    const CelLedgerRestore restore = {.backup = backup, .path = path, .trust = trust};
    return roots != NULL && cel_trust_add_roots(trust, roots, error) &&
           cel_ledger_restore(&restore, out_problems, job, error);
}
