/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "path/cel-path-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CEL_TYPE_SECOND_KEY (cel_second_key_get_type())
/** CelSecondKey: the second person chooses their tile and opens their key: passphrase by
 * keyboard or by an on-screen keypad. Signal "ready" (): Return was pressed. Signal "changed" ().
 */
G_DECLARE_FINAL_TYPE(CelSecondKey, cel_second_key, CEL, SECOND_KEY, AdwBin)

/** cel_second_key_new: @session: (transfer none). Returns: (transfer floating). */
GtkWidget *cel_second_key_new(CelPathSession *session);

/** cel_second_key_show: offers everybody but who is signed in. */
void cel_second_key_show(CelSecondKey *second);

/** cel_second_key_get: Returns: FALSE while somebody or the passphrase is missing. @order: gets
 * key and passphrase, borrowed until the next change. */
gboolean cel_second_key_get(CelSecondKey *second, CelPathOrder *order);

/** cel_second_key_forget: empties the passphrase. */
void cel_second_key_forget(CelSecondKey *second);

G_END_DECLS
