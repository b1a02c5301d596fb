/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-lint.h"
#include "match/cel-view.h"

G_BEGIN_DECLS

/** CelLintEntry: one measured reference and what is compared of it. */
typedef struct {
    const CelSubstance *substance;
    const CelReference *reference;
    gsize slot;    /* of the substance in the library */
    CelView *view; /* NULL: nothing that can be compared */
} CelLintEntry;

/** cel_lint_add: a finding; @finding: kind, entries and numbers are set, the id is made here. */
void cel_lint_add(CelLint *lint, const CelLintFinding *finding);

/** cel_lint_entry: what one reference shows by itself; @noise: of its samples. */
void cel_lint_entry(CelLint *lint, const CelLintEntry *entry);
/** cel_lint_substance: likewise the substance as a whole. */
void cel_lint_substance(CelLint *lint, const CelSubstance *substance);

/** cel_lint_pairs: every entry against every other. @entries: (element-type CelLintEntry). Returns:
 * FALSE with CEL_ERROR_CANCELLED. */
gboolean cel_lint_pairs(CelLint *lint, const GArray *entries, guint threads, CelJob *job,
                        GError **error);

G_END_DECLS
