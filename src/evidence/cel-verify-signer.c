/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-verify-private.h"

/* ---- signatures ---- */

static void check_signature(CelCheck *check, CelSigner signer)
{
    static const char *const ids[CEL_N_SIGNERS] = {"signature.sm2", "signature.ed25519"};
    static const char *const shown[CEL_N_SIGNERS] = {"SM2 (SM3)", "Ed25519"};
    GBytes *const *parts = check->custody.parts;
    const char *person = check->about[signer].person;
    GBytes *record = parts[CEL_PART_RECORD], *signature = parts[CEL_PART_SIGNATURE + signer],
           *certificate = parts[CEL_PART_CERTIFICATE + signer];
    g_autoptr(GError) why = NULL;
    const gboolean there = record != NULL && signature != NULL && certificate != NULL;
    if (there && cel_signature_verify(signer, certificate, record, signature, NULL, &why) &&
        person != NULL)
        cel_check_say(
            check, ids[signer], CEL_VERDICT_PROVEN,
            g_strdup_printf("The record is signed (%s) with the key of the certificate that names "
                            "%s",
                            shown[signer], person),
            g_strdup_printf("记录的数字签名(%s)有效,签名密钥所属证书载明姓名:%s", shown[signer],
                            person));
    else
        cel_check_say(check, ids[signer], CEL_VERDICT_CONTRADICTED,
                      g_strdup_printf("The %s signature of the record does not verify (%s)",
                                      shown[signer], why != NULL ? why->message : "missing"),
                      g_strdup_printf("记录的 %s 数字签名验证不通过(%s)", shown[signer],
                                      why != NULL ? why->message : "缺失"));
}

void cel_check_signatures(CelCheck *check)
{
    for (guint s = 0; s < CEL_N_SIGNERS; s++)
        check_signature(check, s);
}

/* ---- certificates ---- */

static gboolean certificate_fits(const CelCheck *check, CelSigner signer)
{
    static const char *const members[CEL_N_SIGNERS] = {"op/cert_sm2", "op/cert_ed25519"};
    const CelCertificate *about = &check->about[signer];
    return about->person != NULL && check->record != NULL &&
           cel_check_digests(check->record, members[signer],
                             check->custody.parts[CEL_PART_CERTIFICATE + signer]) &&
           g_strcmp0(about->person, cel_record_text(check->record, "op/name")) == 0 &&
           about->training == cel_record_truth(check->record, "training");
}

/* A position that only the file itself shows may be made up by whoever holds a revoked key. */
static guint64 position(const CelCheck *check)
{
    const gboolean confirmed = check->by_head || check->by_ledger || check->by_kept;
    return check->place == CEL_PLACE_HOLDS && confirmed ? check->seq : 0;
}

/* Whether the ledger at hand took this certificate back before the position. */
static gboolean is_revoked(const CelCheck *check, CelSigner signer)
{
    static const char *const members[CEL_N_SIGNERS] = {"data/certificates/sm2",
                                                       "data/certificates/ed25519"};
    static const char *const named[CEL_N_SIGNERS] = {"op/cert_sm2/sha256",
                                                     "op/cert_ed25519/sha256"};
    const CelWitness *witness = check->options->witness;
    const gint64 at = (gint64)position(check);
    for (guint i = 0; witness != NULL && i < witness->events->len; i++) {
        g_autoptr(JsonNode) node = cel_check_witnessed(check, i);
        JsonObject *event = node != NULL ? json_node_get_object(node) : NULL;
        const gint64 from = cel_record_number(event, "data/from_seq");
        if (event != NULL && g_strcmp0(cel_record_text(event, "act"), "key_event") == 0 &&
            g_strcmp0(cel_record_text(event, "data/what"), "revoked") == 0 &&
            g_strcmp0(cel_record_text(event, members[signer]),
                      cel_record_text(check->record, named[signer])) == 0 &&
            (at == 0 || at >= (from > 0 ? from : cel_record_number(event, "seq"))))
            return TRUE;
    }
    return FALSE;
}

static CelTrustState judge(const CelCheck *check, CelSigner signer)
{
    if (is_revoked(check, signer))
        return CEL_TRUST_REVOKED;
    const CelTrustQuestion question = {
        .signer = signer,
        .certificate = check->custody.parts[CEL_PART_CERTIFICATE + signer],
        .seq = position(check),
        .wall_us = cel_record_number(check->record, "t_wall_us"),
    };
    return cel_trust_judge(check->options->trust, &question, NULL);
}

/* The worse of both certificates: whoever is vouched for by one of two keys only is not. */
static CelTrustState judge_both(const CelCheck *check)
{
    const CelTrustState sm2 = judge(check, CEL_SIGN_SM2);
    return sm2 != CEL_TRUST_VOUCHED ? sm2 : judge(check, CEL_SIGN_ED25519);
}

static char *fingerprint(const CelCheck *check)
{
    gsize n = 0;
    const void *der = g_bytes_get_data(check->custody.parts[CEL_PART_CERTIFICATE], &n);
    return cel_digest_hex("sha256", der, n);
}

static gboolean valid_when_sealed(const CelCheck *check)
{
    const CelCertificate *about = &check->about[CEL_SIGN_SM2];
    const gint64 sealed_us = cel_record_number(check->record, "t_wall_us");
    /* Certificates count whole seconds and may be made in the second of the seal. */
    return sealed_us >= about->not_before_us - G_USEC_PER_SEC && sealed_us <= about->not_after_us;
}

static void say_nobody_vouches(CelCheck *check)
{
    const char *person = check->about[CEL_SIGN_SM2].person;
    g_autofree char *print = fingerprint(check);
    const gboolean in_time = valid_when_sealed(check);
    cel_check_say(
        check, "certificate", CEL_VERDICT_NOT_PROVEN,
        g_strdup_printf("Who %s is, is not proven: no laboratory's root certificate was given. "
                        "Compare the SM2 certificate's SHA-256 fingerprint %s with the "
                        "laboratory.%s",
                        person, print,
                        in_time ? "" : " The stated time lies outside the certificate's validity."),
        g_strdup_printf("签名人身份未获证明:%s 的证书无从核对,未给出实验室根证书。"
                        "请通过其他途径向实验室核对 SM2 证书的 SHA-256 指纹:%s。%s",
                        person, print, in_time ? "" : "记录所载时间不在证书有效期内。"));
}

static void say_vouched(CelCheck *check)
{
    const CelCertificate *about = &check->about[CEL_SIGN_SM2];
    const gboolean placed = position(check) > 0;
    cel_check_say(
        check, "certificate", CEL_VERDICT_PROVEN,
        g_strdup_printf("The laboratory \"%s\", whose root was given, certifies %s as %s; %s",
                        about->lab, about->person, cel_role_id(about->role),
                        placed ? "not revoked before this position of the ledger"
                               : "no revocation is known here"),
        g_strdup_printf("所给根证书的实验室“%s”证明 %s 的身份(角色:%s);%s", about->lab,
                        about->person, cel_role_title(about->role, TRUE),
                        placed ? "在台账的这一位置之前未被吊销" : "此处未知有吊销"));
}

/* Roots were given, and these certificates do not stand under them. */
static void say_refused(CelCheck *check, CelTrustState state)
{
    static const struct {
        const char *en, *zh;
    } why[] = {
        [CEL_TRUST_SELF_SIGNED] = {"they are self-signed: no laboratory issued them",
                                   "证书为自签名,并非实验室颁发"},
        [CEL_TRUST_UNKNOWN_LAB] = {"another issuer than the given roots issued them",
                                   "证书并非由所给根证书颁发"},
        [CEL_TRUST_REVOKED] = {"they were revoked before this position of the ledger",
                               "证书在台账的这一位置之前已被吊销"},
        [CEL_TRUST_OUT_OF_TIME] = {"they were not valid at the record's own time",
                                   "记录所载时间不在证书有效期内"},
        [CEL_TRUST_BROKEN] = {"the issuer's signature under them does not hold",
                              "证书上颁发者的签名无效"},
    };
    const guint row =
        (guint)state < G_N_ELEMENTS(why) && why[state].en != NULL ? state : CEL_TRUST_BROKEN;
    const char *person = check->about[CEL_SIGN_SM2].person;
    cel_check_say(
        check, "certificate", CEL_VERDICT_CONTRADICTED,
        g_strdup_printf("The certificates of %s do not count here: %s", person, why[row].en),
        g_strdup_printf("%s 的证书在此不予认可:%s", person, why[row].zh));
}

void cel_check_certificate(CelCheck *check)
{
    const gboolean fits =
        certificate_fits(check, CEL_SIGN_SM2) && certificate_fits(check, CEL_SIGN_ED25519);
    if (!fits) {
        cel_check_plain(check, "certificate", CEL_VERDICT_CONTRADICTED,
                        "The certificates are not those of the operator whom the record names",
                        "证书与记录所载操作人员的证书不一致");
        return;
    }
    const CelTrustState state = judge_both(check);
    if (state == CEL_TRUST_VOUCHED)
        say_vouched(check);
    else if (check->options->trust == NULL && state != CEL_TRUST_REVOKED)
        say_nobody_vouches(check);
    else
        say_refused(check, state);
}
