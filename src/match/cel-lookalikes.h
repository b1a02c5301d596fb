/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-identify.h"

G_BEGIN_DECLS

/* What a claim about the first hit does not tell it apart from: by tables and library. */

/** CelLookalike: one of them. */
typedef struct {
    char *name;                    /* as cel_library_member_name() makes it; owned */
    const CelSubstance *substance; /* (nullable): where a library has it; borrowed */
    gboolean only_group;           /* known by the group alone, which the claim names */
} CelLookalike;

/** CelLibraries: borrowed. */
typedef struct {
    const CelLibrary *const *list;
    gsize n;
} CelLibraries;

/**
 * cel_lookalikes_of:
 * Those the substance states, those of its group (the group's own list of members and every
 * substance of that group in the libraries), and hits whose references resemble those of the first.
 * Returns: (transfer full) (element-type CelLookalike): the first hit's own substance not among
 *   them; empty without hits. Thread-safe: yes.
 */
GPtrArray *cel_lookalikes_of(const CelIdentification *answer, const CelLibraries *libraries);

/** cel_lookalikes_cover: @others: from cel_lookalikes_of(); @id: of a substance. Returns: TRUE when
 * a claim about the first hit of @answer speaks of @id too: it is the hit, or not told from it. */
gboolean cel_lookalikes_cover(const CelIdentification *answer, const GPtrArray *others,
                              const char *id);

/** cel_lookalikes_text: Returns: (transfer full): the names to be listed, those of the group left
 * out; "" for none. */
char *cel_lookalikes_text(const GPtrArray *others, gboolean chinese);

/** cel_lookalikes_listed: Returns: how many names that text holds. */
guint cel_lookalikes_listed(const GPtrArray *others);

G_END_DECLS
