/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/cel-exp.h"

typedef struct {
    double *values;
    gsize n; /* whole vectors */
} Run;

#define CEL_LANES_BODY "process/cel-exp-all-body.h"
#include "process/cel-lanes-forms.h"
CEL_LANES_DISPATCH(whole, Run *)

void cel_exp_all(double *values, gsize n)
{
    Run run = {values, cel_lanes_padded(n)};
    whole(&run);
}
