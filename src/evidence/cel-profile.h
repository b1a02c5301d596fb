/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-trust.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What the laboratory says of itself and demands of its work, signed with its root: names, titles
 * it may use, methods, who may apply them, limits of the checks. Every citation, mark and title
 * that a paper bears comes from here, none from the code. A plain value: read it, never write to
 * it. The fields and their form in the file are described in docs/profile.md. */

/** CelProfileText: one text in both languages; either may be NULL, not both. */
typedef struct {
    char *zh, *en;
} CelProfileText;

/** CelProfileLab: who the laboratory is; texts NULL when not stated. */
typedef struct {
    CelProfileText name, address;
    char *phone;
    char *registration_no; /* under which it is registered or licensed */
} CelProfileLab;

/** CelProfileAccreditation: .body NULL: none, and no word or mark of accreditation is printed. */
typedef struct {
    char *body, *number;
    CelProfileText scope;
    gint64 until_us; /* UTC since 1970, here and below: the end of the day that the file names */
} CelProfileAccreditation;

/** CelProfileCitation: a standard or law that papers may cite. */
typedef struct {
    CelProfileText text;
    gboolean basis; /* "依据": the method follows it; else "参照", which needs .approval */
    char *approval; /* NULL when .basis */
} CelProfileCitation;

/** CelProfileOperator: who may apply a method. */
typedef struct {
    char *id; /* number in the lab, as in the certificate */
    gint64 until_us;
} CelProfileOperator;

/** CelProfileMethod: one method of the lab. */
typedef struct {
    char *id, *version;
    CelProfileText title;
    char *validation;     /* "validated", "verified" or "not-validated" */
    char *validation_ref; /* the report that says so; NULL when "not-validated" */
    CelProfileText scope; /* materials and conditions it was validated for */
    char *recipe_sha256;  /* of the canonical recipe text; NULL: any (then nothing is a method's) */
    gint64 until_us;
    GPtrArray *operators; /* (element-type CelProfileOperator) */
} CelProfileMethod;

/** CelProfileChecks: limits of the performance checks; 0: that one is not checked. */
typedef struct {
    double deviation_cm1;      /* of a line below 2000 cm-1 */
    double deviation_high_cm1; /* of a line above */
    double coverage;           /* U = coverage * standard uncertainty */
    guint min_lines;
    double min_span_cm1;
    double max_fwhm_cm1;
    double min_snr;
    double max_intensity_change; /* relative */
    guint max_series_minutes;    /* between opening and closing check */
    guint max_series_exhibits;
    double max_temperature_change_celsius; /* since the opening check */
    char *source;                          /* where the limits come from */
} CelProfileChecks;

/** CelProfileRules: how the lab works. */
typedef struct {
    gboolean signers[CEL_N_SIGNERS]; /* every record needs these signatures */
    guint replicates_planned;        /* 3..20 */
    gboolean replicates_4_of_5;      /* else all valid ones must agree */
    gboolean blind_review; /* the reviewer's verdict comes before the operator's is seen */
    gboolean
        signed_libraries;  /* only libraries that somebody of the lab signed, or built-in ones */
    gboolean development;  /* grades B and C may reach "found"; marked on every output */
    guint offline_days;    /* a tablet works so long without the lab's ledger */
    guint lock_minutes;    /* without input, until the key must be opened again */
    guint retention_years; /* 0: for good */
    char *retention_source;
} CelProfileRules;

typedef struct {
    gboolean is_signed;       /* FALSE: cel_profile_default() */
    gboolean training;        /* signed by a training root */
    char sha256[65], sm3[65]; /* hex, of the body's canonical bytes, which are what is signed */
    char *issued;             /* YYYY-MM-DD */
    gint64 until_us;
    CelProfileLab lab;
    CelProfileAccreditation accreditation;
    GPtrArray *titles;    /* (element-type CelProfileText): papers may bear these; first: usual */
    GPtrArray *citations; /* (element-type CelProfileCitation) */
    GPtrArray *methods;   /* (element-type CelProfileMethod) */
    CelProfileChecks checks;
    CelProfileRules rules;
    JsonNode *json; /* the signed body */
} CelProfile;

/** cel_profile_free: @profile: (nullable) */
void cel_profile_free(CelProfile *profile);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelProfile, cel_profile_free)

/** cel_profile_default: Returns: (transfer full): the unsigned one: no lab, no accreditation, no
 * citation, no method, the title "拉曼光谱快速筛查记录" alone, Celadon's own limits. */
CelProfile *cel_profile_default(void);

/**
 * cel_profile_read:
 * @bytes: untrusted, what cel_profile_sign() gave
 * @trust: the lab's roots
 * Returns: (transfer full), or NULL with CEL_ERROR_INPUT (not a profile; the field is named) or
 *   CEL_ERROR_POLICY (not signed by a root in @trust with both signers). Thread-safe: yes.
 */
CelProfile *cel_profile_read(GBytes *bytes, const CelTrust *trust, GError **error);

/** cel_profile_open: cel_profile_read() of the file @path. Errors also of cel_file_read(). */
CelProfile *cel_profile_open(const char *path, const CelTrust *trust, GError **error);

/** cel_profile_check_draft: Returns: FALSE with CEL_ERROR_INPUT unless @draft (untrusted) could be
 * signed as it is. Thread-safe: yes. */
gboolean cel_profile_check_draft(GBytes *draft, GError **error);

/**
 * cel_profile_sign:
 * @draft: JSON with the fields of docs/profile.md, laid out as you like
 * @root: the lab's
 * Returns: (transfer full): the signed profile, or NULL with CEL_ERROR_INPUT (a field is missing,
 *   unknown or out of its range), CEL_ERROR_POLICY (@root is no root) or CEL_ERROR_SYSTEM.
 */
GBytes *cel_profile_sign(GBytes *draft, CelKey *root, GError **error);

/** cel_profile_method: @id: (nullable). Returns: (transfer none) (nullable): that method. */
const CelProfileMethod *cel_profile_method(const CelProfile *profile, const char *id);

/** CelProfileUse: somebody wants to apply a method; borrowed. */
typedef struct {
    const char *method_id, *method_version;
    const char *recipe_sha256; /* (nullable): not asked */
    const char *person_id;
    gint64 wall_us;
} CelProfileUse;

/** cel_profile_allows: Returns: FALSE with CEL_ERROR_POLICY that says why @use is not the lab's
 * work: unknown method or version, another recipe, expired, person not authorised. */
gboolean cel_profile_allows(const CelProfile *profile, const CelProfileUse *use, GError **error);

/** cel_profile_accepts_key: Returns: FALSE with CEL_ERROR_POLICY when @key lacks a signer that the
 * lab demands. */
gboolean cel_profile_accepts_key(const CelProfile *profile, const CelKey *key, GError **error);

/** cel_profile_may_title: Returns: whether a paper may bear the Chinese title @zh. */
gboolean cel_profile_may_title(const CelProfile *profile, const char *zh);

G_END_DECLS
