/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-work.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define CEL_TYPE_ANSWER (cel_answer_get_type())
/** CelAnswer: an identified exhibit on its way between pages; immutable, so any thread may read it.
 */
G_DECLARE_FINAL_TYPE(CelAnswer, cel_answer, CEL, ANSWER, GObject)

/** cel_answer_new: @work: (transfer full): identified; its bench must outlive the answer; @title:
 * what was measured, "CASE/ITEM" or a file's name. Returns: (transfer full). */
CelAnswer *cel_answer_new(CelWork *work, const char *title);

/** cel_answer_work: Returns: (transfer none): to be sealed on the lab's lane. */
CelWork *cel_answer_work(CelAnswer *answer);

/** cel_answer_get: Returns: (transfer none): what may be said. */
const CelIdentification *cel_answer_get(CelAnswer *answer);

/** cel_answer_title: Returns: (transfer none): what was measured. */
const char *cel_answer_title(CelAnswer *answer);

G_END_DECLS
