/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-json.h"
#include "match/cel-identify.h"

G_BEGIN_DECLS

/* Why the first hit stands first, with numbers: the one writer of it. Screen and paper print the
 * lines, JSON carries lines and numbers; none of them words anything by itself. */

/**
 * cel_why_lines:
 * Bands that agree, are missing, are not explained and are not observable, each with positions,
 * difference, tolerance and relative intensities; the distance to the next different substance, the
 * look-alikes among the hits, what each view says and which one decided.
 * @chinese: else English
 * Returns: (transfer full) (element-type utf8): one sentence a line; empty without a hit.
 *   Thread-safe: yes.
 */
GPtrArray *cel_why_lines(const CelIdentification *answer, gboolean chinese);

/** cel_why_write_peaks: the members "views" (score of each) and "peaks" of a hit: matched, missing,
 * extra, not_observable, each a list of objects with positions in cm-1 and heights as part of the
 * strongest band. */
void cel_why_write_peaks(CelJsonWriter *json, const CelHit *hit);

/** cel_why_write: the members "margin" and "explanation" of an answer. */
void cel_why_write(CelJsonWriter *json, const CelIdentification *answer);

G_END_DECLS
