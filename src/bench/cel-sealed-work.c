/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-sealed-work.h"

#include "evidence/cel-record.h"

#include <string.h>

guint cel_sealed_hits(const CelSealed *sealed)
{
    JsonObject *answer = cel_sealed_answer(sealed);
    JsonNode *node = cel_record_member(answer, "hits");
    return node != NULL && JSON_NODE_HOLDS_ARRAY(node)
               ? json_array_get_length(json_node_get_array(node))
               : 0;
}

static double quality_number(JsonObject *answer, const char *path)
{
    JsonNode *node = cel_record_member(answer, path);
    return node != NULL && JSON_NODE_HOLDS_VALUE(node) ? json_node_get_double(node) : 0.0;
}

CelPolicy cel_sealed_policy(const CelSealed *sealed)
{
    const char *policy = cel_record_text(cel_sealed_record(sealed), "policy");
    return g_strcmp0(policy, "development") == 0 ? CEL_POLICY_DEVELOPMENT : CEL_POLICY_EVIDENCE;
}

CelSampleState cel_sealed_state(const CelSealed *sealed)
{
    JsonObject *answer = cel_sealed_answer(sealed);
    const char *check = cel_record_text(answer, "quality/axis_check");
    const gboolean known = check != NULL && strcmp(check, "none") != 0;
    return (CelSampleState){.axis_u_cm1 = quality_number(answer, "quality/axis_u_cm1"),
                            .axis_check = known ? check : NULL};
}

double cel_sealed_resolution_cm1(const CelSealed *sealed)
{
    return quality_number(cel_sealed_answer(sealed), "quality/resolution_cm1");
}

JsonArray *cel_sealed_libraries(const CelSealed *sealed)
{
    JsonNode *node = cel_record_member(cel_sealed_record(sealed), "lib");
    return node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
}

static gboolean add_measurements(CelWork *work, const CelSealed *sealed, GError **error)
{
    const CelH5Node *node;
    gsize n = 0;
    for (; (node = cel_sealed_measurement(sealed, n)) != NULL; n++) {
        CelMeasurement *m = cel_nxraman_read(node, error);
        if (m == NULL)
            return FALSE;
        cel_work_add(work, m);
    }
    /* Planned replicates that gave no measurement count too. */
    const gint64 planned = cel_record_number(cel_sealed_answer(sealed), "replicates/planned");
    for (gint64 i = (gint64)n; i < MIN(planned, CEL_SEAL_MAX_MEASUREMENTS); i++)
        cel_work_add_failure(work, "?");
    return TRUE;
}

static gboolean add_blanks(CelWork *work, const CelSealed *sealed, GError **error)
{
    const CelH5Node *node;
    for (gsize n = 0; (node = cel_sealed_blank(sealed, n)) != NULL; n++) {
        g_autofree char *name = cel_h5_get_text(node, "/entry/blank_kind", error);
        CelMeasurement *m = name != NULL ? cel_nxraman_read(node, error) : NULL;
        guint kind = 0;
        if (m == NULL)
            return FALSE;
        while (kind < CEL_BLANK_CLEANING && strcmp(cel_blank_kind_name(kind), name) != 0)
            kind++;
        cel_work_add_blank(work, kind, m);
    }
    return TRUE;
}

gboolean cel_sealed_fill(CelWork *work, const CelSealed *sealed, GError **error)
{
    JsonNode *through = cel_record_member(cel_sealed_answer(sealed), "measured_through");
    if (through != NULL && JSON_NODE_HOLDS_VALUE(through) && json_node_get_boolean(through))
        cel_work_measure_through(work);
    return add_measurements(work, sealed, error) && add_blanks(work, sealed, error);
}
