/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-case-paper.h"
#include "cli/cli-case.h"

#include "base/cel-file.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static void review_json(const CelReview *review, const CelReviewAnswer *answer)
{
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_text(json, "fid", review->fid);
    cel_json_int(json, "blind_seq", (gint64)answer->blind_seq);
    cel_json_int(json, "compared_seq", (gint64)answer->compared_seq);
    cel_json_bool(json, "agrees", answer->agrees);
    cel_json_text(json, "sealed_outcome", answer->outcome);
    cel_json_text(json, "sealed_claim", answer->claim);
    cel_json_close(json);
    cli_print_json(json);
}

int cli_case_review(Cli *cli, CaseWords *words, const char *verb, GError **error)
{
    g_auto(CliSign) sign = {0};
    CelReviewAnswer answer;
    (void)verb;
    if (words->fid == NULL || words->outcome == NULL)
        return cli_usage(error, _("A review needs --fid ID and your own --outcome (and --claim)"));
    const CelReview review = {
        .fid = words->fid, .outcome = words->outcome, .claim = words->claim, .why = words->why};
    if (!cli_sign_open(cli, &words->sign, &sign, error) ||
        !cel_case_review(sign.lab, &review, &answer, error))
        return 5;
    if (cli->json)
        review_json(&review, &answer);
    else
        cli_print(cli,
                  answer.agrees ? _("The sealed result is the same: %s (%s)\n")
                                : _("The sealed result is another one: %s (%s); this is on "
                                    "record, settle it as nonconforming work\n"),
                  answer.outcome, answer.claim);
    return answer.agrees ? 0 : 1;
}

int cli_case_release(Cli *cli, CaseWords *words, const char *verb, GError **error)
{
    g_auto(CliSign) sign = {0};
    CelLedgerPlace place;
    (void)verb;
    if (words->fid == NULL || words->report == NULL)
        return cli_usage(error, _("A release needs --fid ID and --report NUMBER"));
    const CelRelease release = {.fid = words->fid,
                                .report = words->report,
                                .form = words->form != NULL ? words->form : "court",
                                .replaces = words->replaces,
                                .why = words->why};
    if (!cli_sign_open(cli, &words->sign, &sign, error) ||
        !cel_case_release(sign.lab, &release, cli_sign_second(&sign), &place, error))
        return 5;
    if (!cli->json) {
        cli_print(cli, _("Report %s: released, event %ju\n"), release.report, (uintmax_t)place.seq);
        return 0;
    }
    g_autofree char *root = cel_merkle_hex(&place.root[CEL_MERKLE_SHA256]);
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_text(json, "report", release.report);
    cel_json_int(json, "seq", (gint64)place.seq);
    cel_json_text(json, "root_sha256", root);
    cel_json_close(json);
    cli_print_json(json);
    return 0;
}

/* ---- papers ---- */

int cli_case_facts(Cli *cli, CaseWords *words, const char *verb, GError **error)
{
    g_auto(CliSign) sign = {0};
    (void)verb;
    if (words->fid == NULL)
        return cli_usage(error, _("Name the sealed file: --fid ID"));
    if (!cli_sign_read(cli, &words->sign, &sign, error))
        return 4;
    g_autoptr(JsonObject) facts = cel_case_facts(sign.lab, words->fid, error);
    if (facts == NULL)
        return 2;
    g_autoptr(JsonNode) node = json_node_init_object(json_node_alloc(), facts);
    g_autofree char *text = json_to_string(node, !cli->json);
    printf("%s\n", text);
    return 0;
}

static gboolean parse_form(const char *text, CelReportForm *out_form)
{
    static const char *const forms[] = {
        [CEL_REPORT_CARD] = "card", [CEL_REPORT_COURT] = "court", [CEL_REPORT_EXPERT] = "expert"};
    for (guint i = 0; i < G_N_ELEMENTS(forms); i++) {
        *out_form = (CelReportForm)i;
        if (text != NULL && strcmp(text, forms[i]) == 0)
            return TRUE;
    }
    *out_form = CEL_REPORT_COURT;
    return text == NULL;
}

int cli_case_paper(Cli *cli, CaseWords *words, const char *verb, GError **error)
{
    g_auto(CliSign) sign = {0};
    CelCasePaper paper = {.fid = words->fid, .chinese = cli->chinese};
    (void)verb;
    if (words->fid == NULL || words->out == NULL || !parse_form(words->form, &paper.form))
        return cli_usage(error,
                         _("A paper needs --fid ID, --form card|court|expert and --out PDF"));
    if (!cli_sign_open(cli, &words->sign, &sign, error))
        return 4;
    g_autoptr(GBytes) pdf = cel_case_paper(sign.lab, &paper, cli->job, error);
    if (pdf == NULL || !cel_file_write(words->out, pdf, 0644, error))
        return 4;
    cli_print(cli, _("%s written\n"), words->out);
    return 0;
}
