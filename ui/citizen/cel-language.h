/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The language of the window. It is kept in a file of its own and not among the settings: it must
 * be known before there is any thread, and settings start one. */

/** CelLanguage: the order in which they are offered. */
typedef enum {
    CEL_LANGUAGE_SYSTEM, /* as the desktop says */
    CEL_LANGUAGE_CHINESE,
    CEL_LANGUAGE_ENGLISH,
} CelLanguage;

/** cel_language_chosen: Returns: what was chosen; SYSTEM when nothing was. */
CelLanguage cel_language_chosen(void);

/** cel_language_choose: from the next start on. Returns: FALSE with CEL_ERROR_SYSTEM when it cannot
 * be kept. */
gboolean cel_language_choose(CelLanguage language, GError **error);

/** cel_language_apply: sets the environment by which texts are found; to be called in main() before
 * there is any thread and before setlocale(). */
void cel_language_apply(void);

G_END_DECLS
