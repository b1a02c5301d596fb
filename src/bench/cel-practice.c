/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-practice.h"

#include "bench/cel-lab-check.h"
#include "bench/cel-lab-profile.h"
#include "evidence/cel-ca.h"

#include "base/cel-error.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

enum { FOLDER_MODE = 0700 };

#define FOR_GOOD "2999-12-31"

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

/* ---- what a court page names ---- */

/* The default with a name, an address, and the one method that everybody here may apply. */
static GBytes *draft_profile(GError **error)
{
    g_autoptr(CelProfile) defaults = cel_profile_default();
    CelProfilePerson persons[G_N_ELEMENTS(players)];
    CelProfileWords words = {.name_zh = _("Practice lab"),
                             .address_zh = _("For practice only, no address"),
                             .issued = defaults->issued,
                             .until = FOR_GOOD,
                             .persons = persons};
    for (gsize i = 0; i < G_N_ELEMENTS(players); i++)
        if (players[i].number != NULL)
            persons[words.n_persons++] = (CelProfilePerson){players[i].number, TRUE};
    return cel_lab_profile_draft(defaults->json, &words, error);
}

/* The simulated instruments as the practice lab's inventory has them. */
static gboolean take_stock(CelLab *lab, CelClock clock, GError **error)
{
    static const char *const stock[][2] = {
        {"SIM-785-0001", "S-785"}, {"SIM-532-0001", "S-532"}, {"SIM-1064-0001", "S-1064"}};
    for (gsize i = 0; i < G_N_ELEMENTS(stock); i++)
        if (!cel_lab_inventory(lab, stock[i][0], stock[i][1], clock, error))
            return FALSE;
    return TRUE;
}

static gboolean equip(const CelPractice *practice, CelKey *root, CelKey *head, CelKey *reviewer,
                      GError **error)
{
    CelLedgerPlace place;
    const CelLabPerson first = {.key = head}, second = {.key = reviewer};
    g_autoptr(GBytes) draft = draft_profile(error);
    g_autoptr(CelLab) lab = draft != NULL ? cel_lab_open(practice->folder, error) : NULL;
    const CelProfileSigning signing = {draft, root, &second, practice->clock};
    return lab != NULL && cel_lab_sign_in(lab, &first, error) &&
           cel_lab_sign_profile(lab, &signing, &place, error) &&
           take_stock(lab, practice->clock, error);
}

gboolean cel_practice_found(const CelPractice *practice, CelJob *job, GError **error)
{
    if (!make_folder(practice, error))
        return FALSE;
    g_autoptr(CelKey) root = make_root(practice, error);
    g_autoptr(CelKey) head = NULL;
    g_autoptr(CelKey) reviewer = NULL;
    for (gsize i = 0; root != NULL && i < G_N_ELEMENTS(players); i++) {
        if (!cel_job_step(job, N_("Making the practice lab"), i, G_N_ELEMENTS(players), error))
            return FALSE;
        g_autoptr(CelKey) key = make_player(practice, root, &players[i], error);
        const CelLabFounding founding = {.root = root, .head = key, .clock = practice->clock};
        if (key == NULL || (i == 0 && !cel_lab_found(practice->folder, &founding, error)))
            return FALSE;
        if (players[i].role == CEL_ROLE_LAB_HEAD)
            head = g_steal_pointer(&key);
        else if (players[i].role == CEL_ROLE_REVIEWER)
            reviewer = g_steal_pointer(&key);
    }
    return root != NULL && equip(practice, root, head, reviewer, error);
}
