/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/cel-recipe.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The stiffness is meant for samples 2 cm-1 apart and is rescaled by the step to those of the
 * spectrum. The ranges follow what detectors and edge filters usually let through at that laser;
 * narrower data are kept whole.
 *
 * The steps that every default recipe has in common. Imported spectra come without dark, mostly
 * with it taken off by their source: then the first step passes them on and says so in their
 * metadata. None normalises: counts and their noise are what the judgement of a match rests on. */
#define FIRST "dark.subtract:when_absent=pass", "despike.celadon"
#define LAST                                                                                       \
    "baseline.arpls:lambda=1e5,lambda_step_cm1=2",                                                 \
        "smooth.savgol:window=5,polynomial=2,edges=interp"

static const char *const steps_532[] = {FIRST, "crop.range:from=150,to=3700", LAST, NULL};
static const char *const steps_633[] = {FIRST, "crop.range:from=150,to=3600", LAST, NULL};
static const char *const steps_785[] = {FIRST, "crop.range:from=150,to=3400", LAST, NULL};
static const char *const steps_830[] = {FIRST, "crop.range:from=150,to=2600", LAST, NULL};
static const char *const steps_1064[] = {FIRST, "crop.range:from=150,to=3400", LAST, NULL};

static const CelRecipeDef recipes[] = {
    {"default-532", N_("Default for 532 nm"), 500.0, 570.0, steps_532},
    {"default-633", N_("Default for 633 nm"), 600.0, 700.0, steps_633},
    {"default-785", N_("Default for 785 nm"), 750.0, 810.0, steps_785},
    {"default-830", N_("Default for 830 nm"), 810.0, 880.0, steps_830},
    {"default-1064", N_("Default for 1064 nm"), 980.0, 1100.0, steps_1064},
    {"default-unknown", N_("Default for an unknown laser"), 0.0, 0.0, steps_785},
};

const CelRecipeDef *cel_recipes(gsize *out_n)
{
    *out_n = G_N_ELEMENTS(recipes);
    return recipes;
}

static CelRecipe *build(const CelRecipeDef *def, GError **error)
{
    g_autoptr(CelRecipe) recipe = cel_recipe_new(def->name);
    for (gsize i = 0; def->steps[i] != NULL; i++) {
        if (!cel_recipe_append_text(recipe, def->steps[i], error))
            return NULL;
    }
    return g_steal_pointer(&recipe);
}

CelRecipe *cel_recipe_shipped(const char *name, GError **error)
{
    g_autoptr(GString) known = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(recipes); i++) {
        if (strcmp(recipes[i].name, name) == 0)
            return build(&recipes[i], error);
        g_string_append_printf(known, " %s", recipes[i].name);
    }
    g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                _("There is no recipe \"%s\" that ships; there are:%s"), name, known->str);
    return NULL;
}

CelRecipe *cel_recipe_default(double laser_nm)
{
    const char *name = "default-unknown";
    for (gsize i = 0; i < G_N_ELEMENTS(recipes); i++) {
        if (laser_nm > 0.0 && laser_nm >= recipes[i].laser_min_nm &&
            laser_nm < recipes[i].laser_max_nm)
            name = recipes[i].name;
    }
    g_autoptr(GError) error = NULL;
    CelRecipe *recipe = cel_recipe_shipped(name, &error);
    if (recipe == NULL) /* the table is constant and a test reads every row of it */
        g_error("%s", error->message);
    return recipe;
}
