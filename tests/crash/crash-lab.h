/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-lab.h"

/* A training lab that scenarios work in. */

enum { CRASH_LAB_EVENTS = 2 }; /* of a seal, before anybody is told */

/* Founds the lab in @folder; the key of the person who is signed in lies in @aside too. Returns:
 * (transfer full), NULL with the error. @out_key outlives the lab. */
CelLab *crash_lab_found(const char *folder, const char *aside, CelKey **out_key, GError **error);

/* Takes @n exhibits in and seals them, the whole way; tells "event", "sealed", "file". */
gboolean crash_lab_seal(CelLab *lab, guint n, int ack, GError **error);

/* Returns: (transfer none): that person's key, loaded once a recording: that is slow on purpose. */
CelKey *crash_lab_key(const char *aside, GHashTable *seen);

/** crash_lab_forget: empties @seen, the key with it. */
void crash_lab_forget(GHashTable *seen);
