/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "result/cel-result-facts.h"

#include "base/cel-error.h"
#include "bench/cel-sealed-work.h"
#include "cel-words.h"
#include "match/cel-alarm.h"
#include "match/cel-record-card.h"
#include "report/cel-paper.h"

#include <glib/gi18n-lib.h>
#include <string.h>

void cel_result_facts_free(CelResultFacts *facts)
{
    if (facts == NULL)
        return;
    GPtrArray *const lists[] = {facts->sentences,        facts->next,  facts->why,
                                facts->deviations,       facts->marks, facts->limits,
                                facts->replicate_reasons};
    char *const texts[] = {facts->label,      facts->title,      facts->claim, facts->lead,
                           facts->replicates, facts->validation, facts->alarm};
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++)
        g_ptr_array_unref(lists[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(facts);
}

static GPtrArray *texts_new(void)
{
    return g_ptr_array_new_with_free_func(g_free);
}

static void add(GPtrArray *texts, const char *text)
{
    if (text != NULL && *text != '\0')
        g_ptr_array_add(texts, g_strdup(text));
}

static const char *claim_text(CelClaimId id)
{
    return cel_ui_pick(cel_claim(id)->zh, cel_claim(id)->en);
}

/* ---- sentences ---- */

/* Where a sentence ends: behind a Chinese full stop, or behind one of English with a blank and a
 * capital letter behind it ("cm-1. Advice", not "0.2" or "e.g. x"). */
static const char *end_of_sentence(const char *at)
{
    if (g_str_has_prefix(at, "。"))
        return at + strlen("。");
    if (at[0] == '.' && at[1] == ' ' && g_ascii_isupper(at[2]))
        return at + 1;
    return NULL;
}

GPtrArray *cel_result_sentences(const char *text)
{
    GPtrArray *out = texts_new();
    const char *start = text;
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        const char *end = end_of_sentence(at);
        if (end == NULL)
            continue;
        g_ptr_array_add(out, g_strndup(start, (gsize)(end - start)));
        start = *end == ' ' ? end + 1 : end;
    }
    if (*start != '\0')
        g_ptr_array_add(out, g_strdup(start));
    return out;
}

/* Whether @sentence is row @id filled in: it begins as the row does before its placeholder. */
static gboolean is_row(const char *sentence, CelClaimId id)
{
    const char *row = claim_text(id), *brace = strchr(row, '{');
    return brace != NULL ? strncmp(sentence, row, (gsize)(brace - row)) == 0
                         : strcmp(sentence, row) == 0;
}

static gboolean is_mark(const CelResultFacts *facts, const char *sentence)
{
    return g_ptr_array_find_with_equal_func(facts->marks, sentence, g_str_equal, NULL);
}

/* The lead, the marks and where to send it stand in places of their own; English says the lead in
 * two sentences. */
static void sort_sentences(CelResultFacts *facts)
{
    const char *lead_row = cel_claim(CEL_CLAIM_LEAD)->en;
    const char *lead_end = strstr(lead_row, ". ") + 2;
    GString *lead = g_string_new(NULL);
    g_autoptr(GPtrArray) all = cel_result_sentences(facts->claim);
    for (guint i = 0; i < all->len; i++) {
        const char *sentence = g_ptr_array_index(all, i);
        if (is_row(sentence, CEL_CLAIM_LEAD) || strcmp(sentence, lead_end) == 0)
            g_string_append_printf(lead, "%s%s", lead->len > 0 ? " " : "", sentence);
        else if (is_row(sentence, CEL_CLAIM_SEND_TO))
            add(facts->next, sentence);
        else if (!is_mark(facts, sentence))
            add(facts->sentences, sentence);
    }
    facts->lead = g_string_free(lead, FALSE);
}

/* ---- what both kinds of source share ---- */

static CelResultFacts *facts_new(const char *title)
{
    CelResultFacts *facts = g_new0(CelResultFacts, 1);
    GPtrArray **const lists[] = {&facts->sentences,        &facts->next,  &facts->why,
                                 &facts->deviations,       &facts->marks, &facts->limits,
                                 &facts->replicate_reasons};
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++)
        *lists[i] = texts_new();
    facts->title = g_strdup(title);
    facts->alarm = g_strdup("");
    return facts;
}

/* What follows from outcome, claim and marks. */
static void complete(CelResultFacts *facts)
{
    const gboolean chinese = cel_ui_is_chinese();
    const CelReportWord next = cel_report_next_step(cel_outcome_name(facts->outcome));
    if (facts->is_training)
        add(facts->marks, claim_text(CEL_CLAIM_TRAINING));
    if (facts->is_development)
        add(facts->marks, claim_text(CEL_CLAIM_DEVELOPMENT));
    if (next != CEL_N_WORDS)
        add(facts->next, cel_report_word(next, chinese));
    sort_sentences(facts);
    add(facts->limits, claim_text(CEL_CLAIM_SCOPE));
    add(facts->limits, claim_text(CEL_CLAIM_ENDING));
}

static char *counts_text(gint64 planned, gint64 valid, gint64 agree)
{
    return g_strdup_printf("%" G_GINT64_FORMAT " / %" G_GINT64_FORMAT " / %" G_GINT64_FORMAT,
                           planned, valid, agree);
}

static void add_all(GPtrArray *to, const GPtrArray *zh, const GPtrArray *en)
{
    for (guint i = 0; i < en->len; i++)
        add(to,
            cel_ui_pick(i < zh->len ? g_ptr_array_index(zh, i) : NULL, g_ptr_array_index(en, i)));
}

/* ---- an answer ---- */

static void take_alarm(CelResultFacts *facts, const CelSentence *sentence)
{
    if (sentence == NULL)
        return;
    g_free(facts->alarm);
    facts->alarm = g_strdup(cel_ui_pick(sentence->zh, sentence->en));
}

static void take_deviations(CelResultFacts *facts, const CelWork *work)
{
    const GPtrArray *list = cel_work_deviations(work);
    for (guint i = 0; i < list->len; i++) {
        const CelDeviation *deviation = g_ptr_array_index(list, i);
        add(facts->deviations, cel_ui_pick(deviation->zh, deviation->en));
    }
}

CelResultFacts *cel_result_facts_of_answer(CelAnswer *answer)
{
    const CelIdentification *given = cel_answer_get(answer);
    const CelReplicates *replicates = &given->replicates;
    const gboolean chinese = cel_ui_is_chinese();
    CelResultFacts *facts = facts_new(cel_answer_title(answer));
    facts->outcome = given->outcome;
    facts->is_lead = given->lead_id != NULL;
    facts->is_training = given->simulated;
    facts->is_development = given->policy == CEL_POLICY_DEVELOPMENT;
    facts->label = g_strdup(cel_outcome_label(given->outcome, chinese));
    facts->claim = g_strdup(cel_ui_pick(given->claim_zh, given->claim_en));
    facts->replicates = counts_text(replicates->planned, replicates->valid, replicates->agree);
    facts->validation = given->rates != NULL ? cel_rates_text(given->rates, chinese)
                                             : g_strdup(claim_text(CEL_CLAIM_NOT_VALIDATED));
    add_all(facts->why, given->why_zh, given->why_en);
    add_all(facts->replicate_reasons, replicates->reasons_zh, replicates->reasons);
    take_deviations(facts, cel_answer_work(answer));
    take_alarm(facts, cel_alarm(given));
    complete(facts);
    return facts;
}

/* ---- a sealed record ---- */

static void add_list(GPtrArray *to, JsonObject *object, const char *zh, const char *en)
{
    JsonArray *first = cel_json_list(object, cel_ui_is_chinese() ? zh : en);
    JsonArray *list = first != NULL ? first : cel_json_list(object, en);
    for (guint i = 0; i < cel_json_length(list); i++)
        add(to, cel_json_at_words(list, i));
}

static gboolean outcome_of(const char *name, CelOutcome *out)
{
    for (guint i = 0; i < CEL_N_OUTCOMES; i++) {
        if (g_strcmp0(name, cel_outcome_name((CelOutcome)i)) != 0)
            continue;
        *out = (CelOutcome)i;
        return TRUE;
    }
    return FALSE;
}

static gint64 count_of(JsonObject *object, const char *name)
{
    return object != NULL ? json_object_get_int_member_with_default(object, name, 0) : 0;
}

/* The list of today, as beside an answer that was just made. */
static void take_sealed_alarm(CelResultFacts *facts, JsonObject *answer)
{
    JsonArray *hits = cel_json_list(answer, "hits");
    JsonObject *first = cel_json_length(hits) > 0 ? cel_json_at_object(hits, 0) : NULL;
    const CelAlarmCase said = {
        .outcome = facts->outcome,
        .ceiling = cel_json_words(cel_json_child(answer, "claim"), "ceiling"),
        .class_id = first != NULL ? cel_json_words(first, "class") : NULL,
        .group_id = first != NULL ? cel_json_words(first, "group") : NULL,
    };
    take_alarm(facts, cel_alarm_said(&said));
}

static void take_answer(CelResultFacts *facts, JsonObject *answer)
{
    JsonObject *claim = cel_json_child(answer, "claim");
    JsonObject *replicates = cel_json_child(answer, "replicates");
    JsonArray *deviations = cel_json_list(answer, "deviations");
    facts->is_lead = cel_json_words(answer, "lead") != NULL;
    facts->label = g_strdup(
        cel_ui_pick(cel_json_words(answer, "label_zh"), cel_json_words(answer, "label_en")));
    facts->claim =
        g_strdup(cel_ui_pick(cel_json_words(claim, "zh_CN"), cel_json_words(claim, "en")));
    facts->replicates = counts_text(count_of(replicates, "planned"), count_of(replicates, "valid"),
                                    count_of(replicates, "agree"));
    add_list(facts->why, answer, "why_zh", "why");
    add_list(facts->replicate_reasons, replicates, "reasons_zh_CN", "reasons");
    for (guint i = 0; i < cel_json_length(deviations); i++) {
        JsonObject *row = cel_json_at_object(deviations, i);
        add(facts->deviations, cel_ui_pick(cel_json_words(row, "zh"), cel_json_words(row, "en")));
    }
}

CelResultFacts *cel_result_facts_of_sealed(const CelSealed *sealed, const char *title,
                                           GError **error)
{
    JsonObject *answer = cel_sealed_answer(sealed);
    JsonObject *text = cel_json_child(answer, "validation");
    g_autoptr(CelResultFacts) facts = facts_new(title);
    if (!outcome_of(cel_json_words(answer, "outcome"), &facts->outcome)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, _("The file names no outcome"));
        return NULL;
    }
    take_answer(facts, answer);
    take_sealed_alarm(facts, answer);
    facts->is_training = cel_sealed_is_training(sealed);
    facts->is_development = cel_sealed_policy(sealed) == CEL_POLICY_DEVELOPMENT;
    const char *said = cel_ui_pick(cel_json_words(text, "zh_CN"), cel_json_words(text, "en"));
    facts->validation = g_strdup(*said != '\0' ? said : claim_text(CEL_CLAIM_NOT_VALIDATED));
    complete(facts);
    return g_steal_pointer(&facts);
}

char *cel_result_spoken(const CelResultFacts *facts)
{
    return g_strdup_printf("%s. %s", facts->label, facts->claim);
}
