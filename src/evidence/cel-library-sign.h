/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-clock.h"
#include "evidence/cel-statement.h"
#include "match/cel-library.h"

G_BEGIN_DECLS

/* A signed version of a library: a statement (cel-statement.h) of kind "library" in a file beside
 * it that names the library's content and file by digest, its name and version, the time by the
 * signer's own clock, and the version before. docs/library-signature.md shows how to check one with
 * openssl alone. */

/** CEL_LIBRARY_SIGNATURE_SUFFIX: "LIBRARY.h5" is signed in "LIBRARY.h5.sig". */
#define CEL_LIBRARY_SIGNATURE_SUFFIX ".sig"

/** cel_library_may_sign: Returns: whether a holder of @role may sign a library: reviewer, head of
 * the laboratory and its root; a key without any role may, but nobody vouches for it. */
gboolean cel_library_may_sign(CelRole role);

/** CelLibrarySigning: what is signed; all borrowed. */
typedef struct {
    const CelLibrary *library;
    const char *path;           /* the file it was opened from */
    const CelLibrary *previous; /* (nullable): the version that this one replaces */
    CelClock clock;
} CelLibrarySigning;

/**
 * cel_library_sign:
 * @key: its role must be one of cel_library_may_sign()
 * Returns: (transfer full): the text of the signature's file, or NULL with CEL_ERROR_POLICY (role;
 *   @previous has another name or the same content), CEL_ERROR_INPUT (file) or CEL_ERROR_SYSTEM.
 */
GBytes *cel_library_sign(const CelLibrarySigning *signing, CelKey *key, GError **error);

/** CelLibrarySignature: a signature's file, read; texts are borrowed from the statement. */
typedef struct {
    CelStatement *statement;
    const char *name, *version;
    const char *sha256;                 /* content */
    const char *file_sha256, *file_sm3; /* of the file's bytes */
    const char *previous_sha256;        /* (nullable): content of the version before */
    const char *previous_version;       /* (nullable) */
    gint64 wall_us;                     /* by the signer's own clock */
} CelLibrarySignature;

/** cel_library_signature_free: @signature: (nullable) */
void cel_library_signature_free(CelLibrarySignature *signature);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelLibrarySignature, cel_library_signature_free)

/** cel_library_signature_read: @bytes: untrusted. Returns: (transfer full), or NULL with
 * CEL_ERROR_INPUT: none, or a signature that does not hold. Who signed is cel_statement_judge()'s
 * to say. Thread-safe: yes. */
CelLibrarySignature *cel_library_signature_read(GBytes *bytes, GError **error);

/** CelLibraryState: what is known of a library's signature. */
typedef enum {
    CEL_LIBRARY_BUILT_IN, /* ships with the program, whose package vouches for it */
    CEL_LIBRARY_UNSIGNED,
    CEL_LIBRARY_NOT_VOUCHED, /* sound, but no lab at hand vouches for the signer or the role */
    CEL_LIBRARY_REVOKED,     /* the signer's certificate was taken back or had run out */
    CEL_LIBRARY_SIGNED,      /* sound and vouched for */
    CEL_N_LIBRARY_STATES,
} CelLibraryState;

/** cel_library_state_name: Returns: "built-in", "unsigned", "not-vouched", "revoked", "signed". */
const char *cel_library_state_name(CelLibraryState state);

/** cel_library_state_label: Returns: the words people read, in Chinese or English. */
const char *cel_library_state_label(CelLibraryState state, gboolean chinese);

/**
 * cel_library_state:
 * @library: as opened from @path; @trust: (nullable): nobody is trusted
 * Looks at the signature's file beside @path; there need not be one.
 * Returns: FALSE with CEL_ERROR_INPUT when there is one and it is unusable or speaks of another
 *   content: such a library must not be used.
 */
gboolean cel_library_state(const CelLibrary *library, const char *path, const CelTrust *trust,
                           CelLibraryState *out_state, GError **error);

/** CelLibraryCheck: what a verification is about; all borrowed. */
typedef struct {
    const char *path;
    const char *signature_path; /* (nullable): the one beside @path */
    const char *previous_path;  /* (nullable): the version before, if it is at hand */
    const CelTrust *trust;      /* (nullable) */
} CelLibraryCheck;

/**
 * cel_library_verify:
 * @out_lines: (transfer full) (element-type CelVerdictLine): separate statements, in this order:
 *   "library.content", "library.file", "library.statement", "signature.sm2", "signature.ed25519",
 *   "certificate", "role", "previous", "time"
 * Returns: FALSE with CEL_ERROR_INPUT or _SYSTEM when a file cannot be read at all.
 */
gboolean cel_library_verify(const CelLibraryCheck *check, GPtrArray **out_lines, CelJob *job,
                            GError **error);

G_END_DECLS
