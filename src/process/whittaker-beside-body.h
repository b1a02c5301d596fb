/* SPDX-License-Identifier: GPL-3.0-or-later */
/* W spectra side by side; see cel-lanes-forms.h and whittaker-rows.h. */
#define REAL                     V
#define ROW(array, i)            AT(array, (i)*W)
#define PICK(condition, yes, no) CHOOSE(condition, yes, no)
#define WS(name)                 FORM(beside_##name)
#include "process/whittaker-rows.h"
#undef REAL
#undef ROW
#undef PICK
#undef WS

TARGET void FORM(solve_beside)(Beside *b)
{
    const CelWhittaker *ws = b->ws;
    FORM(beside_Problem)
    q = {.diagonal = ws->diagonal,
         .off = ws->off,
         .n = ws->n,
         .far = ws->far,
         .lambda = b->lambda,
         .y = b->y,
         .w = b->w,
         .l1 = ws->l1,
         .l2 = ws->l2,
         .out = b->out,
         .determined = b->determined};
    FORM(beside_solve)(&q);
}
