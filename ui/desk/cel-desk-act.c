/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cel-desk-act.h"

#include "cel-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const CelDeskAct acts[] = {
    {N_("Receive"), "emblem-ok-symbolic", CEL_ACT_RECEIVE, NULL, NULL, "intact", "package", FALSE},
    {N_("Do not accept"), "action-unavailable-symbolic", CEL_ACT_REFUSE, NULL, NULL, NULL,
     "package", FALSE},
    {N_("Hand over"), "send-to-symbolic", CEL_ACT_TRANSFER, NULL, NULL, "intact", NULL, FALSE},
    {N_("Open the seal"), "changes-allow-symbolic", CEL_ACT_OPEN_SEAL, NULL, NULL, "broken",
     "before", FALSE},
    {N_("Seal again"), "channel-secure-symbolic", CEL_ACT_SEAL, "what", "bag", "intact", "seal",
     TRUE},
    {N_("Return"), "mail-reply-sender-symbolic", CEL_ACT_RETURN, NULL, NULL, "intact", NULL, FALSE},
    {N_("Set a hold"), "changes-prevent-symbolic", CEL_ACT_HOLD, "what", "set", NULL, NULL, FALSE},
    {N_("Lift the hold"), "changes-allow-symbolic", CEL_ACT_HOLD, "what", "lifted", NULL, NULL,
     FALSE},
    {N_("Nonconforming work"), "dialog-warning-symbolic", CEL_ACT_NONCONFORM, NULL, NULL, NULL,
     NULL, FALSE},
    {N_("Dispose of"), "user-trash-symbolic", CEL_ACT_DISPOSE, NULL, NULL, NULL, NULL, FALSE},
};

/* clang-format off */
static const CelMemberWords words[] = {
    { "description", N_("Description") },
    { "condition", N_("Condition of packaging and exhibit") },
    { "colour", N_("Colour") },
    { "amount", N_("Amount") },
    { "unit", N_("Unit of the amount") },
    { "container", N_("Container") },
    { "mark", N_("Mark or inscription") },
    { "kind", N_("Kind of exhibit") },
    { "title", N_("Title of the case") },
    { "request", N_("What is asked for") },
    { "contact", N_("Telephone") },
    { "storage", N_("Where it is kept") },
    { "population", N_("Population that the exhibit stands for") },
    { "sampling", N_("How it was sampled") },
    { "units_tested", N_("Units examined") },
    { "homogeneity", N_("Homogeneity as seen") },
    { "witness", N_("Witness") },
    { "remaining", N_("What remains") },
    { "how", N_("How it is disposed of") },
    { "what", N_("What is not as it should be") },
    { "action", N_("What is done about it") },
    { "affects", N_("Which results it touches") },
    { "place", N_("Place") },
    { "note", N_("Note") },
};
/* clang-format on */

const CelDeskAct *cel_desk_acts(gsize *out_n)
{
    *out_n = G_N_ELEMENTS(acts);
    return acts;
}

const CelDeskAct *cel_desk_act(CelAct act)
{
    for (gsize i = 0; i < G_N_ELEMENTS(acts); i++)
        if (acts[i].act == act)
            return &acts[i];
    g_return_val_if_reached(NULL);
}

gboolean cel_desk_act_fits(const CelDeskAct *act, const CelExhibitFacts *facts, CelRole role)
{
    const CelExhibitState state = facts != NULL ? facts->state : CEL_EXHIBIT_UNKNOWN;
    if ((cel_exhibit_move(act->act, state, FALSE)->from & (1U << state)) == 0 ||
        (cel_right(act->act)->first & (1U << role)) == 0)
        return FALSE;
    if (act->act == CEL_ACT_HOLD)
        return facts != NULL && facts->hold == (strcmp(act->text, "lifted") == 0);
    return act->act != CEL_ACT_DISPOSE || facts == NULL || !facts->hold;
}

const CelMemberWords *cel_member_words(const char *member)
{
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        if (strcmp(words[i].member, member) == 0)
            return &words[i];
    return NULL;
}

const char *cel_act_words(CelAct act)
{
    const CelActDef *def = cel_act_def(act);
    return cel_ui_is_chinese() ? def->title_zh : _(def->title_en);
}

const char *cel_act_words_of(const char *id)
{
    CelAct act;
    return cel_act_from_id(id, &act) ? cel_act_words(act) : id;
}

const char *cel_state_words(CelExhibitState state)
{
    const CelExhibitStateDef *def = cel_exhibit_state_def(state);
    return cel_ui_pick(cel_ui_is_chinese() ? def->title_zh : NULL, def->title_en);
}
