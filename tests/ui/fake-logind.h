/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What of logind a window sees, on a system bus of the test's own. Answers while the main loop of
 * the test runs. */

/** fake_logind_up: before the window is made. fake_logind_down: at the end. */
void fake_logind_up(void);
void fake_logind_down(void);

/** fake_logind_locks: Returns: how many locks of that mode ("delay", "block") are held now. */
guint fake_logind_locks(const char *mode);

/** fake_logind_sleep: tells everybody that the computer is about to sleep, or awake again. */
void fake_logind_sleep(gboolean about_to);

G_END_DECLS
