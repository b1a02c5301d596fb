/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-lines.h"

G_BEGIN_DECLS

/**
 * cel_apex_refine:
 * @spectrum: in which @line was measured
 * Accepted shifts are those of a band's apparent maximum; a fit over the whole of an asymmetric or
 * shouldered band has its centre elsewhere (polystyrene's 1450.5 cm-1: 2.5 cm-1 lower). This puts
 * @line where a Gaussian through the upper part of the band has its maximum. A quarter of the
 * distance to the centre of the whole band goes into u_position: nobody knows which of the two the
 * laboratories read. A line too narrow for it, saturated or masked stays as it is.
 * Returns: whether it was refined. Thread-safe: yes.
 */
gboolean cel_apex_refine(const CelSpectrum *spectrum, CelMeasuredLine *line);

G_END_DECLS
