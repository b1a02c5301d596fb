/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-page.h"

G_BEGIN_DECLS

#define CEL_TYPE_LIBRARY_PAGE (cel_library_page_get_type())
/** CelLibraryPage: the reference libraries in use: their state, every entry, what it may claim,
 * what it is mistaken for, its spectra and bands. Opened with a path: a library pack to be looked
 * at. */
G_DECLARE_FINAL_TYPE(CelLibraryPage, cel_library_page, CEL, LIBRARY_PAGE, CelPage)

G_END_DECLS
