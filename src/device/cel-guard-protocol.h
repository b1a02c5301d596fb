/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/cel-driver.h"

G_BEGIN_DECLS

/*
 * What the application and its laser guard say to each other: lines of ASCII over one socket, which
 * is the guard's standard input and output. Both ends read with the same bounded reader.
 *
 *   application                               guard
 *   unit 24aa 1000 1 5
 *   gate control 40 be 0000 0000 0            (or: gate bulk 01 0300...)
 *   read c0 e2 0000 0000                      (only where the laser can be read back)
 *   watch                                     ready | failed REASON
 *   beat 7 123456789                          ok 7
 *   ...                                       lost CAUSE
 *   help                                      lost CAUSE
 *   end
 *
 * "help": the application did not get the laser off, or lost the unit. A beat carries its number
 * and the deadline of the light in microseconds of CLOCK_MONOTONIC, which both processes share; 0:
 * no light is permitted.
 */

enum {
    CEL_GUARD_MAX_LINE = 256,   /* bytes, without the line feed */
    CEL_GUARD_BEAT_MS = 100,    /* between two beats */
    CEL_GUARD_SILENCE_MS = 500, /* a parent that is silent for longer while light burns hangs */
};

/** CelGuardOrder: which unit is guarded, and how its laser is turned off. */
typedef struct {
    CelUsbPresent usb;
    CelLaserGate gate;
} CelGuardOrder;

/** CelGuardWord: what a line says. */
typedef enum {
    CEL_GUARD_UNIT,
    CEL_GUARD_GATE,
    CEL_GUARD_READ,
    CEL_GUARD_WATCH,
    CEL_GUARD_BEAT,
    CEL_GUARD_HELP,
    CEL_GUARD_END,
    CEL_GUARD_READY,
    CEL_GUARD_OK,
    CEL_GUARD_FAILED,
    CEL_GUARD_LOST,
} CelGuardWord;

/** CelGuardLine: a line that was read. */
typedef struct {
    CelGuardWord word;
    guint64 number;     /* of _BEAT and _OK */
    gint64 deadline_us; /* of _BEAT */
    char text[96];      /* of _FAILED and _LOST: printable ASCII */
} CelGuardLine;

/** cel_guard_print_order: Returns: (transfer full): the lines from "unit" to "watch". */
char *cel_guard_print_order(const CelGuardOrder *order);

/**
 * cel_guard_parse:
 * @line: @n bytes without the line feed; hostile
 * @order: (nullable): filled by _UNIT, _GATE and _READ; a line that is refused changes nothing
 * Returns: FALSE when it is no line of this protocol. Pure.
 */
gboolean cel_guard_parse(const char *line, gsize n, CelGuardOrder *order, CelGuardLine *out_line);

/** CelGuardReader: what has arrived of the next lines. Zeroed: nothing. */
typedef struct {
    char bytes[CEL_GUARD_MAX_LINE + 1];
    gsize n;
} CelGuardReader;

/** cel_guard_next_line: the next whole line of what arrived; it is taken. @out_line: at least
 * CEL_GUARD_MAX_LINE + 1. Returns: its length, -1 when there is none yet. */
gssize cel_guard_next_line(CelGuardReader *reader, char *out_line);

/** cel_guard_receive: reads what is there at @fd, without waiting. Returns: 1: something came, 0:
 * nothing now, -1: the other end is gone or sends what is no line. */
int cel_guard_receive(CelGuardReader *reader, int fd);

/** cel_guard_send: @text whole, without waiting and without a signal. Returns: FALSE when the other
 * end is gone or does not read. */
gboolean cel_guard_send(int fd, const char *text);

G_END_DECLS
