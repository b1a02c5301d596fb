/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-page.h"

G_BEGIN_DECLS

#define CEL_TYPE_INSTRUMENTS_PAGE (cel_instruments_page_get_type())
/** CelInstrumentsPage: what is plugged in, what the open instrument says of itself, what its checks
 * allow, and what this machine lacks. */
G_DECLARE_FINAL_TYPE(CelInstrumentsPage, cel_instruments_page, CEL, INSTRUMENTS_PAGE, CelPage)

G_END_DECLS
