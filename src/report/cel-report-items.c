/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/cel-report-items.h"

#include "base/cel-error.h"
#include "base/cel-json.h"
#include "base/cel-text.h"
#include "evidence/cel-record.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* clang-format off */
#define FACT(id, kind, path, court, letters, en, zh, from) \
    {id, CEL_ITEM_FACT, kind, path, court, FALSE, letters, en, zh, from}
#define FINDING(id, kind, path, court, letters, en, zh, from) \
    {id, CEL_ITEM_FACT, kind, path, court, TRUE, letters, en, zh, from}
#define SEALED(id, path, letters, en, zh) \
    {id, CEL_ITEM_FILE, CEL_ITEM_TEXT, path, TRUE, FALSE, letters, en, zh, "custody record"}
#define LAB(id, letters, en, zh) \
    {id, CEL_ITEM_LAB, CEL_ITEM_TEXT, "", FALSE, FALSE, letters, en, zh, "signed lab profile"}
#define FIXED(id, letters, en, zh) \
    {id, CEL_ITEM_FIXED, CEL_ITEM_TEXT, "", FALSE, FALSE, letters, en, zh, "every paper"}
#define TEXT   CEL_ITEM_TEXT
#define LIST   CEL_ITEM_LIST
#define CODE   CEL_ITEM_CODE
#define NUMBER CEL_ITEM_NUMBER
#define DIGEST CEL_ITEM_DIGEST

static const CelReportItem items[] = {
    FIXED("title", "a", "Title", "标题"),
    LAB("lab.title", "a", "Title", "标题"),
    FACT("report.title", TEXT, "report/title", FALSE, "a", "Title wanted", "所选标题",
         "release_report"),
    FACT("report.number", TEXT, "report/number", TRUE, "d", "Record no.", "编号", "release_report"),
    FACT("report.replaces", TEXT, "report/replaces/number", FALSE, "d",
         "Replaces record no.", "替代的原编号", "release_report (amended)"),
    FACT("report.replaces.sha256", DIGEST, "report/replaces/sha256", FALSE, "d",
         "SHA-256 of the replaced paper", "原记录SHA-256", "release_report (amended)"),
    FACT("report.replaces.why", TEXT, "report/replaces/why", FALSE, "d",
         "Reason of the amendment", "更改原因", "release_report (amended)"),
    FACT("lab.name", TEXT, "lab/name", TRUE, "b", "Laboratory", "实验室名称", "lab profile"),
    FACT("lab.address", TEXT, "lab/address", TRUE, "b", "Address", "实验室地址", "lab profile"),
    LAB("lab.registration", "b", "Registration no.", "登记编号"),
    LAB("lab.accreditation", "b", "Accreditation", "资质"),
    LAB("lab.scope", "b", "Scope", "业务范围"),
    FACT("customer.department", TEXT, "customer/department", TRUE, "e",
         "Submitting department", "委托/送检单位", "submit"),
    FACT("customer.person", TEXT, "customer/person", TRUE, "e", "Submitted by", "送检人", "submit"),
    FACT("customer.contact", TEXT, "customer/contact", TRUE, "e", "Contact", "通讯地址/电话", "submit"),
    FACT("received.date", TEXT, "received/date", TRUE, "h", "Received on", "受理日期", "receive"),
    FACT("collected.date", TEXT, "collected/date", FALSE, "h", "Collected on", "提取日期", "collect"),
    SEALED("case.number", "case", "d", "Case no.", "案件编号"),
    FACT("for.case", TEXT, "case/number", TRUE, "d", "Case no. of the facts", "事实所属案件编号", "cases"),
    FACT("for.exhibit", TEXT, "exhibit/number", TRUE, "dg",
         "Exhibit no. of the facts", "事实所属检材编号", "exhibits"),
    FACT("for.fid", TEXT, "file/fid", TRUE, "d", "File id", "文件标识", "release_report"),
    FACT("case.summary", TEXT, "case/summary", FALSE, "", "Summary of the case", "简要案情", "cases"),
    SEALED("exhibit.number", "item", "dg", "Exhibit no.", "检材编号"),
    FACT("exhibit.description", TEXT, "exhibit/description", TRUE, "g",
         "Description", "检材描述", "exhibits"),
    FACT("exhibit.condition", TEXT, "exhibit/condition", TRUE, "g",
         "Condition on receipt", "受理时状态", "receive"),
    FACT("exhibit.amount", TEXT, "exhibit/amount", FALSE, "g", "Amount", "数量", "exhibits"),
    FACT("exhibit.seal.no", TEXT, "exhibit/seal/no", TRUE, "g", "Seal no.", "封签编号", "receive"),
    FACT("exhibit.seal.state", CODE, "exhibit/seal/state", TRUE, "g",
         "Seal on opening", "启封前封装状态", "open_seal"),
    FACT("exhibit.photos", LIST, "exhibit/photos", TRUE, "g",
         "Photographs (SHA-256)", "照片(SHA-256)", "photos"),
    FACT("exhibit.after", CODE, "exhibit/after", TRUE, "g",
         "Exhibit after examination", "检验后检材状态", "consume"),
    FACT("request.text", TEXT, "request/text", TRUE, "e", "Request", "检验要求", "submit"),
    FACT("sampling.population", TEXT, "sampling/population", TRUE, "k",
         "Population", "总体", "exhibits"),
    FACT("sampling.tested", TEXT, "sampling/tested", TRUE, "k", "Units tested", "受检单元", "exhibits"),
    FACT("sampling.rule", TEXT, "sampling/rule", TRUE, "k", "Selection rule", "抽取规则", "exhibits"),
    FINDING("sampling.homogeneity", TEXT, "sampling/homogeneity", FALSE, "k",
            "Homogeneity", "均匀性", "exhibits"),
    FACT("exam.started", TEXT, "exam/started", TRUE, "i", "Examination began", "检验开始", "acquire"),
    FACT("exam.ended", TEXT, "exam/ended", TRUE, "i", "Examination ended", "检验结束", "acquire"),
    FACT("exam.place", TEXT, "exam/place", TRUE, "c", "Place of work", "检验地点", "acquire"),
    FACT("exam.environment", TEXT, "exam/environment", TRUE, "",
         "Environment", "环境条件", "acquire"),
    SEALED("method.id", "method/id", "f", "Method", "方法"),
    SEALED("method.version", "method/version", "f", "Version", "方法版本"),
    SEALED("method.validation", "method/validation", "f", "Validation status", "方法验证状态"),
    LAB("lab.basis", "f", "Basis", "依据"),
    FINDING("method.deviations", LIST, "method/deviations", FALSE, "n",
            "Further deviations", "其他偏离", "nonconform"),
    FACT("instrument.asset", TEXT, "instrument/asset", TRUE, "", "Asset no.", "仪器资产编号", "check"),
    FACT("instrument.calibration", TEXT, "instrument/calibration", TRUE, "",
         "Calibration", "校准", "check"),
    FACT("instrument.laser_power", TEXT, "instrument/laser_power", TRUE, "",
         "Laser power at sample", "样品处激光功率", "acquire"),
    FINDING("checks.standard", TEXT, "checks/standard", TRUE, "",
            "Check standard", "核查用标准物质", "consumables"),
    FINDING("checks.opening", TEXT, "checks/opening/text", TRUE, "",
            "Opening check", "开始核查", "check"),
    FACT("checks.opening.verdict", CODE, "checks/opening/verdict", TRUE, "",
         "Opening check", "开始核查", "check"),
    FINDING("checks.closing", TEXT, "checks/closing/text", TRUE, "",
            "Closing check", "结束核查", "check"),
    FACT("checks.closing.verdict", CODE, "checks/closing/verdict", TRUE, "",
         "Closing check", "结束核查", "check"),
    FINDING("process.text", TEXT, "process/text", TRUE, "", "Course of the work", "过程", "acquire"),
    SEALED("result.outcome", "outcome", "m", "Result", "结果"),
    FIXED("scope", "l", "Covers the items tested only", "仅对所测检材负责"),
    FINDING("external", LIST, "external", FALSE, "p",
            "Results of external providers", "外部提供的结果", "exhibits"),
    FINDING("advice", LIST, "advice", FALSE, "", "Advice", "建议", "review"),
    FACT("examiner.name", TEXT, "persons/examiner/name", TRUE, "", "Examiner", "检验人", "acquire"),
    FACT("examiner.id", TEXT, "persons/examiner/id", TRUE, "", "No.", "编号", "acquire"),
    FACT("examiner.authorised", TEXT, "persons/examiner/authorised", TRUE, "",
         "Authorised for the method", "方法授权", "lab profile"),
    FACT("second.name", TEXT, "persons/second/name", TRUE, "",
         "Second examiner", "第二检验人", "acquire (second)"),
    FACT("second.id", TEXT, "persons/second/id", TRUE, "", "No.", "编号", "acquire (second)"),
    FACT("reviewer.name", TEXT, "persons/reviewer/name", TRUE, "", "Reviewer", "复核人", "review"),
    FACT("reviewer.id", TEXT, "persons/reviewer/id", TRUE, "", "No.", "编号", "review"),
    FACT("signatory.name", TEXT, "persons/signatory/name", TRUE, "o",
         "Authorised signatory", "授权签字人", "release_report"),
    FACT("signatory.id", TEXT, "persons/signatory/id", TRUE, "o", "No.", "编号", "release_report"),
    FACT("report.issued", TEXT, "report/issued", TRUE, "j", "Issued on", "签发日期", "release_report"),
    FACT("release.seq", NUMBER, "release/seq", TRUE, "o",
         "Released in the ledger as no.", "台账签发序号", "release_report"),
    FACT("release.blocked", LIST, "release/blocked", FALSE, "",
         "In the way of the release", "不予签发的原因", "gate"),
    FACT("ledger.id", TEXT, "ledger/id", TRUE, "", "Ledger", "存证台账", "ledger"),
    FACT("ledger.size", NUMBER, "ledger/size", TRUE, "", "Ledger size", "台账条数", "ledger"),
    FACT("ledger.root.sha256", DIGEST, "ledger/root/sha256", TRUE, "",
         "Ledger root SHA-256", "台账根SHA-256", "ledger"),
    FACT("ledger.root.sm3", DIGEST, "ledger/root/sm3", TRUE, "",
         "Ledger root SM3", "台账根SM3", "ledger"),
    FACT("annexes", LIST, "annexes", FALSE, "", "Annexes", "附件", "release_report"),
};

static const struct {
    const char *id, *code, *en, *zh;
} codes[] = {
    {"exhibit.seal.state", "intact", "intact", "完好"},
    {"exhibit.seal.state", "broken", "broken", "破损"},
    {"exhibit.seal.state", "none", "no seal", "无封签"},
    {"exhibit.after", "unchanged", "unchanged", "未改变"},
    {"exhibit.after", "altered", "altered", "有改变"},
    {"exhibit.after", "consumed", "consumed", "已耗用"},
    {"checks.opening.verdict", "pass", "pass", "通过"},
    {"checks.opening.verdict", "fail", "not pass", "未通过"},
    {"checks.closing.verdict", "pass", "pass", "通过"},
    {"checks.closing.verdict", "fail", "not pass", "未通过"},
};
/* clang-format on */

const CelReportItem *cel_report_items(gsize *out_n)
{
    *out_n = G_N_ELEMENTS(items);
    return items;
}

const CelReportItem *cel_report_item(const char *id)
{
    for (gsize i = 0; i < G_N_ELEMENTS(items); i++)
        if (strcmp(items[i].id, id) == 0)
            return &items[i];
    return NULL;
}

const char *cel_report_code(const char *id, const char *code, gboolean chinese)
{
    for (gsize i = 0; code != NULL && i < G_N_ELEMENTS(codes); i++)
        if (strcmp(codes[i].id, id) == 0 && strcmp(codes[i].code, code) == 0)
            return chinese ? codes[i].zh : codes[i].en;
    return NULL;
}

const char *cel_report_code_at(const char *id, guint index)
{
    for (gsize i = 0; i < G_N_ELEMENTS(codes); i++)
        if (strcmp(codes[i].id, id) == 0 && index-- == 0)
            return codes[i].code;
    return NULL;
}

/* ---- reading ---- */

static gboolean refuse(GError **error, const char *path, const char *why)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("The facts for the paper are not usable: \"%s\" %s; nothing was printed"), path,
                why);
    return FALSE;
}

static const CelReportItem *item_at(const char *path)
{
    for (gsize i = 0; i < G_N_ELEMENTS(items); i++)
        if (items[i].source == CEL_ITEM_FACT && strcmp(items[i].path, path) == 0)
            return &items[i];
    return NULL;
}

static const char *node_text(JsonNode *node)
{
    return JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING
               ? json_node_get_string(node)
               : NULL;
}

static gboolean is_digest(const char *text)
{
    return text != NULL && strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

static gboolean check_list(JsonNode *node, const char *path, GError **error)
{
    JsonArray *list = JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
    if (list == NULL || json_array_get_length(list) > CEL_FACTS_MAX_LIST)
        return refuse(error, path, _("is no list of at most 200 texts"));
    for (guint i = 0; i < json_array_get_length(list); i++)
        if (!cel_text_is_plain(node_text(json_array_get_element(list, i)), CEL_FACTS_MAX_TEXT))
            return refuse(error, path,
                          _("holds a text that is empty, too long or has invisible "
                            "characters"));
    return TRUE;
}

static gboolean check_value(const CelReportItem *item, JsonNode *node, GError **error)
{
    const char *text = node_text(node);
    switch (item->kind) {
    case CEL_ITEM_LIST:
        return check_list(node, item->path, error);
    case CEL_ITEM_NUMBER:
        return (JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_INT64 &&
                json_node_get_int(node) >= 1) ||
               refuse(error, item->path, _("is no whole number of 1 or more"));
    case CEL_ITEM_DIGEST:
        return is_digest(text) || refuse(error, item->path, _("is no digest of 64 digits"));
    case CEL_ITEM_CODE:
        return cel_report_code(item->id, text, FALSE) != NULL ||
               refuse(error, item->path, _("is none of the known codes"));
    case CEL_ITEM_TEXT:
        break;
    }
    return cel_text_is_plain(text, CEL_FACTS_MAX_TEXT) ||
           refuse(error, item->path,
                  _("is empty, longer than 2000 characters or has invisible characters"));
}

/* Depth is that of the table's paths: an object deeper than any of them is no known member. */
static gboolean check_object(JsonObject *object, const char *above, GError **error)
{
    g_autoptr(GList) names = json_object_get_members(object);
    for (const GList *l = names; l != NULL; l = l->next) {
        g_autofree char *path = g_strconcat(above, *above != '\0' ? "/" : "", l->data, NULL);
        g_autofree char *below = g_strconcat(path, "/", NULL);
        JsonNode *node = json_object_get_member(object, l->data);
        const CelReportItem *item = item_at(path);
        gboolean group = FALSE;
        for (gsize i = 0; i < G_N_ELEMENTS(items); i++)
            group |= g_str_has_prefix(items[i].path, below);
        if (item == NULL && !(group && JSON_NODE_HOLDS_OBJECT(node)))
            return refuse(error, path, _("is no member that a paper knows"));
        if (!(item != NULL ? check_value(item, node, error)
                           : check_object(json_node_get_object(node), path, error)))
            return FALSE;
    }
    return TRUE;
}

gboolean cel_report_facts_check(JsonObject *facts, GError **error)
{
    return check_object(facts, "", error);
}

JsonObject *cel_report_facts_read(GBytes *bytes, GError **error)
{
    gsize n = 0;
    const char *text = g_bytes_get_data(bytes, &n);
    if (n > CEL_FACTS_MAX_BYTES) {
        refuse(error, "/", _("is larger than 256 KiB"));
        return NULL;
    }
    g_autoptr(JsonNode) root = cel_json_read(n > 0 ? text : "", n, error);
    if (root == NULL)
        return NULL;
    if (!JSON_NODE_HOLDS_OBJECT(root)) {
        refuse(error, "/", _("is no JSON object"));
        return NULL;
    }
    if (!cel_report_facts_check(json_node_get_object(root), error))
        return NULL;
    return json_object_ref(json_node_get_object(root));
}

/* ---- asking ---- */

static JsonNode *fact_node(JsonObject *facts, const char *path)
{
    g_auto(GStrv) names = g_strsplit(path, "/", -1);
    JsonNode *node = NULL;
    JsonObject *object = facts;
    for (gsize i = 0; names[i] != NULL; i++) {
        node = object != NULL ? json_object_get_member(object, names[i]) : NULL;
        object = node != NULL && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
    }
    return node;
}

JsonArray *cel_report_fact_list(JsonObject *facts, const char *id)
{
    const CelReportItem *item = cel_report_item(id);
    JsonNode *node = item != NULL ? fact_node(facts, item->path) : NULL;
    return node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
}

static char *join(JsonArray *list)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < json_array_get_length(list); i++)
        g_string_append_printf(out, "%s%s", i > 0 ? "; " : "",
                               json_array_get_string_element(list, i));
    return g_string_free(out, FALSE);
}

char *cel_report_fact(JsonObject *facts, const char *id, gboolean chinese)
{
    const CelReportItem *item = cel_report_item(id);
    JsonNode *node = item != NULL ? fact_node(facts, item->path) : NULL;
    if (node == NULL)
        return NULL;
    if (JSON_NODE_HOLDS_ARRAY(node))
        return join(json_node_get_array(node));
    if (item->kind == CEL_ITEM_NUMBER)
        return g_strdup_printf("%" G_GINT64_FORMAT, json_node_get_int(node));
    const char *text = node_text(node);
    return g_strdup(item->kind == CEL_ITEM_CODE ? cel_report_code(id, text, chinese) : text);
}

/* ---- whether a court page may be made ---- */

static void add_problem(GString *problems, const char *text)
{
    g_string_append_printf(problems, "\n  - %s", text);
}

/** Court: one question whether a court page may be made. */
typedef struct {
    JsonObject *facts, *record;
    gboolean chinese;
    gboolean released; /* else what the release itself gives is not missed */
} Court;

GPtrArray *cel_report_facts_missed(JsonObject *facts, JsonObject *record, gboolean released)
{
    static const char by_release[] = "release_report";
    GPtrArray *missed = g_ptr_array_new();
    for (gsize i = 0; i < G_N_ELEMENTS(items); i++) {
        const CelReportItem *item = &items[i];
        const gboolean there = item->source == CEL_ITEM_FILE
                                   ? cel_record_text(record, item->path) != NULL
                                   : fact_node(facts, item->path) != NULL;
        if (item->court && !there && (released || !g_str_has_prefix(item->filled_from, by_release)))
            g_ptr_array_add(missed, (gpointer)item);
    }
    return missed;
}

static void find_missing(const Court *court, GString *problems)
{
    g_autoptr(GPtrArray) missed =
        cel_report_facts_missed(court->facts, court->record, court->released);
    for (guint i = 0; i < missed->len; i++) {
        const CelReportItem *item = g_ptr_array_index(missed, i);
        g_autofree char *text = g_strdup_printf(
            *item->letters != '\0' ? _("missing: %s (%s; 7.8.2.1 %s)") : _("missing: %s (%s)"),
            court->chinese ? item->zh : item->en, item->path, item->letters);
        add_problem(problems, text);
    }
}

/* The facts of another exhibit or file would make a paper about nothing. */
static void find_strangers(JsonObject *facts, JsonObject *record, GString *problems)
{
    static const char *const same[][2] = {
        {"case/number", "case"}, {"exhibit/number", "item"}, {"file/fid", "fid"}};
    for (gsize i = 0; i < G_N_ELEMENTS(same); i++) {
        const char *here = cel_record_text(record, same[i][1]);
        const char *there = facts != NULL ? cel_record_text(facts, same[i][0]) : NULL;
        if (there == NULL || g_strcmp0(here, there) == 0)
            continue;
        g_autofree char *text = g_strdup_printf(_("%s of the facts is \"%s\", of the file \"%s\""),
                                                same[i][0], there, here != NULL ? here : "");
        add_problem(problems, text);
    }
}

static const char *person(const char *who, gboolean chinese)
{
    g_autofree char *id = g_strdup_printf("%s.name", who);
    return chinese ? cel_report_item(id)->zh : cel_report_item(id)->en;
}

static void find_same_persons(JsonObject *facts, gboolean chinese, GString *problems)
{
    static const char *const different[][2] = {{"examiner", "second"}, {"examiner", "reviewer"}};
    for (gsize i = 0; facts != NULL && i < G_N_ELEMENTS(different); i++) {
        g_autofree char *a = g_strdup_printf("persons/%s/id", different[i][0]);
        g_autofree char *b = g_strdup_printf("persons/%s/id", different[i][1]);
        const char *one = cel_record_text(facts, a), *other = cel_record_text(facts, b);
        if (one == NULL || g_strcmp0(one, other) != 0)
            continue;
        g_autofree char *text = g_strdup_printf(_("%s and %s are the same person (%s)"),
                                                person(different[i][0], chinese),
                                                person(different[i][1], chinese), one);
        add_problem(problems, text);
    }
}

/* An amended paper names all of what it replaces, or nothing. */
static void find_half_amendment(JsonObject *facts, GString *problems)
{
    static const char *const parts[] = {"report/replaces/number", "report/replaces/sha256",
                                        "report/replaces/why"};
    if (facts == NULL || fact_node(facts, "report/replaces") == NULL)
        return;
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *text =
            g_strdup_printf(_("missing: %s, which an amended paper names"), parts[i]);
        if (fact_node(facts, parts[i]) == NULL)
            add_problem(problems, text);
    }
}

static void find_blocks(JsonObject *facts, GString *problems)
{
    static const char *const checks[] = {"checks/opening/verdict", "checks/closing/verdict"};
    for (gsize i = 0; facts != NULL && i < G_N_ELEMENTS(checks); i++) {
        const char *verdict = cel_record_text(facts, checks[i]);
        g_autofree char *text = g_strdup_printf(_("%s: the check did not pass"), checks[i]);
        if (verdict != NULL && strcmp(verdict, "pass") != 0)
            add_problem(problems, text);
    }
    JsonArray *blocked = cel_report_fact_list(facts, "release.blocked");
    for (guint i = 0; blocked != NULL && i < json_array_get_length(blocked); i++)
        add_problem(problems, json_array_get_string_element(blocked, i));
}

static gboolean allow(const Court *court, GError **error)
{
    g_autoptr(GString) problems = g_string_new(NULL);
    find_missing(court, problems);
    find_strangers(court->facts, court->record, problems);
    find_same_persons(court->facts, court->chinese, problems);
    find_half_amendment(court->facts, problems);
    find_blocks(court->facts, problems);
    if (problems->len == 0)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                _("No court page can be issued for this exhibit; complete the register or the "
                  "facts, then ask again:%s"),
                problems->str);
    return FALSE;
}

gboolean cel_report_facts_allow_court(JsonObject *facts, JsonObject *record, gboolean chinese,
                                      GError **error)
{
    const Court court = {facts, record, chinese, TRUE};
    return allow(&court, error);
}

gboolean cel_report_facts_allow_release(JsonObject *facts, JsonObject *record, gboolean chinese,
                                        GError **error)
{
    const Court court = {facts, record, chinese, FALSE};
    return allow(&court, error);
}
