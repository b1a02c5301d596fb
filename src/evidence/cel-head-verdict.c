/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-head-verdict.h"

#include "base/cel-clock.h"
#include "evidence/cel-timestamp.h"

/* The texts stand in both languages here and not in the catalogue: a paper may need both. */

/** Wording: what a state of trust is called. */
typedef struct {
    CelVerdictState state;
    const char *en, *zh;
} Wording;

static const Wording wordings[] = {
    [CEL_TRUST_VOUCHED] = {CEL_VERDICT_PROVEN, "issued by a laboratory whose root was given",
                           "由所给根证书的实验室签发"},
    [CEL_TRUST_SELF_SIGNED] = {CEL_VERDICT_NOT_PROVEN, "self-signed: nobody vouches for it",
                               "自签名证书,无人担保"},
    [CEL_TRUST_UNKNOWN_LAB] = {CEL_VERDICT_NOT_PROVEN, "of a laboratory whose root was not given",
                               "所属实验室的根证书未提供"},
    [CEL_TRUST_REVOKED] = {CEL_VERDICT_CONTRADICTED, "revoked", "已被撤销"},
    [CEL_TRUST_OUT_OF_TIME] = {CEL_VERDICT_CONTRADICTED, "not valid at the stated time",
                               "在所载时间不在有效期内"},
    [CEL_TRUST_BROKEN] = {CEL_VERDICT_CONTRADICTED, "damaged or forged", "已损坏或系伪造"},
};

/* A head is a machine's: what a person or a root signed is none. */
static const Wording *judge(const CelStatement *statement, const CelTrust *trust, CelRole role,
                            gint64 wall_us)
{
    static const Wording other = {CEL_VERDICT_CONTRADICTED,
                                  "issued for another role than this signature takes",
                                  "证书角色与该签名用途不符"};
    const CelTrustState state = cel_statement_judge(statement, trust, 0, wall_us);
    return state == CEL_TRUST_VOUCHED && statement->signer.role != role &&
                   !(role == CEL_ROLE_DEVICE && statement->signer.role == CEL_ROLE_LEDGER)
               ? &other
               : &wordings[state];
}

static void say_head(GPtrArray *lines, const CelHeadQuestion *question)
{
    const CelHeadFile *head = question->head;
    const Wording *wording =
        judge(head->statement, question->lab, CEL_ROLE_LEDGER, head->is.wall_us);
    const char *person = head->statement->signer.person;
    cel_verdict_say(lines, "head", wording->state,
                    g_strdup_printf("The head of ledger %s at %" G_GUINT64_FORMAT
                                    " events is signed by %s; the certificate is %s",
                                    head->is.ledger_id, head->is.size, person, wording->en),
                    g_strdup_printf("存证台账 %s 在第 %" G_GUINT64_FORMAT
                                    " 条记录处的台账树头由 %s 签名;证书:%s",
                                    head->is.ledger_id, head->is.size, person, wording->zh));
}

static void say_other(GPtrArray *lines, const char *why)
{
    cel_verdict_say(lines, "countersignature", CEL_VERDICT_CONTRADICTED,
                    g_strdup_printf("The countersignature does not hold for this head (%s)", why),
                    g_strdup_printf("会签对该台账树头无效(%s)", why));
}

static void say_countersign(GPtrArray *lines, const CelHeadQuestion *question)
{
    g_autoptr(GError) error = NULL;
    if (question->countersign == NULL) {
        cel_verdict_say(lines, "countersignature", CEL_VERDICT_NOT_PROVEN,
                        g_strdup("No other machine's countersignature is at hand"),
                        g_strdup("没有其他设备的会签"));
        return;
    }
    g_autoptr(CelCountersign) countersign =
        cel_countersign_read(question->countersign, question->head, &error);
    if (countersign == NULL) {
        say_other(lines, error->message);
        return;
    }
    const Wording *wording =
        judge(countersign->statement, question->witness, CEL_ROLE_DEVICE, countersign->wall_us);
    g_autofree char *wall = cel_clock_iso8601(countersign->wall_us);
    const char *person = countersign->statement->signer.person;
    cel_verdict_say(lines, "countersignature", wording->state,
                    g_strdup_printf("%s countersigned this head at %s by its own clock; the "
                                    "certificate is %s",
                                    person, wall, wording->en),
                    g_strdup_printf("%s 于 %s(以其自身时钟为准)会签了该台账树头;证书:%s", person,
                                    wall, wording->zh));
}

static void say_time(GPtrArray *lines, const CelHeadQuestion *question)
{
    static const Wording states[] = {
        [CEL_TIMESTAMP_PROVEN] = {CEL_VERDICT_PROVEN, "a time stamp of a known authority",
                                  "已知授时机构的时间戳"},
        [CEL_TIMESTAMP_UNKNOWN_AUTHORITY] = {CEL_VERDICT_NOT_PROVEN,
                                             "a time stamp whose authority is not known here",
                                             "时间戳的授时机构在此处未知"},
        [CEL_TIMESTAMP_OTHER_DATA] = {CEL_VERDICT_CONTRADICTED, "a time stamp over something else",
                                      "时间戳所针对的不是该文件"},
        [CEL_TIMESTAMP_BROKEN] = {CEL_VERDICT_CONTRADICTED, "a damaged or forged time stamp",
                                  "时间戳已损坏或系伪造"},
    };
    g_auto(CelTimestamp) said = {0};
    if (question->token == NULL) {
        cel_verdict_say(lines, "time", CEL_VERDICT_NOT_PROVEN,
                        g_strdup("Only the clocks of the machines say when it was: there is no "
                                 "time stamp"),
                        g_strdup("没有可信时间戳,时间仅来自各设备自身时钟"));
        return;
    }
    const Wording *wording =
        &states[cel_timestamp_judge(question->token, question->file, question->tsa_roots, &said)];
    g_autofree char *time = said.time_us != 0 ? cel_clock_iso8601(said.time_us) : g_strdup("-");
    const char *authority = said.authority != NULL ? said.authority : "-";
    cel_verdict_say(
        lines, "time", wording->state,
        g_strdup_printf("Not later than %s, says %s (%s)", time, authority, wording->en),
        g_strdup_printf("不晚于 %s,授时机构:%s(%s)", time, authority, wording->zh));
}

GPtrArray *cel_head_verdict(const CelHeadQuestion *question)
{
    GPtrArray *lines = cel_verdict_new();
    say_head(lines, question);
    say_countersign(lines, question);
    say_time(lines, question);
    return lines;
}
