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

gint64 cel_clock_mono_us(CelClock clock)
{
    struct timespec now;
    if (clock.fixed_wall_us != 0 || clock_gettime(CLOCK_BOOTTIME, &now) != 0)
        return 0;
    return (gint64)now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
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
