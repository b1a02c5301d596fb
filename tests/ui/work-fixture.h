/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui-test.h"
#include "work/cel-work-page.h"

G_BEGIN_DECLS

/* What tests and scenes of the bench share. */

/** work_take: measures with the simulated instrument. Returns: (transfer none): what came out. */
CelWorkItem *work_take(CelWindow *window, CelWorkPage *page, const char *settings);

/** work_put_mixture: two substances measured, made references of a library of the lab in @folder,
 * and the sum of both put on the bench. Returns: (transfer none): the sum. */
CelWorkItem *work_put_mixture(CelWindow *window, CelWorkPage *page, const char *folder);

G_END_DECLS
