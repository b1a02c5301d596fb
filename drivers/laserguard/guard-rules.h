/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* When the guard does what; pure. */

enum {
    GUARD_LATE_MS = 250,      /* after the deadline: the application turns the laser off itself */
    GUARD_KILL_LATE_MS = 750, /* likewise, where acting means killing it */
    GUARD_SEEK_MS = 60000,    /* so long a unit that left with its light on is waited for */
};

/** GuardDeed: what is to be done now. */
typedef enum {
    GUARD_WAIT,
    GUARD_SWITCH_OFF,
    GUARD_SEEK,        /* the unit was not reached: look for it on the whole bus */
    GUARD_KILL_PARENT, /* it has the interface that switching off needs */
    GUARD_LEAVE,
} GuardDeed;

/** GuardState: what the guard knows. */
typedef struct {
    gint64 heard_us;      /* when the parent last spoke */
    gint64 deadline_us;   /* of the light; 0: none is permitted */
    gboolean ended;       /* the parent said that the laser is off */
    gboolean parent_gone; /* dead, or its end of the socket closed */
    gboolean needs_claim; /* the gate is a bulk packet */
    gboolean called;      /* the application could not turn the laser off itself */
    gint64 seek_until_us; /* 0: the unit is not sought */
    gboolean acted;       /* the guard has switched off before: no light is permitted any more */
    gboolean is_off;      /* it has, and has not heard of light since */
    gboolean is_final;    /* it has since the parent is gone */
} GuardState;

/** guard_decide: @out_cause: for _SWITCH_OFF and _KILL_PARENT. */
GuardDeed guard_decide(const GuardState *state, gint64 now_us, const char **out_cause);

G_END_DECLS
