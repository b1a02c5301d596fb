/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-lab-head.h"

#include "base/cel-error.h"
#include "base/cel-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

enum { FOLDER_MODE = 0750, KEPT_MODE = 0640 };

static gpointer refuse(GError **error, int code, const char *why)
{
    g_set_error_literal(error, CEL_ERROR, code, why);
    return NULL;
}

/* ---- the lab's side ---- */

static gboolean fill_paths(CelLab *lab, guint64 since, guint64 size,
                           CelMerkleProof out_paths[CEL_N_MERKLE], GError **error)
{
    for (guint k = 0; since > 0 && k < CEL_N_MERKLE; k++)
        if (!cel_ledger_consistency(cel_lab_ledger(lab), (CelMerkleKind)k, since, size,
                                    &out_paths[k], error))
            return FALSE;
    return TRUE;
}

GBytes *cel_lab_head_file(CelLab *lab, guint64 since, GError **error)
{
    g_autoptr(GError) failure = NULL;
    CelMerkleProof paths[CEL_N_MERKLE] = {{0}};
    g_autoptr(CelLedgerHead) head = cel_lab_head(lab, 1, &failure);
    if (failure != NULL) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return NULL;
    }
    if (head == NULL)
        return refuse(error, CEL_ERROR_POLICY,
                      _("The ledger has no signed head yet; sign one with --ledger-key"));
    if (since > head->size)
        return refuse(error, CEL_ERROR_USAGE,
                      _("The other side keeps a later head than this ledger has; if that is so, "
                        "events were taken away"));
    if (!fill_paths(lab, since, head->size, paths, error))
        return NULL;
    const CelHeadParts parts = {.record = head->record,
                                .signatures = head->signatures,
                                .certificates = head->certificates,
                                .from_size = since,
                                .path = paths};
    return cel_head_file_write(&parts, error);
}

/* ---- the other machine's ---- */

static void close_lock(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static int lock_folder(const char *folder, GError **error)
{
    g_autofree char *path = g_build_filename(folder, "lock", NULL);
    const int fd = g_mkdir_with_parents(folder, FOLDER_MODE) == 0
                       ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, KEPT_MODE)
                       : -1;
    if (fd >= 0 && flock(fd, LOCK_EX) == 0)
        return fd;
    g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM, "%s: %s", path, cel_file_why(errno));
    close_lock(&fd);
    return -1;
}

static gboolean continues_kept(const char *path, const CelHeadFile *head, GError **error)
{
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return TRUE;
    g_autoptr(GBytes) bytes = cel_file_read(path, CEL_STATEMENT_MAX_BYTES, error);
    g_autoptr(CelHeadFile) last = bytes != NULL ? cel_head_file_read(bytes, error) : NULL;
    return last != NULL && cel_head_file_follows(head, last, error);
}

static gboolean is_the_labs(const CelHeadFile *head, const CelTrust *roots, GError **error)
{
    if (roots == NULL)
        return TRUE;
    if (cel_statement_judge(head->statement, roots, 0, 0) == CEL_TRUST_VOUCHED &&
        head->statement->signer.role == CEL_ROLE_LEDGER)
        return TRUE;
    refuse(error, CEL_ERROR_POLICY,
           _("This head is not signed by the ledger of that laboratory; it is not countersigned"));
    return FALSE;
}

GBytes *cel_lab_countersign(const CelLabWitness *witness, GBytes *head_file, const CelTrust *roots,
                            GError **error)
{
    g_autoptr(CelHeadFile) head = cel_head_file_read(head_file, error);
    if (head == NULL || !is_the_labs(head, roots, error))
        return NULL;
    __attribute__((cleanup(close_lock))) const int lock = lock_folder(witness->folder, error);
    g_autofree char *name = g_strconcat(head->is.ledger_id, ".head", NULL);
    g_autofree char *path = g_build_filename(witness->folder, name, NULL);
    if (lock < 0 || !continues_kept(path, head, error))
        return NULL;
    g_autoptr(GBytes) text =
        cel_head_file_countersign(head, witness->key, cel_clock_wall_us(witness->clock), error);
    if (text == NULL || !cel_file_write(path, head_file, KEPT_MODE, error))
        return NULL;
    return g_steal_pointer(&text);
}
