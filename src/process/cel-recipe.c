/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/cel-recipe.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define HEADER "celadon-recipe 1 "

/* A recipe can come from a file of somebody else: more than this is no recipe. */
enum { MAX_TEXT_BYTES = 256 * 1024, MAX_STEPS = 256 };

typedef struct {
    const CelStepDef *step;
    CelParams *params;
} Entry;

struct CelRecipe {
    char *name;
    GArray *entries;
};

static void clear_entry(gpointer data)
{
    Entry *entry = data;
    cel_params_free(entry->params);
}

CelRecipe *cel_recipe_new(const char *name)
{
    CelRecipe *recipe = g_new0(CelRecipe, 1);
    /* the name is one line of the text */
    recipe->name = g_strdelimit(g_strdup(name), "\n\r", ' ');
    recipe->entries = g_array_new(FALSE, FALSE, sizeof(Entry));
    g_array_set_clear_func(recipe->entries, clear_entry);
    return recipe;
}

void cel_recipe_free(CelRecipe *recipe)
{
    if (recipe == NULL)
        return;
    g_free(recipe->name);
    g_array_unref(recipe->entries);
    g_free(recipe);
}

void cel_recipe_append(CelRecipe *recipe, const CelStepDef *step, CelParams *params)
{
    const Entry entry = {.step = step, .params = params};
    g_array_append_val(recipe->entries, entry);
}

/* Splits "head" + one of @separators + "tail"; a missing tail is empty. */
static char *split_head(const char *text, const char *separator, const char **out_tail)
{
    const gsize length = strcspn(text, separator);
    *out_tail = text[length] == '\0' ? text + length : text + length + 1;
    return g_strndup(text, length);
}

gboolean cel_recipe_append_text(CelRecipe *recipe, const char *text, GError **error)
{
    const char *tail = NULL;
    g_autofree char *id = split_head(text, ":", &tail);
    const CelStepDef *step = cel_step_find(g_strstrip(id), error);
    if (step == NULL)
        return FALSE;
    g_autoptr(CelParams) params = cel_params_new(step->params, step->n_params);
    if (!cel_params_parse(params, tail, error)) {
        g_prefix_error(error, "%s: ", step->id);
        return FALSE;
    }
    cel_recipe_append(recipe, step, g_steal_pointer(&params));
    return TRUE;
}

const char *cel_recipe_name(const CelRecipe *recipe)
{
    return recipe->name;
}

gsize cel_recipe_length(const CelRecipe *recipe)
{
    return recipe->entries->len;
}

static const Entry *entry_at(const CelRecipe *recipe, gsize index)
{
    g_return_val_if_fail(index < recipe->entries->len, NULL);
    return &g_array_index(recipe->entries, Entry, index);
}

const CelStepDef *cel_recipe_step(const CelRecipe *recipe, gsize index)
{
    return entry_at(recipe, index)->step;
}

const CelParams *cel_recipe_params(const CelRecipe *recipe, gsize index)
{
    return entry_at(recipe, index)->params;
}

char *cel_recipe_to_text(const CelRecipe *recipe)
{
    GString *out = g_string_new(HEADER);
    g_string_append_printf(out, "%s\n", recipe->name);
    for (gsize i = 0; i < recipe->entries->len; i++) {
        const Entry *entry = entry_at(recipe, i);
        g_autofree char *params = cel_params_to_text(entry->params);
        g_string_append_printf(out, "%s@%u%s%s\n", entry->step->id, entry->step->version,
                               *params != '\0' ? " " : "", params);
    }
    return g_string_free(out, FALSE);
}

static gboolean check_version(const CelStepDef *step, const char *version, GError **error)
{
    g_autofree char *here = g_strdup_printf("%u", step->version);
    if (strcmp(here, version) == 0)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("%s has version %u here, the recipe asks for \"%s\"; the same parameters would "
                  "give other numbers. Use the program version that wrote the recipe"),
                step->id, step->version, version);
    return FALSE;
}

/* A recipe file states every parameter once: one left out would be filled in by this program. */
static gboolean check_complete(const CelStepDef *step, const char *text, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(text, ",", -1);
    for (gsize i = 0; i < step->n_params; i++) {
        const CelParamDef *def = &step->params[i];
        const gsize length = strlen(def->key);
        guint count = 0;
        for (gsize k = 0; parts[k] != NULL; k++)
            count += strncmp(parts[k], def->key, length) == 0 && parts[k][length] == '=';
        if (count != 1) {
            g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                        _("%s: the recipe states the parameter \"%s\" %u times, not once"),
                        step->id, def->key, count);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean append_line(CelRecipe *recipe, const char *line, GError **error)
{
    const char *tail = NULL, *version = NULL;
    g_autofree char *head = split_head(line, " ", &tail);
    g_autofree char *id = split_head(head, "@", &version);
    const CelStepDef *step = cel_step_find(id, error);
    if (step == NULL || !check_version(step, version, error) || !check_complete(step, tail, error))
        return FALSE;
    g_autoptr(CelParams) params = cel_params_new(step->params, step->n_params);
    if (!cel_params_parse(params, tail, error))
        return FALSE;
    cel_recipe_append(recipe, step, g_steal_pointer(&params));
    return TRUE;
}

static gboolean append_lines(CelRecipe *recipe, char *const *lines, GError **error)
{
    for (gsize i = 1; lines[i] != NULL; i++) {
        GError *reason = NULL;
        if (*lines[i] == '\0' && lines[i + 1] == NULL)
            break; /* what follows the last "\n" */
        if (i > MAX_STEPS)
            g_set_error(&reason, CEL_ERROR, CEL_ERROR_INPUT, _("more than %d steps"), MAX_STEPS);
        if (reason == NULL && append_line(recipe, lines[i], &reason))
            continue;
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, _("Recipe, line %" G_GSIZE_FORMAT ": %s"),
                    i + 1, reason->message);
        g_error_free(reason);
        return FALSE;
    }
    return TRUE;
}

CelRecipe *cel_recipe_from_text(const char *text, GError **error)
{
    if (!g_str_has_prefix(text, HEADER) || strlen(text) > MAX_TEXT_BYTES) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("Recipe, line 1: this is no recipe; it must begin with \"%sNAME\""), HEADER);
        return NULL;
    }
    const char *end = NULL;
    if (!g_utf8_validate(text, -1, &end)) {
        gsize line = 1;
        for (const char *at = text; at < end; at++)
            line += *at == '\n';
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, _("Recipe, line %" G_GSIZE_FORMAT ": %s"),
                    line, _("a text is not valid UTF-8"));
        return NULL;
    }
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(CelRecipe) recipe = cel_recipe_new(lines[0] + strlen(HEADER));
    return append_lines(recipe, lines, error) ? g_steal_pointer(&recipe) : NULL;
}

char *cel_recipe_sha256(const CelRecipe *recipe)
{
    g_autofree char *text = cel_recipe_to_text(recipe);
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
}

CelSpectrum *cel_recipe_run(const CelRecipe *recipe, const CelSpectrum *in,
                            const CelStepInputs *inputs, GPtrArray **out_stages, CelJob *job,
                            GError **error)
{
    static const CelStepInputs none = {.n_frames = 0};
    g_autoptr(GPtrArray) stages = g_ptr_array_new_with_free_func((GDestroyNotify)cel_spectrum_free);
    const gsize n = recipe->entries->len;
    const CelSpectrum *current = in;
    if (out_stages != NULL)
        *out_stages = NULL;
    for (gsize i = 0; i < n; i++) {
        const Entry *entry = entry_at(recipe, i);
        if (!cel_job_step(job, entry->step->title, i, n, error))
            return NULL;
        CelSpectrum *next =
            entry->step->run(current, entry->params, inputs != NULL ? inputs : &none, error);
        if (next == NULL) {
            g_prefix_error(error, "%s: ", entry->step->id);
            return NULL;
        }
        g_ptr_array_add(stages, next);
        current = next;
    }
    CelSpectrum *result = cel_spectrum_copy(current);
    if (out_stages != NULL)
        *out_stages = g_steal_pointer(&stages);
    return result;
}
