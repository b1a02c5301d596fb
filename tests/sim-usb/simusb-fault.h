/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Faults that can be armed, and the moments at which they strike. Pure. */

/** SimUsbState: what the host is about to do, the same words for every family. */
typedef enum {
    SIMUSB_IDENTIFY,  /* reads who the unit is: EEPROM, serial, versions, coefficients */
    SIMUSB_CONFIGURE, /* integration time, gain, trigger, cooler, power of the laser */
    SIMUSB_LASER_ON,  /* enables the laser or its gate */
    SIMUSB_LASER_OFF,
    SIMUSB_LASER_READ, /* reads it back: enabled, may fire, firing */
    SIMUSB_ACQUIRE,    /* asks for a frame, aborts, clears */
    SIMUSB_FRAME,      /* the frame itself, on its way to the host */
    SIMUSB_STATUS,     /* temperatures, battery, what is set */
    SIMUSB_N_STATES,
} SimUsbState;

/** SimUsbEvent: one thing that can fail. */
typedef struct {
    SimUsbState state;
    guint32 opcode;   /* FID: bRequest, second tier 0xFF00 | wValue; OOI: first byte; OBP: type */
    guint8 endpoint;  /* 0: control */
    gboolean to_host; /* carries bytes to the host (control: its data stage does) */
} SimUsbEvent;

/** SimUsbFaultKind: what goes wrong; the words are in simusb_fault_kinds(). */
typedef enum {
    SIMUSB_UNPLUG,
    SIMUSB_SUSPEND,
    SIMUSB_STALL,
    SIMUSB_TIMEOUT,
    SIMUSB_LOST,
    SIMUSB_SLOW,
    SIMUSB_SHORT,
    SIMUSB_LONG,
    SIMUSB_GARBAGE,
    SIMUSB_SWAP,
    SIMUSB_FLAT,
    SIMUSB_LATE,
    SIMUSB_STALE,
    SIMUSB_IDENTICAL,
    SIMUSB_DEFER,
    SIMUSB_N_FAULTS,
} SimUsbFaultKind;

/** SimUsbFaultDef: the row of one kind. */
typedef struct {
    const char *name, *meaning;
    gboolean content; /* alters bytes on their way to the host, so it waits for such */
} SimUsbFaultDef;

/** SimUsbFault: one armed fault; -1 in a filter: any. */
typedef struct {
    guint id;
    SimUsbFaultKind kind;
    int state, endpoint, to_host;
    gint64 opcode;
    guint nth;       /* strikes first at the nth match, from 1 */
    int times;       /* how often; -1: always */
    double chance;   /* of each match, 0..1 */
    gint64 ms;       /* unplug: after; suspend, late, slow: how long; -1: its default */
    gint64 bytes;    /* short: kept; long: added; -1: its default */
    gboolean obeyed; /* stall: the command takes effect all the same */
    guint seen, struck;
} SimUsbFault;

/** simusb_fault_kinds: Returns: (transfer none): THE table, SIMUSB_N_FAULTS rows. */
const SimUsbFaultDef *simusb_fault_kinds(void);

/** simusb_state_name: Returns: "identify", "laser-off", ... */
const char *simusb_state_name(SimUsbState state);

/**
 * simusb_fault_parse:
 * @words: (array zero-terminated=1): the kind, then key=value: state, opcode (hex), ep (hex),
 *   dir=in|out, nth, times (a number or "always"), chance, ms, bytes, obeyed=0|1
 * Returns: FALSE with G_IO_ERROR_INVALID_ARGUMENT that names the word.
 */
gboolean simusb_fault_parse(char **words, SimUsbFault *out_fault, GError **error);

/** simusb_fault_strikes: @chance: 0..1, drawn by the caller. Counts the match. Returns: TRUE when
 * @event is where @fault strikes. */
gboolean simusb_fault_strikes(SimUsbFault *fault, const SimUsbEvent *event, double chance);

/** simusb_fault_is_spent: Returns: TRUE when it will never strike again. */
gboolean simusb_fault_is_spent(const SimUsbFault *fault);

/** simusb_fault_text: Returns: (transfer full): id, kind, where, how often it struck. */
char *simusb_fault_text(const SimUsbFault *fault);

G_END_DECLS
