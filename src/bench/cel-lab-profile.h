/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-lab-keys.h"
#include "evidence/cel-profile-draft.h"

G_BEGIN_DECLS

/* The laboratory's profile, written by its head: what a court page names of the laboratory, and who
 * may apply the method. Titles, citations and limits are written into the draft itself
 * (evidence/cel-profile-draft.h); everything else of it stays as it is. */

/** CelProfilePerson: one person, as asked about; borrowed. */
typedef struct {
    const char *id; /* number in the lab */
    gboolean may;   /* apply the method that this program seals under */
} CelProfilePerson;

/** CelProfileWords: what the head says; texts (nullable), blanks around them do not count, an empty
 * one is not stated; borrowed. */
typedef struct {
    const char *name_zh, *name_en, *address_zh, *address_en;
    const char *phone, *registration_no;
    const char *issued, *until;      /* YYYY-MM-DD: of the profile; who is authorised anew, or was
                                        until before @issued, is so until then */
    const CelProfilePerson *persons; /* nobody else's authorisation changes */
    gsize n_persons;
} CelProfileWords;

/**
 * cel_lab_profile_draft:
 * @from: what is in force, the default, or what cel_lab_profile_read_draft() gave
 * Returns: (transfer full): @from with @words, for cel_lab_sign_profile(); a method is added only
 *   where somebody may apply it. NULL with CEL_ERROR_INPUT that names what is not usable.
 */
GBytes *cel_lab_profile_draft(JsonNode *from, const CelProfileWords *words, GError **error);

/** cel_lab_profile_faults: Returns: (transfer full): cel_profile_faults() of what
 * cel_lab_profile_draft() would make of @from. */
GPtrArray *cel_lab_profile_faults(JsonNode *from, const CelProfileWords *words);

/** cel_lab_profile_read_draft: @bytes: untrusted. Returns: (transfer full): a draft that could be
 * signed as it is; NULL with CEL_ERROR_INPUT. */
JsonNode *cel_lab_profile_read_draft(GBytes *bytes, GError **error);

/** cel_lab_profile_may: @profile: as @from above. Returns: whether it authorises the person with
 * that number for the method that this program seals under. */
gboolean cel_lab_profile_may(JsonNode *profile, const char *person_id);

/** CelProfileSigning: borrowed. */
typedef struct {
    GBytes *draft;
    CelKey *root; /* the laboratory's */
    const CelLabPerson *second;
    CelClock clock;
} CelProfileSigning;

/** cel_lab_sign_profile: checks the draft, signs it and cel_lab_install_profile(). Returns: FALSE
 * with the errors of cel_profile_sign() and cel_lab_install_profile(). */
gboolean cel_lab_sign_profile(CelLab *lab, const CelProfileSigning *signing,
                              CelLedgerPlace *out_place, GError **error);

G_END_DECLS
