/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-event.h"

#include <glib/gi18n-lib.h>

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})

/* What any event may state beside its own members. */
static const char *const common[] = {
    "note",       "place",   "environment",    "photos", "training",
    "instrument", "session", "time_offset_us", NULL,
};

/* clang-format off */
static const CelActDef acts[CEL_N_ACTS] = {
    [CEL_ACT_COLLECT] = {
        .id = "collect", .title_en = N_("Collected"), .title_zh = "提取",
        .exhibit = TRUE, .needs = LIST("description"),
        .may = LIST("condition", "colour", "amount", "unit", "container", "mark", "kind",
                    "population", "sampling", "units_tested", "homogeneity", "witness", "title",
                    "seized_us", "storage", "request") },
    [CEL_ACT_SEAL] = {
        .id = "seal", .title_en = N_("Sealed"), .title_zh = "封存",
        .may = LIST("what", "container", "condition", "amount", "unit", "outcome", "label",
                    "acquisitions", "witness", "name", "object", "replicates", "blanks", "method",
                    "policy", "exploratory", "claim", "deviations") },
    [CEL_ACT_SUBMIT] = {
        .id = "submit", .title_en = N_("Submitted for examination"), .title_zh = "送检",
        .exhibit = TRUE, .parties = TRUE,
        .may = LIST("request", "condition", "amount", "unit", "batch", "urgent", "description",
                    "colour", "container", "mark", "kind", "title", "contact") },
    [CEL_ACT_RECEIVE] = {
        .id = "receive", .title_en = N_("Received"), .title_zh = "受理",
        .exhibit = TRUE, .parties = TRUE, .needs = LIST("condition"),
        .may = LIST("description", "colour", "amount", "unit", "container", "mark", "kind",
                    "compared", "request", "batch", "storage", "population", "sampling",
                    "units_tested", "homogeneity", "title", "contact") },
    [CEL_ACT_REFUSE] = {
        .id = "refuse", .title_en = N_("Not accepted"), .title_zh = "不予受理",
        .exhibit = TRUE, .parties = TRUE, .reason = TRUE,
        .may = LIST("condition", "description", "amount", "unit", "batch") },
    [CEL_ACT_OPEN_SEAL] = {
        .id = "open_seal", .title_en = N_("Seal opened"), .title_zh = "启封",
        .exhibit = TRUE, .second_person = TRUE,
        .may = LIST("condition", "compared", "amount", "unit") },
    [CEL_ACT_ACQUIRE] = {
        .id = "acquire", .title_en = N_("Measured"), .title_zh = "测量",
        .needs = LIST("kind", "state"),
        .may = LIST("raw", "frames", "frame_no", "integration_us", "laser_pm", "power_uw",
                    "replicate", "spot", "blank", "planned", "problem", "method", "altered",
                    "driver", "saturated", "check") },
    [CEL_ACT_DISCARD_ACQUISITION] = {
        .id = "discard_acquisition", .title_en = N_("Measurement set aside"), .title_zh = "弃用测量",
        .reason = TRUE, .refers = TRUE, .second_person = TRUE, .may = LIST("raw", "replicate") },
    [CEL_ACT_PROCESS] = {
        .id = "process", .title_en = N_("Evaluated"), .title_zh = "数据处理",
        .exhibit = TRUE, .needs = LIST("outcome"),
        .may = LIST("recipe", "libraries", "method", "policy", "exploratory", "acquisitions",
                    "claim", "answer") },
    [CEL_ACT_REVIEW] = {
        .id = "review", .title_en = N_("Reviewed"), .title_zh = "复核",
        .exhibit = TRUE, .needs = LIST("verdict"),
        .may = LIST("blind", "outcome", "agrees", "stage", "claim") },
    [CEL_ACT_RELEASE_REPORT] = {
        .id = "release_report", .title_en = N_("Report released"), .title_zh = "签发报告",
        .exhibit = TRUE, .second_person = TRUE, .needs = LIST("report", "form"),
        .may = LIST("paper", "replaces", "outcome", "language", "deviations", "method", "claim") },
    [CEL_ACT_SPLIT] = {
        .id = "split", .title_en = N_("Divided"), .title_zh = "分样",
        .exhibit = TRUE, .needs = LIST("parts"), .may = LIST("amount", "unit", "remaining") },
    [CEL_ACT_CONSUME] = {
        .id = "consume", .title_en = N_("Used up"), .title_zh = "消耗",
        .reason = TRUE, .needs = LIST("amount"),
        .may = LIST("unit", "remaining", "stock", "lot", "name", "cas", "supplier",
                    "certificate", "opened", "expires", "kind") },
    [CEL_ACT_RETURN] = {
        .id = "return", .title_en = N_("Returned"), .title_zh = "返还",
        .exhibit = TRUE, .parties = TRUE, .needs = LIST("condition"),
        .may = LIST("amount", "unit", "batch") },
    [CEL_ACT_TRANSFER] = {
        .id = "transfer", .title_en = N_("Handed over"), .title_zh = "交接",
        .exhibit = TRUE, .parties = TRUE,
        .may = LIST("condition", "amount", "unit", "batch", "storage", "compared") },
    [CEL_ACT_EXPORT] = {
        .id = "export", .title_en = N_("Exported"), .title_zh = "导出",
        .needs = LIST("bundle"), .may = LIST("files", "size", "recipient", "form") },
    [CEL_ACT_VERIFY] = {
        .id = "verify", .title_en = N_("Integrity checked"), .title_zh = "完整性校验",
        .needs = LIST("verdict"), .may = LIST("lines", "bundle", "label", "head") },
    [CEL_ACT_CORRECT] = {
        .id = "correct", .title_en = N_("Corrected"), .title_zh = "更正",
        .reason = TRUE, .refers = TRUE, .second_person = TRUE, .needs = LIST("what"),
        .may = LIST("is", "was") },
    [CEL_ACT_KEY_EVENT] = {
        .id = "key_event", .title_en = N_("Keys changed"), .title_zh = "密钥变更",
        .second_person = TRUE, .needs = LIST("what"),
        .may = LIST("certificates", "person", "person_id", "role", "from_seq", "expires_us",
                    "cert_sha256", "profile", "methods", "is", "head", "witness") },
    [CEL_ACT_DISPOSE] = {
        .id = "dispose", .title_en = N_("Disposed of"), .title_zh = "处置",
        .exhibit = TRUE, .reason = TRUE, .second_person = TRUE, .needs = LIST("how"),
        .may = LIST("amount", "unit", "witness") },
    [CEL_ACT_CHECK] = {
        .id = "check", .title_en = N_("Instrument checked"), .title_zh = "仪器核查",
        .needs = LIST("kind", "verdict"),
        .may = LIST("standard", "lot", "expires", "results", "limits", "raw", "serial", "refers_to",
                    "calibration", "object", "in_force", "why_not", "opens", "closes", "expires_us",
                    "asset", "power_uw", "session", "instrument") },
    [CEL_ACT_LIBRARY] = {
        .id = "library", .title_en = N_("Library changed"), .title_zh = "谱库变更",
        .reason = TRUE, .second_person = TRUE, .needs = LIST("what", "name", "sha256"),
        .may = LIST("version", "replaces", "diff", "result", "files", "changed", "links") },
    [CEL_ACT_NONCONFORM] = {
        .id = "nonconform", .title_en = N_("Nonconforming work"), .title_zh = "不符合工作",
        .reason = TRUE, .needs = LIST("what"),
        .may = LIST("affects", "action", "kind", "closed", "result") },
    [CEL_ACT_HOLD] = {
        .id = "hold", .title_en = N_("Hold"), .title_zh = "留存",
        .exhibit = TRUE, .reason = TRUE, .second_person = TRUE, .needs = LIST("what"),
        .may = LIST("until_us", "retention") },
    [CEL_ACT_BATCH] = {
        .id = "batch", .title_en = N_("Another ledger taken over"), .title_zh = "并入台账",
        .needs = LIST("ledger", "from", "to", "sha256", "sm3"), .may = LIST("head") },
    [CEL_ACT_VALIDATION] = {
        .id = "validation", .title_en = N_("Validation recorded"), .title_zh = "方法确认登记",
        .reason = TRUE, .second_person = TRUE, .needs = LIST("sha256", "spectra", "specimens"),
        .may = LIST("replaces", "policy", "libraries", "thresholds") },
};
/* clang-format on */

const CelActDef *cel_act_def(CelAct act)
{
    g_return_val_if_fail((guint)act < CEL_N_ACTS, NULL);
    return &acts[act];
}

gboolean cel_act_from_id(const char *id, CelAct *out_act)
{
    for (guint i = 0; i < CEL_N_ACTS; i++)
        if (g_strcmp0(id, acts[i].id) == 0) {
            *out_act = i;
            return TRUE;
        }
    return FALSE;
}

gboolean cel_act_allows(CelAct act, const char *member)
{
    const CelActDef *def = cel_act_def(act);
    return g_strv_contains(common, member) ||
           (def->needs != NULL && g_strv_contains(def->needs, member)) ||
           (def->may != NULL && g_strv_contains(def->may, member));
}
