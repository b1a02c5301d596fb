/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-rights.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>

enum {
    OFFICER = 1 << CEL_ROLE_OFFICER,
    TECHNICIAN = 1 << CEL_ROLE_TECHNICIAN,
    REVIEWER = 1 << CEL_ROLE_REVIEWER,
    HEAD = 1 << CEL_ROLE_LAB_HEAD,
    BENCH = TECHNICIAN | REVIEWER,
    LAB = BENCH | HEAD,
    ANYBODY = OFFICER | LAB,
};

/* Second persons: whoever answers for the result (reviewer, head) agrees to what changes what is
 * said; at the bag any colleague is a witness. A head's own acts are agreed to by the bench. */
static const CelRight rights[CEL_N_ACTS] = {
    [CEL_ACT_COLLECT] = {OFFICER | TECHNICIAN, ANYBODY},
    [CEL_ACT_SUBMIT] = {OFFICER | TECHNICIAN, ANYBODY},
    [CEL_ACT_RECEIVE] = {TECHNICIAN | HEAD, ANYBODY},
    [CEL_ACT_REFUSE] = {TECHNICIAN | HEAD, ANYBODY},
    [CEL_ACT_OPEN_SEAL] = {BENCH, ANYBODY},
    [CEL_ACT_ACQUIRE] = {TECHNICIAN | OFFICER, ANYBODY},
    [CEL_ACT_DISCARD_ACQUISITION] = {TECHNICIAN | OFFICER, OFFICER | REVIEWER | HEAD},
    [CEL_ACT_PROCESS] = {BENCH, ANYBODY},
    [CEL_ACT_SEAL] = {BENCH | OFFICER, ANYBODY},
    [CEL_ACT_VERIFY] = {ANYBODY, ANYBODY},
    [CEL_ACT_REVIEW] = {REVIEWER | HEAD, ANYBODY},
    [CEL_ACT_RELEASE_REPORT] = {LAB, REVIEWER | HEAD},
    [CEL_ACT_SPLIT] = {BENCH, ANYBODY},
    [CEL_ACT_CONSUME] = {BENCH, ANYBODY},
    [CEL_ACT_RETURN] = {TECHNICIAN | HEAD, ANYBODY},
    [CEL_ACT_TRANSFER] = {ANYBODY, ANYBODY},
    [CEL_ACT_EXPORT] = {LAB, ANYBODY},
    [CEL_ACT_BATCH] = {LAB, ANYBODY},
    [CEL_ACT_CORRECT] = {ANYBODY, REVIEWER | HEAD},
    [CEL_ACT_KEY_EVENT] = {HEAD, LAB},
    [CEL_ACT_DISPOSE] = {HEAD | TECHNICIAN, REVIEWER | HEAD},
    [CEL_ACT_CHECK] = {LAB | OFFICER, ANYBODY},
    [CEL_ACT_LIBRARY] = {REVIEWER | HEAD, REVIEWER | HEAD},
    [CEL_ACT_NONCONFORM] = {ANYBODY, ANYBODY},
    [CEL_ACT_HOLD] = {HEAD, ANYBODY},
    [CEL_ACT_VALIDATION] = {REVIEWER | HEAD, REVIEWER | HEAD},
};

/* An officer checks an instrument; what it measures with is put in force by who answers for it. */
static const guint puts_in_force = LAB;

const CelRight *cel_right(CelAct act)
{
    g_return_val_if_fail((guint)act < CEL_N_ACTS, NULL);
    return &rights[act];
}

static char *roles_text(guint roles)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint role = 0; role < CEL_N_ROLES; role++)
        if ((roles & (1U << role)) != 0)
            g_string_append_printf(out, "%s%s", out->len > 0 ? ", " : "", cel_role_id(role));
    return g_strdup(out->str);
}

gboolean cel_right_put_in_force(CelRole role, GError **error)
{
    if ((guint)role < CEL_N_ROLES && (puts_in_force & (1U << role)) != 0)
        return TRUE;
    g_autofree char *may = roles_text(puts_in_force);
    g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                _("A %s may not put a calibration in force; nothing was recorded. This may: %s"),
                cel_role_id(role), may);
    return FALSE;
}

gboolean cel_right_check(CelAct act, CelRole role, gboolean second, GError **error)
{
    const CelRight *right = cel_right(act);
    const guint roles = second ? right->second : right->first;
    if ((guint)role < CEL_N_ROLES && (roles & (1U << role)) != 0)
        return TRUE;
    g_autofree char *may = roles_text(roles);
    g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                second ? _("A %s may not agree to \"%s\"; nothing was recorded. This may: %s")
                       : _("A %s may not do \"%s\"; nothing was recorded. This may: %s"),
                cel_role_id(role), cel_act_def(act)->id, may);
    return FALSE;
}
