/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cel-archive-page.h"
#include "desk/cel-desk-act.h"
#include "desk/cel-exhibit-model.h"
#include "lab-fixture.h"

static const gint64 DAY_US = G_GINT64_CONSTANT(86400000000);

static const CelExhibitFacts rows[] = {
    {"2026-0010", "2", "White granules", "South station", "Wang", "A2", "CELX1", 40, 3, FALSE},
    {"2026-0010", "10", "blue barrel", "South station", "Li", "A10", "CELX2", 30, 5, TRUE},
    {"2026-0009", "1", "白色塑料颗粒", "城南派出所", "Wang", "B1", "CELX3", 20, 1, FALSE},
    {"2026-0100", "1", "white powder", "", "", "", "CELX4", 10, 7, FALSE},
};

static CelExhibitIndex *made(void)
{
    CelExhibitIndex *index = cel_exhibit_index_new();
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        CelExhibitFacts facts = rows[i];
        facts.last_us *= DAY_US;
        cel_exhibit_index_add(index, &facts);
    }
    cel_exhibit_index_finish(index);
    return index;
}

/* The view as "2,10,1": items in order. */
static char *items(const CelExhibitFilter *filter)
{
    g_autoptr(CelExhibitIndex) index = made();
    g_autoptr(GArray) view = cel_exhibit_index_view(index, filter);
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < view->len; i++) {
        const CelExhibitFacts *facts =
            cel_exhibit_index_get(index, g_array_index(view, guint32, i));
        g_string_append_printf(out, "%s%s/%s", i > 0 ? " " : "", facts->case_id + 5,
                               facts->item_id);
    }
    return g_string_free(out, FALSE);
}

#define ASSERT_ITEMS(expected, ...)                                                                \
    do {                                                                                           \
        const CelExhibitFilter filter = {__VA_ARGS__};                                             \
        g_autofree char *found = items(&filter);                                                   \
        g_assert_cmpstr(found, ==, expected);                                                      \
    } while (0)

static void numbers_stand_as_numbers(void)
{
    ASSERT_ITEMS("0009/1 0010/2 0010/10 0100/1", .column = CEL_BY_EXHIBIT);
    ASSERT_ITEMS("0100/1 0010/10 0010/2 0009/1", .column = CEL_BY_EXHIBIT, .descending = TRUE);
}

static void equal_rows_keep_the_order_of_their_numbers(void)
{
    ASSERT_ITEMS("0100/1 0010/10 0009/1 0010/2", .column = CEL_BY_HOLDER);
}

static void the_latest_change_stands_first_by_age(void)
{
    ASSERT_ITEMS("0010/2 0010/10 0009/1 0100/1", .column = CEL_BY_AGE);
}

static void every_word_must_occur_and_capitals_do_not_matter(void)
{
    ASSERT_ITEMS("0010/2 0100/1", .text = "WHITE");
    ASSERT_ITEMS("0010/2", .text = " granules  white ");
    ASSERT_ITEMS("0009/1", .text = "塑料");
    ASSERT_ITEMS("0010/10", .text = "2026-0010/10");
    ASSERT_ITEMS("0009/1", .text = "celx3");
    ASSERT_ITEMS("", .text = "white barrel");
}

static void filters_hold_together(void)
{
    ASSERT_ITEMS("0010/10", .hold = TRUE);
    ASSERT_ITEMS("0009/1", .states = 1U << CEL_EXHIBIT_COLLECTED);
    ASSERT_ITEMS("0009/1 0100/1", .unchanged_since_us = 20 * DAY_US);
    ASSERT_ITEMS("", .hold = TRUE, .states = 1U << CEL_EXHIBIT_COLLECTED);
}

static void an_exhibit_is_found_by_its_name(void)
{
    g_autoptr(CelExhibitIndex) index = made();
    guint row = 99;
    g_assert_true(cel_exhibit_index_find(index, "2026-0009", "1", &row));
    g_assert_cmpstr(cel_exhibit_index_get(index, row)->description, ==, "白色塑料颗粒");
    g_assert_false(cel_exhibit_index_find(index, "2026-0009", "2", &row));
}

static void an_item_is_a_place_whatever_stands_there(void)
{
    g_autoptr(CelExhibitModel) model = cel_exhibit_model_new();
    g_autoptr(CelExhibitIndex) index = made(), empty = cel_exhibit_index_new();
    const CelExhibitFilter rising = {.column = CEL_BY_EXHIBIT};
    const CelExhibitFilter falling = {.column = CEL_BY_EXHIBIT, .descending = TRUE};
    cel_exhibit_index_finish(empty);
    cel_exhibit_model_set(model, index, cel_exhibit_index_view(index, &falling));
    g_autoptr(CelExhibitItem) item = g_list_model_get_item(G_LIST_MODEL(model), 0);
    g_assert_cmpstr(cel_exhibit_item_facts(item)->case_id, ==, "2026-0100");
    cel_exhibit_model_set(model, index, cel_exhibit_index_view(index, &rising));
    g_assert_cmpstr(cel_exhibit_item_facts(item)->case_id, ==, "2026-0009");
    cel_exhibit_model_set(model, empty, cel_exhibit_index_view(empty, &rising));
    g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(model)), ==, 0);
    g_assert_null(cel_exhibit_item_facts(item));
}

/** Told: what a list was told of, as a list view would count it. */
typedef struct {
    guint n, most_at_once, changes;
} Told;

static void items_changed(Told *told, guint position, guint removed, guint added)
{
    g_assert_cmpuint(position + removed, ==, told->n); /* at the end only */
    told->n = told->n - removed + added;
    told->most_at_once = MAX(told->most_at_once, told->n <= 240 ? added : 0);
}

static void view_changed(Told *told)
{
    told->changes++;
}

static void many_rows_come_in_steps_and_a_shorter_list_at_once(void)
{
    g_autoptr(CelExhibitModel) model = cel_exhibit_model_new();
    g_autoptr(CelExhibitIndex) index = cel_exhibit_index_new();
    const CelExhibitFilter all = {.column = CEL_BY_EXHIBIT};
    Told told = {0};
    for (guint i = 0; i < 1000; i++) {
        g_autofree char *case_id = g_strdup_printf("2026-%04u", i);
        cel_exhibit_index_add(index, &(CelExhibitFacts){.case_id = case_id, .item_id = "1"});
    }
    cel_exhibit_index_finish(index);
    g_signal_connect_swapped(model, "items-changed", G_CALLBACK(items_changed), &told);
    g_signal_connect_swapped(model, "changed", G_CALLBACK(view_changed), &told);
    cel_exhibit_model_set(model, index, cel_exhibit_index_view(index, &all));
    g_assert_cmpuint(cel_exhibit_model_size(model), ==, 1000);
    g_assert_cmpuint(told.n, ==, 24);
    while (told.n < 1000)
        g_main_context_iteration(NULL, TRUE);
    g_assert_cmpuint(told.most_at_once, ==, 24);
    g_autoptr(GArray) few = cel_exhibit_index_view(index, &all);
    g_array_set_size(few, 3);
    cel_exhibit_model_set(model, index, g_steal_pointer(&few));
    g_assert_cmpuint(told.n, ==, 3);
    g_assert_cmpuint(told.changes, ==, 2);
}

/* ---- from a register ---- */

static void the_snapshot_says_what_the_register_says(void)
{
    Room room = {.folder = NULL};
    g_autoptr(GError) error = NULL;
    room_set_up(&room, NULL);
    room_happens(
        &room, ZHAO,
        (RoomEvent){
            .act = CEL_ACT_COLLECT, .item = "1", .data = "description=plastic", .seal_no = "A1"},
        N_PEOPLE);
    g_autoptr(CelExhibitIndex) index = cel_exhibit_index_read(room.lab, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(cel_exhibit_index_size(index), ==, 1);
    const CelExhibitFacts *facts = cel_exhibit_index_get(index, 0);
    g_assert_cmpint(facts->state, ==, CEL_EXHIBIT_COLLECTED);
    g_assert_cmpstr(facts->description, ==, "plastic");
    g_assert_cmpstr(facts->seal_no, ==, "A1");
    room_tear_down(&room, NULL);
}

static void a_column_that_is_none_is_refused(void)
{
    static const char *const columns[] = {"case_id", "colour of the sky", NULL};
    Room room = {.folder = NULL};
    g_autoptr(GError) error = NULL;
    room_set_up(&room, NULL);
    const CelRowVisit visit = {.columns = columns};
    g_assert_false(cel_register_visit(cel_lab_register(room.lab), CEL_ROW_EXHIBIT, &visit, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
    room_tear_down(&room, NULL);
}

/* ---- what may be done ---- */

static void a_question_about_a_disposal_takes_its_order_along(void)
{
    Room room = {.folder = NULL};
    room_set_up(&room, NULL);
    room_receive(&room, "1");
    room_sign_in(&room, SUN);
    CelEventRequest request = {.act = CEL_ACT_DISPOSE, .case_id = ROOM_CASE, .item_id = "1"};
    g_assert_false(cel_lab_may(room.lab, &request, NULL));
    request.authority = "order 7";
    g_assert_true(cel_lab_may(room.lab, &request, NULL));
    room_tear_down(&room, NULL);
}

static void acts_follow_state_role_and_hold(void)
{
    CelExhibitFacts facts = rows[0];
    facts.state = CEL_EXHIBIT_RECEIVED;
    gsize n = 0;
    const CelDeskAct *acts = cel_desk_acts(&n);
    for (gsize i = 0; i < n; i++) {
        const CelRight *right = cel_right(acts[i].act);
        for (guint role = 0; role < CEL_N_ROLES; role++)
            if ((right->first & (1U << role)) == 0)
                g_assert_false(cel_desk_act_fits(&acts[i], &facts, role));
    }
    g_assert_true(cel_desk_act_fits(cel_desk_act(CEL_ACT_DISPOSE), &facts, CEL_ROLE_LAB_HEAD));
    facts.hold = TRUE;
    g_assert_false(cel_desk_act_fits(cel_desk_act(CEL_ACT_DISPOSE), &facts, CEL_ROLE_LAB_HEAD));
    facts.state = CEL_EXHIBIT_RETURNED;
    g_assert_false(cel_desk_act_fits(cel_desk_act(CEL_ACT_TRANSFER), &facts, CEL_ROLE_TECHNICIAN));
}

/* Whatever an act needs and a person types has words; what has none is set by the program. */
static void every_needed_member_has_words(void)
{
    gsize n = 0;
    const CelDeskAct *acts = cel_desk_acts(&n);
    for (gsize i = 0; i < n; i++) {
        const char *const *needs = cel_act_def(acts[i].act)->needs;
        for (gsize m = 0; needs != NULL && needs[m] != NULL; m++)
            g_assert_true(cel_member_words(needs[m]) != NULL ||
                          g_strcmp0(needs[m], acts[i].member) == 0);
    }
}

static void dropped_files_are_told_apart(void)
{
    static const struct {
        guint n;
        const char *path;
        CelDropKind kind;
    } drops[] = {
        {0, NULL, CEL_DROP_NOTHING},           {1, "/x/a.cel.h5", CEL_DROP_SEALED},
        {1, "/x/case.zip", CEL_DROP_BUNDLE},   {1, "/", CEL_DROP_BUNDLE},
        {1, "/x/holiday.jpg", CEL_DROP_OTHER}, {500, "/x/a.csv", CEL_DROP_MANY},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(drops); i++) {
        g_autoptr(GPtrArray) paths = g_ptr_array_new();
        for (guint k = 0; k < drops[i].n; k++)
            g_ptr_array_add(paths, (gpointer)drops[i].path);
        g_assert_cmpint(cel_archive_drop_kind(paths), ==, drops[i].kind);
    }
}

int main(int argc, char **argv)
{
    cel_init();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/index/order/numbers", numbers_stand_as_numbers);
    g_test_add_func("/index/order/equal-rows", equal_rows_keep_the_order_of_their_numbers);
    g_test_add_func("/index/order/age", the_latest_change_stands_first_by_age);
    g_test_add_func("/index/search/words", every_word_must_occur_and_capitals_do_not_matter);
    g_test_add_func("/index/filter/together", filters_hold_together);
    g_test_add_func("/index/find/name", an_exhibit_is_found_by_its_name);
    g_test_add_func("/model/item/place", an_item_is_a_place_whatever_stands_there);
    g_test_add_func("/model/rows/steps", many_rows_come_in_steps_and_a_shorter_list_at_once);
    g_test_add_func("/index/read/register", the_snapshot_says_what_the_register_says);
    g_test_add_func("/acts/fits/state-role-hold", acts_follow_state_role_and_hold);
    g_test_add_func("/index/read/no-column", a_column_that_is_none_is_refused);
    g_test_add_func("/acts/may/order", a_question_about_a_disposal_takes_its_order_along);
    g_test_add_func("/acts/words/needed", every_needed_member_has_words);
    g_test_add_func("/drop/kind", dropped_files_are_told_apart);
    return g_test_run();
}
