/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-alarm.h"

#include <string.h>

#define GENERAL "general knowledge of Chinese control lists, not read for this table"

/* Rows stand for classes and look-alike groups, so that a lab's own library is covered by the class
 * that it gives its entries. */
static const CelAlarmDef alarms[] = {
    {"class:explosive", TRUE, "Explosives and their components are under control.", GENERAL},
    {"class:drug", TRUE, "Narcotic and psychotropic substances are under control.", GENERAL},
    {"class:pesticide", TRUE, "Some pesticides are banned or restricted; which one it is decides.",
     GENERAL},
    {"group:asbestos-mineral", TRUE,
     "Fibres harm whoever handles them; their shape is for microscopy.",
     "rules of the bench, limits that must be printed"},
    {"group:mineralised-collagen", FALSE,
     "Ivory is among what looks like this; the species decides.",
     "rules of the bench, limits that must be printed"},
    {"group:keratin", FALSE, "Horn and scale are among what looks like this; the species decides.",
     "rules of the bench, limits that must be printed"},
    {"group:polyene-carbonate", FALSE,
     "Red coral is among what looks like this; the species decides.", GENERAL},
};

const CelAlarmDef *cel_alarms(gsize *out_n)
{
    *out_n = G_N_ELEMENTS(alarms);
    return alarms;
}

static gboolean is_of(const CelAlarmDef *row, const CelAlarmCase *said)
{
    const char *id = strchr(row->what, ':') + 1;
    const char *theirs = g_str_has_prefix(row->what, "class:") ? said->class_id : said->group_id;
    return g_strcmp0(id, theirs) == 0;
}

/* For "found" the first hit is what was found; else the ceiling names the class or group itself. */
static gboolean speaks_of(const CelAlarmDef *row, const CelAlarmCase *said)
{
    if (said->outcome == CEL_OUTCOME_CLASS_ONLY)
        return g_strcmp0(said->ceiling, row->what) == 0;
    return said->outcome == CEL_OUTCOME_FOUND && row->found && is_of(row, said);
}

const CelSentence *cel_alarm_said(const CelAlarmCase *said)
{
    for (gsize i = 0; i < G_N_ELEMENTS(alarms); i++)
        if (speaks_of(&alarms[i], said))
            return cel_claim(CEL_CLAIM_WATCH);
    return NULL;
}

const CelSentence *cel_alarm(const CelIdentification *answer)
{
    const CelHit *first = answer->hits->len > 0 ? g_ptr_array_index(answer->hits, 0) : NULL;
    const CelAlarmCase said = {
        .outcome = answer->outcome,
        .ceiling = answer->ceiling,
        .class_id = first != NULL ? first->substance->class_id : NULL,
        .group_id = first != NULL ? first->substance->group_id : NULL,
    };
    return cel_alarm_said(&said);
}
