/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-param.h"

#include "base/cel-error.h"
#include "base/cel-number.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

struct CelParams {
    const CelParamDef *defs;
    gsize n;
    double values[];
};

static gsize params_size(gsize n)
{
    return sizeof(CelParams) + n * sizeof(double);
}

CelParams *cel_params_new(const CelParamDef *defs, gsize n)
{
    CelParams *params = g_malloc0(params_size(n));
    params->defs = defs;
    params->n = n;
    for (gsize i = 0; i < n; i++)
        params->values[i] = defs[i].initial;
    return params;
}

CelParams *cel_params_copy(const CelParams *params)
{
    return g_memdup2(params, params_size(params->n));
}

void cel_params_free(CelParams *params)
{
    g_free(params);
}

static gboolean parse_choice(const CelParamDef *def, const char *text, double *out_value)
{
    for (gsize i = 0; def->choices[i] != NULL; i++) {
        if (strcmp(def->choices[i], text) == 0) {
            *out_value = (double)i;
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean parse_value(const CelParamDef *def, const char *text, double *out_value)
{
    switch (def->type) {
    case CEL_PARAM_BOOL:
        *out_value = strcmp(text, "yes") == 0;
        return *out_value != 0.0 || strcmp(text, "no") == 0;
    case CEL_PARAM_CHOICE:
        return parse_choice(def, text, out_value);
    case CEL_PARAM_INT:
        return cel_number_parse(text, strlen(text), '.', out_value) &&
               *out_value == floor(*out_value);
    case CEL_PARAM_REAL:
        return cel_number_parse(text, strlen(text), '.', out_value);
    }
    return FALSE;
}

static gboolean find(const CelParams *params, const char *key, gsize *out_index, GError **error)
{
    g_autoptr(GString) known = g_string_new(NULL);
    for (gsize i = 0; i < params->n; i++) {
        if (strcmp(params->defs[i].key, key) == 0) {
            *out_index = i;
            return TRUE;
        }
        g_string_append_printf(known, "%s%s", i > 0 ? ", " : "", params->defs[i].key);
    }
    g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE, _("There is no parameter \"%s\"; known are: %s"),
                key, known->len > 0 ? known->str : _("none"));
    return FALSE;
}

static void set_range_error(const CelParamDef *def, const char *text, GError **error)
{
    if (def->type == CEL_PARAM_CHOICE) {
        g_autofree char *choices = g_strjoinv(", ", (char **)def->choices);
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE, _("%s=%s: choose one of %s"), def->key, text,
                    choices);
        return;
    }
    g_autofree char *min = cel_param_value_text(def, def->min);
    g_autofree char *max = cel_param_value_text(def, def->max);
    g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                _("%s=%s: this is not a value from %s to %s (unit %s)"), def->key, text, min, max,
                def->unit);
}

gboolean cel_params_set_text(CelParams *params, const char *key, const char *text, GError **error)
{
    gsize index = 0;
    if (!find(params, key, &index, error))
        return FALSE;
    const CelParamDef *def = &params->defs[index];
    double value = 0.0;
    /* written so that a NaN fails it */
    if (!parse_value(def, text, &value) || !(value >= def->min && value <= def->max)) {
        set_range_error(def, text, error);
        return FALSE;
    }
    params->values[index] = value + 0.0; /* one text, and one digest, for both zeros */
    return TRUE;
}

double cel_params_get(const CelParams *params, gsize index)
{
    g_return_val_if_fail(index < params->n, 0.0);
    return params->values[index];
}

gsize cel_params_get_size(const CelParams *params, gsize index)
{
    const double value = cel_params_get(params, index);
    g_return_val_if_fail(value >= 0.0, 0);
    return (gsize)value;
}

gboolean cel_params_get_bool(const CelParams *params, gsize index)
{
    return cel_params_get(params, index) != 0.0;
}

gboolean cel_params_parse(CelParams *params, const char *text, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(text, ",", -1);
    for (gsize i = 0; parts[i] != NULL; i++) {
        if (*g_strstrip(parts[i]) == '\0')
            continue;
        char *equals = strchr(parts[i], '=');
        if (equals == NULL) {
            g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE, _("\"%s\" is not of the form key=value"),
                        parts[i]);
            return FALSE;
        }
        *equals = '\0';
        if (!cel_params_set_text(params, parts[i], equals + 1, error))
            return FALSE;
    }
    return TRUE;
}

char *cel_param_value_text(const CelParamDef *def, double value)
{
    if (def->type == CEL_PARAM_BOOL)
        return g_strdup(value != 0.0 ? "yes" : "no");
    if (def->type == CEL_PARAM_CHOICE)
        return g_strdup(def->choices[(gsize)value]);
    return cel_number_format(value);
}

char *cel_params_to_text(const CelParams *params)
{
    GString *out = g_string_new(NULL);
    for (gsize i = 0; i < params->n; i++) {
        g_autofree char *value = cel_param_value_text(&params->defs[i], params->values[i]);
        g_string_append_printf(out, "%s%s=%s", i > 0 ? "," : "", params->defs[i].key, value);
    }
    return g_string_free(out, FALSE);
}
