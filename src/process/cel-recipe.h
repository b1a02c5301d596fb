/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "process/cel-step.h"

G_BEGIN_DECLS

/** CelRecipe: an ordered list of steps with their parameters. */
typedef struct CelRecipe CelRecipe;

/** cel_recipe_new: @name: for people. Returns: (transfer full): an empty recipe. */
CelRecipe *cel_recipe_new(const char *name);
/** cel_recipe_free: @recipe: (nullable) */
void cel_recipe_free(CelRecipe *recipe);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelRecipe, cel_recipe_free)

/** cel_recipe_append: @params: (transfer full): for @step. */
void cel_recipe_append(CelRecipe *recipe, const CelStepDef *step, CelParams *params);

/** cel_recipe_append_text: @text: "baseline.arpls" or "baseline.arpls:lambda=1e5,tolerance=1e-3".
 * Returns: FALSE with CEL_ERROR_USAGE. */
gboolean cel_recipe_append_text(CelRecipe *recipe, const char *text, GError **error);

/** cel_recipe_name, cel_recipe_length, cel_recipe_step, cel_recipe_params: what it holds. */
const char *cel_recipe_name(const CelRecipe *recipe);
gsize cel_recipe_length(const CelRecipe *recipe);
const CelStepDef *cel_recipe_step(const CelRecipe *recipe, gsize index);
const CelParams *cel_recipe_params(const CelRecipe *recipe, gsize index);

/**
 * cel_recipe_to_text:
 * Returns: (transfer full): the canonical text: first line "celadon-recipe 1 NAME", then a line a
 *   step: "id@version key=value,key=value" with every parameter, each line ended by "\n".
 */
char *cel_recipe_to_text(const CelRecipe *recipe);

/** cel_recipe_from_text: Returns: (transfer full): equal to the one written, or NULL with
 * CEL_ERROR_INPUT naming the line (unknown step, other version, bad parameter). */
CelRecipe *cel_recipe_from_text(const char *text, GError **error);

/** cel_recipe_sha256: Returns: (transfer full): 64 hex digits over the canonical text. */
char *cel_recipe_sha256(const CelRecipe *recipe);

/** CelRecipeDef: a named recipe that ships. */
typedef struct {
    const char *name;
    const char *title;                 /* msgid */
    double laser_min_nm, laser_max_nm; /* default for this excitation; 0, 0: by name only */
    const char *const *steps;          /* NULL-ended texts for cel_recipe_append_text() */
} CelRecipeDef;

/** cel_recipes: Returns: (transfer none): the table of shipped recipes. */
const CelRecipeDef *cel_recipes(gsize *out_n);

/** cel_recipe_shipped: Returns: (transfer full): by name, or NULL with CEL_ERROR_USAGE. */
CelRecipe *cel_recipe_shipped(const char *name, GError **error);

/** cel_recipe_default: @laser_nm: 0 when not known. Returns: (transfer full): the recipe that
 * identification uses at this excitation. */
CelRecipe *cel_recipe_default(double laser_nm);

/**
 * cel_recipe_run:
 * @in: raw spectrum (counts on its axis)
 * @inputs: (nullable): dark and single frames
 * @out_stages: (out) (optional) (transfer full) (element-type CelSpectrum): the result of every
 * step
 * @job: (nullable)
 * Returns: (transfer full): the last result, or NULL with the step's error, prefixed by its id.
 */
CelSpectrum *cel_recipe_run(const CelRecipe *recipe, const CelSpectrum *in,
                            const CelStepInputs *inputs, GPtrArray **out_stages, CelJob *job,
                            GError **error);

G_END_DECLS
