/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crash-lab.h"
#include "crash-scenarios.h"

#include "base/cel-error.h"
#include "bench/cel-bundle.h"

#include <string.h>

/* A case with one sealed exhibit is exported, as a folder and as a zip file. Only the export is
 * interrupted; what comes before is the scenario "seal". */

#define CASE "2026-0113"
static const char *const names[] = {"case", "case.zip"};

static gboolean run_export(const char *folder, const char *aside, int ack, GError **error)
{
    g_autoptr(CelKey) key = NULL;
    g_autoptr(CelLab) lab = crash_lab_found(folder, aside, &key, error);
    if (lab == NULL || !crash_lab_seal(lab, 1, ack, error))
        return FALSE;
    crash_ack(ack, CRASH_READY);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        char digest[65];
        g_autofree char *path = g_build_filename(folder, names[i], NULL);
        const CelBundleOrder order = {.case_id = CASE, .path = path};
        if (!cel_bundle_export(lab, &order, digest, NULL, error))
            return FALSE;
        crash_ack(ack, "bundle %s", names[i]);
    }
    return TRUE;
}

static gboolean was_told(GPtrArray *acks, const char *name)
{
    for (guint i = 0; i < acks->len; i++) {
        const char *rest = NULL;
        if (crash_ack_is(g_ptr_array_index(acks, i), "bundle", &rest) && g_str_equal(rest, name))
            return TRUE;
    }
    return FALSE;
}

/* Of every name and byte, so that equal bundles are checked once. */
static char *digest_of(const CelBundleFiles *files)
{
    g_autoptr(GChecksum) digest = g_checksum_new(G_CHECKSUM_SHA256);
    g_autoptr(GPtrArray) all = cel_bundle_names(files);
    for (guint i = 0; i < all->len; i++) {
        gsize n = 0;
        const guchar *data = g_bytes_get_data(cel_bundle_get(files, g_ptr_array_index(all, i)), &n);
        g_checksum_update(digest, g_ptr_array_index(all, i), -1);
        g_checksum_update(digest, data, (gssize)n);
    }
    return g_strdup(g_checksum_get_string(digest));
}

/* What stands under a bundle's name is the whole bundle. */
static char *check_bundle(const char *path, GHashTable *seen)
{
    g_autoptr(GError) error = NULL;
    g_auto(CelBundleAbout) about = {0};
    g_autoptr(GPtrArray) lines = NULL;
    g_autoptr(CelBundleFiles) files = cel_bundle_read(path, NULL, &error);
    if (files == NULL)
        return crash_problem("unreadable", error->message);
    g_autofree char *digest = digest_of(files);
    if (g_hash_table_contains(seen, digest))
        return NULL;
    if (!cel_bundle_check(files, NULL, &about, &lines, NULL, &error))
        return crash_problem("unreadable", error->message);
    if (cel_verdict_any_contradicted(lines))
        return crash_problem("unreadable", "a bundle is contradicted");
    g_hash_table_add(seen, g_steal_pointer(&digest));
    return NULL;
}

static char *check_export(const char *folder, const char *aside, GPtrArray *acks, GHashTable *seen)
{
    (void)aside;
    g_autofree char *ledger = g_build_filename(folder, "register.sqlite", NULL);
    char *wrong = NULL;
    if (acks->len == 0)
        return NULL;
    /* each export is an event that nobody is told of alone */
    wrong = crash_check_ledger(ledger, acks, CRASH_LAB_EVENTS + G_N_ELEMENTS(names));
    for (guint i = 0; wrong == NULL && i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(folder, names[i], NULL);
        if (g_file_test(path, G_FILE_TEST_EXISTS))
            wrong = check_bundle(path, seen);
        else if (was_told(acks, names[i]))
            wrong = crash_problem("lost", names[i]);
    }
    return wrong;
}

const CrashScenario crash_export = {"export", run_export, check_export};
