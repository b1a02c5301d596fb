/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crash-lab.h"
#include "crash-scenarios.h"

#include "base/cel-error.h"
#include "base/cel-file.h"
#include "bench/cel-lab-seal.h"

#include <string.h>

/* A training lab is founded and seals two exhibits: event, file, read back, event. */

enum { SEALS = 2 };

static gboolean run_seal(const char *folder, const char *aside, int ack, GError **error)
{
    g_autoptr(CelKey) key = NULL;
    g_autoptr(CelLab) lab = crash_lab_found(folder, aside, &key, error);
    if (lab == NULL)
        return FALSE;
    crash_ack(ack, "founded");
    return crash_lab_seal(lab, SEALS, ack, error);
}

/* ---- what is left ---- */

/* Every file in the archive can be read and is what was sealed; equal ones are read once. */
static char *check_file(CelLab *lab, const char *path, GHashTable *seen)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = cel_file_read(path, 1 << 26, &error);
    if (bytes == NULL)
        return crash_problem("unreadable", error->message);
    gsize n = 0;
    const void *data = g_bytes_get_data(bytes, &n);
    g_autofree char *digest = cel_digest_hex("sha256", data, n);
    if (g_hash_table_contains(seen, digest))
        return NULL;
    g_autoptr(GPtrArray) lines = NULL;
    const CelVerifyOptions options = {.trust = cel_lab_trust(lab)};
    if (!cel_verify(path, &options, &lines, NULL, &error))
        return crash_problem("unreadable", error->message);
    if (cel_verdict_any_contradicted(lines))
        return crash_problem("unreadable", "a sealed file is contradicted");
    g_hash_table_add(seen, g_steal_pointer(&digest));
    return NULL;
}

static char *check_archive(CelLab *lab, GHashTable *seen)
{
    g_autofree char *folder = cel_lab_path(lab, CEL_LAB_ARCHIVE, NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    char *wrong = NULL;
    for (const char *name; wrong == NULL && dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (g_str_has_suffix(name, ".cel.h5"))
            wrong = check_file(lab, path, seen);
    }
    return wrong;
}

static char *find_file(CelLab *lab, const char *ack)
{
    g_auto(GStrv) words = g_strsplit(ack, " ", 2);
    g_autofree char *path = cel_lab_path(lab, CEL_LAB_ARCHIVE, words[0]);
    g_autoptr(GBytes) bytes = cel_file_read(path, 1 << 26, NULL);
    if (bytes == NULL)
        return crash_problem("lost", ack);
    gsize n = 0;
    const void *data = g_bytes_get_data(bytes, &n);
    g_autofree char *digest = cel_digest_hex("sha256", data, n);
    return g_str_equal(digest, words[1]) ? NULL
                                         : crash_problem("lost", "another file stands there");
}

/* The next start completes what can be completed and says so of the rest; then nothing is open. */
static char *recover(CelLab *lab, CelKey *key)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) notes = NULL;
    guint64 n_open = 0;
    const CelLabPerson person = {.key = key};
    const CelRowQuery begun = {.match = {{"state", "begun", 0}}};
    if (!cel_lab_sign_in(lab, &person, &error) || !cel_lab_recover(lab, &notes, NULL, &error) ||
        !cel_register_count(cel_lab_register(lab), CEL_ROW_FILE, &begun, &n_open, &error))
        return crash_problem("unreadable", error->message);
    return n_open == 0 ? NULL : crash_problem("unreadable", "a seal stays open");
}

static char *check_seal(const char *folder, const char *aside, GPtrArray *acks, GHashTable *seen)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(folder, "register.sqlite", NULL);
    if (acks->len == 0) /* the lab is not there yet */
        return NULL;
    char *wrong = crash_check_ledger(path, acks, CRASH_LAB_EVENTS);
    if (wrong != NULL)
        return wrong;
    g_autoptr(CelLab) lab = cel_lab_open(folder, &error);
    if (lab == NULL)
        return crash_problem("unreadable", error->message);
    for (guint i = 0; wrong == NULL && i < acks->len; i++) {
        const char *rest = NULL;
        if (crash_ack_is(g_ptr_array_index(acks, i), "file", &rest))
            wrong = find_file(lab, rest);
    }
    if (wrong == NULL)
        wrong = check_archive(lab, seen);
    return wrong == NULL ? recover(lab, crash_lab_key(aside, seen)) : wrong;
}

const CrashScenario crash_seal = {"seal", run_seal, check_seal};
