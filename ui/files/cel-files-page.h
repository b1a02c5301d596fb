/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-page.h"

G_BEGIN_DECLS

#define CEL_TYPE_FILES_PAGE (cel_files_page_get_type())
/** CelFilesPage: files of other programs and instruments: what each is, identifying one or all of
 * them, taking one into the lab's own library. Opened with a path, or with a GtkStringList. */
G_DECLARE_FINAL_TYPE(CelFilesPage, cel_files_page, CEL, FILES_PAGE, CelPage)

G_END_DECLS
