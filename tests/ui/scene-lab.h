/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A practice lab with the work of some weeks in it, as pages need it: cases, exhibits in every
 * state, photos, checks, sealed training files, a review that waits, a released report. */

#define SCENE_CASE    "2026-0113" /* worked through: exhibit 1 released and returned */
#define SCENE_WAITING "2" /* exhibit of SCENE_CASE whose sealed result waits for its review */
#define SCENE_OPEN    "2026-0121" /* at work: exhibit 1 open, 2 received and on hold */

/**
 * scene_lab: makes it once (seconds) and keeps it beside the tests' cache for some hours; every
 * call gives a copy. Aborts the test when it cannot be made. Call it before ui_window() with its
 * result as the folder; keys have the passphrase of ui_sign_in().
 * Returns: (transfer full): the lab's folder, below a temporary folder of its own.
 */
char *scene_lab(void);

G_END_DECLS
