/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Plays a recording up to any point into a folder: as a process that died left it, or as a machine
 * that lost power left it. */

typedef struct CrashPlay CrashPlay;

/* What the recorder wrote; aborts when it cannot be read: it is our own. */
CrashPlay *crash_play_read(const char *log);
void crash_play_free(CrashPlay *play);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CrashPlay, crash_play_free)

gsize crash_play_length(const CrashPlay *play);

/* What was acknowledged before operation @end, (element-type utf8). */
GPtrArray *crash_play_acks(const CrashPlay *play, gsize end);

/*
 * How the power failed at operation @end. Content that was synced before is there, names too once
 * their folder was synced; of all the rest any part may have reached the disk.
 */
typedef enum {
    CRASH_ALL,    /* everything before @end: the process died, the kernel lives */
    CRASH_TORN,   /* the same, and half of the write at @end */
    CRASH_SYNCED, /* only what was synced */
    CRASH_RANDOM, /* any part of the rest, single sectors of writes too */
    CRASH_N_KINDS,
} CrashKind;

/* Puts the state into @folder, which is made empty before. Returns: (transfer full): a digest, so
 * that equal states are looked at once. */
char *crash_play_state(const CrashPlay *play, gsize end, CrashKind kind, GRand *random,
                       const char *folder);

/* Whether the operation at @end is a write that can be torn. */
gboolean crash_play_can_tear(const CrashPlay *play, gsize end);

/* How long a part took beside its bare operations. */
typedef struct {
    double program_ms, cpu_ms, bare_ms;
    guint writes, syncs;
} CrashCost;

/* Does the operations of @play again in the empty @folder, with nothing but the system's calls.
 * Returns: (transfer full) (element-type CrashCost): one for each acknowledgement that begins with
 * @word: everything since the one before, whatever that was about. */
GArray *crash_play_cost(const CrashPlay *play, const char *folder, const char *word);

/* Removes a folder and all in it. */
void crash_remove(const char *folder);
