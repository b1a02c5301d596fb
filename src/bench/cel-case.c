/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-case.h"

#include "base/cel-error.h"
#include "base/cel-file.h"
#include "bench/cel-case-paper.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* ---- codes ---- */

static JsonObject *exhibit_of(CelLab *lab, const CelRowQuery *query, const char *typed,
                              GError **error)
{
    g_autoptr(GPtrArray) rows =
        cel_register_rows(cel_lab_register(lab), CEL_ROW_EXHIBIT, query, error);
    if (rows == NULL)
        return NULL;
    if (rows->len == 1)
        return json_object_ref(g_ptr_array_index(rows, 0));
    g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                rows->len == 0 ? _("No exhibit of this lab carries \"%s\"; scan again, or type "
                                   "CASE/ITEM")
                               : _("More than one exhibit carries \"%s\"; type CASE/ITEM"),
                typed);
    return NULL;
}

JsonObject *cel_case_find(CelLab *lab, const char *typed, GError **error)
{
    g_autofree char *text = g_strstrip(g_strdup(typed));
    const char *slash = strrchr(text, '/');
    if (slash != NULL) {
        g_autofree char *case_id = g_strndup(text, (gsize)(slash - text));
        const CelRowQuery query = {.match = {{"case_id", case_id, 0}, {"item_id", slash + 1, 0}}};
        return exhibit_of(lab, &query, text, error);
    }
    g_autofree char *code = g_ascii_strup(text, -1);
    const CelRowQuery query = {.match = {{"code", code, 0}}};
    return exhibit_of(lab, &query, text, error);
}

/* ---- photos ---- */

static gboolean is_picture(GBytes *bytes)
{
    static const guint8 png[] = {0x89, 'P', 'N', 'G', 0x0d, 0x0a, 0x1a, 0x0a};
    static const guint8 jpeg[] = {0xff, 0xd8, 0xff};
    gsize n = 0;
    const guint8 *data = g_bytes_get_data(bytes, &n);
    return (n > sizeof png && memcmp(data, png, sizeof png) == 0) ||
           (n > sizeof jpeg && memcmp(data, jpeg, sizeof jpeg) == 0);
}

gboolean cel_case_add_photo(CelLab *lab, const char *file, const char *moment, JsonArray *photos,
                            char *out_sha256, GError **error)
{
    static const char *const moments[] = {"package", "item",  "seal", "before",
                                          "after",   "scene", NULL};
    CelDigestPair digests;
    if (!g_strv_contains(moments, moment)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                    _("A photo is of: package, item, seal, before, after or scene, not \"%s\""),
                    moment);
        return FALSE;
    }
    g_autoptr(GBytes) bytes = cel_file_read(file, CEL_PHOTO_MAX_BYTES, error);
    if (bytes == NULL)
        return FALSE;
    if (!is_picture(bytes)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("%s is neither PNG nor JPEG; nothing was recorded"), file);
        return FALSE;
    }
    if (!cel_lab_keep(lab, CEL_LAB_PHOTOS, bytes, &digests, error))
        return FALSE;
    JsonObject *photo = json_object_new();
    json_object_set_string_member(photo, "moment", moment);
    json_object_set_string_member(photo, "sha256", digests.sha256);
    json_object_set_string_member(photo, "sm3", digests.sm3);
    json_object_set_int_member(photo, "bytes", (gint64)g_bytes_get_size(bytes));
    json_array_add_object_element(photos, photo);
    if (out_sha256 != NULL)
        g_strlcpy(out_sha256, digests.sha256, sizeof digests.sha256);
    return TRUE;
}

/* ---- review and release ---- */

JsonObject *cel_case_file(CelLab *lab, const char *fid, GError **error)
{
    const CelRowQuery query = {.match = {{"fid", fid, 0}}};
    g_autoptr(GPtrArray) rows =
        cel_register_rows(cel_lab_register(lab), CEL_ROW_FILE, &query, error);
    if (rows == NULL)
        return NULL;
    if (rows->len > 0)
        return json_object_ref(g_ptr_array_index(rows, 0));
    g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE, _("No file %s is sealed in this lab's ledger"),
                fid);
    return NULL;
}

static JsonObject *review_data(const char *stage, const char *verdict)
{
    JsonObject *data = json_object_new();
    json_object_set_string_member(data, "stage", stage);
    json_object_set_string_member(data, "verdict", verdict);
    return data;
}

static gboolean record_blind(CelLab *lab, const CelReview *review, JsonObject *file,
                             guint64 *out_seq, GError **error)
{
    g_autoptr(JsonObject) data = review_data("blind", review->outcome);
    json_object_set_boolean_member(data, "blind", TRUE);
    json_object_set_string_member(data, "outcome", review->outcome);
    if (review->claim != NULL)
        json_object_set_string_member(data, "claim", review->claim);
    const CelEventRequest request = {.act = CEL_ACT_REVIEW,
                                     .case_id = cel_row_text(file, "case_id"),
                                     .item_id = cel_row_text(file, "item_id"),
                                     .fid = review->fid,
                                     .why = review->why,
                                     .data = data,
                                     .clock = cel_clock_system()};
    CelLedgerPlace place;
    if (!cel_lab_record(lab, &request, NULL, &place, error))
        return FALSE;
    *out_seq = place.seq;
    return TRUE;
}

static gboolean record_compared(CelLab *lab, JsonObject *file, CelReviewAnswer *out, GError **error)
{
    g_autoptr(JsonObject) data = review_data("compared", out->agrees ? "agrees" : "disagrees");
    json_object_set_boolean_member(data, "agrees", out->agrees);
    const CelEventRequest request = {.act = CEL_ACT_REVIEW,
                                     .case_id = cel_row_text(file, "case_id"),
                                     .item_id = cel_row_text(file, "item_id"),
                                     .fid = cel_row_text(file, "fid"),
                                     .refers = out->blind_seq,
                                     .data = data,
                                     .clock = cel_clock_system()};
    CelLedgerPlace place;
    if (!cel_lab_record(lab, &request, NULL, &place, error))
        return FALSE;
    out->compared_seq = place.seq;
    return TRUE;
}

/* "substance:pe" and "pe" are the same to a person. */
static gboolean same_claim(const char *sealed, const char *said)
{
    const char *colon = strchr(sealed, ':');
    const char *bare = colon != NULL ? colon + 1 : sealed;
    if (said == NULL || *said == '\0')
        return *sealed == '\0' || strcmp(sealed, "none") == 0;
    return strcmp(said, sealed) == 0 || strcmp(said, bare) == 0;
}

gboolean cel_case_review(CelLab *lab, const CelReview *review, CelReviewAnswer *out, GError **error)
{
    *out = (CelReviewAnswer){0};
    g_autoptr(JsonObject) file = cel_case_file(lab, review->fid, error);
    if (file == NULL || !record_blind(lab, review, file, &out->blind_seq, error))
        return FALSE;
    g_strlcpy(out->outcome, cel_row_text(file, "outcome"), sizeof out->outcome);
    g_strlcpy(out->claim, cel_row_text(file, "claim"), sizeof out->claim);
    out->agrees =
        strcmp(out->outcome, review->outcome) == 0 && same_claim(out->claim, review->claim);
    return record_compared(lab, file, out, error);
}

static gboolean tell_blocks(CelLab *lab, const char *fid, GError **error)
{
    g_autoptr(GPtrArray) blocks =
        cel_gate_release(cel_lab_register(lab), fid, &cel_lab_rules(lab)->limits, error);
    if (blocks == NULL)
        return FALSE;
    if (blocks->len == 0)
        return TRUE;
    g_autofree char *ids = cel_gate_ids(blocks);
    g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                _("The report cannot be released yet: %s (see \"celadon case gate\"); nothing was "
                  "recorded"),
                ids);
    return FALSE;
}

/* What is released as a court page is one that can be printed. */
static gboolean can_be_made(CelLab *lab, const CelRelease *release, GError **error)
{
    if (strcmp(release->form, "court") != 0 ||
        cel_case_allows_release(lab, release->fid, NULL, error))
        return TRUE;
    g_prefix_error(error, "%s ", _("The report is not released, nothing was recorded."));
    return FALSE;
}

gboolean cel_case_release(CelLab *lab, const CelRelease *release, const CelLabPerson *second,
                          CelLedgerPlace *out_place, GError **error)
{
    g_autoptr(JsonObject) file = cel_case_file(lab, release->fid, error);
    if (file == NULL || !tell_blocks(lab, release->fid, error) || !can_be_made(lab, release, error))
        return FALSE;
    g_autoptr(JsonObject) data = json_object_new();
    json_object_set_string_member(data, "report", release->report);
    json_object_set_string_member(data, "form", release->form);
    json_object_set_string_member(data, "outcome", cel_row_text(file, "outcome"));
    if (release->replaces != NULL)
        json_object_set_string_member(data, "replaces", release->replaces);
    CelDigestPair digests;
    g_strlcpy(digests.sha256, cel_row_text(file, "sha256"), sizeof digests.sha256);
    g_strlcpy(digests.sm3, cel_row_text(file, "sm3"), sizeof digests.sm3);
    const CelEventRequest request = {.act = CEL_ACT_RELEASE_REPORT,
                                     .case_id = cel_row_text(file, "case_id"),
                                     .item_id = cel_row_text(file, "item_id"),
                                     .fid = release->fid,
                                     .file = &digests,
                                     .why = release->why,
                                     .data = data,
                                     .clock = cel_clock_system()};
    return cel_lab_record(lab, &request, second, out_place, error);
}

/* ---- figures ---- */

static gboolean count(CelLab *lab, CelRowKind kind, const CelRowMatch *match, guint64 *out,
                      GError **error)
{
    CelRowQuery query = {0};
    if (match != NULL)
        query.match[0] = *match;
    return cel_register_count(cel_lab_register(lab), kind, &query, out, error);
}

static int compare_times(gconstpointer a, gconstpointer b)
{
    const gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
    return x < y ? -1 : x > y;
}

/* Median time from the case's receipt to each release. */
static gboolean find_turnaround(CelLab *lab, gint64 *out_us, GError **error)
{
    g_autoptr(GPtrArray) rows =
        cel_register_rows(cel_lab_register(lab), CEL_ROW_RELEASE, NULL, error);
    if (rows == NULL)
        return FALSE;
    g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(gint64));
    for (guint i = 0; i < rows->len; i++) {
        JsonObject *row = g_ptr_array_index(rows, i);
        const CelRowQuery query = {.match = {{"case_id", cel_row_text(row, "case_id"), 0}}};
        g_autoptr(JsonObject) opened =
            cel_register_row(cel_lab_register(lab), CEL_ROW_CASE, &query, NULL);
        const gint64 received = cel_row_number(opened, "received_us");
        const gint64 took = cel_row_number(row, "t_wall_us") - received;
        if (received > 0 && took >= 0)
            g_array_append_val(times, took);
    }
    g_array_sort(times, compare_times);
    *out_us = times->len > 0 ? g_array_index(times, gint64, times->len / 2) : 0;
    return TRUE;
}

static gboolean count_states(CelLab *lab, CelCaseFigures *out, GError **error)
{
    for (guint s = 0; s < CEL_N_EXHIBIT_STATES; s++) {
        const CelRowMatch match = {"state", cel_exhibit_state_def(s)->id, 0};
        if (!count(lab, CEL_ROW_EXHIBIT, &match, &out->states[s], error))
            return FALSE;
    }
    return TRUE;
}

gboolean cel_case_figures(CelLab *lab, CelCaseFigures *out, GError **error)
{
    *out = (CelCaseFigures){0};
    const struct {
        CelRowKind kind;
        CelRowMatch match;
        guint64 *out;
    } asked[] = {
        {CEL_ROW_CASE, {NULL, NULL, 0}, &out->cases},
        {CEL_ROW_EXHIBIT, {NULL, NULL, 0}, &out->exhibits},
        {CEL_ROW_ACQUISITION, {NULL, NULL, 0}, &out->acquisitions},
        {CEL_ROW_EVENT, {"act", "discard_acquisition", 0}, &out->set_aside},
        {CEL_ROW_FILE, {"state", "complete", 0}, &out->files},
        {CEL_ROW_FILE, {"state", "not-completed", 0}, &out->not_completed},
        {CEL_ROW_CHECK, {"verdict", "pass", 0}, &out->checks_passed},
        {CEL_ROW_CHECK, {"verdict", "fail", 0}, &out->checks_failed},
        {CEL_ROW_NONCONFORM, {"closed_seq", NULL, 0}, &out->nonconforming_open},
        {CEL_ROW_HOLD, {"lifted_seq", NULL, 0}, &out->holds},
        {CEL_ROW_REVIEW, {"verdict", "disagrees", 0}, &out->disagreements},
        {CEL_ROW_RELEASE, {NULL, NULL, 0}, &out->released},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(asked); i++)
        if (!count(lab, asked[i].kind, asked[i].match.column != NULL ? &asked[i].match : NULL,
                   asked[i].out, error))
            return FALSE;
    return count_states(lab, out, error) && find_turnaround(lab, &out->turnaround_us, error);
}
