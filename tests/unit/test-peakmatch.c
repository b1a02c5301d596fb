/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-peakmatch.h"

static GArray *lines_at(const double *cm1, const double *heights, guint n)
{
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(CelLine));
    for (guint i = 0; i < n; i++) {
        const CelLine line = {cm1[i], 0.8, heights[i], heights[i], FALSE};
        g_array_append_val(lines, line);
    }
    return lines;
}

static const double calcite_cm1[] = {281, 711, 1086}, calcite_heights[] = {0.3, 0.15, 1.0};

static CelPeakMatch compare(GArray *reference, GArray *sample, double low, double high,
                            double shift)
{
    const CelPeakMatchInput input = {reference, sample, {low, high}, shift, NULL, FALSE};
    CelPeakMatch match;
    cel_peakmatch(&input, &match);
    g_array_unref(reference);
    g_array_unref(sample);
    return match;
}

static void a_spectrum_matches_itself_in_every_band(void)
{
    g_auto(CelPeakMatch) match = compare(lines_at(calcite_cm1, calcite_heights, 3),
                                         lines_at(calcite_cm1, calcite_heights, 3), 150, 1300, 0);
    g_assert_cmpuint(match.matched->len, ==, 3);
    g_assert_cmpuint(match.n_matched, ==, 3);
    g_assert_cmpuint(match.missing->len + match.extra->len, ==, 0);
    g_assert_cmpfloat_with_epsilon(match.score, 1, 1e-12);
}

static void a_band_outside_the_range_is_neither_matched_nor_missing(void)
{
    const double cm1[] = {711, 1086}, heights[] = {0.15, 1.0};
    g_auto(CelPeakMatch) match =
        compare(lines_at(calcite_cm1, calcite_heights, 3), lines_at(cm1, heights, 2), 400, 1300, 0);
    g_assert_cmpuint(match.observable, ==, 2);
    g_assert_cmpuint(match.matched->len, ==, 2);
    g_assert_cmpuint(match.missing->len, ==, 0);
}

static void a_band_that_should_be_there_is_missing_and_an_odd_one_is_extra(void)
{
    const double cm1[] = {281, 900, 1086}, heights[] = {0.3, 0.5, 1.0};
    g_auto(CelPeakMatch) match =
        compare(lines_at(calcite_cm1, calcite_heights, 3), lines_at(cm1, heights, 3), 150, 1300, 0);
    g_assert_cmpuint(match.missing->len, ==, 1);
    g_assert_cmpfloat_with_epsilon(g_array_index(match.missing, CelPeakPair, 0).reference_cm1, 711,
                                   1e-12);
    g_assert_cmpuint(match.extra->len, ==, 1);
    g_assert_cmpfloat_with_epsilon(g_array_index(match.extra, double, 0), 900, 1e-12);
    g_assert_cmpfloat(match.score, <, 0.9);
}

static void the_tolerance_comes_from_both_uncertainties(void)
{
    const double off[] = {281, 711, 1093};
    GArray *vague = lines_at(off, calcite_heights, 3);
    for (guint i = 0; i < 3; i++)
        g_array_index(vague, CelLine, i).u_cm1 = 3;
    g_auto(CelPeakMatch) sharp = compare(lines_at(calcite_cm1, calcite_heights, 3),
                                         lines_at(off, calcite_heights, 3), 150, 1300, 0);
    g_auto(CelPeakMatch) wide =
        compare(lines_at(calcite_cm1, calcite_heights, 3), vague, 150, 1300, 0);
    g_assert_cmpuint(sharp.matched->len, ==, 2);
    g_assert_cmpuint(wide.matched->len, ==, 3);
}

static void the_shift_is_applied_to_the_sample(void)
{
    const double low[] = {271, 701, 1076};
    g_auto(CelPeakMatch) match = compare(lines_at(calcite_cm1, calcite_heights, 3),
                                         lines_at(low, calcite_heights, 3), 150, 1300, 10);
    g_assert_cmpuint(match.matched->len, ==, 3);
    g_assert_cmpfloat_with_epsilon(g_array_index(match.matched, CelPeakPair, 0).sample_cm1, 271,
                                   1e-12);
}

static void one_sample_band_does_not_serve_two_reference_bands(void)
{
    const double two[] = {1085, 1087}, one[] = {1086}, heights[] = {1, 1};
    g_auto(CelPeakMatch) match =
        compare(lines_at(two, heights, 2), lines_at(one, heights, 1), 150, 1300, 0);
    g_assert_cmpuint(match.matched->len, ==, 1);
    g_assert_cmpuint(match.missing->len, ==, 1);
}

static const CelBand mixed[] = {
    {1062, 61, 9, 785, CEL_STATUS_MEASURED, "", "measured: a/PE.csv; lit. 1062"},
    {1129, 67, 9, 785, CEL_STATUS_MEASURED, "", "measured: a/PE.csv; lit. 1130"},
    {1295, 100, 9, 785, CEL_STATUS_MEASURED, "",
     "measured: a/PE.csv; not in recalled literature list"},
    {1305, 15, 0, 0, CEL_STATUS_RECALLED, "", "recalled; Strobl 1978"},
    {2848, 80, 9, 0, CEL_STATUS_MEASURED, "", "measured: b/PE_1; lit. 2848"},
};
static const CelSubstance pe = {.id = "pe", .bands = mixed, .n_bands = G_N_ELEMENTS(mixed)};

static void heights_weigh_only_within_one_measured_source(void)
{
    CelBandChoice choice;
    g_autoptr(GArray) lines = cel_lines_of_bands(&pe, NULL, &choice);
    g_assert_true(choice.one_source);
    g_assert_false(choice.recalled);
    g_assert_cmpuint(lines->len, ==, 5);
    for (guint i = 0; i < 3; i++)
        g_assert_false(g_array_index(lines, CelLine, i).optional);
    g_assert_cmpfloat_with_epsilon(g_array_index(lines, CelLine, 0).height, 0.61, 1e-12);
    g_assert_true(g_array_index(lines, CelLine, 3).optional);
    g_assert_true(g_array_index(lines, CelLine, 4).optional);
}

static void a_dropped_source_leaves_no_row_of_its_own(void)
{
    const CelBandDrop drop = {.source = "a/PE.csv"};
    CelBandChoice choice;
    g_autoptr(GArray) lines = cel_lines_of_bands(&pe, &drop, &choice);
    g_assert_cmpuint(lines->len, ==, 2);
    g_assert_cmpfloat_with_epsilon(g_array_index(lines, CelLine, 0).position_cm1, 1305, 1e-12);
    g_assert_cmpfloat_with_epsilon(g_array_index(lines, CelLine, 1).position_cm1, 2848, 1e-12);
}

static void a_dropped_source_can_leave_its_literature_positions(void)
{
    const CelBandDrop drop = {.source = "a/PE.csv", .keep_literature = TRUE};
    CelBandChoice choice;
    g_autoptr(GArray) lines = cel_lines_of_bands(&pe, &drop, &choice);
    g_assert_false(choice.one_source);
    g_assert_cmpuint(lines->len, ==, 4); /* 1295 named no literature value */
    g_assert_cmpfloat_with_epsilon(g_array_index(lines, CelLine, 1).position_cm1, 1130, 1e-12);
    for (guint i = 0; i < lines->len; i++)
        g_assert_cmpfloat_with_epsilon(g_array_index(lines, CelLine, i).height, 1, 1e-12);
}

static void a_table_from_memory_alone_says_so(void)
{
    const CelSubstance memory = {.id = "x", .bands = &mixed[3], .n_bands = 1};
    CelBandChoice choice;
    g_autoptr(GArray) lines = cel_lines_of_bands(&memory, NULL, &choice);
    g_assert_true(choice.recalled);
    g_assert_cmpuint(lines->len, ==, 1);
}

static void bands_of_a_made_up_view_stand_where_the_table_says(void)
{
    g_autoptr(GArray) table = lines_at(calcite_cm1, calcite_heights, 3);
    g_autoptr(CelView) view = cel_view_of_lines(table, 14);
    g_autoptr(GArray) seen = cel_lines_of_view(view, 1);
    g_assert_cmpuint(seen->len, ==, 3);
    for (guint i = 0; i < 3; i++)
        g_assert_cmpfloat_with_epsilon(g_array_index(seen, CelLine, i).position_cm1, calcite_cm1[i],
                                       0.6);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/peakmatch/itself", a_spectrum_matches_itself_in_every_band);
    g_test_add_func("/peakmatch/outside-the-range",
                    a_band_outside_the_range_is_neither_matched_nor_missing);
    g_test_add_func("/peakmatch/missing-and-extra",
                    a_band_that_should_be_there_is_missing_and_an_odd_one_is_extra);
    g_test_add_func("/peakmatch/tolerance", the_tolerance_comes_from_both_uncertainties);
    g_test_add_func("/peakmatch/shift", the_shift_is_applied_to_the_sample);
    g_test_add_func("/peakmatch/one-to-one", one_sample_band_does_not_serve_two_reference_bands);
    g_test_add_func("/peakmatch/table/one-source", heights_weigh_only_within_one_measured_source);
    g_test_add_func("/peakmatch/table/dropped-source",
                    a_dropped_source_leaves_no_row_of_its_own);
    g_test_add_func("/peakmatch/table/dropped-literature",
                    a_dropped_source_can_leave_its_literature_positions);
    g_test_add_func("/peakmatch/table/memory", a_table_from_memory_alone_says_so);
    g_test_add_func("/peakmatch/table/view", bands_of_a_made_up_view_stand_where_the_table_says);
    return g_test_run();
}
