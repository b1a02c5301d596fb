/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-lab-seal.h"

#include "base/cel-file.h"
#include "evidence/cel-record.h"

/* A look at a sealed file is an event of its own; the file stays as it is. */

static JsonObject *facts_of(const CelFileCustody *custody, const GPtrArray *lines)
{
    JsonObject *data = json_object_new(), *states = json_object_new();
    json_object_set_string_member(data, "verdict", custody->intact ? "intact" : "not intact");
    for (guint i = 0; i < lines->len; i++) {
        const CelVerdictLine *line = g_ptr_array_index(lines, i);
        json_object_set_string_member(states, line->id, cel_verdict_state_name(line->state));
    }
    json_object_set_object_member(data, "lines", states);
    return data;
}

gboolean cel_lab_add_custody(CelLab *lab, CelFileCustody *custody, CelLedgerPlace *out_place,
                             CelJob *job, GError **error)
{
    const CelVerifyOptions options = {.trust = cel_lab_trust(lab)};
    g_autoptr(GPtrArray) lines = NULL;
    g_autoptr(GBytes) bytes = cel_file_read(custody->path, CEL_SEAL_MAX_BYTES, error);
    if (bytes == NULL || !cel_verify(custody->path, &options, &lines, job, error))
        return FALSE;
    g_autoptr(CelSealed) sealed = cel_sealed_open(custody->path, job, error);
    if (sealed == NULL)
        return FALSE;
    gsize size = 0;
    const void *data = g_bytes_get_data(bytes, &size);
    const CelDigestPair digests = cel_digest_pair(data, size);
    JsonObject *record = cel_sealed_record(sealed);
    custody->intact = !cel_verdict_any_contradicted(lines);
    g_autoptr(JsonObject) facts = facts_of(custody, lines);
    const CelEventRequest request = {.act = CEL_ACT_VERIFY,
                                     .case_id = cel_record_text(record, "case"),
                                     .item_id = cel_record_text(record, "item"),
                                     .fid = cel_record_text(record, "fid"),
                                     .file = &digests,
                                     .why = custody->why,
                                     .data = facts,
                                     .clock = cel_clock_system()};
    return cel_lab_record(lab, &request, NULL, out_place, error);
}
