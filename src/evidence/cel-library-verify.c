/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-library-sign.h"

#include "base/cel-error.h"
#include "base/cel-file.h"
#include "evidence/cel-verdict.h"

#include <string.h>

/** Check: what the lines are made from. */
typedef struct {
    const CelLibraryCheck *asked;
    CelLibrary *library; /* NULL: cannot be opened */
    char *library_problem;
    CelDigestPair file;
    CelLibrarySignature *signature; /* NULL: does not hold */
    char *signature_problem;
    CelLibrary *previous; /* NULL: not at hand */
    GPtrArray *lines;
} Check;

static void check_clear(Check *check)
{
    cel_library_free(check->library);
    cel_library_free(check->previous);
    cel_library_signature_free(check->signature);
    g_free(check->library_problem);
    g_free(check->signature_problem);
    g_clear_pointer(&check->lines, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Check, check_clear)

static void say(Check *check, const char *id, CelVerdictState state, char *en, char *zh)
{
    cel_verdict_say(check->lines, id, state, en, zh);
}

static void check_content(Check *check)
{
    if (check->library == NULL)
        say(check, "library.content", CEL_VERDICT_CONTRADICTED,
            g_strdup_printf("The library is not sound: %s", check->library_problem),
            g_strdup_printf("谱库不完好:%s", check->library_problem));
    else
        say(check, "library.content", CEL_VERDICT_PROVEN,
            g_strdup_printf("The content of the library has the digest that its file states: %s",
                            cel_library_sha256(check->library)),
            g_strdup_printf("谱库内容与文件所载摘要值一致:%s", cel_library_sha256(check->library)));
}

/* Returns: FALSE when there is no signature to ask; then the line says so. */
static gboolean needs_signature(Check *check, const char *id)
{
    if (check->signature != NULL)
        return TRUE;
    say(check, id, CEL_VERDICT_NOT_PROVEN, g_strdup("No sound signature speaks of it"),
        g_strdup("没有有效的数字签名涉及此项"));
    return FALSE;
}

static void check_file(Check *check)
{
    if (!needs_signature(check, "library.file"))
        return;
    const gboolean same = strcmp(check->signature->file_sha256, check->file.sha256) == 0 &&
                          strcmp(check->signature->file_sm3, check->file.sm3) == 0;
    say(check, "library.file", same ? CEL_VERDICT_PROVEN : CEL_VERDICT_CONTRADICTED,
        g_strdup(same ? "Every byte of the file is as signed (SHA-256 and SM3)"
                      : "The bytes of the file are not those that were signed"),
        g_strdup(same ? "文件的每个字节与签名时一致(SHA-256 和 SM3)" : "文件的字节与签名时不一致"));
}

static void check_statement(Check *check)
{
    const CelLibrarySignature *s = check->signature;
    if (!needs_signature(check, "library.statement"))
        return;
    const gboolean same = check->library != NULL &&
                          strcmp(s->sha256, cel_library_sha256(check->library)) == 0 &&
                          strcmp(s->name, cel_library_name(check->library)) == 0 &&
                          strcmp(s->version, cel_library_version(check->library)) == 0;
    if (same)
        say(check, "library.statement", CEL_VERDICT_PROVEN,
            g_strdup_printf("The signature speaks of this content, as %s version %s", s->name,
                            s->version),
            g_strdup_printf("签名所指即此内容:%s,版本 %s", s->name, s->version));
    else
        say(check, "library.statement", CEL_VERDICT_CONTRADICTED,
            g_strdup_printf("The signature speaks of another content: %s version %s, SHA-256 %s",
                            s->name, s->version, s->sha256),
            g_strdup_printf("签名所指为另一内容:%s,版本 %s,SHA-256 %s", s->name, s->version,
                            s->sha256));
}

static void check_signature(Check *check, CelSigner signer)
{
    static const char *const ids[CEL_N_SIGNERS] = {"signature.sm2", "signature.ed25519"};
    static const char *const shown[CEL_N_SIGNERS] = {"SM2 (SM3)", "Ed25519"};
    if (check->signature == NULL)
        say(check, ids[signer], CEL_VERDICT_CONTRADICTED,
            g_strdup_printf("The signature does not verify: %s", check->signature_problem),
            g_strdup_printf("数字签名验证不通过:%s", check->signature_problem));
    else if (check->signature->statement->signatures[signer] == NULL)
        say(check, ids[signer], CEL_VERDICT_NOT_PROVEN,
            g_strdup_printf("It is not signed with %s", shown[signer]),
            g_strdup_printf("未作 %s 签名", shown[signer]));
    else
        say(check, ids[signer], CEL_VERDICT_PROVEN,
            g_strdup_printf("Signed (%s) with the key of the certificate that names %s",
                            shown[signer], check->signature->statement->signer.person),
            g_strdup_printf("数字签名(%s)有效,签名密钥所属证书载明姓名:%s", shown[signer],
                            check->signature->statement->signer.person));
}

static const struct {
    CelVerdictState state;
    const char *en, *zh;
} trust_texts[] = {
    [CEL_TRUST_VOUCHED] = {CEL_VERDICT_PROVEN, "A laboratory that you trust certified this signer",
                           "您信任的实验室已为该签名人颁发证书"},
    [CEL_TRUST_SELF_SIGNED] = {CEL_VERDICT_NOT_PROVEN, "The signer's certificate is self-signed",
                               "签名人证书为自签名"},
    [CEL_TRUST_UNKNOWN_LAB] = {CEL_VERDICT_NOT_PROVEN,
                               "A laboratory whose root was not given certified this signer",
                               "为签名人颁发证书的实验室,其根证书未提供"},
    [CEL_TRUST_REVOKED] = {CEL_VERDICT_CONTRADICTED, "The signer's certificate was taken back",
                           "签名人证书已被撤销"},
    [CEL_TRUST_OUT_OF_TIME] = {CEL_VERDICT_CONTRADICTED,
                               "The signer's certificate was not valid at the stated time",
                               "在所载时间签名人证书不在有效期内"},
    [CEL_TRUST_BROKEN] = {CEL_VERDICT_CONTRADICTED, "The signer's certificate does not verify",
                          "签名人证书验证不通过"},
};

static void check_signer(Check *check)
{
    const gboolean there = needs_signature(check, "certificate");
    if (!needs_signature(check, "role") || !there)
        return;
    const CelTrustState state = cel_statement_judge(
        check->signature->statement, check->asked->trust, 0, check->signature->wall_us);
    const CelRole role = check->signature->statement->signer.role;
    const gboolean vouched = state == CEL_TRUST_VOUCHED;
    say(check, "certificate", trust_texts[state].state, g_strdup(trust_texts[state].en),
        g_strdup(trust_texts[state].zh));
    const CelVerdictState may = !cel_library_may_sign(role)        ? CEL_VERDICT_CONTRADICTED
                                : vouched && role != CEL_ROLE_NONE ? CEL_VERDICT_PROVEN
                                                                   : CEL_VERDICT_NOT_PROVEN;
    say(check, "role", may,
        g_strdup_printf("Role of the signer: %s%s", cel_role_title(role, FALSE),
                        may == CEL_VERDICT_CONTRADICTED ? ": may not sign a library" : ""),
        g_strdup_printf("签名人角色:%s%s", cel_role_title(role, TRUE),
                        may == CEL_VERDICT_CONTRADICTED ? ":无权签署谱库" : ""));
}

static void check_previous(Check *check)
{
    if (!needs_signature(check, "previous"))
        return;
    const char *named = check->signature->previous_sha256;
    const char *here = check->previous != NULL ? cel_library_sha256(check->previous) : NULL;
    const CelVerdictState state = here == NULL                  ? CEL_VERDICT_NOT_PROVEN
                                  : g_strcmp0(named, here) == 0 ? CEL_VERDICT_PROVEN
                                                                : CEL_VERDICT_CONTRADICTED;
    if (state == CEL_VERDICT_CONTRADICTED)
        say(check, "previous", state,
            g_strdup_printf("The version at hand (SHA-256 %s) is not the one it follows (%s)", here,
                            named != NULL ? named : "none named"),
            g_strdup_printf("所提供的版本(SHA-256 %s)不是其前一版本(%s)", here,
                            named != NULL ? named : "未载明"));
    else if (named == NULL)
        say(check, "previous", state, g_strdup("It names no version before"),
            g_strdup("未载明前一版本"));
    else
        say(check, "previous", state,
            g_strdup_printf("It follows version %s, SHA-256 %s%s",
                            check->signature->previous_version, named,
                            here != NULL ? ", which is at hand" : "; that one was not given"),
            g_strdup_printf("前一版本为 %s,SHA-256 %s%s", check->signature->previous_version, named,
                            here != NULL ? ",已提供且一致" : ",未提供"));
}

static void check_time(Check *check)
{
    if (!needs_signature(check, "time"))
        return;
    g_autofree char *wall = cel_clock_iso8601(check->signature->wall_us);
    say(check, "time", CEL_VERDICT_NOT_PROVEN,
        g_strdup_printf("Signed at %s by the signer's own clock; no time stamp proves it", wall),
        g_strdup_printf("签名时间 %s 出自签名人自己的时钟,无时间戳证明", wall));
}

/* ---- the whole ---- */

/* Only what cannot be read at all is an error; what reads badly is a line. */
static gboolean read_library(Check *check, CelJob *job, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(GBytes) bytes = cel_file_read(check->asked->path, CEL_LIBRARY_MAX_BYTES, error);
    if (bytes == NULL)
        return FALSE;
    gsize n = 0;
    const void *data = g_bytes_get_data(bytes, &n);
    check->file = cel_digest_pair(data, n);
    check->library = cel_library_open(check->asked->path, job, &why);
    if (g_error_matches(why, CEL_ERROR, CEL_ERROR_CANCELLED)) {
        g_propagate_error(error, g_steal_pointer(&why));
        return FALSE;
    }
    check->library_problem = g_strdup(why != NULL ? why->message : NULL);
    return TRUE;
}

static gboolean read_signature(Check *check, GError **error)
{
    g_autofree char *beside = g_strconcat(check->asked->path, CEL_LIBRARY_SIGNATURE_SUFFIX, NULL);
    const char *path = check->asked->signature_path != NULL ? check->asked->signature_path : beside;
    g_autoptr(GError) why = NULL;
    g_autoptr(GBytes) bytes = cel_file_read(path, CEL_STATEMENT_MAX_BYTES, error);
    if (bytes == NULL)
        return FALSE;
    check->signature = cel_library_signature_read(bytes, &why);
    check->signature_problem = g_strdup(why != NULL ? why->message : NULL);
    return TRUE;
}

gboolean cel_library_verify(const CelLibraryCheck *asked, GPtrArray **out_lines, CelJob *job,
                            GError **error)
{
    g_auto(Check) check = {.asked = asked};
    if (!read_library(&check, job, error) || !read_signature(&check, error))
        return FALSE;
    if (asked->previous_path != NULL) {
        check.previous = cel_library_open(asked->previous_path, job, error);
        if (check.previous == NULL)
            return FALSE;
    }
    check.lines = cel_verdict_new();
    check_content(&check);
    check_file(&check);
    check_statement(&check);
    for (guint s = 0; s < CEL_N_SIGNERS; s++)
        check_signature(&check, s);
    check_signer(&check);
    check_previous(&check);
    check_time(&check);
    *out_lines = g_steal_pointer(&check.lines);
    return TRUE;
}
