/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** guard_find_program: Returns: (transfer none) (nullable): the path of celadon-laserguard: the one
 * of the build tree that the running program is in, else the installed one. No environment is
 * asked: it could name a program that guards nothing. Thread-safe: yes. */
const char *guard_find_program(void);

G_END_DECLS
