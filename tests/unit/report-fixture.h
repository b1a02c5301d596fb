/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/cel-report-items.h"

/* Facts that allow a court page, for the exhibit of the fixtures; what they say is made up. */

#define FACTS_FID "00112233445566778899aabbccddeeff"

static const char *const complete_facts[][2] = {
    {"report/number", "XSLK-2026-0042-1"},
    {"lab/name", "示例市公安局生态犯罪快速检测室"},
    {"lab/address", "示例市江北区青石路1号"},
    {"customer/department", "示例市公安局环境犯罪侦查支队"},
    {"customer/person", "李明"},
    {"customer/contact", "示例市江北区青石路2号,000-0000000"},
    {"received/date", "2026-11-18"},
    {"case/number", "2026-0042"},
    {"exhibit/number", "1-1"},
    {"file/fid", FACTS_FID},
    {"exhibit/description", "白色粉末,透明塑料袋装"},
    {"exhibit/condition", "干燥,封装完整"},
    {"exhibit/amount", "约2 g"},
    {"exhibit/seal/no", "F-000123"},
    {"exhibit/seal/state", "intact"},
    {"exhibit/after", "unchanged"},
    {"request/text", "对白色粉末进行快速筛查"},
    {"sampling/population", "同批40袋"},
    {"sampling/tested", "1袋,3个测点"},
    {"sampling/rule", "随机抽取"},
    {"exam/started", "2026-11-18T09:00:00+08:00"},
    {"exam/ended", "2026-11-18T09:20:00+08:00"},
    {"exam/place", "移动检测车,示例市江北区"},
    {"exam/environment", "22 °C,相对湿度45 %,室内弱光"},
    {"instrument/asset", "YQ-017"},
    {"instrument/calibration", "校准证书J-2026-88,有效期至2027-03-01"},
    {"instrument/laser_power", "48 mW,2026-11-01实测"},
    {"checks/standard", "聚苯乙烯,批号PS-2201,有效期至2028-01"},
    {"checks/opening/text", "2026-11-18T08:50:00+08:00,最大偏差0.6 cm-1,限值1.5 cm-1"},
    {"checks/opening/verdict", "pass"},
    {"checks/closing/text", "2026-11-18T11:30:00+08:00,最大偏差0.7 cm-1,限值1.5 cm-1"},
    {"checks/closing/verdict", "pass"},
    {"process/text", "启封后按方法在三个不同部位各测量一次,检验后重新封装"},
    {"persons/examiner/name", "王芳"},
    {"persons/examiner/id", "P0017"},
    {"persons/examiner/authorised", "M-1,授权有效期至2027-06-30"},
    {"persons/second/name", "赵强"},
    {"persons/second/id", "P0021"},
    {"persons/reviewer/name", "陈静"},
    {"persons/reviewer/id", "P0008"},
    {"persons/signatory/name", "周立"},
    {"persons/signatory/id", "P0003"},
    {"report/issued", "2026-11-19"},
    {"ledger/id", "0f1e2d3c4b5a69788796a5b4c3d2e1f0"},
    {"ledger/root/sha256", "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9"},
    {"ledger/root/sm3", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"},
};

/* The object that holds the last name of @path, made where it is missing; and that name. */
static inline JsonObject *facts_parent(JsonObject *facts, const char *path, char **out_name)
{
    g_auto(GStrv) names = g_strsplit(path, "/", -1);
    gsize i = 0;
    for (; names[i + 1] != NULL; i++) {
        if (!json_object_has_member(facts, names[i]))
            json_object_set_object_member(facts, names[i], json_object_new());
        facts = json_object_get_object_member(facts, names[i]);
    }
    *out_name = g_strdup(names[i]);
    return facts;
}

static inline void facts_set(JsonObject *facts, const char *path, const char *text)
{
    g_autofree char *name = NULL;
    JsonObject *parent = facts_parent(facts, path, &name);
    json_object_set_string_member(parent, name, text);
}

static inline void facts_remove(JsonObject *facts, const char *path)
{
    g_autofree char *name = NULL;
    JsonObject *parent = facts_parent(facts, path, &name);
    json_object_remove_member(parent, name);
}

/* Adds @text (nullable: nothing) to the list at @path. */
static inline void facts_add(JsonObject *facts, const char *path, const char *text)
{
    g_autofree char *name = NULL;
    JsonObject *parent = facts_parent(facts, path, &name);
    if (!json_object_has_member(parent, name))
        json_object_set_array_member(parent, name, json_array_new());
    if (text != NULL)
        json_array_add_string_element(json_object_get_array_member(parent, name), text);
}

static inline void facts_number(JsonObject *facts, const char *path, gint64 value)
{
    g_autofree char *name = NULL;
    JsonObject *parent = facts_parent(facts, path, &name);
    json_object_set_int_member(parent, name, value);
}

static inline JsonObject *facts_complete(void)
{
    JsonObject *facts = json_object_new();
    for (gsize i = 0; i < G_N_ELEMENTS(complete_facts); i++)
        facts_set(facts, complete_facts[i][0], complete_facts[i][1]);
    facts_number(facts, "release/seq", 4709);
    facts_number(facts, "ledger/size", 4711);
    facts_add(facts, "exhibit/photos",
              "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b");
    facts_add(facts, "exhibit/photos",
              "d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35");
    facts_add(facts, "annexes", "annex 1");
    facts_add(facts, "annexes", "annex 2");
    return facts;
}

/* As much of a custody record as the facts are compared with. */
static inline JsonObject *fixture_record(void)
{
    static const char json[] =
        "{\"case\":\"2026-0042\",\"item\":\"1-1\",\"fid\":\"" FACTS_FID "\",\"outcome\":\"found\","
        "\"method\":{\"id\":\"M\",\"version\":\"1\",\"validation\":\"not validated\"}}";
    g_autoptr(JsonNode) root = json_from_string(json, NULL);
    return json_object_ref(json_node_get_object(root));
}
