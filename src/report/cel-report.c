/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/cel-paper.h"

#include "base/cel-error.h"
#include "match/cel-claims.h"
#include "report/cel-report-items.h"

#include <glib/gi18n-lib.h>
#include <pango/pangocairo.h>
#include <string.h>

/* Words and marks of accreditation and of expert opinions, in lower case: only a signed profile
 * gives them. */
static const char *const reserved[] = {
    "鉴定", "检验报告", "检测报告", "认可",  "资质",           "cnas",          "cma",
    "ilac", "accredit", "iso/iec",  "17025", "expert opinion", "expert report",
};

gboolean cel_report_has_font(GError **error)
{
    PangoFontFamily **families = NULL;
    int n = 0;
    gboolean found = FALSE;
    pango_font_map_list_families(pango_cairo_font_map_get_default(), &families, &n);
    for (int i = 0; i < n && !found; i++)
        found = strcmp(pango_font_family_get_name(families[i]), CEL_PAGE_FONT) == 0;
    g_free(families);
    if (!found)
        g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM,
                    _("The font %s is missing, so the paper would be unreadable; install the "
                      "package fonts-wqy-microhei"),
                    CEL_PAGE_FONT);
    return found;
}

/* Marks are whole words: "McMaster" bears none. */
static gboolean says(const char *lower, const char *word)
{
    const gsize n = strlen(word);
    for (const char *at = strstr(lower, word); at != NULL; at = strstr(at + 1, word)) {
        const gboolean inside = (at > lower && g_ascii_isalpha(at[-1])) || g_ascii_isalpha(at[n]);
        if (n > strlen("cnas") || !inside)
            return TRUE;
    }
    return FALSE;
}

/* Whether the laboratory itself, under its signature, uses @word. */
static gboolean allows(const CelProfile *profile, const char *word)
{
    if (profile == NULL || !profile->is_signed)
        return FALSE;
    g_autofree char *body = json_to_string(profile->json, FALSE);
    g_autofree char *lower = g_utf8_strdown(body, -1);
    return says(lower, word);
}

const char *cel_report_reserved(const char *text, const CelProfile *profile)
{
    g_autofree char *lower = g_utf8_strdown(text, -1);
    for (gsize i = 0; i < G_N_ELEMENTS(reserved); i++)
        if (says(lower, reserved[i]) && !allows(profile, reserved[i]))
            return reserved[i];
    return NULL;
}

static gboolean check_words(const CelReportItem *item, const char *text, const CelProfile *profile,
                            GError **error)
{
    const char *word = cel_report_reserved(text, profile);
    if (word != NULL) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                    _("\"%s\" in \"%s\" may only be printed where the laboratory's signed profile "
                      "allows it; nothing was printed"),
                    word, item->path);
        return FALSE;
    }
    word = item->result ? cel_claim_forbidden(text) : NULL;
    if (word == NULL)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                _("\"%s\" may not stand in a finding of a screening (\"%s\"); word it anew"), word,
                item->path);
    return FALSE;
}

/* What people typed into the facts is held to the rules of the paper. */
static gboolean check_facts(const CelReportRequest *request, GError **error)
{
    gsize n = 0;
    const CelReportItem *items = cel_report_items(&n);
    if (request->facts != NULL && !cel_report_facts_check(request->facts, error))
        return FALSE;
    for (gsize i = 0; i < n; i++) {
        g_autofree char *text = items[i].source == CEL_ITEM_FACT
                                    ? cel_report_fact(request->facts, items[i].id, TRUE)
                                    : NULL;
        if (text != NULL && !check_words(&items[i], text, request->profile, error))
            return FALSE;
    }
    return TRUE;
}

static GBytes *make(CelPaper *paper, CelReportForm form, GError **error)
{
    GBytes *(*const makers[])(CelPaper *, GError **) = {
        [CEL_REPORT_CARD] = cel_report_card,
        [CEL_REPORT_COURT] = cel_report_court,
        [CEL_REPORT_EXPERT] = cel_report_expert,
    };
    return makers[form](paper, error);
}

GBytes *cel_report_pdf(const CelReportRequest *request, GError **error)
{
    g_return_val_if_fail((guint)request->form <= CEL_REPORT_EXPERT, NULL);
    if (!check_facts(request, error) || !cel_report_has_font(error))
        return NULL;
    CelPaper paper = {.request = request,
                      .record = cel_sealed_record(request->sealed),
                      .answer = cel_sealed_answer(request->sealed),
                      .chinese = request->chinese,
                      .training = cel_sealed_is_training(request->sealed)};
    g_autofree char *number = cel_report_fact(request->facts, "report.number", paper.chinese);
    paper.number = number;
    paper.title = cel_paper_word(&paper, CEL_WORD_TITLE);
    JsonArray *hits = cel_json_list(paper.answer, "hits");
    if (cel_json_length(hits) > 0)
        paper.hit = cel_json_at_object(hits, 0);
    return make(&paper, request->form, error);
}
