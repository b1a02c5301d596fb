/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-rights.h"
#include "bench/cel-rules.h"

G_BEGIN_DECLS

/* The lab's folder, opened, and the person who is signed in. Every event of the work goes through
 * here: rights, the life of an exhibit and holds are looked at inside the ledger's transaction. */

/** CelLab: one thread at a time; any number of processes. */
typedef struct CelLab CelLab;

/**
 * cel_lab_open:
 * @folder: with register.sqlite and ca.pem, see docs/ledger.md
 * Returns: (transfer full), or NULL with CEL_ERROR_USAGE (no lab there), CEL_ERROR_INPUT (damaged,
 *   foreign) or CEL_ERROR_SYSTEM.
 */
CelLab *cel_lab_open(const char *folder, GError **error);
/** cel_lab_close: @lab: (nullable) */
void cel_lab_close(CelLab *lab);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelLab, cel_lab_close)

/** cel_lab_folder: Returns: (transfer none): where it is. */
const char *cel_lab_folder(const CelLab *lab);

/** cel_lab_register: Returns: (transfer none) */
CelRegister *cel_lab_register(CelLab *lab);
/** cel_lab_ledger: Returns: (transfer none) */
CelLedger *cel_lab_ledger(CelLab *lab);
/** cel_lab_trust: Returns: (transfer none): the lab's roots and what its ledger revoked. */
const CelTrust *cel_lab_trust(const CelLab *lab);

/** cel_lab_profile: Returns: (transfer none): the lab's signed profile, else the unsigned default.
 * */
const CelProfile *cel_lab_profile(const CelLab *lab);

/** cel_lab_rules: Returns: (transfer none): what holds in this lab. */
const CelRules *cel_lab_rules(const CelLab *lab);

/** cel_lab_is_training: Returns: whether the lab's root is a training root: then everything in it
 * is training, and only training keys work; in a true lab none does. */
gboolean cel_lab_is_training(const CelLab *lab);

/** CelLabPlace: the folders and files of a lab. */
typedef enum {
    CEL_LAB_REGISTER, /* register.sqlite */
    CEL_LAB_PROFILE,  /* profile.json */
    CEL_LAB_ROOTS,    /* ca.pem */
    CEL_LAB_ARCHIVE,  /* archive/: sealed files */
    CEL_LAB_PHOTOS,   /* photos/: by SHA-256 */
    CEL_LAB_RAW,      /* raw/: measurements before the seal, by SHA-256 */
    CEL_LAB_PAPERS,   /* papers/: released reports, by SHA-256 */
    CEL_LAB_IMPORTS,  /* imports/: other labs' bundles, by the SHA-256 of their manifest */
    CEL_LAB_PEOPLE,   /* people/: key files of those who work at this machine, NAME.key */
    CEL_LAB_OPEN,     /* open/: journals of samples that are being worked on */
    CEL_N_LAB_PLACES,
} CelLabPlace;

/** cel_lab_path: @name: (nullable): a file in the folder. Returns: (transfer full) */
char *cel_lab_path(const CelLab *lab, CelLabPlace place, const char *name);

/** CelLabPerson: a key and whose number in the lab it is; borrowed. */
typedef struct {
    CelKey *key;
    const char *id; /* (nullable): the number that the lab certified */
} CelLabPerson;

/**
 * cel_lab_sign_in:
 * @person: stays valid until the lab is closed or another one signs in
 * Returns: FALSE with CEL_ERROR_POLICY: nobody of this lab, revoked, out of time, or training and
 *   true mixed.
 */
gboolean cel_lab_sign_in(CelLab *lab, const CelLabPerson *person, GError **error);

/** cel_lab_sign_out: nobody is signed in any more; the key may be freed then. */
void cel_lab_sign_out(CelLab *lab);

/** cel_lab_role: Returns: of the person who is signed in; CEL_ROLE_NONE without one. */
CelRole cel_lab_role(const CelLab *lab);
/** cel_lab_person: Returns: (transfer none) (nullable): who is signed in. */
const CelLabPerson *cel_lab_person(const CelLab *lab);

/** cel_lab_use_ledger_key: @key: (transfer none) (nullable): the ledger's own, which signs heads;
 * it must outlive the lab. Returns: FALSE with CEL_ERROR_POLICY: not this lab's ledger key. */
gboolean cel_lab_use_ledger_key(CelLab *lab, CelKey *key, GError **error);
/** cel_lab_has_ledger_key: Returns: whether heads can be signed now. */
gboolean cel_lab_has_ledger_key(const CelLab *lab);
/** cel_lab_head: Returns: (transfer full) (nullable): the signed head of the present tree when the
 * ledger's key is at hand, else the newest one stored of at least @min_size; NULL without error
 * when there is none. */
CelLedgerHead *cel_lab_head(CelLab *lab, guint64 min_size, GError **error);

/**
 * cel_lab_record:
 * @second: (nullable): the person who agrees
 * Looks at the rights of both, at the rules of the work (bench/cel-rules.h) and appends.
 * Returns: FALSE with CEL_ERROR_POLICY, CEL_ERROR_USAGE or CEL_ERROR_SYSTEM; then nothing is
 *   recorded.
 */
gboolean cel_lab_record(CelLab *lab, const CelEventRequest *request, const CelLabPerson *second,
                        CelLedgerPlace *out_place, GError **error);

/** cel_lab_signers: who signs an event of @act, after their rights were looked at; for what goes
 * into the ledger another way than cel_lab_record(). Returns: FALSE with CEL_ERROR_POLICY. */
gboolean cel_lab_signers(CelLab *lab, CelAct act, const CelLabPerson *second, CelEventSigners *out,
                         GError **error);

/** cel_lab_may: whether cel_lab_record() would be allowed now, for work that is dear (a laser, a
 * long series): rights and rules are looked at, nothing is recorded. Returns: FALSE with its
 * errors. */
gboolean cel_lab_may(CelLab *lab, const CelEventRequest *request, GError **error);

/**
 * cel_lab_keep:
 * @place: a folder of CelLabPlace
 * Stores @bytes under their SHA-256, write-protected and durable, before any event speaks of them;
 * what is there already is left as it is.
 * Returns: FALSE with CEL_ERROR_SYSTEM. @out_digests: of @bytes.
 */
gboolean cel_lab_keep(CelLab *lab, CelLabPlace place, GBytes *bytes, CelDigestPair *out_digests,
                      GError **error);

G_END_DECLS
