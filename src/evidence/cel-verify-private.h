/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-custody.h"
#include "evidence/cel-manifest.h"
#include "evidence/cel-record.h"
#include "evidence/cel-verify.h"

G_BEGIN_DECLS

/* Inside of the verification: for the files cel-verify*.c only. */

/** CelPlaceFinding: what contradicts the place in the ledger; the texts stand in
 * cel-verify-ledger.c. */
typedef enum {
    CEL_PLACE_HOLDS, /* or there is none */
    CEL_PLACE_OTHER_EVENT,
    CEL_PLACE_UNNAMED_PART,
    CEL_PLACE_OTHER_FILE,
    CEL_PLACE_NOT_SIGNED,
    CEL_PLACE_NO_PROOF,
    CEL_PLACE_PROOF_FAILS,
    CEL_PLACE_HEAD_FAILS,
    CEL_PLACE_OTHER_LEDGER,
    CEL_PLACE_LEDGER_CUT,
    CEL_PLACE_LEDGER_CHANGED,
    CEL_PLACE_NOT_IN_LEDGER,
    CEL_PLACE_LEDGER_KNOWS,
    CEL_PLACE_KEPT_CUT,
    CEL_PLACE_KEPT_CHANGED,
    CEL_N_PLACE_FINDINGS,
} CelPlaceFinding;

/** CelCheck: everything one verification knows. The texts of a line stand in both languages in the
 * code and not in the catalogue, because a paper may need both at once. */
typedef struct {
    const CelVerifyOptions *options; /* never NULL */
    GBytes *bytes;                   /* the whole file */
    const CelH5Node *root;
    const char *refused; /* (nullable): why the file is not read as it stands */
    char *manifest;      /* as stored, NULL when it is missing or no text */
    CelManifest *stored; /* likewise */
    CelManifest *found;  /* of the whole file, as recomputed */
    CelCustody custody;
    JsonNode *record_node;
    JsonObject *record; /* NULL when not usable */
    char *record_problem;
    CelCertificate about[CEL_N_SIGNERS];  /* what the operator's certificates say; may be empty */
    CelPlaceFinding place;                /* what is wrong with the place in the ledger */
    gboolean by_head, by_ledger, by_kept; /* what confirms it */
    guint64 seq;                          /* position; counts once something confirms it */
    GPtrArray *lines;
} CelCheck;

/** cel_check_say: @en, @zh: (transfer full) */
void cel_check_say(CelCheck *check, const char *id, CelVerdictState state, char *en, char *zh);
/** cel_check_plain: the same with texts of the code. */
void cel_check_plain(CelCheck *check, const char *id, CelVerdictState state, const char *en,
                     const char *zh);

/** cel_check_digests: Returns: whether the record's @member names both digests of these bytes. */
gboolean cel_check_digests(JsonObject *record, const char *member, GBytes *bytes);

/** cel_check_has_place: Returns: whether the record names a place in a ledger. */
gboolean cel_check_has_place(const CelCheck *check);

/** cel_check_place: fills place, by_head, by_ledger, by_kept and seq of @check from the file and
 * from what the verifier brought; the other checks read them. */
void cel_check_place(CelCheck *check);

/** cel_check_later: Returns: (nullable) (transfer full): the first event at hand of @act that
 * refers to this seal, when its place in the ledger at hand holds. */
JsonNode *cel_check_later(const CelCheck *check, const char *act);

/** cel_check_witnessed: Returns: (nullable) (transfer full): event @index of those at hand, when it
 * stands in the tree of the ledger at hand. */
JsonNode *cel_check_witnessed(const CelCheck *check, guint index);

/* The rows of the table in cel-verify.c; each says the lines it is named for. */
void cel_check_structure(CelCheck *check);
void cel_check_content(CelCheck *check);
void cel_check_unlisted(CelCheck *check);
void cel_check_manifest(CelCheck *check);
void cel_check_file(CelCheck *check);
void cel_check_record(CelCheck *check);
void cel_check_signatures(CelCheck *check);
void cel_check_certificate(CelCheck *check);
void cel_check_time(CelCheck *check);
void cel_check_ledger(CelCheck *check);
void cel_check_identity(CelCheck *check);

G_END_DECLS
