/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-bundle-files.h"

G_BEGIN_DECLS

/* What a bundle holds for those without this program. */

/** cel_bundle_put_copies: the sealed file's measurements as CSV and JCAMP-DX, each with the sealed
 * file's digest in it; one that has no Raman shift axis has no copy. @path: of the sealed file @fid,
 * whose SHA-256 is @sha256. Returns: FALSE with the error of reading. */
gboolean cel_bundle_put_copies(CelBundleFiles *files, const char *path, const char *fid,
                               const char *sha256, CelJob *job, GError **error);

/** cel_bundle_verify_text: Returns: (transfer full): VERIFY.txt: the commands for the bundle and
 * for each sealed file in @files, in both languages. */
char *cel_bundle_verify_text(const CelBundleFiles *files);

G_END_DECLS
