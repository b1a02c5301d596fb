/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "base/cel-file.h"
#include "evidence/cel-verify-private.h"
#include "h5/cel-digest.h"

#include <glib/gi18n-lib.h>
#include <string.h>

void cel_check_say(CelCheck *check, const char *id, CelVerdictState state, char *en, char *zh)
{
    cel_verdict_say(check->lines, id, state, en, zh);
}

void cel_check_plain(CelCheck *check, const char *id, CelVerdictState state, const char *en,
                     const char *zh)
{
    cel_verdict_say(check->lines, id, state, g_strdup(en), g_strdup(zh));
}

gboolean cel_check_digests(JsonObject *record, const char *member, GBytes *bytes)
{
    gsize n = 0;
    const void *data = bytes != NULL ? g_bytes_get_data(bytes, &n) : NULL;
    const CelDigestPair digests = cel_digest_pair(data, n);
    g_autofree char *sha256 = g_strconcat(member, "/sha256", NULL);
    g_autofree char *sm3 = g_strconcat(member, "/sm3", NULL);
    return bytes != NULL && g_strcmp0(cel_record_text(record, sha256), digests.sha256) == 0 &&
           g_strcmp0(cel_record_text(record, sm3), digests.sm3) == 0;
}

static void say_training(CelCheck *check)
{
    if (check->record != NULL && cel_record_truth(check->record, "training"))
        cel_check_plain(check, "training", CEL_VERDICT_NOT_PROVEN,
                        "This is a training record of training or simulated data: it is no "
                        "evidence",
                        "本文件为模拟/培训记录,不得作为证据");
}

static void say_replay(CelCheck *check)
{
    cel_check_plain(check, "replay", CEL_VERDICT_NOT_PROVEN,
                    "Processing and result were not recomputed here (see \"celadon replay\")",
                    "此处未由原始数据重新计算处理过程和结果(可使用 celadon replay)");
}

/* THE list of checks, in the order of their lines. */
static void (*const checks[])(CelCheck *check) = {
    cel_check_structure, cel_check_content, cel_check_unlisted,   cel_check_manifest,
    cel_check_file,      cel_check_record,  cel_check_signatures, cel_check_certificate,
    say_training,        cel_check_time,    cel_check_ledger,     cel_check_identity,
    say_replay,
};

static void read_record(CelCheck *check)
{
    g_autoptr(GError) why = NULL;
    GBytes *record = check->custody.parts[CEL_PART_RECORD];
    if (record != NULL)
        check->record_node = cel_record_read(record, &why);
    if (check->record_node != NULL)
        check->record = json_node_get_object(check->record_node);
    else
        check->record_problem = g_strdup(why != NULL ? why->message : "missing");
}

static void read_parts(CelCheck *check)
{
    GBytes *manifest = cel_sealed_bytes(check->root, CEL_PATH_MANIFEST);
    gsize n = 0;
    const char *text = manifest != NULL ? g_bytes_get_data(manifest, &n) : NULL;
    if (text != NULL && g_utf8_validate_len(text, n, NULL)) {
        check->manifest = g_strndup(text, n);
        check->stored = cel_manifest_parse(check->manifest);
    }
    g_autofree char *found = cel_digest_manifest(check->root, NULL);
    check->found = cel_manifest_parse(found);
    cel_custody_get(check->root, &check->custody);
    read_record(check);
    for (guint s = 0; s < CEL_N_SIGNERS; s++)
        if (check->custody.parts[CEL_PART_CERTIFICATE + s] != NULL)
            cel_certificate_inspect(s, check->custody.parts[CEL_PART_CERTIFICATE + s],
                                    &check->about[s], NULL);
    cel_check_place(check);
}

static void clear_parts(CelCheck *check)
{
    g_free(check->manifest);
    cel_manifest_free(check->stored);
    cel_manifest_free(check->found);
    cel_custody_clear(&check->custody);
    g_clear_pointer(&check->record_node, json_node_unref);
    g_free(check->record_problem);
    for (guint s = 0; s < CEL_N_SIGNERS; s++)
        cel_certificate_clear(&check->about[s]);
}

static gboolean is_sealed(const CelH5Node *root)
{
    return cel_h5_find(root, CEL_PATH_MANIFEST) != NULL ||
           cel_h5_find(root, CEL_PATH_CUSTODY) != NULL;
}

/* A sealed file to which something was added that cannot stand in one (a link, a user block) is
 * refused by the reader; it is judged all the same, so that the addition is named.
 * @out_refusal: (transfer full): set then. */
static CelH5Node *read_file(GBytes *bytes, const char *path, GError **out_refusal, CelJob *job,
                            GError **error)
{
    g_autoptr(GError) refusal = NULL;
    g_autoptr(CelH5Node) root = cel_h5_read_image(bytes, path, job, &refusal);
    if (root != NULL && is_sealed(root))
        return g_steal_pointer(&root);
    if (root != NULL) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("%s: this is not a file sealed by celadon; there is nothing to verify"),
                    path);
        return NULL;
    }
    if (g_error_matches(refusal, CEL_ERROR, CEL_ERROR_INPUT))
        root = cel_h5_read_suspect(bytes, path, NULL);
    if (root != NULL && is_sealed(root)) {
        *out_refusal = g_steal_pointer(&refusal);
        return g_steal_pointer(&root);
    }
    g_propagate_error(error, g_steal_pointer(&refusal));
    return NULL;
}

CelH5Node *cel_verify_read(const char *path, const CelVerifyOptions *options, GPtrArray **out_lines,
                           CelJob *job, GError **error)
{
    static const CelVerifyOptions nothing = {.trust = NULL};
    g_autoptr(GError) refusal = NULL;
    g_autoptr(GBytes) bytes = cel_file_read(path, CEL_SEAL_MAX_BYTES, error);
    if (bytes == NULL)
        return NULL;
    g_autoptr(CelH5Node) root = read_file(bytes, path, &refusal, job, error);
    if (root == NULL)
        return NULL;
    CelCheck check = {.options = options != NULL ? options : &nothing,
                      .bytes = bytes,
                      .root = root,
                      .refused = refusal != NULL ? refusal->message : NULL,
                      .lines = cel_verdict_new()};
    read_parts(&check);
    for (gsize i = 0; i < G_N_ELEMENTS(checks); i++)
        checks[i](&check);
    clear_parts(&check);
    *out_lines = check.lines;
    return g_steal_pointer(&root);
}

gboolean cel_verify(const char *path, const CelVerifyOptions *options, GPtrArray **out_lines,
                    CelJob *job, GError **error)
{
    g_autoptr(CelH5Node) root = cel_verify_read(path, options, out_lines, job, error);
    return root != NULL;
}
