/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "simusb-fault.h"
#include "simusb-truth.h"

G_BEGIN_DECLS

/* What every simulated instrument has besides its firmware: pipes to the host, a laser whose light
 * is known, a clock, armed faults. Pure: time is told, nothing sleeps. */

enum { SIMUSB_MAX_PIPES = 4 };

/** SimUsbPipe: one IN endpoint: chunks on their way to the host, in order. */
typedef struct {
    guint8 endpoint;
    guint packet_bytes;
    gboolean halted;
    GQueue chunks;
    GByteArray *last_frame; /* (nullable) */
} SimUsbPipe;

/** SimUsbFateKind: what the bus has to do with the unit. */
typedef enum {
    SIMUSB_STAYS,
    SIMUSB_GOES,     /* is unplugged */
    SIMUSB_SUSPENDS, /* transfers fail, it goes and comes back */
} SimUsbFateKind;

/** SimUsbFate: due at @at_us; @ms: how long a suspension lasts. */
typedef struct {
    SimUsbFateKind kind;
    gint64 at_us, ms;
} SimUsbFate;

/** SimUsbBoard: public for the models, which are its firmware. */
typedef struct {
    SimUsbTruth truth;
    gint64 now_us;      /* CLOCK_MONOTONIC; set before each call into a model */
    double time_factor; /* of all times the hardware takes; 1 = real time */
    GRand *rand;
    gboolean laser_stuck; /* lit light stays lit */
    gboolean laser_lies;  /* read-backs say off whatever is true */
    guint8 deferral[64];  /* OBP: what `defer` sends first */
    SimUsbFate fate;
    SimUsbPipe pipe[SIMUSB_MAX_PIPES];
    guint n_pipes;
    GArray *faults; /* of SimUsbFault */
    guint next_fault;
} SimUsbBoard;

/** SimUsbStrike: the faults that strike one event; NULL: not this kind. Valid until faults are
 * armed or removed. */
typedef struct {
    const SimUsbFault *by[SIMUSB_N_FAULTS];
} SimUsbStrike;

/** SimUsbRead: one IN transfer of the host. */
typedef struct {
    guint8 endpoint;
    guint8 *buffer;
    gsize room, filled;
} SimUsbRead;

/** simusb_board_init: @endpoints: of the IN pipes, at most SIMUSB_MAX_PIPES. */
void simusb_board_init(SimUsbBoard *board, const guint8 *endpoints, guint n, guint packet_bytes);

/** simusb_board_clear: frees what the board holds. */
void simusb_board_clear(SimUsbBoard *board);

/** simusb_board_arm: Returns: the number of the fault, from 1. */
guint simusb_board_arm(SimUsbBoard *board, const SimUsbFault *fault);

/** simusb_board_disarm: @id: 0 for all. */
void simusb_board_disarm(SimUsbBoard *board, guint id);

/** simusb_board_judge: what strikes @event; unplugging and suspension are noted as the fate. */
SimUsbStrike simusb_board_judge(SimUsbBoard *board, const SimUsbEvent *event);

/** simusb_board_is_cut: Returns: whether @strike takes the unit off the bus in the middle of it, so
 * that nothing is carried out and nothing arrives. */
gboolean simusb_board_is_cut(const SimUsbStrike *strike);

/** simusb_board_delay_us: Returns: by how much @strike delays the end of a transfer. */
gint64 simusb_board_delay_us(const SimUsbStrike *strike);

/** simusb_board_spoil: applies short, long, garbage, swap and flat to @bytes. */
void simusb_board_spoil(SimUsbBoard *board, const SimUsbStrike *strike, GByteArray *bytes);

/** simusb_board_send: the firmware puts @bytes into the pipe of @event's endpoint; faults apply. */
void simusb_board_send(SimUsbBoard *board, const SimUsbEvent *event, const guint8 *bytes, gsize n);

/**
 * simusb_board_read:
 * Moves what is due into @read, packet by packet, as USB does: a packet below the full size ends
 * the transfer, and so does a full buffer; a packet that does not fit is an overflow.
 * Returns: 0 when the transfer is over, -EINPROGRESS, -EPIPE or -EOVERFLOW.
 */
int simusb_board_read(SimUsbBoard *board, SimUsbRead *read);

/** simusb_board_due_us: Returns: when the next chunk falls due; G_MAXINT64: none waits. */
gint64 simusb_board_due_us(const SimUsbBoard *board);

/** simusb_board_clear_halt: @endpoint: 0 for all. */
void simusb_board_clear_halt(SimUsbBoard *board, guint8 endpoint);

/** simusb_board_power_loss: empties the pipes; the light goes out. */
void simusb_board_power_loss(SimUsbBoard *board);

/** simusb_board_scaled_us: Returns: @ms of the hardware as this board takes them. */
gint64 simusb_board_scaled_us(const SimUsbBoard *board, double ms);

G_END_DECLS
