/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-bundle.h"

#include "base/cel-canon.h"
#include "base/cel-error.h"
#include "base/cel-file.h"
#include "bench/cel-bundle-copies.h"
#include "bench/cel-lab-seal.h"
#include "evidence/cel-place.h"
#include "evidence/cel-sealed.h"
#include "register/cel-ledger-witness.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { MOST_THING = 256 * 1024 * 1024 };

/** Packing: a bundle being filled. */
typedef struct {
    CelLab *lab;
    const char *case_id;
    CelJob *job;
    CelBundleFiles *files;
    GHashTable *seqs; /* positions that are in custody.jsonl, as numbers */
    GString *custody;
    CelLedgerHead *head; /* (nullable) */
    guint64 size;        /* of the tree the proofs lead to */
} Packing;

static void packing_clear(Packing *packing)
{
    g_clear_pointer(&packing->files, cel_bundle_files_free);
    g_clear_pointer(&packing->seqs, g_hash_table_unref);
    g_clear_pointer(&packing->head, cel_ledger_head_free);
    if (packing->custody != NULL)
        g_string_free(packing->custody, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Packing, packing_clear)

static gboolean put_text(Packing *p, const char *name, const char *text, GError **error)
{
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    return cel_bundle_put(p->files, name, bytes, error);
}

static gboolean put_file(Packing *p, const char *name, const char *path, GError **error)
{
    g_autoptr(GBytes) bytes = cel_file_read(path, MOST_THING, error);
    return bytes != NULL && cel_bundle_put(p->files, name, bytes, error);
}

static GPtrArray *rows(Packing *p, CelRowKind kind, GError **error)
{
    const CelRowQuery query = {.match = {{"case_id", p->case_id, 0}}};
    return cel_register_rows(cel_lab_register(p->lab), kind, &query, error);
}

/* ---- the head and the events ---- */

static gboolean take_head(Packing *p, GError **error)
{
    g_autoptr(GError) failure = NULL;
    if (!cel_ledger_size(cel_lab_ledger(p->lab), &p->size, error))
        return FALSE;
    p->head = cel_lab_head(p->lab, p->size, &failure);
    if (failure != NULL) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    if (p->head == NULL)
        return TRUE;
    p->size = p->head->size;
    if (!cel_bundle_put(p->files, "head.json", p->head->record, error))
        return FALSE;
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        g_autofree char *sig = g_strdup_printf("head.%s.sig", cel_signer_name(s));
        g_autofree char *cer = g_strdup_printf("head.%s.cer", cel_signer_name(s));
        if (p->head->signatures[s] != NULL &&
            (!cel_bundle_put(p->files, sig, p->head->signatures[s], error) ||
             !cel_bundle_put(p->files, cer, p->head->certificates[s], error)))
            return FALSE;
    }
    return TRUE;
}

static gboolean put_proof(Packing *p, guint64 seq, GError **error)
{
    CelProof proof = {.seq = seq, .size = p->size};
    CelLedger *ledger = cel_lab_ledger(p->lab);
    g_strlcpy(proof.ledger_id, cel_ledger_id(ledger), sizeof proof.ledger_id);
    for (guint kind = 0; kind < CEL_N_MERKLE; kind++)
        if (!cel_ledger_root(ledger, kind, p->size, &proof.root[kind], error) ||
            !cel_ledger_inclusion(ledger, kind, seq, p->size, &proof.path[kind], error))
            return FALSE;
    g_autofree char *name = g_strdup_printf("proofs/%06" G_GUINT64_FORMAT ".json", seq);
    g_autoptr(GBytes) bytes = cel_proof_write(&proof);
    return cel_bundle_put(p->files, name, bytes, error);
}

static gboolean put_event(Packing *p, guint64 seq, GError **error)
{
    g_autoptr(CelLedgerEntry) entry = cel_ledger_entry(cel_lab_ledger(p->lab), seq, error);
    g_autofree char *line = entry != NULL ? cel_entry_write(entry, error) : NULL;
    if (line == NULL)
        return FALSE;
    g_string_append_printf(p->custody, "%s\n", line);
    return put_proof(p, seq, error);
}

/* Events of this ledger up to the head: those of the case, and what happened to the keys. */
static gboolean put_events(Packing *p, GError **error)
{
    const CelRowQuery query = {.match = {{"ledger", cel_ledger_id(cel_lab_ledger(p->lab)), 0}},
                               .before_seq = p->size + 1};
    g_autoptr(GPtrArray) all =
        cel_register_rows(cel_lab_register(p->lab), CEL_ROW_EVENT, &query, error);
    gboolean found = FALSE;
    for (guint i = 0; all != NULL && i < all->len; i++) {
        JsonObject *row = g_ptr_array_index(all, i);
        const gboolean of_case = strcmp(cel_row_text(row, "case_id"), p->case_id) == 0;
        const gboolean of_keys =
            strcmp(cel_row_text(row, "act"), cel_act_def(CEL_ACT_KEY_EVENT)->id) == 0;
        const guint64 seq = (guint64)cel_row_number(row, "seq");
        found = found || of_case;
        if ((of_case || of_keys) &&
            (!put_event(p, seq, error) ||
             !cel_job_step(p->job, N_("Gathering the case"), seq, p->size, error)))
            return FALSE;
    }
    if (all != NULL && !found)
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE, _("This lab has no case %s"), p->case_id);
    return found && put_text(p, "custody.jsonl", p->custody->str, error);
}

/* ---- files and things ---- */

static gboolean put_witness(Packing *p, const char *fid, const char *path, GError **error)
{
    g_autoptr(CelSealed) sealed = cel_sealed_open(path, p->job, error);
    g_autoptr(CelWitness) witness =
        sealed != NULL
            ? cel_ledger_witness(cel_lab_ledger(p->lab), cel_sealed_record(sealed), NULL, error)
            : NULL;
    if (witness == NULL)
        return FALSE;
    g_autofree char *name = g_strdup_printf("witness/%s.json", fid);
    g_autoptr(GBytes) bytes = cel_witness_write(witness);
    return cel_bundle_put(p->files, name, bytes, error);
}

static gboolean put_sealed(Packing *p, GError **error)
{
    g_autoptr(GPtrArray) all = rows(p, CEL_ROW_FILE, error);
    for (guint i = 0; all != NULL && i < all->len; i++) {
        JsonObject *row = g_ptr_array_index(all, i);
        const char *fid = cel_row_text(row, "fid");
        if (strcmp(cel_row_text(row, "state"), "complete") != 0)
            continue;
        g_autofree char *path = cel_lab_sealed_path(p->lab, fid);
        g_autofree char *name = g_strdup_printf("files/%s.cel.h5", fid);
        if (!put_file(p, name, path, error) || !put_witness(p, fid, path, error) ||
            !cel_bundle_put_copies(p->files, path, fid, cel_row_text(row, "sha256"), p->job, error))
            return FALSE;
    }
    return all != NULL;
}

/** Things: kept by their digest. */
typedef struct {
    CelRowKind kind;
    CelLabPlace place;
    const char *column, *folder;
} Things;

static const Things things[] = {
    {CEL_ROW_PHOTO, CEL_LAB_PHOTOS, "sha256", "photos"},
    {CEL_ROW_ACQUISITION, CEL_LAB_RAW, "sha256", "raw"},
    {CEL_ROW_EXPORT, CEL_LAB_PAPERS, "bundle", "papers"},
};

/* What is not there any more is a fact that the checks of the bundle will tell. */
static gboolean put_things(Packing *p, const Things *which, GError **error)
{
    g_autoptr(GPtrArray) all = rows(p, which->kind, error);
    for (guint i = 0; all != NULL && i < all->len; i++) {
        const char *digest = cel_row_text(g_ptr_array_index(all, i), which->column);
        g_autofree char *path = cel_lab_path(p->lab, which->place, digest);
        g_autofree char *name = g_strdup_printf("%s/%s", which->folder, digest);
        if (*digest != '\0' && cel_bundle_get(p->files, name) == NULL &&
            g_file_test(path, G_FILE_TEST_IS_REGULAR) && !put_file(p, name, path, error))
            return FALSE;
    }
    return all != NULL;
}

static gboolean put_lab(Packing *p, GError **error)
{
    g_autofree char *roots = cel_lab_path(p->lab, CEL_LAB_ROOTS, NULL);
    g_autofree char *profile = cel_lab_path(p->lab, CEL_LAB_PROFILE, NULL);
    return put_file(p, "roots.pem", roots, error) && (!g_file_test(profile, G_FILE_TEST_EXISTS) ||
                                                      put_file(p, "profile.json", profile, error));
}

static gboolean put_about(Packing *p, GError **error)
{
    const CelProfile *profile = cel_lab_profile(p->lab);
    g_autoptr(JsonNode) node = json_node_new(JSON_NODE_OBJECT);
    JsonObject *about = json_object_new();
    json_node_take_object(node, about);
    json_object_set_string_member(about, "kind", "celadon-bundle");
    json_object_set_int_member(about, "v", 1);
    json_object_set_string_member(about, "case", p->case_id);
    json_object_set_string_member(about, "ledger", cel_ledger_id(cel_lab_ledger(p->lab)));
    json_object_set_int_member(about, "size", (gint64)p->size);
    json_object_set_string_member(about, "lab",
                                  profile->lab.name.zh != NULL   ? profile->lab.name.zh
                                  : profile->lab.name.en != NULL ? profile->lab.name.en
                                                                 : "");
    json_object_set_boolean_member(about, "training", cel_lab_is_training(p->lab));
    g_autofree char *text = cel_canon_write(node, error);
    return text != NULL && put_text(p, "bundle.json", text, error);
}

/* ---- the manifests ---- */

static char *manifest_of(const CelBundleFiles *files, const char *algorithm)
{
    g_autoptr(GPtrArray) names = cel_bundle_names(files);
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        gsize n = 0;
        const void *data = g_bytes_get_data(cel_bundle_get(files, name), &n);
        g_autofree char *digest = cel_digest_hex(algorithm, data, n);
        if (!g_str_has_prefix(name, "MANIFEST."))
            g_string_append_printf(out, "%s  %s\n", digest, name);
    }
    return g_string_free(out, FALSE);
}

static gboolean put_manifests(Packing *p, char *out_digest, GError **error)
{
    g_autofree char *sha256 = manifest_of(p->files, "sha256");
    g_autofree char *sm3 = manifest_of(p->files, "sm3");
    const CelDigestPair digests = cel_digest_pair(sha256, strlen(sha256));
    g_strlcpy(out_digest, digests.sha256, sizeof digests.sha256);
    return put_text(p, "MANIFEST.sha256", sha256, error) && put_text(p, "MANIFEST.sm3", sm3, error);
}

static gboolean pack(Packing *p, char *out_digest, GError **error)
{
    if (!take_head(p, error) || !put_events(p, error) || !put_sealed(p, error))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(things); i++)
        if (!put_things(p, &things[i], error))
            return FALSE;
    g_autofree char *how = cel_bundle_verify_text(p->files);
    return put_lab(p, error) && put_about(p, error) && put_text(p, "VERIFY.txt", how, error) &&
           put_manifests(p, out_digest, error);
}

static gboolean record_export(CelLab *lab, const CelBundleOrder *order, const char *digest,
                              guint64 size, GError **error)
{
    g_autoptr(JsonObject) data = json_object_new();
    json_object_set_string_member(data, "bundle", digest);
    json_object_set_int_member(data, "size", (gint64)size);
    if (order->recipient != NULL)
        json_object_set_string_member(data, "recipient", order->recipient);
    const CelEventRequest request = {.act = CEL_ACT_EXPORT,
                                     .case_id = order->case_id,
                                     .data = data,
                                     .clock = cel_clock_system()};
    return cel_lab_record(lab, &request, NULL, NULL, error);
}

gboolean cel_bundle_export(CelLab *lab, const CelBundleOrder *order, char *out_digest, CelJob *job,
                           GError **error)
{
    g_auto(Packing) p = {.lab = lab, .case_id = order->case_id, .job = job};
    p.files = cel_bundle_files_new();
    p.custody = g_string_new(NULL);
    if (g_file_test(order->path, G_FILE_TEST_EXISTS)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                    _("%s: there is something already; a bundle never replaces anything"),
                    order->path);
        return FALSE;
    }
    if (!pack(&p, out_digest, error) || !record_export(lab, order, out_digest, p.size, error))
        return FALSE;
    return g_str_has_suffix(order->path, ".zip")
               ? cel_bundle_write_zip(p.files, order->path, error)
               : cel_bundle_write_folder(p.files, order->path, job, error);
}
