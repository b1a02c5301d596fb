/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outcome-fixture.h"

#include "spectrum/cel-spectrum.h"

/* Of several answers one: how many must agree, what does not count, what a blank takes away. */

static CelSpectrum *make_spectrum(guint seed)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    double x[50], y[50];
    for (int i = 0; i < 50; i++) {
        x[i] = 200 + 2.0 * i;
        y[i] = 100 + g_rand_double(rand);
    }
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, 50, NULL);
    return cel_spectrum_new(axis, y, NULL);
}

/* Replicate @seed of a case; each has noise of its own. */
static CelIdentification *single(Made *made, guint seed)
{
    CelIdentification *answer = decide(made);
    answer->processed = make_spectrum(seed);
    answer->elapsed_us = 1000;
    return answer;
}

static GPtrArray *singles_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)cel_identification_free);
}

static CelIdentification *combine(Made *made, guint n)
{
    g_autoptr(GPtrArray) singles = singles_new();
    for (guint i = 0; i < n; i++)
        g_ptr_array_add(singles, single(made, i + 1));
    return cel_identification_combine(singles, NULL);
}

static void three_replicates_are_the_least_for_a_name(void)
{
    g_auto(Made) made;
    made_init(&made);
    g_autoptr(CelIdentification) three = combine(&made, 3), two = combine(&made, 2);
    outcome_is(three, "found", "substance:x");
    outcome_is(two, "inconclusive", "lead:x");
    g_assert_cmpuint(two->replicates.valid, ==, 2);
    g_assert_true(has_text(two->why_en, "only 2 valid replicates of 2 "));
    g_assert_nonnull(strstr(two->claim_en, cel_claim(CEL_ADVICE_MORE_REPLICATES)->en));
}

static void three_replicates_are_the_least_for_a_class(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.first.grade = CEL_GRADE_B;
    g_autoptr(CelIdentification) three = combine(&made, 3), two = combine(&made, 2);
    outcome_is(three, "class-only", "class:salt");
    outcome_is(two, "inconclusive", "none"); /* a class is no lead to a substance */
    g_assert_null(two->lead_id);
}

static void what_names_nothing_needs_no_three_replicates(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.first.score = 0.5;
    made.second.score = 0.1;
    g_autoptr(CelIdentification) one = combine(&made, 1);
    outcome_is(one, "nothing-claimed", "none");
    g_assert_false(says(one, CEL_WHY_REPLICATE_FEW));
}

/* @others of @n replicates name another substance. */
static CelIdentification *mixed(guint n, guint others)
{
    g_auto(Made) made;
    made_init(&made);
    static CelSubstance x, z;
    x = make_substance("x");
    z = make_substance("z");
    g_autoptr(GPtrArray) singles = singles_new();
    for (guint i = 0; i < n; i++) {
        made.x = i < others ? z : x;
        g_ptr_array_add(singles, single(&made, i + 1));
        CelHit *hit =
            g_ptr_array_index(((CelIdentification *)g_ptr_array_index(singles, i))->hits, 0);
        hit->substance = i < others ? &z : &x; /* outlives the case */
    }
    CelIdentification *answer = cel_identification_combine(singles, NULL);
    for (guint i = 1; i < answer->hits->len; i++)
        ((CelHit *)g_ptr_array_index(answer->hits, i))->substance = &x;
    return answer;
}

static void one_of_five_may_differ_and_one_of_four_may_not(void)
{
    g_autoptr(CelIdentification) five = mixed(5, 1), four = mixed(4, 1), two_off = mixed(6, 2);
    outcome_is(five, "found", "substance:x");
    g_assert_cmpuint(five->replicates.agree, ==, 4);
    g_assert_cmpuint(five->replicates.valid, ==, 5);
    outcome_is(four, "inconclusive", "none");
    outcome_is(two_off, "inconclusive", "none");
    g_assert_null(four->lead_id);
}

static void the_odd_replicate_is_named_by_its_number(void)
{
    g_autoptr(CelIdentification) five = mixed(5, 1);
    g_assert_cmpuint(five->replicates.reasons->len, ==, 1);
    g_assert_cmpstr(g_ptr_array_index(five->replicates.reasons, 0), ==,
                    "replicate 1 gives: found substance:z");
    g_assert_cmpstr(g_ptr_array_index(five->replicates.reasons_zh, 0), ==,
                    "第1次重复测量的结果为:筛查相符 substance:z");
}

static void disagreement_is_told_with_its_count(void)
{
    g_autoptr(CelIdentification) four = mixed(4, 1);
    g_assert_true(has_text(four->why_en, "do not agree (3 of 4)"));
    g_assert_true(has_text(four->why_zh, "4次中3次一致"));
}

static void a_weak_replicate_does_not_count(void)
{
    g_auto(Made) made;
    made_init(&made);
    g_autoptr(GPtrArray) singles = singles_new();
    for (guint i = 0; i < 4; i++) {
        made.quality.snr = i == 2 ? 2 : 50;
        g_ptr_array_add(singles, single(&made, i + 1));
    }
    g_autoptr(CelIdentification) answer = cel_identification_combine(singles, NULL);
    outcome_is(answer, "found", "substance:x");
    g_assert_cmpuint(answer->replicates.planned, ==, 4);
    g_assert_cmpuint(answer->replicates.valid, ==, 3);
    g_assert_true(g_str_has_prefix(g_ptr_array_index(answer->replicates.reasons, 0),
                                   "replicate 3 is not valid: the strongest band"));
    g_assert_true(g_str_has_prefix(g_ptr_array_index(answer->replicates.reasons_zh, 0),
                                   "第3次重复测量无效:最强谱峰仅为"));
    g_assert_cmpint(answer->elapsed_us, ==, 4000);
}

static void a_copy_under_another_scale_is_a_copy(void)
{
    g_auto(Made) made;
    made_init(&made);
    g_autoptr(GPtrArray) singles = singles_new();
    for (guint i = 0; i < 3; i++)
        g_ptr_array_add(singles, single(&made, i + 1));
    CelIdentification *last = g_ptr_array_index(singles, 2);
    const CelIdentification *first = g_ptr_array_index(singles, 0);
    double y[50];
    for (int i = 0; i < 50; i++)
        y[i] = 7.5 * cel_spectrum_y(first->processed)[i];
    g_autoptr(CelSpectrum) scaled = cel_spectrum_new(cel_spectrum_axis(first->processed), y, NULL);
    cel_spectrum_free(last->processed);
    last->processed = g_steal_pointer(&scaled);
    g_autoptr(CelIdentification) answer = cel_identification_combine(singles, NULL);
    outcome_is(answer, "inconclusive", "lead:x");
    g_assert_cmpuint(answer->replicates.valid, ==, 2);
    g_assert_cmpstr(g_ptr_array_index(answer->replicates.reasons, 0), ==,
                    "replicate 3 is not valid: its data are those of replicate 1; a copy is no "
                    "second measurement");
    g_assert_cmpuint(answer->replicates.reasons_zh->len, ==, answer->replicates.reasons->len);
}

static void a_replicate_that_failed_is_named_with_its_problem(void)
{
    g_auto(Made) made;
    made_init(&made);
    g_autoptr(GPtrArray) singles = singles_new(), problems = g_ptr_array_new();
    g_ptr_array_add(singles, NULL);
    g_ptr_array_add(problems, (gpointer) "no such file");
    for (guint i = 0; i < 3; i++)
        g_ptr_array_add(singles, single(&made, i + 1));
    g_autoptr(CelIdentification) answer = cel_identification_combine(singles, problems);
    outcome_is(answer, "found", "substance:x");
    g_assert_cmpstr(g_ptr_array_index(answer->replicates.reasons, 0), ==,
                    "replicate 1 is not valid: no such file");
}

static void one_simulated_replicate_marks_the_whole_answer(void)
{
    g_auto(Made) made;
    made_init(&made);
    g_autoptr(GPtrArray) singles = singles_new();
    for (guint i = 0; i < 3; i++) {
        made.simulated = i == 2;
        made.first.score = i == 2 ? 0.93 : 0.95; /* the answer stands on another one */
        g_ptr_array_add(singles, single(&made, i + 1));
    }
    g_autoptr(CelIdentification) answer = cel_identification_combine(singles, NULL);
    g_assert_true(answer->simulated);
    g_assert_nonnull(strstr(answer->claim_en, cel_claim(CEL_CLAIM_TRAINING)->en));
    g_assert_nonnull(strstr(answer->claim_zh, cel_claim(CEL_CLAIM_TRAINING)->zh));
}

static void the_mark_of_training_stands_once(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.simulated = TRUE;
    for (guint n = 2; n < 4; n++) {
        g_autoptr(CelIdentification) answer = combine(&made, n);
        const char *mark = cel_claim(CEL_CLAIM_TRAINING)->en;
        const char *at = strstr(answer->claim_en, mark);
        g_assert_nonnull(at);
        g_assert_null(strstr(at + 1, mark));
    }
}

static void a_lead_of_too_few_replicates_has_a_name_to_print(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.x.name_en = "";
    g_autoptr(CelIdentification) answer = combine(&made, 2);
    outcome_is(answer, "inconclusive", "lead:x");
    g_assert_nonnull(strstr(answer->claim_en, "(to be verified): x."));
    g_assert_nonnull(strstr(answer->claim_zh, "不得写入结论:x。"));
}

/* ---- blanks ---- */

static void a_blank_with_the_band_takes_the_claim_away_once(void)
{
    g_auto(Made) made;
    made_init(&made);
    g_autoptr(CelIdentification) answer = decide(&made);
    cel_identification_cap_for_blank(answer);
    const guint reasons = answer->why_en->len;
    g_autofree char *claim = g_strdup(answer->claim_en);
    cel_identification_cap_for_blank(answer);
    outcome_is(answer, "inconclusive", "none");
    g_assert_null(answer->lead_id);
    g_assert_true(has_text(answer->why_en, "a blank shows a band of x"));
    g_assert_nonnull(strstr(answer->claim_en, cel_claim(CEL_ADVICE_CLEAN)->en));
    g_assert_cmpuint(answer->why_en->len, ==, reasons);
    g_assert_cmpstr(answer->claim_en, ==, claim);
}

static void a_blank_takes_a_lead_away_too(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.first.grade = CEL_GRADE_C;
    g_autoptr(CelIdentification) answer = decide(&made);
    cel_identification_cap_for_blank(answer);
    outcome_is(answer, "inconclusive", "none");
    g_assert_null(strstr(answer->claim_en, "Lead (to be verified)"));
}

static void a_blank_leaves_an_answer_without_hits_alone(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.no_hits = TRUE;
    g_autoptr(CelIdentification) answer = decide(&made);
    g_autofree char *claim = g_strdup(answer->claim_en);
    cel_identification_cap_for_blank(answer);
    g_assert_cmpstr(answer->claim_en, ==, claim);
}

static void a_capped_answer_keeps_its_marks(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.simulated = TRUE;
    made.policy = CEL_POLICY_DEVELOPMENT;
    g_autoptr(CelIdentification) answer = decide(&made);
    cel_identification_cap_for_blank(answer);
    g_assert_nonnull(strstr(answer->claim_en, cel_claim(CEL_CLAIM_DEVELOPMENT)->en));
    g_assert_nonnull(strstr(answer->claim_en, cel_claim(CEL_CLAIM_TRAINING)->en));
}

#define ADD(test) g_test_add_func("/replicates/" #test, test)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD(three_replicates_are_the_least_for_a_name);
    ADD(three_replicates_are_the_least_for_a_class);
    ADD(what_names_nothing_needs_no_three_replicates);
    ADD(one_of_five_may_differ_and_one_of_four_may_not);
    ADD(the_odd_replicate_is_named_by_its_number);
    ADD(disagreement_is_told_with_its_count);
    ADD(a_weak_replicate_does_not_count);
    ADD(a_copy_under_another_scale_is_a_copy);
    ADD(a_replicate_that_failed_is_named_with_its_problem);
    ADD(one_simulated_replicate_marks_the_whole_answer);
    ADD(the_mark_of_training_stands_once);
    ADD(a_lead_of_too_few_replicates_has_a_name_to_print);
    ADD(a_blank_with_the_band_takes_the_claim_away_once);
    ADD(a_blank_takes_a_lead_away_too);
    ADD(a_blank_leaves_an_answer_without_hits_alone);
    ADD(a_capped_answer_keeps_its_marks);
    return g_test_run();
}
