/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/cel-step.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define CEL_STEP(name) extern const CelStepDef name;
#include "process/cel-steps.def"
#undef CEL_STEP

static const CelStepDef *const steps[] = {
#define CEL_STEP(name) &name,
#include "process/cel-steps.def"
#undef CEL_STEP
    NULL,
};

const CelStepDef *const *cel_steps(gsize *out_n)
{
    *out_n = G_N_ELEMENTS(steps) - 1;
    return steps;
}

const CelStepDef *cel_step_find(const char *id, GError **error)
{
    g_autoptr(GString) known = g_string_new(NULL);
    const gsize area = strcspn(id, ".");
    for (gsize i = 0; steps[i] != NULL; i++) {
        if (strcmp(steps[i]->id, id) == 0)
            return steps[i];
        if (strncmp(steps[i]->id, id, area) == 0 && steps[i]->id[area] == '.')
            g_string_append_printf(known, " %s", steps[i]->id);
    }
    g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                _("There is no processing step \"%s\"; alike are:%s. See \"celadon steps\"."), id,
                known->len > 0 ? known->str : _(" none"));
    return NULL;
}
