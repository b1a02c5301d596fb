/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* A draft of the laboratory's profile under somebody's hands: its lists and limits as one types
 * them, and what is wrong with it where. A draft is JSON with the fields of docs/profile.md, which
 * these functions change in place; what they write is judged by cel_profile_faults() alone. */

/** CelProfileFault: something that keeps a draft from being signed. */
typedef struct {
    char *field; /* as docs/profile.md names it: "titles[1].en"; "": of the whole */
    char *why;   /* a sentence, translated */
} CelProfileFault;

/** cel_profile_faults: Returns: (transfer full) (element-type CelProfileFault): all of them; none
 * exactly when cel_profile_check_draft() takes @draft. Thread-safe: yes. */
GPtrArray *cel_profile_faults(JsonNode *draft);

/** cel_profile_fault_at: Returns: (transfer none) (nullable): why of the first of @faults that is
 * at @field. */
const char *cel_profile_fault_at(const GPtrArray *faults, const char *field);

/** CelProfileList: what a profile lists and somebody writes. */
typedef enum {
    CEL_PROFILE_TITLES,
    CEL_PROFILE_CITATIONS,
    CEL_N_PROFILE_LISTS,
} CelProfileList;

/** CelProfileLine: a title or a citation; borrowed. */
typedef struct {
    const char *zh, *en;  /* (nullable) */
    gboolean basis;       /* of a citation: the work follows it */
    const char *approval; /* (nullable): of a citation: who approved that it is referred to */
} CelProfileLine;

/** cel_profile_list_name: Returns: "titles" or "citations". */
const char *cel_profile_list_name(CelProfileList list);

/** cel_profile_n_lines: Returns: how many @draft has. */
guint cel_profile_n_lines(JsonNode *draft, CelProfileList list);

/** cel_profile_line: Returns: the one at @i; its texts live as long as @draft is not changed. */
CelProfileLine cel_profile_line(JsonNode *draft, CelProfileList list, guint i);

/** cel_profile_clear_lines: takes all out. */
void cel_profile_clear_lines(JsonNode *draft, CelProfileList list);

/** cel_profile_add_line: @line becomes the last one; blanks around its texts do not count, an empty
 * one is not stated. */
void cel_profile_add_line(JsonNode *draft, CelProfileList list, const CelProfileLine *line);

/** cel_profile_limit: @key: of "checks". Returns: (transfer full): what @draft states, in whole
 * units: "2.5" for 2500 thousandths; "" for nothing. */
char *cel_profile_limit(JsonNode *draft, const char *key);

/** cel_profile_set_limit: @text: as typed, in whole units; an empty one states nothing. What is no
 * number stays a text, which is a fault. */
void cel_profile_set_limit(JsonNode *draft, const char *key, const char *text);

/** cel_profile_set_text: @text: (nullable): blanks around it do not count, an empty one takes the
 * member out of @object. */
void cel_profile_set_text(JsonObject *object, const char *member, const char *text);

G_END_DECLS
