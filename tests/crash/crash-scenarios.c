/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crash-scenarios.h"

#include <string.h>
#include <unistd.h>

const CrashScenario *const *crash_scenarios(void)
{
    static const CrashScenario *const all[] = {&crash_ledger, &crash_seal, &crash_export,
                                               &crash_careless, NULL};
    return all;
}

void crash_ack(int ack, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *line = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    if (write(ack, line, strlen(line)) < 0)
        g_error("nobody can be told");
}

char *crash_problem(const char *kind, const char *what)
{
    return g_strdup_printf("%s: %s", kind, what);
}

gboolean crash_ack_is(const char *ack, const char *word, const char **out_rest)
{
    const gsize n = strlen(word);
    if (strncmp(ack, word, n) != 0 || ack[n] != ' ')
        return FALSE;
    *out_rest = ack + n + 1;
    return TRUE;
}
