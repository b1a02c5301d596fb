/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-bundle-files.h"
#include "bench/cel-lab.h"
#include "evidence/cel-verdict.h"

G_BEGIN_DECLS

/*
 * A case bundle: everything of one case that another lab, a court or a defence expert needs, with
 * public tools alone.
 *
 *   bundle.json            what this is: case, ledger, size, lab, training
 *   custody.jsonl          one event a line with its signatures and certificates (cel-entry.h): all
 *                          of the case, and the lab's key events
 *   proofs/SEQ.json        the place of each of them in the tree of head.json (cel-place.h)
 *   head.json head.*.sig head.*.cer   the signed head, where the ledger's key was at hand
 *   roots.pem profile.json            who the lab says it is; trust comes from elsewhere
 *   files/FID.cel.h5       the sealed files, byte for byte
 *   witness/FID.json       what the ledger says of each
 *   photos/ raw/ papers/   by SHA-256
 *   copies/FID.N.csv, .jdx spectra for other programs; they carry the sealed file's digest
 *   VERIFY.txt             how to check it with h5dump and openssl
 *   MANIFEST.sha256 MANIFEST.sm3      digest and name of every other file
 */

/** CelBundleOrder: borrowed. */
typedef struct {
    const char *case_id;
    const char *recipient; /* (nullable): who gets it */
    const char *path;      /* must not be there; a name that ends in ".zip" gives a zip file */
} CelBundleOrder;

/**
 * cel_bundle_export:
 * Gathers the case, puts the export on record with the bundle's digest, then writes the bundle.
 * @out_digest: SHA-256 of MANIFEST.sha256, 65 characters: the bundle's name
 * Returns: FALSE with CEL_ERROR_USAGE (no such case), CEL_ERROR_POLICY, CEL_ERROR_SYSTEM,
 *   CEL_ERROR_CANCELLED.
 */
gboolean cel_bundle_export(CelLab *lab, const CelBundleOrder *order, char *out_digest, CelJob *job,
                           GError **error);

/** CelBundleAbout: what a bundle says of itself; texts owned. */
typedef struct {
    char *case_id, *lab, *ledger_id;
    guint64 size; /* of the tree its proofs lead to */
    gboolean training;
    char digest[65]; /* of MANIFEST.sha256 */
    guint n_events, n_files;
} CelBundleAbout;

/** cel_bundle_about_clear: frees the texts. */
void cel_bundle_about_clear(CelBundleAbout *about);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CelBundleAbout, cel_bundle_about_clear)

/**
 * cel_bundle_check:
 * @files: untrusted
 * @trust: (nullable): roots that came another way; without them certificates are not proven
 * @out_about: to be cleared
 * @out_lines: (transfer full) (element-type CelVerdictLine): "manifest", "custody", "place",
 *   "head", "certificate", "files", "things", then one "file" for each sealed file that
 *   is contradicted
 * Returns: FALSE with CEL_ERROR_INPUT (not a bundle), CEL_ERROR_SYSTEM or CEL_ERROR_CANCELLED;
 *   contradictions are lines.
 */
gboolean cel_bundle_check(const CelBundleFiles *files, const CelTrust *trust,
                          CelBundleAbout *out_about, GPtrArray **out_lines, CelJob *job,
                          GError **error);

/**
 * cel_bundle_accept:
 * Keeps a checked bundle in the lab's imports/ and puts that on record. Twice the same is no fault.
 * Returns: FALSE with CEL_ERROR_POLICY (a line is contradicted; training and true work mixed) or
 *   CEL_ERROR_SYSTEM.
 */
gboolean cel_bundle_accept(CelLab *lab, const CelBundleFiles *files, const CelBundleAbout *about,
                           const GPtrArray *lines, CelJob *job, GError **error);

G_END_DECLS
