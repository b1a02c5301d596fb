/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-fields.h"
#include "evidence/cel-profile.h"

G_BEGIN_DECLS

/* The fields and rules of a profile, for those who read one and those who help to write one. */

/** cel_profile_fields: all of them, of a CelProfile. */
extern const CelField cel_profile_fields[];

/** cel_profile_has_text: Returns: whether @text is there in either language. */
gboolean cel_profile_has_text(const CelProfileText *text);

/** CelProfileRule: @element: of a list of the profile. Returns: (nullable): why it may not stand
 * there, a translated sentence; @out_member: the member that would mend it. */
typedef const char *(*CelProfileRule)(gconstpointer element, const char **out_member);

/** cel_profile_title_rule, cel_profile_citation_rule: of CelProfileText, CelProfileCitation. */
const char *cel_profile_title_rule(gconstpointer element, const char **out_member);
const char *cel_profile_citation_rule(gconstpointer element, const char **out_member);

/** cel_profile_check_body: cel_profile_check_draft() for what was read already. */
gboolean cel_profile_check_body(JsonNode *body, GError **error);

G_END_DECLS
