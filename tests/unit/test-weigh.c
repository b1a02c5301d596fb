/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outcome-fixture.h"

#include "match/cel-lookalikes.h"
#include "match/cel-weigh.h"

static const char *const likes_q[] = {"q", NULL};

/* hits: x 0.9, its look-alike q 0.8, y 0.5 */
static CelIdentification *three_hits(CelSubstance out[3])
{
    static const double scores[] = {0.9, 0.8, 0.5};
    CelIdentification *answer = cel_identification_new();
    out[0] = make_substance("x");
    out[1] = make_substance("q");
    out[2] = make_substance("y");
    out[0].lookalikes = likes_q;
    for (int i = 0; i < 3; i++) {
        const CelHit hit = {.score = scores[i],
                            .peak_score = 0.4,
                            .found = 0.8,
                            .explained = 0.7,
                            .closeness = 0.6,
                            .reference = &measured_reference};
        g_ptr_array_add(answer->hits, make_hit(&hit, &out[i], 3, 0));
    }
    return answer;
}

static void the_margin_is_to_the_next_different_substance(void)
{
    CelSubstance substances[3];
    g_autoptr(CelIdentification) answer = three_hits(substances);
    g_assert_cmpfloat_with_epsilon(cel_weigh_margin(answer->hits, FALSE), 0.4, 1e-12);
    g_assert_cmpfloat_with_epsilon(cel_weigh_margin(answer->hits, TRUE), 0.1, 1e-12);
}

static void a_hit_whose_reference_resembles_the_first_is_no_different_one(void)
{
    CelSubstance substances[3];
    g_autoptr(CelIdentification) answer = three_hits(substances);
    ((CelHit *)answer->hits->pdata[2])->resembles = TRUE;
    g_assert_true(cel_weigh_alike(answer->hits, 2));
    g_assert_cmpuint(cel_weigh_next(answer->hits, FALSE), ==, 0);
    g_assert_cmpfloat_with_epsilon(cel_weigh_margin(answer->hits, FALSE), 0.9, 1e-12);
}

static void without_a_hit_there_is_no_evidence(void)
{
    g_autoptr(CelIdentification) answer = cel_identification_new();
    g_assert_cmpfloat(cel_weigh_margin(answer->hits, FALSE), ==, 0);
    g_assert_cmpfloat(cel_weigh(answer), ==, 0);
}

static void evidence_of_a_reference_is_the_weighted_sum_of_the_terms(void)
{
    CelSubstance substances[3];
    g_autoptr(CelIdentification) answer = three_hits(substances);
    double terms[CEL_N_TERMS], before = cel_weigh(answer);
    cel_weigh_terms(answer, terms);
    g_assert_cmpfloat_with_epsilon(terms[CEL_TERM_SCORE], 0.9, 1e-12);
    g_assert_cmpfloat_with_epsilon(terms[CEL_TERM_MARGIN], 0.3, 1e-12); /* of 0.4 */
    g_assert_cmpfloat_with_epsilon(terms[CEL_TERM_FOUND], 0.8, 1e-12);
    g_assert_cmpfloat_with_epsilon(terms[CEL_TERM_EXPLAINED], 0.7, 1e-12);
    g_assert_cmpfloat_with_epsilon(terms[CEL_TERM_CLOSENESS], 0.6, 1e-12);
    ((CelHit *)answer->hits->pdata[0])->explained += 0.1;
    g_assert_cmpfloat_with_epsilon(cel_weigh(answer) - before,
                                   0.1 * cel_terms[CEL_TERM_EXPLAINED].weight, 1e-9);
}

static void no_term_speaks_against_a_better_fit(void)
{
    for (guint t = 0; t < CEL_N_TERMS; t++) {
        g_assert_nonnull(cel_terms[t].id);
        g_assert_cmpfloat(cel_terms[t].weight, >=, 0);
    }
}

static void evidence_of_a_band_table_weighs_score_margin_and_bands(void)
{
    CelSubstance substances[3];
    g_autoptr(CelIdentification) answer = three_hits(substances);
    ((CelHit *)answer->hits->pdata[0])->reference = NULL;
    /* 0.9 + 1.5 * 0.4 + 0.75 * 0.4 */
    g_assert_cmpfloat_with_epsilon(cel_weigh(answer), 1.8, 1e-12);
}

/* ---- look-alikes of a claim ---- */

static gboolean covers(const CelIdentification *answer, const char *id)
{
    const CelLibraries none = {NULL, 0};
    g_autoptr(GPtrArray) others = cel_lookalikes_of(answer, &none);
    return cel_lookalikes_cover(answer, others, id);
}

static void a_claim_covers_the_hit_and_what_it_is_not_told_from(void)
{
    CelSubstance substances[3];
    g_autoptr(CelIdentification) answer = three_hits(substances);
    g_assert_true(covers(answer, "x"));
    g_assert_true(covers(answer, "q"));
    g_assert_false(covers(answer, "y"));
    ((CelHit *)answer->hits->pdata[2])->resembles = TRUE;
    g_assert_true(covers(answer, "y"));
    g_ptr_array_set_size(answer->hits, 0);
    g_assert_false(covers(answer, "x"));
}

static CelLibrary *library_with_group(void)
{
    g_autoptr(CelLibraryBuilder) builder = cel_library_builder_new("made", "1");
    const CelLibraryKind group = {"spar", "spar", "晶石", "", "", "", "", "group", "kin absent"};
    CelSubstance kin = make_substance("kin");
    g_autoptr(GError) error = NULL;
    kin.group_id = "spar";
    cel_library_builder_add_kind(builder, &group, FALSE);
    g_assert_true(cel_library_builder_add_reference(builder, &kin, NULL, &error));
    CelLibrary *library = cel_library_builder_finish(builder, &error);
    g_assert_no_error(error);
    return library;
}

static void the_members_of_a_group_are_covered_but_not_listed(void)
{
    CelSubstance substances[3];
    g_autoptr(CelIdentification) answer = three_hits(substances);
    g_autoptr(CelLibrary) library = library_with_group();
    const CelLibrary *const list[] = {library};
    const CelLibraries libraries = {list, 1};
    substances[0].group_id = "spar";
    g_autoptr(GPtrArray) others = cel_lookalikes_of(answer, &libraries);
    g_autofree char *text = cel_lookalikes_text(others, FALSE);
    g_assert_true(cel_lookalikes_cover(answer, others, "kin"));
    g_assert_true(cel_lookalikes_cover(answer, others, "Absent")); /* in no library */
    g_assert_cmpuint(cel_lookalikes_listed(others), ==, 1);
    g_assert_cmpstr(text, ==, "q");
}

static void nothing_is_listed_twice(void)
{
    CelSubstance substances[3];
    g_autoptr(CelIdentification) answer = three_hits(substances);
    const CelLibraries none = {NULL, 0};
    ((CelHit *)answer->hits->pdata[1])->resembles = TRUE; /* q, which is stated too */
    g_autoptr(GPtrArray) others = cel_lookalikes_of(answer, &none);
    g_assert_cmpuint(others->len, ==, 1);
}

static void a_long_list_of_look_alikes_leaves_only_the_class(void)
{
    static const char *const many[] = {"a", "b", "c", "d", "e", "f", "g",
                                       "h", "i", "j", "k", "l", "m", NULL};
    g_auto(Made) made;
    made_init(&made);
    made.x.lookalikes = many + 1;
    g_autoptr(CelIdentification) twelve = decide(&made);
    outcome_is(twelve, "found", "substance:x");
    made.x.lookalikes = many;
    g_autoptr(CelIdentification) thirteen = decide(&made);
    outcome_is(thirteen, "class-only", "class:salt");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(f) g_test_add_func("/weigh/" #f, f)
    ADD(the_margin_is_to_the_next_different_substance);
    ADD(a_hit_whose_reference_resembles_the_first_is_no_different_one);
    ADD(without_a_hit_there_is_no_evidence);
    ADD(evidence_of_a_reference_is_the_weighted_sum_of_the_terms);
    ADD(no_term_speaks_against_a_better_fit);
    ADD(evidence_of_a_band_table_weighs_score_margin_and_bands);
    ADD(a_claim_covers_the_hit_and_what_it_is_not_told_from);
    ADD(the_members_of_a_group_are_covered_but_not_listed);
    ADD(nothing_is_listed_twice);
    ADD(a_long_list_of_look_alikes_leaves_only_the_class);
    return g_test_run();
}
