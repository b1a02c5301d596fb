/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/cel-forms.h"

/* Facts for the sheets that need some; made up. */
static const char *const form_texts[CEL_N_FORMS] = {
    [CEL_FORM_LABEL] =
        "{\"code\":\"CELX-7F3A21C09B\",\"case\":\"2026-刑-0042\",\"exhibit\":\"1-1\","
        "\"name\":\"白色粉末,透明塑料袋装\",\"amount\":\"约2 g\",\"seal_no\":\"F-000123\","
        "\"packed_at\":\"2026-11-18 09:30\",\"packer\":\"王芳\",\"keeper\":\"赵强\","
        "\"department\":\"示例市公安局环境犯罪侦查支队\"}",
    [CEL_FORM_HANDOVER] =
        "{\"number\":\"JJ-2026-0107\",\"time\":\"2026-11-18 10:40\",\"from\":{\"department\":"
        "\"示例市公安局环境犯罪侦查支队\",\"person\":\"李明\",\"id\":\"S0102\"},\"to\":{"
        "\"department\":\"示例市公安局生态犯罪快速检测室\",\"person\":\"王芳\",\"id\":\"P0017\"},"
        "\"why\":\"送检\",\"authority\":\"批准文号2026-118\",\"ledger\":{\"id\":"
        "\"0f1e2d3c4b5a69788796a5b4c3d2e1f0\",\"seq\":\"4701\"},\"exhibits\":["
        "{\"case\":\"2026-刑-0042\",\"exhibit\":\"1-1\",\"name\":\"白色粉末\",\"seal_no\":"
        "\"F-000123\",\"seal_state\":\"完好\",\"condition\":\"干燥\"},"
        "{\"case\":\"2026-刑-0042\",\"exhibit\":\"1-2\",\"name\":\"黄色液体\",\"seal_no\":"
        "\"F-000124\",\"seal_state\":\"完好\"}]}",
    [CEL_FORM_DAY] =
        "{\"date\":\"2026-11-18\",\"lab\":\"示例市公安局生态犯罪快速检测室\",\"ledger\":{\"id\":"
        "\"0f1e2d3c4b5a69788796a5b4c3d2e1f0\",\"size\":\"4711\",\"sha256\":"
        "\"5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9\",\"sm3\":"
        "\"66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0\"},"
        "\"checks\":\"开始核查、结束核查均通过\",\"heads\":["
        "{\"time\":\"2026-11-18T04:00:00Z\",\"size\":\"4705\",\"sha256\":"
        "\"6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b\"},"
        "{\"time\":\"2026-11-18T10:00:00Z\",\"size\":\"4711\",\"sha256\":"
        "\"5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9\"}]}",
};

/* Returns: (transfer full) (nullable): NULL for blank forms. */
static inline JsonObject *form_facts(CelForm form)
{
    if (form_texts[form] == NULL)
        return NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonNode) root = json_from_string(form_texts[form], &error);
    g_assert_no_error(error);
    return json_object_ref(json_node_get_object(root));
}
