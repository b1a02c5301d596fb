/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/cel-recipe-draft.h"

#include "base/cel-error.h"

static CelRecipeDraft *shipped_draft(void)
{
    return cel_recipe_draft_new(cel_recipe_default(785.0));
}

static char *text_of(const CelRecipeDraft *draft)
{
    return cel_recipe_to_text(cel_recipe_draft_get(draft));
}

static const CelStepDef *some_step(void)
{
    return cel_step_find("smooth.median", NULL);
}

static void every_change_is_taken_back_to_the_letter(void)
{
    g_autoptr(CelRecipeDraft) draft = shipped_draft();
    g_autofree char *before = text_of(draft);
    const gsize n = cel_recipe_length(cel_recipe_draft_get(draft));
    cel_recipe_draft_insert(draft, 1, some_step());
    cel_recipe_draft_move(draft, 1, n);
    g_assert_true(cel_recipe_draft_set(draft, n, "window", "9", NULL));
    cel_recipe_draft_remove(draft, 0);
    g_autofree char *after = text_of(draft);
    for (int i = 0; i < 4; i++)
        g_assert_true(cel_recipe_draft_undo(draft));
    g_assert_false(cel_recipe_draft_undo(draft));
    g_autofree char *back = text_of(draft);
    g_assert_cmpstr(back, ==, before);
    while (cel_recipe_draft_redo(draft))
        ;
    g_autofree char *forth = text_of(draft);
    g_assert_cmpstr(forth, ==, after);
    g_assert_cmpstr(after, !=, before);
}

static void a_moved_step_stands_where_it_was_put(void)
{
    g_autoptr(CelRecipeDraft) draft = shipped_draft();
    const CelStepDef *first = cel_recipe_step(cel_recipe_draft_get(draft), 0);
    const CelStepDef *second = cel_recipe_step(cel_recipe_draft_get(draft), 1);
    cel_recipe_draft_move(draft, 0, 2);
    g_assert_true(cel_recipe_step(cel_recipe_draft_get(draft), 2) == first);
    g_assert_true(cel_recipe_step(cel_recipe_draft_get(draft), 0) == second);
}

static void one_slide_of_a_value_is_one_step_back(void)
{
    g_autoptr(CelRecipeDraft) draft = cel_recipe_draft_new(cel_recipe_new("mine"));
    cel_recipe_draft_insert(draft, 0, some_step());
    g_autofree char *before = text_of(draft);
    g_assert_true(cel_recipe_draft_set(draft, 0, "window", "5", NULL));
    g_assert_true(cel_recipe_draft_set(draft, 0, "window", "7", NULL));
    cel_recipe_draft_settle(draft);
    g_autofree char *slid = text_of(draft);
    g_assert_true(cel_recipe_draft_set(draft, 0, "window", "11", NULL));
    cel_recipe_draft_undo(draft);
    g_autofree char *one = text_of(draft);
    g_assert_cmpstr(one, ==, slid);
    cel_recipe_draft_undo(draft);
    g_autofree char *two = text_of(draft);
    g_assert_cmpstr(two, ==, before);
}

static void a_value_out_of_range_changes_nothing(void)
{
    g_autoptr(CelRecipeDraft) draft = cel_recipe_draft_new(cel_recipe_new("mine"));
    g_autoptr(GError) error = NULL;
    cel_recipe_draft_insert(draft, 0, some_step());
    g_autofree char *before = text_of(draft);
    g_assert_false(cel_recipe_draft_set(draft, 0, "window", "-3", &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
    g_autofree char *after = text_of(draft);
    g_assert_cmpstr(after, ==, before);
    cel_recipe_draft_undo(draft);
    g_assert_false(cel_recipe_draft_can_undo(draft));
}

static void a_changed_recipe_does_not_keep_the_shipped_name(void)
{
    g_autoptr(CelRecipeDraft) draft = shipped_draft();
    g_autofree char *name = g_strdup(cel_recipe_name(cel_recipe_draft_get(draft)));
    cel_recipe_draft_remove(draft, 0);
    g_assert_cmpstr(cel_recipe_name(cel_recipe_draft_get(draft)), ==, "custom");
    cel_recipe_draft_undo(draft);
    g_assert_cmpstr(cel_recipe_name(cel_recipe_draft_get(draft)), ==, name);
}

static void a_new_change_forgets_what_was_taken_back(void)
{
    g_autoptr(CelRecipeDraft) draft = shipped_draft();
    cel_recipe_draft_insert(draft, 0, some_step());
    cel_recipe_draft_undo(draft);
    g_assert_true(cel_recipe_draft_can_redo(draft));
    cel_recipe_draft_remove(draft, 0);
    g_assert_false(cel_recipe_draft_can_redo(draft));
}

static void the_past_has_an_end(void)
{
    g_autoptr(CelRecipeDraft) draft = cel_recipe_draft_new(cel_recipe_new("mine"));
    guint back = 0;
    cel_recipe_draft_insert(draft, 0, some_step());
    for (guint i = 0; i < CEL_RECIPE_DRAFT_MAX_PAST + 50; i++) {
        cel_recipe_draft_set(draft, 0, "window", i % 2 == 0 ? "5" : "7", NULL);
        cel_recipe_draft_settle(draft);
    }
    while (cel_recipe_draft_undo(draft))
        back++;
    g_assert_cmpuint(back, ==, CEL_RECIPE_DRAFT_MAX_PAST);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/recipe-draft/undo/to-the-letter", every_change_is_taken_back_to_the_letter);
    g_test_add_func("/recipe-draft/move/place", a_moved_step_stands_where_it_was_put);
    g_test_add_func("/recipe-draft/set/one-slide", one_slide_of_a_value_is_one_step_back);
    g_test_add_func("/recipe-draft/set/out-of-range", a_value_out_of_range_changes_nothing);
    g_test_add_func("/recipe-draft/name/changed", a_changed_recipe_does_not_keep_the_shipped_name);
    g_test_add_func("/recipe-draft/redo/forgotten", a_new_change_forgets_what_was_taken_back);
    g_test_add_func("/recipe-draft/past/end", the_past_has_an_end);
    return g_test_run();
}
