/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-answer.h"
#include "work/cel-work-tool.h"

G_BEGIN_DECLS

#define CEL_TYPE_MIXTURE_PANEL (cel_mixture_panel_get_type())
/** CelMixturePanel: what the method says of the current spectrum, and which references together
 * explain it. */
G_DECLARE_FINAL_TYPE(CelMixturePanel, cel_mixture_panel, CEL, MIXTURE_PANEL, CelWorkTool)

/** cel_mixture_panel_identify: the current spectrum, on a worker. */
void cel_mixture_panel_identify(CelMixturePanel *panel);

/** cel_mixture_panel_answer: Returns: (transfer none) (nullable): of the current spectrum. */
CelAnswer *cel_mixture_panel_answer(CelMixturePanel *panel);

G_END_DECLS
