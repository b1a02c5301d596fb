/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "desk/cel-exhibit-index.h"

G_BEGIN_DECLS

/* What can be done with exhibits at the desk. Whether it may be done now is asked of the tables of
 * moves and rights, then of the lab. */

/** CelDeskAct: one thing to do. */
typedef struct {
    const char *title; /* msgid: as a command */
    const char *icon;
    CelAct act;
    const char *member, *text; /* (nullable): a member of data that the command itself says */
    const char *seal_state;    /* (nullable): of the bag, when its number is read */
    const char *photo;         /* (nullable): the moment that photos of it show */
    gboolean new_seal;         /* the number is a new one, not compared */
} CelDeskAct;

/** cel_desk_acts: @out_n: how many. Returns: (transfer none): the table, most used first. */
const CelDeskAct *cel_desk_acts(gsize *out_n);

/** cel_desk_act: Returns: (transfer none): the first row of @act. */
const CelDeskAct *cel_desk_act(CelAct act);

/** cel_desk_act_fits: @facts: (nullable): an exhibit that nobody knows yet. Returns: whether the
 * exhibit's state and the person's role allow it; the lab has the last word when it is done. */
gboolean cel_desk_act_fits(const CelDeskAct *act, const CelExhibitFacts *facts, CelRole role);

/** CelMemberWords: a member of an event's data that people type. */
typedef struct {
    const char *member;
    const char *title; /* msgid */
} CelMemberWords;

/** cel_member_words: Returns: (transfer none) (nullable): NULL: it is not typed. */
const CelMemberWords *cel_member_words(const char *member);

/** cel_act_words: Returns: (transfer none): the act's title in the window's language. */
const char *cel_act_words(CelAct act);
/** cel_act_words_of: @id: of an event's row. Returns: (transfer none): likewise, or @id itself. */
const char *cel_act_words_of(const char *id);
/** cel_state_words: Returns: (transfer none): the state in the window's language. */
const char *cel_state_words(CelExhibitState state);

G_END_DECLS
