/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-hash.h"
#include "evidence/cel-role.h"

G_BEGIN_DECLS

/** CelKey: the signing keys of one person, device, ledger or laboratory: SM2 (signed with SM3 and
 * an explicit signer ID) and Ed25519, each with a certificate: self-signed when new, the lab's
 * once it certified them. The private numbers lie in OpenSSL's secure heap (locked and kept out of
 * core dumps where the system allows it) and are wiped when the key is freed. */
typedef struct CelKey CelKey;

/* The signer ID is part of what SM2 signs. This one is the customary default of GM/T 0009-2012;
 * OpenSSL's own default is the empty text, so it is always passed and always recorded. */
#define CEL_SM2_DEFAULT_ID "1234567812345678"

enum { CEL_KEY_MAX_PERSON = 64, CEL_KEY_MIN_PASSPHRASE = 8 };

/**
 * cel_key_generate:
 * @person: name as it shall stand in the certificate, UTF-8, 1..64 characters, none of them a
 *   control character
 * @training: the certificates say OU=TRAINING and no lab accepts them for evidence
 * Returns: (transfer full): new keys with self-signed certificates (valid five years), or NULL with
 *   CEL_ERROR_USAGE (name) or CEL_ERROR_SYSTEM. Thread-safe: yes.
 */
CelKey *cel_key_generate(const char *person, gboolean training, GError **error);

/**
 * cel_key_generate_lab:
 * @name: of the laboratory; limits as for a person
 * @training: all it certifies is training too
 * Returns: (transfer full): a lab's root (role "lab"): it certifies keys (cel-ca.h) and signs the
 *   lab's profile; valid twenty years. Errors as cel_key_generate(). Thread-safe: yes.
 */
CelKey *cel_key_generate_lab(const char *name, gboolean training, GError **error);

/**
 * cel_key_save:
 * @path: an existing file is not replaced
 * @passphrase: at least CEL_KEY_MIN_PASSPHRASE bytes, UTF-8
 * One PEM file, mode 0600: both certificates and both keys as PKCS#8, encrypted under @passphrase
 * with scrypt (N 16384, r 8, p 5) and AES-256-CBC; behind them the lab's roots, when it certified
 * the key.
 * Returns: FALSE with CEL_ERROR_USAGE (passphrase too short) or CEL_ERROR_SYSTEM.
 */
gboolean cel_key_save(CelKey *key, const char *path, const char *passphrase, GError **error);

/**
 * cel_key_load:
 * Reads what cel_key_save() wrote; every key must fit its certificate and both certificates must
 * name the same person. Unencrypted keys are refused.
 * Returns: (transfer full), or NULL with CEL_ERROR_POLICY (wrong passphrase), CEL_ERROR_INPUT (not
 *   a key file, damaged) or CEL_ERROR_SYSTEM (cannot be read).
 */
CelKey *cel_key_load(const char *path, const char *passphrase, GError **error);

/** cel_key_free: @key: (nullable): wipes it. */
void cel_key_free(CelKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelKey, cel_key_free)

/** cel_key_person, cel_key_is_training: Returns: (transfer none): what the certificates say. */
const char *cel_key_person(const CelKey *key);
gboolean cel_key_is_training(const CelKey *key);
/** cel_key_person_id: Returns: (transfer none) (nullable): the holder's number in the lab, as the
 * lab certified it. */
const char *cel_key_person_id(const CelKey *key);
/** cel_key_lab: Returns: (transfer none) (nullable): the name of the lab that issued the
 * certificates; NULL when they are self-signed. */
const char *cel_key_lab(const CelKey *key);
/** cel_key_role: Returns: the role in the certificates; CEL_ROLE_NONE for self-signed ones, except
 * CEL_ROLE_LAB for a lab's root. Whether that lab is trusted is cel_trust_judge()'s to say. */
CelRole cel_key_role(const CelKey *key);

typedef enum { CEL_SIGN_SM2, CEL_SIGN_ED25519, CEL_N_SIGNERS } CelSigner;

/** cel_signer_name: Returns: "sm2" or "ed25519", as in the names of datasets and verdict lines. */
const char *cel_signer_name(CelSigner signer);

/** cel_key_holds: Returns: whether @key can sign with @signer: key files hold both, a token perhaps
 * one. */
gboolean cel_key_holds(const CelKey *key, CelSigner signer);

/** cel_key_sign: Returns: (transfer full): the signature of @data (DER for SM2, which is
 * randomised; raw 64 bytes for Ed25519, which is not), or NULL with CEL_ERROR_POLICY (@key holds no
 * such signer) or CEL_ERROR_SYSTEM. */
GBytes *cel_key_sign(CelKey *key, CelSigner signer, GBytes *data, GError **error);

/** cel_key_certificate: Returns: (transfer full): DER, or NULL with CEL_ERROR_POLICY (@key holds no
 * such signer) or CEL_ERROR_SYSTEM. */
GBytes *cel_key_certificate(CelKey *key, CelSigner signer, GError **error);

/** cel_key_issuer: Returns: (transfer full) (nullable): DER of the lab's root certificate under
 * which cel_key_certificate() was issued; NULL when that one is self-signed. */
GBytes *cel_key_issuer(CelKey *key, CelSigner signer);

/** CelCertificate: what one certificate says of itself. */
typedef struct {
    char *person;      /* subject CN */
    char *person_id;   /* subject serialNumber: number in the lab; NULL when not stated */
    char *lab;         /* issuer CN; NULL: self-signed */
    CelRole role;      /* subject OU; counts only when cel_trust_judge() vouches */
    gboolean training; /* subject OU=TRAINING */
    gint64 not_before_us, not_after_us; /* UTC since 1970 */
} CelCertificate;

/** cel_certificate_clear: frees the texts of @certificate. */
void cel_certificate_clear(CelCertificate *certificate);

/**
 * cel_certificate_inspect:
 * @certificate: DER, from an untrusted file
 * @out: (out): what it says, to be cleared; set only on success
 * Returns: FALSE with CEL_ERROR_INPUT unless it is one certificate of the kind of @signer; a
 *   self-signed one must be signed with its own key. Whether a lab issued another one is
 *   cel_trust_judge()'s to say. Thread-safe: yes.
 */
gboolean cel_certificate_inspect(CelSigner signer, GBytes *certificate, CelCertificate *out,
                                 GError **error);

/**
 * cel_signature_verify:
 * @certificate: DER, of the kind of @signer; from an untrusted file
 * @data: what was signed; @signature: DER or raw 64 bytes
 * @out: (out) (optional): what the certificate says, to be cleared; set only on success
 * Checks the certificate as cel_certificate_inspect() does, then the signature of @data, SM2 both
 * times with CEL_SM2_DEFAULT_ID. Who holds the key is not proven by this: anybody can make a
 * certificate, and only cel_trust_judge() tells the lab's from others.
 * Returns: FALSE with CEL_ERROR_INPUT that says what does not verify. Thread-safe: yes.
 */
gboolean cel_signature_verify(CelSigner signer, GBytes *certificate, GBytes *data,
                              GBytes *signature, CelCertificate *out, GError **error);

/** cel_signature_fits: as cel_signature_verify(), but the certificate is taken as it is: for those
 * who check many signatures and each certificate once. Returns: FALSE with CEL_ERROR_INPUT.
 * Thread-safe: yes. */
gboolean cel_signature_fits(CelSigner signer, GBytes *certificate, GBytes *data, GBytes *signature,
                            GError **error);

G_END_DECLS
