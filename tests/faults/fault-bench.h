/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/cel-acquire.h"
#include "simusb-bus.h"

G_BEGIN_DECLS

/* One simulated unit under the real libusb, driver, engine and guard, and what became of it. */

/** FaultUnit: one family of instruments in the matrix. */
typedef struct {
    const char *name;     /* in the table */
    const char *spec;     /* of the simulated unit */
    const char *driver;   /* that must take it */
    const char *settings; /* for opening; "" for none */
    const char *eeprom;   /* ways in which its memory can be damaged, "|" between */
    double integration_ms;
} FaultUnit;

/** FaultBench: one unit on the bus; @device is NULL while it is closed. */
typedef struct {
    const FaultUnit *what;
    SimUsbBus *sim;
    CelDriverTable table;
    guint unit;
    CelDevice *device;
    double *reference; /* mean light less mean dark of an undisturbed measurement */
    gsize n_pixels;
} FaultBench;

/** FaultOutcome: what an operation gave. */
typedef struct {
    gboolean ok;
    gboolean flagged;  /* measured, and the record says that something was odd */
    gint64 took_us;    /* of the call */
    gint64 cancel_us;  /* from the cancel to the end of the call; 0: not cancelled */
    char *message;     /* (nullable) of the failure */
    GError *error;     /* (nullable) */
    double likeness;   /* of the measurement to the reference, -1..1 */
    double brightness; /* against the reference; 1: as bright */
} FaultOutcome;

/** fault_outcome_clear: frees what it holds. */
void fault_outcome_clear(FaultOutcome *outcome);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FaultOutcome, fault_outcome_clear)

/** fault_bench_plug: adds a new unit of @bench->what. */
void fault_bench_plug(FaultBench *bench);

/** fault_bench_open: opens the unit. Returns: FALSE when that failed. */
gboolean fault_bench_open(FaultBench *bench, FaultOutcome *out);

/** fault_bench_close: closes it, if it is open. */
void fault_bench_close(FaultBench *bench);

/** FaultShot: how to measure. */
typedef struct {
    double integration_ms;
    gboolean cancel;          /* as soon as the armed fault has struck */
    gboolean cancel_in_light; /* as soon as there is light and a frame is awaited */
} FaultShot;

/** fault_bench_measure: dark and light frames. */
void fault_bench_measure(FaultBench *bench, const FaultShot *shot, FaultOutcome *out);

/** fault_bench_refer: remembers an undisturbed measurement as the right one. */
void fault_bench_refer(FaultBench *bench);

/** fault_bench_is_right: Returns: whether the measurement of @outcome is that of the sample. */
gboolean fault_bench_is_right(const FaultOutcome *outcome);

/** fault_bench_value: a counter of the simulated hardware. */
double fault_bench_value(const FaultBench *bench, const char *name);

/** fault_bench_command: a line of the simulator's channel with %u for the unit; aborts when it is
 * refused. */
void fault_bench_command(const FaultBench *bench, const char *format);

/** fault_bench_n_fds: Returns: how many descriptors this process has open. */
guint fault_bench_n_fds(void);

G_END_DECLS
