/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/cel-recipe-draft.h"

#include <string.h>

/* A shipped recipe's name stands for its numbers; changed ones must not carry it. */
#define NAME_OF_CHANGED "custom"

struct CelRecipeDraft {
    CelRecipe *recipe;
    GPtrArray *past, *future; /* canonical texts, the nearest last */
    char *latest;             /* (nullable): "INDEX KEY" of the change that goes on */
};

CelRecipeDraft *cel_recipe_draft_new(CelRecipe *recipe)
{
    CelRecipeDraft *draft = g_new0(CelRecipeDraft, 1);
    draft->recipe = recipe;
    draft->past = g_ptr_array_new_with_free_func(g_free);
    draft->future = g_ptr_array_new_with_free_func(g_free);
    return draft;
}

void cel_recipe_draft_free(CelRecipeDraft *draft)
{
    if (draft == NULL)
        return;
    cel_recipe_free(draft->recipe);
    g_ptr_array_unref(draft->past);
    g_ptr_array_unref(draft->future);
    g_free(draft->latest);
    g_free(draft);
}

const CelRecipe *cel_recipe_draft_get(const CelRecipeDraft *draft)
{
    return draft->recipe;
}

/* ---- changes ---- */

static const char *name_after_change(const CelRecipe *recipe)
{
    gsize n = 0;
    const CelRecipeDef *shipped = cel_recipes(&n);
    for (gsize i = 0; i < n; i++)
        if (strcmp(shipped[i].name, cel_recipe_name(recipe)) == 0)
            return NAME_OF_CHANGED;
    return cel_recipe_name(recipe);
}

static void append_copy(CelRecipe *to, const CelRecipe *from, gsize index)
{
    cel_recipe_append(to, cel_recipe_step(from, index),
                      cel_params_copy(cel_recipe_params(from, index)));
}

void cel_recipe_draft_settle(CelRecipeDraft *draft)
{
    g_clear_pointer(&draft->latest, g_free);
}

/* @recipe: (transfer full) */
static void put(CelRecipeDraft *draft, CelRecipe *recipe)
{
    cel_recipe_free(draft->recipe);
    draft->recipe = recipe;
}

static void remember(CelRecipeDraft *draft)
{
    g_ptr_array_add(draft->past, cel_recipe_to_text(draft->recipe));
    if (draft->past->len > CEL_RECIPE_DRAFT_MAX_PAST)
        g_ptr_array_remove_index(draft->past, 0);
    g_ptr_array_set_size(draft->future, 0);
}

void cel_recipe_draft_replace(CelRecipeDraft *draft, CelRecipe *recipe)
{
    cel_recipe_draft_settle(draft);
    remember(draft);
    put(draft, recipe);
}

/* Every list of steps that a change can give: those of @order, G_MAXSIZE for a new @step. */
static void rebuild(CelRecipeDraft *draft, const GArray *order, const CelStepDef *step)
{
    CelRecipe *recipe = cel_recipe_new(name_after_change(draft->recipe));
    for (guint i = 0; i < order->len; i++) {
        const gsize from = g_array_index(order, gsize, i);
        if (from == G_MAXSIZE)
            cel_recipe_append(recipe, step, cel_params_new(step->params, step->n_params));
        else
            append_copy(recipe, draft->recipe, from);
    }
    cel_recipe_draft_replace(draft, recipe);
}

static GArray *present_order(const CelRecipeDraft *draft)
{
    GArray *order = g_array_new(FALSE, FALSE, sizeof(gsize));
    for (gsize i = 0; i < cel_recipe_length(draft->recipe); i++)
        g_array_append_val(order, i);
    return order;
}

void cel_recipe_draft_insert(CelRecipeDraft *draft, gsize index, const CelStepDef *step)
{
    g_autoptr(GArray) order = present_order(draft);
    const gsize fresh = G_MAXSIZE;
    g_return_if_fail(index <= order->len);
    g_array_insert_val(order, (guint)index, fresh);
    rebuild(draft, order, step);
}

void cel_recipe_draft_remove(CelRecipeDraft *draft, gsize index)
{
    g_autoptr(GArray) order = present_order(draft);
    g_return_if_fail(index < order->len);
    g_array_remove_index(order, (guint)index);
    rebuild(draft, order, NULL);
}

void cel_recipe_draft_move(CelRecipeDraft *draft, gsize from, gsize to)
{
    g_autoptr(GArray) order = present_order(draft);
    g_return_if_fail(from < order->len && to < order->len);
    if (from == to)
        return;
    g_array_remove_index(order, (guint)from);
    g_array_insert_val(order, (guint)to, from);
    rebuild(draft, order, NULL);
}

/* Returns: (transfer full): the recipe with one value changed, or NULL with the error. */
static CelRecipe *with_value(const CelRecipe *from, gsize index, const char *key, const char *text,
                             GError **error)
{
    g_autoptr(CelRecipe) recipe = cel_recipe_new(name_after_change(from));
    for (gsize i = 0; i < cel_recipe_length(from); i++) {
        g_autoptr(CelParams) params = cel_params_copy(cel_recipe_params(from, i));
        if (i == index && !cel_params_set_text(params, key, text, error))
            return NULL;
        cel_recipe_append(recipe, cel_recipe_step(from, i), g_steal_pointer(&params));
    }
    return g_steal_pointer(&recipe);
}

gboolean cel_recipe_draft_set(CelRecipeDraft *draft, gsize index, const char *key, const char *text,
                              GError **error)
{
    CelRecipe *changed = with_value(draft->recipe, index, key, text, error);
    g_autofree char *change = g_strdup_printf("%zu %s", index, key);
    if (changed == NULL)
        return FALSE;
    if (g_strcmp0(change, draft->latest) != 0) {
        remember(draft);
        g_free(draft->latest);
        draft->latest = g_steal_pointer(&change);
    }
    put(draft, changed);
    return TRUE;
}

/* ---- back and forth ---- */

gboolean cel_recipe_draft_can_undo(const CelRecipeDraft *draft)
{
    return draft->past->len > 0;
}

gboolean cel_recipe_draft_can_redo(const CelRecipeDraft *draft)
{
    return draft->future->len > 0;
}

static gboolean step(CelRecipeDraft *draft, GPtrArray *from, GPtrArray *to)
{
    if (from->len == 0)
        return FALSE;
    g_autofree char *text = g_ptr_array_steal_index(from, from->len - 1);
    g_ptr_array_add(to, cel_recipe_to_text(draft->recipe));
    cel_recipe_draft_settle(draft);
    put(draft, cel_recipe_from_text(text, NULL));
    return TRUE;
}

gboolean cel_recipe_draft_undo(CelRecipeDraft *draft)
{
    return step(draft, draft->past, draft->future);
}

gboolean cel_recipe_draft_redo(CelRecipeDraft *draft)
{
    return step(draft, draft->future, draft->past);
}
