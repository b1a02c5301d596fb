/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* How often a check that can go on for ever is repeated: @usual times in a test run, as often as
 * CELADON_LONG says when tools/soak runs its long form. */
static inline guint long_count(guint usual)
{
    const char *text = g_getenv("CELADON_LONG");
    const guint64 asked = text != NULL ? g_ascii_strtoull(text, NULL, 10) : 0;
    return asked > 0 && asked <= G_MAXINT32 ? (guint)asked : usual;
}
