/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crash-lab.h"

#include "../unit/lab-fixture.h"
#include "../unit/work-fixture.h"
#include "bench/cel-lab-seal.h"
#include "crash-scenarios.h"

enum { EVENTS = CRASH_LAB_EVENTS };
#define KEY_NAME   "wang.pem"
#define PASSPHRASE "correct horse battery"

static CelKey *make_people(const char *folder, const char *aside, GError **error)
{
    static const CelCaTerms terms = {.role = CEL_ROLE_TECHNICIAN, .person_id = "P0017"};
    g_autoptr(CelKey) root = cel_key_generate_lab("某市物证快检室", TRUE, error);
    g_autoptr(CelKey) key = root != NULL ? cel_key_generate("王芳", TRUE, error) : NULL;
    g_autoptr(GBytes) roots = key != NULL ? cel_ca_roots(root, error) : NULL;
    g_autofree char *roots_path = g_build_filename(folder, "ca.pem", NULL);
    g_autofree char *key_path = g_build_filename(aside, KEY_NAME, NULL);
    g_unlink(key_path);
    if (roots == NULL || !cel_ca_certify(root, key, &terms, error) ||
        !cel_key_save(key, key_path, PASSPHRASE, error) ||
        !cel_file_write(roots_path, roots, 0644, error))
        return NULL;
    return g_steal_pointer(&key);
}

static CelLab *found(const char *folder, GError **error)
{
    g_autofree char *path = g_build_filename(folder, "register.sqlite", NULL);
    g_autoptr(CelRegister) reg = cel_register_open(path, TRUE, error);
    return reg != NULL ? cel_lab_open(folder, error) : NULL;
}

static gboolean tell_of(const CelLedgerPlace *place, int ack)
{
    crash_ack(ack, "event %" G_GUINT64_FORMAT " %s", place->seq, place->record.sha256);
    return TRUE;
}

/* The bag comes in and is put under the instrument. */
static gboolean take_in(CelLab *lab, const char *item, int ack, GError **error)
{
    g_autoptr(JsonObject) facts = room_data("description=白色颗粒; condition=完好; amount=12 g");
    const CelEventRequest request = {.act = CEL_ACT_RECEIVE,
                                     .case_id = ROOM_CASE,
                                     .item_id = item,
                                     .from = {"城南派出所", "赵六", "0412"},
                                     .to = {"快检室", "王芳", "P0017"},
                                     .data = facts};
    CelLedgerPlace place;
    return cel_lab_record(lab, &request, NULL, &place, error) && tell_of(&place, ack);
}

static gboolean tell_of_file(CelLab *lab, const char *fid, int ack, GError **error)
{
    g_autofree char *path = cel_lab_sealed_path(lab, fid);
    g_autoptr(GBytes) bytes = cel_file_read(path, 1 << 26, error);
    if (bytes == NULL)
        return FALSE;
    gsize n = 0;
    const void *data = g_bytes_get_data(bytes, &n);
    g_autofree char *digest = cel_digest_hex("sha256", data, n);
    crash_ack(ack, "file %s.cel.h5 %s", fid, digest);
    return TRUE;
}

/* What cel_lab_seal() put on record: the seal and its verification. */
static gboolean tell_of_end(CelLab *lab, guint n, int ack, GError **error)
{
    guint64 size = 0;
    if (!cel_ledger_size(cel_lab_ledger(lab), &size, error))
        return FALSE;
    for (guint64 seq = size - n + 1; seq <= size; seq++) {
        g_autoptr(CelLedgerEntry) entry = cel_ledger_entry(cel_lab_ledger(lab), seq, error);
        if (entry == NULL)
            return FALSE;
        gsize length = 0;
        const void *data = g_bytes_get_data(entry->record, &length);
        const CelDigestPair pair = cel_digest_pair(data, length);
        crash_ack(ack, "event %" G_GUINT64_FORMAT " %s", seq, pair.sha256);
    }
    return TRUE;
}

static gboolean seal_one(CelLab *lab, CelWork *work, const char *item, int ack, GError **error)
{
    const CelLabSeal seal = {.work = work, .case_id = ROOM_CASE, .item_id = item};
    g_autofree char *fid = NULL;
    if (!take_in(lab, item, ack, error) || !cel_lab_seal(lab, &seal, &fid, NULL, error))
        return FALSE;
    crash_ack(ack, "sealed");
    return tell_of_end(lab, EVENTS, ack, error) && tell_of_file(lab, fid, ack, error);
}

CelLab *crash_lab_found(const char *folder, const char *aside, CelKey **out_key, GError **error)
{
    g_autoptr(CelKey) key = make_people(folder, aside, error);
    g_autoptr(CelLab) lab = key != NULL ? found(folder, error) : NULL;
    const CelLabPerson person = {.key = key};
    if (lab == NULL || !cel_lab_sign_in(lab, &person, error))
        return NULL;
    *out_key = g_steal_pointer(&key);
    return g_steal_pointer(&lab);
}

gboolean crash_lab_seal(CelLab *lab, guint n, int ack, GError **error)
{
    Desk desk;
    gboolean ok = TRUE;
    desk_set_up(&desk, NULL);
    cel_work_add(desk.work, simulated(&alpha, 7));
    desk_identify(&desk);
    for (guint i = 0; ok && i < n; i++) {
        g_autofree char *item = g_strdup_printf("1-%u", i + 1);
        ok = seal_one(lab, desk.work, item, ack, error);
    }
    desk_tear_down(&desk, NULL);
    return ok;
}

/* Loading a key is slow on purpose: once a recording. */
CelKey *crash_lab_key(const char *aside, GHashTable *seen)
{
    CelKey *key = g_hash_table_lookup(seen, KEY_NAME);
    g_autofree char *path = g_build_filename(aside, KEY_NAME, NULL);
    if (key == NULL) {
        key = cel_key_load(path, PASSPHRASE, NULL);
        g_hash_table_insert(seen, g_strdup(KEY_NAME), key);
    }
    return key;
}

void crash_lab_forget(GHashTable *seen)
{
    cel_key_free(g_hash_table_lookup(seen, KEY_NAME));
    g_hash_table_remove_all(seen);
}
