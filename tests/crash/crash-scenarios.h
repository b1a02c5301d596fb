/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* What is interrupted, and what must be true of whatever it leaves behind. To add one: a file
 * crash-NAME.c with a CrashScenario, its line in crash-scenarios.c. */

typedef struct {
    const char *name;
    /* Works in @folder, which is there and empty; @aside is a folder that no crash touches, for
     * keys and the like. Tells @ack of everything done. Returns: FALSE with the error when it had
     * to
     * stop: that is allowed, a crash is not. */
    gboolean (*run)(const char *folder, const char *aside, int ack, GError **error);
    /* @seen: (element-type utf8 utf8): kept between the states of one recording, for what need not
     * be looked at twice. @acks: (element-type utf8): what was told. Returns: (transfer full)
     * (nullable): what is wrong: "unreadable: ..." or "lost: ..."; NULL when all is as it should
     * be. */
    char *(*check)(const char *folder, const char *aside, GPtrArray *acks, GHashTable *seen);
} CrashScenario;

/* Told when what comes before is of no interest: crashes begin behind it. */
#define CRASH_READY "ready"

extern const CrashScenario crash_ledger, crash_seal, crash_export;
extern const CrashScenario crash_careless; /* only when it is asked for */

/* Returns: (transfer none): NULL-ended; crash_careless is the last. */
const CrashScenario *const *crash_scenarios(void);

/* Tells of something done: one line, in one write. */
void crash_ack(int ack, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Returns: (transfer full): "KIND: WHAT". */
char *crash_problem(const char *kind, const char *what);

/* Whether @ack is "WORD ..."; @out_rest: what follows. */
gboolean crash_ack_is(const char *ack, const char *word, const char **out_rest);

/* The ledger at @path: every "event SEQ SHA256" of @acks is there, everything is sound, and
 * at most @n_under_way stand behind. Returns: as CrashScenario.check. */
char *crash_check_ledger(const char *path, GPtrArray *acks, guint n_under_way);
