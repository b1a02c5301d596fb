/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* What is interrupted, and what must be true of whatever it leaves behind. */

typedef struct {
    const char *name;
    /* Works in @folder, which is there and empty, and tells @ack of everything done. Returns: FALSE
     * with the error when it had to stop: that is allowed, a crash is not. */
    gboolean (*run)(const char *folder, int ack, GError **error);
    /* @acks: (element-type utf8): what was told. Returns: (transfer full) (nullable): what is
     * wrong: "unreadable: ..." or "lost: ..."; NULL when everything is as it should be. */
    char *(*check)(const char *folder, GPtrArray *acks);
} CrashScenario;

extern const CrashScenario crash_scenarios[];
extern const gsize n_crash_scenarios;

/* Tells of something done: one line, in one write. */
void crash_ack(int ack, const char *format, ...) G_GNUC_PRINTF(2, 3);
