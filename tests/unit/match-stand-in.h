/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "match/cel-identify.h"
__attribute__((weak)) const char *cel_outcome_name(CelOutcome outcome)
{
    static const char *const names[] = { "found", "mixture", "class-only", "inconclusive",
                                         "nothing-claimed", "refused" };
    return names[outcome];
}
__attribute__((weak)) const char *cel_outcome_label(CelOutcome outcome, gboolean chinese)
{
    (void)outcome;
    return chinese ? "仅提示类别" : "class only";
}
__attribute__((weak)) const char *cel_policy_name(CelPolicy policy)
{
    return policy == CEL_POLICY_EVIDENCE ? "evidence" : "development";
}
