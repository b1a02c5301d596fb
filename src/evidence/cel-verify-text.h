/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* VERIFY.txt: how to check a sealed file with h5dump, openssl and the usual tools of POSIX, without
 * anything of ours. One table; the tests run exactly these lines. */

/** CelVerifyStep: one question with its commands. */
typedef struct {
    const char *title_en, *title_zh;
    const char *needs_en, *needs_zh; /* (nullable): when it can be asked */
    const char *commands;            /* lines for sh; $f is the sealed file */
    const char *shows;               /* all that they print when nothing contradicts */
} CelVerifyStep;

/** cel_verify_steps: Returns: (transfer none): the table, in the order in which the steps are run:
 * in one shell, in an empty folder, later ones use files of earlier ones. */
const CelVerifyStep *cel_verify_steps(gsize *out_n);

/** cel_verify_text: @files: NULL-ended: where the sealed files stand, seen from the text. Returns:
 * (transfer full): the whole text in Chinese and English; commands stand behind four blanks. */
char *cel_verify_text(const char *const *files);

G_END_DECLS
