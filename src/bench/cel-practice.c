/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-practice.h"

#include "bench/cel-lab-keys.h"
#include "evidence/cel-ca.h"
#include "evidence/cel-profile.h"

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

static JsonObject *text_of(const char *text)
{
    JsonObject *object = json_object_new();
    json_object_set_string_member(object, "zh", text);
    return object;
}

static JsonArray *authorised(void)
{
    JsonArray *all = json_array_new();
    for (gsize i = 0; i < G_N_ELEMENTS(players); i++) {
        if (players[i].number == NULL)
            continue;
        JsonObject *one = json_object_new();
        json_object_set_string_member(one, "id", players[i].number);
        json_object_set_string_member(one, "until", FOR_GOOD);
        json_array_add_object_element(all, one);
    }
    return all;
}

/* The default with a name, an address, and the one method that everybody here may apply. */
static GBytes *draft_profile(void)
{
    g_autoptr(CelProfile) defaults = cel_profile_default();
    g_autoptr(JsonNode) node = json_node_copy(defaults->json);
    JsonObject *body = json_node_get_object(node);
    JsonObject *lab = json_object_new(), *method = json_object_new();
    JsonArray *methods = json_array_new();
    json_object_set_object_member(lab, "name", text_of(_("Practice lab")));
    json_object_set_object_member(lab, "address", text_of(_("For practice only, no address")));
    json_object_set_string_member(method, "id", "celadon-screening");
    json_object_set_string_member(method, "version", "1");
    json_object_set_object_member(method, "title", text_of(_("Practice lab")));
    json_object_set_object_member(method, "scope", text_of(_("Practice lab")));
    json_object_set_string_member(method, "validation", "not-validated");
    json_object_set_string_member(method, "until", FOR_GOOD);
    json_object_set_array_member(method, "operators", authorised());
    json_array_add_object_element(methods, method);
    json_object_set_object_member(body, "lab", lab);
    json_object_set_array_member(body, "methods", methods);
    char *text = json_to_string(node, FALSE);
    return g_bytes_new_take(text, strlen(text));
}

/* The simulated instruments as the practice lab's inventory has them. */
static gboolean take_stock(CelLab *lab, CelClock clock, GError **error)
{
    static const char *const stock[][2] = {
        {"SIM-785-0001", "S-785"}, {"SIM-532-0001", "S-532"}, {"SIM-1064-0001", "S-1064"}};
    for (gsize i = 0; i < G_N_ELEMENTS(stock); i++) {
        g_autoptr(JsonObject) data = json_object_new();
        json_object_set_string_member(data, "kind", "inventory");
        json_object_set_string_member(data, "verdict", "not-checkable");
        json_object_set_string_member(data, "serial", stock[i][0]);
        json_object_set_string_member(data, "asset", stock[i][1]);
        const CelEventRequest request = {.act = CEL_ACT_CHECK, .data = data, .clock = clock};
        if (!cel_lab_record(lab, &request, NULL, NULL, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean equip(const CelPractice *practice, CelKey *root, CelKey *head, CelKey *reviewer,
                      GError **error)
{
    CelLedgerPlace place;
    const CelLabPerson first = {.key = head}, second = {.key = reviewer};
    g_autoptr(GBytes) draft = draft_profile();
    g_autoptr(GBytes) profile = cel_profile_sign(draft, root, error);
    g_autoptr(CelLab) lab = profile != NULL ? cel_lab_open(practice->folder, error) : NULL;
    const CelLabInstall install = {profile, &second, practice->clock};
    return lab != NULL && cel_lab_sign_in(lab, &first, error) &&
           cel_lab_install_profile(lab, &install, &place, error) &&
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
