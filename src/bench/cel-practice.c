/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-practice.h"

#include "bench/cel-lab-keys.h"
#include "evidence/cel-ca.h"

#include "base/cel-error.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

enum { FOLDER_MODE = 0700 };

/** Player: one key of the practice lab. */
typedef struct {
    const char *file, *person; /* msgid */
    CelRole role;
    const char *number; /* (nullable) */
} Player;

/* The head comes first: the founding is that person's. */
static const Player players[] = {
    {"head", N_("Practice lab head"), CEL_ROLE_LAB_HEAD, "L-1"},
    {"officer", N_("Practice officer"), CEL_ROLE_OFFICER, "L-2"},
    {"technician", N_("Practice technician"), CEL_ROLE_TECHNICIAN, "L-3"},
    {"reviewer", N_("Practice reviewer"), CEL_ROLE_REVIEWER, "L-4"},
    {"ledger", N_("Practice ledger"), CEL_ROLE_LEDGER, NULL},
};

static CelKey *make_player(const CelPractice *practice, CelKey *root, const Player *player,
                           GError **error)
{
    const CelCaTerms terms = {.role = player->role, .person_id = player->number};
    g_autofree char *name = g_strconcat(player->file, ".key", NULL);
    g_autofree char *path = g_build_filename(practice->folder, "people", name, NULL);
    g_autoptr(CelKey) key = cel_key_generate(_(player->person), TRUE, error);
    if (key == NULL || !cel_ca_certify(root, key, &terms, error) ||
        !cel_key_save(key, path, practice->passphrase, error))
        return NULL;
    return g_steal_pointer(&key);
}

static CelKey *make_root(const CelPractice *practice, GError **error)
{
    g_autofree char *path = g_build_filename(practice->folder, "root.key", NULL);
    g_autoptr(CelKey) root = cel_key_generate_lab(_("Practice lab"), TRUE, error);
    if (root == NULL || !cel_key_save(root, path, practice->passphrase, error))
        return NULL;
    return g_steal_pointer(&root);
}

static gboolean make_folder(const CelPractice *practice, GError **error)
{
    g_autofree char *people = g_build_filename(practice->folder, "people", NULL);
    g_autoptr(GDir) before = g_dir_open(practice->folder, 0, NULL);
    if (before != NULL && g_dir_read_name(before) != NULL) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                    _("%s is not empty, so no practice lab is made there. Choose another folder."),
                    practice->folder);
        return FALSE;
    }
    if (g_mkdir_with_parents(people, FOLDER_MODE) == 0)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM,
                _("%s cannot be made: %s. Choose another folder."), people, g_strerror(errno));
    return FALSE;
}

gboolean cel_practice_found(const CelPractice *practice, CelJob *job, GError **error)
{
    if (!make_folder(practice, error))
        return FALSE;
    g_autoptr(CelKey) root = make_root(practice, error);
    for (gsize i = 0; root != NULL && i < G_N_ELEMENTS(players); i++) {
        if (!cel_job_step(job, N_("Making the practice lab"), i, G_N_ELEMENTS(players), error))
            return FALSE;
        g_autoptr(CelKey) key = make_player(practice, root, &players[i], error);
        const CelLabFounding founding = {.root = root, .head = key, .clock = practice->clock};
        if (key == NULL || (i == 0 && !cel_lab_found(practice->folder, &founding, error)))
            return FALSE;
    }
    return root != NULL;
}
