/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-role.h"

/* The ids stand in certificates: never renamed, never reused. */
static const struct {
    const char *id, *title_en, *title_zh;
    gboolean person;
} roles[CEL_N_ROLES] = {
    [CEL_ROLE_NONE] = {"none", "no role given by a laboratory", "未经实验室授予角色", FALSE},
    [CEL_ROLE_OFFICER] = {"officer", "officer", "现场执法人员", TRUE},
    [CEL_ROLE_TECHNICIAN] = {"technician", "technician", "检验人", TRUE},
    [CEL_ROLE_REVIEWER] = {"reviewer", "reviewer", "复核人", TRUE},
    [CEL_ROLE_LAB_HEAD] = {"lab-head", "head of the laboratory", "实验室负责人", TRUE},
    [CEL_ROLE_DEVICE] = {"device", "device", "设备", FALSE},
    [CEL_ROLE_LEDGER] = {"ledger", "ledger", "存证台账", FALSE},
    [CEL_ROLE_LAB] = {"lab", "laboratory", "实验室", FALSE},
};

const char *cel_role_id(CelRole role)
{
    g_return_val_if_fail((guint)role < CEL_N_ROLES, "none");
    return roles[role].id;
}

gboolean cel_role_from_id(const char *id, CelRole *out_role)
{
    for (guint r = 0; id != NULL && r < CEL_N_ROLES; r++)
        if (g_str_equal(roles[r].id, id)) {
            *out_role = (CelRole)r;
            return TRUE;
        }
    return FALSE;
}

const char *cel_role_title(CelRole role, gboolean chinese)
{
    g_return_val_if_fail((guint)role < CEL_N_ROLES, "");
    return chinese ? roles[role].title_zh : roles[role].title_en;
}

gboolean cel_role_is_person(CelRole role)
{
    return (guint)role < CEL_N_ROLES && roles[role].person;
}
