/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-lab-validation.h"

#include "base/cel-file.h"
#include "evidence/cel-entry.h"
#include "evidence/cel-record.h"

#include <string.h>

#define RECORDS_NAME "validation.tsv"
enum { RECORDS_MODE = 0644 };

char *cel_lab_records_path(const char *folder)
{
    return g_build_filename(folder, RECORDS_NAME, NULL);
}

/* The newest event of the lab's own ledger that matches; 0: there is none. */
static gboolean newest(CelLab *lab, const CelRowMatch *match, guint64 after, guint64 *out_seq,
                       GError **error)
{
    CelRegister *reg = cel_lab_register(lab);
    const char *own = cel_ledger_id(cel_lab_ledger(lab));
    const CelRowQuery query = {.match = {{.column = "ledger", .text = own}, match[0], match[1]},
                               .after_seq = after,
                               .newest_first = TRUE,
                               .most = 1};
    g_autoptr(GPtrArray) rows = cel_register_rows(reg, CEL_ROW_EVENT, &query, error);
    if (rows == NULL)
        return FALSE;
    *out_seq = rows->len > 0 ? (guint64)cel_row_number(g_ptr_array_index(rows, 0), "seq") : 0;
    return TRUE;
}

/* Rows only say where to look: the record itself must be such an event of this ledger at that
 * place, signed with keys that were not taken back from there on or before. */
static gboolean is_good(CelLab *lab, const CelLedgerEntry *entry, JsonObject *event, guint64 seq)
{
    return g_strcmp0(cel_record_text(event, "act"), cel_act_def(CEL_ACT_VALIDATION)->id) == 0 &&
           g_strcmp0(cel_record_text(event, "ledger"), cel_ledger_id(cel_lab_ledger(lab))) == 0 &&
           json_object_get_int_member(event, "seq") == (gint64)seq &&
           cel_entry_vouched(entry, event, cel_lab_trust(lab), seq, NULL);
}

/* What the newest event "validation" names; "" when there is none that is good or it was
 * corrected. */
static gboolean known_digest(CelLab *lab, guint64 *out_seq, char **out_sha256, GError **error)
{
    guint64 corrected = 0;
    const CelRowMatch of_act[2] = {{.column = "act", .text = "validation"}};
    *out_sha256 = g_strdup("");
    if (!newest(lab, of_act, 0, out_seq, error))
        return FALSE;
    if (*out_seq == 0)
        return TRUE;
    const CelRowMatch corrects[2] = {{.column = "act", .text = "correct"},
                                     {.column = "refers", .number = (gint64)*out_seq}};
    if (!newest(lab, corrects, *out_seq, &corrected, error))
        return FALSE;
    g_autoptr(CelLedgerEntry) entry = cel_ledger_entry(cel_lab_ledger(lab), *out_seq, error);
    g_autoptr(JsonNode) node = entry != NULL ? cel_event_read(entry->record, error) : NULL;
    JsonObject *event = node != NULL ? json_node_get_object(node) : NULL;
    if (event == NULL || !cel_entry_check_signatures(entry, event, error))
        return FALSE;
    const char *text = cel_record_text(event, "data/sha256");
    if (corrected == 0 && text != NULL && is_good(lab, entry, event, *out_seq)) {
        g_free(*out_sha256);
        *out_sha256 = g_strdup(text);
    }
    return TRUE;
}

gboolean cel_lab_vouch(CelLab *lab, CelRecords *records, GError **error)
{
    guint64 seq = 0;
    g_autofree char *sha256 = NULL;
    if (!known_digest(lab, &seq, &sha256, error))
        return FALSE;
    if (strcmp(sha256, cel_records_sha256(records)) == 0)
        cel_records_vouch(records, seq);
    return TRUE;
}

static JsonObject *facts_of(const CelLabValidation *v, const CelRecords *records,
                            const char *replaces)
{
    JsonObject *data = json_object_new();
    json_object_set_string_member(data, "sha256", cel_records_sha256(records));
    json_object_set_int_member(data, "spectra", cel_records_n_spectra(records));
    json_object_set_int_member(data, "specimens", cel_records_n_specimens(records));
    json_object_set_string_member(data, "policy", v->policy);
    json_object_set_string_member(data, "libraries", v->libraries);
    json_object_set_string_member(data, "thresholds", v->thresholds);
    if (*replaces != '\0')
        json_object_set_string_member(data, "replaces", replaces);
    return data;
}

gboolean cel_lab_record_validation(CelLab *lab, const CelLabValidation *validation,
                                   const CelLabPerson *second, CelLedgerPlace *out_place,
                                   GError **error)
{
    guint64 seq = 0;
    CelDigestPair digests;
    g_autofree char *before = NULL;
    g_autoptr(CelRecords) records = cel_records_read(validation->records, validation->name, error);
    if (records == NULL || !known_digest(lab, &seq, &before, error))
        return FALSE;
    g_autoptr(JsonObject) data = facts_of(validation, records, before);
    const CelEventRequest request = {.act = CEL_ACT_VALIDATION,
                                     .why = validation->why,
                                     .data = data,
                                     .clock = cel_clock_system()};
    if (!cel_lab_may(lab, &request, error) ||
        !cel_lab_keep(lab, CEL_LAB_PAPERS, validation->records, &digests, error) ||
        !cel_lab_record(lab, &request, second, out_place, error))
        return FALSE;
    g_autofree char *path = cel_lab_records_path(cel_lab_folder(lab));
    return cel_file_write(path, validation->records, RECORDS_MODE, error);
}
