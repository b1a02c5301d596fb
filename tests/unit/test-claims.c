/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-claims.h"

#include <string.h>

static const char *zh(CelClaimId id)
{
    return cel_claim(id)->zh;
}

static void every_row_has_an_id_and_both_languages(void)
{
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < CEL_N_CLAIMS; i++) {
        const CelSentence *row = cel_claim((CelClaimId)i);
        g_assert_nonnull(row->id);
        g_assert_cmpuint(strlen(row->en), >, 0);
        g_assert_cmpuint(strlen(row->zh), >, 0);
        g_assert_true(g_utf8_validate(row->zh, -1, NULL));
        g_assert_true(g_hash_table_add(ids, (gpointer)row->id));
    }
}

static void no_sentence_says_a_forbidden_word(void)
{
    for (guint i = 0; i < CEL_N_CLAIMS; i++) {
        const CelSentence *row = cel_claim((CelClaimId)i);
        g_assert_cmpstr(cel_claim_forbidden(row->en), ==, NULL);
        g_assert_cmpstr(cel_claim_forbidden(row->zh), ==, NULL);
    }
}

static void forbidden_words_are_seen(void)
{
    g_assert_cmpstr(cel_claim_forbidden("样品中检出聚乙烯"), ==, "检出");
    g_assert_cmpstr(cel_claim_forbidden("The powder was IDENTIFIED AS urea"), ==, "identified as");
    g_assert_cmpstr(cel_claim_forbidden("本样品不含石棉"), ==, "不含");
    g_assert_cmpstr(cel_claim_forbidden("匹配度98%"), ==, "匹配度");
    g_assert_cmpstr(cel_claim_forbidden("排除其他组分"), ==, "排除");
}

static void a_prescribed_phrase_does_not_cover_another_one(void)
{
    g_autofree char *both = g_strconcat(zh(CEL_CLAIM_NOTHING_CLAIMED), "不含石棉", NULL);
    g_assert_cmpstr(cel_claim_forbidden(zh(CEL_CLAIM_NOTHING_CLAIMED)), ==, NULL);
    g_assert_cmpstr(cel_claim_forbidden(both), ==, "不含");
}

/* The wording of the rules of the bench, character by character. */
static void chinese_sentences_are_those_of_the_rules(void)
{
    g_assert_cmpstr(zh(CEL_CLAIM_LABEL_FOUND), ==, "筛查相符");
    g_assert_cmpstr(zh(CEL_CLAIM_LABEL_MIXTURE), ==, "疑似多组分");
    g_assert_cmpstr(zh(CEL_CLAIM_LABEL_CLASS_ONLY), ==, "仅提示类别");
    g_assert_cmpstr(zh(CEL_CLAIM_LABEL_INCONCLUSIVE), ==, "无法判断");
    g_assert_cmpstr(zh(CEL_CLAIM_LABEL_NOTHING_CLAIMED), ==, "不作指向性结论");
    g_assert_cmpstr(zh(CEL_CLAIM_LABEL_REFUSED), ==, "结果不予出具");
    g_assert_cmpstr(zh(CEL_CLAIM_FOUND), ==,
                    "在方法{M}、参考库{L}及其判定规则下,所测光谱与{X}的参考光谱相符。"
                    "本方法不能区分:{A}。");
    g_assert_cmpstr(zh(CEL_CLAIM_CLASS_ONLY), ==,
                    "所测光谱呈现{C}类物质的特征,本方法不足以区分具体物质(或物种)。");
    g_assert_cmpstr(zh(CEL_CLAIM_NOTHING_CLAIMED), ==,
                    "测量有效,但未达到对库内任何物质作出提示的条件。"
                    "此结果不表示检材中不含某种物质。");
    g_assert_cmpstr(zh(CEL_CLAIM_ENDING), ==,
                    "本结果为快速筛查结果,仅对所测部位和当次测量负责,不作为鉴定意见;"
                    "如需定性、定种或定量,应送有资质的机构采用其他方法进一步检验。");
    g_assert_cmpstr(zh(CEL_CLAIM_TRAINING), ==, "模拟/培训数据,不得作为证据。");
    g_assert_true(g_str_has_prefix(zh(CEL_CLAIM_LEAD), "线索(待核实),不得写入结论"));
}

static void both_languages_take_the_same_values(void)
{
    static const char *const names[] = {"{X}", "{Y}", "{M}", "{L}", "{A}", "{C}",
                                        "{P}", "{V}", "{N}", "{W}", "{R}"};
    for (guint i = 0; i < CEL_N_CLAIMS; i++) {
        const CelSentence *row = cel_claim((CelClaimId)i);
        for (gsize n = 0; n < G_N_ELEMENTS(names); n++)
            g_assert_cmpint(strstr(row->en, names[n]) != NULL, ==,
                            strstr(row->zh, names[n]) != NULL);
    }
}

static void placeholders_are_filled_and_gaps_stay_visible(void)
{
    g_autofree char *text = cel_claim_fill("{X} and {Y}, {X}", "X", "calcite", NULL);
    g_assert_cmpstr(text, ==, "calcite and {Y}, calcite");
    g_autofree char *odd = cel_claim_fill("{X} {", "X", "{Y}", "Y", "no", NULL);
    g_assert_cmpstr(odd, ==, "{Y} {");
}

static void notes_stand_beside_pigments_and_what_the_laser_makes(void)
{
    CelClaimId notes[CEL_CLAIM_MAX_NOTES];
    g_assert_cmpuint(cel_claim_notes("pigment_red_3", notes), ==, 1);
    g_assert_cmpint(notes[0], ==, CEL_CLAIM_LIMIT_PIGMENT);
    g_assert_cmpuint(cel_claim_notes("hematite", notes), ==, 1);
    g_assert_cmpint(notes[0], ==, CEL_CLAIM_LIMIT_LASER_MADE);
    g_assert_cmpuint(cel_claim_notes("calcite", notes), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/claims/table/complete", every_row_has_an_id_and_both_languages);
    g_test_add_func("/claims/table/no-forbidden-word", no_sentence_says_a_forbidden_word);
    g_test_add_func("/claims/table/wording-of-the-rules", chinese_sentences_are_those_of_the_rules);
    g_test_add_func("/claims/table/same-values", both_languages_take_the_same_values);
    g_test_add_func("/claims/forbidden/seen", forbidden_words_are_seen);
    g_test_add_func("/claims/forbidden/prescribed-only-whole",
                    a_prescribed_phrase_does_not_cover_another_one);
    g_test_add_func("/claims/fill/values-and-gaps", placeholders_are_filled_and_gaps_stay_visible);
    g_test_add_func("/claims/notes", notes_stand_beside_pigments_and_what_the_laser_makes);
    return g_test_run();
}
