/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outcome-fixture.h"

static const char *const likes_q[] = {"q", NULL};
static const char *const likes_q_and_absent[] = {"q", "absent", NULL};

/* ---- what "found" says ---- */

static void a_case_that_meets_every_condition_is_found(void)
{
    g_auto(Made) made;
    made_init(&made);
    g_autoptr(CelIdentification) answer = decide(&made);
    outcome_is(answer, "found", "substance:x");
    g_assert_null(answer->lead_id);
    g_assert_cmpuint(answer->why_en->len, ==, 1);
    g_assert_cmpstr(g_ptr_array_index(answer->why_en, 0), ==,
                    "5 bands match; score 0.95; next different substance y is 0.35 behind");
}

static void found_names_method_library_and_that_nobody_validated_it(void)
{
    g_auto(Made) made;
    made_init(&made);
    g_autoptr(CelIdentification) answer = decide(&made);
    g_assert_nonnull(strstr(answer->claim_en, "the x reference under method M1, library L1"));
    g_assert_nonnull(strstr(answer->claim_en, cel_claim(CEL_CLAIM_NOT_VALIDATED)->en));
    g_assert_nonnull(strstr(answer->claim_zh, cel_claim(CEL_CLAIM_NOT_VALIDATED)->zh));
    g_assert_nonnull(strstr(answer->claim_en, cel_claim(CEL_CLAIM_NO_LOOKALIKES)->en));
    g_assert_null(strchr(answer->claim_en, '{'));
    g_assert_null(strchr(answer->claim_zh, '{'));
}

static void the_chinese_claim_uses_the_chinese_name(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.x.name_zh = "方解石";
    g_autoptr(CelIdentification) answer = decide(&made);
    g_assert_nonnull(strstr(answer->claim_zh, "方解石"));
    g_assert_null(strstr(answer->claim_en, "方解石"));
}

static void a_substance_without_a_name_is_called_by_its_id(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.x.id = "nameless_7";
    made.x.name_en = "";
    g_autoptr(CelIdentification) answer = decide(&made);
    g_assert_nonnull(strstr(answer->claim_en, "the nameless_7 reference"));
    g_assert_nonnull(strstr(answer->claim_zh, "nameless_7"));
}

static CelLibrary *library_with_q(void)
{
    g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("made", "1");
    static const CelLibraryKind kind = {.id = "salts",
                                        .name_en = "the salts",
                                        .name_zh = "盐类",
                                        .limit_en = "Salts look alike.",
                                        .limit_zh = "盐类相似。",
                                        .send_to_en = "ion chromatography",
                                        .send_to_zh = "离子色谱",
                                        .ceiling = "group"};
    static const CelLibraryKind class = {.id = "salt",
                                         .name_en = "all salts",
                                         .name_zh = "全部盐",
                                         .limit_en = "A class is no substance.",
                                         .limit_zh = "类别不是物质。",
                                         .send_to_en = "",
                                         .send_to_zh = "",
                                         .ceiling = "class"};
    cel_library_builder_add_kind(builder, &kind, FALSE);
    cel_library_builder_add_kind(builder, &class, TRUE);
    const CelSubstance q = {.id = "q",
                            .name_en = "quenselite",
                            .name_zh = "",
                            .cas = "",
                            .class_id = "salt",
                            .field = "",
                            .legal_note = "",
                            .legal_certainty = "",
                            .raman_caveat_en = "",
                            .raman_caveat_zh = "",
                            .group_id = "",
                            .ceiling = "lead",
                            .usable = "yes",
                            .lookalikes = likes_none,
                            .library = ""};
    static const double x[] = {100, 200};
    static const float y[] = {1, 2};
    const CelReference reference = {
        .name = "q", .source = "made", .licence = "", .extra = "", .n = 2, .x = x, .y = y};
    g_autoptr(GError) error = NULL;
    cel_library_builder_add_reference(builder, &q, &reference, &error);
    g_assert_no_error(error);
    CelLibrary *library = cel_library_builder_finish(builder, &error);
    g_assert_no_error(error);
    return library;
}

static void look_alikes_stand_by_name_or_else_by_id(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.library = library_with_q();
    made.x.lookalikes = likes_q_and_absent;
    g_autoptr(CelIdentification) answer = decide(&made);
    g_assert_nonnull(strstr(answer->claim_en, "not distinguished from quenselite, absent."));
    g_assert_nonnull(strstr(answer->claim_zh, "quenselite、absent"));
}

static void limits_of_group_and_class_stand_beside_a_name(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.library = library_with_q();
    made.x.group_id = "salts";
    g_autoptr(CelIdentification) answer = decide(&made);
    outcome_is(answer, "found", "substance:x");
    g_assert_nonnull(
        strstr(answer->claim_en, "Salts look alike. To go further: ion chromatography."));
    g_assert_nonnull(strstr(answer->claim_en, "A class is no substance."));
    g_assert_nonnull(strstr(answer->claim_zh, "盐类相似。进一步检验建议:离子色谱。"));
}

static void a_limit_without_a_technique_sends_nowhere(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.library = library_with_q();
    g_autoptr(CelIdentification) answer = decide(&made);
    g_assert_nonnull(strstr(answer->claim_en, "A class is no substance."));
    g_assert_null(strstr(answer->claim_en, "To go further"));
    g_assert_null(strstr(answer->claim_zh, "进一步检验建议"));
}

static void a_pigment_says_nothing_about_its_carrier(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.x.id = "pigment_red_57";
    g_autoptr(CelIdentification) answer = decide(&made);
    g_assert_nonnull(strstr(answer->claim_en, cel_claim(CEL_CLAIM_LIMIT_PIGMENT)->en));
    g_assert_nonnull(strstr(answer->claim_zh, cel_claim(CEL_CLAIM_LIMIT_PIGMENT)->zh));
}

/* ---- margins and look-alikes ---- */

static void look_alikes_are_so_in_both_directions(void)
{
    CelSubstance a = make_substance("a"), q = make_substance("q");
    g_assert_false(cel_outcome_alike(&a, &q));
    a.lookalikes = likes_q;
    g_assert_true(cel_outcome_alike(&a, &q));
    g_assert_true(cel_outcome_alike(&q, &a));
}

static void a_common_group_makes_look_alikes_but_no_group_does_not(void)
{
    CelSubstance a = make_substance("a"), b = make_substance("b");
    g_assert_false(cel_outcome_alike(&a, &b)); /* both "" */
    a.group_id = "g";
    g_assert_false(cel_outcome_alike(&a, &b));
    b.group_id = "g";
    g_assert_true(cel_outcome_alike(&a, &b));
    b.group_id = "h";
    g_assert_false(cel_outcome_alike(&a, &b));
}

static void look_alikes_may_be_unstated(void)
{
    CelSubstance a = make_substance("a"), b = make_substance("b");
    a.lookalikes = b.lookalikes = NULL;
    g_assert_false(cel_outcome_alike(&a, &b));
}

/* ---- quality ---- */

static CelClaimId judged(double snr, guint saturated, double fluorescence)
{
    const CelQuality quality = {
        .snr = snr, .saturated = saturated, .fluorescence_ratio = fluorescence};
    return cel_outcome_quality_reason(&quality, 1000);
}

static void the_limits_of_quality_are_where_the_rule_says(void)
{
    g_assert_cmpint(judged(8, 10, 100), ==, CEL_N_CLAIMS); /* all three just hold */
    g_assert_cmpint(judged(7.99, 10, 100), ==, CEL_WHY_WEAK);
    g_assert_cmpint(judged(8, 11, 100), ==, CEL_WHY_SATURATED);
    g_assert_cmpint(judged(8, 10, 100.1), ==, CEL_WHY_FLUORESCENCE);
    g_assert_cmpint(judged(0.0 / 0.0, 0, 0), ==, CEL_WHY_WEAK); /* not a number: not strong */
}

static void quality_advises(CelQuality quality, CelClaimId why, CelClaimId advice)
{
    g_auto(Made) made;
    made_init(&made);
    made.quality = quality;
    g_autoptr(CelIdentification) answer = decide(&made);
    outcome_is(answer, "inconclusive", "none");
    g_assert_null(answer->lead_id);
    g_assert_true(says(answer, why));
    g_assert_nonnull(strstr(answer->claim_en, cel_claim(advice)->en));
    g_assert_nonnull(strstr(answer->claim_zh, cel_claim(advice)->zh));
    g_assert_null(strstr(answer->claim_en, cel_claim(CEL_CLAIM_NOT_VALIDATED)->en));
}

static void poor_data_name_nothing_whatever_the_hits(void)
{
    quality_advises((CelQuality){.snr = 3}, CEL_WHY_WEAK, CEL_ADVICE_REMEASURE);
    quality_advises((CelQuality){.snr = 50, .saturated = 500}, CEL_WHY_SATURATED,
                    CEL_ADVICE_LESS_LIGHT);
    quality_advises((CelQuality){.snr = 50, .fluorescence_ratio = 400}, CEL_WHY_FLUORESCENCE,
                    CEL_ADVICE_OTHER_LASER);
}

static void a_weak_band_is_told_with_its_figures(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.quality.snr = 3.14;
    g_autoptr(CelIdentification) answer = decide(&made);
    g_assert_cmpstr(g_ptr_array_index(answer->why_en, 0), ==,
                    "the strongest band is only 3.1 times the noise (at least 8 asked)");
}

/* ---- what is lacking ---- */

static void lacks(Made *made, CelClaimId why)
{
    g_autoptr(CelIdentification) answer = decide(made);
    outcome_is(answer, "nothing-claimed", "none");
    g_assert_null(answer->lead_id);
    g_assert_cmpuint(answer->why_en->len, ==, 1);
    g_assert_true(says(answer, why));
    g_assert_true(g_str_has_prefix(answer->claim_en, cel_claim(CEL_CLAIM_NOTHING_CLAIMED)->en));
}

static void is_found(Made *made)
{
    g_autoptr(CelIdentification) answer = decide(made);
    outcome_is(answer, "found", "substance:x");
}

static void a_score_below_the_limit_claims_nothing(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.first.score = 0.76;
    made.second.score = 0.05; /* far behind: the evidence would suffice */
    is_found(&made);
    made.first.score = 0.7599;
    lacks(&made, CEL_WHY_LOW_SCORE);
}

static void a_close_second_claims_nothing(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.first.score = made.first.found = made.first.explained = made.first.closeness = 1;
    made.second.score = 0.97;
    is_found(&made);
    made.second.score = 0.985;
    lacks(&made, CEL_WHY_CLOSE_SECOND);
}

static void two_bands_claim_nothing(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.matched = 3;
    is_found(&made);
    made.matched = 2;
    lacks(&made, CEL_WHY_FEW_BANDS);
}

static void a_missing_strong_band_claims_nothing(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.missing_height = 0.89;
    is_found(&made);
    made.missing_height = 0.9;
    lacks(&made, CEL_WHY_MISSING_BANDS);
    g_autoptr(CelIdentification) answer = decide(&made);
    g_assert_true(has_text(answer->why_en, ": 1086 cm-1"));
}

static void a_strong_band_that_nothing_explains_claims_nothing(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.extra_cm1 = 733.4;
    made.extra_height = 0.89;
    is_found(&made);
    made.extra_height = 0.9;
    lacks(&made, CEL_WHY_EXTRA_BANDS);
    g_autoptr(CelIdentification) answer = decide(&made);
    g_assert_true(has_text(answer->why_en, ": 733 cm-1"));
}

static void little_evidence_claims_nothing_and_is_said_only_alone(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.first.score = 0.90;
    made.first.found = made.first.explained = made.first.closeness = 0.5;
    made.second.score = 0.86;
    lacks(&made, CEL_WHY_LITTLE_EVIDENCE);
    made.matched = 2;
    lacks(&made, CEL_WHY_FEW_BANDS);
    made.matched = 5;
    made.second.score = 0.10;
    is_found(&made);
}

static void every_lack_is_told_not_only_the_first(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.first.score = 0.6;
    made.matched = 1;
    made.missing_height = 0.9;
    made.extra_height = 1;
    made.second.score = 0.595;
    g_autoptr(CelIdentification) answer = decide(&made);
    g_assert_cmpuint(answer->why_en->len, ==, 5);
}

static void without_a_hit_there_is_no_reference(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.no_hits = TRUE;
    g_autoptr(CelIdentification) answer = decide(&made);
    outcome_is(answer, "inconclusive", "none");
    g_assert_true(says(answer, CEL_WHY_NO_REFERENCE));
    g_assert_nonnull(strstr(answer->claim_en, cel_claim(CEL_ADVICE_OTHER_METHOD)->en));
}

static void a_sample_of_two_bands_is_inconclusive_without_a_lead(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.input.n_lines = 3;
    is_found(&made);
    made.input.n_lines = 2;
    g_autoptr(CelIdentification) answer = decide(&made);
    outcome_is(answer, "inconclusive", "none");
    g_assert_true(says(answer, CEL_WHY_FEW_LINES));
    g_assert_null(answer->lead_id);
}

/* ---- caps ---- */

static void is_lead(Made *made, CelClaimId why)
{
    g_autoptr(CelIdentification) answer = decide(made);
    outcome_is(answer, "inconclusive", "lead:x");
    g_assert_cmpstr(answer->lead_id, ==, "x");
    g_assert_true(says(answer, why));
    g_autofree char *lead = cel_claim_fill(cel_claim(CEL_CLAIM_LEAD)->en, "X", "x", NULL);
    g_assert_nonnull(strstr(answer->claim_en, lead));
    g_assert_null(strstr(answer->claim_en, "corresponds"));
}

static void is_class(Made *made, const char *ceiling)
{
    g_autoptr(CelIdentification) answer = decide(made);
    outcome_is(answer, "class-only", ceiling);
    g_assert_null(answer->lead_id);
    g_assert_nonnull(strstr(answer->claim_en, cel_claim(CEL_CLAIM_NOT_VALIDATED)->en));
    g_assert_null(strstr(answer->claim_en, "corresponds"));
}

static void each_grade_carries_its_own_claim(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.first.grade = CEL_GRADE_B;
    is_class(&made, "class:salt");
    made.first.grade = CEL_GRADE_C;
    is_lead(&made, CEL_WHY_GRADE_C);
    made.first.grade = CEL_GRADE_D;
    is_lead(&made, CEL_WHY_GRADE_D);
}

static void development_lifts_grades_b_and_c_but_never_d(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.policy = CEL_POLICY_DEVELOPMENT;
    made.first.grade = CEL_GRADE_B;
    is_found(&made);
    made.first.grade = CEL_GRADE_C;
    is_found(&made);
    made.first.grade = CEL_GRADE_D;
    is_lead(&made, CEL_WHY_GRADE_D);
}

static void recalled_bands_are_a_lead_under_any_policy(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.input.recalled = TRUE;
    is_lead(&made, CEL_WHY_RECALLED);
    made.policy = CEL_POLICY_DEVELOPMENT;
    is_lead(&made, CEL_WHY_RECALLED);
}

static void a_reader_that_never_met_its_format_gives_a_lead_under_any_policy(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.input.reader_unvalidated = TRUE;
    is_lead(&made, CEL_WHY_READER_UNVALIDATED);
    made.policy = CEL_POLICY_DEVELOPMENT;
    is_lead(&made, CEL_WHY_READER_UNVALIDATED);
}

static void the_axis_must_have_been_checked(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.input.state.axis_check = NULL;
    is_lead(&made, CEL_WHY_AXIS_NONE);
    made.policy = CEL_POLICY_DEVELOPMENT;
    is_found(&made);
}

/* Neither signal nor reference is asked then, and nothing is said of the item. */
static void a_failed_or_expired_check_refuses_any_result(void)
{
    static const struct {
        const char *check;
        CelClaimId why;
    } locks[] = {{"failed", CEL_WHY_AXIS_FAILED}, {"expired", CEL_WHY_AXIS_EXPIRED}};
    for (gsize i = 0; i < G_N_ELEMENTS(locks); i++) {
        g_auto(Made) made;
        made_init(&made);
        made.input.state.axis_check = locks[i].check;
        g_autoptr(CelIdentification) answer = decide(&made);
        outcome_is(answer, "refused", "none");
        g_assert_true(says(answer, locks[i].why));
        g_assert_nonnull(strstr(answer->claim_zh, cel_claim(locks[i].why)->zh));
        made.policy = CEL_POLICY_DEVELOPMENT;
        is_found(&made);
    }
}

static void three_uncertainties_of_shift_are_allowed_in_either_direction(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.input.state.axis_u_cm1 = 0.5;
    made.first.shift_applied_cm1 = 1.5;
    is_found(&made);
    made.first.shift_applied_cm1 = -1.6;
    is_lead(&made, CEL_WHY_AXIS_SHIFT);
    made.policy = CEL_POLICY_DEVELOPMENT; /* does not lift this one */
    is_lead(&made, CEL_WHY_AXIS_SHIFT);
}

static void after_a_shift_the_instrument_is_to_be_checked(void)
{
    const char *check = cel_claim(CEL_ADVICE_CHECK_AXIS)->en;
    g_auto(Made) made;
    made_init(&made);
    made.input.state.axis_u_cm1 = 0.5;
    made.first.grade = CEL_GRADE_D; /* a reference of one's own helps nothing on that axis */
    g_autoptr(CelIdentification) straight = decide(&made);
    g_assert_null(strstr(straight->claim_en, check));
    made.first.shift_applied_cm1 = 1.6;
    g_autoptr(CelIdentification) shifted = decide(&made);
    g_assert_nonnull(strstr(shifted->claim_en, check));
    g_assert_null(strstr(shifted->claim_en, "own instrument"));
    g_assert_nonnull(strstr(shifted->claim_zh, cel_claim(CEL_ADVICE_CHECK_AXIS)->zh));
}

static void an_unknown_uncertainty_counts_as_one_wavenumber(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.input.state.axis_u_cm1 = 0;
    made.first.shift_applied_cm1 = 3;
    is_found(&made);
    made.first.shift_applied_cm1 = 3.1;
    is_lead(&made, CEL_WHY_AXIS_SHIFT);
}

static void a_substance_claims_no_more_than_its_own_ceiling(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.library = library_with_q();
    made.x.ceiling = "lead";
    is_lead(&made, CEL_WHY_CEILING_LEAD);
    made.x.ceiling = "class:salt";
    is_class(&made, "class:salt");
    made.x.ceiling = "group:salts";
    made.x.group_id = "salts";
    is_class(&made, "group:salts");
    made.x.ceiling = "class:salt"; /* the wider word stands although there is a group */
    is_class(&made, "class:salt");
}

static void a_class_claim_speaks_of_the_group_by_name(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.library = library_with_q();
    made.x.ceiling = "group:salts";
    made.x.group_id = "salts";
    g_autoptr(CelIdentification) answer = decide(&made);
    g_assert_nonnull(strstr(answer->claim_en, "shows features of the salts;"));
    g_assert_nonnull(strstr(answer->claim_zh, "呈现盐类物质")); /* and not 盐类类物质 */
    g_assert_nonnull(strstr(answer->claim_en, "Salts look alike."));
    g_assert_null(strstr(answer->claim_en, " x "));
}

static void the_strictest_cap_wins(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.first.grade = CEL_GRADE_B;
    made.input.state.axis_check = NULL;
    g_autoptr(CelIdentification) answer = decide(&made);
    outcome_is(answer, "inconclusive", "lead:x");
    g_assert_true(says(answer, CEL_WHY_GRADE_B));
    g_assert_true(says(answer, CEL_WHY_AXIS_NONE));
}

static void a_look_alike_that_fits_as_well_takes_the_name_away(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.y.id = "q";
    made.x.lookalikes = likes_q;
    made.first.score = 0.95;
    made.second.score = 0.93;
    is_found(&made);
    made.second.score = 0.945;
    is_class(&made, "class:salt");
}

static void a_band_table_is_judged_by_its_own_limits(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.first =
        (CelHit){.score = 0.55, .peak_score = 0.5, .grade = CEL_GRADE_D, .shift_applied_cm1 = 0};
    made.second.score = 0.3; /* 0.55 + 0.375 + 0.375 >= 0.9 */
    made.extra_height = 0.79;
    is_lead(&made, CEL_WHY_GRADE_D);
    made.extra_height = 0.8;
    lacks(&made, CEL_WHY_EXTRA_BANDS);
    made.extra_height = 0;
    made.first.score = 0.49;
    lacks(&made, CEL_WHY_LOW_SCORE);
}

static void a_lead_asks_for_an_own_reference(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.first.grade = CEL_GRADE_C;
    made.x.name_en = "calcite";
    made.x.name_zh = "方解石";
    g_autoptr(CelIdentification) answer = decide(&made);
    g_assert_nonnull(strstr(answer->claim_en, "an authenticated reference of calcite on"));
    g_assert_nonnull(strstr(answer->claim_zh, "测量方解石的有证参考物质"));
    g_assert_nonnull(strstr(answer->claim_zh, "线索(待核实),不得写入结论:方解石。"));
}

/* ---- notes ---- */

static void notes_follow_the_reasons_whatever_the_outcome(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.input.baseline_removed = TRUE;
    made.input.laser_known = FALSE;
    made.simulated = TRUE;
    for (int poor = 0; poor < 2; poor++) {
        made.quality.snr = poor ? 1 : 50;
        g_autoptr(CelIdentification) answer = decide(&made);
        g_assert_true(says(answer, CEL_WHY_BASELINE_BY_SOURCE));
        g_assert_true(says(answer, CEL_WHY_LASER_UNKNOWN));
        g_assert_true(says(answer, CEL_WHY_SIMULATED));
        g_assert_true(g_str_has_suffix(answer->claim_en, cel_claim(CEL_CLAIM_TRAINING)->en));
        g_assert_true(g_str_has_suffix(answer->claim_zh, cel_claim(CEL_CLAIM_TRAINING)->zh));
    }
}

static void development_is_marked_on_every_outcome(void)
{
    g_auto(Made) made;
    made_init(&made);
    made.policy = CEL_POLICY_DEVELOPMENT;
    static const double scores[] = {0.95, 0.3};
    for (gsize i = 0; i < G_N_ELEMENTS(scores); i++) {
        made.first.score = scores[i];
        made.second.score = 0.1;
        g_autoptr(CelIdentification) answer = decide(&made);
        g_assert_nonnull(strstr(answer->claim_en, cel_claim(CEL_CLAIM_DEVELOPMENT)->en));
        g_assert_nonnull(strstr(answer->claim_zh, cel_claim(CEL_CLAIM_DEVELOPMENT)->zh));
    }
}

#define ADD(test) g_test_add_func("/outcome/" #test, test)

static void add_decision(void)
{
    ADD(a_case_that_meets_every_condition_is_found);
    ADD(found_names_method_library_and_that_nobody_validated_it);
    ADD(the_chinese_claim_uses_the_chinese_name);
    ADD(a_substance_without_a_name_is_called_by_its_id);
    ADD(look_alikes_stand_by_name_or_else_by_id);
    ADD(limits_of_group_and_class_stand_beside_a_name);
    ADD(a_limit_without_a_technique_sends_nowhere);
    ADD(a_pigment_says_nothing_about_its_carrier);
    ADD(look_alikes_are_so_in_both_directions);
    ADD(a_common_group_makes_look_alikes_but_no_group_does_not);
    ADD(look_alikes_may_be_unstated);
    ADD(the_limits_of_quality_are_where_the_rule_says);
    ADD(poor_data_name_nothing_whatever_the_hits);
    ADD(a_weak_band_is_told_with_its_figures);
    ADD(a_score_below_the_limit_claims_nothing);
    ADD(a_close_second_claims_nothing);
    ADD(two_bands_claim_nothing);
    ADD(a_missing_strong_band_claims_nothing);
    ADD(a_strong_band_that_nothing_explains_claims_nothing);
    ADD(little_evidence_claims_nothing_and_is_said_only_alone);
    ADD(every_lack_is_told_not_only_the_first);
    ADD(without_a_hit_there_is_no_reference);
    ADD(a_sample_of_two_bands_is_inconclusive_without_a_lead);
}

static void add_caps(void)
{
    ADD(each_grade_carries_its_own_claim);
    ADD(development_lifts_grades_b_and_c_but_never_d);
    ADD(recalled_bands_are_a_lead_under_any_policy);
    ADD(a_reader_that_never_met_its_format_gives_a_lead_under_any_policy);
    ADD(the_axis_must_have_been_checked);
    ADD(a_failed_or_expired_check_refuses_any_result);
    ADD(three_uncertainties_of_shift_are_allowed_in_either_direction);
    ADD(after_a_shift_the_instrument_is_to_be_checked);
    ADD(an_unknown_uncertainty_counts_as_one_wavenumber);
    ADD(a_substance_claims_no_more_than_its_own_ceiling);
    ADD(a_class_claim_speaks_of_the_group_by_name);
    ADD(the_strictest_cap_wins);
    ADD(a_look_alike_that_fits_as_well_takes_the_name_away);
    ADD(a_band_table_is_judged_by_its_own_limits);
    ADD(a_lead_asks_for_an_own_reference);
    ADD(notes_follow_the_reasons_whatever_the_outcome);
    ADD(development_is_marked_on_every_outcome);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add_decision();
    add_caps();
    return g_test_run();
}
