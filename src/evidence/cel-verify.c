/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "base/cel-file.h"
#include "evidence/cel-manifest.h"
#include "evidence/cel-record.h"
#include "evidence/cel-seal-tree.h"
#include "h5/cel-digest.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Everything one verification knows. The texts of a line stand in both languages here and not in
 * the catalogue, because a paper may need both at once. */
typedef struct {
    const CelH5Node *root;
    char *manifest;      /* as stored, NULL when it is missing or no text */
    CelManifest *stored; /* likewise */
    CelManifest *found;  /* of the whole file, as recomputed */
    CelCustody custody;
    JsonNode *record_node;
    JsonObject *record; /* NULL when not usable */
    char *record_problem;
    GPtrArray *lines;
} Check;

void cel_verdict_line_free(CelVerdictLine *line)
{
    if (line == NULL)
        return;
    g_free(line->text_en);
    g_free(line->text_zh);
    g_free(line);
}

static void free_line(gpointer line)
{
    cel_verdict_line_free(line);
}

const char *cel_verdict_state_name(CelVerdictState state)
{
    static const char *const names[] = { "proven", "contradicted", "not-proven" };
    return (guint)state < G_N_ELEMENTS(names) ? names[state] : "not-proven";
}

gboolean cel_verdict_any_contradicted(const GPtrArray *lines)
{
    for (guint i = 0; i < lines->len; i++) {
        const CelVerdictLine *line = g_ptr_array_index(lines, i);
        if (line->state == CEL_VERDICT_CONTRADICTED)
            return TRUE;
    }
    return FALSE;
}

/* @en, @zh: (transfer full) */
static void say(Check *check, const char *id, CelVerdictState state, char *en, char *zh)
{
    CelVerdictLine *line = g_new0(CelVerdictLine, 1);
    *line = (CelVerdictLine){ .id = id, .state = state, .text_en = en, .text_zh = zh };
    g_ptr_array_add(check->lines, line);
}

static void say_plain(Check *check, const char *id, CelVerdictState state, const char *en,
                      const char *zh)
{
    say(check, id, state, g_strdup(en), g_strdup(zh));
}

/* ---- structure ---- */

static char *first_missing_path(const Check *check)
{
    static const char *const needed[] = {
        "/entry/instrument", "/entry/sample/name", "/entry/data", "/entry/experiment_type",
        CEL_PATH_ANSWER, CEL_PATH_RECIPE, "/celadon/result/outcome", "/celadon/fid",
        "/celadon/case", "/celadon/exhibit", CEL_PATH_MANIFEST, CEL_PATH_RECORD "/record",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(needed); i++)
        if (cel_h5_find(check->root, needed[i]) == NULL)
            return g_strdup(needed[i]);
    g_autofree char *definition = cel_h5_get_text(check->root, "/entry/definition", NULL);
    if (g_strcmp0(definition, "NXraman") != 0)
        return g_strdup("/entry/definition");
    const gint64 n = cel_record_number(check->record, "n_measurements");
    for (gint64 i = 1; i < MIN(n, CEL_SEAL_MAX_MEASUREMENTS); i++) {
        g_autofree char *path = cel_measurement_group((gsize)i);
        if (cel_h5_find(check->root, path) == NULL)
            return g_steal_pointer(&path);
    }
    return NULL;
}

static void check_structure(Check *check)
{
    g_autofree char *missing = first_missing_path(check);
    if (missing == NULL)
        say_plain(check, "structure", CEL_VERDICT_PROVEN,
                  "The file is a NeXus NXraman measurement with the parts a sealed file needs",
                  "文件为 NeXus NXraman 测量文件,封存文件应有的组成部分齐全");
    else
        say(check, "structure", CEL_VERDICT_CONTRADICTED,
            g_strdup_printf("A part that a sealed file needs is missing or wrong: %s", missing),
            g_strdup_printf("封存文件应有的组成部分缺失或不符:%s", missing));
}

/* ---- manifest against content ---- */

static void check_content(Check *check, const char *id, const char *name, const char *algorithm)
{
    g_autofree char *differs =
        check->stored != NULL
            ? cel_manifest_missing(check->stored, check->found, algorithm, TRUE)
            : g_strdup(CEL_PATH_MANIFEST);
    if (differs == NULL)
        say(check, id, CEL_VERDICT_PROVEN,
            g_strdup_printf("Every dataset and attribute has the %s digest that the manifest "
                            "states",
                            name),
            g_strdup_printf("全部数据集和属性的 %s 摘要值与清单所载一致", name));
    else
        say(check, id, CEL_VERDICT_CONTRADICTED,
            g_strdup_printf("The content differs from the manifest (%s), first at %s", name,
                            differs),
            g_strdup_printf("内容与清单(%s)不一致,首处不一致:%s", name, differs));
}

/* Outside the manifest only itself and custody may stand, and these only as they are written: what
 * the bytes there would look like when written again must be what is there. */
static CelManifest *expected_outside(const Check *check)
{
    g_autoptr(CelH5Node) tree = cel_h5_tree_new();
    CelH5Node *celadon = cel_h5_group(tree, "celadon", NULL);
    if (check->manifest != NULL)
        cel_h5_put_bytes(celadon, "manifest", check->manifest, strlen(check->manifest));
    cel_custody_put(tree, &check->custody);
    g_autofree char *text = cel_digest_manifest(tree, NULL);
    return cel_manifest_parse(text);
}

static char *first_difference_outside(const Check *check)
{
    static const char *const outside[] = { CEL_PATH_MANIFEST, CEL_PATH_CUSTODY };
    g_autoptr(CelManifest) expected = expected_outside(check);
    for (gsize i = 0; i < G_N_ELEMENTS(outside); i++) {
        g_autoptr(CelManifest) is = cel_manifest_below(check->found, outside[i]);
        g_autoptr(CelManifest) shall = cel_manifest_below(expected, outside[i]);
        char *differs = cel_manifest_missing(is, shall, NULL, TRUE);
        if (differs == NULL)
            differs = cel_manifest_missing(shall, is, NULL, TRUE);
        if (differs != NULL)
            return differs;
    }
    return NULL;
}

/* The first path of the file that neither the manifest lists nor custody explains. */
static char *first_unlisted(const Check *check)
{
    for (guint i = 0; i < check->found->keys->len; i++) {
        const char *key = g_ptr_array_index(check->found->keys, i), *path = strchr(key, ' ') + 1;
        if (!cel_manifest_is_below(path, CEL_PATH_MANIFEST) &&
            !cel_manifest_is_below(path, CEL_PATH_CUSTODY) &&
            !g_hash_table_contains(check->stored->by_key, key))
            return g_strdup(path);
    }
    return NULL;
}

static void check_unlisted(Check *check)
{
    g_autofree char *extra = check->stored != NULL ? first_unlisted(check) : g_strdup("/");
    if (extra == NULL)
        extra = first_difference_outside(check);
    if (extra == NULL)
        say_plain(check, "unlisted", CEL_VERDICT_PROVEN,
                  "The file holds no object, attribute or link that the manifest does not list",
                  "文件中没有清单未列出的对象、属性或链接");
    else
        say(check, "unlisted", CEL_VERDICT_CONTRADICTED,
            g_strdup_printf("The file holds something that was not sealed: %s", extra),
            g_strdup_printf("文件中存在未经封存的内容:%s", extra));
}

/* ---- record ---- */

static gboolean digests_match(JsonObject *record, const char *member, const void *data, gsize n)
{
    g_autofree char *sha256 = cel_digest_hex("sha256", data, n);
    g_autofree char *sm3 = cel_digest_hex("sm3", data, n);
    g_autofree char *sha256_path = g_strconcat(member, "/sha256", NULL);
    g_autofree char *sm3_path = g_strconcat(member, "/sm3", NULL);
    return g_strcmp0(cel_record_text(record, sha256_path), sha256) == 0 &&
           g_strcmp0(cel_record_text(record, sm3_path), sm3) == 0;
}

static void check_manifest(Check *check)
{
    if (check->record != NULL && check->stored != NULL && check->stored->well_formed &&
        digests_match(check->record, "manifest", check->manifest, strlen(check->manifest)))
        say_plain(check, "manifest", CEL_VERDICT_PROVEN,
                  "The manifest has the SHA-256 and SM3 digests that the signed record states",
                  "清单的 SHA-256 和 SM3 摘要值与已签名记录所载一致");
    else
        say_plain(check, "manifest", CEL_VERDICT_CONTRADICTED,
                  "The manifest is not the one that the signed record states",
                  "清单与已签名记录所载的清单不一致");
}

/* The record repeats what the file says of itself; a difference means one of them was exchanged. */
static const char *disagreement(const Check *check)
{
    static const char *const pairs[][2] = {
        { "fid", "/celadon/fid" },
        { "case", "/celadon/case" },
        { "item", "/celadon/exhibit" },
        { "outcome", "/celadon/result/outcome" },
        { "op/name", "/entry/operator/name" },
        { "op/id", "/entry/operator/facility_user_id" },
    };
    static const char *const marks[] = { "training", "simulated" };
    for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
        g_autofree char *text = cel_h5_get_text(check->root, pairs[i][1], NULL);
        if (g_strcmp0(text, cel_record_text(check->record, pairs[i][0])) != 0)
            return pairs[i][1];
    }
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++) {
        g_autofree char *path = g_strconcat("/celadon/", marks[i], NULL);
        gsize n = 0;
        g_autofree double *value = cel_h5_get_f64(check->root, path, &n, NULL);
        const gboolean set = json_object_get_boolean_member(check->record, marks[i]);
        if (value == NULL || n != 1 || (value[0] > 0.0) != set)
            return marks[i];
    }
    return NULL;
}

static void check_record(Check *check)
{
    const char *differs = check->record != NULL ? disagreement(check) : NULL;
    if (check->record == NULL)
        say(check, "record", CEL_VERDICT_CONTRADICTED,
            g_strdup_printf("The custody record is missing or not usable (%s)",
                            check->record_problem),
            g_strdup_printf("保管链记录缺失或无法使用(%s)", check->record_problem));
    else if (differs != NULL)
        say(check, "record", CEL_VERDICT_CONTRADICTED,
            g_strdup_printf("The custody record states something else than the file: %s", differs),
            g_strdup_printf("保管链记录与文件内容不一致:%s", differs));
    else
        say(check, "record", CEL_VERDICT_PROVEN,
            g_strdup_printf("The custody record is in canonical form and starts the chain of file "
                            "%s: case %s, exhibit %s",
                            cel_record_text(check->record, "fid"),
                            cel_record_text(check->record, "case"),
                            cel_record_text(check->record, "item")),
            g_strdup_printf("保管链记录为规范格式,是文件 %s 的首条记录:案件编号 %s,检材编号 %s",
                            cel_record_text(check->record, "fid"),
                            cel_record_text(check->record, "case"),
                            cel_record_text(check->record, "item")));
}

/* ---- signatures and certificates ---- */

static void check_signature(Check *check, CelSigner signer, const CelCertificate *about)
{
    static const char *const ids[CEL_N_SIGNERS] = { "signature.sm2", "signature.ed25519" };
    static const char *const shown[CEL_N_SIGNERS] = { "SM2 (SM3)", "Ed25519" };
    const CelCustody *custody = &check->custody;
    g_autoptr(GError) why = NULL;
    const gboolean there = custody->record != NULL && custody->signatures[signer] != NULL &&
                           custody->certificates[signer] != NULL;
    if (there &&
        cel_signature_verify(signer, custody->certificates[signer], custody->record,
                             custody->signatures[signer], NULL, &why) &&
        about->person != NULL)
        say(check, ids[signer], CEL_VERDICT_PROVEN,
            g_strdup_printf("The record is signed (%s) with the key of the certificate that names "
                            "%s",
                            shown[signer], about->person),
            g_strdup_printf("记录的数字签名(%s)有效,签名密钥所属证书载明姓名:%s",
                            shown[signer], about->person));
    else
        say(check, ids[signer], CEL_VERDICT_CONTRADICTED,
            g_strdup_printf("The %s signature of the record does not verify (%s)", shown[signer],
                            why != NULL ? why->message : "missing"),
            g_strdup_printf("记录的 %s 数字签名验证不通过(%s)", shown[signer],
                            why != NULL ? why->message : "缺失"));
}

static gboolean certificate_fits(const Check *check, CelSigner signer, const CelCertificate *about)
{
    static const char *const members[CEL_N_SIGNERS] = { "op/cert_sm2", "op/cert_ed25519" };
    gsize n = 0;
    if (about->person == NULL || check->record == NULL)
        return FALSE;
    const void *der = g_bytes_get_data(check->custody.certificates[signer], &n);
    return digests_match(check->record, members[signer], der, n) &&
           g_strcmp0(about->person, cel_record_text(check->record, "op/name")) == 0 &&
           about->training == json_object_get_boolean_member(check->record, "training");
}

static gboolean valid_when_sealed(const Check *check, const CelCertificate *about)
{
    const gint64 sealed_us = json_object_get_int_member(check->record, "t_wall_us");
    /* Certificates count whole seconds and may be made in the second of the seal. */
    return sealed_us >= about->not_before_us - G_USEC_PER_SEC && sealed_us <= about->not_after_us;
}

static void say_self_signed(Check *check, const CelCertificate *about)
{
    gsize n = 0;
    const void *der = g_bytes_get_data(check->custody.certificates[CEL_SIGN_SM2], &n);
    g_autofree char *print = cel_digest_hex("sha256", der, n);
    const gboolean in_time = valid_when_sealed(check, about);
    say(check, "certificate", CEL_VERDICT_NOT_PROVEN,
        g_strdup_printf("Who %s is, is not proven: the certificates are self-signed and no "
                        "laboratory's root certificate is known here. Compare the SM2 "
                        "certificate's SHA-256 fingerprint %s with the laboratory.%s",
                        about->person, print,
                        in_time ? "" : " The stated time lies outside the certificate's validity."),
        g_strdup_printf("签名人身份未获证明:%s 的证书为自签名证书,此处没有实验室根证书。"
                        "请通过其他途径向实验室核对 SM2 证书的 SHA-256 指纹:%s。%s",
                        about->person, print,
                        in_time ? "" : "记录所载时间不在证书有效期内。"));
}

static void check_signers(Check *check)
{
    CelCertificate about[CEL_N_SIGNERS] = { { 0 }, { 0 } };
    gboolean fits = TRUE;
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        if (check->custody.certificates[s] != NULL)
            cel_certificate_inspect(s, check->custody.certificates[s], &about[s], NULL);
        check_signature(check, s, &about[s]);
    }
    for (guint s = 0; s < CEL_N_SIGNERS; s++)
        fits = fits && certificate_fits(check, s, &about[s]);
    if (fits)
        say_self_signed(check, &about[CEL_SIGN_SM2]);
    else
        say_plain(check, "certificate", CEL_VERDICT_CONTRADICTED,
                  "The certificates are not those of the operator whom the record names",
                  "证书与记录所载操作人员的证书不一致");
    for (guint s = 0; s < CEL_N_SIGNERS; s++)
        cel_certificate_clear(&about[s]);
}

/* ---- what this file alone cannot prove ---- */

static void say_limits(Check *check)
{
    const char *time = check->record != NULL ? cel_record_text(check->record, "t_wall") : NULL;
    if (check->record != NULL && json_object_get_boolean_member(check->record, "training"))
        say_plain(check, "training", CEL_VERDICT_NOT_PROVEN,
                  "This is a training record of training or simulated data: it is no evidence",
                  "本文件为模拟/培训记录,不得作为证据");
    say(check, "time", CEL_VERDICT_NOT_PROVEN,
        g_strdup_printf("The time of sealing (%s by the computer's own clock) is not proven: the "
                        "file holds no trusted time stamp",
                        time != NULL ? time : "not readable"),
        g_strdup_printf("封存时间未获证明:文件中没有可信时间戳,所载时间(%s)仅来自本机时钟",
                        time != NULL ? time : "无法读取"));
    say_plain(check, "ledger", CEL_VERDICT_NOT_PROVEN,
              "No ledger entry proves that this is the file's only and latest version",
              "没有存证台账记录,无法证明本文件是唯一且最新的版本");
    say_plain(check, "replay", CEL_VERDICT_NOT_PROVEN,
              "Processing and result were not recomputed here: this version does not do that",
              "此处未由原始数据重新计算处理过程和结果:本版本不具备此功能");
}

/* ---- the whole ---- */

static void read_parts(Check *check)
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
    g_autoptr(GError) why = NULL;
    if (check->custody.record != NULL)
        check->record_node = cel_record_read(check->custody.record, &why);
    if (check->record_node != NULL)
        check->record = json_node_get_object(check->record_node);
    else
        check->record_problem = g_strdup(why != NULL ? why->message : "missing");
}

static void clear_parts(Check *check)
{
    g_free(check->manifest);
    cel_manifest_free(check->stored);
    cel_manifest_free(check->found);
    cel_custody_clear(&check->custody);
    g_clear_pointer(&check->record_node, json_node_unref);
    g_free(check->record_problem);
}

static void check_all(Check *check)
{
    check_structure(check);
    check_content(check, "content.sha256", "SHA-256", "sha256 ");
    check_content(check, "content.sm3", "SM3", "sm3 ");
    check_unlisted(check);
    check_manifest(check);
    check_record(check);
    check_signers(check);
    say_limits(check);
}

gboolean cel_verify(const char *path, GPtrArray **out_lines, CelJob *job, GError **error)
{
    g_autoptr(GBytes) bytes = cel_file_read(path, CEL_SEAL_MAX_BYTES, error);
    if (bytes == NULL)
        return FALSE;
    g_autoptr(CelH5Node) root = cel_h5_read_image(bytes, path, job, error);
    if (root == NULL)
        return FALSE;
    if (cel_h5_find(root, CEL_PATH_MANIFEST) == NULL &&
        cel_h5_find(root, CEL_PATH_CUSTODY) == NULL) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("%s: this is not a file sealed by celadon; there is nothing to verify"),
                    path);
        return FALSE;
    }
    Check check = { .root = root, .lines = g_ptr_array_new_with_free_func(free_line) };
    read_parts(&check);
    check_all(&check);
    clear_parts(&check);
    *out_lines = check.lines;
    return TRUE;
}
