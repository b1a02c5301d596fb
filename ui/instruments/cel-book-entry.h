/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-page.h"

G_BEGIN_DECLS

/* What is put into the day-book of the open instrument without measuring. Each tells by the page's
 * notice and "lab-changed" once it stands there, or by the page's dialog why it does not. */

/** cel_book_disturb: @why: translated: the instrument needs a new check. */
void cel_book_disturb(CelPage *page, const char *why);

/** cel_book_ask_asset: asks for its number in the inventory and records that. */
void cel_book_ask_asset(CelPage *page);

/** cel_book_ask_way_back: asks for the reason and puts the instrument's own calibration in force.
 */
void cel_book_ask_way_back(CelPage *page);

G_END_DECLS
