/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/** settle_files: waits until what was written before is old enough for its marks to be believed
 * (cel_file_mark_is_settled()). */
static inline void settle_files(void)
{
    enum { SETTLING_US = 3200 * 1000 };
    g_usleep(SETTLING_US);
}
