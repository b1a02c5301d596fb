/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** CelClock: where time comes from. Passed by value, so that a test can hand in a fixed time. */
typedef struct {
    gint64
        fixed_wall_us; /* 0: the system's clocks; else this UTC time since 1970, standing still */
    const gint *made_up_sleep_ms; /* (nullable): a test's word for how long the machine slept; read
                                     atomically */
} CelClock;

/** cel_clock_system: Returns: the system's clocks. */
CelClock cel_clock_system(void);

/** cel_clock_fixed: @wall_us: microseconds since 1970 UTC, > 0. Returns: a clock that stands
 * still. */
CelClock cel_clock_fixed(gint64 wall_us);

/** cel_clock_wall_us: Returns: UTC in microseconds since 1970. Thread-safe: yes. */
gint64 cel_clock_wall_us(CelClock clock);

/** cel_clock_mono_us: Returns: microseconds since boot, not stopped by suspend where the system
 * can;
 * 0 with a fixed clock. Thread-safe: yes. */
gint64 cel_clock_mono_us(CelClock clock);

/** cel_clock_slept_us: Returns: how long the machine has slept since it was started (suspended, or
 * on disk), for comparing with a later reading; 0 where the system does not tell, and with a fixed
 * clock. Needs no bus and no rights. Thread-safe: yes. */
gint64 cel_clock_slept_us(CelClock clock);

/** cel_clock_has_slept: Returns: whether the machine slept since cel_clock_slept_us() gave
 * @before_us. Thread-safe: yes. */
gboolean cel_clock_has_slept(CelClock clock, gint64 before_us);

/** cel_clock_iso8601: @wall_us: UTC since 1970. Returns: (transfer full): "2026-11-23T15:31:01Z".
 * */
char *cel_clock_iso8601(gint64 wall_us);

/** cel_clock_boot_id: Returns: (transfer full): the kernel's name of this start of the machine,
 * within which cel_clock_mono_us() counts; "fixed" or "unknown". */
char *cel_clock_boot_id(CelClock clock);

/** cel_clock_zone: Returns: (transfer full): the local zone now, as "+08:00"; "+00:00" with a fixed
 * clock. */
char *cel_clock_zone(CelClock clock);

G_END_DECLS
