/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-page.h"

G_BEGIN_DECLS

/** cel_identify_one: reads the file @path, identifies it off the main loop and goes to the page
 * "result" with the answer; what fails is said on @page. @laser_nm: 0: as the file says. */
void cel_identify_one(CelPage *page, const char *path, double laser_nm);

G_END_DECLS
