/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-joint-private.h"

typedef struct {
    CelJointBeside *beside;
    const CelNoiseBell *bell;
    const CelJointBackground *background;
} Work;

#define CEL_LANES_BODY "match/joint-beside-body.h"
#include "process/cel-lanes-forms.h"
CEL_LANES_DISPATCH(smooth, Work *)
CEL_LANES_DISPATCH(explain, Work *)

void cel_joint_smooth_beside(CelJointBeside *beside, const CelNoiseBell *bell)
{
    Work work = {.beside = beside, .bell = bell};
    smooth(&work);
}

void cel_joint_explain_beside(CelJointBeside *beside, const CelJointBackground *background)
{
    Work work = {.beside = beside, .background = background};
    explain(&work);
}
