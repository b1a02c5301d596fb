/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-case-paper.h"

#include "base/cel-error.h"
#include "base/cel-file.h"
#include "bench/cel-lab-seal.h"
#include "report/cel-forms.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char *const form_ids[] = {
    [CEL_REPORT_CARD] = "card", [CEL_REPORT_COURT] = "court", [CEL_REPORT_EXPERT] = "expert"};

/* The file as the archive has it, against the digests that the ledger has. */
static gboolean verify(CelLab *lab, JsonObject *file, const char *path, GPtrArray **out_lines,
                       CelJob *job, GError **error)
{
    CelDigestPair digests;
    g_strlcpy(digests.sha256, cel_row_text(file, "sha256"), sizeof digests.sha256);
    g_strlcpy(digests.sm3, cel_row_text(file, "sm3"), sizeof digests.sm3);
    const CelVerifyOptions options = {.trust = cel_lab_trust(lab),
                                      .expect_case = cel_row_text(file, "case_id"),
                                      .expect_exhibit = cel_row_text(file, "item_id"),
                                      .expect_fid = cel_row_text(file, "fid"),
                                      .expect_file = &digests};
    if (!cel_verify(path, &options, out_lines, job, error))
        return FALSE;
    if (!cel_verdict_any_contradicted(*out_lines))
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                _("%s: the file contradicts its seal (see \"celadon verify\"); no paper is made "
                  "from it"),
                path);
    return FALSE;
}

static gboolean record_paper(CelLab *lab, JsonObject *file, const CelCasePaper *paper,
                             const CelDigestPair *digests, GError **error)
{
    g_autoptr(JsonObject) data = json_object_new();
    json_object_set_string_member(data, "bundle", digests->sha256);
    json_object_set_string_member(data, "form", form_ids[paper->form]);
    const CelEventRequest request = {.act = CEL_ACT_EXPORT,
                                     .case_id = cel_row_text(file, "case_id"),
                                     .item_id = cel_row_text(file, "item_id"),
                                     .fid = paper->fid,
                                     .data = data,
                                     .clock = cel_clock_system()};
    return cel_lab_record(lab, &request, NULL, NULL, error);
}

static GBytes *make(CelLab *lab, JsonObject *file, const CelCasePaper *paper, CelJob *job,
                    GError **error)
{
    g_autofree char *path = cel_lab_sealed_path(lab, paper->fid);
    g_autofree char *name = g_path_get_basename(path);
    g_autoptr(GPtrArray) lines = NULL;
    g_autoptr(JsonObject) facts = cel_case_facts(lab, paper->fid, error);
    if (facts == NULL || !verify(lab, file, path, &lines, job, error))
        return NULL;
    g_autoptr(CelSealed) sealed = cel_sealed_open(path, job, error);
    if (sealed == NULL)
        return NULL;
    const CelCaseCourt court = {facts, cel_sealed_record(sealed), TRUE};
    if (paper->form == CEL_REPORT_COURT && !cel_case_court_allows(&court, error))
        return NULL;
    const CelReportRequest request = {.sealed = sealed,
                                      .file_name = name,
                                      .file_sha256 = cel_row_text(file, "sha256"),
                                      .file_sm3 = cel_row_text(file, "sm3"),
                                      .verdict = lines,
                                      .form = paper->form,
                                      .chinese = paper->chinese,
                                      .facts = facts,
                                      .profile = cel_lab_profile(lab)};
    return cel_report_pdf(&request, error);
}

GBytes *cel_case_paper(CelLab *lab, const CelCasePaper *paper, CelJob *job, GError **error)
{
    CelDigestPair digests;
    g_autoptr(JsonObject) file = cel_case_file(lab, paper->fid, error);
    g_autoptr(GBytes) pdf = file != NULL ? make(lab, file, paper, job, error) : NULL;
    return pdf != NULL && cel_lab_keep(lab, CEL_LAB_PAPERS, pdf, &digests, error) &&
                   record_paper(lab, file, paper, &digests, error)
               ? g_steal_pointer(&pdf)
               : NULL;
}

/* ---- the label on the bag ---- */

static JsonObject *sealing_of(CelLab *lab, JsonObject *exhibit)
{
    const CelRowQuery query = {.match = {{"case_id", cel_row_text(exhibit, "case_id"), 0},
                                         {"item_id", cel_row_text(exhibit, "item_id"), 0},
                                         {"seal_no", cel_row_text(exhibit, "seal_no"), 0}}};
    return cel_register_row(cel_lab_register(lab), CEL_ROW_EVENT, &query, NULL);
}

GBytes *cel_case_label(CelLab *lab, JsonObject *exhibit, gboolean chinese, GError **error)
{
    g_autoptr(JsonObject) facts = json_object_new();
    g_autoptr(JsonObject) sealing = sealing_of(lab, exhibit); /* who closed the bag */
    g_autofree char *when =
        cel_clock_iso8601(cel_row_number(sealing != NULL ? sealing : exhibit, "t_wall_us"));
    g_autofree char *amount = g_strstrip(
        g_strdup_printf("%s %s", cel_row_text(exhibit, "amount"), cel_row_text(exhibit, "unit")));
    when[strlen("YYYY-MM-DD")] = '\0';
    const char *const texts[][2] = {{"code", cel_row_text(exhibit, "code")},
                                    {"case", cel_row_text(exhibit, "case_id")},
                                    {"exhibit", cel_row_text(exhibit, "item_id")},
                                    {"name", cel_row_text(exhibit, "description")},
                                    {"amount", amount},
                                    {"seal_no", cel_row_text(exhibit, "seal_no")},
                                    {"packed_at", when},
                                    {"packer", cel_row_text(sealing, "op_name")},
                                    {"keeper", cel_row_text(exhibit, "holder_person")},
                                    {"department", cel_row_text(exhibit, "holder_dept")}};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        if (*texts[i][1] != '\0')
            json_object_set_string_member(facts, texts[i][0], texts[i][1]);
    const CelFormRequest request = {.form = CEL_FORM_LABEL,
                                    .chinese = chinese,
                                    .facts = facts,
                                    .profile = cel_lab_profile(lab)};
    return cel_form_pdf(&request, error);
}
