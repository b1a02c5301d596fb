/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simusb-board.h"

#include <errno.h>
#include <string.h>

enum { DEFAULT_MS = 50, DEFAULT_SURPLUS = 10, STALE_BYTE = 0x55 };

/* Bytes of one message on their way; packets never span two of them. */
typedef struct {
    GByteArray *bytes;
    gsize taken;
    gint64 due_us;
    gboolean stall;
} Chunk;

static void chunk_free(gpointer data)
{
    Chunk *chunk = data;
    g_byte_array_unref(chunk->bytes);
    g_free(chunk);
}

void simusb_board_init(SimUsbBoard *board, const guint8 *endpoints, guint n, guint packet_bytes)
{
    memset(board, 0, sizeof *board);
    board->time_factor = 1.0;
    board->rand = g_rand_new_with_seed(1);
    board->truth.interlock_closed = TRUE;
    board->faults = g_array_new(FALSE, FALSE, sizeof(SimUsbFault));
    board->n_pipes = MIN(n, SIMUSB_MAX_PIPES);
    for (guint i = 0; i < board->n_pipes; i++) {
        board->pipe[i].endpoint = endpoints[i];
        board->pipe[i].packet_bytes = packet_bytes;
        g_queue_init(&board->pipe[i].chunks);
    }
}

void simusb_board_clear(SimUsbBoard *board)
{
    for (guint i = 0; i < board->n_pipes; i++) {
        g_queue_clear_full(&board->pipe[i].chunks, chunk_free);
        g_clear_pointer(&board->pipe[i].last_frame, g_byte_array_unref);
    }
    g_array_unref(board->faults);
    g_rand_free(board->rand);
}

gint64 simusb_board_scaled_us(const SimUsbBoard *board, double ms)
{
    return (gint64)(ms * 1000.0 * board->time_factor);
}

/* ---- faults ---- */

guint simusb_board_arm(SimUsbBoard *board, const SimUsbFault *fault)
{
    SimUsbFault copy = *fault;
    copy.id = ++board->next_fault;
    g_array_append_val(board->faults, copy);
    return copy.id;
}

void simusb_board_disarm(SimUsbBoard *board, guint id)
{
    for (guint i = board->faults->len; i > 0; i--) {
        if (id == 0 || g_array_index(board->faults, SimUsbFault, i - 1).id == id)
            g_array_remove_index(board->faults, i - 1);
    }
    if (id == 0)
        board->fate.kind = SIMUSB_STAYS;
}

static gint64 fault_us(const SimUsbFault *fault, gint64 default_ms)
{
    return (fault->ms >= 0 ? fault->ms : default_ms) * 1000;
}

static void note_fate(SimUsbBoard *board, const SimUsbFault *fault)
{
    if (fault->kind == SIMUSB_UNPLUG)
        board->fate = (SimUsbFate){SIMUSB_GOES, board->now_us + fault_us(fault, 0), 0};
    else if (fault->kind == SIMUSB_SUSPEND)
        board->fate =
            (SimUsbFate){SIMUSB_SUSPENDS, board->now_us, fault_us(fault, DEFAULT_MS) / 1000};
}

SimUsbStrike simusb_board_judge(SimUsbBoard *board, const SimUsbEvent *event)
{
    SimUsbStrike strike = {{NULL}};
    for (guint i = 0; i < board->faults->len; i++) {
        SimUsbFault *fault = &g_array_index(board->faults, SimUsbFault, i);
        const double chance = fault->chance < 1.0 ? g_rand_double(board->rand) : 0.0;
        if (!simusb_fault_strikes(fault, event, chance))
            continue;
        board->truth.faults++;
        strike.by[fault->kind] = fault;
        note_fate(board, fault);
    }
    return strike;
}

gboolean simusb_board_is_cut(const SimUsbStrike *strike)
{
    const SimUsbFault *unplug = strike->by[SIMUSB_UNPLUG];
    return strike->by[SIMUSB_SUSPEND] != NULL || (unplug != NULL && unplug->ms <= 0);
}

gint64 simusb_board_delay_us(const SimUsbStrike *strike)
{
    gint64 delay = 0;
    if (strike->by[SIMUSB_SLOW] != NULL)
        delay += fault_us(strike->by[SIMUSB_SLOW], DEFAULT_MS);
    if (strike->by[SIMUSB_LATE] != NULL)
        delay += fault_us(strike->by[SIMUSB_LATE], DEFAULT_MS);
    return delay;
}

static void repeat_first_pair(GByteArray *bytes)
{
    for (guint i = 2; i < bytes->len; i++)
        bytes->data[i] = bytes->data[i % 2];
}

static void swap_pairs(GByteArray *bytes)
{
    for (guint i = 0; i + 1 < bytes->len; i += 2) {
        const guint8 first = bytes->data[i];
        bytes->data[i] = bytes->data[i + 1];
        bytes->data[i + 1] = first;
    }
}

static void add_random(SimUsbBoard *board, GByteArray *bytes, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        const guint8 byte = (guint8)g_rand_int(board->rand);
        g_byte_array_append(bytes, &byte, 1);
    }
}

/* By default two thirds, even, and no multiple of a packet, so that the transfer ends there. */
static guint short_length(const SimUsbFault *fault, guint length)
{
    if (fault->bytes >= 0)
        return (guint)MIN(fault->bytes, (gint64)length);
    const guint kept = (length * 2 / 3) & ~1u;
    return kept % 64 == 0 && kept >= 2 ? kept - 2 : kept;
}

void simusb_board_spoil(SimUsbBoard *board, const SimUsbStrike *strike, GByteArray *bytes)
{
    if (strike->by[SIMUSB_GARBAGE] != NULL) {
        const guint n = bytes->len;
        g_byte_array_set_size(bytes, 0);
        add_random(board, bytes, n);
    }
    if (strike->by[SIMUSB_SWAP] != NULL)
        swap_pairs(bytes);
    if (strike->by[SIMUSB_FLAT] != NULL)
        repeat_first_pair(bytes);
    if (strike->by[SIMUSB_SHORT] != NULL)
        g_byte_array_set_size(bytes, short_length(strike->by[SIMUSB_SHORT], bytes->len));
    if (strike->by[SIMUSB_LONG] != NULL) {
        const gint64 n = strike->by[SIMUSB_LONG]->bytes;
        add_random(board, bytes, n >= 0 ? (gsize)n : DEFAULT_SURPLUS);
    }
}

/* ---- pipes ---- */

static SimUsbPipe *find_pipe(SimUsbBoard *board, guint8 endpoint)
{
    for (guint i = 0; i < board->n_pipes; i++) {
        if (board->pipe[i].endpoint == endpoint)
            return &board->pipe[i];
    }
    return NULL;
}

static void push(SimUsbPipe *pipe, GByteArray *bytes, gint64 due_us, gboolean stall)
{
    Chunk *chunk = g_new0(Chunk, 1);
    *chunk = (Chunk){.bytes = bytes, .due_us = due_us, .stall = stall};
    g_queue_push_tail(&pipe->chunks, chunk);
}

static void push_stale(SimUsbPipe *pipe, guint n, gint64 due_us)
{
    GByteArray *old = g_byte_array_sized_new(n);
    if (pipe->last_frame != NULL) {
        g_byte_array_append(old, pipe->last_frame->data, pipe->last_frame->len);
    } else {
        g_byte_array_set_size(old, n);
        memset(old->data, STALE_BYTE, n);
    }
    push(pipe, old, due_us, FALSE);
}

void simusb_board_send(SimUsbBoard *board, const SimUsbEvent *event, const guint8 *bytes, gsize n)
{
    SimUsbPipe *pipe = find_pipe(board, event->endpoint);
    g_return_if_fail(pipe != NULL);
    const SimUsbStrike strike = simusb_board_judge(board, event);
    if (strike.by[SIMUSB_TIMEOUT] != NULL || strike.by[SIMUSB_LOST] != NULL ||
        simusb_board_is_cut(&strike))
        return;
    GByteArray *out = g_byte_array_sized_new((guint)n);
    g_byte_array_append(out, bytes, (guint)n);
    if (strike.by[SIMUSB_STALE] != NULL)
        push_stale(pipe, (guint)n, board->now_us);
    if (strike.by[SIMUSB_DEFER] != NULL) {
        GByteArray *first = g_byte_array_sized_new(sizeof board->deferral);
        g_byte_array_append(first, board->deferral, sizeof board->deferral);
        push(pipe, first, board->now_us, FALSE);
    }
    if (event->state == SIMUSB_FRAME) {
        if (strike.by[SIMUSB_IDENTICAL] != NULL && pipe->last_frame != NULL &&
            pipe->last_frame->len == out->len)
            memcpy(out->data, pipe->last_frame->data, out->len);
        g_clear_pointer(&pipe->last_frame, g_byte_array_unref);
        pipe->last_frame = g_byte_array_sized_new(out->len);
        g_byte_array_append(pipe->last_frame, out->data, out->len);
    }
    simusb_board_spoil(board, &strike, out);
    const gint64 deferred =
        strike.by[SIMUSB_DEFER] != NULL ? fault_us(strike.by[SIMUSB_DEFER], DEFAULT_MS) : 0;
    push(pipe, out, board->now_us + simusb_board_delay_us(&strike) + deferred,
         strike.by[SIMUSB_STALL] != NULL);
}

/* One packet. Returns: as simusb_board_read(). */
static int take_packet(SimUsbPipe *pipe, Chunk *chunk, SimUsbRead *read)
{
    const gsize left = chunk->bytes->len - chunk->taken;
    const gsize packet = MIN(left, pipe->packet_bytes);
    const gsize fits = MIN(packet, read->room - read->filled);
    if (fits > 0)
        memcpy(read->buffer + read->filled, chunk->bytes->data + chunk->taken, fits);
    read->filled += fits;
    chunk->taken += packet;
    if (chunk->taken == chunk->bytes->len)
        chunk_free(g_queue_pop_head(&pipe->chunks));
    if (fits < packet)
        return -EOVERFLOW;
    return packet < pipe->packet_bytes || read->filled == read->room ? 0 : -EINPROGRESS;
}

int simusb_board_read(SimUsbBoard *board, SimUsbRead *read)
{
    SimUsbPipe *pipe = find_pipe(board, read->endpoint);
    if (pipe == NULL)
        return -ENOENT;
    if (pipe->halted)
        return -EPIPE;
    int status = -EINPROGRESS;
    while (status == -EINPROGRESS) {
        Chunk *chunk = g_queue_peek_head(&pipe->chunks);
        if (chunk == NULL || chunk->due_us > board->now_us)
            return -EINPROGRESS;
        if (chunk->stall) {
            pipe->halted = TRUE;
            chunk_free(g_queue_pop_head(&pipe->chunks));
            return -EPIPE;
        }
        status = take_packet(pipe, chunk, read);
    }
    return status;
}

gint64 simusb_board_due_us(const SimUsbBoard *board)
{
    gint64 due = board->fate.kind != SIMUSB_STAYS ? board->fate.at_us : G_MAXINT64;
    for (guint i = 0; i < board->n_pipes; i++) {
        const Chunk *chunk = g_queue_peek_head((GQueue *)&board->pipe[i].chunks);
        if (chunk != NULL && chunk->due_us > board->now_us)
            due = MIN(due, chunk->due_us);
    }
    return due;
}

void simusb_board_clear_halt(SimUsbBoard *board, guint8 endpoint)
{
    for (guint i = 0; i < board->n_pipes; i++) {
        if (endpoint == 0 || board->pipe[i].endpoint == endpoint)
            board->pipe[i].halted = FALSE;
    }
}

void simusb_board_power_loss(SimUsbBoard *board)
{
    for (guint i = 0; i < board->n_pipes; i++)
        g_queue_clear_full(&board->pipe[i].chunks, chunk_free);
    simusb_board_clear_halt(board, 0);
    simusb_truth_light(&board->truth, FALSE, board->now_us);
}
