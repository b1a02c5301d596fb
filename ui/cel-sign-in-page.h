/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-page.h"

G_BEGIN_DECLS

#define CEL_TYPE_SIGN_IN_PAGE (cel_sign_in_page_get_type())
/** CelSignInPage: who works here now: a tile a person, then the key's passphrase. */
G_DECLARE_FINAL_TYPE(CelSignInPage, cel_sign_in_page, CEL, SIGN_IN_PAGE, CelPage)

G_END_DECLS
