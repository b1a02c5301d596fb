/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-bundle.h"

#include "base/cel-error.h"
#include "base/cel-json.h"
#include "evidence/cel-place.h"
#include "evidence/cel-verify.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

/* A bundle from elsewhere: nothing in it is believed. Every statement is a line of its own; whoever
 * takes the bundle over does so only when no line is contradicted. */

void cel_bundle_about_clear(CelBundleAbout *about)
{
    g_clear_pointer(&about->case_id, g_free);
    g_clear_pointer(&about->lab, g_free);
    g_clear_pointer(&about->ledger_id, g_free);
}

/** Check: a bundle being looked at. */
typedef struct {
    const CelBundleFiles *files;
    const CelTrust *trust;
    CelBundleAbout *about;
    GPtrArray *lines;
    CelJob *job;
    GPtrArray *events;  /* CelLedgerEntry */
    GPtrArray *records; /* JsonNode, one an entry */
    CelMerkleHash root[CEL_N_MERKLE];
} Check;

static void check_clear(Check *check)
{
    g_clear_pointer(&check->events, g_ptr_array_unref);
    g_clear_pointer(&check->records, g_ptr_array_unref);
    g_clear_pointer(&check->lines, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Check, check_clear)

static void say(Check *check, const char *id, CelVerdictState state, const char *en, const char *zh)
{
    cel_verdict_say(check->lines, id, state, g_strdup(en), g_strdup(zh));
}

/* @why: (nullable): of the contradiction, with the file's name. */
static void contradict(Check *check, const char *id, const char *name, const char *en,
                       const char *zh)
{
    cel_verdict_say(check->lines, id, CEL_VERDICT_CONTRADICTED, g_strdup_printf("%s: %s", name, en),
                    g_strdup_printf("%s:%s", name, zh));
}

static gboolean not_a_bundle(GError **error)
{
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_INPUT,
                        _("This is no case bundle; nothing was taken over"));
    return FALSE;
}

/* ---- what it says of itself ---- */

static JsonNode *read_json(const CelBundleFiles *files, const char *name)
{
    GBytes *bytes = cel_bundle_get(files, name);
    gsize n = 0;
    const char *text = bytes != NULL ? g_bytes_get_data(bytes, &n) : NULL;
    g_autoptr(JsonNode) node = n > 0 ? cel_json_read(text, n, NULL) : NULL;
    return node != NULL && JSON_NODE_HOLDS_OBJECT(node) ? g_steal_pointer(&node) : NULL;
}

static gboolean read_about(Check *check, GError **error)
{
    g_autoptr(JsonNode) node = read_json(check->files, "bundle.json");
    JsonObject *object = node != NULL ? json_node_get_object(node) : NULL;
    CelBundleAbout *about = check->about;
    if (object == NULL || strcmp(cel_row_text(object, "kind"), "celadon-bundle") != 0 ||
        cel_row_number(object, "v") != 1 || cel_row_number(object, "size") < 1)
        return not_a_bundle(error);
    about->case_id = g_strdup(cel_row_text(object, "case"));
    about->lab = g_strdup(cel_row_text(object, "lab"));
    about->ledger_id = g_strdup(cel_row_text(object, "ledger"));
    about->size = (guint64)cel_row_number(object, "size");
    about->training = json_object_get_boolean_member_with_default(object, "training", FALSE);
    return TRUE;
}

/* ---- the manifests ---- */

/* Whether @text lists exactly the files of the bundle, in their order, with these digests. */
static const char *first_difference(const CelBundleFiles *files, const char *algorithm,
                                    const char *text)
{
    g_autoptr(GPtrArray) names = cel_bundle_names(files);
    const char *at = text;
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        gsize n = 0;
        const void *data = g_bytes_get_data(cel_bundle_get(files, name), &n);
        if (g_str_has_prefix(name, "MANIFEST."))
            continue;
        g_autofree char *digest = cel_digest_hex(algorithm, data, n);
        g_autofree char *line = g_strdup_printf("%s  %s\n", digest, name);
        if (!g_str_has_prefix(at, line))
            return name;
        at += strlen(line);
    }
    return *at == '\0' ? NULL : "MANIFEST";
}

static gboolean check_manifest(Check *check, const char *algorithm)
{
    g_autofree char *name = g_strconcat("MANIFEST.", algorithm, NULL);
    GBytes *bytes = cel_bundle_get(check->files, name);
    gsize n = 0;
    const char *data = bytes != NULL ? g_bytes_get_data(bytes, &n) : NULL;
    g_autofree char *text = g_strndup(data != NULL ? data : "", n);
    const char *wrong = strlen(text) == n ? first_difference(check->files, algorithm, text) : name;
    if (strcmp(algorithm, "sha256") == 0) {
        const CelDigestPair digests = cel_digest_pair(text, n);
        g_strlcpy(check->about->digest, digests.sha256, sizeof check->about->digest);
    }
    if (wrong == NULL)
        return TRUE;
    contradict(check, "manifest", wrong, "is not as the manifest lists it, or is not listed",
               "与清单不符,或未列入清单");
    return FALSE;
}

static void check_manifests(Check *check)
{
    const gboolean sha256 = check_manifest(check, "sha256");
    if (check_manifest(check, "sm3") && sha256)
        say(check, "manifest", CEL_VERDICT_PROVEN,
            "Every file is listed with its SHA-256 and SM3, and none is there besides.",
            "全部文件均列入清单且SHA-256、SM3相符,无清单外文件。");
}

/* ---- custody ---- */

static gboolean read_event(Check *check, const char *line, gsize n)
{
    g_autoptr(CelLedgerEntry) entry = cel_entry_read(line, n, NULL);
    g_autoptr(JsonNode) record = entry != NULL ? cel_event_read(entry->record, NULL) : NULL;
    if (record == NULL)
        return FALSE;
    JsonObject *event = json_node_get_object(record);
    const gboolean ours = strcmp(cel_row_text(event, "ledger"), check->about->ledger_id) == 0 &&
                          (guint64)cel_row_number(event, "seq") == entry->seq;
    g_ptr_array_add(check->events, g_steal_pointer(&entry));
    g_ptr_array_add(check->records, g_steal_pointer(&record));
    return ours;
}

static gboolean read_events(Check *check)
{
    GBytes *bytes = cel_bundle_get(check->files, "custody.jsonl");
    gsize n = 0;
    const char *at = bytes != NULL ? g_bytes_get_data(bytes, &n) : NULL;
    guint64 last = 0;
    while (n > 0) {
        const char *end = memchr(at, '\n', n);
        if (end == NULL || !read_event(check, at, (gsize)(end - at)))
            return FALSE;
        const CelLedgerEntry *entry = g_ptr_array_index(check->events, check->events->len - 1);
        if (entry->seq <= last)
            return FALSE;
        last = entry->seq;
        n -= (gsize)(end - at) + 1;
        at = end + 1;
    }
    return check->events->len > 0;
}

/* Whether every signature holds and, with roots at hand, the lab vouched for its holder then. */
static void check_signatures(Check *check)
{
    gboolean vouched = check->trust != NULL;
    for (guint i = 0; i < check->events->len; i++) {
        const CelLedgerEntry *entry = g_ptr_array_index(check->events, i);
        JsonObject *event = json_node_get_object(g_ptr_array_index(check->records, i));
        g_autofree char *name = g_strdup_printf("event %" G_GUINT64_FORMAT, entry->seq);
        if (!cel_entry_check(entry, event, NULL, NULL)) {
            contradict(check, "custody", name, "a signature does not hold", "签名无效");
            return;
        }
        vouched = vouched && cel_entry_check(entry, event, check->trust, NULL);
    }
    say(check, "custody", CEL_VERDICT_PROVEN, "Every event is signed over exactly these bytes.",
        "每条记录的签名均与其字节相符。");
    if (vouched)
        say(check, "certificate", CEL_VERDICT_PROVEN,
            "A lab whose root you named vouches for everybody who signed, at that position.",
            "所有签名人均由您指定的实验室根证书认证,且在该位置有效。");
    else
        say(check, "certificate", CEL_VERDICT_NOT_PROVEN,
            check->trust != NULL ? "The roots you named do not vouch for everybody who signed."
                                 : "No root certificate of the lab was given another way.",
            check->trust != NULL ? "您指定的根证书未认证全部签名人。"
                                 : "未另行提供该实验室的根证书。");
}

static gboolean proof_of(Check *check, const CelLedgerEntry *entry, CelProof *out)
{
    g_autofree char *name = g_strdup_printf("proofs/%06" G_GUINT64_FORMAT ".json", entry->seq);
    GBytes *bytes = cel_bundle_get(check->files, name);
    return bytes != NULL && cel_proof_read(bytes, out, NULL) && out->seq == entry->seq &&
           out->size == check->about->size &&
           strcmp(out->ledger_id, check->about->ledger_id) == 0 &&
           cel_proof_holds(out, entry->record);
}

/* Every event stands in one and the same tree. */
static gboolean check_places(Check *check)
{
    for (guint i = 0; i < check->events->len; i++) {
        const CelLedgerEntry *entry = g_ptr_array_index(check->events, i);
        CelProof proof = {.seq = 0};
        const gboolean holds = proof_of(check, entry, &proof);
        if (holds && i == 0)
            memcpy(check->root, proof.root, sizeof check->root);
        if (!holds || memcmp(check->root, proof.root, sizeof check->root) != 0) {
            g_autofree char *name = g_strdup_printf("event %" G_GUINT64_FORMAT, entry->seq);
            contradict(check, "place", name, "its place in the ledger's tree does not hold",
                       "在台账树中的位置不成立");
            return FALSE;
        }
    }
    say(check, "place", CEL_VERDICT_PROVEN, "Every event stands in one tree of the ledger.",
        "每条记录都在台账的同一棵树中。");
    return TRUE;
}

/* ---- the head ---- */

static gboolean head_signed(Check *check, GBytes *record, guint *out_n)
{
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        g_autofree char *sig = g_strdup_printf("head.%s.sig", cel_signer_name(s));
        g_autofree char *cer = g_strdup_printf("head.%s.cer", cel_signer_name(s));
        GBytes *signature = cel_bundle_get(check->files, sig);
        GBytes *certificate = cel_bundle_get(check->files, cer);
        if (signature == NULL && certificate == NULL)
            continue;
        CelCertificate about = {0};
        if (signature == NULL || certificate == NULL ||
            !cel_signature_verify(s, certificate, record, signature, &about, NULL))
            return FALSE;
        const gboolean ledger = about.role == CEL_ROLE_LEDGER;
        cel_certificate_clear(&about);
        *out_n += ledger ? 1 : 0;
        if (!ledger)
            return FALSE;
    }
    return TRUE;
}

static void check_head(Check *check)
{
    GBytes *record = cel_bundle_get(check->files, "head.json");
    CelHead head;
    guint n = 0;
    if (record == NULL) {
        say(check, "head", CEL_VERDICT_NOT_PROVEN,
            "The bundle holds no signed head: only the lab's word stands for the tree.",
            "案卷包中没有签名的台账树头。");
        return;
    }
    const gboolean good = cel_head_read(record, &head, NULL) && head.size == check->about->size &&
                          strcmp(head.ledger_id, check->about->ledger_id) == 0 &&
                          memcmp(head.root, check->root, sizeof check->root) == 0 &&
                          head_signed(check, record, &n);
    if (!good || n == 0)
        contradict(check, "head", "head.json", "is not the signed head of this tree",
                   "不是该台账树的签名树头");
    else
        say(check, "head", CEL_VERDICT_PROVEN, "The ledger's key signed the head of this tree.",
            "台账密钥已对该树头签名。");
}

/* ---- sealed files ---- */

/* The digests that the ledger's "verify" event gave to the file @fid; NULL when it was not
 * completed. */
static JsonObject *completion_of(Check *check, const char *fid)
{
    for (guint i = 0; i < check->records->len; i++) {
        JsonObject *event = json_node_get_object(g_ptr_array_index(check->records, i));
        if (strcmp(cel_row_text(event, "act"), "verify") == 0 &&
            strcmp(cel_row_text(event, "fid"), fid) == 0 && cel_row_number(event, "refers") > 0)
            return event;
    }
    return NULL;
}

static gboolean verify_one(Check *check, JsonObject *event, GBytes *bytes, const char *path,
                           GError **error)
{
    g_autoptr(GPtrArray) lines = NULL;
    CelDigestPair digests = {{0}, {0}};
    JsonObject *file =
        json_object_has_member(event, "file") ? json_object_get_object_member(event, "file") : NULL;
    g_strlcpy(digests.sha256, cel_row_text(file, "sha256"), sizeof digests.sha256);
    g_strlcpy(digests.sm3, cel_row_text(file, "sm3"), sizeof digests.sm3);
    const CelVerifyOptions options = {.trust = check->trust,
                                      .expect_case = cel_row_text(event, "case"),
                                      .expect_exhibit = cel_row_text(event, "item"),
                                      .expect_fid = cel_row_text(event, "fid"),
                                      .expect_file = &digests};
    gsize n = 0;
    const void *data = g_bytes_get_data(bytes, &n);
    if (!g_file_set_contents(path, data, (gssize)n, error) ||
        !cel_verify(path, &options, &lines, check->job, error))
        return FALSE;
    for (guint i = 0; i < lines->len; i++) {
        const CelVerdictLine *line = g_ptr_array_index(lines, i);
        if (line->state == CEL_VERDICT_CONTRADICTED)
            cel_verdict_say(
                check->lines, "file", CEL_VERDICT_CONTRADICTED,
                g_strdup_printf("%s %s: %s", cel_row_text(event, "fid"), line->id, line->text_en),
                g_strdup_printf("%s %s:%s", cel_row_text(event, "fid"), line->id, line->text_zh));
    }
    return TRUE;
}

/* A sealed file is read from disk by the verification: in a folder of its own, gone afterwards. */
static gboolean verify_bytes(Check *check, JsonObject *event, GBytes *bytes, GError **error)
{
    g_autofree char *folder = g_dir_make_tmp("celadon-bundle-XXXXXX", error);
    if (folder == NULL)
        return FALSE;
    g_autofree char *path = g_build_filename(folder, "file.cel.h5", NULL);
    g_autoptr(GError) failure = NULL;
    const gboolean ok = verify_one(check, event, bytes, path, &failure);
    g_unlink(path);
    g_rmdir(folder);
    if (!ok && g_error_matches(failure, CEL_ERROR, CEL_ERROR_INPUT)) {
        contradict(check, "file", cel_row_text(event, "fid"), "is no sealed file", "不是封存文件");
        return TRUE;
    }
    if (!ok)
        g_propagate_error(error, g_steal_pointer(&failure));
    return ok;
}

/* Every file that the ledger knows as complete is there and is that file; no other one is. */
static gboolean check_files(Check *check, GError **error)
{
    g_autoptr(GPtrArray) names = cel_bundle_names(check->files);
    guint n = 0, wanted = 0;
    for (guint i = 0; i < check->records->len; i++) {
        JsonObject *event = json_node_get_object(g_ptr_array_index(check->records, i));
        const char *fid = cel_row_text(event, "fid");
        if (strcmp(cel_row_text(event, "act"), "seal") != 0 || *fid == '\0' ||
            completion_of(check, fid) == NULL)
            continue;
        wanted++;
        g_autofree char *name = g_strdup_printf("files/%s.cel.h5", fid);
        GBytes *bytes = cel_bundle_get(check->files, name);
        if (bytes == NULL)
            contradict(check, "files", fid, "the ledger has this sealed file, the bundle has not",
                       "台账中有此封存文件,案卷包中没有");
        else if (!verify_bytes(check, completion_of(check, fid), bytes, error))
            return FALSE;
    }
    for (guint i = 0; i < names->len; i++)
        n += g_str_has_prefix(g_ptr_array_index(names, i), "files/") ? 1 : 0;
    check->about->n_files = n;
    if (n != wanted)
        contradict(check, "files", "files/", "holds another number of sealed files than the ledger",
                   "封存文件数与台账不符");
    if (cel_verdict_find(check->lines, "files") == NULL &&
        cel_verdict_find(check->lines, "file") == NULL)
        say(check, "files", CEL_VERDICT_PROVEN,
            "Every sealed file of the case is there, and is the one that the ledger names.",
            "案件的全部封存文件均在,且与台账所记一致。");
    return TRUE;
}

/* ---- photos, raw measurements, papers: their names are their digests ---- */

static void check_things(Check *check)
{
    static const char *const folders[] = {"photos/", "raw/", "papers/"};
    g_autoptr(GPtrArray) names = cel_bundle_names(check->files);
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        for (gsize f = 0; f < G_N_ELEMENTS(folders); f++) {
            gsize n = 0;
            const void *data = g_bytes_get_data(cel_bundle_get(check->files, name), &n);
            if (!g_str_has_prefix(name, folders[f]))
                continue;
            g_autofree char *digest = cel_digest_hex("sha256", data, n);
            if (strcmp(digest, name + strlen(folders[f])) != 0) {
                contradict(check, "things", name, "is not the file of that digest",
                           "与其摘要值不符");
                return;
            }
        }
    }
    say(check, "things", CEL_VERDICT_PROVEN,
        "Photos, raw measurements and papers are those of their digests.",
        "照片、原始测量和文书均与其摘要值相符。");
}

static void unref_node(gpointer node)
{
    json_node_unref(node);
}

gboolean cel_bundle_check(const CelBundleFiles *files, const CelTrust *trust,
                          CelBundleAbout *out_about, GPtrArray **out_lines, CelJob *job,
                          GError **error)
{
    *out_about = (CelBundleAbout){0};
    g_auto(Check) check = {.files = files, .trust = trust, .about = out_about, .job = job};
    check.lines = cel_verdict_new();
    check.events = g_ptr_array_new_with_free_func((GDestroyNotify)cel_ledger_entry_free);
    check.records = g_ptr_array_new_with_free_func(unref_node);
    if (!read_about(&check, error))
        return FALSE;
    check_manifests(&check);
    if (!read_events(&check))
        contradict(&check, "custody", "custody.jsonl", "is no list of this ledger's events",
                   "不是该台账的记录列表");
    else {
        check_signatures(&check);
        if (check_places(&check))
            check_head(&check);
    }
    out_about->n_events = check.events->len;
    if (!check_files(&check, error))
        return FALSE;
    check_things(&check);
    *out_lines = g_steal_pointer(&check.lines);
    return TRUE;
}

/* ---- taking it over ---- */

static JsonObject *lines_of(const GPtrArray *lines)
{
    JsonObject *out = json_object_new();
    for (guint i = 0; i < lines->len; i++) {
        const CelVerdictLine *line = g_ptr_array_index(lines, i);
        json_object_set_string_member(out, line->id, cel_verdict_state_name(line->state));
    }
    return out;
}

static gboolean record_import(CelLab *lab, const CelBundleAbout *about, const GPtrArray *lines,
                              GError **error)
{
    g_autoptr(JsonObject) data = json_object_new();
    json_object_set_string_member(data, "verdict", "intact");
    json_object_set_string_member(data, "bundle", about->digest);
    json_object_set_string_member(data, "label", about->case_id);
    json_object_set_object_member(data, "lines", lines_of(lines));
    const CelEventRequest request = {
        .act = CEL_ACT_VERIFY, .data = data, .clock = cel_clock_system()};
    return cel_lab_record(lab, &request, NULL, NULL, error);
}

gboolean cel_bundle_accept(CelLab *lab, const CelBundleFiles *files, const CelBundleAbout *about,
                           const GPtrArray *lines, CelJob *job, GError **error)
{
    if (cel_verdict_any_contradicted(lines)) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_POLICY,
                            _("The bundle contradicts itself; nothing was taken over"));
        return FALSE;
    }
    if (about->training != cel_lab_is_training(lab)) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_POLICY,
                            about->training ? _("A training case does not come into a true lab")
                                            : _("A true case does not come into a training lab"));
        return FALSE;
    }
    g_autofree char *path = cel_lab_path(lab, CEL_LAB_IMPORTS, about->digest);
    if (g_file_test(path, G_FILE_TEST_IS_DIR))
        return TRUE;
    return record_import(lab, about, lines, error) &&
           cel_bundle_write_folder(files, path, job, error);
}
