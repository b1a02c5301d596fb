/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-clock.h"

#include <time.h>

CelClock cel_clock_system(void)
{
    return (CelClock){0};
}

CelClock cel_clock_fixed(gint64 wall_us)
{
    return (CelClock){.fixed_wall_us = wall_us};
}

gint64 cel_clock_wall_us(CelClock clock)
{
    return clock.fixed_wall_us != 0 ? clock.fixed_wall_us : g_get_real_time();
}

static gint64 read_us(clockid_t id)
{
    struct timespec now = {0};
    return clock_gettime(id, &now) == 0 ? (gint64)now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000
                                        : 0;
}

gint64 cel_clock_mono_us(CelClock clock)
{
    return clock.fixed_wall_us != 0 ? 0 : read_us(CLOCK_BOOTTIME);
}

/* Of the two clocks one goes on in sleep. Both are read at one moment as good as that can be done:
 * a thread that was interrupted in between reads again. */
gint64 cel_clock_slept_us(CelClock clock)
{
    enum { TRIES = 8, SAME_MOMENT_US = 1000 };
    gint64 slept_us = 0, least_us = G_MAXINT64;
    if (clock.made_up_sleep_ms != NULL)
        return (gint64)g_atomic_int_get(clock.made_up_sleep_ms) * 1000;
    if (clock.fixed_wall_us != 0)
        return 0;
    for (guint i = 0; i < TRIES && least_us > SAME_MOMENT_US; i++) {
        const gint64 before_us = read_us(CLOCK_MONOTONIC), boot_us = read_us(CLOCK_BOOTTIME);
        const gint64 between_us = read_us(CLOCK_MONOTONIC) - before_us;
        if (between_us < least_us)
            slept_us = boot_us - before_us;
        least_us = MIN(least_us, between_us);
    }
    return slept_us;
}

gboolean cel_clock_has_slept(CelClock clock, gint64 before_us)
{
    enum { LEAST_SLEEP_US = 100000 }; /* less than any sleep, more than the reading is unsure */
    return cel_clock_slept_us(clock) - before_us >= LEAST_SLEEP_US;
}

char *cel_clock_boot_id(CelClock clock)
{
    char *text = NULL;
    if (clock.fixed_wall_us != 0)
        return g_strdup("fixed");
    if (!g_file_get_contents("/proc/sys/kernel/random/boot_id", &text, NULL, NULL))
        return g_strdup("unknown");
    return g_strstrip(text);
}

char *cel_clock_zone(CelClock clock)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    return clock.fixed_wall_us != 0 || now == NULL ? g_strdup("+00:00")
                                                   : g_date_time_format(now, "%:z");
}

char *cel_clock_iso8601(gint64 wall_us)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(wall_us / G_USEC_PER_SEC);
    return g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ");
}
