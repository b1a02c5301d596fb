/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-page.h"

G_BEGIN_DECLS

#define CEL_TYPE_OWN_ENTRY (cel_own_entry_get_type())
/** CelOwnEntry: a form: a file becomes a reference spectrum of the lab's own library, a lead until
 * people with papers say more. */
G_DECLARE_FINAL_TYPE(CelOwnEntryForm, cel_own_entry, CEL, OWN_ENTRY, AdwWindow)

/** cel_own_entry_new: Returns: (transfer floating): a dialog over the page's window. */
GtkWidget *cel_own_entry_new(CelPage *page, const char *path, double laser_nm);

G_END_DECLS
