/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-outcome.h"
#include "match/cel-why.h"

#include <math.h>
#include <string.h>

/* Why a hit stands first, as lines and as numbers. */

typedef struct {
    CelSubstance x, y, twin;
    CelIdentification *answer;
} Room;

static CelSubstance make_substance(const char *id)
{
    return (CelSubstance){
        .id = id, .name_en = id, .name_zh = "", .class_id = "salt", .group_id = ""};
}

static CelHit *bare_hit(const CelSubstance *substance, double score)
{
    CelHit *hit = g_new0(CelHit, 1);
    hit->substance = substance;
    hit->score = score;
    hit->matched = g_array_new(FALSE, FALSE, sizeof(CelPeakPair));
    hit->missing = g_array_new(FALSE, FALSE, sizeof(CelPeakPair));
    hit->extra = g_array_new(FALSE, FALSE, sizeof(double));
    return hit;
}

static void room_init(Room *room)
{
    static const char *const like_twin[] = {"twin", NULL};
    const CelPeakPair pair = {1085.6, 1084.9, 1, 0.97, 5.25, FALSE},
                      gap = {711.2, 0, 0.15, 0.01, 0, FALSE}, far = {155.3, 0, 0.3, 0, 0, FALSE};
    const CelPeakExtra extra = {1001.4, 0.22};
    room->x = make_substance("x");
    room->y = make_substance("y");
    room->twin = make_substance("twin");
    room->x.lookalikes = like_twin;
    room->x.name_zh = "甲";
    room->y.name_zh = "乙";
    room->answer = cel_identification_new();
    CelHit *first = bare_hit(&room->x, 0.95);
    first->shift_applied_cm1 = 0.5;
    first->unexplained = g_array_new(FALSE, FALSE, sizeof(CelPeakExtra));
    first->outside = g_array_new(FALSE, FALSE, sizeof(CelPeakPair));
    g_array_append_val(first->matched, pair);
    g_array_append_val(first->missing, gap);
    g_array_append_val(first->outside, far);
    g_array_append_val(first->unexplained, extra);
    g_array_append_val(first->extra, extra.sample_cm1);
    first->views[CEL_VIEW_ROOT] = 0.98;
    first->views[CEL_VIEW_SLOPE] = 0.92;
    CelHit *second = bare_hit(&room->twin, 0.94), *third = bare_hit(&room->y, 0.6);
    for (guint v = 0; v < CEL_N_VIEWS; v++) {
        if (v != CEL_VIEW_ROOT && v != CEL_VIEW_SLOPE)
            first->views[v] = third->views[v] = NAN;
    }
    third->views[CEL_VIEW_ROOT] = 0.9;
    third->views[CEL_VIEW_SLOPE] = 0.3;
    g_ptr_array_add(room->answer->hits, first);
    g_ptr_array_add(room->answer->hits, second);
    g_ptr_array_add(room->answer->hits, third);
}

static void room_clear(Room *room)
{
    cel_identification_free(room->answer);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Room, room_clear)

static char *all_lines(const CelIdentification *answer, gboolean chinese)
{
    g_autoptr(GPtrArray) lines = cel_why_lines(answer, chinese);
    g_ptr_array_add(lines, NULL);
    return g_strjoinv("\n", (char **)lines->pdata);
}

static void expect(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        g_error("\"%s\" does not stand in:\n%s", part, text);
}

static void every_kind_of_band_is_told_with_its_numbers(void)
{
    g_auto(Room) room = {0};
    room_init(&room);
    g_autofree char *text = all_lines(room.answer, FALSE);
    expect(text, "Bands that agree (1; shift of the sample's axis by +0.5 applied), cm-1: 1085.6 "
                 "(measured 1084.9, difference -0.2, allowed 5.2; relative intensity 1.00, "
                 "measured 0.97).");
    expect(text, "are missing (1), cm-1: 711.2 (relative intensity 0.15, measured 0.01).");
    expect(text, "does not explain (1), cm-1: 1001.4 (relative intensity 0.22).");
    expect(text, "not observable (1), cm-1: 155.3.");
}

static void the_distance_is_to_the_next_that_is_no_look_alike(void)
{
    g_auto(Room) room = {0};
    room_init(&room);
    g_autofree char *text = all_lines(room.answer, FALSE);
    expect(text, "The next different substance is y; the score is 0.350 lower.");
    expect(text, "Look-alikes among the hits (score lower by): twin (0.010).");
}

/* slope: 0.62 apart, root: 0.08 */
static void the_view_that_the_distance_rests_on_is_named(void)
{
    g_auto(Room) room = {0};
    room_init(&room);
    g_autofree char *text = all_lines(room.answer, FALSE);
    g_autofree char *pair = g_strdup_printf("%s 0.98 / 0.90", cel_views[CEL_VIEW_ROOT].id);
    g_autofree char *most = g_strdup_printf("rests most on: %s.", cel_views[CEL_VIEW_SLOPE].id);
    expect(text, pair);
    expect(text, most);
}

static void both_languages_say_as_much(void)
{
    g_auto(Room) room = {0};
    room_init(&room);
    g_autoptr(GPtrArray) en = cel_why_lines(room.answer, FALSE);
    g_autoptr(GPtrArray) zh = cel_why_lines(room.answer, TRUE);
    g_autofree char *text = all_lines(room.answer, TRUE);
    g_assert_cmpuint(en->len, ==, zh->len);
    expect(text, "1085.6(实测1084.9,偏差-0.2,允许5.2;相对强度1.00,实测0.97)");
    expect(text, "次位的不同物质为乙,得分低0.350。");
    expect(text, ":平方根 0.98 / 0.90,斜率 0.92 / 0.30");
    for (guint i = 0; i < en->len; i++) {
        g_assert_null(strchr(g_ptr_array_index(en, i), '{'));
        g_assert_null(strchr(g_ptr_array_index(zh, i), '{'));
        g_assert_cmpstr(cel_claim_forbidden(g_ptr_array_index(en, i)), ==, NULL);
        g_assert_cmpstr(cel_claim_forbidden(g_ptr_array_index(zh, i)), ==, NULL);
    }
}

static void what_is_not_there_is_not_spoken_of(void)
{
    g_auto(Room) room = {0};
    g_autoptr(CelIdentification) empty = cel_identification_new();
    g_autoptr(GPtrArray) none = cel_why_lines(empty, FALSE);
    room_init(&room);
    const CelHit *first = g_ptr_array_index(room.answer->hits, 0);
    g_array_set_size(first->missing, 0);
    g_array_set_size(first->unexplained, 0);
    g_ptr_array_set_size(room.answer->hits, 1);
    g_autofree char *text = all_lines(room.answer, FALSE);
    g_assert_cmpuint(none->len, ==, 0);
    g_assert_null(strstr(text, "missing"));
    g_assert_null(strstr(text, "explain ("));
    g_assert_null(strstr(text, "next different"));
}

/* A band table without heights of one source weighs every band with 1: a weight, no intensity. */
static void a_weight_is_not_told_as_an_intensity(void)
{
    g_auto(Room) room = {0};
    room_init(&room);
    const CelHit *first = g_ptr_array_index(room.answer->hits, 0);
    g_array_index(first->matched, CelPeakPair, 0).unweighed = TRUE;
    g_array_index(first->missing, CelPeakPair, 0).unweighed = TRUE;
    g_array_index(first->outside, CelPeakPair, 0).unweighed = TRUE;
    g_autofree char *en = all_lines(room.answer, FALSE);
    g_autofree char *zh = all_lines(room.answer, TRUE);
    g_autofree char *json = cel_identification_to_json(room.answer, "f");
    expect(en, "relative intensity not compared, measured 0.97)");
    expect(en, "711.2 (relative intensity not compared, measured 0.01).");
    expect(zh, "相对强度未比对,实测0.97)");
    expect(json, "\"tolerance_cm1\":5.25,\"reference_intensity\":null,");
    expect(json, "\"not_observable\":[{\"reference_cm1\":155.3,\"reference_intensity\":null}]");
}

static void json_carries_numbers_and_lines(void)
{
    g_auto(Room) room = {0};
    room_init(&room);
    g_autofree char *json = cel_identification_to_json(room.answer, "f");
    expect(json, "\"matched\":[{\"reference_cm1\":1085.6,\"sample_cm1\":1084.9,"
                 "\"difference_cm1\":-0.2,\"tolerance_cm1\":5.25,\"reference_intensity\":1,"
                 "\"sample_intensity\":0.97}]");
    expect(json, "\"extra\":[{\"sample_cm1\":1001.4,\"sample_intensity\":0.22}]");
    expect(json, "\"not_observable\":[{\"reference_cm1\":155.3,\"reference_intensity\":0.3}]");
    expect(json, "\"margin\":{\"to\":\"y\",\"score\":0.35");
    expect(json, "\"explanation\":{\"en\":[\"Bands that agree");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define T(name) g_test_add_func("/why/" #name, name)
    T(every_kind_of_band_is_told_with_its_numbers);
    T(the_distance_is_to_the_next_that_is_no_look_alike);
    T(the_view_that_the_distance_rests_on_is_named);
    T(both_languages_say_as_much);
    T(what_is_not_there_is_not_spoken_of);
    T(a_weight_is_not_told_as_an_intensity);
    T(json_carries_numbers_and_lines);
#undef T
    return g_test_run();
}
