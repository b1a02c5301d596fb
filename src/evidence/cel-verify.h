/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-job.h"
#include "evidence/cel-trust.h"
#include "evidence/cel-verdict.h"
#include "evidence/cel-witness.h"
#include "h5/cel-h5.h"

G_BEGIN_DECLS

/** CelVerifyOptions: what the verifier brings along; all borrowed, all may be absent. */
typedef struct {
    const CelTrust *trust;     /* roots and revocations */
    const CelWitness *witness; /* a ledger or case bundle at hand, heads kept elsewhere */
    const char *expect_case, *expect_exhibit, *expect_fid; /* who this file must be */
    const CelDigestPair *expect_file;                      /* digests of the whole file */
    GBytes *token;     /* RFC 3161 token that is kept beside the file; else the file's own */
    GBytes *tsa_roots; /* PEM: whose time stamps are believed */
} CelVerifyOptions;

/**
 * cel_verify:
 * @path: a sealed file: a measurement or another thing
 * @options: (nullable)
 * @out_lines: (transfer full) (element-type CelVerdictLine): separate lines, never one tick
 * Verifies the stored bytes, then parses those bytes. Walks the whole file: an object, attribute or
 * link that the manifest does not list is a contradiction.
 * Returns: FALSE with CEL_ERROR_INPUT (not a sealed file) or CEL_ERROR_SYSTEM; contradictions are
 * lines, not errors.
 */
gboolean cel_verify(const char *path, const CelVerifyOptions *options, GPtrArray **out_lines,
                    CelJob *job, GError **error);

/** cel_verify_read: as cel_verify(). Returns: (transfer full): what was verified, for whoever goes
 * on with it: read once, and nothing can be put in its place in between. */
CelH5Node *cel_verify_read(const char *path, const CelVerifyOptions *options,
                           GPtrArray **out_lines, CelJob *job, GError **error);

G_END_DECLS
