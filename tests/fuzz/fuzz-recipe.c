/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "process/cel-recipe.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* A recipe that is read writes a text that reads as the same recipe: its digest is evidence. */
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(CelRecipe) recipe = cel_recipe_from_text(text, &error);
    if (recipe == NULL) {
        g_assert_true(g_error_matches(error, CEL_ERROR, CEL_ERROR_INPUT));
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
        return 0;
    }
    g_assert_no_error(error);
    g_autofree char *once = cel_recipe_to_text(recipe);
    g_autoptr(CelRecipe) again = cel_recipe_from_text(once, &error);
    g_assert_no_error(error);
    g_autofree char *twice = cel_recipe_to_text(again);
    g_assert_cmpstr(once, ==, twice);
    g_assert_cmpuint(cel_recipe_length(recipe), ==, cel_recipe_length(again));
    return 0;
}
