/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/cel-exp-body.h"

TARGET void FORM(whole)(Run *run)
{
    for (gsize i = 0; i < run->n; i += CEL_LANES) {
        V two[CEL_LANES / W + 1] = {{0}};
        for (gsize v = 0; v < CEL_LANES / W; v++)
            two[v] = AT(run->values, i + v * W);
        for (gsize v = 0; v < CEL_LANES / W; v += 2)
            FORM(exponential_two)(two + v);
        for (gsize v = 0; v < CEL_LANES / W; v++)
            AT(run->values, i + v * W) = two[v];
    }
}
